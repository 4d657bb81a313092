"""Which indices of a long axis are shown: the first and the last, with a gap between."""

from collections.abc import Iterable
from math import prod
from typing import TypeAlias

Indices: TypeAlias = tuple[int | None, ...]
"""Indices of an axis, None where some are left out."""

MATRIX_LIMIT = (16, 8, 4)
"""The longest axis that is shown in full, and how many first and last indices are of a longer one."""
VECTOR_LIMIT = (40, 16, 4)
LEAD_LIMITS = ((16, 3, 1), (8, 3, 1), (4, 2, 1))
"""For the axes before a matrix, from generous to strict: the first that leaves few enough numbers is taken."""
ENOUGH_NUMBERS = 300


def shown_indices(shape: tuple[int, ...], shorten: bool) -> tuple[Indices, ...]:
    """For each axis, the indices that are shown."""
    if not shorten:
        return tuple(tuple(range(length)) for length in shape)
    if len(shape) == 1:
        return (_of_axis(shape[0], *VECTOR_LIMIT),)
    matrix = [_of_axis(length, *MATRIX_LIMIT) for length in shape[-2:]]
    for limit in LEAD_LIMITS:
        axes = (*(_of_axis(length, *limit) for length in shape[:-2]), *matrix)
        if prod(map(len, axes)) <= ENOUGH_NUMBERS:
            break
    return axes


def is_shortened(axes: Iterable[Indices]) -> bool:
    """Whether anything is left out."""
    return any(None in axis for axis in axes)


def _of_axis(length: int, limit: int, first: int, last: int) -> Indices:
    if length <= limit:
        return tuple(range(length))
    return (*range(first), None, *range(length - last, length))
