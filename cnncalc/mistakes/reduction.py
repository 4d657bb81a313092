"""What people get wrong when a loss goes together over the mini-batch, whichever loss it is; and a loss's Take."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from cnncalc.layers.base import Layer, Loss
from cnncalc.losses.reduction import share
from cnncalc.mistakes.descent import OF_LOSS_BEHIND
from cnncalc.mistakes.take import Records, Take, need

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

    def divided(self, a: Any) -> Any:
        """Something of x's shape, each sample with the share in the loss that it has by the reduction."""
        return a / share(self.layer, a)

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
    def other_classes(self) -> list[Any]:
        """The target at other classes."""
        return other_classes(self.target)

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
REDUCTION = loss("~other-reduction: y dx")(
    "Another convention: this is the loss summed over the mini-batch instead of averaged, or the other way round. The"
    " problem says which by `reduction` (mean if it says nothing).",
    "另一种约定：损失对小批量取了和而不是平均（或相反）。本题由 `reduction` 规定，未写时取平均（mean）。",
    lambda s: s.again(other_reduction(s)),
)
OF_EVERY_LOSS = (
    REDUCTION,
    loss("not-summed-over-batch: y")(
        "The losses of the samples were listed one by one; the loss is one number, their mean or sum (`reduction`).",
        "分别列出了各样本的损失；损失是一个数，即它们的平均或总和（由 `reduction` 规定）。",
        lambda s: np.stack(s.samples),
    ),
    loss("one-sample-only: y")(
        "This is the loss of one sample only; the loss is the mean or sum over all samples (`reduction`).",
        "这只是一个样本的损失；损失应是所有样本的平均或总和（由 `reduction` 规定）。",
        lambda s: s.samples,
    ),
    *OF_LOSS_BEHIND,
)
