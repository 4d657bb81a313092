"""What people get wrong where numbers are moved elsewhere: flattened, padded, shuffled, upsampled, unpooled."""

from math import prod
from typing import Any

import numpy as np

from cnncalc.layers.moving.gathered import MODES, Flatten
from cnncalc.layers.windows.pool import Pool
from cnncalc.mistakes.families import BEFORE_ACTIVATION
from cnncalc.mistakes.take import Records, Take, mistake, need
from cnncalc.step import Size

COLUMN_MAJOR = ((1, 3, 2), (3, 2, 1))
"""The axes of x (N, C, H, W) from the slowest: channel by channel, each by columns; and Fortran's order."""


def image(s: Take) -> Any:
    need(s.x.ndim == 4)
    return s.x


def in_order(s: Take, order: str) -> Any:
    """By the other order, where the problem has this one."""
    need(image(s).size and s.layer.order != order)
    return s.again(Flatten(order))


def by_columns(s: Take) -> Any:
    x = image(s)
    for axes in COLUMN_MAJOR:
        if s.tensor == "y":
            yield x.transpose(0, *axes).reshape(len(x), prod(x.shape[1:]))
        else:
            # The gradient put back as if it had been flattened with these axes.
            turned = s.g.reshape(len(x), *(x.shape[axis] for axis in axes))
            yield turned.transpose(0, *(1 + axes.index(axis) for axis in (1, 2, 3)))


def before_pool(s: Take) -> Any:
    need(isinstance(s.before.layer, Pool) and s.before.x.shape != image(s).shape)
    return [s.again(x=s.before.x), Size((prod(s.before.x.shape[1:]),))]


def pool_imagined(s: Take) -> Any:
    _, channels, height, width = image(s).shape
    need(min(height, width) > 1 and not (s.scene.before and isinstance(s.scene.before.layer, Pool)))
    return Size((channels * (height // 2) * (width // 2),))


FLATTEN = (
    mistake("~flatten-order-hwc: y dx", lambda s: in_order(s, "hwc"))(
        "flattened position by position, the channels of a position side by side (H, W, C, as in TensorFlow). This"
        " problem goes channel by channel, each row by row (C, H, W)."
    ),
    mistake("~flatten-order-chw: y dx", lambda s: in_order(s, "chw"))(
        "flattened channel by channel (C, H, W, as in PyTorch). This problem goes position by position, the channels of"
        " a position side by side (H, W, C)."
    ),
    mistake("~flatten-by-columns: y dx", by_columns)(
        "flattened column by column, as in MATLAB. This problem flattens row by row."
    ),
    mistake("one-channel-only: y")(
        "Only one channel was flattened; all channels together make C · H · W numbers.",
        lambda s: image(s).shape[1] > 1 and [s.again(x=s.x[:, :1]), Size((prod(s.x.shape[2:]),))],
    ),
    mistake("pooling-forgotten: y", before_pool)(
        "The input of the pooling was flattened; it is its output that must be flattened."
    ),
    BEFORE_ACTIVATION,
    mistake("pooling-imagined: y", pool_imagined)(
        "There are as many numbers as after a 2×2 pooling; there is no pooling right before this layer."
    ),
)


def cropped(s: Take) -> Any:
    """The gradient at the image alone."""
    sides, shape = s.layer.sides(s.x.shape[1:]), s.x.shape[2:]
    return s.g[(..., *(slice(before, before + n) for (before, _), n in zip(sides, shape, strict=True)))]


def in_another_order(s: Take, groups_first: bool, *axes: int) -> Any:
    """The square filled by columns, or the channels of all groups side by side; `axes` as they end up in y."""
    scale, (n, channels, rows, columns) = s.layer.scale, s.x.shape
    square, count = (scale, scale), channels // scale**2
    parted = (count, *square) if groups_first else (*square, count)
    return s.x.reshape(n, *parted, rows, columns).transpose(axes).reshape(s.y.shape)


PAD = (
    mistake("~padded-otherwise: y dx")(
        "other cells were put around the image; `mode` says which.",
        lambda s: [s.again(s.options(mode=mode)) for mode in MODES if mode != s.layer.mode],
    ),
    mistake("gradient-cropped: dx", cropped)(
        "Only the gradient at the image itself was taken; cells that stand around it as well get those, too."
    ),
)
RESHAPE = (
    mistake("channels-last: y")(
        "The numbers were laid out with the channels last; here channels come first.",
        lambda s: np.transpose(s.x.reshape(len(s.x), *s.y.shape[2:], s.y.shape[1]), (0, -1, *range(1, s.y.ndim - 1))),
    ),
    mistake("by-columns: y")(
        "The numbers were laid out column by column; they go row by row.",
        lambda s: np.transpose(
            s.x.reshape(len(s.x), s.y.shape[1], *s.y.shape[:1:-1]), (0, 1, *range(s.y.ndim - 1, 1, -1))
        ),
    ),
)
SHUFFLE = (
    mistake("square-by-columns: y", lambda s: in_another_order(s, True, 0, 1, 4, 3, 5, 2))(
        "The squares were filled column by column; the channels of a group go row by row."
    ),
    mistake("~groups-side-by-side: y", lambda s: in_another_order(s, False, 0, 3, 4, 1, 5, 2))(
        "the channels were grouped as TensorFlow's depth_to_space does; here those of a group lie side by side."
    ),
)


def among_zeros(s: Take) -> Any:
    """Each cell once, zeros around."""
    rows, columns = s.layer.scale
    made = s.numbers.zeros(s.y.shape)
    made[:, :, ::rows, ::columns] = s.x
    return made


UPSAMPLE = (
    mistake("corners-otherwise: y dx")(
        "The corners were laid the other way: see `align_corners`.",
        lambda s: s.layer.mode == "bilinear" and s.again(s.options(align_corners=not s.layer.align_corners)),
    ),
    mistake("nearest-for-bilinear: y dx")(
        "The nearest cell was repeated; bilinear upsampling goes between the cells in proportion.",
        lambda s: s.layer.mode == "bilinear" and s.again(s.options(mode="nearest", align_corners=False)),
    ),
    mistake("image-tiled: y", lambda s: np.tile(s.x, (1, 1, *s.layer.scale)))(
        "The whole image was repeated side by side; each cell is to be repeated where it lies."
    ),
    mistake("zeros-put-in: y", among_zeros)("The cells were laid among zeros; upsampling fills what lies between."),
    mistake("first-copy-only: dx")(
        "Only the gradient of a cell's first copy was taken; those of all copies are added up.",
        lambda s: s.layer.mode == "nearest" and s.g[:, :, :: s.layer.scale[0], :: s.layer.scale[1]],
    ),
    mistake("gradient-averaged: dx", lambda s: s.dx / (s.layer.scale[0] * s.layer.scale[1]))(
        "The gradients of a cell's copies were averaged; they are added up."
    ),
)


class Unpooled(Take):
    """A step of it."""

    @property
    def window(self) -> Any:
        """Where the pool's window lies, which may follow from its outputs."""
        return self.layer.pooling.window(self.layer.image)

    def under(self, row: int, column: int) -> Any:
        """The tensor as if each window had its winner under one of its cells."""
        rows, columns = self.window.rows.positions()[:, row], self.window.columns.positions()[:, column]
        path = np.stack(np.broadcast_arrays(rows[:, None], columns), -1)
        need(((path >= 0) & (path < np.asarray(self.layer.image[1:]))).all())
        return self.again(xb=np.broadcast_to(path, self.xb.shape))

    @property
    def everywhere(self) -> Any:
        """The sum of that over all cells of a window."""
        rows, columns = self.window.rows.kernel, self.window.columns.kernel
        return sum(self.under(row, column) for row in range(rows) for column in range(columns))


unpool = Records(Unpooled)
UNPOOL = (
    unpool("placed-in-corner: y dx", lambda s: [s.under(at, at) for at in (0, -1)])(
        "Each number was put into the same corner of its window; it belongs where the pool found the winner."
    ),
    unpool("spread-over-window: y dx", lambda s: s.everywhere)(
        "Each number was repeated over its whole window; all cells but the winner's are 0."
    ),
)
MISTAKES = {
    "flatten": FLATTEN,
    "reshape": RESHAPE,
    "pad": PAD,
    "pixel_shuffle": SHUFFLE,
    "upsample": UPSAMPLE,
    "max_unpool": UNPOOL,
}
