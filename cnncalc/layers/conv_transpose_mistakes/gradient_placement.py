"""What people get wrong with where x lies on g in the gradients: stride, padding and dilation of the forward pass."""

from __future__ import annotations

from functools import partial

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import place
from cnncalc.layers.conv_transpose_mistakes.scene import (
    NO_SIDES,
    as_conv,
    each,
    layer_of,
    padding_of,
    sides_of,
    spans_of,
    weight_gradient,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _stride_ignored(scene: Scene) -> Wrong:
    if layer_of(scene).stride != (1, 1):
        for sides in (sides_of(scene), padding_of(scene)):
            dx = as_conv(scene, stride=(1, 1), padding=sides)
            yield dx
            yield place(scene, dx, 0, 0, scene["x"].shape[2:])


def _stride_ignored_in_weight(scene: Scene) -> Wrong:
    if layer_of(scene).stride != (1, 1):
        yield weight_gradient(scene, sides_of(scene), stride=(1, 1))


def _dilation_ignored(scene: Scene) -> Wrong:
    if layer_of(scene).dilation != (1, 1):
        for sides in (sides_of(scene), padding_of(scene)):
            dx = as_conv(scene, dilation=(1, 1), padding=sides)
            yield dx
            yield place(scene, dx, 0, 0, scene["x"].shape[2:])


def _dilation_ignored_in_weight(scene: Scene) -> Wrong:
    if layer_of(scene).dilation != (1, 1):
        yield weight_gradient(scene, sides_of(scene), dilation=(1, 1))


def _not_padded(scene: Scene) -> Wrong:
    if padding_of(scene) != NO_SIDES:
        dx = as_conv(scene, padding=NO_SIDES)
        yield dx
        yield place(scene, dx, 0, 0, scene["x"].shape[2:])


def _not_padded_in_weight(scene: Scene) -> Wrong:
    if padding_of(scene) != NO_SIDES:
        yield weight_gradient(scene, NO_SIDES)


def _one_sided(scene: Scene) -> Wrong:
    (top, bottom), (left, right) = padding_of(scene)
    if max(top + bottom, left + right) > (1 if layer_of(scene).padding == "same" else 0):
        for sides in (((0, top + bottom), (0, left + right)), ((top + bottom, 0), (left + right, 0))):
            yield place(scene, as_conv(scene, padding=sides), 0, 0, scene["x"].shape[2:])


def _full(scene: Scene) -> Wrong:
    layer = layer_of(scene)
    rows, columns = (span - 1 for span in spans_of(scene))
    around = ((rows, rows), (columns, columns))
    turned = scene["weight"][:, :, ::-1, ::-1]
    yield from each(*(partial(_laid, scene, weight, around) for weight in (scene["weight"], turned)))
    # Stamped once more, as the gradient of a convolution is computed.
    swapped = scene["weight"].transpose(1, 0, 2, 3)
    for weight in (swapped, swapped[:, :, ::-1, ::-1]) if layer.groups == 1 else ():
        yield layer.forward(scene.numbers, scene["g"], {"weight": weight})["y"]


def _laid(scene: Scene, weight: Array, sides: tuple[tuple[int, int], tuple[int, int]]) -> Array:
    return as_conv(scene, weight=weight, padding=sides, stride=(1, 1))


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "stride-ignored",
        "dx",
        Phrase(
            en="The stride was ignored in the backward pass: dx[i,j] is made from the window of g that begins at"
            " (i·s, j·s), where x[i,j] stamped the kernel: dx[i,j] = Σ w[p,q] · g[i·s + p, j·s + q].",
            zh="反向传播时忽略了步长：dx[i,j] 由 g 中起点为 (i·s, j·s) 的窗口（x[i,j] 印上卷积核之处）算出："
            "dx[i,j] = Σ w[p,q] · g[i·s + p, j·s + q]。",
        ),
        _stride_ignored,
    ),
    Mistake(
        "stride-ignored",
        "dweight",
        Phrase(
            en="The stride was ignored in the backward pass: x[i,j] meets the window of g that begins at (i·s, j·s):"
            " dw[p,q] = Σ x[i,j] · g[i·s + p, j·s + q].",
            zh="反向传播时忽略了步长：x[i,j] 对应 g 中起点为 (i·s, j·s) 的窗口："
            "dw[p,q] = Σ x[i,j] · g[i·s + p, j·s + q]。",
        ),
        _stride_ignored_in_weight,
    ),
    Mistake(
        "dilation-ignored",
        "dx",
        Phrase(
            en="The dilation was ignored in the backward pass: dx[i,j] = Σ w[p,q] · g[i·s + p·d, j·s + q·d].",
            zh="反向传播时忽略了膨胀率：dx[i,j] = Σ w[p,q] · g[i·s + p·d, j·s + q·d]。",
        ),
        _dilation_ignored,
    ),
    Mistake(
        "dilation-ignored",
        "dweight",
        Phrase(
            en="The dilation was ignored in the backward pass: dw[p,q] = Σ x[i,j] · g[i·s + p·d, j·s + q·d].",
            zh="反向传播时忽略了膨胀率：dw[p,q] = Σ x[i,j] · g[i·s + p·d, j·s + q·d]。",
        ),
        _dilation_ignored_in_weight,
    ),
    Mistake(
        "padding-forgotten",
        "dx",
        Phrase(
            en="The padding was forgotten in the backward pass. What it took off the output had no effect on the loss:"
            " put p zeros on each side of g first.",
            zh="反向传播时忘了填充。前向时裁去的部分不影响损失：应先在 g 每一侧补 p 个零。",
        ),
        _not_padded,
    ),
    Mistake(
        "padding-forgotten",
        "dweight",
        Phrase(
            en="The padding was forgotten in the backward pass. x[i,j] stamped what lies p rows and columns before"
            " (i·s, j·s) of y: dw[p,q] = Σ x[i,j] · g[i·s + p − top, j·s + q − left].",
            zh="反向传播时忘了填充。x[i,j] 印在 y 上的位置要减去裁去的行（列）数："
            "dw[p,q] = Σ x[i,j] · g[i·s + p − 上, j·s + q − 左]。",
        ),
        _not_padded_in_weight,
    ),
    Mistake(
        "padding-one-sided",
        "dx",
        Phrase(
            en="All zeros were put on one side of g; p of them belong on each side, where the forward pass took p rows"
            " and columns off.",
            zh="零全部补在了 g 的一侧；前向时每一侧裁去了 p 行（列），g 的每一侧应各补 p 个零。",
        ),
        _one_sided,
    ),
    Mistake(
        "full-instead-of-valid",
        "dx",
        Phrase(
            en="A `full` correlation was taken, as for the gradient of a convolution. dx of a transposed convolution is"
            " the ordinary convolution of g with the same kernel, stride and padding, as large as x.",
            zh="用了 full 互相关，那是普通卷积的梯度的算法。转置卷积的 dx 是 g 与同一卷积核、同步长、同填充的普通卷积"
            "（互相关），与 x 同样大小。",
        ),
        _full,
    ),
)
"""The most specific first."""
