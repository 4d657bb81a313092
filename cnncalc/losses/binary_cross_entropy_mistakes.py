"""What people get wrong in a binary cross-entropy; p are its probabilities, t is the target, n elements a sample."""

from __future__ import annotations

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.sigmoid import Sigmoid
from cnncalc.losses.cross_entropy_forward_mistakes import BASES, CONSTANTS, logarithm
from cnncalc.losses.cross_entropy_phrases import CONSTANT
from cnncalc.losses.reduction_mistakes import MISTAKES as REDUCTION
from cnncalc.losses.reduction_mistakes import divided, total
from cnncalc.losses.squared_error_mistakes import elements


def _logarithms(scene: Scene, factor: Array, probability: Array) -> Array:
    """factor · log(probability), where the factor is not 0."""
    made = scene.numbers.zeros(factor.shape)
    counts = ~scene.numbers.is_equal(factor, 0)
    made[counts] = factor[counts] * scene.numbers.log(probability[counts])
    return made


def _slopes(scene: Scene, factor: Array, probability: Array) -> Array:
    """factor / probability, where the factor is not 0."""
    made = scene.numbers.zeros(factor.shape)
    counts = ~scene.numbers.is_equal(factor, 0)
    made[counts] = factor[counts] / probability[counts]
    return made


def _mean(scene: Scene, losses: Array) -> Array:
    return total(scene, losses) / elements(scene)


def _of_each(scene: Scene, x: Array) -> Array:
    """Something of x's shape, with the share that an element has in the loss."""
    return divided(scene, x) / elements(scene)


def _yes(scene: Scene) -> Array:
    return _logarithms(scene, scene["target"], scene["x"])


def _no(scene: Scene) -> Array:
    return _logarithms(scene, 1 - scene["target"], 1 - scene["x"])


# The loss


def _one_term(scene: Scene) -> Wrong:
    yield 0 - _mean(scene, _yes(scene))
    yield 0 - _mean(scene, _no(scene))


def _sign_of_one_term(scene: Scene) -> Wrong:
    yield _mean(scene, _no(scene) - _yes(scene))
    yield _mean(scene, _yes(scene) - _no(scene))


def _one_minus_forgotten(scene: Scene) -> Wrong:
    x, target = scene["x"], scene["target"]
    yield 0 - _mean(scene, scene.numbers.log(x))
    yield 0 - _mean(scene, _yes(scene) + _logarithms(scene, target, 1 - x))


def _base(scene: Scene) -> Wrong:
    for base in BASES:
        yield scene.forward()["y"] / logarithm(scene, base)


def _logarithm_forgotten(scene: Scene) -> Wrong:
    x, target = scene["x"], scene["target"]
    yield 0 - _mean(scene, target * x + (1 - target) * (1 - x))


def _summed(scene: Scene) -> Wrong:
    yield scene.forward()["y"] * elements(scene)


def _roles_swapped(scene: Scene) -> Wrong:
    yield scene.forward(x=scene["target"], target=scene["x"])["y"]


def _entropy(scene: Scene) -> Wrong:
    yield scene.forward(target=scene["x"])["y"]


def _sigmoid_twice(scene: Scene) -> Wrong:
    yield scene.forward(x=scene.numbers.sigmoid(scene["x"]))["y"]


def _squared_error(scene: Scene) -> Wrong:
    difference = scene["x"] - scene["target"]
    squares = total(scene, difference * difference)
    for divisor in (1, 2, elements(scene), 2 * elements(scene)):
        yield squares / divisor


def _constant_in_logarithm(scene: Scene) -> Wrong:
    for constant in CONSTANTS:
        small = scene.numbers.number(constant)
        x, target = scene["x"], scene["target"]
        yes, no = _logarithms(scene, target, x + small), _logarithms(scene, 1 - target, 1 - x + small)
        yield 0 - _mean(scene, yes + no)


def _not_summed(scene: Scene) -> Wrong:
    yield 0 - _yes(scene) - _no(scene)


# The gradient


def _at_logits(scene: Scene) -> Wrong:
    difference = scene["x"] - scene["target"]
    yield _of_each(scene, difference)
    yield divided(scene, difference)


def _one_slope(scene: Scene) -> Wrong:
    x, target = scene["x"], scene["target"]
    yield _of_each(scene, 0 - _slopes(scene, target, x))
    yield _of_each(scene, _slopes(scene, 1 - target, 1 - x))


def _sign_of_one_slope(scene: Scene) -> Wrong:
    x, target = scene["x"], scene["target"]
    both = _of_each(scene, _slopes(scene, target, x) + _slopes(scene, 1 - target, 1 - x))
    yield 0 - both
    yield both


def _base_in_gradient(scene: Scene) -> Wrong:
    for base in BASES:
        yield scene.backward()["dx"] / logarithm(scene, base)


def _not_differentiated(scene: Scene) -> Wrong:
    yield _of_each(scene, 0 - _yes(scene) - _no(scene))


def _summed_gradient(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] * elements(scene)


def _sigmoid_twice_in_gradient(scene: Scene) -> Wrong:
    again = scene.numbers.sigmoid(scene["x"])
    dx = scene.backward(x=again)["dx"]
    yield Sigmoid().backward(scene.numbers, dx, {"x": scene["x"], "y": again})["dx"]
    yield dx


LOSS, SLOPE = "L = −Σ (t · log(p) + (1 − t) · log(1 − p)) / n", "dL/dp = ((1 − t)/(1 − p) − t/p) / n"
TERM_FORGOTTEN = Phrase(
    en=f"Only one of the two terms was used; both t and 1 − t count: {LOSS}, {SLOPE}.",
    zh=f"只用了两项中的一项；t 与 1 − t 两项都要计入：{LOSS}，{SLOPE}。",
)
SIGN = Phrase(
    en=f"One of the two terms has the wrong sign; in the derivative the two signs differ, since d log(1 − p)/dp ="
    f" −1/(1 − p): {LOSS}, {SLOPE}.",
    zh=f"两项中有一项的符号反了；求导后两项异号，因为 d log(1 − p)/dp = −1/(1 − p)：{LOSS}，{SLOPE}。",
)
BASE = Phrase(
    en="The logarithm to base 2 or 10 was taken; binary cross-entropy here takes the natural logarithm, ln.",
    zh="用了以 2 或 10 为底的对数；本题的二元交叉熵用自然对数 ln。",
)
SUMMED = Phrase(
    en=f"Another convention: the elements were added up. This problem takes the mean over the n elements of a sample:"
    f" {LOSS}, {SLOPE}.",
    zh=f"另一种约定：对各元素求了和。本题对一个样本的 n 个元素取平均：{LOSS}，{SLOPE}。",
)
SIGMOID_TWICE = Phrase(
    en="The sigmoid was applied twice: this loss takes the probabilities p as they are and applies no sigmoid of its"
    " own.",
    zh="sigmoid 做了两次：本题的损失直接用概率 p，自身不再做 sigmoid。",
)

MISTAKES: tuple[Mistake, ...] = (
    Mistake("term-forgotten", "y", TERM_FORGOTTEN, _one_term),
    Mistake("sign-of-one-term", "y", SIGN, _sign_of_one_term),
    Mistake(
        "one-minus-forgotten",
        "y",
        Phrase(
            en=f"A “1 −” is missing in the second term, (1 − t) · log(1 − p): {LOSS}.",
            zh=f"第二项 (1 − t) · log(1 − p) 中漏了“1 −”：{LOSS}。",
        ),
        _one_minus_forgotten,
    ),
    Mistake("sigmoid-twice", "y", SIGMOID_TWICE, _sigmoid_twice),
    Mistake("logarithm-base", "y", BASE, _base),
    Mistake(
        "logarithm-forgotten",
        "y",
        Phrase(en=f"The logarithms are missing: {LOSS}.", zh=f"漏了对数：{LOSS}。"),
        _logarithm_forgotten,
    ),
    Mistake("sum-for-mean", "y", SUMMED, _summed, "convention"),
    Mistake(
        "target-and-probabilities-swapped",
        "y",
        Phrase(
            en=f"Target and probabilities were swapped; the logarithms are taken of p: {LOSS}.",
            zh=f"目标与概率的位置互换了；应对 p 取对数：{LOSS}。",
        ),
        _roles_swapped,
    ),
    Mistake(
        "entropy-of-probabilities",
        "y",
        Phrase(
            en=f"This is the entropy of the probabilities themselves; the target t is the weight: {LOSS}.",
            zh=f"这是概率自身的熵；应以目标 t 为权重：{LOSS}。",
        ),
        _entropy,
    ),
    Mistake(
        "squared-error-for-cross-entropy",
        "y",
        Phrase(
            en=f"This is a squared error, Σ (p − t)² or a fraction of it; binary cross-entropy is {LOSS}.",
            zh=f"这是平方误差 Σ (p − t)²（或其若干分之一）；二元交叉熵为 {LOSS}。",
        ),
        _squared_error,
    ),
    Mistake("constant-in-logarithm", "y", CONSTANT, _constant_in_logarithm, "convention"),
    Mistake(
        "errors-not-summed",
        "y",
        Phrase(
            en=f"The elements' losses were listed one by one; the loss is one number, their mean: {LOSS}.",
            zh=f"分别列出了各元素的损失；损失是一个数，即它们的平均：{LOSS}。",
        ),
        _not_summed,
    ),
    Mistake(
        "gradient-at-logits",
        "dx",
        Phrase(
            en=f"This is p − t, the gradient at the logits, before the sigmoid; at the probabilities it is divided by"
            f" p · (1 − p): {SLOPE}.",
            zh=f"p − t 是对 logits（sigmoid 之前）的梯度；对概率的梯度还要除以 p · (1 − p)：{SLOPE}。",
        ),
        _at_logits,
    ),
    Mistake("term-forgotten", "dx", TERM_FORGOTTEN, _one_slope),
    Mistake("sign-of-one-term", "dx", SIGN, _sign_of_one_slope),
    Mistake("sigmoid-twice", "dx", SIGMOID_TWICE, _sigmoid_twice_in_gradient),
    Mistake("logarithm-base", "dx", BASE, _base_in_gradient),
    Mistake(
        "logarithm-not-differentiated",
        "dx",
        Phrase(
            en=f"The logarithms were not differentiated: the derivative of log(p) is 1/p: {SLOPE}.",
            zh=f"没有对对数求导；log(p) 的导数为 1/p：{SLOPE}。",
        ),
        _not_differentiated,
    ),
    Mistake("sum-for-mean", "dx", SUMMED, _summed_gradient, "convention"),
    *REDUCTION,
)
"""The most specific first."""
