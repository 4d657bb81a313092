"""What mistakes lead to, in doubles first: there are hundreds of them, and hardly one fits an answer.

A sketch says what an answer cannot have come from. Whatever may fit is made anew as balls, which say what does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import field
from functools import cached_property, partial
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.arithmetic.base import Undecided
from cnncalc.checking.candidate import VAGUE, VERY_VAGUE, Candidate
from cnncalc.checking.carried import Carried
from cnncalc.checking.in_doubles import RoughTruth
from cnncalc.checking.mistakes_in_writing import ROUNDINGS, Rounding, rounded_early
from cnncalc.checking.mistakes_of_layers import seen, wrongs
from cnncalc.mistakes.take import DOES_NOT_APPLY, Slip
from cnncalc.records import Record
from cnncalc.scene import Size

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans, Doubles
    from cnncalc.checking.matched_answers import MatchedAnswer
    from cnncalc.checking.rule import Rule
    from cnncalc.layers.base import Shape

ROUGHNESS = 1e-6
"""How far off doubles may be after a long calculation, relatively, or absolutely where the numbers are below 1."""
UNITS = 1.1
"""Units of its last place that a cell lies off at most where a mistake explains it …"""
OF_A_WHOLE_NUMBER = 0.6
"""… and how far a whole number does …"""
OF_A_LONG_NUMBER = 0.011
"""… or, where that is more, this part of itself: 1630 for 1634.2."""


class Sketch(Record):
    """What one mistake makes of the tensor in question."""

    code: str
    make: Callable[[], Candidate | None]
    middles: Doubles | None = field(default=None, repr=False)
    """Flat; None where doubles do not tell."""
    is_vague: bool = False
    """Whether it comes from a student's rounded answers."""
    size: Shape | None = None
    """Of a mistake that shows in the size alone."""

    @classmethod
    def of(cls, candidate: Candidate) -> Sketch:
        """Of what is known as balls already."""
        return cls(candidate.code, lambda: candidate, size=candidate.size)

    @cached_property
    def candidate(self) -> Candidate | None:
        """It as balls; None where it comes to nothing."""
        return self.make()

    def may_fit(self, answer: MatchedAnswer, rule: Rule, cells: Booleans | None = None) -> bool:
        """Whether these cells of the answer, those with a number by default, are near enough for a closer look."""
        near = self.near(answer, rule)
        return near is None or bool(near[answer.has_number if cells is None else cells].all())

    def near(self, answer: MatchedAnswer, rule: Rule) -> Booleans | None:
        """Which cells are near enough for a closer look; None where doubles do not tell."""
        if self.middles is None:
            return None
        size = answer.expected.tensor.elements.size if answer.fits else len(answer.cells)
        if self.middles.size != size:
            return np.zeros(len(answer.cells), dtype=np.bool_)
        middles = self.middles[answer.positions] if answer.fits else self.middles
        typed = np.abs(answer.middles)
        whole = np.maximum(OF_A_WHOLE_NUMBER, OF_A_LONG_NUMBER * typed)
        allowed = np.where(answer.halves > 0, 2 * UNITS * answer.halves, whole)
        allowed += rule.tolerated(middles) + ROUGHNESS * (1 + typed)
        if self.is_vague:
            # What is known less well than this proves nothing; in doubles it is not known how well it is known.
            scale = np.max(np.abs(self.middles), initial=0.0, where=np.isfinite(self.middles))
            allowed += 2 * np.maximum(VAGUE * scale, VERY_VAGUE * np.abs(middles))
        near: Booleans = np.abs(answer.middles - middles) <= allowed
        return near


def drafted(
    make: Callable[[Array], Iterable[Candidate]], rough: Array, balls: Callable[[], Array], is_vague: bool
) -> Iterator[Sketch]:
    """What `make` makes of a tensor, which is given in doubles and, when they are asked for, as balls."""

    def nth(number: int) -> Candidate | None:
        return next(islice(make(balls()), number, None), None)

    for number, candidate in enumerate(make(rough)):
        yield Sketch(candidate.code, partial(nth, number), flat(candidate.values), is_vague)


class InDoubles:
    """What a tensor is computed from, in doubles, and the mistakes made on it."""

    def __init__(self, basis: Carried, truth: RoughTruth | None = None) -> None:
        self._basis = basis
        balls, self._is_vague = basis.truth.balls, bool(basis.sources)
        sources = {other: balls.to_float(given) for other, given in basis.sources.items()}
        self._rough = Carried(truth or RoughTruth(basis.truth), sources)
        self._rounded: dict[Rounding, Carried] = {}
        self._wrongs: dict[str, list[tuple[Slip, Array | Size]]] = {}
        self._led: dict[tuple[str, bytes], Carried] = {}

    @np.errstate(all="ignore")
    def made(self, name: str, place: str) -> list[Sketch]:
        """What every mistake in a tensor makes of one: of itself, or of one that comes of it."""
        found: list[Sketch] = []
        ways: Counter[int] = Counter()
        if place not in self._wrongs:
            self._wrongs[place] = list(wrongs(self._rough, place))
        for mistake, wrong in self._wrongs[place]:
            number = ways[id(mistake)]
            ways[id(mistake)] += 1
            if isinstance(wrong, Size):
                size = seen(self._rough, name, place, mistake, wrong)
                found += [] if size is None else [Sketch.of(size)]
                continue
            values = wrong if place == name else self._led_to(name, place, wrong)
            if values is not None:
                make = partial(self._closely, name, place, mistake, number)
                found.append(Sketch(mistake.code, make, flat(self._rough.counted(name, values)), self._is_vague))
        return found

    def _led_to(self, name: str, place: str, wrong: Array) -> Array | None:
        """As `led_to`; several mistakes make the same of a tensor, and several tensors come of that."""
        if not self._rough.takes(place, wrong):
            return None
        key = place, wrong.tobytes()
        if key not in self._led:
            self._led[key] = self._rough.resting_on({**self._rough.sources, place: wrong})
        with suppress(*DOES_NOT_APPLY):
            return self._led[key].computed(name)
        return None

    def _closely(self, name: str, place: str, mistake: Slip, number: int) -> Candidate | None:
        """One of the ways to make a mistake, as balls; None where there it does not apply."""
        way = next(islice(wrongs(self._basis, place, lambda each: each is mistake), number, None), None)
        return None if way is None else seen(self._basis, name, place, *way)

    @np.errstate(all="ignore")
    def rounded(self, name: str) -> list[Sketch]:
        """The chain with every intermediate tensor rounded."""
        found: list[Sketch] = []
        for rounding in ROUNDINGS if name in self._basis.truth.makers else ():
            if rounding not in self._rounded:
                self._rounded[rounding] = Carried(self._rough.truth, self._rough.sources, rounding.of_doubles)
            make = partial(rounded_early, self._basis, name, rounding)
            try:
                middles = flat(self._rounded[rounding].as_read(name))
            except (*DOES_NOT_APPLY, Undecided):
                middles = None
            found.append(Sketch("rounded-early", make, middles, self._is_vague))
        return found


def flat(values: Array) -> Doubles | None:
    """What doubles tell of a tensor; None where an element is none."""
    middles = np.asarray(values, np.float64).ravel()
    return middles if np.isfinite(middles).all() else None
