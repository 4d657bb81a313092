"""What people get wrong in the functions that expressions are made of: the mistakes of any derivative."""

from cnncalc.mistakes.activations.curve import AT_KINK, SMOOTH
from cnncalc.mistakes.families import DERIVATIVE_FORGOTTEN, UPSTREAM_FORGOTTEN

OF_ONE = (*SMOOTH, AT_KINK)

OF_TWO = (DERIVATIVE_FORGOTTEN, UPSTREAM_FORGOTTEN)

MISTAKES = {"of_one": OF_ONE, "of_two": OF_TWO}
