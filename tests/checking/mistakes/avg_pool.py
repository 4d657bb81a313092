"""Mistakes in an average pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import fmean

import numpy as np

from .case import Case, Doubles
from .max_pool import (
    AROUND,
    BATCH,
    BETWEEN,
    DILATED,
    NONE,
    ONE,
    OVERLAP,
    PADDED,
    PAIRS,
    ROUNDED,
    SAME,
    SIGMOID_BEHIND,
    SIZE,
    THREE,
    TWO,
    TWO_MAPS,
    WIDE,
    Values,
    at_first,
    inside,
    pooled,
    spread,
    windows,
)
from .max_pool import problem as made

REACHING = """
input: {value: [[1, 9, 2, 4, 14], [5, 3, 8, -6, 7], [-2, 6, 11, 10, 0]]}
layers:
  - avg_pool: {size: 2, ceil: true}
upstream: [[[2, -3, 5], [7, 11, 13]]]
"""


def problem(text: str, more: str = "") -> str:
    return made(text, more, "avg_pool")


NOT_COUNTED = problem(PADDED, ", count_padding: false")


def forward(code: str, text: str, f: Values, *how: object) -> Case:
    return Case(code, text, "avg_pool_1", lambda true: pooled(true["input"], f, *how))


def backward(code: str, text: str, share: Callable[[list[float], float], Sequence[float]], *how: object) -> Case:
    return Case(code, text, "dL/dinput", lambda true: spread(true["input"], true["dL/davg_pool_1"], share, *how))


def frozen(code: str, text: str, tensor: str, numbers: object) -> Case:
    return Case(code, text, tensor, lambda _: np.array(numbers, dtype=float))


def alike(number: Callable[[list[float], float], float]) -> Callable[[list[float], float], Sequence[float]]:
    return lambda cells, g: [number(cells, g)] * len(cells)


def latest(true: Mapping[str, Doubles]) -> Doubles:
    """Each window overwrites the shares of the windows before it."""
    dx = np.zeros(true["input"].shape)
    for i, j, cells in windows(dx.shape[-2:], THREE, ONE):
        for u, v in cells:
            dx[..., u, v] = true["dL/davg_pool_1"][0, i, j] / 9
    return dx


def earliest(true: Mapping[str, Doubles]) -> Doubles:
    """The first window that reaches a cell decides."""
    x, g = true["input"].reshape(5, 5), true["dL/davg_pool_1"][0]
    dx = np.full(x.shape, np.nan)
    for i, j, cells in windows(x.shape, THREE, TWO, AROUND):
        for at in inside(x, cells):
            dx[at] = g[i, j] / 9 if np.isnan(dx[at]) else dx[at]
    return dx.reshape(true["input"].shape)


def crowded(true: Mapping[str, Doubles]) -> Doubles:
    """Window (i, j) at (i, j) instead of (2i, 2j)."""
    dx = np.zeros((2, 4, 4))
    for c, i, j in np.ndindex(2, 2, 2):
        for p, q in np.ndindex(2, 2):
            dx[c, i + p, j + q] += true["dL/davg_pool_1"][c, i, j] / 4
    return dx


MAPS, ROWS, PAD, OVER = problem(TWO_MAPS), problem(BATCH), problem(PADDED), problem(OVERLAP)
TALL = (2, 1)

CASES = [
    # The output
    forward("sum-instead-of-average", MAPS, sum, SIZE, TWO),
    forward("sum-instead-of-average", ROWS, sum, TALL, TALL),
    forward("sum-instead-of-average", NOT_COUNTED, sum, THREE, TWO, AROUND),
    forward("maximum-instead-of-average", MAPS, max, SIZE, TWO),
    forward("maximum-instead-of-average", PAD, max, THREE, TWO, AROUND),
    forward("padding-in-divisor", PAD, fmean, THREE, TWO, AROUND),
    forward("padding-in-divisor", NOT_COUNTED, lambda cells: sum(cells) / 9, THREE, TWO, AROUND),
    forward("padding-in-divisor", REACHING, lambda cells: sum(cells) / 4, SIZE, TWO, NONE, 1, True),
    forward("wrong-divisor", MAPS, lambda cells: sum(cells) / 2, SIZE, TWO),
    forward("wrong-divisor", MAPS, lambda cells: sum(cells) / 16, SIZE, TWO),
    forward("wrong-divisor", OVER, lambda cells: sum(cells) / 3, THREE, ONE),
    forward("stride-ignored", MAPS, fmean, SIZE, ONE),
    forward("stride-ignored", PAD, lambda cells: sum(cells) / 9, THREE, ONE, AROUND),
    forward("stride-as-kernel", OVER, fmean, THREE, THREE),
    forward("size-and-stride-swapped", PAD, lambda cells: sum(cells) / 4, TWO, THREE, AROUND),
    forward(
        "rows-and-columns-of-an-option-swapped",
        problem(PAIRS),
        lambda cells: sum(cells) / 6,
        (3, 2),
        (1, 2),
        ((0, 2), (1, 1)),
    ),
    forward("rows-and-columns-of-an-option-swapped", ROWS, fmean, (1, 2), (1, 2)),
    forward("padding-forgotten", PAD, fmean, THREE, TWO),
    forward("padding-one-sided", PAD, lambda cells: sum(cells) / 9, THREE, TWO, ((0, 2), (0, 2))),
    forward("padding-one-sided", NOT_COUNTED, fmean, THREE, TWO, ((1, 0), (1, 0))),
    forward("same-odd-cell-first", problem(SAME), lambda cells: sum(cells) / 4, SIZE, ONE, ((1, 0), (1, 0))),
    forward("output-size-rounded-up", problem(ROUNDED), fmean, SIZE, TWO, NONE, 1, True),
    forward("output-size-rounded-down", problem(ROUNDED, ", ceil: true"), fmean, SIZE, TWO),
    forward("dilation-ignored", problem(DILATED), fmean, SIZE, ONE),
    forward("dilation-counted-from-0", problem(DILATED), fmean, SIZE, ONE, NONE, 3),
    Case("output-size-one-forgotten", OVER, "avg_pool_1", lambda true: true["avg_pool_1"][:, :1, :2]),
    frozen("output-size-kernel-forgotten", MAPS, "avg_pool_1", np.arange(18).reshape(2, 3, 3)),
    frozen("output-size-kernel-forgotten", problem(WIDE), "avg_pool_1", np.arange(36).reshape(1, 6, 6)),
    frozen("output-size-bracket", problem(WIDE), "avg_pool_1", np.arange(4).reshape(1, 2, 2)),
    frozen("output-size-precedence", problem(WIDE), "avg_pool_1", np.arange(49).reshape(1, 7, 7)),
    frozen("stride-ignored", problem(WIDE), "avg_pool_1", np.arange(64).reshape(1, 8, 8)),
    Case("pooled-across-channels", MAPS, "avg_pool_1", lambda true: true["avg_pool_1"].sum(axis=0)[None] / 2),
    Case("pooled-across-channels", ROWS, "avg_pool_1", lambda _: np.array([[[[-1, -1.75]]], [[[4, 4.5]]]])),
    Case("pooled-whole-map", MAPS, "avg_pool_1", lambda true: true["input"].sum(axis=(1, 2)).reshape(2, 1, 1) / 16),
    # The gradient
    backward("sum-instead-of-average", MAPS, alike(lambda _, g: g), SIZE, TWO),
    backward("sum-instead-of-average", ROWS, alike(lambda _, g: g), TALL, TALL),
    backward("sum-instead-of-average", OVER, alike(lambda _, g: g), THREE, ONE),
    backward("maximum-instead-of-average", MAPS, lambda c, g: at_first(c, max(c), g), SIZE, TWO),
    backward("maximum-instead-of-average", OVER, lambda c, g: at_first(c, max(c), g / 9), THREE, ONE),
    backward("padding-in-divisor", PAD, alike(lambda cells, g: g / len(cells)), THREE, TWO, AROUND),
    backward("padding-in-divisor", NOT_COUNTED, alike(lambda _, g: g / 9), THREE, TWO, AROUND),
    backward("padding-in-divisor", REACHING, alike(lambda _, g: g / 4), SIZE, TWO, NONE, 1, True),
    backward("upstream-forgotten", MAPS, alike(lambda _, g: 0.25), SIZE, TWO),
    backward("upstream-forgotten", OVER, alike(lambda _, g: 1 / 9), THREE, ONE),
    backward("output-instead-of-gradient", MAPS, alike(lambda cells, _: sum(cells) / 16), SIZE, TWO),
    backward("output-instead-of-gradient", ROWS, alike(lambda cells, _: sum(cells) / 2), TALL, TALL),
    backward("output-instead-of-gradient", MAPS, alike(lambda cells, g: g * sum(cells) / 16), SIZE, TWO),
    Case("overwritten", OVER, "dL/dinput", latest),
    Case("overwritten", PAD, "dL/dinput", earliest),
    Case("stride-ignored", MAPS, "dL/dinput", crowded),
    backward("gradient-times-input", MAPS, lambda cells, g: [g / 4 * number for number in cells], SIZE, TWO),
    backward("gradient-to-one-cell", MAPS, lambda _, g: [g / 4, 0, 0, 0], SIZE, TWO),
    backward("gradient-to-one-cell", MAPS, lambda _, g: [0, 0, 0, g], SIZE, TWO),
    backward("divided-twice", MAPS, alike(lambda _, g: g / 16), SIZE, TWO),
    backward("divided-twice", ROWS, alike(lambda _, g: g / 4), TALL, TALL),
    backward("wrong-divisor", MAPS, alike(lambda _, g: g / 2), SIZE, TWO),
    backward("wrong-divisor", OVER, alike(lambda _, g: g / 20), THREE, ONE),
    Case("gradient-not-unpooled", MAPS, "dL/dinput", lambda true: true["dL/davg_pool_1"]),
    Case("gradient-not-unpooled", MAPS, "dL/dinput", lambda true: true["dL/davg_pool_1"] * 0.25),
    frozen("activation-skipped", problem(BETWEEN, "size: 2"), "pool", [[[2.5, -4]], [[-4.25, 9.75]]]),
    frozen(
        "relu-mask-forgotten",
        problem(BETWEEN, "size: 2"),
        "dL/dbefore",
        [[[0.5, 0.5, -0.75, -0.75]] * 2, [[1.25, 1.25, 1.75, 1.75]] * 2],
    ),
    frozen(
        "next-layer-skipped",
        problem(SIGMOID_BEHIND, "size: 2"),
        "dL/dbefore",
        [[[0.5, 0.5, -0.75, -0.75]] * 2, [[1.25, 1.25, 1.75, 1.75]] * 2],
    ),
]
