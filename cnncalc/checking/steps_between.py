"""Steps on no sheet, rounded by hand all the same: xhat on the way to y, powers, the pass after an update."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np

from cnncalc.arithmetic.base import Array, Doubles
from cnncalc.checking.carried import PATH, Carried, StepTensors, Truth
from cnncalc.checking.given import DoubleCells
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.mistakes_in_writing import Rounding
from cnncalc.layers.activations.softmax import Softmax
from cnncalc.step import Step

MOST_DIGITS = 6
"""That somebody writes by hand."""
UNROUNDED = 1e-9
"""Up to which a radius is that of a number which nobody has rounded on paper."""


def usual_rounding(answers: Iterable[MatchedAnswer]) -> Rounding | None:
    """To what most decimals of a sheet are rounded; None where it has none, or such as a program prints."""
    ways = Counter[Rounding]()
    for answer in answers:
        for given in () if isinstance(answer.cells, DoubleCells) else answer.cells:
            if given.places is not None:
                ways.update([Rounding(given.places, is_to_places=True), Rounding(given.significant, False)])
    # Numbers between 0.1 and 1 do not tell places from digits, and the powers between them are larger.
    usual = max(ways, key=lambda way: (ways[way], not way.is_to_places), default=None)
    return usual if usual is not None and 0 < usual.digits <= MOST_DIGITS else None


class StepsBetween(Carried):
    """Tensors with all that the steps between the student's answers may have been rounded from, as balls.

    Those are the steps that a sheet has no place for, or seldom one: what a layer is made of on the way, the powers of
    a softmax and their sum, and what comes after an update but for the loss. Any other tensor that was left out might
    have been handed in.
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
        return self._written(computed) if self._is_between(step, local) else computed

    def is_written_out(self, name: str) -> bool:
        """Whether powers and their sum, which are no tensors, are written down on the way from rounded numbers."""
        return any(
            self.knows(other) and self._slack(*self.truth.makers[other]) is not None
            for other in (name, *self.between(name, self.sources))
        )

    def _recomputed(self, name: str) -> Array:
        computed, slack = super()._recomputed(name), self._slack(*self.truth.makers[name])
        return computed if slack is None else np.asarray(computed + self.truth.balls.around(slack))

    def _slack(self, step: Step, local: str) -> Doubles | None:
        """How far off powers and their sum as they are written down may bring the shares; None where there are none."""
        if local != "y" or not isinstance(step.layer, Softmax):
            return None
        x, balls = StepTensors(self, step)["x"], self.truth.balls
        if not (balls.radii(x) > UNROUNDED).any():
            return None
        # What x may be has told already, and more sharply.
        return balls.radii(step.layer.on_paper(balls, balls.enclosed(balls.to_float(x)), self._written))

    def _written(self, computed: Array) -> Array:
        """With what it may have been rounded from."""
        balls = self.truth.balls
        return np.asarray(computed + balls.around(self._rounding.halves(balls.to_float(computed))))

    def _is_between(self, step: Step, local: str) -> bool:
        own = local.removeprefix("d") if local not in step.layer.auxiliaries else local
        return local != PATH and (own in step.layer.auxiliaries or step.names[local] not in self.listed)
