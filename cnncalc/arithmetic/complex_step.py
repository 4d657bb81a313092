"""Doubles with a derivative: a + b·h·i with a step h so small that h² is nothing.

What an analytic function makes of a + h·i has its derivative, times h, as imaginary part, to the last digits of a
double, for nothing is subtracted. Branches are those of the real parts.
"""

import math
from typing import Any, ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, OutOfRange
from cnncalc.arithmetic.float64 import Float64

STEP = 1e-20
"""As a part of 1, or of the smallest number that is moved: log and 1/x turn within a number's own size."""
SMALLEST = 1e-280
"""A step below which doubles have no digits left for a derivative."""


class ComplexStep(Float64):
    """Arrays of complex128. What leaves the range of doubles is infinite or NaN, and nothing is raised."""

    name: ClassVar[str] = "complex step"
    few: ClassVar[int] = 0
    dtype: ClassVar[type[np.number[Any]]] = np.complex128
    saturates: ClassVar[bool] = False
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

    def log(self, x: Array) -> Array:
        """NumPy's."""
        return np.asarray(np.log(x))

    def sqrt(self, x: Array) -> Array:
        """NumPy's."""
        return np.asarray(np.sqrt(x))

    def sigmoid(self, x: Array) -> Array:
        """By e^-|x|, which cannot overflow."""
        is_positive = np.real(x) >= 0
        power = np.exp(np.where(is_positive, -x, x))
        return np.asarray(np.where(is_positive, 1.0, power) / (1.0 + power))

    def sin(self, x: Array) -> Array:
        """NumPy's."""
        return np.asarray(np.sin(x))

    def cos(self, x: Array) -> Array:
        """NumPy's."""
        return np.asarray(np.cos(x))

    def erf(self, x: Array) -> Array:
        """Of the real part, and its slope times the step."""
        real = np.real(x)
        return np.asarray(super().erf(real) + 1j * np.imag(x) * (2 / math.sqrt(math.pi)) * np.exp(-real * real))

    normal = Arithmetic.normal

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Of the real parts."""
        return np.asarray(np.real(a) > np.real(b))

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Of the real parts."""
        return np.asarray(np.real(a) == np.real(b))
