"""What people get wrong in norms, here in those that take each sample by itself."""

from fractions import Fraction
from typing import Any

import numpy as np

from cnncalc.mistakes.batch_norm import BATCH_NORM
from cnncalc.mistakes.take import Take, mistake


def root(s: Take) -> Any:
    """1 / √(var + eps), along x."""
    return s.layer._root(s.numbers, s.var)


PER_SAMPLE = (
    mistake("affine-forgotten: y", lambda s: s.xhat)(
        "Scale and offset were left out: y = gamma · xhat + beta.", "漏了缩放与平移：y = gamma · xhat + beta。"
    ),
    mistake("statistics-as-constants: dx")(
        "Mean and variance were taken as constants; they depend on x, so the means of dxhat and of dxhat · xhat are"
        " taken off.",
        "把均值与方差当成了常数；它们依赖于 x，应减去 dxhat 的均值与 xhat 乘以 dxhat · xhat 的均值。",
        lambda s: (s.layer._rows(s.layer.backward(s.numbers, s.g, s.scene.tensors)["dxhat"]) * root(s)).reshape(
            s.x.shape
        ),
    ),
)
"""The most specific first."""


def length(s: Take) -> Any:
    """That of each sample, along x."""
    return s.layer._along(getattr(s, s.layer.length), s.x)


def scaled(s: Take, unit: Any) -> Any:
    """y of an x that was divided otherwise."""
    return unit * s.gamma if s.layer.unit == "xhat" else unit


def in_whole(s: Take, values: Any) -> Any:
    """The sum of each sample, along x."""
    return s.layer._along(s.numbers.sum(values.reshape(len(values), -1), axis=1), s.x)


ROOT_FORGOTTEN = mistake("root-forgotten: y", lambda s: scaled(s, s.x / length(s) / length(s)))(
    "It was divided by the sum (or mean) of the squares itself; its square root was forgotten.",
    "除以了平方和（或平方的均值）本身，漏了开平方根。",
)
CONSTANT = mistake("length-as-constant: dx", lambda s: s.scene.backward().get("dxhat", s.g) / length(s))(
    "The length that x is divided by was taken as a constant; it depends on x, so the part of the gradient along the"
    " normalized x is taken off.",
    "把作为除数的长度当成了常数；它依赖于 x，应减去梯度沿归一化后的 x 方向的分量。",
)
BY_LENGTH = {
    "local_response_norm": (
        mistake("~divided-otherwise: y base")(
            "alpha was divided by the size, or not; this problem says which by `over`.",
            "α 是否除以 `size` 取法不同；本题由 `over` 规定。",
            lambda s: s.again(s.options(over="sum" if s.layer.over == "mean" else "mean")),
        ),
        mistake("k-forgotten: y base", lambda s: s.again(s.options(k=0)))(
            "The constant k was left out of the base.", "底数中漏加了常数 k。"
        ),
        mistake("root-for-power: y", lambda s: s.again(s.options(beta=Fraction(1, 2))))(
            "The root was taken; the exponent is beta.", "开了平方根；指数应为 beta。"
        ),
        mistake("base-as-constant: dx", lambda s: s.g * s.layer.power(s.numbers, s.base))(
            "The base was taken for a constant; it depends on x as well.", "把底数当成了常数；它也依赖于 x。"
        ),
    ),
    "rms_norm": (
        mistake("scale-forgotten: y", lambda s: s.xhat)(
            "The scale was left out: y = gamma · xhat.", "漏了缩放：y = gamma · xhat。"
        ),
        mistake("mean-subtracted: y xhat", lambda s: s.again(x=s.x - in_whole(s, s.x) / s.x[0].size))(
            "The mean was taken off first, as in layer norm; RMS norm divides x itself by its root mean square.",
            "先减去了均值，这是层归一化的做法；RMSNorm 直接用 x 除以其均方根。",
        ),
        mistake("summed-for-mean: y xhat")(
            "It was divided by the L2 norm; RMS norm takes the mean of the squares under the root, not their sum.",
            "除以了 L2 范数；RMSNorm 的根号内是平方的均值，而不是平方和。",
            lambda s: (
                (s.y if s.tensor == "y" else s.xhat)
                * length(s)
                / s.layer._along(s.numbers.sqrt(in_whole(s, s.x * s.x).ravel() + s.number(s.layer.eps)), s.x)
            ),
        ),
        ROOT_FORGOTTEN,
        CONSTANT,
    ),
    "l2_normalize": (
        ROOT_FORGOTTEN,
        mistake("absolute-sum-for-norm: y", lambda s: s.x / in_whole(s, np.abs(s.x)))(
            "It was divided by the sum of its absolute values, the L1 norm; the L2 norm is the root of the sum of the"
            " squares.",
            "除以了绝对值之和（L1 范数）；L2 范数是平方和的平方根。",
        ),
        CONSTANT,
    ),
}

MISTAKES = {
    "batch_norm": BATCH_NORM,
    **dict.fromkeys(("layer_norm", "group_norm", "instance_norm"), PER_SAMPLE),
    **BY_LENGTH,
}
