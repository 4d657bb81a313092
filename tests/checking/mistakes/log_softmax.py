"""Mistakes in a log-softmax."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, log

import numpy as np

from ..conv_loops import True_
from .case import Case, Doubles

SINGLE = """
input: {name: z, value: [1, 2, 0.5, 1.5]}
layers: [log_softmax: {name: y}]
upstream: {value: [2, -1, 0.25, 3]}
"""
BATCH = """
input: {name: z, value: [[1, 2, 0.5], [0.25, -1, 3]]}
layers: [log_softmax: {name: y}]
upstream: {value: [[2, -1, 0.25], [-3, 4, 1.5]]}
"""
DZ = "dL/dz"
Rows = list[list[float]]


def rows(values: Doubles) -> Rows:
    made: Rows = np.atleast_2d(values).tolist()
    return made


def output(of_logits: Callable[[list[float]], list[float]]) -> Callable[[True_], Doubles]:
    """Sample by sample, from the logits."""
    return lambda true: np.array([of_logits(z) for z in rows(true["z"])]).reshape(true["z"].shape)


def softmax(z: list[float]) -> list[float]:
    return [exp(x) / sum(map(exp, z)) for x in z]


def gradient(of: Callable[[list[float], list[float], list[float]], list[float]]) -> Callable[[True_], Doubles]:
    """Sample by sample, from z, p and g."""

    def wrong(true: True_) -> Doubles:
        pairs = zip(rows(true["z"]), rows(true["dL/dy"]), strict=True)
        return np.array([of(z, softmax(z), g) for z, g in pairs]).reshape(true["z"].shape)

    return wrong


def normalizer(z: list[float]) -> float:
    return log(sum(map(exp, z)))


def dot(g: list[float], p: list[float]) -> float:
    return sum(a * b for a, b in zip(g, p, strict=True))


def over_batch(true: True_) -> Doubles:
    """The exponentials of each class added over the samples."""
    z = rows(true["z"])
    return np.array([[x - log(sum(exp(other[k]) for other in z)) for k, x in enumerate(row)] for row in z])


def sums_over_batch(true: True_, everything: bool) -> Doubles:
    z, g = rows(true["z"]), rows(true["dL/dy"])
    sums = [sum(map(sum, g)) if everything else sum(row[k] for row in g) for k in range(3)]
    return np.array(
        [[g[n][k] - softmax(row)[k] * sums[k] for k in range(3)] for n, row in enumerate(z)]
    )  # fmt: skip


CASES = [
    Case("logarithm-forgotten", SINGLE, "y", output(softmax)),
    Case("logarithm-forgotten", BATCH, "y", output(softmax)),
    Case("logarithm-base", SINGLE, "y", output(lambda z: [log(p) / log(2) for p in softmax(z)])),
    Case("logarithm-base", BATCH, "y", output(lambda z: [log(p) / log(10) for p in softmax(z)])),
    Case("logarithm-base", SINGLE, "y", output(lambda z: [x - normalizer(z) / log(10) for x in z])),
    Case("exponentials-forgotten", SINGLE, "y", output(lambda z: [x - log(5) for x in z])),
    Case("exponentials-forgotten", SINGLE, "y", output(lambda z: [log(x / 5) for x in z])),
    Case("logarithm-of-logit", SINGLE, "y", output(lambda z: [log(x) for x in z])),
    Case("logarithm-of-sum-forgotten", SINGLE, "y", output(lambda z: [x - sum(map(exp, z)) for x in z])),
    Case("logarithm-of-sum-as-sum", BATCH, "y", output(lambda z: [x - sum(z) for x in z])),
    Case("not-normalized", BATCH, "y", output(lambda z: [x - max(z) for x in z])),
    Case("shifted-in-one-part-only", SINGLE, "y", output(lambda z: [x - normalizer(z) + 2 for x in z])),
    Case("shifted-in-one-part-only", SINGLE, "y", output(lambda z: [x - normalizer(z) - 2 for x in z])),
    Case("plus-for-minus", BATCH, "y", output(lambda z: [x + normalizer(z) for x in z])),
    Case("softmax-twice", BATCH, "y", output(lambda z: [log(p) for p in softmax(softmax(z))])),
    Case("softmax-over-batch", BATCH, "y", over_batch),
    Case("softmax-over-batch", BATCH, "y", lambda true: true["z"] - log(sum(exp(x) for x in true["z"].ravel()))),
    # The gradient
    Case(
        "derivative-plus-for-minus", BATCH, DZ,
        gradient(lambda z, p, g: [a + b * sum(g) for a, b in zip(g, p, strict=True)]),
    ),
    Case("probability-added", SINGLE, DZ, gradient(lambda z, p, g: [a + b for a, b in zip(g, p, strict=True)])),
    Case("probability-added", BATCH, DZ, gradient(lambda z, p, g: [a + b for a, b in zip(g, p, strict=True)])),
    Case(
        "derivative-of-softmax", SINGLE, DZ,
        gradient(lambda z, p, g: [b * a + b * dot(g, p) for a, b in zip(g, p, strict=True)]),
    ),
    Case(
        "derivative-of-softmax", BATCH, DZ,
        gradient(lambda z, p, g: [b * a - b * dot(g, p) for a, b in zip(g, p, strict=True)]),
    ),
    Case("derivative-forgotten", SINGLE, DZ, lambda true: true["dL/dy"]),
    Case("gradients-not-summed", SINGLE, DZ, gradient(lambda z, p, g: [a - b for a, b in zip(g, p, strict=True)])),
    Case("gradients-not-summed", BATCH, DZ, gradient(lambda z, p, g: [a - a * b for a, b in zip(g, p, strict=True)])),
    Case(
        "sum-weighted-by-probabilities", SINGLE, DZ,
        gradient(lambda z, p, g: [a - b * dot(g, p) for a, b in zip(g, p, strict=True)]),
    ),
    Case("sum-weighted-by-probabilities", BATCH, DZ, gradient(lambda z, p, g: [a - dot(g, p) for a in g])),
    Case(
        "logarithm-for-probability", SINGLE, DZ,
        gradient(lambda z, p, g: [a - log(b) * sum(g) for a, b in zip(g, p, strict=True)]),
    ),
    Case(
        "logarithm-for-probability", BATCH, DZ,
        gradient(lambda z, p, g: [a - x * sum(g) for a, x in zip(g, z, strict=True)]),
    ),
    Case(
        "softmax-diagonal-only", SINGLE, DZ,
        gradient(lambda z, p, g: [a * (1 - b) for a, b in zip(g, p, strict=True)]),
    ),
    Case("upstream-forgotten", SINGLE, DZ, gradient(lambda z, p, g: [1 - b for b in p])),
    Case("upstream-forgotten", BATCH, DZ, gradient(lambda z, p, g: [1 - 3 * b for b in p])),
    Case("softmax-over-batch", BATCH, DZ, lambda true: sums_over_batch(true, everything=False)),
    Case("softmax-over-batch", BATCH, DZ, lambda true: sums_over_batch(true, everything=True)),
]  # fmt: skip
