"""A tensor as it was typed: its entries in its own shape, which the layers then make the full one."""

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import Shape
from cnncalc.problem.text.faults import Place
from cnncalc.records import dataclass

LARGEST = 12_000_000


@dataclass(frozen=True)
class Typed:
    """Entries as typed; shape () is one number (or a drawing) that takes whatever shape it is given.

    `is_sheet` marks a matrix as written on paper (a text block, LaTeX), whose one row or column may mean a vector.
    """

    shape: Shape
    entries: Array | None
    place: Place
    draw: Callable[[Shape], Array] | None = None
    name: str | None = None
    name_place: Place | None = None
    is_sheet: bool = False
    symbol: str | None = None
    """What its elements are called where they are letters."""

    def fitted(self, full: Shape) -> Array | None:
        """The entries in the full shape; None where they are not as many, or lie differently."""
        if self.draw is not None and self.entries is None:
            return self.draw(full)
        assert self.entries is not None, "a tensor is typed or drawn"
        if self.shape == ():
            # A view: a number that fills a large tensor takes no memory.
            return np.broadcast_to(self.entries, full)
        if self.shape == full or without_ones(self.shape) == without_ones(full):
            return self.entries.reshape(full)
        return None

    def in_order(self, full: Shape) -> Array | None:
        """As `fitted`, and any other shape with as many entries is taken in order."""
        fitted = self.fitted(full)
        if fitted is None and self.entries is not None and self.entries.size == prod(full):
            return self.entries.reshape(full)
        return fitted

    @property
    def vector_shape(self) -> Shape:
        """The shape, a written matrix of one row or column being a vector."""
        return (max(self.shape),) if self.is_sheet and len(self.shape) == 2 and 1 in self.shape else self.shape


def without_ones(shape: Shape) -> Shape:
    """The shape without its axes of length 1."""
    return tuple(n for n in shape if n != 1)


def object_array(entries: list[Any], shape: Shape) -> Array:
    """Typed numbers as an object array; np.array would look into them."""
    return np.fromiter(entries, dtype=object, count=len(entries)).reshape(shape)
