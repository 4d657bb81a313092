"""What people get wrong with channels and filters in the gradients: dx sums over f, dweight over neither."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import conv_of, only
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _one_filter(scene: Scene) -> Wrong:
    yield from _parts(scene)


def _filters_not_summed(scene: Scene) -> Wrong:
    parts = list(_parts(scene))
    for axis in (1, 2) if parts else ():
        stacked = np.stack(parts, axis)
        yield stacked.reshape(stacked.shape[0], -1, *stacked.shape[3:])
        yield stacked


def _summed_over_inputs(scene: Scene) -> Wrong:
    if scene["x"].shape[1] > 1:
        parts = list(_parts(scene))
        if parts and conv_of(scene).groups == 1:
            yield np.stack([scene.numbers.sum(part, axis=1) for part in parts], 1)
        yield scene.numbers.sum(scene.backward()["dx"], axis=1)[:, None]


def _weight_axes_swapped(scene: Scene) -> Wrong:
    weight = scene["weight"]
    if conv_of(scene).groups == 1:
        if weight.shape[0] == weight.shape[1]:
            yield scene.backward(weight=weight.transpose(1, 0, 2, 3))["dx"]
        else:
            typed = weight.reshape(weight.shape[1], weight.shape[0], *weight.shape[2:])
            yield scene.backward(weight=typed.transpose(1, 0, 2, 3))["dx"]


def _one_kernel_for_all(scene: Scene) -> Wrong:
    weight = scene["weight"]
    for c in range(weight.shape[1]):
        yield scene.backward(weight=np.broadcast_to(weight[:, c : c + 1], weight.shape))["dx"]


def _parts(scene: Scene) -> Iterator[Array]:
    """What each filter of a group gives to dx; nothing where there is one."""
    groups, filters = conv_of(scene).groups, scene["g"].shape[1] // conv_of(scene).groups
    for f in range(filters) if filters > 1 else ():
        yield scene.backward(g=only(scene, scene["g"], 1, [group * filters + f for group in range(groups)]))["dx"]


def _one_channel(scene: Scene) -> Wrong:
    channels = scene["weight"].shape[1]
    dweight = scene.backward()["dweight"]
    for c in range(channels) if conv_of(scene).groups == 1 else ():
        yield np.broadcast_to(dweight[:, c : c + 1], dweight.shape)


def _channels_summed(scene: Scene) -> Wrong:
    if scene["weight"].shape[1] > 1:
        summed = scene.numbers.sum(scene.backward()["dweight"], axis=1)[:, None]
        yield summed
        yield np.broadcast_to(summed, scene["weight"].shape)


def _filters_summed(scene: Scene) -> Wrong:
    if len(scene["weight"]) > 1:
        summed = scene.numbers.sum(scene.backward()["dweight"], axis=0)[None]
        yield summed
        yield np.broadcast_to(summed, scene["weight"].shape)


def _weight_axes_swapped_in_weight(scene: Scene) -> Wrong:
    yield scene.backward()["dweight"].transpose(1, 0, 2, 3)


def _filters_summed_in_bias(scene: Scene) -> Wrong:
    if len(scene["weight"]) > 1:
        summed = scene.numbers.sum(scene["g"], axis=(0, 1, 2, 3)).reshape(1)
        yield summed
        yield np.broadcast_to(summed, scene["bias"].shape)


MISTAKES = (
    Mistake(
        "one-filter-only",
        "dx",
        Phrase(
            en="Only one filter's share was computed. Every filter sees x: dx[c] = Σ_f (full correlation of g[f] with"
            " w[f,c] rotated by 180°).",
            zh="只算了一个卷积核的贡献。每个卷积核都用到了 x："
            "dx[c] = Σ_f（g[f] 与旋转 180° 的 w[f,c] 的 full 互相关）。",
        ),
        _one_filter,
    ),
    Mistake(
        "filters-not-summed",
        "dx",
        Phrase(
            en="There is one map for each pair of filter and input channel; the shares of the filters must be added:"
            " dx[c] = Σ_f (share of filter f).",
            zh="对每个卷积核、每个输入通道各给出了一张图；各卷积核的贡献须相加：dx[c] = Σ_f（卷积核 f 的贡献）。",
        ),
        _filters_not_summed,
    ),
    Mistake(
        "channels-summed",
        "dx",
        Phrase(
            en="The sum went over the input channels. Each input channel has its own gradient; the sum goes over the"
            " filters: dx[c] = Σ_f (share of filter f).",
            zh="对输入通道求了和。每个输入通道有自己的梯度；应对卷积核求和：dx[c] = Σ_f（卷积核 f 的贡献）。",
        ),
        _summed_over_inputs,
    ),
    Mistake(
        "weight-axes-swapped",
        "dx",
        Phrase(
            en="The first two axes of the weight were swapped: filter f lies on channel c with w[f,c], and dx[c] sums"
            " over f.",
            zh="权重的前两个维度弄反了：第 f 个卷积核在通道 c 上的权重是 w[f,c]，dx[c] 对 f 求和。",
        ),
        _weight_axes_swapped,
    ),
    Mistake(
        "weight-axes-swapped",
        "dweight",
        Phrase(
            en="The first two axes were swapped: dw[f,c] has the output channel first, as w has.",
            zh="前两个维度弄反了：dw[f,c] 与 w 一样，输出通道在前。",
        ),
        _weight_axes_swapped_in_weight,
    ),
    Mistake(
        "one-kernel-for-all-channels",
        "dx",
        Phrase(
            en="The same kernel was laid on every input channel; channel c has its own, w[f,c].",
            zh="所有输入通道都用了同一个二维卷积核；通道 c 应使用它自己的 w[f,c]。",
        ),
        _one_kernel_for_all,
    ),
    Mistake(
        "one-channel-only",
        "dweight",
        Phrase(
            en="The same input channel was used throughout; dw[f,c] needs its own: dw[f,c] = Σ g[f] · x[c].",
            zh="始终使用了同一个输入通道；dw[f,c] 应使用通道 c：dw[f,c] = Σ g[f] · x[c]。",
        ),
        _one_channel,
    ),
    Mistake(
        "channels-summed",
        "dweight",
        Phrase(
            en="The input channels were added up; each pair of filter and input channel has its own gradient:"
            " dw[f,c] = Σ g[f] · x[c].",
            zh="对输入通道求了和；每个卷积核的每个输入通道各有自己的梯度：dw[f,c] = Σ g[f] · x[c]。",
        ),
        _channels_summed,
    ),
    Mistake(
        "filters-summed",
        "dweight",
        Phrase(
            en="The filters were added up; each filter has its own gradient: dw[f,c] = Σ g[f] · x[c].",
            zh="对卷积核求了和；每个卷积核有自己的梯度：dw[f,c] = Σ g[f] · x[c]。",
        ),
        _filters_summed,
    ),
    Mistake(
        "filters-summed",
        "dbias",
        Phrase(
            en="All feature maps were added up; each has its own bias: dbias[f] = Σ_i,j g[f,i,j].",
            zh="把所有特征图加在了一起；每张特征图有自己的偏置：dbias[f] = Σ_i,j g[f,i,j]。",
        ),
        _filters_summed_in_bias,
    ),
)
"""The most specific first."""
