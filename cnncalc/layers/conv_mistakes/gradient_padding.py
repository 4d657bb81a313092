"""What people get wrong with the padding in the gradients: dx is cut to x, dweight sees the padded x."""

from __future__ import annotations

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import (
    NO_SIDES,
    conv_of,
    correlation,
    each,
    full_gradient,
    place,
    sides_of,
    size_with_padding,
    spans_of,
    window_of,
    with_sides,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _not_full(scene: Scene) -> Wrong:
    rows, columns = (span - 1 for span in spans_of(scene))
    for weight in (scene["weight"], scene["weight"][:, :, ::-1, ::-1]):
        full = full_gradient(scene, weight=weight)
        height, width = full.shape[2:]
        (top, _), (left, _) = sides_of(scene)
        # What is left out on both sides if g is padded by nothing (`valid`), by half the kernel, by p instead of k−1−p.
        for down, right in ((rows, columns), (rows // 2, columns // 2), (rows - top, columns - left)):
            rest = (height - 2 * down, width - 2 * right)
            if min(down, right) >= 0 and min(rest) > 0 and rest != scene["x"].shape[2:]:
                yield full[:, :, down : height - down, right : width - right]


def _padding_kept(scene: Scene) -> Wrong:
    full = full_gradient(scene)
    yield place(scene, full, 0, 0, size_with_padding(scene))
    yield full


def _cropped_on_one_side(scene: Scene) -> Wrong:
    with_padding = place(scene, full_gradient(scene), 0, 0, size_with_padding(scene))
    height, width = scene["x"].shape[2:]
    if sides_of(scene) != NO_SIDES and with_padding.shape[2] >= height and with_padding.shape[3] >= width:
        yield with_padding[:, :, :height, :width]
        yield with_padding[:, :, with_padding.shape[2] - height :, with_padding.shape[3] - width :]


def _unpadded(scene: Scene) -> Wrong:
    if sides_of(scene) == NO_SIDES:
        return
    window, g = window_of(scene), scene.numbers.zeros(scene["g"].shape)
    # Only the windows that lie on the image altogether.
    inside = window.real_cells().all(axis=(0, 1))
    g[:, :, inside] = scene["g"][:, :, inside]
    yield scene.backward(g=g)["dweight"]
    yield from each(
        lambda: correlation(scene, scene["x"], dilation=conv_of(scene).stride),
        lambda: _first_windows(scene),
    )


def _first_windows(scene: Scene) -> Array:
    """dweight from the windows of the image as it is, each with the g of the same number."""
    layer = with_sides(scene, NO_SIDES)
    _, rows, columns = layer.output_shape(scene["x"].shape[1:], {"weight": scene["weight"].shape})
    return scene.backward(layer, g=place(scene, scene["g"], 0, 0, (rows, columns)))["dweight"]


def _full(scene: Scene) -> Wrong:
    stride = conv_of(scene).stride
    reach = [(size - 1) * s for size, s in zip(scene["g"].shape[2:], stride, strict=True)]
    yield correlation(scene, scene["x"], dilation=stride, padding=((reach[0],) * 2, (reach[1],) * 2))


MISTAKES = (
    Mistake(
        "full-padding-forgotten",
        "dx",
        Phrase(
            en="The upstream gradient g was not padded enough. dx is a `full` correlation: kH − 1 rows of zeros above"
            " and below g and kW − 1 columns on the left and right; then the padding of the forward pass is cut off,"
            " so that dx is as large as x.",
            zh="上游梯度 g 的填充不够。dx 是 full 互相关：g 上下各补 kH − 1 行零、左右各补 kW − 1 列零，"
            "再裁去前向的填充，使 dx 与 x 同样大小。",
        ),
        _not_full,
    ),
    Mistake(
        "padding-kept",
        "dx",
        Phrase(
            en="The padding is still there; what falls on the padding must be cut off, so that dx is as large as x.",
            zh="填充部分没有去掉；落在填充上的梯度要裁去，使 dx 与 x 同样大小。",
        ),
        _padding_kept,
    ),
    Mistake(
        "padding-cropped-on-one-side",
        "dx",
        Phrase(
            en="The padding was cut off on one side only; it lies around x and must be cut off on all sides.",
            zh="只从一侧裁去了填充；填充在 x 的四周，四边都要裁去。",
        ),
        _cropped_on_one_side,
    ),
    Mistake(
        "padding-forgotten",
        "dweight",
        Phrase(
            en="The input was taken without its padding. Each g[i,j] meets the window of the padded input that made"
            " y[i,j].",
            zh="使用了未填充的输入。每个 g[i,j] 应与填充后的输入中产生 y[i,j] 的窗口相乘。",
        ),
        _unpadded,
    ),
    Mistake(
        "full-instead-of-valid",
        "dweight",
        Phrase(
            en="A `full` correlation was taken. dw is the `valid` one of the padded input with g, as large as w; only"
            " dx is `full`.",
            zh="用了 full 互相关。dw 是填充后的输入与 g 的 valid 互相关，与 w 同样大小；只有 dx 才用 full。",
        ),
        _full,
    ),
)
"""The most specific first."""
