"""Mistakes in the output and the path of a max pool."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean

import numpy as np

from .case import Case, Doubles

Cells = list[tuple[int, int]]
Values = Callable[[list[float]], float]
Pair = tuple[int, int]

TWO_MAPS = """
input:
  value:
    - [[1, -2, 5, 3], [4, 7, -6, 2], [-9, -1, 8, 12], [-3, -4, 10, 9]]
    - [[-5, 11, 6, 15], [2, 3, 13, 14], [16, -7, -8, -11], [17, 18, -12, -10]]
layers:
  - {type}: {{size: 2{more}}}
upstream: [[[2, -3], [5, 7]], [[-11, 13], [17, 19]]]
"""
BATCH = """
input: {{value: [[[[1, 4], [3, -2]], [[-1, -3], [-7, -6]]], [[[5, 9], [8, 6]], [[-4, 2], [7, 1]]]]}}
layers:
  - {type}: {{size: [2, 1]{more}}}
upstream: [[[[2, 3]], [[5, 7]]], [[[11, 13]], [[17, 19]]]]
"""
OVERLAP = """
input: {{value: [[1, 9, 2, 4, 14], [5, 3, 8, -6, 7], [-2, 6, 11, 10, 0], [13, -1, 12, -3, -5]]}}
layers:
  - {type}: {{size: 3, stride: 1{more}}}
upstream: [[[2, -3, 5], [7, 11, 13]]]
"""
PADDED = """
input:
  value: [[-1, -2, 3, 4, -5], [-6, -7, 8, -9, -10], [2, 1, -3, 6, 5], [-12, -8, 7, -4, -13], [-15, -11, 9, 0.5, -14]]
layers:
  - {type}: {{size: 3, stride: 2, padding: 1{more}}}
upstream: [[[2, -3, 5], [7, 11, 13], [17, 19, 23]]]
"""
PAIRS = """
input: {{value: [[1, 9, 2, 4, 14, -7], [5, 3, 8, -6, 7, 16], [-2, 6, 11, 10, 0, 15], [13, -1, 12, -3, -5, 18]]}}
layers:
  - {type}: {{size: [2, 3], stride: [2, 1], padding: [[1, 1], [0, 2]]{more}}}
upstream: [[[2, -3, 5, 7, -1, 1], [11, 13, 17, 19, 23, 29], [31, 37, 41, 43, 47, 53]]]
"""
SAME = """
input: {{value: [[1, 9, 2], [5, 3, 8], [-2, 6, 11]]}}
layers:
  - {type}: {{size: 2, stride: 1, padding: same{more}}}
upstream: [[[2, -3, 5], [7, 11, 13], [17, 19, 23]]]
"""
WIDE = f"""
input: {{{{value: {[[(7 * i + 3 * j * j) % 17 - 5 for j in range(8)] for i in range(8)]}}}}}
layers:
  - {{type}}: {{{{size: 3, stride: 2, padding: 1{{more}}}}}}
"""
"""4 × 4 outputs, and another number by every wrong formula."""
DILATED = """
input: {{value: [[1, 9, 2, 4, 14], [5, 3, 8, -6, 7], [-2, 6, 11, 10, 0], [13, -1, 12, -3, -5], [16, 15, -7, 17, 18]]}}
layers:
  - {type}: {{size: 2, stride: 1, dilation: 2{more}}}
upstream: [[[2, -3, 5], [7, 11, 13], [17, 19, 23]]]
"""
ROUNDED = """
input: {{value: [[1, 9, 2, 4, 14], [5, 3, 8, -6, 7], [-2, 6, 11, 10, 0], [13, -1, 12, -3, -5], [16, 15, -7, 17, 18]]}}
layers:
  - {type}: {{size: 2{more}}}
"""
TIED = """
index_base: 0
input: {value: [[[5, 1, 7, 7], [2, 5, 7, -6], [0, 8, -3, -3], [8, 3, -4, -3]]]}
layers:
  - max_pool: {size: 2}
upstream: [[[2, -3], [5, 7]]]
"""

BETWEEN = """
input: {{value: [[[1, -2, -5, -3], [4, 7, -6, -2]], [[-9, -1, 8, 12], [-3, -4, 10, 9]]]}}
layers:
  - relu: {{name: before}}
  - {type}: {{name: pool, {more}}}
  - relu: {{name: behind}}
upstream: {upstream}
"""
SIGMOID_BEHIND = BETWEEN.replace("- relu: {{name: behind}}", "- sigmoid: {{name: behind}}")


def windows(
    shape: Sequence[int],
    size: Pair,
    stride: Pair,
    padding: tuple[Pair, Pair] = ((0, 0), (0, 0)),
    dilation: int = 1,
    ceil: bool = False,
) -> Iterator[tuple[int, int, Cells]]:
    """Each window's row and column with the places under it, those of the padding among them."""
    starts = []
    for axis in (0, 1):
        span, last = (size[axis] - 1) * dilation, shape[axis] + padding[axis][1]
        begins = range(-padding[axis][0], shape[axis] if ceil else last - span, stride[axis])
        # A last window may reach over the edge, but only one.
        full = [b for b in begins if b + span < last]
        starts.append(list(begins)[: len(full) + (ceil and full[-1] + span < last - 1)])
    for i, row in enumerate(starts[0]):
        for j, column in enumerate(starts[1]):
            yield i, j, [(row + p * dilation, column + q * dilation) for p in range(size[0]) for q in range(size[1])]


def inside(image: Doubles, cells: Cells) -> Cells:
    return [(u, v) for u, v in cells if 0 <= u < image.shape[0] and 0 <= v < image.shape[1]]


def pooled(x: Doubles, f: Values, *how: object) -> Doubles:
    """f of the numbers on the image in each window, map by map."""
    made = []
    for image in x.reshape(-1, *x.shape[-2:]):
        rows: dict[int, list[float]] = {}
        for i, _, cells in windows(image.shape, *how):  # type: ignore[arg-type]
            rows.setdefault(i, []).append(f([image[at] for at in inside(image, cells)]))
        made.append(list(rows.values()))
    maps = np.array(made, dtype=float)
    return maps.reshape(*x.shape[:-2], *maps.shape[1:])


def spread(x: Doubles, g: Doubles, share: Callable[[list[float], float], Sequence[float]], *how: object) -> Doubles:
    """To each place of a window what `share` gives of its gradient, added up."""
    dx = np.zeros(x.shape)
    for image, upstream, to in zip(
        x.reshape(-1, *x.shape[-2:]), g.reshape(-1, *g.shape[-2:]), dx.reshape(-1, *x.shape[-2:]), strict=True
    ):
        for i, j, cells in windows(image.shape, *how):  # type: ignore[arg-type]
            places = inside(image, cells)
            for at, number in zip(places, share([image[at] for at in places], upstream[i, j]), strict=True):
                to[at] += number
    return dx


def at_first(values: list[float], wanted: float, number: float) -> list[float]:
    return [number if k == values.index(wanted) else 0 for k in range(len(values))]


def problem(text: str, more: str = "", type: str = "max_pool", upstream: str = "[[[2, -3]], [[5, 7]]]") -> str:
    return text.format(type=type, more=more, upstream=upstream)


SIZE, ONE, TWO, THREE = (2, 2), (1, 1), (2, 2), (3, 3)
NONE, AROUND = ((0, 0), (0, 0)), ((1, 1), (1, 1))


def forward(code: str, text: str, f: Values, *how: object) -> Case:
    return Case(code, problem(text), "max_pool_1", lambda true: pooled(true["input"], f, *how))


def frozen(code: str, text: str, tensor: str, numbers: object) -> Case:
    return Case(code, text, tensor, lambda _: np.array(numbers, dtype=float))


def slipped(true: Mapping[str, Doubles]) -> Doubles:
    y = true["max_pool_1"].copy()
    assert y[1, 0, 1] == 15
    y[1, 0, 1] = 14
    return y


PATH = "index_base: 0\n" + problem(TWO_MAPS)
PATH_PADDED = "index_base: 0\n" + problem(PADDED)

CASES = [
    # The output
    forward("average-instead-of-maximum", TWO_MAPS, fmean, SIZE, TWO),
    forward("average-instead-of-maximum", BATCH, fmean, (2, 1), (2, 1)),
    forward("average-instead-of-maximum", PADDED, lambda cells: sum(cells) / 9, THREE, TWO, AROUND),
    forward("average-instead-of-maximum", PADDED, fmean, THREE, TWO, AROUND),
    forward("minimum-instead-of-maximum", TWO_MAPS, min, SIZE, TWO),
    forward("minimum-instead-of-maximum", PADDED, min, THREE, TWO, AROUND),
    forward("maximum-by-absolute-value", TWO_MAPS, lambda cells: max(cells, key=abs), SIZE, TWO),
    forward("maximum-by-absolute-value", PADDED, lambda cells: max(map(abs, cells)), THREE, TWO, AROUND),
    forward("sum-instead-of-maximum", TWO_MAPS, sum, SIZE, TWO),
    forward(
        "padding-counted-as-zero",
        PADDED,
        lambda cells: max(cells) if len(cells) == 9 else max(0, *cells),
        THREE,
        TWO,
        AROUND,
    ),
    forward("maximum-started-at-zero", TWO_MAPS, lambda cells: max(0, *cells), SIZE, TWO),
    forward("maximum-started-at-zero", BATCH, lambda cells: max(0, *cells), (2, 1), (2, 1)),
    forward("stride-ignored", TWO_MAPS, max, SIZE, ONE),
    forward("stride-ignored", PADDED, max, THREE, ONE, AROUND),
    forward("stride-as-kernel", OVERLAP, max, THREE, THREE),
    forward("stride-as-kernel", PADDED, max, THREE, THREE, AROUND),
    forward("size-and-stride-swapped", PADDED, max, TWO, THREE, AROUND),
    forward("rows-and-columns-of-an-option-swapped", PAIRS, max, (3, 2), (1, 2), ((0, 2), (1, 1))),
    forward("rows-and-columns-of-an-option-swapped", BATCH, max, (1, 2), (1, 2)),
    forward("padding-forgotten", PADDED, max, THREE, TWO),
    forward("padding-forgotten", SAME, max, SIZE, ONE),
    forward("same-odd-cell-first", SAME, max, SIZE, ONE, ((1, 0), (1, 0))),
    forward("padding-one-sided", PADDED, max, THREE, TWO, ((0, 2), (0, 2))),
    forward("padding-one-sided", PADDED, max, THREE, TWO, ((1, 0), (1, 0))),
    forward("padding-one-sided", PAIRS, max, (2, 3), (2, 1), ((1, 0), (0, 0))),
    forward("output-size-rounded-up", ROUNDED, max, SIZE, TWO, NONE, 1, True),
    Case(
        "output-size-rounded-down",
        problem(ROUNDED, ", ceil: true"),
        "max_pool_1",
        lambda true: pooled(true["input"], max, SIZE, TWO),
    ),
    forward("dilation-ignored", DILATED, max, SIZE, ONE),
    forward("dilation-counted-from-0", DILATED, max, SIZE, ONE, NONE, 3),
    Case("output-size-one-forgotten", problem(OVERLAP), "max_pool_1", lambda true: true["max_pool_1"][:, :1, :2]),
    frozen("output-size-kernel-forgotten", problem(TWO_MAPS), "max_pool_1", np.arange(18).reshape(2, 3, 3)),
    frozen("output-size-kernel-forgotten", problem(WIDE), "max_pool_1", np.arange(36).reshape(1, 6, 6)),
    frozen("output-size-bracket", problem(WIDE), "max_pool_1", np.arange(4).reshape(1, 2, 2)),
    frozen("output-size-precedence", problem(WIDE), "max_pool_1", np.arange(49).reshape(1, 7, 7)),
    frozen("stride-ignored", problem(WIDE), "max_pool_1", np.arange(64).reshape(1, 8, 8)),
    Case("pooled-across-channels", problem(TWO_MAPS), "max_pool_1", lambda _: np.array([[[11, 15], [18, 12]]])),
    frozen("pooled-whole-map", problem(TWO_MAPS), "max_pool_1", [[[12]], [[18]]]),
    frozen("pooled-whole-map", problem(BATCH), "max_pool_1", [[[[4]], [[-1]]], [[[9]], [[7]]]]),
    Case("maximum-misread", problem(TWO_MAPS), "max_pool_1", slipped),
    # The path, which counts from 0 here; the true one is ((1, 1), (0, 2)), ((2, 1), (2, 3)) in the first map.
    frozen(
        "path-within-window",
        PATH,
        "max_pool_1.path",
        [[[[1, 1], [0, 0]], [[0, 1], [0, 1]]], [[[0, 1], [0, 1]], [[1, 1], [0, 0]]]],
    ),
    Case("row-and-column-swapped", PATH, "max_pool_1.path", lambda true: true["max_pool_1.path"][..., [1, 0]]),
    Case("padding-counted-in-position", PATH_PADDED, "max_pool_1.path", lambda true: true["max_pool_1.path"] + 1),
    frozen(
        "minimum-instead-of-maximum",
        PATH,
        "max_pool_1.path",
        [[[[0, 1], [1, 2]], [[2, 0], [2, 2]]], [[[0, 0], [0, 2]], [[2, 1], [3, 2]]]],
    ),
    frozen("path-as-number", PATH, "max_pool_1.path", [[[5, 2], [9, 11]], [[1, 3], [13, 10]]]),
    Case("path-from-other-base", PATH, "max_pool_1.path", lambda true: true["max_pool_1.path"] + 1),
    Case("path-from-other-base", PATH, "max_pool_1.path", lambda true: true["max_pool_1.path"] - 1),
    frozen("tie-to-another", TIED, "max_pool_1.path", [[[[1, 1], [1, 2]], [[3, 0], [3, 3]]]]),
    frozen("tie-to-another", TIED, "max_pool_1.path", [[[[0, 0], [0, 2]], [[3, 0], [2, 2]]]]),
    frozen("activation-skipped", problem(BETWEEN, "size: 2"), "pool", [[[7, -2]], [[-1, 12]]]),
]
