"""Draws of a fixed seed, as far as laws need them: each example is another, and the first is the simplest.

Hypothesis's own work on an example, which looks for a smaller one that fails, took as long as the laws that it was for.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any, TypeVar

T = TypeVar("T")


class Source:
    """Whole numbers by chance, and what has been drawn so far."""

    def __init__(self, random: Random | None) -> None:
        self.random = random
        self.drawn: list[int | bytes] = []

    def number(self, low: int, high: int) -> int:
        self.drawn.append(low if self.random is None else low + int(self.random.random() * (high - low + 1)))
        return self.drawn[-1]

    def bytes(self, size: int) -> bytes:
        self.drawn.append(bytes(size) if self.random is None else self.random.randbytes(size))
        return self.drawn[-1]


Drawable = Callable[[Source], T]
Draw = Callable[[Drawable[Any]], Any]


class Rejected(Exception):
    """What was drawn does not go together."""


def assume(holds: bool) -> None:
    if not holds:
        raise Rejected


def integers(low: int, high: int) -> Drawable[int]:
    return lambda source: source.number(low, high)


def booleans() -> Drawable[bool]:
    return lambda source: source.number(0, 1) == 1


def sampled_from(several: Sequence[T]) -> Drawable[T]:
    return lambda source: several[source.number(0, len(several) - 1)]


def binary(size: int) -> Drawable[bytes]:
    return lambda source: source.bytes(size)


def lists(one: Drawable[T], low: int, high: int) -> Drawable[list[T]]:
    return lambda source: [one(source) for _ in range(source.number(low, high))]


def examples(make: Callable[[Draw], T], count: int) -> Iterator[T]:
    """So many of what `make` draws, or all that there are; no two are drawn alike."""
    return islice(_examples(make, 20 * count), count)


def _examples(make: Callable[[Draw], T], tries: int) -> Iterator[T]:
    known: set[tuple[int | bytes, ...]] = set()
    random = Random(0)
    for number in range(tries):
        source = Source(random if number else None)
        try:
            made = make(lambda drawable, source=source: drawable(source))
        except Rejected:
            continue
        if tuple(source.drawn) not in known:
            known.add(tuple(source.drawn))
            yield made
    assert known, "nothing that was drawn goes together"
