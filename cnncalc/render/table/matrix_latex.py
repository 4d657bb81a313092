r"""Matrices and numbers as LaTeX mathematics, for documents that TeX sets and for those that MathJax or KaTeX do."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from cnncalc.records import replace
from cnncalc.render.document import Cell, MarkKind, Matrix, MatrixRow
from cnncalc.render.formula.formula_latex import latex, latex_inline
from cnncalc.render.formula.formula_text import width_of
from cnncalc.render.formula.term_formula import RELATIONS, decimal_formula, number_formula
from cnncalc.render.table.matrices import is_equation
from cnncalc.render.table.number import Number

SIGNS: Mapping[MarkKind, str] = {
    "closed": r"({number})",
    "winner": r"\mathbf{{{number}}}^{{\ast}}",
    "window": r"\underline{{{number}}}",
    "target": r"\boxed{{{number}}}",
    "filler": r"\mathit{{{number}}}",
    "wrong": r"{number}^{{\times}}",
    "follows": r"{number}^{{\to}}",
}
"""How a marked number looks."""
UNLABELLED = (8, 9)
"""Rows and columns up to which a reader counts for himself; a larger matrix has its indices at its sides."""
BETWEEN_COLUMNS = 1.8
BRACKETS = 2.0


def number_latex(number: Number) -> str:
    """A number with its decimal, if it has one."""
    text, decimal = latex(number_formula(number)), decimal_formula(number)
    return text if decimal is None else f"{text}{RELATIONS[number.decimal_sign]}{latex(decimal)}"


def scalar_latex(number: Number) -> str:
    """A number behind the sign that it may stand behind."""
    return f"{RELATIONS[number.sign].strip()} {number_latex(number)}"


def matrix_latex(matrix: Matrix, row: MatrixRow, is_part: bool = False) -> str:
    """A matrix in brackets behind its caption, or with its indices at its sides where it, or its whole, is large."""
    columns = list(zip(*matrix.rows, strict=True))
    shapes = [_Column(column) for column in columns]
    lines = []
    for cells in matrix.rows:
        gap = r"\cdots" if any(cells) else r"\vdots"
        lines.append([shape.write(cell) if cell else gap for cell, shape in zip(cells, shapes, strict=True)])
    kinds = "".join(shape.kind for shape in shapes)
    if not (is_part or _is_large(matrix)):
        body = rf"\left[\begin{{array}}{{{kinds}}} {_joined(lines)} \end{{array}}\right]"
        return _captioned(matrix, row, body)
    across = [_label(label, r"\cdots") for label in matrix.column_labels]
    if not matrix.row_labels:
        body = rf"{_joined([across])} \\ \hline {_joined(lines)}"
        return _captioned(matrix, row, rf"\begin{{array}}{{{kinds}}} {body} \end{{array}}")
    down = [_label(label, r"\vdots") for label in matrix.row_labels]
    body = _joined([[label, *line] for label, line in zip(down, lines, strict=True)])
    head = _joined([["", *across]])
    body = rf"\begin{{array}}{{r|{kinds}}} {head} \\ \hline {body} \end{{array}}"
    return _captioned(matrix, row, body)


def _captioned(matrix: Matrix, row: MatrixRow, body: str) -> str:
    """The brackets behind their caption; among other signs below it, for another equals sign would say something."""
    if not matrix.caption:
        return body
    if is_equation(row):
        return rf"\overset{{\textstyle {latex_inline(row.formula(matrix.caption))}}}{{{body}}}"
    is_rounded = any(cell is not None and cell.number.rounded for line in matrix.rows for cell in line)
    return f"{latex(row.formula(matrix.caption))}{RELATIONS['≈' if is_rounded else '=']}{body}"


def in_blocks(matrix: Matrix, row: MatrixRow, room: float) -> list[str]:
    """The matrix if it is no wider than `room` characters; else blocks of its columns, the first with its caption."""
    if matrix_width(matrix, row) <= room:
        return [matrix_latex(matrix, row)]
    bare = replace(matrix, caption="")
    in_front = 0.0 if is_equation(row) else matrix_width(matrix, row) - matrix_width(bare, row)
    cuts = _cuts(bare, row, max(room - in_front, room / 2))
    first, *others = (_block(bare, row, start, end) for start, end in cuts)
    return [_captioned(matrix, row, first), *others]


def column_blocks(matrix: Matrix, row: MatrixRow, room: float) -> list[Matrix]:
    """The matrix if it is no wider than `room` characters; else blocks of its columns with their numbers above them."""
    if matrix_width(matrix, row) <= room:
        return [matrix]
    labels = matrix.column_labels or tuple(str(number + 1) for number in range(len(matrix.rows[0])))
    whole = replace(matrix, column_labels=labels)
    blocks = [_columns(whole, start, end) for start, end in _cuts(replace(whole, caption=""), row, room)]
    return [blocks[0], *(replace(block, caption="") for block in blocks[1:])]


def _cuts(matrix: Matrix, row: MatrixRow, room: float) -> Iterator[tuple[int, int]]:
    """First and last but one column of each block that fits, of about as many columns each."""
    columns = len(matrix.rows[0])

    def fits(start: int, end: int) -> bool:
        return end == start + 1 or matrix_width(_columns(matrix, start, end), row) <= room

    starts = [0]
    for end in range(1, columns + 1):
        if not fits(starts[-1], end):
            starts.append(end - 1)
    even = [at * columns // len(starts) for at in range(len(starts) + 1)]
    is_even = all(fits(*pair) for pair in pairwise(even))
    yield from pairwise(even if is_even else [*starts, columns])


def _columns(matrix: Matrix, start: int, end: int) -> Matrix:
    rows = tuple(line[start:end] for line in matrix.rows)
    return replace(matrix, rows=rows, column_labels=matrix.column_labels[start:end])


def _block(matrix: Matrix, row: MatrixRow, start: int, end: int) -> str:
    """Some of the columns; which ones they are stands below them, or in their own labels."""
    is_large = _is_large(matrix)
    body = matrix_latex(_columns(matrix, start, end), row, is_large)
    gap = next((at for at, cell in enumerate(matrix.rows[0]) if cell is None), end)
    if is_large or start > gap:
        return body
    last = "" if gap < end or end == start + 1 else rf" \ldots {end}"
    return rf"\underset{{\scriptstyle {start + 1}{last}}}{{{body}}}"


def matrix_width(matrix: Matrix, row: MatrixRow) -> float:
    """About how wide the matrix is, in characters."""
    caption = width_of(row.formula(matrix.caption).tree) + 1.4 if matrix.caption else 0.0
    columns = zip(*matrix.rows, strict=True)
    cells = sum(max(len(cell.number.both) if cell else 1 for cell in column) + BETWEEN_COLUMNS for column in columns)
    both = max(caption, cells) if is_equation(row) else caption + cells
    return both + BRACKETS


class _Column:
    """How the cells of one column line up."""

    def __init__(self, cells: Sequence[Cell | None]) -> None:
        texts = [cell.number.both for cell in cells if cell]
        self.tail = max(map(len, map(_tail, texts)), default=0)
        is_plain = all(text.lstrip("-").replace(".", "", 1).isdigit() for text in texts)
        self.kind = "r" if is_plain else "c"

    def write(self, cell: Cell) -> str:
        """The number with its marks, as much blank behind it as keeps the decimal points below each other."""
        written = number_latex(cell.number).replace(r"\frac", r"\tfrac")
        for mark in sorted(cell.marks):
            written = SIGNS[mark].format(number=written)
        own = _tail(cell.number.both)
        missing = "0" * (self.tail - len(own)) if own else "." + "0" * (self.tail - 1)
        return written + (rf"\phantom{{{missing}}}" if self.kind == "r" and len(own) < self.tail else "")


def _tail(text: str) -> str:
    return text[text.index(".") :] if "." in text else ""


def _is_large(matrix: Matrix) -> bool:
    if not matrix.column_labels:
        return False
    rows, columns = UNLABELLED
    has_gap = any(cell is None for line in matrix.rows for cell in line)
    return has_gap or len(matrix.rows) > rows or len(matrix.column_labels) > columns


def _label(label: str | None, gap: str) -> str:
    return rf"\scriptstyle {gap if label is None else label}"


def _joined(lines: Sequence[Sequence[str]]) -> str:
    return r" \\ ".join(" & ".join(line) for line in lines)
