"""Mistakes in a negative log-likelihood, and in the gradient at the logits of a log-softmax before it."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log

import numpy as np

from ..conv_loops import True_
from .case import Case, Doubles

SINGLE = """
input: {name: z, value: [1, 2, 0.5, 1.5]}
layers:
  - log_softmax: {name: y}
loss:
  nll: {target: [0, 0, 1, 0]}
"""
SOFT = SINGLE.replace("[0, 0, 1, 0]", "[0.1, 0.2, 0.4, 0.3]")
BATCH = """
input: {name: z, value: [[1, 2, 0.5], [0.25, -1, 3]]}
layers:
  - log_softmax: {name: y}
loss:
  nll: {target: [[0, 1, 0], [1, 0, 0]]}
"""
SUMMED = BATCH.replace("target:", "reduction: sum, target:")


def pairs(true: True_) -> list[list[tuple[float, float]]]:
    """(log-probability, t) of each class of each sample."""
    y, t = np.atleast_2d(true["y"]).tolist(), np.atleast_2d(true["L.target"]).tolist()
    return [list(zip(*rows, strict=True)) for rows in zip(y, t, strict=True)]


def loss(of_class: Callable[[float, float], float], divisor: float = 1) -> Callable[[True_], Doubles]:
    """−Σ of_class(y, t), the mean over the samples."""

    def wrong(true: True_) -> Doubles:
        rows = pairs(true)
        return np.array(-sum(of_class(y, t) for row in rows for y, t in row) / len(rows) / divisor)

    return wrong


def gradient(of_class: Callable[[float, float], float]) -> Callable[[True_], Doubles]:
    """of_class(y, t) in each cell, divided by the number of samples."""

    def wrong(true: True_) -> Doubles:
        rows = pairs(true)
        return np.array([[of_class(y, t) / len(rows) for y, t in row] for row in rows]).reshape(true["y"].shape)

    return wrong


def softmax(z: list[float]) -> list[float]:
    return [exp(x) / sum(map(exp, z)) for x in z]


def twice(true: True_) -> Doubles:
    """p − t with the softmax of the softmax."""
    again = [softmax(softmax(z)) for z in np.atleast_2d(true["z"]).tolist()]
    return np.array(again).reshape(true["z"].shape) - true["L.target"]


def binary(true: True_) -> Doubles:
    """The gradient at the logits of SINGLE's binary cross-entropy, by the softmax's derivative."""
    p = softmax(true["z"].tolist())
    g = [(1 - t) / (1 - q) - t / q for q, t in zip(p, true["L.target"].tolist(), strict=True)]
    return np.array([q * (a - sum(b * r for b, r in zip(g, p, strict=True))) for q, a in zip(p, g, strict=True)])


DY, DZ = "dL/dy", "dL/dz"
CASES = [
    Case("wrong-class", SINGLE, "L", lambda true: np.array(-true["y"][3])),
    Case("wrong-class", BATCH, "L", lambda true: np.array(-(true["y"][0, 0] + true["y"][1, 2]) / 2)),
    Case("logarithm-forgotten", SINGLE, "L", loss(lambda y, t: t * exp(y))),
    Case("logarithm-forgotten", BATCH, "L", loss(lambda y, t: t * exp(y))),
    Case("logarithm-twice", SINGLE, "L", loss(lambda y, t: t * log(-y))),
    Case("logarithm-twice", BATCH, "L", loss(lambda y, t: -t * log(-y))),
    Case("softmax-twice", SINGLE, "L", lambda true: np.array(-log(softmax(softmax(true["z"].tolist()))[2]))),
    Case("activation-skipped", SINGLE, "L", lambda true: np.array(-0.5)),
    Case("activation-skipped", BATCH, "L", lambda true: np.array(-2.25 / 2)),
    Case("logarithm-base", SINGLE, "L", loss(lambda y, t: t * y / log(2))),
    Case("logarithm-base", BATCH, "L", loss(lambda y, t: t * y / log(10))),
    Case("target-forgotten", SINGLE, "L", loss(lambda y, t: y)),
    Case("target-forgotten", BATCH, "L", loss(lambda y, t: y)),
    Case("mean-over-classes", SINGLE, "L", loss(lambda y, t: t * y, 4)),
    Case("mean-over-classes", BATCH, "L", loss(lambda y, t: t * y, 3)),
    Case("other-reduction", BATCH, "L", loss(lambda y, t: t * y, 0.5)),
    Case("other-reduction", SUMMED, "L", loss(lambda y, t: t * y)),
    Case("not-summed-over-batch", BATCH, "L", lambda true: np.array([-true["y"][0, 1], -true["y"][1, 0]])),
    Case("one-sample-only", BATCH, "L", lambda true: np.array(-true["y"][0, 1])),
    # The gradient at the log-probabilities
    Case("gradient-at-logits", SINGLE, DY, gradient(lambda y, t: exp(y) - t)),
    Case("gradient-at-logits", BATCH, DY, gradient(lambda y, t: exp(y) - t)),
    Case("gradient-at-probabilities", SINGLE, DY, gradient(lambda y, t: -t / exp(y))),
    Case("gradient-at-probabilities", BATCH, DY, gradient(lambda y, t: -t / exp(y))),
    Case("logarithm-twice", BATCH, DY, gradient(lambda y, t: -t / y)),
    Case("not-differentiated", SINGLE, DY, gradient(lambda y, t: -t * y)),
    Case("not-differentiated", BATCH, DY, gradient(lambda y, t: -y)),
    Case("wrong-class", SINGLE, DY, lambda true: np.array([0, -1, 0, 0])),
    Case("wrong-class", BATCH, DY, lambda true: np.array([[-0.5, 0, 0], [0, 0, -0.5]])),
    Case("target-forgotten", SINGLE, DY, lambda true: np.array([-1, -1, -1, -1])),
    Case("target-forgotten", BATCH, DY, gradient(lambda y, t: -1)),
    Case("mean-over-classes", SINGLE, DY, lambda true: np.array([0, 0, -0.25, 0])),
    Case("other-reduction", BATCH, DY, lambda true: -true["L.target"]),
    Case("other-reduction", SUMMED, DY, lambda true: -true["L.target"] / 2),
    # The gradient at the logits
    Case("minus-probability-at-target", SINGLE, DZ, gradient(lambda y, t: -exp(y) if t else exp(y))),
    Case("target-not-subtracted", BATCH, DZ, gradient(lambda y, t: exp(y))),
    Case("sign-at-target", SINGLE, DZ, gradient(lambda y, t: 1 - exp(y) if t else exp(y))),
    Case("one-minus-probability", BATCH, DZ, gradient(lambda y, t: 1 - exp(y))),
    Case("softmax-twice", SINGLE, DZ, twice),
    Case("softmax-twice", BATCH, DZ, lambda true: twice(true) / 2),
    Case("wrong-class", SOFT, DZ, lambda true: np.exp(true["y"]) - [0.3, 0.1, 0.2, 0.4]),
    Case("binary-cross-entropy", SINGLE, DZ, binary),
    Case("logarithm-base", BATCH, DZ, gradient(lambda y, t: (exp(y) - t) / log(10))),
    Case("mean-over-classes", BATCH, DZ, gradient(lambda y, t: (exp(y) - t) / 3)),
]
