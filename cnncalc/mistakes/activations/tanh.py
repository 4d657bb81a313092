"""What people get wrong in a hyperbolic tangent."""

from cnncalc.layers.activations.sigmoid import Sigmoid
from cnncalc.mistakes.families import ACTIVATION_FORGOTTEN, of_derivative_in_y
from cnncalc.mistakes.take import Take, mistake, need

RIGHT = "dx = g · (1 − y²)"


def upside_down(s: Take) -> object:
    y = s.again()
    need(not s.numbers.is_equal(y, 0).any())
    return 1 / y


MISTAKES = (
    ACTIVATION_FORGOTTEN,
    mistake("sigmoid-for-tanh: y")(
        "This is the sigmoid 1 / (1 + exp(−x)); the layer is y = tanh(x).",
        "这是 sigmoid 1 / (1 + exp(−x))；本层是 y = tanh(x)。",
        lambda s: s.again(Sigmoid()),
    ),
    mistake("tanh-factor-two: y")(
        "A 2 in the exponent is missing or one too many; y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)) = (exp(2x) − 1) /"
        " (exp(2x) + 1).",
        "指数里少了或多了一个 2；y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)) = (exp(2x) − 1) / (exp(2x) + 1)。",
        lambda s: [s.again(x=s.x / 2), s.again(x=2 * s.x)],
    ),
    mistake("tanh-sigmoid-not-rescaled: y")(
        "The step from the sigmoid to tanh is incomplete: tanh(x) = 2 · sigmoid(2x) − 1.",
        "由 sigmoid 换算 tanh 时没有换完整：tanh(x) = 2 · sigmoid(2x) − 1。",
        lambda s: [half := s.again(Sigmoid(), x=2 * s.x), 2 * half, half - 1],
    ),
    mistake("tanh-denominator-wrong: y")(
        "The difference exp(x) − exp(−x) must be divided by exp(x) + exp(−x); divided by 2 it is sinh(x).",
        "exp(x) − exp(−x) 应除以 exp(x) + exp(−x)；只除以 2 得到的是 sinh(x)。",
        lambda s: [(above := s.numbers.exp(s.x) - s.numbers.exp(-s.x)) / 2, above],
    ),
    mistake("tanh-upside-down: y")(
        "The fraction is upside down: y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)), always between −1 and 1.",
        "分子分母颠倒了：y = (exp(x) − exp(−x)) / (exp(x) + exp(−x))，其值总在 −1 与 1 之间。",
        upside_down,
    ),
    *of_derivative_in_y(RIGHT),
    mistake("tanh-square-forgotten: dx", RIGHT)(
        "The output y must be squared in the derivative 1 − y²",
        "导数 1 − y² 中的 y 应取平方",
        lambda s: s.g * (1 - s.y),
    ),
    mistake("tanh-square-misplaced: dx", RIGHT)(
        "Only y is squared, not the whole bracket: 1 − y², not (1 − y)²",
        "只对 y 取平方，而不是整个括号：是 1 − y² 而不是 (1 − y)²",
        lambda s: s.g * (1 - s.y) * (1 - s.y),
    ),
    mistake("tanh-one-forgotten: dx", RIGHT)(
        "The 1 is missing in the derivative 1 − y²",
        "导数 1 − y² 中漏了 1",
        lambda s: [square := s.g * s.y * s.y, -square],
    ),
    mistake("derivative-plus-for-minus: dx", RIGHT)(
        "The derivative has a minus, 1 − y², not 1 + y²",
        "导数中应为减号 1 − y²，而不是 1 + y²",
        lambda s: s.g * (1 + s.y * s.y),
    ),
    mistake("sigmoid-derivative-for-tanh: dx", RIGHT)(
        "y · (1 − y) is the derivative of the sigmoid; that of tanh is 1 − y²",
        "y · (1 − y) 是 sigmoid 的导数；tanh 的导数是 1 − y²",
        lambda s: s.again(Sigmoid()),
    ),
    mistake("parentheses-forgotten: dx", RIGHT)(
        "The parentheses around 1 − y² were lost, which gives g · 1 − y²",
        "漏了 1 − y² 的括号，算成了 g · 1 − y²",
        lambda s: s.g - s.y * s.y,
    ),
)
"""The most specific first."""
