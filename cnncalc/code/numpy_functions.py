"""The functions that NumPy has not and an exported script needs: their source goes into it, with what they call.

Images are (N, C, H, W). Around an image lie so many cells: ((top, bottom), (left, right)); a negative number crops.
"""
# mypy: disable-error-code=no-any-return

import math

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Array = np.ndarray
Pair = tuple[int, int]
Sides = tuple[Pair, Pair]
ALIKE = (1, 1)


def padded(x: Array, sides: Sides, outside: float = 0) -> Array:
    """The image with what lies around it."""
    (top, bottom), (left, right) = sides
    around = [(0, 0), (0, 0), (max(top, 0), max(bottom, 0)), (max(left, 0), max(right, 0))]
    x = np.pad(x, around, constant_values=outside)
    return x[:, :, max(-top, 0) : x.shape[2] - max(-bottom, 0), max(-left, 0) : x.shape[3] - max(-right, 0)]


def windows(
    x: Array, size: Pair, sides: Sides, stride: Pair = ALIKE, dilation: Pair = ALIKE, outside: float = 0
) -> Array:
    """What each window sees: (N, C, rows of windows, columns of windows, rows, columns)."""
    rows, columns = ((cells - 1) * step + 1 for cells, step in zip(size, dilation, strict=True))
    seen = sliding_window_view(padded(x, sides, outside), (rows, columns), axis=(2, 3))
    return seen[:, :, :: stride[0], :: stride[1], :: dilation[0], :: dilation[1]]


def laid_back(
    cells: Array, shape: tuple[int, ...], sides: Sides, stride: Pair = ALIKE, dilation: Pair = ALIKE
) -> Array:
    """The reverse: each cell of each window is added where it came from; `shape` is that of the image."""
    (top, bottom), (left, right) = sides
    height, width = shape[2] + top + bottom, shape[3] + left + right
    image = np.zeros((*shape[:2], height, width))
    for p in range(cells.shape[4]):
        for q in range(cells.shape[5]):
            i, j = p * dilation[0], q * dilation[1]
            rows, columns = cells.shape[2] * stride[0], cells.shape[3] * stride[1]
            image[:, :, i : i + rows : stride[0], j : j + columns : stride[1]] += cells[..., p, q]
    return padded(image, ((-top, -bottom), (-left, -right)))


def conv(x: Array, weight: Array, sides: Sides, stride: Pair = ALIKE, dilation: Pair = ALIKE, groups: int = 1) -> Array:
    """Each kernel laid on each window: the sum of the products."""
    seen = windows(x, weight.shape[2:], sides, stride, dilation)
    parts = zip(np.split(seen, groups, axis=1), np.split(weight, groups), strict=True)
    return np.concatenate([np.einsum("ncijpq,fcpq->nfij", s, w) for s, w in parts], axis=1)


def conv_by_weight(
    g: Array, x: Array, size: Pair, sides: Sides, stride: Pair = ALIKE, dilation: Pair = ALIKE, groups: int = 1
) -> Array:
    """The gradient of the kernels: what lay under each of their cells, times g."""
    seen = windows(x, size, sides, stride, dilation)
    parts = zip(np.split(seen, groups, axis=1), np.split(g, groups, axis=1), strict=True)
    return np.concatenate([np.einsum("ncijpq,nfij->fcpq", s, d) for s, d in parts])


def conv_by_input(
    g: Array,
    weight: Array,
    shape: tuple[int, ...],
    sides: Sides,
    stride: Pair = ALIKE,
    dilation: Pair = ALIKE,
    groups: int = 1,
) -> Array:
    """The gradient of the image: each kernel, times g, stamped where it lay."""
    parts = zip(np.split(g, groups, axis=1), np.split(weight, groups), strict=True)
    cells = np.concatenate([np.einsum("nfij,fcpq->ncijpq", d, w) for d, w in parts], axis=1)
    return laid_back(cells, shape, sides, stride, dilation)


def winners(x: Array, size: Pair, sides: Sides, stride: Pair = ALIKE, dilation: Pair = ALIKE) -> Array:
    """Row and column, from 0, of the largest number of each window, the first in row order: (N, C, oH, oW, 2)."""
    seen = windows(x, size, sides, stride, dilation, -np.inf)
    row, column = np.divmod(seen.reshape(*seen.shape[:4], -1).argmax(-1), size[1])
    rows, columns = np.ogrid[: seen.shape[2], : seen.shape[3]]
    row = rows * stride[0] + row * dilation[0] - sides[0][0]
    return np.stack([row, columns * stride[1] + column * dilation[1] - sides[1][0]], axis=-1)


def at(x: Array, path: Array) -> Array:
    """The numbers that stand there."""
    n, c = np.ogrid[: x.shape[0], : x.shape[1]]
    return x[n[..., None, None], c[..., None, None], path[..., 0], path[..., 1]]


def to_winners(g: Array, path: Array, shape: tuple[int, ...]) -> Array:
    """Each window's gradient at its winner; where windows have the same one, they add up."""
    dx = np.zeros(shape)
    n, c = np.ogrid[: shape[0], : shape[1]]
    np.add.at(dx, (n[..., None, None], c[..., None, None], path[..., 0], path[..., 1]), g)
    return dx


def shared(g: Array, x: Array, size: Pair, sides: Sides, stride: Pair = ALIKE, dilation: Pair = ALIKE) -> Array:
    """Each window's gradient in equal parts to all of its largest numbers."""
    seen = windows(x, size, sides, stride, dilation, -np.inf)
    won = seen == seen.max((4, 5), keepdims=True)
    return laid_back(won / won.sum((4, 5), keepdims=True) * g[..., None, None], x.shape, sides, stride, dilation)


def spread(g: Array, cells: Array, shape: tuple[int, ...], size: Pair, sides: Sides, stride: Pair = ALIKE,
           dilation: Pair = ALIKE) -> Array:  # fmt: skip
    """An equal share of each window's gradient for each of its cells."""
    each = (g / cells)[..., None, None]
    return laid_back(np.broadcast_to(each, (*g.shape, *size)), shape, sides, stride, dilation)


def shares(scale: int, size: int, way: str) -> Array:
    """Which share each of `size` cells has in each of scale · size, row by row."""
    at = np.arange(scale * size)
    places = {
        "nearest": at // scale,
        "corners": at * (size - 1) / max(scale * size - 1, 1),
        "centres": np.clip((at + 0.5) / scale - 0.5, 0, size - 1),
    }
    return np.maximum(0, 1 - np.abs(places[way][:, None] - np.arange(size)))


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x)), on both sides of 0 without overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x > 0, 1, small) / (1 + small)


def erf(x: Array) -> Array:
    """The error function."""
    return np.vectorize(math.erf, otypes=[float])(x)


def softmax(x: Array) -> Array:
    """Taken from exp(x - max x), which is the same and cannot overflow."""
    powers = np.exp(x - x.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def log_softmax(x: Array) -> Array:
    """Its logarithm, from the same differences."""
    rest = x - x.max(1, keepdims=True)
    return rest - np.log(np.exp(rest).sum(1, keepdims=True))


def quotient(above: Array, below: Array) -> Array:
    """above / below, and 0 where above is 0."""
    return np.divide(above, below, out=np.zeros(np.broadcast(above, below).shape), where=above != 0)


def logarithms(factor: Array, x: Array) -> Array:
    """factor · log x, and 0 where the factor is 0."""
    return factor * np.log(x, out=np.zeros(x.shape), where=factor != 0)
