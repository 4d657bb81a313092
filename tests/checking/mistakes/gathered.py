"""Mistakes where the numbers of an image are laid elsewhere."""

from __future__ import annotations

import numpy as np

from .case import Case, Doubles

X = np.arange(1.0, 7).reshape(2, 3)
G = np.array([[1, 2, 0, 3, 1], [0, 1, 5, -1, 2], [2, 0, 1, 3, 1]])
PAD = f"input: {{name: x, value: {X.tolist()}}}\nlayers:\n"
PAD += "  - pad: {name: y, padding: [[1, 0], [1, 1]], mode: reflect}\n" + f"upstream: {G.tolist()}\n"
IMAGE = np.arange(16.0).reshape(8, 1, 2)
SHUFFLE = f"input: {{name: x, value: {IMAGE.tolist()}}}\nlayers:\n  - pixel_shuffle: {{name: y, scale: 2}}\n"


def padded(mode: str) -> Doubles:
    return np.pad(X, ((1, 0), (1, 1)), mode=mode)[None]  # type: ignore[call-overload, no-any-return]


def gathered(mode: str) -> Doubles:
    """The gradients at all places of each cell, added up."""
    places = np.pad(np.arange(6).reshape(2, 3), ((1, 0), (1, 1)), mode=mode)  # type: ignore[call-overload]
    return np.bincount(places.ravel(), G.ravel()).reshape(1, 2, 3)


def shuffled(place: object) -> Doubles:
    """y[c, 2i + p, 2j + q] from the channel that a function of c, p and q says."""
    y = np.zeros((2, 2, 4))
    for c, i, j in np.ndindex(y.shape):
        y[c, i, j] = IMAGE[place(c, i % 2, j % 2), i // 2, j // 2]  # type: ignore[operator]
    return y


RESHAPE = "input: {name: x, value: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]}\n"
RESHAPE += "layers: [reshape: {name: y, shape: [2, 2, 3]}]\n"
ROW = np.arange(1.0, 13)
HALVES = ROW.reshape(2, 6)
CASES = [
    Case("channels-last", RESHAPE, "y", lambda true: np.moveaxis(ROW.reshape(2, 3, 2), -1, 0)),
    Case(
        "by-columns", RESHAPE, "y", lambda true: np.array([one.reshape(2, 3, order="F") for one in ROW.reshape(2, 6)])
    ),
    *(
        Case("padded-otherwise", PAD, "y", lambda true, mode=mode: padded(mode))
        for mode in ("constant", "edge", "wrap")
    ),
    *(Case("padded-otherwise", PAD, "dL/dx", lambda true, mode=mode: gathered(mode)) for mode in ("edge", "wrap")),
    Case("gradient-cropped", PAD, "dL/dx", lambda true: G[None, 1:, 1:4]),
    Case("square-by-columns", SHUFFLE, "y", lambda true: shuffled(lambda c, p, q: 4 * c + 2 * q + p)),
    Case("groups-side-by-side", SHUFFLE, "y", lambda true: shuffled(lambda c, p, q: (2 * p + q) * 2 + c)),
]
