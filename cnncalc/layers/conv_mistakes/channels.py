"""What people get wrong with the channels and the filters of a convolution."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import conv_of, only
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _one_channel(scene: Scene) -> Wrong:
    for c in range(_channels(scene)):
        yield scene.forward(weight=only(scene, scene["weight"], 1, c))["y"]


def _channel_left_out(scene: Scene) -> Wrong:
    channels = range(_channels(scene))
    for c in channels if len(channels) > 2 else ():
        yield scene.forward(weight=only(scene, scene["weight"], 1, [other for other in channels if other != c]))["y"]


def _channels_not_summed(scene: Scene) -> Wrong:
    weights = [only(scene, scene["weight"], 1, c) for c in range(_channels(scene))]
    if len(weights) == 1:
        return
    for parameters in ({}, scene.parameters()):
        maps = [conv_of(scene).forward(scene.numbers, scene["x"], {**parameters, "weight": w})["y"] for w in weights]
        for axis in (2, 1):
            stacked = np.stack(maps, axis)
            yield stacked.reshape(stacked.shape[0], -1, *stacked.shape[3:])
            yield stacked


def _channels_averaged(scene: Scene) -> Wrong:
    yield scene.forward(weight=scene["weight"] / _channels(scene))["y"]


def _one_kernel_for_all(scene: Scene) -> Wrong:
    weight = scene["weight"]
    for c in range(_channels(scene)):
        yield scene.forward(weight=np.broadcast_to(weight[:, c : c + 1], weight.shape))["y"]


def _weight_axes_swapped(scene: Scene) -> Wrong:
    weight = scene["weight"]
    if conv_of(scene).groups == 1:
        if weight.shape[0] == weight.shape[1]:
            yield scene.forward(weight=weight.transpose(1, 0, 2, 3))["y"]
        else:
            typed = weight.reshape(weight.shape[1], weight.shape[0], *weight.shape[2:])
            yield scene.forward(weight=typed.transpose(1, 0, 2, 3))["y"]


def _channel_by_channel(scene: Scene) -> Wrong:
    weight = scene["weight"]
    if weight.shape[0] == weight.shape[1] > 1:
        for kernels in (weight[range(len(weight)), range(len(weight))], weight[:, 0]):
            yield scene.forward(replace(conv_of(scene), groups=len(weight)), weight=kernels[:, None])["y"]


def _filters_summed(scene: Scene) -> Wrong:
    y = scene.forward()["y"]
    yield scene.numbers.sum(y, axis=1)[:, None]


def _one_filter(scene: Scene) -> Wrong:
    if len(scene["weight"]) > 1:
        yield scene.forward()["y"][:, :1]


def _channels(scene: Scene) -> int:
    """The input channels that one filter sees."""
    return int(scene["weight"].shape[1])


MISTAKES = (
    Mistake(
        "one-channel-only",
        "y",
        Phrase(
            en="Only one input channel was used. A filter has a kernel for each input channel, and the results are"
            " added: y[f] = bias[f] + Σ_c w[f,c] ∗ x[c].",
            zh="只用了一个输入通道。每个卷积核在各个输入通道上分别计算，结果要相加："
            "y[f] = bias[f] + Σ_c w[f,c] ∗ x[c]。",
        ),
        _one_channel,
    ),
    Mistake(
        "channel-left-out",
        "y",
        Phrase(
            en="One of the input channels was left out of the sum: y[f] = bias[f] + Σ_c w[f,c] ∗ x[c] over all c.",
            zh="求和时漏掉了一个输入通道：y[f] = bias[f] + Σ_c w[f,c] ∗ x[c]，c 取遍所有输入通道。",
        ),
        _channel_left_out,
    ),
    Mistake(
        "channels-not-summed",
        "y",
        Phrase(
            en="There is one feature map for each pair of filter and input channel. The results of the input channels"
            " must be added: one feature map for each filter.",
            zh="对每个卷积核、每个输入通道各给出了一张特征图。各输入通道的结果须相加：每个卷积核只得到一张特征图。",
        ),
        _channels_not_summed,
    ),
    Mistake(
        "channels-averaged",
        "y",
        Phrase(
            en="The input channels were averaged; a convolution adds them up: y[f] = bias[f] + Σ_c w[f,c] ∗ x[c].",
            zh="对各输入通道取了平均；卷积应把它们相加：y[f] = bias[f] + Σ_c w[f,c] ∗ x[c]。",
        ),
        _channels_averaged,
    ),
    Mistake(
        "one-kernel-for-all-channels",
        "y",
        Phrase(
            en="The same kernel was laid on every input channel; channel c has its own, w[f,c].",
            zh="所有输入通道都用了同一个二维卷积核；通道 c 应使用它自己的 w[f,c]。",
        ),
        _one_kernel_for_all,
    ),
    Mistake(
        "weight-axes-swapped",
        "y",
        Phrase(
            en="The first two axes of the weight were swapped: it is written (output channel, input channel, row,"
            " column), and y[f] uses w[f,c].",
            zh="权重的前两个维度弄反了：其顺序为（输出通道, 输入通道, 行, 列），y[f] 应使用 w[f,c]。",
        ),
        _weight_axes_swapped,
    ),
    Mistake(
        "channels-not-mixed",
        "y",
        Phrase(
            en="Filter f was laid on channel f alone (a depthwise convolution). Here each filter sees all its input"
            " channels: y[f] = bias[f] + Σ_c w[f,c] ∗ x[c].",
            zh="第 f 个卷积核只作用在第 f 个通道上（逐通道卷积）。本题每个卷积核作用于它的所有输入通道："
            "y[f] = bias[f] + Σ_c w[f,c] ∗ x[c]。",
        ),
        _channel_by_channel,
    ),
    Mistake(
        "filters-summed",
        "y",
        Phrase(
            en="The results of the filters were added up; each filter gives a feature map of its own.",
            zh="把各卷积核的结果相加了；每个卷积核应各自给出一张特征图。",
        ),
        _filters_summed,
    ),
    Mistake(
        "one-filter-only",
        "y",
        Phrase(
            en="Only the first filter was computed; there is one feature map for each filter.",
            zh="只计算了第一个卷积核；每个卷积核都对应一张特征图。",
        ),
        _one_filter,
    ),
)
"""The most specific first."""
