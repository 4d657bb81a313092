"""Mistakes in a mean squared error."""

from __future__ import annotations

import numpy as np

from .case import Case

SINGLE = """
input: {name: x, value: [1, -2, 0.5]}
layers: []
loss:
  mse: {target: [3, 1, 0.25]}
"""
BATCH = """
input: {name: x, value: [[1, -2, 0.5], [4, 2, -1]]}
layers: []
loss:
  mse: {target: [[3, 1, 0.25], [1, 1.5, 2]]}
"""
SUMMED = BATCH.replace("target:", "reduction: sum, target:")
IMAGE = """
input: {name: I, value: [[[1, -2], [0.5, 4]], [[3, 1.5], [-1, 2]]]}
layers:
  - relu: {name: x}
loss:
  mse: {target: [[[3, 1], [0.25, 1]], [[1, 1], [2, -2]]]}
"""


# Differences: −2, −3, 0.25 and 3, 0.5, −3, so squares 4, 9, 0.0625 (13.0625 in all) and 9, 0.25, 9 (18.25).
CASES = [
    Case("half-added", SINGLE, "L", lambda true: np.array(13.0625 / 2)),
    Case("half-added", SINGLE, "L", lambda true: np.array(13.0625 / 6)),
    Case("half-added", BATCH, "L", lambda true: np.array((13.0625 + 18.25) / 4)),
    Case("half-added", SINGLE, "dL/dx", lambda true: np.array([-2, -3, 0.25])),
    Case("half-added", SINGLE, "dL/dx", lambda true: np.array([-2, -3, 0.25]) / 3),
    Case("half-added", BATCH, "dL/dx", lambda true: np.array([[-2, -3, 0.25], [3, 0.5, -3]]) / 2),
    Case("sum-for-mean", SINGLE, "L", lambda true: np.array(13.0625)),
    Case("sum-for-mean", BATCH, "L", lambda true: np.array((13.0625 + 18.25) / 2)),
    Case("sum-for-mean", BATCH, "L", lambda true: np.array(13.0625 + 18.25)),
    Case("sum-for-mean", SUMMED, "L", lambda true: np.array(13.0625 + 18.25)),
    Case("sum-for-mean", SINGLE, "dL/dx", lambda true: np.array([-4, -6, 0.5])),
    Case("sum-for-mean", BATCH, "dL/dx", lambda true: np.array([[-2, -3, 0.25], [3, 0.5, -3]])),
    Case("root-taken", SINGLE, "L", lambda true: np.array((13.0625 / 3) ** 0.5)),
    Case("absolute-error", SINGLE, "L", lambda true: np.array(5.25)),
    Case("absolute-error", BATCH, "L", lambda true: np.array((5.25 + 6.5) / 6)),
    Case("square-forgotten", SINGLE, "L", lambda true: np.array(-4.75)),
    Case("square-forgotten", SINGLE, "L", lambda true: np.array(4.75 / 3)),
    Case("square-forgotten", BATCH, "L", lambda true: np.array((-4.75 + 0.5) / 6)),
    Case("square-of-the-sum", SINGLE, "L", lambda true: np.array(4.75**2 / 3)),
    Case("square-of-the-sum", BATCH, "L", lambda true: np.array((4.75**2 + 0.5**2) / 2)),
    Case("square-of-the-sum", SINGLE, "L", lambda true: np.array((4.75 / 3) ** 2)),
    Case("difference-of-squares", SINGLE, "L", lambda true: np.array((1 - 9 + 4 - 1 + 0.25 - 0.0625) / 3)),
    Case("errors-not-summed", SINGLE, "L", lambda true: np.array([4, 9, 0.0625])),
    Case("errors-not-summed", BATCH, "L", lambda true: np.array([[4, 9, 0.0625], [9, 0.25, 9]])),
    Case("target-not-subtracted", SINGLE, "dL/dx", lambda true: np.array([2, -4, 1]) / 3),
    Case("square-not-differentiated", SINGLE, "dL/dx", lambda true: np.array([4, 9, 0.0625])),
    Case("square-not-differentiated", BATCH, "dL/dx", lambda t: np.array([[4, 9, 0.0625], [9, 0.25, 9]]) / 6),
    Case("other-reduction", BATCH, "L", lambda true: np.array((13.0625 + 18.25) / 3)),
    Case("other-reduction", SUMMED, "L", lambda true: np.array((13.0625 + 18.25) / 6)),
    Case("other-reduction", BATCH, "dL/dx", lambda true: np.array([[-2, -3, 0.25], [3, 0.5, -3]]) * 2 / 3),
    Case("not-summed-over-batch", BATCH, "L", lambda true: np.array([13.0625, 18.25]) / 3),
    Case("one-sample-only", BATCH, "L", lambda true: np.array(18.25 / 3)),
    # x after the ReLU: 1, 0, 0.5, 4; 3, 1.5, 0, 2. Squares: 4, 1, 0.0625, 9; 4, 0.25, 4, 16.
    Case("sum-for-mean", IMAGE, "L", lambda true: np.array(14.0625 + 24.25)),
    Case("half-added", IMAGE, "dL/dx", lambda true: np.array([[[-2, -1], [0.25, 3]], [[2, 0.5], [-2, 4]]]) / 8),
]
