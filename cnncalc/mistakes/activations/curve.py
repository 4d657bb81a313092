"""What people get wrong in activations that are a curve: in all alike, and in each by itself, sigmoid and tanh too."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from cnncalc.layers.activations.bounded import HardSigmoid, Sign, Step
from cnncalc.layers.activations.rectifiers import Relu
from cnncalc.layers.activations.smooth import Elu, Gelu, Sigmoid, Silu, Tanh
from cnncalc.layers.activations.softmax import Softmax
from cnncalc.layers.evaluate import value
from cnncalc.mistakes.families import (
    ACTIVATION_FORGOTTEN,
    DERIVATIVE_FORGOTTEN,
    LAYER_SKIPPED,
    OF_DERIVATIVE,
    UPSTREAM_FORGOTTEN,
    of_derivative_in_y,
)
from cnncalc.mistakes.take import Mistake, Take, mistake, need

AT_OUTPUT = mistake("derivative-at-output: dx", lambda s: s.again(x=s.y))(
    "The derivative was taken at the output y; it belongs at the input x: dx = g · f'(x).",
    "导数是在输出 y 处取的；应在输入 x 处取：dx = g · f'(x)。",
)
AT_KINK = mistake("~derivative-at-kink: dx", lambda s: at_kinks(s))(
    "at the kink the derivative of the other side, or the mean of both, was taken. This problem takes what PyTorch"
    " takes.",
    "在不可导点处取了另一侧的导数，或两侧的平均。本题与 PyTorch 一致。",
)
SMOOTH = (*OF_DERIVATIVE, AT_OUTPUT)
CUT = (DERIVATIVE_FORGOTTEN, UPSTREAM_FORGOTTEN, LAYER_SKIPPED.of("dx"), AT_KINK)


def at_kinks(s: Take) -> Any:
    """dx with each kink on the other side, and in the middle."""
    pieces, (right, left) = s.layer.pieces(), (s.again(), s.again())
    need(bool(s.layer.kinks()))
    for place in s.layer.kinks():
        is_here = s.numbers.is_equal(s.x - s.number(place), 0)
        at = [number for number, piece in enumerate(pieces) if piece.above == place]
        above, below = (s.g * value(pieces[one].slope, s.numbers, {"x": s.x}) for one in (at[0], at[-1] + 1))
        right, left = s.where(is_here, above, right), s.where(is_here, below, left)
    return [right, left, (right + left) / 2]


def quick(s: Take) -> Any:
    """x · σ(1.702 x), and its derivative."""
    x = s.x * s.number(Decimal("1.702"))
    gate = s.numbers.sigmoid(x)
    return s.x * gate if s.tensor == "y" else s.g * (gate + x * gate * (1 - gate))


def below(s: Take, other: Any) -> Any:
    """Another tensor where x is not above 0."""
    return s.where(s.above(s.x), s.again(), other)


OF_TYPE: Mapping[str, tuple[Mistake, ...]] = {
    "step": (
        mistake("sign-for-step: y", lambda s: s.again(Sign()))(
            "This is the sign, which is −1 below 0; the step is 0 there.",
            "这是符号函数（负数取 −1）；阶跃函数在负半轴取 0。",
        ),
        mistake("~step-at-zero: y")(
            "the value at exactly 0 was taken as 0, 1/2 or 1. This problem takes another of them.",
            "阶跃函数在 0 处取了 0、1/2 或 1 中的另一个值。",
            lambda s: [s.again(s.options(at_zero=v)) for v in (0, Fraction(1, 2), 1) if v != s.layer.at_zero],
        ),
        DERIVATIVE_FORGOTTEN,
    ),
    "sign": (
        mistake("step-for-sign: y", lambda s: [s.again(Step(at_zero=v)) for v in (0, Fraction(1, 2), 1)])(
            "This is the step, which is 0 below 0; the sign is −1 there.",
            "这是阶跃函数（负数取 0）；符号函数在负半轴取 −1。",
        ),
        DERIVATIVE_FORGOTTEN,
    ),
    "relu6": (
        mistake("cap-forgotten: y dx", lambda s: s.again(Relu()))(
            "The bound at 6 was forgotten: this is a plain ReLU.", "漏了上界 6，算成了普通 ReLU。"
        ),
        *CUT,
    ),
    "hard_sigmoid": (
        mistake("~hard-sigmoid-slope: y dx")(
            "this is the hard sigmoid with another slope: PyTorch takes 1/6, older Keras 0.2. `slope` decides.",
            "用了另一斜率的 Hard Sigmoid：PyTorch 取 1/6，旧版 Keras 取 0.2；本题由 `slope` 规定。",
            lambda s: [
                s.again(s.options(slope=slope)) for slope in (Decimal("0.2"), Fraction(1, 6)) if slope != s.layer.slope
            ],
        ),
        mistake("sigmoid-for-hard-sigmoid: y dx")(
            "This is the sigmoid itself; the layer has three straight pieces.",
            "这是 Sigmoid 本身；本层是三段直线。",
            lambda s: s.again(Sigmoid()) if s.tensor == "y" else s.g * s.numbers.sigmoid(s.x) * s.numbers.sigmoid(-s.x),
        ),
        *CUT,
    ),
    "hard_tanh": CUT,
    "elu": (
        mistake("elu-one-forgotten: y")(
            "The 1 was forgotten where x is not above 0: y = alpha · (e^x − 1).",
            "x 不大于 0 处漏减了 1：y = alpha · (e^x − 1)。",
            lambda s: below(s, s.numbers.exp(s.x - s.numbers.positive_part(s.x)) * s.number(s.layer.alpha)),
        ),
        mistake("elu-alpha-forgotten: y dx", lambda s: s.again(s.options(alpha=1)))(
            "This is an ELU with alpha 1; this problem has another alpha.",
            "按 alpha = 1 计算了；本题的 alpha 是另一个值。",
        ),
        mistake("elu-output-for-derivative: dx", lambda s: below(s, s.g * s.y))(
            "Where x is not above 0 the output was taken for the derivative; that is alpha · e^x, the output plus"
            " alpha.",
            "x 不大于 0 处把输出当成了导数；导数是 alpha · e^x，即输出加 alpha。",
        ),
        *SMOOTH,
        AT_KINK,
    ),
    "selu": (
        mistake("selu-scale-forgotten: y dx", lambda s: [s.again(Elu(alpha=s.layer.factors()[1])), s.again(Elu())])(
            "The scale 1.0507 was forgotten, or alpha 1.6733 as well: this is an ELU.",
            "漏了系数 1.0507（或连 alpha 1.6733 也漏了），算成了 ELU。",
        ),
        *SMOOTH,
    ),
    "gelu": (
        mistake("~gelu-approximation: y dx")(
            "this is another form of GELU: by erf, by tanh, or x · σ(1.702 x). This problem takes the one that its"
            " option says.",
            "用了 GELU 的另一种形式（erf、tanh 或 x · σ(1.702 x)）。本题以选项所写的形式为准。",
            lambda s: [*(s.again(Gelu(approximate=one)) for one in ("none", "tanh")), quick(s)],
        ),
        mistake("gelu-without-input: y", lambda s: s.y / s.x)(
            "This is the weight alone; it must be multiplied by the input x.", "这只是权重；还应乘以输入 x。"
        ),
        *SMOOTH,
    ),
    "silu": (
        mistake("silu-without-input: y", lambda s: s.numbers.sigmoid(s.x))(
            "This is the sigmoid alone; SiLU is x · σ(x).", "这只是 sigmoid；SiLU 为 x · σ(x)。"
        ),
        mistake("product-rule-forgotten: dx")(
            "Only one part of the product rule was taken: dx = g · (σ(x) + x · σ(x) · (1 − σ(x))).",
            "只取了乘积求导的一项：dx = g · (σ(x) + x · σ(x) · (1 − σ(x)))。",
            lambda s: [s.g * (p := s.numbers.sigmoid(s.x)), s.g * p * (1 - p), s.g * s.x * p * (1 - p)],
        ),
        *SMOOTH,
    ),
    "mish": (
        mistake("mish-as-silu: y dx", lambda s: s.again(Silu()))(
            "This is SiLU, x · σ(x); Mish is x · tanh(log(1 + e^x)).",
            "这是 SiLU（x · σ(x)）；Mish 为 x · tanh(log(1 + e^x))。",
        ),
        mistake("product-rule-forgotten: dx", lambda s: [s.g * s.y / s.x, s.again() - s.g * s.y / s.x])(
            "Only one part of the product rule was taken: dx = g · (w + x · w'), with w = tanh(log(1 + e^x)).",
            "只取了乘积求导的一项：dx = g · (w + x · w')，其中 w = tanh(log(1 + e^x))。",
        ),
        *SMOOTH,
    ),
    "hard_swish": (
        mistake("hard-sigmoid-alone: y", lambda s: s.again(HardSigmoid()))(
            "This is the hard sigmoid alone; it must be multiplied by the input x.",
            "这只是 Hard Sigmoid；还应乘以输入 x。",
        ),
        mistake("hard-swish-as-silu: y dx", lambda s: s.again(Silu()))(
            "This is SiLU, x · σ(x); hard swish is x · min(max(0, x + 3), 6) / 6.",
            "这是 SiLU（x · σ(x)）；Hard Swish 为 x · min(max(0, x + 3), 6) / 6。",
        ),
        mistake("product-rule-forgotten: dx")(
            "Only one part of the product rule was taken: between −3 and 3 dx = g · (x/3 + 1/2).",
            "只取了乘积求导的一项：−3 与 3 之间 dx = g · (x/3 + 1/2)。",
            lambda s: [s.g * s.again(HardSigmoid(), of="y"), s.again() - s.g * s.again(HardSigmoid(), of="y")],
        ),
        *SMOOTH,
        AT_KINK,
    ),
    "softplus": (
        mistake("softplus-for-relu: y", lambda s: s.again(Relu()))(
            "This is the ReLU, which softplus only comes near to.", "这是 ReLU；softplus 只是与它接近。"
        ),
        *SMOOTH,
    ),
    "softsign": (
        mistake("softsign-absolute-forgotten: y", lambda s: s.x / (1 + s.x))(
            "The denominator is 1 + |x|, not 1 + x.", "分母为 1 + |x|，不是 1 + x。"
        ),
        mistake("softsign-square-forgotten: dx", lambda s: s.g / (1 + s.x * s.again(Sign(), of="y")))(
            "The square was forgotten: dx = g / (1 + |x|)².", "漏了平方：dx = g / (1 + |x|)²。"
        ),
        mistake("softsign-derivative-as-value: dx", lambda s: s.x * s.again())(
            "The derivative was taken as x / (1 + |x|)²; it is 1 / (1 + |x|)².",
            "把导数写成了 x / (1 + |x|)²；应为 1 / (1 + |x|)²。",
        ),
        *SMOOTH,
    ),
}

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

MISTAKES = {
    "sigmoid": SIGMOID,
    "tanh": TANH,
    **{curve: (ACTIVATION_FORGOTTEN, *own) for curve, own in OF_TYPE.items()},
}
