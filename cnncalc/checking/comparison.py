"""One answer against what mistakes would make of its tensor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cnncalc.checking.candidate import AS_FAR_AS_WRITTEN, Candidate, agreement, is_same, is_telling
from cnncalc.checking.mistakes_of_layers import SizeCandidate
from cnncalc.checking.report import LikelyMistake
from cnncalc.checking.rule import CellVerdict, Rule
from cnncalc.language import Phrase
from cnncalc.problem.tensor.typed import without_ones
from cnncalc.records import dataclass, replace

if TYPE_CHECKING:
    from cnncalc.arithmetic.ball import Ball
    from cnncalc.arithmetic.base import Array, Booleans
    from cnncalc.checking.matched_answers import MatchedAnswer

Found: TypeAlias = dict[str, LikelyMistake]
"""By code, in the order of listing."""
FEWEST_DISTINCT = 2
"""Different wrong numbers that a rule must explain before it is believed to have been used in some cells only."""
IN_ONE_CELL = frozenset(["sign", "factor-of-ten"])
"""What may have happened in one cell alone."""
MANY_DIGITS = 4
"""Significant digits that tell one number from those that many mistakes lead to."""
UNROUNDED = {
    CellVerdict.TRUNCATED: "truncated",
    CellVerdict.LAST_DIGIT: "last-digit",
    CellVerdict.TOO_FEW_DIGITS: "too-few-digits",
}
"""Cells in which nothing but the digits is wrong."""
OF_DIGITS = frozenset([*UNROUNDED.values(), "rounded-to-integer", "adjusted-to-sum-1"])
"""Codes that say how a number was written, whatever led to it."""
NO_PHRASE = Phrase(en="", zh="")


@dataclass(frozen=True)
class Comparison:
    """An answer, and its tensor without any mistake: as it is, or as the student's earlier answers make it."""

    answer: MatchedAnswer
    right: Array | None
    """Balls in the tensor's shape; None where the student's answers lead to no number."""
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
        right, spare = Candidate("", NO_PHRASE, self.right), np.ones_like(self.is_bad)
        return self.is_bad & ~agreement(self.answer, right, self.balls, self.rule, spare=spare)

    def add_whole(self, found: Found, candidates: Iterable[Candidate | SizeCandidate]) -> None:
        """Add what explains every number of the answer, the right ones included; a size alone says less than that."""
        for candidate in sorted(candidates, key=lambda candidate: isinstance(candidate, SizeCandidate)):
            if found and isinstance(candidate, SizeCandidate):
                return
            if candidate.code not in found and self._explains(candidate, self.answer.has_number):
                self._add(found, candidate)

    def add_partial(self, found: Found, candidates: Iterable[Candidate | SizeCandidate]) -> None:
        """Add what explains every cell that is not right, the mistake being made in those only."""
        texts = {cell.text for cell, bad in zip(self.answer.cells, self.to_explain.tolist(), strict=True) if bad}
        for candidate in candidates:
            if candidate.code in found or (len(texts) < FEWEST_DISTINCT and candidate.code not in IN_ONE_CELL):
                continue
            if self._explains(candidate, self.to_explain):
                self._add(found, candidate)

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
        position = int(self.answer.positions[at])
        bounds = self.balls.bounds(self.right.ravel()[position : position + 1])[0]
        if given.bounds is None or bounds is None:
            return CellVerdict.WRONG
        return self.rule.judge(given, given.bounds, bounds)

    def add_earlier(
        self,
        found: Found,
        candidates: Iterable[Candidate | SizeCandidate],
        is_contradicted: Callable[[Candidate], bool],
    ) -> None:
        """As `add_whole`, for mistakes further up: there are so many that a few digits fit one of them by chance."""
        numbers = [given for given in self.answer.cells if given.status == "number"]
        is_telling = len({given.text for given in numbers}) > 1
        if not is_telling:
            lone = numbers[0] if numbers else None
            is_exact = lone is not None and lone.places is None and not isinstance(lone.number, int)
            is_telling = lone is not None and (is_exact or lone.significant >= MANY_DIGITS)
        for candidate in candidates if is_telling else ():
            if isinstance(candidate, SizeCandidate) or candidate.code in found:
                continue
            if self._explains(candidate, self.answer.has_number) and not is_contradicted(candidate):
                self._add(found, candidate)

    def _explains(self, candidate: Candidate | SizeCandidate, cells: Booleans) -> bool:
        answer = self.answer
        if isinstance(candidate, SizeCandidate):
            return not answer.fits and without_ones(answer.shape) == without_ones(candidate.shape)
        if answer.fits:
            if candidate.values.size != answer.expected.tensor.elements.size:
                return False
        elif candidate.values.size != len(answer.cells):
            return False
        spare = ~self.to_explain
        agrees = agreement(answer, candidate, self.balls, self.rule, not self.is_strict, cells, spare)
        if not agrees.any() or not agrees[cells].all():
            return False
        telling = np.flatnonzero(self.to_explain & agrees).tolist()
        if not any(is_telling(answer, cell, candidate, self.balls) for cell in telling):
            return False
        return not answer.fits or (self.right is not None and not is_same(candidate.values, self.right))

    def _add(self, found: Found, candidate: Candidate | SizeCandidate) -> None:
        tensor = candidate.tensor if isinstance(candidate, Candidate) else ""
        is_alternative = bool(found.keys() - OF_DIGITS)
        made = self.mistake(candidate.code, candidate.phrase, candidate.kind, tensor)
        found[candidate.code] = replace(made, cells=int(self.to_explain.sum()), is_alternative=is_alternative)

    def mistake(self, code: str, phrase: Phrase, kind: str = "mistake", tensor: str = "") -> LikelyMistake:
        """A mistake that explains all the bad cells."""
        where = tensor or self.answer.expected.tensor.name
        cells = int(self.is_bad.sum())
        return LikelyMistake(code, phrase, "convention" if kind == "convention" else "mistake", where, cells)
