"""One answer against what mistakes would make of its tensor."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from cnncalc.checking.candidate import Candidate, agreement, is_same
from cnncalc.checking.report import LikelyMistake
from cnncalc.checking.rule import CellVerdict, Rule
from cnncalc.checking.specific import SizeCandidate
from cnncalc.language import Phrase
from cnncalc.problem.typed import without_ones
from cnncalc.records import dataclass

if TYPE_CHECKING:
    from cnncalc.arithmetic.ball import Ball
    from cnncalc.arithmetic.base import Array, Booleans
    from cnncalc.checking.attempt import Attempt

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


@dataclass(frozen=True)
class Comparison:
    """An answer, and its tensor without any mistake: as it is, or as the student's earlier answers make it."""

    attempt: Attempt
    right: Array | None
    """Balls in the tensor's shape; None where the student's answers lead to no number."""
    is_bad: Booleans
    """The cells that are neither right nor follow."""
    balls: Ball
    rule: Rule

    def add_whole(self, found: Found, candidates: Iterable[Candidate | SizeCandidate]) -> None:
        """Add what explains every number of the answer, the right ones included; a size alone says less than that."""
        for candidate in sorted(candidates, key=lambda candidate: isinstance(candidate, SizeCandidate)):
            if found and isinstance(candidate, SizeCandidate):
                return
            if candidate.code not in found and self._explains(candidate, self.attempt.has_number):
                self._add(found, candidate)

    def add_partial(self, found: Found, candidates: Iterable[Candidate | SizeCandidate]) -> None:
        """Add what explains every cell that is not right, the mistake being made in those only."""
        texts = {cell.text for cell, bad in zip(self.attempt.cells, self.is_bad.tolist(), strict=True) if bad}
        for candidate in candidates:
            if candidate.code in found or (len(texts) < FEWEST_DISTINCT and candidate.code not in IN_ONE_CELL):
                continue
            if self._explains(candidate, self.is_bad):
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
        given = self.attempt.cells[at]
        position = int(self.attempt.positions[at])
        bounds = self.balls.bounds(self.right.ravel()[position : position + 1])[0]
        if given.bounds is None or bounds is None:
            return CellVerdict.WRONG
        return self.rule.judge(given, given.bounds, bounds)

    def add_earlier(self, found: Found, candidates: Iterable[Candidate | SizeCandidate]) -> None:
        """As `add_whole`, for mistakes further up: there are so many that a few digits fit one of them by chance."""
        numbers = [given for given in self.attempt.cells if given.status == "number"]
        is_telling = len({given.text for given in numbers}) > 1
        if not is_telling:
            lone = numbers[0] if numbers else None
            is_exact = lone is not None and lone.places is None and not isinstance(lone.number, int)
            is_telling = lone is not None and (is_exact or lone.significant >= MANY_DIGITS)
        if is_telling:
            self.add_whole(found, candidates)

    @cached_property
    def _is_only_unrounded(self) -> bool:
        # Then whatever differs from the right tensor by less than the missing digits would seem to fit.
        return self.attempt.fits and bool(self.unrounded())

    def _explains(self, candidate: Candidate | SizeCandidate, cells: Booleans) -> bool:
        attempt = self.attempt
        if isinstance(candidate, SizeCandidate):
            return not attempt.fits and without_ones(attempt.shape) == without_ones(candidate.shape)
        if attempt.fits:
            if candidate.values.size != attempt.expected.tensor.elements.size:
                return False
        elif candidate.values.size != len(attempt.cells):
            return False
        rule = self.rule.without_tolerance
        agrees = agreement(attempt, candidate, self.balls, rule, not self._is_only_unrounded, cells)
        if not agrees.any() or not agrees[cells].all():
            return False
        return not attempt.fits or (self.right is not None and not is_same(candidate.values, self.right))

    def _add(self, found: Found, candidate: Candidate | SizeCandidate) -> None:
        tensor = candidate.tensor if isinstance(candidate, Candidate) else ""
        found[candidate.code] = self.mistake(candidate.code, candidate.phrase, candidate.kind, tensor)

    def mistake(self, code: str, phrase: Phrase, kind: str = "mistake", tensor: str = "") -> LikelyMistake:
        """A mistake that explains all the bad cells."""
        where = tensor or self.attempt.expected.tensor.name
        return LikelyMistake(code, phrase, "convention" if kind == "convention" else "mistake", where, self.bad)

    @property
    def bad(self) -> int:
        """How many cells are neither right nor follow."""
        return int(self.is_bad.sum())
