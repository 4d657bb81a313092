"""What people get wrong in a sigmoid."""

from cnncalc.layers.activations.softmax import Softmax
from cnncalc.layers.activations.tanh import Tanh
from cnncalc.mistakes.families import ACTIVATION_FORGOTTEN, of_derivative_in_y
from cnncalc.mistakes.take import Take, mistake, need

RIGHT = "dx = g · y · (1 − y)"


def minus_below(s: Take) -> object:
    below = 1 - s.numbers.exp(-s.x)
    need(not s.numbers.is_equal(below, 0).any())
    return 1 / below


MISTAKES = (
    ACTIVATION_FORGOTTEN,
    mistake("exponent-sign: y")(
        "The minus in the exponent is missing: this is 1 / (1 + exp(x)) = 1 − y, not y = 1 / (1 + exp(−x)).",
        "指数上漏了负号：写成了 1 / (1 + exp(x)) = 1 − y；应为 y = 1 / (1 + exp(−x))。",
        lambda s: s.again(x=-s.x),
    ),
    mistake("sigmoid-reciprocal-forgotten: y")(
        "This is the denominator 1 + exp(−x); the sigmoid is 1 divided by it.",
        "这只是分母 1 + exp(−x)；sigmoid 是它的倒数。",
        lambda s: 1 + s.numbers.exp(-s.x),
    ),
    mistake("sigmoid-one-forgotten: y")(
        "This is an exponential alone; the 1 in the denominator is missing: y = 1 / (1 + exp(−x)).",
        "这只是指数本身，漏了分母中的 1：y = 1 / (1 + exp(−x))。",
        lambda s: [s.numbers.exp(s.x), s.numbers.exp(-s.x)],
    ),
    mistake("sigmoid-forms-mixed: y")(
        "Two forms were mixed, exp(x) / (1 + exp(−x)); right is 1 / (1 + exp(−x)) = exp(x) / (1 + exp(x)).",
        "混用了两种写法 exp(x) / (1 + exp(−x))；应为 1 / (1 + exp(−x)) = exp(x) / (1 + exp(x))。",
        lambda s: s.numbers.exp(s.x) * s.again(),
    ),
    mistake("sigmoid-denominator-sign: y")(
        "The denominator has a plus: y = 1 / (1 + exp(−x)), not 1 / (1 − exp(−x)).",
        "分母应为加号：y = 1 / (1 + exp(−x))，而不是 1 / (1 − exp(−x))。",
        minus_below,
    ),
    mistake("tanh-for-sigmoid: y")(
        "This is tanh(x); the layer is a sigmoid: y = 1 / (1 + exp(−x)).",
        "这是 tanh(x)；本层是 sigmoid：y = 1 / (1 + exp(−x))。",
        lambda s: s.again(Tanh()),
    ),
    mistake("softmax-for-sigmoid: y")(
        "This is the softmax over all features; the sigmoid takes each number by itself: y = 1 / (1 + exp(−x)).",
        "这是对全部特征做的 softmax；sigmoid 对每个数单独计算：y = 1 / (1 + exp(−x))。",
        lambda s: s.x.ndim == 2 and s.x.shape[1] > 1 and s.again(Softmax()),
    ),
    *of_derivative_in_y(RIGHT),
    mistake("sigmoid-derivative-incomplete: dx", RIGHT)(
        "One factor of the derivative y · (1 − y) is missing or wrong",
        "导数 y · (1 − y) 中有一个因子漏了或写错了",
        lambda s: [s.g * (1 - s.y), s.g * s.y * s.y],
    ),
    mistake("tanh-derivative-for-sigmoid: dx", RIGHT)(
        "The factor 1 − y² is the derivative of tanh; that of the sigmoid is y · (1 − y)",
        "1 − y² 是 tanh 的导数；sigmoid 的导数是 y · (1 − y)",
        lambda s: s.again(Tanh()),
    ),
    mistake("derivative-plus-for-minus: dx", RIGHT)(
        "The derivative has a minus, y · (1 − y), not y · (1 + y)",
        "导数中应为减号 y · (1 − y)，而不是 y · (1 + y)",
        lambda s: s.g * s.y * (1 + s.y),
    ),
    mistake("parentheses-forgotten: dx", RIGHT)(
        "The parentheses around 1 − y were lost, which gives g · y · 1 − y",
        "漏了 1 − y 的括号，算成了 g · y · 1 − y",
        lambda s: s.g * s.y - s.y,
    ),
)
"""The most specific first."""
