"""Mistakes where the gradient of a tensor comes together from several uses."""

from __future__ import annotations

import numpy as np

from ..conv_loops import True_, gather, spread
from .add import case
from .case import Case, Doubles

TWICE = """
input: {name: x, value: [1, -2]}
layers:
  - fc: {name: one, weight: {name: W, value: [[1, 2], [3, -1]]}, bias: {name: b, value: [2, -1]}}
  - tanh: {name: t}
  - fc: {name: two, weight: {share: W}, bias: {share: b}}
upstream: [3, -5]
"""
THRICE = """
input: {name: x, value: [1, -2]}
layers:
  - fc: {name: one, weight: {name: W, value: [[1, 2], [3, -1]]}}
  - fc: {name: two, weight: {share: W}}
  - fc: {name: three, weight: {share: W}}
upstream: [3, -5]
"""
RESIDUAL = """
input: {name: x, value: [[[1, 2, -1], [0, 1, 3], [2, -2, 1]]]}
layers:
  - conv: {name: c, weight: {name: K, value: [[1, 0], [2, -3]]}, padding: same}
  - add: {name: s, inputs: [c, x]}
upstream: [[[3, -1, 2], [5, 4, -7], [6, 8, -9]]]
"""
SHARED = """
input: {name: x, value: [[[1, 2, -1], [0, 1, 3], [2, -2, 1]]]}
layers:
  - conv: {name: c1, weight: {name: K, value: [[1, 0], [2, -3]]}}
  - conv: {name: c2, weight: {share: K}}
upstream: [[[3]]]
"""
BRANCHES = """
input: {name: x, value: [[1, -2], [-3, 4]]}
layers:
  - fc: {name: a, input: x, weight: {value: [[1, 2], [3, -1]]}}
  - fc: {name: b, input: x, weight: {value: [[2, 0.5], [-1, 4]]}}
  - tanh: {name: t, input: x}
  - concat: {name: y, inputs: [a, b, t], axis: features}
upstream: [[3, -5, 2, 7, 1, -1], [1, 6, -2, 4, 3, 2]]
"""


def uses(true: True_) -> tuple[Doubles, Doubles]:
    """dL/dW of TWICE by its two uses, the first one first."""
    g, t, x = np.array([3, -5]), true["t"], true["x"]
    second = np.array([[g[k] * t[i] for i in range(2)] for k in range(2)])
    back = [sum(true["W"][k, i] * g[k] for k in range(2)) * (1 - t[i] ** 2) for i in range(2)]
    return np.array([[back[k] * x[i] for i in range(2)] for k in range(2)]), second


def chained(true: True_) -> list[Doubles]:
    """The same of THRICE."""
    weight, g = true["W"], np.array([3, -5])
    made = []
    for given in (true["two"], true["one"], true["x"]):
        made.insert(0, np.array([[g[k] * given[i] for i in range(2)] for k in range(2)]))
        g = np.array([sum(weight[k, i] * g[k] for k in range(2)) for i in range(2)])
    return made


def kernels(true: True_) -> tuple[Doubles, Doubles]:
    """dL/dK of SHARED by its two uses."""
    g = np.array([[[3.0]]])
    first = gather(spread(g, true["K"], size=(2, 2)), true["x"], size=(2, 2))
    return first, gather(g, true["c1"], size=(2, 2))


def branches(true: True_) -> list[Doubles]:
    """dL/dx of BRANCHES by its three paths."""
    g, weights = true["dL/dy"], ([[1, 2], [3, -1]], [[2, 0.5], [-1, 4]])
    made = [
        np.array([[sum(w[k][i] * g[n, at + k] for k in range(2)) for i in range(2)] for n in range(2)])
        for at, w in zip((0, 2), weights, strict=True)
    ]
    return [*made, g[:, 4:] * (1 - np.tanh(true["x"]) ** 2)]


def path(true: True_) -> Doubles:
    """dL/dx of RESIDUAL by its convolution."""
    return np.asarray(true["dL/dx"] - true["dL/ds"])


def bias(true: True_) -> Doubles:
    """dL/db of TWICE by its first use."""
    first, _ = uses(true)
    return np.asarray(first[:, 0] / true["x"][0])


CASES = [
    Case("last-use-counted", TWICE, "dL/dW", lambda true: uses(true)[1]),
    Case("last-use-counted", SHARED, "dL/dK", lambda true: kernels(true)[1]),
    Case("last-use-counted", TWICE, "dL/db", lambda _: np.array([3, -5])),
    Case("last-use-counted", THRICE, "dL/dW", lambda true: chained(true)[2]),
    Case("only-one-use-counted", TWICE, "dL/dW", lambda true: uses(true)[0]),
    Case("only-one-use-counted", TWICE, "dL/db", bias),
    Case("only-one-use-counted", SHARED, "dL/dK", lambda true: kernels(true)[0]),
    Case("only-one-use-counted", THRICE, "dL/dW", lambda true: chained(true)[1]),
    Case("use-left-out", THRICE, "dL/dW", lambda true: chained(true)[0] + chained(true)[2]),
    case("gradient-not-added", "dL/dx", lambda g: g, "dL/ds", RESIDUAL),
    Case("gradient-not-added", RESIDUAL, "dL/dx", path),
    Case("gradient-not-added", BRANCHES, "dL/dx", lambda true: branches(true)[1]),
    Case("path-left-out", BRANCHES, "dL/dx", lambda true: branches(true)[0] + branches(true)[2]),
    Case("gradients-averaged", TWICE, "dL/dW", lambda true: (uses(true)[0] + uses(true)[1]) / 2),
    Case("gradients-averaged", BRANCHES, "dL/dx", lambda true: sum(branches(true)) / np.array(3)),
    Case("part-subtracted", TWICE, "dL/dW", lambda true: uses(true)[0] - uses(true)[1]),
    Case("part-subtracted", RESIDUAL, "dL/dx", lambda true: true["dL/ds"] - path(true)),
    Case("one-use-for-all", TWICE, "dL/dW", lambda true: 2 * uses(true)[1]),
    Case("one-use-for-all", RESIDUAL, "dL/dx", lambda true: 2 * path(true)),
    Case("gradients-multiplied", TWICE, "dL/dW", lambda true: uses(true)[0] * uses(true)[1]),
]
