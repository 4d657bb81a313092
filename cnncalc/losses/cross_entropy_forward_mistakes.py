"""What people get wrong in the value of a cross-entropy; p are its probabilities, t is the target."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.softmax import Softmax
from cnncalc.losses.cross_entropy_phrases import (
    BINARY,
    CONSTANT,
    LOGARITHM_BASE,
    LOGARITHM_FORGOTTEN,
    MEAN_OVER_CLASSES,
    SOFTMAX_TWICE,
    TARGET_FORGOTTEN,
    WRONG_CLASS,
)
from cnncalc.losses.reduction_mistakes import total

BASES = (2, 10)
FEW = 32
"""Classes up to which each one is tried for the right one."""
CONSTANTS = tuple(Decimal(f"1e-{digits}") for digits in (5, 6, 7, 8, 9, 10, 12, 15))


def logarithm(scene: Scene, number: int) -> Array:
    """The natural logarithm of a whole number."""
    return scene.numbers.log(scene.numbers.full((), scene.numbers.number(number)))


def other_classes(target: Array) -> Iterator[Array]:
    """The target at other classes: at each for a lone sample with few, else one further or one back."""
    classes = target.shape[1]
    is_small = len(target) == 1 and classes <= FEW
    for by in range(1, classes) if is_small else sorted({1 % classes, -1 % classes} - {0}):
        yield np.roll(target, by, axis=1)


def softmax_before(scene: Scene) -> Scene | None:
    """The softmax that the probabilities come from, if they do."""
    before = scene.before
    return before if before is not None and isinstance(before.layer, Softmax) else None


def _wrong_class(scene: Scene) -> Wrong:
    for target in other_classes(scene["target"]):
        yield scene.forward(target=target)["y"]


def _softmax_twice(scene: Scene) -> Wrong:
    softmax = softmax_before(scene)
    if softmax is not None:
        yield scene.forward(x=softmax.forward(x=scene["x"])["y"])["y"]


def _logarithm_of_logit(scene: Scene) -> Wrong:
    softmax = softmax_before(scene)
    if softmax is not None:
        yield scene.forward(x=softmax["x"])["y"]


def _exponentials_forgotten(scene: Scene) -> Wrong:
    softmax = softmax_before(scene)
    if softmax is not None:
        sums = scene.numbers.sum(softmax["x"], axis=1)[:, None]
        if not scene.numbers.is_equal(sums, 0).any():
            yield scene.forward(x=softmax["x"] / sums)["y"]


def _logarithm_base(scene: Scene) -> Wrong:
    for base in BASES:
        yield scene.forward()["y"] / logarithm(scene, base)


def _logarithm_forgotten(scene: Scene) -> Wrong:
    yield 0 - total(scene, scene["target"] * scene["x"])


def _target_forgotten(scene: Scene) -> Wrong:
    yield 0 - total(scene, scene.numbers.log(scene["x"]))


def _mean_over_classes(scene: Scene) -> Wrong:
    yield scene.forward()["y"] / scene["x"].shape[1]


def _binary(scene: Scene) -> Wrong:
    x, target = scene["x"], scene["target"]
    both = scene.forward()["y"] + scene.forward(x=1 - x, target=1 - target)["y"]
    yield both
    yield both / x.shape[1]


def _roles_swapped(scene: Scene) -> Wrong:
    yield scene.forward(x=scene["target"], target=scene["x"])["y"]


def _entropy(scene: Scene) -> Wrong:
    yield scene.forward(target=scene["x"])["y"]
    yield scene.forward(target=scene["x"] * scene["target"])["y"]


def _divergence(scene: Scene) -> Wrong:
    yield scene.forward()["y"] - scene.forward(x=scene["target"])["y"]


def _squared_error(scene: Scene) -> Wrong:
    difference = scene["x"] - scene["target"]
    squares = total(scene, difference * difference)
    for divisor in (1, 2, difference.shape[1]):
        yield squares / divisor


def _constant_in_logarithm(scene: Scene) -> Wrong:
    for constant in CONSTANTS:
        yield scene.forward(x=scene["x"] + scene.numbers.number(constant))["y"]


FORWARD = (
    Mistake("wrong-class", "y", WRONG_CLASS, _wrong_class),
    Mistake("softmax-twice", "y", SOFTMAX_TWICE, _softmax_twice),
    Mistake(
        "logarithm-of-logit",
        "y",
        Phrase(
            en="The logarithm was taken of the logit; it is taken of the probability that softmax gives:"
            " L = −Σ_k t_k · log(p_k).",
            zh="对 logit 取了对数；应对 softmax 得到的概率取对数：L = −Σ_k t_k · log(p_k)。",
        ),
        _logarithm_of_logit,
    ),
    Mistake(
        "exponentials-forgotten",
        "y",
        Phrase(
            en="The logits were divided by their sum; the probabilities are p_k = exp(z_k) / Σ_j exp(z_j).",
            zh="直接用 logits 除以它们的和；概率应为 p_k = exp(z_k) / Σ_j exp(z_j)。",
        ),
        _exponentials_forgotten,
    ),
    Mistake("logarithm-base", "y", LOGARITHM_BASE, _logarithm_base),
    Mistake("logarithm-forgotten", "y", LOGARITHM_FORGOTTEN, _logarithm_forgotten),
    Mistake("target-forgotten", "y", TARGET_FORGOTTEN, _target_forgotten),
    Mistake("mean-over-classes", "y", MEAN_OVER_CLASSES, _mean_over_classes),
    Mistake("binary-cross-entropy", "y", BINARY, _binary),
    Mistake(
        "target-and-probabilities-swapped",
        "y",
        Phrase(
            en="Target and probabilities were swapped; the logarithm is taken of p: L = −Σ_k t_k · log(p_k).",
            zh="目标与概率的位置互换了；应对 p 取对数：L = −Σ_k t_k · log(p_k)。",
        ),
        _roles_swapped,
    ),
    Mistake(
        "entropy-of-probabilities",
        "y",
        Phrase(
            en="This is the entropy of the probabilities, −Σ_k p_k · log(p_k), or a term of it; in cross-entropy"
            " the target t is the weight: L = −Σ_k t_k · log(p_k).",
            zh="这是概率自身的熵 −Σ_k p_k · log(p_k)（或其中一项）；交叉熵以目标 t 为权重：L = −Σ_k t_k · log(p_k)。",
        ),
        _entropy,
    ),
    Mistake(
        "divergence-for-cross-entropy",
        "y",
        Phrase(
            en="This is the Kullback-Leibler divergence, Σ_k t_k · log(t_k / p_k); cross-entropy is"
            " −Σ_k t_k · log(p_k), from which the entropy of the target is not subtracted.",
            zh="这是 KL 散度 Σ_k t_k · log(t_k / p_k)；交叉熵为 −Σ_k t_k · log(p_k)，不减去目标的熵。",
        ),
        _divergence,
    ),
    Mistake(
        "squared-error-for-cross-entropy",
        "y",
        Phrase(
            en="This is a squared error, Σ_k (p_k − t_k)² or a fraction of it; cross-entropy is −Σ_k t_k · log(p_k).",
            zh="这是平方误差 Σ_k (p_k − t_k)²（或其若干分之一）；交叉熵为 −Σ_k t_k · log(p_k)。",
        ),
        _squared_error,
    ),
    Mistake("constant-in-logarithm", "y", CONSTANT, _constant_in_logarithm, "convention"),
)
