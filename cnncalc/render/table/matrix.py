"""Matrices as lines of text: index labels, columns aligned at the decimal point, blocks of columns where wide."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

from rich.text import Text

from cnncalc.records import dataclass, replace
from cnncalc.render.builders.shorten import Indices
from cnncalc.render.document import Cell, MarkKind
from cnncalc.render.renderers.characters import Characters
from cnncalc.render.table.number import Number

Style = Literal["both", "fraction", "decimal"]
"""How a tensor shows its fractions: with their decimals, alone, or as decimals alone."""

GAP_ROW, GAP_COLUMN = "⋮", "⋯"
BETWEEN = "  "
LABEL = "dim"
AROUND: Mapping[MarkKind, tuple[str, str]] = {
    "closed": ("(", ")"),
    "winner": ("", "*"),
    "window": ("[", "]"),
    "target": ("{", "}"),
    "filler": ("", "'"),
    "wrong": ("", "✗"),
    "follows": ("", "→"),
}
STYLES: Mapping[MarkKind, str] = {
    "wrong": "bold red",
    "follows": "yellow",
    "winner": "bold",
    "target": "bold",
    "window": "bold",
    "closed": "dim",
    "filler": "dim",
}
"""How a marked cell looks besides its sign, the strongest mark first."""


@dataclass(frozen=True)
class Written:
    """A cell as text in two halves, that meet at the decimal point."""

    head: str
    tail: str
    style: str = ""


Matrix: TypeAlias = Sequence[Sequence[Written]]


@dataclass(frozen=True)
class Widths:
    """The widths of the two halves in each shown column; matrices of one tensor share them, so that they line up."""

    heads: tuple[int, ...]
    tails: tuple[int, ...]

    def of(self, column: int) -> int:
        """The width of a column."""
        return self.heads[column] + self.tails[column]


def number_text(number: Number, style: Style, characters: Characters) -> str:
    """One number in the style of its tensor."""
    return characters.fit(styled(number, style).both)


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


def write_cell(cell: Cell, style: Style, characters: Characters) -> Written:
    """A cell with the signs of its marks: `(0)` closed, `98*` winner, `[1]` added up, `{5}` asked for, …."""
    text = number_text(cell.number, style, characters)
    # Fractions line up at their ends, each decimal behind its fraction.
    head = text if cell.number.in_letters else re.split(" " if "/" in text else "[.e]", text, maxsplit=1)[0]
    tail = text[len(head) :]
    for mark, (before, after) in AROUND.items():
        if mark in cell.marks:
            head, tail = f"{before}{head}", f"{tail}{characters.fit(after)}"
    return Written(head, tail, next((style for mark, style in STYLES.items() if mark in cell.marks), ""))


def measure(matrices: Sequence[Matrix], labels: Sequence[str]) -> Widths:
    """Widths that fit every matrix and the column labels."""
    heads, tails = [], []
    for column, label in enumerate(labels):
        cells = [row[column] for matrix in matrices for row in matrix]
        tail = max(len(cell.tail) for cell in cells)
        heads.append(max(*(len(cell.head) for cell in cells), len(label) - tail))
        tails.append(tail)
    return Widths(tuple(heads), tuple(tails))


def column_blocks(widths: Widths, available: int) -> list[range]:
    """Consecutive columns that fit side by side; a single column may be too wide by itself, and stays whole.

    Where there are several blocks, each has about as many columns as the others: no lone column stands below.
    """
    blocks: list[range] = []
    start = used = 0
    for column in range(len(widths.heads)):
        need = widths.of(column) + (len(BETWEEN) if column > start else 0)
        if column > start and used + need > available:
            blocks.append(range(start, column))
            start, used, need = column, 0, widths.of(column)
        used += need
    blocks.append(range(start, len(widths.heads)))
    while any(_moved(blocks, number, widths, available) for number in reversed(range(1, len(blocks)))):
        pass
    return blocks


def _moved(blocks: list[range], number: int, widths: Widths, available: int) -> bool:
    """Move the last column of a block to the next one, if that is shorter and has room."""
    before, after = blocks[number - 1], blocks[number]
    longer = range(after.start - 1, after.stop)
    if len(longer) >= len(before) or sum(map(widths.of, longer)) + len(BETWEEN) * (len(longer) - 1) > available:
        return False
    blocks[number - 1 : number + 1] = [range(before.start, longer.start), longer]
    return True


def labels_of(axis: Indices, index_base: int, gap: str) -> list[str]:
    """The labels of an axis."""
    return [gap if index is None else str(index + index_base) for index in axis]


@dataclass(frozen=True)
class Frame:
    """What is drawn around the numbers of a tensor's matrices."""

    row_labels: Sequence[str]
    """Empty for a vector, which has one row without a label."""
    column_labels: Sequence[str]
    widths: Widths
    characters: Characters

    @property
    def margin(self) -> int:
        """The width of the row labels and the line behind them."""
        return max(map(len, self.row_labels)) + len(" │ ") if self.row_labels else 0

    def width(self, block: range) -> int:
        """The width of a matrix with these columns."""
        return self.margin + sum(map(self.widths.of, block)) + len(BETWEEN) * (len(block) - 1)

    def lines(self, matrix: Matrix, block: range) -> Iterator[Text]:
        """The header, the rule and the rows."""
        fit = self.characters.fit
        yield Text((self._label("") + BETWEEN.join(map(self._column_label, block))).rstrip(), LABEL)
        dash = fit("─")
        junction = dash * (self.margin - 2) + fit("┼") + dash if self.row_labels else ""
        yield Text(junction + dash * (self.width(block) - self.margin), LABEL)
        for number, row in enumerate(matrix):
            line = Text()
            line.append(self._label(self.row_labels[number]) if self.row_labels else "", LABEL)
            for column in block:
                cell, widths = row[column], self.widths
                line.append("" if column == block.start else BETWEEN)
                text = f"{cell.head:>{widths.heads[column]}}{cell.tail:<{widths.tails[column]}}"
                line.append(text, cell.style)
            line.rstrip()
            yield line

    def _label(self, label: str) -> str:
        return f"{label:>{self.margin - 3}} {self.characters.fit('│')} " if self.row_labels else ""

    def _column_label(self, column: int) -> str:
        # Over the units, where the heads of the numbers end; a longer label begins where its column does.
        over_units = f"{self.column_labels[column]:>{self.widths.heads[column]}}"
        return f"{over_units:<{self.widths.of(column)}}"
