"""What people get wrong in a log-softmax; z are the logits, p the probabilities."""

from __future__ import annotations

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.softmax import Softmax, largest

BASES = (2, 10)
FORMULA = "y_k = z_k − log(Σ_j exp(z_j))"


def probabilities(scene: Scene, x: Array | None = None) -> Array:
    """The softmax of the logits, or of another x."""
    return Softmax().forward(scene.numbers, scene["x"] if x is None else x, {})["y"]


def sums(scene: Scene, x: Array) -> Array:
    """Each sample's sum, as (N, 1)."""
    return scene.numbers.sum(x, axis=1)[:, None]


def _logarithm(scene: Scene, base: int) -> Array:
    return scene.numbers.log(scene.numbers.full((), scene.numbers.number(base)))


def _softmax(scene: Scene) -> Wrong:
    yield probabilities(scene)


def _base(scene: Scene) -> Wrong:
    for base in BASES:
        yield scene.forward()["y"] / _logarithm(scene, base)
        yield scene["x"] - scene.numbers.log(sums(scene, scene.numbers.exp(scene["x"]))) / _logarithm(scene, base)


def _exponentials_forgotten(scene: Scene) -> Wrong:
    x = scene["x"]
    total = sums(scene, x)
    yield x - scene.numbers.log(total)
    yield scene.numbers.log(x / total)


def _log_of_logits(scene: Scene) -> Wrong:
    yield scene.numbers.log(scene["x"])


def _logarithm_of_sum_forgotten(scene: Scene) -> Wrong:
    yield scene["x"] - sums(scene, scene.numbers.exp(scene["x"]))


def _logarithms_summed(scene: Scene) -> Wrong:
    # The sum of log(exp(z)) for the logarithm of the sum.
    yield scene["x"] - sums(scene, scene["x"])


def _not_normalised(scene: Scene) -> Wrong:
    yield scene["x"] - largest(scene.numbers, scene["x"])


def _shift_lost(scene: Scene) -> Wrong:
    shifted = scene["x"] - largest(scene.numbers, scene["x"])
    yield scene["x"] - scene.numbers.log(sums(scene, scene.numbers.exp(shifted)))
    yield shifted - scene.numbers.log(sums(scene, scene.numbers.exp(scene["x"])))


def _plus(scene: Scene) -> Wrong:
    yield scene["x"] * 2 - scene.forward()["y"]


def _twice(scene: Scene) -> Wrong:
    yield scene.forward(x=probabilities(scene))["y"]


def _over_the_batch(scene: Scene) -> Wrong:
    if len(scene["x"]) > 1:
        powers = scene.numbers.exp(scene["x"])
        yield scene["x"] - scene.numbers.log(scene.numbers.sum(powers, axis=0))
        yield scene["x"] - scene.numbers.log(scene.numbers.sum(powers, axis=(0, 1)).reshape(1, 1))


def _y(en: str, zh: str) -> Phrase:
    return Phrase(en=f"{en}: {FORMULA}.", zh=f"{zh}：{FORMULA}。")


FORWARD: tuple[Mistake, ...] = (
    Mistake(
        "logarithm-forgotten",
        "y",
        _y(
            "These are the probabilities of the softmax; their logarithms are asked for",
            "这是 softmax 的概率；应取其对数",
        ),
        _softmax,
    ),
    Mistake(
        "logarithm-base",
        "y",
        _y(
            "The logarithm to base 2 or 10 was taken; log is the natural logarithm, ln, here",
            "用了以 2 或 10 为底的对数；本题的 log 为自然对数 ln",
        ),
        _base,
    ),
    Mistake(
        "exponentials-forgotten",
        "y",
        _y(
            "The sum was taken of the logits themselves, not of their exponentials",
            "直接对 logits 求和，没有先取指数",
        ),
        _exponentials_forgotten,
    ),
    Mistake(
        "logarithm-of-logit",
        "y",
        _y(
            "The logarithm was taken of the logits; it is taken of the probabilities",
            "对 logits 取了对数；应对概率取对数",
        ),
        _log_of_logits,
    ),
    Mistake(
        "logarithm-of-sum-forgotten",
        "y",
        _y("The sum of the exponentials was subtracted without its logarithm", "减去了指数之和，漏了对它取对数"),
        _logarithm_of_sum_forgotten,
    ),
    Mistake(
        "logarithm-of-sum-as-sum",
        "y",
        _y(
            "The logarithm of the sum was taken for the sum of the logarithms, that is, Σ_j z_j",
            "把和的对数当成了对数的和（即 Σ_j z_j）",
        ),
        _logarithms_summed,
    ),
    Mistake(
        "not-normalized",
        "y",
        _y(
            "The largest logit was subtracted, and nothing else; the logarithm of the sum is still to be subtracted",
            "只减去了最大的 logit；还应减去指数之和的对数",
        ),
        _not_normalised,
    ),
    Mistake(
        "shifted-in-one-part-only",
        "y",
        _y(
            "The largest logit m was subtracted in one of the two parts only; it must be both or neither, as in"
            " (z_k − m) − log(Σ_j exp(z_j − m))",
            "最大的 logit m 只在其中一部分减去了；应同时减（(z_k − m) − log(Σ_j exp(z_j − m))）或都不减",
        ),
        _shift_lost,
    ),
    Mistake(
        "plus-for-minus",
        "y",
        _y("The logarithm of the sum was added; it is subtracted", "加上了指数之和的对数；应当减去"),
        _plus,
    ),
    Mistake(
        "softmax-twice",
        "y",
        _y(
            "The softmax was applied twice, the second time to the probabilities",
            "softmax 做了两次，第二次作用在概率上",
        ),
        _twice,
    ),
    Mistake(
        "softmax-over-batch",
        "y",
        _y(
            "The exponentials were summed over the samples; each sample is normalized by itself, over its classes",
            "指数跨样本求和了；应对每个样本各自在类别上归一化",
        ),
        _over_the_batch,
    ),
)
