"""What people get wrong in a sigmoid."""

from cnncalc.language import Phrase
from cnncalc.layers.elementwise_mistakes import (
    ACTIVATION_FORGOTTEN,
    DERIVATIVE_AT_OUTPUT,
    DERIVATIVE_FORGOTTEN,
    DERIVATIVE_FROM_INPUT,
    DERIVATIVE_TWICE,
    NEXT_LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    UPSTREAM_FORGOTTEN,
    with_formula,
)
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.softmax import Softmax
from cnncalc.layers.tanh import Tanh

RIGHT = "dx = g · y · (1 − y)"


# The output


def _exponent_sign(scene: Scene) -> Wrong:
    yield scene.numbers.sigmoid(-scene["x"])


def _reciprocal_forgotten(scene: Scene) -> Wrong:
    yield 1 + scene.numbers.exp(-scene["x"])


def _one_forgotten(scene: Scene) -> Wrong:
    yield scene.numbers.exp(scene["x"])
    yield scene.numbers.exp(-scene["x"])


def _forms_mixed(scene: Scene) -> Wrong:
    yield scene.numbers.exp(scene["x"]) * scene.numbers.sigmoid(scene["x"])


def _minus_below(scene: Scene) -> Wrong:
    below = 1 - scene.numbers.exp(-scene["x"])
    if not scene.numbers.is_equal(below, 0).any():
        yield 1 / below


def _tanh(scene: Scene) -> Wrong:
    yield scene.numbers.tanh(scene["x"])


def _softmax(scene: Scene) -> Wrong:
    if scene["x"].ndim == 2 and scene["x"].shape[1] > 1:
        yield scene.forward(Softmax())["y"]


# The gradient


def _factor_missing(scene: Scene) -> Wrong:
    g, y = scene["g"], scene["y"]
    yield g * (1 - y)
    yield g * y * y


def _tanh_gradient(scene: Scene) -> Wrong:
    yield scene.backward(Tanh())["dx"]


def _plus(scene: Scene) -> Wrong:
    yield scene["g"] * scene["y"] * (1 + scene["y"])


def _no_brackets(scene: Scene) -> Wrong:
    yield scene["g"] * scene["y"] - scene["y"]


MISTAKES: tuple[Mistake, ...] = (
    ACTIVATION_FORGOTTEN,
    Mistake(
        "exponent-sign",
        "y",
        Phrase(
            en="The minus in the exponent is missing: this is 1 / (1 + exp(x)) = 1 − y, not y = 1 / (1 + exp(−x)).",
            zh="指数上漏了负号：写成了 1 / (1 + exp(x)) = 1 − y；应为 y = 1 / (1 + exp(−x))。",
        ),
        _exponent_sign,
    ),
    Mistake(
        "sigmoid-reciprocal-forgotten",
        "y",
        Phrase(
            en="This is the denominator 1 + exp(−x); the sigmoid is 1 divided by it.",
            zh="这只是分母 1 + exp(−x)；sigmoid 是它的倒数。",
        ),
        _reciprocal_forgotten,
    ),
    Mistake(
        "sigmoid-one-forgotten",
        "y",
        Phrase(
            en="This is an exponential alone; the 1 in the denominator is missing: y = 1 / (1 + exp(−x)).",
            zh="这只是指数本身，漏了分母中的 1：y = 1 / (1 + exp(−x))。",
        ),
        _one_forgotten,
    ),
    Mistake(
        "sigmoid-forms-mixed",
        "y",
        Phrase(
            en="Two forms were mixed, exp(x) / (1 + exp(−x)); right is 1 / (1 + exp(−x)) = exp(x) / (1 + exp(x)).",
            zh="混用了两种写法 exp(x) / (1 + exp(−x))；应为 1 / (1 + exp(−x)) = exp(x) / (1 + exp(x))。",
        ),
        _forms_mixed,
    ),
    Mistake(
        "sigmoid-denominator-sign",
        "y",
        Phrase(
            en="The denominator has a plus: y = 1 / (1 + exp(−x)), not 1 / (1 − exp(−x)).",
            zh="分母应为加号：y = 1 / (1 + exp(−x))，而不是 1 / (1 − exp(−x))。",
        ),
        _minus_below,
    ),
    Mistake(
        "tanh-for-sigmoid",
        "y",
        Phrase(
            en="This is tanh(x); the layer is a sigmoid: y = 1 / (1 + exp(−x)).",
            zh="这是 tanh(x)；本层是 sigmoid：y = 1 / (1 + exp(−x))。",
        ),
        _tanh,
    ),
    Mistake(
        "softmax-for-sigmoid",
        "y",
        Phrase(
            en="This is the softmax over all features; the sigmoid takes each number by itself: y = 1 / (1 + exp(−x)).",
            zh="这是对全部特征做的 softmax；sigmoid 对每个数单独计算：y = 1 / (1 + exp(−x))。",
        ),
        _softmax,
    ),
    DERIVATIVE_FORGOTTEN,
    UPSTREAM_FORGOTTEN,
    NEXT_LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    with_formula(DERIVATIVE_FROM_INPUT, RIGHT),
    with_formula(DERIVATIVE_AT_OUTPUT, RIGHT),
    with_formula(DERIVATIVE_TWICE, RIGHT),
    Mistake(
        "sigmoid-derivative-incomplete",
        "dx",
        Phrase(
            en=f"One factor of the derivative y · (1 − y) is missing or wrong: {RIGHT}.",
            zh=f"导数 y · (1 − y) 中有一个因子漏了或写错了：{RIGHT}。",
        ),
        _factor_missing,
    ),
    Mistake(
        "tanh-derivative-for-sigmoid",
        "dx",
        Phrase(
            en=f"The factor 1 − y² is the derivative of tanh; that of the sigmoid is y · (1 − y): {RIGHT}.",
            zh=f"1 − y² 是 tanh 的导数；sigmoid 的导数是 y · (1 − y)：{RIGHT}。",
        ),
        _tanh_gradient,
    ),
    Mistake(
        "derivative-plus-for-minus",
        "dx",
        Phrase(
            en=f"The derivative has a minus, y · (1 − y), not y · (1 + y): {RIGHT}.",
            zh=f"导数中应为减号 y · (1 − y)，而不是 y · (1 + y)：{RIGHT}。",
        ),
        _plus,
    ),
    Mistake(
        "parentheses-forgotten",
        "dx",
        Phrase(
            en=f"The parentheses around 1 − y were lost, which gives g · y · 1 − y: {RIGHT}.",
            zh=f"漏了 1 − y 的括号，算成了 g · y · 1 − y：{RIGHT}。",
        ),
        _no_brackets,
    ),
)
