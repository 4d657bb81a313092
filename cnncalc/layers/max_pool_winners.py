"""Who wins the windows of a max pool, or would: what its known mistakes are written in."""

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans
from cnncalc.language import Phrase
from cnncalc.layers.avg_pool import AvgPool
from cnncalc.layers.base import ShapeError
from cnncalc.layers.max_pool import MaxPool
from cnncalc.layers.mistake import Scene
from cnncalc.layers.pool_scene import real, window


def max_pool(scene: Scene) -> MaxPool:
    """The layer, known to be a max pool."""
    if not isinstance(scene.layer, MaxPool):
        raise ShapeError("no max pool", "")
    return scene.layer


def as_average(scene: Scene, count_padding: bool = True) -> AvgPool:
    """An average pool with the same windows."""
    at = max_pool(scene)
    return AvgPool(at.size, at.stride, at.padding, at.dilation, at.ceil, count_padding)


def absolute(scene: Scene) -> Array:
    """|x|."""
    x = scene["x"]
    return np.where(scene.numbers.is_greater(x, 0), x, -x)


def seen_by_windows(scene: Scene, tensor: Array) -> Array:
    """What each window sees of a tensor in x's shape: (N, C, rows, columns, kH, kW); 0 in the padding."""
    place = window(scene)
    return place.view(place.canvas(scene.numbers, tensor))


def won_at(scene: Scene, path: Array) -> Booleans:
    """Which cell of each window lies where the path says: (N, C, rows, columns, kH, kW)."""
    place = window(scene)
    rows, columns = place.rows.positions(), place.columns.positions()
    row = path[..., 0][..., None] == rows[:, None]
    column = path[..., 1][..., None] == columns
    return np.asarray(row[..., :, None] & column[..., None, :], dtype=np.bool_)


def tied_cells(scene: Scene) -> Booleans:
    """Which cells of each window are as large as its maximum."""
    y, seen = scene.forward()["y"], seen_by_windows(scene, scene["x"])
    tied = np.zeros(seen.shape, dtype=bool)
    on_image = np.broadcast_to(real(window(scene)), seen.shape)
    largest = np.broadcast_to(y[..., None, None], seen.shape)
    tied[on_image] = scene.numbers.is_equal(seen[on_image], largest[on_image])
    return tied


def last_of(tied: Booleans) -> Booleans:
    """The last of the winners in row order, alone."""
    flat = tied.reshape(*tied.shape[:-2], -1)
    number = flat.shape[-1] - 1 - flat[..., ::-1].argmax(axis=-1)
    return np.asarray((np.arange(flat.shape[-1]) == number[..., None]).reshape(tied.shape))


def first_by_column(tied: Booleans) -> Booleans:
    """The first of the winners in column order, alone."""
    turned = tied.swapaxes(-1, -2)
    flat = turned.reshape(*turned.shape[:-2], -1)
    first = np.arange(flat.shape[-1]) == flat.argmax(axis=-1)[..., None]
    return np.asarray(first.reshape(turned.shape).swapaxes(-1, -2))


def winners(scene: Scene) -> tuple[Booleans, Array]:
    """The cells that get the gradient of each window, and what each of them gets."""
    if max_pool(scene).ties == "first":
        return won_at(scene, scene["path"]), scene["g"]
    tied = tied_cells(scene)
    return tied, scene["g"] / scene.numbers.array(tied.sum(axis=(-2, -1)))


def lost_to_padding(scene: Scene) -> Booleans:
    """Which windows reach into the padding and see nothing above 0."""
    y, place = scene.forward()["y"], window(scene)
    return np.asarray(~real(place).all(axis=(-2, -1)) & scene.numbers.is_greater(-y, 0))


MEAN = Phrase(
    en="This is average pooling; max pooling takes the largest number of each window, and the whole gradient of the"
    " window goes to that cell.",
    zh="这是平均池化；最大池化取每个窗口中的最大值，该窗口的梯度全部传给最大值所在位置。",
)
LEAST = Phrase(
    en="The smallest number of each window was taken; max pooling takes the largest.",
    zh="取了每个窗口的最小值；最大池化应取最大值。",
)
ABSOLUTE = Phrase(
    en="The numbers were compared by their absolute values; the sign counts: −5 is less than 1.",
    zh="比较大小时用了绝对值；应连同符号一起比较：−5 小于 1。",
)
ZERO_PADDING = Phrase(
    en="The padding was taken as 0 and won windows whose cells are all negative; the padding of a max pool is −∞ and"
    " never wins.",
    zh="把填充当作 0，使它在元素全为负的窗口中成了最大值；最大池化的填充视为 −∞，不会成为最大值。",
)
OTHER_TIED = Phrase(
    en="Another convention: where several cells hold the maximum, the last one (or the first in column order) was"
    " taken. See this problem's rule for ties; by default it is the first in row order.",
    zh="另一种约定：最大值不唯一时取了最后一个（或按列顺序的第一个）。请看本题对并列的约定；默认取按行顺序的第一个。",
)
