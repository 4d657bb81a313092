"""One answer against what mistakes would make of its tensor."""

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Booleans
from cnncalc.checking.candidate import AS_FAR_AS_WRITTEN, Candidate, agreement, are_telling, is_same
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.report import LikelyMistake
from cnncalc.checking.rule import Bounds, CellVerdict, Rule
from cnncalc.checking.sketch import Sketch
from cnncalc.language import Phrase
from cnncalc.problem.names import quantity_name
from cnncalc.problem.tensor.typed import without_ones
from cnncalc.records import Record, replace

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
OF_DIGITS = frozenset([*UNROUNDED.values(), "rounded-to-integer", "adjusted-to-sum-1"])
"""Codes that say how a number was written, whatever led to it."""


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
        for sketch in sorted(sketches, key=lambda sketch: sketch.size is not None):
            if found and sketch.size is not None:
                return
            if sketch.code not in found and (sketch.size is not None or self._says_enough(sketch.code)):
                self._add(found, self._explaining(sketch, self.answer.has_number))

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
        for sketch in sketches:
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
        for sketch in sketches if is_telling else ():
            if sketch.size is not None or sketch.code in found:
                continue
            candidate = self._explaining(sketch, self.answer.has_number)
            if candidate is not None and not is_contradicted(candidate):
                self._add(found, candidate)

    def _explaining(self, sketch: Sketch, cells: Booleans) -> Candidate | None:
        """The mistake, if it explains these cells of the answer; None if not."""
        answer = self.answer
        if sketch.size is not None:
            fits = not answer.fits and without_ones(answer.shape) == without_ones(sketch.size)
            return sketch.candidate if fits else None
        candidate = sketch.candidate if sketch.may_fit(answer, self.rule, cells) else None
        size = answer.expected.tensor.elements.size if answer.fits else len(answer.cells)
        if candidate is None or candidate.values.size != size:
            return None
        agrees = agreement(
            answer, candidate, self.balls, self.rule, not self.is_strict, cells, spare=~self.to_explain
        )  # fmt: skip
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
            is_alternative=bool(found.keys() - OF_DIGITS),
            numbers=candidate.values if self.answer.fits else None,
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
