"""What to say about batch normalization."""

from collections.abc import Iterator, Mapping

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.batch_norm import BatchNorm, InferenceBatchNorm
from cnncalc.layers.batch_norm_formulas import statistic
from cnncalc.layers.elementwise import indices
from cnncalc.layers.lesson import Lesson
from cnncalc.layers.mistake import Scene

PURPOSE = {
    "mean": Phrase(
        en="First the mean of everything that is normalized together.", zh="先求一起做归一化的各元素的均值。"
    ),
    "var": Phrase(
        en="Then how far the elements lie from their mean: the variance.", zh="再求各元素偏离均值的程度，即方差。"
    ),
    "xhat": Phrase(
        en="Each element less the mean, divided by the standard deviation; $\\eps$ keeps the root away from 0.",
        zh="每个元素减去均值，再除以标准差；$\\eps$ 避免除以 0。",
    ),
    "y": Phrase(
        en="What has been normalized is scaled and moved again, by numbers that are learned.",
        zh="归一化之后再乘以缩放系数、加上平移量，两者都是可学习的参数。",
    ),
    "dxhat": Phrase(
        en="On the way back the last step comes first: the normalized element was multiplied by $\\gamma$.",
        zh="反向传播从最后一步开始：归一化后的元素乘以了 $\\gamma$。",
    ),
    "dgamma": Phrase(
        en="$\\gamma$ multiplies every normalized element of its channel, so it gathers a gradient from each of them.",
        zh="$\\gamma$ 与其对应的每个归一化元素相乘，因此要把各处的梯度加起来。",
    ),
    "dbeta": Phrase(
        en="$\\beta$ is added to every one of its elements, so it gathers all of their gradients.",
        zh="$\\beta$ 加到其对应的每个元素上，因此要把各处的梯度加起来。",
    ),
    "dvar": Phrase(
        en="Every normalized element was divided by the standard deviation, so the variance gathers a gradient from"
        " each.",
        zh="每个归一化元素都除以了标准差，因此方差的梯度来自所有这些元素。",
    ),
    "dmean": Phrase(
        en="The mean acts on every normalized element, and once more through the variance.",
        zh="均值影响每个归一化元素，还通过方差再影响一次。",
    ),
}
DX = {
    True: Phrase(
        en="Mean and variance are constants here, so only the division is left.",
        zh="此处均值和方差是常数，只剩下除法这一步。",
    ),
    False: Phrase(
        en="Each input acts in three ways: directly, through the variance and through the mean. The three gradients"
        " add up.",
        zh="每个输入通过三条路径产生影响：直接影响、经由方差、经由均值，三部分梯度相加。",
    ),
}
CANCELS = Phrase(
    en="Over everything that has one mean these gradients add up to exactly 0: a number added to all of it would be"
    " taken away again with the mean, so it cannot matter.",
    zh="在共用同一均值的元素上，这些梯度之和恰好为 0：给它们同时加上一个数，会随均值一起被减去，不产生任何影响。",
)


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    if tensor != "dx" or "dmean" not in scene:
        return
    dx = scene["dx"]
    axes = tuple(axis for axis in range(dx.ndim) if axis != 1) if scene["dmean"].ndim == 1 else (0,)
    numbers = scene.numbers
    if not numbers.is_equal(dx, 0).all() and numbers.is_equal(numbers.sum(dx, axis=axes), 0).all():
        yield CANCELS


def _chain(x: Shape, over: str) -> Mapping[str, str]:
    """Through all three."""
    e, c = indices(x), statistic(x, over)
    ways = [("xhat", e), ("var", c), ("mean", c)]
    terms = [rf"\d{way}_{{{at}}} \cdot \frac{{\partial \{way}_{{{at}}}}}{{\partial \x_{{{e}}}}}" for way, at in ways]
    return {"dx": rf"\dx_{{{e}}} = {' + '.join(terms)}"}


def lesson_of(layer: Layer) -> Lesson:
    """The lesson of training or of inference."""
    assert isinstance(layer, BatchNorm)
    is_inference = isinstance(layer, InferenceBatchNorm)
    purpose = {**PURPOSE, "dx": DX[is_inference]}
    kind = Phrase(en="batch normalization", zh="批归一化")
    if is_inference:
        return Lesson(kind, purpose, remarks=_remarks)
    return Lesson(kind, purpose, lambda x: _chain(x, layer.over), remarks=_remarks)
