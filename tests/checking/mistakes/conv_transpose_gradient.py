"""Mistakes in the gradients of a transposed convolution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..conv_loops import Doubles, True_, convolve, gather, spread
from .case import Case
from .conv_transpose import (
    AFTER_RELU,
    BATCH,
    DILATED,
    GROUPS,
    PADDED,
    PLAIN,
    SPARE,
    SQUARE,
    STRIDED,
    B,
    W,
    Y,
    turned,
)

G, DX, DW, DB, X = f"dL/d{Y}", "dL/dinput", f"dL/d{W}", f"dL/d{B}", "input"
RELU = SQUARE.replace("upstream", "  - relu\nupstream")
TANH = SQUARE.replace("upstream", "  - leaky_relu\nupstream")


def plain(true: True_, weight: Doubles | None = None, g: Doubles | None = None) -> Doubles:
    """dx at stride 1 with nothing taken off: the windows of g, each under the kernel."""
    size = true[X].shape[1:]
    return convolve(true[G] if g is None else g, true[W] if weight is None else weight, out=(size[0], size[1]))


def windows(
    out: tuple[int, int], s: tuple[int, int] = (1, 1), at: tuple[int, int] = (0, 0), d: tuple[int, int] = (1, 1)
) -> Callable[[True_], Doubles]:
    return lambda true: convolve(true[G], true[W], out=out, s=s, at=at, d=d)


def weights(
    s: tuple[int, int] = (1, 1), at: tuple[int, int] = (0, 0), d: tuple[int, int] = (1, 1)
) -> Callable[[True_], Doubles]:
    """dw of a problem with a kernel of 3×3."""
    return lambda true: gather(true[X], true[G], size=(3, 3), s=s, at=at, d=d)


def kernels(true: True_, x: Doubles | None = None, g: Doubles | None = None) -> Doubles:
    """dw of PLAIN or SQUARE."""
    return gather(true[X] if x is None else x, true[G] if g is None else g, size=(2, 2))


def pairs(true: True_) -> list[list[Doubles]]:
    """What output channel f gives to input channel c, by f."""
    w, g = true[W], true[G]
    return [[plain(true, w[c : c + 1, f : f + 1], g[f : f + 1])[0] for c in range(len(w))] for f in range(w.shape[1])]


def grouped(true: True_, seen: list[list[int]]) -> Doubles:
    """Input channel c from the output channels that are named for it, in the order of its kernels."""
    return np.stack([convolve(true[G][f], true[W][c : c + 1], out=(1, 2))[0] for c, f in enumerate(seen)])


def grouped_weights(true: True_, seen: list[list[int]]) -> Doubles:
    return np.stack([gather(true[X][c : c + 1], true[G][f], size=(1, 2))[0] for c, f in enumerate(seen)])


def of_sample(true: True_, n: int) -> Doubles:
    return gather(true[X][n], true[G][n], size=(2, 2), s=(2, 2))


def of_cell(true: True_, at: int, *samples: int) -> Doubles:
    """dw of BATCH from one cell of each channel."""
    dw = np.zeros((2, 1, 2, 2))
    start = 0 if at == 0 else 2
    for n in samples:
        for c in (0, 1):
            dw[c, 0] += true[X][n, c, at, at] * true[G][n, 0, start : start + 2, start : start + 2]
    return dw


def ones(true: True_) -> Doubles:
    return np.ones_like(true[G])


BEHIND = {RELU: "dL/drelu_1", TANH: "dL/dleaky_relu_1"}


def behind(problem: str, make: Callable[[True_, Doubles], Doubles]) -> Callable[[True_], Doubles]:
    """With the gradient at the next layer's output for g."""
    return lambda true: make(true, true[BEHIND[problem]])


CASES = [
    Case("kernel-flipped", PLAIN, DX, lambda true: plain(true, turned(true[W]))),
    Case("kernel-transposed", PLAIN, DX, lambda true: plain(true, np.moveaxis(true[W], 2, 3))),
    Case("kernel-mirrored", PLAIN, DX, lambda true: plain(true, true[W][..., [1, 0]])),
    Case("kernel-rotated-90", PLAIN, DX, lambda true: plain(true, np.moveaxis(true[W], 2, 3)[:, :, [1, 0]])),
    Case("weight-axes-swapped", SQUARE, DX, lambda true: plain(true, np.moveaxis(true[W], 0, 1))),
    Case("one-filter-only", PLAIN, DX, lambda true: np.stack(pairs(true)[0])),
    Case("one-filter-only", PLAIN, DX, lambda true: np.stack(pairs(true)[2])),
    Case("filters-not-summed", PLAIN, DX, lambda true: np.concatenate(pairs(true))),
    Case("filters-not-summed", PLAIN, DX, lambda true: np.stack(pairs(true), 1).reshape(6, 2, 2)),
    Case("channels-summed", PLAIN, DX, lambda true: plain(true).sum(0, keepdims=True)),
    Case("groups-ignored", GROUPS, DX, lambda true: grouped(true, [[0, 1]] * 4)),
    Case(
        "groups-ignored", GROUPS, DX,
        lambda true: grouped(true, [[0, 1]] * 4) + grouped(true, [[2, 3]] * 4),
    ),
    Case("groups-interleaved", GROUPS, DX, lambda true: grouped(true, [[0, 2], [1, 3], [0, 2], [1, 3]])),
    Case("groups-interleaved", GROUPS, DX, lambda true: grouped(true, [[0, 1], [2, 3], [0, 1], [2, 3]])),
    Case("groups-interleaved", GROUPS, DX, lambda true: grouped(true, [[0, 2], [0, 2], [1, 3], [1, 3]])),
    Case("stride-ignored", STRIDED, DX, windows((3, 5))),
    Case("stride-ignored", STRIDED, DX, windows((2, 3))),
    Case("stride-ignored", PADDED, DX, windows((2, 3), at=(-1, -1))),
    Case("dilation-ignored", DILATED, DX, windows((3, 4), (2, 2), (-1, -2))),
    Case("dilation-ignored", DILATED, DX, windows((2, 3), (2, 2), (-1, -2))),
    Case("padding-forgotten", PADDED, DX, windows((1, 2), (2, 2))),
    Case("padding-forgotten", PADDED, DX, lambda true: np.pad(windows((1, 2), (2, 2))(true), ((0, 0), (0, 1), (0, 1)))),
    Case("padding-one-sided", PADDED, DX, windows((2, 3), (2, 2))),
    Case("padding-one-sided", SPARE, DX, windows((2, 3), (2, 2), (-2, -2))),
    Case("full-instead-of-valid", STRIDED, DX, windows((7, 9), at=(-2, -2))),
    Case(
        "full-instead-of-valid", STRIDED, DX,
        lambda true: convolve(true[G], turned(true[W]), out=(7, 9), at=(-2, -2)),
    ),
    Case("full-instead-of-valid", STRIDED, DX, lambda true: spread(true[G], true[W], size=(11, 15), s=(2, 2))),
    Case("relu-mask-forgotten", RELU, DX, behind(RELU, lambda true, g: plain(true, g=g))),
    Case("next-layer-skipped", TANH, DX, behind(TANH, lambda true, g: plain(true, g=g))),
    Case("upstream-forgotten", PLAIN, DX, lambda true: plain(true, g=ones(true))),
    # The weight
    Case("kernel-flipped", PLAIN, DW, lambda true: turned(kernels(true))),
    Case("weight-axes-swapped", PLAIN, DW, lambda true: np.moveaxis(kernels(true), 0, 1)),
    Case("one-channel-only", PLAIN, DW, lambda true: kernels(true, true[X][[0, 0]])),
    Case("one-channel-only", PLAIN, DW, lambda true: kernels(true, true[X][[1, 1]])),
    Case("channels-summed", PLAIN, DW, lambda true: kernels(true).sum(0, keepdims=True)),
    Case("channels-summed", PLAIN, DW, lambda true: kernels(true, np.stack([true[X][0] + true[X][1]] * 2))),
    Case("filters-summed", PLAIN, DW, lambda true: kernels(true, g=true[G].sum(0, keepdims=True))),
    Case("filters-summed", PLAIN, DW, lambda true: kernels(true, g=np.stack([true[G].sum(0)] * 3))),
    Case("groups-ignored", GROUPS, DW, lambda true: grouped_weights(true, [[0, 1]] * 4)),
    Case("groups-ignored", GROUPS, DW, lambda true: grouped_weights(true, [[0, 1, 2, 3]] * 4)),
    Case("groups-interleaved", GROUPS, DW, lambda true: grouped_weights(true, [[0, 2], [0, 2], [1, 3], [1, 3]])),
    Case("groups-interleaved", GROUPS, DW, lambda true: grouped_weights(true, [[0, 2], [1, 3], [0, 2], [1, 3]])),
    Case("groups-interleaved", GROUPS, DW, lambda true: grouped_weights(true, [[0, 1], [2, 3], [0, 1], [2, 3]])),
    Case("stride-ignored", STRIDED, DW, weights()),
    Case("stride-ignored", PADDED, DW, weights(at=(-1, -1))),
    Case("dilation-ignored", DILATED, DW, weights((2, 2), (-1, -2))),
    Case("padding-forgotten", PADDED, DW, weights((2, 2))),
    Case("padding-forgotten", SPARE, DW, weights((2, 2))),
    Case("positions-not-summed", BATCH, DW, lambda true: of_cell(true, 0, 0, 1)),
    Case("positions-not-summed", BATCH, DW, lambda true: of_cell(true, 0, 0)),
    Case("overwritten", BATCH, DW, lambda true: of_cell(true, -1, 0, 1)),
    Case("overwritten", BATCH, DW, lambda true: of_cell(true, -1, 1)),
    Case("not-summed-over-batch", BATCH, DW, lambda true: np.stack([of_sample(true, 0), of_sample(true, 1)])),
    Case("one-sample-only", BATCH, DW, lambda true: of_sample(true, 1)),
    Case("gradient-averaged", BATCH, DW, lambda true: (of_sample(true, 0) + of_sample(true, 1)) / 4),
    Case("gradient-averaged", BATCH, DW, lambda true: (of_sample(true, 0) + of_sample(true, 1)) / 8),
    Case("relu-mask-forgotten", RELU, DW, behind(RELU, lambda true, g: kernels(true, g=g))),
    Case("next-layer-skipped", TANH, DW, behind(TANH, lambda true, g: kernels(true, g=g))),
    Case("upstream-forgotten", PLAIN, DW, lambda true: kernels(true, g=ones(true))),
    Case("activation-skipped", AFTER_RELU, DW, kernels),
    # The bias
    Case("filters-summed", PLAIN, DB, lambda true: np.array([true[G].sum()])),
    Case("filters-summed", PLAIN, DB, lambda true: np.array([true[G].sum()] * 3)),
    Case("positions-not-summed", PLAIN, DB, lambda true: true[G]),
    Case("positions-not-summed", PLAIN, DB, lambda true: true[G][:, 0, 0]),
    Case("one-axis-summed", PLAIN, DB, lambda true: np.array([[sum(row) for row in of] for of in true[G].tolist()])),
    Case("overwritten", PLAIN, DB, lambda true: true[G][:, 2, 2]),
    Case("not-summed-over-batch", BATCH, DB, lambda true: np.array([[sum(map(sum, g[0]))] for g in true[G].tolist()])),
    Case("one-sample-only", BATCH, DB, lambda true: np.array([sum(map(sum, true[G][0, 0].tolist()))])),
    Case("gradient-averaged", PLAIN, DB, lambda true: np.array([sum(map(sum, of)) / 9 for of in true[G].tolist()])),
    Case("relu-mask-forgotten", RELU, DB, behind(RELU, lambda true, g: np.array([sum(map(sum, of)) for of in g]))),
    Case("next-layer-skipped", TANH, DB, behind(TANH, lambda true, g: np.array([sum(map(sum, of)) for of in g]))),
    Case("upstream-forgotten", PLAIN, DB, lambda true: np.array([9, 9, 9])),
    Case("upstream-forgotten", PLAIN, DB, lambda true: np.array([1, 1, 1])),
]  # fmt: skip
