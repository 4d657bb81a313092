"""What people get wrong in a hyperbolic tangent."""

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
from cnncalc.layers.sigmoid import Sigmoid

RIGHT = "dx = g · (1 − y²)"


# The output


def _sigmoid(scene: Scene) -> Wrong:
    yield scene.numbers.sigmoid(scene["x"])


def _factor_two(scene: Scene) -> Wrong:
    yield scene.numbers.tanh(scene["x"] / 2)
    yield scene.numbers.tanh(2 * scene["x"])


def _not_shifted(scene: Scene) -> Wrong:
    sigmoid = scene.numbers.sigmoid(2 * scene["x"])
    yield sigmoid
    yield 2 * sigmoid
    yield sigmoid - 1


def _half_of_exponentials(scene: Scene) -> Wrong:
    up, down = scene.numbers.exp(scene["x"]), scene.numbers.exp(-scene["x"])
    yield (up - down) / 2
    yield up - down


def _upside_down(scene: Scene) -> Wrong:
    y = scene.numbers.tanh(scene["x"])
    if not scene.numbers.is_equal(y, 0).any():
        yield 1 / y


# The gradient


def _square_forgotten(scene: Scene) -> Wrong:
    yield scene["g"] * (1 - scene["y"])


def _square_misplaced(scene: Scene) -> Wrong:
    rest = 1 - scene["y"]
    yield scene["g"] * rest * rest


def _one_forgotten(scene: Scene) -> Wrong:
    square = scene["g"] * scene["y"] * scene["y"]
    yield square
    yield -square


def _plus(scene: Scene) -> Wrong:
    yield scene["g"] * (1 + scene["y"] * scene["y"])


def _sigmoid_gradient(scene: Scene) -> Wrong:
    yield scene.backward(Sigmoid())["dx"]


def _no_brackets(scene: Scene) -> Wrong:
    yield scene["g"] - scene["y"] * scene["y"]


MISTAKES: tuple[Mistake, ...] = (
    ACTIVATION_FORGOTTEN,
    Mistake(
        "sigmoid-for-tanh",
        "y",
        Phrase(
            en="This is the sigmoid 1 / (1 + exp(−x)); the layer is y = tanh(x).",
            zh="这是 sigmoid 1 / (1 + exp(−x))；本层是 y = tanh(x)。",
        ),
        _sigmoid,
    ),
    Mistake(
        "tanh-factor-two",
        "y",
        Phrase(
            en="A 2 in the exponent is missing or one too many; y = (exp(x) − exp(−x)) / (exp(x) + exp(−x))"
            " = (exp(2x) − 1) / (exp(2x) + 1).",
            zh="指数里少了或多了一个 2；y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)) = (exp(2x) − 1) / (exp(2x) + 1)。",
        ),
        _factor_two,
    ),
    Mistake(
        "tanh-sigmoid-not-rescaled",
        "y",
        Phrase(
            en="The step from the sigmoid to tanh is incomplete: tanh(x) = 2 · sigmoid(2x) − 1.",
            zh="由 sigmoid 换算 tanh 时没有换完整：tanh(x) = 2 · sigmoid(2x) − 1。",
        ),
        _not_shifted,
    ),
    Mistake(
        "tanh-denominator-wrong",
        "y",
        Phrase(
            en="The difference exp(x) − exp(−x) must be divided by exp(x) + exp(−x); divided by 2 it is sinh(x).",
            zh="exp(x) − exp(−x) 应除以 exp(x) + exp(−x)；只除以 2 得到的是 sinh(x)。",
        ),
        _half_of_exponentials,
    ),
    Mistake(
        "tanh-upside-down",
        "y",
        Phrase(
            en="The fraction is upside down: y = (exp(x) − exp(−x)) / (exp(x) + exp(−x)), always between −1 and 1.",
            zh="分子分母颠倒了：y = (exp(x) − exp(−x)) / (exp(x) + exp(−x))，其值总在 −1 与 1 之间。",
        ),
        _upside_down,
    ),
    DERIVATIVE_FORGOTTEN,
    UPSTREAM_FORGOTTEN,
    NEXT_LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    with_formula(DERIVATIVE_FROM_INPUT, RIGHT),
    with_formula(DERIVATIVE_AT_OUTPUT, RIGHT),
    with_formula(DERIVATIVE_TWICE, RIGHT),
    Mistake(
        "tanh-square-forgotten",
        "dx",
        Phrase(
            en=f"The output y must be squared in the derivative 1 − y²: {RIGHT}.",
            zh=f"导数 1 − y² 中的 y 应取平方：{RIGHT}。",
        ),
        _square_forgotten,
    ),
    Mistake(
        "tanh-square-misplaced",
        "dx",
        Phrase(
            en=f"Only y is squared, not the whole bracket: 1 − y², not (1 − y)²: {RIGHT}.",
            zh=f"只对 y 取平方，而不是整个括号：是 1 − y² 而不是 (1 − y)²：{RIGHT}。",
        ),
        _square_misplaced,
    ),
    Mistake(
        "tanh-one-forgotten",
        "dx",
        Phrase(
            en=f"The 1 is missing in the derivative 1 − y²: {RIGHT}.",
            zh=f"导数 1 − y² 中漏了 1：{RIGHT}。",
        ),
        _one_forgotten,
    ),
    Mistake(
        "derivative-plus-for-minus",
        "dx",
        Phrase(
            en=f"The derivative has a minus, 1 − y², not 1 + y²: {RIGHT}.",
            zh=f"导数中应为减号 1 − y²，而不是 1 + y²：{RIGHT}。",
        ),
        _plus,
    ),
    Mistake(
        "sigmoid-derivative-for-tanh",
        "dx",
        Phrase(
            en=f"y · (1 − y) is the derivative of the sigmoid; that of tanh is 1 − y²: {RIGHT}.",
            zh=f"y · (1 − y) 是 sigmoid 的导数；tanh 的导数是 1 − y²：{RIGHT}。",
        ),
        _sigmoid_gradient,
    ),
    Mistake(
        "parentheses-forgotten",
        "dx",
        Phrase(
            en=f"The parentheses around 1 − y² were lost, which gives g · 1 − y²: {RIGHT}.",
            zh=f"漏了 1 − y² 的括号，算成了 g · 1 − y²：{RIGHT}。",
        ),
        _no_brackets,
    ),
)
