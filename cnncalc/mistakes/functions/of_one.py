"""What people get wrong in functions of one number: the mistakes of any derivative."""

from cnncalc.mistakes.activations.curve import AT_KINK, SMOOTH

MISTAKES = (*SMOOTH, AT_KINK)
