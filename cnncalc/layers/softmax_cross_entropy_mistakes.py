"""What people get wrong in the gradient of a softmax with a cross-entropy behind it: p − t."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from cnncalc.arithmetic.base import Array
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.softmax_gradient_mistakes import P_MINUS_T, with_ending
from cnncalc.losses.cross_entropy import CrossEntropy
from cnncalc.losses.cross_entropy_forward_mistakes import BASES, logarithm, other_classes
from cnncalc.losses.cross_entropy_phrases import LOGARITHM_BASE, WRONG_CLASS
from cnncalc.losses.reduction import share

Combined: TypeAlias = Callable[[Scene, Array, Array], Iterator[Array]]
"""A wrong rule for p − t: from the step, p and the target t, of one sample each, before the 1/N of the mean."""


def _combined(rule: Combined) -> Callable[[Scene], Wrong]:
    """The rule where a cross-entropy takes this softmax; its share of the mini-batch is divided by at the end."""

    def made(scene: Scene) -> Wrong:
        after = scene.after
        if after is not None and isinstance(after.layer, CrossEntropy):
            count = share(after.layer, scene["y"])
            for wrong in rule(scene, scene["y"], after["target"]):
                yield wrong / count

    return made


def _minus_probability_at_target(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    yield p * (1 - t * 2)


def _target_not_subtracted(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    yield p


def _one_minus_probability(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    yield 1 - p
    yield t * (1 - p)


def _sign_at_target(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    yield p * (1 - t) + t * (1 - p)


def _wrong_class(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    for shifted in other_classes(t):
        yield p - shifted


def _mean_over_classes(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    yield (p - t) / p.shape[1]


def _binary(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    g = (p - t) / (p * (1 - p))
    for classes in (1, p.shape[1]):
        yield scene.backward(g=g)["dx"] / classes


def _logarithm_base(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    for base in BASES:
        yield (p - t) / logarithm(scene, base)


def _softmax_twice(scene: Scene, p: Array, t: Array) -> Iterator[Array]:
    again = scene.forward(x=p)["y"]
    yield scene.backward(g=again - t)["dx"]
    yield again - t


CROSS_ENTROPY = (
    Mistake(
        "minus-probability-at-target",
        "dx",
        with_ending(
            P_MINUS_T,
            "The entry of the target class is −p_k instead of p_k − 1.",
            "目标类的分量写成了 −p_k，应为 p_k − 1。",
        ),
        _combined(_minus_probability_at_target),
    ),
    Mistake(
        "target-not-subtracted",
        "dx",
        with_ending(P_MINUS_T, "The target t was not subtracted from the probabilities p.", "概率 p 没有减去目标 t。"),
        _combined(_target_not_subtracted),
    ),
    Mistake(
        "sign-at-target",
        "dx",
        with_ending(
            P_MINUS_T,
            "The entry of the target class is 1 − p_k, with the wrong sign.",
            "目标类的分量写成了 1 − p_k，符号反了。",
        ),
        _combined(_sign_at_target),
    ),
    Mistake(
        "one-minus-probability",
        "dx",
        with_ending(P_MINUS_T, "The value 1 − p_k was taken for the gradient.", "把 1 − p_k 当成了梯度。"),
        _combined(_one_minus_probability),
    ),
    Mistake(
        "softmax-twice",
        "dx",
        with_ending(
            P_MINUS_T,
            "The softmax was applied twice, the second time to the probabilities.",
            "softmax 做了两次，第二次作用在概率上。",
        ),
        _combined(_softmax_twice),
    ),
    Mistake("wrong-class", "dx", with_ending(P_MINUS_T, WRONG_CLASS.en, WRONG_CLASS.zh), _combined(_wrong_class)),
    Mistake(
        "binary-cross-entropy",
        "dx",
        with_ending(
            P_MINUS_T,
            "This is the gradient of the binary cross-entropy, which also contains (1 − t_k) · log(1 − p_k).",
            "这是二元交叉熵的梯度（多了 (1 − t_k) · log(1 − p_k) 项）。",
        ),
        _combined(_binary),
    ),
    Mistake("logarithm-base", "dx", LOGARITHM_BASE, _combined(_logarithm_base)),
    Mistake(
        "mean-over-classes",
        "dx",
        with_ending(
            P_MINUS_T,
            "This was divided by the number of classes; cross-entropy sums over them.",
            "多除以了类别数；交叉熵是对类别求和。",
        ),
        _combined(_mean_over_classes),
    ),
)
