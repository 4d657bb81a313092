"""What a layer does to an image, drawn in grids: a pool, stamps, the receptive field of a cell, shaded maps."""

from collections.abc import Mapping, Sequence
from itertools import product
from string import ascii_lowercase

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Element
from cnncalc.explaining import entries
from cnncalc.language import Phrase, verbatim
from cnncalc.layers.base import Entry, Index
from cnncalc.layers.evaluate import value
from cnncalc.layers.pools import MaxPool
from cnncalc.layers.windows.axis import Pair
from cnncalc.lessons.lesson import IMAGE_RANK
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.drawing.grid import Grid, Write, side_by_side, texts
from cnncalc.scene import Scene

TITLE = Phrase("The windows of {made} and what they keep")
TITLE_BACK = Phrase("The way of the gradient to {made}")
WINNERS = Phrase("a letter for each window, at its largest element (shaded) and at the output")
SHARES = Phrase("a letter for each window, at all cells that count in it (shaded) and at the output")
WINNERS_BACK = Phrase("the gradient of each window goes to the cell with its letter (shaded); all others get 0")
SHARES_BACK = Phrase("the gradient of each window is shared by the cells with its letter (shaded)")
MOST_WINDOWS, MOST_CELLS, MOST_CHANNELS = 16, 8, 3
STAMPS = Phrase("The stamps that add up to {made}")
STAMPS_LEGEND = Phrase(
    "each element of the input times the kernel, laid where it falls on the output (thick); empty: no share"
)
STAMP = Phrase("{x} · kernel")
MOST_STAMPS = 4
FIELD = Phrase("What one cell of {made} sees, down to the input")
FIELD_LEGEND = Phrase(
    "from right to left: one cell of {made}, and what it sees (shaded, framed), first channel of each; in the input"
    " {rows}×{columns} cells"
)
MOST_IN_FIELD = 10
FEWEST_WINDOWS = 2
"""Layers with a window on the way, from which on the field is more than one window."""
SHADED = Phrase("{tensor}, shaded by sign and size")
SHADED_LEGEND = Phrase(
    "grey: above 0; hatched: below 0; the darker, the nearer to the largest magnitude in {tensor}, {largest}"
)
MOST_SHADED, MOST_MAPS = 12, 6
FEWEST_CELLS = 3
"""Rows or columns from which on a pattern is seen."""


def pool(scene: Scene, local: str, made: str, captions: Mapping[str, str], write: Write) -> Drawing | None:
    """Of y or of dx, for the first channels of the first sample; None where it is too large to be read.

    `captions` are the names of x, y, g and dx.
    """
    layer, image = scene.layer, scene["x"].shape[1:]
    outputs = list(np.ndindex(*scene["y"].shape[2:]))
    if max(image[1:]) > MOST_CELLS or image[0] > MOST_CHANNELS or len(outputs) > MOST_WINDOWS:
        return None
    is_back, keeps_largest = local == "dx", isinstance(layer, MaxPool)
    groups: list[list[Grid | str]] = []
    for channel in range(image[0]):
        letters = dict(zip(outputs, ascii_lowercase, strict=False))
        tags: dict[Pair, str] = {}
        for place in np.ndindex(*image[1:]):
            read = entries(layer.terms("dx", (0, channel, *place), scene.numbers, scene.tensors))
            if found := [letters[entry.index[2], entry.index[3]] for entry in read]:
                tags[place] = "".join(found)
        shades = dict.fromkeys(tags, 0.2)
        bold = tags if keeps_largest else ()
        inner, outer = ("dx", "g") if is_back else ("x", "y")

        def caption(local: str, channel: int = channel) -> Phrase:
            number = f"[{channel + scene.index_base}]" if image[0] > 1 else ""
            return verbatim(captions[local] + number)

        wide = Grid(texts(scene[inner][0, channel], write), caption(inner), shades=shades, bold=bold, tags=tags)
        narrow = Grid(texts(scene[outer][0, channel], write), caption(outer), tags=letters)
        groups.append([narrow, "→", wide] if is_back else [wide, "→", narrow])
    title = (TITLE_BACK if is_back else TITLE).format(made=made)
    legend = {False: (SHARES, WINNERS), True: (SHARES_BACK, WINNERS_BACK)}[is_back][keeps_largest]
    return side_by_side(groups, title, legend)


def stamps(scene: Scene, made: str, inputs: Mapping[Index, str], write: Write) -> Drawing | None:
    """Of the first output channel of the first sample; None where it is too large. `inputs` names elements of x."""
    y = scene["y"][0, 0]
    if max(y.shape) > MOST_CELLS:
        return None
    shares: dict[Index, dict[Pair, Element]] = {}
    for row, column in np.ndindex(*y.shape):
        for term in scene.layer.terms("y", (0, 0, row, column), scene.numbers, scene.tensors):
            read = next((one for one in term.factors if isinstance(one, Entry) and one.tensor == "x"), None)
            if read is not None:
                shares.setdefault(read.index, {})[row, column] = value([term], scene.numbers, scene.tensors)
    places = sorted(shares)
    shown: Sequence[Index | None] = places
    if len(places) > MOST_STAMPS:
        shown = [*places[: MOST_STAMPS - 2], None, places[-1]]
    parts: list[Grid | str] = []
    for place in shown:
        if place is None:
            parts += ["⋯", "+"]
            continue
        share = shares[place]
        rows, columns = zip(*share, strict=True)
        texts = [[write(share[at]).plain if (at := (i, j)) in share else "" for j in range(y.shape[1])]
                 for i in range(y.shape[0])]  # fmt: skip
        frame = (min(rows), min(columns)), (max(rows), max(columns))
        parts += [Grid(texts, STAMP.format(x=inputs[place]), shades=dict.fromkeys(share, 0.2), frames=[frame]), "+"]
    if "bias" in scene:
        parts += [write(scene["bias"][0]).plain, "+"]
    numbers = [[write(element) for element in row] for row in y]
    is_rounded = any(number.rounded or number.decimal is not None for row in numbers for number in row)
    whole = Grid([[number.plain for number in row] for row in numbers], verbatim(made))
    return side_by_side([[*parts[:-1], "≈" if is_rounded else "=", whole]], STAMPS.format(made=made), STAMPS_LEGEND)


def field(scene: Scene, made: str, write: Write) -> Drawing | None:
    """Of a cell in the middle; None where it sees nothing, an image is too large, ways branch, or windows are few."""
    high, wide = scene["y"].shape[2:]
    seen = [((high - 1) // 2,) * 2, ((wide - 1) // 2,) * 2]
    parts: list[Grid | str] = [_grid(scene, "y", seen, write)]
    windows = 0
    at: Scene | None = scene
    while at is not None:
        x = at["x"]
        if x.ndim != IMAGE_RANK or len(at.taken()) > len(at.parameters()) + 1 or max(x.shape[2:]) > MOST_IN_FIELD:
            return None
        reach = at.reach()
        if reach is not None:
            windows += 1
            seen = [one.seen(*interval) for one, interval in zip(reach, seen, strict=True)]
            seen = [(max(0, low), min(size - 1, last)) for (low, last), size in zip(seen, x.shape[2:], strict=True)]
            if any(low > last for low, last in seen):
                return None
        elif at.layer.sees_all or x.shape != at["y"].shape:
            return None
        parts = [_grid(at, "x", seen, write), "→", *parts]
        at = at.before
    if windows < FEWEST_WINDOWS:
        return None
    rows, columns = (last - low + 1 for low, last in seen)
    return side_by_side([parts], FIELD.format(made=made), FIELD_LEGEND.format(made=made, rows=rows, columns=columns))


def _grid(scene: Scene, local: str, seen: Sequence[Pair], write: Write) -> Grid:
    (top, bottom), (left, right) = seen
    cells = [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]
    frame = (top, left), (bottom, right)
    caption = verbatim(scene.names[local])
    return Grid(texts(scene[local][0, 0], write), caption, shades=dict.fromkeys(cells, 0.3), frames=[frame])


def heat(numbers: Arithmetic, maps: Array, captions: Sequence[str], tensor: str, write: Write) -> Drawing | None:
    """Of (C, H, W) the maps side by side; None where they are too large to be read, or nothing in them is seen."""
    values = numbers.to_float(maps)
    largest = float(np.abs(values).max(initial=0))
    is_readable = FEWEST_CELLS <= max(maps.shape[1:]) <= MOST_SHADED and len(maps) <= MOST_MAPS
    if not (is_readable and np.isfinite(values).all() and largest):
        return None
    grids = []
    for matrix, shown, caption in zip(maps, values, captions, strict=True):
        places = product(range(matrix.shape[0]), range(matrix.shape[1]))
        shades = {place: float(shown[place]) / largest for place in places}
        grids.append([Grid(texts(matrix, write), verbatim(caption), shades=shades)])
    at = np.unravel_index(int(np.abs(values).argmax()), values.shape)
    size = write(maps[at]).plain.removeprefix("-")
    return side_by_side(grids, SHADED.format(tensor=tensor), SHADED_LEGEND.format(tensor=tensor, largest=size))
