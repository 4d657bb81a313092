"""Mistakes in a softmax, alone and with a loss behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import exp, log

import numpy as np

from .case import Case, Doubles

True_ = Mapping[str, Doubles]
ALONE = """
input: {name: z, value: [1, 2, -0.5, 0.25]}
layers:
  - softmax: {name: p}
upstream: {value: [3, -1, 0.5, 2]}
"""
BATCH = """
input: {name: z, value: [[1, 2, 0.5], [0.25, -1, 3]]}
layers:
  - softmax: {name: p}
loss:
  cross_entropy: {target: [[0, 1, 0], [1, 0, 0]]}
"""
SUMMED = BATCH.replace("target:", "reduction: sum, target:")
SINGLE = """
input: {name: z, value: [1, 2, 0.5, -1]}
layers:
  - softmax: {name: p}
loss:
  cross_entropy: {target: [0, 0, 1, 0]}
"""
SOFT = SINGLE.replace("[0, 0, 1, 0]", "[0.1, 0.2, 0.4, 0.3]")
COOLED = SINGLE.replace("{name: p}", "{name: p, temperature: 2}")
SQUARED = """
input: {name: z, value: [1, 2, 0.5, -1]}
layers:
  - softmax: {name: p}
loss:
  half_squared_error: {target: [0, 0, 1, 0]}
"""
SQUARED_BATCH = BATCH.replace("cross_entropy", "mse")
TARGET = [0, 0, 1, 0]


def softmax(z: list[float]) -> list[float]:
    total = sum(exp(x) for x in z)
    return [exp(x) / total for x in z]


def jacobian(p: list[float]) -> list[list[float]]:
    return [[p[j] * ((1.0 if j == k else 0.0) - p[k]) for j in range(len(p))] for k in range(len(p))]


def through(matrix: list[list[float]], g: list[float]) -> Doubles:
    return np.array([sum(entry * upstream for entry, upstream in zip(row, g, strict=True)) for row in matrix])


def each(make: Callable[[list[float]], list[float]]) -> Callable[[True_], Doubles]:
    """What is made of the logits, for each sample by itself."""
    return lambda true: np.array(
        make(true["z"].tolist()) if true["z"].ndim == 1 else [make(z) for z in true["z"].tolist()]
    )


def changed(entry: Callable[[int, int, list[list[float]]], float]) -> Callable[[True_], Doubles]:
    """The gradient at the upstream of ALONE with another Jacobian: entry(k, j, right)."""

    def wrong(true: True_) -> Doubles:
        right = jacobian(true["p"].tolist())
        return through([[entry(k, j, right) for j in range(4)] for k in range(4)], [3, -1, 0.5, 2])

    return wrong


def logit(entry: Callable[[float, int], float]) -> Callable[[True_], Doubles]:
    """The gradient at the logits from p and t, cell by cell; the mean over a mini-batch."""

    def wrong(true: True_) -> Doubles:
        p = true["p"]
        if p.ndim == 1:
            return np.array([entry(float(p[k]), TARGET[k]) for k in range(4)])
        return np.array([[entry(float(p[n, k]), [[0, 1, 0], [1, 0, 0]][n][k]) / 2 for k in range(3)] for n in range(2)])

    return wrong


def powers_over_samples(true: True_) -> Doubles:
    z = true["z"].tolist()
    return np.array([[exp(row[k]) / sum(exp(other[k]) for other in z) for k in range(3)] for row in z])


def powers_over_all(true: True_) -> Doubles:
    z = true["z"].tolist()
    return np.array([[exp(x) / sum(exp(y) for other in z for y in other) for x in row] for row in z])


def twice(true: True_) -> Doubles:
    p = true["p"].tolist()
    again = softmax(p)
    return through(jacobian(p), [q - t for q, t in zip(again, TARGET, strict=True)])


def binary(true: True_) -> Doubles:
    p = true["p"].tolist()
    return through(jacobian(p), [-t / q + (1 - t) / (1 - q) for q, t in zip(p, TARGET, strict=True)])


CASES = [
    Case("temperature-forgotten", COOLED, "p", each(softmax)),
    Case("temperature-forgotten", COOLED, "p", each(lambda z: softmax([2 * x for x in z]))),
    Case("temperature-forgotten", COOLED, "dL/dz", lambda true: 2 * np.asarray(true["dL/dz"])),
    Case("softmax-twice", ALONE, "p", each(lambda z: softmax(softmax(z)))),
    Case("softmax-twice", BATCH, "p", each(lambda z: softmax(softmax(z)))),
    Case("exponentials-forgotten", ALONE, "p", lambda true: np.array([1, 2, -0.5, 0.25]) / 2.75),
    Case("exponentials-forgotten", BATCH, "p", each(lambda z: [x / sum(z) for x in z])),
    Case("not-normalized", ALONE, "p", each(lambda z: [exp(x) for x in z])),
    Case("not-normalized", BATCH, "p", each(lambda z: [exp(x - max(z)) for x in z])),
    Case("own-exponential-left-out", ALONE, "p", each(lambda z: [exp(x) / (sum(map(exp, z)) - exp(x)) for x in z])),
    Case("shifted-in-numerator-only", BATCH, "p", each(lambda z: [exp(x - max(z)) / sum(map(exp, z)) for x in z])),
    Case("exponent-sign", ALONE, "p", each(lambda z: [exp(-x) / sum(exp(-y) for y in z) for x in z])),
    Case("softmax-over-batch", BATCH, "p", powers_over_samples),
    Case("softmax-over-batch", BATCH, "p", powers_over_all),
    Case("sigmoid-for-softmax", ALONE, "p", each(lambda z: [1 / (1 + exp(-x)) for x in z])),
    Case("exponential-base", ALONE, "p", each(lambda z: [2**x / sum(2**y for y in z) for x in z])),
    Case("exponential-base", BATCH, "p", each(lambda z: [10**x / sum(10**y for y in z) for x in z])),
    # The gradient, from any upstream.
    Case("softmax-diagonal-only", ALONE, "dL/dz", changed(lambda k, j, right: right[k][j] if k == j else 0)),
    Case("softmax-diagonal-only", SINGLE, "dL/dz", logit(lambda p, t: p - 1 if t else 0)),
    Case("softmax-diagonal-only", BATCH, "dL/dz", logit(lambda p, t: p - 1 if t else 0)),
    Case("softmax-diagonal-only", SQUARED, "dL/dz", logit(lambda p, t: (p - t) * p * (1 - p))),
    Case(
        "softmax-diagonal-without-square",
        ALONE,
        "dL/dz",
        lambda true: changed(lambda k, j, right: float(true["p"][k]) if k == j else right[k][j])(true),
    ),
    Case("derivative-plus-for-minus", ALONE, "dL/dz", changed(lambda k, j, right: abs(right[k][j]))),
    Case(
        "derivative-plus-for-minus",
        SINGLE,
        "dL/dz",
        lambda t: np.array([-t["p"][0], -t["p"][1], t["p"][2] - 1, -t["p"][3]]),
    ),
    Case(
        "derivative-plus-for-minus",
        ALONE,
        "dL/dz",
        lambda t: t["p"] * (np.array([3, -1, 0.5, 2]) + np.dot([3, -1, 0.5, 2], t["p"])),
    ),
    Case("derivative-applied-twice", SINGLE, "dL/dz", logit(lambda p, t: (p - t) * p * (1 - p))),
    Case("derivative-applied-twice", BATCH, "dL/dz", logit(lambda p, t: (p - t) * p * (1 - p))),
    Case(
        "derivative-applied-twice",
        SINGLE,
        "dL/dz",
        lambda t: through(jacobian(t["p"].tolist()), [p - y for p, y in zip(t["p"].tolist(), TARGET, strict=True)]),
    ),
    Case("times-probability", SINGLE, "dL/dz", logit(lambda p, t: p * (p - t))),
    Case("times-probability", BATCH, "dL/dz", logit(lambda p, t: p * (p - t))),
    Case("derivative-forgotten", ALONE, "dL/dz", lambda true: np.array([3, -1, 0.5, 2])),
    Case("derivative-forgotten", BATCH, "dL/dz", logit(lambda p, t: -t / p)),
    Case("upstream-forgotten", ALONE, "dL/dz", lambda true: np.array([p * (1 - p) for p in true["p"]])),
    Case("log-softmax-derivative", ALONE, "dL/dz", lambda t: np.array([3, -1, 0.5, 2]) - 4.5 * t["p"]),
    Case("log-softmax-derivative", SINGLE, "dL/dz", lambda t: (t["p"] - [0, 0, 1, 0]) / t["p"][2]),
    Case("shortcut-of-cross-entropy", SQUARED, "dL/dz", logit(lambda p, t: p - t)),
    Case("shortcut-of-cross-entropy", SQUARED_BATCH, "dL/dz", logit(lambda p, t: p - t)),
    Case("other-reduction", BATCH, "dL/dz", logit(lambda p, t: 2 * (p - t))),
    Case("other-reduction", SUMMED, "dL/dz", logit(lambda p, t: p - t)),
    Case("softmax-probability-for-jacobian", ALONE, "dL/dz", lambda t: np.array([3, -1, 0.5, 2]) * t["p"]),
    Case("softmax-probability-for-jacobian", SINGLE, "dL/dz", lambda t: np.array([0, 0, -1, 0])),
    # The gradient with a cross-entropy behind.
    Case("minus-probability-at-target", SINGLE, "dL/dz", logit(lambda p, t: -p if t else p)),
    Case("minus-probability-at-target", BATCH, "dL/dz", logit(lambda p, t: -p if t else p)),
    Case("target-not-subtracted", SINGLE, "dL/dz", lambda true: true["p"]),
    Case("target-not-subtracted", BATCH, "dL/dz", lambda true: true["p"] / 2),
    Case("sign-at-target", SINGLE, "dL/dz", logit(lambda p, t: 1 - p if t else p)),
    Case("sign-at-target", BATCH, "dL/dz", logit(lambda p, t: 1 - p if t else p)),
    Case("one-minus-probability", SINGLE, "dL/dz", logit(lambda p, t: 1 - p)),
    Case("one-minus-probability", BATCH, "dL/dz", logit(lambda p, t: 1 - p if t else 0)),
    Case("softmax-twice", SINGLE, "dL/dz", twice),
    Case("softmax-twice", SINGLE, "dL/dz", lambda t: np.array(softmax(t["p"].tolist())) - [0, 0, 1, 0]),
    Case("wrong-class", SINGLE, "dL/dz", lambda true: true["p"] - [0, 0, 0, 1]),
    Case("wrong-class", SINGLE, "dL/dz", lambda true: true["p"] - [1, 0, 0, 0]),
    Case("wrong-class", BATCH, "dL/dz", lambda true: (true["p"] - [[0, 0, 1], [0, 1, 0]]) / 2),
    Case("wrong-class", SOFT, "dL/dz", lambda true: true["p"] - [0.3, 0.1, 0.2, 0.4]),
    Case("binary-cross-entropy", SINGLE, "dL/dz", binary),
    Case("binary-cross-entropy", SINGLE, "dL/dz", lambda true: binary(true) / 4),
    Case("logarithm-base", SINGLE, "dL/dz", logit(lambda p, t: (p - t) / log(2))),
    Case("logarithm-base", BATCH, "dL/dz", logit(lambda p, t: (p - t) / log(10))),
    Case("mean-over-classes", SINGLE, "dL/dz", logit(lambda p, t: (p - t) / 4)),
    Case("mean-over-classes", SUMMED, "dL/dz", lambda true: (true["p"] - [[0, 1, 0], [1, 0, 0]]) / 3),
]
