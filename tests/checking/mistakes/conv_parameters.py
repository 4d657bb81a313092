"""Mistakes in the gradients of a convolution's weight and bias."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..conv_loops import Doubles, True_, gather
from .case import Case
from .conv_forward import AFTER_RELU, BATCH, FLIPPED, GROUPS, PLAIN, SQUARE
from .conv_gradient import DILATED, PADDED, RELU, STRIDED, TANH, VALID

G, DW, DB, X = "dL/dconv_1", "dL/dconv_1.weight", "dL/dconv_1.bias", "input"
UNUSED = VALID.replace("stride: 1", "stride: 2").replace("[[[1, 2, -3], [4, 7, 5]]]", "[[[3, -5]]]")
BIASED = "weight: [[[[-9,"
RELU_BIAS, TANH_BIAS = (text.replace(BIASED, f"bias: [-40], {BIASED}") for text in (RELU, TANH))


def plain(g: Doubles, x: Doubles, size: tuple[int, int] = (2, 2)) -> Doubles:
    return gather(g, x, size=size)


def turned(dw: Doubles) -> Doubles:
    made = np.zeros_like(dw)
    for f, c, p, q in np.ndindex(dw.shape):
        made[f, c, p, q] = dw[f, c, -1 - p, -1 - q]
    return made


def grouped(true: True_, channels: list[list[int]]) -> Doubles:
    """Filter f with the channels that are named for it."""
    parts = [gather(true[G][f : f + 1], true[X][see], size=(1, 2)) for f, see in enumerate(channels)]
    return np.concatenate(parts)


def inner(true: True_) -> Doubles:
    """Only the g of windows that lie on the image."""
    g = np.zeros_like(true[G])
    g[:, 1:3, 1:4] = true[G][:, 1:3, 1:4]
    return gather(g, true[X], size=(3, 3), at=(-1, -1))


def each(true: True_) -> list[Doubles]:
    return [plain(g, x) for g, x in zip(true[G], true[X], strict=True)]


def window(i: int, j: int, n: int | None = None) -> Callable[[True_], Doubles]:
    """g times one window, in one sample of BATCH or in all."""
    return lambda true: sum(
        (true[G][m, :, None, None, None, i, j] * true[X][m, None, :, i : i + 2, j : j + 2])
        for m in ((0, 1) if n is None else (n,))
    )


def summed(true: True_) -> Doubles:
    return true[G].reshape(*true[G].shape[:-2], -1).sum(-1)


CASES = [
    Case("kernel-flipped", PLAIN, DW, lambda true: turned(plain(true[G], true[X]))),
    Case("kernel-flipped", FLIPPED, DW, lambda true: plain(true[G], true[X])),
    Case("padding-forgotten", PADDED, DW, inner),
    Case("padding-forgotten", PADDED, DW, lambda true: gather(true[G][:, :2, :3], true[X], size=(3, 3))),
    Case("padding-forgotten", PADDED, DW, lambda true: gather(true[G], true[X], size=(1, 1))),
    Case("stride-ignored", STRIDED, DW, lambda true: gather(true[G], true[X], size=(3, 3), at=(-1, -1))),
    Case("stride-ignored", STRIDED, DW, lambda true: gather(true[G], true[X], size=(5, 5), at=(-1, -1))),
    Case("dilation-ignored", DILATED, DW, lambda true: gather(true[G], true[X], size=(3, 3), at=(-1, 0))),
    Case("dilation-ignored", DILATED, DW, lambda true: gather(true[G], true[X], size=(5, 5), at=(-1, 0))),
    Case("unused-rows-kept", UNUSED, DW, lambda true: gather(true[G], true[X], size=(4, 3), s=(2, 2))),
    Case("full-instead-of-valid", PLAIN, DW, lambda true: gather(true[G], true[X], size=(6, 4), at=(-2, -1))),
    Case("one-channel-only", PLAIN, DW, lambda true: plain(true[G], true[X][[0, 0]])),
    Case("one-channel-only", PLAIN, DW, lambda true: plain(true[G], true[X][[1, 1]])),
    Case("groups-ignored", GROUPS, DW, lambda true: gather(true[G], true[X][:2], size=(1, 2))),
    Case("groups-ignored", GROUPS, DW, lambda true: gather(true[G], true[X], size=(1, 2))),
    Case("groups-interleaved", GROUPS, DW, lambda true: grouped(true, [[0, 2], [0, 2], [1, 3], [1, 3]])),
    Case("groups-interleaved", GROUPS, DW, lambda true: grouped(true, [[0, 1], [2, 3], [0, 1], [2, 3]])),
    Case("channels-summed", PLAIN, DW, lambda true: plain(true[G], sum(true[X])[None])),
    Case("channels-summed", PLAIN, DW, lambda true: plain(true[G], np.stack([sum(true[X])] * 2))),
    Case("filters-summed", PLAIN, DW, lambda true: plain(sum(true[G])[None], true[X])),
    Case("filters-summed", PLAIN, DW, lambda true: plain(np.stack([sum(true[G])] * 3), true[X])),
    Case("weight-axes-swapped", SQUARE, DW, lambda true: np.moveaxis(plain(true[G], true[X]), 0, 1)),
    Case("weight-axes-swapped", PLAIN, DW, lambda true: np.moveaxis(plain(true[G], true[X]), 0, 1)),
    Case("positions-not-summed", BATCH, DW, window(0, 0)),
    Case("positions-not-summed", BATCH, DW, window(0, 0, 0)),
    Case("overwritten", BATCH, DW, window(0, 1, 1)),
    Case("overwritten", BATCH, DW, window(0, 1)),
    Case("not-summed-over-batch", BATCH, DW, lambda true: np.stack(each(true))),
    Case("one-sample-only", BATCH, DW, lambda true: each(true)[0]),
    Case("gradient-averaged", PLAIN, DW, lambda true: plain(true[G], true[X]) / 6),
    Case("gradient-averaged", BATCH, DW, lambda true: (each(true)[0] + each(true)[1]) / 4),
    Case("relu-mask-forgotten", RELU, DW, lambda true: plain(true["dL/drelu_1"], true[X], (3, 3))),
    Case("next-layer-skipped", TANH, DW, lambda true: plain(true["dL/dleaky_relu_1"], true[X], (3, 3))),
    Case("activation-skipped", AFTER_RELU, DW, lambda true: plain(true[G], true[X])),
    Case("upstream-forgotten", PLAIN, DW, lambda true: plain(np.ones((3, 3, 2)), true[X])),
    Case("positions-not-summed", PLAIN, DB, lambda true: true[G]),
    Case("positions-not-summed", PLAIN, DB, lambda true: true[G][:, 0, 0]),
    Case("positions-not-summed", BATCH, DB, lambda true: true[G][0] + true[G][1]),
    Case("one-axis-summed", PLAIN, DB, lambda true: true[G][:, :, 0] + true[G][:, :, 1]),
    Case("one-axis-summed", PLAIN, DB, lambda true: true[G][:, 0] + true[G][:, 1] + true[G][:, 2]),
    Case("filters-summed", PLAIN, DB, lambda true: np.array([summed(true).sum()])),
    Case("filters-summed", PLAIN, DB, lambda true: np.full(3, summed(true).sum())),
    Case("overwritten", BATCH, DB, lambda true: true[G][1, :, -1, -1]),
    Case("overwritten", BATCH, DB, lambda true: true[G][0, :, -1, -1] + true[G][1, :, -1, -1]),
    Case("not-summed-over-batch", BATCH, DB, summed),
    Case("one-sample-only", BATCH, DB, lambda true: summed(true)[0]),
    Case("gradient-averaged", PLAIN, DB, lambda true: summed(true) / 6),
    Case("gradient-averaged", BATCH, DB, lambda true: (summed(true)[0] + summed(true)[1]) / 4),
    Case("relu-mask-forgotten", RELU_BIAS, DB, lambda true: np.array([true["dL/drelu_1"].sum()])),
    Case("next-layer-skipped", TANH_BIAS, DB, lambda true: np.array([true["dL/dleaky_relu_1"].sum()])),
    Case("upstream-forgotten", PLAIN, DB, lambda true: np.array([6.0, 6, 6])),
    Case("upstream-forgotten", PLAIN, DB, lambda true: np.array([1.0, 1, 1])),
]
