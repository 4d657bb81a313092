"""Where a window lies on an image: output sizes, padding, im2col and its reverse; for conv and the pools.

Everything is said for one axis first (`Axis`), since rows and columns never mix; a `Window` is two of them. Positions
are those of the unpadded image, so that padding cells have positions below 0 or from `size` on.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import ShapeError, by

Pair: TypeAlias = tuple[int, int]
Padding: TypeAlias = str | tuple[Pair, Pair]
"""`valid`, `same`, or ((top, bottom), (left, right)), where a negative number crops."""


@dataclass(frozen=True)
class Axis:
    """A window that moves along one axis of the image; `before` and `after` are its padding, cropping if negative."""

    size: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0
    ceil: bool = False

    @property
    def span(self) -> int:
        """Cells from the first to the last that a window covers, gaps included."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def padded(self) -> int:
        """Cells of the image with its padding."""
        return self.size + self.before + self.after

    @property
    def outputs(self) -> int:
        """How many windows there are; 0 where none fits."""
        spare = self.padded - self.span
        windows = (-(-spare // self.stride) if self.ceil else spare // self.stride) + 1
        # PyTorch's and ONNX's rule: no window may begin in the padding behind the image.
        if self.ceil and (windows - 1) * self.stride >= self.size + self.before:
            windows -= 1
        return max(windows, 0)

    @property
    def extent(self) -> int:
        """Cells that the windows reach over together, from the first padding cell on."""
        return (self.outputs - 1) * self.stride + self.span

    @property
    def real(self) -> range:
        """The image's positions that are not cropped away."""
        return range(max(0, -self.before), self.size + min(0, self.after))

    def slice(self, cell: int) -> slice:
        """The place of every window's `cell` on the canvas."""
        start = cell * self.dilation
        return slice(start, start + (self.outputs - 1) * self.stride + 1, self.stride)

    def positions(self) -> npt.NDArray[np.intp]:
        """Image positions as (window, cell of the kernel)."""
        starts = np.arange(self.outputs)[:, None] * self.stride - self.before
        return starts + np.arange(self.kernel) * self.dilation

    def is_real(self) -> npt.NDArray[np.bool_]:
        """Which (window, cell of the kernel) lie on the image."""
        positions = self.positions()
        return (positions >= self.real.start) & (positions < self.real.stop)

    def is_declared(self) -> npt.NDArray[np.bool_]:
        """Which (window, cell of the kernel) lie on the image or its padding; with `ceil` a window may reach beyond."""
        positions = self.positions()
        return (positions >= -self.before) & (positions < self.size + self.after)

    def position(self, window: int, cell: int) -> int | None:
        """The image position under a kernel cell; None in the padding."""
        position = window * self.stride + cell * self.dilation - self.before
        return position if position in self.real else None

    def visits(self, position: int) -> Iterator[Pair]:
        """The (window, cell of the kernel) pairs that lie on an image position."""
        if position not in self.real:
            return
        for cell in range(self.kernel):
            window, rest = divmod(position + self.before - cell * self.dilation, self.stride)
            if rest == 0 and 0 <= window < self.outputs:
                yield window, cell


@dataclass(frozen=True)
class Window:
    """A window on an image: its rows and its columns."""

    rows: Axis
    columns: Axis

    @property
    def outputs(self) -> Pair:
        """Output rows and columns."""
        return self.rows.outputs, self.columns.outputs

    def cells(self) -> Iterator[Pair]:
        """The kernel's cells in row order."""
        return ((p, q) for p in range(self.rows.kernel) for q in range(self.columns.kernel))

    def is_real(self, cell: Pair) -> npt.NDArray[np.bool_]:
        """Which windows (rows, columns) have this kernel cell on the image."""
        return self.rows.is_real()[:, cell[0], None] & self.columns.is_real()[:, cell[1]]

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
        (on_canvas, on_image) = self._overlap()
        height, width = self.rows.extent, self.columns.extent
        if x[..., on_image[0], on_image[1]].shape[-2:] == (height, width):
            return x[..., on_image[0], on_image[1]]
        canvas = numbers.zeros((*x.shape[:-2], height, width))
        canvas[..., on_canvas[0], on_canvas[1]] = x[..., on_image[0], on_image[1]]
        return canvas

    def under(self, canvas: Array, cell: Pair) -> Array:
        """What every window sees under one kernel cell: a view (…, rows, columns) of the canvas."""
        return canvas[..., self.rows.slice(cell[0]), self.columns.slice(cell[1])]

    def view(self, canvas: Array) -> Array:
        """All windows of a canvas as a view (…, rows, columns, kH, kW)."""
        spans = (self.rows.span, self.columns.span)
        windows = np.lib.stride_tricks.sliding_window_view(canvas, spans, axis=(-2, -1))
        chosen: Array = windows[
            ..., :: self.rows.stride, :: self.columns.stride, :: self.rows.dilation, :: self.columns.dilation
        ]
        return chosen

    def fold(self, numbers: Arithmetic, leading: tuple[int, ...], share: Callable[[Pair], Array]) -> Array:
        """The reverse of `under`: adds every window's share for each kernel cell onto an image (*leading, H, W)."""
        canvas = numbers.zeros((*leading, self.rows.extent, self.columns.extent))
        for cell in self.cells():
            place = self.under(canvas, cell)
            place += share(cell)
        (on_canvas, on_image) = self._overlap()
        image = numbers.zeros((*leading, self.rows.size, self.columns.size))
        image[..., on_image[0], on_image[1]] = canvas[..., on_canvas[0], on_canvas[1]]
        return image

    def _overlap(self) -> tuple[tuple[slice, slice], tuple[slice, slice]]:
        """The cells that canvas and image have in common, as slices of the one and of the other."""
        on_canvas, on_image = [], []
        for axis in (self.rows, self.columns):
            start = axis.real.start
            stop = max(start, min(axis.real.stop, axis.extent - axis.before))
            on_image.append(slice(start, stop))
            on_canvas.append(slice(start + axis.before, stop + axis.before))
        return (on_canvas[0], on_canvas[1]), (on_image[0], on_image[1])


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
        message = f"padding {_said(sides)} leaves nothing of {{x}} ({by(image)})"
        raise ShapeError(message, "crop less: a negative padding takes cells away", "padding")
    window = Window(rows, columns)
    if min(window.outputs) < 1:
        spans = by((rows.span, columns.span))
        if max(dilation) > 1:
            spans += f" ({by(kernel)} with dilation {by(dilation)})"
        padded = (rows.padded, columns.padded)
        around = f"{{x}} has {by(image)}" if padded == tuple(image) else f"{{x}} with its padding has {by(padded)}"
        raise ShapeError(f"{what} covers {spans} cells, but {around}", "make it smaller, or the padding larger")
    return window


def anchored(kernel: Pair, dilation: Pair, anchor: Pair) -> tuple[Pair, Pair]:
    """The padding that puts the kernel's cell `anchor` on the output's cell and keeps the size at stride 1."""
    rows, columns = (
        (anchor[a] * dilation[a], (kernel[a] - 1 - anchor[a]) * dilation[a]) for a in (0, 1)
    )
    return rows, columns


def _sides(image: Sequence[int], kernel: Pair, stride: Pair, dilation: Pair, padding: Padding) -> tuple[Pair, Pair]:
    """The padding in numbers; `same` is ONNX's SAME_UPPER, with the odd cell at the end."""
    if not isinstance(padding, str):
        return padding
    if padding == "valid":
        return (0, 0), (0, 0)

    def shared(axis: int) -> Pair:
        span = (kernel[axis] - 1) * dilation[axis] + 1
        outputs = -(-image[axis] // stride[axis])
        total = max(0, (outputs - 1) * stride[axis] + span - image[axis])
        return total // 2, total - total // 2

    return shared(0), shared(1)


def _said(sides: tuple[Pair, Pair]) -> str:
    """Padding as it is typed: `[[1, 0], [2, 2]]`."""
    return str([list(side) for side in sides])


def places(window: Window, base: int) -> tuple[str, str]:
    """The image's row and column under cell (p, q) of window (i, j) in LaTeX, all counted from `base`."""
    row, column = (
        affine([(axis.stride, i), (axis.dilation, p)], base * (1 - axis.stride - axis.dilation) - axis.before)
        for axis, i, p in ((window.rows, "i", "p"), (window.columns, "j", "q"))
    )
    return row, column


def affine(parts: Sequence[tuple[int, str]], constant: int) -> str:
    """An index in LaTeX: `2i+p-1`; a part with a factor below 0 is put behind a leading constant."""
    signed = [(factor, letter if abs(factor) == 1 else f"{abs(factor)}{letter}") for factor, letter in parts]
    if constant > 0 and signed[0][0] < 0:
        signed.insert(0, (1, str(constant)))
    elif constant:
        signed.append((constant, str(abs(constant))))
    text = "".join(("-" if factor < 0 else "+") + part for factor, part in signed)
    return text.removeprefix("+")
