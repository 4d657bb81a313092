"""What to say about losses that are a curve of each element: L1, Huber, hinge."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer
from cnncalc.lessons.lesson import Lesson
from cnncalc.lessons.losses.targets import over_samples
from cnncalc.scene import Scene

TEXTS: Mapping[str, tuple[Phrase, Phrase, Phrase]] = {
    "l1": (
        Phrase(en="L1 loss", zh="L1 损失（平均绝对误差）"),
        Phrase(
            en="The loss{sample} averages the absolute differences between output and target.{samples}",
            zh="{sample}损失是各元素的输出与目标之差的绝对值的平均。{samples}",
        ),
        Phrase(
            en="Each gradient is only a sign: how large the error is makes no difference.",
            zh="每个梯度只取误差的符号，与误差大小无关。",
        ),
    ),
    "huber": (
        Phrase(en="Huber loss", zh="Huber 损失"),
        Phrase(
            en="Small differences count by half their square, large ones by their size, so that outliers weigh less;"
            " the loss{sample} is the mean over the elements.{samples}",
            zh="较小的差按平方的一半计，较大的差按线性计，从而减轻离群值的影响；{sample}损失是各元素的平均。{samples}",
        ),
        Phrase(
            en="Each gradient is the difference itself, cut off at ±delta.", zh="每个梯度就是差本身，截断在 ±delta 处。"
        ),
    ),
    "hinge": (
        Phrase(en="hinge loss", zh="合页损失（hinge）"),
        Phrase(
            en="An element costs nothing once it has the right sign and lies beyond the margin; the loss{sample} is the"
            " mean over the elements.{samples}",
            zh="符号正确且超过间隔的元素没有损失；{sample}损失是各元素的平均。{samples}",
        ),
        Phrase(
            en="Only elements that lack something of the margin have a gradient, and it pushes them to their side.",
            zh="只有未达到间隔的元素才有梯度，方向是把它推向正确的一侧。",
        ),
    ),
}
"""By type: what people call it, what it measures, and what its gradient is."""


def lesson_of(layer: Layer) -> Lesson:
    """That of its type."""
    kind, y, dx = TEXTS[layer.type]

    def measured(scene: Scene) -> Phrase:
        return y.format(**over_samples(scene))

    return Lesson(kind, {"y": measured, "dx": dx})
