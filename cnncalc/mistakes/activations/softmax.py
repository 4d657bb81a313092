"""What people get wrong in a softmax: in its output, in p − t with a cross-entropy behind it, in any gradient."""

from collections.abc import Callable
from typing import Any

from cnncalc.language import Phrase
from cnncalc.losses.by_element import share
from cnncalc.losses.of_classes import CrossEntropy
from cnncalc.losses.squared_error import SquaredError
from cnncalc.mistakes.losses.of_classes import LOGARITHM_BASE, WRONG_CLASS
from cnncalc.mistakes.losses.reduction import BASES, REDUCTION, other_classes, other_reduction
from cnncalc.mistakes.take import Mistake, Records, Take, Way, mistake, need

P = "p_k = exp(z_k) / Σ_j exp(z_j)"
JACOBIAN = Phrase(
    " Every logit changes every probability: dz_k = p_k · (g_k − Σ_j g_j · p_j).",
    "每个 logit 都影响所有概率：dz_k = p_k · (g_k − Σ_j g_j · p_j)。",
)
P_MINUS_T = Phrase(
    " With cross-entropy behind the softmax, dz = p − t: p_k − 1 at the target class, p_k at every other (over N, if"
    " the loss is the mean over N samples).",
    "softmax 后接交叉熵时 dz = p − t：目标类为 p_k − 1，其余各类为 p_k（损失对 N 个样本取平均时再除以 N）。",
)

in_dx = Records(tensors="dx", ending=JACOBIAN)
before_loss = Records(tensors="dx", ending=P_MINUS_T)


def combined(way: Way, s: Take) -> Any:
    """A wrong p − t where a cross-entropy takes this softmax; divided by the loss's share of the mini-batch."""
    need(isinstance(s.after.layer, CrossEntropy))
    made = way(s, s.y, s.after.target)
    return [one / share(s.after.layer, s.y) for one in (made if isinstance(made, list) else [made])]


def powers(s: Take) -> Any:
    return s.numbers.exp(s.x)


def total(s: Take, a: Any) -> Any:
    return s.sum(a, 1, keep=True)


def other_temperatures(s: Take) -> Any:
    """None, or multiplied by it."""
    need(s.layer.temperature != 1)
    return [s.again(s.options(temperature=other)) for other in (1, s.layer.share)]


FORWARD = (
    mistake("temperature-forgotten: y dx", other_temperatures)(
        "The temperature T was left out, or the logits were multiplied by it: p_k = exp(z_k/T) / Σ_j exp(z_j/T), and dz"
        " is divided by T.",
        "漏掉了温度 T，或乘以了 T：p_k = exp(z_k/T) / Σ_j exp(z_j/T)，且 dz 还要除以 T。",
    ),
    mistake("softmax-twice: y", lambda s: s.again(x=s.again()), right=P)(
        "Softmax was applied twice, the second time to its own output; apply it once, to the logits z",
        "softmax 做了两次（又作用在自己的输出上）；应只对 logits z 做一次",
    ),
    mistake("exponentials-forgotten: y", lambda s: s.ratio(s.x, total(s, s.x)), right=P)(
        "The logits themselves were divided by their sum; softmax takes their exponentials first",
        "直接用 logits 除以它们的和；softmax 应先取指数",
    ),
    mistake("not-normalized: y")(
        f"The exponentials were not divided by their sum: {P}; the p_k add up to 1.",
        f"指数没有除以它们的和：{P}，各 p_k 之和为 1。",
        # exp(x − max x) is what the probabilities are in units of the largest one.
        lambda s: [powers(s), s.again() / s.numbers.largest(s.again())],
    ),
    mistake("own-exponential-left-out: y", right=P)(
        "The denominator lacks the class's own exponential; it is the sum over all classes",
        "分母漏掉了该类自己的指数；应对所有类求和",
        lambda s: s.x.shape[1] > 1 and powers(s) / (total(s, powers(s)) - powers(s)),
    ),
    mistake("shifted-in-numerator-only: y", lambda s: powers(s) / s.numbers.largest(powers(s)) / total(s, powers(s)))(
        "The largest logit m was subtracted in the numerator, but not in the denominator; it must be both or neither:"
        " p_k = exp(z_k − m) / Σ_j exp(z_j − m).",
        "只在分子中减去了最大的 logit m，分母没有减；应同时减或都不减：p_k = exp(z_k − m) / Σ_j exp(z_j − m)。",
    ),
    mistake("exponent-sign: y", lambda s: s.again(x=0 - s.x))(
        "The exponents have the wrong sign, exp(−z_k); softmax takes exp(z_k), so that the largest logit gets the"
        " largest probability.",
        "指数的符号反了，用了 exp(−z_k)；softmax 用 exp(z_k)，logit 最大的类概率最大。",
    ),
    mistake("softmax-over-batch: y", right=P)(
        "The exponentials were summed over the samples; each sample is normalized by itself, over its classes",
        "指数跨样本求和了；应对每个样本各自在类别上归一化",
        lambda s: len(s.x) > 1 and [powers(s) / s.sum(powers(s), *axes) for axes in ((0,), (0, 1))],
    ),
    mistake("sigmoid-for-softmax: y", lambda s: s.numbers.sigmoid(s.x), right=P)(
        "This is the sigmoid of each logit by itself, 1 / (1 + exp(−z_k)); softmax divides by the sum over the classes",
        "这是对每个 logit 单独做 sigmoid：1 / (1 + exp(−z_k))；softmax 要除以各类指数之和",
    ),
    mistake("exponential-base: y", lambda s: [s.again(x=s.x * s.log(base)) for base in BASES], right=P)(
        "Powers of 2 or 10 were taken; softmax takes powers of e", "用了以 2 或 10 为底的幂；softmax 以 e 为底"
    ),
)


def in_p_minus_t(right: Phrase, by: Callable[[Way, Any], Any] = combined) -> tuple[Mistake, ...]:
    """A wrong p − t, where a loss takes the layer with which it makes that; `right` says what dz is."""
    wrong = Records(tensors="dx", ending=right, by=by)
    return (
        wrong("minus-probability-at-target", lambda s, p, t: p * (1 - t * 2))(
            "The entry of the target class is −p_k instead of p_k − 1.", "目标类的分量写成了 −p_k，应为 p_k − 1。"
        ),
        wrong("target-not-subtracted", lambda s, p, t: p)(
            "The target t was not subtracted from the probabilities p.", "概率 p 没有减去目标 t。"
        ),
        wrong("sign-at-target", lambda s, p, t: p * (1 - t) + t * (1 - p))(
            "The entry of the target class is 1 − p_k, with the wrong sign.", "目标类的分量写成了 1 − p_k，符号反了。"
        ),
        wrong("one-minus-probability", lambda s, p, t: [1 - p, t * (1 - p)])(
            "The value 1 − p_k was taken for the gradient.", "把 1 − p_k 当成了梯度。"
        ),
        wrong("softmax-twice", lambda s, p, t: [s.again(g=(twice := s.again(of="y", x=p)) - t), twice - t])(
            "The softmax was applied twice, the second time to the probabilities.",
            "softmax 做了两次，第二次作用在概率上。",
        ),
        wrong.like(WRONG_CLASS, lambda s, p, t: [p - other for other in other_classes(t)]),
        wrong("binary-cross-entropy")(
            "This is the gradient of the binary cross-entropy, which also contains (1 − t_k) · log(1 − p_k).",
            "这是二元交叉熵的梯度（多了 (1 − t_k) · log(1 − p_k) 项）。",
            lambda s, p, t: [s.again(g=s.ratio(p - t, p * (1 - p))) / n for n in (1, p.shape[1])],
        ),
        Records(tensors="dx", by=by).like(LOGARITHM_BASE, lambda s, p, t: [(p - t) / s.log(base) for base in BASES]),
        wrong("mean-over-classes", lambda s, p, t: (p - t) / p.shape[1])(
            "This was divided by the number of classes; cross-entropy sums over them.",
            "多除以了类别数；交叉熵是对类别求和。",
        ),
    )


GRADIENT = (
    in_dx("shortcut-of-cross-entropy")(
        "The shortcut dz = p − t holds only where a cross-entropy follows the softmax; here it is a squared error.",
        "只有 softmax 后接交叉熵时才有 dz = p − t；本题用的是平方误差。",
        lambda s: (
            isinstance(s.after.layer, SquaredError)
            and [difference := s.y - s.after.target, difference / share(s.after.layer, difference)]
        ),
    ),
    in_dx("softmax-diagonal-only", lambda s: s.g * s.y * (1 - s.y))(
        "Only the diagonal of the softmax's Jacobian was used, g_k · p_k · (1 − p_k).",
        "只用了 softmax 的 Jacobian 矩阵的对角线：g_k · p_k · (1 − p_k)。",
    ),
    in_dx("softmax-probability-for-jacobian", lambda s: s.g * s.y)(
        "The gradient at the probabilities was multiplied by p_k alone, as if that were the derivative.",
        "对概率的梯度只乘了 p_k，把它当成了 softmax 的导数。",
    ),
    in_dx("softmax-diagonal-without-square", lambda s: s.again() + s.y * s.y * s.g)(
        "The diagonal of the softmax's Jacobian was taken as p_k; it is p_k · (1 − p_k).",
        "softmax 的 Jacobian 矩阵对角线取成了 p_k，应为 p_k · (1 − p_k)。",
    ),
    in_dx("derivative-plus-for-minus")(
        "The minus sign off the diagonal of the softmax's Jacobian is missing: ∂p_j/∂z_k = −p_j · p_k for j ≠ k.",
        "softmax 的 Jacobian 矩阵非对角元素漏了负号：j ≠ k 时 ∂p_j/∂z_k = −p_j · p_k。",
        lambda s: [s.y * (s.g + total(s, s.g * s.y) - own) for own in (s.g * s.y * 2, 0)],
    ),
    before_loss("derivative-applied-twice", lambda s: [s.again() * s.y * (1 - s.y), s.again(g=s.again())])(
        "The derivative of the softmax was multiplied in once more; the gradient contains it already.",
        "又多乘了一次 softmax 的导数，而梯度中已经包含它。",
    ),
    before_loss("times-probability", lambda s: s.again() * s.y)(
        "The gradient was multiplied by p once more.", "梯度又多乘了一次 p。"
    ),
    in_dx("derivative-forgotten", lambda s: s.g)(
        "The gradient at the probabilities was passed on as that at the logits; it must go back through the softmax.",
        "把对概率的梯度当成了对 logits 的梯度；应先反向传播经过 softmax。",
    ),
    in_dx("upstream-forgotten", lambda s: s.y * (1 - s.y))(
        "This is the softmax's own derivative p_k · (1 − p_k); the upstream gradient g is missing.",
        "这只是 softmax 自身的导数 p_k · (1 − p_k)，漏乘了上游梯度 g。",
    ),
    in_dx("log-softmax-derivative", lambda s: s.g - s.y * total(s, s.g))(
        "This is the gradient of a log-softmax, g_k − p_k · Σ_j g_j; this layer is a softmax.",
        "这是 log-softmax 的梯度：g_k − p_k · Σ_j g_j；本层是 softmax。",
    ),
    Records(tensors="dx").like(REDUCTION, lambda s: s.again(g=s.after.again(other_reduction(s.after), of="dx"))),
)

MISTAKES = (*FORWARD, *in_p_minus_t(P_MINUS_T), *GRADIENT)
"""The most specific first."""
