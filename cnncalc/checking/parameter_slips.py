"""What people get wrong when they count the parameters of a layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import prod

from cnncalc.checking.counting import (
    FORGOTTEN_CHANNELS,
    GROUPS,
    ONE_KERNEL,
    ONE_SIDE,
    groups_of,
    inputs_of,
    kernel_of,
    positions_of,
    said,
)
from cnncalc.checking.shape_slips import pooling_forgotten, pooling_imagined
from cnncalc.checking.sized import Numbers, Sized, Slip
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.pool import Pool


def _biased(layer: Sized, weights: int) -> Iterator[Numbers]:
    """So many weights, with the biases and without."""
    yield (weights + layer.biases,)
    yield (weights,)


def _without_biases(layer: Sized) -> Iterator[Numbers]:
    if layer.biases:
        yield (layer.weights,)


def _bias_imagined(layer: Sized) -> Iterator[Numbers]:
    if layer.weights and not layer.biases:
        yield (layer.weights + layer.y[0],)


def _one_channel(layer: Sized) -> Iterator[Numbers]:
    if inputs_of(layer) > 1:
        yield from _biased(layer, layer.weights // inputs_of(layer))


def _bias_per_channel(layer: Sized) -> Iterator[Numbers]:
    if inputs_of(layer) > 1 and layer.biases:
        yield (layer.weights + layer.biases * inputs_of(layer),)


def _one_kernel(layer: Sized) -> Iterator[Numbers]:
    if kernel_of(layer):
        weights = layer.weights // layer.y[0]
        yield (weights + (layer.biases > 0),)
        yield (weights,)


def _groups_ignored(layer: Sized) -> Iterator[Numbers]:
    if groups_of(layer) > 1:
        yield from _biased(layer, layer.weights * groups_of(layer))


def _times_positions(layer: Sized) -> Iterator[Numbers]:
    if kernel_of(layer):
        yield ((layer.weights + layer.biases) * positions_of(layer),)
        yield from _biased(layer, layer.weights * positions_of(layer))


def _bias_per_position(layer: Sized) -> Iterator[Numbers]:
    if kernel_of(layer) and layer.biases:
        yield (layer.weights + layer.biases * positions_of(layer),)


def _one_bias(layer: Sized) -> Iterator[Numbers]:
    if layer.biases:
        yield (layer.weights + 1,)


def _bias_per_input(layer: Sized) -> Iterator[Numbers]:
    if len(layer.x) == len(layer.y) == 1 and layer.weights and layer.biases:
        yield (layer.weights + layer.x[0],)


def _one_side(layer: Sized) -> Iterator[Numbers]:
    yield from _biased(layer, layer.weights // kernel_of(layer)[1])


def _as_fully_connected(layer: Sized) -> Iterator[Numbers]:
    if kernel_of(layer):
        pairs = prod(layer.x) * prod(layer.y)
        yield (pairs + prod(layer.y),)
        yield from _biased(layer, pairs)


def _channels_as_inputs(layer: Sized) -> Iterator[Numbers]:
    flattened = next((each for each in reversed(layer.chain) if isinstance(each.entry.layer, Flatten)), None)
    if flattened and flattened.y == layer.x and len(flattened.x) == 3 and layer.weights:
        yield from _biased(layer, layer.weights // layer.x[0] * flattened.x[0])


def _features(wrong: Callable[[Sized], Iterator[Numbers]], layer: Sized) -> Iterator[Numbers]:
    if len(layer.x) == len(layer.y) == 1 and layer.weights and isinstance(layer.chain[-1].entry.layer, Flatten):
        for numbers in wrong(layer.chain[-1]):
            yield from _biased(layer, layer.weights // layer.x[0] * int(numbers[0]))


def _statistics(layer: Sized) -> Iterator[Numbers]:
    if layer.entry.layer.type == "batch_norm":
        yield (2 * (layer.weights + layer.biases),)


def _of_pool(layer: Sized) -> Iterator[Numbers]:
    pool = layer.entry.layer
    if isinstance(pool, Pool) and pool.size:
        cells = prod(pool.size)
        for channels in (1, layer.x[0]):
            yield (cells * channels,)
            yield ((cells + 1) * channels,)


PARAMETERS: tuple[Slip, ...] = (
    Slip(
        *said(
            "bias-forgotten",
            "The biases are not counted: there is one for each output channel, or each output of an fc.",
            "没有计入偏置：每个输出通道（全连接层的每个输出）有一个偏置。",
        ),
        _without_biases,
    ),
    Slip(
        *said(
            "bias-imagined",
            "Biases were counted, and this layer has none.",
            "计入了偏置，而本层没有偏置。",
        ),
        _bias_imagined,
    ),
    Slip(*FORGOTTEN_CHANNELS, _one_channel),
    Slip(
        *said(
            "bias-added-repeatedly",
            "A bias was counted for each input channel; each kernel has one: (C · k · k + 1) · F.",
            "每个输入通道都计了一个偏置；每个卷积核只有一个偏置：(C · k · k + 1) · F。",
        ),
        _bias_per_channel,
    ),
    Slip(*ONE_KERNEL, _one_kernel),
    Slip(*GROUPS, _groups_ignored),
    Slip(
        *said(
            "positions-multiplied",
            "Multiplied by the number of output positions; the same weights serve at every position and count once.",
            "乘上了输出位置数；所有位置共用同一组权重，只计一次。",
        ),
        _times_positions,
    ),
    Slip(
        *said(
            "bias-per-position",
            "A bias was counted for each cell of the output; there is one for each output channel.",
            "输出的每个位置都计了一个偏置；每个输出通道只有一个偏置。",
        ),
        _bias_per_position,
    ),
    Slip(
        *said(
            "one-bias-for-all",
            "One bias was counted for the whole layer; there is one for each output channel, or each output of an fc.",
            "整层只计了一个偏置；每个输出通道（全连接层的每个输出）有一个偏置。",
        ),
        _one_bias,
    ),
    Slip(
        *said(
            "bias-per-input",
            "A bias was counted for each input; an fc has one for each output.",
            "每个输入计了一个偏置；全连接层的每个输出有一个偏置。",
        ),
        _bias_per_input,
    ),
    Slip(*ONE_SIDE, _one_side),
    Slip(
        *said(
            "counted-as-fully-connected",
            "Counted as if every input were connected with every output, as in an fc; a convolution shares one kernel"
            " among all positions.",
            "按全连接计数，每个输入与每个输出都相连；卷积在所有位置共用同一个卷积核。",
        ),
        _as_fully_connected,
    ),
    Slip(
        *said(
            "channels-as-inputs",
            "The inputs of the fc were taken to be the channels alone; flattened, there are C · H · W of them.",
            "把全连接层的输入个数当成了通道数；展平后共有 C · H · W 个输入。",
        ),
        _channels_as_inputs,
    ),
    Slip(
        *said(
            "pooling-forgotten",
            "The fc was given as many inputs as there are without one of the poolings.",
            "全连接层的输入个数是漏掉了某个池化层时的个数。",
        ),
        partial(_features, pooling_forgotten),
    ),
    Slip(
        *said(
            "pooling-imagined",
            "The fc was given as many inputs as there are after one more 2×2 pooling.",
            "全连接层的输入个数是多做了一次 2×2 池化时的个数。",
        ),
        partial(_features, pooling_imagined),
    ),
    Slip(
        *said(
            "running-statistics-counted",
            "Another convention: running mean and variance were counted as well. Here only γ and β are, which are"
            " learned.",
            "另一种约定：把滑动均值与方差也计入了。本题只计需要学习的 γ 和 β。",
        ),
        _statistics,
        "convention",
    ),
    Slip(
        *said(
            "pool-without-parameters",
            "A pooling has nothing to learn: 0 parameters.",
            "池化没有需要学习的参数，参数个数为 0。",
        ),
        _of_pool,
    ),
)
