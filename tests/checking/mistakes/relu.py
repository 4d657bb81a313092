"""Mistakes in a ReLU."""

from __future__ import annotations

from .case import Case

PROBLEM = """
input: {value: [[[1, -2], [0.5, 3]], [[-1, 4], [2, -0.25]]]}
layers:
  - relu
upstream: {value: [[[1.5, 2], [-3, 4]], [[5, -6], [7, 8.25]]]}
"""

CASES = [
    Case("relu-mask-forgotten", PROBLEM, "dL/dinput", lambda true: true["dL/drelu_1"]),
]
