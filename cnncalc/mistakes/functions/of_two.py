"""What people get wrong in functions of two numbers: the mistakes of any derivative."""

from cnncalc.mistakes.families import DERIVATIVE_FORGOTTEN, UPSTREAM_FORGOTTEN

MISTAKES = (DERIVATIVE_FORGOTTEN, UPSTREAM_FORGOTTEN)
