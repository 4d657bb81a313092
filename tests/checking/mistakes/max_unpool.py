"""Mistakes in max unpooling."""

from __future__ import annotations

import numpy as np

from .case import Case

X = np.array([[1, 5.25, 2, 0], [4, 0, 7.5, 6]])
G = np.array([[1, 2.5, 3, 4], [5.125, 6, 7, 8.25]])
PROBLEM = f"""
input: {X.tolist()}
layers:
  - max_pool: {{name: m, size: 2}}
  - conv: {{name: c, weight: [[3]]}}
  - max_unpool: {{name: y, pool: m}}
upstream: {G.tolist()}
"""
C = np.array([[3 * 5.25, 3 * 7.5]])
CASES = [
    Case("placed-in-corner", PROBLEM, "y", lambda _: np.kron(C, [[1, 0], [0, 0]])),
    Case("placed-in-corner", PROBLEM, "y", lambda _: np.kron(C, [[0, 0], [0, 1]])),
    Case("placed-in-corner", PROBLEM, "dL/dc", lambda _: G[:1, ::2]),
    Case("spread-over-window", PROBLEM, "y", lambda _: np.kron(C, np.ones((2, 2)))),
    Case("spread-over-window", PROBLEM, "dL/dc", lambda _: G.reshape(1, 2, 2, 2).sum((1, 3))),
]
