"""Mistakes in a PReLU."""

from __future__ import annotations

import numpy as np

from .case import Case

PROBLEM = """
input: {value: [[[1, -2], [0.5, 3]], [[-1, 1.5], [2, -0.25]]]}
layers:
  - prelu: {weight: [0.2, 0.4]}
upstream: {value: [[[1.5, 2], [-3, 4]], [[5, -6], [7, -8.25]]]}
"""
SQUARE = """
input: {value: [2, -0.5]}
layers:
  - prelu
  - tanh
upstream: [3, -7]
"""
SLOPES = np.array([0.2, 0.4])[:, None, None]

CASES = [
    Case("activation-forgotten", PROBLEM, "prelu_1", lambda true: true["input"]),
    Case("leaky-slope-forgotten", PROBLEM, "prelu_1", lambda true: np.maximum(true["input"], 0)),
    Case("leaky-slope-forgotten", PROBLEM, "dL/dinput", lambda true: true["dL/dprelu_1"] * (true["input"] > 0)),
    Case("derivative-forgotten", PROBLEM, "dL/dinput", lambda true: true["dL/dprelu_1"]),
    Case("upstream-forgotten", PROBLEM, "dL/dinput", lambda true: np.where(true["input"] > 0, 1, SLOPES)),
    Case("output-instead-of-derivative", PROBLEM, "dL/dinput", lambda true: true["dL/dprelu_1"] * true["prelu_1"]),
    Case("next-layer-skipped", SQUARE, "dL/dinput", lambda true: true["dL/dtanh_1"] * np.array([1, 0.25])),
    Case(
        "slope-from-both-sides",
        PROBLEM,
        "dL/dprelu_1.weight",
        lambda true: (true["input"] * true["dL/dprelu_1"]).sum((1, 2)),
    ),
    Case("upstream-forgotten", PROBLEM, "dL/dprelu_1.weight", lambda true: np.minimum(true["input"], 0).sum((1, 2))),
]
