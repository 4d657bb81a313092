"""Mistakes in a leaky ReLU."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .case import Case

PROBLEM = """
input: {value: [[[1, -2], [0.5, 3]], [[-1, 4], [2, -0.25]]]}
layers:
  - leaky_relu: {slope: 0.05}
upstream: {value: [[[1.5, 2], [-3, 4]], [[5, -6], [7, -8.25]]]}
"""
DEFAULT = """
input: {value: [[3, -2.5, 0], [-4, 0.75, -0.5]]}
layers:
  - leaky_relu
  - fc: {weight: {value: [[1, -2, 3], [4, 5, 6]]}}
upstream: {value: [[1, 2], [-3, 4]]}
"""

SQUARE = """
input: {value: [2, -0.5]}
layers:
  - leaky_relu: {slope: 0.05}
  - fc: {weight: {value: [[1, -2], [4, 5]]}}
upstream: [3, -7]
"""


def y(code: str, f: Callable[[float], float], problem: str = PROBLEM) -> Case:
    return Case(code, problem, "leaky_relu_1", lambda true: np.vectorize(f, otypes=[float])(true["input"]))


def dx(code: str, f: Callable[[float, float], float], problem: str = PROBLEM) -> Case:
    wrong = np.vectorize(f, otypes=[float])
    return Case(code, problem, "dL/dinput", lambda true: wrong(true["input"], true["dL/dleaky_relu_1"]))


CASES = [
    y("activation-forgotten", lambda x: x),
    y("leaky-slope-forgotten", lambda x: max(x, 0)),
    y("leaky-slope-on-wrong-side", lambda x: 0.05 * x if x > 0 else x),
    y("leaky-slope-everywhere", lambda x: 0.05 * x),
    y("leaky-slope-negated", lambda x: x if x > 0 else -0.05 * x),
    y("leaky-slope-as-value", lambda x: x if x > 0 else 0.05),
    y("leaky-slope-as-value", lambda x: x if x > 0 else -0.01, DEFAULT),
    y("leaky-slope-default", lambda x: max(x, 0.01 * x)),
    y("leaky-slope-default", lambda x: max(x, 0.3 * x)),
    y("leaky-slope-default", lambda x: max(x, 0.2 * x), DEFAULT),
    dx("derivative-forgotten", lambda x, g: g),
    dx("derivative-forgotten", lambda x, g: g, DEFAULT),
    dx("leaky-slope-forgotten", lambda x, g: g if x > 0 else 0),
    dx("leaky-slope-forgotten", lambda x, g: g if x > 0 else 0, DEFAULT),
    dx("leaky-slope-on-wrong-side", lambda x, g: 0.05 * g if x > 0 else g),
    dx("leaky-side-from-gradient", lambda x, g: g if g > 0 else 0.05 * g),
    dx("leaky-slope-everywhere", lambda x, g: 0.05 * g),
    dx("leaky-slope-negated", lambda x, g: g if x > 0 else -0.05 * g),
    dx("leaky-slope-as-value", lambda x, g: g if x > 0 else 0.05),
    dx("leaky-slope-on-input", lambda x, g: g if x > 0 else 0.05 * x),
    dx("upstream-forgotten", lambda x, g: 1 if x > 0 else 0.05),
    dx("output-instead-of-derivative", lambda x, g: g * x if x > 0 else g * 0.05 * x),
    dx("leaky-slope-default", lambda x, g: g if x > 0 else 0.01 * g),
    dx("leaky-slope-default", lambda x, g: g if x > 0 else 0.1 * g, DEFAULT),
    dx("derivative-at-zero", lambda x, g: g if x >= 0 else 0.01 * g, DEFAULT),
    dx("derivative-at-zero", lambda x, g: g if x > 0 else 0 if x == 0 else 0.01 * g, DEFAULT),
    dx("derivative-at-zero", lambda x, g: g if x > 0 else 0.505 * g if x == 0 else 0.01 * g, DEFAULT),
    Case(
        "next-layer-skipped",
        SQUARE,
        "dL/dinput",
        lambda true: np.array([g * (1 if x > 0 else 0.05) for x, g in zip((2, -0.5), (3, -7), strict=True)]),
    ),
]
