"""Cells shaded by sign and size: orange above 0, blue below, which every eye tells apart; the numbers say the same."""

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from math import ceil

from rich.color import Color
from rich.style import Style

from cnncalc.language import Phrase
from cnncalc.render.document import Cell
from cnncalc.render.table.number import Number

LEGEND = Phrase(
    en="Shaded yellow to orange above 0, blue below; the deeper, the nearer to the largest number shown of its tensor.",
    zh="底色：正数为黄至橙色，负数为蓝色；颜色越深，绝对值越接近该张量所显示数中的最大绝对值。",
)
RICH = ((223, 215, 208, 166), (153, 111, 69, 63), 16)
"""Shades above 0 and below in a terminal of 256 colours, from the palest, and black, which is read on all of them."""
POOR = ((11, 11, 3, 3), (14, 14, 6, 6), 0)
"""The same in one of 16: two shades of yellow and of cyan."""


class Heat:
    """The shades of one tensor's cells."""

    def __init__(self, cells: Iterable[Cell], color_system: str) -> None:
        sizes = (value_of(cell.number) for cell in cells)
        self.largest = max((abs(size) for size in sizes if size is not None), default=Decimal(0))
        *shades, black = POOR if color_system == "standard" else RICH
        ink = Color.from_ansi(black)
        self.styles = [[Style(color=ink, bgcolor=Color.from_ansi(shade)) for shade in side] for side in shades]

    def style(self, cell: Cell) -> Style | None:
        """The shade of a cell; None of 0, and of what is no number."""
        value = value_of(cell.number)
        if not value:
            return None
        above, below = self.styles
        return (above if value > 0 else below)[ceil(len(above) * abs(value) / self.largest) - 1]


def value_of(number: Number) -> Decimal | None:
    """About how large it is: of letters, words and infinities nobody knows."""
    try:
        value = Decimal(number.decimal or number.text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None
