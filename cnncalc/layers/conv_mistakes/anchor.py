"""What people get wrong with the anchor of a convolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnncalc.language import Phrase
from cnncalc.layers.axis import Pair
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_mistakes.scene import conv_of, laid_wrong
from cnncalc.layers.mistake import Mistake, Scene


def _ignored(scene: Scene) -> Iterator[Conv]:
    rows, columns = scene["weight"].shape[2:]
    yield from _anchored(scene, (rows // 2, columns // 2), ((rows - 1) // 2, (columns - 1) // 2), (0, 0))


def _mirrored(scene: Scene) -> Iterator[Conv]:
    row, column = conv_of(scene).anchor or (0, 0)
    rows, columns = scene["weight"].shape[2:]
    yield from _anchored(scene, (rows - 1 - row, columns - 1 - column), (-row, -column))


def _swapped(scene: Scene) -> Iterator[Conv]:
    row, column = conv_of(scene).anchor or (0, 0)
    yield from _anchored(scene, (column, row))


def _from_1(scene: Scene) -> Iterator[Conv]:
    row, column = conv_of(scene).anchor or (0, 0)
    yield from _anchored(scene, (row - 1, column - 1))


def _anchored(scene: Scene, *anchors: Pair) -> Iterator[Conv]:
    """The layer with other anchors, if it has one."""
    for anchor in anchors if conv_of(scene).anchor is not None else ():
        yield replace(conv_of(scene), anchor=anchor)


MISTAKES: tuple[Mistake, ...] = (
    *laid_wrong(
        "anchor-ignored",
        Phrase(
            en="The kernel was laid with its centre or its corner on the cell of the output; its anchor belongs there.",
            zh="把卷积核的中心或角放在了输出位置上；应把锚点（anchor）放在该位置。",
        ),
        _ignored,
    ),
    *laid_wrong(
        "anchor-mirrored",
        Phrase(
            en="The anchor was counted from the wrong side: for the anchor (m, n) and stride 1,"
            " y[i,j] = Σ w[p,q] · x[i + p − m, j + q − n].",
            zh="锚点的方向弄反了：锚点为 (m, n)、步长为 1 时，y[i,j] = Σ w[p,q] · x[i + p − m, j + q − n]。",
        ),
        _mirrored,
    ),
    *laid_wrong(
        "anchor-axes-swapped",
        Phrase(
            en="Row and column of the anchor were swapped: `anchor` is [row, column].",
            zh="锚点的行与列弄反了：`anchor` 的顺序为 [行, 列]。",
        ),
        _swapped,
    ),
    *laid_wrong(
        "anchor-counted-from-1",
        Phrase(
            en="Another convention: the anchor was counted from 1; here the kernel's first cell is [0, 0].",
            zh="另一种约定：锚点从 1 开始计数；本题卷积核的第一个元素为 [0, 0]。",
        ),
        _from_1,
        "convention",
    ),
)
"""The most specific first."""
