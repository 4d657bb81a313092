"""Feature maps and gradients shaded by sign and size: grey above 0, hatched below, the deeper the larger."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase, verbatim
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.drawing.grid import Grid, Write, side_by_side, texts

TITLE = Phrase(en="{tensor}, shaded by sign and size", zh="{tensor}，按正负与大小着色")
LEGEND = Phrase(
    en="grey: above 0; hatched: below 0; the darker, the nearer to the largest magnitude in {tensor}, {largest}",
    zh="灰色：大于 0；斜线：小于 0；颜色越深，绝对值越接近 {tensor} 中的最大绝对值 {largest}",
)
MOST_CELLS, MOST_MAPS = 12, 6
FEWEST_CELLS = 3
"""Rows or columns from which on a pattern is seen."""


def heat(numbers: Arithmetic, maps: Array, captions: Sequence[str], tensor: str, write: Write) -> Drawing | None:
    """Of (C, H, W) the maps side by side; None where they are too large to be read, or nothing in them is seen."""
    values = numbers.to_float(maps)
    largest = float(np.abs(values).max(initial=0))
    is_readable = FEWEST_CELLS <= max(maps.shape[1:]) <= MOST_CELLS and len(maps) <= MOST_MAPS
    if not (is_readable and np.isfinite(values).all() and largest):
        return None
    grids = []
    for matrix, shown, caption in zip(maps, values, captions, strict=True):
        places = product(range(matrix.shape[0]), range(matrix.shape[1]))
        shades = {place: float(shown[place]) / largest for place in places}
        grids.append([Grid(texts(matrix, write), verbatim(caption), shades=shades)])
    at = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    size = write(maps[at]).plain.removeprefix("-")
    return side_by_side(grids, TITLE.format(tensor=tensor), LEGEND.format(tensor=tensor, largest=size))
