"""What people get wrong in losses that are a curve of each element (squares, L1, hinge …), and in sums of losses."""

from collections.abc import Mapping, Sequence
from typing import Any

from cnncalc.layers.activations.curve import Real
from cnncalc.losses.composed import WeightedLosses, weighted
from cnncalc.mistakes.losses.reduction import OF_SQUARES, OVER_BATCH, OfLoss, loss
from cnncalc.mistakes.take import Mistake, Way


def added_up(s: OfLoss) -> Any:
    """The sum over the elements of a sample; that over all samples too, where the mean is taken of those."""
    return [s.again() * s.elements * n for n in (1, len(s.x) if s.layer.reduction == "mean" else 1)]


SUM_FOR_MEAN = loss("~sum-for-mean: y dx", added_up)(
    "the elements were added up. This problem takes their mean, as PyTorch does."
)
UNSIGNED: tuple[Way, ...] = (
    lambda s: s.again() * s.target, lambda s: 0 - s.again() * s.target, lambda s: 0 - s.again(),
)  # fmt: skip
"""The gradient by a target of ±1 with its sign forgotten, or the other way round."""


def lacking(s: OfLoss, margin: Any) -> Any:
    return s.number(margin) - s.target * s.x


OF_TYPE: Mapping[str, tuple[Mistake, ...]] = {
    "l1": (
        loss("square-for-absolute: y", lambda s: s.squared(s.elements, 2 * s.elements))(
            "The differences were squared; L1 takes their absolute values."
        ),
        loss("absolute-forgotten: y", lambda s: [sign * s.total(s.error) / s.elements for sign in (1, -1)])(
            "The differences were added with their signs; L1 takes their absolute values."
        ),
        loss("error-for-sign: dx", lambda s: s.divided(s.error / s.elements))(
            "The difference was taken for the derivative; that is only its sign: ±1 / n."
        ),
    ),
    "huber": (
        loss("huber-not-straight: y dx")(
            "Half the square was taken everywhere; beyond delta the loss is straight: delta · (|x − t| − delta / 2).",
            lambda s: s.squared(2 * s.elements) if s.tensor == "y" else s.divided(s.error / s.elements),
        ),
        loss("huber-half-delta-forgotten: y", lambda s: s.again() + s.total(beyond(s)) / s.elements)(
            "Beyond delta the half of delta was not subtracted: delta · (|x − t| − delta / 2)."
        ),
    ),
    "hinge": (
        loss("margin-forgotten: y", lambda s: s.again(s.options(margin=0)))(
            "The margin was forgotten: this is max(0, −t · x)."
        ),
        loss("not-cut-off: y", lambda s: s.total(lacking(s, s.layer.margin)) / s.elements)(
            "Elements beyond the margin were counted as well; they cost 0: max(0, margin − t · x)."
        ),
        loss("sign-forgotten: dx")(
            "The target's sign was forgotten: dx = −t where t · x is below the margin.", *UNSIGNED
        ),
    ),
}


def beyond(s: OfLoss) -> Any:
    """delta²/2 where the difference is beyond delta."""
    delta = s.number(s.layer.delta)
    far = s.above(s.error, delta) | s.above(0 - s.error, delta)
    return s.where(far, s.ones(s.x) * delta * delta / 2, s.x * 0)


MSE = (
    loss("~half-added: y dx", lambda s: [s.again() * s.elements / 2, s.again() / 2])(
        "the loss was taken with a factor ½, so that its derivative has no factor 2. The mean squared error of this"
        " problem has no ½: L = Σ (x − t)² / n over the n elements, dL/dx = 2 · (x − t) / n."
    ),
    loss("~sum-for-mean: y dx", added_up)(
        "the squared errors were added up. This problem takes the mean over the n elements: L = Σ (x − t)² / n,"
        " dL/dx = 2 · (x − t) / n."
    ),
    *OF_SQUARES,
)

HALF_SQUARED_ERROR = (
    loss("~half-forgotten: y dx", lambda s: s.again() * 2)(
        "the loss was taken without the factor ½. This problem has the ½: L = ½ Σ (x − t)², dL/dx = x − t."
    ),
    loss("half-kept: dx", lambda s: s.again() / 2)(
        "The ½ was kept in the gradient; the 2 that comes down from the square cancels it: dL/dx = x − t."
    ),
    loss("~mean-for-sum: y dx")(
        "the squared errors were averaged over the elements. This problem takes half their sum: L = ½ Σ (x − t)²,"
        " dL/dx = x − t.",
        lambda s: [s.again() * 2 / s.elements, s.again() / s.elements] if s.elements > 1 else [],
    ),
    *OF_SQUARES,
)

PERCEPTRON = (
    loss("~score-of-zero: dx")(
        "a score of exactly 0 was taken for another side; `at_zero` says what it is here.",
        lambda s: [s.again(s.options(at_zero=other)) for other in ("mistake", "positive", "negative")],
    ),
    loss("right-ones-counted: y dx")(
        "Samples that are right were counted as well; only mistakes are.",
        lambda s: s.again(x=0 - s.target) if s.tensor == "dx" else 0 - s.total(s.target * s.x),
    ),
    loss("sign-forgotten: dx")("The target's sign was forgotten: dx = −t of a mistake.", *UNSIGNED),
    *OVER_BATCH,
)


def by(s: OfLoss, weights: Sequence[Real]) -> Any:
    """The same with other weights."""
    layer: WeightedLosses = s.layer
    return s.again(weighted([member.loss for member in layer.members], weights))


def each_left_out(s: OfLoss) -> list[Any]:
    weights = [member.weight for member in s.layer.members]
    return [
        by(s, [0 if at == left_out else weight for at, weight in enumerate(weights)])
        for left_out in range(len(weights))
    ]


WEIGHTED_LOSSES = (
    loss("weights-forgotten: y dx", lambda s: by(s, [1] * len(s.layer.members)))(
        "The losses were added up without their weights."
    ),
    loss("mean-of-losses: y dx", lambda s: s.again() / len(s.layer.members))(
        "The sum was divided by the number of losses; each has its weight, and nothing is averaged."
    ),
    loss("loss-left-out: y dx", each_left_out)("One of the losses was left out."),
)
MISTAKES = {
    "perceptron_loss": PERCEPTRON,
    **{loss: (*own, SUM_FOR_MEAN, *OVER_BATCH) for loss, own in OF_TYPE.items()},
    "mse": MSE,
    "half_squared_error": HALF_SQUARED_ERROR,
    "weighted_losses": WEIGHTED_LOSSES,
}
