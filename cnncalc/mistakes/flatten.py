"""What people get wrong when they flatten."""

from math import prod
from typing import Any

from cnncalc.layers.flatten import Flatten
from cnncalc.layers.windows.pool import Pool
from cnncalc.mistakes.families import BEFORE_ACTIVATION
from cnncalc.mistakes.take import Take, mistake, need
from cnncalc.scene import Size

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


MISTAKES = (
    mistake("~flatten-order-hwc: y dx", lambda s: in_order(s, "hwc"))(
        "flattened position by position, the channels of a position side by side (H, W, C, as in TensorFlow). This"
        " problem goes channel by channel, each row by row (C, H, W).",
        "按位置逐个展平，同一位置的各通道相邻（H, W, C，如 TensorFlow）。本题逐通道、每个通道内按行展平（C, H, W）。",
    ),
    mistake("~flatten-order-chw: y dx", lambda s: in_order(s, "chw"))(
        "flattened channel by channel (C, H, W, as in PyTorch). This problem goes position by position, the channels of"
        " a position side by side (H, W, C).",
        "逐通道展平（C, H, W，如 PyTorch）。本题按位置逐个展平，同一位置的各通道相邻（H, W, C）。",
    ),
    mistake("~flatten-by-columns: y dx", by_columns)(
        "flattened column by column, as in MATLAB. This problem flattens row by row.",
        "按列展平（如 MATLAB）。本题按行展平。",
    ),
    mistake("one-channel-only: y")(
        "Only one channel was flattened; all channels together make C · H · W numbers.",
        "只展平了一个通道；所有通道共有 C · H · W 个数。",
        lambda s: image(s).shape[1] > 1 and [s.again(x=s.x[:, :1]), Size((prod(s.x.shape[2:]),))],
    ),
    mistake("pooling-forgotten: y", before_pool)(
        "The input of the pooling was flattened; it is its output that must be flattened.",
        "展平的是池化之前的特征图；应展平池化的输出。",
    ),
    BEFORE_ACTIVATION,
    mistake("pooling-imagined: y", pool_imagined)(
        "There are as many numbers as after a 2×2 pooling; there is no pooling right before this layer.",
        "元素个数像是先做过 2×2 池化；但紧接本层之前并没有池化。",
    ),
)
"""The most specific first."""
