"""What people get wrong with the kernel: turned, mirrored, multiplied as a matrix."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import conv_of, padded, with_sides
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _flipped(scene: Scene) -> Wrong:
    layer = conv_of(scene)
    if not layer.flip:
        # With an anchor, turning the kernel about it and turning the typed numbers are two things.
        yield scene.forward(replace(layer, flip=True))["y"]
        yield scene.forward(weight=scene["weight"][:, :, ::-1, ::-1])["y"]
        # MATLAB's convn turns the channels round as well.
        yield scene.forward(weight=scene["weight"][:, ::-1, ::-1, ::-1])["y"]


def _not_flipped(scene: Scene) -> Wrong:
    layer = conv_of(scene)
    if layer.flip:
        yield scene.forward(replace(layer, flip=False))["y"]
        yield scene.forward(with_sides(scene, flip=False))["y"]


def _mirrored(scene: Scene) -> Wrong:
    yield scene.forward(weight=scene["weight"][:, :, :, ::-1])["y"]
    yield scene.forward(weight=scene["weight"][:, :, ::-1])["y"]


def _transposed(scene: Scene) -> Wrong:
    turned = scene["weight"].transpose(0, 1, 3, 2)
    yield scene.forward(weight=turned)["y"]
    yield scene.forward(with_sides(scene), weight=turned)["y"]


def _quarter_turn(scene: Scene) -> Wrong:
    for turns in (1, 3):
        yield scene.forward(weight=np.rot90(scene["weight"], turns, axes=(2, 3)))["y"]


def _matrix_product(scene: Scene) -> Wrong:
    weight = scene["weight"]
    if conv_of(scene).groups > 1:
        return
    for image in (scene["x"], padded(scene)):
        if image.shape[3] == weight.shape[2]:
            yield from _with_and_without_bias(scene, _products(scene, image, weight))
        if weight.shape[3] == image.shape[2]:
            # weight[f, c] @ x[c] is the transpose of x[c]ᵀ @ weight[f, c]ᵀ.
            turned = _products(scene, image.swapaxes(2, 3), weight.swapaxes(2, 3))
            yield from _with_and_without_bias(scene, turned.swapaxes(2, 3))
    if weight.shape[2] == weight.shape[3]:
        # All entries of (window @ kernel), summed: each column of the window meets the sum of a row of the kernel.
        over_rows = scene.numbers.sum(weight, axis=3)[:, :, None, :]
        yield scene.forward(weight=np.broadcast_to(over_rows, weight.shape))["y"]
        over_columns = scene.numbers.sum(weight, axis=2)[:, :, :, None]
        yield scene.forward(weight=np.broadcast_to(over_columns, weight.shape))["y"]


def _products(scene: Scene, image: Array, weight: Array) -> Array:
    """Σ_c image[c] @ weight[f, c] for each sample and filter, as one product of long rows."""
    samples, _, height, _ = image.shape
    rows = image.transpose(0, 2, 1, 3).reshape(1, samples * height, -1)
    columns = weight.transpose(1, 2, 0, 3).reshape(1, rows.shape[2], -1)
    product = scene.numbers.matmul(rows, columns)
    return product.reshape(samples, height, len(weight), -1).transpose(0, 2, 1, 3)


def _with_and_without_bias(scene: Scene, y: Array) -> Wrong:
    if "bias" in scene:
        yield y + scene["bias"][:, None, None]
    yield y


def _products_averaged(scene: Scene) -> Wrong:
    weight = scene["weight"]
    cells = weight.shape[2] * weight.shape[3]
    yield scene.forward(weight=weight / cells)["y"]
    yield scene.forward(weight=weight / (cells * weight.shape[1]))["y"]


MISTAKES = (
    Mistake(
        "kernel-flipped",
        "y",
        Phrase(
            en="Another convention: the kernel was rotated by 180° (true convolution). This problem lays it on as it"
            " stands (cross-correlation): y[i,j] = Σ w[p,q] · x[i+p, j+q] at stride 1.",
            zh="另一种约定：卷积核旋转了 180°（数学意义上的卷积）。本题不翻转卷积核（互相关）："
            "步长为 1 时 y[i,j] = Σ w[p,q] · x[i+p, j+q]。",
        ),
        _flipped,
        "convention",
    ),
    Mistake(
        "kernel-flipped",
        "y",
        Phrase(
            en="Another convention: the kernel was laid on as it stands (cross-correlation). This problem says"
            " `flip: true`: rotate the kernel by 180° first (true convolution).",
            zh="另一种约定：直接使用了未翻转的卷积核（互相关）。本题为 `flip: true`："
            "须先将卷积核旋转 180°（真正的卷积）。",
        ),
        _not_flipped,
        "convention",
    ),
    Mistake(
        "kernel-transposed",
        "y",
        Phrase(
            en="Rows and columns of the kernel were swapped: w[q,p] was used where w[p,q] belongs.",
            zh="卷积核的行与列弄反了：应使用 w[p,q]，却用了 w[q,p]。",
        ),
        _transposed,
    ),
    Mistake(
        "kernel-mirrored",
        "y",
        Phrase(
            en="The kernel was flipped along one axis only, left to right or top to bottom. Cross-correlation leaves it"
            " as it is; true convolution rotates it by 180° (both axes).",
            zh="卷积核只在一个方向上翻转了（左右或上下）。互相关不翻转卷积核；真正的卷积旋转 180°（两个方向都翻转）。",
        ),
        _mirrored,
    ),
    Mistake(
        "kernel-rotated-90",
        "y",
        Phrase(
            en="The kernel was rotated by 90°. Cross-correlation does not rotate it; true convolution rotates it by"
            " 180°.",
            zh="卷积核被旋转了 90°。互相关不旋转卷积核；真正的卷积旋转 180°。",
        ),
        _quarter_turn,
    ),
    Mistake(
        "matrix-product",
        "y",
        Phrase(
            en="A matrix product was taken. A convolution multiplies window and kernel cell by cell and adds up all"
            " products: Σ w[p,q] · x[i+p, j+q].",
            zh="用了矩阵乘法。卷积是窗口与卷积核逐元素相乘再求和：Σ w[p,q] · x[i+p, j+q]。",
        ),
        _matrix_product,
    ),
    Mistake(
        "products-averaged",
        "y",
        Phrase(
            en="The sum over the window was divided by the number of its cells; a convolution only adds up.",
            zh="窗口内的和除以了元素个数；卷积只求和，不取平均。",
        ),
        _products_averaged,
    ),
)
"""The most specific first."""
