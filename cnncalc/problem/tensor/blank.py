"""Tensors of which only the shape is given, so that sizes and counts can be worked out without any numbers."""

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import Shape

LARGEST_BLANK = 2**40
"""Elements of a parameter without numbers; those of AlexNet's largest are 2**25."""


class _Blank:
    """What stands in place of a number that nobody has given."""

    def __repr__(self) -> str:
        return "BLANK"


BLANK = _Blank()


def blank(shape: Shape) -> Array:
    """A tensor without numbers, of any size in no memory; shape () takes whatever shape it is given."""
    one = np.empty((), dtype=object)
    one[()] = BLANK
    return np.broadcast_to(one, shape)


def is_blank(entries: Array | None) -> bool:
    """Whether these are no numbers."""
    return entries is not None and entries.dtype == object and entries.size > 0 and isinstance(entries.flat[0], _Blank)
