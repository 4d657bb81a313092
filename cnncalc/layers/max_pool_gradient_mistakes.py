"""What people get wrong in the gradient of a max pool."""

from dataclasses import replace

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.elementwise_mistakes import ones
from cnncalc.layers.max_pool_winners import (
    ABSOLUTE,
    LEAST,
    MEAN,
    OTHER_TIED,
    ZERO_PADDING,
    absolute,
    as_average,
    first_by_column,
    last_of,
    lost_to_padding,
    max_pool,
    seen_by_windows,
    tied_cells,
    winners,
    won_at,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.pool_mistakes import GRADIENT_STRIDE, NEXT_MISTAKES, NOT_UNPOOLED, OVERWRITTEN
from cnncalc.layers.pool_scene import at_cells, at_stride_one, fixed_cells, overwritten, window

MANY = 256
"""Cells of all windows together up to which each is tried for a gradient that was misplaced."""


def _all_get_all(scene: Scene) -> Wrong:
    yield at_cells(scene, tied_cells(scene), scene["g"])


def _split(scene: Scene) -> Wrong:
    if max_pool(scene).ties == "first":
        yield scene.backward(replace(max_pool(scene), ties="split"))["dx"]


def _first(scene: Scene) -> Wrong:
    if max_pool(scene).ties == "split":
        yield scene.backward(replace(max_pool(scene), ties="first"))["dx"]


def _other_of_the_tied(scene: Scene) -> Wrong:
    tied = tied_cells(scene)
    yield at_cells(scene, last_of(tied), scene["g"])
    yield at_cells(scene, first_by_column(tied), scene["g"])


def _none_of_the_tied(scene: Scene) -> Wrong:
    tied = tied_cells(scene)
    alone = tied.sum(axis=(-2, -1), keepdims=True) == 1
    yield at_cells(scene, tied & alone, scene["g"])


def _overwritten(scene: Scene) -> Wrong:
    yield from overwritten(scene, *winners(scene))


def _upstream_forgotten(scene: Scene) -> Wrong:
    yield scene.backward(g=ones(scene, "g"))["dx"]


def _value_for_gradient(scene: Scene) -> Wrong:
    yield scene.backward(g=scene["y"])["dx"]
    yield scene.backward(g=scene["y"] * scene["g"])["dx"]


def _to_all_cells(scene: Scene) -> Wrong:
    everywhere = np.ones(seen_by_windows(scene, scene["x"]).shape, dtype=bool)
    yield at_cells(scene, everywhere, scene["g"])


def _mean_gradient(scene: Scene) -> Wrong:
    yield scene.backward(as_average(scene))["dx"]
    yield scene.backward(as_average(scene, False))["dx"]


def _wrong_cell(scene: Scene) -> Wrong:
    yield from fixed_cells(scene, scene["g"])


def _one_misplaced(scene: Scene) -> Wrong:
    place, g = window(scene), scene["g"]
    if max_pool(scene).ties != "first" or g.size * place.rows.kernel * place.columns.kernel > MANY:
        return
    path = scene.forward()["path"]
    right = scene.backward(path=path)["dx"]
    for n, c, i, j in np.ndindex(g.shape):
        row, column = path[n, c, i, j].tolist()
        for cell in place.cells():
            position = place.position((i, j), cell)
            if position is not None and position != (row, column):
                dx = right.copy()
                dx[n, c, row, column] = dx[n, c, row, column] - g[n, c, i, j]
                dx[n, c, position[0], position[1]] = dx[n, c, position[0], position[1]] + g[n, c, i, j]
                yield dx


def _transposed_cell(scene: Scene) -> Wrong:
    won, share = winners(scene)
    if won.shape[-1] == won.shape[-2] > 1:
        yield at_cells(scene, won.swapaxes(-1, -2), share)


def _least_gradient(scene: Scene) -> Wrong:
    yield at_cells(scene, won_at(scene, scene.forward(x=-scene["x"])["path"]), scene["g"])


def _absolute_gradient(scene: Scene) -> Wrong:
    yield at_cells(scene, won_at(scene, scene.forward(x=absolute(scene))["path"]), scene["g"])


def _zero_padding_gradient(scene: Scene) -> Wrong:
    nothing = scene.numbers.zeros(())
    yield scene.backward(g=np.where(lost_to_padding(scene), nothing, scene["g"]))["dx"]


def _stride_ignored(scene: Scene) -> Wrong:
    yield from at_stride_one(scene, *winners(scene))


def _not_unpooled(scene: Scene) -> Wrong:
    if scene["g"].shape != scene["x"].shape:
        yield scene["g"]


GRADIENT_MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "tie-to-all",
        "dx",
        Phrase(
            en="Another convention: where several cells hold the maximum, each got the whole gradient. Here their"
            " shares add up to the gradient of the window; see this problem's rule for ties.",
            zh="另一种约定：最大值不唯一时，每个位置都得到了全部梯度。本题中各位置所得之和等于该窗口的梯度；"
            "请看本题对并列的约定。",
        ),
        _all_get_all,
        "convention",
    ),
    Mistake(
        "tie-split",
        "dx",
        Phrase(
            en="Another convention: where several cells hold the maximum, they shared the gradient. This problem gives"
            " all of it to the first in row order.",
            zh="另一种约定：最大值不唯一时平分了梯度。本题把梯度全部传给按行顺序的第一个。",
        ),
        _split,
        "convention",
    ),
    Mistake(
        "tie-to-first",
        "dx",
        Phrase(
            en="Another convention: where several cells hold the maximum, the first got the whole gradient. In this"
            " problem they share it equally.",
            zh="另一种约定：最大值不唯一时，梯度全部传给了第一个。本题由这些位置平分。",
        ),
        _first,
        "convention",
    ),
    Mistake("tie-to-another", "dx", OTHER_TIED, _other_of_the_tied, "convention"),
    Mistake(
        "tie-to-none",
        "dx",
        Phrase(
            en="Windows whose maximum is not unique got no gradient at all; see this problem's rule for ties.",
            zh="最大值不唯一的窗口没有传回梯度；请看本题对并列的约定。",
        ),
        _none_of_the_tied,
    ),
    Mistake("padding-counted-as-zero", "dx", ZERO_PADDING, _zero_padding_gradient),
    Mistake("average-instead-of-maximum", "dx", MEAN, _mean_gradient),
    Mistake(
        "gradient-to-all-cells",
        "dx",
        Phrase(
            en="Every cell of a window got its gradient, as in up-sampling; only the cell of the maximum gets it.",
            zh="窗口内每个位置都得到了梯度，像上采样一样；只有最大值所在位置应得到梯度。",
        ),
        _to_all_cells,
    ),
    Mistake(
        "upstream-forgotten",
        "dx",
        Phrase(
            en="A 1 was written at the cells of the maxima; they get the upstream gradient.",
            zh="最大值位置写成了 1；应写上游梯度。",
        ),
        _upstream_forgotten,
    ),
    Mistake(
        "output-instead-of-gradient",
        "dx",
        Phrase(
            en="The maximum itself was written back (or multiplied in); the cell of the maximum gets the upstream"
            " gradient as it is.",
            zh="写回的是最大值本身（或多乘了最大值）；最大值位置应原样得到上游梯度。",
        ),
        _value_for_gradient,
    ),
    Mistake("overwritten", "dx", OVERWRITTEN, _overwritten),
    Mistake("stride-ignored", "dx", GRADIENT_STRIDE, _stride_ignored),
    Mistake("minimum-instead-of-maximum", "dx", LEAST, _least_gradient),
    Mistake("maximum-by-absolute-value", "dx", ABSOLUTE, _absolute_gradient),
    Mistake(
        "gradient-in-wrong-cell",
        "dx",
        Phrase(
            en="The gradient was always put into the same cell of the window (say, the first); it belongs to the cell"
            " of the maximum.",
            zh="梯度总是放在窗口的同一个位置（例如第一个）；应放在最大值所在的位置。",
        ),
        _wrong_cell,
    ),
    Mistake(
        "row-and-column-swapped",
        "dx",
        Phrase(
            en="Within each window, row and column of the maximum were swapped.",
            zh="窗口内最大值位置的行与列弄反了。",
        ),
        _transposed_cell,
    ),
    Mistake(
        "one-gradient-misplaced",
        "dx",
        Phrase(
            en="The gradient of one window was put into a cell that is not the largest of that window.",
            zh="有一个窗口的梯度放到了并非该窗口最大值的位置。",
        ),
        _one_misplaced,
    ),
    Mistake("gradient-not-unpooled", "dx", NOT_UNPOOLED, _not_unpooled),
    *NEXT_MISTAKES,
)
