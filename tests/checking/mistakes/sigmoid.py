"""Mistakes in a sigmoid."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, tanh

import numpy as np

from .case import Case

PROBLEM = """
input: {value: [[[1, -2], [0.5, 3]], [[-1, 1.5], [2, -0.25]]]}
layers:
  - sigmoid
upstream: {value: [[[1.5, 2], [-3, 4]], [[5, -6], [7, -8.25]]]}
"""
FEATURES = """
input: {value: [[2, -0.5, 0.25], [-1.5, 0.75, 1]]}
layers:
  - sigmoid
  - fc: {weight: {value: [[1, -2, 3], [4, 5, 6]]}}
upstream: {value: [[1, 2], [-3, 4]]}
"""

SQUARE = """
input: {value: [2, -0.5]}
layers:
  - sigmoid
  - fc: {weight: {value: [[1, -2], [4, 5]]}}
upstream: [3, -7]
"""


def s(x: float) -> float:
    return 1 / (1 + exp(-x))


def y(code: str, f: Callable[[float], float], problem: str = PROBLEM) -> Case:
    return Case(code, problem, "sigmoid_1", lambda true: np.vectorize(f, otypes=[float])(true["input"]))


def dx(code: str, f: Callable[[float, float], float], problem: str = PROBLEM) -> Case:
    wrong = np.vectorize(f, otypes=[float])
    return Case(code, problem, "dL/dinput", lambda true: wrong(true["input"], true["dL/dsigmoid_1"]))


CASES = [
    y("activation-forgotten", lambda x: x),
    y("exponent-sign", lambda x: 1 / (1 + exp(x))),
    y("sigmoid-reciprocal-forgotten", lambda x: 1 + exp(-x)),
    y("sigmoid-one-forgotten", lambda x: 1 / exp(-x)),
    y("sigmoid-one-forgotten", lambda x: exp(-x), FEATURES),
    y("sigmoid-forms-mixed", lambda x: exp(x) / (1 + exp(-x))),
    y("sigmoid-denominator-sign", lambda x: 1 / (1 - exp(-x))),
    y("tanh-for-sigmoid", tanh),
    Case(
        "softmax-for-sigmoid",
        FEATURES,
        "sigmoid_1",
        lambda true: np.array([[exp(x) / sum(map(exp, row)) for x in row] for row in true["input"]]),
    ),
    dx("derivative-forgotten", lambda x, g: g),
    dx("derivative-forgotten", lambda x, g: g, FEATURES),
    dx("upstream-forgotten", lambda x, g: exp(-x) / (1 + exp(-x)) ** 2),
    dx("output-instead-of-derivative", lambda x, g: g / (1 + exp(-x))),
    dx("derivative-from-input", lambda x, g: g * (x - x * x)),
    dx("derivative-from-input", lambda x, g: g * (x - x * x), FEATURES),
    dx("derivative-at-output", lambda x, g: g * s(s(x)) * (1 - s(s(x)))),
    dx("derivative-applied-twice", lambda x, g: g * exp(-2 * x) / (1 + exp(-x)) ** 4),
    dx("sigmoid-derivative-incomplete", lambda x, g: g / (1 + exp(x))),
    dx("sigmoid-derivative-incomplete", lambda x, g: g / (1 + exp(-x)) ** 2),
    dx("tanh-derivative-for-sigmoid", lambda x, g: g * (1 - s(x) ** 2)),
    dx("derivative-plus-for-minus", lambda x, g: g * (s(x) + s(x) ** 2)),
    dx("parentheses-forgotten", lambda x, g: g * s(x) * 1 - s(x)),
    Case(
        "next-layer-skipped",
        SQUARE,
        "dL/dinput",
        lambda true: np.array([g * (s(x) * s(-x)) for x, g in zip((2, -0.5), (3, -7), strict=True)]),
    ),
]
