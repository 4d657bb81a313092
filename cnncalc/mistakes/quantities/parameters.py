"""What people get wrong when they count the parameters of a layer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from math import prod

from cnncalc.layers.base import Shape
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.windows.pool import Pool
from cnncalc.mistakes.quantities.counts import FORGOTTEN_CHANNELS, GROUPS, LEFT_OUT, ONE_KERNEL, ONE_SIDE
from cnncalc.mistakes.quantities.sized import Sized
from cnncalc.mistakes.quantities.sizes import pooling_forgotten, pooling_imagined
from cnncalc.mistakes.take import need, slip


def biased(s: Sized, weights: int) -> list[int]:
    """So many weights, with the biases and without."""
    return [weights + s.biases, weights]


def fully_connected(s: Sized) -> list[int]:
    need(s.kernel)
    pairs, outputs = prod(s.x) * prod(s.y), prod(s.y)
    return [pairs + outputs, *biased(s, pairs)]


def channels_as_inputs(s: Sized) -> list[int]:
    flattened = [each for each in s.chain if isinstance(each.layer, Flatten)][-1]
    need(flattened.y == s.x and len(flattened.x) == 3 and s.weights)
    return biased(s, s.weights // s.x[0] * flattened.x[0])


def features(s: Sized, wrong: Callable[[Sized], Iterator[Shape]]) -> Iterator[int]:
    """The parameters where flattening gives a wrong number of inputs."""
    need(s.weighs_features and isinstance(s.chain[-1].layer, Flatten))
    for (inputs,) in wrong(s.chain[-1]):
        yield from biased(s, s.weights // s.x[0] * inputs)


def of_pool(s: Sized) -> list[int]:
    need(isinstance(s.layer, Pool))
    cells = prod(axis.kernel for axis in s.axes)
    return [count * channels for channels in (1, s.x[0]) for count in (cells, cells + 1)]


MISTAKES = (
    slip("bias-forgotten")(
        "The biases are not counted: there is one for each output channel, or each output of an fc.",
        "没有计入偏置：每个输出通道（全连接层的每个输出）有一个偏置。",
        lambda s: s.biases > 0 and s.weights,
    ),
    slip("bias-imagined")(
        "Biases were counted, and this layer has none.",
        "计入了偏置，而本层没有偏置。",
        lambda s: s.weights > 0 and s.biases == 0 and s.weights + s.y[0],
    ),
    FORGOTTEN_CHANNELS(lambda s: s.inputs > 1 and biased(s, s.weights // s.inputs)),
    slip("bias-added-repeatedly")(
        "A bias was counted for each input channel; each kernel has one: (C · k · k + 1) · F.",
        "每个输入通道都计了一个偏置；每个卷积核只有一个偏置：(C · k · k + 1) · F。",
        lambda s: s.inputs > 1 and s.biases > 0 and s.weights + s.biases * s.inputs,
    ),
    ONE_KERNEL(lambda s: s.kernel and [s.weights // s.y[0] + (s.biases > 0), s.weights // s.y[0]]),
    GROUPS(lambda s: s.groups > 1 and biased(s, s.weights * s.groups)),
    slip("positions-multiplied")(
        "Multiplied by the number of output positions; the same weights serve at every position and count once.",
        "乘上了输出位置数；所有位置共用同一组权重，只计一次。",
        lambda s: s.kernel and [(s.weights + s.biases) * s.positions, *biased(s, s.weights * s.positions)],
    ),
    slip("bias-per-position")(
        "A bias was counted for each cell of the output; there is one for each output channel.",
        "输出的每个位置都计了一个偏置；每个输出通道只有一个偏置。",
        lambda s: s.kernel and s.biases > 0 and s.weights + s.biases * s.positions,
    ),
    slip("one-bias-for-all")(
        "One bias was counted for the whole layer; there is one for each output channel, or each output of an fc.",
        "整层只计了一个偏置；每个输出通道（全连接层的每个输出）有一个偏置。",
        lambda s: s.biases > 0 and s.weights + 1,
    ),
    slip("bias-per-input")(
        "A bias was counted for each input; an fc has one for each output.",
        "每个输入计了一个偏置；全连接层的每个输出有一个偏置。",
        lambda s: s.weighs_features and s.biases > 0 and s.weights + s.x[0],
    ),
    ONE_SIDE(lambda s: biased(s, s.weights // s.kernel[1])),
    slip("counted-as-fully-connected")(
        "Counted as if every input were connected with every output, as in an fc; a convolution shares one kernel among"
        " all positions.",
        "按全连接计数，每个输入与每个输出都相连；卷积在所有位置共用同一个卷积核。",
        fully_connected,
    ),
    slip("channels-as-inputs")(
        "The inputs of the fc were taken to be the channels alone; flattened, there are C · H · W of them.",
        "把全连接层的输入个数当成了通道数；展平后共有 C · H · W 个输入。",
        channels_as_inputs,
    ),
    slip("pooling-forgotten")(
        "The fc was given as many inputs as there are without one of the poolings.",
        "全连接层的输入个数是漏掉了某个池化层时的个数。",
        partial(features, wrong=pooling_forgotten),
    ),
    slip("pooling-imagined")(
        "The fc was given as many inputs as there are after one more 2×2 pooling.",
        "全连接层的输入个数是多做了一次 2×2 池化时的个数。",
        partial(features, wrong=pooling_imagined),
    ),
    slip("~running-statistics-counted")(
        "Another convention: running mean and variance were counted as well. Here only γ and β are, which are learned.",
        "另一种约定：把滑动均值与方差也计入了。本题只计需要学习的 γ 和 β。",
        lambda s: s.layer.type == "batch_norm" and 2 * (s.weights + s.biases),
    ),
    slip("pool-without-parameters")(
        "A pooling has nothing to learn: 0 parameters.",
        "池化没有需要学习的参数，参数个数为 0。",
        of_pool,
    ),
    LEFT_OUT,
)
