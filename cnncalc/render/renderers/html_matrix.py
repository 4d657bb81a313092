"""A matrix as an HTML table: its indices are headings, its decimal points stand below each other."""

import re
from collections.abc import Mapping, Sequence

from cnncalc.render.document import Cell, MarkKind, Matrix, MatrixRow
from cnncalc.render.formula.number_formula import value_formula
from cnncalc.render.renderers.mathml import mathml, mathml_pieces
from cnncalc.render.table.number import Number

SIGNS: Mapping[MarkKind, str] = {
    "closed": "({number})",
    "winner": "{number}<sup>∗</sup>",
    "window": "<mark>{number}</mark>",
    "target": "<strong>{number}</strong>",
    "filler": "<i>{number}</i>",
    "wrong": "<b>{number}</b><sup>✗</sup>",
    "follows": "{number}<sup>→</sup>",
}
"""How a marked number looks without any colour; the style sheet adds to it."""
PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?|\(-?\d+(?:,-?\d+)*\)")
"""What is text in a cell: a number that is written in one line, or the place of a winner."""


def matrix_table(matrix: Matrix, row: MatrixRow) -> str:
    """The table in a figure; `row` is what the matrix stands in."""
    head = ""
    if matrix.column_labels:
        corner = "<td></td>" if matrix.row_labels else ""
        labels = "".join(f'<th scope="col">{label or "⋯"}</th>' for label in matrix.column_labels)
        head = f"<thead><tr>{corner}{labels}</tr></thead>"
    tails = [_widest_tail(column) for column in zip(*matrix.rows, strict=True)]
    lines = []
    for position, cells in enumerate(matrix.rows):
        label = f'<th scope="row">{matrix.row_labels[position] or "⋮"}</th>' if matrix.row_labels else ""
        gap = "⋯" if any(cells) else "⋮"
        written = (_cell(cell, tail, gap) for cell, tail in zip(cells, tails, strict=True))
        lines.append(f"<tr>{label}{''.join(written)}</tr>")
    # A caption of the table itself would stretch a narrow matrix to its own width.
    caption = "".join(mathml_pieces(row.formula(matrix.caption))) if matrix.caption else ""
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    table = scrolled(f'<table class="matrix">{head}<tbody>{"".join(lines)}</tbody></table>')
    return f"<figure>{caption}{table}</figure>"


def scrolled(table: str) -> str:
    """A table that is moved under a narrow screen, and not the page with it."""
    return f'<div class="scroll">{table}</div>'


def _cell(cell: Cell | None, tail: float | None, gap: str) -> str:
    """One number with its marks, so far from the right that its decimal point stands over those of its column.

    Where a column's numbers have no decimal points to line up, `tail` is None.
    """
    if cell is None:
        return f'<td class="gap">{gap}</td>'
    written = _number(cell.number)
    for mark in sorted(cell.marks):
        written = SIGNS[mark].format(number=written)
    kinds = " ".join([*sorted(cell.marks), *(["centred"] if tail is None else [])])
    missing = tail - _tail(cell.number.both) if tail else 0
    place = f' style="--missing: {missing:g}"' if missing else ""
    return f'<td class="{kinds}"{place}>{written}</td>' if kinds else f"<td{place}>{written}</td>"


def _widest_tail(cells: Sequence[Cell | None]) -> float | None:
    """The longest tail of a column of plain numbers; None where fractions or powers are among them."""
    texts = [cell.number.both for cell in cells if cell]
    return max(map(_tail, texts), default=0.0) if all(map(PLAIN_NUMBER.fullmatch, texts)) else None


def _tail(text: str) -> float:
    """The width from the decimal point on, in digits; the point itself is narrow."""
    return len(text) - text.index(".") - 0.5 if "." in text else 0.0


def _number(number: Number) -> str:
    """A number, and its decimal if it has one; a plain one as text."""
    plain = number.both.replace("-", "−")
    return plain if PLAIN_NUMBER.fullmatch(number.both) else mathml(value_formula(number))
