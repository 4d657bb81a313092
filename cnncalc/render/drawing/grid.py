"""Matrices as pictures: cells with their numbers, shaded, framed, tagged, side by side in lines."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import field
from functools import cached_property
from itertools import accumulate
from typing import TypeAlias

from cnncalc.arithmetic.base import Array, Element
from cnncalc.language import NOTHING, Language, Phrase, verbatim
from cnncalc.layers.windows.axis import Pair
from cnncalc.records import Record
from cnncalc.render.drawing.drawing import Box, Drawing, Item, Text, text_width
from cnncalc.render.table.number import Number

LANGUAGES: tuple[Language, ...] = ("en", "zh")
SIZE, SMALL = 8.0, 7.0
HEIGHT = 13.0
GAP = 12.0
WIDEST = 480.0
"""Points of a line of grids."""
MARGIN, TAG_MARGIN = 5.0, 4.0
"""Points beside a number, and beside a letter in front of it, both sides together."""
Write: TypeAlias = Callable[[Element], Number]
"""How an element is written."""


class Grid(Record):
    """A matrix of texts; `tags` are letters at the left of cells, `frames` thick boxes from one cell to another."""

    texts: Sequence[Sequence[str]]
    caption: Phrase = NOTHING
    fillers: Collection[Pair] = ()
    """Cells that are no part of the tensor, drawn dashed."""
    shades: Mapping[Pair, float] = field(default_factory=dict)
    """From -1 to 1."""
    bold: Collection[Pair] = ()
    frames: Sequence[tuple[Pair, Pair]] = ()
    tags: Mapping[Pair, str] = field(default_factory=dict)

    @cached_property
    def edges(self) -> list[float]:
        """Where each column begins, and where the last one ends."""
        widths = [HEIGHT] * len(self.texts[0])
        for (row, column), text in self._cells():
            place = (row, column)
            needs = text_width(text, SIZE, place in self.bold) + MARGIN + self._tag(place)
            widths[column] = max(widths[column], needs)
        return [0.0, *accumulate(widths)]

    @property
    def width(self) -> float:
        """Points, the caption included."""
        return max(self.edges[-1], phrase_width(self.caption, SIZE))

    @property
    def height(self) -> float:
        """Points, the caption included."""
        return HEIGHT * (len(self.texts) + (self.caption is not NOTHING))

    def items(self, left: float, top: float) -> list[Item]:
        """Everything, from its upper left corner."""
        items: list[Item] = []
        if self.caption is not NOTHING:
            items.append(Text(left, top + HEIGHT / 2, self.caption, "start", SIZE))
            top += HEIGHT
        for place, text in self._cells():
            x, y = left + self.edges[place[1]], top + place[0] * HEIGHT
            wide, shade = left + self.edges[place[1] + 1] - x, self.shades.get(place, 0.0)
            items.append(Box(x, y, wide, HEIGHT, dashed=place in self.fillers, shade=shade))
            if tag := self.tags.get(place):
                items.append(Text(x + 2, y + HEIGHT / 2, verbatim(tag), "start", SMALL))
            middle = x + (wide + self._tag(place)) / 2
            items.append(Text(middle, y + HEIGHT / 2, verbatim(text), size=SIZE, bold=place in self.bold))
        for (row, column), (last_row, last_column) in self.frames:
            x, y = left + self.edges[column], top + row * HEIGHT
            wide, high = left + self.edges[last_column + 1] - x, (last_row - row + 1) * HEIGHT
            items.append(Box(x, y, wide, high, thick=True))
        return items

    def _tag(self, place: Pair) -> float:
        tag = self.tags.get(place)
        return text_width(tag, SMALL) + TAG_MARGIN if tag else 0.0

    def _cells(self) -> list[tuple[Pair, str]]:
        return [((row, column), text) for row, line in enumerate(self.texts) for column, text in enumerate(line)]


def side_by_side(groups: Sequence[Sequence[Grid | str]], title: Phrase, legend: Phrase) -> Drawing | None:
    """Groups of grids and signs between them, in lines that fit a page, the legend below.

    No group is torn apart that fits a line; None where a single grid does not.
    """
    items: list[Item] = []
    left = top = high = right = 0.0
    for group in groups:
        widths = [part.width if isinstance(part, Grid) else text_width(part, SIZE) for part in group]
        if max(widths) > WIDEST:
            return None
        needs = sum(widths) + GAP * (len(widths) - 1)
        for number, (part, width) in enumerate(zip(group, widths, strict=True)):
            if left and left + (width if number or needs > WIDEST else needs) > WIDEST:
                left, top, high = 0.0, top + high + GAP, 0.0
            if isinstance(part, Grid):
                items += part.items(left, top)
                high = max(high, part.height)
            else:
                items.append(Text(left, top + max(high, 2 * HEIGHT) / 2, verbatim(part), "start", SIZE))
            right = max(right, left + width)
            left += width + GAP
    bottom = top + high + GAP
    items.append(Text(0, bottom + HEIGHT / 2, legend, "start", SMALL))
    return Drawing(max(right, phrase_width(legend, SMALL)), bottom + HEIGHT, tuple(items), title)


def texts(matrix: Array, write: Write) -> list[list[str]]:
    """The numbers of a matrix, row by row."""
    return [[write(element).plain for element in row] for row in matrix]


def phrase_width(phrase: Phrase, size: float) -> float:
    """About how wide a line is in the wider of the languages."""
    return max(text_width(phrase.text(language), size) for language in LANGUAGES)
