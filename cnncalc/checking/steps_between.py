"""Steps on no sheet, rounded by hand all the same: xhat on the way to y, powers, the pass after an update."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import cast, get_args

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Array, Booleans, Element, Function, filled
from cnncalc.checking.candidate import AS_FAR_AS_WRITTEN, VERY_VAGUE, Candidate, agreement
from cnncalc.checking.carried import CANNOT, PATH, Carried, Truth
from cnncalc.checking.given import DoubleCells
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.met import StepTensors
from cnncalc.checking.mistakes_in_writing import NEXT_TO_NOTHING, Rounding
from cnncalc.checking.rule import FEWEST_DIGITS, Rule
from cnncalc.checking.sources import Sources, computed
from cnncalc.language import NOTHING
from cnncalc.layers.base import Apply, Entry, Term
from cnncalc.layers.evaluate import Terms, factor_value
from cnncalc.problem.names import quantity_name
from cnncalc.records import Record
from cnncalc.step import Step

MOST_DIGITS = 6
"""That somebody writes by hand."""
UNROUNDED = 1e-9
"""Up to which a radius is that of a number which nobody has rounded on paper."""
SHARP = 64
"""Bits, beyond which nothing in a number was rounded on paper."""
MOST_CELLS = 100
"""Of a tensor whose functions somebody works out by hand."""
MOST_MULTIPLICATIONS = 20_000
"""Of a problem that somebody works out by hand."""


def usual_rounding(answers: Iterable[MatchedAnswer]) -> Rounding | None:
    """To what most decimals of a sheet are rounded; None where it has none, or such as a program prints."""
    ways = Counter[Rounding]()
    for answer in answers:
        for given in () if isinstance(answer.cells, DoubleCells) else answer.cells:
            if given.places is not None and given.number:
                ways.update([Rounding(given.places, is_to_places=True), Rounding(given.significant, False)])
    # Numbers between 0.1 and 1 do not tell places from digits, and the powers between them are larger.
    usual = max(ways, key=lambda way: (ways[way], not way.is_to_places), default=None)
    return usual if usual is not None and 0 < usual.digits <= MOST_DIGITS else None


def _power(terms: Terms, sign: int, coefficient: int = 1) -> Term:
    """e to the sum of terms, or to its negative."""
    return Term((Apply("exp", tuple(Term(factors, sign * number) for factors, number in terms)),), coefficient)


def _sigmoid(terms: Terms) -> Term:
    return Term((Apply("reciprocal", (Term(()), _power(terms, -1))),))


def _tanh(terms: Terms) -> Term:
    above, below = ((_power(terms, 1), _power(terms, -1, sign)) for sign in (-1, 1))
    return Term((Apply("sum", above), Apply("reciprocal", below)))


BY_POWERS: Mapping[str, Callable[[Terms], Term]] = {"sigmoid": _sigmoid, "tanh": _tanh}
"""Functions that are worked out by powers of e."""


def _writes(terms: Terms) -> bool:
    """Whether any function of numbers is in a sum of terms, or a sum that something is divided by."""
    functions = [factor for factors, _ in terms for factor in factors if isinstance(factor, Apply)]
    known = (*get_args(Function), "reciprocal", "sum", "pi")
    if not all(function.function in known for function in functions):
        return False  # by a letter for a function nobody gets a number
    return any(
        function.function in get_args(Function)
        or _writes(function.terms)
        or (function.function == "reciprocal" and len(function.terms) > 1)
        for function in functions
    )


class _Middles(dict[str, Array]):
    """The tensors of a step without their radii, which have told already, and more sharply, what may come of them."""

    def __init__(self, tensors: Mapping[str, Array], balls: Ball) -> None:
        super().__init__()
        self._tensors, self._balls = tensors, balls

    def __missing__(self, own: str) -> Array:
        balls = self._balls.enclosed(self._tensors[own])
        self[own] = filled(balls.shape, [ball.mid() for ball in balls.ravel()])
        return self[own]


class StepsBetween(Carried):
    """Tensors as they come out with the steps between the student's answers written down.

    Those are the steps that a sheet has no place for, or seldom one: what a layer is made of on the way, the powers of
    a softmax and their sum, and what comes after an update but for the loss. Any other tensor that was left out might
    have been handed in.
    """

    def __init__(
        self, truth: Truth, sources: Mapping[str, Array], rounding: Rounding, is_sharp: bool = False,
        writes_sums: bool = True, writes_all: bool = False,
    ) -> None:  # fmt: skip
        """Each tensor is all that the steps may bring it to; if `is_sharp`, what comes of them rounded just so.

        `writes_sums` also rounds the sums that something is divided by; a calculator may keep those. `writes_all` takes
        for steps all tensors that were not handed in.
        """
        super().__init__(truth, sources)
        self._rounding, self._is_sharp, self._writes_sums = rounding, is_sharp, writes_sums
        self._writes_all = writes_all
        self.listed = frozenset(tensor.name for tensor in truth.trace)
        """The tensors that a solution shows."""

    def steps(self, name: str) -> list[str]:
        """Those on the way to a tensor."""
        return [other for other in self.between(name, self.sources) if self._is_between(*self.truth.makers[other])]

    def is_affected(self, name: str) -> bool:
        """Whether a source, or such a step, is among what the tensor is computed from."""
        return super().is_affected(name) or (self.knows(name) and self._is_on_paper(name))

    def _is_on_paper(self, name: str) -> bool:
        """Whether anything on the way to a tensor is such a step, from wherever that is walked."""
        known = self.truth.on_paper
        if name not in known:
            before = [other for other in self.ancestors(name) if self.knows(other)]
            known[name] = any(self._is_between(*self.truth.makers[other]) for other in before) or any(
                map(self._has_functions, (name, *before))
            )
        return known[name]

    def reads_own(self, step: Step, local: str) -> bool:
        """What a layer is made of on the way, a whole pass would pass by."""
        return any(own in step.names for own in step.layer.auxiliaries if own != PATH)

    def passed_on(self, step: Step, local: str, computed: Array) -> Array:
        """A step as it is written down."""
        return self._written(computed) if self._is_between(step, local) else computed

    def is_written_out(self, name: str) -> bool:
        """Whether powers, roots and their sums, which are no tensors, are written down on the way."""
        return any(self._has_functions(other) for other in (name, *self.between(name, self.sources)))

    def _has_functions(self, name: str) -> bool:
        known = self.truth.written_out
        if name not in known:
            step, local = self.truth.makers[name]
            is_by_hand = step.tensors[local].size <= MOST_CELLS
            is_by_hand &= self.truth.trace.problem.multiplications <= MOST_MULTIPLICATIONS
            true, first = StepTensors(Carried(self.truth, {}), step), (0,) * step.tensors[local].ndim
            known[name] = (
                is_by_hand
                and local != PATH
                and _writes(tuple(step.layer.terms(local, first, self.truth.balls, true)))
                # The logarithm of one probability is the loss itself.
                and any(made.rel_accuracy_bits() < SHARP for made in self._made_on_paper(step, local, true))
            )
        return known[name]

    def _made_on_paper(self, step: Step, local: str, tensors: StepTensors) -> Iterator[Element]:
        middles, known = _Middles(tensors, self.truth.balls), dict[Apply, Element]()
        for index in np.ndindex(step.tensors[local].shape):
            terms = step.layer.terms(local, index, self.truth.balls, tensors)
            yield self._on_paper(terms, middles, known, is_result=True)

    def _recomputed(self, name: str) -> Array:
        whole = super()._recomputed(name)
        if not self._has_functions(name):
            return whole
        (step, local), tensors = self.truth.makers[name], StepTensors(self, self.truth.makers[name][0])
        made = filled(whole.shape, list(self._made_on_paper(step, local, tensors)))
        if self._is_sharp:
            return made
        radii = self.truth.balls.radii(made)
        return np.asarray(whole + self.truth.balls.around(np.where(np.isfinite(radii), radii, 0)))

    def _on_paper(
        self, terms: Iterable[Term], tensors: Mapping[str, Array], known: dict[Apply, Element], is_result: bool = False
    ) -> Element:
        """What a sum comes to with the functions in it written down, and the sums that something is divided by.

        A function that is the whole result is written down as that.
        """
        balls = self.truth.balls
        products: list[tuple[Element, list[Apply]]] = []
        for factors, coefficient in terms:
            one = balls.number(coefficient)
            for factor in factors:
                if isinstance(factor, Entry) or factor.function == "pi":
                    one = one * factor_value(factor, balls, tensors)
            if one != 0:
                products.append((one, [factor for factor in factors if isinstance(factor, Apply) and factor.terms]))
        if is_result and len(products) == 1 and len(products[0][1]) == 1 and abs(products[0][0]) == 1:
            ((one, (alone,)),) = products
            return one * self._function(alone, tensors, known, is_result=True)
        total = balls.number(0)
        for one, functions in products:
            for function in functions:
                if function not in known:
                    known[function] = self._function(function, tensors, known)
                one = one * known[function]
            total = total + one
        return total

    def _function(
        self, factor: Apply, tensors: Mapping[str, Array], known: dict[Apply, Element], is_result: bool = False
    ) -> Element:
        if factor.function in BY_POWERS:
            return self._on_paper((BY_POWERS[factor.function](factor.terms),), tensors, known)
        inner = np.asarray(self._on_paper(factor.terms, tensors, known))
        if factor.function == "reciprocal":
            return 1 / (self._written(inner) if len(factor.terms) > 1 and self._writes_sums else inner)[()]
        if factor.function == "sum":
            return inner[()]
        made = self.truth.balls.apply(cast(Function, factor.function), inner)
        return (made if is_result else self._written(made))[()]

    def _written(self, computed: Array) -> Array:
        """As it is written down; or with all that it may have been rounded to."""
        balls = self.truth.balls
        if self._is_sharp:
            return self._rounding.of_balls(balls.enclosed(computed))
        return np.asarray(computed + balls.around(self._rounding.halves(balls.to_float(computed))))

    def _is_between(self, step: Step, local: str) -> bool:
        own = local.removeprefix("d") if local not in step.layer.auxiliaries else local
        return local != PATH and (
            self._writes_all or own in step.layer.auxiliaries or step.names[local] not in self.listed
        )


class RoundedBetween(Record):
    """What comes out with steps rounded that are on no sheet, as most numbers of the sheet are rounded."""

    cells: Booleans
    """The wrong cells that come out."""
    as_written: Booleans
    """Those that do as far as their digits go."""
    steps: Sequence[str]
    """The names that the solution has for such steps."""
    is_from_exact: bool
    """Whether nothing that it is computed from was rounded."""


def with_steps_rounded(truth: Truth, answer: MatchedAnswer, sources: Sources, rule: Rule) -> RoundedBetween | None:
    """The same tensor with the steps between rounded; None where there are none, or that says nothing."""
    name = answer.expected.tensor.name
    if sources.rounding is None or not answer.fits or quantity_name(name) or not truth.makers.get(name):
        return None
    route = StepsBetween(truth, {k: v for k, v in sources.tensors.items() if k != name}, sources.rounding)
    steps = route.steps(name)
    try:
        values = computed(route, name) if steps or route.is_written_out(name) else None
    except CANNOT:
        return None
    if values is None or all(verdict in AS_FAR_AS_WRITTEN for verdict in answer.verdicts):
        return None
    made = Candidate("", NOTHING, values)
    near_0 = (np.abs(made.middles) <= made.radii) & (made.radii < float(NEXT_TO_NOTHING))
    strictly, leniently = (agreement(answer, made, truth.balls, rule, is_lenient=lenient) for lenient in (False, True))
    shown = [step for step in steps if step in route.listed]
    rounded = (truth.balls.radii(route.sources[source]) > UNROUNDED for source in route.nearest(name))
    is_exact = not any(source.any() for source in rounded)
    # Of exact numbers nothing is lost but what rounding can take away, and digits are asked for as ever.
    lost = (answer.middles == 0) & near_0[answer.positions]
    if is_exact:
        strictly &= np.array([rule.is_long_enough(given) for given in answer.cells])
    return RoundedBetween(answer.wrong & (lost | strictly), answer.wrong & leniently, shown, is_exact)


def left_out(truth: Truth, answer: MatchedAnswer, is_bad: Booleans, sources: Sources) -> list[str]:
    """The steps that were not handed in, where bad cells may come of rounding them; none where that is not so."""
    name = answer.expected.tensor.name
    if sources.rounding is None or not answer.fits or name not in truth.makers:
        return []
    is_telling = all(answer.cells[at].significant >= FEWEST_DIGITS for at in np.flatnonzero(is_bad).tolist())
    if not is_telling or truth.trace.problem.multiplications > MOST_MULTIPLICATIONS:
        return []
    known = {other: array for other, array in sources.tensors.items() if other != name}
    route = StepsBetween(truth, known, sources.rounding, writes_all=True)
    steps = route.steps(name)[::-1]
    try:
        values = computed(route, name) if steps else None
    except CANNOT:
        return []
    if values is None:
        return []
    made, at = Candidate("", NOTHING, values), answer.positions[is_bad]
    off, allowed = np.abs(answer.middles - made.middles[answer.positions])[is_bad], made.radii[at]
    if (allowed > VERY_VAGUE * np.max(np.abs(made.middles))).any() or (off > allowed + answer.halves[is_bad]).any():
        return []
    return steps


def comes_out_sharply(truth: Truth, answer: MatchedAnswer, sources: Sources, rule: Rule) -> bool:
    """Whether all of an answer comes out with the steps rounded in one of the usual ways, digit by digit."""
    name, usual = answer.expected.tensor.name, sources.rounding
    assert usual is not None, "something is rounded"
    known = {other: array for other, array in sources.tensors.items() if other != name}
    for to_places, writes_sums in product((usual.is_to_places, not usual.is_to_places), (True, False)):
        route = StepsBetween(truth, known, Rounding(usual.digits, to_places), is_sharp=True, writes_sums=writes_sums)
        values = computed(route, name)
        if values is not None:
            agrees = agreement(answer, Candidate("", NOTHING, values), truth.balls, rule, is_lenient=False)
            if agrees[answer.has_number].all():
                return True
    return False
