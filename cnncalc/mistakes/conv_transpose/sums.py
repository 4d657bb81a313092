"""What people get wrong in the bias and the sums of a transposed convolution, and what they use instead of x and g."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from cnncalc.mistakes.conv import sums as of_conv
from cnncalc.mistakes.conv.laid import Stamped, stamped
from cnncalc.mistakes.families import GRADIENT_AVERAGED, NEXT, NOT_SUMMED, ONE_SAMPLE_ONLY, samples
from cnncalc.mistakes.optimizers.descent import UPDATED_WEIGHT
from cnncalc.mistakes.take import Mistake


def of_convolution(tensor: str, *without: str) -> tuple[Mistake, ...]:
    """Those of a convolution that show in a tensor."""
    every = (*of_conv.FORWARD, *of_conv.GRADIENT)
    return tuple(one.of(tensor) for one in every if tensor in one.tensors and one.code not in without)


def bias_repeated(s: Stamped) -> Iterator[Any]:
    yield s.again(bias=s.bias * s.inputs)
    # With every stamp, from one channel or from each of them.
    stamps = s.layer.forward(s.numbers, s.ones(s.x), {"weight": s.ones(s.weight)})["y"]
    for times in (1, s.inputs):
        yield s.bare() + stamps / times * s.bias[:, None, None]


def one_stamp(s: Stamped, at: int) -> list[Any]:
    """Only one cell of each channel of x, in all samples or in one."""
    x = s.only(s.only(s.x, 2, at), 3, at)
    return [s.again(x=x), s.again(x=s.only(x, 0, at))]


BEHIND = (UPDATED_WEIGHT, *NEXT, *(one for one in of_conv.GRADIENT if one.code == "upstream-forgotten"))
FORWARD = (
    *of_convolution("y", "bias-added-repeatedly"),
    stamped("bias-added-repeatedly: y")(
        "The bias was added with every stamp or every input channel; it is added once for each cell of the output.",
        "每次印上卷积核或每个输入通道都加了一次偏置；输出的每个位置只加一次偏置。",
        bias_repeated,
    ),
)
GRADIENT = (
    stamped("positions-not-summed: dweight")(
        "Only the first stamp was used. A weight takes part in every stamp: dw[p,q] = Σ_i,j x[i,j] · g[i·s + p, j·s"
        " + q].",
        "只用了第一个输入元素。每个输入元素都印上了整个卷积核：dw[p,q] = Σ_i,j x[i,j] · g[i·s + p, j·s + q]。",
        lambda s: one_stamp(s, 0),
    ),
    stamped("overwritten: dweight")(
        "Only the last stamp was kept: each one replaced the one before. Their shares are added up (+=) over all"
        " cells of x, and over all samples of the mini-batch.",
        "只保留了最后一个输入元素的结果：后面的覆盖了前面的。x 的所有元素（以及小批量中所有样本）的贡献要累加（+=）。",
        lambda s: one_stamp(s, -1),
    ),
    stamped("not-summed-over-batch: dweight")(*NOT_SUMMED, lambda s: np.stack(samples(s))),
    stamped("one-sample-only: dweight")(*ONE_SAMPLE_ONLY, samples),
    stamped.like(
        GRADIENT_AVERAGED, lambda s: [s.again() / (s.x[0, 0].size * by) for by in (1, len(s.x))], tensors="dweight"
    ),
    *of_convolution("dbias", "filters-summed", *(one.code for one in BEHIND)),
    *BEHIND,
    stamped("activation-skipped: dweight")(
        "The input of the layer before was used, not its output: dw = Σ x · g, where x is what stamps the kernel.",
        "用了前一层的输入，而不是它的输出：dw = Σ x · g，其中 x 是本层的输入。",
        lambda s: s.before.x.shape == s.x.shape and s.again(x=s.before.x),
    ),
)
