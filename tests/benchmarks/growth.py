"""How time and memory grow with the number of multiplications, over three decades, in float and exactly."""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

import numpy as np

from tests.benchmarks.pairs import Worker


@dataclass(frozen=True)
class Growth:
    """One measured curve; memory is in bytes, time in seconds."""

    name: str
    multiplications: tuple[int, ...]
    times: tuple[float, ...]
    memory: tuple[float, ...]

    def exponent(self, values: tuple[float, ...]) -> float:
        """The slope between logarithms: 1 is linear growth."""
        slope, _ = np.polyfit(np.log(self.multiplications), np.log(values), 1)
        return float(slope)


def grow(side: str, channels: int, first_decade: float) -> Growth:
    """A 3×3 conv over larger and larger images: forward and backward, three products for each weight and place."""
    sizes, times, memory = [], [], []
    each = 3 * 9 * channels**2
    for step in range(7):
        height = isqrt(int(10 ** (first_decade + step / 2) / each))
        case = f"conv 1 {channels} {height} {channels} 3 1"
        with Worker(side, case) as worker:
            memory.append(float(worker.ask("memory")))
            # The fastest of some: on a busy machine the others measure what else it does.
            times.append(min(worker.ask("time 7")))
        sizes.append(each * height**2)
    return Growth({"cnncalc": "float"}.get(side, side), tuple(sizes), tuple(times), tuple(memory))


def measure() -> tuple[Growth, Growth]:
    """Float up to three thousand million multiplications, exact up to ten million."""
    return grow("cnncalc", 8, 6.5), grow("exact", 2, 4)
