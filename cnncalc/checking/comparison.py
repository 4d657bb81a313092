"""One answer against what mistakes would make of its tensor: first by sketches in doubles, then by balls.

There are hundreds of mistakes, and hardly one fits an answer. A sketch says what an answer cannot have come from;
whatever may fit is made anew as balls, which say what does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import field
from functools import cached_property, partial
from itertools import islice
from typing import TypeAlias

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Array, Booleans, Doubles, Undecided
from cnncalc.checking.candidate import AS_FAR_AS_WRITTEN, VAGUE, VERY_VAGUE, Candidate, agreement, are_telling, is_same
from cnncalc.checking.carried import Carried
from cnncalc.checking.in_doubles import RoughTruth
from cnncalc.checking.known_mistakes import seen, wrongs
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.mistakes_in_writing import ROUNDINGS, rounded_chains, rounded_early
from cnncalc.checking.report import LikelyMistake
from cnncalc.checking.rule import Bounds, CellVerdict, Rule
from cnncalc.language import Phrase
from cnncalc.layers.base import Shape
from cnncalc.mistakes.take import DOES_NOT_APPLY, Slip
from cnncalc.problem.names import quantity_name
from cnncalc.problem.tensor.typed import without_ones
from cnncalc.records import Record, replace
from cnncalc.step import Size

ROUGHNESS = 1e-6
"""How far off doubles may be after a long calculation, relatively, or absolutely where the numbers are below 1."""
UNITS = 1.1
"""Units of its last place that a cell lies off at most where a mistake explains it …"""
OF_A_WHOLE_NUMBER = 0.6
"""… and how far a whole number does …"""
OF_A_LONG_NUMBER = 0.011
"""… or, where that is more, this part of itself: 1630 for 1634.2."""
MOST_AT_ONCE = 100_000
"""Cells of sketches that are compared at once."""
VERY_NEAR = 1e-3
"""Of what a number may be off by rounding: so near it lies by no chance."""
Found: TypeAlias = dict[str, LikelyMistake]
"""By code, in the order of listing."""
IN_ONE_CELL = frozenset(["sign", "factor-of-ten"])
"""What may have happened in one cell alone."""
MANY_DIGITS = 4
"""Significant digits that tell one number from those that many mistakes lead to."""
DIGITS_OF_A_LONE_NUMBER = {"sign": 1, "constant-factor": 3, "rounded-early": 3}
"""Significant digits that a single number must show before it is said how it came about …"""
OTHERWISE = 2
"""… and of any other mistake: 5 is what one calculation or another gives."""
OF_ZEROS = frozenset(["gradient-to-other-input-only"])
"""Mistakes that leave nothing, whatever the numbers are."""
UNROUNDED = {
    CellVerdict.TRUNCATED: "truncated",
    CellVerdict.LAST_DIGIT: "last-digit",
    CellVerdict.TOO_FEW_DIGITS: "too-few-digits",
}
"""Cells in which nothing but the digits is wrong."""


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

    def near(self, answer: MatchedAnswer, rule: Rule) -> Booleans | None:
        """Which cells are near enough for a closer look; None where doubles do not tell."""
        return None if self.middles is None else _near([self], answer, rule)[0]


def _size(answer: MatchedAnswer) -> int:
    """Of what an answer is compared with."""
    return answer.expected.tensor.elements.size if answer.fits else len(answer.cells)


def may_fit(sketches: Iterable[Sketch], answer: MatchedAnswer, rule: Rule, cells: Booleans) -> Iterator[Sketch]:
    """Those of which these cells are near enough for a closer look, or doubles do not tell.

    There are hundreds of sketches, and most of them small: many are compared at once.
    """
    left = iter(sketches)
    while some := list(islice(left, max(1, MOST_AT_ONCE // max(1, _size(answer))))):
        fits = np.asarray(_near(some, answer, rule)[:, cells].all(axis=1))
        yield from (each for at, each in enumerate(some) if fits[at] or each.middles is None)


def _near(sketches: Sequence[Sketch], answer: MatchedAnswer, rule: Rule) -> Booleans:
    """Which cells (a row for each sketch) are near enough; none in sketches of another size."""
    near: Booleans = np.zeros((len(sketches), len(answer.cells)), dtype=np.bool_)
    size, known = _size(answer), [sketch.middles for sketch in sketches]
    rows = [at for at, middles in enumerate(known) if middles is not None and middles.size == size]
    if not rows:
        return near
    whole = np.array([known[at] for at in rows])
    middles = whole[:, answer.positions] if answer.fits else whole
    typed = np.abs(answer.middles)
    exact = np.maximum(OF_A_WHOLE_NUMBER, OF_A_LONG_NUMBER * typed)
    allowed = np.where(answer.halves > 0, 2 * UNITS * answer.halves, exact) + rule.tolerated(middles)
    allowed = allowed + ROUGHNESS * (1 + typed)
    vague = np.array([sketches[at].is_vague for at in rows])
    if vague.any():
        # What is known less well than this proves nothing; in doubles it is not known how well it is known.
        scale = np.max(np.abs(whole), axis=1, initial=0.0, keepdims=True, where=np.isfinite(whole))
        allowed = allowed + 2 * vague[:, None] * np.maximum(VAGUE * scale, VERY_VAGUE * np.abs(middles))
    near[rows] = np.abs(answer.middles - middles) <= allowed
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
            for way, chain in enumerate(rounded_chains(self._rough, name, rounding.of_doubles)):
                try:
                    middles = flat(chain.as_read(name))
                except (*DOES_NOT_APPLY, Undecided):
                    middles = None
                make = partial(rounded_early, self._basis, name, rounding, way)
                found.append(Sketch("rounded-early", make, middles, self._is_vague))
        return found


def flat(values: Array) -> Doubles | None:
    """What doubles tell of a tensor; None where an element is none."""
    middles = np.asarray(values, np.float64).ravel()
    return middles if np.isfinite(middles).all() else None


class Comparison(Record):
    """An answer, and its tensor without any mistake: as it is, or as the student's earlier answers make it."""

    answer: MatchedAnswer
    right: Sketch | None
    """None where the student's answers lead to no number."""
    bounds: Callable[[int], Bounds | None]
    """Of one of its elements (a flat position)."""
    is_bad: Booleans
    """The cells that are neither right nor follow."""
    balls: Ball
    rule: Rule
    is_strict: bool = False
    """Whether nothing but the last digits is wrong: what differs by less than that would seem to fit."""

    @cached_property
    def to_explain(self) -> Booleans:
        """The bad cells that a mistake must change: not those that are right as far as their digits go."""
        if not self.answer.fits or self.right is None:
            return self.is_bad
        if self.is_strict:
            bad = np.flatnonzero(self.is_bad).tolist()
            short = [at for at in bad if self._verdict(at) in AS_FAR_AS_WRITTEN and self.answer.cells[at].places]
            wanting = self.is_bad.copy()
            wanting[short] = False
            return wanting
        near, spare = self.right.near(self.answer, self.rule), np.ones_like(self.is_bad)
        right = None if near is not None and not near[self.is_bad].any() else self.right.candidate
        if right is None:
            return self.is_bad
        return self.is_bad & ~agreement(self.answer, right, self.balls, self.rule, spare=spare)

    def add_whole(self, found: Found, sketches: Iterable[Sketch]) -> None:
        """Add what explains every number of the answer, the right ones included; a size alone says less than that."""
        whole = self.answer.has_number
        for sketch in sorted(
            may_fit(sketches, self.answer, self.rule, whole), key=lambda sketch: sketch.size is not None
        ):
            if found and sketch.size is not None:
                return
            if sketch.code not in found and (sketch.size is not None or self._says_enough(sketch.code)):
                self._add(found, self._explaining(sketch, whole))

    def _says_enough(self, code: str) -> bool:
        """Whether the numbers are evidence of a mistake: zeros are none, and of a single one it takes some digits."""
        answer = self.answer
        cells = np.flatnonzero(answer.has_number)
        if not answer.middles[cells].any():
            return code in OF_ZEROS
        if len(cells) > 1 or not answer.fits or quantity_name(answer.expected.tensor.name):
            return True
        return answer.cells[int(cells[0])].telling_digits >= DIGITS_OF_A_LONE_NUMBER.get(code, OTHERWISE)

    def add_partial(self, found: Found, sketches: Iterable[Sketch]) -> None:
        """Add what explains every cell that is not right, the mistake being made in those only."""
        texts = self.answer.texts
        are_distinct = _are_distinct(texts[at] for at in np.flatnonzero(self.to_explain).tolist())
        for sketch in may_fit(sketches, self.answer, self.rule, self.to_explain):
            if sketch.code not in found and (are_distinct or sketch.code in IN_ONE_CELL):
                self._add(found, self._explaining(sketch, self.to_explain))

    def unrounded(self) -> list[str]:
        """The codes of what is wrong with the digits, where nothing else is wrong in any cell."""
        codes: dict[str, None] = {}
        for at in np.flatnonzero(self.is_bad).tolist():
            code = UNROUNDED.get(self._verdict(at))
            if code is None:
                return []
            codes[code] = None
        return list(codes)

    @property
    def is_vaguely_right(self) -> bool:
        """Whether the bad cells are short, and what comes out as far as the numbers behind it can tell."""
        right = None if self.right is None or not self.answer.fits else self.right.candidate
        bad, cells = np.flatnonzero(self.is_bad).tolist(), self.answer.cells
        if right is None or any(self.rule.is_long_enough(cells[at]) for at in bad):
            return False
        at = self.answer.positions
        off, known = np.abs(self.answer.middles - right.middles[at]), right.radii[at] + self.answer.halves
        return bool((off <= known)[self.is_bad].all())

    def _verdict(self, at: int) -> CellVerdict:
        if self.right is None:
            return CellVerdict.WRONG
        given = self.answer.cells[at]
        bounds = self.bounds(int(self.answer.positions[at]))
        if given.bounds is None or bounds is None:
            return CellVerdict.WRONG
        return self.rule.judge(given, given.bounds, bounds)

    def add_earlier(
        self, found: Found, sketches: Iterable[Sketch], is_contradicted: Callable[[Candidate], bool]
    ) -> None:
        """As `add_whole`, for mistakes further up: there are so many that a few digits fit one of them by chance."""
        numbers = np.flatnonzero(self.answer.has_number).tolist()
        is_telling = _are_distinct(self.answer.texts[at] for at in numbers)
        if not is_telling and numbers:
            lone = self.answer.cells[numbers[0]]
            is_exact = lone.places is None and not isinstance(lone.number, int)
            is_telling = is_exact or lone.significant >= MANY_DIGITS
        for sketch in may_fit(sketches if is_telling else (), self.answer, self.rule, self.answer.has_number):
            if sketch.size is not None or sketch.code in found:
                continue
            candidate = self._explaining(sketch, self.answer.has_number)
            if candidate is not None and not is_contradicted(candidate):
                self._add(found, candidate)

    def explains(self, sketch: Sketch, cells: Booleans) -> bool:
        """Whether a mistake explains these cells of the answer."""
        return any(
            self._explaining(each, cells) is not None for each in may_fit([sketch], self.answer, self.rule, cells)
        )

    def _explaining(self, sketch: Sketch, cells: Booleans) -> Candidate | None:
        """The mistake, if it explains these cells of the answer, which are near it; None if not."""
        answer = self.answer
        if sketch.size is not None:
            fits = not answer.fits and without_ones(answer.shape) == without_ones(sketch.size)
            return sketch.candidate if fits else None
        candidate = sketch.candidate
        if candidate is None or candidate.values.size != _size(answer):
            return None
        agrees = agreement(
            answer, candidate, self.balls, self.rule, not self.is_strict, cells, spare=~self.to_explain
        )  # fmt: skip
        if self.is_strict and answer.fits:
            # A short number is what it was rounded from, or this very one.
            apart = np.abs(answer.middles - candidate.middles[answer.positions])
            agrees |= apart <= VERY_NEAR * np.where(answer.halves > 0, answer.halves, 0.5)
        if not agrees.any() or not agrees[cells].all():
            return None
        if not are_telling(answer, np.flatnonzero(self.to_explain & agrees).tolist(), candidate, self.balls):
            return None
        right = self.right.candidate if self.right is not None else None
        says_more = not answer.fits or (right is not None and not is_same(candidate.values, right.values))
        return candidate if says_more else None

    def _add(self, found: Found, candidate: Candidate | None) -> None:
        if candidate is None:
            return
        made = self.mistake(candidate.code, candidate.phrase, candidate.kind, candidate.tensor)
        found[candidate.code] = replace(
            made,
            cells=int(self.to_explain.sum()),
            is_alternative=bool(found),
            numbers=candidate.values if self.answer.fits else None,
            made=candidate.made,
        )

    def mistake(self, code: str, phrase: Phrase, kind: str = "mistake", tensor: str = "") -> LikelyMistake:
        """A mistake that explains all the bad cells."""
        where = tensor or self.answer.expected.tensor.name
        cells = int(self.is_bad.sum())
        return LikelyMistake(code, phrase, "convention" if kind == "convention" else "mistake", where, cells)


def _are_distinct(texts: Iterator[str]) -> bool:
    """Whether a rule that explains these wrong numbers explains different ones: in some cells only it proves little."""
    first = next(texts, None)
    return any(text != first for text in texts)
