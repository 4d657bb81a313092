"""The largest number and the mean of each window, `max_pool` and `avg_pool`; and of each channel, `global_…`."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import Any, ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Integers
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import doubted
from cnncalc.layers.base import Doubt, Entry, Index, Layer, Mark, Setting, Shape, Term, option, small_problem
from cnncalc.layers.indices import places, ratio
from cnncalc.layers.windows.axis import Axis, Pair, SizeRule
from cnncalc.layers.windows.pool import Pool
from cnncalc.layers.windows.window import Part, Window

TIES = {
    "first": Phrase("Where several cells of a window are largest, the first in row order gets the whole gradient."),
    "split": Phrase("Where several cells of a window are largest, they share the gradient equally."),
}
WINNER = Phrase("Where several cells of a window are largest, the first in row order counts as the winner.")
EACH = 5
"""What looking at one element takes, in multiplications of a matrix product."""
PADDING = Phrase("The padding of a max pool is −∞, never 0.")
WHO = Phrase("who gets the gradient where several are largest: the first in row order, or all of them in equal parts")


class MaxPool(Pool):
    """x (C, H, W) to y (C, oH, oW): the largest of each window; the padding is −∞, so it never wins.

    `path` (C, oH, oW, 2) is the winner's row and column in x, counted from 0, the first in row order where there is a
    tie. dx gathers g at the winners; overlapping windows add up. PyTorch's max_pool2d, and ONNX's for `same`.
    """

    type = "max_pool"
    example = """\
input: {name: x, value: [[1, 5, 2, -3], [4, 0, 7, 6], [-2, 3, 8, 1]]}
layers:
  - max_pool:
      size: 2
      stride: [1, 2]
      padding: [[1, 0], [0, 0]]
upstream: [[1, 2], [3, -1], [2, 4]]
"""
    chosen = frozenset(("y", "path"))
    auxiliaries = ("path",)
    without_gradient = frozenset(auxiliaries)

    ties: str = option("first", "choice", WHO, tuple(TIES))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Ties where there are any, the padding where a window reaches into it; where windows lie."""
        shape = tensors["x"].shape[1:]
        padding = (PADDING,) if self.window(shape).is_padded else ()
        return (*super().conventions(numbers, tensors), *padding, *self.placing(shape))

    def counted_along(self, axis: Axis) -> Integers:
        """Cells on the image."""
        return axis.counts()

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The windows' cells side by side, as many windows at a time as the arithmetic likes to have at hand."""
        window, (samples, channels, *_) = self.window(x.shape[1:]), x.shape
        seen = window.columns_of(window.canvas(numbers, x).transpose(1, 2, 3, 0)).transpose(1, 2, 0, 3, 4, 5)
        y = numbers.empty((channels, *window.outputs, samples))
        path = np.empty((2, *y.shape), np.int32)
        each = channels * window.rows.kernel * window.columns.kernel * samples

        def work(piece: slice) -> None:
            for part in window.parts(numbers.working_set // each, piece):
                cells = numbers.copied(seen[:, :, :, part.rows, part.columns])
                # Padding has no value, so that it is never compared.
                counts = None if window.is_inside else window.real_cells(part).reshape(-1, 1, *part.shape, 1)
                largest, winner = numbers.first_largest(cells.reshape(-1, *cells.shape[2:]), counts)
                y[:, part.rows, part.columns] = largest
                _locate(window, part, winner, path[:, :, part.rows, part.columns])

        numbers.in_pieces(work, window.outputs[0], each * prod(window.outputs) * EACH)
        return {"y": y.transpose(3, 0, 1, 2), "path": path.transpose(4, 1, 2, 3, 0)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """Each window's gradient to its winner, or an equal share to each of its winners."""
        x, path = tensors["x"], tensors["path"]
        if self.ties == "split":
            window = self.window(x.shape[1:])
            tied = self._tied(numbers, window, tensors)
            shares = g / numbers.array(np.sum(list(tied.values()), axis=0))
            return {"dx": window.fold(numbers, x.shape[:2], lambda cell: numbers.gated(shares, tied[cell]))}
        samples, channels, height, width = x.shape
        row, column = path.transpose(4, 1, 2, 3, 0)
        corners = np.arange(channels).reshape(-1, 1, 1, 1) * (height * width * samples) + np.arange(samples)
        places = (row * width + column) * np.intp(samples) + corners
        dx = numbers.added_at(places.ravel(), g.transpose(1, 2, 3, 0).ravel(), x.size)
        return {"dx": dx.reshape(channels, height, width, samples).transpose(3, 0, 1, 2)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The window with stride, dilation and padding put in."""
        window, base = self.window(setting.x), setting.index_base
        row, column = places(window, base)
        at, cell, lies = r"\n, \c, \i, \j", r"\n, \c, \u, \v", rf"\u = {row},\, \v = {column}"
        won = {
            "first": rf"\sum_{{\i, \j:\, \path_{{{at}}} = \left(\u, \v\right)}} \g_{{{at}}}",
            "split": rf"\sum_{{\i, \j, \p, \q:\, \x_{{{cell}}} = \y_{{{at}}},\, {lies}}} "
            rf"\frac{{1}}{{\m_{{{at}}}}} \g_{{{at}}}",
        }
        return {
            "y": rf"\y_{{{at}}} = \max_{{\p, \q}} \x_{{\n, \c, {row}, {column}}}",
            "path": rf"\path_{{{at}}} = \arg \max_{{{lies}:\, \p, \q}} \x_{{{cell}}}",
            "dx": rf"\dx_{{{cell}}} = {won[self.ties]}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The winner; or the gradients of the windows that a cell has won, or its shares of them."""
        n, c, row, column = index
        path = tensors["path"]
        if tensor == "y":
            winner = path[index].tolist()
            return [Term((Entry("x", (n, c, winner[0], winner[1])),))]
        window = self.window(tensors["x"].shape[1:])
        terms = []
        for output, _ in window.visits((row, column)):
            at = (n, c, *output)
            winners = {(path[at][0], path[at][1])}
            if self.ties == "split":
                seen = [place for cell in window.cells() if (place := window.position(output, cell))]
                largest = tensors["y"][at]
                winners |= {place for place in seen if numbers.is_equal(tensors["x"][(n, c, *place)], largest)}
            if (row, column) in winners:
                terms.append(Term((Entry("g", at),), Fraction(1, len(winners))))
        return terms

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """The windows with a tie."""
        tied = self._tied(numbers, self.window(tensors["x"].shape[1:]), tensors)
        several = np.sum(list(tied.values()), axis=0) > 1
        return doubted("y", several, TIES[self.ties] if "g" in tensors else WINNER)

    def marks(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Mark]:
        """The winners in x."""
        path = tensors["path"]
        won = np.zeros(tensors["x"].shape, dtype=bool)
        samples, channels = np.ogrid[: path.shape[0], : path.shape[1]]
        won[samples[..., None, None], channels[..., None, None], path[..., 0], path[..., 1]] = True
        return [Mark("x", won, "winner")]

    def _won(self, window: Window, path: Array, cell: Pair) -> Booleans:
        """Which windows have their winner under this kernel cell."""
        rows = window.rows.positions()[:, cell[0], None]
        columns = window.columns.positions()[:, cell[1]]
        return np.asarray((path[..., 0] == rows) & (path[..., 1] == columns))

    def _tied(self, numbers: Arithmetic, window: Window, tensors: Mapping[str, Array]) -> Mapping[Pair, Booleans]:
        """For each kernel cell, the windows in which it is as large as the winner; the winner is."""
        canvas, y, is_real = window.canvas(numbers, tensors["x"]), tensors["y"], window.real_cells()
        tied = {}
        for cell in window.cells():
            won = self._won(window, tensors["path"], cell)
            rivals = ~won & is_real[cell]
            won[rivals] = numbers.is_known_equal(window.under(canvas, cell)[rivals], y[rivals])
            tied[cell] = won
        return tied


def _locate(window: Window, part: Part, winner: Integers, path: Integers) -> None:
    """Puts the positions of the winners, numbered within their windows, into path (2, …)."""
    rows, columns = window.rows, window.columns
    width = winner.dtype.type(columns.kernel)
    # Cells in numbers as small as they come: twice as fast as in int32.
    cells = np.empty(path.shape, winner.dtype)
    np.floor_divide(winner, width, out=cells[0])
    np.subtract(winner, cells[0] * width, out=cells[1])
    down, across = (
        cell if axis.dilation == 1 else cell * np.int32(axis.dilation)
        for cell, axis in zip(cells, (rows, columns), strict=True)
    )
    np.add(down, rows.starts[part.rows, None, None], out=path[0])
    np.add(across, columns.starts[part.columns, None], out=path[1])


class GlobalMaxPool(MaxPool):
    """x (C, H, W) to y (C, 1, 1): a max pool with one window, the whole image.

    PyTorch's adaptive_max_pool2d to 1.
    """

    type = "global_max_pool"
    example = small_problem("[[[1, 5], [4, 0]], [[-2, 3], [8, 1]]]", "global_max_pool", upstream="[2, -4]")
    has_1d: ClassVar[bool] = False
    sees_all = True
    outputs: Pair | None = (1, 1)

    @classmethod
    def options(cls) -> Mapping[str, Mapping[str, Any]]:
        """What becomes of ties: the window has no options."""
        return {"ties": super().options()["ties"]}

    def size_rules(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[SizeRule, ...]:
        """One number whatever the size."""
        return ()

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The window is the whole channel."""
        one = rf"\n, \c, {setting.index_base}, {setting.index_base}"
        each = r"\max_{\u, \v} \x_{\n, \c, \u, \v}"
        return {
            **super().formulas(setting), "y": rf"\y_{{{one}}} = {each}", "path": rf"\path_{{{one}}} = \arg {each}"
        }  # fmt: skip


COUNTED = Phrase("The mean divides by all cells of the window, those of the declared padding included.")
CELLS = r"\m_{\i, \j}"
"""How many cells a window has, where they do not all have as many."""
NOT_COUNTED = Phrase("The mean divides by the cells of the window that lie on the image; padding does not count.")


class AvgPool(Pool):
    """x (C, H, W) to y (C, oH, oW): the sum of each window over the number of its cells, as in PyTorch's avg_pool2d.

    Cells beyond the declared padding, where `ceil` lets a window reach over, never count. dx gives each cell its share.
    """

    type = "avg_pool"
    example = """\
input: {name: x, value: [[1, 5, 2], [4, 0, 7], [-2, 3, 8]]}
layers:
  - avg_pool:
      size: 2
      stride: [1, 2]
      padding: [[0, 0], [0, 1]]
      count_padding: false
upstream: [[1, 2], [3, -4]]
"""

    count_padding: bool = option(True, "bool", Phrase("divide by the cells of the padding too"))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """What the divisor counts, where a window reaches into the padding; where windows lie."""
        shape = tensors["x"].shape[1:]
        counted = (COUNTED if self.count_padding else NOT_COUNTED,) if self.window(shape).is_padded else ()
        return (*counted, *self.placing(shape))

    def counted_along(self, axis: Axis) -> Integers:
        """Cells on the image, and on its declared padding if that counts."""
        return axis.counts(with_padding=self.count_padding)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The window's cells added up one after the other, over their number."""
        window = self.window(x.shape[1:])
        canvas = window.canvas(numbers, x)
        total = numbers.zeros((*x.shape[:2], *window.outputs))
        for cell in window.cells():
            total += window.under(canvas, cell)
        return {"y": total / numbers.array(self.counted(window))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """An equal share for every cell of the window."""
        x = tensors["x"]
        window = self.window(x.shape[1:])
        shares = g / numbers.array(self.counted(window))
        return {"dx": window.fold(numbers, x.shape[:2], lambda cell: shares)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With stride, dilation, padding and, where it is the same for all windows, the divisor put in."""
        window, base = self.window(setting.x), setting.index_base
        row, column = places(window, base)
        counts = np.unique(self.counted(window)).tolist()
        share = ratio(1, counts[0]) if len(counts) == 1 else rf"\frac{{1}}{{{CELLS}}} "
        lies = rf"{row} = \u,\, {column} = \v"
        return {
            "y": rf"\y_{{\n, \c, \i, \j}} = {share}\sum_{{\p, \q}} \x_{{\n, \c, {row}, {column}}}",
            "dx": rf"\dx_{{\n, \c, \u, \v}} = \sum_{{\i, \j, \p, \q:\, {lies}}} {share}\g_{{\n, \c, \i, \j}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The window's cells, or the windows that a cell lies in, each over its number of cells."""
        n, c, *place = index
        at = (place[0], place[1])
        window = self.window(tensors["x"].shape[1:])
        counts = self.counted(window)
        if tensor == "y":
            share = Fraction(1, int(counts[at]))
            seen = (window.position(at, cell) for cell in window.cells())
            return [Term((Entry("x", (n, c, *position)),), share) for position in seen if position]
        return [
            Term((Entry("g", (n, c, *output)),), Fraction(1, int(counts[output]))) for output, _ in window.visits(at)
        ]


class GlobalAvgPool(Layer):
    """x (C, H, W) to y (C, 1, 1): y_c = Σ x[c,i,j] / (H·W); each cell gets dx = g / (H·W). A signal to (C, 1)."""

    type = "global_avg_pool"
    example = small_problem("[[[1, 5], [4, 0]], [[-2, 3], [8, 1]]]", "global_avg_pool", upstream="[2, -4]")
    domain = "image"
    takes_signals = True
    sees_all = True

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C, 1, 1)."""
        self.check_input(x)
        return (x[0], *(1 for _ in x[1:]))

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The mean over H and W."""
        rest = x.shape[2:]
        return {
            "y": numbers.sum(x, axis=tuple(range(2, x.ndim))).reshape(*x.shape[:2], *(1 for _ in rest)) / prod(rest)
        }

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """An equal share for every cell."""
        shape = tensors["x"].shape
        return {"dx": np.broadcast_to(g / prod(shape[2:]), shape).copy()}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the number of cells put in."""
        share, rest = ratio(1, prod(setting.x[1:])), (r"\i", r"\j")[: len(setting.x) - 1]
        one = ", ".join((r"\n, \c", *(str(setting.index_base) for _ in rest)))
        each = ", ".join((r"\n, \c", *rest))
        return {
            "y": rf"\y_{{{one}}} = {share}\sum_{{{', '.join(rest)}}} \x_{{{each}}}",
            "dx": rf"\dx_{{{each}}} = {share}\g_{{{one}}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Every cell of the channel, or its one gradient."""
        rest = tensors["x"].shape[2:]
        share = Fraction(1, prod(rest))
        if tensor == "dx":
            return [Term((Entry("g", (*index[:2], *(0 for _ in rest))),), share)]
        return [Term((Entry("x", (*index[:2], *at)),), share) for at in np.ndindex(rest)]
