"""What people get wrong in the gradient of a cross-entropy at the probabilities, −t / p."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.losses.cross_entropy_forward_mistakes import BASES, CONSTANTS, logarithm, other_classes, softmax_before
from cnncalc.losses.cross_entropy_phrases import (
    BINARY,
    CONSTANT,
    LOGARITHM_BASE,
    LOGARITHM_FORGOTTEN,
    MEAN_OVER_CLASSES,
    SOFTMAX_TWICE,
    WRONG_CLASS,
)
from cnncalc.losses.reduction_mistakes import divided


def _at_logits(scene: Scene) -> Wrong:
    if softmax_before(scene) is not None:
        yield divided(scene, scene["x"] - scene["target"])


def _wrong_class(scene: Scene) -> Wrong:
    for target in other_classes(scene["target"]):
        yield scene.backward(target=target)["dx"]


def _target_forgotten(scene: Scene) -> Wrong:
    ones = scene.numbers.full(scene["x"].shape, scene.numbers.number(1))
    yield scene.backward(target=ones)["dx"]


def _minus_target_forgotten(scene: Scene) -> Wrong:
    yield divided(scene, 0 - scene["target"])


def _softmax_twice(scene: Scene) -> Wrong:
    softmax = softmax_before(scene)
    if softmax is not None:
        yield divided(scene, softmax.forward(x=scene["x"])["y"] - scene["target"])


def _logarithm_base(scene: Scene) -> Wrong:
    for base in BASES:
        yield scene.backward()["dx"] / logarithm(scene, base)


def _logarithm_itself(scene: Scene) -> Wrong:
    ones = scene.numbers.full(scene["x"].shape, scene.numbers.number(1))
    for target in (scene["target"], ones):
        yield divided(scene, 0 - target * scene.numbers.log(scene["x"]))


def _mean_over_classes(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] / scene["x"].shape[1]


def _binary(scene: Scene) -> Wrong:
    x, target = scene["x"], scene["target"]
    both = scene.backward()["dx"] - scene.backward(x=1 - x, target=1 - target)["dx"]
    yield both
    yield both / x.shape[1]


def _constant_in_logarithm(scene: Scene) -> Wrong:
    for constant in CONSTANTS:
        yield scene.backward(x=scene["x"] + scene.numbers.number(constant))["dx"]


GRADIENT = (
    Mistake(
        "gradient-at-logits",
        "dx",
        Phrase(
            en="This is p − t, the gradient at the logits, before the softmax; at the probabilities it is −t_k / p_k.",
            zh="p − t 是对 logits（softmax 之前）的梯度；对概率的梯度是 −t_k / p_k。",
        ),
        _at_logits,
    ),
    Mistake("wrong-class", "dx", WRONG_CLASS, _wrong_class),
    Mistake(
        "target-forgotten",
        "dx",
        Phrase(
            en="Every class was given a gradient; the target t leaves only that of the right class: dL/dp_k = −t_k /"
            " p_k.",
            zh="每个类都写了梯度；目标 t 只保留正确类的梯度：dL/dp_k = −t_k / p_k。",
        ),
        _target_forgotten,
    ),
    Mistake("logarithm-forgotten", "dx", LOGARITHM_FORGOTTEN, _minus_target_forgotten),
    Mistake(
        "logarithm-not-differentiated",
        "dx",
        Phrase(
            en="The logarithm was not differentiated: this is −t_k · log(p_k); its derivative is −t_k / p_k.",
            zh="没有对对数求导，仍是 −t_k · log(p_k)；其导数为 −t_k / p_k。",
        ),
        _logarithm_itself,
    ),
    Mistake("softmax-twice", "dx", SOFTMAX_TWICE, _softmax_twice),
    Mistake("logarithm-base", "dx", LOGARITHM_BASE, _logarithm_base),
    Mistake("mean-over-classes", "dx", MEAN_OVER_CLASSES, _mean_over_classes),
    Mistake("binary-cross-entropy", "dx", BINARY, _binary),
    Mistake("constant-in-logarithm", "dx", CONSTANT, _constant_in_logarithm, "convention"),
)
