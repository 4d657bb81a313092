"""What people get wrong with the stride and the dilation of a transposed convolution, and where stamps overlap."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_mistakes.scene import only, place
from cnncalc.layers.conv_transpose import ConvTranspose
from cnncalc.layers.conv_transpose_mistakes.scene import (
    biased,
    each,
    laid_wrong,
    layer_of,
    padding_of,
    sides_of,
    spans_of,
    stamped,
    with_sides,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.records import replace


def _stride_ignored(scene: Scene) -> Iterator[ConvTranspose]:
    rows, columns = layer_of(scene).stride
    for stride in ((1, 1), (rows, 1), (1, columns)) if (rows, columns) != (1, 1) else ():
        if stride != (rows, columns):
            yield with_sides(scene, stride=stride)
            yield with_sides(scene, padding_of(scene), stride=stride)


def _stride_plus_1(scene: Scene) -> Iterator[ConvTranspose]:
    rows, columns = layer_of(scene).stride
    if (rows, columns) != (1, 1):
        yield with_sides(scene, stride=(rows + (rows > 1), columns + (columns > 1)))


def _stride_as_kernel(scene: Scene) -> Iterator[ConvTranspose]:
    for stride in {spans_of(scene), scene["weight"].shape[2:]}:
        yield with_sides(scene, stride=stride)
        yield with_sides(scene, padding_of(scene), stride=stride)


def _dilation_ignored(scene: Scene) -> Iterator[ConvTranspose]:
    if layer_of(scene).dilation != (1, 1):
        yield with_sides(scene, dilation=(1, 1))
        yield with_sides(scene, padding_of(scene), dilation=(1, 1))


def _dilation_from_0(scene: Scene) -> Iterator[ConvTranspose]:
    rows, columns = layer_of(scene).dilation
    yield with_sides(scene, dilation=(rows + 1, columns + 1))


def _pairs_swapped(scene: Scene) -> Iterator[ConvTranspose]:
    layer = layer_of(scene)
    others = [
        with_sides(scene, stride=layer.stride[::-1]),
        with_sides(scene, dilation=layer.dilation[::-1]),
        replace(layer, output_padding=layer.output_padding[::-1]),
    ]
    if not isinstance(layer.padding, str):
        others += [replace(layer, padding=layer.padding[::-1])]
        others += [replace(layer, padding=layer.padding[::-1], stride=layer.stride[::-1])]
    right = (layer, with_sides(scene))
    yield from (other for other in others if other not in right)


def _convolved(scene: Scene) -> Wrong:
    layer, weight = layer_of(scene), scene["weight"]
    sides = padding_of(scene)
    if layer.groups > 1:
        return
    swapped = weight.transpose(1, 0, 2, 3)
    parameters = {"bias": scene["bias"]} if "bias" in scene else {}
    for kernel in (swapped, swapped[:, :, ::-1, ::-1]):
        for stride in dict.fromkeys([layer.stride, (1, 1)]):
            conv = Conv(stride=stride, padding=sides, dilation=layer.dilation)
            yield from each(partial(_of_conv, scene, conv, {**parameters, "weight": kernel}))


def _of_conv(scene: Scene, conv: Conv, parameters: dict[str, Array]) -> Array:
    return conv.forward(scene.numbers, scene["x"], parameters)["y"]


def _overwritten(scene: Scene) -> Wrong:
    layer, spans = layer_of(scene), spans_of(scene)
    size = _channels(scene)
    last = only(scene, scene["x"], 1, [group * size + size - 1 for group in range(layer.groups)])
    for x in (scene["x"], last):
        # With strides as large as the stamps, these lie side by side.
        parts = stamped(scene, x, stride=spans)
        canvas = scene.numbers.zeros(stamped(scene).shape)
        for i, j in np.ndindex(x.shape[2:]):
            part = parts[:, :, i * spans[0] : (i + 1) * spans[0], j * spans[1] : (j + 1) * spans[1]]
            down, right = (at * step for at, step in zip((i, j), layer.stride, strict=True))
            under = canvas[:, :, down : down + spans[0], right : right + spans[1]]
            rows, columns = layer.dilation
            under[:, :, ::rows, ::columns] = part[:, :, ::rows, ::columns]
        (top, _), (left, _) = sides_of(scene)
        yield biased(scene, place(scene, canvas, -top, -left, scene["y"].shape[2:]))


def _channels(scene: Scene) -> int:
    """Input channels of one group."""
    return len(scene["weight"]) // layer_of(scene).groups


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "overwritten",
        "y",
        Phrase(
            en="Where stamps overlap, the later one replaced the earlier one. They are added:"
            " y[i·s + p, j·s + q] += x[i,j] · w[p,q].",
            zh="相邻的结果重叠处，后面的覆盖了前面的。重叠处应相加：y[i·s + p, j·s + q] += x[i,j] · w[p,q]。",
        ),
        _overwritten,
    ),
    Mistake(
        "convolution-for-transposed",
        "y",
        Phrase(
            en="An ordinary convolution was computed. In a transposed convolution each input cell stamps the whole"
            " kernel onto the output: y[i·s + p, j·s + q] += x[i,j] · w[p,q].",
            zh="算成了普通卷积。转置卷积中，输入的每个元素把整个卷积核印在输出上："
            "y[i·s + p, j·s + q] += x[i,j] · w[p,q]。",
        ),
        _convolved,
    ),
    laid_wrong(
        "stride-ignored",
        Phrase(
            en="The stride was ignored: neighbouring stamps lie s cells apart, that is, s − 1 zeros go between"
            " neighbouring cells of x: y[i·s + p, j·s + q] += x[i,j] · w[p,q].",
            zh="忽略了步长：相邻元素印上的位置相距 s 格，即在 x 的相邻元素之间插入 s − 1 个零："
            "y[i·s + p, j·s + q] += x[i,j] · w[p,q]。",
        ),
        _stride_ignored,
    ),
    laid_wrong(
        "stride-plus-1",
        Phrase(
            en="Between the cells of x, s zeros were put; it must be s − 1, so that neighbouring stamps lie s apart.",
            zh="在 x 的元素之间插入了 s 个零；应插入 s − 1 个，使相邻元素印上的位置相距 s 格。",
        ),
        _stride_plus_1,
    ),
    laid_wrong(
        "stride-as-kernel",
        Phrase(
            en="The stamps were laid side by side, a kernel's width apart; each must begin s cells after the one"
            " before, and where they overlap they are added.",
            zh="各元素的结果按卷积核大小依次排列、互不重叠；应每隔 s 格印一个，重叠处相加。",
        ),
        _stride_as_kernel,
    ),
    laid_wrong(
        "dilation-ignored",
        Phrase(
            en="The dilation was ignored: neighbouring kernel cells lie d cells apart:"
            " y[i·s + p·d, j·s + q·d] += x[i,j] · w[p,q].",
            zh="忽略了膨胀率：相邻的卷积核元素相距 d 个位置：y[i·s + p·d, j·s + q·d] += x[i,j] · w[p,q]。",
        ),
        _dilation_ignored,
    ),
    laid_wrong(
        "dilation-counted-from-0",
        Phrase(
            en="Another convention: the dilation was read as the number of cells left out between neighbouring kernel"
            " cells (0 means none). Here 1 means none: a kernel of k cells covers d·(k − 1) + 1.",
            zh="另一种约定：把膨胀率当作相邻元素之间空出的格数（0 表示无膨胀）。本题中 1 表示无膨胀："
            "大小为 k 的卷积核覆盖 d·(k − 1) + 1 格。",
        ),
        _dilation_from_0,
        "convention",
    ),
    laid_wrong(
        "rows-and-columns-of-an-option-swapped",
        Phrase(
            en="The two numbers of the stride, the padding, the output_padding or the dilation were swapped: rows"
            " (height) come first.",
            zh="步长、填充、output_padding 或膨胀率的两个数弄反了：行（高）在前。",
        ),
        _pairs_swapped,
    ),
)
"""The most specific first."""
