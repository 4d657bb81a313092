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
    "sign": Phrase(en="The sign is the wrong way round.", zh="正负号反了。"),
    "factor-of-ten": Phrase(en="The decimal point is in the wrong place.", zh="小数点位置错了。"),
    "factor-n": Phrase(
        en="A factor of N, the number of samples in the mini-batch, too many or too few. Sum and mean over the"
        " mini-batch differ by this factor.",
        zh="多了或少了一个因子 N（小批量的样本数）。对小批量求和与求平均正好相差这个因子。",
    ),
    "constant-factor": Phrase(
        en="A constant factor too many or too few, such as 2 or 1/2.", zh="多了或少了一个常数因子（如 2 或 1/2）。"
    ),
    "transposed": Phrase(
        en="Rows and columns are exchanged: this is the transpose.", zh="行与列互换了：这是转置后的矩阵。"
    ),
    "rotated": Phrase(
        en="Each matrix (kernel or feature map) is rotated by 180°.", zh="每个矩阵（卷积核或特征图）都旋转了 180°。"
    ),
    "other-element-order": Phrase(
        en="The right numbers in another order: the axes are run through in another order, or everything backwards.",
        zh="数值正确但排列次序不同：各维度的先后次序不同，或整个倒序。",
    ),
    "cells-swapped": Phrase(
        en="Two cells are exchanged: {first} and {second}.", zh="两个元素互换了：{first} 与 {second}。"
    ),
    "rows-swapped": Phrase(en="Rows {first} and {second} are exchanged.", zh="第 {first} 行与第 {second} 行互换了。"),
    "columns-swapped": Phrase(
        en="Columns {first} and {second} are exchanged.", zh="第 {first} 列与第 {second} 列互换了。"
    ),
    "channels-swapped": Phrase(
        en="Entries {first} and {second} of axis {axis} (channels, kernels or samples) are exchanged.",
        zh="第 {axis} 维（通道、卷积核或样本）的第 {first} 项与第 {second} 项互换了。",
    ),
    "another-tensor": Phrase(
        en="These are the numbers of another tensor: {other}.", zh="这些是另一个张量 {other} 的数值。"
    ),
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
