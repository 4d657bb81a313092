"""Letters for the indices of a problem's formulas, and how an index and an option's number are written in LaTeX."""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from cnncalc.layers.base import Setting
from cnncalc.layers.windows.window import Window

ROLES = {
    "n": "a sample",
    "c": "a channel of the input",
    "f": "a kernel, a channel of the output",
    "t": "a channel, where channels come in groups",
    "i": "a row of the output, or a feature",
    "j": "a column of the output, or another feature",
    "k": "an output",
    "p": "a row of the kernel or the window",
    "q": "a column of it",
    "u": "a row of the other image: the input of a convolution",
    "v": "a column of it",
    "m": "how many: no index, but a letter that formulas choose too",
}
PAIRS = ("ij", "pq", "uv")
"""Rows and columns, whose letters are chosen together."""
OTHER_PAIRS = ("rs", "ab", "hw", "yz")
OTHERS = "rsabhwzlogdy"
"""What is taken instead of letters that are names, in this order."""


def index_letters(names: Collection[str]) -> Mapping[str, str]:
    """A letter for each role: none of the names, and each only once."""
    groups = [*PAIRS, *(role for role in ROLES if role not in "".join(PAIRS))]
    chosen: dict[str, str] = {}
    for group in sorted(groups, key=lambda group: not _is_free(group, names)):
        taken = {*names, *chosen.values()}
        others = OTHER_PAIRS if len(group) == 2 else OTHERS
        letters = next((letters for letters in (group, *others) if _is_free(letters, taken)), None)
        chosen |= zip(group, letters or (_numbered(role, taken) for role in group), strict=True)
    return chosen


def _is_free(letters: str, taken: Collection[str]) -> bool:
    return not any(letter in taken for letter in letters)


def _numbered(role: str, taken: Collection[str]) -> str:
    """`i1`, or the first number behind it that no tensor has."""
    number = 1
    while f"{role}{number}" in taken:
        number += 1
    return f"{role}{number}"


LETTERS = {0: "", 1: r"\i", 2: r"\k, \i", 3: r"\c, \i, \j", 4: r"\f, \c, \p, \q"}
"""By the rank of a tensor without N: of a bias, a matrix, an image, a kernel."""


def letters_of(setting: Setting, parameter: str) -> str:
    """What counts the elements of a tensor shaped like a parameter."""
    return setting.letters.get(parameter) or LETTERS[len(setting.parameters[parameter])]


_K_OR_I = re.compile(r"\\[ki](?![a-z])")


def swapped(text: str) -> str:
    r"""`\k` where `\i` was, and the other way round."""
    return _K_OR_I.sub(lambda one: r"\i" if one[0] == r"\k" else r"\k", text)


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


def ratio(above: int, below: int) -> str:
    r"""A factor in LaTeX, with a blank behind it: `\frac{1}{4} `; nothing for 1, `2 ` for a whole number."""
    factor = Fraction(above, below)
    if factor.denominator == 1:
        return "" if factor == 1 else f"{factor} "
    return rf"\frac{{{above}}}{{{below}}} "


def indexed(tensor: str, letters: str) -> str:
    r"""A tensor with its indices, in LaTeX: `\x_{\k, \i}`; a single number has none."""
    return rf"\{tensor}_{{{letters}}}" if letters else rf"\{tensor}"


def number_latex(number: int | Decimal | Fraction) -> str:
    r"""A number as it was typed, in LaTeX: `0.2`, `\frac{1}{6}`, `10^{-8}`."""
    if isinstance(number, Decimal) and number.as_tuple()[:2] == (0, (1,)) and number < Decimal("1e-4"):
        return f"10^{{{number.adjusted()}}}"
    if isinstance(number, Fraction) and number.denominator != 1:
        return rf"{'-' * (number < 0)}\frac{{{abs(number.numerator)}}}{{{number.denominator}}}"
    return f"{number:f}" if isinstance(number, Decimal) else str(number)
