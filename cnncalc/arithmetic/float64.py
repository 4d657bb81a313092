"""Doubles, as fast as NumPy is."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal
from operator import add, mul, sub, truediv
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Doubles, Element, Function, Integers, OutOfRange, T
from cnncalc.arithmetic.expression import Literal, evaluated
from cnncalc.arithmetic.team import scratch

if TYPE_CHECKING:
    from cnncalc.arithmetic.team import Team

WORTH_SHARING = 2_000_000
"""Multiplications that take longer than to wake another thread."""

NARROW = 256
"""Columns of a second factor that is narrow."""

LOST = 2.0**-10
"""A difference from 1 that has lost a fifth of its digits."""
SUMS_TO_ONE = 1e-12
"""How far the sum of a row of shares may be from 1."""

_SILENTLY = np.errstate(all="ignore")
"""For functions whose result is looked at, so that NumPy need not warn."""

_CONSTANTS = {"e": math.e, "pi": math.pi}
_FUNCTIONS: dict[str, Callable[[float], float]] = {"log": math.log, "exp": math.exp, "sqrt": math.sqrt}
_OPERATORS: dict[str, Callable[[float, float], float]] = {"+": add, "-": sub, "*": mul, "/": truediv, "**": math.pow}


class Float64(Arithmetic):
    """Arrays of float64. Results are finite and never −0, or OutOfRange is raised; no warning gets out.

    −0 may come of rounding alone, and `to_float` and `decimal` see to that.
    """

    name = "float"
    proven = False
    working_set = 2**19
    cost_of_adding = 1.5
    cost_of_multiplying = 0.12
    cost_of_calling = 3000
    few = 2**15
    saturates = True
    dtype: ClassVar[type[np.number[Any]]] = np.float64
    team: Team | None = None
    """Who helps, while a large problem is being solved."""

    def number(self, literal: Literal) -> Element:
        """The double nearest to a typed number; an expression is evaluated in doubles."""
        try:
            # Adding 0 turns −0 into 0, here and below.
            value = evaluated(literal, float, _CONSTANTS.__getitem__, _FUNCTIONS, _OPERATORS) + 0.0
        except (ValueError, OverflowError, ZeroDivisionError) as error:
            raise OutOfRange(f"{literal} is not a number that a double can hold") from error
        if not math.isfinite(value):
            raise OutOfRange(f"{literal} is larger than a double can hold")
        return value

    def array(self, literals: Array) -> Array:
        """The nearest doubles; doubles are taken as they are, finite and without −0 as the loader gives them."""
        if literals.dtype != object:
            return literals.astype(np.float64, order="K", copy=False)
        cells = literals.ravel()
        try:
            flat = np.fromiter(map(float, cells), np.float64, cells.size) + 0.0
        except (TypeError, OverflowError):
            # An expression, or what is too large: one by one, so that a fault names it.
            flat = np.full(cells.size, np.inf)
        if not np.isfinite(flat).all():
            flat = np.fromiter(map(self.number, cells), np.float64, cells.size)
        return flat.reshape(literals.shape)

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """Zeros of the dtype."""
        return np.zeros(shape, self.dtype)

    def empty(self, shape: tuple[int, ...]) -> Array:
        """Of the dtype."""
        return np.empty(shape, self.dtype)

    def scratch(self, shape: tuple[int, ...]) -> Array:
        """A thread's own array, unless it would be too large to be kept."""
        return scratch(shape, self.working_set)

    def in_pieces(self, work: Callable[[slice], T], count: int, cost: int) -> list[T]:
        """By the team, where there is one and the work is worth it."""
        if self.team is None or cost < WORTH_SHARING or count < 2:
            return [work(slice(0, count))]
        # What the work does is not shared once more.
        team, self.team = self.team, None
        try:
            return team.run(work, count)
        finally:
            self.team = team

    @_SILENTLY
    def sum(self, x: Array, axis: int | tuple[int, ...]) -> Array:
        """NumPy's pairwise sums; that of one sample is itself, which is finite already."""
        return self.checked(np.add.reduce(x, axis=axis), "a sum") if axis != 0 or len(x) != 1 else np.array(x[0])

    def added_at(self, places: Integers, shares: Array, size: int) -> Array:
        """NumPy's histogram, in little more than a nanosecond a share."""
        return np.bincount(places, shares, size)

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """BLAS; what overflows stays infinite or NaN in all that is made of it, until `simplified` sees it."""
        if self.team is None:
            return _product(a, b, out)
        product = np.empty((*a.shape[:2], b.shape[2])) if out is None else out

        def work(piece: slice) -> None:
            _product(a[:, piece], b, product[:, piece])

        self.in_pieces(work, a.shape[1], a.size * b.shape[2])
        return product

    @_SILENTLY
    def apply(self, function: Function, x: Array) -> Array:
        """NumPy's, and the C library's erf; sigmoid by e^-|x|, which cannot overflow."""
        if function == "erf":
            return _of_each(math.erf, x)
        if function == "log" and (x <= 0).any():
            raise OutOfRange(f"log of {float(np.min(x))!r}")
        if function == "sqrt" and (x < 0).any():
            raise OutOfRange(f"square root of {float(np.min(x))!r}")
        made = sigmoid(x) if function == "sigmoid" else getattr(np, function)(x)
        return self.checked(made, "a square root" if function == "sqrt" else function)

    def normal(self, x: Array) -> Array:
        """By the complement of erf, which keeps its digits where the probability is small."""
        return _of_each(math.erfc, x * -math.sqrt(0.5)) / 2

    @_SILENTLY
    def exp_less_one(self, x: Array) -> Array:
        """NumPy's, which subtracts nothing."""
        return self.checked(np.expm1(x), "exp")

    # Next to the limits of saturating functions: nothing close to 1 is subtracted from 1. σ(−x) is 1 − σ(x), and 1 − p
    # is the sum of the other shares of its row. What is asked of numbers that do not belong together, as where a
    # mistake puts x in y's place, is the plain formula.

    @_SILENTLY
    def log_sigmoid(self, x: Array) -> Array:
        """−log(1 + e^-x), without e^-x where that is large."""
        return np.asarray(0.0 - np.logaddexp(0.0, -x))

    @_SILENTLY
    def sigmoid_slope(self, x: Array, y: Array) -> Array:
        """The derivative y · (1 − y) of y = σ(x)."""
        rest = np.asarray(1.0 - y)
        is_lost = rest < LOST
        if is_lost.any():
            lost, of = np.asarray(y[is_lost]), np.asarray(x[is_lost])
            rest[is_lost] = np.where(sigmoid(of) == lost, sigmoid(-of), 1.0 - lost)
        return np.asarray(y * rest)

    @_SILENTLY
    def tanh_slope(self, x: Array, y: Array) -> Array:
        """The derivative 1 − y² of y = tanh(x), which is 4·σ(2x)·σ(−2x)."""
        slope = np.asarray(1.0 - y * y)
        is_lost = slope < LOST
        if is_lost.any():
            of = np.asarray(x[is_lost])
            twice = 2.0 * of
            slope[is_lost] = np.where(np.tanh(of) == y[is_lost], 4.0 * sigmoid(twice) * sigmoid(-twice), slope[is_lost])
        return slope

    @_SILENTLY
    def log_softmax(self, x: Array) -> Array:
        """x − log Σ e^x, row by row; the largest is left out of the sum, as the 1 of log1p."""
        rows, first = _largest(x)
        shifted = x - x[rows, first][:, None]
        powers = np.exp(shifted)
        powers[rows, first] = 0.0
        return np.asarray(shifted - np.log1p(powers.sum(axis=1))[:, None])

    @_SILENTLY
    def log_rest(self, x: Array) -> Array:
        """The logarithms of 1 − p for the shares p of e^x in each row; −∞ for a share that is alone."""
        rows, first = _largest(x)
        logarithms = self.log_softmax(x)
        rest = np.log1p(-np.exp(logarithms))
        # Of the largest share, by what the others are among themselves.
        others, own = _without_largest(x), x[rows, first]
        if x.shape[1] > 1:
            second = others.max(axis=1)
            total = np.log(np.exp(others - second[:, None]).sum(axis=1))
            rest[rows, first] = logarithms[rows, first] + (second - own) + total
        else:
            rest[...] = -np.inf
        return np.asarray(rest)

    @_SILENTLY
    def through_softmax(self, g: Array, p: Array) -> Array:
        """p · (g − Σ g · p), by differences from the g of the largest share, which has almost all of that mean."""
        rows, first = _largest(p)
        away = g - g[rows, first][:, None]
        plain = g - (g * p).sum(axis=1)[:, None]
        return np.asarray(p * np.where(_are_shares(p), away - (away * p).sum(axis=1)[:, None], plain)) + 0.0

    @_SILENTLY
    def through_log_softmax(self, g: Array, p: Array) -> Array:
        """g − p · Σ g, as g · (1 − p) − p · (what Σ g has of the others)."""
        plain = g - p * g.sum(axis=1)[:, None]
        return np.asarray(np.where(_are_shares(p), g * _of_others(p) - p * _of_others(g), plain)) + 0.0

    @_SILENTLY
    def through_log_rest(self, g: Array, x: Array) -> Array:
        """dx of log(1 − p): p · Σ r − r with r = g · p/(1 − p), which may be large for one p alone."""
        if x.shape[1] == 1:
            return np.zeros(x.shape)
        rows, first = _largest(x)
        p = np.exp(self.log_softmax(x))
        small = p.copy()
        small[rows, first] = 0.0
        dx = p * (_of_others(g * small / (1.0 - small)) - g)
        # p_j · p/(1 − p) is, for the largest p, what p_j is among all shares but the largest.
        among = np.exp(self.log_softmax(_without_largest(x)))
        return np.asarray(dx + among * (g * p)[rows, first][:, None]) + 0.0

    def checked(self, x: Any, what: str) -> Array:
        """x; raises OutOfRange where it is not finite."""
        if not _is_finite(x):
            raise OutOfRange(f"{what} is larger than a double can hold")
        return np.asarray(x)

    def simplified(self, x: Array) -> Array:
        """The same numbers; raises OutOfRange where one is not finite. Whole numbers stay what they are.

        It is called so often that NumPy's warnings have to be silenced by the caller.
        """
        if x.dtype.kind == "f" and not _is_finite(x):
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
        product = is_open.astype(np.float64)
        product *= x
        product += 0.0
        return product

    def positive_part(self, x: Array) -> Array:
        """NumPy's maximum, which takes half the time of a gate."""
        return np.maximum(x, 0.0)

    def first_largest(self, cells: Array, counts: Booleans | None) -> tuple[Array, Integers]:
        """By NumPy's maximum: before the first that is largest stand those up to which the maximum is less."""
        if counts is not None:
            np.copyto(cells, -np.inf, where=~counts)
        largest = cells[0]
        for cell in cells[1:]:
            largest = np.maximum(largest, cell, out=cell)
        is_before = (cells[:-1] < largest).view(np.uint8)
        return largest, np.add.reduce(is_before, 0, np.uint8 if len(cells) < 256 else np.intp)

    def largest(self, x: Array) -> Array:
        """NumPy's maximum."""
        return np.asarray(np.maximum.reduce(x, axis=1, keepdims=True))

    def to_float(self, x: Array) -> Doubles:
        """Themselves, without −0."""
        return np.asarray(x, dtype=np.float64) + 0.0

    def decimal(self, element: Element, digits: int) -> Decimal:
        """The shortest decimal that is this double, rounded."""
        shortest = Decimal(repr(float(element) + 0.0))
        return Context(prec=digits, rounding=ROUND_HALF_UP).plus(shortest)


def _of_each(function: Callable[[float], float], x: Array) -> Array:
    x = np.asarray(x)
    return np.fromiter(map(function, x.ravel().tolist()), np.float64, x.size).reshape(x.shape)


def sigmoid(x: Array) -> Array:
    """By e^-|x|, which cannot overflow."""
    power = np.exp(-np.abs(x))
    return np.asarray(np.where(x >= 0, 1.0, power) / (1.0 + power))


def _largest(x: Array) -> tuple[Array, Array]:
    """Where the first largest element of each row is."""
    return np.arange(len(x)), x.argmax(axis=1)


def _without_largest(x: Array) -> Array:
    rows, first = _largest(x)
    others = x.copy()
    others[rows, first] = -np.inf
    return others


def _of_others(x: Array) -> Array:
    """For each element the sum of all others of its row, without subtracting it."""
    sums = np.zeros(x.shape)
    sums[:, 1:] = x[:, :-1].cumsum(axis=1)
    sums[:, :-1] += x[:, :0:-1].cumsum(axis=1)[:, ::-1]
    return sums


def _are_shares(p: Array) -> Booleans:
    """Which rows sum to 1, as (N, 1)."""
    return np.asarray(np.abs(p.sum(axis=1) - 1.0) < SUMS_TO_ONE)[:, None]


def _product(a: Array, b: Array, out: Array | None) -> Array:
    """The products of two stacks, in the ways that BLAS is quickest at."""
    inner = a.shape[2]
    if inner == len(a) == 1 < a.shape[1] and out is None:
        # `dot` gives a column and a row to BLAS, which `matmul` does not; one number by one it multiplies itself.
        return np.asarray(np.dot(a[0], b[0]))[None]
    if inner == 1:
        # Without BLAS; and since nothing is added up, −0 has to be turned into 0.
        product = np.multiply(a, b, out=out)
        return np.add(product, 0.0, out=product)
    # Sums that begin with 0 are never −0.
    if out is not None:
        return np.matmul(a, b, out=out)
    if 1 < b.shape[2] <= NARROW and b.strides[1] < b.strides[2]:
        # Where b lies in memory as its transpose: 5.4 instead of 7.9 ms for 64×50 176 by 50 176×27 the other way round.
        return np.asarray(_long_product(b.transpose(0, 2, 1), a.transpose(0, 2, 1)).transpose(0, 2, 1))
    return _long_product(a, b)


def _long_product(a: Array, b: Array) -> Array:
    """A product along a long axis: in several parts of it where the product itself is small.

    Beyond a million multiplications BLAS lays both matrices out anew, which then takes longer than to multiply them:
    6×25 088 by 25 088×25, LeNet-5's first kernel, takes 0.50 ms at once and 0.31 ms in parts.
    """
    inner = a.shape[2]
    step = 10**6 // max(1, a.shape[1] * b.shape[2]) if inner > 4096 else 0
    if not 4096 <= step < inner:
        return np.asarray(np.matmul(a, b))
    step = -(-inner // -(-inner // step))
    total: Array = np.matmul(a[:, :, :step], b[:, :step])
    for start in range(step, inner, step):
        total += np.matmul(a[:, :, start : start + step], b[:, start : start + step])
    return total


def _is_finite(x: Any) -> bool:
    """By the sum of squares, for which BLAS takes half the time where x is in one piece; if that overflows, by each."""
    flat = x.ravel("K")
    return math.isfinite(flat.dot(flat)) or bool(np.isfinite(flat).all())
