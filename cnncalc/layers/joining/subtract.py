"""Differences of inputs: `subtract`."""

from typing import ClassVar

from cnncalc.layers.joining.add import Add
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Subtract(Add):
    """y = x − xb − …, element by element; the first input gets g, each other one −g."""

    type: ClassVar[str] = "subtract"
    example: ClassVar[str] = """\
inputs: {a: [1, 2, 3], b: [3, 2, 1]}
layers:
  - subtract: {name: d, inputs: [a, b]}
upstream: [1, 2, 3]
"""
    signs: ClassVar[tuple[int, int]] = (1, -1)
