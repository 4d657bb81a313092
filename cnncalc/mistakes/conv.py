"""What people get wrong in a convolution: the kernel, the channels, where it lies, the gradients, the size."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, cast

import numpy as np

from cnncalc.layers.conv import Conv
from cnncalc.layers.fc_gradient_mistakes import NOT_SUMMED, ONE_SAMPLE_ONLY
from cnncalc.mistakes.families import NEXT
from cnncalc.mistakes.take import Mistake, Take, mistake, need

NO_SIDES = ((0, 0), (0, 0))
CORRELATION = "y[i,j] = Σ w[p,q] · x[i+p, j+q]"
SUM = "y[f] = bias[f] + Σ_c w[f,c] ∗ x[c]"
SIZE = "⌊(H + 2p − k)/s⌋ + 1"


class Laid(Take):
    """A step of a convolution: where its kernel lies, and images around g."""

    @property
    def window(self) -> Any:
        return self.layer._window(self.x.shape[1:], self.weight.shape)

    @property
    def sides(self) -> Any:
        """The padding in numbers, whether it was given so, as `same` or by an anchor."""
        rows, columns = self.window.rows, self.window.columns
        return (rows.before, rows.after), (columns.before, columns.after)

    @property
    def spans(self) -> tuple[int, int]:
        return self.window.rows.span, self.window.columns.span

    @property
    def is_same(self) -> bool:
        return bool(self.layer.padding == "same")

    @property
    def channels(self) -> int:
        """The input channels that one filter sees."""
        return int(self.weight.shape[1])

    @property
    def filters(self) -> int:
        """Of one group."""
        return int(len(self.weight) // self.layer.groups)

    def laid(self, sides: Any = None, **options: Any) -> Conv:
        """The layer with its padding in numbers, those that it has or others, and perhaps other options."""
        return cast(Conv, self.options(anchor=None, padding=sides or self.sides, **options))

    def place(self, source: Any, down: int, right: int, size: Any) -> Any:
        """An image of `size`, with `source` moved down and to the right in it, and zeros around."""
        image, to, out_of = self.numbers.zeros((*source.shape[:2], *size)), [], []
        for axis, shift in enumerate((down, right)):
            start = max(0, shift)
            stop = max(start, min(size[axis], source.shape[2 + axis] + shift))
            to.append(slice(start, stop))
            out_of.append(slice(start - shift, stop - shift))
        image[:, :, to[0], to[1]] = source[:, :, out_of[0], out_of[1]]
        return image

    @property
    def padded(self) -> Any:
        """x with all its padding, also what no window reaches."""
        return self.place(
            self.x, self.sides[0][0], self.sides[1][0], (self.window.rows.padded, self.window.columns.padded)
        )

    def on_image(self, canvas: Any) -> Any:
        """What of a canvas, which begins with the padding, lies on the image."""
        return self.place(canvas, -self.sides[0][0], -self.sides[1][0], self.x.shape[2:])

    def full(self, g: Any = None, weight: Any = None, **options: Any) -> Any:
        """dx from the first padding cell to the last that a window reaches; with other strides or dilations too."""
        layer = self.options(anchor=None, padding="valid", **options)
        g, weight = self.g if g is None else g, self.weight if weight is None else weight
        extents = (
            (g.shape[a + 2] - 1) * layer.stride[a] + (weight.shape[a + 2] - 1) * layer.dilation[a] + 1 for a in (0, 1)
        )
        x = self.numbers.zeros((*self.x.shape[:2], *extents))
        return self.again(layer, of="dx", g=g, x=x, weight=weight)

    def cropped(self, full: Any) -> list[Any]:
        """A full gradient that has lost its padding, as large as the image or as it comes."""
        (top, bottom), (left, right) = self.sides
        own = full[:, :, top : full.shape[2] - bottom, left : full.shape[3] - right]
        return [self.on_image(full), *([own] if min(top, bottom, left, right) >= 0 else [])]

    def correlation(self, image: Any, **options: Any) -> Any:
        """Each channel of an image with each channel of g laid on it as a kernel: dweight, if the sizes are right."""
        parts, groups = [], self.layer.groups
        for under, over in zip(np.split(image, groups, 1), np.split(self.g, groups, 1), strict=True):
            made = Conv(**options).forward(self.numbers, under.swapaxes(0, 1), {"weight": over.swapaxes(0, 1)})["y"]
            parts.append(made.swapaxes(0, 1))
        made = np.concatenate(parts)
        return made[:, :, ::-1, ::-1] if self.layer.flip else made

    def moved(self, **options: Any) -> Any:
        """dweight from windows at another stride or dilation, as many as g has."""
        layer = self.laid(NO_SIDES, **options)
        size = [
            (self.g.shape[a + 2] - 1) * layer.stride[a] + (self.weight.shape[a + 2] - 1) * layer.dilation[a] + 1
            for a in (0, 1)
        ]
        return self.again(layer, x=self.place(self.padded, 0, 0, size))

    def by(self, layer: Conv) -> Any:
        """The tensor by a layer that lies elsewhere; a gradient only if the output is as large as it should be."""
        if self.tensor != "y":
            shape = layer.output_shape(self.x.shape[1:], {"weight": self.weight.shape})
            need(shape == self.g.shape[1:])
        return self.again(layer)

    def only_channels(self, channels: Any) -> Any:
        return self.only(self.weight, 1, channels)

    @property
    def shares(self) -> list[Any]:
        """What each filter of a group gives to dx."""
        need(self.filters > 1)
        groups = range(self.layer.groups)
        return [self.again(g=self.only(self.g, 1, [k * self.filters + f for k in groups])) for f in range(self.filters)]

    def dealt(self, size: int) -> Any:
        """Which channels are in the first group, the second, …, if they are dealt out in turn."""
        return np.arange(size).reshape(-1, self.layer.groups).T.ravel()


conv = partial(mistake, take=Laid)
"""A mistake whose ways see where the kernel lies."""


def lies(what: str, en: str, zh: str, layers: Callable[[Laid], Iterable[Conv]]) -> Mistake:
    """A kernel that lies elsewhere: by each of some layers."""
    return conv(what, en, zh, lambda s: [lambda one=one: s.by(one) for one in layers(s)])


# The kernel


def square(s: Laid) -> Any:
    need(s.weight.shape[2] == s.weight.shape[3])
    return s.weight


def turned(w: Any) -> Any:
    return w[:, :, ::-1, ::-1]


def products(s: Laid, image: Any, weight: Any) -> Any:
    """Σ_c image[c] @ weight[f, c] for each sample and filter, as one product of long rows."""
    samples, _, height, _ = image.shape
    rows = image.transpose(0, 2, 1, 3).reshape(1, samples * height, -1)
    columns = weight.transpose(1, 2, 0, 3).reshape(1, rows.shape[2], -1)
    return s.numbers.matmul(rows, columns).reshape(samples, height, len(weight), -1).transpose(0, 2, 1, 3)


def matrix_products(s: Laid) -> Any:
    need(s.layer.groups == 1)
    w = s.weight
    for image in (s.x, s.padded):
        made = [products(s, image, w)] if image.shape[3] == w.shape[2] else []
        if w.shape[3] == image.shape[2]:
            # weight[f, c] @ x[c] is the transpose of x[c]ᵀ @ weight[f, c]ᵀ.
            made.append(products(s, image.swapaxes(2, 3), w.swapaxes(2, 3)).swapaxes(2, 3))
        for y in made:
            yield y
            yield lambda y=y: y + s.bias[:, None, None]
    # All entries of (window @ kernel), summed: each column of the window meets the sum of a row of the kernel.
    for axis in (3, 2):
        sums = s.sum(square(s), axis, keep=True).swapaxes(2, 3) if axis == 3 else s.sum(w, 2)[:, :, :, None]
        yield s.again(weight=np.broadcast_to(sums, w.shape))


def swapped(s: Laid) -> Any:
    """The weight with its first two axes swapped; where they differ, its numbers read into the shape that fits."""
    need(s.layer.groups == 1)
    w = s.weight
    typed = w if w.shape[0] == w.shape[1] else w.reshape(w.shape[1], w.shape[0], *w.shape[2:])
    return typed.transpose(1, 0, 2, 3)


KERNEL = (
    conv(
        "~kernel-flipped: y",
        "Another convention: the kernel was rotated by 180° (true convolution). This problem lays it on as it stands"
        f" (cross-correlation): {CORRELATION} at stride 1.",
        f"另一种约定：卷积核旋转了 180°（数学意义上的卷积）。本题不翻转卷积核（互相关）：步长为 1 时 {CORRELATION}。",
        # With an anchor, turning the kernel about it and turning the typed numbers are two things; and MATLAB's convn
        # turns the channels round as well.
        lambda s: (
            not s.layer.flip
            and [
                s.again(s.options(flip=True)),
                s.again(weight=turned(s.weight)),
                s.again(weight=turned(s.weight)[:, ::-1]),
            ]
        ),
    ),
    conv(
        "~kernel-flipped: y",
        "Another convention: the kernel was laid on as it stands (cross-correlation). This problem says `flip: true`:"
        " rotate the kernel by 180° first (true convolution).",
        "另一种约定：直接使用了未翻转的卷积核（互相关）。本题为 `flip: true`：须先将卷积核旋转 180°（真正的卷积）。",
        lambda s: s.layer.flip and [s.again(s.options(flip=False)), s.again(s.laid(flip=False))],
    ),
    conv(
        "kernel-transposed: y",
        "Rows and columns of the kernel were swapped: w[q,p] was used where w[p,q] belongs.",
        "卷积核的行与列弄反了：应使用 w[p,q]，却用了 w[q,p]。",
        lambda s: s.again(weight=s.weight.swapaxes(2, 3)),
        lambda s: s.again(s.laid(), weight=s.weight.swapaxes(2, 3)),
    ),
    conv(
        "kernel-mirrored: y",
        "The kernel was flipped along one axis only, left to right or top to bottom. Cross-correlation leaves it as it"
        " is; true convolution rotates it by 180° (both axes).",
        "卷积核只在一个方向上翻转了（左右或上下）。互相关不翻转卷积核；真正的卷积旋转 180°（两个方向都翻转）。",
        lambda s: [s.again(weight=np.flip(s.weight, axis)) for axis in (3, 2)],
    ),
    conv(
        "kernel-rotated-90: y",
        "The kernel was rotated by 90°. Cross-correlation does not rotate it; true convolution rotates it by 180°.",
        "卷积核被旋转了 90°。互相关不旋转卷积核；真正的卷积旋转 180°。",
        *(lambda s, k=k: s.again(weight=np.rot90(s.weight, k, axes=(2, 3))) for k in (1, 3)),
    ),
    conv(
        "matrix-product: y",
        "A matrix product was taken. A convolution multiplies window and kernel cell by cell and adds up all products:"
        " Σ w[p,q] · x[i+p, j+q].",
        "用了矩阵乘法。卷积是窗口与卷积核逐元素相乘再求和：Σ w[p,q] · x[i+p, j+q]。",
        lambda s: list(matrix_products(s)),
    ),
    conv(
        "products-averaged: y",
        "The sum over the window was divided by the number of its cells; a convolution only adds up.",
        "窗口内的和除以了元素个数；卷积只求和，不取平均。",
        lambda s: [s.again(weight=s.weight / (s.weight[0, 0].size * by)) for by in (1, s.channels)],
    ),
    conv(
        "kernel-not-rotated: dx",
        "The kernel was not rotated. For cross-correlation, dx is the full correlation of the upstream gradient g (with"
        " zeros between its cells where the stride is not 1) with the kernel rotated by 180°.",
        "卷积核没有旋转。对互相关而言，dx 是上游梯度 g（步长不为 1 时先在元素间补零）与旋转 180° 的卷积核的 full 互相"
        "关。",
        lambda s: not s.layer.flip and s.again(weight=turned(s.weight)),
    ),
    conv(
        "~kernel-flipped: dx",
        "Another convention: this is the gradient of true convolution (kernel rotated by 180° in the forward pass)."
        " This problem means cross-correlation.",
        "另一种约定：这是真正的卷积（前向时卷积核旋转 180°）的梯度。本题指互相关。",
        lambda s: not s.layer.flip and [s.again(weight=turned(s.weight)), s.again(s.options(flip=True))],
    ),
    conv(
        "~kernel-flipped: dx",
        "Another convention: this is the gradient of cross-correlation. This problem says `flip: true`, and there dx is"
        " the full correlation of g with the kernel as it stands.",
        "另一种约定：这是互相关的梯度。本题为 `flip: true`，此时 dx 是 g 与未旋转的卷积核的 full 互相关。",
        lambda s: s.layer.flip and s.again(weight=turned(s.weight)),
    ),
    conv(
        "~kernel-flipped: dweight",
        "Another convention: the gradient is rotated by 180°, which is right for true convolution. This problem means"
        " cross-correlation: dw[p,q] = Σ g[i,j] · x[i+p, j+q] (stride 1), not rotated.",
        "另一种约定：梯度旋转了 180°，这适用于真正的卷积。本题指互相关：dw[p,q] = Σ g[i,j] · x[i+p, j+q]（步长为 1"
        " 时），不旋转。",
        lambda s: not s.layer.flip and [turned(s.again()), s.again(s.options(flip=True))],
    ),
    conv(
        "~kernel-flipped: dweight",
        "Another convention: this is the gradient of cross-correlation. This problem says `flip: true` (true"
        " convolution): rotate it by 180°.",
        "另一种约定：这是互相关的梯度。本题为 `flip: true`（真正的卷积），须旋转 180°。",
        lambda s: s.layer.flip and [turned(s.again()), s.again(s.options(flip=False))],
    ),
    conv(
        "kernel-transposed: dx",
        "The kernel was transposed (rows and columns swapped); it must be rotated by 180°: w[p,q] → w[kH−1−p, kW−1−q]"
        " (cells counted from 0).",
        "卷积核被转置（行列互换）了；应旋转 180°：w[p,q] → w[kH−1−p, kW−1−q]（从 0 计数）。",
        # What is laid on g is the kernel transposed instead of turned, or transposed and turned.
        lambda s: [s.again(weight=w) for w in (turned(square(s).swapaxes(2, 3)), s.weight.swapaxes(2, 3))],
    ),
    conv(
        "kernel-mirrored: dx",
        "The kernel was flipped along one axis only; it must be rotated by 180° (both axes reversed).",
        "卷积核只在一个方向上翻转了；应旋转 180°（两个方向都翻转）。",
        lambda s: [s.again(weight=np.flip(s.weight, axis)) for axis in (2, 3)],
    ),
    conv(
        "kernel-rotated-90: dx",
        "The kernel was rotated by 90°; it must be rotated by 180° (both axes reversed).",
        "卷积核旋转了 90°；应旋转 180°（两个方向都翻转）。",
        lambda s: [s.again(weight=np.rot90(square(s), k, axes=(2, 3))) for k in (1, 3)],
    ),
)


# Channels, filters, groups


def not_summed(maps: list[Any]) -> Iterator[Any]:
    """A map for each pair, in both orders, as channels or as one more axis."""
    need(len(maps) > 1)
    for axis in (1, 2):
        stacked = np.stack(maps, axis)
        yield stacked.reshape(stacked.shape[0], -1, *stacked.shape[3:])
        yield stacked


def channels_not_summed(s: Laid) -> Any:
    for parameters in ({}, s.scene.parameters()):
        weights = map(s.only_channels, range(s.channels))
        yield from not_summed([s.layer.forward(s.numbers, s.x, {**parameters, "weight": w})["y"] for w in weights])


def one_kernel(s: Laid) -> Any:
    return [s.again(weight=np.broadcast_to(s.weight[:, c : c + 1], s.weight.shape)) for c in range(s.channels)]


def depthwise(s: Laid) -> Any:
    n = len(s.weight)
    need(n == s.channels > 1)
    kernels = s.weight[range(n), range(n)], s.weight[:, 0]
    return [s.again(s.options(groups=n), weight=one[:, None]) for one in kernels]


def summed_over(s: Laid, axis: int) -> Any:
    made = s.again()
    need(made.shape[axis] > 1)
    summed = s.sum(made, axis, keep=True)
    return [summed, np.broadcast_to(summed, made.shape)]


def groups_ignored(s: Laid) -> Any:
    need(s.layer.groups > 1)
    layer = s.options(groups=1)
    yield s.again(layer, x=s.x[:, : s.channels])
    if s.tensor == "dweight":
        # Every filter with every channel: the weight's values do not matter, only its shape.
        yield s.again(layer, weight=s.numbers.zeros((len(s.weight), s.x.shape[1], *s.weight.shape[2:])))


def interleaved(s: Laid) -> Any:
    need(s.layer.groups > 1)
    inputs, outputs = s.dealt(s.x.shape[1]), s.dealt(len(s.weight))
    by_inputs = s.again(x=s.x[:, inputs])
    yield by_inputs[:, np.argsort(inputs)] if s.tensor == "dx" else by_inputs
    given = {name: array[outputs] for name, array in s.scene.parameters().items()}
    if s.tensor == "y":
        yield s.again(**given)[:, np.argsort(outputs)]
    else:
        by_outputs = s.again(g=s.g[:, outputs], weight=given["weight"])
        yield by_outputs if s.tensor == "dx" else by_outputs[np.argsort(outputs)]


CHANNELS = (
    conv(
        "one-channel-only: y",
        "Only one input channel was used. A filter has a kernel for each input channel, and the results are added:"
        f" {SUM}.",
        f"只用了一个输入通道。每个卷积核在各个输入通道上分别计算，结果要相加：{SUM}。",
        lambda s: [s.again(weight=s.only_channels(c)) for c in range(s.channels)],
    ),
    conv(
        "channel-left-out: y",
        f"One of the input channels was left out of the sum: {SUM} over all c.",
        f"求和时漏掉了一个输入通道：{SUM}，c 取遍所有输入通道。",
        lambda s: (
            s.channels > 2
            and [s.again(weight=s.only_channels([o for o in range(s.channels) if o != c])) for c in range(s.channels)]
        ),
    ),
    conv(
        "channels-not-summed: y",
        "There is one feature map for each pair of filter and input channel. The results of the input channels must be"
        " added: one feature map for each filter.",
        "对每个卷积核、每个输入通道各给出了一张特征图。各输入通道的结果须相加：每个卷积核只得到一张特征图。",
        lambda s: list(channels_not_summed(s)),
    ),
    conv(
        "channels-averaged: y",
        f"The input channels were averaged; a convolution adds them up: {SUM}.",
        f"对各输入通道取了平均；卷积应把它们相加：{SUM}。",
        lambda s: s.again(weight=s.weight / s.channels),
    ),
    conv(
        "one-kernel-for-all-channels: y dx",
        "The same kernel was laid on every input channel; channel c has its own, w[f,c].",
        "所有输入通道都用了同一个二维卷积核；通道 c 应使用它自己的 w[f,c]。",
        one_kernel,
    ),
    conv(
        "weight-axes-swapped: y",
        "The first two axes of the weight were swapped: it is written (output channel, input channel, row, column), and"
        " y[f] uses w[f,c].",
        "权重的前两个维度弄反了：其顺序为（输出通道, 输入通道, 行, 列），y[f] 应使用 w[f,c]。",
        lambda s: s.again(weight=swapped(s)),
    ),
    conv(
        "channels-not-mixed: y",
        "Filter f was laid on channel f alone (a depthwise convolution). Here each filter sees all its input channels:"
        f" {SUM}.",
        f"第 f 个卷积核只作用在第 f 个通道上（逐通道卷积）。本题每个卷积核作用于它的所有输入通道：{SUM}。",
        depthwise,
    ),
    conv(
        "filters-summed: y",
        "The results of the filters were added up; each filter gives a feature map of its own.",
        "把各卷积核的结果相加了；每个卷积核应各自给出一张特征图。",
        lambda s: s.sum(s.again(), 1, keep=True),
    ),
    conv(
        "one-filter-only: y",
        "Only the first filter was computed; there is one feature map for each filter.",
        "只计算了第一个卷积核；每个卷积核都对应一张特征图。",
        lambda s: len(s.weight) > 1 and s.again()[:, :1],
    ),
    conv(
        "groups-ignored: y dx dweight",
        "The groups were ignored: every filter saw the first channels, or all of them. With groups, the filters of"
        " group k see only the channels of group k.",
        "忽略了分组：所有卷积核都作用在前几个通道或全部通道上。分组卷积中，第 k 组的卷积核只作用于第 k 组的通道。",
        lambda s: list(groups_ignored(s)),
    ),
    conv(
        "groups-interleaved: y dx dweight",
        "The channels were dealt out to the groups in turn (1, 2, 1, 2, …). A group is a block of neighbouring channels"
        " (1, 1, 2, 2, …), and so are its filters.",
        "各组的通道被交错分配（1, 2, 1, 2, …）。每一组应是相邻的一段通道（1, 1, 2, 2, …），卷积核也一样。",
        lambda s: list(interleaved(s)),
    ),
    conv(
        "one-filter-only: dx",
        "Only one filter's share was computed. Every filter sees x: dx[c] = Σ_f (full correlation of g[f] with w[f,c]"
        " rotated by 180°).",
        "只算了一个卷积核的贡献。每个卷积核都用到了 x：dx[c] = Σ_f（g[f] 与旋转 180° 的 w[f,c] 的 full 互相关）。",
        lambda s: s.shares,
    ),
    conv(
        "filters-not-summed: dx",
        "There is one map for each pair of filter and input channel; the shares of the filters must be added:"
        " dx[c] = Σ_f (share of filter f).",
        "对每个卷积核、每个输入通道各给出了一张图；各卷积核的贡献须相加：dx[c] = Σ_f（卷积核 f 的贡献）。",
        lambda s: list(not_summed(s.shares)),
    ),
    conv(
        "channels-summed: dx",
        "The sum went over the input channels. Each input channel has its own gradient; the sum goes over the filters:"
        " dx[c] = Σ_f (share of filter f).",
        "对输入通道求了和。每个输入通道有自己的梯度；应对卷积核求和：dx[c] = Σ_f（卷积核 f 的贡献）。",
        lambda s: (
            s.x.shape[1] > 1
            and [
                s.sum(s.again(), 1, keep=True),
                lambda: s.layer.groups == 1 and np.stack([s.sum(share, 1) for share in s.shares], 1),
            ]
        ),
    ),
    conv(
        "weight-axes-swapped: dx",
        "The first two axes of the weight were swapped: filter f lies on channel c with w[f,c], and dx[c] sums over f.",
        "权重的前两个维度弄反了：第 f 个卷积核在通道 c 上的权重是 w[f,c]，dx[c] 对 f 求和。",
        lambda s: s.again(weight=swapped(s)),
    ),
    conv(
        "weight-axes-swapped: dweight",
        "The first two axes were swapped: dw[f,c] has the output channel first, as w has.",
        "前两个维度弄反了：dw[f,c] 与 w 一样，输出通道在前。",
        lambda s: s.again().swapaxes(0, 1),
    ),
    conv(
        "one-channel-only: dweight",
        "The same input channel was used throughout; dw[f,c] needs its own: dw[f,c] = Σ g[f] · x[c].",
        "始终使用了同一个输入通道；dw[f,c] 应使用通道 c：dw[f,c] = Σ g[f] · x[c]。",
        lambda s: (
            s.layer.groups == 1
            and [np.broadcast_to(s.again()[:, c : c + 1], s.weight.shape) for c in range(s.channels)]
        ),
    ),
    conv(
        "channels-summed: dweight",
        "The input channels were added up; each pair of filter and input channel has its own gradient:"
        " dw[f,c] = Σ g[f] · x[c].",
        "对输入通道求了和；每个卷积核的每个输入通道各有自己的梯度：dw[f,c] = Σ g[f] · x[c]。",
        lambda s: summed_over(s, 1),
    ),
    conv(
        "filters-summed: dweight",
        "The filters were added up; each filter has its own gradient: dw[f,c] = Σ g[f] · x[c].",
        "对卷积核求了和；每个卷积核有自己的梯度：dw[f,c] = Σ g[f] · x[c]。",
        lambda s: summed_over(s, 0),
    ),
    conv(
        "filters-summed: dbias",
        "All feature maps were added up; each has its own bias: dbias[f] = Σ_i,j g[f,i,j].",
        "把所有特征图加在了一起；每张特征图有自己的偏置：dbias[f] = Σ_i,j g[f,i,j]。",
        lambda s: summed_over(s, 0),
    ),
)


# Where the kernel lies


def exchanged(s: Laid) -> Any:
    (top, bottom), (left, right) = s.sides
    need(top != bottom or left != right)
    return [((bottom, top), (right, left)), ((bottom, top), (left, right)), ((top, bottom), (right, left))]


def one_sided(s: Laid) -> Any:
    (top, bottom), (left, right) = s.sides
    # One cell can only be on one side: which one is a convention of `same`.
    need(s.layer.anchor is None and max(top + bottom, left + right) >= (2 if s.is_same else 1))
    return [s.laid(((0, top + bottom), (0, left + right))), s.laid(((top + bottom, 0), (left + right, 0)))]


def total(s: Laid) -> Any:
    (top, bottom), (left, right) = s.sides
    need(s.layer.anchor is None and not s.is_same and (top, left) == (bottom, right))
    for up, across in ((top // 2, left // 2), (top - top // 2, left - left // 2), (0, 0), (top, left)):
        yield lambda up=up, across=across: s.again(s.laid(((up, top - up), (across, left - across))))


def imagined(s: Laid) -> Any:
    need(s.sides == NO_SIDES)
    rows, columns = (span - 1 for span in s.spans)
    return [s.options(anchor=None, padding="same"), s.laid(((rows, rows), (columns, columns)))]


def anchors(*others: Callable[[int, int, int, int], tuple[int, int]]) -> Callable[[Laid], list[Conv]]:
    def layers(s: Laid) -> Any:
        need(s.layer.anchor is not None)
        return [s.options(anchor=one(*s.layer.anchor, *s.weight.shape[2:])) for one in others]

    return layers


def border(s: Laid, mode: Any) -> Any:
    """With the border's own cells around x in place of zeros; what falls on a copy in dx belongs to its cell."""
    # A mirror that repeats the border differs from a repeated border from the second cell on.
    need(min(sum(s.sides, ())) >= 0 and max(sum(s.sides, ())) >= (2 if mode == "symmetric" else 1))
    rows, columns = (np.pad(np.arange(n), side, mode=mode) for n, side in zip(s.x.shape[2:], s.sides, strict=True))
    made = s.again(s.laid(NO_SIDES), x=s.x[:, :, rows[:, None], columns])
    return gathered(s, gathered(s, made, rows, 2), columns, 3) if s.tensor == "dx" else made


def gathered(s: Laid, made: Any, places: Any, axis: int) -> Any:
    """Slices along an axis added up at their places on x."""
    slices = made.swapaxes(0, axis)
    sums = s.numbers.zeros((s.x.shape[axis], *slices.shape[1:]))
    for place, part in zip(places.tolist(), slices, strict=True):
        sums[place] = sums[place] + part
    return sums.swapaxes(0, axis)


def inside(s: Laid, tensor: Any) -> Any:
    """The tensor where the kernel lies wholly on the image, zeros elsewhere."""
    whole = s.window.real_cells().all(axis=(0, 1))
    made = s.numbers.zeros(tensor.shape)
    made[:, :, whole] = tensor[:, :, whole]
    return made


def bordered(code: str, en: str, zh: str, *modes: str) -> Mistake:
    return conv(
        f"~{code}: y dx dweight",
        f"Another convention: the padding was filled with {en}; here it holds zeros.",
        f"另一种约定：填充的是{zh}；本题填充 0。",
        *(lambda s, mode=mode: border(s, mode) for mode in modes),
    )


def other_strides(s: Laid) -> Any:
    rows, columns = s.layer.stride
    for stride in {(1, 1), (rows, 1), (1, columns)} - {(rows, columns)}:
        y = s.again(s.laid(stride=stride))
        yield from (y, y[:, :, : s.window.outputs[0], : s.window.outputs[1]])


def reaching(axis: Any) -> tuple[int, int]:
    """The padding with which the last window ends where the image does, or behind it."""
    return axis.before, axis.after + (axis.span - axis.padded) % axis.stride


def pairs_swapped(s: Laid) -> Any:
    stride, dilation, sides = s.layer.stride[::-1], s.layer.dilation[::-1], s.sides[::-1]
    layers = [s.laid(stride=stride), s.laid(dilation=dilation)]
    if s.layer.anchor is None and not s.is_same:
        layers += [s.laid(sides), s.laid(sides, stride=stride), s.laid(sides, dilation=dilation)]
    return [one for one in layers if one != s.laid()]


def full_too_small(s: Laid) -> Any:
    rows, columns = (span - 1 for span in s.spans)
    (top, _), (left, _) = s.sides
    for weight in (s.weight, turned(s.weight)):
        full = s.full(weight=weight)
        height, width = full.shape[2:]
        # What is left out on both sides if g is padded by nothing (`valid`), by half the kernel, by p instead of k−1−p.
        for down, right in ((rows, columns), (rows // 2, columns // 2), (rows - top, columns - left)):
            rest = (height - 2 * down, width - 2 * right)
            if min(down, right) >= 0 and min(rest) > 0 and rest != s.x.shape[2:]:
                yield full[:, :, down : height - down, right : width - right]


def with_padding(s: Laid) -> Any:
    return s.place(s.full(), 0, 0, (s.window.rows.padded, s.window.columns.padded))


def corners(s: Laid) -> Any:
    made, (height, width) = with_padding(s), s.x.shape[2:]
    need(s.sides != NO_SIDES and made.shape[2] >= height and made.shape[3] >= width)
    return [made[:, :, :height, :width], made[:, :, made.shape[2] - height :, made.shape[3] - width :]]


def first_windows(s: Laid) -> Any:
    """dweight from the windows of the image as it is, each with the g of the same number."""
    layer = s.laid(NO_SIDES)
    size = layer.output_shape(s.x.shape[1:], {"weight": s.weight.shape})[1:]
    return s.again(layer, g=s.place(s.g, 0, 0, size))


def full_reach(s: Laid) -> Any:
    rows, columns = ((size - 1) * step for size, step in zip(s.g.shape[2:], s.layer.stride, strict=True))
    return s.correlation(s.x, dilation=s.layer.stride, padding=((rows, rows), (columns, columns)))


def rest_kept(s: Laid) -> Any:
    need(s.layer.dilation == (1, 1))
    wide = s.correlation(s.padded, dilation=s.layer.stride)
    return wide.shape != s.weight.shape and wide


PLACE = (
    conv(
        "padding-forgotten: y",
        f"The padding was forgotten: put the zeros around the input first. Output rows: {SIZE}.",
        f"忘了填充：应先在输入四周补零。输出行数：{SIZE}。",
        lambda s: s.sides != NO_SIDES and s.again(s.laid(NO_SIDES)),
    ),
    lies(
        "padding-one-sided: y dweight",  # in dx it is the padding that is cut off on one side only
        "All zeros were put on one side (bottom and right, or top and left); they belong on all sides.",
        "零全部补在了一侧（下方和右侧，或上方和左侧）；应补在输入四周。",
        one_sided,
    ),
    conv(
        "~padding-read-as-total: y",
        "Another convention: the padding was read as the number of zeros on both sides together. Here p zeros go on"
        f" each side: output rows {SIZE}.",
        f"另一种约定：把填充数当作两侧的总数。本题每一侧各补 p 个零：输出行数为 {SIZE}。",
        lambda s: list(total(s)),
    ),
    lies(
        "~same-odd-cell-first: y dx dweight",
        "Another convention: the odd row or column of `same` padding was put at the top or left. This problem puts"
        " it at the bottom or right.",
        "另一种约定：`same` 填充中多出的一行（列）放在了上方（左侧）。本题放在下方（右侧）。",
        lambda s: map(s.laid, exchanged(s)) if s.is_same else (),
    ),
    lies(
        "~same-as-at-stride-1: y dx dweight",
        "Another convention: `same` was padded as for stride 1. Here the padding takes the stride into account, so that"
        " the output has ⌈H/s⌉ rows and no zeros are wasted.",
        "另一种约定：`same` 按步长 1 填充。本题的填充考虑步长，输出为 ⌈H/s⌉ 行，不多补零。",
        lambda s: (
            [s.laid(tuple(((n - 1) // 2, n // 2) for n in s.spans))] if s.is_same and s.layer.stride != (1, 1) else ()
        ),
    ),
    lies(
        "padding-sides-swapped: y dx dweight",
        "Top and bottom, or left and right, were swapped: `padding` is [[top, bottom], [left, right]].",
        "填充的上下或左右弄反了：`padding` 的顺序为 [[上, 下], [左, 右]]。",
        lambda s: map(s.laid, exchanged(s)) if s.layer.anchor is None and not s.is_same else (),
    ),
    lies(
        "~padding-imagined: y",
        "Another convention: zeros were put around the input (`same` or `full`); here there is no padding (`valid`).",
        "另一种约定：在输入四周补了零（`same` 或 `full`）；本题没有填充（`valid`）。",
        imagined,
    ),
    bordered("border-replicated", "copies of the border", "复制的边缘值", "edge"),
    bordered("border-reflected", "the mirror image of the input", "输入的镜像（反射）", "reflect", "symmetric"),
    bordered("border-wrapped", "the opposite border (circular)", "对侧的值（循环填充）", "wrap"),
    conv(
        "border-left-out: y",
        "Where the kernel reaches into the padding, 0 was written; the part of the kernel that lies on the input still"
        " counts there.",
        "卷积核伸入填充区域的位置，输出写成了 0；卷积核落在输入上的部分仍要计入。",
        lambda s: inside(s, s.again()),
    ),
    lies(
        "anchor-ignored: y dx dweight",
        "The kernel was laid with its centre or its corner on the cell of the output; its anchor belongs there.",
        "把卷积核的中心或角放在了输出位置上；应把锚点（anchor）放在该位置。",
        anchors(
            lambda m, n, h, w: (h // 2, w // 2), lambda m, n, h, w: ((h - 1) // 2, (w - 1) // 2), lambda *_: (0, 0)
        ),
    ),
    lies(
        "anchor-mirrored: y dx dweight",
        "The anchor was counted from the wrong side: for the anchor (m, n) and stride 1, y[i,j] = Σ w[p,q] · x[i + p"
        " − m, j + q − n].",
        "锚点的方向弄反了：锚点为 (m, n)、步长为 1 时，y[i,j] = Σ w[p,q] · x[i + p − m, j + q − n]。",
        anchors(lambda m, n, h, w: (h - 1 - m, w - 1 - n), lambda m, n, h, w: (-m, -n)),
    ),
    lies(
        "anchor-axes-swapped: y dx dweight",
        "Row and column of the anchor were swapped: `anchor` is [row, column].",
        "锚点的行与列弄反了：`anchor` 的顺序为 [行, 列]。",
        anchors(lambda m, n, h, w: (n, m)),
    ),
    lies(
        "~anchor-counted-from-1: y dx dweight",
        "Another convention: the anchor was counted from 1; here the kernel's first cell is [0, 0].",
        "另一种约定：锚点从 1 开始计数；本题卷积核的第一个元素为 [0, 0]。",
        anchors(lambda m, n, h, w: (m - 1, n - 1)),
    ),
    conv(
        "stride-as-kernel: y",
        "The windows were laid side by side, a kernel's width apart; each must begin s cells after the one before.",
        "窗口按卷积核大小依次排列、互不重叠；相邻窗口的起点应相距 s 个位置。",
        lambda s: [s.again(s.laid(stride=stride)) for stride in {s.spans, s.weight.shape[2:]}],
    ),
    conv(
        "stride-ignored: y",
        "The stride was ignored: from one window to the next it is s cells, so that y[i,j] is made from x[i·s + p,"
        " j·s + q].",
        "忽略了步长：相邻窗口的起点相距 s 个位置，y[i,j] 由 x[i·s + p, j·s + q] 算出。",
        lambda s: list(other_strides(s)),
    ),
    conv(
        "output-size-rounded-up: y",
        "The size was rounded up, with a last window beyond the input. A window that does not fit is left out:"
        f" {SIZE}.",
        f"输出大小向上取整了，最后一个窗口超出了输入。放不下的窗口应舍去：{SIZE}。",
        lambda s: s.again(s.laid((reaching(s.window.rows), reaching(s.window.columns)))),
    ),
    conv(
        "dilation-ignored: y",
        "The dilation was ignored: neighbouring kernel cells lie d cells apart, so that w[p,q] meets x[i·s + p·d, j·s +"
        " q·d].",
        "忽略了膨胀率：相邻的卷积核元素相距 d 个位置，w[p,q] 对应 x[i·s + p·d, j·s + q·d]。",
        lambda s: s.again(s.laid(dilation=(1, 1))),
        lambda s: s.again(s.options(dilation=(1, 1))),
    ),
    conv(
        "~dilation-counted-from-0: y",
        "Another convention: the dilation was read as the number of cells left out between neighbouring kernel cells (0"
        " means none). Here 1 means none: a kernel of k cells covers d·(k − 1) + 1.",
        "另一种约定：把膨胀率当作相邻元素之间空出的格数（0 表示无膨胀）。本题中 1 表示无膨胀：大小为 k 的卷积核覆盖"
        " d·(k − 1) + 1 格。",
        lambda s: s.again(s.laid(dilation=tuple(d + 1 for d in s.layer.dilation))),
    ),
    lies(
        "rows-and-columns-of-an-option-swapped: y",
        "The two numbers of the stride, the padding or the dilation were swapped: rows (height) come first.",
        "步长、填充或膨胀率的两个数弄反了：行（高）在前。",
        pairs_swapped,
    ),
    conv(
        "stride-plus-1: y",
        "The window was moved by s + 1 (s cells were skipped); the stride s is the distance from the start of one"
        " window to that of the next.",
        "窗口每次移动了 s + 1 格（跳过了 s 个位置）；步长 s 是相邻窗口起点之间的距离。",
        lambda s: s.again(s.laid(stride=tuple(n + 1 for n in s.layer.stride))),
    ),
    conv(
        "full-padding-forgotten: dx",
        "The upstream gradient g was not padded enough. dx is a `full` correlation: kH − 1 rows of zeros above and"
        " below g and kW − 1 columns on the left and right; then the padding of the forward pass is cut off, so that"
        " dx is as large as x.",
        "上游梯度 g 的填充不够。dx 是 full 互相关：g 上下各补 kH − 1 行零、左右各补 kW − 1 列零，再裁去前向的填充，使"
        " dx 与 x 同样大小。",
        lambda s: list(full_too_small(s)),
    ),
    conv(
        "padding-kept: dx",
        "The padding is still there; what falls on the padding must be cut off, so that dx is as large as x.",
        "填充部分没有去掉；落在填充上的梯度要裁去，使 dx 与 x 同样大小。",
        lambda s: [with_padding(s), s.full()],
    ),
    conv(
        "padding-cropped-on-one-side: dx",
        "The padding was cut off on one side only; it lies around x and must be cut off on all sides.",
        "只从一侧裁去了填充；填充在 x 的四周，四边都要裁去。",
        corners,
    ),
    conv(
        "padding-forgotten: dweight",
        "The input was taken without its padding. Each g[i,j] meets the window of the padded input that made y[i,j].",
        "使用了未填充的输入。每个 g[i,j] 应与填充后的输入中产生 y[i,j] 的窗口相乘。",
        lambda s: (
            s.sides != NO_SIDES
            and [
                # Only the windows that lie on the image altogether.
                s.again(g=inside(s, s.g)),
                lambda: s.correlation(s.x, dilation=s.layer.stride),
                lambda: first_windows(s),
            ]
        ),
    ),
    conv(
        "full-instead-of-valid: dweight",
        "A `full` correlation was taken. dw is the `valid` one of the padded input with g, as large as w; only dx is"
        " `full`.",
        "用了 full 互相关。dw 是填充后的输入与 g 的 valid 互相关，与 w 同样大小；只有 dx 才用 full。",
        full_reach,
    ),
    conv(
        "stride-ignored: dx",
        "The stride was ignored in the backward pass: g[i,j] · w is added to the window that begins at (i·s, j·s), that"
        " is, s − 1 zeros go between neighbouring cells of g.",
        "反向传播时忽略了步长：g[i,j] · w 应加到起点为 (i·s, j·s) 的窗口上，即在 g 的相邻元素之间插入 s − 1 个零。",
        lambda s: s.layer.stride != (1, 1) and s.cropped(s.full(stride=(1, 1))),
    ),
    conv(
        "stride-ignored: dweight",
        "The stride was ignored in the backward pass: g[i,j] meets the window that begins at (i·s, j·s), so that"
        " dw[p,q] = Σ g[i,j] · x[i·s+p, j·s+q].",
        "反向传播时忽略了步长：g[i,j] 对应起点为 (i·s, j·s) 的窗口，dw[p,q] = Σ g[i,j] · x[i·s+p, j·s+q]。",
        lambda s: s.layer.stride != (1, 1) and [lambda: s.moved(stride=(1, 1)), lambda: s.correlation(s.padded)],
    ),
    conv(
        "stride-plus-1: dx",
        "Between the cells of g, s zeros were put; it must be s − 1, so that neighbouring cells lie s apart.",
        "在 g 的元素之间插入了 s 个零；应插入 s − 1 个，使相邻元素相距 s。",
        lambda s: s.layer.stride != (1, 1) and s.cropped(s.full(stride=tuple(n + (n > 1) for n in s.layer.stride))),
    ),
    conv(
        "dilation-ignored: dx",
        "The dilation was ignored in the backward pass: for g[i,j], w[p,q] lies on cell (i·s + p·d, j·s + q·d) of the"
        " padded input.",
        "反向传播时忽略了膨胀率：对 g[i,j]，权重 w[p,q] 对应填充后输入的位置 (i·s + p·d, j·s + q·d)。",
        lambda s: s.layer.dilation != (1, 1) and s.cropped(s.full(dilation=(1, 1))),
    ),
    conv(
        "dilation-ignored: dweight",
        "The dilation was ignored in the backward pass: dw[p,q] = Σ g[i,j] · x[i·s+p·d, j·s+q·d], and dw is as large as"
        " w.",
        "反向传播时忽略了膨胀率：dw[p,q] = Σ g[i,j] · x[i·s+p·d, j·s+q·d]，dw 与 w 同样大小。",
        lambda s: (
            s.layer.dilation != (1, 1)
            and [lambda: s.moved(dilation=(1, 1)), lambda: s.correlation(s.padded, dilation=s.layer.stride)]
        ),
    ),
    conv(
        "unused-rows-kept: dweight",
        "The last rows or columns of the input, which no window reaches, gave additional gradients; dw is as large"
        " as w.",
        "输入末尾没有窗口覆盖的行或列产生了多余的权重梯度；dw 与 w 同样大小。",
        rest_kept,
    ),
)


# Bias, sums, what is used instead of x and g


def overwritten(s: Laid) -> Any:
    """Where windows overlap the later one stands alone, of all filters together or of the last one."""
    last = s.only(s.g, 1, [k * s.filters + s.filters - 1 for k in range(s.layer.groups)])
    (height, width), (rows, columns) = s.spans, s.layer.dilation
    for g in (s.g, last):
        # With strides as large as the windows, these lie side by side.
        parts = s.full(g, stride=s.spans)
        canvas = s.numbers.zeros((*parts.shape[:2], *s.full(g).shape[2:]))
        for i, j in np.ndindex(g.shape[2:]):
            part = parts[:, :, i * height : (i + 1) * height, j * width : (j + 1) * width]
            down, right = i * s.layer.stride[0], j * s.layer.stride[1]
            canvas[:, :, down : down + height : rows, right : right + width : columns] = part[:, :, ::rows, ::columns]
        yield s.on_image(canvas)


def one_position(s: Laid, at: Any) -> Any:
    """Only one position of g, in all samples or in one, which is the last if the position is the last."""
    g = s.only(s.only(s.g, 2, at), 3, at)
    return [s.again(g=g), s.again(g=s.only(g, 0, at))]


def samples(s: Laid) -> Any:
    need(len(s.g) > 1)
    return [s.again(g=s.only(s.g, 0, n)) for n in range(len(s.g))]


def of_before(s: Laid) -> Any:
    need(s.before.x.shape == s.x.shape)
    return s.again(x=s.before.x)


def with_bias(s: Laid, bias: Any) -> Any:
    return "bias" in s.scene and s.again(bias=bias(s.bias))


SOURCES = (
    conv(
        "bias-forgotten: y",
        "The bias was forgotten: bias[f] is added to every cell of feature map f.",
        "忘了加偏置：特征图 f 的每个位置都要加上 bias[f]。",
        lambda s: with_bias(s, lambda b: b * 0),
    ),
    conv(
        "bias-added-repeatedly: y",
        "The bias was added once for each input channel; it is added once for each cell of the output.",
        "每个输入通道都加了一次偏置；输出的每个位置只加一次偏置。",
        lambda s: with_bias(s, lambda b: b * s.channels),
    ),
    conv(
        "bias-subtracted: y",
        "The bias was subtracted; it is added: y[f] = … + bias[f].",
        "偏置被减去了；应当加上：y[f] = … + bias[f]。",
        lambda s: with_bias(s, lambda b: -b),
    ),
    conv(
        "bias-of-first-filter: y",
        "The first bias was added to every feature map; feature map f has its own, bias[f].",
        "所有特征图都加了第一个偏置；特征图 f 应加它自己的 bias[f]。",
        lambda s: with_bias(s, lambda b: np.broadcast_to(b[:1], b.shape)),
    ),
    conv(
        "activation-skipped: y",
        "The input of the layer before was used, not its output (for an activation: the values before it was applied).",
        "用了前一层的输入，而不是它的输出（例如用了激活函数作用之前的值）。",
        of_before,
    ),
    conv(
        "activation-skipped: dweight",
        "The input of the layer before was used, not its output: dw = Σ g · x, where x is what the kernel lies on.",
        "用了前一层的输入，而不是它的输出：dw = Σ g · x，其中 x 是卷积核作用的输入。",
        of_before,
    ),
    conv(
        "overwritten: dx",
        "Where windows overlap, the later one replaced the earlier one. Their shares are added: dx[window] +="
        " g[f,i,j] · w[f].",
        "窗口重叠处，后面的窗口覆盖了前面的结果。各窗口的贡献要累加：dx[窗口] += g[f,i,j] · w[f]。",
        lambda s: list(overwritten(s)),
    ),
    conv(
        "positions-not-summed: dweight",
        "Only the first window was used. A weight takes part in every output: dw[p,q] = Σ_i,j g[i,j] · x[i·s+p,"
        " j·s+q].",
        "只用了第一个窗口。每个权重都参与所有输出：dw[p,q] = Σ_i,j g[i,j] · x[i·s+p, j·s+q]。",
        lambda s: one_position(s, 0),
    ),
    conv(
        "positions-not-summed: dbias",
        "The upstream gradient g was not added up over the positions. The bias is in every cell of its feature map:"
        " dbias[f] = Σ_i,j g[f,i,j].",
        "没有对所有位置的上游梯度 g 求和。偏置作用于特征图的每个位置：dbias[f] = Σ_i,j g[f,i,j]。",
        lambda s: [s.g, s.sum(s.g, 0), *one_position(s, 0)],
    ),
    conv(
        "one-axis-summed: dbias",
        "The upstream gradient g was added up along one axis only; the sum goes over rows and columns: dbias[f] = Σ_i,j"
        " g[f,i,j].",
        "只沿一个方向求了和；应对行和列都求和：dbias[f] = Σ_i,j g[f,i,j]。",
        lambda s: [s.sum(s.g, 0, 2), s.sum(s.g, 0, 3)],
    ),
    conv(
        "overwritten: dweight dbias",
        "Only the last position was kept: each one replaced the one before. Their shares are added up (+=) over all"
        " positions, and over all samples of the mini-batch.",
        "只保留了最后一个位置的结果：后面的覆盖了前面的。所有位置（以及小批量中所有样本）的贡献要累加（+=）。",
        lambda s: one_position(s, -1),
    ),
    conv("not-summed-over-batch: x", NOT_SUMMED.en, NOT_SUMMED.zh, lambda s: np.stack(samples(s))),
    conv("one-sample-only: x", ONE_SAMPLE_ONLY.en, ONE_SAMPLE_ONLY.zh, samples),
    conv(
        "gradient-averaged: dweight dbias",
        "The average over the positions was taken; the gradient of a shared parameter is the sum over them.",
        "对各位置取了平均；参数由所有位置共用，其梯度应对所有位置求和。",
        lambda s: [s.again() / (s.g[0, 0].size * by) for by in (1, len(s.g))],
    ),
    *NEXT,
    conv(
        "upstream-forgotten: dx",
        "The upstream gradient g was left out (1 was used for every cell): dx = Σ g · w.",
        "漏乘了上游梯度 g（每个位置都当作 1）：dx = Σ g · w。",
        lambda s: s.again(g=s.ones(s.g)),
    ),
    conv(
        "upstream-forgotten: dweight",
        "The upstream gradient g was left out (1 was used for every cell): dw = Σ g · x.",
        "漏乘了上游梯度 g（每个位置都当作 1）：dw = Σ g · x。",
        lambda s: s.again(g=s.ones(s.g)),
    ),
    conv(
        "upstream-forgotten: dbias",
        "The upstream gradient g was left out: dbias[f] = Σ_i,j g[f,i,j], not the number of cells.",
        "漏了上游梯度 g：dbias[f] = Σ_i,j g[f,i,j]，而不是位置的个数。",
        lambda s: [s.again(g=s.ones(s.g)), s.ones(s.bias)],
    ),
)

MISTAKES = (*KERNEL, *CHANNELS, *PLACE, *SOURCES)
"""The most specific first; of sizes alone see `size`."""
