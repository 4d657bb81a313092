"""What people get wrong with stride and dilation in the gradients."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import (
    NO_SIDES,
    conv_of,
    correlation,
    full_gradient,
    on_image,
    padded,
    place,
    sides_of,
    with_sides,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _stride_ignored(scene: Scene) -> Wrong:
    if conv_of(scene).stride != (1, 1):
        yield from _cropped(scene, full_gradient(scene, stride=(1, 1)))


def _stride_plus_1(scene: Scene) -> Wrong:
    rows, columns = conv_of(scene).stride
    if (rows, columns) != (1, 1):
        yield from _cropped(scene, full_gradient(scene, stride=(rows + (rows > 1), columns + (columns > 1))))


def _dilation_ignored(scene: Scene) -> Wrong:
    if conv_of(scene).dilation != (1, 1):
        yield from _cropped(scene, full_gradient(scene, dilation=(1, 1)))


def _cropped(scene: Scene, full: Array) -> Wrong:
    """A full gradient that has lost its padding, as large as the image or as it comes."""
    yield on_image(scene, full)
    (top, bottom), (left, right) = sides_of(scene)
    if min(top, bottom, left, right) >= 0:
        yield full[:, :, top : full.shape[2] - bottom, left : full.shape[3] - right]


def _stride_ignored_in_weight(scene: Scene) -> Wrong:
    if conv_of(scene).stride != (1, 1):
        yield from _with(scene, stride=(1, 1))
        yield correlation(scene, padded(scene))


def _dilation_ignored_in_weight(scene: Scene) -> Wrong:
    if conv_of(scene).dilation != (1, 1):
        yield from _with(scene, dilation=(1, 1))
        yield correlation(scene, padded(scene), dilation=conv_of(scene).stride)


def _rest_kept(scene: Scene) -> Wrong:
    layer = conv_of(scene)
    if layer.dilation == (1, 1):
        wide = correlation(scene, padded(scene), dilation=layer.stride)
        if wide.shape != scene["weight"].shape:
            yield wide


def _with(scene: Scene, **options: tuple[int, int]) -> Iterator[Array]:
    """dweight from windows at another stride or dilation, as many as g has."""
    layer = with_sides(scene, NO_SIDES, **options)
    extents = [
        (scene["g"].shape[2 + a] - 1) * layer.stride[a] + (scene["weight"].shape[2 + a] - 1) * layer.dilation[a] + 1
        for a in (0, 1)
    ]
    yield scene.backward(layer, x=place(scene, padded(scene), 0, 0, tuple(extents)))["dweight"]


MISTAKES = (
    Mistake(
        "stride-ignored",
        "dx",
        Phrase(
            en="The stride was ignored in the backward pass: g[i,j] · w is added to the window that begins at"
            " (i·s, j·s), that is, s − 1 zeros go between neighbouring cells of g.",
            zh="反向传播时忽略了步长：g[i,j] · w 应加到起点为 (i·s, j·s) 的窗口上，即在 g 的相邻元素之间插入 s − 1 "
            "个零。",
        ),
        _stride_ignored,
    ),
    Mistake(
        "stride-ignored",
        "dweight",
        Phrase(
            en="The stride was ignored in the backward pass: g[i,j] meets the window that begins at (i·s, j·s), so that"
            " dw[p,q] = Σ g[i,j] · x[i·s+p, j·s+q].",
            zh="反向传播时忽略了步长：g[i,j] 对应起点为 (i·s, j·s) 的窗口，dw[p,q] = Σ g[i,j] · x[i·s+p, j·s+q]。",
        ),
        _stride_ignored_in_weight,
    ),
    Mistake(
        "stride-plus-1",
        "dx",
        Phrase(
            en="Between the cells of g, s zeros were put; it must be s − 1, so that neighbouring cells lie s apart.",
            zh="在 g 的元素之间插入了 s 个零；应插入 s − 1 个，使相邻元素相距 s。",
        ),
        _stride_plus_1,
    ),
    Mistake(
        "dilation-ignored",
        "dx",
        Phrase(
            en="The dilation was ignored in the backward pass: for g[i,j], w[p,q] lies on cell (i·s + p·d, j·s + q·d)"
            " of the padded input.",
            zh="反向传播时忽略了膨胀率：对 g[i,j]，权重 w[p,q] 对应填充后输入的位置 (i·s + p·d, j·s + q·d)。",
        ),
        _dilation_ignored,
    ),
    Mistake(
        "dilation-ignored",
        "dweight",
        Phrase(
            en="The dilation was ignored in the backward pass: dw[p,q] = Σ g[i,j] · x[i·s+p·d, j·s+q·d], and dw is"
            " as large as w.",
            zh="反向传播时忽略了膨胀率：dw[p,q] = Σ g[i,j] · x[i·s+p·d, j·s+q·d]，dw 与 w 同样大小。",
        ),
        _dilation_ignored_in_weight,
    ),
    Mistake(
        "unused-rows-kept",
        "dweight",
        Phrase(
            en="The last rows or columns of the input, which no window reaches, gave additional gradients; dw is as"
            " large as w.",
            zh="输入末尾没有窗口覆盖的行或列产生了多余的权重梯度；dw 与 w 同样大小。",
        ),
        _rest_kept,
    ),
)
"""The most specific first."""
