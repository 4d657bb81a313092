"""What people get wrong in a cross-entropy, −Σ t · log(p), and in its gradient at the probabilities, −t / p."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cnncalc.layers.activations.softmax import Softmax
from cnncalc.mistakes.losses.reduction import OF_EVERY_LOSS, OfLoss, loss
from cnncalc.mistakes.take import need

CONSTANTS = tuple(Decimal(f"1e-{digits}") for digits in (5, 6, 7, 8, 9, 10, 12, 15))
RIGHT = "L = −Σ_k t_k · log(p_k)"


def over_sum(s: OfLoss) -> Any:
    z = s.from_layer(Softmax).x
    sums = s.sum(z, 1, keep=True)
    need(not s.numbers.is_equal(sums, 0).any())
    return s.again(x=z / sums)


def binary(s: OfLoss) -> Any:
    other = s.again(x=1 - s.x, target=1 - s.target)
    both = s.again() + (other if s.tensor == "y" else -other)
    return [both, both / s.x.shape[1]]


def squared(s: OfLoss) -> Any:
    difference = s.x - s.target
    return [s.total(difference * difference) / divisor for divisor in (1, 2, difference.shape[1])]


def softmax_twice(s: OfLoss) -> Any:
    again = s.from_layer(Softmax).again(of="y", x=s.x)
    return s.again(x=again) if s.tensor == "y" else s.divided(again - s.target)


WRONG_CLASS = loss("wrong-class: y dx")(
    "Another class than the target's was taken for the right one; maybe classes were counted from 0 instead of 1, or"
    " the other way round.",
    "把别的类当成了正确类；可能是类别编号从 0 还是从 1 开始弄错了。",
    lambda s: s.at(*s.other_classes),
)
SOFTMAX_TWICE = loss("softmax-twice: y dx")(
    "The softmax was applied twice: this loss takes the probabilities p as they are and applies no softmax of its own.",
    "softmax 做了两次：本题的损失直接用概率 p，自身不再做 softmax。",
    softmax_twice,
)
LOGARITHM_BASE = loss("logarithm-base: y dx")(
    "The logarithm to base 2 or 10 was taken; cross-entropy here takes the natural logarithm, ln.",
    "用了以 2 或 10 为底的对数；本题的交叉熵用自然对数 ln。",
    lambda s: s.in_bases(),
)
LOGARITHM_FORGOTTEN = loss("logarithm-forgotten: y dx")(
    f"The logarithm is missing: {RIGHT}, and its derivative is −t_k / p_k.",
    f"漏了对数：{RIGHT}，其导数为 −t_k / p_k。",
    lambda s: 0 - (s.total(s.target * s.x) if s.tensor == "y" else s.divided(s.target)),
)
MEAN_OVER_CLASSES = loss("mean-over-classes: y dx", RIGHT)(
    "The mean over the classes was taken; cross-entropy is their sum",
    "对类别取了平均；交叉熵对类别求和",
    lambda s: s.again() / s.x.shape[1],
)
BINARY = loss("binary-cross-entropy: y dx")(
    "This is the binary cross-entropy, which also contains (1 − t_k) · log(1 − p_k) for every class; after a softmax it"
    f" is {RIGHT}.",
    f"这是二元交叉熵，对每个类还多了 (1 − t_k) · log(1 − p_k) 项；softmax 之后应为 {RIGHT}。",
    binary,
)
CONSTANT = loss("~constant-in-logarithm: y dx")(
    "a small constant was added to the probabilities, log(p + 1e-7) or the like, as programs do to avoid log 0. This"
    " problem takes log(p) itself.",
    "对数中的概率加了一个小常数（如 log(p + 1e-7)，程序用来避免 log 0）；本题直接取 log(p)。",
    lambda s: [s.again(x=s.x + s.number(constant)) for constant in CONSTANTS],
)

MISTAKES = (
    WRONG_CLASS.of("y"),
    SOFTMAX_TWICE.of("y"),
    loss("logarithm-of-logit: y", RIGHT)(
        "The logarithm was taken of the logit; it is taken of the probability that softmax gives",
        "对 logit 取了对数；应对 softmax 得到的概率取对数",
        lambda s: s.again(x=s.from_layer(Softmax).x),
    ),
    loss("exponentials-forgotten: y")(
        "The logits were divided by their sum; the probabilities are p_k = exp(z_k) / Σ_j exp(z_j).",
        "直接用 logits 除以它们的和；概率应为 p_k = exp(z_k) / Σ_j exp(z_j)。",
        over_sum,
    ),
    LOGARITHM_BASE.of("y"),
    LOGARITHM_FORGOTTEN.of("y"),
    loss("target-forgotten: y", RIGHT)(
        "Every class was counted; the target t leaves only the right class",
        "把所有类都算进去了；目标 t 只保留正确类",
        lambda s: 0 - s.total(s.numbers.log(s.x)),
    ),
    MEAN_OVER_CLASSES.of("y"),
    BINARY.of("y"),
    loss("target-and-probabilities-swapped: y", RIGHT)(
        "Target and probabilities were swapped; the logarithm is taken of p",
        "目标与概率的位置互换了；应对 p 取对数",
        lambda s: s.again(x=s.target, target=s.x),
    ),
    loss("entropy-of-probabilities: y", RIGHT)(
        "This is the entropy of the probabilities, −Σ_k p_k · log(p_k), or a term of it; in cross-entropy the target"
        " t is the weight",
        "这是概率自身的熵 −Σ_k p_k · log(p_k)（或其中一项）；交叉熵以目标 t 为权重",
        lambda s: s.at(s.x, s.x * s.target),
    ),
    loss("divergence-for-cross-entropy: y")(
        "This is the Kullback-Leibler divergence, Σ_k t_k · log(t_k / p_k); cross-entropy is −Σ_k t_k · log(p_k), from"
        " which the entropy of the target is not subtracted.",
        "这是 KL 散度 Σ_k t_k · log(t_k / p_k)；交叉熵为 −Σ_k t_k · log(p_k)，不减去目标的熵。",
        lambda s: s.again() - s.again(x=s.target),
    ),
    loss("squared-error-for-cross-entropy: y")(
        "This is a squared error, Σ_k (p_k − t_k)² or a fraction of it; cross-entropy is −Σ_k t_k · log(p_k).",
        "这是平方误差 Σ_k (p_k − t_k)²（或其若干分之一）；交叉熵为 −Σ_k t_k · log(p_k)。",
        squared,
    ),
    CONSTANT.of("y"),
    loss("gradient-at-logits: dx")(
        "This is p − t, the gradient at the logits, before the softmax; at the probabilities it is −t_k / p_k.",
        "p − t 是对 logits（softmax 之前）的梯度；对概率的梯度是 −t_k / p_k。",
        lambda s: s.from_layer(Softmax) and s.divided(s.x - s.target),
    ),
    WRONG_CLASS.of("dx"),
    loss("target-forgotten: dx")(
        "Every class was given a gradient; the target t leaves only that of the right class: dL/dp_k = −t_k / p_k.",
        "每个类都写了梯度；目标 t 只保留正确类的梯度：dL/dp_k = −t_k / p_k。",
        lambda s: s.again(target=s.ones(s.x)),
    ),
    LOGARITHM_FORGOTTEN.of("dx"),
    loss("logarithm-not-differentiated: dx")(
        "The logarithm was not differentiated: this is −t_k · log(p_k); its derivative is −t_k / p_k.",
        "没有对对数求导，仍是 −t_k · log(p_k)；其导数为 −t_k / p_k。",
        lambda s: [s.divided(0 - target * s.numbers.log(s.x)) for target in (s.target, s.ones(s.x))],
    ),
    SOFTMAX_TWICE.of("dx"),
    LOGARITHM_BASE.of("dx"),
    MEAN_OVER_CLASSES.of("dx"),
    BINARY.of("dx"),
    CONSTANT.of("dx"),
    *OF_EVERY_LOSS,
)
"""The most specific first."""
