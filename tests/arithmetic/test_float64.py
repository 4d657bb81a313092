"""Doubles: correctly read, never −0, and a fault where one would not be finite."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from cnncalc.arithmetic.base import OutOfRange
from cnncalc.arithmetic.expression import Call, Constant, Operation
from cnncalc.arithmetic.float64 import Float64

FLOAT = Float64()


@pytest.mark.parametrize(
    ("literal", "double"),
    [
        (3, 3.0),
        (Decimal("0.1"), 0.1),
        (Decimal("-0"), 0.0),
        (Fraction(1, 3), 1 / 3),
        (Constant("pi"), 3.141592653589793),
        (Operation("-", 0, Call("log", Fraction(1, 5))), 1.6094379124341003),
        (Operation("**", 2, Fraction(1, 2)), 2**0.5),
    ],
)
def test_number(literal: Any, double: float) -> None:
    assert repr(FLOAT.number(literal)) == repr(double)


@pytest.mark.parametrize(
    "literal", [10**400, Call("log", 0), Call("exp", 1000), Operation("/", 1, 0), Call("sqrt", -1)], ids=repr
)
def test_number_out_of_range(literal: Any) -> None:
    with pytest.raises(OutOfRange, match="is not a number that a double can hold"):
        FLOAT.number(literal)


@pytest.mark.parametrize(
    ("function", "argument", "message"),
    [
        (FLOAT.exp, 1000.0, "exp is larger than a double can hold"),
        (FLOAT.log, 0.0, "log of 0.0"),
        (FLOAT.log, -2.0, "log of -2.0"),
        (FLOAT.sqrt, -1.0, "square root of -1.0"),
        (FLOAT.simplified, np.inf, "an element is larger than a double can hold"),
    ],
)
def test_functions_out_of_range(function: Any, argument: float, message: str) -> None:
    with pytest.raises(OutOfRange, match=message):
        function(np.array([1.0, argument]))


def test_sigmoid_does_not_overflow() -> None:
    assert FLOAT.sigmoid(np.array([-1000.0, 0.0, 1000.0])).tolist() == [0.0, 0.5, 1.0]


def test_products_have_no_negative_zero() -> None:
    for rows, columns, stack in ((1, 1, 1), (1, 3, 1), (3, 1, 1), (2, 3, 1), (2, 3, 2), (40, 50, 1)):
        product = FLOAT.matmul(np.zeros((stack, rows, 1)), np.full((stack, 1, columns), -3.0))
        assert product.shape == (stack, rows, columns)
        assert not np.signbit(product).any()
    assert not np.signbit(FLOAT.to_float(np.array([-0.0]))).any()


def test_whole_numbers_stay_whole() -> None:
    assert FLOAT.simplified(np.array([1, 2])).dtype.kind == "i"


@pytest.mark.parametrize(
    ("element", "digits", "text"), [(0.125, 2, "0.13"), (-0.125, 2, "-0.13"), (-0.0, 3, "0.0"), (1 / 3, 4, "0.3333")]
)
def test_decimal(element: float, digits: int, text: str) -> None:
    assert str(FLOAT.decimal(element, digits)) == text
