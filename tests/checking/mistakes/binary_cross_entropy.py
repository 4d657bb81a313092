"""Mistakes in a binary cross-entropy."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log

import numpy as np

from ..conv_loops import True_
from .case import Case, Doubles

SINGLE = """
input: {name: p, value: [0.2, 0.7, 0.9]}
layers: []
loss:
  binary_cross_entropy: {target: [0, 1, 0]}
"""
SOFT = SINGLE.replace("[0, 1, 0]", "[0.1, 0.75, 0.5]")
BATCH = """
input: {name: p, value: [[0.2, 0.7, 0.9], [0.6, 0.1, 0.75]]}
layers: []
loss:
  binary_cross_entropy: {target: [[0, 1, 0], [1, 1, 0]]}
"""
SUMMED = BATCH.replace("target:", "reduction: sum, target:")
UNLIKELY = SINGLE.replace("0.7", "0.0001")
Of = Callable[[float, float], float]


def pairs(true: True_) -> list[tuple[float, float]]:
    """(p, t) of each element."""
    return list(zip(true["p"].ravel().tolist(), true["L.target"].ravel().tolist(), strict=True))


def loss(of: Of, divisor: float = 1) -> Callable[[True_], Doubles]:
    """The mean of of(p, t) over all elements of all samples."""
    return lambda true: np.array(sum(of(p, t) for p, t in pairs(true)) / len(pairs(true)) / divisor)


def gradient(of: Of, divisor: float = 1) -> Callable[[True_], Doubles]:
    return lambda true: np.array([of(p, t) for p, t in pairs(true)]).reshape(true["p"].shape) / true["p"].size / divisor


def sigmoid(x: float) -> float:
    return 1 / (1 + exp(-x))


def right(p: float, t: float) -> float:
    return -t * log(p) - (1 - t) * log(1 - p)


def slope(p: float, t: float) -> float:
    return (1 - t) / (1 - p) - t / p


def small(p: float, t: float, c: float) -> float:
    return -t * log(p + c) - (1 - t) * log(1 - p + c)


DP = "dL/dp"
CASES = [
    Case("term-forgotten", SINGLE, "L", loss(lambda p, t: -t * log(p))),
    Case("term-forgotten", BATCH, "L", loss(lambda p, t: -(1 - t) * log(1 - p))),
    Case("sign-of-one-term", SINGLE, "L", loss(lambda p, t: -t * log(p) + (1 - t) * log(1 - p))),
    Case("sign-of-one-term", SOFT, "L", loss(lambda p, t: t * log(p) - (1 - t) * log(1 - p))),
    Case("one-minus-forgotten", SINGLE, "L", loss(lambda p, t: -t * log(p) - (1 - t) * log(p))),
    Case("one-minus-forgotten", SOFT, "L", loss(lambda p, t: -t * log(p) - t * log(1 - p))),
    Case("sigmoid-twice", SINGLE, "L", loss(lambda p, t: right(sigmoid(p), t))),
    Case("sigmoid-twice", BATCH, "L", loss(lambda p, t: right(sigmoid(p), t))),
    Case("logarithm-base", SINGLE, "L", loss(right, log(2))),
    Case("logarithm-base", BATCH, "L", loss(right, log(10))),
    Case("logarithm-forgotten", BATCH, "L", loss(lambda p, t: -p if t else p - 1)),
    Case("sum-for-mean", SINGLE, "L", loss(right, 1 / 3)),
    Case("sum-for-mean", BATCH, "L", loss(right, 1 / 3)),
    Case("target-and-probabilities-swapped", SOFT, "L", loss(lambda p, t: right(t, p))),
    Case("entropy-of-probabilities", SINGLE, "L", loss(lambda p, t: right(p, p))),
    Case("squared-error-for-cross-entropy", SINGLE, "L", loss(lambda p, t: (p - t) ** 2)),
    Case("squared-error-for-cross-entropy", BATCH, "L", loss(lambda p, t: (p - t) ** 2, 2 / 3)),
    Case("constant-in-logarithm", UNLIKELY, "L", loss(lambda p, t: small(p, t, 1e-5))),
    Case("constant-in-logarithm", UNLIKELY, "L", loss(lambda p, t: small(p, t, 1e-7))),
    Case("errors-not-summed", SINGLE, "L", lambda true: np.array([right(p, t) for p, t in pairs(true)])),
    Case("other-reduction", BATCH, "L", loss(right, 1 / 2)),
    Case("other-reduction", SUMMED, "L", loss(right)),
    Case(
        "not-summed-over-batch", BATCH, "L",
        lambda true: np.array([sum(right(*pair) for pair in pairs(true)[n : n + 3]) / 3 for n in (0, 3)]),
    ),
    Case("one-sample-only", BATCH, "L", lambda true: np.array(sum(right(*pair) for pair in pairs(true)[3:]) / 3)),
    # The gradient
    Case("gradient-at-logits", SINGLE, DP, gradient(lambda p, t: p - t)),
    Case("gradient-at-logits", BATCH, DP, gradient(lambda p, t: p - t, 1 / 3)),
    Case("term-forgotten", SINGLE, DP, gradient(lambda p, t: -t / p)),
    Case("term-forgotten", BATCH, DP, gradient(lambda p, t: (1 - t) / (1 - p))),
    Case("sign-of-one-term", SINGLE, DP, gradient(lambda p, t: -t / p - (1 - t) / (1 - p))),
    Case("sign-of-one-term", SOFT, DP, gradient(lambda p, t: t / p + (1 - t) / (1 - p))),
    Case("sigmoid-twice", SINGLE, DP, gradient(lambda p, t: sigmoid(p) - t)),
    Case("sigmoid-twice", BATCH, DP, gradient(lambda p, t: slope(sigmoid(p), t))),
    Case("logarithm-base", SINGLE, DP, gradient(slope, log(2))),
    Case("logarithm-base", BATCH, DP, gradient(slope, log(10))),
    Case("logarithm-not-differentiated", SINGLE, DP, gradient(right)),
    Case("sum-for-mean", SINGLE, DP, gradient(slope, 1 / 3)),
    Case("sum-for-mean", BATCH, DP, gradient(slope, 1 / 3)),
    Case("other-reduction", BATCH, DP, gradient(slope, 1 / 2)),
    Case("other-reduction", SUMMED, DP, gradient(slope)),
]  # fmt: skip
