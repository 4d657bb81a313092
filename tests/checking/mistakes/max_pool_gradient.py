"""Mistakes in the gradient of a max pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from .case import Case, Doubles
from .max_pool import (
    AROUND,
    BATCH,
    BETWEEN,
    ONE,
    OVERLAP,
    PADDED,
    SIGMOID_BEHIND,
    SIZE,
    THREE,
    TIED,
    TWO,
    TWO_MAPS,
    at_first,
    frozen,
    inside,
    problem,
    spread,
    windows,
)

SPLIT = TIED.replace("size: 2", "size: 2, ties: split")
SPLIT_OVERLAP = """
input: {value: [[5, 1, 5], [2, 5, 3], [4, 3, -1]]}
layers:
  - max_pool: {size: 2, stride: 1, ties: split}
upstream: [[[2, 8], [6, 12]]]
"""


def backward(code: str, text: str, share: Callable[[list[float], float], Sequence[float]], *how: object) -> Case:
    return Case(
        code, problem(text), "dL/dinput", lambda true: spread(true["input"], true["dL/dmax_pool_1"], share, *how)
    )


def crowded(true: Mapping[str, Doubles]) -> Doubles:
    """The gradient where window (i, j) was put back at (i, j) instead of (i, j) times the stride."""
    x, g = true["input"], true["dL/dmax_pool_1"]
    # TWO_MAPS or PADDED.
    size, padding = (TWO, 0) if len(x) == 2 else (THREE, 1)
    dx = np.zeros(x.shape)
    for *at, i, j in np.ndindex(g.shape):
        image, to = x[tuple(at)], dx[tuple(at)]
        best, offset = -np.inf, (0, 0)
        for p, q in np.ndindex(size):
            u, v = 2 * i + p - padding, 2 * j + q - padding
            if inside(image, [(u, v)]) and image[u, v] > best:
                best, offset = image[u, v], (p, q)
        place = (i + offset[0] - padding, j + offset[1] - padding)
        if inside(image, [place]):
            to[place] += g[(*at, i, j)]
    return dx


def wiped(true: Mapping[str, Doubles]) -> Doubles:
    """The gradient where each window overwrites all of the cells under it (of 3×3 windows on one map)."""
    x, g = true["input"].reshape(true["input"].shape[-2:]), true["dL/dmax_pool_1"][0]
    how = (THREE, TWO, AROUND) if len(x) == 5 else (THREE, ONE)
    dx = np.zeros(x.shape)
    for i, j, cells in windows(x.shape, *how):
        places = inside(x, cells)
        for at in places:
            dx[at] = g[i, j] if x[at] == max(x[place] for place in places) else 0
    return dx.reshape(true["input"].shape)


CASES = [
    backward(
        "padding-counted-as-zero",
        PADDED,
        lambda cells, g: at_first(cells, max(cells), g if max(cells) > 0 else 0),
        THREE,
        TWO,
        AROUND,
    ),
    backward("average-instead-of-maximum", TWO_MAPS, lambda cells, g: [g / 4] * 4, SIZE, TWO),
    backward("average-instead-of-maximum", PADDED, lambda cells, g: [g / 9] * len(cells), THREE, TWO, AROUND),
    backward("average-instead-of-maximum", PADDED, lambda c, g: [g / len(c)] * len(c), THREE, TWO, AROUND),
    backward("gradient-to-all-cells", TWO_MAPS, lambda cells, g: [g] * 4, SIZE, TWO),
    backward("gradient-to-all-cells", PADDED, lambda cells, g: [g] * len(cells), THREE, TWO, AROUND),
    backward("upstream-forgotten", TWO_MAPS, lambda cells, g: at_first(cells, max(cells), 1), SIZE, TWO),
    backward("upstream-forgotten", OVERLAP, lambda cells, g: at_first(cells, max(cells), 1), THREE, ONE),
    backward("output-instead-of-gradient", TWO_MAPS, lambda c, g: at_first(c, max(c), max(c)), SIZE, TWO),
    backward("output-instead-of-gradient", BATCH, lambda c, g: at_first(c, max(c), g * max(c)), (2, 1), (2, 1)),
    # 11 wins the first two windows, 12 the last two: the later gradient stays, or the earlier.
    frozen(
        "overwritten", problem(OVERLAP), "dL/dinput", [[0, 0, 0, 0, 5], [0] * 5, [0, 0, -3, 0, 0], [7, 0, 13, 0, 0]]
    ),
    frozen("overwritten", problem(OVERLAP), "dL/dinput", [[0, 0, 0, 0, 5], [0] * 5, [0, 0, 2, 0, 0], [7, 0, 11, 0, 0]]),
    # Each window wipes out what lies under it: the window of the 14, the 11; the last one, the first row of the 12.
    Case("overwritten", problem(OVERLAP), "dL/dinput", wiped),
    Case("overwritten", problem(PADDED), "dL/dinput", wiped),
    frozen("overwritten", SPLIT_OVERLAP, "dL/dinput", [[1, 0, 4], [0, 12, 0], [0, 0, 0]]),
    frozen("overwritten", SPLIT_OVERLAP, "dL/dinput", [[1, 0, 4], [0, 1, 0], [0, 0, 0]]),
    Case("stride-ignored", problem(TWO_MAPS), "dL/dinput", crowded),
    Case("stride-ignored", problem(PADDED), "dL/dinput", crowded),
    backward("minimum-instead-of-maximum", TWO_MAPS, lambda c, g: at_first(c, min(c), g), SIZE, TWO),
    backward("minimum-instead-of-maximum", PADDED, lambda c, g: at_first(c, min(c), g), THREE, TWO, AROUND),
    backward("maximum-by-absolute-value", TWO_MAPS, lambda c, g: at_first(c, max(c, key=abs), g), SIZE, TWO),
    backward("gradient-in-wrong-cell", TWO_MAPS, lambda c, g: [g, 0, 0, 0], SIZE, TWO),
    backward("gradient-in-wrong-cell", TWO_MAPS, lambda c, g: [0, 0, g, 0], SIZE, TWO),
    backward("gradient-in-wrong-cell", BATCH, lambda c, g: [0, g], (2, 1), (2, 1)),
    backward("row-and-column-swapped", TWO_MAPS, lambda c, g: at_first([c[0], c[2], c[1], c[3]], max(c), g), SIZE, TWO),
    # Of the 14's gradient to the 8; of the -3, that went to the 11 with the 2, to the 9.
    frozen(
        "one-gradient-misplaced",
        problem(OVERLAP),
        "dL/dinput",
        [[0] * 5, [0, 0, 5, 0, 0], [0, 0, -1, 0, 0], [7, 0, 24, 0, 0]],
    ),
    frozen(
        "one-gradient-misplaced",
        problem(OVERLAP),
        "dL/dinput",
        [[0, -3, 0, 0, 5], [0] * 5, [0, 0, 2, 0, 0], [7, 0, 24, 0, 0]],
    ),
    Case("gradient-not-unpooled", problem(TWO_MAPS), "dL/dinput", lambda true: true["dL/dmax_pool_1"]),
    frozen("tie-to-all", TIED, "dL/dinput", [[2, 0, -3, -3], [0, 2, -3, 0], [0, 5, 7, 7], [5, 0, 0, 7]]),
    frozen("tie-to-all", SPLIT_OVERLAP, "dL/dinput", [[2, 0, 8], [0, 28, 0], [0, 0, 0]]),
    frozen("tie-split", TIED, "dL/dinput", [[1, 0, -1, -1], [0, 1, -1, 0], [0, 2.5, 7 / 3, 7 / 3], [2.5, 0, 0, 7 / 3]]),
    frozen("tie-to-first", SPLIT, "dL/dinput", [[2, 0, -3, 0], [0] * 4, [0, 5, 7, 0], [0] * 4]),
    frozen("tie-to-another", TIED, "dL/dinput", [[0] * 4, [0, 2, -3, 0], [0] * 4, [5, 0, 0, 7]]),
    frozen("tie-to-another", TIED, "dL/dinput", [[2, 0, -3, 0], [0] * 4, [0, 0, 7, 0], [5, 0, 0, 0]]),
    # One window goes one way, the next another, as floating point has it.
    frozen("tie-to-another", TIED, "dL/dinput", [[2, 0, 0, -3], [0] * 4, [0, 5, 0, 7], [0] * 4]),
    frozen("tie-to-none", SPLIT_OVERLAP, "dL/dinput", [[0, 0, 0], [0, 18, 0], [0, 0, 0]]),
    # The second and the third window are all 0, so that the ReLU behind is closed there.
    frozen(
        "relu-mask-forgotten",
        problem(BETWEEN, "size: 2"),
        "dL/dbefore",
        [[[0, 0, -3, 0], [0, 2, 0, 0]], [[5, 0, 0, 7], [0, 0, 0, 0]]],
    ),
    frozen(
        "next-layer-skipped",
        problem(SIGMOID_BEHIND, "size: 2"),
        "dL/dbefore",
        [[[0, 0, -3, 0], [0, 2, 0, 0]], [[5, 0, 0, 7], [0, 0, 0, 0]]],
    ),
]
