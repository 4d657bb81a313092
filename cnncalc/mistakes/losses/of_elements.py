"""What people get wrong in every loss, in squared ones and others that are a curve of each element, and in sums."""

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

import numpy as np

from cnncalc.layers.activations.curve import Real
from cnncalc.layers.base import Layer, Loss
from cnncalc.losses.by_element import share
from cnncalc.losses.composed import WeightedLosses, weighted
from cnncalc.mistakes.descent import OF_LOSS_BEHIND
from cnncalc.mistakes.take import Mistake, Records, Take, Way, need

BASES = (2, 10)
"""Of logarithms that are no natural ones."""
FEW = 32
"""Classes up to which each one is tried for the right one."""


class OfLoss(Take):
    """A loss, seen from its value or its gradient."""

    @property
    def elements(self) -> int:
        """How many elements one sample has."""
        return prod(self.x.shape[1:])

    @property
    def classes(self) -> int:
        """What a sum over the classes is divided by."""
        return int(self.x.shape[1]) if self.layer.over_classes == "mean" else 1

    def divided(self, a: Any) -> Any:
        """Something of x's shape, each sample with the share in the loss that it has by the reduction."""
        return a / share(self.layer, a, self.numbers)

    def total(self, a: Any) -> Any:
        """The sum over everything, with that share."""
        return self.sum(self.divided(a), *range(a.ndim))

    def from_layer(self, type_: type[Layer]) -> Take:
        """The layer before, if it is of a type."""
        need(isinstance(self.before.layer, type_))
        return self.before

    def at(self, *targets: Any) -> list[Any]:
        """The tensor with each of some targets."""
        return [self.again(target=target) for target in targets]

    @property
    def error(self) -> Any:
        """x − t."""
        return self.x - self.target

    def squared(self, *divisors: int) -> list[Any]:
        """The squared error over each of these."""
        total = self.total(self.error * self.error)
        return [total / divisor for divisor in divisors]

    def in_bases(self) -> list[Any]:
        """The tensor with logarithms to other bases."""
        return [self.again() / self.log(base) for base in BASES]

    def logarithms(self, factor: Any, probability: Any) -> Any:
        """factor · log(probability), where the factor is not 0."""
        counts = ~self.numbers.is_equal(factor, 0)
        made = self.numbers.zeros(factor.shape)
        made[counts] = factor[counts] * self.numbers.log(probability[counts])
        return made

    @property
    def samples(self) -> list[Any]:
        """The loss of each sample alone."""
        need(len(self.x) > 1)
        return [self.again(x=self.x[n : n + 1], target=self.target[n : n + 1]) for n in range(len(self.x))]


def other_classes(target: Any) -> list[Any]:
    """The target at other classes: at each for a lone sample with few, else one further or one back."""
    classes = target.shape[1]
    is_small = len(target) == 1 and classes <= FEW
    steps = range(1, classes) if is_small else sorted({1 % classes, -1 % classes} - {0})
    return [np.roll(target, by, axis=1) for by in steps]


def other_reduction(s: Take) -> Any:
    """The loss with the other reduction."""
    need(isinstance(s.layer, Loss) and len(s.x) > 1)
    return s.options(reduction="sum" if s.layer.reduction == "mean" else "mean")


loss = Records(OfLoss)
"""A mistake whose ways see a loss."""
REDUCTION = loss("~other-reduction: y dx", lambda s: s.again(other_reduction(s)))(
    "this is the loss summed over the mini-batch instead of averaged, or the other way round. The problem says which"
    " by `reduction` (mean if it says nothing)."
)
OVER_BATCH = (
    REDUCTION,
    loss("not-summed-over-batch: y", lambda s: np.stack(s.samples))(
        "The losses of the samples were listed one by one; the loss is one number, their mean or sum (`reduction`)."
    ),
    loss("one-sample-only: y", lambda s: s.samples)(
        "This is the loss of one sample only; the loss is the mean or sum over all samples (`reduction`)."
    ),
)
OF_EVERY_LOSS = (*OVER_BATCH, *OF_LOSS_BEHIND)


def by_count(s: OfLoss, total: Any) -> list[Any]:
    """A sum, half of it, and its mean over the elements."""
    return [total / divisor for divisor in (1, 2, s.elements)]


def absolute(s: OfLoss) -> Any:
    return by_count(s, s.total(s.where(s.above(s.error), s.error, 0 - s.error)))


def square_of_sum(s: OfLoss) -> Any:
    need(s.elements > 1)  # of one difference the square is the square of the sum
    sums = s.sum(s.error.reshape(len(s.x), -1), 1)
    return [*by_count(s, s.total(sums * sums)), s.total(sums * sums) / s.elements**2]


OF_SQUARES = (
    loss("root-taken: y", lambda s: s.numbers.sqrt(np.asarray(s.again())))(
        "The square root was taken; the loss is the squared error itself."
    ),
    loss("absolute-error: y", absolute)(
        "The absolute values of the differences were taken; they must be squared: (x − t)²."
    ),
    loss("square-forgotten: y", lambda s: [sign * one for one in by_count(s, s.total(s.error)) for sign in (1, -1)])(
        "The differences were not squared: (x − t)²."
    ),
    loss("square-of-the-sum: y", square_of_sum)(
        "The differences were added before squaring; each is squared by itself: Σ (x − t)²."
    ),
    loss("difference-of-squares: y", lambda s: by_count(s, s.total(s.x * s.x - s.target * s.target)))(
        "The difference x² − t² was taken for (x − t)²."
    ),
    loss("errors-not-summed: y", lambda s: [s.error * s.error / divisor for divisor in (1, 2) if s.x.size > 1])(
        "The squared errors were listed one by one; the loss is one number, made of their sum."
    ),
    loss("target-not-subtracted: dx", lambda s: s.again(target=s.target * 0))(
        "The target was not subtracted: the derivative of (x − t)² is 2 · (x − t)."
    ),
    loss("square-not-differentiated: dx", lambda s: by_count(s, s.divided(s.error * s.error)))(
        "The square was not differentiated; the derivative of (x − t)² is 2 · (x − t)."
    ),
    *OF_EVERY_LOSS,
)


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
