"""Losses that add something up over the elements: what each adds is said once, as terms, and all else follows."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import prod
from typing import Any, ClassVar, NamedTuple

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans
from cnncalc.language import Phrase
from cnncalc.layers.activations.softmax import NATURAL
from cnncalc.layers.base import Entry, Index, Loss, Setting, Shape, Term
from cnncalc.layers.evaluate import HERE, Terms, placed, value
from cnncalc.layers.indices import ratio


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


T = Entry("target", HERE)
LOGITS = Phrase("the last layer gives scores: a {layer} is put between, as the losses of PyTorch have it in them")


class Addend(NamedTuple):
    """What some of the elements add to the loss, and its derivative by x, both as terms of X and T."""

    here: Booleans
    y: Terms
    slope: Terms


class ByElement(Loss):
    """The sum of what the elements add over a divisor, then over the samples; dx likewise."""

    is_mean: ClassVar[bool] = True
    """Whether it is the mean over a sample's elements, and not their sum."""

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which logarithm, where one is taken."""
        return (NATURAL,) if self.takes == "probabilities" else super().conventions(numbers, tensors)

    @abstractmethod
    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """What is added, and by which elements; an element may add several things, or nothing."""

    def divisor(self, x: Shape) -> int:
        """What one sample's sum is divided by."""
        return prod(x) if self.is_mean else 1

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The sum over everything, divided once."""
        each = self._added(numbers, x, parameters["target"], "y")
        return {"y": numbers.sum(each, axis=tuple(range(x.ndim))) / self._count(numbers, x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g times the slopes. Adding 0 turns float's −0 into 0."""
        x = tensors["x"]
        slopes = self._added(numbers, x, tensors["target"], "slope")
        return {"dx": slopes * (g / self._count(numbers, x)) + 0}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Those of each element, or of the one."""
        x, is_y = tensors["x"], tensor == "y"
        scale = average(self, len(x)) / self.divisor(x.shape[1:])
        cell = tuple(slice(at, at + 1) for at in index)
        addends = list(self.addends(numbers, x[cell], tensors["target"][cell]))
        before = () if is_y else (Entry("g", ()),)
        return [
            Term((*before, *factors), coefficient if scale == 1 else Fraction(coefficient) * scale)
            for at in (np.ndindex(x.shape) if is_y else [index])
            for here, y, slope in addends
            if here[at if is_y else ...].all()
            for factors, coefficient in placed(y if is_y else slope, at)
        ]

    def _added(self, numbers: Arithmetic, x: Array, target: Array, part: str) -> Array:
        made = numbers.zeros(x.shape)
        for addend in self.addends(numbers, x, target):
            here = addend.here
            made[here] += value(getattr(addend, part), numbers, {"x": x[here], "target": target[here]})
        return made

    def _count(self, numbers: Arithmetic, x: Array) -> Any:
        return self.divisor(x.shape[1:]) * share(self, x, numbers)
