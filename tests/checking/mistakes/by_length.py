"""Mistakes in RMS norm, L2 normalization and local response normalization."""

from __future__ import annotations

import numpy as np

from .case import Case

X = np.array([[1.25, -2, 3.5, 0.75], [0, 1, 4, 1.5]])
G = np.array([[1, 2, -1.5, 1], [0.5, 1, 2, -1]])
GAMMA = np.array([1, 2, -1, 3])
TEXT = f"input: {X.tolist()}\nlayers:\n  - {{}}\nupstream: {G.tolist()}\n"
RMS = TEXT.format(f"rms_norm: {{eps: 0.1, gamma: {GAMMA.tolist()}}}")
L2 = TEXT.format("l2_normalize")


def squares(x: np.ndarray) -> np.ndarray:
    return (x * x).sum(1, keepdims=True)


ROOT, NORM, CENTERED = np.sqrt(squares(X) / 4 + 0.1), np.sqrt(squares(X)), X - X.mean(1, keepdims=True)
OFF = CENTERED / np.sqrt(squares(CENTERED) / 4 + 0.1)
SUMMED = X / np.sqrt(squares(X) + 0.1)
LOCAL = "input: [[[1, 2]], [[0.5, -1]], [[3, 1]]]\nlayers:\n  - lrn: {size: 3, alpha: 1.5, beta: 0.75}\nupstream:"
LOCAL += " [[[1, 0.5]], [[2, 1]], [[-1, 3]]]\n"
C = np.array([[[1, 2.0]], [[0.5, -1]], [[3, 1]]])
AROUND = np.array([[1, 1, 0], [1, 1, 1], [0, 1, 1]])
SQUARED = np.tensordot(AROUND, C**2, 1)
BACK = np.array([[[1, 0.5]], [[2, 1]], [[-1, 3]]])
CASES = [
    Case("divided-otherwise", LOCAL, "local_response_norm_1.base", lambda true: 1 + 1.5 * SQUARED),
    Case("divided-otherwise", LOCAL, "local_response_norm_1", lambda true: C / (1 + 1.5 * SQUARED) ** 0.75),
    Case("k-forgotten", LOCAL, "local_response_norm_1.base", lambda true: 0.5 * SQUARED),
    Case("k-forgotten", LOCAL, "local_response_norm_1", lambda true: C / (0.5 * SQUARED) ** 0.75),
    Case("root-for-power", LOCAL, "local_response_norm_1", lambda true: C / np.sqrt(1 + 0.5 * SQUARED)),
    Case("base-as-constant", LOCAL, "dL/dinput", lambda true: BACK / (1 + 0.5 * SQUARED) ** 0.75),
    Case("scale-forgotten", RMS, "rms_norm_1", lambda true: X / ROOT),
    Case("mean-subtracted", RMS, "rms_norm_1", lambda true: GAMMA * OFF),
    Case("mean-subtracted", RMS, "rms_norm_1.xhat", lambda true: OFF),
    Case("summed-for-mean", RMS, "rms_norm_1", lambda true: GAMMA * SUMMED),
    Case("summed-for-mean", RMS, "rms_norm_1.xhat", lambda true: SUMMED),
    Case("root-forgotten", RMS, "rms_norm_1", lambda true: GAMMA * X / ROOT**2),
    Case("length-as-constant", RMS, "dL/dinput", lambda true: G * GAMMA / ROOT),
    Case("root-forgotten", L2, "l2_normalize_1", lambda true: X / NORM**2),
    Case("absolute-sum-for-norm", L2, "l2_normalize_1", lambda true: X / np.abs(X).sum(1, keepdims=True)),
    Case("length-as-constant", L2, "dL/dinput", lambda true: G / NORM),
]
