"""What to say about each loss."""

from collections.abc import Callable, Iterator, Mapping
from math import prod

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index, Loss
from cnncalc.lessons.joining import weighted_losses
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, Reason, Reasons
from cnncalc.losses.by_element import ByElement, average
from cnncalc.scene import Scene

SQUARE = Phrase(
    en="The derivative of a square is twice its base, so each gradient is proportional to the error that was made.",
    zh="平方的导数是底数的两倍，因此每个梯度与该处的误差成正比。",
)
OF_THE_MEAN = {
    False: Phrase(
        en=" The mean divides it by the number of elements: the factor is 2/{count}.",
        zh="求平均再除以元素个数，因此系数为 2/{count}。",
    ),
    True: Phrase(
        en=" The mean divides it by the number of elements, which is 2: the two factors cancel.",
        zh="求平均再除以元素个数 2，两者约去。",
    ),
}
"""By whether the mean is over two elements."""
PENALTY = Phrase(en="penalty on weights", zh="权重惩罚项")
"""What people call the part of any loss that `penalty` adds."""
OF_A_MEAN = {
    False: Phrase(en=" By the mean it is divided by {count}.", zh="求平均时再除以 {count}。"),
    True: Phrase(en=" By the mean it is divided by the {count} samples.", zh="求平均时再除以样本数 {count}。"),
}
"""By whether it is that over the samples."""
OF_A_SAMPLE = Phrase(en=" of a sample", zh="每个样本的")
OVER_ELEMENTS = Phrase(en="; the loss{sample} is the mean over the elements", zh="；{sample}损失是各元素的平均")
DIVIDED = Phrase(en=" What is added up is divided by {count}.", zh="总和再除以 {count}。")
REDUCED = {
    "mean": Phrase(en=" Over the samples the mean is taken.", zh="再对各样本求平均。"),
    "sum": Phrase(en=" Over the samples the sum is taken.", zh="再对各样本求和。"),
}


def is_one_hot(scene: Scene) -> bool:
    """Whether the target of every sample is 1 for one class and 0 for all others."""
    numbers, target = scene.numbers, scene["target"]
    ones, zeros = numbers.is_known_equal(target, 1), numbers.is_known_equal(target, 0)
    return bool((ones.sum(axis=1) == 1).all() and (ones | zeros).all())


def has_several(scene: Scene) -> bool:
    """Whether a sample has several elements."""
    return prod(scene["x"].shape[1:]) > 1


def over_samples(scene: Scene) -> dict[str, Phrase]:
    """The fields of a phrase: whose loss it is, how those of several samples go together, and those of elements."""
    samples, reduction = len(scene["x"]), getattr(scene.layer, "reduction", "mean")
    divisor = getattr(scene.layer, "mean_divisor", None) if reduction == "mean" else None
    if divisor is not None:
        said = NOTHING if divisor == 1 else DIVIDED.format(count=divisor)
    else:
        said = NOTHING if samples == 1 else REDUCED[reduction]
    whose = NOTHING if samples == 1 else OF_A_SAMPLE
    elements = OVER_ELEMENTS.format(sample=whose) if has_several(scene) else NOTHING
    return {"sample": whose, "samples": said, "elements": elements}


def _of_mean(text: Phrase, measure: Callable[[Scene], int] = lambda scene: 1) -> Callable[[Scene], Phrase]:
    """What each gradient is before a mean divides it, and by what it does; `measure` is what divides each sample's."""

    def said(scene: Scene) -> Phrase:
        assert isinstance(scene.layer, Loss)
        divisor = measure(scene) / average(scene.layer, len(scene["x"]))
        is_theirs = measure(scene) == 1 and getattr(scene.layer, "mean_divisor", None) is None
        return text if divisor == 1 else text + OF_A_MEAN[is_theirs].format(count=divisor)

    return said


def _measured(text: Phrase | Mapping[bool, Phrase], asked: Callable[[Scene], bool] = has_several) -> Purpose:
    """How large the loss is; told in two ways by what is asked of the numbers, the size of a sample or another."""
    return lambda scene: (text if isinstance(text, Phrase) else text[asked(scene)]).format(**over_samples(scene))


def _unless_absent(absent: Phrase) -> Reasons:
    def reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
        if tensor == "dx" and scene.numbers.is_known_equal(scene["target"][index], 0):
            yield Reason(absent, (Entry("target", index),))

    return reasons


CROSS_ENTROPY_Y = {
    True: Phrase(
        en="The loss{sample} is the smaller, the higher the probability of the class that the target asks for is, and"
        " grows without bound as that nears 0.{samples}",
        zh="目标类别的概率越大，{sample}损失越小；该概率趋近 0 时，损失无限增大。{samples}",
    ),
    False: Phrase(
        en="The loss{sample} is smallest where the probabilities are those of the target, and grows without bound as"
        " one of those that the target asks for nears 0.{samples}",
        zh="预测概率与目标分布相同时{sample}损失最小；目标值不为 0 的概率趋近 0 时，损失无限增大。{samples}",
    ),
}
WEIGHTED_Y = Phrase(
    en="The loss{sample} is the sum of the logarithms of the probabilities, each times its target, with the sign"
    " turned.{samples}",
    zh="{sample}损失是各概率的对数乘以目标值之和的相反数。{samples}",
)
"""Where the target is no distribution any more."""
CROSS_ENTROPY_DX = Phrase(
    en="The derivative of $\\log(\\x_{{\\n,\\k}})$ is one divided by $\\x_{{\\n,\\k}}${absent}.",
    zh="$\\log(\\x_{{\\n,\\k}})$ 的导数是 $\\x_{{\\n,\\k}}$ 的倒数{absent}。",
)
NOT_THERE = Phrase(
    en=", and a probability whose target is 0 does not occur in the loss",
    zh="；目标值为 0 的类别的概率不出现在损失中，其梯度为 0",
)
CROSS_ENTROPY_ABSENT = Phrase(
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


def _cross_entropy_y(scene: Scene) -> Phrase:
    assert isinstance(scene.layer, Loss)
    said = CROSS_ENTROPY_Y[is_one_hot(scene)] if scene.layer.parts_of() else WEIGHTED_Y
    return said.format(**over_samples(scene))


def _remarks(scene: Scene, tensor: str) -> Iterator[Phrase]:
    numbers, x = scene.numbers, scene["x"]
    if tensor != "y" or x.shape[1] == 1 or not is_one_hot(scene):
        return
    yield ONE_HOT.format(target=ITS_TARGET if len(x) == 1 else EACH_TARGET)
    is_uniform = numbers.is_known_equal(x * x.shape[1] - 1, 0).all()
    is_mean = len(x) == 1 or getattr(scene.layer, "reduction", "mean") == "mean"
    if is_uniform and is_mean:
        yield GUESSING.format(count=x.shape[1])


NLL_Y = {
    True: Phrase(
        en="The loss{sample} is the log-probability of the class that the target asks for, with its sign turned: it"
        " is 0 where that class has the probability 1, and grows as it becomes less likely.{samples}",
        zh="{sample}损失是目标类别的对数概率的相反数：该类别概率为 1 时损失为 0，概率越小损失越大。{samples}",
    ),
    False: Phrase(
        en="The loss{sample} is the sum of the log-probabilities, each times its target, with the sign"
        " turned.{samples}",
        zh="{sample}损失是各对数概率乘以目标值之和的相反数。{samples}",
    ),
}
NLL_DX = Phrase(
    en="Each log-probability occurs in the loss once, times its target. So the gradient is the target with its sign"
    " turned.",
    zh="每个对数概率在损失中只出现一次，且与目标值相乘，因此梯度就是目标值的相反数。",
)
NLL_ABSENT = Phrase(
    en="{a}, so the log-probability does not occur in the loss and its gradient is 0.",
    zh="{a}，该对数概率不出现在损失中，因此梯度为 0。",
)


KL_Y = Phrase(
    en="The loss{sample} says how far the probabilities are from the target: 0 where they are equal, and else"
    " above.{samples}",
    zh="{sample}损失衡量预测概率与目标分布的差距：两者相等时为 0，否则大于 0。{samples}",
)
KL_DX = Phrase(
    en="The entropy of the target does not depend on the probabilities, so the gradient is that of the cross-entropy.",
    zh="目标分布的熵与预测概率无关，因此梯度与交叉熵的梯度相同。",
)

HARD = Phrase(
    en="Each output is the probability of a yes. Where the target is 1 its logarithm counts, where it is 0 that of the"
    " probability of a no; {over}.{samples}",
    zh="每个输出是“是”的概率：目标为 1 时取其对数，目标为 0 时取“否”的概率的对数，{over}。{samples}",
)
BINARY_CROSS_ENTROPY_SOFT = Phrase(
    en="Each output is the probability of a yes. The target says how much its logarithm counts, and the rest to 1 how"
    " much that of the probability of a no; {over}.{samples}",
    zh="每个输出是“是”的概率：其对数乘以目标值，“否”的概率的对数乘以 1 减目标值，{over}。{samples}",
)
MEAN = Phrase(
    en="the loss{sample} averages them, with the sign turned, over the elements",
    zh="取相反数后对各元素求平均，得到{sample}损失",
)
ONE = Phrase(en="the loss{sample} is this with the sign turned", zh="取相反数得到{sample}损失")
BINARY_CROSS_ENTROPY_DX = Phrase(
    en="The derivative of $\\log(\\x)$ is one divided by $\\x$, that of $\\log(1 - \\x)$ is minus one divided by"
    " $1 - \\x$.",
    zh="$\\log(\\x)$ 的导数是 $\\x$ 的倒数，$\\log(1 - \\x)$ 的导数是 $1 - \\x$ 的倒数的相反数。",
)


def _binary_cross_entropy_y(scene: Scene) -> Phrase:
    numbers, target = scene.numbers, scene["target"]
    is_hard = (numbers.is_known_equal(target, 0) | numbers.is_known_equal(target, 1)).all()
    words = over_samples(scene)
    over = (MEAN if has_several(scene) else ONE).format(sample=words["sample"])
    return (HARD if is_hard else BINARY_CROSS_ENTROPY_SOFT).format(over=over, samples=words["samples"])


def _elements_in_mean(scene: Scene) -> int:
    assert isinstance(scene.layer, ByElement)
    return scene.layer.divisor(scene["x"].shape[1:])


def _of_elements(en: str, zh: str) -> Callable[[str, str, str, str], Lesson]:
    """What people call it; then what it measures, and what its gradient is."""
    return lambda y_en, y_zh, dx_en, dx_zh: Lesson(
        Phrase(en, zh),
        {"y": _measured(Phrase(y_en, y_zh)), "dx": _of_mean(Phrase(dx_en, dx_zh), _elements_in_mean)},
    )


MSE_Y = {
    True: Phrase(
        en="The loss{sample} averages the squared differences between output and target over the elements.{samples}",
        zh="{sample}损失是各元素的输出与目标之差的平方的平均值。{samples}",
    ),
    False: Phrase(
        en="The loss{sample} is the square of the difference between output and target.{samples}",
        zh="{sample}损失是输出与目标之差的平方。{samples}",
    ),
}


def _of_the_mean(scene: Scene) -> Phrase:
    is_mean = getattr(scene.layer, "reduction", "mean") == "mean"
    count = scene["x"].size if is_mean else scene["x"][0].size
    return SQUARE if count == 1 else SQUARE + OF_THE_MEAN[count == 2].format(count=count)


HALF_SQUARED_ERROR_Y = {
    True: Phrase(
        en="The loss{sample} is half the sum of the squared differences between output and target; the half makes the"
        " derivative simple.{samples}",
        zh="{sample}损失是输出与目标之差的平方和的一半，系数一半使导数更简洁。{samples}",
    ),
    False: Phrase(
        en="The loss{sample} is half the square of the difference between output and target; the half makes the"
        " derivative simple.{samples}",
        zh="{sample}损失是输出与目标之差的平方的一半，系数一半使导数更简洁。{samples}",
    ),
}

RIGHT_CLASS = Phrase(en="This is the right class, which lacks nothing.", zh="这是正确类别，没有差额。")
FAR_ENOUGH = Phrase(
    en="{a} is below {b} by the margin or more, so nothing is lacking.", zh="{a} 比 {b} 至少低一个间隔，因此没有差额。"
)
OVER_CLASSES = Phrase(en=" and divided by the number of classes", zh="，再除以类别总数")
LACKING = {
    False: Phrase(en="All that is lacking is added up{over}.{samples}", zh="把所有差额相加{over}。{samples}"),
    True: Phrase(
        en="The squares of all that is lacking are added up{over}.{samples}", zh="把所有差额的平方相加{over}。{samples}"
    ),
}
IN_THE_WAY = {
    False: Phrase(
        en="Each class in the way has the gradient 1, and the right class minus their number.",
        zh="每个未达到间隔的类别梯度为 1，正确类别的梯度为其个数的相反数。",
    ),
    True: Phrase(
        en="Each class in the way has the gradient of a square, twice what it lacks, and the right class minus the sum"
        " of these.",
        zh="每个未达到间隔的类别梯度为其差额的 2 倍（平方的导数），正确类别的梯度为它们之和的相反数。",
    ),
}
"""By whether the squares are taken."""


def _classes_in_mean(scene: Scene) -> int:
    classes: int = scene["x"].shape[1]
    return classes if getattr(scene.layer, "over_classes", "sum") == "mean" else 1


def _hinge_reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    """Why a class lacks nothing of the margin."""
    if tensor == "margins" and scene.numbers.is_known_equal(scene["margins"][index], 0):
        own = index[0], int(scene.numbers.is_known_equal(scene["target"][index[0]], 1).argmax())
        yield Reason(RIGHT_CLASS) if index == own else Reason(FAR_ENOUGH, (Entry("x", index), Entry("x", own)))


LESSONS: Lessons = {
    "cross_entropy": Lesson(
        Phrase(en="cross-entropy", zh="交叉熵损失"),
        {
            "y": _cross_entropy_y,
            "dx": lambda scene: CROSS_ENTROPY_DX.format(
                absent=NOT_THERE if scene.numbers.is_known_equal(scene["target"], 0).any() else NOTHING
            ),
        },
        reasons=_unless_absent(CROSS_ENTROPY_ABSENT),
        remarks=_remarks,
        tensors={
            "target_entropy": Phrase(
                en="the entropy of the target, what cannot be learned", zh="目标分布的熵，无法通过学习减小的部分"
            ),
            "divergence": Phrase(
                en="the divergence of p from the target; the two add up to the loss",
                zh="p 相对目标的 KL 散度，两者之和即损失",
            ),
        },
    ),
    "nll": Lesson(
        Phrase(en="negative log-likelihood", zh="负对数似然损失"),
        {"y": _measured(NLL_Y, is_one_hot), "dx": _of_mean(NLL_DX)},
        reasons=_unless_absent(NLL_ABSENT),
    ),
    "kl": Lesson(
        Phrase(en="Kullback-Leibler divergence", zh="KL 散度"),
        {"y": _measured(KL_Y), "dx": KL_DX},
        tensors={"target_entropy": Phrase(en="the entropy of the target", zh="目标分布的熵")},
    ),
    "binary_cross_entropy": Lesson(
        Phrase(en="binary cross-entropy", zh="二元交叉熵损失"),
        {"y": _binary_cross_entropy_y, "dx": BINARY_CROSS_ENTROPY_DX},
    ),
    "multiclass_hinge": Lesson(
        Phrase(en="multi-class hinge loss", zh="多分类合页损失（SVM 损失）"),
        {
            "margins": Phrase(
                en="Each other class costs what its score lacks to stay below that of the right class by the margin;"
                " a class that is far enough below costs nothing.",
                zh="对每个其他类别：它的得分应比正确类别低至少一个间隔，差多少就损失多少；已经足够低的类别没有损失。",
            ),
            "y": lambda scene: LACKING[getattr(scene.layer, "squared", False)].format(
                **over_samples(scene),
                over=OVER_CLASSES if getattr(scene.layer, "over_classes", "sum") == "mean" else NOTHING,
            ),
            "dx": lambda scene: _of_mean(IN_THE_WAY[getattr(scene.layer, "squared", False)], _classes_in_mean)(scene),
        },
        reasons=_hinge_reasons,
        tensors={"margins": Phrase(en="what each class lacks of the margin", zh="各类别相对间隔的差额")},
    ),
    "mse": Lesson(Phrase(en="mean squared error", zh="均方误差"), {"y": _measured(MSE_Y), "dx": _of_the_mean}),
    "half_squared_error": Lesson(
        Phrase(en="half the squared error", zh="平方误差的一半"), {"y": _measured(HALF_SQUARED_ERROR_Y), "dx": SQUARE}
    ),
    "l1": _of_elements("L1 loss", "L1 损失（平均绝对误差）")(
        "Each difference between output and target counts by its size{elements}.{samples}",
        "各元素按输出与目标之差的绝对值计{elements}。{samples}",
        "Each gradient is only a sign: how large the error is makes no difference.",
        "每个梯度只取误差的符号，与误差大小无关。",
    ),
    "huber": _of_elements("Huber loss", "Huber 损失")(
        "Small differences count by half their square, large ones in proportion to their size, so that outliers weigh"
        " less{elements}.{samples}",
        "较小的差按平方的一半计，较大的差按线性计，从而减轻离群值的影响{elements}。{samples}",
        "Each gradient is the difference itself, cut off at ±delta.",
        "每个梯度就是差本身，截断在 ±delta 处。",
    ),
    "hinge": _of_elements("hinge loss", "合页损失（hinge）")(
        "An element costs nothing once it has the right sign and lies beyond the margin{elements}.{samples}",
        "符号正确且超过间隔的元素没有损失{elements}。{samples}",
        "Only elements that lack something of the margin have a gradient, and it pushes them to their side.",
        "只有未达到间隔的元素才有梯度，方向是把它推向正确的一侧。",
    ),
    "weighted_losses": weighted_losses,
    **dict.fromkeys(
        ("focal", "binary_focal"),
        _of_elements("focal loss", "焦点损失（focal loss）")(
            "A cross-entropy in which each logarithm is multiplied by a power of what its probability lacks to 1, so"
            " that what is right already hardly counts.{samples}",
            "在交叉熵的每个对数项前乘以（1 − 概率）的幂，使已预测正确的部分几乎不计。{samples}",
            "By the product rule: one part from the logarithm, one from the power before it.",
            "由乘积求导法则：一部分来自对数，另一部分来自其前的幂。",
        ),
    ),
    "perceptron_loss": _of_elements("perceptron criterion", "感知机损失")(
        "A score on its target's side costs nothing, one on the other side as much as it is past 0.{samples}",
        "得分落在目标一侧时没有损失，落在另一侧时损失为其偏离 0 的大小。{samples}",
        "Only mistakes have a gradient, −t: a step against it turns the weights towards t times the input.",
        "只有误分类才有梯度 −t：沿负梯度更新即给权重加上 t 乘以输入。",
    ),
}
