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
SUM = "y[f] = bias[f] + Σ_c (stamps of x[c] with w[c,f])"
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
        " (before the padding is taken off)."
    ),
    stamped("~kernel-flipped: y", lambda s: s.again(weight=turned(s.weight)), right=STAMP)(
        "the kernel was rotated by 180° before it was stamped, as for the gradient of a true convolution. This"
        " problem stamps it as it stands"
    ),
    stamped("~kernel-flipped: dx", lambda s: s.again(weight=turned(s.weight)))(
        "the kernel was rotated by 180°. This problem stamps it as it stands, so dx is the plain cross-correlation"
        " of g with it: dx[i,j] = Σ w[p,q] · g[i·s + p, j·s + q]."
    ),
    stamped("~kernel-flipped: dweight", lambda s: turned(s.again()))(
        "the gradient is rotated by 180°. This problem stamps the kernel as it stands: dw[p,q] = Σ x[i,j] · g[i·s +"
        " p, j·s + q], not rotated."
    ),
    stamped.like(
        KERNEL_TRANSPOSED,
        # A kernel that is not square would give another size.
        lambda s: [s.again(weight=w) for w in (square(s).swapaxes(2, 3), turned(square(s).swapaxes(2, 3)))],
        tensors="y dx",
    ),
    stamped("kernel-mirrored: y dx", mirrored)(
        "The kernel was flipped along one axis only, left to right or top to bottom; it is stamped as it stands."
    ),
    stamped("kernel-rotated-90: y dx", quarter_turned)("The kernel was rotated by 90°; it is stamped as it stands."),
    stamped("weight-axes-swapped: y dx", lambda s: s.again(weight=swapped(s)))(
        "The first two axes of the weight were swapped. In a transposed convolution it is written (input channel,"
        " output channel, row, column), the other way round than in a convolution: w[c,f] leads from x[c] to y[f]."
    ),
    stamped("one-channel-only: y", lambda s: [s.again(weight=s.of_inputs(c)) for c in range(s.inputs)])(
        f"Only one input channel was used; the stamps of all of them are added: {SUM}."
    ),
    stamped("channel-left-out: y", channel_left_out)(
        f"One of the input channels was left out of the sum: {SUM} over all c."
    ),
    stamped("channels-not-summed: y", channels_not_summed)(
        "There is one map for each pair of input and output channel; those of the input channels must be added: one map"
        " for each output channel."
    ),
    stamped("one-kernel-for-all-channels: y", one_kernel)(
        "The same kernel was stamped for every input channel; channel c has its own, w[c,f]."
    ),
    stamped("channels-not-mixed: y", depthwise)(
        "Output channel f was made of input channel f alone. Here each output channel takes stamps from all input"
        f" channels of its group: {SUM}."
    ),
    stamped("filters-summed: y", lambda s: s.y.shape[1] > 1 and s.sum(s.again(), 1, keep=True))(
        "The output channels were added up; each is a map of its own."
    ),
    stamped("one-filter-only: y", lambda s: s.y.shape[1] > 1 and s.again()[:, :1])(
        "Only the first output channel was computed; the second axis of the weight has a kernel for each."
    ),
    stamped("groups-ignored: y dx dweight", groups_ignored)(
        "The groups were ignored: the stamps of all input channels went onto the same output channels. With groups, the"
        " input channels of group k lead only to the output channels of group k."
    ),
    stamped("groups-interleaved: y dx dweight", interleaved)(
        "The channels were dealt out to the groups in turn (1, 2, 1, 2, …). A group is a block of neighbouring channels"
        " (1, 1, 2, 2, …), in the input and in the output."
    ),
)

CHANNELS_GRADIENT = (
    stamped("one-filter-only: dx", lambda s: s.shares)(
        "Only one output channel's share was computed. x[c] stamped onto all of them: dx[c] = Σ_f (correlation of g[f]"
        " with w[c,f])."
    ),
    stamped("filters-not-summed: dx", lambda s: not_summed(s.shares))(
        "There is one map for each pair of input and output channel; the shares of the output channels must be added:"
        " dx[c] = Σ_f (share of output channel f)."
    ),
    stamped("channels-summed: dx", lambda s: s.x.shape[1] > 1 and s.sum(s.again(), 1, keep=True))(
        "The sum went over the input channels. Each input channel has its own gradient; the sum goes over the output"
        " channels: dx[c] = Σ_f (share of output channel f)."
    ),
    stamped("weight-axes-swapped: dweight", lambda s: s.again().swapaxes(0, 1))(
        "The first two axes were swapped: dw[c,f] has the input channel first, as the weight of a transposed"
        " convolution has."
    ),
    stamped("one-channel-only: dweight", one_channel, right=DWEIGHT)(
        "The same input channel was used throughout; dw[c,f] needs its own"
    ),
    stamped("channels-summed: dweight", lambda s: summed(s, s.input_axis), right=DWEIGHT)(
        "The input channels were added up; each pair of input and output channel has its own gradient"
    ),
    stamped("filters-summed: dweight", lambda s: summed(s, 1 - s.input_axis), right=DWEIGHT)(
        "The output channels were added up; each pair of input and output channel has its own gradient"
    ),
    stamped("filters-summed: dbias", lambda s: summed(s, 0))(
        "All output channels were added up; each has its own bias: dbias[f] = Σ_i,j g[f,i,j]."
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
        "The bias was added with every stamp or every input channel; it is added once for each cell of the output."
    ),
)
SUMS_GRADIENT = (
    stamped("positions-not-summed: dweight", lambda s: s.one_stamp(0))(
        "Only the first stamp was used. A weight takes part in every stamp: dw[p,q] = Σ_i,j x[i,j] · g[i·s + p, j·s"
        " + q]."
    ),
    stamped("overwritten: dweight", lambda s: s.one_stamp(-1))(
        "Only the last stamp was kept: each one replaced the one before. Their shares are added up (+=) over all"
        " cells of x, and over all samples of the mini-batch."
    ),
    stamped("not-summed-over-batch: dweight", lambda s: np.stack(samples(s)))(NOT_SUMMED),
    stamped("one-sample-only: dweight", samples)(ONE_SAMPLE_ONLY),
    stamped.like(
        GRADIENT_AVERAGED, lambda s: [s.again() / (s.x[0, 0].size * by) for by in (1, len(s.x))], tensors="dweight"
    ),
    *of_convolution("dbias", "filters-summed", *(one.code for one in BEHIND)),
    *BEHIND,
    stamped("activation-skipped: dweight", lambda s: s.before.x.shape == s.x.shape and s.again(x=s.before.x))(
        "The input of the layer before was used, not its output: dw = Σ x · g, where x is what stamps the kernel."
    ),
)
