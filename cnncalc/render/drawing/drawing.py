"""A picture of boxes, lines and texts, before it has a format. Lengths are in points, y grows downward."""

from typing import Literal, TypeAlias

from cnncalc.language import NOTHING, Phrase
from cnncalc.records import Record

Anchor = Literal["start", "middle", "end"]
Point: TypeAlias = tuple[float, float]
LARGEST = 630.0, 760.0
"""Points of a drawing that are 7/9 as many on a page."""
LETTER, BOLD = 0.56, 1.2
"""The width of a letter as a part of the size of its type, and what bold type makes of it; a Chinese sign is about
twice as wide."""


class Box(Record):
    """A rectangle; a dashed one is no part of what it stands beside. `shade` is from -1 to 1: below 0 it is hatched."""

    x: float
    y: float
    width: float
    height: float
    dashed: bool = False
    thick: bool = False
    shade: float = 0.0
    round: bool = False


class Text(Record):
    """One line; y is its middle."""

    x: float
    y: float
    text: Phrase
    anchor: Anchor = "middle"
    size: float = 10.0
    bold: bool = False


class Arrow(Record):
    """A line through some points, with a head at the last; a dashed one is the way of a gradient."""

    points: tuple[Point, ...]
    dashed: bool = False


Item: TypeAlias = Box | Text | Arrow


class Drawing(Record):
    """All of it, in the order in which it is drawn; `title` says what it shows to whom it cannot be shown."""

    width: float
    height: float
    items: tuple[Item, ...]
    title: Phrase = NOTHING
    mermaid: Phrase = NOTHING
    """The same as text for Mermaid, where it is a graph."""

    @property
    def is_legible_on_a_page(self) -> bool:
        """Whether its words are still as large as 7 pt where it is made as small as a page."""
        return self.width <= LARGEST[0] and self.height <= LARGEST[1]


def text_width(text: str, size: float, bold: bool = False) -> float:
    """About how wide a line is."""
    return size * (BOLD if bold else 1) * sum(LETTER if ord(character) < 0x2E80 else 1.0 for character in text)
