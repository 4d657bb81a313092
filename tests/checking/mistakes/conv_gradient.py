"""Mistakes in the gradient of a convolution's input."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..conv_loops import Doubles, True_, spread
from .case import Case
from .conv_forward import ANCHORED, BATCH, FLIPPED, GROUPS, PLAIN, SQUARE, turned

W, G, DX = "conv_1.weight", "dL/dconv_1", "dL/dinput"
IMAGE = "[[[1, 2, -1, 6, 3], [3, 0, 4, 2, -2], [2, -2, 5, 1, 4], [7, 1, 3, -3, 2]]]"
KERNEL = "[[[[1, 2, 5], [-1, 3, 4], [7, 2, 6]]]]"


def problem(options: str, g: str, then: str = "") -> str:
    layers = f"layers:\n  - conv: {{{options}, weight: {KERNEL}}}\n{then}"
    return f"input: {{value: {IMAGE}}}\n{layers}upstream: {{value: {g}}}\n"


PADDED = problem("padding: 1", "[[[1, 2, -1, 3, 2], [4, 1, 7, -2, 5], [2, 6, 1, 8, -3], [5, -4, 2, 1, 9]]]")
VALID = problem("stride: 1", "[[[1, 2, -3], [4, 7, 5]]]")
STRIDED = problem("stride: 2, padding: 1", "[[[1, 2, -3], [4, 7, 5]]]")
DILATED = problem("dilation: 2, padding: [1, 0]", "[[[2], [-5]]]")
DENSE = problem("dilation: 2, padding: [2, 1]", "[[[1, 2, -1], [3, 2, 4], [1, 7, -2], [5, 2, 6]]]")
RELU = problem("stride: 1", "[[[1, 2, -3], [4, 7, 5]]]", "  - relu\n").replace("[[[[1, 2, 5]", "[[[[-9, 2, 5]")
TANH = problem("stride: 1", "[[[1, 2, -3], [4, 7, 5]]]", "  - leaky_relu\n").replace("[[[[1, 2, 5]", "[[[[-9, 2, 5]")


def plain(true: True_, weight: Doubles | None = None, g: Doubles | None = None) -> Doubles:
    """Of PLAIN, SQUARE or VALID."""
    size = true["input"].shape[1:]
    return spread(true[G] if g is None else g, true[W] if weight is None else weight, size=(size[0], size[1]))


def full(true: True_, s: tuple[int, int] = (1, 1), d: tuple[int, int] = (1, 1)) -> Doubles:
    """With everything around that a window touches."""
    _, rows, columns = true[G].shape
    size = ((rows - 1) * s[0] + 2 * d[0] + 1, (columns - 1) * s[1] + 2 * d[1] + 1)
    return spread(true[G], true[W], size=size, s=s, d=d)


def onto(canvas: Doubles, down: int, right: int, rows: int, columns: int) -> Doubles:
    """Cells of a larger or smaller image, zeros where there are none."""
    image = np.zeros((len(canvas), rows, columns))
    for c, i, j in np.ndindex(image.shape):
        if i + down < canvas.shape[1] and j + right < canvas.shape[2]:
            image[c, i, j] = canvas[c, i + down, j + right]
    return image


def pairs(true: True_) -> list[list[Doubles]]:
    """What filter f gives to channel c."""
    g, w = true[G], true[W]
    size = true["input"].shape[1:]
    return [
        [spread(g[f : f + 1], w[f : f + 1, c : c + 1], size=(size[0], size[1]))[0] for c in range(w.shape[1])]
        for f in range(len(w))
    ]


def quarter(w: Doubles, times: int) -> Doubles:
    made = w
    for _ in range(times):
        made = np.moveaxis(made, 2, 3)[:, :, [1, 0]]
    return made


def one_filter(f: int) -> Callable[[True_], Doubles]:
    return lambda true: plain(true, true[W][f : f + 1], true[G][f : f + 1])


def grouped(true: True_, channels: list[list[int]]) -> Doubles:
    """Filter f gives its share to the channels that are named for it."""
    dx = np.zeros((4, 2, 2))
    for f, seen in enumerate(channels):
        dx[seen] += spread(true[G][f : f + 1], true[W][f : f + 1], size=(2, 2))
    return dx


def overwritten(true: True_) -> Doubles:
    """The shares of the filters together, but window over window."""
    dx = np.zeros((2, 4, 3))
    for i, j in np.ndindex(3, 2):
        dx[:, i : i + 2, j : j + 2] = sum(true[G][f, i, j] * true[W][f] for f in range(3))
    return dx


CASES = [
    Case("kernel-not-rotated", PLAIN, DX, lambda true: plain(true, turned(true))),
    Case(
        "kernel-not-rotated", STRIDED, DX,
        lambda true: spread(true[G], turned(true), size=(4, 5), s=(2, 2), at=(-1, -1)),
    ),
    Case(
        "kernel-not-rotated", BATCH, DX,
        lambda true: np.stack([spread(g, turned(true), size=(2, 3)) for g in true[G]]),
    ),
    Case("kernel-flipped", PLAIN, DX, lambda true: plain(true, turned(true))),
    Case("kernel-flipped", FLIPPED, DX, plain),
    Case(
        "kernel-flipped", ANCHORED + "upstream: {value: [[1, 2, -3, 4], [5, 1, 7, -2], [3, 6, 2, 8]]}\n", DX,
        lambda true: spread(true[G], turned(true), size=(3, 4), at=(-2, -1)),
    ),
    Case("kernel-transposed", PLAIN, DX, lambda true: plain(true, np.moveaxis(true[W], 2, 3))),
    Case("kernel-transposed", PLAIN, DX, lambda true: plain(true, np.moveaxis(turned(true), 2, 3))),
    Case("kernel-rotated-90", PLAIN, DX, lambda true: plain(true, quarter(true[W], 1))),
    Case("kernel-rotated-90", PLAIN, DX, lambda true: plain(true, quarter(true[W], 3))),
    Case("kernel-mirrored", PLAIN, DX, lambda true: plain(true, true[W][..., [1, 0]])),
    Case("kernel-mirrored", PLAIN, DX, lambda true: plain(true, true[W][:, :, [1, 0]])),
    Case("full-padding-forgotten", PADDED, DX, lambda true: onto(full(true), 2, 2, 2, 3)),
    Case("full-padding-forgotten", VALID, DX, lambda true: onto(full(true), 1, 1, 2, 3)),
    Case("stride-ignored", STRIDED, DX, lambda true: onto(full(true), 1, 1, 4, 5)),
    Case("stride-ignored", STRIDED, DX, lambda true: onto(full(true), 1, 1, 2, 3)),
    Case("dilation-ignored", DILATED, DX, lambda true: onto(full(true), 1, 0, 4, 5)),
    Case("dilation-ignored", DILATED, DX, lambda true: onto(full(true), 1, 0, 2, 3)),
    Case("padding-kept", PADDED, DX, full),
    Case("padding-kept", STRIDED, DX, lambda true: onto(full(true, s=(2, 2)), 0, 0, 6, 7)),
    Case("padding-cropped-on-one-side", PADDED, DX, lambda true: onto(full(true), 0, 0, 4, 5)),
    Case("padding-cropped-on-one-side", PADDED, DX, lambda true: onto(full(true), 2, 2, 4, 5)),
    Case("overwritten", PLAIN, DX, overwritten),
    Case("overwritten", PLAIN, DX, lambda true: spread(true[G], true[W], size=(4, 3), add=False)),
    Case(
        "overwritten", STRIDED, DX,
        lambda true: spread(true[G], true[W], size=(4, 5), s=(2, 2), at=(-1, -1), add=False),
    ),
    Case(
        "overwritten", DENSE, DX,
        lambda true: spread(true[G], true[W], size=(4, 5), d=(2, 2), at=(-2, -1), add=False),
    ),
    Case("one-filter-only", PLAIN, DX, one_filter(0)),
    Case("one-filter-only", PLAIN, DX, one_filter(2)),
    Case(
        "one-filter-only", GROUPS, DX,
        lambda true: np.concatenate(
            [spread(true[G][f : f + 1], true[W][f : f + 1], size=(2, 2)) for f in (0, 2)]
        ),
    ),
    Case("groups-ignored", GROUPS, DX, lambda true: spread(true[G], true[W], size=(2, 2))),
    Case("groups-interleaved", GROUPS, DX, lambda true: grouped(true, [[0, 2], [0, 2], [1, 3], [1, 3]])),
    Case("groups-interleaved", GROUPS, DX, lambda true: grouped(true, [[0, 1], [2, 3], [0, 1], [2, 3]])),
    Case("filters-not-summed", PLAIN, DX, lambda true: np.stack([m for of_f in pairs(true) for m in of_f])),
    Case(
        "filters-not-summed", PLAIN, DX,
        lambda true: np.stack([of_f[c] for c in range(2) for of_f in pairs(true)]),
    ),
    Case("channels-summed", PLAIN, DX, lambda true: np.stack([a + b for a, b in pairs(true)])),
    Case("channels-summed", PLAIN, DX, lambda true: sum(plain(true))[None]),
    Case("weight-axes-swapped", SQUARE, DX, lambda true: plain(true, np.moveaxis(true[W], 0, 1))),
    Case(
        "weight-axes-swapped", PLAIN, DX,
        lambda true: plain(true, np.stack([true[W].reshape(2, 3, 2, 2)[c] for c in (0, 1)], axis=1)),
    ),
    Case("one-kernel-for-all-channels", PLAIN, DX, lambda true: plain(true, true[W][:, [0, 0]])),
    Case("relu-mask-forgotten", RELU, DX, lambda true: plain(true, g=true["dL/drelu_1"])),
    Case("next-layer-skipped", TANH, DX, lambda true: plain(true, g=true["dL/dleaky_relu_1"])),
    Case("upstream-forgotten", PLAIN, DX, lambda true: plain(true, g=np.ones((3, 3, 2)))),
]  # fmt: skip
