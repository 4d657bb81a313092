"""Where a window lies on an image: output sizes, padding, im2col and its reverse; for conv and the pools.

Rows and columns never mix: what there is to know of one of them is in `Axis`, and a `Window` is two of those.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache
from math import prod
from typing import NamedTuple, TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Integers
from cnncalc.language import Phrase
from cnncalc.layers.base import ShapeError, by
from cnncalc.layers.windows.axis import Axis, AxisSizes, Pair, overlap
from cnncalc.records import Record

Padding: TypeAlias = str | tuple[Pair, Pair]
"""`valid`, `same`, `full`, `causal`, or ((top, bottom), (left, right)), where a negative number crops."""

ODD_AT_THE_END = Phrase("`padding: same` puts the odd row or column at the end (bottom, right).")


class Part(NamedTuple):
    """Some of the windows, by their rows and columns."""

    rows: slice
    columns: slice

    @property
    def shape(self) -> Pair:
        """How many rows and columns of them."""
        return self.rows.stop - self.rows.start, self.columns.stop - self.columns.start

    def numbers(self, window: "Window", samples: int) -> slice:
        """Where they stand when all windows are counted in row order, `samples` of each; whole rows, or within one."""
        columns = window.columns.outputs
        first, last = self.rows.start * columns + self.columns.start, (self.rows.stop - 1) * columns + self.columns.stop
        return slice(first * samples, last * samples)


class Window(Record):
    """A window on an image: its rows and its columns."""

    rows: Axis
    columns: Axis

    @property
    def is_uneven(self) -> bool:
        """Whether one row or column more of padding lies at the end."""
        return any(axis.after == axis.before + 1 for axis in (self.rows, self.columns))

    @cached_property
    def outputs(self) -> Pair:
        """Output rows and columns."""
        return self.rows.outputs, self.columns.outputs

    @property
    def strides(self) -> Pair:
        """Rows and columns from one window to the next."""
        return self.rows.stride, self.columns.stride

    @property
    def dilations(self) -> Pair:
        """Rows and columns from one cell of the kernel to the next."""
        return self.rows.dilation, self.columns.dilation

    def workspace(self, channels: int) -> int:
        """Cells of the image with its padding, or of all windows side by side, whichever are more."""
        axes = (self.rows, self.columns)
        padded = prod(axis.size + max(0, axis.before) + max(0, axis.after) for axis in axes)
        return channels * max(padded, prod(axis.kernel * axis.outputs for axis in axes))

    def cells(self) -> Iterator[Pair]:
        """The kernel's cells in row order."""
        return ((p, q) for p in range(self.rows.kernel) for q in range(self.columns.kernel))

    def position(self, window: Pair, cell: Pair) -> Pair | None:
        """The image position under a kernel cell; None in the padding."""
        row = self.rows.position(window[0], cell[0])
        column = self.columns.position(window[1], cell[1])
        return None if row is None or column is None else (row, column)

    def visits(self, position: Pair) -> Iterator[tuple[Pair, Pair]]:
        """The (window, cell) pairs that lie on an image position, windows in row order."""
        for i, p in sorted(self.rows.visits(position[0])):
            for j, q in sorted(self.columns.visits(position[1])):
                yield (i, j), (p, q)

    def canvas(self, numbers: Arithmetic, x: Array) -> Array:
        """The cells that the windows reach over, zeros in the padding; a view of x where nothing is padded."""
        on_canvas, on_image = self.overlap
        image = x[..., on_image[0], on_image[1]]
        if image.shape[-2:] == (self.rows.extent, self.columns.extent):
            return image
        canvas = self.blank(numbers, x.shape[:-2])
        canvas[..., on_canvas[0], on_canvas[1]] = image
        return canvas

    def blank(self, numbers: Arithmetic, leading: tuple[int, ...]) -> Array:
        """A canvas of zeros (*leading, …) for `under` to add to; `image` is what it amounts to."""
        return zeros(numbers, (*leading, self.rows.extent, self.columns.extent))

    def image(self, numbers: Arithmetic, canvas: Array) -> Array:
        """The reverse of `canvas`: drops the padding, and puts zeros where no window reaches."""
        on_canvas, on_image = self.overlap
        if all(
            place.stop - place.start == axis.size
            for place, axis in zip(on_image, (self.rows, self.columns), strict=True)
        ):
            return canvas[..., on_canvas[0], on_canvas[1]]
        image = zeros(numbers, (*canvas.shape[:-2], self.rows.size, self.columns.size))
        image[..., on_image[0], on_image[1]] = canvas[..., on_canvas[0], on_canvas[1]]
        return image

    def under(self, canvas: Array, cell: Pair) -> Array:
        """What every window sees under one kernel cell: a view (…, rows, columns) of the canvas."""
        return canvas[..., self.rows.place(cell[0]), self.columns.place(cell[1])]

    def view(self, canvas: Array) -> Array:
        """All windows of a canvas (N, C, …) as a view (N, C, rows, columns, kH, kW)."""
        return self.columns_of(canvas.transpose(1, 2, 3, 0)).transpose(5, 0, 3, 4, 1, 2)

    def columns_of(self, canvas: Array) -> Array:
        """All windows of a canvas (C, …, N) as a view (C, kH, kW, rows, columns, N)."""
        channels, _, _, samples = canvas.shape
        rows, columns = self.rows, self.columns
        outer, down, across, inner = canvas.strides
        cells, windows = (
            (down * rows.dilation, across * columns.dilation),
            (down * rows.stride, across * columns.stride),
        )
        return strided(
            canvas, (channels, rows.kernel, columns.kernel, *self.outputs, samples), (outer, *cells, *windows, inner)
        )

    def parts(self, most: int, rows: slice) -> Iterator[Part]:
        """Some rows of windows in parts of at most `most`, but one at least: whole rows, or pieces of a row."""
        columns = self.columns.outputs
        if (rows.stop - rows.start) * columns <= most:
            yield Part(rows, slice(0, columns))
            return
        height, width = max(1, most // columns), min(max(1, most), columns)
        # Parts of much the same height.
        height = -(-(rows.stop - rows.start) // -(-(rows.stop - rows.start) // height))
        for i in range(rows.start, rows.stop, height):
            for j in range(0, columns, width):
                yield Part(slice(i, min(i + height, rows.stop)), slice(j, min(j + width, columns)))

    def places(self, channels: int, samples: int) -> Integers:
        """Where all (C, kH, kW, oH, oW, N) lie in an image (C, H, W, N), both in one row; behind it for the padding."""
        return _places(self.rows.sizes, self.columns.sizes, channels, samples)

    @cached_property
    def turned_back(self) -> "Window":
        """The window by which gradients come back at stride 1: over the windows, with one for each position."""
        return Window(self.rows.turned_back, self.columns.turned_back)

    @property
    def overlaps(self) -> bool:
        """Whether a cell of the image lies in several windows."""
        return bool(self.rows.visits_of_each().max() * self.columns.visits_of_each().max() > 1)

    @property
    def is_padded(self) -> bool:
        """Whether a window reaches into the declared padding."""
        return any((axis.counts() < axis.counts(with_padding=True)).any() for axis in (self.rows, self.columns))

    @property
    def covers(self) -> bool:
        """Whether every cell of the image lies in a window."""
        return bool(self.rows.visits_of_each().all() and self.columns.visits_of_each().all())

    @cached_property
    def is_inside(self) -> bool:
        """Whether every cell of every window lies on the image."""
        return bool(self.rows.is_real().all() and self.columns.is_real().all())

    def real_cells(self, part: Part | None = None) -> Booleans:
        """Which cells of the windows (of a part) lie on the image: (kH, kW, rows, columns)."""
        rows, columns = self.rows.is_real(), self.columns.is_real()
        if part is not None:
            rows, columns = rows[part.rows], columns[part.columns]
        return np.asarray(rows.T[:, None, :, None] & columns.T[:, None])

    def fold(self, numbers: Arithmetic, leading: tuple[int, ...], share: Callable[[Pair], Array]) -> Array:
        """The reverse of `under`: adds every window's share for each kernel cell onto an image (*leading, H, W)."""
        canvas = self.blank(numbers, leading)
        for cell in self.cells():
            place = self.under(canvas, cell)
            place += share(cell)
        return self.image(numbers, canvas)

    @cached_property
    def overlap(self) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """The cells that canvas and image have in common, as slices of the one and of the other."""
        rows, columns = (overlap(axis.before, axis.real.stop, axis.extent) for axis in (self.rows, self.columns))
        return (rows[0], columns[0]), (rows[1], columns[1])


def strided(x: Array, shape: tuple[int, ...], strides: tuple[int, ...]) -> Array:
    """NumPy's as_strided, for doubles one after the other in a tenth of its time."""
    if x.flags.c_contiguous and x.dtype == np.float64:
        return np.ndarray(shape, np.float64, x, 0, strides)
    return np.lib.stride_tricks.as_strided(x, shape, strides)


def zeros(numbers: Arithmetic, shape: tuple[int, ...]) -> Array:
    """Zeros (N, C, H, W) that lie in memory as (C, H, W, N): the innermost loops run along the samples."""
    samples, *each = shape
    return numbers.zeros((*each, samples)).transpose(-1, *range(len(each)))


@lru_cache(maxsize=100)
def _places(rows: AxisSizes, columns: AxisSizes, channels: int, samples: int) -> Integers:
    """`Window.places`: to be kept, since it takes longer to work out than to use."""
    window = Window(Axis(*rows), Axis(*columns))
    down, across = window.rows, window.columns
    positions = down.positions().T[:, None, :, None] * across.size + across.positions().T[:, None]
    image = down.size * across.size
    channel, sample = np.arange(channels).reshape(-1, 1, 1, 1, 1, 1), np.arange(samples)
    places = (channel * image + positions[..., None]) * samples + sample
    return np.where(window.real_cells()[..., None], places, channels * image * samples).ravel()


@lru_cache(maxsize=1000)
def place_window(
    image: Sequence[int],
    kernel: Pair,
    stride: Pair,
    dilation: Pair,
    padding: Padding,
    anchor: Pair | None = None,
    ceil: bool = False,
    what: str = "the window",
) -> Window:
    """The window on an image (H, W); raises ShapeError, which calls the window `what`, where none fits."""
    sides = _sides(image, kernel, stride, dilation, padding) if anchor is None else anchored(kernel, dilation, anchor)
    rows, columns = (Axis(image[a], kernel[a], stride[a], dilation[a], *sides[a], ceil) for a in (0, 1))
    # An outer anchor may look past the image altogether; a crop that does so is a slip.
    if anchor is None and not (rows.real and columns.real):
        message = f"padding {list(map(list, sides))} leaves nothing of {{x}} ({by(image)})"
        raise ShapeError(message, "crop less: a negative padding takes cells away", "padding")
    window = Window(rows, columns)
    if min(window.outputs) < 1:
        spans = f"{by((rows.span, columns.span))} cells"
        if max(dilation) > 1:
            spans += f" ({by(kernel)} with dilation {by(dilation)})"
        padded = (rows.padded, columns.padded)
        around = f"{{x}} has {by(image)}" if padded == tuple(image) else f"{{x}} with its padding has {by(padded)}"
        raise ShapeError(f"{what} covers {spans}, but {around}", "make it smaller, or the padding larger")
    return window


def anchored(kernel: Pair, dilation: Pair, anchor: Pair) -> tuple[Pair, Pair]:
    """The padding that puts the kernel's cell `anchor` on the output's cell and keeps the size at stride 1."""
    rows, columns = ((anchor[a] * dilation[a], (kernel[a] - 1 - anchor[a]) * dilation[a]) for a in (0, 1))
    return rows, columns


def _sides(image: Sequence[int], kernel: Pair, stride: Pair, dilation: Pair, padding: Padding) -> tuple[Pair, Pair]:
    """The padding in numbers; `same` is ONNX's SAME_UPPER, with the odd cell at the end."""
    if not isinstance(padding, str):
        return padding
    if padding == "valid":
        return (0, 0), (0, 0)
    if padding in ("full", "causal"):
        rows, columns = ((kernel[axis] - 1) * dilation[axis] for axis in (0, 1))
        return ((rows, rows), (columns, columns)) if padding == "full" else ((rows, 0), (columns, 0))

    def shared(axis: int) -> Pair:
        span = (kernel[axis] - 1) * dilation[axis] + 1
        outputs = -(-image[axis] // stride[axis])
        total = max(0, (outputs - 1) * stride[axis] + span - image[axis])
        return total // 2, total - total // 2

    return shared(0), shared(1)
