"""What is to be read, before it has a format: a Document of a few kinds of block.

Every output for people is built as a Document, and each renderer has one function a kind. A renderer knows neither
layers nor NumPy; a builder (`solution`) knows neither terminals nor LaTeX.

Text in a Heading, a Paragraph or a Table may hold mathematics where the block has `names`: what stands between two
dollar signs is a formula in those names. Without `names` a dollar is a dollar. Backquotes around names, options and
keys mean the same everywhere. `inline.spans` reads both, and neither in what a Phrase has been given as plain text
(`verbatim`, `Phrase.format`): that may be the user's own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import field
from typing import Any, Literal, TypeAlias

from cnncalc.language import Phrase
from cnncalc.layers.base import Index
from cnncalc.records import Record, replace
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.table.number import Number
from cnncalc.visible import visible

MarkKind = Literal["closed", "winner", "window", "target", "filler", "wrong", "follows"]

MEANINGS: dict[MarkKind, Phrase] = {
    "closed": Phrase("closed: no gradient passes through this cell"),
    "winner": Phrase("the winner of its window"),
    "wrong": Phrase("not right"),
    "follows": Phrase("follows from your earlier numbers"),
    "window": Phrase("takes part"),
    "target": Phrase("the element in question"),
    "filler": Phrase("a zero that was put in"),
}
"""The legend of each mark; the sign itself is the renderer's."""
UNDECIDED = Phrase("?: no further digits could be proven with the precision and the work allowed for one number.")
"""The legend of a number that is, or ends in, a question mark."""


class Heading(Record):
    """A title (level 1), a part (2), a tensor (3) or a part of its text (4), with a word that is less important."""

    level: Literal[1, 2, 3, 4]
    text: Phrase
    aside: Phrase | None = None
    names: Names | None = None


class Paragraph(Record):
    """Sentences; a note is set apart from what it is about, an item is one of a list.

    A remark is what a teacher adds in the margin: set off from the text, but not less important than it. A byline says
    under the title whose work this is, or where the problem comes from.
    """

    text: Phrase
    role: Literal["plain", "note", "item", "remark", "byline"] = "plain"
    names: Names | None = None


class Cell(Record):
    """One element of a tensor, with what marks it."""

    number: Number
    marks: frozenset[MarkKind] = frozenset()


def marks_of(cells: Iterable[Cell]) -> tuple[MarkKind, ...]:
    """The marks that occur, for a legend."""
    present = {mark for cell in cells for mark in cell.marks}
    return tuple(mark for mark in MEANINGS if mark in present)


class TensorBlock(Record):
    """The elements of a tensor. `cell` gives one by its 0-based index, so that only what is shown is written out."""

    name: str
    shape: tuple[int, ...]
    index_base: int
    cell: Callable[[Index], Cell] = field(repr=False, compare=False)
    batched: bool = False
    """Whether the first axis is the mini-batch, whose entries stand one below the other."""
    marks: tuple[MarkKind, ...] = ()
    """The marks that occur in the tensor, for the legend."""
    is_brief: bool = False
    """Whether only a few numbers of a large one are shown, where a tensor may be shortened."""


Indices: TypeAlias = Sequence[int | None]
"""Indices of an axis that are shown, None where some are left out."""
MOST_EQUATIONS, MOST_TERMS = 40, 40
"""Elements of a tensor of letters, and terms of one of them, that are shown unless all are asked for."""
SHORTENED_LETTERS = Phrase("Shortened; --all shows each of the elements in full.")


class Equation(Record):
    """One element: `left = right`, and what that comes to where its letters have values."""

    left: Number
    """An element by its name, which is a letter."""
    write: Callable[[], Number] = field(repr=False, compare=False)
    """The right side, written where it is shown."""
    value: Number | None = None


class Equations(Record):
    """One for each element of a tensor of letters, in order; the equals signs stand below each other."""

    equations: tuple[Equation, ...]

    def lines(self, shorten: bool) -> tuple[list[tuple[Number, Number, Number | None]], bool]:
        """Left, right and value of those that are shown; and whether anything is left out."""
        shown = self.equations[:MOST_EQUATIONS] if shorten else self.equations
        left_out = len(shown) < len(self.equations)
        lines = []
        for equation in shown:
            right = equation.write()
            if shorten and (text := _first_terms(right.text)) != right.text:
                left_out, right = True, replace(right, text=text)
            lines.append((equation.left, right, equation.value))
        return lines, left_out


def _first_terms(text: str) -> str:
    """The first of many terms of a sum, those inside of brackets counted; it is cut outside of brackets only."""
    depth = count = end = 0
    for part in re.finditer(r"[()]| [+-] ", text):
        if part[0] == "(":
            depth += 1
        elif part[0] == ")":
            depth -= 1
        else:
            end = end if depth else part.start()
            count += part[0] == " + "
            if count == MOST_TERMS:
                return f"{text[:end]} + …" if end else "…"
    return text


class Column(Record):
    """One column of a table: its heading, and on which side its cells line up.

    A path is a long word that may break anywhere; a bar shows the number beside it once more.
    """

    heading: Phrase
    align: Literal["left", "right", "path", "bar"] = "left"

    @property
    def side(self) -> Literal["left", "right"]:
        """On which its cells line up."""
        return "right" if self.align == "right" else "left"


class Table(Record):
    """Rows of texts under headings; a cell of several sentences may be wrapped, a number may not."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Phrase, ...], ...]
    names: Names | None = None


Sign = Literal["=", "≈", "+", "-"]


class Line(Record):
    """One line of a Working: its sign, and what stands to the right of it, as LaTeX that `Formula` parses.

    "=" and "≈" begin a new step, below the sign of the step before; "+" and "-" go on with a sum that is too long for
    one line, further in. `right` holds no relation and no sign at its front but that of its first number. Brackets
    that open in one line may close in another, so `\\left` and `\\right` do not occur.
    """

    sign: Sign
    right: str
    aside: Phrase | None = None
    """A word on what the line is (`channel 1`), at its end, plain text."""
    is_aside_last: bool = False
    """Whether that is of the end of the line, should it be broken: otherwise it is of what begins with it."""


class Working(Record):
    """A calculation step by step, lined up at its signs: letters, indices, numbers put in, value.

    `left` stands in front of the first line alone. No line is wider than about 90 characters in `formula_text`.
    """

    left: str
    lines: tuple[Line, ...]
    names: Names = field(default_factory=dict)
    flows: bool = False
    """Whether a page may set the steps one behind the other, to save room."""

    def formula(self, source: str) -> Formula:
        """`left` or a line's `right`, to be parsed."""
        return Formula(source, self.names)


class Matrix(Record):
    """A matrix with its caption, which is LaTeX for `Formula` (`\\x_{1}`), or empty.

    A None among the cells and the labels stands for what is left out: an ellipsis. Labels are the indices of rows and
    columns as a reader counts; an empty tuple means none. All rows are equally long, and there is at least one cell.
    """

    caption: str
    rows: tuple[tuple[Cell | None, ...], ...]
    row_labels: tuple[str | None, ...] = ()
    column_labels: tuple[str | None, ...] = ()

    def cells(self) -> Iterator[Cell]:
        """Those that are shown."""
        return (cell for line in self.rows for cell in line if cell is not None)


def matrix_of(
    caption: str, rows: Indices, columns: Indices, cell: Callable[[int, int], Cell], base: int | None = None
) -> Matrix:
    """The cells at some rows and columns, with these counted from `base` beside them if they are to be."""
    lines = (tuple(None if i is None or j is None else cell(i, j) for j in columns) for i in rows)
    labels = [
        tuple(None if i is None else str(i + base) for i in axis) if base is not None else ()
        for axis in (rows, columns)
    ]
    return Matrix(caption, tuple(lines), *labels)


class MatrixRow(Record):
    """Matrices side by side, with signs between them where they make an equation: [A] · [B] = [C].

    A string among the items is such a sign, as LaTeX for `Formula`: `\\ast`, `\\cdot`, `=`, `+`. Where the page is too
    narrow, the row goes on below, and a sign goes down with the matrix behind it.
    """

    items: tuple[Matrix | str, ...]
    names: Names = field(default_factory=dict)
    marks: tuple[MarkKind, ...] = ()
    """The marks that occur in the cells, for a legend below the row."""

    def cells(self) -> Iterator[Cell]:
        """Of all matrices."""
        return (cell for item in self.items if isinstance(item, Matrix) for cell in item.cells())

    def formula(self, source: str) -> Formula:
        """A caption or a sign, to be parsed."""
        return Formula(source, self.names)


class Listing(Record):
    """Lines of a file, to be typed as they stand: a problem in YAML."""

    text: str

    @property
    def lines(self) -> list[str]:
        """One by one, each with what can be seen of it."""
        return [visible(line) for line in self.text.strip("\n").split("\n")]


class Boxes(Record):
    """A matrix of empty cells, for numbers that somebody writes by hand; `label` says which part of a tensor it is."""

    rows: int
    columns: int
    label: Phrase


class Figure(Record):
    """A Drawing, and what says the same where nothing can be drawn."""

    drawing: Drawing
    instead: "tuple[Table | Paragraph | MatrixRow, ...]" = ()


Drawn: TypeAlias = TensorBlock | Equations | Table | Working | MatrixRow | Listing | Boxes | Figure
Block: TypeAlias = Heading | Paragraph | Formula | Drawn

METHODS = {
    "Heading": "heading", "Paragraph": "paragraph", "Formula": "formula", "TensorBlock": "tensor", "Table": "table",
    "Equations": "equations", "Working": "working", "MatrixRow": "matrix_row", "Listing": "listing",
    "Boxes": "boxes", "Figure": "figure",
}  # fmt: skip
"""What a renderer calls its function for each kind of block."""


def writer_of(renderer: object, block: Block) -> Callable[[Any], Any]:
    """The function of a renderer for a block."""
    writer: Callable[[Any], Any] = getattr(renderer, METHODS[type(block).__name__])
    return writer


class Document(Record):
    """Blocks, in order."""

    blocks: tuple[Block, ...]
