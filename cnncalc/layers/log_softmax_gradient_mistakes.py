"""What people get wrong in a log-softmax's gradient; z are the logits, p the probabilities."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from cnncalc.language import Phrase
from cnncalc.layers.log_softmax_forward_mistakes import probabilities, sums
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.softmax import Softmax
from cnncalc.layers.softmax_cross_entropy_mistakes import CROSS_ENTROPY
from cnncalc.layers.softmax_gradient_mistakes import P_MINUS_T
from cnncalc.losses.cross_entropy import CrossEntropy
from cnncalc.losses.nll import NegativeLogLikelihood

GRADIENT = "dz_k = g_k − p_k · Σ_j g_j"


def _plus_in_gradient(scene: Scene) -> Wrong:
    yield scene["g"] + probabilities(scene) * sums(scene, scene["g"])


def _plus_probability(scene: Scene) -> Wrong:
    yield scene["g"] + probabilities(scene)


def _sum_forgotten(scene: Scene) -> Wrong:
    p = probabilities(scene)
    yield scene["g"] - p
    yield scene["g"] - p * scene["g"]


def _skipped(scene: Scene) -> Wrong:
    yield scene["g"]


def _of_softmax(scene: Scene) -> Wrong:
    g, p = scene["g"], probabilities(scene)
    yield p * (g - sums(scene, g * p))
    yield p * (g + sums(scene, g * p))


def _weighted_sum(scene: Scene) -> Wrong:
    g, p = scene["g"], probabilities(scene)
    yield g - p * sums(scene, g * p)
    yield g - sums(scene, g * p)


def _log_for_probability(scene: Scene) -> Wrong:
    g = scene["g"]
    yield g - scene["y"] * sums(scene, g)
    yield g - scene["x"] * sums(scene, g)


def _diagonal(scene: Scene) -> Wrong:
    yield scene["g"] * (1 - probabilities(scene))


def _upstream_forgotten(scene: Scene) -> Wrong:
    p = probabilities(scene)
    yield 1 - p
    yield 1 - p * p.shape[1]


def _sum_over_batch(scene: Scene) -> Wrong:
    if len(scene["x"]) > 1:
        g = scene["g"]
        yield g - probabilities(scene) * scene.numbers.sum(g, axis=0)
        yield g - probabilities(scene) * scene.numbers.sum(g, axis=(0, 1)).reshape(1, 1)


# The gradient with nll behind it: p − t, as of a softmax with a cross-entropy


def _as_of_softmax(rule: Callable[[Scene], Wrong]) -> Callable[[Scene], Wrong]:
    """What a rule for softmax and cross-entropy makes of log-softmax and nll, which are the same together."""

    def made(scene: Scene) -> Wrong:
        after = scene.after
        if after is None or not isinstance(after.layer, NegativeLogLikelihood):
            return
        p = probabilities(scene)
        chain: list[Scene] = []
        chain.append(Scene(Softmax(), scene.numbers, {"x": scene["x"], "y": p}, chain, 0))
        loss = CrossEntropy(reduction=after.layer.reduction)
        chain.append(Scene(loss, scene.numbers, {"x": p, "target": after["target"]}, chain, 1))
        yield from rule(chain[0])

    return made


def _with_nll() -> Iterator[Mistake]:
    for mistake in CROSS_ENTROPY:
        phrase = Phrase(
            en=mistake.phrase.en.replace(P_MINUS_T.en, WITH_NLL.en),
            zh=mistake.phrase.zh.replace(P_MINUS_T.zh, WITH_NLL.zh),
        )
        yield Mistake(mistake.code, mistake.tensor, phrase, _as_of_softmax(mistake.rule), mistake.kind)


def _dz(en: str, zh: str) -> Phrase:
    return Phrase(
        en=f"{en}: {GRADIENT}, with the probabilities p_k = exp(y_k).",
        zh=f"{zh}：{GRADIENT}，其中概率 p_k = exp(y_k)。",
    )


WITH_NLL = Phrase(
    en=" With nll behind the log-softmax, dz = p − t: p_k − 1 at the target class, p_k at every other (over N, if the"
    " loss is the mean over N samples).",
    zh="log-softmax 后接 nll 时 dz = p − t：目标类为 p_k − 1，其余各类为 p_k（损失对 N 个样本取平均时再除以 N）。",
)

GRADIENTS: tuple[Mistake, ...] = (
    Mistake(
        "derivative-plus-for-minus",
        "dx",
        _dz("p · Σ g was added; it is subtracted", "加上了 p · Σ g；应当减去"),
        _plus_in_gradient,
    ),
    Mistake(
        "probability-added",
        "dx",
        _dz(
            "The probability was added to g; it is subtracted, times the sum of all g",
            "把概率加到了 g 上；应减去概率乘以所有 g 之和",
        ),
        _plus_probability,
    ),
    Mistake(
        "derivative-of-softmax",
        "dx",
        _dz("This is the derivative of the softmax itself, without the logarithm", "这是 softmax 本身的导数，漏了对数"),
        _of_softmax,
    ),
    Mistake(
        "derivative-forgotten",
        "dx",
        _dz(
            "The gradient at the log-probabilities was passed on as that at the logits; it must go back through the"
            " log-softmax",
            "把对 log 概率的梯度当成了对 logits 的梯度；应先反向传播经过 log-softmax",
        ),
        _skipped,
    ),
    Mistake(
        "gradients-not-summed",
        "dx",
        _dz(
            "The sum of all g is missing; every logit changes every log-probability",
            "漏了对所有 g 求和；每个 logit 都影响所有 log 概率",
        ),
        _sum_forgotten,
    ),
    Mistake(
        "sum-weighted-by-probabilities",
        "dx",
        _dz(
            "The sum of g was weighted by the probabilities, as for the softmax; here it is the plain sum of all g",
            "对 g 求和时按概率加了权（那是 softmax 的公式）；这里是所有 g 的直接求和",
        ),
        _weighted_sum,
    ),
    Mistake(
        "logarithm-for-probability",
        "dx",
        _dz(
            "The log-probability or the logit was used where the probability belongs",
            "应使用概率的地方用了 log 概率或 logit",
        ),
        _log_for_probability,
    ),
    Mistake(
        "softmax-diagonal-only",
        "dx",
        _dz(
            "Only the diagonal of the derivative was used, g_k · (1 − p_k); every logit changes every log-probability",
            "只用了导数矩阵的对角线 g_k · (1 − p_k)；每个 logit 都影响所有 log 概率",
        ),
        _diagonal,
    ),
    Mistake(
        "upstream-forgotten",
        "dx",
        _dz("The upstream gradient g is missing (1 was used)", "漏了上游梯度 g（当作了 1）"),
        _upstream_forgotten,
    ),
    Mistake(
        "softmax-over-batch",
        "dx",
        _dz(
            "The g of all samples were added; each sample has its own sum, over its classes",
            "把所有样本的 g 加在了一起；应对每个样本各自在类别上求和",
        ),
        _sum_over_batch,
    ),
    *_with_nll(),
)
"""The most specific first."""
