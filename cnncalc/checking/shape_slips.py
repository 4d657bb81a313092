"""What people get wrong in a shape besides the size rule of the layer: channels, N, poolings further up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from cnncalc.checking.sized import Numbers, Sized, Slip, parameter_shapes
from cnncalc.language import Phrase
from cnncalc.layers.axis import Axis
from cnncalc.layers.base import Shape
from cnncalc.layers.flatten import Flatten
from cnncalc.layers.pool import Pool
from cnncalc.mistakes.conv.channels import FORWARD as OF_CHANNELS
from cnncalc.mistakes.flatten import MISTAKES as OF_FLATTEN
from cnncalc.mistakes.output_size import CONVENTIONS, FORMULAS, RIGHT_EN, RIGHT_ZH

_AS_TENSORS = {mistake.code: mistake.phrase for mistake in (*OF_CHANNELS, *OF_FLATTEN)}
"""Phrases that suit a size as well."""


def _kernel(layer: Sized) -> Shape | None:
    return layer.parameters.get("weight") if len(layer.y) == 3 else None


def _channels_kept(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer) and len(layer.x) == 3:
        yield (layer.x[0], *layer.y[1:])


def _channels_not_summed(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer) and len(layer.x) == 3:
        yield (layer.x[0] * layer.y[0], *layer.y[1:])


def _channels_added(layer: Sized) -> Iterator[Numbers]:
    if _kernel(layer) and len(layer.x) == 3:
        yield (layer.x[0] + layer.y[0], *layer.y[1:])


def _channels_pooled(layer: Sized) -> Iterator[Numbers]:
    if isinstance(layer.entry.layer, Pool):
        rows = (layer.entry.layer.stride or layer.entry.layer.size or (1, 1))[0]
        yield (layer.x[0] // rows, *layer.y[1:])


def _not_flattened(layer: Sized) -> Iterator[Numbers]:
    if isinstance(layer.entry.layer, Flatten):
        yield layer.x


def _sizes_added(layer: Sized) -> Iterator[Numbers]:
    if isinstance(layer.entry.layer, Flatten) and len(layer.x) == 3:
        yield (sum(layer.x),)


def pooling_forgotten(layer: Sized) -> Iterator[Numbers]:
    """The shape without one of the poolings before it, or without any."""
    if isinstance(layer.entry.layer, Pool):
        yield layer.x
    pools = [each for each in layer.chain if isinstance(each.entry.layer, Pool)]
    for pool in reversed(pools):
        yield _onward(layer, pool.position + 1, pool.x)
    if len(pools) > 1:
        yield _onward(layer, 0, layer.chain[0].x, without_pools=True)


def pooling_imagined(layer: Sized) -> Iterator[Numbers]:
    """The shape after a pooling that is not there, in each place before it."""
    for before in (*reversed(layer.chain), None):
        x = before.y if before else ((*layer.chain, layer)[0].x)
        pooled = before is not None and isinstance(before.entry.layer, Pool)
        if len(x) == 3 and not pooled and min(x[1:]) > 1:
            at = before.position + 1 if before else 0
            yield _onward(layer, at, (x[0], x[1] // 2, x[2] // 2))


def _onward(layer: Sized, start: int, x: Shape, without_pools: bool = False) -> Shape:
    """The shape that the layer would have if x came into an earlier one, or into itself."""
    for each in (*layer.chain, layer)[start:]:
        if not (without_pools and isinstance(each.entry.layer, Pool)):
            x = each.entry.layer.output_shape(x, parameter_shapes(each.entry, x))
    return x


def _axes(layer: Sized) -> Sequence[Axis]:
    """Rows and columns of windows that lie on x."""
    reach = layer.entry.layer.reach(layer.x, layer.parameters)
    return [each.axis for each in reach or () if not each.is_stamp]


def _not_rounded(layer: Sized) -> Iterator[Numbers]:
    axes = _axes(layer)
    if any((axis.padded - axis.span) % axis.stride for axis in axes):
        yield (layer.y[0], *(Fraction(axis.padded - axis.span, axis.stride) + 1 for axis in axes))


def _of_pool(code: str, layer: Sized) -> Iterator[Numbers]:
    if isinstance(layer.entry.layer, Pool):
        rows, columns = map(FORMULAS[code][0], _axes(layer))
        if min(rows, columns) > 0:
            yield (layer.y[0], rows, columns)


OF_POOLS: tuple[Slip, ...] = tuple(
    Slip(
        code,
        Phrase(en=f"{en}. {RIGHT_EN}", zh=f"{zh}。{RIGHT_ZH}"),
        partial(_of_pool, code),
        "convention" if code in CONVENTIONS else "mistake",
    )
    for code, (_, en, zh) in FORMULAS.items()
    # A pool says by its options which way it rounds.
    if code != "output-size-rounded-up"
)
"""Wrong formulas for the size, of a pool as of a convolution."""

OF_LAYERS: tuple[Slip, ...] = (
    Slip(
        "channels-of-input",
        Phrase(
            en="The channels of the input were kept. The output has one channel for each kernel, whatever the input"
            " has.",
            zh="沿用了输入的通道数。输出的通道数等于卷积核的个数，与输入的通道数无关。",
        ),
        _channels_kept,
    ),
    Slip("channels-not-summed", _AS_TENSORS["channels-not-summed"], _channels_not_summed),
    Slip(
        "channels-added",
        Phrase(
            en="The channels of the input were added to those of the output, which has one for each kernel and no"
            " others.",
            zh="把输入的通道数加到了输出上；输出的通道数只等于卷积核的个数。",
        ),
        _channels_added,
    ),
    Slip(
        "channels-pooled",
        Phrase(
            en="The number of channels was made smaller as well. A pooling treats each channel by itself: their number"
            " stays.",
            zh="把通道数也缩小了。池化对每个通道分别进行，通道数不变。",
        ),
        _channels_pooled,
    ),
    Slip(
        "pooling-forgotten",
        Phrase(
            en="This is the size without one of the poolings before it; each pooling makes rows and columns fewer.",
            zh="这是漏掉了前面某个池化层时的大小；每次池化都会减少行数和列数。",
        ),
        pooling_forgotten,
    ),
    Slip(
        "pooling-imagined",
        Phrase(
            en="This is the size after one more 2×2 pooling, which this network does not have there.",
            zh="这是多做了一次 2×2 池化时的大小；该处并没有这个池化层。",
        ),
        pooling_imagined,
    ),
    Slip(
        "output-size-not-rounded",
        Phrase(
            en="The size was not rounded: a window that fits only in part is left out (or, with `ceil: true`, kept)."
            " ⌊(H + 2p − k)/s⌋ + 1.",
            zh="输出大小没有取整：放不下的窗口应舍去（`ceil: true` 时保留）：⌊(H + 2p − k)/s⌋ + 1。",
        ),
        _not_rounded,
    ),
    Slip(
        "not-flattened",
        Phrase(
            en="This is the shape before flattening; flattened, its numbers form one row of C · H · W.",
            zh="这是展平之前的形状；展平后为一行，共 C · H · W 个数。",
        ),
        _not_flattened,
    ),
    Slip(
        "sizes-added",
        Phrase(
            en="The sizes were added; an image has C · H · W numbers.", zh="把各维大小相加了；图像共有 C · H · W 个数。"
        ),
        _sizes_added,
    ),
)


def _axes_swapped(shape: Shape) -> Iterator[Numbers]:
    if len(shape) > 1:
        yield (shape[1], shape[0], *shape[2:])


def _channel_axis_left_out(shape: Shape) -> Iterator[Numbers]:
    if len(shape) == 4:
        yield (shape[0], *shape[2:])
        yield (1, *shape[1:])
        yield (shape[0], 1, *shape[2:])


def _kernels_last(shape: Shape) -> Iterator[Numbers]:
    if len(shape) == 4:
        yield (*shape[2:], shape[1], shape[0])


OF_PARAMETERS: tuple[Slip, ...] = (
    Slip(
        "weight-axes-swapped",
        Phrase(
            en="The first two axes of the weight were swapped. A conv's is (output channels, input channels, rows,"
            " columns), an fc's is (outputs, inputs).",
            zh="权重的前两个维度弄反了。卷积层为（输出通道, 输入通道, 行, 列），全连接层为（输出, 输入）。",
        ),
        _axes_swapped,
    ),
    Slip(
        "input-channels-forgotten",
        Phrase(
            en="A kernel has a part for each input channel: the weight is (output channels, input channels, rows,"
            " columns).",
            zh="每个卷积核在每个输入通道上都有一部分：权重的形状为（输出通道, 输入通道, 行, 列）。",
        ),
        _channel_axis_left_out,
    ),
    Slip(
        "channels-last",
        Phrase(
            en="Another convention: the channels come last (rows, columns, input, output). Here they come first.",
            zh="另一种约定：通道放在最后（行, 列, 输入, 输出）。本题通道在前。",
        ),
        _kernels_last,
        "convention",
    ),
)
"""Of the shape of a parameter, which is what the rules see."""


def _without_n(layer: Sized) -> Iterator[Numbers]:
    if layer.batch:
        yield layer.y


def _with_n(layer: Sized) -> Iterator[Numbers]:
    yield (1, *layer.batch, *layer.y)


def _channels_last(layer: Sized) -> Iterator[Numbers]:
    if len(layer.y) == 3:
        yield (*layer.batch, *layer.y[1:], layer.y[0])


def _channels_left_out(layer: Sized) -> Iterator[Numbers]:
    if len(layer.y) == 3:
        yield layer.y[1:]


AS_WRITTEN: tuple[Slip, ...] = (
    Slip(
        "batch-left-out",
        Phrase(
            en="Another convention: the shape of one sample. Here the mini-batch counts: N comes first.",
            zh="另一种约定：只写了一个样本的形状。本题的形状包含小批量的样本数 N，放在最前。",
        ),
        _without_n,
        "convention",
    ),
    Slip(
        "batch-added",
        Phrase(
            en="Another convention: a leading 1 for the one sample. Here the shape is that of the sample.",
            zh="另一种约定：最前面加了表示样本数的 1。本题写单个样本的形状。",
        ),
        _with_n,
        "convention",
    ),
    Slip(
        "channels-last",
        Phrase(
            en="Another convention: rows, columns, channels (H, W, C, as in TensorFlow). Here channels come first"
            " (C, H, W).",
            zh="另一种约定：行、列、通道（H, W, C，如 TensorFlow）。本题通道在前（C, H, W）。",
        ),
        _channels_last,
        "convention",
    ),
    Slip(
        "channels-left-out",
        Phrase(
            en="Rows and columns alone: the number of channels belongs in front, C, H, W.",
            zh="只写了行数和列数：前面还应有通道数（C, H, W）。",
        ),
        _channels_left_out,
    ),
)
"""With N where a reader sees it: how the shape is written down, and not how large it is."""

MISTAKES: tuple[Slip, ...] = (*OF_LAYERS, *OF_POOLS, *AS_WRITTEN, *OF_PARAMETERS)
