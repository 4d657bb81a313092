"""What people get wrong in every pool alike: its options, the size of its output, its gradient."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.base import ShapeError
from cnncalc.layers.windows.axis import Axis
from cnncalc.layers.windows.pool import Pool
from cnncalc.layers.windows.window import Window
from cnncalc.mistakes.families import BY_CODE, NO_SIDES, RIGHT, SAME_ODD_CELL_FIRST, OfWindows, in_size
from cnncalc.mistakes.take import Records, need


class Pooled(OfWindows):
    """A step of a pool with windows; masks say of each cell of each window (N, C, rows, columns, kH, kW)."""

    @property
    def size(self) -> Any:
        return self.layer.size or (self.window.rows.kernel, self.window.columns.kernel)

    def by(self, **options: Any) -> Any:
        """y by the layer with other options; none where they make no difference or no windows."""
        layer = self.options(**options)
        layer.output_shape(self.x.shape[1:], {})
        return layer != self.layer and self.again(layer)

    def as_pool(self, pool: type[Pool], *more: bool) -> Pool:
        """A pool of another type with the same windows."""
        at = self.layer
        if at.size is None:  # of a global pool, or by its outputs
            return pool(self.size, (self.window.rows.stride, self.window.columns.stride))
        return pool(at.size, at.stride, at.padding, at.dilation, at.ceil, None, *more)

    def padded(self, padding: Any) -> Any:
        return padding != self.sides and self.by(padding=padding)

    @property
    def real(self) -> Any:
        """Which cells of which windows lie on the image: (rows, columns, kH, kW)."""
        return self.window.real_cells().transpose(2, 3, 0, 1)

    @property
    def everywhere(self) -> Any:
        """Every cell of every window."""
        return np.ones((*self.y.shape, self.window.rows.kernel, self.window.columns.kernel), dtype=bool)

    def at_cells(self, won: Any, share: Any, window: Window | None = None) -> Any:
        """dx where the winning cells of each window, these or others, get its share, added up."""
        return (window or self.window).fold(
            self.numbers, self.x.shape[:2], lambda cell: self.where(won[..., cell[0], cell[1]], share)
        )

    def overwritten(self, won: Any, share: Any) -> Iterator[Any]:
        """dx where windows that overlap overwrite each other: each its winners' cells, or all that it covers."""
        place = self.window
        need(any(axis.outputs > 1 and axis.stride < axis.span for axis in (place.rows, place.columns)))
        order = list(np.ndindex(place.outputs))
        yield self._written(won, share, order, keep=True)
        yield self._written(won, share, order, keep=False)
        yield self._written(won, share, order[::-1], keep=True)

    def _written(self, won: Any, share: Any, order: Iterable[tuple[int, ...]], keep: bool) -> Any:
        place, dx = self.window, self.numbers.zeros(self.x.shape)
        for i, j in order:
            for p, q in place.cells():
                position = place.position((i, j), (p, q))
                if position is not None:
                    before = dx[:, :, position[0], position[1]] if keep else self.numbers.zeros(())
                    dx[:, :, position[0], position[1]] = np.where(won[:, :, i, j, p, q], share[:, :, i, j], before)
        return dx

    def at_stride_one(self, won: Any, share: Any) -> Any:
        """dx where the windows were put side by side at stride 1 in the backward pass."""
        need(any(axis.stride > 1 for axis in self.axes) and self.window.outputs != (1, 1))
        covered = (axis.outputs - 1 + axis.span for axis in self.axes)
        rows, columns = (
            Axis(axis.size, axis.kernel, 1, axis.dilation, axis.before, length - axis.size - axis.before)
            for axis, length in zip(self.axes, covered, strict=True)
        )
        return self.at_cells(won, share, Window(rows, columns))

    def fixed_cells(self, share: Any) -> Iterator[Any]:
        """dx where the same cell of every window gets its whole share."""
        cells = list(self.window.cells())
        need(len(cells) > 1)
        # The first and the last cell are what people take; those between follow.
        for cell in dict.fromkeys((cells[0], cells[-1], *cells)):
            won = ~self.everywhere
            won[..., cell[0], cell[1]] = True
            yield self.at_cells(won, share)


pooled = Records(Pooled)
"""A mistake whose ways see the windows of a pool."""


def one_sided(s: Pooled) -> Iterator[Any]:
    rows, columns = s.sides
    need(min(*rows, *columns) >= 0)
    # What has a name of its own.
    others = [NO_SIDES, *([(rows[::-1], columns[::-1])] if s.layer.padding == "same" else [])]
    for padding in (
        ((0, sum(rows)), (0, sum(columns))),
        ((sum(rows), 0), (sum(columns), 0)),
        ((0, rows[1]), (0, columns[1])),
        ((rows[0], 0), (columns[0], 0)),
    ):
        if padding not in others and not _sees_no_padding(s, padding):
            yield partial(s.padded, padding)


def _sees_no_padding(s: Pooled, padding: Any) -> bool:
    """Whether the windows lie as they do without padding."""
    try:
        with_it, without = (s.options(padding=sides).window(s.x.shape[1:]) for sides in (padding, NO_SIDES))
    except ShapeError:
        return False
    return bool(padding[0][0] == padding[1][0] == 0 and with_it.outputs == without.outputs)


def pairs_swapped(s: Pooled) -> Iterator[Any]:
    layer, size, stride = s.layer, s.size[::-1], s.layer.stride
    padding = layer.padding if isinstance(layer.padding, str) else layer.padding[::-1]
    turned = {"stride": stride and stride[::-1], "dilation": layer.dilation[::-1], "padding": padding}
    yield lambda: s.by(size=size, **turned)
    yield lambda: len(set(size)) == 2 and s.by(size=size, stride=stride or size[::-1])


OTHER_SIZES = ("output-size-kernel-forgotten", "output-size-bracket", "output-size-precedence", "stride-ignored")
of_size = Records(Pooled, "y", RIGHT + Phrase(" With `ceil: true` it is rounded up."))

OPTIONS = (
    pooled("stride-ignored: y", lambda s: (s.layer.stride or s.size) != (1, 1) and s.by(stride=(1, 1)))(
        "The stride was ignored: the window was moved by 1. It moves by the stride, which is the window's size if"
        " none is given."
    ),
    pooled("stride-as-kernel: y", lambda s: s.layer.stride not in (None, s.size) and s.by(stride=None))(
        "The windows were put side by side without overlap; here the stride is given, and it is not the window's size."
    ),
    pooled("size-and-stride-swapped: y")(
        "The size of the window and its stride were swapped.",
        lambda s: s.layer.stride not in (None, s.size) and s.by(size=s.layer.stride, stride=s.size),
    ),
    pooled("rows-and-columns-of-an-option-swapped: y", pairs_swapped)(
        "Height and width were swapped in the size, the stride, the padding or the dilation: rows (height) come first."
    ),
    pooled("padding-forgotten: y", lambda s: s.padded(NO_SIDES))("The padding around the input was forgotten."),
    pooled.like(
        SAME_ODD_CELL_FIRST,
        lambda s: s.layer.padding == "same" and s.padded(tuple(pair[::-1] for pair in s.sides)),
        tensors="y",
    ),
    pooled("padding-one-sided: y", one_sided)(
        "The padding was put on one side only (or shared out wrongly); p cells go on each side."
    ),
    pooled("~output-size-rounded-up: y", lambda s: not s.layer.ceil and s.by(ceil=True))(
        "a last window that reaches over the edge was kept (rounding up). This problem drops it: ⌊(H + 2p − k)/s⌋ + 1."
    ),
    pooled("~output-size-rounded-down: y", lambda s: s.layer.ceil and s.by(ceil=False))(
        "a last window that reaches over the edge was dropped (rounding down). This problem keeps it: ⌈(H + 2p −"
        " k)/s⌉ + 1."
    ),
    pooled("dilation-ignored: y", lambda s: s.by(dilation=(1, 1)))(
        "The dilation was ignored; the window's cells lie d apart, so that it covers d · (k − 1) + 1 cells."
    ),
    pooled("~dilation-counted-from-0: y")(
        "the dilation was read as the number of cells left out between neighbouring cells of the window. Here d is"
        " the distance from one cell to the next: d · (k − 1) + 1 cells are covered.",
        lambda s: s.layer.dilation != (1, 1) and s.by(dilation=tuple(d + (d > 1) for d in s.layer.dilation)),
    ),
    pooled("output-size-one-forgotten: y")(
        "The last row and column of windows are missing: the + 1 was forgotten. There are ⌊(H + 2p − k)/s⌋ + 1 rows.",
        lambda s: min(s.y.shape[2:]) > 1 and not s.layer.ceil and s.again()[:, :, :-1, :-1],
    ),
    *(
        mistake
        for code in OTHER_SIZES
        for mistake in in_size(of_size, [BY_CODE[code]], lambda s: s.axes, lambda a: a.outputs, lambda s: s.x.shape[1])
    ),
)
"""Of `y`, in any pool with windows."""
GRADIENT_STRIDE = "In the backward pass the windows were moved by 1; window (i, j) begins at (i · s, j · s)."
OVERWRITTEN = (
    "Where windows overlap, one gradient overwrote the other; the gradients of all windows that a cell lies in must be"
    " added up (+=, not =)."
)
NOT_UNPOOLED = "The gradient is still as large as the output of the pool; dx is as large as its input."
