"""What to say about batch normalization."""

from collections.abc import Iterator, Mapping

from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.formulas.batch_norm import statistic
from cnncalc.layers.normalization.batch_norm import BatchNorm, InferenceBatchNorm
from cnncalc.lessons.lesson import Lesson, Purpose, sentences
from cnncalc.scene import Scene

PURPOSE = {
    "mean": Phrase(
        en="First the mean of everything that is normalized together.", zh="先求一起做归一化的各元素的均值。"
    ),
    "var": Phrase(
        en="Then how far the elements lie from their mean: the variance.", zh="再求各元素偏离均值的程度，即方差。"
    ),
    "y": Phrase(
        en="What has been normalized is scaled by $\\gamma$ and moved by $\\beta$.",
        zh="归一化之后再乘以缩放系数 $\\gamma$、加上平移量 $\\beta$。",
    ),
    "dxhat": Phrase(
        en="On the way back the last step comes first: the normalized element was multiplied by $\\gamma$.",
        zh="反向传播从最后一步开始：归一化后的元素乘以了 $\\gamma$。",
    ),
}
XHAT = {
    True: Phrase(
        en="Each element less the mean, divided by $\\sqrt{\\var + \\eps}$; $\\eps$ keeps the root away from 0.",
        zh="每个元素减去均值，再除以 $\\sqrt{\\var + \\eps}$；$\\eps$ 避免除以 0。",
    ),
    False: Phrase(
        en="Each element less the mean, divided by the standard deviation.", zh="每个元素减去均值，再除以标准差。"
    ),
}
DGAMMA = {
    True: Phrase(
        en="$\\gamma$ multiplies several normalized elements, so it gathers a gradient from each of them.",
        zh="$\\gamma$ 与多个归一化元素相乘，因此要把各处的梯度加起来。",
    ),
    False: Phrase(
        en="$\\gamma$ multiplies one normalized element, so its gradient is that of $\\y$ times that element.",
        zh="$\\gamma$ 只与一个归一化元素相乘，因此其梯度等于 $\\y$ 的梯度乘以该元素。",
    ),
}
DBETA = {
    True: Phrase(
        en="$\\beta$ is added to several elements, so it gathers the gradients of all of them.",
        zh="$\\beta$ 加到多个元素上，因此要把各处的梯度加起来。",
    ),
    False: Phrase(
        en="$\\beta$ is added to one element, so it has the gradient of that element.",
        zh="$\\beta$ 只加到一个元素上，因此其梯度等于该元素的梯度。",
    ),
}
DVAR = {
    True: Phrase(
        en="Every normalized element was divided by the root, so the variance gathers a gradient from each.",
        zh="每个归一化元素都除以了该根式，因此方差的梯度来自所有这些元素。",
    ),
    False: Phrase(
        en="The normalized element was divided by the root, so the variance gets a gradient from it.",
        zh="归一化元素除以了该根式，因此方差的梯度来自它。",
    ),
}
DMEAN = Phrase(
    en="The mean acts on what is normalized with it, and once more through the variance; there the shares add up to 0,"
    " for the elements less their mean add up to 0: $\\sum \\left(\\x - \\mean\\right) = 0$.",
    zh="均值影响与它一起归一化的元素，还通过方差再影响一次；后一部分之和为 0，因为各元素减去均值之后总和为 0："
    "$\\sum \\left(\\x - \\mean\\right) = 0$。",
)
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
ALONE = Phrase(
    en="Each mean is taken over one number only: the number is its own mean, whatever it is, and has no gradient.",
    zh="每个均值只对一个数求得：无论该数取何值，都等于自己的均值，因此没有梯度。",
)
CANCELS = Phrase(
    en="Over everything that has one mean these gradients add up to exactly 0: a number added to all of it would be"
    " taken away again with the mean, so it cannot matter.",
    zh="在共用同一均值的元素上，这些梯度之和恰好为 0：给它们同时加上一个数，会随均值一起被减去，不产生任何影响。",
)


def _members(scene: Scene) -> int:
    """How many elements share one gamma and one beta, and in training one mean."""
    return scene["x"].size // scene["dgamma"].size


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    if tensor != "dx" or "dmean" not in scene:
        return
    dx = scene["dx"]
    axes = tuple(axis for axis in range(dx.ndim) if axis != 1) if scene["dmean"].ndim == 1 else (0,)
    numbers = scene.numbers
    if not numbers.is_known_equal(dx, 0).all() and numbers.is_known_equal(numbers.sum(dx, axis=axes), 0).all():
        yield CANCELS


def _chain(x: Shape, over: str) -> Mapping[str, str]:
    """Through all three."""
    e, c = indices(x), statistic(x, over)
    ways = [("xhat", e), ("var", c), ("mean", c)]
    terms = [rf"\d{way}_{{{at}}} \cdot \frac{{\partial \{way}_{{{at}}}}}{{\partial \x_{{{e}}}}}" for way, at in ways]
    return {"dx": rf"\dx_{{{e}}} = {' + '.join(terms)}"}


TENSORS = {
    "mean": Phrase(en="the means", zh="均值"),
    "var": Phrase(en="the variances", zh="方差"),
    "xhat": Phrase(en="x less its mean, over the root of variance + ε", zh="x 减去均值，再除以（方差 + ε）的平方根"),
}


def lesson_of(layer: Layer) -> Lesson:
    """The lesson of training or of inference."""
    assert isinstance(layer, BatchNorm)
    is_inference = isinstance(layer, InferenceBatchNorm)

    def dx(scene: Scene) -> Phrase:
        return sentences(DX[is_inference], ALONE if not is_inference and _members(scene) == 1 else None)

    kind = Phrase(en="batch normalization", zh="批归一化")
    purpose: dict[str, Purpose] = {
        **PURPOSE,
        "xhat": XHAT[layer.eps != 0],
        "dgamma": lambda scene: DGAMMA[_members(scene) > 1],
        "dbeta": lambda scene: DBETA[_members(scene) > 1],
        "dvar": lambda scene: DVAR[_members(scene) > 1],
        "dmean": DMEAN,
        "dx": dx,
    }
    if is_inference:
        return Lesson(kind, purpose, remarks=_remarks, tensors={"xhat": TENSORS["xhat"]})
    return Lesson(kind, purpose, lambda setting: _chain(setting.x, layer.over), remarks=_remarks, tensors=TENSORS)
