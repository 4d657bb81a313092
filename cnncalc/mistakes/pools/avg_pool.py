"""What people get wrong in average pools: in every mean over cells alike, of windows, and of whole maps."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Any

import numpy as np

from cnncalc.layers.pools import AvgPool, MaxPool
from cnncalc.layers.windows.pool import Pool
from cnncalc.mistakes.families import BEFORE_ACTIVATION, BEHIND
from cnncalc.mistakes.pools.base import GRADIENT_STRIDE, NOT_UNPOOLED, OPTIONS, OVERWRITTEN, Pooled
from cnncalc.mistakes.take import Mistake, Records, Take, Way, need

CHANNELS = "The mean was taken across channels or samples; each channel of each sample is averaged by itself."


def by_maximum(s: Any) -> Iterator[Any]:
    """By the max pool in the place of the average, whose winners get all of g, or only their share of it."""
    layer = s.maximum
    layer.output_shape(s.x.shape[1:], {})
    if s.tensor == "y":
        yield s.again(layer)
        return
    made = s.scene.forward(layer)
    for g in s.gradients_of_maximum:
        yield s.again(layer, g=g, y=made["y"], path=made["path"])


def divided_by(s: Any, counts: Sequence[Any]) -> list[Any]:
    """The tensor by other counts of cells."""
    return [s.again() * s.counts / n if s.tensor == "y" else s.again(g=s.g * s.counts / n) for n in counts]


def in_average(
    average: Records, in_one_cell: Sequence[Way], counted: Sequence[Mistake] = (), in_windows: Sequence[Mistake] = ()
) -> tuple[Mistake, ...]:
    """The Take knows how many cells are averaged (`counts`), what else people divide by, and the maximum.

    `in_one_cell` are the ways to give all of a gradient to one cell; the others stand where windows have them.
    """
    return (
        average("sum-instead-of-average: y", lambda s: s.again() * s.counts)(
            "The numbers were only added up; the mean is the sum divided by the number of cells."
        ),
        average("sum-instead-of-average: dx", lambda s: s.again(g=s.g * s.counts))(
            "Every cell got the whole gradient; each gets its share, the gradient divided by the number of cells"
            " that were averaged."
        ),
        average("maximum-instead-of-average: y dx", by_maximum)(
            "This is max pooling; here the mean is taken, and its gradient is shared equally by all cells."
        ),
        *counted,
        average("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)))(
            "A 1 was shared out among the cells; it is the upstream gradient that they share."
        ),
        average("output-instead-of-gradient: dx", lambda s: [s.again(g=g) for g in (s.y, s.y * s.counts, s.y * s.g)])(
            "The mean itself was written back (or multiplied in); the cells share the upstream gradient."
        ),
        *in_windows,
        average("gradient-times-input: dx", lambda s: s.again() * s.x)(
            "The gradient was multiplied by the input; the mean weights all cells equally, so that their shares do not"
            " depend on the input."
        ),
        average("gradient-to-one-cell: dx")(
            "Only one cell of each window got the gradient; every cell that was averaged gets its share.", *in_one_cell
        ),
        average("divided-twice: dx", lambda s: s.again(g=s.g / s.counts))(
            "The gradient was divided by the number of cells twice; once is enough."
        ),
        average("wrong-divisor: y dx")(
            "The divisor is wrong (for example a side of the window, or the size of a feature map); the mean divides by"
            " the number of cells averaged, k · k in a k × k window.",
            lambda s: divided_by(s, s.divisors),
        ),
    )


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
    def maximum(self) -> Pool:
        return self.as_pool(MaxPool)

    @property
    def gradients_of_maximum(self) -> list[Any]:
        return [self.g, self.g / self.counts]


average = Records(Averaged)
COUNTED = average("~padding-in-divisor: y dx")(
    "padding cells were counted in the divisor, or left out of it. See what this problem assumes (`count_padding`).",
    lambda s: divided_by(s, s.other_counts),
)

IN_WINDOWS = (
    average("overwritten: dx", lambda s: s.overwritten(s.everywhere, s.g / s.counts))(OVERWRITTEN),
    average("stride-ignored: dx", lambda s: s.at_stride_one(s.everywhere, s.g / s.counts))(GRADIENT_STRIDE),
)
OF_WINDOWS = (
    *in_average(
        average, (lambda s: s.fixed_cells(s.g / s.counts), lambda s: s.fixed_cells(s.g)), [COUNTED], IN_WINDOWS
    ),
    *OPTIONS,
    BEFORE_ACTIVATION,
    average("pooled-across-channels: y", lambda s: s.y.shape[1] > 1 and s.sum(s.again(), 1, keep=True) / s.y.shape[1])(
        CHANNELS
    ),
    average("pooled-whole-map: y", lambda s: s.window.outputs != (1, 1) and s.again(AvgPool(s.x.shape[2:])))(
        "One mean was taken of each whole feature map (global pooling); each window has its own."
    ),
    average("gradient-not-unpooled: dx", lambda s: s.g.shape != s.x.shape and [s.g, s.g / s.counts])(NOT_UNPOOLED),
    *BEHIND,
)


class AveragedWhole(Take):
    """A step of a global average pool."""

    @property
    def counts(self) -> int:
        """How many cells a map has."""
        return int(prod(self.x.shape[2:]))

    @property
    def divisors(self) -> list[int]:
        """What people divide by instead."""
        samples, channels, *sides = self.x.shape
        cells, sides = prod(sides), [side for side in sides if side > 1] if len(sides) > 1 else []
        return list(dict.fromkeys([*sides, channels, channels * cells, samples * cells]))

    @property
    def maximum(self) -> MaxPool:
        need(self.x.ndim == 4)
        return MaxPool(self.x.shape[2:])

    @property
    def gradients_of_maximum(self) -> list[Any]:
        return [self.g]


def across_channels(s: AveragedWhole) -> Iterator[Any]:
    samples, channels = s.x.shape[:2]
    if channels > 1:
        # One map of the means of each position, or one number for the whole image.
        yield s.sum(s.x, 1)[:, None] / channels
        yield s.sum(s.again(), 1)[:, None] / channels
    if samples > 1:
        yield s.sum(s.again(), 0)[None] / samples


of_map = Records(AveragedWhole)
OF_MAPS = (
    *in_average(
        of_map,
        [lambda s: [s.corner(np.broadcast_to(g, s.x.shape), at) for g in (s.g / s.counts, s.g) for at in (0, -1)]],
    ),
    of_map("pooled-across-channels: y", across_channels)(CHANNELS),
    BEFORE_ACTIVATION,
    of_map("gradient-not-unpooled: dx", lambda s: s.counts > 1 and [s.g, s.g / s.counts])(NOT_UNPOOLED),
    *BEHIND,
)
MISTAKES = {"avg_pool": OF_WINDOWS, "global_avg_pool": OF_MAPS}
