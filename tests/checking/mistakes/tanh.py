"""Mistakes in a hyperbolic tangent."""

from __future__ import annotations

from collections.abc import Callable
from math import cosh, exp, sinh, tanh

import numpy as np

from .case import Case

PROBLEM = """
input: {value: [[[1, -2], [0.5, 3]], [[-1, 1.5], [2, -0.25]]]}
layers:
  - tanh
upstream: {value: [[[1.5, 2], [-3, 4]], [[5, -6], [7, -8.25]]]}
"""
FEATURES = """
input: {value: [[2, -0.5, 0.25], [-1.5, 0.75, 1]]}
layers:
  - tanh
  - fc: {weight: {value: [[1, -2, 3], [4, 5, 6]]}}
upstream: {value: [[1, 2], [-3, 4]]}
"""

SQUARE = """
input: {value: [2, -0.5]}
layers:
  - tanh
  - fc: {weight: {value: [[1, -2], [4, 5]]}}
upstream: [3, -7]
"""


def s(x: float) -> float:
    return 1 / (1 + exp(-x))


def y(code: str, f: Callable[[float], float], problem: str = PROBLEM) -> Case:
    return Case(code, problem, "tanh_1", lambda true: np.vectorize(f, otypes=[float])(true["input"]))


def dx(code: str, f: Callable[[float, float], float], problem: str = PROBLEM) -> Case:
    wrong = np.vectorize(f, otypes=[float])
    return Case(code, problem, "dL/dinput", lambda true: wrong(true["input"], true["dL/dtanh_1"]))


CASES = [
    y("activation-forgotten", lambda x: x),
    y("sigmoid-for-tanh", s),
    y("sigmoid-for-tanh", s, FEATURES),
    y("tanh-factor-two", lambda x: (1 - exp(-x)) / (1 + exp(-x))),
    y("tanh-factor-two", lambda x: (exp(4 * x) - 1) / (exp(4 * x) + 1)),
    y("tanh-sigmoid-not-rescaled", lambda x: 1 / (1 + exp(-2 * x))),
    y("tanh-sigmoid-not-rescaled", lambda x: 2 * s(2 * x)),
    y("tanh-sigmoid-not-rescaled", lambda x: s(2 * x) - 1),
    y("tanh-denominator-wrong", sinh),
    y("tanh-denominator-wrong", lambda x: exp(x) - exp(-x)),
    y("tanh-upside-down", lambda x: (exp(x) + exp(-x)) / (exp(x) - exp(-x))),
    dx("derivative-forgotten", lambda x, g: g),
    dx("derivative-forgotten", lambda x, g: g, FEATURES),
    dx("upstream-forgotten", lambda x, g: 1 / cosh(x) ** 2),
    dx("output-instead-of-derivative", lambda x, g: g * sinh(x) / cosh(x)),
    dx("derivative-from-input", lambda x, g: g - g * x**2),
    dx("derivative-from-input", lambda x, g: g - g * x**2, FEATURES),
    dx("derivative-at-output", lambda x, g: g / cosh(tanh(x)) ** 2),
    dx("derivative-applied-twice", lambda x, g: g / cosh(x) ** 4),
    dx("tanh-square-forgotten", lambda x, g: g - g * tanh(x)),
    dx("tanh-square-misplaced", lambda x, g: g * (1 - tanh(x)) ** 2),
    dx("tanh-one-forgotten", lambda x, g: g * tanh(x) ** 2),
    dx("tanh-one-forgotten", lambda x, g: -g * tanh(x) ** 2),
    dx("derivative-plus-for-minus", lambda x, g: g + g * tanh(x) ** 2),
    dx("sigmoid-derivative-for-tanh", lambda x, g: g * tanh(x) * (1 - tanh(x))),
    dx("parentheses-forgotten", lambda x, g: g * 1 - tanh(x) ** 2),
    Case(
        "next-layer-skipped",
        SQUARE,
        "dL/dinput",
        lambda true: np.array([g * (1 / cosh(x) ** 2) for x, g in zip((2, -0.5), (3, -7), strict=True)]),
    ),
]
