"""What people get wrong in activations."""

from cnncalc.mistakes.activations import curve, rectifiers, softmax

MISTAKES = {**rectifiers.MISTAKES, **softmax.MISTAKES, **curve.MISTAKES}
