"""Mistakes in the output of a convolution: kernel, channels, groups, bias."""

from __future__ import annotations

import numpy as np

from ..conv_loops import Doubles, True_, convolve
from .case import Case

PLAIN = """
input: {value: [[[1, 2, -1], [3, 0, 4], [2, -2, 5], [7, 1, 3]], [[2, 5, 1], [-3, 6, 0], [1, 4, -1], [2, 2, 9]]]}
layers:
  - conv:
      weight: [[[[1, 2], [-1, 3]], [[2, 0], [5, 1]]], [[[4, -2], [1, 1]], [[3, 1], [-1, 2]]],
               [[[2, 1], [0, -3]], [[1, 1], [6, -2]]]]
      bias: [0.5, -2, 3]
upstream: {value: [[[1, 2], [-1, 3], [2, 5]], [[4, -2], [1, 7], [3, 1]], [[2, 6], [5, -3], [1, 8]]]}
"""
SQUARE = """
input: {value: [[[1, 2, -1], [3, 0, 4], [2, -2, 5]], [[2, 5, 1], [-3, 6, 0], [1, 4, -1]]]}
layers:
  - conv: {weight: [[[[1, 2], [-1, 3]], [[2, 0], [5, 1]]], [[[4, -2], [1, 1]], [[3, 1], [-1, 2]]]], bias: [1, -2]}
upstream: {value: [[[1, 2], [-1, 3]], [[4, -2], [1, 7]]]}
"""
THREE = """
input: {value: [[[1, 2, -1], [3, 0, 4]], [[2, 5, 1], [-3, 6, 0]], [[1, 4, -1], [7, 2, 3]]]}
layers:
  - conv: {weight: [[[1, 2], [-1, 3]], [[2, 0], [5, 1]], [[4, -2], [1, 1]]]}
"""
FLIPPED = PLAIN.replace("conv:", "conv:\n      flip: true")
ANCHORED = """
input: {value: [[1, 2, -1, 6], [3, 0, 4, 2], [2, -2, 5, 1]]}
layers:
  - conv: {anchor: [0, 1], weight: [[1, 2, 5], [-1, 3, 4], [7, 2, 6]]}
"""
BATCH = """
input: {value: [[[[1, 2, -1], [3, 0, 4]], [[2, 5, 1], [-3, 6, 0]]], [[[2, 3, 1], [4, 1, 5]], [[7, -2, 2], [3, 1, 8]]]]}
layers:
  - conv: {weight: [[[[1, 2], [-1, 3]], [[2, 0], [5, 1]]], [[[4, -2], [1, 1]], [[3, 1], [-1, 2]]]], bias: [1, -2]}
upstream: {value: [[[[1, 2]], [[-1, 3]]], [[[4, -2]], [[1, 7]]]]}
"""
GROUPS = """
input:
  value: [[[1, 2], [3, 5]], [[2, 7], [4, -1]], [[3, -2], [6, 1]], [[8, 2], [-3, 4]]]
layers:
  - conv:
      groups: 2
      weight: [[[[1, 2]], [[3, -1]]], [[[2, 5]], [[-2, 1]]], [[[4, 1]], [[1, 6]]], [[[3, 2]], [[7, -3]]]]
      bias: [1, 2, -1, 4]
upstream: {value: [[[1], [2]], [[-3], [4]], [[5], [2]], [[7], [-1]]]}
"""
WIDE = """
input: {value: [[[1, 2], [3, -4], [5, 6]], [[2, 7], [0, 1], [3, -2]]]}
layers:
  - conv: {weight: [[[1, 2], [-1, 3]], [[2, 0], [5, 1]]], bias: [4]}
"""
SAME_SIZE = """
input: {value: [[1, 2, -1], [3, 0, 4], [2, -2, 5]]}
layers:
  - conv: {weight: [[1, 2, 0], [-1, 3, 1], [2, 1, -4]], bias: 2}
"""
SAME_SIZE_PADDED = SAME_SIZE.replace("bias: 2", "bias: 2, padding: 1")
AFTER_RELU = """
input: {value: [[1, -2, 3], [-4, 5, 6], [2, -1, 7]]}
layers:
  - relu
  - conv: {weight: [[1, 2], [3, 5]]}
upstream: {value: [[1, 2], [-3, 4]]}
"""


def plain(
    true: True_, weight: Doubles | None = None, bias: Doubles | None = None, channels: slice = slice(None)
) -> Doubles:
    """The convolution of PLAIN, SQUARE, THREE or WIDE."""
    x, w = true["input"], true["conv_1.weight"] if weight is None else weight
    b = true.get("conv_1.bias") if bias is None else bias
    out = (x.shape[1] - w.shape[2] + 1, x.shape[2] - w.shape[3] + 1)
    return convolve(x[channels], w[:, channels], b, out=out)


def batch(true: True_, weight: Doubles) -> Doubles:
    return np.stack([plain({**true, "input": x}, weight) for x in true["input"]])


def maps(true: True_, bias: Doubles) -> Doubles:
    """A map for each filter and channel."""
    w = true["conv_1.weight"]
    made = [plain(true, w, bias, slice(c, c + 1)) for c in range(w.shape[1])]
    return np.stack([made[c][f] for f in range(len(w)) for c in range(w.shape[1])])


def turned(true: True_) -> Doubles:
    w, made = true["conv_1.weight"], np.zeros_like(true["conv_1.weight"])
    for f, c, p, q in np.ndindex(w.shape):
        made[f, c, -1 - p, -1 - q] = w[f, c, p, q]
    return made


def grouped(true: True_, channels: list[list[int]]) -> Doubles:
    """Filter f over the channels that are named for it."""
    x, w, b = true["input"], true["conv_1.weight"], true["conv_1.bias"]
    return np.stack([convolve(x[see], w[f : f + 1], b[f : f + 1], out=(2, 1))[0] for f, see in enumerate(channels)])


def products(true: True_) -> Doubles:
    """x @ w for each filter, summed over the channels, as somebody does who takes ∗ for a matrix product."""
    y = np.zeros((1, 3, 2))
    for i, j, c, k in np.ndindex(3, 2, 2, 2):
        y[0, i, j] += true["input"][c, i, k] * true["conv_1.weight"][0, c, k, j]
    return y + 4


def literal(true: True_, left: str, right: str) -> Doubles:
    """The product of two matrices of 3×3."""
    a, b = (np.reshape(true[name], (3, 3)).tolist() for name in (left, right))
    return np.array([[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)])


def window_products(true: True_, kernel_first: bool) -> Doubles:
    """In each window a matrix product with the kernel, all entries of which are added up."""
    x, w = true["input"], true["conv_1.weight"]
    y = np.zeros((2, 2, 2))
    for f, i, j, c in np.ndindex(2, 2, 2, 2):
        window = x[c, i : i + 2, j : j + 2]
        y[f, i, j] += (w[f, c] @ window if kernel_first else window @ w[f, c]).sum()
    return y + true["conv_1.bias"][:, None, None]


def anchored(true: True_, m: int, n: int) -> Doubles:
    """True convolution by its formula: y[i,j] = Σ w[p,q] · x[i − (p − m), j − (q − n)]."""
    w = true["conv_1.weight"][0, 0]
    y = np.zeros((3, 4))
    for i, j, p, q in np.ndindex(3, 4, 3, 3):
        u, v = i - (p - m), j - (q - n)
        if 0 <= u < 3 and 0 <= v < 4:
            y[i, j] += w[p, q] * true["input"][0, u, v]
    return y


def one_channel(true: True_, c: int) -> Doubles:
    return plain(true, channels=slice(c, c + 1))


W, B = "conv_1.weight", "conv_1.bias"
NO_BIAS = np.zeros(3)

CASES = [
    Case("kernel-flipped", PLAIN, "conv_1", lambda true: plain(true, turned(true))),
    Case("kernel-flipped", PLAIN, "conv_1", lambda true: plain(true, turned(true)[:, ::-1])),
    Case("kernel-flipped", FLIPPED, "conv_1", plain),
    Case("kernel-flipped", BATCH, "conv_1", lambda true: batch(true, turned(true))),
    Case("kernel-flipped", ANCHORED, "conv_1", lambda true: anchored(true, 0, 1)),
    Case(
        "kernel-flipped", ANCHORED.replace("conv: {", "conv: {flip: true, "), "conv_1",
        lambda true: convolve(true["input"], true[W], out=(3, 4), at=(0, -1)),
    ),
    Case("kernel-transposed", PLAIN, "conv_1", lambda true: plain(true, np.moveaxis(true[W], 2, 3))),
    Case("kernel-mirrored", PLAIN, "conv_1", lambda true: plain(true, true[W][..., [1, 0]])),
    Case("kernel-mirrored", PLAIN, "conv_1", lambda true: plain(true, true[W][:, :, [1, 0]])),
    Case("kernel-rotated-90", PLAIN, "conv_1", lambda true: plain(true, np.moveaxis(true[W], 2, 3)[:, :, [1, 0]])),
    Case("kernel-rotated-90", PLAIN, "conv_1", lambda true: plain(true, np.moveaxis(true[W], 2, 3)[..., [1, 0]])),
    Case("one-channel-only", PLAIN, "conv_1", lambda true: one_channel(true, 0)),
    Case("one-channel-only", PLAIN, "conv_1", lambda true: one_channel(true, 1)),
    Case("channel-left-out", THREE, "conv_1", lambda true: plain(true, channels=slice(1, 3))),
    Case("channel-left-out", THREE, "conv_1", lambda true: plain(true, channels=slice(0, 3, 2))),
    Case("channels-not-summed", PLAIN, "conv_1", lambda true: maps(true, true[B])),
    Case("channels-not-summed", PLAIN, "conv_1", lambda true: maps(true, NO_BIAS)),
    Case("channels-not-summed", PLAIN, "conv_1", lambda true: maps(true, NO_BIAS)[[0, 2, 4, 1, 3, 5]]),
    Case("channels-not-summed", PLAIN, "conv_1", lambda true: maps(true, true[B]).reshape(3, 2, 3, 2)),
    Case("channels-averaged", PLAIN, "conv_1", lambda true: plain(true, bias=2 * true[B]) / 2),
    Case("one-kernel-for-all-channels", PLAIN, "conv_1", lambda true: plain(true, true[W][:, [0, 0]])),
    Case("weight-axes-swapped", SQUARE, "conv_1", lambda true: plain(true, np.moveaxis(true[W], 0, 1))),
    Case(
        "weight-axes-swapped", PLAIN, "conv_1",
        lambda true: plain(true, np.stack([true[W].reshape(2, 3, 2, 2)[c] for c in (0, 1)], axis=1)),
    ),
    Case(
        "channels-not-mixed", SQUARE, "conv_1",
        lambda true: np.stack([one_channel(true, f)[f] for f in (0, 1)]),
    ),
    Case(
        "channels-not-mixed", SQUARE, "conv_1",
        lambda true: np.stack(
            [
                convolve(true["input"][f : f + 1], true[W][f : f + 1, :1], true[B][f : f + 1], out=(2, 2))[0]
                for f in (0, 1)
            ]
        ),
    ),
    Case("groups-ignored", GROUPS, "conv_1", lambda true: grouped(true, [[0, 1]] * 4)),
    Case("groups-interleaved", GROUPS, "conv_1", lambda true: grouped(true, [[0, 2], [0, 2], [1, 3], [1, 3]])),
    Case("groups-interleaved", GROUPS, "conv_1", lambda true: grouped(true, [[0, 1], [2, 3], [0, 1], [2, 3]])),
    Case("filters-summed", PLAIN, "conv_1", lambda true: plain(true).sum(0, keepdims=True)),
    Case("one-filter-only", PLAIN, "conv_1", lambda true: plain(true, true[W][:1])),
    Case("bias-forgotten", PLAIN, "conv_1", lambda true: plain(true, bias=NO_BIAS)),
    Case("bias-forgotten", BATCH, "conv_1", lambda true: true["conv_1"] - np.array([1, -2])[:, None, None]),
    Case("bias-added-repeatedly", PLAIN, "conv_1", lambda true: plain(true, bias=np.array([1, -4, 6]))),
    Case("bias-subtracted", PLAIN, "conv_1", lambda true: plain(true, bias=np.array([-0.5, 2, -3]))),
    Case("bias-of-first-filter", PLAIN, "conv_1", lambda true: plain(true, bias=np.array([0.5] * 3))),
    Case("matrix-product", WIDE, "conv_1", products),
    Case("matrix-product", SQUARE, "conv_1", lambda true: window_products(true, kernel_first=False)),
    Case("matrix-product", SQUARE, "conv_1", lambda true: window_products(true, kernel_first=True)),
    *(
        Case("matrix-product", problem, "conv_1", lambda true, order=order, b=bias: literal(true, *order) + b)  # type: ignore[misc]
        for problem in (SAME_SIZE, SAME_SIZE_PADDED)
        for order in (("input", W), (W, "input"))
        for bias in (0, 2)
    ),
    Case("products-averaged", PLAIN, "conv_1", lambda true: plain(true, bias=4 * true[B]) / 4),
    Case("products-averaged", PLAIN, "conv_1", lambda true: plain(true, bias=8 * true[B]) / 8),
    Case(
        "activation-skipped", AFTER_RELU, "conv_1",
        lambda true: convolve(true["input"], true[W], out=(2, 2)),
    ),
]  # fmt: skip
