"""What people get wrong where the numbers of an image are laid elsewhere."""

from typing import Any

import numpy as np

from cnncalc.layers.gathered import MODES
from cnncalc.mistakes.take import Take, mistake


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
        "四周补的值不同；本题由 `mode` 规定。",
        lambda s: [s.again(s.options(mode=mode)) for mode in MODES if mode != s.layer.mode],
    ),
    mistake("gradient-cropped: dx", cropped)(
        "Only the gradient at the image itself was taken; cells that stand around it as well get those, too.",
        "只取了图像内部的梯度；在四周重复出现的元素还应加上那些位置的梯度。",
    ),
)
SHUFFLE = (
    mistake("square-by-columns: y", lambda s: in_another_order(s, True, 0, 1, 4, 3, 5, 2))(
        "The squares were filled column by column; the channels of a group go row by row.",
        "小方块按列填充了；一组内的通道应按行排列。",
    ),
    mistake("~groups-side-by-side: y", lambda s: in_another_order(s, False, 0, 3, 4, 1, 5, 2))(
        "the channels were grouped as TensorFlow's depth_to_space does; here those of a group lie side by side.",
        "通道按 TensorFlow 的 depth_to_space 分组了；本题同一组的通道相邻（PyTorch）。",
    ),
)
RESHAPE = (
    mistake("channels-last: y")(
        "The numbers were laid out with the channels last; here channels come first.",
        "按通道在后的顺序排列了；本题通道在前。",
        lambda s: np.transpose(s.x.reshape(len(s.x), *s.y.shape[2:], s.y.shape[1]), (0, -1, *range(1, s.y.ndim - 1))),
    ),
    mistake("by-columns: y")(
        "The numbers were laid out column by column; they go row by row.",
        "按列排列了；应按行排列。",
        lambda s: np.transpose(
            s.x.reshape(len(s.x), s.y.shape[1], *s.y.shape[:1:-1]), (0, 1, *range(s.y.ndim - 1, 1, -1))
        ),
    ),
)
MISTAKES = {"reshape": RESHAPE, "pad": PAD, "pixel_shuffle": SHUFFLE}
"""By type, the most specific first."""
