"""Tensors as Rich tables: the cells with their marks and shades, blocks of columns, several side by side."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from math import ceil

from rich.box import SIMPLE_HEAD, SQUARE, Box
from rich.cells import cell_len
from rich.color import Color
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from cnncalc.language import Phrase
from cnncalc.records import Record, dataclass, replace
from cnncalc.render.document import Cell, MarkKind, Matrix, MatrixRow, TensorBlock
from cnncalc.render.document import Column as WordColumn
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.renderers.plain_text import Characters, widest_unit, wrap_prose
from cnncalc.render.table.matrices import (
    TENSOR,
    Extent,
    Halves,
    Panels,
    Paper,
    choose_style,
    extent,
    halves,
    in_style,
    is_equation,
    panels,
    with_signs,
)
from cnncalc.render.table.number import Number

LEGEND = Phrase(
    "Shaded yellow to orange above 0, blue below; the deeper, the nearer to the largest number shown of its tensor."
)
RICH = ((223, 215, 208, 166), (153, 111, 69, 63), 16)
"""Shades above 0 and below in a terminal of 256 colours, from the palest, and black, which is read on all of them."""
POOR = ((11, 11, 3, 3), (14, 14, 6, 6), 0)
"""The same in one of 16: two shades of yellow and of cyan."""


class Heat:
    """The shades of one tensor's cells."""

    def __init__(self, cells: Iterable[Cell], color_system: str) -> None:
        sizes = (value_of(cell.number) for cell in cells)
        self.largest = max((abs(size) for size in sizes if size is not None), default=Decimal(0))
        *shades, black = POOR if color_system == "standard" else RICH
        ink = Color.from_ansi(black)
        self.styles = [[Style(color=ink, bgcolor=Color.from_ansi(shade)) for shade in side] for side in shades]

    def style(self, cell: Cell) -> Style | None:
        """The shade of a cell; None of 0, and of what is no number."""
        value = value_of(cell.number)
        if not value:
            return None
        above, below = self.styles
        return (above if value > 0 else below)[ceil(len(above) * abs(value) / self.largest) - 1]


def value_of(number: Number) -> Decimal | None:
    """About how large it is: of letters, words and infinities nobody knows."""
    try:
        value = Decimal(number.decimal or number.text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


BETWEEN_COLUMNS, BETWEEN_SIGNS, BETWEEN_TABLES = 2, 2, 4
LONGEST_SIGN = 6
"""Columns that a sign in front of a matrix takes, with what parts the two."""
LABEL = Style(dim=True)
STYLES: Mapping[MarkKind, Style] = {
    "wrong": Style(color="red", bold=True),
    "follows": Style(color="yellow"),
    "winner": Style(bold=True),
    "target": Style(bold=True),
    "window": Style(bold=True),
    "closed": Style(dim=True),
    "filler": Style(dim=True),
}
"""How a marked cell looks besides its sign, the strongest mark first."""
END = Segment.line()


@dataclass
class Column:
    """Cells below each other, a line each, lined up at the decimal point: to that no column of Rich's justifies."""

    cells: Sequence[Halves]
    styles: Sequence[Style | None]
    extent: Extent
    heading: str = ""
    margin: int = 0
    """Blanks in front."""

    @property
    def head(self) -> Column:
        """The heading over the units; where it is longer than they are, it begins where they do."""
        over = self.extent[0]
        return replace(self, cells=[(self.heading[:over], self.heading[over:])], styles=[LABEL])

    def lines(self) -> Iterator[tuple[str, str, Style | None, str]]:
        """Of each cell what is blank in front of it, what is written, how that looks, and the blanks behind it."""
        units = self.margin + self.extent[0]
        for (head, tail), style in zip(self.cells, self.styles, strict=True):
            blank, behind = " " * (units - cell_len(head)), " " * (self.extent[1] - cell_len(tail))
            if style is not None and style.bgcolor:
                yield " " * self.margin, f"{blank[self.margin :]}{head}{tail}{behind}", style, ""
            else:
                yield blank, head + tail, style, behind


class Beside(Record):
    """Columns in one of Rich's, a blank between them: where no line parts them, that takes a third of the time."""

    columns: Sequence[Column]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        is_plain = console.color_system is None
        for cells in zip(*(column.lines() for column in self.columns), strict=True):
            plain = ""
            for blank, text, style, behind in cells:
                plain += blank
                if style is None or is_plain:
                    plain += text
                else:
                    yield Segment(plain)
                    yield Segment(text, style)
                    plain = ""
                plain += f"{behind} "
            yield Segment(plain[:-1])
            yield END


class Tables:
    """How matrices are drawn on one page.

    `closed` is whether there are lines on all sides of a cell; `colors` is Rich's name of the system in which cells are
    shaded, or None.
    """

    def __init__(
        self, width: int, characters: Characters, shorten: bool, closed: bool = False, colors: str | None = None
    ) -> None:
        self.width = width
        self.characters = characters
        self.shorten = shorten
        self.closed = closed
        self.colors = colors
        self.box = Box("\n".join(map(characters.fit, str(SQUARE if closed else SIMPLE_HEAD).splitlines())), ascii=True)
        self.bar = "" if closed else characters.fit(" │")
        """What parts the indices of the rows from the numbers, where the box has no line there."""
        self.across, self.down = characters.fit("⋯"), characters.fit("⋮")

    def panels(self, tensor: TensorBlock) -> Panels:
        """The matrices of a tensor, cut so that each fits the page."""
        labels = len(str(tensor.shape[-2] + tensor.index_base)) + len(" │ ") if len(tensor.shape) > 1 else 0
        room = self.width - labels + (-1 if self.closed else BETWEEN_COLUMNS)
        between = BETWEEN_COLUMNS + self.closed
        return panels(tensor, Paper(room, sys.maxsize, self.shorten, between, self.characters, headed=True))

    def tensor(self, shown: Panels) -> Iterator[Text | Table]:
        """Its matrices in lines; the captions leave the tensor's name to its heading."""
        heat = self.heat([item for row in shown.rows for item in row.items if isinstance(item, Matrix)])
        for row in shown.rows:
            yield from self.row(replace(row, names={TENSOR: ""}), shown.extents, heat)

    def heat(self, matrices: Sequence[Matrix]) -> Heat | None:
        """The shades of matrices that are compared with each other."""
        if self.colors is None:
            return None
        return Heat((cell for matrix in matrices for line in matrix.rows for cell in line if cell), self.colors)

    def row(
        self, row: MatrixRow, extents: Mapping[str | None, Extent] | None = None, heat: Heat | None = None
    ) -> Iterator[Text | Table]:
        """Matrices side by side with the signs between them, as many as fit in a line.

        Without the `extents` of its columns a matrix shows its fractions alone, is narrowed to the page, and is
        compared with no other.
        """
        as_equation = is_equation(row)
        between = BETWEEN_SIGNS if as_equation else BETWEEN_TABLES
        line: list[tuple[Text | Table, int]] = []
        used = 0
        for signs, matrix in with_signs(row):
            unit: list[tuple[Text | Table, int]] = [(sign, sign.cell_len) for sign in self.formulas(row, signs)]
            if matrix is not None:
                (caption,) = self.formulas(row, [matrix.caption])
                unit.append(self.table(self.columns(matrix, extents, heat or self.heat([matrix])), caption))
            # A sign goes down with the matrix behind it; dots for those that are left out stay.
            for together in [unit] if as_equation else [[one] for one in unit]:
                wide = sum(width + between for _, width in together)
                if line and used + wide - between > self.width:
                    yield _beside(line, between, as_equation)
                    line, used = [], 0
                line += together
                used += wide
        yield _beside(line, between, as_equation)

    def formulas(self, row: MatrixRow, sources: Sequence[str]) -> list[Text]:
        """Captions or signs, never broken."""
        fit = self.characters.fit
        texts = (fit(" ".join(formula_text(row.formula(source)))) if source else "" for source in sources)
        return [Text(text, LABEL, no_wrap=True, overflow="ignore") for text in texts]

    def columns(self, matrix: Matrix, extents: Mapping[str | None, Extent] | None, heat: Heat | None) -> list[Column]:
        """All that stands side by side in a matrix: the indices of its rows, and its numbers."""
        gaps = [self.across if any(line) else self.down for line in matrix.rows]
        style = choose_style([cell.number for line in matrix.rows for cell in line if cell])[-1]
        headings = matrix.column_labels or ("",) * len(matrix.rows[0])
        numbers = []
        for label, cells in zip(headings, zip(*matrix.rows, strict=True), strict=True):
            shown = cells if extents else [cell and in_style(cell, style) for cell in cells]
            written = [
                halves(cell, self.characters) if cell else (gap, "") for cell, gap in zip(shown, gaps, strict=True)
            ]
            heading = self.across if label is None else label
            wide = extents[label] if extents else extent(written, heading)
            numbers.append(Column(written, [_style(cell, heat) for cell in cells], wide, heading))
        sides = []
        if matrix.row_labels:
            names = [f"{self.down if label is None else label}{self.bar}" for label in matrix.row_labels]
            sides = [_labels(names, self.bar)]
        elif not matrix.column_labels and not self.closed:
            # Without any indices there is nothing for a head to say; bars hold the numbers together.
            sides = [_labels([self.bar.strip()] * len(gaps))] * 2
        gap = _labels(gaps, self.across if matrix.column_labels else "")
        for column in (*numbers[1:], gap, *([*sides, numbers[0]] if self.closed else [])):
            column.margin = 1
        if not extents and self.shorten:
            numbers = self.narrowed(numbers, gap, sides)
        return [*sides[:1], *numbers, *sides[1:]]

    def narrowed(self, columns: list[Column], gap: Column, sides: list[Column]) -> list[Column]:
        """The first columns and the last, as many as fit between the sides."""
        kept = [column for column in columns if column.cells != gap.cells]
        made = columns
        while len(kept) > 1 and self.taken([*sides, *made]) > self.width - LONGEST_SIGN:
            del kept[-2 if len(kept) > 2 else -1]
            made = [*kept[:-1], gap, kept[-1]] if len(kept) > 1 else [*kept, gap]
        return made

    def taken(self, columns: Sequence[Column]) -> int:
        """How wide a table of these columns is."""
        return sum(map(self.inside, columns)) + len(columns) - 1 + 2 * self.closed

    def inside(self, column: Column) -> int:
        """How wide a column is between its lines."""
        return column.margin + sum(column.extent) + self.closed

    def table(self, columns: Sequence[Column], caption: Text) -> tuple[Table, int]:
        """The table, and how wide it is."""
        has_head = any(column.heading for column in columns)
        table = Table(
            box=self.box, show_edge=self.closed, show_header=has_head, padding=0,
            title=caption or None, title_justify="left", header_style="",
        )  # fmt: skip
        parts = [[column] for column in columns] if self.closed else [columns]
        for part in parts:
            table.add_column(Beside([column.head for column in part]), width=self.taken(part) - 2 * self.closed)
        table.add_row(*map(Beside, parts))
        return table, max(self.taken(columns), caption.cell_len)

    def of_words(
        self, columns: Sequence[WordColumn], headings: Sequence[str], rows: Sequence[Sequence[str]]
    ) -> RenderableType | None:
        """A table of texts within the width, wrapped on the left; None where a word or a number would be broken."""
        table = Table(box=self.box, show_edge=self.closed, pad_edge=self.closed, header_style="bold")
        texts = list(zip(headings, *rows, strict=True))
        most = [max(map(cell_len, column)) for column in texts]
        least = [
            natural if column.side == "right" else max(map(widest_unit, cells))
            for column, cells, natural in zip(columns, texts, most, strict=True)
        ]
        room = self.width - (len(columns) - 1) * (1 + BETWEEN_COLUMNS) - 4 * self.closed
        if sum(least) > room:
            return None

        def widths(longest: int) -> list[int]:
            return [max(low, min(high, longest)) for low, high in zip(least, most, strict=True)]

        chosen = next(filter(lambda made: sum(made) <= room, map(widths, range(room, -1, -1))))
        for column, heading, width in zip(columns, headings, chosen, strict=True):
            table.add_column(Text(heading), justify=column.side, width=width)
        for row in rows:
            cells = zip(row, chosen, strict=True)
            table.add_row(*(Text("\n".join(wrap_prose(text, width))) for text, width in cells))
        return table


def _labels(texts: Sequence[str], heading: str = "") -> Column:
    """A column of indices or bars."""
    written = [(text, "") for text in texts]
    return Column(written, [LABEL] * len(written), extent(written), heading)


def _style(cell: Cell | None, heat: Heat | None) -> Style | None:
    """How a cell looks besides what is written in it."""
    if cell is None:
        return LABEL
    own = next((style for mark, style in STYLES.items() if mark in cell.marks), None) if cell.marks else None
    shade = heat.style(cell) if heat else None
    # On a shade only what is bold is still seen.
    return Style.chain(shade, Style(bold=own.bold)) if shade and own else shade or own


def _beside(line: Sequence[tuple[Text | Table, int]], between: int, as_equation: bool) -> Text | Table:
    """Tables and signs in a grid; those of an equation at half the height of the line."""
    if len(line) == 1:
        return line[0][0]
    grid = Table.grid()
    for one, width in line:
        grid.add_column(width=width + between, vertical="middle" if as_equation or isinstance(one, Text) else "top")
    grid.add_row(*(one for one, _ in line))
    return grid
