"""What people get wrong when they count the multiplications of a layer."""

from __future__ import annotations

from math import prod

from cnncalc.mistakes.quantities.counts import FORGOTTEN_CHANNELS, GROUPS, LEFT_OUT, ONE_KERNEL, ONE_SIDE
from cnncalc.mistakes.quantities.sized import Sized
from cnncalc.mistakes.take import need, slip


def with_additions(s: Sized) -> list[int]:
    count, outputs = s.multiplications, prod(s.y)
    need(count)
    return [count + additions for additions in (count, count - outputs, count + outputs)]


def with_biases(s: Sized) -> list[int]:
    need(s.biases and s.multiplications)
    return [s.multiplications + prod(s.y), s.multiplications + s.biases]


MISTAKES = (
    slip("~multiply-and-add")(
        "Another convention: additions were counted as well (two operations for each product). Here only"
        " multiplications count.",
        "另一种约定：把加法也计入了（每个乘积计两次运算）。本题只计乘法。",
        with_additions,
    ),
    slip("one-position-only")(
        "This is the count for one output position; the kernels are laid on each of the oH · oW positions.",
        "这是一个输出位置的乘法次数；卷积核要在 oH · oW 个位置上各计算一次。",
        lambda s: s.kernel and s.weights,
    ),
    slip("bias-counted")(
        "The biases were counted; they are added, not multiplied.",
        "计入了偏置；偏置只做加法，不做乘法。",
        with_biases,
    ),
    FORGOTTEN_CHANNELS(lambda s: s.multiplications // s.inputs),
    ONE_KERNEL(lambda s: s.kernel and s.multiplications // s.y[0]),
    GROUPS(lambda s: s.multiplications * s.groups),
    slip("positions-of-other-image")(
        "Multiplied by the positions of the wrong image: a convolution computes one sum for each position of its"
        " output, a transposed one stamps the kernel for each position of its input.",
        "乘错了位置数：卷积对输出的每个位置各计算一次；转置卷积对输入的每个位置各印一次卷积核。",
        lambda s: s.kernel and [s.weights * prod(image[1:]) for image in (s.x, s.y)],
    ),
    ONE_SIDE(lambda s: s.multiplications // s.kernel[1]),
    slip("kernel-cells-forgotten")(
        "The k · k cells of the kernel were left out; each of them takes a multiplication.",
        "漏掉了卷积核的 k · k 个元素；每个元素各做一次乘法。",
        lambda s: s.multiplications // prod(s.kernel),
    ),
    slip("parameters-for-multiplications")(
        "This is the number of parameters; each weight is multiplied once at every position.",
        "这是参数个数；每个权重在每个位置上各做一次乘法。",
        lambda s: s.kernel and s.biases > 0 and s.weights + s.biases,
    ),
    slip("~batch-counted")(
        "Another convention: counted for the whole mini-batch. Here the count is for one sample.",
        "另一种约定：按整个小批量计数。本题按一个样本计数。",
        lambda s: [s.multiplications * samples for samples in s.batch],
    ),
    LEFT_OUT,
)
