"""What people get wrong in the forward pass of a softmax."""

from __future__ import annotations

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _powers(scene: Scene) -> Array:
    return scene.numbers.exp(scene["x"])


def _over(scene: Scene, above: Array, below: Array) -> Array:
    """A quotient; raises what the layer raises where the divisor is 0."""
    if scene.numbers.is_equal(below, 0).any():
        raise ArithmeticError("division by 0")
    return above / below


def _applied_twice(scene: Scene) -> Wrong:
    yield scene.forward(x=scene.forward()["y"])["y"]


def _exponentials_forgotten(scene: Scene) -> Wrong:
    x = scene["x"]
    yield _over(scene, x, scene.numbers.sum(x, axis=1)[:, None])


def _not_normalised(scene: Scene) -> Wrong:
    powers = _powers(scene)
    yield powers
    shifted = scene.forward()["y"]
    # exp(x − max x) is what the probabilities are in units of the largest one.
    yield shifted / _largest(scene, shifted)


def _own_power_left_out(scene: Scene) -> Wrong:
    powers = _powers(scene)
    if powers.shape[1] > 1:
        yield powers / (scene.numbers.sum(powers, axis=1)[:, None] - powers)


def _shifted_above_only(scene: Scene) -> Wrong:
    powers = _powers(scene)
    largest = _largest(scene, powers)
    total = scene.numbers.sum(powers, axis=1)[:, None]
    yield powers / largest / total


def _negative_exponent(scene: Scene) -> Wrong:
    yield scene.forward(x=0 - scene["x"])["y"]


def _over_the_batch(scene: Scene) -> Wrong:
    if len(scene["x"]) > 1:
        powers = _powers(scene)
        yield powers / scene.numbers.sum(powers, axis=0)
        yield powers / scene.numbers.sum(powers, axis=(0, 1))


def _sigmoid(scene: Scene) -> Wrong:
    yield scene.numbers.sigmoid(scene["x"])


def _other_base(scene: Scene) -> Wrong:
    for base in (2, 10):
        logarithm = scene.numbers.log(scene.numbers.full((1,), scene.numbers.number(base)))
        yield scene.forward(x=scene["x"] * logarithm)["y"]


def _largest(scene: Scene, x: Array) -> Array:
    """Each sample's largest element, as (N, 1)."""
    largest = x[:, :1]
    for k in range(1, x.shape[1]):
        column = x[:, k : k + 1]
        largest = np.where(scene.numbers.is_greater(column, largest), column, largest)
    return largest


FORWARD = (
    Mistake(
        "softmax-twice",
        "y",
        Phrase(
            en="Softmax was applied twice, the second time to its own output; apply it once, to the logits z:"
            " p_k = exp(z_k) / Σ_j exp(z_j).",
            zh="softmax 做了两次（又作用在自己的输出上）；应只对 logits z 做一次：p_k = exp(z_k) / Σ_j exp(z_j)。",
        ),
        _applied_twice,
    ),
    Mistake(
        "exponentials-forgotten",
        "y",
        Phrase(
            en="The logits themselves were divided by their sum; softmax takes their exponentials first:"
            " p_k = exp(z_k) / Σ_j exp(z_j).",
            zh="直接用 logits 除以它们的和；softmax 应先取指数：p_k = exp(z_k) / Σ_j exp(z_j)。",
        ),
        _exponentials_forgotten,
    ),
    Mistake(
        "not-normalized",
        "y",
        Phrase(
            en="The exponentials were not divided by their sum: p_k = exp(z_k) / Σ_j exp(z_j); the p_k add up to 1.",
            zh="指数没有除以它们的和：p_k = exp(z_k) / Σ_j exp(z_j)，各 p_k 之和为 1。",
        ),
        _not_normalised,
    ),
    Mistake(
        "own-exponential-left-out",
        "y",
        Phrase(
            en="The denominator lacks the class's own exponential; it is the sum over all classes:"
            " p_k = exp(z_k) / Σ_j exp(z_j).",
            zh="分母漏掉了该类自己的指数；应对所有类求和：p_k = exp(z_k) / Σ_j exp(z_j)。",
        ),
        _own_power_left_out,
    ),
    Mistake(
        "shifted-in-numerator-only",
        "y",
        Phrase(
            en="The largest logit m was subtracted in the numerator, but not in the denominator; it must be both or"
            " neither: p_k = exp(z_k − m) / Σ_j exp(z_j − m).",
            zh="只在分子中减去了最大的 logit m，分母没有减；应同时减或都不减：p_k = exp(z_k − m) / Σ_j exp(z_j − m)。",
        ),
        _shifted_above_only,
    ),
    Mistake(
        "exponent-sign",
        "y",
        Phrase(
            en="The exponents have the wrong sign, exp(−z_k); softmax takes exp(z_k), so that the largest logit gets"
            " the largest probability.",
            zh="指数的符号反了，用了 exp(−z_k)；softmax 用 exp(z_k)，logit 最大的类概率最大。",
        ),
        _negative_exponent,
    ),
    Mistake(
        "softmax-over-batch",
        "y",
        Phrase(
            en="The exponentials were summed over the samples; each sample is normalized by itself, over its classes:"
            " p_k = exp(z_k) / Σ_j exp(z_j).",
            zh="指数跨样本求和了；应对每个样本各自在类别上归一化：p_k = exp(z_k) / Σ_j exp(z_j)。",
        ),
        _over_the_batch,
    ),
    Mistake(
        "sigmoid-for-softmax",
        "y",
        Phrase(
            en="This is the sigmoid of each logit by itself, 1 / (1 + exp(−z_k)); softmax divides by the sum over the"
            " classes: p_k = exp(z_k) / Σ_j exp(z_j).",
            zh="这是对每个 logit 单独做 sigmoid：1 / (1 + exp(−z_k))；softmax 要除以各类指数之和："
            "p_k = exp(z_k) / Σ_j exp(z_j)。",
        ),
        _sigmoid,
    ),
    Mistake(
        "exponential-base",
        "y",
        Phrase(
            en="Powers of 2 or 10 were taken; softmax takes powers of e: p_k = exp(z_k) / Σ_j exp(z_j).",
            zh="用了以 2 或 10 为底的幂；softmax 以 e 为底：p_k = exp(z_k) / Σ_j exp(z_j)。",
        ),
        _other_base,
    ),
)
