"""A kernel that lies in the wrong place, seen in the gradients of a convolution."""

from __future__ import annotations

from ..conv_loops import Doubles, True_, gather, spread
from .case import Case
from .conv_gradient import DX, PADDED, STRIDED, G, W, onto, problem
from .conv_window import reflected, replicated, symmetric, wrapped

DW, X = "dL/dconv_1.weight", "input"
FOUR_BY_FIVE = "[[[1, 2, -1, 3, 2], [4, 1, 7, -2, 5], [2, 6, 1, 8, -3], [5, -4, 2, 1, 9]]]"
SAME = problem("padding: same", FOUR_BY_FIVE).replace("[1, 2, 5], [-1, 3, 4], [7, 2, 6]", "[1, 2], [-1, 3]")
SAME_STRIDED = problem("padding: same, stride: 2", "[[[1, 2, -3], [4, 7, 5]]]")
UNEVEN = problem("padding: [[2, 0], [1, 3]]", "[[[1, 2, -1, 3, 2, 4, 1], [7, -2, 5, 2, 6, 1, 8], "
                 "[-3, 5, -4, 2, 1, 9, 2], [4, 2, 1, 3, -2, 5, 7]]]")  # fmt: skip
ANCHORED = problem("anchor: [0, 1]", FOUR_BY_FIVE)
TWO = problem("padding: 2, stride: 3", "[[[1, 2, -3], [4, 7, 5]]]")
ZEROS = problem("stride: 2, padding: 1", "[[[1, 2, -3], [4, 7, 5]]]")

PLACES = [
    ("padding-one-sided", PADDED, 1, (0, 0)),
    ("padding-one-sided", PADDED, 1, (-2, -2)),
    ("padding-one-sided", STRIDED, 2, (0, 0)),
    ("same-odd-cell-first", SAME, 1, (-1, -1)),
    ("same-as-at-stride-1", SAME_STRIDED, 2, (-1, -1)),
    ("padding-sides-swapped", UNEVEN, 1, (0, -3)),
    ("padding-sides-swapped", UNEVEN, 1, (-2, -3)),
    ("anchor-ignored", ANCHORED, 1, (-1, -1)),
    ("anchor-mirrored", ANCHORED, 1, (-2, -1)),
    ("anchor-axes-swapped", ANCHORED, 1, (-1, 0)),
    ("anchor-counted-from-1", ANCHORED, 1, (1, 0)),
]
"""Code, problem, stride, and where the first window begins by mistake."""


BORDERS = [
    ("border-replicated", PADDED, 1, 1, replicated),
    ("border-reflected", PADDED, 1, 1, reflected),
    ("border-reflected", TWO, 3, 2, symmetric),
    ("border-wrapped", PADDED, 1, 1, wrapped),
]
"""Code, problem, stride, padding, and which cell stands for one outside."""


def dx(true: True_, s: int, at: tuple[int, int]) -> Doubles:
    return spread(true[G], true[W], size=(4, 5), s=(s, s), at=at)


def dw(true: True_, s: int, at: tuple[int, int]) -> Doubles:
    rows, columns = true[W].shape[2:]
    return gather(true[G], true[X], size=(rows, columns), s=(s, s), at=at)


CASES = [
    *(
        Case(code, text, DX, lambda true, s=s, at=at: dx(true, s, at))
        for code, text, s, at in PLACES
        if code != "padding-one-sided"
    ),
    *(Case(code, text, DW, lambda true, s=s, at=at: dw(true, s, at)) for code, text, s, at in PLACES),
    *(
        Case(
            code, text, DX,
            lambda true, s=s, p=p, border=border: spread(
                true[G], true[W], size=(4, 5), s=(s, s), at=(-p, -p), border=border
            ),
        )
        for code, text, s, p, border in BORDERS
    ),
    *(
        Case(
            code, text, DW,
            lambda true, s=s, p=p, border=border: gather(
                true[G], true[X], size=(3, 3), s=(s, s), at=(-p, -p), border=border
            ),
        )
        for code, text, s, p, border in BORDERS
    ),
    Case(
        "stride-plus-1", ZEROS, DX,
        lambda true: onto(spread(true[G], true[W], size=(6, 9), s=(3, 3)), 1, 1, 4, 7),
    ),
    Case(
        "stride-plus-1", ZEROS, DX,
        lambda true: onto(spread(true[G], true[W], size=(6, 9), s=(3, 3)), 1, 1, 4, 5),
    ),
]  # fmt: skip
