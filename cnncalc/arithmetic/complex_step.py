"""Doubles with a derivative: a + b·h·i with a step h so small that h² is nothing.

What an analytic function makes of a + h·i has its derivative, times h, as imaginary part, to the last digits of a
double, for nothing is subtracted. Branches are those of the real parts.
"""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans
from cnncalc.arithmetic.float64 import Float64

STEP = 1e-100


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

    def moved(self, x: Array, direction: Array) -> Array:
        """x + direction·h·i."""
        return np.asarray(x + direction * (STEP * 1j))

    def slopes(self, x: Array) -> Array:
        """The derivatives."""
        return np.asarray(np.imag(x) / STEP)

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

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Of the real parts."""
        return np.asarray(np.real(a) > np.real(b))

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Of the real parts."""
        return np.asarray(np.real(a) == np.real(b))
