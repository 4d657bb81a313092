"""What people get wrong in the channels of a transposed convolution, its bias and its sums."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from cnncalc.mistakes.conv.channels import (
    channel_left_out,
    channels_not_summed,
    depthwise,
    not_summed,
    one_channel,
    one_kernel,
    summed,
)
from cnncalc.mistakes.conv.kernel import SUMS_FORWARD as OF_CONV_FORWARD
from cnncalc.mistakes.conv.kernel import SUMS_GRADIENT as OF_CONV_GRADIENT
from cnncalc.mistakes.conv.kernel import mirrored, quarter_turned, square, swapped, turned
from cnncalc.mistakes.conv.laid import Stamped, stamped
from cnncalc.mistakes.descent import UPDATED_WEIGHT
from cnncalc.mistakes.families import GRADIENT_AVERAGED, KERNEL_TRANSPOSED, NEXT, NOT_SUMMED, ONE_SAMPLE_ONLY, samples
from cnncalc.mistakes.take import Mistake, need

STAMP = "y[i·s + p, j·s + q] += x[i,j] · w[p,q]"
SUM_EN, SUM_ZH = ("y[f] = bias[f] + Σ_c (stamps of x[c] with w[c,f])", "y[f] = bias[f] + Σ_c（x[c] 与 w[c,f] 的结果）")
DWEIGHT = "dw[c,f] = Σ x[c] · g[f]"


def groups_ignored(s: Stamped) -> Iterator[Any]:
    need(s.layer.groups > 1)
    layer = s.options(groups=1)
    # Every input channel with every output channel, the kernels of a group repeated for the others.
    made = s.again(layer, weight=np.tile(s.weight, (1, s.layer.groups, 1, 1)))
    yield made
    if s.tensor == "y":
        yield s.again(layer, **({"bias": s.bias[: s.outputs]} if "bias" in s.scene else {}))
    else:
        yield s.again(layer, g=s.g[:, : s.outputs]) if s.tensor == "dx" else made[:, : s.outputs]


def interleaved(s: Stamped) -> Iterator[Any]:
    need(s.layer.groups > 1)
    inputs, outputs = s.dealt(s.x.shape[1]), s.dealt(s.y.shape[1])
    x, weight, back = {"x": s.x[:, inputs]}, {"weight": s.weight[inputs]}, np.argsort(inputs)
    if s.tensor == "y":
        bias = {"bias": s.bias[outputs]} if "bias" in s.scene else {}
        yield s.again(**x)
        yield s.again(**x, **weight)
        yield s.again(**bias)[:, np.argsort(outputs)]
        yield s.again(**x, **weight, **bias)[:, np.argsort(outputs)]
        return
    g = {"g": s.g[:, outputs]}
    if s.tensor == "dx":
        for tensors in (x, {**x, **weight}, {**x, **weight, **g}):
            yield s.again(**tensors)[:, back]
        yield s.again(**g)
    else:
        yield s.again(**x)
        yield s.again(**g)
        yield s.again(**x)[back]
        yield s.again(**x, **g)[back]


CHANNELS_FORWARD = (
    stamped("kernel-not-rotated: y", lambda s: s.again(weight=turned(s.weight)))(
        "The kernel was not rotated. Computed as a correlation of x, with zeros between its cells where the stride"
        f" is not 1, the kernel must be rotated by 180°; then each x[i,j] stamps the kernel as it stands: {STAMP}"
        " (before the padding is taken off).",
        "卷积核没有旋转。若在 x 的元素间补零（步长不为 1 时）后做互相关，须用旋转 180° 的卷积核；"
        f"这样每个 x[i,j] 才按原样叠放卷积核：{STAMP}（裁去填充之前）。",
    ),
    stamped("~kernel-flipped: y", lambda s: s.again(weight=turned(s.weight)), right=STAMP)(
        "the kernel was rotated by 180° before it was stamped, as for the gradient of a true convolution. This"
        " problem stamps it as it stands",
        "卷积核旋转 180° 后再叠放，这对应真正的卷积的梯度。本题按原样叠放",
    ),
    stamped("~kernel-flipped: dx", lambda s: s.again(weight=turned(s.weight)))(
        "the kernel was rotated by 180°. This problem stamps it as it stands, so dx is the plain cross-correlation"
        " of g with it: dx[i,j] = Σ w[p,q] · g[i·s + p, j·s + q].",
        "卷积核旋转了 180°。本题按原样叠放卷积核，dx 就是 g 与它的互相关（不旋转）：dx[i,j] = Σ w[p,q] · g[i·s + p,"
        " j·s + q]。",
    ),
    stamped("~kernel-flipped: dweight", lambda s: turned(s.again()))(
        "the gradient is rotated by 180°. This problem stamps the kernel as it stands: dw[p,q] = Σ x[i,j] · g[i·s +"
        " p, j·s + q], not rotated.",
        "梯度旋转了 180°。本题按原样叠放卷积核：dw[p,q] = Σ x[i,j] · g[i·s + p, j·s + q]，不旋转。",
    ),
    stamped.like(
        KERNEL_TRANSPOSED,
        # A kernel that is not square would give another size.
        lambda s: [s.again(weight=w) for w in (square(s).swapaxes(2, 3), turned(square(s).swapaxes(2, 3)))],
        tensors="y dx",
    ),
    stamped("kernel-mirrored: y dx", mirrored)(
        "The kernel was flipped along one axis only, left to right or top to bottom; it is stamped as it stands.",
        "卷积核只在一个方向上翻转了（左右或上下）；应按原样叠放。",
    ),
    stamped("kernel-rotated-90: y dx", quarter_turned)(
        "The kernel was rotated by 90°; it is stamped as it stands.", "卷积核被旋转了 90°；应按原样叠放。"
    ),
    stamped("weight-axes-swapped: y dx", lambda s: s.again(weight=swapped(s)))(
        "The first two axes of the weight were swapped. In a transposed convolution it is written (input channel,"
        " output channel, row, column), the other way round than in a convolution: w[c,f] leads from x[c] to y[f].",
        "权重的前两个维度弄反了。转置卷积的权重顺序为（输入通道，输出通道，行，列），与普通卷积相反：w[c,f] 从 x[c]"
        " 通向 y[f]。",
    ),
    stamped("one-channel-only: y", lambda s: [s.again(weight=s.of_inputs(c)) for c in range(s.inputs)])(
        f"Only one input channel was used; the stamps of all of them are added: {SUM_EN}.",
        f"只用了一个输入通道；所有输入通道叠放的结果要相加：{SUM_ZH}。",
    ),
    stamped("channel-left-out: y", channel_left_out)(
        f"One of the input channels was left out of the sum: {SUM_EN} over all c.",
        f"求和时漏掉了一个输入通道：{SUM_ZH}，c 取遍所有输入通道。",
    ),
    stamped("channels-not-summed: y", channels_not_summed)(
        "There is one map for each pair of input and output channel; those of the input channels must be added: one map"
        " for each output channel.",
        "对每个输入通道、每个输出通道各给出了一张图；各输入通道的结果须相加：每个输出通道只有一张图。",
    ),
    stamped("one-kernel-for-all-channels: y", one_kernel)(
        "The same kernel was stamped for every input channel; channel c has its own, w[c,f].",
        "所有输入通道都用了同一个二维卷积核；通道 c 应使用它自己的 w[c,f]。",
    ),
    stamped("channels-not-mixed: y", depthwise)(
        "Output channel f was made of input channel f alone. Here each output channel takes stamps from all input"
        f" channels of its group: {SUM_EN}.",
        f"输出通道 f 只由输入通道 f 得到。本题每个输出通道来自其组内的所有输入通道：{SUM_ZH}。",
    ),
    stamped("filters-summed: y", lambda s: s.y.shape[1] > 1 and s.sum(s.again(), 1, keep=True))(
        "The output channels were added up; each is a map of its own.", "把各输出通道相加了；每个输出通道应各是一张图。"
    ),
    stamped("one-filter-only: y", lambda s: s.y.shape[1] > 1 and s.again()[:, :1])(
        "Only the first output channel was computed; the second axis of the weight has a kernel for each.",
        "只计算了第一个输出通道；权重的第二维对每个输出通道各有一个卷积核。",
    ),
    stamped("groups-ignored: y dx dweight", groups_ignored)(
        "The groups were ignored: the stamps of all input channels went onto the same output channels. With groups, the"
        " input channels of group k lead only to the output channels of group k.",
        "忽略了分组：所有输入通道都叠放到了相同的输出通道上。分组时，第 k 组的输入通道只通向第 k 组的输出通道。",
    ),
    stamped("groups-interleaved: y dx dweight", interleaved)(
        "The channels were dealt out to the groups in turn (1, 2, 1, 2, …). A group is a block of neighbouring channels"
        " (1, 1, 2, 2, …), in the input and in the output.",
        "各组的通道被交错分配（1, 2, 1, 2, …）。输入和输出的每一组都应是相邻的一段通道（1, 1, 2, 2, …）。",
    ),
)

CHANNELS_GRADIENT = (
    stamped("one-filter-only: dx", lambda s: s.shares)(
        "Only one output channel's share was computed. x[c] stamped onto all of them: dx[c] = Σ_f (correlation of g[f]"
        " with w[c,f]).",
        "只算了一个输出通道的贡献。x[c] 叠放到了所有输出通道上：dx[c] = Σ_f（g[f] 与 w[c,f] 的互相关）。",
    ),
    stamped("filters-not-summed: dx", lambda s: not_summed(s.shares))(
        "There is one map for each pair of input and output channel; the shares of the output channels must be added:"
        " dx[c] = Σ_f (share of output channel f).",
        "对每个输入通道、每个输出通道各给出了一张图；各输出通道的贡献须相加：dx[c] = Σ_f（输出通道 f 的贡献）。",
    ),
    stamped("channels-summed: dx", lambda s: s.x.shape[1] > 1 and s.sum(s.again(), 1, keep=True))(
        "The sum went over the input channels. Each input channel has its own gradient; the sum goes over the output"
        " channels: dx[c] = Σ_f (share of output channel f).",
        "对输入通道求了和。每个输入通道有自己的梯度；应对输出通道求和：dx[c] = Σ_f（输出通道 f 的贡献）。",
    ),
    stamped("weight-axes-swapped: dweight", lambda s: s.again().swapaxes(0, 1))(
        "The first two axes were swapped: dw[c,f] has the input channel first, as the weight of a transposed"
        " convolution has.",
        "前两个维度弄反了：dw[c,f] 与转置卷积的权重一样，输入通道在前。",
    ),
    stamped("one-channel-only: dweight", one_channel, right=DWEIGHT)(
        "The same input channel was used throughout; dw[c,f] needs its own",
        "始终使用了同一个输入通道；dw[c,f] 应使用通道 c",
    ),
    stamped("channels-summed: dweight", lambda s: summed(s, s.input_axis), right=DWEIGHT)(
        "The input channels were added up; each pair of input and output channel has its own gradient",
        "对输入通道求了和；每对输入、输出通道各有自己的梯度",
    ),
    stamped("filters-summed: dweight", lambda s: summed(s, 1 - s.input_axis), right=DWEIGHT)(
        "The output channels were added up; each pair of input and output channel has its own gradient",
        "对输出通道求了和；每对输入、输出通道各有自己的梯度",
    ),
    stamped("filters-summed: dbias", lambda s: summed(s, 0))(
        "All output channels were added up; each has its own bias: dbias[f] = Σ_i,j g[f,i,j].",
        "把所有输出通道加在了一起；每个输出通道有自己的偏置：dbias[f] = Σ_i,j g[f,i,j]。",
    ),
)


def of_convolution(tensor: str, *without: str) -> tuple[Mistake, ...]:
    """Those of a convolution that show in a tensor."""
    every = (*OF_CONV_FORWARD, *OF_CONV_GRADIENT)
    return tuple(one.of(tensor) for one in every if tensor in one.tensors and one.code not in without)


def bias_repeated(s: Stamped) -> Iterator[Any]:
    yield s.again(bias=s.bias * s.inputs)
    # With every stamp, from one channel or from each of them.
    stamps = s.layer.forward(s.numbers, s.ones(s.x), {"weight": s.ones(s.weight)})["y"]
    for times in (1, s.inputs):
        yield s.bare() + stamps / times * s.bias[:, None, None]


BEHIND = (UPDATED_WEIGHT, *NEXT, *(one for one in OF_CONV_GRADIENT if one.code == "upstream-forgotten"))
SUMS_FORWARD = (
    *of_convolution("y", "bias-added-repeatedly"),
    stamped("bias-added-repeatedly: y", bias_repeated)(
        "The bias was added with every stamp or every input channel; it is added once for each cell of the output.",
        "每次叠放卷积核或每个输入通道都加了一次偏置；输出的每个位置只加一次偏置。",
    ),
)
SUMS_GRADIENT = (
    stamped("positions-not-summed: dweight", lambda s: s.one_stamp(0))(
        "Only the first stamp was used. A weight takes part in every stamp: dw[p,q] = Σ_i,j x[i,j] · g[i·s + p, j·s"
        " + q].",
        "只用了第一个输入元素。每个输入元素都叠放了整个卷积核：dw[p,q] = Σ_i,j x[i,j] · g[i·s + p, j·s + q]。",
    ),
    stamped("overwritten: dweight", lambda s: s.one_stamp(-1))(
        "Only the last stamp was kept: each one replaced the one before. Their shares are added up (+=) over all"
        " cells of x, and over all samples of the mini-batch.",
        "只保留了最后一个输入元素的结果：后面的覆盖了前面的。x 的所有元素（以及小批量中所有样本）的贡献要累加（+=）。",
    ),
    stamped("not-summed-over-batch: dweight", lambda s: np.stack(samples(s)))(*NOT_SUMMED),
    stamped("one-sample-only: dweight", samples)(*ONE_SAMPLE_ONLY),
    stamped.like(
        GRADIENT_AVERAGED, lambda s: [s.again() / (s.x[0, 0].size * by) for by in (1, len(s.x))], tensors="dweight"
    ),
    *of_convolution("dbias", "filters-summed", *(one.code for one in BEHIND)),
    *BEHIND,
    stamped("activation-skipped: dweight", lambda s: s.before.x.shape == s.x.shape and s.again(x=s.before.x))(
        "The input of the layer before was used, not its output: dw = Σ x · g, where x is what stamps the kernel.",
        "用了前一层的输入，而不是它的输出：dw = Σ x · g，其中 x 是本层的输入。",
    ),
)
