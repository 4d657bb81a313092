"""What to say about each loss."""

from collections.abc import Callable, Iterator, Mapping
from math import prod

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Entry, Index, Loss
from cnncalc.lessons.joining import weighted_losses
from cnncalc.lessons.lesson import Lesson, Lessons, Purpose, Reason, Reasons
from cnncalc.losses.by_element import ByElement, average
from cnncalc.step import Scene

SQUARE = Phrase(
    "The derivative of a square is twice its base, so each gradient is proportional to the error that was made."
)
OF_THE_MEAN = {
    False: Phrase(" The mean divides it by the number of elements: the factor is 2/{count}."),
    True: Phrase(" The mean divides it by the number of elements, which is 2: the two factors cancel."),
}
"""By whether the mean is over two elements."""
PENALTY = Phrase("penalty on weights")
"""What people call the part of any loss that `penalty` adds."""
OF_A_MEAN = {
    False: Phrase(" By the mean it is divided by {count}."),
    True: Phrase(" By the mean it is divided by the {count} samples."),
}
"""By whether it is that over the samples."""
OF_A_SAMPLE = Phrase(" of a sample")
OVER_ELEMENTS = Phrase("; the loss{sample} is the mean over the elements")
DIVIDED = Phrase(" What is added up is divided by {count}.")
REDUCED = {"mean": Phrase(" Over the samples the mean is taken."), "sum": Phrase(" Over the samples the sum is taken.")}


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
        "The loss{sample} is the smaller, the higher the probability of the class that the target asks for is, and"
        " grows without bound as that nears 0.{samples}"
    ),
    False: Phrase(
        "The loss{sample} is smallest where the probabilities are those of the target, and grows without bound as"
        " one of those that the target asks for nears 0.{samples}"
    ),
}
WEIGHTED_Y = Phrase(
    "The loss{sample} is the sum of the logarithms of the probabilities, each times its target, with the sign"
    " turned.{samples}"
)
"""Where the target is no distribution any more."""
CROSS_ENTROPY_DX = Phrase("The derivative of $\\log(\\x_{{\\n,\\k}})$ is one divided by $\\x_{{\\n,\\k}}${absent}.")
NOT_THERE = Phrase(", and a probability whose target is 0 does not occur in the loss")
CROSS_ENTROPY_ABSENT = Phrase("{a}, so the probability does not occur in the loss and its gradient is 0.")
ONE_HOT = Phrase(
    "{target} is 1 for one class and 0 for all others, so of the sum only the term of the right class is left."
)
ITS_TARGET = Phrase("The target")
EACH_TARGET = Phrase("The target of each sample")
GUESSING = Phrase(
    "All probabilities are equal, so this is the logarithm of the number of classes, $\\log({count})$: the loss"
    " of somebody who only guesses."
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
        "The loss{sample} is the log-probability of the class that the target asks for, with its sign turned: it"
        " is 0 where that class has the probability 1, and grows as it becomes less likely.{samples}"
    ),
    False: Phrase(
        "The loss{sample} is the sum of the log-probabilities, each times its target, with the sign turned.{samples}"
    ),
}
NLL_DX = Phrase(
    "Each log-probability occurs in the loss once, times its target. So the gradient is the target with its sign"
    " turned."
)
NLL_ABSENT = Phrase("{a}, so the log-probability does not occur in the loss and its gradient is 0.")


KL_Y = Phrase(
    "The loss{sample} says how far the probabilities are from the target: 0 where they are equal, and else"
    " above.{samples}"
)
KL_DX = Phrase(
    "The entropy of the target does not depend on the probabilities, so the gradient is that of the cross-entropy."
)

HARD = Phrase(
    "Each output is the probability of a yes. Where the target is 1 its logarithm counts, where it is 0 that of the"
    " probability of a no; {over}.{samples}"
)
BINARY_CROSS_ENTROPY_SOFT = Phrase(
    "Each output is the probability of a yes. The target says how much its logarithm counts, and the rest to 1 how"
    " much that of the probability of a no; {over}.{samples}"
)
MEAN = Phrase("the loss{sample} averages them, with the sign turned, over the elements")
ONE = Phrase("the loss{sample} is this with the sign turned")
BINARY_CROSS_ENTROPY_DX = Phrase(
    "The derivative of $\\log(\\x)$ is one divided by $\\x$, that of $\\log(1 - \\x)$ is minus one divided by"
    " $1 - \\x$."
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


def _of_elements(kind: str) -> Callable[[str, str], Lesson]:
    """What people call it; then what it measures, and what its gradient is."""
    return lambda y, dx: Lesson(
        Phrase(kind), {"y": _measured(Phrase(y)), "dx": _of_mean(Phrase(dx), _elements_in_mean)}
    )


MSE_Y = {
    True: Phrase(
        "The loss{sample} averages the squared differences between output and target over the elements.{samples}"
    ),
    False: Phrase("The loss{sample} is the square of the difference between output and target.{samples}"),
}


def _of_the_mean(scene: Scene) -> Phrase:
    is_mean = getattr(scene.layer, "reduction", "mean") == "mean"
    count = scene["x"].size if is_mean else scene["x"][0].size
    return SQUARE if count == 1 else SQUARE + OF_THE_MEAN[count == 2].format(count=count)


HALF_SQUARED_ERROR_Y = {
    True: Phrase(
        "The loss{sample} is half the sum of the squared differences between output and target; the half makes the"
        " derivative simple.{samples}"
    ),
    False: Phrase(
        "The loss{sample} is half the square of the difference between output and target; the half makes the"
        " derivative simple.{samples}"
    ),
}

RIGHT_CLASS = Phrase("This is the right class, which lacks nothing.")
FAR_ENOUGH = Phrase("{a} is below {b} by the margin or more, so nothing is lacking.")
OVER_CLASSES = Phrase(" and divided by the number of classes")
LACKING = {
    False: Phrase("All that is lacking is added up{over}.{samples}"),
    True: Phrase("The squares of all that is lacking are added up{over}.{samples}"),
}
IN_THE_WAY = {
    False: Phrase("Each class in the way has the gradient 1, and the right class minus their number."),
    True: Phrase(
        "Each class in the way has the gradient of a square, twice what it lacks, and the right class minus the sum"
        " of these."
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
            "target_entropy": Phrase("the entropy of the target, what cannot be learned"),
            "divergence": Phrase("the divergence of p from the target; the two add up to the cross-entropy"),
        },
    ),
    "nll": Lesson(
        Phrase("negative log-likelihood"),
        {"y": _measured(NLL_Y, is_one_hot), "dx": _of_mean(NLL_DX)},
        reasons=_unless_absent(NLL_ABSENT),
    ),
    "kl": Lesson(
        Phrase("Kullback-Leibler divergence"),
        {"y": _measured(KL_Y), "dx": KL_DX},
        tensors={"target_entropy": Phrase("the entropy of the target")},
    ),
    "binary_cross_entropy": Lesson(
        Phrase("binary cross-entropy"), {"y": _binary_cross_entropy_y, "dx": BINARY_CROSS_ENTROPY_DX}
    ),
    "multiclass_hinge": Lesson(
        Phrase("multi-class hinge loss"),
        {
            "margins": Phrase(
                "Each other class costs what its score lacks to stay below that of the right class by the margin;"
                " a class that is far enough below costs nothing."
            ),
            "y": lambda scene: LACKING[getattr(scene.layer, "squared", False)].format(
                **over_samples(scene),
                over=OVER_CLASSES if getattr(scene.layer, "over_classes", "sum") == "mean" else NOTHING,
            ),
            "dx": lambda scene: _of_mean(IN_THE_WAY[getattr(scene.layer, "squared", False)], _classes_in_mean)(scene),
        },
        reasons=_hinge_reasons,
        tensors={"margins": Phrase("what each class lacks of the margin")},
    ),
    "mse": Lesson(Phrase("mean squared error"), {"y": _measured(MSE_Y), "dx": _of_the_mean}),
    "half_squared_error": Lesson(
        Phrase("half the squared error"), {"y": _measured(HALF_SQUARED_ERROR_Y), "dx": SQUARE}
    ),
    "l1": _of_elements("L1 loss")(
        "Each difference between output and target counts by its size{elements}.{samples}",
        "Each gradient is only a sign: how large the error is makes no difference.",
    ),
    "huber": _of_elements("Huber loss")(
        "Small differences count by half their square, large ones in proportion to their size, so that outliers weigh"
        " less{elements}.{samples}",
        "Each gradient is the difference itself, cut off at ±delta.",
    ),
    "hinge": _of_elements("hinge loss")(
        "An element costs nothing once it has the right sign and lies beyond the margin{elements}.{samples}",
        "Only elements that lack something of the margin have a gradient, and it pushes them to their side.",
    ),
    "weighted_losses": weighted_losses,
    **dict.fromkeys(
        ("focal", "binary_focal"),
        _of_elements("focal loss")(
            "A cross-entropy in which each logarithm is multiplied by a power of what its probability lacks to 1, so"
            " that what is right already hardly counts.{samples}",
            "By the product rule: one part from the logarithm, one from the power before it.",
        ),
    ),
    "perceptron_loss": _of_elements("perceptron criterion")(
        "A score on its target's side costs nothing, one on the other side as much as it is past 0.{samples}",
        "Only mistakes have a gradient, −t: a step against it turns the weights towards t times the input.",
    ),
}
