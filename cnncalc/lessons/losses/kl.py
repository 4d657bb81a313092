"""What to say about the Kullback-Leibler divergence."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson
from cnncalc.lessons.losses.targets import over_samples
from cnncalc.scene import Scene

Y = Phrase(
    en="The loss{sample} says how far the probabilities are from the target: 0 where they are equal, and else"
    " above.{samples}",
    zh="{sample}损失衡量预测概率与目标分布的差距：两者相等时为 0，否则大于 0。{samples}",
)
DX = Phrase(
    en="The entropy of the target does not depend on the probabilities, so the gradient is that of the cross-entropy.",
    zh="目标分布的熵与预测概率无关，因此梯度与交叉熵的梯度相同。",
)


def _y(scene: Scene) -> Phrase:
    return Y.format(**over_samples(scene))


LESSON = Lesson(
    Phrase(en="Kullback-Leibler divergence", zh="KL 散度"),
    {"y": _y, "dx": DX},
    tensors={"target_entropy": Phrase(en="the entropy of the target", zh="目标分布的熵")},
)
