"""What people put around a convolution's input instead of zeros, and what they leave out there."""

from __future__ import annotations

from functools import partial
from typing import Literal, TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Array, Integers
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import NO_SIDES, sides_of, window_of, with_sides
from cnncalc.layers.mistake import Mistake, Scene, Wrong

Mode: TypeAlias = Literal["edge", "reflect", "symmetric", "wrap"]


def _around(scene: Scene, mode: Mode) -> tuple[Integers, Integers] | None:
    """Which rows and columns of x stand for those of the padded one; None without padding, or where it crops."""
    sides = sides_of(scene)
    # A mirror that repeats the border differs from a repeated border from the second cell on.
    enough = 2 if mode == "symmetric" else 1
    if min(sides[0] + sides[1]) < 0 or max(sides[0] + sides[1]) < enough:
        return None
    rows, columns = (
        np.asarray(np.pad(np.arange(n), s, mode=mode)) for n, s in zip(scene["x"].shape[2:], sides, strict=True)
    )
    return rows, columns


def _border(mode: Mode, tensor: str, scene: Scene) -> Wrong:
    around = _around(scene, mode)
    if around is None:
        return
    rows, columns = around
    x, layer = scene["x"][:, :, rows[:, None], columns], with_sides(scene, NO_SIDES)
    if tensor == "y":
        yield scene.forward(layer, x=x)["y"]
        return
    made = scene.backward(layer, x=x)[tensor]
    if tensor == "dx":
        # What falls on the border's copies belongs to the cells that they are copies of.
        made = _gathered(scene, _gathered(scene, made, rows, 2), columns, 3)
    yield made


def _gathered(scene: Scene, made: Array, places: Integers, axis: int) -> Array:
    """Slices along an axis added up at their places on x."""
    slices = made.swapaxes(0, axis)
    gathered = scene.numbers.zeros((scene["x"].shape[axis], *slices.shape[1:]))
    for place, part in zip(places.tolist(), slices, strict=True):
        gathered[place] = gathered[place] + part
    return gathered.swapaxes(0, axis)


def _border_left_out(scene: Scene) -> Wrong:
    window = window_of(scene)
    inside = window.real_cells().all(axis=(0, 1))
    if not inside.all():
        right = scene.forward()["y"]
        y = scene.numbers.zeros(right.shape)
        y[:, :, inside] = right[:, :, inside]
        yield y


def _border_mistakes(code: str, mode: Mode, en: str, zh: str) -> tuple[Mistake, ...]:
    phrase = Phrase(
        en=f"Another convention: the padding was filled with {en}; here it holds zeros.",
        zh=f"另一种约定：填充的是{zh}；本题填充 0。",
    )
    return tuple(
        Mistake(code, tensor, phrase, partial(_border, mode, tensor), "convention") for tensor in ("y", "dx", "dweight")
    )


MISTAKES: tuple[Mistake, ...] = (
    *_border_mistakes("border-replicated", "edge", "copies of the border", "复制的边缘值"),
    *_border_mistakes("border-reflected", "reflect", "the mirror image of the input", "输入的镜像（反射）"),
    *_border_mistakes("border-reflected", "symmetric", "the mirror image of the input", "输入的镜像（反射）"),
    *_border_mistakes("border-wrapped", "wrap", "the opposite border (circular)", "对侧的值（循环填充）"),
    Mistake(
        "border-left-out",
        "y",
        Phrase(
            en="Where the kernel reaches into the padding, 0 was written; the part of the kernel that lies on the input"
            " still counts there.",
            zh="卷积核伸入填充区域的位置，输出写成了 0；卷积核落在输入上的部分仍要计入。",
        ),
        _border_left_out,
    ),
)
"""The most specific first."""
