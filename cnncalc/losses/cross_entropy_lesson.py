"""What to say about the cross-entropy."""

from collections.abc import Iterator

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.layers.lesson import Lesson, Reason
from cnncalc.layers.mistake import Scene

PURPOSE = {
    "y": Phrase(
        en="The loss is small where the classes that the target asks for have a high probability, and grows without"
        " bound as such a probability nears 0.",
        zh="目标类别的概率越大，损失越小；该概率趋近 0 时，损失无限增大。",
    ),
    "dx": Phrase(
        en="The derivative of $\\log(\\x_{\\n,\\k})$ is one divided by $\\x_{\\n,\\k}$, and a probability whose"
        " target is 0 does not occur in the loss.",
        zh="$\\log(\\x_{\\n,\\k})$ 的导数是 $\\x_{\\n,\\k}$ 的倒数；"
        "目标值为 0 的类别的概率不出现在损失中，其梯度为 0。",
    ),
}
ABSENT = Phrase(
    en="{a}, so the probability does not occur in the loss and its gradient is 0.",
    zh="{a}，该概率不出现在损失中，因此梯度为 0。",
)
ONE_HOT = Phrase(
    en="The target is 1 for one class and 0 for all others, so of the sum only the term of the right class is left.",
    zh="目标是 one-hot 向量，求和中只剩下正确类别的一项。",
)
GUESSING = Phrase(
    en="All probabilities are equal, so this is the logarithm of the number of classes, $\\log({count})$: the loss"
    " of somebody who only guesses.",
    zh="所有概率相等，此时损失恰为类别数的对数 $\\log({count})$，相当于完全靠猜。",
)


def _reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    if tensor == "dx" and scene.numbers.is_equal(scene["target"][index], 0):
        yield Reason(ABSENT, (Entry("target", index),))


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    numbers, x, target = scene.numbers, scene["x"], scene["target"]
    if tensor != "y":
        return
    zeros = numbers.is_equal(target, 0)
    is_one_hot = bool((zeros.sum(axis=1) == x.shape[1] - 1).all())
    if is_one_hot:
        yield ONE_HOT
    is_uniform = x.shape[1] > 1 and numbers.is_equal(x * x.shape[1] - 1, 0).all()
    is_mean = len(x) == 1 or getattr(scene.layer, "reduction", "mean") == "mean"
    if is_one_hot and is_uniform and is_mean:
        yield GUESSING.format(count=x.shape[1])


LESSON = Lesson(Phrase(en="cross-entropy", zh="交叉熵损失"), PURPOSE, reasons=_reasons, remarks=_remarks)
