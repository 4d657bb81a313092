"""Mistakes in a ReLU."""

from __future__ import annotations

import numpy as np

from .add import RELU as RESIDUAL
from .add import case, cut
from .case import Case, Doubles

PROBLEM = """
input: {value: [[[1, -2], [0.5, 3]], [[-1, 4], [2, -0.25]]]}
layers:
  - relu
upstream: {value: [[[1.5, 2], [-3, 4]], [[5, -6], [7, 8.25]]]}
"""
BATCH = """
input: {value: [[[[1, -2], [0.5, -3]]], [[[-1, 4], [-2, 0.25]]]]}
layers:
  - relu
upstream: {value: [[[[1.5, 2], [-3, 4]]], [[[5, -6], [7, 8.25]]]]}
"""
ZEROS = """
input: {value: [[[0, -2], [0.5, 0]]]}
layers:
  - relu
upstream: {value: [[[1.5, 2], [-3, 4]]]}
"""
POOLED = """
input: {value: [[[1, -2, -1, -4], [3, 0.5, -6, -7], [-1, 2, 3, 4], [5, -6, 7, -8]]]}
layers:
  - relu
  - avg_pool: {size: 2}
upstream: {value: [[[4, 8], [-12, 20]]]}
"""
NEIGHBOURS = """
input: {name: x, value: [[1, -2, 3], [-4, 5, -6], [7, -8, 9]]}
layers:
  - conv: {name: a, padding: 1, weight: {name: h, value: [[[[1, 2, 0], [0, -3, 1], [2, 0, 1]]]]}}
  - relu: {name: b}
  - conv: {name: c, padding: 1, weight: {name: k, value: [[[[0, 1, -1], [2, 0, -1], [0, -2, 1]]]]}}
  - relu: {name: d}
upstream: {value: [[[2, -3, 5], [7, 11, -13], [17, 19, 23]]]}
"""


def each(x: Doubles, g: Doubles, f: object) -> Doubles:
    assert callable(f)
    made = [f(a, b) for a, b in zip(x.ravel().tolist(), g.ravel().tolist(), strict=True)]
    return np.array(made, dtype=float).reshape(x.shape)


def y(code: str, f: object, problem: str = PROBLEM) -> Case:
    return Case(code, problem, "relu_1", lambda true: each(true["input"], true["input"], lambda a, _: f(a)))  # type: ignore[operator]


def dx(code: str, f: object, problem: str = PROBLEM) -> Case:
    return Case(code, problem, "dL/dinput", lambda true: each(true["input"], true["dL/drelu_1"], f))


CASES = [
    y("activation-forgotten", lambda x: x),
    case("activation-too-early", "r", lambda c, x: cut(c) + x, "c x", RESIDUAL),
    y("relu-as-step", lambda x: 1 if x > 0 else 0),
    y("relu-wrong-half", lambda x: min(x, 0)),
    y("relu-as-absolute-value", abs),
    y("relu-as-leaky", lambda x: x if x > 0 else 0.01 * x),
    y("relu-as-leaky", lambda x: max(x, x / 10), BATCH),
    Case("relu-mask-forgotten", PROBLEM, "dL/dinput", lambda true: true["dL/drelu_1"]),
    Case("relu-mask-forgotten", BATCH, "dL/dinput", lambda true: true["dL/drelu_1"]),
    dx("negative-gradients-zeroed", lambda x, g: max(g, 0)),
    dx("negative-gradients-zeroed-too", lambda x, g: max(g, 0) if x > 0 else 0),
    dx("upstream-forgotten", lambda x, g: 1 if x > 0 else 0),
    dx("upstream-forgotten", lambda x, g: 1 if x > 0 else 0, BATCH),
    dx("relu-mask-inverted", lambda x, g: 0 if x > 0 else g),
    dx("output-instead-of-derivative", lambda x, g: g * max(x, 0)),
    dx("relu-as-absolute-value", lambda x, g: g if x > 0 else -g),
    dx("relu-as-leaky", lambda x, g: g if x > 0 else 0.01 * g),
    dx("relu-as-leaky", lambda x, g: g if x > 0 else 0.1 * g),
    dx("derivative-at-zero", lambda x, g: g if x >= 0 else 0, ZEROS),
    dx("derivative-at-zero", lambda x, g: g * np.heaviside(x, 0.5), ZEROS),
    # One of two cells at 0, which rounding has made a little more.
    Case("derivative-at-zero", ZEROS, "dL/dinput", lambda _: np.array([[[0, 0], [-3, 4]]])),
    Case(
        "relu-mask-from-wrong-tensor",
        POOLED,
        "dL/dinput",
        # The pooled map is [[1.125, 0], [1.75, 3.5]]; three windows are open as a whole.
        lambda _: np.array([[[1, 1, 0, 0], [1, 1, 0, 0], [-3, -3, 5, 5], [-3, -3, 5, 5]]]),
    ),
    Case(
        "next-layer-skipped",
        NEIGHBOURS,
        "dL/da",
        lambda true: each(true["a"], true["dL/dc"], lambda x, g: g if x > 0 else 0),
    ),
    *(
        Case(
            "relu-mask-from-wrong-tensor",
            NEIGHBOURS,
            "dL/da",
            lambda true, name=name: each(true[name], true["dL/db"], lambda x, g: g if x > 0 else 0),  # type: ignore[misc]
        )
        for name in ("x", "c")
    ),
]
