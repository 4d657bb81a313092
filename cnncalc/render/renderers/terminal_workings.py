"""Workings and rows of matrices as lines for a terminal."""

from collections.abc import Callable, Iterator

from rich.cells import cell_len
from rich.text import Text

from cnncalc.render.builders.prose import wrap_formula
from cnncalc.render.document import Line, Working
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.renderers.characters import Characters

WIDEST_LEFT = 18
"""A longer left side stands on a line of its own."""
FURTHER_IN = 2
GAP = "   "


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
