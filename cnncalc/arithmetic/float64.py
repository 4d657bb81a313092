"""Doubles, as fast as NumPy is."""

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Any, ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Doubles, Element, Labels, OutOfRange
from cnncalc.arithmetic.expression import Call, Constant, Literal, Operation, Variable, value_of

_FUNCTIONS: dict[str, Callable[[float], float]] = {"log": math.log, "exp": math.exp, "sqrt": math.sqrt}
_OPERATORS: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": math.pow,
}


class Float64(Arithmetic):
    """Arrays of float64. Results are finite and never −0, or OutOfRange is raised; no warning gets out."""

    name: ClassVar[str] = "float"
    proven: ClassVar[bool] = False
    working_set: ClassVar[int] = 2**17

    def number(self, literal: Literal) -> Element:
        """The double nearest to a typed number; an expression is evaluated in doubles."""
        try:
            # Adding 0 turns −0 into 0, here and below.
            value = _evaluated(literal) + 0.0
        except (ValueError, OverflowError, ZeroDivisionError) as error:
            raise OutOfRange(f"{literal} is not a number that a double can hold") from error
        if not math.isfinite(value):
            raise OutOfRange(f"{literal} is larger than a double can hold")
        return value

    def array(self, literals: Array) -> Array:
        """The nearest doubles; doubles are taken as they are, finite and without −0 as the loader gives them."""
        if literals.dtype != object:
            return literals.astype(np.float64, order="K", copy=False)
        flat = np.fromiter((self.number(literal) for literal in literals.ravel()), np.float64, literals.size)
        return flat.reshape(literals.shape)

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """Zeros of float64."""
        return np.zeros(shape)

    def sum(self, x: Array, axis: int | tuple[int, ...]) -> Array:
        """NumPy's pairwise sums."""
        with np.errstate(all="ignore"):
            return _checked(np.sum(x, axis=axis), "a sum")

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """BLAS; what overflows stays infinite or NaN in all that is made of it, until `simplified` sees it."""
        if a.shape[2] > 1:
            # Sums that begin with 0 are never −0, but for underflow, which `to_float` and `decimal` see to.
            return np.matmul(a, b, out=out)
        # BLAS takes twice as long for products of a column and a row, which add nothing up.
        product = np.multiply(a, b, out=out)
        return np.add(product, 0.0, out=product)

    def exp(self, x: Array) -> Array:
        """NumPy's."""
        with np.errstate(all="ignore"):
            return _checked(np.exp(x), "exp")

    def log(self, x: Array) -> Array:
        """NumPy's."""
        if np.any(x <= 0):
            raise OutOfRange(f"log of {float(np.min(x))!r}")
        return _checked(np.log(x), "log")

    def sqrt(self, x: Array) -> Array:
        """NumPy's."""
        if np.any(x < 0):
            raise OutOfRange(f"square root of {float(np.min(x))!r}")
        return _checked(np.sqrt(x), "a square root")

    def sigmoid(self, x: Array) -> Array:
        """By e^-|x|, which cannot overflow."""
        with np.errstate(all="ignore"):
            power = np.exp(-np.abs(x))
            return _checked(np.where(x >= 0, 1.0, power) / (1.0 + power), "sigmoid")

    def tanh(self, x: Array) -> Array:
        """NumPy's."""
        return _checked(np.tanh(x), "tanh")

    def simplified(self, x: Array) -> Array:
        """The same numbers; raises OutOfRange where one is not finite. Whole numbers stay what they are."""
        if x.dtype == np.float64 and not np.isfinite(x).all():
            raise OutOfRange("an element is larger than a double can hold")
        return x

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """As the doubles are."""
        return np.asarray(a > b)

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """As the doubles are."""
        return np.asarray(a == b)

    def gated(self, x: Array, is_open: Booleans) -> Array:
        """By a product, which takes a fifth of the time of a choice: no element is infinite."""
        product = np.multiply(x, is_open)
        return np.add(product, 0.0, out=product)

    def overtake(self, leader: Array, rival: Array) -> Booleans:
        """By NumPy's maximum."""
        is_overtaken = rival > leader
        np.maximum(leader, rival, out=leader)
        return np.asarray(is_overtaken)

    def to_float(self, x: Array) -> Doubles:
        """Themselves, without −0."""
        return np.asarray(x, dtype=np.float64) + 0.0

    def rational(self, element: Element) -> Fraction | None:
        """None: what a double was before it was rounded is not known."""
        return None

    def decimal(self, element: Element, digits: int) -> Decimal:
        """The shortest decimal that is this double, rounded."""
        shortest = Decimal(repr(float(element) + 0.0))
        return Context(prec=digits, rounding=ROUND_HALF_UP).plus(shortest)

    def closed_forms(self, x: Array, labels: Labels) -> Array | None:
        """None."""
        return None


def _evaluated(literal: Literal) -> float:
    """In Python's floats; raises what they raise."""
    match literal:
        case Constant():
            return math.e if literal.name == "e" else math.pi
        case Variable():
            return _evaluated(value_of(literal))
        case Call():
            return _FUNCTIONS[literal.function](_evaluated(literal.argument))
        case Operation():
            return _OPERATORS[literal.operator](_evaluated(literal.left), _evaluated(literal.right))
    return float(literal)


def _checked(x: Any, what: str) -> Array:
    """x without −0; raises OutOfRange where it is not finite."""
    if not np.isfinite(x).all():
        raise OutOfRange(f"{what} is larger than a double can hold")
    return np.asarray(x + 0.0)
