"""The rationals of Python's standard library as an arithmetic, to compare with: the same layers, the same results."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, ClassVar, NoReturn

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Doubles, Element, Function, Labels


class Fractions(Arithmetic):
    """Object arrays of `fractions.Fraction`; what leaves the rationals is not there."""

    name: ClassVar[str] = "fractions"
    proven: ClassVar[bool] = True

    def number(self, literal: Any) -> Element:
        """An integer, a decimal or a fraction."""
        return Fraction(literal)

    def array(self, literals: Array) -> Array:
        """Element by element."""
        array = np.empty(literals.size, dtype=object)
        array[:] = [Fraction(literal) for literal in literals.ravel().tolist()]
        return array.reshape(literals.shape)

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """Fraction(0) everywhere."""
        return np.full(shape, Fraction(0), dtype=object)

    def sum(self, x: Array, axis: int | tuple[int, ...]) -> Array:
        """NumPy's, which adds the objects up."""
        return np.asarray(np.sum(x, axis=axis, initial=Fraction(0)))  # type: ignore[call-overload]

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """NumPy's, which multiplies and adds the objects."""
        return np.asarray(np.matmul(a, b, out=out))

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """As the fractions are."""
        return np.asarray(a > b, dtype=bool)

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """As the fractions are."""
        return np.asarray(a == b, dtype=bool)

    def to_float(self, x: Array) -> Doubles:
        """The nearest doubles."""
        return np.asarray(x).astype(np.float64)

    def rational(self, element: Element) -> Fraction | None:
        """The element."""
        return Fraction(element)

    def _irrational(self, *_: Any) -> NoReturn:
        raise NotImplementedError("only the rational layers are compared")

    def apply(self, function: Function, x: Array) -> Array:
        """Not there."""
        self._irrational()

    def decimal(self, element: Element, digits: int) -> Decimal:
        """Not needed."""
        self._irrational()

    def closed_forms(self, x: Array, labels: Labels = (), samples: Sequence[int | None] | None = None) -> Array | None:
        """Not needed."""
        self._irrational()
