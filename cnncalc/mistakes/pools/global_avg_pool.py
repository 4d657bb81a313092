"""What people get wrong in a global average pool."""

from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np

from cnncalc.layers.pools.max_pool import MaxPool
from cnncalc.mistakes.families import BEFORE_ACTIVATION, BEHIND
from cnncalc.mistakes.pools.avg_pool import CHANNELS, ONE_CELL, in_average
from cnncalc.mistakes.pools.base import NOT_UNPOOLED
from cnncalc.mistakes.take import Records, Take, need


class Averaged(Take):
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


average = Records(Averaged)
SUM, MAXIMUM, DIVISOR, WHOLE, UPSTREAM, OUTPUT, TIMES_INPUT, TWICE = in_average(average)


def across_channels(s: Averaged) -> Iterator[Any]:
    samples, channels = s.x.shape[:2]
    if channels > 1:
        # One map of the means of each position, or one number for the whole image.
        yield s.sum(s.x, 1)[:, None] / channels
        yield s.sum(s.again(), 1)[:, None] / channels
    if samples > 1:
        yield s.sum(s.again(), 0)[None] / samples


MISTAKES = (
    SUM,
    WHOLE,
    MAXIMUM,
    UPSTREAM,
    OUTPUT,
    TIMES_INPUT,
    average("gradient-to-one-cell: dx")(
        *ONE_CELL,
        lambda s: [s.corner(np.broadcast_to(g, s.x.shape), at) for g in (s.g / s.counts, s.g) for at in (0, -1)],
    ),
    TWICE,
    DIVISOR,
    average("pooled-across-channels: y", across_channels)(*CHANNELS),
    BEFORE_ACTIVATION,
    average("gradient-not-unpooled: dx", lambda s: s.counts > 1 and [s.g, s.g / s.counts])(*NOT_UNPOOLED),
    *BEHIND,
)
"""The most specific first."""
