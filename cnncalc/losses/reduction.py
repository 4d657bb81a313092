"""How a loss goes together over the mini-batch."""

from fractions import Fraction
from typing import Any

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Loss, Setting
from cnncalc.layers.formulas.indices import ratio


def share(loss: Loss, x: Array, numbers: Arithmetic | None = None) -> Any:
    """What the sum over the samples is divided by: N for the mean, or what the loss says instead of it."""
    divisor = 1 / average(loss, len(x))
    if divisor.denominator == 1:
        return int(divisor)
    return float(divisor) if numbers is None else numbers.number(divisor)


def average(loss: Loss, samples: int) -> Fraction:
    """The factor of each sample: 1/N for the mean."""
    divisor: Fraction | None = getattr(loss, "mean_divisor", None)
    return 1 / (divisor or Fraction(samples)) if loss.reduction == "mean" else Fraction(1)


def over_samples(loss: Loss, setting: Setting) -> str:
    r"""For formulas: the factor of a mean over the samples, `\frac{1}{3} `."""
    if loss.reduction == "sum" or (setting.samples is None and getattr(loss, "mean_divisor", None) is None):
        return ""
    factor = average(loss, setting.samples or 1)
    return ratio(factor.numerator, factor.denominator)
