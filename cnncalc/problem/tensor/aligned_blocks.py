"""Text blocks whose columns are aligned to the right, so that the first line may be indented furthest.

    conv_1: |
       -22  -22
       100   98
      -100    8

YAML takes the first line for the measure and the third for the end of the block. In a row of numbers nothing hangs on
the blanks in front of it.
"""

from collections.abc import Sequence

from cnncalc.problem.text.pattern import pattern

_HEADER = pattern(r"(?P<lead> *(?:- +)*)(?P<key>[^\s#'\"\[{|-][^#|]*: +|['\"][^'\"]*['\"] *: +)?\|[-+]?\s*(?:#.*)?")
_KEY = pattern(r":(?:\s|$)")


def aligned_left(text: str) -> str:
    """The text with the rows of such blocks in one column; every line stays where it is."""
    if "|" not in text:
        return text
    lines = text.split("\n")
    at = 0
    while at < len(lines):
        header = _HEADER.fullmatch(lines[at]) if "|" in lines[at] else None
        at += 1
        if header is None or not (header["key"] or "-" in header["lead"]):
            continue
        parent = len(header["lead"]) if header["key"] else header["lead"].rindex("-")
        end = _end(lines, at, parent)
        depth = _depth(lines[at:end])
        if depth is not None:
            lines[at:end] = [" " * depth + line.lstrip(" ") for line in lines[at:end]]
        at = end
    return "\n".join(lines)


def _end(lines: Sequence[str], start: int, parent: int) -> int:
    """Where the block is over: at the first line that is indented no further than what it belongs to, or at a comment.

    A comment is indented less than the first line; further on the right it is a row like any other.
    """
    first: int | None = None
    for at in range(start, len(lines)):
        if not lines[at].strip():
            continue
        indent = _indent(lines[at])
        first = indent if first is None else first
        if indent <= parent or (indent < first and lines[at][indent] == "#"):
            return at
    return len(lines)


def _depth(block: Sequence[str]) -> int | None:
    """The indentation that all lines have; None where the first has no more of it, or another line looks like a key."""
    written = [line for line in block if line.strip()]
    if not written:
        return None
    first, least = _indent(written[0]), min(map(_indent, written))
    outside = [line for line in written if _indent(line) < first]
    return least if outside and not any(map(_KEY.search, outside)) else None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
