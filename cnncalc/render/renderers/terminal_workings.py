"""Workings and rows of matrices as lines for a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import inf

from rich.cells import cell_len
from rich.text import Text

from cnncalc.records import replace
from cnncalc.render.builders.prose import wrap_formula
from cnncalc.render.document import Cell, Line, Matrix, MatrixRow, Working
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.renderers.characters import Characters
from cnncalc.render.table.matrix import GAP_COLUMN, GAP_ROW, LABEL, Frame, Written, choose_style, measure, write_cell

WIDEST_LEFT = 18
"""A longer left side stands on a line of its own."""
FURTHER_IN = 2
GAP = "   "
LONGEST_SIGN = 6
"""Columns that a sign in front of a matrix takes, with what parts the two."""
HEADER_LINES = 2
"""Column labels and the line below them."""


def working_lines(working: Working, width: int, characters: Characters, words: Callable[[Line], str]) -> Iterator[Text]:
    """Each step in a line, lined up at its sign; `words` gives a line's aside in the page's language."""
    left = characters.fit(" ".join(formula_text(working.formula(working.left)))) if working.left else ""
    is_short = 0 < cell_len(left) <= min(WIDEST_LEFT, width // 4)
    margin = cell_len(left) + 1 if is_short else FURTHER_IN
    if left and not is_short:
        yield Text(left)
    rights = [characters.fit(" ".join(formula_text(working.formula(line.right)))) for line in working.lines]
    asides = [words(line) for line in working.lines]
    with_aside = [cell_len(right) for right, aside in zip(rights, asides, strict=True) if aside]
    column = max(with_aside, default=0)
    for number, (line, right, aside) in enumerate(zip(working.lines, rights, asides, strict=True)):
        front = left if number == 0 and is_short else ""
        further = " " * FURTHER_IN if line.sign in ("+", "-") else ""
        lead = f"{front}{' ' * (margin - cell_len(front))}{further}{characters.fit(line.sign)} "
        pieces = _broken(right, max(width - cell_len(lead), 1), cell_len(aside) + len(GAP) if aside else 0)
        for position, piece in enumerate(pieces):
            made = Text((lead if position == 0 else " " * (margin + FURTHER_IN)) + piece.rstrip())
            if aside and position == len(pieces) - 1:
                fits = len(pieces) == 1 and cell_len(lead) + column + len(GAP) + cell_len(aside) <= width
                if fits:
                    made.append(" " * (column - cell_len(right)))
                if made.cell_len + len(GAP) + cell_len(aside) > width:
                    # Not even behind the last piece is there room for it.
                    yield made
                    made = Text(" " * (margin + FURTHER_IN - len(GAP)))
                made.append(GAP + aside, "dim")
            yield made


def _broken(right: str, width: int, reserved: int) -> list[str]:
    """A sum in lines, broken in front of its signs, with room for what stands behind the last."""
    if cell_len(right) + reserved <= width:
        return [right]
    lines = [""]
    for part in _summands(right):
        if lines[-1] and cell_len(lines[-1]) + cell_len(part) + reserved > width:
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    return [piece for line in lines for piece in wrap_formula(line, width)]


def _summands(right: str) -> list[str]:
    """The sum cut in front of each sign that stands between blanks outside of parentheses; of what is within, none."""
    depth, start, parts = 0, 0, []
    for place, letter in enumerate(right):
        depth += (letter in "([") - (letter in ")]")
        if depth <= 0 and right[place : place + 3] in (" + ", " - "):
            parts.append(right[start:place])
            start = place
    return [*parts, right[start:]]


def matrix_rows(row: MatrixRow, width: int, characters: Characters, shorten: bool) -> Iterator[tuple[Text, ...]]:
    """Blocks of lines that stand side by side, as many as fit, one tuple for each line.

    Of a matrix that is wider than the page, columns in the middle are left out where `shorten` allows it.
    """
    waiting: list[list[Text]] = []
    used = 0
    for number, item in enumerate(row.items):
        block = (
            [Text(characters.fit(" ".join(formula_text(row.formula(item)))))]
            if isinstance(item, str)
            else _fitting(item, row, characters, width - LONGEST_SIGN if shorten else inf)
        )
        wide = max(cell_len(line.plain) for line in block)
        if waiting and used + len(GAP) + wide > width:
            # A sign goes down with the matrix behind it.
            sign = waiting.pop() if len(waiting) > 1 and isinstance(row.items[number - 1], str) else None
            yield from _side_by_side(waiting)
            waiting = [] if sign is None else [sign]
            used = sum(max(cell_len(line.plain) for line in one) for one in waiting)
        used += wide + (len(GAP) if waiting else 0)
        waiting.append(block)
    yield from _side_by_side(waiting)


def _fitting(matrix: Matrix, row: MatrixRow, characters: Characters, width: float) -> list[Text]:
    """The matrix, with as many of its columns as fit: the first ones and, where there is room, the last."""
    block = _matrix(matrix, row, characters)
    kept = [column for column in range(len(matrix.rows[0])) if any(line[column] is not None for line in matrix.rows)]
    while len(kept) > 1 and max(cell_len(line.plain) for line in block) > width:
        del kept[-2 if len(kept) > 2 else -1]
        places: list[int | None] = [*kept[:-1], None, kept[-1]] if len(kept) > 1 else [*kept, None]
        lines = tuple(tuple(None if place is None else line[place] for place in places) for line in matrix.rows)
        known = matrix.column_labels
        labels = tuple(None if place is None else known[place] for place in places) if known else ()
        narrow = replace(matrix, rows=lines, column_labels=labels)
        block = _matrix(narrow, row, characters)
    return block


def _matrix(matrix: Matrix, row: MatrixRow, characters: Characters) -> list[Text]:
    """The caption and the matrix below it."""
    caption = (
        [Text(characters.fit(" ".join(formula_text(row.formula(matrix.caption)))), LABEL)] if matrix.caption else []
    )
    cells = [cell for line in matrix.rows for cell in line if cell is not None]
    style = choose_style([cell.number for cell in cells])[-1]
    across, down = characters.fit(GAP_COLUMN), characters.fit(GAP_ROW)

    def write(cell: Cell | None, line: Sequence[Cell | None]) -> Written:
        if cell is not None:
            return write_cell(cell, style, characters)
        return Written(down if all(other is None for other in line) else across, "", LABEL)

    written = [[write(cell, line) for cell in line] for line in matrix.rows]
    columns = [across if label is None else label for label in matrix.column_labels] or [""] * len(written[0])
    rows = [down if label is None else label for label in matrix.row_labels]
    frame = Frame(rows, columns, measure([written], columns), characters)
    lines = list(frame.lines(written, range(len(columns))))
    if matrix.row_labels or matrix.column_labels:
        return [*caption, *lines]
    # Without labels there is nothing for the head to say; bars at the sides hold the numbers together.
    bar = characters.fit("│")
    inner = lines[HEADER_LINES:]
    wide = max(cell_len(line.plain) for line in inner)
    barred = [Text(f"{bar} ", LABEL).append_text(_padded(line, wide)).append(f" {bar}", LABEL) for line in inner]
    return [*caption, *barred]


def _padded(line: Text, width: int) -> Text:
    made = Text(style="")
    made.append_text(line)
    made.append(" " * (width - cell_len(line.plain)))
    return made


def _side_by_side(blocks: Sequence[Sequence[Text]]) -> Iterator[tuple[Text, ...]]:
    """The lines of several blocks; a sign stands at half the height of its neighbours."""
    height = max(map(len, blocks))
    for number in range(height):
        cells = []
        for block in blocks:
            top = height // 2 if len(block) == 1 and height > 1 else 0
            line = block[number - top] if 0 <= number - top < len(block) else Text()
            wide = max(cell_len(one.plain) for one in block)
            cells.append(_padded(line, wide))
        yield tuple(cells)
