"""What people get wrong in activations."""

from cnncalc.mistakes.activations import curve, dropout, log_softmax, rectifiers, sigmoids, softmax

MISTAKES = {
    **rectifiers.MISTAKES,
    **sigmoids.MISTAKES,
    "softmax": softmax.MISTAKES,
    "log_softmax": log_softmax.MISTAKES,
    "dropout": dropout.MISTAKES,
    **curve.MISTAKES,
}
