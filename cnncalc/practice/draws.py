"""Chance that is the same on every machine, and the small numbers that people like to compute with."""

from collections.abc import Sequence
from fractions import Fraction
from hashlib import sha256
from math import prod

from cnncalc.layers.base import Shape


class Draws:
    """Draw k of a key is SHA-256 of `key/k`: no generator of a library, whose next version may differ."""

    def __init__(self, *key: object) -> None:
        self._key = "/".join(map(str, key))
        self._at = 0

    def below(self, count: int) -> int:
        """A whole number from 0 to count − 1."""
        self._at += 1
        return int.from_bytes(sha256(f"{self._key}/{self._at}".encode()).digest()[:8]) % count

    def one_of(self, values: Sequence[Fraction]) -> Fraction:
        """One of several."""
        return values[self.below(len(values))]

    def numbers(self, shape: Shape, values: Sequence[Fraction]) -> list[Fraction]:
        """One for each element, in row order."""
        return [self.one_of(values) for _ in range(prod(shape))]


def steps(low: int, high: int, parts: int = 1, with_zero: bool = True) -> tuple[Fraction, ...]:
    """low/parts to high/parts in steps of 1/parts; 0 is rare, since a product with it shows nothing."""
    return tuple(Fraction(n, parts) for n in range(low, high + 1) if n or with_zero)


LADDER = (
    steps(-2, 3), steps(-1, 2), steps(-3, 3, 2), steps(-4, 4, 4, with_zero=False), steps(-5, 5, 10, with_zero=False),
    steps(-3, 3, 10, with_zero=False), steps(-2, 2, 20, with_zero=False), steps(-3, 3, 100, with_zero=False),
)  # fmt: skip
"""What weights are drawn from, the simplest first: further on results get smaller."""
INPUTS = steps(-2, 4)
RICH = steps(-237, 239, 80, with_zero=False)
"""Of numbers like these nothing coincides by chance."""


def text(number: Fraction) -> str:
    """A decimal where it is a short one, else a fraction."""
    scaled = number * 1000
    if scaled.denominator != 1:
        return str(number)
    return str(number.numerator) if number.denominator == 1 else f"{float(number):.3f}".rstrip("0")


def one_hot(shape: Shape, draws: Draws) -> list[Fraction]:
    """Rows of zeros with a single one."""
    rows = prod(shape[:-1])
    right = [draws.below(shape[-1]) for _ in range(rows)]
    return [Fraction(k == right[row]) for row in range(rows) for k in range(shape[-1])]


def shares(shape: Shape, draws: Draws) -> list[Fraction]:
    """Rows that sum to one."""
    rows = [draws.numbers(shape[-1:], steps(1, 5)) for _ in range(prod(shape[:-1]))]
    return [number / sum(row) for row in rows for number in row]
