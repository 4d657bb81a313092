"""The two ways in which courses compute a convolution's tensors: with the kernel turned by 180°, and with im2col."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.conv import Conv
from cnncalc.layers.lesson import Method, Picture
from cnncalc.layers.mistake import Scene

ROTATED = Phrase(en="With the kernel turned by 180°", zh="旋转卷积核法")
AS_KERNEL = Phrase(en="With the gradient as the kernel", zh="以梯度为卷积核")
IM2COL = Phrase(en="With matrices (im2col)", zh="矩阵乘法（im2col）")
SPREAD = Phrase(
    en="The gradient of output channel {f} is laid out{spread} with zeros around it; the kernel is turned by 180°"
    " and slid over it. This gives its share of the gradient of input channel {c}.",
    zh="输出通道 {f} 的梯度{spread}四周补零，卷积核旋转 180° 后在其上滑动，得到它对输入通道 {c} 梯度的贡献。",
)
SPREAD_TURNED = Phrase(
    en="The gradient of output channel {f} is laid out{spread} with zeros around it, and the kernel is slid over it"
    " as it stands, since forward it was turned. This gives its share of the gradient of input channel {c}.",
    zh="输出通道 {f} 的梯度{spread}四周补零；由于前向时卷积核已旋转，这里直接用原卷积核滑动，得到它对输入通道 {c}"
    " 梯度的贡献。",
)
APART = Phrase(
    en=", its elements {rows} rows and {columns} columns apart (the stride),",
    zh="按步长拉开（行距 {rows}、列距 {columns}），并在",
)
NOT_APART = Phrase(en="", zh="在")
ADDED = Phrase(en="The shares of all output channels are added up.", zh="把所有输出通道的贡献相加。")
SLID = Phrase(
    en="The gradient of output channel {f} is itself the kernel: it is laid on input channel {c}{padded}, and every"
    " place at which it lies gives one weight's gradient.",
    zh="把输出通道 {f} 的梯度当作卷积核，在输入通道 {c}{padded}上滑动，每个位置得到一个权重的梯度。",
)
SLID_TURNED = Phrase(
    en="The gradient of output channel {f} is itself the kernel: it is laid on input channel {c}{padded}. Every"
    " place at which it lies gives one weight's gradient; since the kernel was turned forward, they are written from"
    " the end.",
    zh="把输出通道 {f} 的梯度当作卷积核，在输入通道 {c}{padded}上滑动，每个位置得到一个权重的梯度；"
    "前向时卷积核旋转过，因此结果也要旋转 180°。",
)
PADDED = Phrase(en=" with its padding", zh="（含填充）")
DWEIGHT_COLUMNS = Phrase(
    en="The gradient is written with a row for each output channel, the windows of the input with a row for each"
    " output position; their product has a row for each output channel.",
    zh="把输出梯度按每个输出通道一行排列，把输入的窗口按每个输出位置一行展开，两者相乘，每个输出通道得到一行权重梯度。",
)
DX_COLUMNS = Phrase(
    en="The gradient, with a row for each output position, times the kernels, with a row for each output channel,"
    " gives the gradient of every window. Then each element of a window is added back to where it was taken from"
    " (col2im).",
    zh="输出梯度（每个输出位置一行）乘以卷积核矩阵（每个输出通道一行），得到每个窗口的梯度，"
    "再把窗口的各元素加回其原来的位置（col2im）。",
)
Y_COLUMNS = Phrase(
    en="Each window of the input is written as a row and each kernel{turned} as a column; the product has a row for"
    " each output position and a column for each output channel.{bias}",
    zh="把输入的每个窗口展开为一行，每个卷积核{turned}展开为一列，两者相乘，每个输出位置得到一行，"
    "每个输出通道对应一列。{bias}",
)
TURNED = Phrase(en=", turned by 180°,", zh="旋转 180° 后")
BIAS_AFTER = Phrase(en=" The bias is added afterwards.", zh="最后再加上偏置。")
NOTHING = Phrase(en="", zh="")
AND_SO_ON = Phrase(en="The other {count} are done in the same way.", zh="其余 {count} 组做法相同。")
MOST_PICTURES = 4
MOST_PRODUCTS = 20_000
Part = tuple[Phrase, tuple[Picture | str, ...]]


def methods(scene: Scene, tensor: str) -> Sequence[Method]:
    """The ways to one tensor, for convolutions without groups and dilation, one sample at a time."""
    layer = scene.layer
    assert isinstance(layer, Conv)
    if len(scene["x"]) != 1 or layer.groups != 1:
        return ()
    if tensor == "y":
        return [_y_columns(scene, layer)]
    if tensor == "dx":
        return [*([_dx_rotated(scene, layer)] if layer.dilation == (1, 1) else []), _dx_columns(scene, layer)]
    if tensor == "dweight":
        return [*([_dweight_slid(scene, layer)] if layer.dilation == (1, 1) else []), _dweight_columns(scene, layer)]
    return ()


def _dx_rotated(scene: Scene, layer: Conv) -> Method:
    """dx as a full convolution of the gradient, spread out by the stride."""
    numbers, g, weight = scene.numbers, scene["g"], scene["weight"]
    window = layer._window(scene["x"].shape[1:], weight.shape)
    rows, columns = window.rows, window.columns
    height, width = (rows.outputs - 1) * rows.stride + 1, (columns.outputs - 1) * columns.stride + 1
    top, left = rows.kernel - 1, columns.kernel - 1
    canvas = numbers.zeros((g.shape[1], height + 2 * top, width + 2 * left))
    filler = np.ones(canvas.shape[1:], dtype=bool)
    inner = (slice(top, top + height, rows.stride), slice(left, left + width, columns.stride))
    canvas[(slice(None), *inner)] = g[0]
    filler[inner] = False
    laid = weight if layer.flip else weight[:, :, ::-1, ::-1]
    turned = "" if layer.flip else r"^{\text{rot}}"
    # All channels in one product; each by itself only where it is shown.
    extent = (rows.extent, columns.extent)
    few, light = _affordable(scene, canvas.size * laid[0].size)
    windows = np.lib.stride_tricks.sliding_window_view(light(canvas), weight.shape[2:], axis=(1, 2))
    flat = windows.transpose(1, 2, 0, 3, 4).reshape(extent[0] * extent[1], -1)
    full = few.matmul(flat[None], light(laid).transpose(0, 2, 3, 1).reshape(1, -1, weight.shape[1]))[0]
    result = few.zeros(scene["x"].shape)
    for c in range(weight.shape[1]):
        _place(result[0, c], full[:, c].reshape(extent), -rows.before, -columns.before)
    parts: list[Part] = []
    is_apart = max(layer.stride) > 1
    base = scene.index_base
    pairs = [(f, c) for f in range(weight.shape[0]) for c in range(weight.shape[1])]
    for f, c in pairs[: MOST_PICTURES if few is numbers else 1]:
        share = numbers.zeros(scene["x"].shape[2:])
        _place(share, _slide(scene, canvas[f], laid[f, c]), -rows.before, -columns.before)
        spread = APART.format(rows=rows.stride, columns=columns.stride) if is_apart else NOT_APART
        text = (SPREAD_TURNED if layer.flip else SPREAD).format(f=f + base, c=c + base, spread=spread)
        gradient = Picture(rf"\g_{{{f + base},:,:}}", canvas[f], filler)
        kernel = Picture(rf"\weight_{{{f + base},{c + base},:,:}}{turned}", laid[f, c])
        parts.append((text, (gradient, r"\ast", kernel, r"\to", Picture("", share))))
    last = ((ADDED, ()),) if weight.shape[0] > 1 else ()
    return Method("rotated", ROTATED, (*_and_so_on(parts, len(pairs)), *last), result)


def _dweight_slid(scene: Scene, layer: Conv) -> Method:
    """dweight with the gradient as a kernel, spread out by the stride."""
    numbers, g, x, weight = scene.numbers, scene["g"], scene["x"], scene["weight"]
    window = layer._window(x.shape[1:], weight.shape)
    canvas = window.canvas(numbers, x)[0]
    rows, columns = window.rows, window.columns
    height, width = (rows.outputs - 1) * rows.stride + 1, (columns.outputs - 1) * columns.stride + 1
    spread = numbers.zeros((g.shape[1], height, width))
    spread[:, :: rows.stride, :: columns.stride] = g[0]
    apart = np.ones((height, width), dtype=bool)
    apart[:: rows.stride, :: columns.stride] = False
    base = scene.index_base
    parts: list[Part] = []
    around = np.ones(canvas.shape[1:], dtype=bool)
    _place(around, np.zeros(x.shape[2:], dtype=bool), rows.before, columns.before)
    padded = PADDED if around.any() else NOTHING
    few, light = _affordable(scene, spread.size * weight[0].size)
    windows = np.lib.stride_tricks.sliding_window_view(light(canvas), (height, width), axis=(1, 2))
    flat = windows[:, : weight.shape[2], : weight.shape[3]].reshape(-1, height * width)
    slid = few.matmul(flat[None], light(spread).reshape(1, len(spread), -1).transpose(0, 2, 1))[0]
    result = slid.T.reshape(weight.shape)
    result = result[:, :, ::-1, ::-1] if layer.flip else result
    pairs = [(f, c) for f in range(weight.shape[0]) for c in range(weight.shape[1])]
    for f, c in pairs[: MOST_PICTURES if few is numbers else 1]:
        image = Picture(rf"\x_{{{c + base},:,:}}", canvas[c], around if around.any() else None)
        kernel = Picture(rf"\g_{{{f + base},:,:}}", spread[f], apart if apart.any() else None)
        shown = _slide(scene, canvas[c], spread[f])[: weight.shape[2], : weight.shape[3]]
        shown = shown[::-1, ::-1] if layer.flip else shown
        made = Picture(rf"\dweight_{{{f + base},{c + base},:,:}}", shown)
        text = (SLID_TURNED if layer.flip else SLID).format(f=f + base, c=c + base, padded=padded)
        parts.append((text, (image, r"\ast", kernel, "=", made)))
    return Method("rotated", AS_KERNEL, _and_so_on(parts, len(pairs)), result)


def _y_columns(scene: Scene, layer: Conv) -> Method:
    numbers, weight = scene.numbers, scene["weight"]
    columns, matrix = _columns(scene, layer), _matrix(scene, layer)
    product = numbers.matmul(columns[None], matrix.T[None])[0]
    y = product.T.reshape(scene["y"].shape)
    bias = NOTHING
    if "bias" in scene:
        y = y + scene["bias"][:, None, None]
        bias = BIAS_AFTER
    pictures = (Picture("", columns), r"\cdot", Picture("", matrix.T), "=", Picture("", product))
    assert weight.shape[0] == product.shape[1]
    return Method(
        "im2col", IM2COL, ((Y_COLUMNS.format(bias=bias, turned=TURNED if layer.flip else NOTHING), pictures),), y
    )


def _dweight_columns(scene: Scene, layer: Conv) -> Method:
    numbers, weight = scene.numbers, scene["weight"]
    rows = scene["g"][0].reshape(weight.shape[0], -1)
    columns = _columns(scene, layer)
    product = numbers.matmul(rows[None], columns[None])[0]
    result = product.reshape(weight.shape)
    pictures = (Picture("", rows), r"\cdot", Picture("", columns), "=", Picture("", product))
    result = result[:, :, ::-1, ::-1] if layer.flip else result
    return Method("im2col", IM2COL, ((DWEIGHT_COLUMNS, pictures),), result)


def _dx_columns(scene: Scene, layer: Conv) -> Method:
    numbers, weight, x = scene.numbers, scene["weight"], scene["x"]
    rows = scene["g"][0].reshape(weight.shape[0], -1).T
    matrix = _matrix(scene, layer)
    product = numbers.matmul(rows[None], matrix[None])[0]
    window = layer._window(x.shape[1:], weight.shape)
    shares = product.T.reshape(weight.shape[1], *weight.shape[2:], *window.outputs)
    result = window.fold(numbers, (x.shape[1],), lambda cell: shares[:, cell[0], cell[1]])
    pictures = (Picture("", rows), r"\cdot", Picture("", matrix), "=", Picture("", product))
    return Method("im2col", IM2COL, ((DX_COLUMNS, pictures),), result[None])


def _and_so_on(parts: Sequence[Part], count: int) -> tuple[Part, ...]:
    """What is shown, and how many more there are."""
    left = count - len(parts)
    return (*parts, (AND_SO_ON.format(count=left), ())) if left else tuple(parts)


def _affordable(scene: Scene, products: int) -> tuple[Arithmetic, Callable[[Array], Array]]:
    """The arithmetic for a whole tensor, and what brings arrays into it: of a large one doubles are enough to"
    " compare."""
    if products <= MOST_PRODUCTS:
        return scene.numbers, np.asarray
    from cnncalc.arithmetic.float64 import Float64

    return Float64(), scene.numbers.to_float


def _columns(scene: Scene, layer: Conv) -> Array:
    """The windows, a row for each output position."""
    return np.asarray(layer.requested(scene.numbers, scene["x"], scene.parameters())["columns"]()[0])


def _matrix(scene: Scene, layer: Conv) -> Array:
    """The kernels as they lie on the image, a row for each output channel."""
    weight = scene["weight"]
    laid = weight[:, :, ::-1, ::-1] if layer.flip else weight
    return laid.reshape(weight.shape[0], -1)


def _slide(scene: Scene, image: Array, kernel: Array) -> Array:
    """The kernel as it stands at every place of the image that it fits on."""
    numbers = scene.numbers
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    flat = windows.reshape(windows.shape[0] * windows.shape[1], -1)
    return np.asarray(numbers.matmul(flat[None], kernel.reshape(1, -1, 1))[0]).reshape(windows.shape[:2])


def _place(target: Array, source: Array, down: int, right: int) -> None:
    """Lay `source` on `target`, moved; what falls outside is left away."""
    top, left = max(down, 0), max(right, 0)
    from_top, from_left = max(-down, 0), max(-right, 0)
    height = min(target.shape[0] - top, source.shape[0] - from_top)
    width = min(target.shape[1] - left, source.shape[1] - from_left)
    if height > 0 and width > 0:
        cut = source[from_top : from_top + height, from_left : from_left + width]
        target[top : top + height, left : left + width] = cut
