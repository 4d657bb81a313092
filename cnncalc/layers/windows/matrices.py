"""What a convolution looks like as matrices, and its gradient as a convolution; made on request.

The matrix form: X̂ (`columns`), Ŵ (`weight_matrix`), Ŷ (`output_matrix`) with Ŷ = Ŵ·X̂ᵀ, and their gradients. The other
way to dx: δ with stride − 1 zeros between its cells (`delta_dilated`, U rows and columns), with E zeros around it
(`delta_padded`, F rows and columns), under the kernel turned by 180° (`rotated_weight`) at stride 1.
"""

from collections.abc import Callable
from functools import partial
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, filled
from cnncalc.layers.base import Entry, Index, Makers, Shape, Term
from cnncalc.layers.windows.axis import Axis, Pair, overlap
from cnncalc.layers.windows.lowering import Lowering
from cnncalc.layers.windows.window import Window

FORWARD = ("matrix", "columns", "weight_matrix", "output_matrix", "rotated_weight")
BACKWARD = ("doutput_matrix", "dweight_matrix", "dcolumns", "delta_dilated", "delta_padding", "delta_padded")
WITHOUT_SAMPLES = frozenset(["matrix", "weight_matrix", "dweight_matrix", "rotated_weight", "delta_padding"])


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
            "matrix": lambda: whole_matrix(self.numbers, self.window, self.laid, self.groups),
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
            "dweight_matrix": lambda: self._dweight_matrix(rows),
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
        own = self._own_channels()
        matrix = self.numbers.zeros((*own.shape, *self.laid.shape[2:]))
        matrix[own] = self.laid.reshape(-1, *self.laid.shape[2:])
        return matrix.reshape(len(own), -1)

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
        own = self._own_channels()
        return self.backward(g)["dweight_matrix"]().reshape(*own.shape, -1)[own].reshape(self.laid.shape)

    def _margins(self) -> tuple[Pair, Pair]:
        return margins(self.window.rows), margins(self.window.columns)

    def _by_sample(self, matrix: Array, stack: Array) -> Array:
        return self.numbers.matmul(np.broadcast_to(matrix, (len(stack), *matrix.shape)), stack)

    def _dweight_matrix(self, rows: Array) -> Array:
        """δ·X̂; for channels of other groups the weight matrix is 0, whatever the image, and so is its gradient."""
        own, matrix = self._own_channels(), self.numbers.sum(self.numbers.matmul(rows, self.columns()), axis=0)
        is_own = np.repeat(own, matrix.shape[1] // own.shape[1], axis=1)
        return self.numbers.gated(matrix, is_own)

    def _own_channels(self) -> Booleans:
        """Which input channels each output channel sees: those of its group, (F, C)."""
        outputs, inputs = self.laid.shape[:2]
        block = np.ones((outputs // self.groups, inputs), bool)
        return np.kron(np.eye(self.groups, dtype=bool), block)


def whole_matrix(numbers: Arithmetic, window: Window, laid: Array, groups: int) -> Array:
    """A of y = A·x, both flattened (C, H, W): a row for each window's element, a column for each of the image.

    Its transpose is what a transposed convolution, and the way back to dx, multiplies with.
    """
    outputs, inputs = laid.shape[:2]
    made = numbers.zeros((outputs, *window.outputs, inputs * groups, window.rows.size, window.columns.size))
    for p, q in window.cells():
        rows, columns = window.rows.positions()[:, p], window.columns.positions()[:, q]
        real_rows, real_columns = window.rows.is_real()[:, p], window.columns.is_real()[:, q]
        for i, j in np.ndindex(*window.outputs):
            if real_rows[i] and real_columns[j]:
                for f in range(outputs):
                    first = f // (outputs // groups) * inputs
                    made[f, i, j, first : first + inputs, rows[i], columns[j]] = laid[f, :, p, q]
    return made.reshape(outputs * prod(window.outputs), -1)


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


_COPIED = {"matrix": "weight", "columns": "x", "weight_matrix": "weight", "rotated_weight": "weight"}
"""What the elements of a matrix are taken from; where it is neither, from g."""


def numbered(shape: Shape) -> Array:
    """An array of its own elements' numbers, from 1: zeros among them are none of them."""
    return np.arange(1.0, prod(shape) + 1).reshape(shape)


class Origins:
    """Which element of x, weight or g stands in each cell of a matrix or of a δ; made of `numbered` ones."""

    def __init__(self, matrices: Matrices, g: Array) -> None:
        self.window = matrices.window
        self._makers = {**matrices.forward(), **matrices.backward(g)}
        self._shapes = {"x": matrices.x.shape, "weight": matrices.laid.shape, "g": g.shape}
        self._made: dict[str, Array] = {}

    def entries(self, name: str, *cells: int | slice) -> list[Entry | None]:
        """What `cells` are copies of; None stands for a zero that was put in."""
        if name not in self._made:
            source, found = _COPIED.get(name, "g"), self._makers[name]().astype(int) - 1
            where = np.unravel_index(np.maximum(found.ravel(), 0), self._shapes[source])
            places = zip(found.ravel().tolist(), zip(*(axis.tolist() for axis in where), strict=True), strict=True)
            copied = [Entry(source, at) if number >= 0 else None for number, at in places]
            self._made[name] = filled(found.shape, copied)
        some = self._made[name][cells]
        return some.ravel().tolist() if isinstance(some, np.ndarray) else [some]


def matrix_terms(tensor: str, index: Index, origins: Origins) -> list[Term]:
    """The terms of one element of a matrix, or of a δ, in x, weight and g."""
    every, entries = slice(None), origins.entries
    match tensor, index:
        case "delta_padding", (axis, side):
            return [Term((), margins((origins.window.rows, origins.window.columns)[axis])[side])]
        case "output_matrix", (n, f, row):
            factors = entries("weight_matrix", f), entries("columns", n, row)
        case "dcolumns", (n, row, column):
            factors = entries("doutput_matrix", n, every, row), entries("weight_matrix", every, column)
        case "dweight_matrix", (f, column):
            is_own = entries("weight_matrix", f, column) != [None]
            seen = entries("columns", every, every, column) if is_own else []
            factors = entries("doutput_matrix", every, f)[: len(seen)], seen
        case _:
            return [Term((entry,)) for entry in entries(tensor, *index) if entry]
    return [Term((left, right)) for left, right in zip(*factors, strict=True) if left and right]
