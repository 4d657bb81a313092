"""What people get wrong in a leaky ReLU."""

from dataclasses import replace
from decimal import Decimal

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.base import ShapeError
from cnncalc.layers.elementwise_mistakes import (
    ACTIVATION_FORGOTTEN,
    DERIVATIVE_FORGOTTEN,
    NEXT_LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    UPSTREAM_FORGOTTEN,
)
from cnncalc.layers.leaky_relu import LeakyRelu
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.relu import Relu

DEFAULTS = (Decimal("0.01"), Decimal("0.3"), Decimal("0.2"), Decimal("0.1"))
"""The slopes that PyTorch, Keras, TensorFlow and lecture notes take where nothing is said."""


def _layer(scene: Scene) -> LeakyRelu:
    if not isinstance(scene.layer, LeakyRelu):
        raise ShapeError("no leaky ReLU", "")
    return scene.layer


def _bent(scene: Scene, above: Array, below: Array) -> Array:
    """One tensor where x > 0, another elsewhere."""
    return np.where(scene.numbers.is_greater(scene["x"], 0), above, below)


def _sloped(scene: Scene, tensor: Array) -> Array:
    return np.asarray(tensor * scene.numbers.number(_layer(scene).slope))


def _slope(scene: Scene) -> Array:
    return scene.numbers.full(scene["x"].shape, scene.numbers.number(_layer(scene).slope))


# The output


def _zeros(scene: Scene) -> Wrong:
    yield scene.forward(Relu())["y"]


def _other_side(scene: Scene) -> Wrong:
    yield _bent(scene, _sloped(scene, scene["x"]), scene["x"])


def _everywhere(scene: Scene) -> Wrong:
    yield _sloped(scene, scene["x"])


def _constant(scene: Scene) -> Wrong:
    yield _bent(scene, scene["x"], _slope(scene))
    yield _bent(scene, scene["x"], -_slope(scene))


def _turned(scene: Scene) -> Wrong:
    yield _bent(scene, scene["x"], -_sloped(scene, scene["x"]))


def _other_slope(scene: Scene) -> Wrong:
    for slope in DEFAULTS:
        if slope != _layer(scene).slope:
            yield scene.forward(replace(_layer(scene), slope=slope))["y"]


# The gradient


def _zero_gradient(scene: Scene) -> Wrong:
    yield scene.backward(Relu())["dx"]


def _other_side_gradient(scene: Scene) -> Wrong:
    yield _bent(scene, _sloped(scene, scene["g"]), scene["g"])


def _everywhere_gradient(scene: Scene) -> Wrong:
    yield _sloped(scene, scene["g"])


def _constant_gradient(scene: Scene) -> Wrong:
    yield _bent(scene, scene["g"], _slope(scene))


def _turned_gradient(scene: Scene) -> Wrong:
    yield _bent(scene, scene["g"], -_sloped(scene, scene["g"]))


def _of_value(scene: Scene) -> Wrong:
    yield _bent(scene, scene["g"], _sloped(scene, scene["x"]))


def _side_of_gradient(scene: Scene) -> Wrong:
    yield scene.backward(x=scene["g"])["dx"]


def _other_slope_gradient(scene: Scene) -> Wrong:
    for slope in DEFAULTS:
        if slope != _layer(scene).slope:
            yield scene.backward(replace(_layer(scene), slope=slope))["dx"]


def _at_zero(scene: Scene) -> Wrong:
    right, kinks = scene.backward()["dx"], scene.numbers.is_equal(scene["x"], 0)
    g, zero = scene["g"], scene.numbers.zeros(())
    for derivative in (g, zero, (g + _sloped(scene, g)) / 2):
        yield np.where(kinks, derivative, right)


_ZERO = Phrase(
    en="This is a plain ReLU, 0 where x is not above 0; a leaky ReLU multiplies by its slope there.",
    zh="这是普通 ReLU（x 不大于 0 处取 0）；Leaky ReLU 在那里应乘以负半轴斜率。",
)
_SIDE = Phrase(
    en="The slope was applied where x > 0; it belongs to x ≤ 0; where x > 0, the values pass unchanged.",
    zh="斜率乘在了 x > 0 的一侧；它只用于 x ≤ 0，x > 0 处数值原样通过。",
)
_ALL = Phrase(
    en="The slope was applied everywhere; it belongs to x ≤ 0 only.",
    zh="所有位置都乘了斜率；斜率只用于 x ≤ 0。",
)
_SIGN = Phrase(
    en="The slope was taken with a minus sign for x ≤ 0; it is positive: y = slope · x, dx = slope · g there.",
    zh="x ≤ 0 处的斜率多了一个负号；斜率为正：该处 y = 斜率 · x，dx = 斜率 · g。",
)
_DEFAULT = Phrase(
    en="Another convention: this is a leaky ReLU with the default slope of another course or framework (0.01 in"
    " PyTorch, 0.3 in Keras, 0.2 in TensorFlow). This problem takes its own slope.",
    zh="另一种约定：用了其他课程或框架的默认斜率（PyTorch 0.01，Keras 0.3，TensorFlow 0.2）。本题使用题目给定的斜率。",
)

MISTAKES: tuple[Mistake, ...] = (
    ACTIVATION_FORGOTTEN,
    Mistake("leaky-slope-forgotten", "y", _ZERO, _zeros),
    Mistake("leaky-slope-on-wrong-side", "y", _SIDE, _other_side),
    Mistake("leaky-slope-everywhere", "y", _ALL, _everywhere),
    Mistake("leaky-slope-negated", "y", _SIGN, _turned),
    Mistake(
        "leaky-slope-as-value",
        "y",
        Phrase(
            en="The slope itself was written where x ≤ 0; it must be multiplied by the input: y = slope · x.",
            zh="x ≤ 0 处直接写了斜率；应乘以输入：y = 斜率 · x。",
        ),
        _constant,
    ),
    Mistake("leaky-slope-default", "y", _DEFAULT, _other_slope, "convention"),
    DERIVATIVE_FORGOTTEN,
    Mistake("leaky-slope-forgotten", "dx", _ZERO, _zero_gradient),
    Mistake("leaky-slope-on-wrong-side", "dx", _SIDE, _other_side_gradient),
    Mistake(
        "leaky-side-from-gradient",
        "dx",
        Phrase(
            en="The sign of the gradient decided where the slope applies; the sign of the input decides:"
            " dx = g where x > 0, slope · g elsewhere.",
            zh="按梯度的符号决定了哪里乘斜率；应由输入的符号决定：x > 0 处 dx = g，其余 dx = 斜率 · g。",
        ),
        _side_of_gradient,
    ),
    Mistake("leaky-slope-everywhere", "dx", _ALL, _everywhere_gradient),
    Mistake("leaky-slope-negated", "dx", _SIGN, _turned_gradient),
    Mistake(
        "leaky-slope-as-value",
        "dx",
        Phrase(
            en="The slope itself was written where x ≤ 0; it must be multiplied by the upstream gradient: dx = slope ·"
            " g.",
            zh="x ≤ 0 处直接写了斜率；应乘以上游梯度：dx = 斜率 · g。",
        ),
        _constant_gradient,
    ),
    Mistake(
        "leaky-slope-on-input",
        "dx",
        Phrase(
            en="Where x ≤ 0 the slope was multiplied by the input; it must be multiplied by the upstream gradient:"
            " dx = slope · g.",
            zh="x ≤ 0 处斜率乘的是输入 x；应乘以上游梯度：dx = 斜率 · g。",
        ),
        _of_value,
    ),
    UPSTREAM_FORGOTTEN,
    NEXT_LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    Mistake("leaky-slope-default", "dx", _DEFAULT, _other_slope_gradient, "convention"),
    Mistake(
        "derivative-at-zero",
        "dx",
        Phrase(
            en="Another convention: the derivative of leaky ReLU at exactly 0 was taken as 1, as 0, or as the mean of"
            " both sides. This problem takes the slope.",
            zh="另一种约定：把 Leaky ReLU 在 0 处的导数取为 1、0 或两侧的平均。本题取负半轴斜率。",
        ),
        _at_zero,
        "convention",
    ),
)
