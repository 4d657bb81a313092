"""Mistakes in the output of a convolution: padding, anchor, stride, dilation, and the size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..conv_loops import Doubles, True_, convolve
from .case import Case

W, B = "conv_1.weight", "conv_1.bias"

LARGE = """
    [[[1, 2, -1, 6, 3, 2], [3, 0, 4, 2, -2, 1], [2, -2, 5, 1, 4, 7], [7, 1, 3, -3, 2, 8], [4, 9, 1, 5, -1, 2]],
     [[2, 5, 1, 0, 4, -1], [-3, 6, 0, 1, 2, 9], [1, 4, -1, 8, 3, 2], [2, 2, 9, 5, -4, 1], [6, 1, 2, 3, 7, -2]]]"""
KERNELS = """[[[[1, 2, 5], [-1, 3, 4], [7, 2, 6]], [[2, 0, 1], [5, 1, -3], [4, 8, 2]]]]"""


def problem(options: str, weight: str = KERNELS) -> str:
    return f"input: {{value: {LARGE}}}\nlayers:\n  - conv: {{{options}, bias: [3], weight: {weight}}}\n"


PADDED = problem("padding: 1")
TWO = problem("padding: 2")
STRIDED = problem("padding: 1, stride: 2")
UNEVEN = problem("padding: [[2, 0], [1, 3]], stride: [2, 1]")
PAIRS = problem("padding: [0, 2], stride: [1, 2]")
DILATED = problem("dilation: 2")
FAR = problem("dilation: 3, padding: 3")
DILATIONS = problem("dilation: [1, 2], padding: 1")
EVEN = "[[[[1, 2], [-1, 3]], [[2, 0], [5, 1]]]]"
SAME = problem("padding: same", EVEN)
SAME_STRIDED = problem("padding: same, stride: 2")
NONE = problem("stride: 1")
REST = problem("stride: 2", EVEN)
ANCHORED = problem("anchor: [0, 1]")
OUTSIDE = problem("anchor: [-1, 3]")


def made(out: tuple[int, int], **how: Any) -> Callable[[True_], Doubles]:
    return lambda true: convolve(true["input"], true[W], true[B], out=out, **how)


def by_part(true: True_, stride: tuple[int, int]) -> Doubles:
    """The first windows at a wrong stride, as many as there should be."""
    size = true["conv_1"].shape[1:]
    return convolve(true["input"], true[W], true[B], out=(size[0], size[1]), s=stride, at=(-1, -1))


def bordered(true: True_) -> Doubles:
    y = convolve(true["input"], true[W], true[B], out=(5, 6), at=(-1, -1))
    return np.stack([[[y[0, i, j] if 0 < i < 4 and 0 < j < 5 else 0 for j in range(6)] for i in range(5)]])


def sized(rows: int, columns: int) -> Callable[[True_], Doubles]:
    return lambda true: np.full((1, rows, columns), 7.0)


def replicated(at: int, size: int) -> int:
    return 0 if at < 0 else size - 1 if at >= size else at


def reflected(at: int, size: int) -> int:
    return -at if at < 0 else 2 * size - 2 - at if at >= size else at


def symmetric(at: int, size: int) -> int:
    return -1 - at if at < 0 else 2 * size - 1 - at if at >= size else at


def wrapped(at: int, size: int) -> int:
    return at + size if at < 0 else at - size if at >= size else at


CASES = [
    Case("padding-forgotten", PADDED, "conv_1", made((3, 4))),
    Case("padding-forgotten", STRIDED, "conv_1", made((2, 2), s=(2, 2))),
    Case("padding-forgotten", ANCHORED, "conv_1", made((3, 4))),
    Case("padding-forgotten", PADDED, "conv_1", sized(3, 4)),
    Case("padding-one-sided", PADDED, "conv_1", made((5, 6))),
    Case("padding-one-sided", PADDED, "conv_1", made((5, 6), at=(-2, -2))),
    Case("padding-one-sided", STRIDED, "conv_1", made((3, 3), s=(2, 2))),
    Case("padding-read-as-total", TWO, "conv_1", made((5, 6), at=(-1, -1))),
    Case("padding-read-as-total", PADDED, "conv_1", made((4, 5))),
    Case("padding-read-as-total", PADDED, "conv_1", made((4, 5), at=(-1, -1))),
    Case("padding-read-as-total", TWO, "conv_1", sized(5, 6)),
    Case("same-odd-cell-first", SAME, "conv_1", made((5, 6), at=(-1, -1))),
    Case("same-as-at-stride-1", SAME_STRIDED, "conv_1", made((3, 3), s=(2, 2), at=(-1, -1))),
    Case("padding-sides-swapped", UNEVEN, "conv_1", made((3, 8), s=(2, 1), at=(0, -3))),
    Case("padding-sides-swapped", UNEVEN, "conv_1", made((3, 8), s=(2, 1), at=(-2, -3))),
    Case("anchor-ignored", ANCHORED, "conv_1", made((5, 6), at=(-1, -1))),
    Case("anchor-ignored", OUTSIDE, "conv_1", made((5, 6))),
    Case("anchor-mirrored", ANCHORED, "conv_1", made((5, 6), at=(-2, -1))),
    Case("anchor-mirrored", OUTSIDE, "conv_1", made((5, 6), at=(-1, 3))),
    Case("anchor-axes-swapped", ANCHORED, "conv_1", made((5, 6), at=(-1, 0))),
    Case("anchor-counted-from-1", ANCHORED, "conv_1", made((5, 6), at=(1, 0))),
    Case("border-replicated", PADDED, "conv_1", made((5, 6), at=(-1, -1), border=replicated)),
    Case("border-reflected", PADDED, "conv_1", made((5, 6), at=(-1, -1), border=reflected)),
    Case("border-reflected", TWO, "conv_1", made((7, 8), at=(-2, -2), border=symmetric)),
    Case("border-wrapped", STRIDED, "conv_1", made((3, 3), s=(2, 2), at=(-1, -1), border=wrapped)),
    Case("border-left-out", PADDED, "conv_1", bordered),
    Case("padding-imagined", NONE, "conv_1", made((5, 6), at=(-1, -1))),
    Case("padding-imagined", NONE, "conv_1", made((7, 8), at=(-2, -2))),
    Case("stride-as-kernel", STRIDED, "conv_1", made((2, 2), s=(3, 3), at=(-1, -1))),
    Case("stride-ignored", STRIDED, "conv_1", made((5, 6), at=(-1, -1))),
    Case("stride-ignored", STRIDED, "conv_1", made((5, 3), s=(1, 2), at=(-1, -1))),
    Case("stride-ignored", STRIDED, "conv_1", lambda true: by_part(true, (1, 1))),
    Case("stride-ignored", STRIDED, "conv_1", sized(5, 6)),
    Case("output-size-rounded-up", REST, "conv_1", made((3, 3), s=(2, 2))),
    Case("output-size-rounded-up", REST, "conv_1", sized(3, 3)),
    Case("dilation-ignored", DILATED, "conv_1", made((3, 4))),
    Case("dilation-ignored", DILATED, "conv_1", sized(3, 4)),
    Case("dilation-counted-from-0", PADDED, "conv_1", made((3, 4), at=(-1, -1), d=(2, 2))),
    Case("rows-and-columns-of-an-option-swapped", PAIRS, "conv_1", made((2, 8), s=(2, 1), at=(0, -2))),
    Case("rows-and-columns-of-an-option-swapped", PAIRS, "conv_1", made((7, 2), s=(1, 2), at=(-2, 0))),
    Case("rows-and-columns-of-an-option-swapped", PAIRS, "conv_1", made((4, 4), s=(2, 1), at=(-2, 0))),
    Case("rows-and-columns-of-an-option-swapped", DILATIONS, "conv_1", made((3, 6), at=(-1, -1), d=(2, 1))),
    Case("stride-plus-1", NONE, "conv_1", made((2, 2), s=(2, 2))),
    Case("output-size-one-forgotten", NONE, "conv_1", sized(2, 3)),
    Case("output-size-one-forgotten", REST, "conv_1", sized(1, 2)),
    Case("output-size-kernel-forgotten", NONE, "conv_1", sized(6, 7)),
    Case("output-size-precedence", STRIDED, "conv_1", sized(4, 5)),
    Case("output-size-bracket", NONE, "conv_1", sized(1, 1)),
    Case("output-size-one-inside", REST, "conv_1", sized(2, 2)),
    Case("output-size-of-input", NONE, "conv_1", sized(5, 6)),
    Case("output-size-one-too-many", NONE, "conv_1", sized(4, 5)),
    Case("output-size-of-kernel", PADDED, "conv_1", sized(3, 3)),
    Case("effective-kernel-product", FAR, "conv_1", sized(3, 4)),
    Case("effective-kernel-sum", FAR, "conv_1", sized(6, 7)),
]
