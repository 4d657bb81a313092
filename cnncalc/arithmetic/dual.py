"""Derivatives by arithmetic alone: dual numbers, and a step into the complex plane."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Doubles, Element, Function, Labels, OutOfRange, filled
from cnncalc.arithmetic.closed.closed_form import ClosedForm
from cnncalc.arithmetic.expression import Constant, Literal
from cnncalc.arithmetic.float64 import Float64


class Dual:
    """a + b·ε. Understands + - * / with duals, with elements of the system below, and with integers."""

    __slots__ = ("slope", "value")

    def __init__(self, value: Element, slope: Element) -> None:
        self.value = value
        self.slope = slope

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.slope)

    def __add__(self, other: Any) -> Dual:
        if isinstance(other, np.ndarray):
            return NotImplemented
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.slope + other.slope)
        return Dual(self.value + other, self.slope)

    __radd__ = __add__

    def __sub__(self, other: Any) -> Dual:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return self.__add__(-other)

    def __rsub__(self, other: Any) -> Dual:
        return (-self).__add__(other)

    def __mul__(self, other: Any) -> Dual:
        if isinstance(other, np.ndarray):
            return NotImplemented
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.value * other.slope + self.slope * other.value)
        return Dual(self.value * other, self.slope * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> Dual:
        if isinstance(other, np.ndarray):
            return NotImplemented
        if isinstance(other, Dual):
            value = self.value / other.value
            return Dual(value, (self.slope - value * other.slope) / other.value)
        return Dual(self.value / other, self.slope / other)

    def __rtruediv__(self, other: Any) -> Dual:
        value = other / self.value
        return Dual(value, -(value * self.slope) / self.value)


class Duals(Arithmetic):
    """Arrays of dtype object that hold elements of another system, and `Dual` where something moves.

    Branches are those of the values: at a kink the derivative is that of the side that the convention takes.
    """

    name = "dual"
    proven = False

    def __init__(self, base: Arithmetic) -> None:
        self.base = base
        self.can_overflow = base.can_overflow  # type: ignore[misc] # the system below is chosen when it is made
        self.working_set = base.working_set  # type: ignore[misc]

    def for_layer(self, name: str, rank: float) -> Duals:
        """With names for the values."""
        return Duals(self.base.for_layer(name, rank))

    def moved(self, x: Array, direction: Array) -> Array:
        """x + direction·ε, for a direction of whole numbers."""
        pairs = zip(x.ravel().tolist(), direction.ravel().tolist(), strict=True)
        one = self.base.number(1)
        return filled(x.shape, [Dual(value, one * int(step)) if step else value for value, step in pairs])

    def slopes(self, x: Array) -> Array:
        """What stands beside ε."""
        slopes = _parts(x)[1]
        return self.base.zeros(x.shape) if slopes is None else slopes

    def named(self, local: str, x: Array, positive: bool = False) -> Array:
        """The values by names."""
        values, slopes = _parts(x)
        return _joined(self.base.named(local, values, positive), slopes)

    def is_long(self, x: Array) -> bool:
        """Of the values."""
        return self.base.is_long(_parts(x)[0])

    def number(self, literal: Literal) -> Element:
        """As below: a constant."""
        return self.base.number(literal)

    def array(self, literals: Array) -> Array:
        """As below: constants."""
        return self.base.array(literals)

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """As below."""
        return self.base.zeros(shape)

    def sum(self, x: Array, axis: int | tuple[int, ...]) -> Array:
        """Sums along axes."""
        return self.base.sum(x, axis)

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """A·B + (A′·B + A·B′)·ε, by products of the system below."""
        (left, left_slopes), (right, right_slopes) = _parts(a), _parts(b)
        slopes = None
        if left_slopes is not None:
            slopes = self.base.matmul(left_slopes, right)
        if right_slopes is not None:
            others = self.base.matmul(left, right_slopes)
            slopes = others if slopes is None else slopes + others
        product = _joined(self.base.matmul(left, right), slopes)
        if out is None:
            return product
        out[...] = product
        return out

    # Functions

    def apply(self, function: Function, x: Array) -> Array:
        """Values by the base, and slopes by the derivative; OutOfRange for a root where what moves is 0."""
        values, slopes = _parts(x)
        made = self.base.apply(function, values)
        return made if slopes is None else _joined(made, DERIVATIVES[function](self.base, values, made) * slopes)

    def general(self, symbol: str, x: Array) -> Array:
        """A general function, and its derivative."""
        values, slopes = _parts(x)
        made = self.base.general(symbol, values)
        return made if slopes is None else _joined(made, self.base.general(f"{symbol}'", values) * slopes)

    def simplified(self, x: Array) -> Array:
        """Both parts in the simplest sums."""
        values, slopes = _parts(x)
        return _joined(self.base.simplified(values), None if slopes is None else self.base.simplified(slopes))

    # Decisions

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Of the values."""
        return self.base.is_greater(_parts(a)[0], b if isinstance(b, int) else _parts(b)[0])

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Of the values."""
        return self.base.is_equal(_parts(a)[0], b if isinstance(b, int) else _parts(b)[0])

    # To the reader, who sees the values

    def to_float(self, x: Array) -> Doubles:
        """Of the values."""
        return self.base.to_float(_parts(x)[0])

    def rational(self, element: Element) -> Fraction | None:
        """Of the value."""
        return self.base.rational(_value(element))

    def decimal(self, element: Element, digits: int) -> Decimal:
        """Of the value."""
        return self.base.decimal(_value(element), digits)

    def closed_forms(self, x: Array, labels: Labels = (), samples: Sequence[int | None] | None = None) -> Array | None:
        """Of the values."""
        return self.base.closed_forms(_parts(x)[0], labels, samples)


def _value(element: Element) -> Element:
    return element.value if isinstance(element, Dual) else element


def _parts(x: Array) -> tuple[Array, Array | None]:
    """Values and slopes; None where nothing moves."""
    x = np.asarray(x)
    elements = x.ravel().tolist() if x.dtype == object else []
    if Dual not in set(map(type, elements)):
        return x, None
    values = filled(x.shape, list(map(_value, elements)))
    none = next(element for element in elements if isinstance(element, Dual)).slope * 0
    return values, filled(x.shape, [element.slope if isinstance(element, Dual) else none for element in elements])


def _joined(values: Array, slopes: Array | None) -> Array:
    if slopes is None:
        return values
    pairs = zip(values.ravel().tolist(), slopes.ravel().tolist(), strict=True)
    return filled(values.shape, [value if _is_nothing(slope) else Dual(value, slope) for value, slope in pairs])


def _is_nothing(slope: Element) -> bool:
    return not isinstance(slope, ClosedForm) and bool(slope == 0)


def _of_root(numbers: Arithmetic, x: Array, y: Array) -> Array:
    if numbers.is_equal(y, 0).any():
        raise OutOfRange("a square root has no derivative at 0")
    return 1 / (2 * y)


def _of_erf(numbers: Arithmetic, x: Array, y: Array) -> Array:
    """2/√π · e^-x²."""
    factor = 2 / numbers.sqrt(np.asarray([numbers.number(Constant("pi"))]))
    return np.asarray(factor[0] * numbers.exp(0 - x * x))


DERIVATIVES: Mapping[Function, Callable[[Arithmetic, Array, Array], Array]] = {
    "exp": lambda numbers, x, y: y,
    "log": lambda numbers, x, y: 1 / x,
    "sqrt": _of_root,
    "sigmoid": lambda numbers, x, y: y * (1 - y),
    "tanh": lambda numbers, x, y: 1 - y * y,
    "erf": _of_erf,
    "sin": lambda numbers, x, y: numbers.apply("cos", x),
    "cos": lambda numbers, x, y: 0 - numbers.apply("sin", x),
}
"""Of each function, from x and y."""

STEP = 1e-20
"""As a part of 1, or of the smallest number that is moved: log and 1/x turn within a number's own size."""
SMALLEST = 1e-280
"""A step below which doubles have no digits left for a derivative."""


class ComplexStep(Float64):
    """Arrays of complex128. What leaves the range of doubles is infinite or NaN, and nothing is raised."""

    name = "complex step"
    few = 0
    dtype = np.complex128
    saturates = False
    gated = Arithmetic.gated
    positive_part = Arithmetic.positive_part
    first_largest = Arithmetic.first_largest
    largest = Arithmetic.largest
    added_at = Arithmetic.added_at
    log_softmax = Arithmetic.log_softmax

    def __init__(self) -> None:
        self._step = STEP

    def moved(self, x: Array, direction: Array) -> Array:
        """x + direction·h·i; raises OutOfRange where a number is too near 0 to be moved by a small part of itself."""
        sizes = np.abs(x[(direction != 0) & (x != 0)])
        self._step = STEP * float(sizes.min(initial=1.0))
        if self._step < SMALLEST:
            raise OutOfRange("a number is too near 0 to be moved")
        return np.asarray(x + direction * (self._step * 1j))

    def slopes(self, x: Array) -> Array:
        """The derivatives along what was moved last."""
        return np.asarray(np.imag(x) / self._step)

    def checked(self, x: Any, what: str) -> Array:
        """Whatever it is."""
        return np.asarray(x)

    def scratch(self, shape: tuple[int, ...]) -> Array:
        """A new one."""
        return self.empty(shape)

    def apply(self, function: Function, x: Array) -> Array:
        """NumPy's; sigmoid by e^-|x|, which cannot overflow; erf of the real part, and its slope times the step."""
        if function == "sigmoid":
            is_positive = np.real(x) >= 0
            power = np.exp(np.where(is_positive, -x, x))
            return np.asarray(np.where(is_positive, 1.0, power) / (1.0 + power))
        if function == "erf":
            real = np.real(x)
            slope = (2 / math.sqrt(math.pi)) * np.exp(-real * real)
            return np.asarray(super().apply("erf", real) + 1j * np.imag(x) * slope)
        return np.asarray(getattr(np, function)(x))

    normal = Arithmetic.normal

    def log_sigmoid(self, x: Array) -> Array:
        """−log(1 + e^-x), as x − log(1 + e^x) where the real part is not positive."""
        is_positive = np.real(x) > 0
        return np.asarray(np.where(is_positive, 0.0, x) - np.log1p(np.exp(np.where(is_positive, -x, x))))

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Of the real parts."""
        return np.asarray(np.real(a) > np.real(b))

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Of the real parts."""
        return np.asarray(np.real(a) == np.real(b))
