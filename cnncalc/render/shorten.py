"""Which indices of a long axis are shown: the first and the last, with a gap between."""

from collections.abc import Iterable
from typing import TypeAlias

Indices: TypeAlias = tuple[int | None, ...]
"""Indices of an axis, None where some are left out."""

LIMITS = ((16, 8, 4), (16, 8, 4), (8, 3, 1), (4, 2, 1))
"""From the last axis on: the longest that is shown in full, and how many first and last indices of a longer one."""
VECTOR_LIMIT = (40, 16, 4)


def shown_indices(shape: tuple[int, ...], shorten: bool) -> tuple[Indices, ...]:
    """For each axis, the indices that are shown."""
    if not shorten:
        return tuple(tuple(range(length)) for length in shape)
    if len(shape) == 1:
        return (_of_axis(shape[0], *VECTOR_LIMIT),)
    limits = [LIMITS[min(place, len(LIMITS) - 1)] for place in range(len(shape))]
    return tuple(_of_axis(length, *limit) for length, limit in zip(shape, reversed(limits), strict=True))


def is_shortened(axes: Iterable[Indices]) -> bool:
    """Whether anything is left out."""
    return any(None in axis for axis in axes)


def _of_axis(length: int, limit: int, first: int, last: int) -> Indices:
    if length <= limit:
        return tuple(range(length))
    return (*range(first), None, *range(length - last, length))
