"""Mistakes that people make with any tensor: a sign, a decimal point, an order, the wrong tensor."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import permutations
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.checking.candidate import SAME, Candidate
from cnncalc.language import Phrase

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans
    from cnncalc.checking.answer_key import Expected
    from cnncalc.checking.matched_answers import MatchedAnswer

PHRASES = {
    "sign": Phrase("The sign is the wrong way round."),
    "factor-of-ten": Phrase("The decimal point is in the wrong place."),
    "factor-n": Phrase(
        "A factor of N, the number of samples in the mini-batch, too many or too few. Sum and mean over the"
        " mini-batch differ by this factor."
    ),
    "constant-factor": Phrase("A constant factor too many or too few, such as 2 or 1/2."),
    "transposed": Phrase("Rows and columns are exchanged: this is the transpose."),
    "rotated": Phrase("Each matrix (kernel or feature map) is rotated by 180°."),
    "other-element-order": Phrase(
        "The right numbers in another order: the axes are run through in another order, or everything backwards."
    ),
    "cells-swapped": Phrase("Two cells are exchanged: {first} and {second}."),
    "rows-swapped": Phrase("Rows {first} and {second} are exchanged."),
    "columns-swapped": Phrase("Columns {first} and {second} are exchanged."),
    "channels-swapped": Phrase(
        "Entries {first} and {second} of axis {axis} (channels, kernels or samples) are exchanged."
    ),
    "another-tensor": Phrase("These are the numbers of another tensor: {other}."),
}
"""By code: what is said; `cnncalc mistakes` lists them."""

_TENS = [Fraction(10) ** power for power in (1, -1, 2, -2, 3, -3)]
_CONSTANTS = [Fraction(2), Fraction(1, 2), Fraction(4), Fraction(1, 4), Fraction(3), Fraction(1, 3)]
MOST_AXES = 4


def _candidate(code: str, values: Array, **put_in: object) -> Candidate:
    return Candidate(code, PHRASES[code].format(**put_in) if put_in else PHRASES[code], np.asarray(values))


def is_plain(values: Array) -> bool:
    """Whether all elements, balls or doubles, are the same, so that no order can be told."""
    if not values.size:
        return True  # the shape of a single number
    first, others = values.flat[0], values.ravel()[1:]
    if isinstance(first, float):
        # What no double holds is infinite there, and says nothing of what is the same.
        with np.errstate(invalid="ignore"):
            return bool((np.abs(first - others) <= SAME * (1 + abs(first))).all())
    return all(bool(first.overlaps(other)) for other in others)


def scaled(values: Array, batch: int | None) -> Iterator[Candidate]:
    """Sign and factors; these may also have happened in some of the cells only."""
    yield _candidate("sign", -values)
    if batch and batch > 1:
        for factor in (Fraction(batch), Fraction(1, batch)):
            yield _candidate("factor-n", _times(values, factor))
    for factor in _TENS:
        yield _candidate("factor-of-ten", _times(values, factor))
    for factor in _CONSTANTS:
        yield _candidate("constant-factor", _times(values, factor))


def _times(values: Array, factor: Fraction) -> Array:
    return values * factor.numerator / factor.denominator


def reordered(values: Array, typed_shape: tuple[int, ...]) -> Iterator[Candidate]:
    """The same numbers elsewhere, as a rule says that knows nothing of the student's cells."""
    if is_plain(values):
        return
    if values.ndim >= 2:
        is_transposed = typed_shape[-2:] == values.shape[:-3:-1] or values.shape[-1] == values.shape[-2]
        yield _candidate("transposed" if is_transposed else "other-element-order", values.swapaxes(-1, -2))
        yield _candidate("rotated", values[..., ::-1, ::-1])
    if 2 < values.ndim <= MOST_AXES:
        for axes in permutations(range(values.ndim)):
            if axes != tuple(range(values.ndim)):
                yield _candidate("other-element-order", values.transpose(axes))
    if values.size > 2:
        yield _candidate("other-element-order", values.ravel()[::-1])


def swapped(values: Array, answer: MatchedAnswer, is_bad: Booleans, index_base: int) -> Iterator[Candidate]:
    """Two cells or two slices exchanged, where the cells that are not right lie in just two."""
    if not answer.fits or not answer.is_whole or is_bad.size != values.size or is_plain(values):
        return
    bad = np.argwhere(is_bad.reshape(values.shape))
    if len(bad) == 2:
        first, second = (tuple(int(i) for i in index) for index in bad.tolist())
        other = values.copy()
        other[first], other[second] = values[second], values[first]
        shown = ["[" + ",".join(str(i + index_base) for i in index) + "]" for index in (first, second)]
        yield _candidate("cells-swapped", other, first=shown[0], second=shown[1])
    if len(bad) <= 2:
        return
    for axis in range(values.ndim) if values.ndim > 1 else ():
        touched = np.unique(bad[:, axis])
        if len(touched) != 2:
            continue
        order = np.arange(values.shape[axis])
        order[touched] = order[touched[::-1]]
        rows = [int(i) + index_base for i in touched]
        code = {1: "columns-swapped", 2: "rows-swapped"}.get(values.ndim - axis, "channels-swapped")
        yield _candidate(code, values.take(order, axis), first=rows[0], second=rows[1], axis=axis + 1)
        if values.ndim > 2 and axis >= values.ndim - 2 and (bad[:, :-2] == bad[0, :-2]).all():
            within = values.copy()
            within[tuple(bad[0, :-2])] = values[tuple(bad[0, :-2])].take(order, axis - values.ndim + 2)
            yield _candidate(code, within, first=rows[0], second=rows[1], axis=axis + 1)


def another_tensor(other: Expected) -> Candidate:
    """Another tensor of the problem, where it does not belong."""
    return _candidate("another-tensor", other.enclosed, other=other.tensor.name)
