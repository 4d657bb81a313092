"""What mistakes further up lead to, in doubles first: there are hundreds of them, and hardly one fits an answer.

A sketch says what an answer cannot have come from. Whatever may fit is made anew as balls, which say what does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic
from cnncalc.arithmetic.float64 import Float64
from cnncalc.checking.candidate import VAGUE, VERY_VAGUE, Candidate
from cnncalc.checking.carried import Rework, Truth
from cnncalc.checking.mistakes_of_layers import FARTHEST, led_to
from cnncalc.mistakes.take import DOES_NOT_APPLY, Slip
from cnncalc.records import dataclass
from cnncalc.scene import Size

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans, Doubles
    from cnncalc.checking.matched_answers import MatchedAnswer
    from cnncalc.checking.rule import Rule
    from cnncalc.trace import Step

ROUGHNESS = 1e-6
"""How far off doubles may be after a long calculation, relatively, or absolutely where the numbers are below 1."""
UNITS = 1.1
"""Units of its last place that a cell lies off at most where a mistake explains it …"""
OF_A_WHOLE_NUMBER = 0.6
"""… and how far a whole number does."""
_TIE = 1e-12


class Branching(Float64):
    """Doubles that take two numbers for the same where only rounding tells them apart, as balls do."""

    name: ClassVar[str] = "sketch"
    positive_part = Arithmetic.positive_part
    first_largest = Arithmetic.first_largest
    largest = Arithmetic.largest

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Where a > b by more than rounding."""
        return np.asarray(a - b > _TIE * (1 + np.abs(a)))

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Where a = b but for rounding."""
        return np.asarray(np.abs(a - b) <= _TIE * (1 + np.abs(a)))


class RoughTruth(Truth):
    """The middles of the true tensors."""

    def __init__(self, truth: Truth) -> None:
        self.__dict__.update(truth.__dict__)
        self.numbers = Branching()
        self._truth, self._made = truth, {}

    def _tensor(self, step: Step, local: str) -> Array:
        return self.balls.to_float(self._truth.tensor(step, local))


@dataclass(frozen=True)
class Sketch:
    """One mistake further up, and what it makes of the tensor in question."""

    rework: Rework
    name: str
    before: str
    """The tensor at which the mistake is made."""
    mistake: Slip
    number: int
    """Which of the ways in which the mistake can be made."""
    middles: Doubles | None = field(repr=False)
    """Flat; None where doubles do not tell."""

    def may_fit(self, answer: MatchedAnswer, rule: Rule) -> bool:
        """Whether the cells of the answer are near enough for a closer look."""
        if self.middles is None:
            return True
        if self.middles.size != answer.expected.tensor.elements.size:
            return False
        middles, cells = self.middles[answer.positions], answer.has_number
        typed = np.abs(answer.middles)
        allowed = 2 * UNITS * answer.halves + OF_A_WHOLE_NUMBER * (answer.halves == 0)
        allowed += float(rule.tolerance) * (np.abs(middles) if rule.is_relative else 1.0) + ROUGHNESS * (1 + typed)
        if self.rework.sources:
            # What is known less well than this proves nothing; in doubles it is not known how well it is known.
            scale = np.max(np.abs(self.middles), initial=0.0, where=np.isfinite(self.middles))
            allowed += 2 * np.maximum(VAGUE * scale, VERY_VAGUE * np.abs(middles))
        return bool((np.abs(answer.middles - middles) <= allowed)[cells].all())

    @cached_property
    def candidate(self) -> Candidate | None:
        """It as balls; None where it comes to nothing."""
        ways = self.rework.wrongs(self.before, self.mistake)
        made = next(islice(ways, self.number, None), None)
        return None if made is None else led_to(self.rework, self.name, self.before, *made)


@np.errstate(all="ignore")
def sketches(rework: Rework, name: str, between: Sequence[str]) -> list[Sketch]:
    """Every mistake at a tensor that was not handed in, the nearest first."""
    balls, found = rework.truth.balls, []
    rough = Rework(RoughTruth(rework.truth), {other: balls.to_float(given) for other, given in rework.sources.items()})
    for before in between[:FARTHEST]:
        ways: Counter[int] = Counter()
        for mistake, wrong in rough.wrongs(before):
            number, ways[id(mistake)] = ways[id(mistake)], ways[id(mistake)] + 1
            if isinstance(wrong, Size) or not rough.takes(before, wrong):
                continue
            try:
                read = rough.resting_on({**rough.sources, before: wrong}).as_read(name)
            except DOES_NOT_APPLY:
                continue
            middles = np.asarray(read, np.float64).ravel()
            found.append(Sketch(rework, name, before, mistake, number, middles if np.isfinite(middles).all() else None))
    return found
