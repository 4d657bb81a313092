"""What people get wrong at the edge of a transposed convolution: padding takes away, output_padding adds."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import place
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.conv_transpose_mistakes.scene import (
    NO_SIDES,
    Sides,
    biased,
    laid_wrong,
    layer_of,
    padding_of,
    spans_of,
    with_sides,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _not_cropped(scene: Scene) -> Iterator[ConvTranspose]:
    if padding_of(scene) != NO_SIDES:
        yield _taking(scene, NO_SIDES)
        yield with_sides(scene, NO_SIDES)


def _added(scene: Scene) -> Iterator[ConvTranspose]:
    (top, bottom), (left, right) = padding_of(scene)
    if padding_of(scene) != NO_SIDES:
        yield _taking(scene, ((-top, -bottom), (-left, -right)))
        # Zeros around x: each of them moves the stamps by a stride.
        rows, columns = layer_of(scene).stride
        yield _taking(scene, ((-top * rows, -bottom * rows), (-left * columns, -right * columns)))


def _padded_too_little(scene: Scene) -> Iterator[ConvTranspose]:
    rows, columns = (span - 1 for span in spans_of(scene))
    (top, bottom), (left, right) = padding_of(scene)
    # The zeros around x, as the kernel is laid on, are p, none, or half the kernel, instead of k − 1 − p.
    yield _taking(scene, ((rows - top, rows - bottom), (columns - left, columns - right)))
    yield _taking(scene, ((rows, rows), (columns, columns)))
    yield _taking(scene, ((rows - rows // 2,) * 2, (columns - columns // 2,) * 2))


def _one_sided(scene: Scene) -> Iterator[ConvTranspose]:
    (top, bottom), (left, right) = padding_of(scene)
    if min(top, bottom, left, right) < 0 or max(top + bottom, left + right) < _least(scene):
        return
    yield _taking(scene, ((0, top + bottom), (0, left + right)))
    yield _taking(scene, ((top + bottom, 0), (left + right, 0)))
    yield _taking(scene, ((0, bottom), (0, right)))
    yield _taking(scene, ((top, 0), (left, 0)))


def _total(scene: Scene) -> Iterator[ConvTranspose]:
    (top, bottom), (left, right) = padding_of(scene)
    if layer_of(scene).padding != "same" and (top, left) == (bottom, right):
        for up, across in ((top // 2, left // 2), (top - top // 2, left - left // 2)):
            yield _taking(scene, ((up, top - up), (across, left - across)))


def _odd_cell_first(scene: Scene) -> Iterator[ConvTranspose]:
    if layer_of(scene).padding == "same":
        yield from _sides_exchanged(scene)


def _sides_swapped(scene: Scene) -> Iterator[ConvTranspose]:
    if layer_of(scene).padding != "same":
        yield from _sides_exchanged(scene)


def _sides_exchanged(scene: Scene) -> Iterator[ConvTranspose]:
    (top, bottom), (left, right) = padding_of(scene)
    if top != bottom or left != right:
        yield _taking(scene, ((bottom, top), (right, left)))
        yield _taking(scene, ((bottom, top), (left, right)))
        yield _taking(scene, ((top, bottom), (right, left)))


def _not_added_at_end(scene: Scene) -> Iterator[ConvTranspose]:
    if layer_of(scene).output_padding != (0, 0):
        yield with_sides(scene, padding_of(scene))


def _added_elsewhere(scene: Scene) -> Iterator[ConvTranspose]:
    rows, columns = layer_of(scene).output_padding
    (top, bottom), (left, right) = padding_of(scene)
    if (rows, columns) != (0, 0):
        yield with_sides(scene, ((top - rows, bottom), (left - columns, right)))
        yield with_sides(scene, ((top - rows, bottom - rows), (left - columns, right - columns)))


def _zeros_at_end(scene: Scene) -> Wrong:
    if layer_of(scene).output_padding != (0, 0):
        without = with_sides(scene, padding_of(scene))
        bare = without.forward(scene.numbers, scene["x"], {"weight": scene["weight"]})["y"]
        size = scene["y"].shape[2:]
        yield biased(scene, place(scene, bare, 0, 0, size))
        yield place(scene, biased(scene, bare), 0, 0, size)


def _taking(scene: Scene, sides: Sides) -> ConvTranspose:
    """The layer that takes so much off; the output_padding is as it should be."""
    rows, columns = layer_of(scene).output_padding
    (top, bottom), (left, right) = sides
    return with_sides(scene, ((top, bottom - rows), (left, right - columns)))


def _least(scene: Scene) -> int:
    """The padding of an axis that can be on one side by mistake; an odd cell of `same` is there by convention."""
    return 2 if layer_of(scene).padding == "same" else 1


MISTAKES: tuple[Mistake, ...] = (
    laid_wrong(
        "padding-forgotten",
        Phrase(
            en="The padding was forgotten: p rows and columns are taken off each side of what the stamps cover, so that"
            " (H − 1)·s + k − 2p rows are left.",
            zh="忘了填充：应从印出的结果每一侧裁去 p 行（列），剩下 (H − 1)·s + k − 2p 行。",
        ),
        _not_cropped,
    ),
    laid_wrong(
        "padding-added",
        Phrase(
            en="Zeros were added around; the padding of a transposed convolution takes p rows and columns off each side"
            " of the output: (H − 1)·s + k − 2p rows.",
            zh="在四周补了零；转置卷积的填充是从输出每一侧裁去 p 行（列）：输出 (H − 1)·s + k − 2p 行。",
        ),
        _added,
    ),
    laid_wrong(
        "full-padding-forgotten",
        Phrase(
            en="Computed as a correlation, x (with s − 1 zeros between its cells) needs k − 1 − p zeros on each side,"
            " not p; k is d·(k − 1) + 1 where the dilation d is not 1.",
            zh="若按互相关计算，x（元素间已插入 s − 1 个零）每一侧应补 k − 1 − p 个零，而不是 p 个；"
            "膨胀率 d 不为 1 时，k 换成 d·(k − 1) + 1。",
        ),
        _padded_too_little,
    ),
    laid_wrong(
        "padding-cropped-on-one-side",
        Phrase(
            en="The padding was taken off on one side only; p rows and columns come off all sides.",
            zh="只从一侧裁去了填充；四边都要裁去 p 行（列）。",
        ),
        _one_sided,
    ),
    laid_wrong(
        "padding-read-as-total",
        Phrase(
            en="Another convention: the padding was read as the number of rows that come off both sides together. Here"
            " p rows come off each side: (H − 1)·s + k − 2p are left.",
            zh="另一种约定：把填充数当作两侧裁去的总数。本题每一侧各裁去 p 行：剩下 (H − 1)·s + k − 2p 行。",
        ),
        _total,
        "convention",
    ),
    laid_wrong(
        "same-odd-cell-first",
        Phrase(
            en="Another convention: with `same`, the odd row or column was taken off at the top or left. This problem"
            " takes it off at the bottom or right.",
            zh="另一种约定：`same` 时，多出的一行（列）从上方（左侧）裁去了。本题从下方（右侧）裁去。",
        ),
        _odd_cell_first,
        "convention",
    ),
    laid_wrong(
        "padding-sides-swapped",
        Phrase(
            en="Top and bottom, or left and right, were swapped: `padding` is [[top, bottom], [left, right]].",
            zh="填充的上下或左右弄反了：`padding` 的顺序为 [[上, 下], [左, 右]]。",
        ),
        _sides_swapped,
    ),
    Mistake(
        "output-padding-as-zeros",
        "y",
        Phrase(
            en="The rows and columns of the output_padding were filled with zeros (or with the bias). They are part of"
            " the output like all others: less is taken off at the end, and stamps that reach there count.",
            zh="output_padding 增加的行和列填成了 0（或只有偏置）。它们与其他位置一样是输出的一部分："
            "末端少裁去一些，印到那里的结果要计入。",
        ),
        _zeros_at_end,
    ),
    laid_wrong(
        "output-padding-forgotten",
        Phrase(
            en="The output_padding was forgotten: it adds rows at the bottom and columns at the right:"
            " (H − 1)·s + k − 2p + output_padding rows.",
            zh="忘了 output_padding：它在下方增加行、在右侧增加列：共 (H − 1)·s + k − 2p + output_padding 行。",
        ),
        _not_added_at_end,
    ),
    laid_wrong(
        "output-padding-misplaced",
        Phrase(
            en="The output_padding was added at the top and left, or on both sides; it belongs at the bottom and right"
            " only.",
            zh="output_padding 加在了上方和左侧，或两侧都加了；只应加在下方和右侧。",
        ),
        _added_elsewhere,
    ),
)
"""The most specific first."""
