"""What people get wrong in a squared loss, halved or averaged over its elements; x is the output, t the target."""

from __future__ import annotations

from math import prod

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.losses.reduction_mistakes import MISTAKES as REDUCTION
from cnncalc.losses.reduction_mistakes import divided, total


def elements(scene: Scene) -> int:
    """How many elements one sample has."""
    return prod(scene["x"].shape[1:])


def _root(scene: Scene) -> Wrong:
    yield scene.numbers.sqrt(np.asarray(scene.forward()["y"]))


def _absolute(scene: Scene) -> Wrong:
    difference = scene["x"] - scene["target"]
    sizes = np.where(scene.numbers.is_greater(difference, 0), difference, 0 - difference)
    for divisor in (1, 2, elements(scene)):
        yield total(scene, sizes) / divisor


def _not_squared(scene: Scene) -> Wrong:
    difference = total(scene, scene["x"] - scene["target"])
    for divisor in (1, 2, elements(scene)):
        yield difference / divisor
        yield 0 - difference / divisor


def _square_of_sum(scene: Scene) -> Wrong:
    difference = scene["x"] - scene["target"]
    sums = scene.numbers.sum(difference.reshape(len(difference), -1), axis=1)
    for divisor in (1, 2, elements(scene), elements(scene) ** 2):
        yield total(scene, sums * sums) / divisor


def _difference_of_squares(scene: Scene) -> Wrong:
    x, target = scene["x"], scene["target"]
    for divisor in (1, 2, elements(scene)):
        yield total(scene, x * x - target * target) / divisor


def _not_summed(scene: Scene) -> Wrong:
    difference = scene["x"] - scene["target"]
    yield difference * difference
    yield difference * difference / 2


def _target_forgotten(scene: Scene) -> Wrong:
    yield scene.backward(target=scene["target"] * 0)["dx"]


def _square_not_differentiated(scene: Scene) -> Wrong:
    difference = scene["x"] - scene["target"]
    for divisor in (1, 2, elements(scene)):
        yield divided(scene, difference * difference) / divisor


SHARED = (
    Mistake(
        "root-taken",
        "y",
        Phrase(
            en="The square root was taken; the loss is the squared error itself.",
            zh="多开了平方根；损失就是平方误差，不开方。",
        ),
        _root,
    ),
    Mistake(
        "absolute-error",
        "y",
        Phrase(
            en="The absolute values of the differences were taken; they must be squared: (x − t)².",
            zh="用了差的绝对值；应取平方：(x − t)²。",
        ),
        _absolute,
    ),
    Mistake(
        "square-forgotten",
        "y",
        Phrase(en="The differences were not squared: (x − t)².", zh="差没有取平方：(x − t)²。"),
        _not_squared,
    ),
    Mistake(
        "square-of-the-sum",
        "y",
        Phrase(
            en="The differences were added before squaring; each is squared by itself: Σ (x − t)².",
            zh="先求和再平方了；应逐个平方后求和：Σ (x − t)²。",
        ),
        _square_of_sum,
    ),
    Mistake(
        "difference-of-squares",
        "y",
        Phrase(en="The difference x² − t² was taken for (x − t)².", zh="把 (x − t)² 算成了 x² − t²。"),
        _difference_of_squares,
    ),
    Mistake(
        "errors-not-summed",
        "y",
        Phrase(
            en="The squared errors were listed one by one; the loss is one number, made of their sum.",
            zh="分别列出了各平方误差；损失是一个数，应把它们加起来。",
        ),
        _not_summed,
    ),
    Mistake(
        "target-not-subtracted",
        "dx",
        Phrase(
            en="The target was not subtracted: the derivative of (x − t)² is 2 · (x − t).",
            zh="没有减去目标：(x − t)² 的导数是 2 · (x − t)。",
        ),
        _target_forgotten,
    ),
    Mistake(
        "square-not-differentiated",
        "dx",
        Phrase(
            en="The square was not differentiated; the derivative of (x − t)² is 2 · (x − t).",
            zh="没有对平方求导；(x − t)² 的导数是 2 · (x − t)。",
        ),
        _square_not_differentiated,
    ),
    *REDUCTION,
)
