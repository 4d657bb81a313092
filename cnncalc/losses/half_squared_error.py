"""Half the squared error: `half_squared_error`."""

from typing import ClassVar

from cnncalc.layers.base import Setting, Shape
from cnncalc.layers.elementwise import indices
from cnncalc.losses.reduction import over_samples
from cnncalc.losses.squared_error import SquaredError
from cnncalc.records import dataclass


@dataclass(frozen=True)
class HalfSquaredError(SquaredError):
    """x and target t of any shape to one number: ½ Σ (x − t)² for each sample, then over the samples; dx = x − t."""

    type: ClassVar[str] = "half_squared_error"
    example: ClassVar[str] = """\
input: {name: x, value: [[1, 2], [3, 5]]}
loss:
  half_squared_error: {target: [[0, 4], [3, 1]], reduction: sum}
"""

    def divisor(self, x: Shape) -> int:
        """2, so that the derivative has no factor."""
        return 2

    def over_elements(self, setting: Setting, square: str) -> str:
        """Half of the sum."""
        return rf"{over_samples(self, setting)}\frac{{1}}{{2}} \sum_{{{indices(setting.x)}}} {square}"
