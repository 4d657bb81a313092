"""Σ (x − t)² over a divisor: `mse`, the mean squared error, and `half_squared_error`."""

from abc import abstractmethod
from collections.abc import Mapping
from fractions import Fraction
from math import prod
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Apply, Entry, Index, Loss, Setting, Shape, Term, small_problem
from cnncalc.losses.reduction import over_samples, share
from cnncalc.records import dataclass


@dataclass(frozen=True)
class SquaredError(Loss):
    """y = Σ (x − t)² / divisor and dx = 2 · g · (x − t) / divisor, both over the whole mini-batch."""

    @abstractmethod
    def divisor(self, x: Shape) -> int:
        """What one sample's sum of squares is divided by."""

    @abstractmethod
    def over_elements(self, setting: Setting, square: str) -> str:
        """For formulas: what becomes of the square of each element.

        Two losses whose divisors are equal by chance are not written alike.
        """

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Σ (x − t)² / divisor."""
        difference = x - parameters["target"]
        total = numbers.sum(difference * difference, axis=tuple(range(x.ndim)))
        return {"y": total / (self.divisor(x.shape[1:]) * share(self, x))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """2 · g · (x − t) / divisor."""
        x = tensors["x"]
        return {"dx": (x - tensors["target"]) * 2 * g / (self.divisor(x.shape[1:]) * share(self, x))}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the elements, and over the samples where there are any."""
        fraction = over_samples(self, setting)
        i, divisor = indices(setting.x), self.divisor(setting.x)
        slope = "" if divisor == 2 else "2 " if divisor == 1 else rf"\frac{{2}}{{{divisor}}} "
        bare = rf"\x_{{{i}}} - \target_{{{i}}}"
        difference = rf"\left({bare}\right)"
        return {
            "y": rf"\y = {self.over_elements(setting, difference + '^{2}')}",
            "dx": rf"\dx_{{{i}}} = {fraction}{slope}{difference if fraction + slope else bare}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The squares, or twice the one difference, which needs no brackets where the 2 cancels."""
        x = tensors["x"]
        divisor = self.divisor(x.shape[1:]) * share(self, x)

        def difference(at: Index) -> Apply:
            return Apply("sum", (Term((Entry("x", at),)), Term((Entry("target", at),), -1)))

        if tensor == "dx" and divisor == 2:
            return [Term((Entry("g", ()), Entry("x", index))), Term((Entry("g", ()), Entry("target", index)), -1)]
        if tensor == "dx":
            return [Term((Entry("g", ()), difference(index)), Fraction(2, divisor))]
        return [Term((difference(at), difference(at)), Fraction(1, divisor)) for at in np.ndindex(x.shape)]


@dataclass(frozen=True)
class MeanSquaredError(SquaredError):
    """x and target t of any shape to one number: the mean of (x − t)² over a sample's elements, then over the samples.

    dx = 2 (x − t) / number of elements.
    """

    type: ClassVar[str] = "mse"
    example: ClassVar[str] = small_problem("[[1, 2], [3, 5]]", loss="mse: {target: [[0, 4], [3, 1]], reduction: mean}")

    def divisor(self, x: Shape) -> int:
        """The number of elements."""
        return prod(x)

    def over_elements(self, setting: Setting, square: str) -> str:
        """The mean is called one, so that it is seen over what it goes."""
        i, samples = indices(setting.x), ""
        if self.reduction == "sum":
            i = i.removeprefix(r"\n, ")
            samples = "" if setting.samples is None else r"\sum_{\n} "
        return rf"{samples}\operatorname{{mean}}_{{{i}}} \left({square}\right)"


@dataclass(frozen=True)
class HalfSquaredError(SquaredError):
    """x and target t of any shape to one number: ½ Σ (x − t)² for each sample, then over the samples; dx = x − t."""

    type: ClassVar[str] = "half_squared_error"
    example: ClassVar[str] = small_problem(
        "[[1, 2], [3, 5]]", loss="half_squared_error: {target: [[0, 4.5], [3, 1]], reduction: sum}"
    )

    def divisor(self, x: Shape) -> int:
        """2, so that the derivative has no factor."""
        return 2

    def over_elements(self, setting: Setting, square: str) -> str:
        """Half of the sum."""
        return rf"{over_samples(self, setting)}\frac{{1}}{{2}} \sum_{{{indices(setting.x)}}} {square}"
