"""What people get wrong in upsampling."""

from typing import Any

import numpy as np

from cnncalc.mistakes.take import Take, mistake


def among_zeros(s: Take) -> Any:
    """Each cell once, zeros around."""
    rows, columns = s.layer.scale
    made = s.numbers.zeros(s.y.shape)
    made[:, :, ::rows, ::columns] = s.x
    return made


MISTAKES = (
    mistake("corners-otherwise: y dx")(
        "The corners were laid the other way: see `align_corners`.",
        "角点的约定用反了：见 `align_corners`。",
        lambda s: s.layer.mode == "bilinear" and s.again(s.options(align_corners=not s.layer.align_corners)),
    ),
    mistake("nearest-for-bilinear: y dx")(
        "The nearest cell was repeated; bilinear upsampling goes between the cells in proportion.",
        "直接重复了最近的元素；双线性上采样应按距离加权。",
        lambda s: s.layer.mode == "bilinear" and s.again(s.options(mode="nearest", align_corners=False)),
    ),
    mistake("image-tiled: y", lambda s: np.tile(s.x, (1, 1, *s.layer.scale)))(
        "The whole image was repeated side by side; each cell is to be repeated where it lies.",
        "把整幅图像重复拼接了；应在原位重复每个元素。",
    ),
    mistake("zeros-put-in: y", among_zeros)(
        "The cells were laid among zeros; upsampling fills what lies between.",
        "在元素之间填了零；上采样应填入插值结果。",
    ),
    mistake("first-copy-only: dx")(
        "Only the gradient of a cell's first copy was taken; those of all copies are added up.",
        "只取了第一个副本的梯度；所有副本的梯度应相加。",
        lambda s: s.layer.mode == "nearest" and s.g[:, :, :: s.layer.scale[0], :: s.layer.scale[1]],
    ),
    mistake("gradient-averaged: dx", lambda s: s.dx / (s.layer.scale[0] * s.layer.scale[1]))(
        "The gradients of a cell's copies were averaged; they are added up.", "对各副本的梯度取了平均；应相加。"
    ),
)
"""The most specific first."""
