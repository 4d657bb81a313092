"""Steps that stand on no sheet, rounded by hand all the same: xhat on the way to y, the pass after an update."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.checking.carried import PATH, Carried, Truth
from cnncalc.checking.given import DoubleCells
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.mistakes_in_writing import Rounding
from cnncalc.step import Step

MOST_DIGITS = 6
"""That somebody writes by hand."""


def usual_rounding(answers: Iterable[MatchedAnswer]) -> Rounding | None:
    """To what most decimals of a sheet are rounded; None where it has none, or such as a program prints."""
    ways = Counter[Rounding]()
    for answer in answers:
        for given in () if isinstance(answer.cells, DoubleCells) else answer.cells:
            if given.places is not None:
                ways.update([Rounding(given.places, is_to_places=True), Rounding(given.significant, False)])
    usual = max(ways, key=ways.__getitem__, default=None)
    return usual if usual is not None and 0 < usual.digits <= MOST_DIGITS else None


class StepsBetween(Carried):
    """Tensors with all that the steps between the student's answers may have been rounded from, as balls.

    Those are the steps that a sheet has no place for, or seldom one: what a layer is made of on the way, and what
    comes after an update but for the loss. Any other tensor that was left out might have been handed in.
    """

    def __init__(self, truth: Truth, sources: Mapping[str, Array], rounding: Rounding) -> None:
        super().__init__(truth, sources)
        self._rounding = rounding
        self.listed = frozenset(tensor.name for tensor in truth.trace)
        """The tensors that a solution shows."""

    def steps(self, name: str) -> list[str]:
        """Those on the way to a tensor."""
        return [other for other in self.between(name, self.sources) if self._is_between(*self.truth.makers[other])]

    def is_affected(self, name: str) -> bool:
        """Whether a source, or such a step, is among what the tensor is computed from."""
        return super().is_affected(name) or (self.knows(name) and bool(self.steps(name)))

    def reads_own(self, step: Step, local: str) -> bool:
        """What a layer is made of on the way, a whole pass would pass by."""
        return any(own in step.names for own in step.layer.auxiliaries if own != PATH)

    def passed_on(self, step: Step, local: str, computed: Array) -> Array:
        """A step with what it may have been rounded from."""
        if not self._is_between(step, local):
            return computed
        return np.asarray(
            computed + self.truth.balls.around(self._rounding.halves(self.truth.balls.to_float(computed)))
        )

    def _is_between(self, step: Step, local: str) -> bool:
        own = local.removeprefix("d") if local not in step.layer.auxiliaries else local
        return local != PATH and (own in step.layer.auxiliaries or step.names[local] not in self.listed)
