"""A convolution as matrix products (lowering, im2col), in parts that stay in the cache; for conv and conv_transpose.

An image that is looked at is x (N, C, H, W), as layers have it; what is made is (C, H, W, N). All of them lie in memory
with N innermost, so that every innermost loop runs along the samples.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import prod
from typing import TypeVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.windows.window import Part, Window

T = TypeVar("T")


class Lowering:
    """The cross-correlation of images with kernels (F, C/G, kH, kW), each of G groups of channels for itself."""

    def __init__(self, numbers: Arithmetic, window: Window, channels: int, samples: int, groups: int) -> None:
        self.numbers = numbers
        self.window = window
        self.samples = samples
        self.groups = groups
        self.cells = channels, window.rows.kernel, window.columns.kernel
        self._is_small = prod(self.cells) * prod(window.outputs) * samples <= numbers.few

    def product(self, x: Array, kernel: Array, bias: Array | None = None) -> Array:
        """y (F, oH, oW, N): for each part one product of the kernel with the windows side by side, and a bias (F)."""
        y = self.numbers.empty((len(kernel), *self.window.outputs, self.samples))
        grouped, matrix = self._by_group(y), self._by_group(kernel)
        shift = None if bias is None else self._by_group(bias)

        def multiply(columns: Array, place: Array) -> None:
            self.numbers.matmul(matrix, columns, out=place)
            if shift is not None:
                place += shift

        if self._is_small:
            multiply(self._all_columns(x), grouped)
            return y
        view = self._view(x)

        def work(piece: slice) -> None:
            for part in self._parts(piece):
                multiply(self._columns(view, part), self._within(grouped, part))

        self._in_pieces(work, kernel[0].size * y.size)
        return y

    def gradients(self, x: Array, kernel: Array, g: Array) -> tuple[Array, Array]:
        """dL/dkernel and dL/dimage, where dL/dy is g (F, oH, oW, N)."""
        if self._is_small or self._is_product_cheaper(kernel):
            return self.kernel_gradient(x, g), self.image_gradient(kernel, g)
        grouped, view, matrix = self._by_group(g), self._view(x), self._transposed(kernel)
        both = self._in_pieces(
            lambda piece: (self._kernel_gradient(view, grouped, piece), self._shares(matrix, grouped, piece)),
            2 * kernel[0].size * g.size,
        )
        dkernel = _sum(dkernel for dkernel, _ in both)
        return dkernel.reshape(kernel.shape), self._image([shares for _, shares in both])

    def kernel_gradient(self, x: Array, g: Array) -> Array:
        """dL/dkernel."""
        grouped, size = self._by_group(g), (self.cells[0] // self.groups, *self.cells[1:])
        if self._is_small:
            return self.numbers.matmul(grouped, self._all_columns(x).transpose(0, 2, 1)).reshape(len(g), *size)
        view = self._view(x)
        sums = self._in_pieces(lambda piece: self._kernel_gradient(view, grouped, piece), prod(size) * g.size)
        return _sum(sums).reshape(len(g), *size)

    def image_gradient(self, kernel: Array, g: Array) -> Array:
        """dL/dimage.

        Few shares of the windows are added to the image at one go. Otherwise, at stride 1, it is the cross-correlation
        of g, padded, with the kernel turned by 180°, wherever that takes less than to add the shares one by one.
        """
        if self._is_small:
            return self._added_at(kernel, g)
        if self._is_product_cheaper(kernel):
            return self._product_back(kernel, g)
        grouped, matrix = self._by_group(g), self._transposed(kernel)
        return self._image(self._in_pieces(lambda piece: self._shares(matrix, grouped, piece), kernel[0].size * g.size))

    def _kernel_gradient(self, view: Array, grouped: Array, piece: slice) -> Array:
        """What some rows of windows give to dL/dkernel: one product of g with the windows for each part."""
        return _sum(
            self.numbers.matmul(self._within(grouped, part), self._columns(view, part).transpose(0, 2, 1))
            for part in self._parts(piece)
        )

    def _product_back(self, kernel: Array, g: Array) -> Array:
        """dL/dimage as a cross-correlation of g."""
        parted = kernel.reshape(self.groups, -1, *kernel.shape[1:])[..., ::-1, ::-1].swapaxes(1, 2)
        back = Lowering(self.numbers, self.window.turned_back, len(g), self.samples, self.groups)
        return back.product(g.transpose(3, 0, 1, 2), parted.reshape(self.cells[0], -1, *self.cells[1:]))

    def _added_at(self, kernel: Array, g: Array) -> Array:
        """dL/dimage, each share added at its own place."""
        numbers, window, grouped = self.numbers, self.window, self._by_group(g)
        matrix = self._transposed(kernel)
        shares = numbers.matmul(matrix, grouped, out=numbers.scratch((*matrix.shape[:2], grouped.shape[2])))
        image = self.cells[0], window.rows.size, window.columns.size, self.samples
        # One more for all that lies in the padding.
        added = numbers.added_at(window.places(self.cells[0], self.samples), shares.ravel(), prod(image) + 1)
        return added[:-1].reshape(image)

    def _shares(self, matrix: Array, grouped: Array, piece: slice) -> Array:
        """What some rows of windows give to dL/dimage: their part of the canvas. The matrix is (G, K, F/G)."""
        rows, columns = self.window.rows, self.window.columns
        height = rows.reach(piece.stop - piece.start)
        canvas = self.numbers.zeros((self.cells[0], height, columns.extent, self.samples))
        for part in self._parts(piece):
            seen = self._within(grouped, part)
            scratch = self.numbers.scratch((*matrix.shape[:2], seen.shape[2]))
            shares = self.numbers.matmul(matrix, seen, out=scratch).reshape(*self.cells, *part.shape, self.samples)
            top, left = (part.rows.start - piece.start) * rows.stride, part.columns.start * columns.stride
            self._scatter(canvas[:, top:, left : left + columns.reach(part.shape[1])], shares)
        return canvas

    def _scatter(self, canvas: Array, shares: Array) -> None:
        """Adds shares (C, kH, kW, rows, columns, N) where their windows lie on a canvas that begins with the first."""
        if self.window.rows.stride == self.window.columns.stride == 1:
            # Rows make the longer additions, where there are enough of them that sums are fewer than shares.
            shares = self._summed(shares, 0 if shares.shape[3] > self.window.rows.kernel else 1)
        rows, columns = self.window.rows, self.window.columns
        down, across = shares.shape[3:5]
        for p in range(shares.shape[1]):
            for q in range(shares.shape[2]):
                place = canvas[:, rows.place(p, down), columns.place(q, across)]
                place += shares[:, p, q]

    def _summed(self, shares: Array, number: int) -> Array:
        """One for all rows of the kernel (0), or all its columns (1): fewer and longer additions than cell by cell."""
        axis, count = (self.window.rows, self.window.columns)[number], shares.shape[3 + number]
        shape = list(shares.shape)
        shape[1 + number], shape[3 + number] = 1, axis.reach(count)
        sums = self.numbers.empty(tuple(shape))
        to_kernel, to_windows = (slice(None),) * (1 + number), (slice(None),) * (3 + number)
        sums[(*to_windows, slice(count))] = shares[(*to_kernel, slice(0, 1))]
        sums[(*to_windows, slice(count, None))] = self.numbers.zeros(())
        for cell in range(1, axis.kernel):
            place = sums[(*to_windows, axis.place(cell, count))]
            place += shares[(*to_kernel, slice(cell, cell + 1))]
        return sums

    def _image(self, pieces: Sequence[Array]) -> Array:
        """The image on the canvas that has such pieces one below the other; they may overlap."""
        canvas, rows = pieces[0], self.window.rows
        if len(pieces) > 1:
            first = pieces[0]
            canvas, top = self.numbers.empty((self.cells[0], rows.extent, *first.shape[2:])), first.shape[1]
            canvas[:, :top] = first
            canvas[:, top:] = self.numbers.zeros(())
            for piece in pieces[1:]:
                top += rows.stride - rows.span
                place = canvas[:, top : top + piece.shape[1]]
                place += piece
                top += piece.shape[1]
        return self.window.image(self.numbers, canvas.transpose(3, 0, 1, 2)).transpose(1, 2, 3, 0)

    def _is_product_cheaper(self, kernel: Array) -> bool:
        """Whether dL/dimage by a product takes less than by adding shares, estimated in copies for each window.

        Both gradients of 16 kernels of 3×3 on eight images of 16×32×32 take 3.4 ms with the better and 4.6 ms without.
        """
        if not self.window.rows.stride == self.window.columns.stride == 1:
            return False
        numbers, windows = self.numbers, prod(self.window.outputs)
        outputs, channels, rows, columns = len(kernel), *self.cells
        multiplying = numbers.cost_of_multiplying * kernel.size
        enlarged = self.window.rows.size * self.window.columns.size / windows
        # Sums of the shares are added to an image that is zeros first.
        adding = numbers.cost_of_adding * channels * columns * (rows + 2)
        calling = numbers.cost_of_calling * (rows + columns) / (windows * self.samples)
        return bool(enlarged * (outputs * rows * columns + multiplying) < adding + calling + multiplying)

    def _in_pieces(self, work: Callable[[slice], T], multiplications: int) -> list[T]:
        """By rows of windows."""
        return self.numbers.in_pieces(work, self.window.outputs[0], multiplications)

    def _all_columns(self, x: Array) -> Array:
        """The columns (G, K, L · N) of a small problem."""
        return self._by_cell(self.numbers.copied(self._view(x)))

    def _columns(self, view: Array, part: Part) -> Array:
        """All that the windows of a part see, side by side: (G, K, L · N)."""
        return self._by_cell(self.numbers.copied(view[:, :, :, part.rows, part.columns]))

    def _view(self, x: Array) -> Array:
        """All windows as (C, kH, kW, oH, oW, N)."""
        return self.window.columns_of(self.window.canvas(self.numbers, x).transpose(1, 2, 3, 0))

    def _by_cell(self, seen: Array) -> Array:
        """What windows see (C, kH, kW, rows, columns, N) as (G, K, L · N)."""
        return seen.reshape(self.groups, prod(self.cells) // self.groups, -1)

    def _transposed(self, kernel: Array) -> Array:
        """(G, K, F/G)."""
        return self._by_group(kernel).transpose(0, 2, 1)

    def _by_group(self, x: Array) -> Array:
        """x (F, …) as matrices (G, F/G, …)."""
        return x.reshape(self.groups, len(x) // self.groups, -1)

    def _parts(self, piece: slice) -> Iterator[Part]:
        """Parts of some rows of windows, that see as many numbers as the arithmetic likes to have at hand."""
        return self.window.parts(self.numbers.working_set // (prod(self.cells) * self.samples), piece)

    def _within(self, grouped: Array, part: Part) -> Array:
        """What (G, F/G, oH · oW · N) has for the windows of a part."""
        return grouped[:, :, part.numbers(self.window, self.samples)]


def _sum(arrays: Iterable[Array]) -> Array:
    """Of some arrays, in the first of them."""
    others = iter(arrays)
    total = next(others)
    for array in others:
        total += array
    return total
