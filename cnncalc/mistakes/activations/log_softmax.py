"""What people get wrong in a log-softmax; z are the logits, p the probabilities."""

from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.activations.softmax import Softmax
from cnncalc.losses.of_classes import CrossEntropy, NegativeLogLikelihood
from cnncalc.mistakes.activations.softmax import combined, in_p_minus_t
from cnncalc.mistakes.losses.reduction import BASES
from cnncalc.mistakes.take import Records, Take, Way, need
from cnncalc.scene import Scene

WITH_NLL = Phrase(
    " With nll behind the log-softmax, dz = p − t: p_k − 1 at the target class, p_k at every other (over N, if the loss"
    " is the mean over N samples).",
    "log-softmax 后接 nll 时 dz = p − t：目标类为 p_k − 1，其余各类为 p_k（损失对 N 个样本取平均时再除以 N）。",
)


class Logarithmic(Take):
    """A log-softmax, with its probabilities and sums over the classes."""

    @property
    def p(self) -> Any:
        return Softmax().forward(self.numbers, self.x, {})["y"]

    def total(self, a: Any) -> Any:
        """Each sample's sum, as (N, 1)."""
        return self.sum(a, 1, keep=True)

    def log_total(self, a: Any) -> Any:
        """The logarithm of each sample's sum of exponentials."""
        return self.numbers.log(self.total(self.numbers.exp(a)))


in_y = Records(Logarithmic, "y", Phrase(": y_k = z_k − log(Σ_j exp(z_j)).", "：y_k = z_k − log(Σ_j exp(z_j))。"))
in_dx = Records(
    Logarithmic,
    "dx",
    Phrase(
        ": dz_k = g_k − p_k · Σ_j g_j, with the probabilities p_k = exp(y_k).",
        "：dz_k = g_k − p_k · Σ_j g_j，其中概率 p_k = exp(y_k)。",
    ),
)


def over_batch(s: Logarithmic, a: Any) -> list[Any]:
    """Sums over the samples, and over everything."""
    return [s.sum(a, 0), s.sum(a, 0, 1).reshape(1, 1)] if len(s.x) > 1 else []


def as_of_softmax(way: Way, s: Take) -> Any:
    """What a mistake in softmax and cross-entropy makes of log-softmax and nll, which are the same together."""
    need(isinstance(s.after.layer, NegativeLogLikelihood))
    p, target, chain = Softmax().forward(s.numbers, s.x, {})["y"], s.after.target, list[Scene]()
    loss = CrossEntropy(reduction=s.after.layer.reduction)
    chain.append(Scene(Softmax(), s.numbers, {"x": s.x, "y": p}, {"x": "z", "y": "p"}, chain))
    chain.append(Scene(loss, s.numbers, {"x": p, "target": target}, {"x": "p", "target": "t", "y": "L"}, chain))
    return combined(way, Take(chain[0], "dx"))


MISTAKES = (
    in_y("logarithm-forgotten", lambda s: s.p)(
        "These are the probabilities of the softmax; their logarithms are asked for", "这是 softmax 的概率；应取其对数"
    ),
    in_y("logarithm-base")(
        "The logarithm to base 2 or 10 was taken; log is the natural logarithm, ln, here",
        "用了以 2 或 10 为底的对数；本题的 log 为自然对数 ln",
        lambda s: [y for base in BASES for y in (s.again() / s.log(base), s.x - s.log_total(s.x) / s.log(base))],
    ),
    in_y("exponentials-forgotten")(
        "The sum was taken of the logits themselves, not of their exponentials",
        "直接对 logits 求和，没有先取指数",
        lambda s: s.x - s.numbers.log(s.total(s.x)),
        lambda s: s.numbers.log(s.x / s.total(s.x)),
    ),
    in_y("logarithm-of-logit", lambda s: s.numbers.log(s.x))(
        "The logarithm was taken of the logits; it is taken of the probabilities", "对 logits 取了对数；应对概率取对数"
    ),
    in_y("logarithm-of-sum-forgotten", lambda s: s.x - s.total(s.numbers.exp(s.x)))(
        "The sum of the exponentials was subtracted without its logarithm", "减去了指数之和，漏了对它取对数"
    ),
    in_y("logarithm-of-sum-as-sum", lambda s: s.x - s.total(s.x))(
        "The logarithm of the sum was taken for the sum of the logarithms, that is, Σ_j z_j",
        "把和的对数当成了对数的和（即 Σ_j z_j）",
    ),
    in_y("not-normalized", lambda s: s.x - s.numbers.largest(s.x))(
        "The largest logit was subtracted, and nothing else; the logarithm of the sum is still to be subtracted",
        "只减去了最大的 logit；还应减去指数之和的对数",
    ),
    in_y("shifted-in-one-part-only")(
        "The largest logit m was subtracted in one of the two parts only; it must be both or neither, as in (z_k − m) −"
        " log(Σ_j exp(z_j − m))",
        "最大的 logit m 只在其中一部分减去了；应同时减（(z_k − m) − log(Σ_j exp(z_j − m))）或都不减",
        lambda s: s.x - s.log_total(s.x - s.numbers.largest(s.x)),
        lambda s: s.x - s.numbers.largest(s.x) - s.log_total(s.x),
    ),
    in_y("plus-for-minus", lambda s: s.x * 2 - s.again())(
        "The logarithm of the sum was added; it is subtracted", "加上了指数之和的对数；应当减去"
    ),
    in_y("softmax-twice", lambda s: s.again(x=s.p))(
        "The softmax was applied twice, the second time to the probabilities", "softmax 做了两次，第二次作用在概率上"
    ),
    in_y("softmax-over-batch", lambda s: [s.x - s.numbers.log(total) for total in over_batch(s, s.numbers.exp(s.x))])(
        "The exponentials were summed over the samples; each sample is normalized by itself, over its classes",
        "指数跨样本求和了；应对每个样本各自在类别上归一化",
    ),
    in_dx("derivative-plus-for-minus", lambda s: s.g + s.p * s.total(s.g))(
        "p · Σ g was added; it is subtracted", "加上了 p · Σ g；应当减去"
    ),
    in_dx("probability-added", lambda s: s.g + s.p)(
        "The probability was added to g; it is subtracted, times the sum of all g",
        "把概率加到了 g 上；应减去概率乘以所有 g 之和",
    ),
    in_dx("derivative-of-softmax", lambda s: [s.p * (s.g + sign * s.total(s.g * s.p)) for sign in (-1, 1)])(
        "This is the derivative of the softmax itself, without the logarithm", "这是 softmax 本身的导数，漏了对数"
    ),
    in_dx("derivative-forgotten", lambda s: s.g)(
        "The gradient at the log-probabilities was passed on as that at the logits; it must go back through the"
        " log-softmax",
        "把对 log 概率的梯度当成了对 logits 的梯度；应先反向传播经过 log-softmax",
    ),
    in_dx("gradients-not-summed", lambda s: [s.g - s.p, s.g - s.p * s.g])(
        "The sum of all g is missing; every logit changes every log-probability",
        "漏了对所有 g 求和；每个 logit 都影响所有 log 概率",
    ),
    in_dx("sum-weighted-by-probabilities", lambda s: [s.g - s.p * (weighted := s.total(s.g * s.p)), s.g - weighted])(
        "The sum of g was weighted by the probabilities, as for the softmax; here it is the plain sum of all g",
        "对 g 求和时按概率加了权（那是 softmax 的公式）；这里是所有 g 的直接求和",
    ),
    in_dx("logarithm-for-probability", lambda s: [s.g - one * s.total(s.g) for one in (s.y, s.x)])(
        "The log-probability or the logit was used where the probability belongs",
        "应使用概率的地方用了 log 概率或 logit",
    ),
    in_dx("softmax-diagonal-only", lambda s: s.g * (1 - s.p))(
        "Only the diagonal of the derivative was used, g_k · (1 − p_k); every logit changes every log-probability",
        "只用了导数矩阵的对角线 g_k · (1 − p_k)；每个 logit 都影响所有 log 概率",
    ),
    in_dx("upstream-forgotten", lambda s: [1 - s.p, 1 - s.p * s.x.shape[1]])(
        "The upstream gradient g is missing (1 was used)", "漏了上游梯度 g（当作了 1）"
    ),
    in_dx("softmax-over-batch", lambda s: [s.g - s.p * total for total in over_batch(s, s.g)])(
        "The g of all samples were added; each sample has its own sum, over its classes",
        "把所有样本的 g 加在了一起；应对每个样本各自在类别上求和",
    ),
    *in_p_minus_t(WITH_NLL, as_of_softmax),
)
"""The most specific first; at the end those in p − t, with nll behind."""
