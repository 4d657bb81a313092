"""Sentences broken into lines, in English at blanks and in Chinese between any two characters."""

import re

from rich.cells import cell_len

# A wide character stands alone, with the punctuation that must not begin a line; what is in backquotes stays whole.
_UNIT = re.compile(r"\s+|`[^`]*`[，。；：、）,.;:)]*|[^\s\u2e80-\uffef`]+[，。；：、）]*|.[，。；：、）]*")


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
