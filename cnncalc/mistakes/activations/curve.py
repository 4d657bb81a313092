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
    "The derivative was taken at the output y; it belongs at the input x: dx = g · f'(x)."
)
AT_KINK = mistake("~derivative-at-kink: dx", lambda s: at_kinks(s))(
    "at the kink the derivative of the other side, or the mean of both, was taken. This problem takes what PyTorch"
    " takes."
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
            "This is the sign, which is −1 below 0; the step is 0 there."
        ),
        mistake("~step-at-zero: y")(
            "the value at exactly 0 was taken as 0, 1/2 or 1. This problem takes another of them.",
            lambda s: [s.again(s.options(at_zero=v)) for v in (0, Fraction(1, 2), 1) if v != s.layer.at_zero],
        ),
        DERIVATIVE_FORGOTTEN,
    ),
    "sign": (
        mistake("step-for-sign: y", lambda s: [s.again(Step(at_zero=v)) for v in (0, Fraction(1, 2), 1)])(
            "This is the step, which is 0 below 0; the sign is −1 there."
        ),
        DERIVATIVE_FORGOTTEN,
    ),
    "relu6": (
        mistake("cap-forgotten: y dx", lambda s: s.again(Relu()))(
            "The bound at 6 was forgotten: this is a plain ReLU."
        ),
        *CUT,
    ),
    "hard_sigmoid": (
        mistake("~hard-sigmoid-slope: y dx")(
            "this is the hard sigmoid with another slope: PyTorch takes 1/6, older Keras 0.2. `slope` decides.",
            lambda s: [
                s.again(s.options(slope=slope)) for slope in (Decimal("0.2"), Fraction(1, 6)) if slope != s.layer.slope
            ],
        ),
        mistake("sigmoid-for-hard-sigmoid: y dx")(
            "This is the sigmoid itself; the layer has three straight pieces.",
            lambda s: s.again(Sigmoid()) if s.tensor == "y" else s.g * s.numbers.sigmoid(s.x) * s.numbers.sigmoid(-s.x),
        ),
        *CUT,
    ),
    "hard_tanh": CUT,
    "elu": (
        mistake("elu-one-forgotten: y")(
            "The 1 was forgotten where x is not above 0: y = alpha · (e^x − 1).",
            lambda s: below(s, s.numbers.exp(s.x - s.numbers.positive_part(s.x)) * s.number(s.layer.alpha)),
        ),
        mistake("elu-alpha-forgotten: y dx", lambda s: s.again(s.options(alpha=1)))(
            "This is an ELU with alpha 1; this problem has another alpha."
        ),
        mistake("elu-output-for-derivative: dx", lambda s: below(s, s.g * s.y))(
            "Where x is not above 0 the output was taken for the derivative; that is alpha · e^x, the output plus"
            " alpha."
        ),
        *SMOOTH,
        AT_KINK,
    ),
    "selu": (
        mistake("selu-scale-forgotten: y dx", lambda s: [s.again(Elu(alpha=s.layer.factors()[1])), s.again(Elu())])(
            "The scale 1.0507 was forgotten, or alpha 1.6733 as well: this is an ELU."
        ),
        *SMOOTH,
    ),
    "gelu": (
        mistake("~gelu-approximation: y dx")(
            "this is another form of GELU: by erf, by tanh, or x · σ(1.702 x). This problem takes the one that its"
            " option says.",
            lambda s: [*(s.again(Gelu(approximate=one)) for one in ("none", "tanh")), quick(s)],
        ),
        mistake("gelu-without-input: y", lambda s: s.y / s.x)(
            "This is the weight alone; it must be multiplied by the input x."
        ),
        *SMOOTH,
    ),
    "silu": (
        mistake("silu-without-input: y", lambda s: s.numbers.sigmoid(s.x))(
            "This is the sigmoid alone; SiLU is x · σ(x)."
        ),
        mistake("product-rule-forgotten: dx")(
            "Only one part of the product rule was taken: dx = g · (σ(x) + x · σ(x) · (1 − σ(x))).",
            lambda s: [s.g * (p := s.numbers.sigmoid(s.x)), s.g * p * (1 - p), s.g * s.x * p * (1 - p)],
        ),
        *SMOOTH,
    ),
    "mish": (
        mistake("mish-as-silu: y dx", lambda s: s.again(Silu()))(
            "This is SiLU, x · σ(x); Mish is x · tanh(log(1 + e^x))."
        ),
        mistake("product-rule-forgotten: dx", lambda s: [s.g * s.y / s.x, s.again() - s.g * s.y / s.x])(
            "Only one part of the product rule was taken: dx = g · (w + x · w'), with w = tanh(log(1 + e^x))."
        ),
        *SMOOTH,
    ),
    "hard_swish": (
        mistake("hard-sigmoid-alone: y", lambda s: s.again(HardSigmoid()))(
            "This is the hard sigmoid alone; it must be multiplied by the input x."
        ),
        mistake("hard-swish-as-silu: y dx", lambda s: s.again(Silu()))(
            "This is SiLU, x · σ(x); hard swish is x · min(max(0, x + 3), 6) / 6."
        ),
        mistake("product-rule-forgotten: dx")(
            "Only one part of the product rule was taken: between −3 and 3 dx = g · (x/3 + 1/2).",
            lambda s: [s.g * s.again(HardSigmoid(), of="y"), s.again() - s.g * s.again(HardSigmoid(), of="y")],
        ),
        *SMOOTH,
        AT_KINK,
    ),
    "softplus": (
        mistake("softplus-for-relu: y", lambda s: s.again(Relu()))(
            "This is the ReLU, which softplus only comes near to."
        ),
        *SMOOTH,
    ),
    "softsign": (
        mistake("softsign-absolute-forgotten: y", lambda s: s.x / (1 + s.x))("The denominator is 1 + |x|, not 1 + x."),
        mistake("softsign-square-forgotten: dx", lambda s: s.g / (1 + s.x * s.again(Sign(), of="y")))(
            "The square was forgotten: dx = g / (1 + |x|)²."
        ),
        mistake("softsign-derivative-as-value: dx", lambda s: s.x * s.again())(
            "The derivative was taken as x / (1 + |x|)²; it is 1 / (1 + |x|)²."
        ),
        *SMOOTH,
    ),
}

SIGMOID_RIGHT = "dx = g · y · (1 − y)"

SIGMOID = (
    ACTIVATION_FORGOTTEN,
    mistake("exponent-sign: y", lambda s: s.again(x=-s.x))(
        "The minus in the exponent is missing: this is 1 / (1 + exp(x)) = 1 − y, not y = 1 / (1 + exp(−x))."
    ),
    mistake("sigmoid-reciprocal-forgotten: y", lambda s: 1 + s.numbers.exp(-s.x))(
        "This is the denominator 1 + exp(−x); the sigmoid is 1 divided by it."
    ),
    mistake("sigmoid-one-forgotten: y", lambda s: [s.numbers.exp(s.x), s.numbers.exp(-s.x)])(
        "This is an exponential alone; the 1 in the denominator is missing: y = 1 / (1 + exp(−x))."
    ),
    mistake("sigmoid-forms-mixed: y", lambda s: s.numbers.exp(s.x) * s.again())(
        "Two forms were mixed, exp(x) / (1 + exp(−x)); right is 1 / (1 + exp(−x)) = exp(x) / (1 + exp(x))."
    ),
    mistake("sigmoid-denominator-sign: y", lambda s: s.ratio(1, 1 - s.numbers.exp(-s.x)))(
        "The denominator has a plus: y = 1 / (1 + exp(−x)), not 1 / (1 − exp(−x))."
    ),
    mistake("tanh-for-sigmoid: y", lambda s: s.again(Tanh()))(
        "This is tanh(x); the layer is a sigmoid: y = 1 / (1 + exp(−x))."
    ),
    mistake("softmax-for-sigmoid: y", lambda s: s.x.ndim == 2 and s.x.shape[1] > 1 and s.again(Softmax()))(
        "This is the softmax over all features; the sigmoid takes each number by itself: y = 1 / (1 + exp(−x))."
    ),
    *of_derivative_in_y(SIGMOID_RIGHT),
    mistake("sigmoid-derivative-incomplete: dx", lambda s: [s.g * (1 - s.y), s.g * s.y * s.y], right=SIGMOID_RIGHT)(
        "One factor of the derivative y · (1 − y) is missing or wrong"
    ),
    mistake("tanh-derivative-for-sigmoid: dx", lambda s: s.again(Tanh()), right=SIGMOID_RIGHT)(
        "The factor 1 − y² is the derivative of tanh; that of the sigmoid is y · (1 − y)"
    ),
    mistake("derivative-plus-for-minus: dx", lambda s: s.g * s.y * (1 + s.y), right=SIGMOID_RIGHT)(
        "The derivative has a minus, y · (1 − y), not y · (1 + y)"
    ),
    mistake("parentheses-forgotten: dx", lambda s: s.g * s.y - s.y, right=SIGMOID_RIGHT)(
        "The parentheses around 1 − y were lost, which gives g · y · 1 − y"
    ),
)

TANH_RIGHT = "dx = g · (1 − y²)"

TANH = (
    ACTIVATION_FORGOTTEN,
    mistake("sigmoid-for-tanh: y", lambda s: s.again(Sigmoid()))(
        "This is the sigmoid 1 / (1 + exp(−x)); the layer is y = tanh(x)."
    ),
    mistake("tanh-factor-two: y", lambda s: [s.again(x=s.x / 2), s.again(x=2 * s.x)])(
        "A 2 in the exponent is missing or one too many; y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)) = (exp(2x) − 1) /"
        " (exp(2x) + 1)."
    ),
    mistake("tanh-sigmoid-not-rescaled: y", lambda s: [half := s.again(Sigmoid(), x=2 * s.x), 2 * half, half - 1])(
        "The step from the sigmoid to tanh is incomplete: tanh(x) = 2 · sigmoid(2x) − 1."
    ),
    mistake("tanh-denominator-wrong: y", lambda s: [(above := s.numbers.exp(s.x) - s.numbers.exp(-s.x)) / 2, above])(
        "The difference exp(x) − exp(−x) must be divided by exp(x) + exp(−x); divided by 2 it is sinh(x)."
    ),
    mistake("tanh-upside-down: y", lambda s: s.ratio(1, s.again()))(
        "The fraction is upside down: y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)), always between −1 and 1."
    ),
    *of_derivative_in_y(TANH_RIGHT),
    mistake("tanh-square-forgotten: dx", lambda s: s.g * (1 - s.y), right=TANH_RIGHT)(
        "The output y must be squared in the derivative 1 − y²"
    ),
    mistake("tanh-square-misplaced: dx", lambda s: s.g * (1 - s.y) * (1 - s.y), right=TANH_RIGHT)(
        "Only y is squared, not the whole bracket: 1 − y², not (1 − y)²"
    ),
    mistake("tanh-one-forgotten: dx", lambda s: [square := s.g * s.y * s.y, -square], right=TANH_RIGHT)(
        "The 1 is missing in the derivative 1 − y²"
    ),
    mistake("derivative-plus-for-minus: dx", lambda s: s.g * (1 + s.y * s.y), right=TANH_RIGHT)(
        "The derivative has a minus, 1 − y², not 1 + y²"
    ),
    mistake("sigmoid-derivative-for-tanh: dx", lambda s: s.again(Sigmoid()), right=TANH_RIGHT)(
        "y · (1 − y) is the derivative of the sigmoid; that of tanh is 1 − y²"
    ),
    mistake("parentheses-forgotten: dx", lambda s: s.g - s.y * s.y, right=TANH_RIGHT)(
        "The parentheses around 1 − y² were lost, which gives g · 1 − y²"
    ),
)

MISTAKES = {"sigmoid": SIGMOID, "tanh": TANH, **{curve: (ACTIVATION_FORGOTTEN, *own) for curve, own in OF_TYPE.items()}}
