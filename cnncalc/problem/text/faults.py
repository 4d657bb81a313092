"""What is wrong with a file of the user's: where, what, and what to write instead."""

from collections.abc import Iterable
from typing import NamedTuple

from cnncalc.records import dataclass
from cnncalc.visible import shown_path, visible


class Place(NamedTuple):
    """A stretch of one line of a file; line and column count from 1, in characters."""

    line: int
    column: int
    length: int = 1


@dataclass(frozen=True)
class Fault:
    """One fault: the message says what is the matter, the remedy what to write instead."""

    message: str
    remedy: str
    place: Place | None = None

    @property
    def line(self) -> int | None:
        """The line, from 1; None where the fault is the file's as a whole."""
        return self.place.line if self.place else None

    @property
    def column(self) -> int | None:
        """The column, from 1."""
        return self.place.column if self.place else None


class FaultyFile(Exception):
    """Every fault of one file at once, in the order of their places."""

    def __init__(self, faults: Iterable[Fault], source: str = "<text>", text: str = "") -> None:
        unique = dict.fromkeys(faults)
        self.faults: tuple[Fault, ...] = tuple(
            sorted(unique, key=lambda f: (f.place is not None, f.place or Place(0, 0)))
        )
        self.source = source
        # A file of millions of lines is not cut further than its last fault.
        last = max((fault.line or 0 for fault in self.faults), default=0)
        self.lines = text.split("\n", last)[:last]
        super().__init__(self.report())

    def report(self) -> str:
        """All faults as text: `file:line:column: message`, the line with a caret, the remedy."""
        return "\n".join(self._show(fault) for fault in self.faults)

    def _show(self, fault: Fault) -> str:
        from cnncalc.problem.text.excerpt import excerpt

        source, message, remedy = shown_path(self.source), visible(fault.message), visible(fault.remedy)
        if fault.place is None:
            return f"{source}: {message}\n    {remedy}"
        head = f"{source}:{fault.place.line}:{fault.place.column}: {message}"
        return "\n".join([head, *excerpt(self.lines, fault.place), f"    {remedy}"])


class ProblemError(FaultyFile):
    """A problem file that cannot be read or solved."""


class AnswerError(FaultyFile):
    """An answers file that cannot be read."""
