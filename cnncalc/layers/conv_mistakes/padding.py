"""What people get wrong with the padding of a convolution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cnncalc.language import Phrase
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_mistakes.scene import (
    NO_SIDES,
    conv_of,
    laid_wrong,
    sides_of,
    spans_of,
    with_sides,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _forgotten(scene: Scene) -> Wrong:
    if sides_of(scene) != NO_SIDES:
        yield scene.forward(with_sides(scene, NO_SIDES))["y"]


def _imagined(scene: Scene) -> Iterator[Conv]:
    if sides_of(scene) == NO_SIDES:
        yield replace(conv_of(scene), anchor=None, padding="same")
        rows, columns = (span - 1 for span in spans_of(scene))
        yield with_sides(scene, ((rows, rows), (columns, columns)))


def _one_sided(scene: Scene) -> Iterator[Conv]:
    (top, bottom), (left, right) = sides_of(scene)
    # One cell can only be on one side: which one is a convention of `same`.
    enough = 2 if conv_of(scene).padding == "same" else 1
    if conv_of(scene).anchor is None and max(top + bottom, left + right) >= enough:
        yield with_sides(scene, ((0, top + bottom), (0, left + right)))
        yield with_sides(scene, ((top + bottom, 0), (left + right, 0)))


def _total(scene: Scene) -> Wrong:
    (top, bottom), (left, right) = sides_of(scene)
    if conv_of(scene).anchor is None and conv_of(scene).padding != "same" and (top, left) == (bottom, right):
        for up, across in ((top // 2, left // 2), (top - top // 2, left - left // 2), (0, 0), (top, left)):
            yield scene.forward(with_sides(scene, ((up, top - up), (across, left - across))))["y"]


def _odd_cell_first(scene: Scene) -> Iterator[Conv]:
    if conv_of(scene).padding == "same":
        yield from _sides_exchanged(scene)


def _same_as_at_stride_1(scene: Scene) -> Iterator[Conv]:
    if conv_of(scene).padding == "same" and conv_of(scene).stride != (1, 1):
        rows, columns = (((span - 1) // 2, span // 2) for span in spans_of(scene))
        yield with_sides(scene, (rows, columns))


def _sides_swapped(scene: Scene) -> Iterator[Conv]:
    if conv_of(scene).anchor is None and conv_of(scene).padding != "same":
        yield from _sides_exchanged(scene)


def _sides_exchanged(scene: Scene) -> Iterator[Conv]:
    (top, bottom), (left, right) = sides_of(scene)
    if top != bottom or left != right:
        yield with_sides(scene, ((bottom, top), (right, left)))
        yield with_sides(scene, ((bottom, top), (left, right)))
        yield with_sides(scene, ((top, bottom), (right, left)))


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "padding-forgotten",
        "y",
        Phrase(
            en="The padding was forgotten: put the zeros around the input first. Output rows: ⌊(H + 2p − k)/s⌋ + 1.",
            zh="忘了填充：应先在输入四周补零。输出行数：⌊(H + 2p − k)/s⌋ + 1。",
        ),
        _forgotten,
    ),
    *laid_wrong(
        "padding-one-sided",
        Phrase(
            en="All zeros were put on one side (bottom and right, or top and left); they belong on all sides.",
            zh="零全部补在了一侧（下方和右侧，或上方和左侧）；应补在输入四周。",
        ),
        _one_sided,
        # In dx it is the padding that is cut off on one side only.
        tensors=("y", "dweight"),
    ),
    Mistake(
        "padding-read-as-total",
        "y",
        Phrase(
            en="Another convention: the padding was read as the number of zeros on both sides together. Here p zeros go"
            " on each side: output rows ⌊(H + 2p − k)/s⌋ + 1.",
            zh="另一种约定：把填充数当作两侧的总数。本题每一侧各补 p 个零：输出行数为 ⌊(H + 2p − k)/s⌋ + 1。",
        ),
        _total,
        "convention",
    ),
    *laid_wrong(
        "same-odd-cell-first",
        Phrase(
            en="Another convention: the odd row or column of `same` padding was put at the top or left. This problem"
            " puts it at the bottom or right.",
            zh="另一种约定：`same` 填充中多出的一行（列）放在了上方（左侧）。本题放在下方（右侧）。",
        ),
        _odd_cell_first,
        "convention",
    ),
    *laid_wrong(
        "same-as-at-stride-1",
        Phrase(
            en="Another convention: `same` was padded as for stride 1. Here the padding takes the stride into account,"
            " so that the output has ⌈H/s⌉ rows and no zeros are wasted.",
            zh="另一种约定：`same` 按步长 1 填充。本题的填充考虑步长，输出为 ⌈H/s⌉ 行，不多补零。",
        ),
        _same_as_at_stride_1,
        "convention",
    ),
    *laid_wrong(
        "padding-sides-swapped",
        Phrase(
            en="Top and bottom, or left and right, were swapped: `padding` is [[top, bottom], [left, right]].",
            zh="填充的上下或左右弄反了：`padding` 的顺序为 [[上, 下], [左, 右]]。",
        ),
        _sides_swapped,
    ),
    *laid_wrong(
        "padding-imagined",
        Phrase(
            en="Another convention: zeros were put around the input (`same` or `full`); here there is no padding"
            " (`valid`).",
            zh="另一种约定：在输入四周补了零（`same` 或 `full`）；本题没有填充（`valid`）。",
        ),
        _imagined,
        "convention",
        ("y",),
    ),
)
"""The most specific first."""
