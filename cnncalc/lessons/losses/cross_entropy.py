"""What to say about the cross-entropy."""

from collections.abc import Iterator

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.lesson import Lesson, Reason
from cnncalc.lessons.losses.targets import is_one_hot, over_samples
from cnncalc.scene import Scene

ONE_CLASS = Phrase(
    en="The loss{sample} is the smaller, the higher the probability of the class that the target asks for is, and grows"
    " without bound as that nears 0.{samples}",
    zh="目标类别的概率越大，{sample}损失越小；该概率趋近 0 时，损失无限增大。{samples}",
)
SOFT = Phrase(
    en="The loss{sample} is smallest where the probabilities are those of the target, and grows without bound as one of"
    " those that the target asks for nears 0.{samples}",
    zh="预测概率与目标分布相同时{sample}损失最小；目标值不为 0 的概率趋近 0 时，损失无限增大。{samples}",
)
DX = Phrase(
    en="The derivative of $\\log(\\x_{{\\n,\\k}})$ is one divided by $\\x_{{\\n,\\k}}${absent}.",
    zh="$\\log(\\x_{{\\n,\\k}})$ 的导数是 $\\x_{{\\n,\\k}}$ 的倒数{absent}。",
)
NOT_THERE = Phrase(
    en=", and a probability whose target is 0 does not occur in the loss",
    zh="；目标值为 0 的类别的概率不出现在损失中，其梯度为 0",
)
ABSENT = Phrase(
    en="{a}, so the probability does not occur in the loss and its gradient is 0.",
    zh="{a}，该概率不出现在损失中，因此梯度为 0。",
)
ONE_HOT = Phrase(
    en="{target} is 1 for one class and 0 for all others, so of the sum only the term of the right class is left.",
    zh="{target} one-hot 向量（正确类别为 1，其余为 0），求和中只剩下正确类别的一项。",
)
ITS_TARGET = Phrase(en="The target", zh="目标是")
EACH_TARGET = Phrase(en="The target of each sample", zh="各样本的目标都是")
GUESSING = Phrase(
    en="All probabilities are equal, so this is the logarithm of the number of classes, $\\log({count})$: the loss"
    " of somebody who only guesses.",
    zh="所有概率相等，此时损失恰为类别数的对数 $\\log({count})$，相当于完全靠猜。",
)


def _y(scene: Scene) -> Phrase:
    return (ONE_CLASS if is_one_hot(scene) else SOFT).format(**over_samples(scene))


def _dx(scene: Scene) -> Phrase:
    absent = scene.numbers.is_known_equal(scene["target"], 0).any()
    return DX.format(absent=NOT_THERE if absent else NOTHING)


def _reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    if tensor == "dx" and scene.numbers.is_known_equal(scene["target"][index], 0):
        yield Reason(ABSENT, (Entry("target", index),))


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    numbers, x = scene.numbers, scene["x"]
    if tensor != "y" or x.shape[1] == 1 or not is_one_hot(scene):
        return
    yield ONE_HOT.format(target=ITS_TARGET if len(x) == 1 else EACH_TARGET)
    is_uniform = numbers.is_known_equal(x * x.shape[1] - 1, 0).all()
    is_mean = len(x) == 1 or getattr(scene.layer, "reduction", "mean") == "mean"
    if is_uniform and is_mean:
        yield GUESSING.format(count=x.shape[1])


TENSORS = {
    "target_entropy": Phrase(
        en="the entropy of the target, what cannot be learned", zh="目标分布的熵，无法通过学习减小的部分"
    ),
    "divergence": Phrase(
        en="the divergence of p from the target; the two add up to the loss", zh="p 相对目标的 KL 散度，两者之和即损失"
    ),
}
LESSON = Lesson(
    Phrase(en="cross-entropy", zh="交叉熵损失"),
    {"y": _y, "dx": _dx},
    reasons=_reasons,
    remarks=_remarks,
    tensors=TENSORS,
)
