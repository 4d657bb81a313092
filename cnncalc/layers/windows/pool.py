"""What the pools have in common: their window and its options."""

from abc import abstractmethod
from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from cnncalc.arithmetic.base import Integers
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Setting, Shape, ShapeError, by, option
from cnncalc.layers.windows.axis import Axis, Pair, Reach
from cnncalc.layers.windows.window import ODD_AT_THE_END, Padding, Window, place_window

BEYOND = Phrase("With `ceil` a window may reach beyond the edge; cells there never count.")
DROPPED = Phrase(
    "With `ceil` a last window that would begin behind the image, in the padding or beyond it, is dropped."
)
WINDOW = Phrase("rows and columns of the window; it must be given, unless `outputs` is")
OUTPUTS = Phrase("instead of the size: how many rows and columns come out (PyTorch's adaptive pools)")
STRIDE = Phrase("rows and columns from one window to the next; by default the size")
AROUND = Phrase("cells around the image: −∞ in a max pool, 0 in an average pool")
DILATION = Phrase("rows and columns from one cell of the window to the next")
CEIL = Phrase("keep a last window that reaches over the edge")


class Pool(Layer):
    """A window over each channel by itself: x (C, H, W) to y (C, oH, oW)."""

    domain = "image"
    has_1d = True

    size: Pair | None = option(None, "pair", WINDOW)
    stride: Pair | None = option(None, "pair", STRIDE)
    padding: Padding = option("valid", "padding", AROUND)
    dilation: Pair = option((1, 1), "pair", DILATION)
    ceil: bool = option(False, "bool", CEIL)
    outputs: Pair | None = option(None, "pair", OUTPUTS)

    def check_options(self) -> None:
        """The size has no default; with `outputs` it follows from what comes in."""
        if self.outputs is not None and not all(
            (self.size is None, self.stride is None, self.padding == "valid", self.dilation == (1, 1), not self.ceil)
        ):
            remedy = "leave out `size`, `stride`, `padding`, `dilation` and `ceil`, or `outputs`"
            raise ShapeError("`outputs` of {y} says where its windows lie", remedy, "outputs")
        if self.size is None and self.outputs is None:
            raise ShapeError("{y} has no size", "say how large its window is: `size: 2` or `size: [2, 3]`", "size")

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C, oH, oW)."""
        self.check_input(x)
        window = self.window(x)
        if not all(self.counted_along(axis).all() for axis in (window.rows, window.columns)):
            seen = by((window.rows.padded, window.columns.padded))
            message = f"{{y}} has a window that lies wholly in the padding of {{x}} ({by(x[1:])}, with padding {seen})"
            raise ShapeError(message, "make the padding smaller than the window", "padding")
        return (x[0], *window.outputs)

    def window(self, x: Shape) -> Window:
        """Where the window lies on an image (C, H, W); raises ShapeError."""
        self.check_options()
        what = "the window of {y}"
        if self.outputs is not None:
            size, stride = zip(
                *(_spread(n, outputs) for n, outputs in zip(x[1:], self.outputs, strict=True)), strict=True
            )
            return place_window(x[1:], size, stride, (1, 1), "valid", what=what)
        size = self.size or (1, 1)
        return place_window(x[1:], size, self.stride or size, self.dilation, self.padding, ceil=self.ceil, what=what)

    def index_sizes(self, setting: Setting) -> Mapping[str, int]:
        """The window's rows and columns."""
        window = self.window(setting.x)
        return {"p": window.rows.kernel, "q": window.columns.kernel}

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[Reach, Reach]:
        """The window."""
        window = self.window(x)
        return Reach(window.rows), Reach(window.columns)

    def workspace(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """All windows side by side."""
        return self.window(x).workspace(x[0])

    def placing(self, x: Shape) -> tuple[Phrase, ...]:
        """The conventions on where windows lie that an input (C, H, W) meets."""
        window = self.window(x)
        axes = window.rows, window.columns
        met = {
            ODD_AT_THE_END: self.padding == "same" and window.is_uneven,
            BEYOND: any(axis.reaches_over for axis in axes),
            DROPPED: any(axis.drops for axis in axes),
        }
        return tuple(phrase for phrase, is_met in met.items() if is_met)

    @abstractmethod
    def counted_along(self, axis: Axis) -> Integers:
        """How many cells of one axis count in each window."""

    def counted(self, window: Window) -> Integers:
        """How many cells count in each window (oH, oW)."""
        return np.outer(self.counted_along(window.rows), self.counted_along(window.columns))


def _spread(size: int, outputs: int) -> Pair:
    """The window and its stride that make so many numbers of an axis, as PyTorch's adaptive pools do; or ShapeError.

    Window i begins at ⌊i · size / outputs⌋ and ends before ⌈(i + 1) · size / outputs⌉.
    """
    starts = [at * size // outputs for at in range(outputs)]
    lengths = {-((at + 1) * size // -outputs) - start for at, start in enumerate(starts)}
    strides = {later - start for start, later in pairwise(starts)} or {1}
    if len(lengths) > 1 or len(strides) > 1 or 0 in strides:
        message = f"{{y}} would make {outputs} of {size} with windows that are not alike"
        near = max(n for n in range(1, outputs + 1) if size % n == 0)
        raise ShapeError(
            message, f"write a number that divides {size}, such as {near}, or `size` and `stride`", "outputs"
        )
    return lengths.pop(), strides.pop()
