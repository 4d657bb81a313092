"""What people get wrong in an average pool."""

from dataclasses import replace

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans
from cnncalc.language import Phrase
from cnncalc.layers.avg_pool import AvgPool
from cnncalc.layers.base import ShapeError
from cnncalc.layers.elementwise_mistakes import ones
from cnncalc.layers.max_pool import MaxPool
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.pool_mistakes import ACTIVATION_SKIPPED, GRADIENT_STRIDE, NEXT_MISTAKES, NOT_UNPOOLED, OVERWRITTEN
from cnncalc.layers.pool_option_mistakes import OPTION_MISTAKES
from cnncalc.layers.pool_scene import at_stride_one, fixed_cells, overwritten, window


def _layer(scene: Scene) -> AvgPool:
    if not isinstance(scene.layer, AvgPool):
        raise ShapeError("no average pool", "")
    return scene.layer


def _counts(scene: Scene) -> Array:
    return scene.numbers.array(_layer(scene).counted(window(scene)))


def _sums(scene: Scene) -> Array:
    return scene.forward()["y"] * _counts(scene)


def _maximum(scene: Scene) -> MaxPool:
    at = _layer(scene)
    layer = MaxPool(at.size, at.stride, at.padding, at.dilation, at.ceil)
    # Raises ShapeError where a window lies in the padding alone.
    layer.output_shape(scene["x"].shape[1:], {})
    return layer


def _everywhere(scene: Scene) -> Booleans:
    place = window(scene)
    return np.ones((*scene["g"].shape, place.rows.kernel, place.columns.kernel), dtype=bool)


def _other_counts(scene: Scene) -> list[Array]:
    """The divisors of other conventions: the cells of the image or of the padding too, or always all of a window."""
    place = window(scene)
    other = replace(_layer(scene), count_padding=not _layer(scene).count_padding)
    full = np.full(place.outputs, place.rows.kernel * place.columns.kernel)
    # A window may lie in the padding alone, where that counts.
    return [scene.numbers.array(counts) for counts in (other.counted(place), full) if counts.all()]


def _divisors(scene: Scene) -> list[int]:
    """What people divide by instead of the number of cells in a window."""
    place = window(scene)
    rows, columns = place.rows, place.columns
    sides = [side for side in (rows.kernel, columns.kernel) if side > 1]
    divisors = [*sides, rows.size * columns.size, rows.outputs * columns.outputs]
    return [divisor for divisor in dict.fromkeys(divisors) if divisor != rows.kernel * columns.kernel]


# The output


def _sum(scene: Scene) -> Wrong:
    yield _sums(scene)


def _largest(scene: Scene) -> Wrong:
    yield scene.forward(_maximum(scene))["y"]


def _other_divisor(scene: Scene) -> Wrong:
    for divisor in _divisors(scene):
        yield _sums(scene) / divisor


def _padding_in_divisor(scene: Scene) -> Wrong:
    for counts in _other_counts(scene):
        yield _sums(scene) / counts


def _across_channels(scene: Scene) -> Wrong:
    y = scene.forward()["y"]
    if y.shape[1] > 1:
        yield scene.numbers.sum(y, axis=1)[:, None] / y.shape[1]


def _whole_map(scene: Scene) -> Wrong:
    if window(scene).outputs != (1, 1):
        yield scene.forward(AvgPool(scene["x"].shape[2:]))["y"]


# The gradient


def _undivided(scene: Scene) -> Wrong:
    yield scene.backward(g=scene["g"] * _counts(scene))["dx"]


def _twice_divided(scene: Scene) -> Wrong:
    yield scene.backward(g=scene["g"] / _counts(scene))["dx"]


def _other_divisor_gradient(scene: Scene) -> Wrong:
    for divisor in _divisors(scene):
        yield scene.backward(g=scene["g"] * _counts(scene) / divisor)["dx"]


def _padding_in_divisor_gradient(scene: Scene) -> Wrong:
    for counts in _other_counts(scene):
        yield scene.backward(g=scene["g"] * _counts(scene) / counts)["dx"]


def _to_the_largest(scene: Scene) -> Wrong:
    layer = _maximum(scene)
    made = scene.forward(layer)
    yield scene.backward(layer, y=made["y"], path=made["path"])["dx"]
    yield scene.backward(layer, g=scene["g"] / _counts(scene), y=made["y"], path=made["path"])["dx"]


def _to_one_cell(scene: Scene) -> Wrong:
    yield from fixed_cells(scene, scene["g"] / _counts(scene))
    yield from fixed_cells(scene, scene["g"])


def _upstream_forgotten(scene: Scene) -> Wrong:
    yield scene.backward(g=ones(scene, "g"))["dx"]


def _value_for_gradient(scene: Scene) -> Wrong:
    yield scene.backward(g=scene["y"])["dx"]
    yield scene.backward(g=scene["y"] * _counts(scene))["dx"]
    yield scene.backward(g=scene["y"] * scene["g"])["dx"]


def _times_input(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] * scene["x"]


def _overwritten(scene: Scene) -> Wrong:
    yield from overwritten(scene, _everywhere(scene), scene["g"] / _counts(scene))


def _stride_ignored(scene: Scene) -> Wrong:
    yield from at_stride_one(scene, _everywhere(scene), scene["g"] / _counts(scene))


def _not_unpooled(scene: Scene) -> Wrong:
    if scene["g"].shape != scene["x"].shape:
        yield scene["g"]
        yield scene["g"] / _counts(scene)


SUM = Phrase(
    en="The numbers were only added up; the mean is the sum divided by the number of cells.",
    zh="只求了和；求平均还应除以单元数。",
)
UNDIVIDED = Phrase(
    en="Every cell got the whole gradient; each gets its share, the gradient divided by the number of cells that were"
    " averaged.",
    zh="每个位置都得到了全部梯度；应把梯度除以参与平均的单元数再分给每个位置。",
)
LARGEST = Phrase(
    en="This is max pooling; here the mean is taken, and its gradient is shared equally by all cells.",
    zh="这是最大池化；这里取的是平均值，梯度由所有单元平分。",
)
DIVISOR = Phrase(
    en="The divisor is wrong (for example a side of the window, or the size of a feature map); the mean divides by the"
    " number of cells averaged, k · k in a k × k window.",
    zh="除数不对（例如用了边长或特征图的大小）；应除以参与平均的单元数，k × k 窗口即 k · k。",
)
TWICE = Phrase(
    en="The gradient was divided by the number of cells twice; once is enough.",
    zh="梯度多除了一次单元数；只应除一次。",
)
ONES = Phrase(
    en="A 1 was shared out among the cells; it is the upstream gradient that they share.",
    zh="平分的是 1；应平分上游梯度。",
)
VALUE = Phrase(
    en="The mean itself was written back (or multiplied in); the cells share the upstream gradient.",
    zh="写回的是平均值本身（或多乘了平均值）；应由各单元平分上游梯度。",
)
TIMES_INPUT = Phrase(
    en="The gradient was multiplied by the input; the mean weights all cells equally, so that their shares do not"
    " depend on the input.",
    zh="梯度多乘了输入；平均对每个单元的权重相同，所得的份额与输入无关。",
)
ONE_CELL = Phrase(
    en="Only one cell of each window got the gradient; every cell that was averaged gets its share.",
    zh="每个窗口只有一个位置得到了梯度；参与平均的所有单元都应得到自己的一份。",
)
CHANNELS = Phrase(
    en="The mean was taken across channels or samples; each channel of each sample is averaged by itself.",
    zh="平均是跨通道（或跨样本）取的；应对每个样本的每个通道单独求平均。",
)
_COUNTED = Phrase(
    en="Another convention: padding cells were counted in the divisor, or left out of it. See what this problem assumes"
    " (`count_padding`).",
    zh="另一种约定：求平均的除数计入（或没有计入）填充单元。请看本题的约定（`count_padding`）。",
)

MISTAKES: tuple[Mistake, ...] = (
    Mistake("sum-instead-of-average", "y", SUM, _sum),
    Mistake("maximum-instead-of-average", "y", LARGEST, _largest),
    Mistake("padding-in-divisor", "y", _COUNTED, _padding_in_divisor, "convention"),
    Mistake("wrong-divisor", "y", DIVISOR, _other_divisor),
    *OPTION_MISTAKES,
    ACTIVATION_SKIPPED,
    Mistake("pooled-across-channels", "y", CHANNELS, _across_channels),
    Mistake(
        "pooled-whole-map",
        "y",
        Phrase(
            en="One mean was taken of each whole feature map (global pooling); each window has its own.",
            zh="对整张特征图只取了一个平均值（全局池化）；应每个窗口取一个。",
        ),
        _whole_map,
    ),
    Mistake("sum-instead-of-average", "dx", UNDIVIDED, _undivided),
    Mistake("maximum-instead-of-average", "dx", LARGEST, _to_the_largest),
    Mistake("padding-in-divisor", "dx", _COUNTED, _padding_in_divisor_gradient, "convention"),
    Mistake("upstream-forgotten", "dx", ONES, _upstream_forgotten),
    Mistake("output-instead-of-gradient", "dx", VALUE, _value_for_gradient),
    Mistake("overwritten", "dx", OVERWRITTEN, _overwritten),
    Mistake("stride-ignored", "dx", GRADIENT_STRIDE, _stride_ignored),
    Mistake("gradient-times-input", "dx", TIMES_INPUT, _times_input),
    Mistake("gradient-to-one-cell", "dx", ONE_CELL, _to_one_cell),
    Mistake("divided-twice", "dx", TWICE, _twice_divided),
    Mistake("wrong-divisor", "dx", DIVISOR, _other_divisor_gradient),
    Mistake("gradient-not-unpooled", "dx", NOT_UNPOOLED, _not_unpooled),
    *NEXT_MISTAKES,
)
