"""Numbers known within bounds: what follows from answers that a student has rounded.

Each element is a ball (`flint.arb`), a middle and a radius that holds the true value for certain. A comparison that the
balls leave open is decided by their middles, since those are the numbers that the student has on paper.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from math import inf, nan
from operator import add, mul, sub, truediv
from typing import Any

import numpy as np
from flint import arb, arb_mat, ctx, fmpq

from cnncalc.arithmetic.base import (
    Arithmetic,
    Array,
    Booleans,
    Doubles,
    Element,
    Function,
    OutOfRange,
    Undecided,
    each,
    filled,
    matrix_product,
)
from cnncalc.arithmetic.closed.closed_form import ClosedForm
from cnncalc.arithmetic.enclosure import enclosure
from cnncalc.arithmetic.expression import Expression, Literal, evaluated, value_of

PRECISION = 128
"""Bits of every ball; far more than anybody writes on paper."""
_NOTHING = arb(2) ** -70
"""What lies as close to 0 as this comes from rounding the last bits of a ball."""
_OF_A_DOUBLE = arb(2) ** -36
"""What is taken for the relative error of a number that was computed in float64."""
FARTHEST = 2**16
"""Powers of 2 up to which a bound is a fraction: typed numbers end at 10^1000."""
SMALL_PRODUCT = 400
"""Multiplications up to which a product of object arrays is faster than one through `arb_mat`."""

MOST_CLASSES = 100
"""Up to which each is compared with each other in a softmax."""


class Ball(Arithmetic):
    """Arrays of dtype object that hold `flint.arb`. Work with them inside `precision()`."""

    name = "ball"
    proven = False

    @staticmethod
    @contextmanager
    def precision(bits: int = PRECISION) -> Iterator[None]:
        """The precision of every operation on balls within."""
        with ctx.workprec(bits):
            yield

    # From other numbers

    def number(self, literal: Literal) -> Element:
        """A ball around a typed number, as small as the precision allows."""
        if not isinstance(literal, Expression):
            return _ball(literal)
        return evaluated(
            literal, _ball, lambda name: arb.const_e() if name == "e" else arb.pi(), _FUNCTIONS, _OPERATORS,
            lambda letter: self.number(value_of(letter)) if letter.element is None else _enclosed(letter.element),
        )  # fmt: skip

    def array(self, literals: Array) -> Array:
        """Balls around typed numbers, or around doubles taken as what they are."""
        cells = literals.astype(object).ravel()
        return filled(literals.shape, [arb(c) if isinstance(c, float) else self.number(c) for c in cells])

    def within(self, literal: Literal, half: Fraction) -> Element:
        """A ball around a number with everything that is rounded to it; `half` a unit of its last place."""
        return self.number(literal) + arb(0, self.number(half))

    def around(self, radii: Doubles) -> Array:
        """Balls around 0."""
        return filled(radii.shape, [arb(0, radius) for radius in radii.ravel().tolist()])

    @staticmethod
    def radii(elements: Array) -> Doubles:
        """How far the true value of each may lie from its middle; ∞ where that is anywhere."""
        radii = [float(ball.rad()) if ball.is_finite() else inf for ball in elements.ravel()]
        return np.array(radii).reshape(elements.shape)

    def enclose(self, elements: Array) -> Array:
        """Balls around the elements of an exact solution, or around what float64 made of them."""
        elements = np.asarray(elements)
        return each(_enclosed, elements.astype(object))

    def enclosed(self, elements: Array) -> Array:
        """The same where all are balls already, else balls around them."""
        is_ball = elements.dtype == object and set(map(type, elements.ravel().tolist())) <= {arb}
        return elements if is_ball else self.enclose(elements)

    # Arrays

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """An array of the exact 0."""
        return np.full(shape, arb(0), dtype=object)

    def sum(self, x: Array, axis: int | tuple[int, ...]) -> Array:
        """Sums along axes."""
        return np.asarray(np.sum(x, axis=axis, initial=arb(0)))  # type: ignore[call-overload]

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """Matrix products through `arb_mat`, one for each of the stack."""
        stack, rows, inner = a.shape
        columns = b.shape[2]
        product = np.empty((stack, rows, columns), dtype=object) if out is None else out
        for s in range(stack):
            if not inner:
                product[s] = self.zeros((rows, columns))
            elif rows * inner * columns <= SMALL_PRODUCT:
                product[s] = matrix_product(a[s], b[s])
            else:
                left = arb_mat(rows, inner, a[s].ravel().tolist())
                right = arb_mat(inner, columns, b[s].ravel().tolist())
                product[s] = filled((rows, columns), (left * right).entries())
        return product

    # Functions

    def apply(self, function: Function, x: Array) -> Array:
        """OutOfRange for a logarithm or a root where the middle is not positive, or negative."""
        return each(_OF_BALLS[function], x)

    def softmax(self, x: Array) -> Array:
        """1 / Σ_j e^(x_j − x_k), as wide as the balls of x make it and no wider: e^x / Σ e^x counts each of them twice.

        Of more than MOST_CLASSES it is that quotient.
        """
        if x.shape[1] > MOST_CLASSES:
            return super().softmax(x)
        differences = np.asarray(x[:, None] - x[:, :, None])  # (N, k, j, …)
        same = np.arange(x.shape[1])
        differences[:, same, same] = arb(0)
        return np.asarray(1 / self.sum(self.exp(differences), axis=2))

    # Decisions

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Where a > b; by the middles where the balls overlap."""
        difference = np.asarray(a - b)
        balls: list[Any] = difference.ravel().tolist()
        above = [not _is_nothing(ball) and bool(ball.mid() > 0) for ball in balls]
        return np.asarray(above, dtype=np.bool_).reshape(difference.shape)

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Where a = b as far as can be told, or where both have the same middle on paper."""
        difference = np.asarray(a - b)
        nothing = [_is_nothing(ball) for ball in difference.ravel().tolist()]
        return np.asarray(nothing, dtype=np.bool_).reshape(difference.shape)

    # To the reader

    def to_float(self, x: Array) -> Doubles:
        """The middles."""
        x = np.asarray(x)
        middles = [float(e.mid()) if e.is_finite() else nan for e in x.ravel()]
        return np.asarray(middles, dtype=np.float64).reshape(x.shape)

    def decimal(self, element: Element, digits: int) -> Decimal:
        """The middle, rounded; raises Undecided where a decimal cannot hold it."""
        text = element.mid().str(digits, radius=False)
        try:
            return Decimal(text)
        except InvalidOperation as error:
            raise Undecided("a number is too far from 1 for a decimal", text) from error

    def bounds(self, x: Array) -> list[tuple[Fraction, Fraction] | None]:
        """The least and the greatest number of each ball; None for one without bounds.

        A bound closer to 0, or farther from it, than anybody can type a number (2^-65536, 2^65536) is moved away from
        the number: to 0 or that power of 2, or to twice that power.
        """
        return [_bounds(ball) for ball in np.asarray(x).ravel()]


def _ball(number: int | Decimal | Fraction) -> Any:
    return arb(fmpq(*number.as_integer_ratio()))


def _power(base: Any, power: Any) -> Any:
    whole = power.unique_fmpz()
    return base ** (power if whole is None else int(whole))


_FUNCTIONS: Mapping[str, Callable[[Any], Any]] = {"log": arb.log, "exp": arb.exp, "sqrt": arb.sqrt}
_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {"+": add, "-": sub, "*": mul, "/": truediv, "**": _power}


def _is_nothing(difference: Any) -> bool:
    return bool(abs(difference.mid()) < _NOTHING)


def _bounds(ball: Any) -> tuple[Fraction, Fraction] | None:
    if not ball.is_finite():
        return None
    return _edge(ball.lower(), upwards=False), _edge(ball.upper(), upwards=True)


def _edge(edge: Any, upwards: bool) -> Fraction:
    """An edge as a fraction; what would be a fraction of billions of digits is replaced by a bound that is none."""
    mantissa, exponent = (int(part) for part in edge.man_exp())
    size = abs(mantissa).bit_length() + exponent if mantissa else 0
    is_outwards = upwards == (mantissa > 0)
    if size > FARTHEST:
        return Fraction((1 if mantissa > 0 else -1) << (FARTHEST + is_outwards))
    if size < -FARTHEST:
        return Fraction((1 if mantissa > 0 else -1) * is_outwards, 1 << FARTHEST)
    return Fraction(mantissa << max(exponent, 0), 1 << max(-exponent, 0))


def _enclosed(element: Any) -> Any:
    if isinstance(element, ClosedForm):
        return enclosure(element, PRECISION)
    if isinstance(element, float):
        return arb(element) + arb(0, abs(arb(element)) * _OF_A_DOUBLE)
    return arb(element)


def _log(element: Any) -> Any:
    if not element.mid() > 0:
        raise OutOfRange("the logarithm of a number that is not positive")
    return element.log()


def _sqrt(element: Any) -> Any:
    if element.mid() < 0:
        raise OutOfRange("the root of a negative number")
    return element.sqrt()


_OF_BALLS: Mapping[Function, Callable[[Any], Any]] = {
    "exp": arb.exp, "log": _log, "sqrt": _sqrt, "sigmoid": lambda ball: 1 / (1 + (-ball).exp()), "tanh": arb.tanh,
    "erf": arb.erf, "sin": arb.sin, "cos": arb.cos,
}  # fmt: skip
