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


def over_samples(loss: Loss, setting: Setting) -> str:
    r"""For formulas: the factor of a mean over the samples, `\frac{1}{3} `."""
    if setting.samples is None or loss.reduction == "sum":
        return ""
    return rf"\frac{{1}}{{{setting.samples}}} "
