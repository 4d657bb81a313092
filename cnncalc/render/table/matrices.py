r"""A tensor as captioned matrices in rows, and what their cells say: numbers in one style, with their signs.

The rows are for the formats that draw their own: `\t_{1,2}` over a tensor's last two axes. Of a long axis the first and
the last indices are shown, with a gap between. What is too wide for a page comes in blocks of columns, what is too long
in blocks of rows.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import pairwise, product
from math import prod
from typing import Literal, TypeAlias

from rich.cells import cell_len

from cnncalc.language import Phrase
from cnncalc.layers.base import Index
from cnncalc.records import Record, replace
from cnncalc.render.document import UNDECIDED, Cell, Indices, MarkKind, Matrix, MatrixRow, TensorBlock, matrix_of
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
TENSOR = "t"
"""The name of the tensor itself in the captions' formulas."""


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


class Paper(Record):
    """How much of a tensor a format can put beside and below each other."""

    columns: int = 70
    """Characters in the row of a matrix."""
    rows: int = 40
    shorten: bool = True
    between: int = 2
    """Characters between two columns."""
    characters: Characters = Characters()
    """What can be written decides how wide a number is."""
    flows: bool = False
    """Whether the kernels of one output channel may stand beside those of the next."""
    headed: bool = False
    """Whether the indices stand at the sides of every matrix, so that captions need not say which are in it."""


class Panels(Record):
    """A tensor as rows of matrices, or as a single number."""

    rows: tuple[MatrixRow, ...]
    scalar: Cell | None
    """The number of a tensor of rank 0, which is no matrix."""
    shown: int
    count: int
    has_undecided: bool
    extents: Mapping[str | None, Extent] = field(default_factory=dict)
    """Of each column by its label, over all matrices, so that they line up below each other."""

    @property
    def notes(self) -> tuple[Phrase, ...]:
        """What has to be said below the tensor, apart from its marks."""
        shown = SHORTENED.format(shown=self.shown, count=self.count)
        return (*[UNDECIDED] * self.has_undecided, *[shown] * (self.shown < self.count))


GAP, GAP_BELOW = r"\cdots", r"\vdots"
"""Signs among the matrices, where some are left out, and instead of whole rows of them."""
SHORTENED = Phrase("Shortened: {shown} of {count} numbers are shown.")


def is_equation(row: MatrixRow) -> bool:
    """Whether signs stand between the matrices; dots for those that are left out are none."""
    return any(isinstance(item, str) and item not in (GAP, GAP_BELOW) for item in row.items)


def with_signs(row: MatrixRow) -> Iterator[tuple[tuple[str, ...], Matrix | None]]:
    """Each matrix with the signs in front of it: where a line is full, they go down with it."""
    signs: tuple[str, ...] = ()
    for item in row.items:
        if isinstance(item, str):
            signs += (item,)
        else:
            yield signs, item
            signs = ()
    if signs:
        yield signs, None


def panels(tensor: TensorBlock, paper: Paper) -> Panels:
    """The matrices of a tensor that fit a page."""
    axes = shown_indices(tensor.shape, paper.shorten, tensor.is_brief)
    indices = list(product(*([index for index in axis if index is not None] for axis in axes)))
    cells = {index: tensor.cell(index) for index in indices}
    styles = choose_style([cell.number for cell in cells.values()])
    has_undecided = any(cell.number.undecided for cell in cells.values())
    if tensor.shape == ():
        return Panels((), cells[()], 1, 1, has_undecided)
    # A fraction's decimal is shown where every column of one matrix still fits beside the others.
    for style in styles:
        shown = {index: in_style(cell, style) for index, cell in cells.items()}
        extents = _extents(shown, axes[-1], tensor.index_base, paper)
        if sum(map(sum, extents)) + paper.between * len(extents) <= paper.columns:
            break
    plan = _Plan(tensor, axes, shown, extents, paper)
    rows = tuple(MatrixRow(row, {TENSOR: tensor.name}) for row in plan.rows())
    # The legend stands below the last row.
    rows = (*rows[:-1], replace(rows[-1], marks=tensor.marks))
    labels = (None if column is None else str(column + tensor.index_base) for column in axes[-1])
    known = dict(zip(labels, extents, strict=True))
    return Panels(rows, None, len(cells), prod(tensor.shape), has_undecided, known)


def _extents(cells: Mapping[Index, Cell], columns: Indices, base: int, paper: Paper) -> list[Extent]:
    """The characters that each column takes."""
    written: dict[int | None, list[Halves]] = {column: [] for column in columns}
    for index, cell in cells.items():
        written[index[-1]].append(halves(cell, paper.characters))
    signs = [paper.characters.fit("⋯") if column is None else str(column + base) for column in columns]
    return [extent(written[column], sign) for column, sign in zip(columns, signs, strict=True)]


class _Plan:
    """Which cells stand in which matrix."""

    def __init__(
        self,
        tensor: TensorBlock,
        axes: Sequence[Indices],
        cells: Mapping[Index, Cell],
        extents: Sequence[Extent],
        paper: Paper,
    ) -> None:
        self.paper = paper
        self.base = tensor.index_base
        self.cells = cells
        self.lead_axes = axes[:-2]
        self.is_vector = len(axes) == 1
        # Kernels, of which each output channel's would take a row of its own: they would waste the page.
        is_whole = None not in (*axes[0], *axes[1]) if len(axes) == 4 else False
        self.flows = is_whole and not tensor.batched and (len(axes[1]) == 1 or paper.flows)
        self.lines: Indices = (0,) if self.is_vector else axes[-2]
        widths = [sum(extent) + paper.between for extent in extents]
        self.column_blocks = list(_blocks(axes[-1], widths, paper.columns))
        self.line_blocks = list(_blocks(self.lines, [1] * len(self.lines), paper.rows))
        self.is_whole = len(self.column_blocks) == len(self.line_blocks) == 1

    def rows(self) -> Iterator[tuple[Matrix | str, ...]]:
        """Matrices in rows; each index of the axes before the last three begins a new row."""
        if self.flows:
            yield tuple(item for lead in product(*self.lead_axes) for item in self.at(lead))
            return
        for outer in product(*self.lead_axes[:-1]):
            known = tuple(index for index in outer if index is not None)
            if len(known) < len(outer):
                yield (GAP_BELOW,)
            else:
                inner = [(last,) for last in self.lead_axes[-1]] if self.lead_axes else [()]
                yield tuple(item for last in inner for item in self.at((*known, *last)))

    def at(self, place: tuple[int | None, ...]) -> Iterator[Matrix | str]:
        """One matrix, in several where it is too large for one; or the sign that some are left out."""
        lead = tuple(index for index in place if index is not None)
        if len(lead) < len(place):
            yield GAP
            return
        for lines in self.line_blocks:
            for columns in self.column_blocks:
                yield self.matrix(lead, lines, columns)

    def matrix(self, lead: Index, lines: Indices, columns: Indices) -> Matrix:
        """Some lines and columns at one index of the axes before them."""
        address = [str(index + self.base) for index in lead]
        if self.paper.headed:
            address += [":", ":"] if lead else []
        elif not self.is_whole:
            # A block says which rows and columns it holds, where there are others.
            address += [] if self.is_vector else [self.range(lines, self.line_blocks)]
            address.append(self.range(columns, self.column_blocks))
        caption = rf"\{TENSOR}" + (f"_{{{', '.join(address)}}}" if address else "")
        made = matrix_of(caption, lines, columns, lambda *at: self.cells[self.index(lead, *at)], self.base)
        return replace(made, row_labels=()) if self.is_vector else made

    def index(self, lead: Index, line: int, column: int) -> Index:
        return (column,) if self.is_vector else (*lead, line, column)

    def range(self, indices: Indices, blocks: Sequence[Indices]) -> str:
        """`9…16` in LaTeX, or a colon where the axis stands whole."""
        if len(blocks) == 1:
            return ":"
        shown = [index + self.base for index in indices if index is not None]
        return rf"{shown[0]} \ldots {shown[-1]}" if len(shown) > 1 else str(shown[0])


def _blocks(axis: Indices, widths: Sequence[int], room: int) -> Iterator[Indices]:
    """Consecutive indices that fit into `room`, in blocks of about the same size."""
    # The sizes of a single number are none: one block, which is empty.
    count = max(1, min(-(-sum(widths) // max(room, 1)), len(axis)))
    while True:
        ends = [round(len(axis) * part / count) for part in range(count + 1)]
        fits = all(sum(widths[start:end]) <= room or end - start <= 1 for start, end in pairwise(ends))
        if fits or count >= len(axis):
            break
        count += 1
    for start, end in pairwise(ends):
        # A gap alone is seen by what the blocks beside it say that they hold.
        if axis[start:end] != (None,):
            yield axis[start:end]


MATRIX_LIMIT = (16, 8, 4)
"""The longest axis that is shown in full, and how many first and last indices are of a longer one."""
VECTOR_LIMIT = (40, 16, 4)
LEAD_LIMITS = ((16, 3, 1), (8, 3, 1), (4, 2, 1))
"""For the axes before a matrix, from generous to strict: the first that leaves few enough numbers is taken."""
ENOUGH_NUMBERS = 300
BRIEFLY = (8, 4, 2), (3, 1, 1)
"""The same of a matrix and of the axes before it, in a brief solution: the corners, of the first and the last one."""
ENOUGH_BRIEFLY = 120
"""Numbers of a tensor from which on a brief solution shows no more than that."""


def shown_indices(shape: tuple[int, ...], shorten: bool, briefly: bool = False) -> tuple[Indices, ...]:
    """For each axis, the indices that are shown."""
    if not shorten:
        return tuple(tuple(range(length)) for length in shape)
    if briefly and prod(shape) > ENOUGH_BRIEFLY:
        rank = len(shape)
        return tuple(_of_axis(length, *BRIEFLY[axis < rank - 2]) for axis, length in enumerate(shape))
    if len(shape) == 1:
        return (_of_axis(shape[0], *VECTOR_LIMIT),)
    matrix = [_of_axis(length, *MATRIX_LIMIT) for length in shape[-2:]]
    for limit in LEAD_LIMITS:
        axes = (*(_of_axis(length, *limit) for length in shape[:-2]), *matrix)
        if prod(map(len, axes)) <= ENOUGH_NUMBERS:
            break
    return axes


def is_shortened(axes: Iterable[Indices]) -> bool:
    """Whether anything is left out."""
    return any(None in axis for axis in axes)


def _of_axis(length: int, limit: int, first: int, last: int) -> Indices:
    if length <= limit:
        return tuple(range(length))
    return (*range(first), None, *range(length - last, length))
