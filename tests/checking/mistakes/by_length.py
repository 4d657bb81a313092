"""Mistakes in RMS norm and L2 normalization."""

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
CASES = [
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
