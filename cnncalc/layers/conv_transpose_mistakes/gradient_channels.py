"""What people get wrong with channels in a transposed convolution's gradients: dx sums over f, dweight over neither."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import only
from cnncalc.layers.conv_transpose_mistakes.scene import layer_of, outputs_of
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _one_output(scene: Scene) -> Wrong:
    yield from _parts(scene)


def _outputs_not_summed(scene: Scene) -> Wrong:
    parts = list(_parts(scene))
    for axis in (1, 2) if parts else ():
        stacked = np.stack(parts, axis)
        yield stacked.reshape(stacked.shape[0], -1, *stacked.shape[3:])
        yield stacked


def _inputs_summed(scene: Scene) -> Wrong:
    if scene["x"].shape[1] > 1:
        yield scene.numbers.sum(scene.backward()["dx"], axis=1)[:, None]


def _parts(scene: Scene) -> Iterator[Array]:
    """What each output channel of a group gives to dx; nothing where there is one."""
    groups, outputs = layer_of(scene).groups, outputs_of(scene)
    for f in range(outputs) if outputs > 1 else ():
        yield scene.backward(g=only(scene, scene["g"], 1, [group * outputs + f for group in range(groups)]))["dx"]


def _axes_swapped(scene: Scene) -> Wrong:
    yield scene.backward()["dweight"].transpose(1, 0, 2, 3)


def _one_input(scene: Scene) -> Wrong:
    dweight = scene.backward()["dweight"]
    for c in range(len(dweight)) if layer_of(scene).groups == 1 else ():
        yield np.broadcast_to(dweight[c : c + 1], dweight.shape)


def _channels_summed(scene: Scene) -> Wrong:
    yield from _summed(scene, 0)


def _filters_summed(scene: Scene) -> Wrong:
    yield from _summed(scene, 1)


def _summed(scene: Scene, axis: int) -> Wrong:
    dweight = scene.backward()["dweight"]
    if dweight.shape[axis] > 1:
        summed = np.expand_dims(scene.numbers.sum(dweight, axis=axis), axis)
        yield summed
        yield np.broadcast_to(summed, dweight.shape)


def _filters_summed_in_bias(scene: Scene) -> Wrong:
    if scene["g"].shape[1] > 1:
        summed = scene.numbers.sum(scene["g"], axis=(0, 1, 2, 3)).reshape(1)
        yield summed
        yield np.broadcast_to(summed, scene["bias"].shape)


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "one-filter-only",
        "dx",
        Phrase(
            en="Only one output channel's share was computed. x[c] stamped onto all of them: dx[c] = Σ_f (correlation"
            " of g[f] with w[c,f]).",
            zh="只算了一个输出通道的贡献。x[c] 印在了所有输出通道上：dx[c] = Σ_f（g[f] 与 w[c,f] 的互相关）。",
        ),
        _one_output,
    ),
    Mistake(
        "filters-not-summed",
        "dx",
        Phrase(
            en="There is one map for each pair of input and output channel; the shares of the output channels must be"
            " added: dx[c] = Σ_f (share of output channel f).",
            zh="对每个输入通道、每个输出通道各给出了一张图；各输出通道的贡献须相加：dx[c] = Σ_f（输出通道 f 的贡献）。",
        ),
        _outputs_not_summed,
    ),
    Mistake(
        "channels-summed",
        "dx",
        Phrase(
            en="The sum went over the input channels. Each input channel has its own gradient; the sum goes over the"
            " output channels: dx[c] = Σ_f (share of output channel f).",
            zh="对输入通道求了和。每个输入通道有自己的梯度；应对输出通道求和：dx[c] = Σ_f（输出通道 f 的贡献）。",
        ),
        _inputs_summed,
    ),
    Mistake(
        "weight-axes-swapped",
        "dweight",
        Phrase(
            en="The first two axes were swapped: dw[c,f] has the input channel first, as the weight of a transposed"
            " convolution has.",
            zh="前两个维度弄反了：dw[c,f] 与转置卷积的权重一样，输入通道在前。",
        ),
        _axes_swapped,
    ),
    Mistake(
        "one-channel-only",
        "dweight",
        Phrase(
            en="The same input channel was used throughout; dw[c,f] needs its own: dw[c,f] = Σ x[c] · g[f].",
            zh="始终使用了同一个输入通道；dw[c,f] 应使用通道 c：dw[c,f] = Σ x[c] · g[f]。",
        ),
        _one_input,
    ),
    Mistake(
        "channels-summed",
        "dweight",
        Phrase(
            en="The input channels were added up; each pair of input and output channel has its own gradient:"
            " dw[c,f] = Σ x[c] · g[f].",
            zh="对输入通道求了和；每对输入、输出通道各有自己的梯度：dw[c,f] = Σ x[c] · g[f]。",
        ),
        _channels_summed,
    ),
    Mistake(
        "filters-summed",
        "dweight",
        Phrase(
            en="The output channels were added up; each pair of input and output channel has its own gradient:"
            " dw[c,f] = Σ x[c] · g[f].",
            zh="对输出通道求了和；每对输入、输出通道各有自己的梯度：dw[c,f] = Σ x[c] · g[f]。",
        ),
        _filters_summed,
    ),
    Mistake(
        "filters-summed",
        "dbias",
        Phrase(
            en="All output channels were added up; each has its own bias: dbias[f] = Σ_i,j g[f,i,j].",
            zh="把所有输出通道加在了一起；每个输出通道有自己的偏置：dbias[f] = Σ_i,j g[f,i,j]。",
        ),
        _filters_summed_in_bias,
    ),
)
"""The most specific first."""
