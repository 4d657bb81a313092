"""Exact numbers against Python's own `decimal` at 90 digits and against identities of algebra."""

from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnncalc.arithmetic.base import OutOfRange, TooCostly, Undecided
from cnncalc.arithmetic.closed.closed_form import ClosedForm
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.expression import Call, Constant, Operation

quick = settings(max_examples=40, deadline=None, derandomize=True)
fractions = st.fractions(min_value=-20, max_value=20, max_denominator=12)


def elements(numbers: Exact, *values: Any) -> Any:
    return numbers.array(np.asarray([*values, None], dtype=object)[:-1])


def softmax(numbers: Exact, logits: Any) -> Any:
    powers = numbers.exp(elements(numbers, *logits))
    return powers / numbers.sum(powers, -1)


def reference_softmax(logits: list[Fraction]) -> list[Decimal]:
    """In decimal, with no help from cnncalc."""
    with localcontext() as context:
        context.prec = 90
        powers = [(Decimal(x.numerator) / Decimal(x.denominator)).exp() for x in logits]
        return [power / sum(powers) for power in powers]


@quick
@given(st.lists(fractions, min_size=2, max_size=6))
def test_softmax_gives_the_nearest_doubles_and_proven_digits(logits: list[Fraction]) -> None:
    numbers = Exact()
    p = softmax(numbers, logits)
    expected = reference_softmax(logits)
    assert numbers.to_float(p).tolist() == [float(value) for value in expected]
    with localcontext() as context:
        context.prec = 40
        assert [numbers.decimal(element, 40) for element in p] == [+value for value in expected]


def test_equal_logits_give_the_rational_share() -> None:
    numbers = Exact()
    assert [numbers.rational(element) for element in softmax(numbers, [Fraction("39.6")] * 5)] == [Fraction(1, 5)] * 5


@quick
@given(st.lists(fractions, min_size=2, max_size=6))
def test_probabilities_sum_to_one_and_equal_ones_are_equal(logits: list[Fraction]) -> None:
    numbers = Exact()
    p = softmax(numbers, logits)
    assert numbers.rational(numbers.sum(p, -1).item()) == 1
    for i, x in enumerate(logits):
        for j, y in enumerate(logits):
            assert bool(numbers.is_equal(p[i : i + 1], p[j : j + 1])[0]) == (x == y)


def test_the_same_share_of_two_samples_is_one_number() -> None:
    numbers = Exact()
    first, second = softmax(numbers, [1, 2, 3]), softmax(numbers, [12, 11, 10])
    assert numbers.rational(first[0] - second[2]) == 0


def test_a_coincidence_of_two_softmaxes_is_proven_zero() -> None:
    """1/(2+2e) = (1+e)/2(1+e)²: no term cancels, only multiplying out shows it."""
    numbers = Exact()
    first, second = softmax(numbers, [0, 0, 1, 1]), softmax(numbers, [0, 1, 1, 2])
    difference = first[0] - (second[0] + second[1]) / 2
    assert isinstance(difference, ClosedForm)
    assert numbers.rational(difference) == 0
    assert numbers.to_float(np.asarray([difference])).tolist() == [0.0]


def test_softmax_behind_cross_entropy_is_p_minus_t() -> None:
    numbers = Exact()
    p, target = softmax(numbers, [1, 2, 4]), elements(numbers, 0, 1, 0)
    g = -target / p
    dz = p * (g - numbers.sum(g * p, -1))
    labels = {f"p[{i + 1}]": p[i] for i in range(3)}
    assert list(numbers.closed_forms(numbers.simplified(dz), [labels])) == ["p[1]", "p[2] - 1", "p[3]"]
    assert list(numbers.closed_forms(g, [labels])) == ["0", "-1/p[2]", "0"]
    assert list(numbers.closed_forms(p))[:1] == ["exp(-3)/(exp(-3) + exp(-2) + 1)"]


@quick
@given(st.fractions(min_value=Fraction(1, 50), max_value=500, max_denominator=50))
def test_logarithms_and_roots(x: Fraction) -> None:
    numbers = Exact()
    with localcontext() as context:
        context.prec = 60
        value = Decimal(x.numerator) / Decimal(x.denominator)
        logarithm, root = value.ln(), value.sqrt()
        context.prec = 30
        assert numbers.decimal(numbers.log(elements(numbers, x))[0], 30) == +logarithm
        assert numbers.decimal(numbers.sqrt(elements(numbers, x))[0], 30) == +root
    square = numbers.sqrt(elements(numbers, x)) ** 2
    assert numbers.rational(square[0]) == x


def test_roots_of_rationals_meet() -> None:
    numbers = Exact()
    two, three, six, eight = numbers.sqrt(elements(numbers, 2, 3, 6, 8))
    assert numbers.rational(two * three - six) == 0
    assert numbers.rational(eight - 2 * two) == 0
    assert numbers.rational(numbers.sqrt(elements(numbers, Fraction(9, 16)))[0]) == Fraction(3, 4)


def test_roots_of_huge_numbers_meet() -> None:
    """Too large to be factored: two primes of 60 digits, and a square between the radicands."""
    numbers = Exact()
    large = (10**59 + 19) * (10**60 + 7)
    first, second = numbers.sqrt(elements(numbers, large, large * 1009**2))
    assert numbers.rational(second - 1009 * first) == 0


@quick
@given(fractions)
def test_sigmoid_and_tanh_obey_their_identities(x: Fraction) -> None:
    numbers = Exact()
    up, down = numbers.sigmoid(elements(numbers, x, -x))
    assert numbers.rational(up + down) == 1
    tanh, twice = numbers.apply("tanh", elements(numbers, x))[0], numbers.sigmoid(elements(numbers, 2 * x))[0]
    assert numbers.rational(tanh - (2 * twice - 1)) == 0
    assert numbers.to_float(np.asarray([tanh]))[0] == pytest.approx(np.tanh(float(x)), rel=1e-14)


def test_sigmoid_of_sigmoids() -> None:
    """Exponents that are closed forms themselves."""
    numbers = Exact()
    inner = numbers.sigmoid(elements(numbers, 1, -2))
    outer = numbers.sigmoid(np.asarray([3 * inner[0] - inner[1]]))
    with localcontext() as context:
        context.prec = 60
        a, b = 1 / (1 + Decimal(-1).exp()), 1 / (1 + Decimal(2).exp())
        expected = 1 / (1 + (b - 3 * a).exp())
        context.prec = 40
        assert numbers.decimal(outer[0], 40) == +expected


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Call("log", Fraction(1, 5)), "-log(5)"),
        (Call("log", 5), "log(5)"),
        (Operation("*", Decimal("0.5"), Call("log", 6)), "1/2*log(6)"),
        (Call("log", Decimal("0.3")), "-log(10/3)"),
        (Call("exp", Call("log", 7)), "7"),
        (Call("exp", 0), "1"),
        (Operation("**", Constant("e"), 2), "exp(2)"),
        (Operation("/", Constant("e"), Operation("+", 1, Constant("e"))), "1/(exp(-1) + 1)"),
        (Operation("**", 2, Fraction(1, 2)), "sqrt(2)"),
        (Call("sqrt", 12), "2*sqrt(3)"),
        (Operation("*", 2, Constant("pi")), "2*pi"),
        (Call("log", Call("sqrt", 2)), "1/2*log(2)"),
    ],
)
def test_closed_forms_of_typed_expressions(expression: Any, text: str) -> None:
    numbers = Exact()
    assert numbers.closed_forms(elements(numbers, expression)).tolist() == [text]


def test_a_form_that_is_too_long_has_no_text_at_all() -> None:
    """Long inside an exponent, short outside."""
    numbers = Exact()
    inner = numbers.sum(numbers.sigmoid(elements(numbers, *range(1, 40))), -1)
    outer = numbers.sigmoid(inner.reshape(1))
    assert numbers.closed_forms(outer).tolist() == [None]
    assert numbers.closed_forms(elements(numbers, 1)).tolist() == ["1"]


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (Fraction(2, 3), 5, "0.66667"),
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(999_999), 3, "1.00E+6"),
        (Fraction(0), 3, "0"),
        (Fraction(1, 10**30), 2, "1.0E-30"),
        (Fraction(10**40 + 1, 3), 4, "3.333E+39"),
        (Fraction(12345, 10**5), 4, "0.1235"),
    ],
)
def test_rounding_is_half_away_from_zero(value: Fraction, digits: int, text: str) -> None:
    numbers = Exact()
    rounded = numbers.decimal(elements(numbers, value)[0], digits)
    assert rounded == Decimal(text)
    assert str(rounded.normalize()) == str(Decimal(text).normalize())


@pytest.mark.parametrize("distance", [1000, 1_000_000, 1_000_000_000])
def test_logits_far_apart(distance: int) -> None:
    """The small shares are mpmath's e^-distance."""
    numbers = Exact()
    p = softmax(numbers, [distance, 0])
    small = {1000: "5.07595889755E-435", 1_000_000: "3.29683147809E-434295", 1_000_000_000: "1.24953427192E-434294482"}
    assert numbers.to_float(p).tolist() == [1.0, 0.0]
    assert numbers.decimal(p[1], 12) == Decimal(small[distance])
    assert numbers.decimal(p[0] - 1, 12) == Decimal(small[distance]).copy_negate()
    loss = numbers.log(p)
    assert numbers.to_float(loss).tolist() == [-0.0, -float(distance)]
    assert numbers.is_greater(0 - loss, 0).all()
    assert numbers.decimal(numbers.number(Fraction(-1, 3)), 40) == Decimal("-0." + 40 * "3")


@pytest.mark.parametrize(
    ("value", "double"),
    [(Fraction(1, 3), 1 / 3), (Fraction(10**400), None), (Fraction(1, 10**400), 0.0), (Fraction(-5, 10**324), -5e-324)],
)
def test_doubles_at_the_ends_of_their_range(value: Fraction, double: float | None) -> None:
    numbers = Exact()
    found = numbers.to_float(elements(numbers, value))[0]
    assert np.isnan(found) if double is None else found == double


def test_a_tiny_difference_is_not_zero() -> None:
    """e^-300 beside 1: 80 bits cannot tell, 720 can."""
    numbers = Exact()
    difference = 1 + numbers.exp(elements(numbers, -300))[0] - 1
    assert numbers.is_greater(np.asarray([difference]), 0)[0]
    p = softmax(numbers, [0, 300])
    assert numbers.to_float(p - 1).tolist() == [-1.0, -float(Decimal(-300).exp() / (1 + Decimal(-300).exp()))]


def test_numbers_beyond_counting_are_undecided() -> None:
    """e^(e^1000): FLINT would end the process if it were asked for such a rational."""
    numbers = Exact()
    tower = numbers.exp(numbers.exp(elements(numbers, 1000, -1000)))
    assert np.isnan(numbers.to_float(tower)[0])
    assert numbers.to_float(tower)[1] == 1.0
    with pytest.raises(Undecided, match="too far from 1 for a decimal"):
        numbers.decimal(tower[0], 6)


def test_what_does_not_exist_is_out_of_range() -> None:
    numbers = Exact()
    with pytest.raises(OutOfRange, match=r"log\(0\) does not exist"):
        numbers.log(elements(numbers, 0))
    with pytest.raises(OutOfRange, match=r"sqrt\(-1\) does not exist"):
        numbers.sqrt(elements(numbers, -1))
    with pytest.raises(OutOfRange, match="division by 0"):
        numbers.number(Operation("/", 1, Operation("-", Call("log", 2), Call("log", 2))))


def test_what_cannot_be_told_is_undecided() -> None:
    """√(2+2√2·√…) coincidences that algebra does not see: the answer is no guess."""
    numbers = Exact()
    nested = numbers.sqrt(np.asarray([3 + 2 * numbers.sqrt(elements(numbers, 2))[0]]))[0]
    difference = nested - numbers.sqrt(elements(numbers, 2))[0] - 1
    with pytest.raises(Undecided, match="not decided with 20000 bits whether a number is 0"):
        numbers.is_greater(np.asarray([difference]), 0)


def test_the_budget_ends_the_work() -> None:
    numbers = Exact()
    matrix = numbers.zeros((1, 20, 20))
    with numbers.allowance(1000), pytest.raises(TooCostly, match="outgrown its budget"):
        numbers.matmul(matrix, matrix)
    numbers.matmul(matrix, matrix)


@quick
@given(st.integers(0, 10**6))
def test_matrix_products_of_closed_forms(seed: int) -> None:
    """By monomial and element by element give the same."""
    numbers = Exact()
    generator = np.random.default_rng(seed)
    p = softmax(numbers, [0, 1, 3])
    pool = [*elements(numbers, 0, 1, Fraction(-2, 3)), *p, p[0] * p[1]]
    a, b = (np.empty((1, 3, 3), dtype=object) for _ in range(2))
    for matrix in (a, b):
        for index in np.ndindex(matrix.shape):
            matrix[index] = pool[generator.integers(len(pool))]
    assert numbers.is_equal(numbers.matmul(a, b), (a[0] @ b[0])[None]).all()


def test_what_is_typed_first_is_written_first() -> None:
    """And not what Python's hashes, which differ from one run to the next, would put first."""
    numbers = Exact()
    radicands = [7, 2, 13, 3, 11, 5, 17, 19]
    total = numbers.sum(numbers.array(np.array([Call("sqrt", n) for n in radicands], dtype=object)), axis=0)
    forms = numbers.closed_forms(np.full(1, total, dtype=object))
    assert forms is not None
    assert forms[0] == " + ".join(f"sqrt({n})" for n in radicands)
