"""What people get wrong in activations."""

from cnncalc.mistakes.activations import curve, rectifiers, sigmoids, softmax

MISTAKES = {**rectifiers.MISTAKES, **sigmoids.MISTAKES, **softmax.MISTAKES, **curve.MISTAKES}
