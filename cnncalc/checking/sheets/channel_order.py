"""Answers whose channels stand last, as TensorFlow has them: laid in the problem's order where the shape tells so."""

from collections.abc import Iterator

from cnncalc.checking.given import cells_of
from cnncalc.language import Phrase
from cnncalc.problem.tensor.typed import Typed, object_array, without_ones
from cnncalc.records import replace
from cnncalc.trace import Tensor

KERNELS = (("kH, kW, C_in, C_out", (2, 3, 1, 0)), ("C_out, kH, kW, C_in", (0, 2, 3, 1)))
"""How a kernel lies where channels stand last: in words, and for each axis which one of (C_out, C_in, kH, kW) it is."""
READ_LAST = Phrase(
    en="{typed} where {full} is due: read with its channels last, as TensorFlow has them",
    zh="应为 {full}，给出的是 {typed}：按通道在后（TensorFlow 的顺序）读取",
)


def axes(tensor: Tensor, kernel: tuple[int, ...]) -> tuple[int, ...] | None:
    """For each axis of the tensor where channels stand last, which axis of ours that is; None where it has none."""
    rank = len(tensor.shape)
    if tensor.batched:
        return (0, 2, 3, 1) if rank == 4 else None
    if rank == 3:
        return (1, 2, 0)
    return kernel if rank == 4 else None


def laid_in_our_order(typed: Typed, tensor: Tensor, kernel: tuple[int, ...]) -> Typed | None:
    """The answer with its channels in front; None where it has no shape that they could stand last in."""
    order = axes(tensor, kernel)
    if order is None or typed.entries is None:
        return None
    laid = tuple(tensor.shape[axis] for axis in order)
    if without_ones(typed.shape) != without_ones(laid):
        return None
    entries = typed.entries.reshape(laid).transpose([order.index(axis) for axis in range(len(order))])
    return replace(typed, entries=entries, shape=entries.shape)


def told_by_the_shape(typed: Typed, tensor: Tensor) -> Iterator[Typed]:
    """The answer in our order, where its shape is that of channels last and not ours."""
    if without_ones(typed.shape) == without_ones(tensor.shape):
        return
    for _, kernel in KERNELS:
        laid = laid_in_our_order(typed, tensor, kernel)
        if laid is not None:
            yield laid


def size_in_our_order(typed: Typed) -> Typed | None:
    """A size in rows, columns and channels, perhaps behind the samples, with the channels in front."""
    if typed.entries is None or typed.entries.shape not in ((3,), (4,)):
        return None
    *samples, rows, columns, channels = cells_of(typed.entries)
    return replace(typed, entries=object_array([*samples, channels, rows, columns], typed.entries.shape))


def sizes_in_our_order(typed: Typed) -> list[Typed]:
    """The readings of a size with channels last: of an image, or of a kernel (kH, kW, C_in, C_out)."""
    image = size_in_our_order(typed)
    if image is None or typed.entries is None:
        return []
    if len(typed.entries) == 3:
        return [image]
    rows, columns, into, out = cells_of(typed.entries)
    return [image, replace(typed, entries=object_array([out, into, rows, columns], (4,)))]
