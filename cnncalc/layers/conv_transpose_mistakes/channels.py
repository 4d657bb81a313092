"""What people get wrong with the channels of a transposed convolution, whose weight has the input channels first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import only
from cnncalc.layers.conv_transpose_mistakes.scene import layer_of, with_tensors
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.records import replace


def _axes_swapped(scene: Scene) -> Iterator[Mapping[str, Array]]:
    weight = scene["weight"]
    if layer_of(scene).groups == 1:
        # Where the two differ in size, the numbers are read row by row into the shape that fits.
        typed = weight.reshape(weight.shape[1], weight.shape[0], *weight.shape[2:])
        yield {"weight": typed.transpose(1, 0, 2, 3)}


def _one_channel(scene: Scene) -> Wrong:
    for c in range(_channels(scene)):
        yield scene.forward(weight=_of_channels(scene, [c]))["y"]


def _channel_left_out(scene: Scene) -> Wrong:
    channels = range(_channels(scene))
    for c in channels if len(channels) > 2 else ():
        yield scene.forward(weight=_of_channels(scene, [other for other in channels if other != c]))["y"]


def _channels_not_summed(scene: Scene) -> Wrong:
    channels = range(_channels(scene))
    if len(channels) == 1:
        return
    for parameters in ({}, scene.parameters()):
        maps = [
            layer_of(scene).forward(scene.numbers, scene["x"], {**parameters, "weight": _of_channels(scene, [c])})["y"]
            for c in channels
        ]
        for axis in (1, 2):
            stacked = np.stack(maps, axis)
            yield stacked.reshape(stacked.shape[0], -1, *stacked.shape[3:])
            yield stacked


def _one_kernel_for_all(scene: Scene) -> Wrong:
    weight = scene["weight"]
    for c in range(len(weight)):
        yield scene.forward(weight=np.broadcast_to(weight[c : c + 1], weight.shape))["y"]


def _channel_by_channel(scene: Scene) -> Wrong:
    weight, layer = scene["weight"], layer_of(scene)
    if weight.shape[0] == weight.shape[1] > 1 == layer.groups:
        own = range(len(weight))
        for kernels in (weight[own, own], weight[:, 0], weight[0]):
            yield scene.forward(replace(layer, groups=len(weight)), weight=kernels[:, None])["y"]


def _outputs_summed(scene: Scene) -> Wrong:
    if scene["y"].shape[1] > 1:
        yield scene.numbers.sum(scene.forward()["y"], axis=1)[:, None]


def _one_output(scene: Scene) -> Wrong:
    if scene["y"].shape[1] > 1:
        yield scene.forward()["y"][:, :1]


def _channels(scene: Scene) -> int:
    """Input channels of one group."""
    return len(scene["weight"]) // layer_of(scene).groups


def _of_channels(scene: Scene, channels: list[int]) -> Array:
    """The weight with zeros but for some channels of each group."""
    size = _channels(scene)
    places = [group * size + c for group in range(layer_of(scene).groups) for c in channels]
    return only(scene, scene["weight"], 0, places)


SWAPPED = Phrase(
    en="The first two axes of the weight were swapped. In a transposed convolution it is written (input channel, output"
    " channel, row, column), the other way round than in a convolution: w[c,f] leads from x[c] to y[f].",
    zh="权重的前两个维度弄反了。转置卷积的权重顺序为（输入通道, 输出通道, 行, 列），与普通卷积相反："
    "w[c,f] 从 x[c] 通向 y[f]。",
)

MISTAKES: tuple[Mistake, ...] = (
    *with_tensors("weight-axes-swapped", {"y": SWAPPED, "dx": SWAPPED}, _axes_swapped),
    Mistake(
        "one-channel-only",
        "y",
        Phrase(
            en="Only one input channel was used; the stamps of all of them are added: y[f] = bias[f] + Σ_c (stamps of"
            " x[c] with w[c,f]).",
            zh="只用了一个输入通道；所有输入通道印上的结果要相加：y[f] = bias[f] + Σ_c（x[c] 与 w[c,f] 的结果）。",
        ),
        _one_channel,
    ),
    Mistake(
        "channel-left-out",
        "y",
        Phrase(
            en="One of the input channels was left out of the sum: y[f] = bias[f] + Σ_c (stamps of x[c] with w[c,f])"
            " over all c.",
            zh="求和时漏掉了一个输入通道：y[f] = bias[f] + Σ_c（x[c] 与 w[c,f] 的结果），c 取遍所有输入通道。",
        ),
        _channel_left_out,
    ),
    Mistake(
        "channels-not-summed",
        "y",
        Phrase(
            en="There is one map for each pair of input and output channel; those of the input channels must be added:"
            " one map for each output channel.",
            zh="对每个输入通道、每个输出通道各给出了一张图；各输入通道的结果须相加：每个输出通道只有一张图。",
        ),
        _channels_not_summed,
    ),
    Mistake(
        "one-kernel-for-all-channels",
        "y",
        Phrase(
            en="The same kernel was stamped for every input channel; channel c has its own, w[c,f].",
            zh="所有输入通道都用了同一个二维卷积核；通道 c 应使用它自己的 w[c,f]。",
        ),
        _one_kernel_for_all,
    ),
    Mistake(
        "channels-not-mixed",
        "y",
        Phrase(
            en="Output channel f was made of input channel f alone. Here each output channel takes stamps from all"
            " input channels of its group: y[f] = bias[f] + Σ_c (stamps of x[c] with w[c,f]).",
            zh="输出通道 f 只由输入通道 f 得到。本题每个输出通道来自其组内的所有输入通道："
            "y[f] = bias[f] + Σ_c（x[c] 与 w[c,f] 的结果）。",
        ),
        _channel_by_channel,
    ),
    Mistake(
        "filters-summed",
        "y",
        Phrase(
            en="The output channels were added up; each is a map of its own.",
            zh="把各输出通道相加了；每个输出通道应各是一张图。",
        ),
        _outputs_summed,
    ),
    Mistake(
        "one-filter-only",
        "y",
        Phrase(
            en="Only the first output channel was computed; the second axis of the weight has a kernel for each.",
            zh="只计算了第一个输出通道；权重的第二维对每个输出通道各有一个卷积核。",
        ),
        _one_output,
    ),
)
"""The most specific first."""
