"""Finds the place in the file of a piece of a scalar: a cell of a text block, a matrix in LaTeX."""

from collections.abc import Callable

from cnncalc.problem.text.faults import Place
from cnncalc.problem.text.nodes import Scalar


class Places:
    """Places within the scalars of one text, worked out only when a fault needs one."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._cut: list[str] | None = None

    def _lines(self) -> list[str]:
        if self._cut is None:
            self._cut = self._text.split("\n")
        return self._cut

    def in_rows(self, node: Scalar) -> Callable[[int, int, int], Place]:
        """Places by row and column (from 0) and length, within a text block."""
        rows: list[str] = []

        def locate(row: int, column: int, length: int) -> Place:
            lines = self._lines()
            at = node.line + row  # from 0: the block begins in the line after its `|`
            if node.style != "|" or at >= len(lines):
                return node.place
            if not rows:
                rows.extend(node.text.split("\n"))
            return Place(at + 1, len(lines[at]) - len(rows[row]) + column + 1, length)

        return locate

    def in_text(self, node: Scalar) -> Callable[[int, int], Place]:
        """Places by offset and length, as near as can be told."""
        in_rows = self.in_rows(node)

        def locate(offset: int, length: int) -> Place:
            if node.style == "|":
                row = node.text.count("\n", 0, offset)
                return in_rows(row, offset - (node.text.rfind("\n", 0, offset) + 1), length)
            lines = self._lines()
            line = lines[node.line - 1] if node.line <= len(lines) else ""
            begin = node.column - 1 + (1 if node.style else 0)
            if line.startswith(node.text[: offset + length], begin):
                return Place(node.line, begin + offset + 1, length)
            return node.place

        return locate
