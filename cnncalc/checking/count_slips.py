"""What people get wrong when they count the parameters or the multiplications of one layer."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod

from cnncalc.checking.sized import Numbers, Sized, Slip
from cnncalc.language import Phrase
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.pool import Pool


def _kernel(layer: Sized) -> tuple[int, int]:
    """Rows and columns of a convolution's kernel; raises ValueError where there is none."""
    (kernel,) = (shape for shape in layer.kernels if len(shape) == 4)
    return kernel[2], kernel[3]


def _groups(layer: Sized) -> int:
    groups: int = getattr(layer.entry.layer, "groups", 1)
    return groups


def _inputs(layer: Sized) -> int:
    """Input channels that one kernel of a convolution sees."""
    return layer.x[0] // _groups(layer) if _kernel(layer) else 1


def _positions(layer: Sized) -> int:
    return prod(layer.y[1:])


def _multiplications(layer: Sized) -> int:
    return layer.entry.layer.multiplications(layer.x, layer.parameters)


def _biased(layer: Sized, weights: int) -> Iterator[Numbers]:
    """So many weights, with the biases and without."""
    yield (weights + layer.biases,)
    yield (weights,)


# Parameters


def _without_biases(layer: Sized) -> Iterator[Numbers]:
    if layer.biases:
        yield (layer.weights,)


def _bias_imagined(layer: Sized) -> Iterator[Numbers]:
    if layer.weights and not layer.biases:
        yield (layer.weights + layer.y[0],)


def _one_channel(layer: Sized) -> Iterator[Numbers]:
    if _inputs(layer) > 1:
        yield from _biased(layer, layer.weights // _inputs(layer))


def _bias_per_channel(layer: Sized) -> Iterator[Numbers]:
    if _inputs(layer) > 1 and layer.biases:
        yield (layer.weights + layer.biases * _inputs(layer),)


def _one_kernel(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer):
        weights = layer.weights // layer.y[0]
        yield (weights + (layer.biases > 0),)
        yield (weights,)


def _groups_ignored(layer: Sized) -> Iterator[Numbers]:
    if _groups(layer) > 1:
        yield from _biased(layer, layer.weights * _groups(layer))


def _times_positions(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer):
        yield ((layer.weights + layer.biases) * _positions(layer),)
        yield from _biased(layer, layer.weights * _positions(layer))


def _bias_per_position(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer) and layer.biases:
        yield (layer.weights + layer.biases * _positions(layer),)


def _one_bias(layer: Sized) -> Iterator[Numbers]:
    if layer.biases:
        yield (layer.weights + 1,)


def _bias_per_input(layer: Sized) -> Iterator[Numbers]:
    if len(layer.x) == len(layer.y) == 1 and layer.weights and layer.biases:
        yield (layer.weights + layer.x[0],)


def _one_side(layer: Sized) -> Iterator[Numbers]:
    yield from _biased(layer, layer.weights // _kernel(layer)[1])


def _as_fully_connected(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer):
        pairs = prod(layer.x) * prod(layer.y)
        yield (pairs + prod(layer.y),)
        yield from _biased(layer, pairs)


def _channels_as_inputs(layer: Sized) -> Iterator[Numbers]:
    flattened = next((each for each in reversed(layer.chain) if isinstance(each.entry.layer, Flatten)), None)
    if flattened and flattened.y == layer.x and len(flattened.x) == 3 and layer.weights:
        yield from _biased(layer, layer.weights // layer.x[0] * flattened.x[0])


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


def _mistake(code: str, en: str, zh: str) -> tuple[str, Phrase]:
    return code, Phrase(en=en, zh=zh)


_FORGOTTEN_CHANNELS = _mistake(
    "input-channels-forgotten",
    "The input channels were left out: each kernel has k · k weights for every input channel, C · k · k in all.",
    "漏掉了输入通道数：每个卷积核在每个输入通道上都有 k · k 个权重，共 C · k · k 个。",
)
_ONE_KERNEL = _mistake(
    "one-filter-only",
    "This is the count for one kernel; there is one for each output channel.",
    "这是一个卷积核的数目；每个输出通道都有一个卷积核。",
)
_GROUPS = _mistake(
    "groups-ignored",
    "The groups were ignored: a kernel sees C / groups input channels.",
    "忽略了分组：每个卷积核只作用于 C / groups 个输入通道。",
)
_ONE_SIDE = _mistake(
    "kernel-side-only",
    "A kernel was counted with k cells; it has k rows and k columns, k · k cells.",
    "把卷积核当作 k 个元素；它有 k 行 k 列，共 k · k 个元素。",
)

PARAMETERS: tuple[Slip, ...] = (
    Slip(
        *_mistake(
            "bias-forgotten",
            "The biases are not counted: there is one for each output channel, or each output of an fc.",
            "没有计入偏置：每个输出通道（全连接层的每个输出）有一个偏置。",
        ),
        _without_biases,
    ),
    Slip(
        *_mistake(
            "bias-imagined",
            "Biases were counted, and this layer has none.",
            "计入了偏置，而本层没有偏置。",
        ),
        _bias_imagined,
    ),
    Slip(*_FORGOTTEN_CHANNELS, _one_channel),
    Slip(
        *_mistake(
            "bias-added-repeatedly",
            "A bias was counted for each input channel; each kernel has one: (C · k · k + 1) · F.",
            "每个输入通道都计了一个偏置；每个卷积核只有一个偏置：(C · k · k + 1) · F。",
        ),
        _bias_per_channel,
    ),
    Slip(*_ONE_KERNEL, _one_kernel),
    Slip(*_GROUPS, _groups_ignored),
    Slip(
        *_mistake(
            "positions-multiplied",
            "Multiplied by the number of output positions; the same weights serve at every position and count once.",
            "乘上了输出位置数；所有位置共用同一组权重，只计一次。",
        ),
        _times_positions,
    ),
    Slip(
        *_mistake(
            "bias-per-position",
            "A bias was counted for each cell of the output; there is one for each output channel.",
            "输出的每个位置都计了一个偏置；每个输出通道只有一个偏置。",
        ),
        _bias_per_position,
    ),
    Slip(
        *_mistake(
            "one-bias-for-all",
            "One bias was counted for the whole layer; there is one for each output channel, or each output of an fc.",
            "整层只计了一个偏置；每个输出通道（全连接层的每个输出）有一个偏置。",
        ),
        _one_bias,
    ),
    Slip(
        *_mistake(
            "bias-per-input",
            "A bias was counted for each input; an fc has one for each output.",
            "每个输入计了一个偏置；全连接层的每个输出有一个偏置。",
        ),
        _bias_per_input,
    ),
    Slip(*_ONE_SIDE, _one_side),
    Slip(
        *_mistake(
            "counted-as-fully-connected",
            "Counted as if every input were connected with every output, as in an fc; a convolution shares one kernel"
            " among all positions.",
            "按全连接计数，每个输入与每个输出都相连；卷积在所有位置共用同一个卷积核。",
        ),
        _as_fully_connected,
    ),
    Slip(
        *_mistake(
            "channels-as-inputs",
            "The inputs of the fc were taken to be the channels alone; flattened, there are C · H · W of them.",
            "把全连接层的输入个数当成了通道数；展平后共有 C · H · W 个输入。",
        ),
        _channels_as_inputs,
    ),
    Slip(
        *_mistake(
            "running-statistics-counted",
            "Another convention: running mean and variance were counted as well. Here only γ and β are, which are"
            " learned.",
            "另一种约定：把滑动均值与方差也计入了。本题只计需要学习的 γ 和 β。",
        ),
        _statistics,
        "convention",
    ),
    Slip(
        *_mistake(
            "pool-without-parameters",
            "A pooling has nothing to learn: 0 parameters.",
            "池化没有需要学习的参数，参数个数为 0。",
        ),
        _of_pool,
    ),
)


# Multiplications


def _times_two(layer: Sized) -> Iterator[Numbers]:
    count, outputs = _multiplications(layer), prod(layer.y)
    if count:
        for additions in (count, count - outputs, count + outputs):
            yield (count + additions,)


def _one_position(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer):
        yield (layer.weights,)


def _with_biases(layer: Sized) -> Iterator[Numbers]:
    if layer.biases and _multiplications(layer):
        yield (_multiplications(layer) + prod(layer.y),)
        yield (_multiplications(layer) + layer.biases,)


def _in_one_channel(layer: Sized) -> Iterator[Numbers]:
    yield (_multiplications(layer) // _inputs(layer),)


def _of_one_kernel(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer):
        yield (_multiplications(layer) // layer.y[0],)


def _of_all_channels(layer: Sized) -> Iterator[Numbers]:
    yield (_multiplications(layer) * _groups(layer),)


def _at_the_other_positions(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer):
        for image in (layer.x, layer.y):
            yield (layer.weights * prod(image[1:]),)


def _with_one_side(layer: Sized) -> Iterator[Numbers]:
    yield (_multiplications(layer) // _kernel(layer)[1],)


def _with_one_cell(layer: Sized) -> Iterator[Numbers]:
    yield (_multiplications(layer) // prod(_kernel(layer)),)


def _parameters(layer: Sized) -> Iterator[Numbers]:
    if layer.biases and _kernel(layer):
        yield (layer.weights + layer.biases,)


def _of_the_batch(layer: Sized) -> Iterator[Numbers]:
    for batch in layer.batch:
        yield (_multiplications(layer) * batch,)


MULTIPLICATIONS: tuple[Slip, ...] = (
    Slip(
        *_mistake(
            "multiply-and-add",
            "Another convention: additions were counted as well (two operations for each product). Here only"
            " multiplications count.",
            "另一种约定：把加法也计入了（每个乘积计两次运算）。本题只计乘法。",
        ),
        _times_two,
        "convention",
    ),
    Slip(
        *_mistake(
            "one-position-only",
            "This is the count for one output position; the kernels are laid on each of the oH · oW positions.",
            "这是一个输出位置的乘法次数；卷积核要在 oH · oW 个位置上各计算一次。",
        ),
        _one_position,
    ),
    Slip(
        *_mistake(
            "bias-counted",
            "The biases were counted; they are added, not multiplied.",
            "计入了偏置；偏置只做加法，不做乘法。",
        ),
        _with_biases,
    ),
    Slip(*_FORGOTTEN_CHANNELS, _in_one_channel),
    Slip(*_ONE_KERNEL, _of_one_kernel),
    Slip(*_GROUPS, _of_all_channels),
    Slip(
        *_mistake(
            "positions-of-other-image",
            "Multiplied by the positions of the wrong image: a convolution computes one sum for each position of its"
            " output, a transposed one stamps the kernel for each position of its input.",
            "乘错了位置数：卷积对输出的每个位置各计算一次；转置卷积对输入的每个位置各印一次卷积核。",
        ),
        _at_the_other_positions,
    ),
    Slip(*_ONE_SIDE, _with_one_side),
    Slip(
        *_mistake(
            "kernel-cells-forgotten",
            "The k · k cells of the kernel were left out; each of them takes a multiplication.",
            "漏掉了卷积核的 k · k 个元素；每个元素各做一次乘法。",
        ),
        _with_one_cell,
    ),
    Slip(
        *_mistake(
            "parameters-for-multiplications",
            "This is the number of parameters; each weight is multiplied once at every position.",
            "这是参数个数；每个权重在每个位置上各做一次乘法。",
        ),
        _parameters,
    ),
    Slip(
        *_mistake(
            "batch-counted",
            "Another convention: counted for the whole mini-batch. Here the count is for one sample.",
            "另一种约定：按整个小批量计数。本题按一个样本计数。",
        ),
        _of_the_batch,
        "convention",
    ),
)
