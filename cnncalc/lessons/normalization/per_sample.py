"""What to say about norms with statistics of each sample by itself."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer
from cnncalc.lessons.lesson import Lesson

KINDS = {
    "layer_norm": Phrase(en="layer norm", zh="层归一化（Layer Norm）"),
    "group_norm": Phrase(en="group norm", zh="组归一化（Group Norm）"),
    "instance_norm": Phrase(en="instance norm", zh="实例归一化（Instance Norm）"),
}
PURPOSE = {
    "y": Phrase(
        en="Scale and offset are learned, so that the layer can undo the normalization where that is better.",
        zh="缩放与平移是可学习的，必要时网络可以抵消归一化的效果。",
    ),
    "xhat": Phrase(
        en="Each sample is brought to mean 0 and variance 1 by its own statistics; the other samples play no part.",
        zh="用每个样本自身的统计量归一化为均值 0、方差 1，与其他样本无关。",
    ),
    "dx": Phrase(
        en="Mean and variance depend on x as well: what all numbers of the part have in common is taken off.",
        zh="均值与方差也依赖于 x，因此要减去该部分所有元素共同的分量。",
    ),
}
TENSORS = {
    "mean": Phrase(en="the mean of each part of a sample", zh="样本各部分的均值"),
    "var": Phrase(en="the variance of each part of a sample", zh="样本各部分的方差"),
    "xhat": Phrase(en="x with mean 0 and variance 1", zh="归一化后的 x（均值 0、方差 1）"),
}


def lesson_of(layer: Layer) -> Lesson:
    """That of its type."""
    return Lesson(KINDS[layer.type], PURPOSE, tensors=TENSORS)
