"""Mistakes in half the squared error."""

from __future__ import annotations

import numpy as np

from .case import Case

SINGLE = """
input: {name: x, value: [1, -2, 0.5]}
layers: []
loss:
  half_squared_error: {target: [3, 1, 0.25]}
"""
BATCH = """
input: {name: x, value: [[1, -2, 0.5], [4, 2, -1]]}
layers: []
loss:
  half_squared_error: {target: [[3, 1, 0.25], [1, 1.5, 2]]}
"""
SUMMED = BATCH.replace("target:", "reduction: sum, target:")

# Differences: −2, −3, 0.25 and 3, 0.5, −3, so squares 4, 9, 0.0625 (13.0625 in all) and 9, 0.25, 9 (18.25).
CASES = [
    Case("half-forgotten", SINGLE, "L", lambda true: np.array(13.0625)),
    Case("half-forgotten", BATCH, "L", lambda true: np.array((13.0625 + 18.25) / 2)),
    Case("half-forgotten", SINGLE, "dL/dx", lambda true: np.array([-4, -6, 0.5])),
    Case("half-forgotten", SUMMED, "dL/dx", lambda true: np.array([[-4, -6, 0.5], [6, 1, -6]])),
    Case("half-kept", SINGLE, "dL/dx", lambda true: np.array([-1, -1.5, 0.125])),
    Case("mean-for-sum", SINGLE, "L", lambda true: np.array(13.0625 / 3)),
    Case("mean-for-sum", SINGLE, "L", lambda true: np.array(13.0625 / 6)),
    Case("mean-for-sum", BATCH, "L", lambda true: np.array((13.0625 + 18.25) / 6)),
    Case("mean-for-sum", SINGLE, "dL/dx", lambda true: np.array([-4, -6, 0.5]) / 3),
    Case("mean-for-sum", SINGLE, "dL/dx", lambda true: np.array([-2, -3, 0.25]) / 3),
    Case("root-taken", SINGLE, "L", lambda true: np.array((13.0625 / 2) ** 0.5)),
    Case("absolute-error", SINGLE, "L", lambda true: np.array(5.25)),
    Case("absolute-error", SINGLE, "L", lambda true: np.array(5.25 / 2)),
    Case("square-forgotten", SINGLE, "L", lambda true: np.array(-4.75 / 2)),
    Case("square-of-the-sum", BATCH, "L", lambda true: np.array((4.75**2 + 0.5**2) / 2 / 2)),
    Case("difference-of-squares", SINGLE, "L", lambda true: np.array((1 - 9 + 4 - 1 + 0.25 - 0.0625) / 2)),
    Case("errors-not-summed", SINGLE, "L", lambda true: np.array([2, 4.5, 0.03125])),
    Case("target-not-subtracted", SINGLE, "dL/dx", lambda true: np.array([1, -2, 0.5])),
    Case("square-not-differentiated", SINGLE, "dL/dx", lambda true: np.array([2, 4.5, 0.03125])),
    Case("other-reduction", BATCH, "L", lambda true: np.array((13.0625 + 18.25) / 2)),
    Case("other-reduction", BATCH, "dL/dx", lambda true: np.array([[-2, -3, 0.25], [3, 0.5, -3]])),
    Case("other-reduction", SUMMED, "dL/dx", lambda true: np.array([[-2, -3, 0.25], [3, 0.5, -3]]) / 2),
    Case("not-summed-over-batch", BATCH, "L", lambda true: np.array([13.0625, 18.25]) / 2),
    Case("one-sample-only", BATCH, "L", lambda true: np.array(13.0625 / 2)),
]
