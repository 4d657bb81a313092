"""One axis of a window: where it lies, how large the output is, and what a cell sees."""

from collections.abc import Iterator
from fractions import Fraction
from functools import cached_property
from typing import ClassVar, TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans, Integers
from cnncalc.records import Record

Pair: TypeAlias = tuple[int, int]
AxisSizes: TypeAlias = tuple[int, int, int, int, int, int, bool]


class Axis(Record):
    """A window that moves along one axis of the image; `before` and `after` are its padding, cropping if negative."""

    size: int
    kernel: int
    stride: int = 1
    dilation: int = 1
    before: int = 0
    after: int = 0
    ceil: bool = False

    @cached_property
    def sizes(self) -> AxisSizes:
        """All that it is made of; sooner hashed than the axis."""
        return self.size, self.kernel, self.stride, self.dilation, self.before, self.after, self.ceil

    @cached_property
    def span(self) -> int:
        """Cells from the first to the last that a window covers, gaps included."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def padded(self) -> int:
        """Cells of the image with its padding."""
        return self.size + self.before + self.after

    @cached_property
    def outputs(self) -> int:
        """How many windows there are; 0 where none fits."""
        return max(self._rounded - self.drops, 0)

    @property
    def _rounded(self) -> int:
        """How many windows the division gives."""
        spare = self.padded - self.span
        return (-(-spare // self.stride) if self.ceil else spare // self.stride) + 1

    @cached_property
    def drops(self) -> bool:
        """Whether the last window of those that are rounded up is dropped.

        PyTorch's and ONNX's rule: no window may begin behind the image, in the padding or beyond it.
        """
        return self.ceil and (self._rounded - 1) * self.stride >= self.size + self.before

    @property
    def reaches_over(self) -> bool:
        """Whether the last window reaches beyond the image and its padding."""
        return self.extent > self.padded

    @cached_property
    def extent(self) -> int:
        """Cells that the windows reach over together, from the first padding cell on."""
        return self.reach(self.outputs)

    def reach(self, windows: int) -> int:
        """Cells that so many windows side by side reach over together."""
        return (windows - 1) * self.stride + self.span

    @cached_property
    def real(self) -> range:
        """The image's positions that are not cropped away."""
        return range(max(0, -self.before), self.size + min(0, self.after))

    def place(self, cell: int, windows: int | None = None) -> slice:
        """The place of every window's `cell` on the canvas, or of so many windows' from their own first cell on."""
        start = cell * self.dilation
        return slice(start, start + ((windows or self.outputs) - 1) * self.stride + 1, self.stride)

    def positions(self) -> Integers:
        """Image positions as (window, cell of the kernel)."""
        starts = np.arange(self.outputs)[:, None] * self.stride - self.before
        return starts + np.arange(self.kernel) * self.dilation

    @cached_property
    def starts(self) -> Array:
        """For each window the position of its first cell, be it in the padding, in 32 bits."""
        return self.positions()[:, 0].astype(np.int32)

    def is_real(self) -> Booleans:
        """Which (window, cell of the kernel) lie on the image."""
        positions = self.positions()
        return (positions >= self.real.start) & (positions < self.real.stop)

    def visits_of_each(self) -> Integers:
        """In how many windows each position of the image lies."""
        return np.bincount(self.positions()[self.is_real()], minlength=self.size)

    @property
    def turned_back(self) -> "Axis":
        """The axis by which gradients of windows at stride 1 come back: over the windows, one for each position."""
        around = self.span - 1
        return Axis(self.outputs, self.kernel, 1, self.dilation, around - self.before, around - self.after)

    def counts(self, with_padding: bool = False) -> Integers:
        """How many cells each window has on the image, or on image and padding; with `ceil` it may reach beyond both.

        Worked out without looking at each cell: a kernel may be as large as the image.
        """
        first, stop = (-self.before, self.size + self.after) if with_padding else (self.real.start, self.real.stop)
        starts = np.arange(self.outputs) * self.stride - self.before
        lowest = np.maximum(0, -((starts - first) // self.dilation))
        highest = np.minimum(self.kernel - 1, (stop - 1 - starts) // self.dilation)
        counts: Integers = np.maximum(0, highest - lowest + 1)
        return counts

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


def overlap(margin: int, length: int, size: int) -> tuple[slice, slice]:
    """Where `length` cells lie among `size` behind a margin: there, and which of them; cropped where it is negative."""
    start, stop = max(margin, 0), max(min(margin + length, size), max(margin, 0))
    return slice(start, stop), slice(start - margin, stop - margin)


class SizeRule(Record):
    """One axis of y: its length, the rule for it in LaTeX with the numbers put in, and what the rule leaves over."""

    numbers: str
    value: int
    rest: int = 0
    """What is left over when the padded length is divided by the stride."""
    unseen: int = 0
    """Rows or columns of x itself, not of its padding, that lie behind the last window."""
    drops: bool = False
    """Whether the division is rounded up and the last window is dropped."""


class Reach(Record):
    """One axis: which cells of x the cells of y see, wherever they lie; those in the padding count like others."""

    has_windows: ClassVar[bool] = True
    """Whether the axis says where its windows lie."""

    axis: Axis
    is_stamp: bool = False
    """Whether the windows of the axis lie on y, and not on x."""
    spare: int = 0
    """Cells that are added behind the last of those."""
    written: str = ""
    """The rule for the length of y in LaTeX, where it is a simpler one than that of windows."""

    @property
    def rule(self) -> "SizeRule":
        """How the length of y comes about."""
        if self.written:
            return SizeRule(self.written, self.axis.size if self.is_stamp else self.axis.outputs)
        return stamp_rule(self.axis, self.spare) if self.is_stamp else window_rule(self.axis)

    @property
    def step(self) -> Fraction:
        """Cells of x from what one cell of y sees to what the next one sees."""
        return Fraction(1, self.axis.stride) if self.is_stamp else Fraction(self.axis.stride)

    def seen(self, low: int, high: int) -> tuple[int, int]:
        """The first and the last cell of x that the cells of y from `low` to `high` see; last < first where none is."""
        axis = self.axis
        if not self.is_stamp:
            return low * axis.stride - axis.before, high * axis.stride - axis.before + axis.span - 1
        # Windows repeat after a stride, so that the outermost ones lie among so many cells at each end.
        ends = {*range(low, min(high, low + axis.stride) + 1), *range(max(low, high - axis.stride), high + 1)}
        reached = [
            (cell + axis.before - p * axis.dilation) // axis.stride
            for cell in ends
            for p in range(axis.kernel)
            if (cell + axis.before - p * axis.dilation) % axis.stride == 0
        ]
        return (min(reached), max(reached)) if reached else (low, low - 1)


def spare_text(axis: Axis) -> str:
    """What the windows have to move in, as LaTeX: size + padding - span."""
    return f"{axis.size}{_edges(axis.before, axis.after, '+')}{_span(axis, '-')}"


def window_rule(axis: Axis) -> SizeRule:
    """The windows of a conv or a pool: floor((size + padding - span) / stride) + 1."""
    divided = spare_text(axis)
    left, right = (r"\lceil", r"\rceil") if axis.ceil else (r"\lfloor", r"\rfloor")
    windows = rf"{left} \frac{{{divided}}}{{{axis.stride}}} {right} + 1"
    if axis.drops:
        windows += " - 1"
    rest = (axis.padded - axis.span) % axis.stride
    unseen = max(0, axis.real.stop - (axis.extent - axis.before))
    return SizeRule(windows, axis.outputs, rest, unseen, axis.drops)


def stamp_rule(axis: Axis, spare: int) -> SizeRule:
    """A transposed convolution, whose windows lie on y: (size - 1) * stride + span - padding + output_padding."""
    stamps = rf"({axis.outputs} - 1) \cdot {axis.stride}{_span(axis, '+')}"
    end = f" + {spare}" if spare else ""
    return SizeRule(stamps + _edges(axis.before, axis.after + spare, "-") + end, axis.size)


def _span(axis: Axis, sign: str) -> str:
    """The span of the kernel with a sign in front: ` - 5`, or with dilation ` - (3 - 1) * 2 - 1`."""
    if axis.dilation == 1 or axis.kernel == 1:
        return f" {sign} {axis.kernel}"
    return rf" {sign} ({axis.kernel} - 1) \cdot {axis.dilation} {sign} 1"


def _edges(before: int, after: int, sign: str) -> str:
    """What both sides add (or take): ` + 2 * 1` where they are alike, else ` + 1 + 0`; a negative one turns round."""
    turned = {"+": "-", "-": "+"}[sign]
    if before == after:
        return rf" {turned if before < 0 else sign} 2 \cdot {abs(before)}"
    return "".join(f" {turned if side < 0 else sign} {abs(side)}" for side in (before, after))
