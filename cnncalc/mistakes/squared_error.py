"""What people get wrong in a squared loss, halved or averaged over its elements; x is the output, t the target."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.mistakes.reduction import OF_EVERY_LOSS, OfLoss, loss


def by_count(s: OfLoss, total: Any) -> list[Any]:
    """A sum, half of it, and its mean over the elements."""
    return [total / divisor for divisor in (1, 2, s.elements)]


def absolute(s: OfLoss) -> Any:
    difference = s.x - s.target
    return by_count(s, s.total(s.where(s.above(difference), difference, 0 - difference)))


def square_of_sum(s: OfLoss) -> Any:
    difference = s.x - s.target
    sums = s.sum(difference.reshape(len(difference), -1), 1)
    return [*by_count(s, s.total(sums * sums)), s.total(sums * sums) / s.elements**2]


OF_SQUARES = (
    loss("root-taken: y")(
        "The square root was taken; the loss is the squared error itself.",
        "多开了平方根；损失就是平方误差，不开方。",
        lambda s: s.numbers.sqrt(np.asarray(s.again())),
    ),
    loss("absolute-error: y")(
        "The absolute values of the differences were taken; they must be squared: (x − t)².",
        "用了差的绝对值；应取平方：(x − t)²。",
        absolute,
    ),
    loss("square-forgotten: y")(
        "The differences were not squared: (x − t)².",
        "差没有取平方：(x − t)²。",
        lambda s: [sign * one for one in by_count(s, s.total(s.x - s.target)) for sign in (1, -1)],
    ),
    loss("square-of-the-sum: y")(
        "The differences were added before squaring; each is squared by itself: Σ (x − t)².",
        "先求和再平方了；应逐个平方后求和：Σ (x − t)²。",
        square_of_sum,
    ),
    loss("difference-of-squares: y")(
        "The difference x² − t² was taken for (x − t)².",
        "把 (x − t)² 算成了 x² − t²。",
        lambda s: by_count(s, s.total(s.x * s.x - s.target * s.target)),
    ),
    loss("errors-not-summed: y")(
        "The squared errors were listed one by one; the loss is one number, made of their sum.",
        "分别列出了各平方误差；损失是一个数，应把它们加起来。",
        lambda s: [(s.x - s.target) * (s.x - s.target) / divisor for divisor in (1, 2)],
    ),
    loss("target-not-subtracted: dx")(
        "The target was not subtracted: the derivative of (x − t)² is 2 · (x − t).",
        "没有减去目标：(x − t)² 的导数是 2 · (x − t)。",
        lambda s: s.again(target=s.target * 0),
    ),
    loss("square-not-differentiated: dx")(
        "The square was not differentiated; the derivative of (x − t)² is 2 · (x − t).",
        "没有对平方求导；(x − t)² 的导数是 2 · (x − t)。",
        lambda s: by_count(s, s.divided((s.x - s.target) * (s.x - s.target))),
    ),
    *OF_EVERY_LOSS,
)
