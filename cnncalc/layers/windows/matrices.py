"""What a convolution looks like as matrices, and its gradient as a convolution; made on request.

The matrix form: X̂ (`columns`), Ŵ (`weight_matrix`), Ŷ (`output_matrix`) with Ŷ = Ŵ·X̂ᵀ, and their gradients. The other
way to dx: δ with stride − 1 zeros between its cells (`delta_dilated`, U rows and columns), with E zeros around it
(`delta_padded`, F rows and columns), under the kernel turned by 180° (`rotated_weight`) at stride 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans
from cnncalc.layers.base import Entry, Index, Shape, Term
from cnncalc.layers.windows.axis import Axis, Pair, overlap
from cnncalc.layers.windows.lowering import Lowering
from cnncalc.layers.windows.window import Window

FORWARD = ("columns", "weight_matrix", "output_matrix", "rotated_weight")
BACKWARD = ("doutput_matrix", "dweight_matrix", "dcolumns", "delta_dilated", "delta_padding", "delta_padded")
WITHOUT_SAMPLES = frozenset(["weight_matrix", "dweight_matrix", "rotated_weight", "delta_padding"])
Makers: TypeAlias = Mapping[str, Callable[[], Array]]


class Matrices:
    """The matrices of one convolution; `laid` is its weight as it lies on the image, after any flip."""

    def __init__(self, numbers: Arithmetic, window: Window, groups: int, x: Array, laid: Array) -> None:
        self.numbers = numbers
        self.window = window
        self.groups = groups
        self.x = x
        self.laid = laid

    def forward(self) -> Makers:
        """By name: (N, P, K), (F, K), (N, F, P), (C, F/G, kH, kW) for P output positions and K = C·kH·kW."""
        return {
            "columns": self.columns,
            "weight_matrix": self.weight_matrix,
            "output_matrix": lambda: self._by_sample(self.weight_matrix(), self.columns().transpose(0, 2, 1)),
            "rotated_weight": self.rotated_weight,
        }

    def backward(self, g: Array) -> Makers:
        """The gradients of the matrices, and δ on its way through the rotated kernel."""
        rows = g.reshape(*g.shape[:2], -1)
        return {
            "doutput_matrix": lambda: rows,
            "dweight_matrix": lambda: self._own_channels(
                self.numbers.sum(self.numbers.matmul(rows, self.columns()), axis=0)
            ),
            "dcolumns": lambda: self.numbers.matmul(
                rows.transpose(0, 2, 1), np.broadcast_to(self.weight_matrix(), (len(g), *self.weight_matrix().shape))
            ),
            "delta_dilated": lambda: self.delta_dilated(g),
            "delta_padding": lambda: self.numbers.array(np.asarray(self._margins(), dtype=object)),
            "delta_padded": lambda: self.delta_padded(g),
        }

    def columns(self) -> Array:
        """im2col: a row for each output position and a column for each c, p, q of the window."""
        view = self.window.view(self.window.canvas(self.numbers, self.x)).transpose(0, 2, 3, 1, 4, 5)
        return view.reshape(len(self.x), self.window.outputs[0] * self.window.outputs[1], -1)

    def weight_matrix(self) -> Array:
        """A row for each output channel; in groups, zeros for the channels that it does not see."""
        outputs, inputs = self.laid.shape[:2]
        matrix = self.numbers.zeros((outputs, self.groups * inputs, *self.laid.shape[2:]))
        for f in range(outputs):
            first = first_channel(f, self.laid.shape, self.groups)
            matrix[f, first : first + inputs] = self.laid[f]
        return matrix.reshape(outputs, -1)

    def rotated_weight(self) -> Array:
        """The kernels turned by 180°, input and output channels having changed places."""
        turned = self.laid[:, :, ::-1, ::-1]
        outputs, inputs = turned.shape[0] // self.groups, turned.shape[1]
        parted = turned.reshape(self.groups, outputs, inputs, *turned.shape[2:]).transpose(0, 2, 1, 3, 4)
        return parted.reshape(self.groups * inputs, outputs, *turned.shape[2:])

    def delta_dilated(self, g: Array) -> Array:
        """δ with stride − 1 zeros between its cells."""
        return dilated(g, self.window.strides, self.numbers.zeros)

    def delta_padded(self, g: Array) -> Array:
        """δ as the rotated kernel runs over it; a negative margin crops."""
        return laid_among(self.delta_dilated(g), self._margins(), self.numbers.zeros)

    def filler_of_delta(self) -> Booleans:
        """Which cells of `delta_padded` are zeros that were put in."""
        cells = dilated(np.ones(self.window.outputs, bool), self.window.strides, nowhere)
        return ~laid_among(cells, self._margins(), nowhere)

    def dx_by_rotated_kernel(self, g: Array) -> Array:
        """dx by the second way: δ padded, under the rotated kernel, at stride 1."""
        padded, axes = self.delta_padded(g), (self.window.rows, self.window.columns)
        sizes = zip(padded.shape[2:], axes, strict=True)
        rows, columns = (Axis(size, axis.kernel, dilation=axis.dilation) for size, axis in sizes)
        back = Lowering(self.numbers, Window(rows, columns), padded.shape[1], len(g), self.groups)
        return back.product(padded, self.rotated_weight()).transpose(3, 0, 1, 2)

    def dx_by_columns(self, g: Array) -> Array:
        """dx by the first way: col2im of dX̂."""
        return self.folded(self.backward(g)["dcolumns"]())

    def folded(self, columns: Array) -> Array:
        """col2im: what a row for each window (of all channels, or of some) has for its cells, added up on an image."""
        shape = len(self.x), *self.window.outputs, -1, self.window.rows.kernel, self.window.columns.kernel
        shares = columns.reshape(shape).transpose(0, 3, 1, 2, 4, 5)
        return self.window.fold(self.numbers, shares.shape[:2], lambda cell: shares[..., cell[0], cell[1]])

    def dweight_by_columns(self, g: Array) -> Array:
        """The gradient of the weight as it lies on the image: δ·X̂, of each output channel what its own group sees."""
        matrix, outputs = self.backward(g)["dweight_matrix"](), np.arange(len(self.laid))
        by_group = matrix.reshape(len(outputs), self.groups, *self.laid.shape[1:])
        return np.asarray(by_group[outputs, outputs // (len(outputs) // self.groups)])

    def _margins(self) -> tuple[Pair, Pair]:
        return margins(self.window.rows), margins(self.window.columns)

    def _by_sample(self, matrix: Array, stack: Array) -> Array:
        return self.numbers.matmul(np.broadcast_to(matrix, (len(stack), *matrix.shape)), stack)

    def _own_channels(self, matrix: Array) -> Array:
        """Only what a row's own group sees: the rest of the weight matrix is 0, whatever the image."""
        outputs, inputs = self.laid.shape[:2]
        parted = matrix.reshape(outputs, self.groups * inputs, -1)
        kept = self.numbers.zeros(parted.shape)
        for f in range(outputs):
            first = first_channel(f, self.laid.shape, self.groups)
            kept[f, first : first + inputs] = parted[f, first : first + inputs]
        return kept.reshape(matrix.shape)


def margins(axis: Axis) -> Pair:
    """E, the zeros before and after the dilated δ: span − 1 − padding, and what the last window did not reach."""
    before = axis.span - 1 - axis.before
    return before, axis.size + axis.span - 1 - before - ((axis.outputs - 1) * axis.stride + 1)


nowhere: Callable[[Shape], Array] = partial(np.zeros, dtype=bool)
"""In the place of an arithmetic's zeros, where cells are marked."""


def dilated(x: Array, steps: Pair, zeros: Callable[[Shape], Array]) -> Array:
    """Matrices with step − 1 zeros between their rows and between their columns."""
    made = zeros((*x.shape[:-2], *((size - 1) * step + 1 for size, step in zip(x.shape[-2:], steps, strict=True))))
    made[..., :: steps[0], :: steps[1]] = x
    return made


def laid_among(x: Array, around: tuple[Pair, Pair], zeros: Callable[[Shape], Array]) -> Array:
    """Matrices with so many zeros before and after their rows and their columns; a negative number crops."""
    sizes = [size + sum(margin) for size, margin in zip(x.shape[-2:], around, strict=True)]
    made = zeros((*x.shape[:-2], *sizes))
    rows, columns = (overlap(around[axis][0], x.shape[axis - 2], sizes[axis]) for axis in (0, 1))
    made[..., rows[0], columns[0]] = x[..., rows[1], columns[1]]
    return made


def first_channel(f: int, weight: Shape, groups: int) -> int:
    """The first input channel of the group that output channel f belongs to."""
    return f // (weight[0] // groups) * weight[1]


def matrix_terms(tensor: str, index: Index, window: Window, groups: int, weight: Shape, flip: bool) -> list[Term]:
    """The terms of one element of a matrix, or of a δ, in x, weight and g."""
    cells = weight[2] * weight[3]
    inputs = weight[1]

    def laid(f: int, column: int) -> Entry | None:
        """The weight in column c·kH·kW + p·kW + q of Ŵ; None for a channel of another group."""
        c, cell = divmod(column, cells)
        c -= first_channel(f, weight, groups)
        p, q = divmod(cells - 1 - cell if flip else cell, weight[3])
        return Entry("weight", (f, c, p, q)) if 0 <= c < inputs else None

    def seen(n: int, row: int, column: int) -> Entry | None:
        c, cell = divmod(column, cells)
        at = window.position(divmod(row, window.outputs[1]), divmod(cell, weight[3]))
        return Entry("x", (n, c, *at)) if at else None

    def product(*factors: Entry | None) -> list[Term]:
        return [Term(tuple(factor for factor in factors if factor))] if all(factors) else []

    match tensor, index:
        case "columns", (n, row, column):
            return product(seen(n, row, column))
        case "weight_matrix", (f, column):
            return product(laid(f, column))
        case "output_matrix", (n, f, row):
            columns = range(groups * inputs * cells)
            return [term for column in columns for term in product(laid(f, column), seen(n, row, column))]
        case "rotated_weight", (c, f, p, q):
            group, own = divmod(c, inputs)
            cell = (p, q) if flip else (weight[2] - 1 - p, weight[3] - 1 - q)
            return [Term((Entry("weight", (group * (weight[0] // groups) + f, own, *cell)),))]
        case "doutput_matrix", (n, f, row):
            return product(Entry("g", (n, f, *divmod(row, window.outputs[1]))))
        case "dcolumns", (n, row, column):
            at = divmod(row, window.outputs[1])
            return [term for f in range(weight[0]) for term in product(Entry("g", (n, f, *at)), laid(f, column))]
        case "delta_padding", (a, side):
            return [Term((), margins((window.rows, window.columns)[a])[side])]
        case (("delta_dilated" | "delta_padded"), (n, f, row, column)):
            top, left = (margins(window.rows)[0], margins(window.columns)[0]) if tensor == "delta_padded" else (0, 0)
            i, down = divmod(row - top, window.rows.stride)
            j, right = divmod(column - left, window.columns.stride)
            there = not down and not right and 0 <= i < window.outputs[0] and 0 <= j < window.outputs[1]
            return product(Entry("g", (n, f, i, j))) if there else []
    raise KeyError(tensor)


def weight_gradient_terms(index: Index, samples: int, window: Window, groups: int, weight: Shape) -> list[Term]:
    """Those of dŴ: δ times what lies under the cell, for the channels of the row's own group."""
    f, column = index
    c, cell = divmod(column, weight[2] * weight[3])
    if not 0 <= c - first_channel(f, weight, groups) < weight[1]:
        return []
    terms = []
    for n in range(samples):
        for output in np.ndindex(window.outputs):
            at = window.position((output[0], output[1]), divmod(cell, weight[3]))
            if at:
                terms.append(Term((Entry("g", (n, f, *output)), Entry("x", (n, c, *at)))))
    return terms
