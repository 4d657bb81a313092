"""What people get wrong in the output and the path of a max pool."""

from functools import reduce

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans
from cnncalc.language import Phrase
from cnncalc.layers.max_pool import MaxPool
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
    seen_by_windows,
    tied_cells,
    won_at,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.pool_mistakes import ACTIVATION_SKIPPED
from cnncalc.layers.pool_option_mistakes import OPTION_MISTAKES
from cnncalc.layers.pool_scene import real, window

MANY = 64
"""Windows up to which each is tried for a maximum that was misread."""


# The output


def _mean(scene: Scene) -> Wrong:
    yield scene.forward(as_average(scene))["y"]
    yield scene.forward(as_average(scene, False))["y"]


def _least(scene: Scene) -> Wrong:
    yield -scene.forward(x=-scene["x"])["y"]


def _largest_absolute(scene: Scene) -> Wrong:
    won = won_at(scene, scene.forward(x=absolute(scene))["path"])
    picked = np.where(won, seen_by_windows(scene, scene["x"]), scene.numbers.zeros(()))
    yield scene.numbers.sum(picked, axis=(-2, -1))
    yield scene.forward(x=absolute(scene))["y"]


def _sum(scene: Scene) -> Wrong:
    yield scene.numbers.sum(seen_by_windows(scene, scene["x"]), axis=(-2, -1))


def _zero_padding(scene: Scene) -> Wrong:
    yield np.where(lost_to_padding(scene), scene.numbers.zeros(()), scene.forward()["y"])


def _from_zero(scene: Scene) -> Wrong:
    y = scene.forward()["y"]
    yield np.where(scene.numbers.is_greater(y, 0), y, scene.numbers.zeros(()))


def _across_channels(scene: Scene) -> Wrong:
    y = scene.forward()["y"]
    if y.shape[1] > 1:
        yield _largest(scene, y)


def _largest(scene: Scene, y: Array) -> Array:
    best = y[:, :1]
    for channel in range(1, y.shape[1]):
        other = y[:, channel : channel + 1]
        best = np.where(scene.numbers.is_greater(other, best), other, best)
    return best


def _whole_map(scene: Scene) -> Wrong:
    if window(scene).outputs != (1, 1):
        yield scene.forward(MaxPool(scene["x"].shape[2:]))["y"]


def _second_largest(scene: Scene) -> Wrong:
    y, seen = scene.forward()["y"], seen_by_windows(scene, scene["x"])
    if y.size > MANY:
        return
    below, place = real(window(scene)) & ~tied_cells(scene), window(scene)
    for at in np.ndindex(y.shape):
        rest = [seen[(*at, *cell)] for cell in place.cells() if below[(*at, *cell)]]
        if rest:
            wrong = y.copy()
            wrong[at] = reduce(lambda a, b: b if scene.numbers.is_greater(b, a) else a, rest)
            yield wrong


# The path


def _path_by_column(scene: Scene) -> Wrong:
    yield scene.numbers.array(scene.forward()["path"][..., ::-1])


def _path_in_window(scene: Scene) -> Wrong:
    path, place = scene.forward()["path"], window(scene)
    row = path[..., 0] - place.rows.positions()[:, :1]
    column = path[..., 1] - place.columns.positions()[:, 0]
    yield scene.numbers.array(np.stack([row, column], axis=-1))


def _path_padded(scene: Scene) -> Wrong:
    place = window(scene)
    before = (place.rows.before, place.columns.before)
    if before != (0, 0):
        yield scene.numbers.array(scene.forward()["path"] + np.asarray(before))


def _path_as_number(scene: Scene) -> Wrong:
    path = scene.forward()["path"]
    yield scene.numbers.array(path[..., 0] * scene["x"].shape[3] + path[..., 1])


def _path_other_base(scene: Scene) -> Wrong:
    for step in (1, -1):
        yield scene.numbers.array(scene.forward()["path"] + step)


def _path_of_last(scene: Scene) -> Wrong:
    for won in (last_of(tied_cells(scene)), first_by_column(tied_cells(scene))):
        yield scene.numbers.array(_path(scene, won))


def _path_of_least(scene: Scene) -> Wrong:
    yield scene.numbers.array(scene.forward(x=-scene["x"])["path"])


def _path(scene: Scene, won: Booleans) -> Array:
    place = window(scene)
    cell = won.reshape(*won.shape[:-2], -1).argmax(axis=-1)
    p, q = np.divmod(cell, place.columns.kernel)
    row = place.rows.positions()[np.arange(place.outputs[0])[:, None], p]
    column = place.columns.positions()[np.arange(place.outputs[1]), q]
    return np.stack([row, column], axis=-1)


FORWARD_MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "average-instead-of-maximum",
        "y",
        MEAN,
        _mean,
    ),
    Mistake("minimum-instead-of-maximum", "y", LEAST, _least),
    Mistake("maximum-by-absolute-value", "y", ABSOLUTE, _largest_absolute),
    Mistake(
        "sum-instead-of-maximum",
        "y",
        Phrase(
            en="The numbers of each window were added up; max pooling takes the largest.",
            zh="对每个窗口求了和；最大池化应取最大值。",
        ),
        _sum,
    ),
    Mistake("padding-counted-as-zero", "y", ZERO_PADDING, _zero_padding),
    Mistake(
        "maximum-started-at-zero",
        "y",
        Phrase(
            en="Windows without a positive number became 0, as if the search for the maximum began at 0 or a ReLU came"
            " after; the largest of negative numbers is negative.",
            zh="没有正数的窗口变成了 0，好像求最大值时初值取了 0，或之后又做了 ReLU；若全为负数，最大值也是负数。",
        ),
        _from_zero,
    ),
    *OPTION_MISTAKES,
    ACTIVATION_SKIPPED,
    Mistake(
        "pooled-across-channels",
        "y",
        Phrase(
            en="The maximum was taken over all channels together; each channel is pooled by itself.",
            zh="最大值是跨所有通道取的；池化应对每个通道单独进行。",
        ),
        _across_channels,
    ),
    Mistake(
        "pooled-whole-map",
        "y",
        Phrase(
            en="One maximum was taken of each whole feature map (global pooling); each window has its own.",
            zh="对整张特征图只取了一个最大值（全局池化）；应每个窗口取一个。",
        ),
        _whole_map,
    ),
    Mistake(
        "maximum-misread",
        "y",
        Phrase(
            en="In one window the second largest number was taken for the largest.",
            zh="有一个窗口把第二大的数当成了最大值。",
        ),
        _second_largest,
    ),
    Mistake(
        "path-within-window",
        "path",
        Phrase(
            en="The position of the maximum was counted within its window; here row and column are those of the input.",
            zh="最大值的位置是在窗口内计数的；这里的行、列应是在输入中的位置。",
        ),
        _path_in_window,
    ),
    Mistake(
        "row-and-column-swapped",
        "path",
        Phrase(
            en="Row and column were swapped; the row comes first.",
            zh="行与列写反了；应先写行，后写列。",
        ),
        _path_by_column,
    ),
    Mistake(
        "padding-counted-in-position",
        "path",
        Phrase(
            en="The padding was counted in; row and column are those of the input without its padding.",
            zh="位置把填充也算了进去；行、列应按未填充的输入计数。",
        ),
        _path_padded,
    ),
    Mistake("minimum-instead-of-maximum", "path", LEAST, _path_of_least),
    Mistake(
        "path-as-number",
        "path",
        Phrase(
            en="Another convention: the position was written as one number, row · width + column, as PyTorch does."
            " Here it is the pair (row, column).",
            zh="另一种约定：把位置写成一个数（行 · 宽 + 列，如 PyTorch）。这里写成（行，列）一对数。",
        ),
        _path_as_number,
        "convention",
    ),
    Mistake(
        "path-from-other-base",
        "path",
        Phrase(
            en="Another convention: rows and columns were counted from 0 instead of 1, or the other way round. See"
            " `index_base` of this problem.",
            zh="另一种约定：行、列从 0 而不是从 1 开始计数（或相反）。请看本题的 `index_base`。",
        ),
        _path_other_base,
        "convention",
    ),
    Mistake("tie-to-another", "path", OTHER_TIED, _path_of_last, "convention"),
)
