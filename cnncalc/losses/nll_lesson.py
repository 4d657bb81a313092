"""What to say about the negative log-likelihood."""

from collections.abc import Iterator

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.layers.lesson import Lesson, Reason
from cnncalc.layers.mistake import Scene

PURPOSE = {
    "y": Phrase(
        en="The loss is the log-probability of the class that the target asks for, with its sign turned: it is 0"
        " where that class is certain, and grows as it becomes less likely.",
        zh="损失是目标类别的对数概率的相反数：该类别概率为 1 时损失为 0，概率越小损失越大。",
    ),
    "dx": Phrase(
        en="Each log-probability occurs in the loss once, times its target. So the gradient is the target with its"
        " sign turned.",
        zh="每个对数概率在损失中只出现一次，且与目标值相乘，因此梯度就是目标值的相反数。",
    ),
}
ABSENT = Phrase(
    en="{a}, so the log-probability does not occur in the loss and its gradient is 0.",
    zh="{a}，该对数概率不出现在损失中，因此梯度为 0。",
)


def _reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    if tensor == "dx" and scene.numbers.is_equal(scene["target"][index], 0):
        yield Reason(ABSENT, (Entry("target", index),))


LESSON = Lesson(Phrase(en="negative log-likelihood", zh="负对数似然损失"), PURPOSE, reasons=_reasons)
