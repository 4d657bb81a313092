"""What people get wrong in an average pool."""

from __future__ import annotations

from typing import Any

import numpy as np

from cnncalc.layers.avg_pool import AvgPool
from cnncalc.layers.max_pool import MaxPool
from cnncalc.mistakes.averages import CHANNELS, ONE_CELL, in_average
from cnncalc.mistakes.families import BEFORE_ACTIVATION
from cnncalc.mistakes.pool import BEHIND, GRADIENT_STRIDE, NOT_UNPOOLED, OPTIONS, OVERWRITTEN, Pooled
from cnncalc.mistakes.take import Records


class Averaged(Pooled):
    """A step of an average pool."""

    @property
    def counts(self) -> Any:
        """How many cells each window averages."""
        return self.numbers.array(self.layer.counted(self.window))

    @property
    def other_counts(self) -> list[Any]:
        """Divisors of other conventions: the cells of the image or of the padding too, or always all of a window."""
        place = self.window
        other = self.options(count_padding=not self.layer.count_padding)
        full = np.full(place.outputs, place.rows.kernel * place.columns.kernel)
        # A window may lie in the padding alone, where that counts.
        return [self.numbers.array(counts) for counts in (other.counted(place), full) if counts.all()]

    @property
    def divisors(self) -> list[int]:
        """What people divide by instead of the number of cells in a window."""
        rows, columns = self.window.rows, self.window.columns
        sides = [side for side in (rows.kernel, columns.kernel) if side > 1]
        divisors = [*sides, rows.size * columns.size, rows.outputs * columns.outputs]
        return [divisor for divisor in dict.fromkeys(divisors) if divisor != rows.kernel * columns.kernel]

    @property
    def maximum(self) -> MaxPool:
        at = self.layer
        return MaxPool(at.size, at.stride, at.padding, at.dilation, at.ceil)

    @property
    def gradients_of_maximum(self) -> list[Any]:
        return [self.g, self.g / self.counts]


average = Records(Averaged)
SUM, MAXIMUM, DIVISOR, WHOLE, UPSTREAM, OUTPUT, TIMES_INPUT, TWICE = in_average(average)
COUNTED = average("~padding-in-divisor: y dx")(
    "Another convention: padding cells were counted in the divisor, or left out of it. See what this problem assumes"
    " (`count_padding`).",
    "另一种约定：求平均的除数计入（或没有计入）填充单元。请看本题的约定（`count_padding`）。",
    lambda s: [s.again() * s.counts / n if s.tensor == "y" else s.again(g=s.g * s.counts / n) for n in s.other_counts],
)

MISTAKES = (
    SUM,
    WHOLE,
    MAXIMUM,
    COUNTED,
    DIVISOR.of("y"),
    *OPTIONS,
    BEFORE_ACTIVATION,
    average("pooled-across-channels: y")(
        *CHANNELS,
        lambda s: s.y.shape[1] > 1 and s.sum(s.again(), 1, keep=True) / s.y.shape[1],
    ),
    average("pooled-whole-map: y")(
        "One mean was taken of each whole feature map (global pooling); each window has its own.",
        "对整张特征图只取了一个平均值（全局池化）；应每个窗口取一个。",
        lambda s: s.window.outputs != (1, 1) and s.again(AvgPool(s.x.shape[2:])),
    ),
    UPSTREAM,
    OUTPUT,
    average("overwritten: dx")(*OVERWRITTEN, lambda s: s.overwritten(s.everywhere, s.g / s.counts)),
    average("stride-ignored: dx")(*GRADIENT_STRIDE, lambda s: s.at_stride_one(s.everywhere, s.g / s.counts)),
    TIMES_INPUT,
    average("gradient-to-one-cell: dx")(
        *ONE_CELL, lambda s: s.fixed_cells(s.g / s.counts), lambda s: s.fixed_cells(s.g)
    ),
    TWICE,
    DIVISOR.of("dx"),
    average("gradient-not-unpooled: dx")(*NOT_UNPOOLED, lambda s: s.g.shape != s.x.shape and [s.g, s.g / s.counts]),
    *BEHIND,
)
"""The most specific first."""
