"""A kernel sliding over an image at three positions: the image with its zeros, the products below it, their sum.

Forward the kernel slides over the input with its padding; on the way back, turned by 180°, over the gradient with
zeros between its elements (the stride) and around them.
"""

from collections.abc import Callable, Sequence

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Element
from cnncalc.language import NOTHING, Phrase, verbatim
from cnncalc.layers.windows.axis import Axis, Pair
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.records import Record
from cnncalc.render.drawing.drawing import Drawing, Item, Text
from cnncalc.render.drawing.grid import GAP, HEIGHT, SIZE, SMALL, WIDEST, Grid, Write, phrase_width, texts
from cnncalc.scene import Scene

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
MOST_CELLS = 10
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
    if max(slide.filler.shape) > MOST_CELLS or len(slide.images) > MOST_CHANNELS:
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
