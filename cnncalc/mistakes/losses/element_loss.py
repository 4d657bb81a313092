"""What people get wrong in losses that are a curve of each element: L1, Huber, hinge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cnncalc.layers.base import Layer
from cnncalc.mistakes.losses.reduction import OVER_BATCH, OfLoss, loss
from cnncalc.mistakes.take import Mistake

SUM_FOR_MEAN = loss("~sum-for-mean: y dx")(
    "the elements were added up. This problem takes their mean, as PyTorch does.",
    "对各元素求了和。本题与 PyTorch 一致，取平均。",
    lambda s: s.again() * s.elements,
)


def squares(s: OfLoss) -> Any:
    difference = s.x - s.target
    total = s.total(difference * difference) / s.elements
    return [total, total / 2]


def errors(s: OfLoss) -> Any:
    return s.divided((s.x - s.target) / s.elements)


def size(s: OfLoss) -> Any:
    difference = s.x - s.target
    return s.numbers.positive_part(difference) + s.numbers.positive_part(0 - difference)


def lacking(s: OfLoss, margin: Any) -> Any:
    return s.number(margin) - s.target * s.x


OF_TYPE: Mapping[str, tuple[Mistake, ...]] = {
    "l1": (
        loss("square-for-absolute: y")(
            "The differences were squared; L1 takes their absolute values.",
            "对差取了平方；L1 损失取绝对值。",
            squares,
        ),
        loss("absolute-forgotten: y")(
            "The differences were added with their signs; L1 takes their absolute values.",
            "把差连同符号相加了；L1 损失取绝对值。",
            lambda s: [sign * s.total(s.x - s.target) / s.elements for sign in (1, -1)],
        ),
        loss("error-for-sign: dx")(
            "The difference was taken for the derivative; that is only its sign: ±1 / n.",
            "把差当成了导数；导数只是差的符号：±1 / n。",
            errors,
        ),
    ),
    "huber": (
        loss("huber-not-straight: y dx")(
            "Half the square was taken everywhere; beyond delta the loss is straight: delta · (|x − t| − delta / 2).",
            "处处取了平方的一半；差超过 delta 时应为线性：delta · (|x − t| − delta / 2)。",
            lambda s: squares(s)[1] if s.tensor == "y" else errors(s),
        ),
        loss("huber-half-delta-forgotten: y")(
            "Beyond delta the half of delta was not subtracted: delta · (|x − t| − delta / 2).",
            "差超过 delta 时漏减了 delta / 2：应为 delta · (|x − t| − delta / 2)。",
            lambda s: s.again() + s.total(beyond(s)) / s.elements,
        ),
    ),
    "hinge": (
        loss("margin-forgotten: y")(
            "The margin was forgotten: this is max(0, −t · x).",
            "漏了间隔：算成了 max(0, −t · x)。",
            lambda s: s.again(s.options(margin=0)),
        ),
        loss("not-cut-off: y")(
            "Elements beyond the margin were counted as well; they cost 0: max(0, margin − t · x).",
            "超过间隔的元素也计入了（负值）；它们的损失应为 0：max(0, margin − t · x)。",
            lambda s: s.total(lacking(s, s.layer.margin)) / s.elements,
        ),
        loss("sign-forgotten: dx")(
            "The target's sign was forgotten: dx = −t where t · x is below the margin.",
            "漏了目标的符号：t · x 小于间隔处 dx = −t。",
            lambda s: s.again() * s.target,
            lambda s: 0 - s.again() * s.target,
            lambda s: 0 - s.again(),
        ),
    ),
}


def beyond(s: OfLoss) -> Any:
    """delta²/2 where the difference is beyond delta."""
    delta = s.number(s.layer.delta)
    far = s.above(size(s) - delta)
    return s.where(far, s.ones(s.x) * delta * delta / 2, s.x * 0)


def mistakes_of(layer: Layer) -> Sequence[Mistake]:
    """Those of its type, and of all."""
    return (*OF_TYPE[layer.type], SUM_FOR_MEAN, *OVER_BATCH)
