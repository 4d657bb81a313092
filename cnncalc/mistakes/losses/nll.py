"""What people get wrong in a negative log-likelihood; x are log-probabilities, t is the target."""

from __future__ import annotations

from cnncalc.layers.activations.log_softmax import LogSoftmax
from cnncalc.mistakes.losses.cross_entropy import WRONG_CLASS
from cnncalc.mistakes.losses.reduction import OF_EVERY_LOSS, loss

RIGHT = "L = −Σ_k t_k · x_k"
TWICE = (
    f"The logarithm was taken once more; nll takes log-probabilities as given: {RIGHT}, dL/dx_k = −t_k.",
    f"又取了一次对数；nll 直接使用 log 概率：{RIGHT}，dL/dx_k = −t_k。",
)
TARGET_FORGOTTEN = loss("target-forgotten: y dx")(
    f"Every class was counted; the target t leaves only the right class: {RIGHT}, dL/dx_k = −t_k.",
    f"把所有类都算进去了；目标 t 只保留正确类：{RIGHT}，dL/dx_k = −t_k。",
    lambda s: s.again(target=s.ones(s.x)),
)
MEAN_OVER_CLASSES = loss("mean-over-classes: y dx", RIGHT)(
    "The mean over the classes was taken; nll is their sum",
    "对类别取了平均；nll 对类别求和",
    lambda s: s.again() / s.x.shape[1],
)

MISTAKES = (
    WRONG_CLASS.of("y"),
    loss("logarithm-forgotten: y", RIGHT)(
        "Probabilities were used; nll takes their logarithms, the log-probabilities x",
        "用了概率；nll 使用概率的对数，即 log 概率 x",
        lambda s: s.again(x=s.numbers.exp(s.x)),
    ),
    loss("logarithm-twice: y")(*TWICE, lambda s: [again := s.again(x=s.numbers.log(0 - s.x)), 0 - again]),
    loss("softmax-twice: y")(
        "The log-softmax was applied to probabilities, as if there were two softmaxes; it is applied once, to the"
        " logits.",
        "对概率又做了一次 log-softmax，相当于做了两次 softmax；应只对 logits 做一次。",
        lambda s: s.again(x=s.from_layer(LogSoftmax).again(x=s.numbers.exp(s.x))),
    ),
    loss("activation-skipped: y", RIGHT)(
        "The logits were used as they are, before the log-softmax; nll takes the log-probabilities behind it",
        "直接用了 log-softmax 之前的 logits；nll 使用其后的 log 概率",
        lambda s: s.again(x=s.from_layer(LogSoftmax).x),
    ),
    loss("logarithm-base: y")(
        "The logarithm to base 2 or 10 was taken; the log-probabilities here are natural logarithms, ln.",
        "用了以 2 或 10 为底的对数；本题的 log 概率为自然对数 ln。",
        lambda s: s.in_bases(),
    ),
    TARGET_FORGOTTEN.of("y"),
    MEAN_OVER_CLASSES.of("y"),
    loss("gradient-at-logits: dx")(
        "This is p − t, the gradient at the logits before the log-softmax; at its output it is −t_k.",
        "p − t 是对 logits（log-softmax 之前）的梯度；对 log 概率的梯度是 −t_k。",
        lambda s: s.from_layer(LogSoftmax) and s.divided(s.numbers.exp(s.x) - s.target),
    ),
    loss("gradient-at-probabilities: dx")(
        "This is −t_k / p_k, the gradient at the probabilities; at the log-probabilities it is −t_k.",
        "−t_k / p_k 是对概率的梯度；对 log 概率的梯度是 −t_k。",
        lambda s: s.again() / s.numbers.exp(s.x),
    ),
    loss("logarithm-twice: dx")(*TWICE, lambda s: not s.numbers.is_equal(s.x, 0).any() and s.again() / s.x),
    loss("not-differentiated: dx")(
        "The loss was not differentiated: this is −t_k · x_k or −x_k; the derivative by x_k is −t_k.",
        "没有求导，仍是 −t_k · x_k 或 −x_k；对 x_k 的导数为 −t_k。",
        lambda s: [s.divided(0 - target * s.x) for target in (s.target, s.ones(s.x))],
    ),
    WRONG_CLASS.of("dx"),
    TARGET_FORGOTTEN.of("dx"),
    MEAN_OVER_CLASSES.of("dx"),
    *OF_EVERY_LOSS,
)
"""The most specific first."""
