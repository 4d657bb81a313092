"""Puts parsed numbers together: rationals exactly, all else into expressions; never costly, never out of domain."""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from operator import add, mul, sub, truediv
from typing import Any

from cnncalc.arithmetic.expression import Call, Constant, Function, Literal, Operation, Operator, Variable, variables

_WITH_LETTERS = "letters take + - * and whole powers, and can be divided by numbers"
_OPERATIONS: Mapping[Operator, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "/": truediv}
_MOST_BITS = 4096  # more than 1000 digits


class NumberFault(ValueError):
    """A text that is not a number here, with what to write instead."""

    def __init__(self, message: str, remedy: str) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy


def rational(literal: Literal) -> Fraction | None:
    """The literal as a fraction, None for an expression."""
    return Fraction(literal) if isinstance(literal, int | Decimal | Fraction) else None


def negate(literal: Literal) -> Literal:
    """Minus the literal; a decimal stays one."""
    if isinstance(literal, Decimal):
        return literal.copy_negate()
    if isinstance(literal, int | Fraction):
        return -literal
    return Operation("-", 0, literal)


def combine(operator: Operator, left: Literal, right: Literal) -> Literal:
    """`left operator right`; raises NumberFault."""
    a, b = rational(left), rational(right)
    if operator == "**":
        return _power(left, right)
    if operator == "/" and (b == 0 if b is not None else approximate(right) == 0):
        raise NumberFault("a division by zero", "write a divisor that is not 0")
    if a is None or b is None:
        return Operation(operator, left, right)
    return _whole(_OPERATIONS[operator](a, b))


def apply(function: str, argument: Literal) -> Literal:
    """`log`, `exp`, `sqrt`, `sigmoid` or `tanh` of a literal; rational if it is. Raises NumberFault."""
    if function in ("sigmoid", "tanh"):
        # tanh x is 2 σ(2x) - 1.
        twice = argument if function == "sigmoid" else combine("*", 2, argument)
        odds = combine("/", 1, combine("+", 1, apply("exp", negate(twice))))
        return odds if function == "sigmoid" else combine("-", combine("*", 2, odds), 1)
    value = rational(argument)
    sign = value if value is not None else approximate(argument)
    if function == "log":
        if sign <= 0:
            raise NumberFault("the logarithm of a number that is not positive", "write log of a positive number")
        return 0 if value == 1 else 1 if argument == Constant("e") else Call("log", argument)
    if function == "sqrt":
        if sign < 0:
            raise NumberFault("the square root of a negative number", "write sqrt of a number that is not negative")
        root = _exact_root(value) if value is not None else None
        return root if root is not None else Call("sqrt", argument)
    return 1 if value == 0 else Call("exp", argument)


def approximate(literal: Literal) -> float:
    """Roughly the value, for its sign and size; raises NumberFault where it leaves the range of a double."""
    try:
        value = _approximate(literal)
    except NumberFault:
        raise
    except (OverflowError, ZeroDivisionError, ValueError) as error:
        raise NumberFault("a number beyond 1e308", "write numbers that a computer's floating point can hold") from error
    if not math.isfinite(value):
        raise NumberFault("a number beyond 1e308", "write numbers that a computer's floating point can hold")
    return value


def _approximate(literal: Literal) -> float:
    if isinstance(literal, Constant):
        return math.e if literal.name == "e" else math.pi
    if isinstance(literal, Variable):
        raise NumberFault(f"the letter {literal.letter} stands where a number must", _WITH_LETTERS)
    if isinstance(literal, Call):
        return _approximate_call(literal.function, literal.argument)
    if not isinstance(literal, Operation):
        return float(Fraction(literal))
    left, right = _approximate(literal.left), _approximate(literal.right)
    return math.pow(left, right) if literal.operator == "**" else float(_OPERATIONS[literal.operator](left, right))


def _approximate_call(function: Function, argument: Literal) -> float:
    value = rational(argument)
    if function == "log" and value is not None:  # the logarithm of a number too large for a double is small
        return math.log(value.numerator) - math.log(value.denominator)
    inner = _approximate(argument)
    if function == "log":
        return math.log(inner)
    return math.sqrt(inner) if function == "sqrt" else math.exp(inner)


def _whole(value: Fraction) -> int | Fraction:
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > _MOST_BITS:
        raise NumberFault("a number of more than 1000 digits", "write smaller numbers")
    return value.numerator if value.denominator == 1 else value


def _power(base: Literal, exponent: Literal) -> Literal:
    a, b = rational(base), rational(exponent)
    if base == Constant("e"):
        return apply("exp", exponent)
    if a is not None and b is not None and b.denominator == 1:
        if a == 0 and b < 0:
            raise NumberFault("a division by zero", "write a divisor that is not 0")
        bits = max(a.numerator.bit_length(), a.denominator.bit_length())
        if abs(a) not in (0, 1) and bits * abs(b) > 2 * _MOST_BITS:
            raise NumberFault("a number of more than 1000 digits", "write smaller numbers")
        # 1 and -1 pass the line above with any exponent; its parity is all that counts.
        return _whole(a ** (b.numerator % 2 + 2 if abs(a) == 1 else b.numerator))
    if b is not None and b.denominator == 1 and b > 0 and any(variables(base)):
        return Operation("**", base, int(b))
    below = a if a is not None else approximate(base)
    if below < 0 or (below == 0 and (b if b is not None else approximate(exponent)) <= 0):
        if b is not None and b.denominator == 1 and below != 0:
            return Operation("**", base, int(b))
        raise NumberFault("a power that has no real value", "write a positive base, or a whole number as exponent")
    if a == 0:
        return 0
    return Operation("**", base, _whole(b) if b is not None else exponent)


def _exact_root(value: Fraction) -> int | Fraction | None:
    top, bottom = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if top * top == value.numerator and bottom * bottom == value.denominator:
        return _whole(Fraction(top, bottom))
    return None
