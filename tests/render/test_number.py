"""Numbers as text: exact where that is short, else rounded to the digits asked for."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnncalc.arithmetic.base import Undecided
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64
from cnncalc.render.table.number import Number, describe

EXACT, FLOAT = Exact(), Float64()


def exactly(number: Fraction | Decimal | int, digits: int = 6) -> Number:
    return describe(EXACT, EXACT.number(number), digits)


@pytest.mark.parametrize(
    ("number", "digits", "text", "decimal"),
    [
        (Fraction(0), 6, "0", None),
        (Fraction(-22), 6, "-22", None),
        (Fraction(1234567890), 6, "1234567890", None),
        (Fraction(10**29 + 1), 6, "100000000000000000000000000001", None),
        (Fraction(10**30 + 1), 6, "1.00000e30", None),
        (Decimal("39.6"), 6, "39.6", None),
        (Decimal("-78.40"), 6, "-78.4", None),
        (Decimal("0.123456"), 6, "0.123456", None),
        (Decimal("0.00001"), 6, "0.00001", None),
        (Decimal("0.000001"), 6, "1e-6", None),
        (Decimal("-1.5e-18"), 6, "-1.5e-18", None),
        (Decimal("0.1234567"), 6, "0.123457", None),
        (Decimal("0.9999999"), 6, "1.00000", None),
        (Decimal("0.1234565"), 6, "0.123457", None),
        (Decimal("-0.1234565"), 6, "-0.123457", None),
        (Fraction(1, 3), 6, "1/3", "0.333333"),
        (Fraction(-22, 7), 6, "-22/7", "-3.14286"),
        (Fraction(2, 3), 2, "2/3", "0.67"),
        (Fraction(1, 99999), 6, "1/99999", "0.0000100001"),
        (Fraction(1, 999999), 6, "1/999999", "1.00000e-6"),
        (Fraction(1000, 3333), 6, "0.300030", None),
        (Fraction(10**9, 7), 6, "1.42857e8", None),
        (Fraction(1, 8), 2, "1/8", "0.13"),
        (Fraction(1, 7**30), 3, "4.44e-26", None),
        (Fraction(1, 3), 1, "1/3", "0.3"),
    ],
)
def test_rational_numbers(number: Fraction | Decimal, digits: int, text: str, decimal: str | None) -> None:
    described = exactly(number, digits)
    assert (described.text, described.decimal) == (text, decimal)


def test_zeros_at_the_end_say_that_a_number_is_rounded() -> None:
    assert exactly(Decimal("0.2")) == Number("0.2")
    assert exactly(Decimal("0.2000000001")) == Number("0.200000", rounded=True)


def test_an_irrational_number_shows_its_closed_form() -> None:
    five = EXACT.log(np.array([EXACT.number(5)], dtype=object))[0]
    assert describe(EXACT, five, 6) == Number("1.60944", rounded=True)
    assert describe(EXACT, five, 10, "2*log(5)**2") == Number("2·log(5)^2", decimal="1.609437912")
    assert describe(EXACT, five, 6, " + ".join(["exp(1)"] * 9)) == Number("1.60944", rounded=True)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-22.0, "-22"),
        (-0.0, "0"),
        (0.2, "0.2"),
        (39.6, "39.6"),
        (0.1 + 0.2, "0.300000"),
        (1 / 3, "0.333333"),
        (5.273e-18, "5.273e-18"),
        (1.2345678e-18, "1.23457e-18"),
        (1e22, "1e22"),
        (123456789.5, "1.23457e8"),
        (2.0**53, "9007199254740992"),
        (float("nan"), "?"),
        (float("-inf"), "-∞"),
    ],
)
def test_doubles(value: float, text: str) -> None:
    assert describe(FLOAT, np.float64(value), 6).text == text


class Stubborn(Exact):
    """An arithmetic that can prove nothing."""

    def rational(self, element: Any) -> Fraction | None:
        return None

    def decimal(self, element: Any, digits: int) -> Decimal:
        raise Undecided


def test_digits_that_cannot_be_proven_are_a_question_mark() -> None:
    assert describe(Stubborn(), None) == Number("?", undecided=True)
    assert describe(Stubborn(), None, closed_form="log(2)") == Number("log(2)")


@given(st.fractions(), st.integers(1, 40))
def test_what_is_shown_is_the_number_within_half_a_unit(number: Fraction, digits: int) -> None:
    described = exactly(number, digits)
    shown = described.decimal if described.decimal else described.text
    if not described.rounded:
        assert Fraction(described.text) == number
    if described.rounded or described.decimal:
        figures = Decimal(shown).as_tuple()
        assert len(figures.digits) == digits
        assert abs(Fraction(shown) - number) <= Fraction(10) ** int(figures.exponent) / 2
    assert not shown.startswith("-0") or Fraction(shown) != 0
