"""Σ (x − t)² over a divisor: `mse`, the mean squared error, and `half_squared_error`."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.activations.curve import X
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Apply, Entry, Index, Setting, Shape, Term, small_problem
from cnncalc.layers.indices import ratio
from cnncalc.losses.by_element import Addend, ByElement, T, over_samples

DIFFERENCE = Apply("sum", (Term((X,)), Term((T,), -1)))


class SquaredError(ByElement):
    """y = Σ (x − t)² / divisor and dx = 2 · g · (x − t) / divisor, both over the whole mini-batch."""

    @abstractmethod
    def over_elements(self, setting: Setting, square: str) -> str:
        """For formulas: what becomes of the square of each element.

        Two losses whose divisors are equal by chance are not written alike.
        """

    def addends(self, numbers: Arithmetic, x: Array, target: Array) -> Iterator[Addend]:
        """The squares of the differences."""
        yield Addend(np.ones(x.shape, bool), (Term((DIFFERENCE, DIFFERENCE)),), (Term((DIFFERENCE,), 2),))

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum over the elements, and over the samples where there are any."""
        fraction = over_samples(self, setting)
        i, divisor = indices(setting.x), self.divisor(setting.x)
        slope = ratio(2, divisor)
        bare = rf"\x_{{{i}}} - \target_{{{i}}}"
        difference = rf"\left({bare}\right)"
        return {
            "y": rf"\y = {self.over_elements(setting, difference + '^{2}')}",
            "dx": rf"\dx_{{{i}}} = {fraction}{slope}{difference if fraction + slope else bare}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The difference needs no brackets where the 2 cancels."""
        made = super().terms(tensor, index, numbers, tensors)
        if tensor == "dx" and made[0].coefficient == 1:
            return [Term((Entry("g", ()), Entry("x", index))), Term((Entry("g", ()), Entry("target", index)), -1)]
        return made


class MeanSquaredError(SquaredError):
    """x and target t of any shape to one number: the mean of (x − t)² over a sample's elements, then over the samples.

    dx = 2 (x − t) / number of elements.
    """

    type = "mse"
    example = small_problem("[[1, 2], [3, 5]]", loss="mse: {target: [[0, 4], [3, 1]], reduction: mean}")

    def over_elements(self, setting: Setting, square: str) -> str:
        """The mean is called one, so that it is seen over what it goes."""
        i, samples = indices(setting.x), ""
        if self.reduction == "sum":
            i = i.removeprefix(r"\n, ")
            samples = "" if setting.samples is None else r"\sum_{\n} "
        return rf"{samples}\operatorname{{mean}}_{{{i}}} \left({square}\right)"


class HalfSquaredError(SquaredError):
    """x and target t of any shape to one number: ½ Σ (x − t)² for each sample, then over the samples; dx = x − t."""

    type = "half_squared_error"
    example = small_problem("[[1, 2], [3, 5]]", loss="half_squared_error: {target: [[0, 4.5], [3, 1]], reduction: sum}")

    def divisor(self, x: Shape) -> int:
        """2, so that the derivative has no factor."""
        return 2

    def over_elements(self, setting: Setting, square: str) -> str:
        """Half of the sum."""
        return rf"{over_samples(self, setting)}\frac{{1}}{{2}} \sum_{{{indices(setting.x)}}} {square}"
