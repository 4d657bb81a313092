"""Convolution cell by cell, for wrong answers that owe nothing to the layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Doubles: TypeAlias = npt.NDArray[Any]
True_: TypeAlias = Mapping[str, Doubles]
Border: TypeAlias = Callable[[int, int], int | None]
"""The position that stands for one outside an axis of a size; None for a zero."""


def nothing(at: int, size: int) -> int | None:
    return at if 0 <= at < size else None


def cell(image: Doubles, u: int, v: int, border: Border = nothing) -> float:
    """One cell of an H×W image, or what lies around it."""
    row, column = border(u, image.shape[0]), border(v, image.shape[1])
    return 0.0 if row is None or column is None else float(image[row, column])


def convolve(
    x: Doubles, w: Doubles, b: Doubles | None = None, *, out: tuple[int, int], s: tuple[int, int] = (1, 1),
    at: tuple[int, int] = (0, 0), d: tuple[int, int] = (1, 1), border: Border = nothing,
) -> Doubles:  # fmt: skip
    """y[f,i,j] = b[f] + Σ w[f,c,p,q] · x[c, i·s + p·d + at, …] of one sample."""
    y = np.zeros((len(w), *out))
    for f, i, j in np.ndindex(y.shape):
        y[f, i, j] = 0.0 if b is None else b[f]
        for c, p, q in np.ndindex(w.shape[1:]):
            u, v = i * s[0] + p * d[0] + at[0], j * s[1] + q * d[1] + at[1]
            y[f, i, j] += w[f, c, p, q] * cell(x[c], u, v, border)
    return y


def spread(
    g: Doubles, w: Doubles, *, size: tuple[int, int], s: tuple[int, int] = (1, 1), at: tuple[int, int] = (0, 0),
    d: tuple[int, int] = (1, 1), add: bool = True, border: Border = nothing,
) -> Doubles:  # fmt: skip
    """dx of one sample: g[f,i,j] · w[f,c,p,q] onto dx[c, i·s + p·d + at, …], or in its place, filters last."""
    dx = np.zeros((w.shape[1], *size))
    for f, i, j in np.ndindex(g.shape):
        for c, p, q in np.ndindex(w.shape[1:]):
            u, v = i * s[0] + p * d[0] + at[0], j * s[1] + q * d[1] + at[1]
            row, column = border(u, size[0]), border(v, size[1])
            if row is not None and column is not None:
                dx[c, row, column] = (dx[c, row, column] if add else 0.0) + g[f, i, j] * w[f, c, p, q]
    return dx


def gather(
    g: Doubles, x: Doubles, *, size: tuple[int, int], s: tuple[int, int] = (1, 1), at: tuple[int, int] = (0, 0),
    d: tuple[int, int] = (1, 1), border: Border = nothing,
) -> Doubles:  # fmt: skip
    """dw of one sample: Σ g[f,i,j] · x[c, i·s + p·d + at, …]."""
    dw = np.zeros((len(g), len(x), *size))
    for f, c, p, q in np.ndindex(dw.shape):
        for i, j in np.ndindex(g.shape[1:]):
            dw[f, c, p, q] += g[f, i, j] * cell(x[c], i * s[0] + p * d[0] + at[0], j * s[1] + q * d[1] + at[1], border)
    return dw
