"""What people get wrong where several losses are added up."""

from collections.abc import Sequence
from typing import Any

from cnncalc.losses.weighted_losses import Real, WeightedLosses, weighted
from cnncalc.mistakes.losses.reduction import OfLoss, loss


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


MISTAKES = (
    loss("weights-forgotten: y dx", lambda s: by(s, [1] * len(s.layer.members)))(
        "The losses were added up without their weights.", "各损失直接相加，漏乘了权重。"
    ),
    loss("mean-of-losses: y dx", lambda s: s.again() / len(s.layer.members))(
        "The sum was divided by the number of losses; each has its weight, and nothing is averaged.",
        "把和除以了损失的个数；各损失按权重相加，不取平均。",
    ),
    loss("loss-left-out: y dx", each_left_out)("One of the losses was left out.", "漏掉了其中一项损失。"),
)
