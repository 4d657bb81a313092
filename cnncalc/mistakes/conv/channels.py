"""What people get wrong in the channels, filters and groups of a convolution."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from cnncalc.mistakes.conv.kernel import swapped
from cnncalc.mistakes.conv.laid import Laid, Windowed, conv
from cnncalc.mistakes.take import need

SUM = "y[f] = bias[f] + Σ_c w[f,c] ∗ x[c]"


def not_summed(maps: list[Any]) -> Iterator[Any]:
    """A map for each pair, in both orders, as channels or as one more axis."""
    need(len(maps) > 1)
    for axis in (1, 2):
        stacked = np.stack(maps, axis)
        yield stacked.reshape(stacked.shape[0], -1, *stacked.shape[3:])
        yield stacked


def channels_not_summed(s: Windowed) -> Any:
    for parameters in ({}, s.scene.parameters()):
        weights = map(s.of_inputs, range(s.inputs))
        yield from not_summed([s.layer.forward(s.numbers, s.x, {**parameters, "weight": w})["y"] for w in weights])


def channel_left_out(s: Windowed) -> Any:
    channels = range(s.inputs)
    need(len(channels) > 2)
    return [s.again(weight=s.of_inputs(*(o for o in channels if o != c))) for c in channels]


def one_kernel(s: Windowed) -> Any:
    kernels = (np.take(s.weight, [c], s.input_axis) for c in range(s.weight.shape[s.input_axis]))
    return [s.again(weight=np.broadcast_to(one, s.weight.shape)) for one in kernels]


def depthwise(s: Windowed) -> Any:
    w, own = s.weight, range(len(s.weight))
    need(w.shape[0] == w.shape[1] > 1 == s.layer.groups)
    kernels = (w[own, own], w[:, 0], *([w[0]] if s.input_axis == 0 else []))
    return [s.again(s.options(groups=len(w)), weight=one[:, None]) for one in kernels]


def summed(s: Windowed, axis: int) -> Any:
    made = s.again()
    need(made.shape[axis] > 1)
    total = s.sum(made, axis, keep=True)
    return [total, np.broadcast_to(total, made.shape)]


def one_channel(s: Windowed) -> Any:
    """dweight where one input channel stands for all."""
    need(s.layer.groups == 1)
    return [np.broadcast_to(np.take(s.again(), [c], s.input_axis), s.weight.shape) for c in range(s.inputs)]


def groups_ignored(s: Laid) -> Any:
    need(s.layer.groups > 1)
    layer = s.options(groups=1)
    yield s.again(layer, x=s.x[:, : s.inputs])
    if s.tensor == "dweight":
        # Every filter with every channel: the weight's values do not matter, only its shape.
        yield s.again(layer, weight=s.numbers.zeros((len(s.weight), s.x.shape[1], *s.weight.shape[2:])))


def interleaved(s: Laid) -> Any:
    need(s.layer.groups > 1)
    inputs, outputs = s.dealt(s.x.shape[1]), s.dealt(len(s.weight))
    by_inputs = s.again(x=s.x[:, inputs])
    yield by_inputs[:, np.argsort(inputs)] if s.tensor == "dx" else by_inputs
    given = {name: array[outputs] for name, array in s.scene.parameters().items()}
    if s.tensor == "y":
        yield s.again(**given)[:, np.argsort(outputs)]
    else:
        by_outputs = s.again(g=s.g[:, outputs], weight=given["weight"])
        yield by_outputs if s.tensor == "dx" else by_outputs[np.argsort(outputs)]


NOT_SUMMED = conv("channels-not-summed: y", channels_not_summed)(
    "There is one feature map for each pair of filter and input channel. The results of the input channels must be"
    " added: one feature map for each filter."
)
ONE_KERNEL = conv("one-kernel-for-all-channels: y dx", one_kernel)(
    "The same kernel was laid on every input channel; channel c has its own, w[f,c]."
)

FORWARD = (
    conv("one-channel-only: y", lambda s: [s.again(weight=s.of_inputs(c)) for c in range(s.inputs)], right=SUM)(
        "Only one input channel was used. A filter has a kernel for each input channel, and the results are added"
    ),
    conv("channel-left-out: y", channel_left_out)(
        f"One of the input channels was left out of the sum: {SUM} over all c."
    ),
    NOT_SUMMED,
    conv("channels-averaged: y", lambda s: s.again(weight=s.weight / s.inputs), right=SUM)(
        "The input channels were averaged; a convolution adds them up"
    ),
    ONE_KERNEL.of("y"),
    conv("weight-axes-swapped: y", lambda s: s.again(weight=swapped(s)))(
        "The first two axes of the weight were swapped: it is written (output channel, input channel, row, column), and"
        " y[f] uses w[f,c]."
    ),
    conv("channels-not-mixed: y", depthwise, right=SUM)(
        "Filter f was laid on channel f alone (a depthwise convolution). Here each filter sees all its input channels"
    ),
    conv("filters-summed: y", lambda s: s.sum(s.again(), 1, keep=True))(
        "The results of the filters were added up; each filter gives a feature map of its own."
    ),
    conv("one-filter-only: y", lambda s: len(s.weight) > 1 and s.again()[:, :1])(
        "Only the first filter was computed; there is one feature map for each filter."
    ),
    conv("groups-ignored: y dx dweight", groups_ignored)(
        "The groups were ignored: every filter saw the first channels, or all of them. With groups, the filters of"
        " group k see only the channels of group k."
    ),
    conv("groups-interleaved: y dx dweight", interleaved)(
        "The channels were dealt out to the groups in turn (1, 2, 1, 2, …). A group is a block of neighbouring channels"
        " (1, 1, 2, 2, …), and so are its filters."
    ),
)
"""Those that show in y."""

GRADIENT = (
    conv("one-filter-only: dx", lambda s: s.shares)(
        "Only one filter's share was computed. Every filter sees x: dx[c] = Σ_f (full correlation of g[f] with w[f,c]"
        " rotated by 180°)."
    ),
    conv("filters-not-summed: dx", lambda s: list(not_summed(s.shares)))(
        "There is one map for each pair of filter and input channel; the shares of the filters must be added:"
        " dx[c] = Σ_f (share of filter f)."
    ),
    conv("channels-summed: dx")(
        "The sum went over the input channels. Each input channel has its own gradient; the sum goes over the filters:"
        " dx[c] = Σ_f (share of filter f).",
        lambda s: (
            s.x.shape[1] > 1
            and [
                s.sum(s.again(), 1, keep=True),
                lambda: s.layer.groups == 1 and np.stack([s.sum(share, 1) for share in s.shares], 1),
            ]
        ),
    ),
    conv("weight-axes-swapped: dx", lambda s: s.again(weight=swapped(s)))(
        "The first two axes of the weight were swapped: filter f lies on channel c with w[f,c], and dx[c] sums over f."
    ),
    ONE_KERNEL.of("dx"),
    conv("weight-axes-swapped: dweight", lambda s: s.again().swapaxes(0, 1))(
        "The first two axes were swapped: dw[f,c] has the output channel first, as w has."
    ),
    conv("one-channel-only: dweight", one_channel)(
        "The same input channel was used throughout; dw[f,c] needs its own: dw[f,c] = Σ g[f] · x[c]."
    ),
    conv("channels-summed: dweight", lambda s: summed(s, s.input_axis))(
        "The input channels were added up; each pair of filter and input channel has its own gradient:"
        " dw[f,c] = Σ g[f] · x[c]."
    ),
    conv("filters-summed: dweight", lambda s: summed(s, 1 - s.input_axis))(
        "The filters were added up; each filter has its own gradient: dw[f,c] = Σ g[f] · x[c]."
    ),
    conv("filters-summed: dbias", lambda s: summed(s, 0))(
        "All feature maps were added up; each has its own bias: dbias[f] = Σ_i,j g[f,i,j]."
    ),
)
"""Those that show in the gradients alone."""
