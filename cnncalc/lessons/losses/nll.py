"""What to say about the negative log-likelihood."""

from collections.abc import Iterator

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.lesson import Lesson, Reason
from cnncalc.lessons.losses.targets import is_one_hot, over_samples
from cnncalc.scene import Scene

ONE_CLASS = Phrase(
    en="The loss{sample} is the log-probability of the class that the target asks for, with its sign turned: it is 0"
    " where that class has the probability 1, and grows as it becomes less likely.{samples}",
    zh="{sample}损失是目标类别的对数概率的相反数：该类别概率为 1 时损失为 0，概率越小损失越大。{samples}",
)
SOFT = Phrase(
    en="The loss{sample} is the sum of the log-probabilities, each times its target, with the sign turned.{samples}",
    zh="{sample}损失是各对数概率乘以目标值之和的相反数。{samples}",
)
DX = Phrase(
    en="Each log-probability occurs in the loss once, times its target. So the gradient is the target with its sign"
    " turned{divided}.",
    zh="每个对数概率在损失中只出现一次，且与目标值相乘，因此梯度就是目标值的相反数{divided}。",
)
DIVIDED = Phrase(en=", divided by the {count} samples", zh="再除以样本数 {count}")
ABSENT = Phrase(
    en="{a}, so the log-probability does not occur in the loss and its gradient is 0.",
    zh="{a}，该对数概率不出现在损失中，因此梯度为 0。",
)


def _y(scene: Scene) -> Phrase:
    return (ONE_CLASS if is_one_hot(scene) else SOFT).format(**over_samples(scene))


def _dx(scene: Scene) -> Phrase:
    count = len(scene["x"]) if getattr(scene.layer, "reduction", "mean") == "mean" else 1
    return DX.format(divided=DIVIDED.format(count=count) if count > 1 else NOTHING)


def _reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    if tensor == "dx" and scene.numbers.is_known_equal(scene["target"][index], 0):
        yield Reason(ABSENT, (Entry("target", index),))


LESSON = Lesson(Phrase(en="negative log-likelihood", zh="负对数似然损失"), {"y": _y, "dx": _dx}, reasons=_reasons)
