"""The mean squared error: `mse`."""

from math import prod
from typing import ClassVar

from cnncalc.layers.base import Setting, Shape
from cnncalc.layers.elementwise import indices
from cnncalc.losses.squared_error import SquaredError
from cnncalc.records import dataclass


@dataclass(frozen=True)
class MeanSquaredError(SquaredError):
    """x and target t of any shape to one number: the mean of (x − t)² over a sample's elements, then over the samples.

    dx = 2 (x − t) / number of elements.
    """

    type: ClassVar[str] = "mse"
    example: ClassVar[str] = """\
input: {name: x, value: [[1, 2], [3, 5]]}
loss:
  mse: {target: [[0, 4], [3, 1]], reduction: mean}
"""

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
