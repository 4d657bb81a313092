"""Mistakes in the output of a transposed convolution."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..conv_loops import Doubles, True_, convolve, spread
from .case import Case

X = "[[[1, 2], [3, -4]], [[2, 5], [-3, 6]]]"
PLAIN = f"""
input: {{value: {X}}}
layers:
  - conv_transpose:
      weight: [[[[1, 2], [-1, 3]], [[2, 7], [5, 1]], [[1, -2], [4, 6]]],
               [[[4, -2], [1, 1]], [[3, 1], [-1, 2]], [[2, 5], [1, -3]]]]
      bias: [0.5, -2, 3]
upstream:
  value: [[[1, 2, 4], [-1, 3, 2], [2, 5, 1]], [[4, -2, 3], [1, 7, 2], [3, 1, 6]], [[2, 6, 1], [5, -3, 2], [1, 8, 4]]]
"""
SQUARE = f"""
input: {{value: {X}}}
layers:
  - conv_transpose:
      weight: [[[[1, 2], [-1, 3]], [[2, 7], [5, 1]]], [[[4, -2], [1, 1]], [[3, 1], [-1, 2]]]]
      bias: [1, -2]
upstream: {{value: [[[1, 2, 4], [-1, 3, 2], [2, 5, 1]], [[4, -2, 3], [1, 7, 2], [3, 1, 6]]]}}
"""
THREE = """
input: {value: [[[1, 2]], [[-3, 6]], [[7, 3]]]}
layers:
  - conv_transpose: {weight: [[[[1, 2]]], [[[5, -1]]], [[[4, 3]]]]}
"""
GROUPS = """
input: {value: [[[1, 2]], [[2, 7]], [[3, -2]], [[8, 5]]]}
layers:
  - conv_transpose:
      groups: 2
      weight: [[[[1, 2]], [[3, -1]]], [[[2, 5]], [[-2, 1]]], [[[4, 1]], [[1, 6]]], [[[3, 2]], [[7, -3]]]]
      bias: [1, 2, -1, 4]
upstream: {value: [[[1, 2, -4]], [[-3, 4, 6]], [[5, 2, 1]], [[7, -1, 9]]]}
"""
BATCH = """
input: {value: [[[[1, 2], [3, -4]], [[2, 5], [-3, 6]]], [[[2, -1], [5, 4]], [[7, 3], [1, -2]]]]}
layers:
  - conv_transpose:
      stride: 2
      weight: [[[[1, 2], [-1, 3]]], [[[4, -2], [1, 5]]]]
      bias: 3
upstream:
  value: [[[[1, 2, 4, -5], [-1, 3, 2, 6], [2, 5, 1, 7], [3, -2, 8, 1]]],
          [[[4, -2, 3, 1], [1, 7, 2, 5], [3, 1, 6, -4], [9, 2, -3, 5]]]]
"""
AFTER_RELU = """
input: {value: [[1, -2], [-4, 5]]}
layers:
  - relu
  - conv_transpose: {weight: [[1, 2], [3, 5]]}
upstream: {value: [[1, 2, 6], [-3, 4, 7], [2, 5, 1]]}
"""
IMAGE, KERNEL = "[[[1, 2, -1], [3, -5, 4]]]", "[[[[1, 2, 5], [-1, 3, 4], [7, 2, 6]]]]"


def one(options: str, size: tuple[int, int] | None = None) -> str:
    """One channel of 2×3 and a kernel of 3×3; with a g if its size is given, that of the output."""
    layer = f"conv_transpose: {{{options}, weight: {KERNEL}, bias: [0.5]}}"
    text = f"input: {{value: {IMAGE}}}\nlayers:\n  - {layer}\n"
    if size is None:
        return text
    g = [[[(7 * i + 3 * j) % 11 - 4 for j in range(size[1])] for i in range(size[0])]]
    return text + f"upstream: {{value: {g}}}\n"


STRIDED = one("stride: 2", (5, 7))
PADDED = one("stride: 2, padding: 1", (3, 5))
CLOSE = one("padding: [[1, 0], [1, 0]]", (3, 4))
SPARE = one("stride: 2, padding: 1, output_padding: 1", (4, 6))
SAME = one("stride: 2, padding: same", (4, 6))
DILATED = one("stride: 2, padding: [1, 2], dilation: 2", (5, 5))
UNEVEN = one("stride: [3, 2], padding: [1, 0], output_padding: [2, 1]", (6, 8))
SIDES = one("stride: 2, padding: [[1, 0], [0, 2]]", (4, 5))

W, B, Y = "conv_transpose_1.weight", "conv_transpose_1.bias", "conv_transpose_1"


def stamps(
    size: tuple[int, int], s: tuple[int, int] = (1, 1), at: tuple[int, int] = (0, 0), d: tuple[int, int] = (1, 1),
    add: bool = True,
) -> Callable[[True_], Doubles]:  # fmt: skip
    """The stamps of x on an output of a size."""
    return lambda true: spread(true["input"], true[W], size=size, s=s, at=at, d=d, add=add) + true[B][:, None, None]


def plain(true: True_, weight: Doubles | None = None, bias: Doubles | None = None, x: Doubles | None = None) -> Doubles:
    """Of PLAIN, SQUARE, THREE, GROUPS' kernels or AFTER_RELU: stride 1 and nothing taken off."""
    w, x = true[W] if weight is None else weight, true["input"] if x is None else x
    size = (x.shape[1] + w.shape[2] - 1, x.shape[2] + w.shape[3] - 1)
    made = spread(x, w, size=size)
    b = true.get(B) if bias is None else bias
    return made if b is None else made + b[:, None, None]


def channel(true: True_, *channels: int) -> Doubles:
    """Of some input channels only."""
    places = list(channels)
    return plain(true, true[W][places], x=true["input"][places])


def maps(true: True_, bias: Doubles) -> list[list[Doubles]]:
    """By input and output channel."""
    return [
        [
            plain(true, true[W][c : c + 1, f : f + 1], bias[f : f + 1], true["input"][c : c + 1])[0]
            for f in range(true[W].shape[1])
        ]
        for c in range(len(true[W]))
    ]


def grouped(true: True_, seen: list[list[int]], places: list[int]) -> Doubles:
    """Output channel f from the input channels that are named for it, with the kernel at a place in the group."""
    made = [
        spread(true["input"][channels], true[W][channels][:, [places[f]]], size=(1, 3))[0]
        for f, channels in enumerate(seen)
    ]
    return np.stack(made) + true[B][: len(made), None, None]


def turned(w: Doubles) -> Doubles:
    made = np.zeros_like(w)
    for f, c, p, q in np.ndindex(w.shape):
        made[f, c, -1 - p, -1 - q] = w[f, c, p, q]
    return made


def times_covered(true: True_) -> Doubles:
    """How many stamps lie on each cell of SQUARE's output."""
    count = np.zeros((3, 3))
    for i, j, p, q in np.ndindex(2, 2, 2, 2):
        count[i + p, j + q] += 1
    return count


def last_channel(true: True_) -> Doubles:
    return spread(true["input"][1:], true[W][1:], size=(3, 3), add=False) + true[B][:, None, None]


def assigned(true: True_) -> Doubles:
    """SQUARE, each stamp of both channels in the place of what was there."""
    y = np.zeros((2, 3, 3))
    for i, j in np.ndindex(2, 2):
        y[:, i : i + 2, j : j + 2] = sum(true["input"][c, i, j] * true[W][c] for c in (0, 1))
    return y + true[B][:, None, None]


def zeros_behind(true: True_) -> Doubles:
    y = np.zeros((1, 4, 6))
    y[:, :3, :5] = spread(true["input"], true[W], size=(3, 5), s=(2, 2), at=(-1, -1))
    return y


NO_BIAS = np.zeros(3)
SIZED: list[tuple[str, str, tuple[int, int]]] = [
    ("convolution-for-transposed", one("stride: 2, padding: 1"), (1, 2)),
    ("padding-forgotten", PADDED, (5, 7)),
    ("padding-forgotten", SPARE, (6, 8)),
    ("output-padding-forgotten", SPARE, (3, 5)),
    ("padding-added", PADDED, (7, 9)),
    ("stride-ignored", STRIDED, (4, 5)),
    ("padding-read-as-total", PADDED, (4, 6)),
    ("dilation-ignored", DILATED, (3, 3)),
    ("output-size-of-input", one("stride: 4"), (8, 12)),
    ("output-size-minus-one-forgotten", STRIDED, (7, 9)),
    ("effective-kernel-product", DILATED, (6, 6)),
    ("effective-kernel-sum", one("stride: 2, padding: [1, 2], dilation: 3"), (6, 6)),
    ("output-padding-misplaced", UNEVEN, (8, 9)),
    ("stride-plus-1", STRIDED, (6, 9)),
    ("stride-as-kernel", one("padding: 1"), (4, 7)),
    ("output-size-kernel-forgotten", one("stride: 4"), (4, 8)),
    ("output-size-one-forgotten", one("stride: 3"), (5, 8)),
    ("output-size-one-too-many", one("stride: 3"), (7, 10)),
    ("output-size-of-kernel", STRIDED, (3, 3)),
]


def sevens(size: tuple[int, int]) -> Callable[[True_], Doubles]:
    """An output whose numbers say nothing."""
    return lambda true: np.full((1, *size), 777.0)


CASES = [
    Case("kernel-not-rotated", PLAIN, Y, lambda true: plain(true, turned(true[W]))),
    Case("kernel-flipped", PLAIN, Y, lambda true: plain(true, turned(true[W]))),
    Case("kernel-transposed", PLAIN, Y, lambda true: plain(true, np.moveaxis(true[W], 2, 3))),
    Case("kernel-mirrored", PLAIN, Y, lambda true: plain(true, true[W][..., [1, 0]])),
    Case("kernel-mirrored", PLAIN, Y, lambda true: plain(true, true[W][:, :, [1, 0]])),
    Case("kernel-rotated-90", PLAIN, Y, lambda true: plain(true, np.moveaxis(true[W], 2, 3)[:, :, [1, 0]])),
    Case("kernel-rotated-90", PLAIN, Y, lambda true: plain(true, np.moveaxis(true[W], 2, 3)[..., [1, 0]])),
    Case("weight-axes-swapped", SQUARE, Y, lambda true: plain(true, np.moveaxis(true[W], 0, 1))),
    Case(
        "weight-axes-swapped", PLAIN, Y,
        lambda true: plain(true, np.stack([true[W].reshape(3, 2, 2, 2)[:, c] for c in (0, 1)])),
    ),
    Case("one-channel-only", PLAIN, Y, lambda true: channel(true, 0)),
    Case("one-channel-only", PLAIN, Y, lambda true: channel(true, 1)),
    Case("channel-left-out", THREE, Y, lambda true: channel(true, 1, 2)),
    Case("channel-left-out", THREE, Y, lambda true: channel(true, 0, 2)),
    Case("channels-not-summed", PLAIN, Y, lambda true: np.concatenate(maps(true, true[B]))),
    Case("channels-not-summed", PLAIN, Y, lambda true: np.concatenate(maps(true, NO_BIAS))),
    Case("channels-not-summed", PLAIN, Y, lambda true: np.stack(maps(true, NO_BIAS), 1).reshape(6, 3, 3)),
    Case("one-kernel-for-all-channels", PLAIN, Y, lambda true: plain(true, true[W][[0, 0]])),
    Case("channels-not-mixed", SQUARE, Y, lambda true: np.stack([maps(true, true[B])[f][f] for f in (0, 1)])),
    Case(
        "channels-not-mixed", SQUARE, Y,
        lambda true: np.stack(
            [spread(true["input"][f : f + 1], true[W][:1, f : f + 1], size=(3, 3))[0] for f in (0, 1)]
        )
        + true[B][:, None, None],
    ),
    Case("filters-summed", PLAIN, Y, lambda true: plain(true).sum(0, keepdims=True)),
    Case("one-filter-only", PLAIN, Y, lambda true: plain(true)[:1]),
    Case("groups-ignored", GROUPS, Y, lambda true: grouped(true, [[0, 1, 2, 3]] * 4, [0, 1, 0, 1])),
    Case("groups-ignored", GROUPS, Y, lambda true: grouped(true, [[0, 1, 2, 3]] * 2, [0, 1])),
    Case("groups-interleaved", GROUPS, Y, lambda true: grouped(true, [[0, 2], [0, 2], [1, 3], [1, 3]], [0, 1, 0, 1])),
    Case("groups-interleaved", GROUPS, Y, lambda true: grouped(true, [[0, 2], [1, 3], [0, 2], [1, 3]], [0, 0, 1, 1])),
    Case("overwritten", SQUARE, Y, assigned),
    Case("overwritten", SQUARE, Y, last_channel),
    Case("overwritten", PADDED, Y, stamps((3, 5), (2, 2), (-1, -1), add=False)),
    Case("overwritten", DILATED, Y, stamps((5, 5), (2, 2), (-1, -2), (2, 2), add=False)),
    Case(
        "convolution-for-transposed", SQUARE, Y,
        lambda true: convolve(true["input"], np.moveaxis(true[W], 0, 1), true[B], out=(1, 1)),
    ),
    Case(
        "convolution-for-transposed", PADDED, Y,
        lambda true: convolve(true["input"], true[W], true[B], out=(1, 2), s=(2, 2), at=(-1, -1)),
    ),
    Case("stride-ignored", STRIDED, Y, stamps((4, 5))),
    Case("stride-ignored", SPARE, Y, stamps((3, 4), at=(-1, -1))),
    Case("stride-ignored", SPARE, Y, stamps((2, 3), at=(-1, -1))),
    Case("stride-plus-1", STRIDED, Y, stamps((6, 9), (3, 3))),
    Case("stride-as-kernel", STRIDED, Y, stamps((6, 9), (3, 3))),
    Case("stride-as-kernel", DILATED, Y, stamps((8, 11), (5, 5), (-1, -2), (2, 2))),
    Case("dilation-ignored", DILATED, Y, stamps((3, 3), (2, 2), (-1, -2))),
    Case("dilation-counted-from-0", DILATED, Y, stamps((7, 7), (2, 2), (-1, -2), (3, 3))),
    Case("rows-and-columns-of-an-option-swapped", UNEVEN, Y, stamps((5, 10), (2, 3), (-1, 0))),
    Case("rows-and-columns-of-an-option-swapped", UNEVEN, Y, stamps((5, 9), (3, 2), (-1, 0))),
    Case("rows-and-columns-of-an-option-swapped", DILATED, Y, stamps((3, 7), (2, 2), (-2, -1), (2, 2))),
    Case("padding-forgotten", PADDED, Y, stamps((5, 7), (2, 2))),
    Case("padding-forgotten", SPARE, Y, stamps((6, 8), (2, 2))),
    Case("padding-forgotten", SAME, Y, stamps((5, 7), (2, 2))),
    Case("padding-added", PADDED, Y, stamps((7, 9), (2, 2), (1, 1))),
    Case("padding-added", PADDED, Y, stamps((9, 11), (2, 2), (2, 2))),
    Case("full-padding-forgotten", STRIDED, Y, stamps((1, 3), (2, 2), (-2, -2))),
    Case("full-padding-forgotten", STRIDED, Y, stamps((3, 5), (2, 2), (-1, -1))),
    Case("padding-cropped-on-one-side", PADDED, Y, stamps((3, 5), (2, 2))),
    Case("padding-cropped-on-one-side", PADDED, Y, stamps((3, 5), (2, 2), (-2, -2))),
    Case("padding-cropped-on-one-side", SPARE, Y, stamps((5, 7), (2, 2))),
    Case("padding-read-as-total", PADDED, Y, stamps((4, 6), (2, 2))),
    Case("padding-read-as-total", SPARE, Y, stamps((5, 7), (2, 2), (-1, -1))),
    Case("same-odd-cell-first", SAME, Y, stamps((4, 6), (2, 2), (-1, -1))),
    Case("padding-sides-swapped", SIDES, Y, stamps((4, 5), (2, 2), (0, -2))),
    Case("padding-sides-swapped", SIDES, Y, stamps((4, 5), (2, 2), (-1, -2))),
    Case("output-padding-as-zeros", SPARE, Y, lambda true: zeros_behind(true) + 0.5),
    Case(
        "output-padding-as-zeros", SPARE, Y,
        lambda true: zeros_behind(true) + 0.5 * np.pad(np.ones((1, 3, 5)), ((0, 0), (0, 1), (0, 1))),
    ),
    Case("output-padding-forgotten", SPARE, Y, stamps((3, 5), (2, 2), (-1, -1))),
    Case("output-padding-misplaced", SPARE, Y, stamps((4, 6), (2, 2))),
    Case("output-padding-misplaced", SPARE, Y, stamps((5, 7), (2, 2))),
    Case("bias-forgotten", PLAIN, Y, lambda true: plain(true, bias=NO_BIAS)),
    Case("bias-subtracted", PLAIN, Y, lambda true: plain(true, bias=np.array([-0.5, 2, -3]))),
    Case("bias-of-first-filter", PLAIN, Y, lambda true: plain(true, bias=np.array([0.5] * 3))),
    Case("bias-added-repeatedly", PLAIN, Y, lambda true: plain(true, bias=np.array([1, -4, 6]))),
    Case(
        "bias-added-repeatedly", SQUARE, Y,
        lambda true: plain(true, bias=np.zeros(2)) + times_covered(true) * true[B][:, None, None],
    ),
    Case(
        "bias-added-repeatedly", SQUARE, Y,
        lambda true: plain(true, bias=np.zeros(2)) + 2 * times_covered(true) * true[B][:, None, None],
    ),
    Case("activation-skipped", AFTER_RELU, Y, plain),
    *(Case(code, problem, Y, sevens(size)) for code, problem, size in SIZED),
]  # fmt: skip
