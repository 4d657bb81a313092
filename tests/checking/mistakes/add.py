"""Mistakes in a sum of inputs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .case import Case, Doubles

PROBLEM = """
inputs:
  a: [[[1, -2, 3], [4, 5, -6]], [[7, 8, 9.5], [-10, 11, 12]]]
  b: [[[2, 3, -5], [7, -1, 4]], [[1, 6, -8], [9, 3, 5]]]
layers:
  - add: {name: s, inputs: [a, b]}
upstream: [[[3, -1, 2], [5, 4, -7]], [[6, 8, -9], [11, 13, -2]]]
"""
THREE = """
inputs: {a: [[1, -2, 3], [4, 5, -6]], b: [[2, 3, -5], [7, -1, 4]], c: [[0.5, 6, -8], [9, 3, 1]]}
layers:
  - add: {name: s, inputs: [a, b, c]}
upstream: [[3, -1, 2], [5, 4, -7]]
"""
SPREAD = """
inputs: {a: [[[1, -2], [4, 5]], [[7, 8], [-10, 11]]], b: [3, -5]}
layers:
  - add: {name: s, inputs: [a, b]}
upstream: [[[3, -1], [5, 4]], [[6, 8], [11, 13]]]
"""
RESIDUAL = """
input: {name: x, value: [[[1, 2, -1], [0, 1, 3], [2, -2, 1]]]}
layers:
  - conv: {name: c, weight: {name: K, value: [[1, 0, -1], [2, 1, 0], [0, -1, 1]]}, padding: same}
  - add: {name: s, inputs: [c, x]}
  - %s: {name: r}
upstream: [[[3, -1, 2], [5, 4, -7], [6, 8, -9]]]
"""
RELU, TANH = RESIDUAL % "relu", RESIDUAL % "tanh"


def case(code: str, tensor: str, f: Callable[..., Doubles], of: str, problem: str = PROBLEM) -> Case:
    """`f` is told the true values of tensors."""
    return Case(code, problem, tensor, lambda true: np.asarray(f(*(true[name] for name in of.split()))))


def cut(values: Doubles) -> Doubles:
    return np.where(values > 0, values, 0)


CASES = [
    case("skip-connection-left-out", "s", lambda a: a, "a"),
    case("skip-connection-left-out", "s", lambda b: b, "b"),
    case("skip-connection-left-out", "s", lambda c: c, "c", RELU),
    case("skip-connection-left-out", "s", lambda a, b: a + b, "a b", THREE),
    case("skip-connection-left-out", "s", lambda b: b, "b", THREE),
    case("skip-connection-left-out", "s", lambda a: a, "a", SPREAD),
    case("activation-too-early", "s", lambda c, x: cut(c) + x, "c x", RELU),
    case("activation-too-early", "s", lambda c, x: np.tanh(c) + np.tanh(x), "c x", TANH),
    case("multiplied-instead-of-added", "s", lambda a, b: a * b, "a b"),
    case("multiplied-instead-of-added", "dL/da", lambda g, b: g * b, "dL/ds b"),
    case("multiplied-instead-of-added", "dL/db", lambda g, a: g * a, "dL/ds a"),
    case("subtracted-instead-of-added", "s", lambda a, b: a - b, "a b"),
    case("subtracted-instead-of-added", "s", lambda a, b: b - a, "a b"),
    case("averaged-instead-of-added", "s", lambda a, b: (a + b) / 2, "a b"),
    case("averaged-instead-of-added", "s", lambda a, b, c: (a + b + c) / 3, "a b c", THREE),
    case("concatenated-instead-of-added", "s", lambda a, b: np.array([*a, *b]), "a b"),
    case(
        "spread-along-columns", "s",
        lambda a: np.array([[[a[c, i, j] + (3, -5)[j] for j in range(2)] for i in range(2)] for c in range(2)]),
        "a", SPREAD,
    ),
    case("gradient-divided-among-inputs", "dL/da", lambda g: g / 2, "dL/ds"),
    case("gradient-divided-among-inputs", "dL/db", lambda g: g / 3, "dL/ds", THREE),
    case("gradient-divided-among-inputs", "dL/db", lambda g: [sum(map(sum, c)) / 2 for c in g], "dL/ds", SPREAD),
    case("gradient-to-other-input-only", "dL/da", lambda g: g * 0, "dL/ds"),
    case("upstream-forgotten", "dL/db", lambda b: np.ones(b.shape), "b"),
    case("spread-gradient-not-summed", "dL/db", lambda g: g, "dL/ds", SPREAD),
    case("spread-gradient-averaged", "dL/db", lambda g: [sum(map(sum, c)) / 4 for c in g], "dL/ds", SPREAD),
    case("relu-mask-forgotten", "dL/dc", lambda g: g, "dL/dr", RELU),
    case("next-layer-skipped", "dL/dc", lambda g: g, "dL/dr", TANH),
]  # fmt: skip
