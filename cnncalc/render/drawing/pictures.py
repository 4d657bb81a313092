"""What a layer does to an image, in grids: a kernel sliding over it, a pool, stamps, receptive fields, shaded maps."""

from collections.abc import Callable, Mapping, Sequence
from itertools import product
from string import ascii_lowercase

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Element
from cnncalc.explaining import entries
from cnncalc.language import NOTHING, Phrase, verbatim
from cnncalc.layers.base import Entry, Index
from cnncalc.layers.evaluate import value
from cnncalc.layers.pools import MaxPool
from cnncalc.layers.windows.axis import Axis, Pair
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.lessons.lesson import IMAGE_RANK
from cnncalc.records import Record
from cnncalc.render.drawing.drawing import Drawing, Item, Text
from cnncalc.render.drawing.grid import GAP, HEIGHT, SIZE, SMALL, WIDEST, Grid, Write, phrase_width, side_by_side, texts
from cnncalc.step import Scene

FORWARD = Phrase("The window of {made} at {count} positions")
BACK = Phrase("The {kernel} of {made} over the gradient, at {count} positions")
LEGEND = Phrase("thick: the window{padding}; below: kernel times input, cell by cell, and their sum")
LEGEND_BACK = Phrase("above: the gradient{zeros}; thick: where the {kernel} lies; below: their products and their sum")
PADDING = Phrase("; dashed: padding")
ZEROS = Phrase(", dashed: zeros put in")
KERNEL = {True: Phrase("turned kernel"), False: Phrase("kernel")}
"""By whether turning it makes a difference, and it was not turned forward already."""
SUM = Phrase("channel {c}: {sum}")
SUM_BACK = Phrase("output channel {c}: {sum}")
MOST_CELLS_SLID_OVER = 10
"""Rows and columns of an image, with its zeros, and channels that are drawn."""
MOST_CHANNELS = 3
HIGHEST = 560.0
"""Points that a page is high, less the text above a picture; of what is higher the first positions are drawn."""


class Slide(Record):
    """What slides over what, for one channel of the first sample of what is made."""

    numbers: Arithmetic
    images: Sequence[Array]
    filler: Booleans
    """Which cells of the images are zeros that were put in."""
    kernels: Sequence[Array]
    """One for each image, as it lies on it."""
    dilation: Pair
    corner: Callable[[Pair], Pair]
    """The cell of the images on which the kernel's first lies, by the output's."""
    result: Array
    bias: Element | None
    title: Phrase
    legend: Phrase
    kernel: Phrase
    """What it is called in both."""
    sum: Phrase
    base: int

    @property
    def outputs(self) -> list[Pair]:
        """The first, one in the middle and the last."""
        high, wide = self.result.shape
        return list(dict.fromkeys(((0, 0), ((high - 1) // 2, wide // 2), (high - 1, wide - 1))))


def forward(at: Convolution) -> Slide:
    """The kernel of the first output channel over the input."""
    axes = at.window.rows, at.window.columns
    bias = at.scene["bias"][0] if "bias" in at.scene else None
    said = FORWARD, LEGEND, KERNEL[False], SUM
    return _with_padding(at.scene, axes, at.x[0, : at.inputs], at.laid[0], at.scene["y"][0, 0], bias, said)


def back_through_stamps(scene: Scene) -> Slide:
    """Of a transposed convolution: the kernel that its first input channel stamps, over the gradient as it stands."""
    axes = [one.axis for one in scene.reach() or ()]
    kernels, said = scene["weight"][0], (BACK, LEGEND_BACK, KERNEL[False], SUM_BACK)
    return _with_padding(scene, axes, scene["g"][0, : len(kernels)], kernels, scene["dx"][0, 0], None, said)


def _with_padding(
    scene: Scene, axes: Sequence[Axis], channels: Array, kernels: Array, result: Array, bias: Element | None,
    said: tuple[Phrase, Phrase, Phrase, Phrase],
) -> Slide:  # fmt: skip
    """The windows of two axes over some channels of an image, which get the zeros around them that are read."""
    firsts = [min(0, int(axis.positions().min())) for axis in axes]
    sizes = [max(axis.size, int(axis.positions().max()) + 1) - first for axis, first in zip(axes, firsts, strict=True)]
    real = tuple(slice(-first, axis.size - first) for axis, first in zip(axes, firsts, strict=True))
    images, filler = scene.numbers.zeros((len(channels), *sizes)), np.ones(sizes, dtype=bool)
    images[:, *real], filler[real] = channels, False

    def corner(output: Pair) -> Pair:
        row, column = (int(axis.positions()[i, 0]) - first for axis, i, first in zip(axes, output, firsts, strict=True))
        return row, column

    dilation = axes[0].dilation, axes[1].dilation
    return Slide(
        scene.numbers, list(images), filler, list(kernels), dilation, corner, result, bias, *said, scene.index_base
    )


def back(at: Convolution) -> Slide:
    """The kernels that the first input channel goes through, turned, over the gradient of each output channel."""
    padded = at.matrices.delta_padded(at.scene["g"])[0, : at.outputs]
    kernel = KERNEL[at.turns and not at.layer.flip]
    kernels = list(at.laid[: at.outputs, 0, ::-1, ::-1])
    return Slide(
        at.numbers, list(padded), at.matrices.filler_of_delta(), kernels, at.window.dilations, lambda output: output,
        at.scene["dx"][0, 0], None, BACK, LEGEND_BACK, kernel, SUM_BACK, at.base,
    )  # fmt: skip


def window(slide: Slide, made: str, write: Write, name: Callable[[Pair], str]) -> Drawing | None:
    """A picture of it; None where it is too large to be read. `name` is that of an element of what is made."""
    if max(slide.filler.shape) > MOST_CELLS_SLID_OVER or len(slide.images) > MOST_CHANNELS:
        return None
    panels = [_Panel(slide, output, write, name(output)) for output in slide.outputs]
    width = max(panel.width for panel in panels)
    if width > WIDEST:
        return None
    beside = max(1, int((WIDEST + GAP) // (width + GAP)))
    high = panels[0].height
    if high > HIGHEST:
        return None
    panels = panels[: beside * int((HIGHEST + GAP) // (high + GAP))]
    items: list[Item] = []
    for number, panel in enumerate(panels):
        down, across = divmod(number, beside)
        items += panel.items(across * (width + GAP), down * (high + GAP))
    bottom = -(-len(panels) // beside) * (high + GAP)
    has_zeros = slide.filler.any()
    put_in = {"padding": PADDING if has_zeros else NOTHING, "zeros": ZEROS if has_zeros else NOTHING}
    legend = slide.legend.format(kernel=slide.kernel, **put_in)
    items.append(Text(0, bottom + HEIGHT / 2, legend, "start", SMALL))
    right = max(min(len(panels), beside) * (width + GAP), phrase_width(legend, SMALL))
    title = slide.title.format(made=made, count=len(panels), kernel=slide.kernel)
    return Drawing(right, bottom + HEIGHT, tuple(items), title)


class _Panel:
    """One position: for each channel the image and the products, then all sums."""

    def __init__(self, slide: Slide, output: Pair, write: Write, name: str) -> None:
        self.parts: list[tuple[Grid, Grid, Phrase]] = []
        sums = []
        top, left = slide.corner(output)
        high, wide = slide.kernels[0].shape
        under = {(top + p * slide.dilation[0], left + q * slide.dilation[1]): (p, q) for p, q in np.ndindex(high, wide)}
        fillers = {(row, column) for row, column in np.argwhere(slide.filler).tolist()}
        frame = (top, left), max(under)
        for c, (image, kernel) in enumerate(zip(slide.images, slide.kernels, strict=True)):
            products = [["" for _ in range(wide)] for _ in range(high)]
            total = slide.numbers.number(0)
            for place, (p, q) in under.items():
                products[p][q] = f"{_factor(write(kernel[p, q]).plain)}·{_factor(write(image[place]).plain)}"
                if place not in fillers:
                    total = total + kernel[p, q] * image[place]
            sums.append(write(total))
            shades = dict.fromkeys(under, 0.2)
            grid = Grid(texts(image, write), fillers=fillers, shades=shades, frames=[frame])
            label = slide.sum.format(c=c + slide.base, sum=write(total).plain)
            self.parts.append((grid, Grid(products), label))
        if slide.bias is not None:
            sums.append(write(slide.bias))
        value = write(slide.result[output])
        plain = [one.plain for one in (*sums, value)]
        is_rounded = any(one.rounded or (one.decimal is not None and one.decimal_rounded) for one in (*sums, value))
        sign = "≈" if is_rounded else "="
        added = " + ".join([plain[0], *map(_factor, plain[1:-1])])
        self.total = verbatim(f"{name} {sign} {added}" + (f" {sign} {plain[-1]}" if len(sums) > 1 else ""))
        lines = [self.total, *(label for *_, label in self.parts)]
        grids = [grid for *both, _ in self.parts for grid in both]
        self.width = max(*(grid.width for grid in grids), *(phrase_width(line, SIZE) for line in lines))
        self.height = sum(image.height + products.height + HEIGHT + GAP for image, products, _ in self.parts) + HEIGHT

    def items(self, left: float, top: float) -> list[Item]:
        """Everything, from its upper left corner."""
        items: list[Item] = []
        for image, products, label in self.parts:
            items += image.items(left, top)
            top += image.height + GAP / 2
            items += products.items(left, top)
            top += products.height
            items.append(Text(left, top + HEIGHT / 2, label, "start", SIZE))
            top += HEIGHT + GAP / 2
        items.append(Text(left, top + HEIGHT / 2, self.total, "start", SIZE, bold=True))
        return items


def _factor(text: str) -> str:
    """A number behind a sign: one with a minus of its own in parentheses."""
    return f"({text})" if text.startswith("-") else text


TITLE = Phrase("The windows of {made} and what they keep")
TITLE_BACK = Phrase("The way of the gradient to {made}")
WINNERS = Phrase("a letter for each window, at its largest element (shaded) and at the output")
SHARES = Phrase("a letter for each window, at all cells that count in it (shaded) and at the output")
WINNERS_BACK = Phrase("the gradient of each window goes to the cell with its letter (shaded); all others get 0")
SHARES_BACK = Phrase("the gradient of each window is shared by the cells with its letter (shaded)")
MOST_WINDOWS, MOST_CELLS = 16, 8
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


def receptive_field(scene: Scene, made: str, write: Write) -> Drawing | None:
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
