"""What to say about activations that are a curve, and functions of one number and of two: what each does, its slope."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.joining import chain
from cnncalc.lessons.lesson import Lesson, Lessons, Reason, elementwise_chain, lesson
from cnncalc.step import Scene

FLAT = (
    "The function is flat on both sides of its jump, so its derivative is 0 and no gradient passes; networks with it"
    " are trained by other rules."
)
CUT = "The gradient passes where the function rises, and none where it is cut off and flat."
WHERE = Phrase("{a} decides which piece of the function holds here.")


def reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    """The piece, where there are several."""
    layer: Any = scene.layer
    if len({piece.y_source for piece in layer.pieces()}) > 1:
        yield Reason(WHERE, (Entry("x", index),))


def seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    """The input."""
    return (Entry("x", index),)


curve = partial(lesson, chain=elementwise_chain, reasons=reasons, seen=seen)
"""What people call it; then what is done, and how the gradient goes back."""


ELU = Phrase("Each element passes as it is where it is above 0; below, an exponential bends it towards −{alpha}.")
ELU_SLOPE = Phrase(
    "The gradient passes unchanged where the input is above 0; elsewhere it is multiplied by"
    " {factor}$\\exp(\\x)$, which is the output plus {alpha}."
)


def _elu(layer: Any) -> Lesson:
    """With the number that alpha is."""
    alpha, factor = layer.alpha, "" if layer.alpha == 1 else f"{layer.alpha} · "
    return curve("ELU")(ELU.format(alpha=str(alpha)), ELU_SLOPE.format(factor=factor, alpha=str(alpha)))


CURVES: Lessons = {
    "step": curve("step function")("Each element becomes 1 where it is above 0, and 0 below: fire or not.", FLAT),
    "sign": curve("sign function")("Of each element only the sign is kept: 1, 0 or −1.", FLAT),
    "relu6": curve("ReLU6")("A ReLU that is cut off at 6, so that a few bits can hold its values.", CUT),
    "hard_sigmoid": curve("hard sigmoid")(
        "A sigmoid drawn with three straight lines: 0, one that rises through 1/2 at 0, and 1.", CUT
    ),
    "hard_tanh": curve("hard tanh")("Each element passes as it is between two bounds, and is cut off there.", CUT),
    "elu": _elu,
    "selu": curve("SELU")(
        "An ELU with two fixed factors, chosen so that activations tend towards mean 0 and variance 1.",
        "The gradient is multiplied by the first factor where the input is above 0, elsewhere by both and by"
        " $\\exp(\\x)$.",
    ),
    "gelu": curve("GELU")(
        "Each element is multiplied by a weight between 0 and 1 that grows with it: the probability that a standard"
        " normal variable is smaller, or what comes near to that.",
        "By the product rule: the weight itself, and the input times the derivative of the weight.",
    ),
    "silu": curve("SiLU")(
        "Each element is multiplied by its own sigmoid.",
        "By the product rule: the sigmoid itself, and the input times the derivative of the sigmoid.",
    ),
    "mish": curve("Mish")(
        "Each element is multiplied by the tanh of its own softplus.",
        "By the product rule: the tanh itself, and the input times the derivative of the tanh, in which the derivative"
        " of softplus is the sigmoid.",
    ),
    "hard_swish": curve("hard swish")(
        "A swish of simple pieces: 0 up to −3, the input itself from 3 on, and a parabola between.",
        "The gradient passes unchanged from 3 on and not at all up to −3; between, it is multiplied by the slope of the"
        " parabola, $\\x/3 + 1/2$.",
    ),
    "softplus": curve("softplus")(
        "A smooth ReLU: near 0 far below, near the input far above.", "The derivative of softplus is the sigmoid."
    ),
    "softsign": curve("softsign")(
        "Each element is divided by 1 plus its magnitude, and so squashed between −1 and 1.",
        "The derivative is the square of $1/(1 + |\\x|)$, on both sides of 0.",
    ),
    "activation": lesson("a general activation", chain=elementwise_chain)(
        "The same function is applied to each element; which one it is, is left open.",
        "Each output depends on its own input alone. So by the chain rule the gradient that arrives is multiplied by"
        " the derivative of the function at that input.",
    ),
}


EACH = Phrase("The function is applied to each element by itself.")
DX = Phrase("The gradient that arrives is multiplied by the local derivative: {slope}.")


def of_one(kind: str, slope: str) -> Lesson:
    """Of a function of one number: what people call it, and what its derivative is."""
    dx = DX.format(slope=Phrase(slope))
    return Lesson(Phrase(kind), {"y": EACH, "dx": dx}, elementwise_chain, reasons, seen)


def of_two(kind: Phrase, first: Phrase, second: Phrase) -> Lesson:
    """Of a function of two: what people call it, and its two derivatives."""
    return Lesson(kind, {}, chain, of_inputs=lambda scene, local: first if local == "x" else second)


ROUTED = Phrase(
    "Only the input that was chosen acts on the result, so it gets the whole gradient and the other one 0; where"
    " both are equal, each gets half."
)
LARGER = Phrase("{a} is larger than {b}.")
SMALLER = Phrase("{a} is smaller than {b}.")
EQUAL = Phrase("{a} is equal to {b}.")


def _both(tensor: str, index: Index) -> tuple[Entry, Entry]:
    """What the result is chosen from; of a gradient, its own input first."""
    x, other = Entry("x", index), Entry("xb", index)
    return (other, x) if tensor == "dxb" else (x, other)


def _choice(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    """Which of both is larger; of the result itself it is seen."""
    if tensor == "y":
        return
    about = _both(tensor, index)
    own, other = (scene[entry.tensor][entry.index] for entry in about)
    is_equal = bool(scene.numbers.is_known_equal(own - other, 0))
    yield Reason(EQUAL if is_equal else LARGER if scene.numbers.is_greater(own, other) else SMALLER, about)


def _compared(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    return _both(tensor, index) if tensor == "y" else ()


LESSONS: Lessons = {
    "exp": of_one("exponential", "the exponential is its own derivative"),
    "log": of_one("logarithm", "the derivative of the natural logarithm is $1/\\x$"),
    "sqrt": of_one("square root", "the derivative of a root is one over twice the root"),
    "sin": of_one("sine", "the derivative of the sine is the cosine"),
    "cos": of_one("cosine", "the derivative of the cosine is minus the sine"),
    "reciprocal": of_one("reciprocal", "the derivative of $1/\\x$ is $-1/\\x^2$"),
    "scale": of_one("multiplication by a number", "it is the number itself, whatever $\\x$ is"),
    "shift": of_one("addition of a number", "it is 1, or −1 where $\\x$ is taken away; the number has no part in it"),
    "power": of_one("power", "the exponent comes down, and is one less"),
    "exponential": of_one("exponential function", "it is the function itself times the logarithm of its base"),
    "absolute": of_one("absolute value", "it is the sign of $\\x$: 1 above 0, −1 below"),
    "at_least": of_one("maximum with a number", "1 where $\\x$ is the larger one, 0 where the number is"),
    "at_most": of_one("minimum with a number", "1 where $\\x$ is the smaller one, 0 where the number is"),
    "divide": of_two(
        Phrase("division"),
        Phrase("The local derivative with respect to the numerator is one over the denominator."),
        Phrase("The local derivative with respect to the denominator is minus the numerator over its square."),
    ),
    "raise": of_two(
        Phrase("power", "乘方"),
        Phrase("With respect to the base: the exponent comes down, and is one less."),
        Phrase("With respect to the exponent: the power itself times the logarithm of the base."),
    ),
    "maximum": Lesson(Phrase("maximum"), {"dx": ROUTED}, chain, _choice, compared=_compared),
    "minimum": Lesson(Phrase("minimum"), {"dx": ROUTED}, chain, _choice, compared=_compared),
}
