"""Mistakes in upsampling."""

from __future__ import annotations

import numpy as np

from .case import Case

X = np.array([[1.25, -2, 3.5], [0, 1.5, 4]])
G = np.arange(24).reshape(4, 6) ** 2 / 8 - 20
TEXT = f"input: {X.tolist()}\nlayers:\n  - upsample: {{name: y, scale: 2{{}}}}\nupstream: {G.tolist()}\n"
NEAREST, HALVES, CORNERS = map(
    TEXT.replace, ["{}"] * 3, ["", ", mode: bilinear", ", mode: bilinear, align_corners: true"]
)


def shares(size: int, aligned: bool) -> np.ndarray:
    """By np.interp, which goes between points, and stays at the last one."""
    at = np.arange(2 * size)
    places = at * (size - 1) / (2 * size - 1) if aligned else (at + 0.5) / 2 - 0.5
    return np.array([np.interp(places, np.arange(size), unit) for unit in np.eye(size)]).T


def enlarged(aligned: bool) -> np.ndarray:
    return shares(2, aligned) @ X @ shares(3, aligned).T


def back(aligned: bool) -> np.ndarray:
    return shares(2, aligned).T @ G @ shares(3, aligned)


REPEATED, BLOCKS = X.repeat(2, 0).repeat(2, 1), G.reshape(2, 2, 3, 2)
CASES = [
    Case("corners-otherwise", HALVES, "y", lambda true: enlarged(True)),
    Case("corners-otherwise", CORNERS, "y", lambda true: enlarged(False)),
    Case("corners-otherwise", HALVES, "dL/dinput", lambda true: back(True)),
    Case("nearest-for-bilinear", CORNERS, "y", lambda true: REPEATED),
    Case("nearest-for-bilinear", HALVES, "dL/dinput", lambda true: BLOCKS.sum((1, 3))),
    Case("image-tiled", NEAREST, "y", lambda true: np.tile(X, (2, 2))),
    Case("zeros-put-in", NEAREST, "y", lambda true: np.kron(X, [[1, 0], [0, 0]])),
    Case("first-copy-only", NEAREST, "dL/dinput", lambda true: G[::2, ::2]),
    Case("gradient-averaged", NEAREST, "dL/dinput", lambda true: BLOCKS.mean((1, 3))),
]
