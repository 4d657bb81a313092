"""Mistakes in dropout."""

from __future__ import annotations

import numpy as np

from .case import Case

PROBLEM = """
input: {name: x, value: [1.5, 2.25, -3.75, 4.5]}
layers:
  - dropout: {name: y, p: 0.2, mask: [1, 0, 1, 1]}
upstream: [1.25, 2, 3.5, -4.75]
"""
MASK = np.array([1, 0, 1, 1])


def both(code: str, factor: np.ndarray) -> list[Case]:
    """Forward and backward have the same factor."""
    return [
        Case(code, PROBLEM, "y", lambda true: true["x"] * factor),
        Case(code, PROBLEM, "dL/dx", lambda true: true["dL/dy"] * factor),
    ]


CASES = [
    *both("dropout-not-inverted", MASK * 1.0),
    *both("dropout-rate-for-kept", MASK / 0.2),
    *both("mask-forgotten", np.ones(4)),
    *both("mask-forgotten", np.ones(4) / 0.8),
    *both("mask-inverted", (1 - MASK) / 0.8),
]
