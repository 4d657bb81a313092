"""What people get wrong with the kernel of a transposed convolution: turned, mirrored, transposed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_transpose_mistakes.scene import with_tensors
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _rotated(scene: Scene) -> Iterator[Mapping[str, Array]]:
    yield {"weight": scene["weight"][:, :, ::-1, ::-1]}


def _rotated_gradient(scene: Scene) -> Wrong:
    yield scene.backward()["dweight"][:, :, ::-1, ::-1]


def _transposed(scene: Scene) -> Iterator[Mapping[str, Array]]:
    turned = scene["weight"].transpose(0, 1, 3, 2)
    # A kernel that is not square would give another size.
    if turned.shape == scene["weight"].shape:
        yield {"weight": turned}
        yield {"weight": turned[:, :, ::-1, ::-1]}


def _mirrored(scene: Scene) -> Iterator[Mapping[str, Array]]:
    yield {"weight": scene["weight"][:, :, :, ::-1]}
    yield {"weight": scene["weight"][:, :, ::-1]}


def _quarter_turn(scene: Scene) -> Iterator[Mapping[str, Array]]:
    weight = scene["weight"]
    for turns in (1, 3) if weight.shape[2] == weight.shape[3] else ():
        yield {"weight": np.rot90(weight, turns, axes=(2, 3))}


MISTAKES: tuple[Mistake, ...] = (
    *with_tensors(
        "kernel-not-rotated",
        {
            "y": Phrase(
                en="The kernel was not rotated. Computed as a correlation of x, with zeros between its cells where the"
                " stride is not 1, the kernel must be rotated by 180°; then each x[i,j] stamps the kernel as it stands:"
                " y[i·s + p, j·s + q] += x[i,j] · w[p,q] (before the padding is taken off).",
                zh="卷积核没有旋转。若在 x 的元素间补零（步长不为 1 时）后做互相关，须用旋转 180° 的卷积核；"
                "这样每个 x[i,j] 才按原样印上卷积核：y[i·s + p, j·s + q] += x[i,j] · w[p,q]（裁去填充之前）。",
            )
        },
        _rotated,
    ),
    *with_tensors(
        "kernel-flipped",
        {
            "y": Phrase(
                en="Another convention: the kernel was rotated by 180° before it was stamped, as for the gradient of a"
                " true convolution. This problem stamps it as it stands: y[i·s + p, j·s + q] += x[i,j] · w[p,q].",
                zh="另一种约定：卷积核旋转 180° 后再印上，这对应真正的卷积的梯度。本题按原样印上："
                "y[i·s + p, j·s + q] += x[i,j] · w[p,q]。",
            ),
            "dx": Phrase(
                en="Another convention: the kernel was rotated by 180°. This problem stamps it as it stands, so dx is"
                " the plain cross-correlation of g with it: dx[i,j] = Σ w[p,q] · g[i·s + p, j·s + q].",
                zh="另一种约定：卷积核旋转了 180°。本题按原样印上卷积核，dx 就是 g 与它的互相关（不旋转）："
                "dx[i,j] = Σ w[p,q] · g[i·s + p, j·s + q]。",
            ),
        },
        _rotated,
        "convention",
    ),
    Mistake(
        "kernel-flipped",
        "dweight",
        Phrase(
            en="Another convention: the gradient is rotated by 180°. This problem stamps the kernel as it stands:"
            " dw[p,q] = Σ x[i,j] · g[i·s + p, j·s + q], not rotated.",
            zh="另一种约定：梯度旋转了 180°。本题按原样印上卷积核：dw[p,q] = Σ x[i,j] · g[i·s + p, j·s + q]，不旋转。",
        ),
        _rotated_gradient,
        "convention",
    ),
    *with_tensors(
        "kernel-transposed",
        dict.fromkeys(
            ("y", "dx"),
            Phrase(
                en="Rows and columns of the kernel were swapped: w[q,p] was used where w[p,q] belongs.",
                zh="卷积核的行与列弄反了：应使用 w[p,q]，却用了 w[q,p]。",
            ),
        ),
        _transposed,
    ),
    *with_tensors(
        "kernel-mirrored",
        dict.fromkeys(
            ("y", "dx"),
            Phrase(
                en="The kernel was flipped along one axis only, left to right or top to bottom; it is stamped as it"
                " stands.",
                zh="卷积核只在一个方向上翻转了（左右或上下）；应按原样印上。",
            ),
        ),
        _mirrored,
    ),
    *with_tensors(
        "kernel-rotated-90",
        dict.fromkeys(
            ("y", "dx"),
            Phrase(
                en="The kernel was rotated by 90°; it is stamped as it stands.",
                zh="卷积核被旋转了 90°；应按原样印上。",
            ),
        ),
        _quarter_turn,
    ),
)
"""The most specific first."""
