"""What people get wrong with the kernel in the gradients: dx wants it turned by 180°, dweight does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import conv_of
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _not_rotated(scene: Scene) -> Wrong:
    if not conv_of(scene).flip:
        yield scene.backward(weight=scene["weight"][:, :, ::-1, ::-1])["dx"]


def _rotated(scene: Scene) -> Wrong:
    if conv_of(scene).flip:
        yield scene.backward(weight=scene["weight"][:, :, ::-1, ::-1])["dx"]


def _of_convolution(scene: Scene) -> Wrong:
    layer = conv_of(scene)
    if not layer.flip:
        yield scene.backward(weight=scene["weight"][:, :, ::-1, ::-1])["dx"]
        yield scene.backward(replace(layer, flip=True))["dx"]


def _transposed(scene: Scene) -> Wrong:
    weight = scene["weight"]
    if weight.shape[2] == weight.shape[3]:
        # What is laid on g is the kernel transposed instead of turned, or transposed and turned.
        yield scene.backward(weight=weight.transpose(0, 1, 3, 2)[:, :, ::-1, ::-1])["dx"]
        yield scene.backward(weight=weight.transpose(0, 1, 3, 2))["dx"]


def _quarter_turn(scene: Scene) -> Wrong:
    weight = scene["weight"]
    for turns in (1, 3) if weight.shape[2] == weight.shape[3] else ():
        yield scene.backward(weight=np.rot90(weight, turns, axes=(2, 3)))["dx"]


def _mirrored(scene: Scene) -> Wrong:
    yield scene.backward(weight=scene["weight"][:, :, ::-1])["dx"]
    yield scene.backward(weight=scene["weight"][:, :, :, ::-1])["dx"]


def _of_convolution_in_weight(scene: Scene) -> Wrong:
    layer = conv_of(scene)
    if not layer.flip:
        yield scene.backward()["dweight"][:, :, ::-1, ::-1]
        yield scene.backward(replace(layer, flip=True))["dweight"]


def _of_correlation(scene: Scene) -> Wrong:
    layer = conv_of(scene)
    if layer.flip:
        yield scene.backward()["dweight"][:, :, ::-1, ::-1]
        yield scene.backward(replace(layer, flip=False))["dweight"]


MISTAKES = (
    Mistake(
        "kernel-not-rotated",
        "dx",
        Phrase(
            en="The kernel was not rotated. For cross-correlation, dx is the full correlation of the upstream gradient"
            " g (with zeros between its cells where the stride is not 1) with the kernel rotated by 180°.",
            zh="卷积核没有旋转。对互相关而言，dx 是上游梯度 g（步长不为 1 时先在元素间补零）"
            "与旋转 180° 的卷积核的 full 互相关。",
        ),
        _not_rotated,
    ),
    Mistake(
        "kernel-flipped",
        "dx",
        Phrase(
            en="Another convention: this is the gradient of true convolution (kernel rotated by 180° in the forward"
            " pass). This problem means cross-correlation.",
            zh="另一种约定：这是真正的卷积（前向时卷积核旋转 180°）的梯度。本题指互相关。",
        ),
        _of_convolution,
        "convention",
    ),
    Mistake(
        "kernel-flipped",
        "dx",
        Phrase(
            en="Another convention: this is the gradient of cross-correlation. This problem says `flip: true`,"
            " and there dx is the full correlation of g with the kernel as it stands.",
            zh="另一种约定：这是互相关的梯度。本题为 `flip: true`，此时 dx 是 g 与未旋转的卷积核的 full 互相关。",
        ),
        _rotated,
        "convention",
    ),
    Mistake(
        "kernel-flipped",
        "dweight",
        Phrase(
            en="Another convention: the gradient is rotated by 180°, which is right for true convolution. This problem"
            " means cross-correlation: dw[p,q] = Σ g[i,j] · x[i+p, j+q] (stride 1), not rotated.",
            zh="另一种约定：梯度旋转了 180°，这适用于真正的卷积。本题指互相关："
            "dw[p,q] = Σ g[i,j] · x[i+p, j+q]（步长为 1 时），不旋转。",
        ),
        _of_convolution_in_weight,
        "convention",
    ),
    Mistake(
        "kernel-flipped",
        "dweight",
        Phrase(
            en="Another convention: this is the gradient of cross-correlation. This problem says `flip: true` (true"
            " convolution): rotate it by 180°.",
            zh="另一种约定：这是互相关的梯度。本题为 `flip: true`（真正的卷积），须旋转 180°。",
        ),
        _of_correlation,
        "convention",
    ),
    Mistake(
        "kernel-transposed",
        "dx",
        Phrase(
            en="The kernel was transposed (rows and columns swapped); it must be rotated by 180°:"
            " w[p,q] → w[kH−1−p, kW−1−q] (cells counted from 0).",
            zh="卷积核被转置（行列互换）了；应旋转 180°：w[p,q] → w[kH−1−p, kW−1−q]（从 0 计数）。",
        ),
        _transposed,
    ),
    Mistake(
        "kernel-mirrored",
        "dx",
        Phrase(
            en="The kernel was flipped along one axis only; it must be rotated by 180° (both axes reversed).",
            zh="卷积核只在一个方向上翻转了；应旋转 180°（两个方向都翻转）。",
        ),
        _mirrored,
    ),
    Mistake(
        "kernel-rotated-90",
        "dx",
        Phrase(
            en="The kernel was rotated by 90°; it must be rotated by 180° (both axes reversed).",
            zh="卷积核旋转了 90°；应旋转 180°（两个方向都翻转）。",
        ),
        _quarter_turn,
    ),
)
"""The most specific first."""
