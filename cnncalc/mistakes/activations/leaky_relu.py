"""What people get wrong in a leaky ReLU."""

from decimal import Decimal
from typing import Any

from cnncalc.layers.activations.relu import Relu
from cnncalc.mistakes.families import (
    ACTIVATION_FORGOTTEN,
    DERIVATIVE_FORGOTTEN,
    LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    UPSTREAM_FORGOTTEN,
)
from cnncalc.mistakes.take import Take, mistake

DEFAULTS = (Decimal("0.01"), Decimal("0.3"), Decimal("0.2"), Decimal("0.1"))
"""The slopes that PyTorch, Keras, TensorFlow and lecture notes take where nothing is said."""


def passed(s: Take) -> Any:
    """What the layer lets through: x, and in the backward pass g."""
    return s.x if s.tensor == "y" else s.g


def sloped(s: Take, a: Any) -> Any:
    return a * s.number(s.layer.slope)


def bent(s: Take, above: Any, below: Any) -> Any:
    """One tensor where x > 0, another elsewhere."""
    return s.where(s.above(s.x), above, below)


SLOPE_FORGOTTEN = mistake("leaky-slope-forgotten: y dx")(
    "This is a plain ReLU, 0 where x is not above 0; a leaky ReLU multiplies by its slope there.",
    "这是普通 ReLU（x 不大于 0 处取 0）；Leaky ReLU 在那里应乘以负半轴斜率。",
    lambda s: s.again(Relu()),
)
WRONG_SIDE = mistake("leaky-slope-on-wrong-side: y dx")(
    "The slope was applied where x > 0; it belongs to x ≤ 0; where x > 0, the values pass unchanged.",
    "斜率乘在了 x > 0 的一侧；它只用于 x ≤ 0，x > 0 处数值原样通过。",
    lambda s: bent(s, sloped(s, passed(s)), passed(s)),
)
EVERYWHERE = mistake("leaky-slope-everywhere: y dx")(
    "The slope was applied everywhere; it belongs to x ≤ 0 only.",
    "所有位置都乘了斜率；斜率只用于 x ≤ 0。",
    lambda s: sloped(s, passed(s)),
)
NEGATED = mistake("leaky-slope-negated: y dx")(
    "The slope was taken with a minus sign for x ≤ 0; it is positive: y = slope · x, dx = slope · g there.",
    "x ≤ 0 处的斜率多了一个负号；斜率为正：该处 y = 斜率 · x，dx = 斜率 · g。",
    lambda s: bent(s, passed(s), -sloped(s, passed(s))),
)
DEFAULT = mistake("~leaky-slope-default: y dx")(
    "this is a leaky ReLU with the default slope of another course or framework (0.01 in PyTorch, 0.3 in Keras, 0.2"
    " in TensorFlow). This problem takes its own slope.",
    "用了其他课程或框架的默认斜率（PyTorch 0.01，Keras 0.3，TensorFlow 0.2）。本题使用题目给定的斜率。",
    lambda s: [s.again(s.options(slope=slope)) for slope in DEFAULTS if slope != s.layer.slope],
)

MISTAKES = (
    ACTIVATION_FORGOTTEN,
    SLOPE_FORGOTTEN.of("y"),
    WRONG_SIDE.of("y"),
    EVERYWHERE.of("y"),
    NEGATED.of("y"),
    mistake("leaky-slope-as-value: y")(
        "The slope itself was written where x ≤ 0; it must be multiplied by the input: y = slope · x.",
        "x ≤ 0 处直接写了斜率；应乘以输入：y = 斜率 · x。",
        lambda s: [bent(s, s.x, slope := sloped(s, s.ones(s.x))), bent(s, s.x, -slope)],
    ),
    DEFAULT.of("y"),
    DERIVATIVE_FORGOTTEN,
    SLOPE_FORGOTTEN.of("dx"),
    WRONG_SIDE.of("dx"),
    mistake("leaky-side-from-gradient: dx")(
        "The sign of the gradient decided where the slope applies; the sign of the input decides: dx = g where x > 0,"
        " slope · g elsewhere.",
        "按梯度的符号决定了哪里乘斜率；应由输入的符号决定：x > 0 处 dx = g，其余 dx = 斜率 · g。",
        lambda s: s.again(x=s.g),
    ),
    EVERYWHERE.of("dx"),
    NEGATED.of("dx"),
    mistake("leaky-slope-as-value: dx")(
        "The slope itself was written where x ≤ 0; it must be multiplied by the upstream gradient: dx = slope · g.",
        "x ≤ 0 处直接写了斜率；应乘以上游梯度：dx = 斜率 · g。",
        lambda s: bent(s, s.g, sloped(s, s.ones(s.x))),
    ),
    mistake("leaky-slope-on-input: dx")(
        "Where x ≤ 0 the slope was multiplied by the input; it must be multiplied by the upstream gradient: dx ="
        " slope · g.",
        "x ≤ 0 处斜率乘的是输入 x；应乘以上游梯度：dx = 斜率 · g。",
        lambda s: bent(s, s.g, sloped(s, s.x)),
    ),
    UPSTREAM_FORGOTTEN,
    LAYER_SKIPPED.of("dx"),
    OUTPUT_FOR_DERIVATIVE,
    DEFAULT.of("dx"),
    mistake("~derivative-at-zero: dx")(
        "the derivative of leaky ReLU at exactly 0 was taken as 1, as 0, or as the mean of both sides. This problem"
        " takes the slope.",
        "把 Leaky ReLU 在 0 处的导数取为 1、0 或两侧的平均。本题取负半轴斜率。",
        lambda s: [
            s.where(s.numbers.is_equal(s.x, 0), g, s.again()) for g in (s.g, s.g * 0, (s.g + sloped(s, s.g)) / 2)
        ],
    ),
)
"""The most specific first."""
