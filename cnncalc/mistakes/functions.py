"""What people get wrong in functions of one number and of two: the mistakes of any derivative, and their own."""

from fractions import Fraction

from cnncalc.layers.activations.rectifiers import Relu
from cnncalc.mistakes.activations.curve import AT_KINK, CUT, SMOOTH
from cnncalc.mistakes.families import (
    ACTIVATION_FORGOTTEN,
    DERIVATIVE_FORGOTTEN,
    LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    UPSTREAM_FORGOTTEN,
)
from cnncalc.mistakes.take import mistake

SCALE = (
    ACTIVATION_FORGOTTEN,
    mistake("scale-divided: y dx", lambda s: s.again(s.options(number=1 / Fraction(s.layer.number))))(
        "It was divided by the number; it is multiplied by it."
    ),
    DERIVATIVE_FORGOTTEN,
    LAYER_SKIPPED.of("dx"),
    OUTPUT_FOR_DERIVATIVE,
)
POWER = (
    ACTIVATION_FORGOTTEN,
    mistake("exponent-as-factor: y", lambda s: s.x * s.number(s.layer.number))(
        "The number was multiplied by the exponent; it is raised to it."
    ),
    mistake("exponent-not-taken-down: dx", lambda s: s.again() / s.number(s.layer.number))(
        "The exponent was not taken down as a factor: dx = g · n · x^(n − 1)."
    ),
    mistake("exponent-not-lowered: dx", lambda s: s.again() * s.x)(
        "The exponent was not made one less: dx = g · n · x^(n − 1)."
    ),
    *SMOOTH,
)
ABSOLUTE = (
    ACTIVATION_FORGOTTEN,
    mistake("relu-for-absolute: y dx", lambda s: s.again(Relu()))(
        "Negative numbers were set to 0; their absolute value is −x."
    ),
    *CUT,
)
OF_ONE = ("exp", "log", "sqrt", "sin", "cos", "reciprocal", "shift", "exponential", "at_least", "at_most")
OF_TWO = ("divide", "raise", "maximum", "minimum")
MISTAKES = {
    **dict.fromkeys(OF_ONE, (*SMOOTH, AT_KINK)),
    **dict.fromkeys(OF_TWO, (DERIVATIVE_FORGOTTEN, UPSTREAM_FORGOTTEN)),
    "scale": SCALE,
    "power": POWER,
    "absolute": ABSOLUTE,
}
