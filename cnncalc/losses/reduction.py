"""How a loss goes together over the mini-batch."""

from fractions import Fraction

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import Loss, Setting


def share(loss: Loss, x: Array) -> int:
    """What the sum over the samples is divided by: N for the mean."""
    return len(x) if loss.reduction == "mean" else 1


def average(loss: Loss, samples: int) -> Fraction:
    """The factor of each sample: 1/N for the mean."""
    return Fraction(1, samples if loss.reduction == "mean" else 1)


def over_samples(loss: Loss, setting: Setting) -> tuple[str, str]:
    r"""For formulas: the factor (`\frac{1}{N} `) and the sample's index (`n, `), both empty without a mini-batch."""
    if not setting.batched:
        return "", ""
    return r"\frac{1}{N} " if loss.reduction == "mean" else "", "n, "
