"""The cell rule of the contract (format.md, section 4), case by case."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from random import Random

import pytest

import cnncalc
from cnncalc.checking.checker import check
from cnncalc.checking.given import AnswerCells, computed
from cnncalc.checking.rule import CellVerdict, Rule, read_rule
from cnncalc.problem.text.faults import Place

PROBLEM = """
input: {value: [1/3, 2/3, 0.25, 0, 12345.678, -0.0625, 0.5, 1e-7]}
layers: []
upstream: {value: 1}
"""
LOGARITHM = """
input: {name: p, value: [0.2, 0.3, 0.5]}
layers: []
loss: {cross_entropy: {name: L, class: 1}}
index_base: 1
"""


def verdict(typed: str, at: int, rule: Rule | None = None) -> str:
    """What `typed` is as the answer for one element."""
    report = check(cnncalc.loads("index_base: 0\n" + PROBLEM), {f"input[{at}]": typed}, rule)
    (tensor,) = report.tensors
    return tensor.wrong[0].verdict.value if tensor.wrong else {"correct": "right"}.get(tensor.verdict, tensor.verdict)


@pytest.mark.parametrize(
    ("at", "typed", "expected"),
    [
        (0, "1/3", "right"),
        (0, "2/6", "right"),
        (0, "0.333", "right"),
        (0, "0.3333333", "right"),
        (0, "0.33", "too-few-digits"),
        (0, "0.3", "too-few-digits"),
        (0, "0.334", "last-digit"),
        (0, "0.335", "wrong"),
        (0, "0.33334", "last-digit"),
        (0, "1/4", "wrong"),
        (1, "0.667", "right"),
        (1, "0.666", "truncated"),
        (1, "0.66", "truncated"),
        (1, "0.668", "last-digit"),
        (1, "1", "too-few-digits"),
        (2, "0.25", "right"),
        (2, "0.250", "right"),
        (2, "0.3", "too-few-digits"),  # a tie may be rounded either way
        (2, "0.2", "too-few-digits"),
        (2, "1/4", "right"),
        (3, "0", "right"),
        (3, "0.00", "right"),
        (3, "0.001", "wrong"),
        (3, "5.27e-18", "wrong"),
        (4, "12345.678", "right"),
        (4, "12345.7", "right"),
        (4, "12346.0", "wrong"),
        (4, "1.23e4", "right"),
        (4, "1.2e4", "too-few-digits"),
        (5, "-0.0625", "right"),
        (5, "-0.062", "too-few-digits"),
        (5, "-0.063", "too-few-digits"),
        (5, "0.0625", "wrong"),
        (6, "0.5", "right"),
        (6, "0.50", "right"),
        (7, "1e-7", "right"),
        (7, "0.0000001", "right"),
        (7, "0", "wrong"),
        (0, "?", "missing"),
        (0, "abc", "unreadable"),
        (0, "0.33333333333333337", "right"),  # as a program prints a double
    ],
)
def test_cell(at: int, typed: str, expected: str) -> None:
    assert verdict(typed, at) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ln 5", "right"),
        ("-log(0.2)", "right"),
        ("log(5)", "right"),
        ("log(10)-log(2)", "right"),
        ("2*log(sqrt(5))", "right"),
        ("1.61", "right"),
        ("1.609", "right"),
        ("1.6094379124341003", "right"),
        ("1.60", "truncated"),
        ("1.6", "too-few-digits"),
        ("1.610", "last-digit"),
        ("log(5.0000000000000000000000000001)", "wrong"),
        ("161/100", "wrong"),
        ("2", "too-few-digits"),
    ],
)
def test_closed_form(typed: str, expected: str) -> None:
    (tensor,) = check(cnncalc.loads(LOGARITHM), {"L": typed}).tensors
    assert (tensor.wrong[0].verdict.value if tensor.wrong else "right") == expected


@pytest.mark.parametrize(
    ("significant", "typed", "expected"),
    [
        (2, "0.33", "right"),
        (2, "0.3", "too-few-digits"),
        (5, "0.333", "too-few-digits"),
        (5, "0.33333", "right"),
        (1, "0.3", "right"),
    ],
)
def test_significant_digits(significant: int, typed: str, expected: str) -> None:
    assert verdict(typed, 0, Rule(significant)) == expected


@pytest.mark.parametrize(
    ("tolerance", "at", "typed", "expected"),
    [
        ("0.01", 0, "0.34", "right"),
        ("0.01", 0, "0.35", "wrong"),
        ("1%", 4, "12400", "right"),
        ("1%", 4, "12500", "wrong"),
        ("1 %", 3, "0.001", "wrong"),
        ("1e-3", 3, "0.001", "right"),
        (None, 0, "0.34", "wrong"),
    ],
)
def test_tolerance(tolerance: str | None, at: int, typed: str, expected: str) -> None:
    found = verdict(typed, at, read_rule(3, tolerance))
    assert found == expected or (expected == "wrong" and found != "right")


@pytest.mark.parametrize("tolerance", ["", "a", "-1", "1%%", "nan", "inf", "1e999"])
def test_bad_tolerance(tolerance: str) -> None:
    with pytest.raises(ValueError, match=r"write 0\.01"):
        read_rule(3, tolerance)


def test_a_double_from_a_program_is_right_up_to_its_noise() -> None:
    problem = cnncalc.loads(LOGARITHM)
    assert check(problem, {"p": [0.2, 0.3, 0.5000000000000001], "L": 1.6094379124341003}).is_correct
    assert check(problem, {"L": 1.609}).is_correct
    assert not check(problem, {"L": 1.61e0 - 0.01}).is_correct
    assert not check(problem, {"L": 1.6095}).is_correct


def test_the_rule_in_force_is_said() -> None:
    assert "3 significant digits" in Rule().phrase.en
    assert "1%" in read_rule(3, "1%").phrase.en
    assert "1%" in read_rule(3, "1%").phrase.zh
    assert "0.01" not in Rule().phrase.en


@pytest.mark.parametrize(
    "rule", [Rule(), Rule(4, Fraction(1, 100)), Rule(2, Fraction(1, 20), is_relative=True)], ids=str
)
def test_what_a_glance_tells_is_what_a_closer_look_tells(rule: Rule) -> None:
    draw = Random(1)
    told = Counter[CellVerdict | None]()
    for _ in range(4000):
        true = Fraction(draw.randint(-(10**6), 10**6), draw.choice([1, 8, 1000, 2187, 10**5]))
        off = draw.choice([0, 1, 0.49, 0.51, 0.99, 1.49, 1.51, 2.1, 5, 60, 10**7, 10**13]) * draw.choice([-1, 1])
        unit = Fraction(1, 10 ** draw.randint(0, 12))
        near = Fraction(round((true + Fraction(off) * unit) / unit)) * unit
        text = draw.choice(["{0}", "{0}.0", "{1:.4f}", "{1:.17g}", "{2}"])
        given = AnswerCells().read(text.format(round(near), float(near), near), lambda: Place(1, 1))
        if draw.random() < 0.2:
            given = computed(float(near))
        assert given.bounds is not None
        glance = rule.at_a_glance(given, float(true))
        told[glance] += 1
        assert glance in (None, rule.judge(given, given.bounds, (true, true)))
    assert min(told[None], told[CellVerdict.WRONG], told[CellVerdict.RIGHT]) > 100


def test_a_saturated_probability_may_be_written_1_or_0() -> None:
    """exp(-10^11) is 10 to the power of about -4·10^10: no double, and nobody, tells 1 - p from 1."""
    problem = cnncalc.loads("input: {value: [0, -1e11]}\nlayers: [softmax: {name: p}]\n")
    assert cnncalc.check(problem, {"p": "[1, 0]"}).is_correct
    near = cnncalc.loads("input: {value: [0, -20]}\nlayers: [softmax: {name: p}]\n")
    assert not cnncalc.check(near, {"p": "[1, 0]"}).is_correct
    rational = cnncalc.loads("input: {value: [1e-20]}\nlayers: [fc: {name: z, weight: [[1]], bias: [1]}]\n")
    assert not cnncalc.check(rational, {"z": "[1]"}).is_correct


SATURATED = """
input: [3, -2]
layers:
  - fc: {name: h, weight: {name: W, value: [[2, 1], [1, -3]]}}
  - fc: {name: s, weight: [[9, 8], [1, -1], [0, 1]]}
  - softmax: {name: p}
loss: {cross_entropy: {class: 1}}
update: {sgd: {lr: 0.5}}
"""


@pytest.mark.parametrize("zero", ["0", "0.0", "0.0000", "-0.0000"])
def test_behind_a_saturated_softmax_gradients_may_be_written_0(zero: str) -> None:
    """Logits 108, -5 and 9: p - 1 is -1e-43, which whoever has taken p for 1 writes as 0, alone on a sheet too."""
    problem = cnncalc.loads(SATURATED)
    answers = {
        "p": f"[1.0, {zero}, {zero}]", "L": zero, "dL/ds": f"[{zero}, {zero}, {zero}]", "dL/dh": f"[{zero}, {zero}]",
        "dL/dW": f"[[{zero}, {zero}], [{zero}, {zero}]]", "W.new": "[[2.0, 1], [1.0, -3]]",
    }  # fmt: skip
    assert cnncalc.check(problem, answers).is_correct
    for name, answer in answers.items():
        assert cnncalc.check(problem, {name: answer}).is_correct, name
    for name, answer in {
        "dL/ds": f"[{zero}, {zero}, 1e-40]",
        "W.new": "[[2.0, 1], [1.1, -3]]",
        "s": "[0, -5, 9]",
    }.items():
        assert not cnncalc.check(problem, {name: answer}).is_correct, name


def test_a_small_gradient_is_no_0_where_nothing_is_saturated() -> None:
    problem = cnncalc.loads(
        "input: [1e-20]\nlayers: [fc: {name: z, weight: [[sqrt(2)]]}]\nloss: {mse: {target: [0]}}\n"
    )
    assert not cnncalc.check(problem, {"dL/dz": "[0]"}).is_correct
    assert not cnncalc.check(problem, {"L": "0.0"}).is_correct


def test_a_fraction_that_the_same_double_is_nearest_to_is_not_the_number() -> None:
    """245850922/78256779 is pi to within 8e-17, and 0.7 is 0.7 - 1e-40 to every digit."""
    problem = cnncalc.loads("input: [1]\nlayers: [fc: {name: z, weight: [[pi], [7/10 - pi/10**40]]}]\n")
    assert cnncalc.check(problem, {"z": "[pi, 0.7]"}).is_correct
    assert not cnncalc.check(problem, {"z": "[245850922/78256779, 0.7]"}).is_correct


def test_a_number_too_long_for_its_fraction_is_told_by_its_digits() -> None:
    """1e-5000 has more digits below its stroke than Python writes."""
    layers = ", ".join(["fc: {weight: [[1e-1000]]}"] * 5)
    report = cnncalc.check(cnncalc.loads(f"input: [3]\nlayers: [{layers}]\n"), {"fc_5": [1.5], "fc_1": [2]})
    told = [cell.expected for name in ("fc_1", "fc_5") for cell in report[name].wrong]
    assert told == ["3.000000000E-1000", "3.000000000E-5000"]


def test_behind_a_saturated_log_softmax_zero_is_right_too() -> None:
    """The gradient e^y - t is 4e-44 at most."""
    text = "input: [1, 2]\nlayers: [fc: {name: s, weight: [[100, 0], [0, 0]]}, log_softmax]\nloss: {nll: {class: 1}}\n"
    report = cnncalc.check(cnncalc.loads(text), {"dL/ds": [0, 0], "dL/dinput": [0, 0]})
    assert [tensor.verdict.value for tensor in report.tensors] == ["correct", "correct"]
