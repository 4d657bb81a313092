"""What is wrong with a file of the user's: where, what, what to write instead; and wording that all faults share."""

import unicodedata
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from cnncalc.language import Language
from cnncalc.records import Record
from cnncalc.visible import is_visible, shown_path, visible

if TYPE_CHECKING:
    from cnncalc.letter_sizes import Letters
import itertools
from collections.abc import Sequence

from cnncalc.visible import LONGEST, shown

SHOWN = 50
GATHERED = 1000
_WIDTH = 100
_TAB = 4


class Place(NamedTuple):
    """A stretch of one line of a file; line and column count from 1, in characters."""

    line: int
    column: int
    length: int = 1


class Fault(Record):
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


Part: TypeAlias = Literal["place", "message", "caret", "remedy"]
Paint: TypeAlias = Callable[[Part, str], str]
"""Puts the colour of a part on its text."""


class UserFault(Exception):
    """What the user has written or asked for cannot be; the message says where and why, and what to do."""


class FaultyFile(UserFault):
    """Every fault of one file at once, in the order of their places."""

    def __init__(self, faults: Iterable[Fault], source: str = "<text>", text: str = "") -> None:
        unique = dict.fromkeys(faults)
        self.faults: tuple[Fault, ...] = tuple(
            sorted(unique, key=lambda f: (f.place is not None, f.place or Place(0, 0)))
        )
        self.source = source
        self.text = text
        # A file of millions of lines is not cut further than its last fault.
        last = max((fault.line or 0 for fault in self.faults), default=0)
        self.lines = text.split("\n", last)[:last]
        super().__init__(self.report())

    def report(self, paint: Paint = lambda part, text: text, language: Language = "en") -> str:
        """All faults as text: `file:line:column: message`, the line with a caret, the remedy.

        `paint` puts colours on a part: place, message, caret, remedy.
        """
        return "\n".join(self._show(fault, paint, language) for fault in self.faults)

    def _show(self, fault: Fault, paint: Paint, language: Language) -> str:
        said = (fault.message, fault.remedy)
        if language == "zh":
            from cnncalc.problem.text.chinese import in_chinese

            said = (in_chinese(fault.message), in_chinese(fault.remedy))
        message, remedy = paint("message", visible(said[0])), paint("remedy", visible(said[1]))
        at = f":{fault.place.line}:{fault.place.column}" if fault.place is not None else ""
        head = f"{paint('place', f'{shown_path(self.source)}{at}')}: {message}"
        if fault.place is None:
            return f"{head}\n    {remedy}"
        lines = excerpt(self.lines, fault.place)
        if lines:
            gutter, _, carets = lines[1].partition("^")
            lines[1] = gutter + paint("caret", f"^{carets}")
        return "\n".join([head, *lines, f"    {remedy}"])


class ProblemError(FaultyFile):
    """A problem file that cannot be read or solved."""


class AnswerError(FaultyFile):
    """An answers file that cannot be read."""


class TooManyFaults(Exception):
    """Raised by the collector when reading on would only cost time."""


class Collector:
    """The faults found so far. It is handed down to every reader."""

    def __init__(self, letters: "Letters | None" = None) -> None:
        """`letters` reads sizes that are letters, where those are taken."""
        self._letters = letters
        self._faults: dict[Fault, None] = {}

    def add(self, message: str, remedy: str, place: Place | None = None) -> "Any | None":
        """Note one fault; raises TooManyFaults when there are more than anybody wants to read.

        It gives None, which a reader returns in place of what it cannot read.
        """
        self._faults[Fault(message, remedy, place)] = None
        if len(self._faults) >= GATHERED:
            raise TooManyFaults
        return None

    def letter(self, text: str, what: str) -> int | None:
        """A size that is a letter; None where it is none, or none are taken."""
        return self._letters.size(text, what) if self._letters is not None else None

    def __len__(self) -> int:
        return len(self._faults)

    def report(self) -> list[Fault]:
        """The faults by place, the first 50 of them, and how many more there are."""
        ordered = sorted(self._faults, key=lambda f: (f.place is not None, f.place or Place(0, 0)))
        rest = ordered[SHOWN:]
        if not rest:
            return ordered
        # One less than all were looked for is not known to be all.
        number = f"at least {len(rest)}" if len(ordered) >= GATHERED else str(len(rest))
        more = Fault(f"and {number} more", "mend the faults above first", rest[0].place)
        return [*ordered[:SHOWN], more]


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


_MOST_COMPARED = 500
_MOST_LISTED = 24
"""The keys of a file, so that a stray one is answered with all of them."""


def quoted(text: str) -> str:
    """The text in quotes, shortened and visible."""
    return f"'{shown(text)}'"


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as people write it: `2×3×3`."""
    return "×".join(map(str, shape)) if shape else "one number"


def listing(names: Iterable[str]) -> str:
    """`a, b or c`."""
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last


def counted(count: int, singular: str, plural: str) -> str:
    """`1 entry`, `3 entries`."""
    return f"{count} {singular if count == 1 else plural}"


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant."""
    if len(word) > LONGEST:  # comparing is quadratic, and nobody misspells at that length
        return None
    near = (name for name in candidates if abs(len(name) - len(word)) <= 4)
    exact = {candidate.casefold(): candidate for candidate in itertools.islice(near, _MOST_COMPARED)}
    plain = word.casefold().replace("-", "_").replace(" ", "_")
    if plain in exact:
        return exact[plain]
    import difflib  # only for a misspelt name

    found = difflib.get_close_matches(plain, list(exact), n=1, cutoff=0.6)
    return exact[found[0]] if found else None


def which_tensor(word: str, names: Sequence[str]) -> str:
    """A hint for a name that no tensor has; where a tensor is used twice by one layer, both parts of its gradient."""
    near = closest(word, names)
    if near is None:
        return f"the tensors are {', '.join(names)}"
    use, _, number = near.rpartition(":")
    alike = [name for name in names if number and use and name.rpartition(":")[0] == use]
    return f"did you mean {listing(alike or [near])}?"


def did_you_mean(word: str, candidates: Iterable[str], read_as_well: Iterable[str] = ()) -> str:
    """A remedy for a name that is none of the candidates, and none of their other names."""
    known = list(candidates)
    near = closest(word, [*known, *read_as_well])
    if near is not None:
        return f"did you mean {near}?"
    if not known:
        return "leave it out"
    more = ", …" if len(known) > _MOST_LISTED else ""
    return f"write {', '.join(known[:_MOST_LISTED])}{more}" if more else f"write {listing(known)}"
