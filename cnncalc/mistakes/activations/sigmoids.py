"""What people get wrong in a sigmoid and in a hyperbolic tangent."""

from cnncalc.layers.activations.sigmoids import Sigmoid, Tanh
from cnncalc.layers.activations.softmax import Softmax
from cnncalc.mistakes.families import ACTIVATION_FORGOTTEN, of_derivative_in_y
from cnncalc.mistakes.take import mistake

SIGMOID_RIGHT = "dx = g · y · (1 − y)"

SIGMOID = (
    ACTIVATION_FORGOTTEN,
    mistake("exponent-sign: y", lambda s: s.again(x=-s.x))(
        "The minus in the exponent is missing: this is 1 / (1 + exp(x)) = 1 − y, not y = 1 / (1 + exp(−x)).",
        "指数上漏了负号：写成了 1 / (1 + exp(x)) = 1 − y；应为 y = 1 / (1 + exp(−x))。",
    ),
    mistake("sigmoid-reciprocal-forgotten: y", lambda s: 1 + s.numbers.exp(-s.x))(
        "This is the denominator 1 + exp(−x); the sigmoid is 1 divided by it.",
        "这只是分母 1 + exp(−x)；sigmoid 是它的倒数。",
    ),
    mistake("sigmoid-one-forgotten: y", lambda s: [s.numbers.exp(s.x), s.numbers.exp(-s.x)])(
        "This is an exponential alone; the 1 in the denominator is missing: y = 1 / (1 + exp(−x)).",
        "这只是指数本身，漏了分母中的 1：y = 1 / (1 + exp(−x))。",
    ),
    mistake("sigmoid-forms-mixed: y", lambda s: s.numbers.exp(s.x) * s.again())(
        "Two forms were mixed, exp(x) / (1 + exp(−x)); right is 1 / (1 + exp(−x)) = exp(x) / (1 + exp(x)).",
        "混用了两种写法 exp(x) / (1 + exp(−x))；应为 1 / (1 + exp(−x)) = exp(x) / (1 + exp(x))。",
    ),
    mistake("sigmoid-denominator-sign: y", lambda s: s.ratio(1, 1 - s.numbers.exp(-s.x)))(
        "The denominator has a plus: y = 1 / (1 + exp(−x)), not 1 / (1 − exp(−x)).",
        "分母应为加号：y = 1 / (1 + exp(−x))，而不是 1 / (1 − exp(−x))。",
    ),
    mistake("tanh-for-sigmoid: y", lambda s: s.again(Tanh()))(
        "This is tanh(x); the layer is a sigmoid: y = 1 / (1 + exp(−x)).",
        "这是 tanh(x)；本层是 sigmoid：y = 1 / (1 + exp(−x))。",
    ),
    mistake("softmax-for-sigmoid: y", lambda s: s.x.ndim == 2 and s.x.shape[1] > 1 and s.again(Softmax()))(
        "This is the softmax over all features; the sigmoid takes each number by itself: y = 1 / (1 + exp(−x)).",
        "这是对全部特征做的 softmax；sigmoid 对每个数单独计算：y = 1 / (1 + exp(−x))。",
    ),
    *of_derivative_in_y(SIGMOID_RIGHT),
    mistake("sigmoid-derivative-incomplete: dx", lambda s: [s.g * (1 - s.y), s.g * s.y * s.y], right=SIGMOID_RIGHT)(
        "One factor of the derivative y · (1 − y) is missing or wrong", "导数 y · (1 − y) 中有一个因子漏了或写错了"
    ),
    mistake("tanh-derivative-for-sigmoid: dx", lambda s: s.again(Tanh()), right=SIGMOID_RIGHT)(
        "The factor 1 − y² is the derivative of tanh; that of the sigmoid is y · (1 − y)",
        "1 − y² 是 tanh 的导数；sigmoid 的导数是 y · (1 − y)",
    ),
    mistake("derivative-plus-for-minus: dx", lambda s: s.g * s.y * (1 + s.y), right=SIGMOID_RIGHT)(
        "The derivative has a minus, y · (1 − y), not y · (1 + y)", "导数中应为减号 y · (1 − y)，而不是 y · (1 + y)"
    ),
    mistake("parentheses-forgotten: dx", lambda s: s.g * s.y - s.y, right=SIGMOID_RIGHT)(
        "The parentheses around 1 − y were lost, which gives g · y · 1 − y", "漏了 1 − y 的括号，算成了 g · y · 1 − y"
    ),
)

TANH_RIGHT = "dx = g · (1 − y²)"

TANH = (
    ACTIVATION_FORGOTTEN,
    mistake("sigmoid-for-tanh: y", lambda s: s.again(Sigmoid()))(
        "This is the sigmoid 1 / (1 + exp(−x)); the layer is y = tanh(x).",
        "这是 sigmoid 1 / (1 + exp(−x))；本层是 y = tanh(x)。",
    ),
    mistake("tanh-factor-two: y", lambda s: [s.again(x=s.x / 2), s.again(x=2 * s.x)])(
        "A 2 in the exponent is missing or one too many; y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)) = (exp(2x) − 1) /"
        " (exp(2x) + 1).",
        "指数里少了或多了一个 2；y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)) = (exp(2x) − 1) / (exp(2x) + 1)。",
    ),
    mistake("tanh-sigmoid-not-rescaled: y", lambda s: [half := s.again(Sigmoid(), x=2 * s.x), 2 * half, half - 1])(
        "The step from the sigmoid to tanh is incomplete: tanh(x) = 2 · sigmoid(2x) − 1.",
        "由 sigmoid 换算 tanh 时没有换完整：tanh(x) = 2 · sigmoid(2x) − 1。",
    ),
    mistake("tanh-denominator-wrong: y", lambda s: [(above := s.numbers.exp(s.x) - s.numbers.exp(-s.x)) / 2, above])(
        "The difference exp(x) − exp(−x) must be divided by exp(x) + exp(−x); divided by 2 it is sinh(x).",
        "exp(x) − exp(−x) 应除以 exp(x) + exp(−x)；只除以 2 得到的是 sinh(x)。",
    ),
    mistake("tanh-upside-down: y", lambda s: s.ratio(1, s.again()))(
        "The fraction is upside down: y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)), always between −1 and 1.",
        "分子分母颠倒了：y = (exp(x) − exp(−x)) / (exp(x) + exp(−x))，其值总在 −1 与 1 之间。",
    ),
    *of_derivative_in_y(TANH_RIGHT),
    mistake("tanh-square-forgotten: dx", lambda s: s.g * (1 - s.y), right=TANH_RIGHT)(
        "The output y must be squared in the derivative 1 − y²", "导数 1 − y² 中的 y 应取平方"
    ),
    mistake("tanh-square-misplaced: dx", lambda s: s.g * (1 - s.y) * (1 - s.y), right=TANH_RIGHT)(
        "Only y is squared, not the whole bracket: 1 − y², not (1 − y)²",
        "只对 y 取平方，而不是整个括号：是 1 − y² 而不是 (1 − y)²",
    ),
    mistake("tanh-one-forgotten: dx", lambda s: [square := s.g * s.y * s.y, -square], right=TANH_RIGHT)(
        "The 1 is missing in the derivative 1 − y²", "导数 1 − y² 中漏了 1"
    ),
    mistake("derivative-plus-for-minus: dx", lambda s: s.g * (1 + s.y * s.y), right=TANH_RIGHT)(
        "The derivative has a minus, 1 − y², not 1 + y²", "导数中应为减号 1 − y²，而不是 1 + y²"
    ),
    mistake("sigmoid-derivative-for-tanh: dx", lambda s: s.again(Sigmoid()), right=TANH_RIGHT)(
        "y · (1 − y) is the derivative of the sigmoid; that of tanh is 1 − y²",
        "y · (1 − y) 是 sigmoid 的导数；tanh 的导数是 1 − y²",
    ),
    mistake("parentheses-forgotten: dx", lambda s: s.g - s.y * s.y, right=TANH_RIGHT)(
        "The parentheses around 1 − y² were lost, which gives g · 1 − y²", "漏了 1 − y² 的括号，算成了 g · 1 − y²"
    ),
)

MISTAKES = {"sigmoid": SIGMOID, "tanh": TANH}
