"""Mistakes in a cross-entropy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, log

import numpy as np

from .case import Case, Doubles

True_ = Mapping[str, Doubles]
SINGLE = """
input: {name: z, value: [1, 2, 0.5, 1.5]}
layers:
  - softmax: {name: p}
loss:
  cross_entropy: {target: [0, 0, 1, 0]}
"""
SOFT = SINGLE.replace("[0, 0, 1, 0]", "[0.1, 0.2, 0.4, 0.3]")
BATCH = """
input: {name: z, value: [[1, 2, 0.5], [0.25, -1, 3]]}
layers:
  - softmax: {name: p}
loss:
  cross_entropy: {target: [[0, 1, 0], [1, 0, 0]]}
"""
SUMMED = BATCH.replace("target:", "reduction: sum, target:")
UNLIKELY = SINGLE.replace("[1, 2, 0.5, 1.5]", "[1, 2, -7, 1.5]")
HARD = [[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]


def pairs(true: True_) -> list[list[tuple[float, float]]]:
    """(p, t) of each class of each sample."""
    p, t = np.atleast_2d(true["p"]).tolist(), np.atleast_2d(true["L.target"]).tolist()
    return [list(zip(*rows, strict=True)) for rows in zip(p, t, strict=True)]


def loss(of_class: Callable[[float, float], float], divisor: float = 1) -> Callable[[True_], Doubles]:
    """−Σ of_class(p, t), the mean over the samples."""

    def wrong(true: True_) -> Doubles:
        rows = pairs(true)
        return np.array(-sum(of_class(p, t) for row in rows for p, t in row) / len(rows) / divisor)

    return wrong


def gradient(of_class: Callable[[float, float], float]) -> Callable[[True_], Doubles]:
    """of_class(p, t) in each cell, divided by the number of samples."""

    def wrong(true: True_) -> Doubles:
        rows = pairs(true)
        return np.array([[of_class(p, t) / len(rows) for p, t in row] for row in rows]).reshape(true["p"].shape)

    return wrong


def softmax(z: list[float]) -> list[float]:
    return [exp(x) / sum(map(exp, z)) for x in z]


def binary(p: float, t: float) -> float:
    return t * log(p) + (1 - t) * log(1 - p)


def binary_slope(p: float, t: float) -> float:
    return (1 - t) / (1 - p) - t / p


CASES = [
    Case("wrong-class", SINGLE, "L", lambda true: np.array(-log(true["p"][3]))),
    Case("wrong-class", SINGLE, "L", lambda true: np.array(-log(true["p"][0]))),
    Case("wrong-class", BATCH, "L", lambda true: np.array(-log(true["p"][0, 0] * true["p"][1, 2]) / 2)),
    Case("softmax-twice", SINGLE, "L", lambda true: np.array(-log(softmax(true["p"].tolist())[2]))),
    Case(
        "softmax-twice",
        BATCH,
        "L",
        lambda t: np.array(-log(softmax(t["p"][0].tolist())[1] * softmax(t["p"][1].tolist())[0]) / 2),
    ),
    Case("logarithm-of-logit", SINGLE, "L", lambda true: np.array(-log(0.5))),
    Case("logarithm-of-logit", BATCH, "L", lambda true: np.array(-(log(2) + log(0.25)) / 2)),
    Case("exponentials-forgotten", SINGLE, "L", lambda true: np.array(log(10))),
    Case("exponentials-forgotten", BATCH, "L", lambda true: np.array((log(3.5 / 2) + log(9)) / 2)),
    Case("logarithm-base", SINGLE, "L", lambda true: np.array(-np.log2(true["p"][2]))),
    Case("logarithm-base", BATCH, "L", loss(lambda p, t: t * np.log10(p))),
    Case("logarithm-forgotten", SINGLE, "L", lambda true: np.array(-true["p"][2])),
    Case("logarithm-forgotten", BATCH, "L", loss(lambda p, t: t * p)),
    Case("target-forgotten", SINGLE, "L", loss(lambda p, t: log(p))),
    Case("target-forgotten", BATCH, "L", loss(lambda p, t: log(p))),
    Case("mean-over-classes", SINGLE, "L", loss(lambda p, t: t * log(p), 4)),
    Case("mean-over-classes", BATCH, "L", loss(lambda p, t: t * log(p), 3)),
    Case("binary-cross-entropy", SINGLE, "L", loss(binary)),
    Case("binary-cross-entropy", BATCH, "L", loss(binary, 3)),
    Case("binary-cross-entropy", SOFT, "L", loss(binary)),
    Case("target-and-probabilities-swapped", SOFT, "L", loss(lambda p, t: p * log(t))),
    Case("entropy-of-probabilities", SINGLE, "L", loss(lambda p, t: p * log(p))),
    Case("entropy-of-probabilities", BATCH, "L", loss(lambda p, t: t * p * log(p))),
    Case("divergence-for-cross-entropy", SOFT, "L", loss(lambda p, t: t * log(p / t))),
    Case("squared-error-for-cross-entropy", SINGLE, "L", loss(lambda p, t: (p - t) ** 2, -1)),
    Case("squared-error-for-cross-entropy", SINGLE, "L", loss(lambda p, t: (p - t) ** 2, -2)),
    Case("squared-error-for-cross-entropy", BATCH, "L", loss(lambda p, t: (p - t) ** 2, -3)),
    *(
        Case("constant-in-logarithm", UNLIKELY, "L", loss(lambda p, t, c=constant: t * log(p + c)))
        for constant in (1e-5, 1e-6, 1e-7)
    ),
    Case("other-reduction", BATCH, "L", loss(lambda p, t: t * log(p), 0.5)),
    Case("other-reduction", SUMMED, "L", loss(lambda p, t: t * log(p))),
    Case("not-summed-over-batch", BATCH, "L", lambda t: np.array([-log(t["p"][0, 1]), -log(t["p"][1, 0])])),
    Case("one-sample-only", BATCH, "L", lambda true: np.array(-log(true["p"][0, 1]))),
    Case("one-sample-only", SUMMED, "L", lambda true: np.array(-log(true["p"][1, 0]))),
    # The gradient at the probabilities.
    Case("gradient-at-logits", SINGLE, "dL/dp", gradient(lambda p, t: p - t)),
    Case("gradient-at-logits", BATCH, "dL/dp", gradient(lambda p, t: p - t)),
    Case("wrong-class", SINGLE, "dL/dp", lambda true: np.array([0, -1 / true["p"][1], 0, 0])),
    Case("wrong-class", BATCH, "dL/dp", lambda t: np.array([[-1 / t["p"][0, 0], 0, 0], [0, 0, -1 / t["p"][1, 2]]]) / 2),
    Case("target-forgotten", SINGLE, "dL/dp", gradient(lambda p, t: -1 / p)),
    Case("target-forgotten", BATCH, "dL/dp", gradient(lambda p, t: -1 / p)),
    Case("logarithm-forgotten", SINGLE, "dL/dp", lambda true: np.array([0, 0, -1, 0])),
    Case("logarithm-forgotten", BATCH, "dL/dp", gradient(lambda p, t: -t)),
    Case("logarithm-not-differentiated", SINGLE, "dL/dp", gradient(lambda p, t: -t * log(p))),
    Case("logarithm-not-differentiated", BATCH, "dL/dp", gradient(lambda p, t: -log(p))),
    Case("softmax-twice", SINGLE, "dL/dp", lambda t: np.array(softmax(t["p"].tolist())) - [0, 0, 1, 0]),
    Case(
        "softmax-twice",
        BATCH,
        "dL/dp",
        lambda true: (np.array([softmax(p) for p in true["p"].tolist()]) - np.array(HARD)) / 2,
    ),
    Case("logarithm-base", SINGLE, "dL/dp", gradient(lambda p, t: -t / p / log(2))),
    Case("logarithm-base", BATCH, "dL/dp", gradient(lambda p, t: -t / p / log(10))),
    Case("mean-over-classes", SINGLE, "dL/dp", gradient(lambda p, t: -t / p / 4)),
    Case("binary-cross-entropy", SINGLE, "dL/dp", gradient(binary_slope)),
    Case("binary-cross-entropy", BATCH, "dL/dp", gradient(lambda p, t: binary_slope(p, t) / 3)),
    Case("constant-in-logarithm", UNLIKELY, "dL/dp", gradient(lambda p, t: -t / (p + 1e-7))),
    Case("other-reduction", BATCH, "dL/dp", gradient(lambda p, t: -2 * t / p)),
    Case("other-reduction", SUMMED, "dL/dp", gradient(lambda p, t: -t / p)),
]
