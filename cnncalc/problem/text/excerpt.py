"""The line of a fault with a caret below it."""

import unicodedata

from cnncalc.problem.text.faults import Place
from cnncalc.visible import is_visible

_WIDTH = 100
_TAB = 4


def excerpt(lines: list[str], place: Place) -> list[str]:
    """The line with its number and a line of carets; nothing where the file has no such line."""
    if not 1 <= place.line <= len(lines):
        return []
    line = lines[place.line - 1]
    start = min(place.column - 1, len(line))
    # Only a window around the caret is looked at, since a line may be megabytes long.
    first = max(0, start - _WIDTH // 2) if len(line) > _WIDTH else 0
    last = min(len(line), first + _WIDTH)
    before = ("…" if first else "") + _harmless(line[first:start])
    marked = _harmless(line[start : min(start + max(place.length, 1), last)])
    after = _harmless(line[start + max(place.length, 1) : last]) + ("…" if last < len(line) else "")
    gutter = f"{place.line:>5} | "
    carets = " " * _columns(before) + "^" * max(1, _columns(marked))
    return [(gutter + before + marked + after).rstrip(), " " * (len(gutter) - 2) + "| " + carets]


def _harmless(text: str) -> str:
    """Tabs as blanks, and a dot for whatever would move the cursor or be invisible."""
    return "".join(" " * _TAB if c == "\t" else c if is_visible(c) else "·" for c in text)


def _columns(text: str) -> int:
    """How many columns of a terminal the text takes."""
    return sum(_column_count(c) for c in text)


def _column_count(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
