"""What people get wrong in the bias and the sums of a convolution, and what they use instead of x and g."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.mistakes.conv.laid import Laid, Windowed, conv
from cnncalc.mistakes.families import GRADIENT_AVERAGED, NEXT, NOT_SUMMED, ONE_SAMPLE_ONLY, samples
from cnncalc.mistakes.optimizers.descent import UPDATED_WEIGHT
from cnncalc.mistakes.take import need


def overwritten(s: Windowed) -> Any:
    """Where stamps overlap the later one stands alone, of all channels together or of the last one."""
    of_last = range(s.of_one_group(0) - 1, len(s.weight), s.of_one_group(0))
    (height, width), (rows, columns) = s.spans, s.layer.dilation
    for stamping in (s.stamping, s.only(s.stamping, 1, list(of_last))):
        # With strides as large as the stamps, these lie side by side.
        parts, canvas = s.stamps(stamping, stride=s.spans), s.numbers.zeros(s.stamps().shape)
        for i, j in np.ndindex(stamping.shape[2:]):
            part = parts[:, :, i * height : (i + 1) * height, j * width : (j + 1) * width]
            down, right = i * s.layer.stride[0], j * s.layer.stride[1]
            canvas[:, :, down : down + height : rows, right : right + width : columns] = part[:, :, ::rows, ::columns]
        yield s.trimmed(canvas)


def one_position(s: Laid, at: Any) -> Any:
    """Only one position of g, in all samples or in one, which is the last if the position is the last."""
    g = s.only(s.only(s.g, 2, at), 3, at)
    return [s.again(g=g), s.again(g=s.only(g, 0, at))]


def of_before(s: Laid) -> Any:
    need(s.before.x.shape == s.x.shape)
    return s.again(x=s.before.x)


def with_bias(s: Laid, bias: Any) -> Any:
    return "bias" in s.scene and s.again(bias=bias(s.bias))


FORWARD = (
    conv("bias-forgotten: y")(
        "The bias was forgotten: bias[f] is added to every cell of feature map f.",
        "忘了加偏置：特征图 f 的每个位置都要加上 bias[f]。",
        lambda s: with_bias(s, lambda b: b * 0),
    ),
    conv("bias-added-repeatedly: y")(
        "The bias was added once for each input channel; it is added once for each cell of the output.",
        "每个输入通道都加了一次偏置；输出的每个位置只加一次偏置。",
        lambda s: with_bias(s, lambda b: b * s.inputs),
    ),
    conv("bias-subtracted: y")(
        "The bias was subtracted; it is added: y[f] = … + bias[f].",
        "偏置被减去了；应当加上：y[f] = … + bias[f]。",
        lambda s: with_bias(s, lambda b: -b),
    ),
    conv("bias-of-first-filter: y")(
        "The first bias was added to every feature map; feature map f has its own, bias[f].",
        "所有特征图都加了第一个偏置；特征图 f 应加它自己的 bias[f]。",
        lambda s: with_bias(s, lambda b: np.broadcast_to(b[:1], b.shape)),
    ),
    conv("activation-skipped: y")(
        "The input of the layer before was used, not its output (for an activation: the values before it was applied).",
        "用了前一层的输入，而不是它的输出（例如用了激活函数作用之前的值）。",
        of_before,
    ),
)
"""Those that show in y."""

GRADIENT = (
    conv("overwritten: dx")(
        "Where windows overlap, the later one replaced the earlier one. Their shares are added: dx[window] +="
        " g[f,i,j] · w[f].",
        "窗口重叠处，后面的窗口覆盖了前面的结果。各窗口的贡献要累加：dx[窗口] += g[f,i,j] · w[f]。",
        overwritten,
    ),
    conv("positions-not-summed: dweight")(
        "Only the first window was used. A weight takes part in every output: dw[p,q] = Σ_i,j g[i,j] · x[i·s+p,"
        " j·s+q].",
        "只用了第一个窗口。每个权重都参与所有输出：dw[p,q] = Σ_i,j g[i,j] · x[i·s+p, j·s+q]。",
        lambda s: one_position(s, 0),
    ),
    conv("positions-not-summed: dbias")(
        "The upstream gradient g was not added up over the positions. The bias is in every cell of its feature map:"
        " dbias[f] = Σ_i,j g[f,i,j].",
        "没有对所有位置的上游梯度 g 求和。偏置作用于特征图的每个位置：dbias[f] = Σ_i,j g[f,i,j]。",
        lambda s: [s.g, s.sum(s.g, 0), *one_position(s, 0)],
    ),
    conv("one-axis-summed: dbias")(
        "The upstream gradient g was added up along one axis only; the sum goes over rows and columns: dbias[f] = Σ_i,j"
        " g[f,i,j].",
        "只沿一个方向求了和；应对行和列都求和：dbias[f] = Σ_i,j g[f,i,j]。",
        lambda s: [s.sum(s.g, 0, 2), s.sum(s.g, 0, 3)],
    ),
    conv("overwritten: dweight dbias")(
        "Only the last position was kept: each one replaced the one before. Their shares are added up (+=) over all"
        " positions, and over all samples of the mini-batch.",
        "只保留了最后一个位置的结果：后面的覆盖了前面的。所有位置（以及小批量中所有样本）的贡献要累加（+=）。",
        lambda s: one_position(s, -1),
    ),
    conv("not-summed-over-batch: dweight dbias")(*NOT_SUMMED, lambda s: np.stack(samples(s))),
    conv("one-sample-only: dweight dbias")(*ONE_SAMPLE_ONLY, samples),
    conv.like(
        GRADIENT_AVERAGED,
        lambda s: [s.again() / (s.g[0, 0].size * by) for by in (1, len(s.g))],
        tensors="dweight dbias",
    ),
    UPDATED_WEIGHT,
    *NEXT,
    conv("activation-skipped: dweight")(
        "The input of the layer before was used, not its output: dw = Σ g · x, where x is what the kernel lies on.",
        "用了前一层的输入，而不是它的输出：dw = Σ g · x，其中 x 是卷积核作用的输入。",
        of_before,
    ),
    conv("upstream-forgotten: dx")(
        "The upstream gradient g was left out (1 was used for every cell): dx = Σ g · w.",
        "漏乘了上游梯度 g（每个位置都当作 1）：dx = Σ g · w。",
        lambda s: s.again(g=s.ones(s.g)),
    ),
    conv("upstream-forgotten: dweight")(
        "The upstream gradient g was left out (1 was used for every cell): dw = Σ g · x.",
        "漏乘了上游梯度 g（每个位置都当作 1）：dw = Σ g · x。",
        lambda s: s.again(g=s.ones(s.g)),
    ),
    conv("upstream-forgotten: dbias")(
        "The upstream gradient g was left out: dbias[f] = Σ_i,j g[f,i,j], not the number of cells.",
        "漏了上游梯度 g：dbias[f] = Σ_i,j g[f,i,j]，而不是位置的个数。",
        lambda s: [s.again(g=s.ones(s.g)), s.ones(s.bias)],
    ),
)
"""Those that show in the gradients alone."""
