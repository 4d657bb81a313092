"""What people get wrong in a mean over cells, of windows or of whole maps, and in its gradient."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from cnncalc.mistakes.take import Mistake, Records

CHANNELS = (
    "The mean was taken across channels or samples; each channel of each sample is averaged by itself.",
    "平均是跨通道（或跨样本）取的；应对每个样本的每个通道单独求平均。",
)
ONE_CELL = (
    "Only one cell of each window got the gradient; every cell that was averaged gets its share.",
    "每个窗口只有一个位置得到了梯度；参与平均的所有单元都应得到自己的一份。",
)


def by_maximum(s: Any) -> Iterator[Any]:
    """By the max pool in the place of the average, whose winners get all of g, or only their share of it."""
    layer = s.maximum
    layer.output_shape(s.x.shape[1:], {})
    if s.tensor == "y":
        yield s.again(layer)
        return
    made = s.scene.forward(layer)
    for g in s.gradients_of_maximum:
        yield s.again(layer, g=g, y=made["y"], path=made["path"])


def in_average(average: Records) -> tuple[Mistake, ...]:
    """The Take knows how many cells are averaged (`counts`), what else people divide by, and the maximum."""
    return (
        average("sum-instead-of-average: y")(
            "The numbers were only added up; the mean is the sum divided by the number of cells.",
            "只求了和；求平均还应除以单元数。",
            lambda s: s.again() * s.counts,
        ),
        average("maximum-instead-of-average: y dx")(
            "This is max pooling; here the mean is taken, and its gradient is shared equally by all cells.",
            "这是最大池化；这里取的是平均值，梯度由所有单元平分。",
            by_maximum,
        ),
        average("wrong-divisor: y dx")(
            "The divisor is wrong (for example a side of the window, or the size of a feature map); the mean divides by"
            " the number of cells averaged, k · k in a k × k window.",
            "除数不对（例如用了边长或特征图的大小）；应除以参与平均的单元数，k × k 窗口即 k · k。",
            lambda s: [
                s.again() * s.counts / n if s.tensor == "y" else s.again(g=s.g * s.counts / n) for n in s.divisors
            ],
        ),
        average("sum-instead-of-average: dx")(
            "Every cell got the whole gradient; each gets its share, the gradient divided by the number of cells"
            " that were averaged.",
            "每个位置都得到了全部梯度；应把梯度除以参与平均的单元数再分给每个位置。",
            lambda s: s.again(g=s.g * s.counts),
        ),
        average("upstream-forgotten: dx")(
            "A 1 was shared out among the cells; it is the upstream gradient that they share.",
            "平分的是 1；应平分上游梯度。",
            lambda s: s.again(g=s.ones(s.g)),
        ),
        average("output-instead-of-gradient: dx")(
            "The mean itself was written back (or multiplied in); the cells share the upstream gradient.",
            "写回的是平均值本身（或多乘了平均值）；应由各单元平分上游梯度。",
            lambda s: [s.again(g=g) for g in (s.y, s.y * s.counts, s.y * s.g)],
        ),
        average("gradient-times-input: dx")(
            "The gradient was multiplied by the input; the mean weights all cells equally, so that their shares do not"
            " depend on the input.",
            "梯度多乘了输入；平均对每个单元的权重相同，所得的份额与输入无关。",
            lambda s: s.again() * s.x,
        ),
        average("divided-twice: dx")(
            "The gradient was divided by the number of cells twice; once is enough.",
            "梯度多除了一次单元数；只应除一次。",
            lambda s: s.again(g=s.g / s.counts),
        ),
    )
