"""Sentences and formulas broken into lines: English at blanks, Chinese between any two characters."""

import re
from collections.abc import Sequence

from rich.cells import cell_len

# A wide character stands alone, with the punctuation that must not begin a line; what is in backquotes stays whole.
# Wide characters are those from U+2E80 to U+FFEF; re is slow to compile long ranges, and `[^\u2e80-\uffef]` took 2 ms.
_UNIT = re.compile(
    r"\s+|`[^`]*`[，。；：、）,.;:)]*|(?:(?![\s`])[\x00-\u2e7f\ufff0-\U0010ffff])+[，。；：、）]*|.[，。；：、）]*"
)


def widest_unit(text: str) -> int:
    """Columns that the text needs at least, wherever it is broken."""
    return max((cell_len(unit.rstrip()) for unit in _UNIT.findall(text)), default=0)


def wrap_prose(text: str, width: int) -> list[str]:
    """Lines of at most `width` columns, except where one unit alone is wider."""
    lines, line = [], ""
    for unit in _UNIT.findall(text):
        if line and cell_len(line + unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += unit if line or not unit.isspace() else ""
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def wrap_formula(line: str, width: int) -> list[str]:
    """Break a formula behind blanks and multiplication signs, and elsewhere only where a piece is too wide."""
    pieces = re.findall(r"[^ ·]*[ ·]+|[^ ·]+", line)
    return fill([piece[at : at + width] for piece in pieces for at in range(0, len(piece), width)], width)


def wrap_terms(line: str, width: int) -> list[str]:
    """Break in front of a plus, a minus or an equals sign; a single term that is too wide runs over the edge."""
    return fill(re.findall(r"(?: [-+=] )?(?:(?! [-+=] ).)+", line), width)


def wrap_numbers(line: str, width: int) -> list[str]:
    """Break at blanks alone: a number that is too wide runs over the edge."""
    return fill(re.findall(r" *[^ ]+", line), width)


def fill(pieces: Sequence[str], width: int) -> list[str]:
    """Pieces put into lines of that width; one that is wider by itself runs over the edge."""
    lines = [""]
    for piece in pieces:
        if lines[-1] and cell_len(lines[-1]) + cell_len(piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] or len(lines) == 1 else piece.lstrip()
    return lines
