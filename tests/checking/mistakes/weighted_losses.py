"""Mistakes where several losses are added up."""

from __future__ import annotations

import numpy as np

from .case import Case

X, A, B = np.array([1, -2, 4]), np.array([0.5, 1, 4.25]), np.array([2, 2.125, 1])
PROBLEM = f"""
input: {{name: x, value: {X.tolist()}}}
loss:
  - mse: {{target: {A.tolist()}, weight: 1/2}}
  - l1: {{target: {B.tolist()}, weight: 3}}
"""
SQUARES, SIZES = ((X - A) ** 2).mean(), abs(X - B).mean()
SLOPE_OF_SQUARES, SLOPE_OF_SIZES = 2 * (X - A) / 3, np.sign(X - B) / 3
CASES = [
    Case("weights-forgotten", PROBLEM, "L", lambda _: SQUARES + SIZES),
    Case("weights-forgotten", PROBLEM, "dL/dx", lambda _: SLOPE_OF_SQUARES + SLOPE_OF_SIZES),
    Case("mean-of-losses", PROBLEM, "L", lambda _: (SQUARES / 2 + 3 * SIZES) / 2),
    Case("mean-of-losses", PROBLEM, "dL/dx", lambda _: (SLOPE_OF_SQUARES / 2 + 3 * SLOPE_OF_SIZES) / 2),
    Case("loss-left-out", PROBLEM, "L", lambda _: 3 * SIZES),
    Case("loss-left-out", PROBLEM, "L", lambda _: SQUARES / 2),
    Case("loss-left-out", PROBLEM, "dL/dx", lambda _: SLOPE_OF_SQUARES / 2),
]
