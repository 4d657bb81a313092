"""What the cells of a matrix say: their numbers in one style, with the signs of their marks."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

from rich.cells import cell_len

from cnncalc.records import replace
from cnncalc.render.document import Cell, MarkKind
from cnncalc.render.renderers.plain_text import Characters
from cnncalc.render.table.number import Number

Style = Literal["both", "fraction", "decimal"]
"""How a tensor shows its fractions: with their decimals, alone, or as decimals alone."""

AROUND: Mapping[MarkKind, tuple[str, str]] = {
    "closed": ("(", ")"),
    "winner": ("", "*"),
    "window": ("[", "]"),
    "target": ("{", "}"),
    "filler": ("", "'"),
    "wrong": ("", "✗"),
    "follows": ("", "→"),
}
Halves: TypeAlias = tuple[str, str]
"""The text of a cell in front of where a column lines up, and behind it."""
Extent: TypeAlias = tuple[int, int]
"""How wide a column's halves are."""
POINT = re.compile(r"[.e]|$")


def styled(number: Number, style: Style) -> Number:
    """A number as its tensor shows it: with its decimal, without it, or as that decimal alone."""
    if number.decimal is None or style == "both":
        return number
    if style == "fraction":
        return replace(number, decimal=None)
    return Number(number.decimal, rounded=number.decimal_rounded)


def choose_style(numbers: Sequence[Number]) -> tuple[Style, ...]:
    """The styles that suit the numbers of one tensor, the best first."""
    if not any(number.decimal for number in numbers):
        return ("fraction",)
    # Among rounded numbers a lone fraction would break the column.
    return ("decimal",) if any(number.rounded for number in numbers) else ("both", "fraction")


def in_style(cell: Cell, style: Style) -> Cell:
    """A cell with its number in the style of its tensor."""
    number = styled(cell.number, style)
    return cell if number is cell.number else Cell(number, cell.marks)


def halves(cell: Cell, characters: Characters) -> Halves:
    """The text of a cell with its signs, `(0)` closed, `98*` winner, cut where it lines up with others: at the point.

    Fractions line up at their ends, each decimal behind its fraction, and letters too.
    """
    text = characters.fit(cell.number.both)
    if cell.number.in_letters:
        place = len(text)
    elif "/" in text:
        place = text.find(" ") % (len(text) + 1)
    else:
        place = POINT.search(text).start()  # type: ignore[union-attr]
    head, tail = text[:place], text[place:]
    for mark in cell.marks and AROUND:
        if mark in cell.marks:
            before, after = AROUND[mark]
            head, tail = f"{before}{head}", f"{tail}{characters.fit(after)}"
    return head, tail


def extent(written: Sequence[Halves], heading: str = "") -> Extent:
    """The columns of the widest head and of the widest tail; a heading that is wider than both goes on to the left."""
    heads = max((cell_len(head) for head, _ in written), default=0)
    tails = max((cell_len(tail) for _, tail in written), default=0)
    return max(heads, cell_len(heading) - tails), tails
