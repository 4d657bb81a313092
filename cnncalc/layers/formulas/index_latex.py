"""Indices in formulas: sums of letters with whole factors, and the cell under a window."""

from collections.abc import Sequence

from cnncalc.layers.base import Shape
from cnncalc.layers.windows.window import Window

LETTERS = {0: "", 1: r"\i", 2: r"\k, \i", 3: r"\c, \i, \j", 4: r"\f, \c, \p, \q"}
"""By the rank of a tensor without N: of a bias, a matrix, an image, a kernel."""


def places(window: Window, base: int) -> tuple[str, str]:
    """The image's row and column under cell (p, q) of window (i, j) in LaTeX, all counted from `base`."""
    row, column = (
        affine([(axis.stride, i), (axis.dilation, p)], base * (1 - axis.stride - axis.dilation) - axis.before)
        for axis, i, p in ((window.rows, r"\i", r"\p"), (window.columns, r"\j", r"\q"))
    )
    return row, column


def affine(parts: Sequence[tuple[int, str]], constant: int) -> str:
    """A sum in LaTeX, what is added first: `2i+p-1`, `i-u+2`."""
    signed = sorted(parts, key=lambda part: part[0] < 0)
    terms = [(factor, letter if abs(factor) == 1 else f"{abs(factor)}{letter}") for factor, letter in signed]
    if constant:
        terms.append((constant, str(abs(constant))))
    return "".join(("-" if factor < 0 else "+") + term for factor, term in terms).removeprefix("+")


def indexed(tensor: str, shape: Shape) -> str:
    r"""A tensor with its indices, in LaTeX: `\x_{\k, \i}`; a single number has none."""
    letters = LETTERS[len(shape)]
    return rf"\{tensor}_{{{letters}}}" if letters else rf"\{tensor}"
