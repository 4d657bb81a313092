"""What follows from a student's own earlier answers, and what an answer passes on to later ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import field
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.checking.candidate import Candidate, agreement
from cnncalc.checking.carried import CANNOT, PATH, Carried, StepTensors, Truth
from cnncalc.checking.integers.quantities import Quantities
from cnncalc.checking.rule import EXACT, Bounds, is_sharp
from cnncalc.language import Phrase
from cnncalc.layers.evaluate import value
from cnncalc.problem.names import quantity_name
from cnncalc.records import dataclass, replace

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans, Doubles
    from cnncalc.checking.matched_answers import MatchedAnswer
    from cnncalc.checking.rule import Rule

MOST_TRACED = 12
"""Cells that are traced back to the answers which they follow from."""
MOST_MEASURED = 100
"""Cells of which it is asked how large their terms are."""
_NO_PHRASE = Phrase(en="", zh="")


@dataclass
class Sources:
    """The student's earlier answers from which later ones may be computed, as balls by tensor name."""

    handed_in: tuple[MatchedAnswer, ...] = ()
    """All answers of the sheet, the later ones too."""
    waiting: list[tuple[MatchedAnswer, Carried | None]] = field(default_factory=list)
    """Answers that nobody has needed yet, with how they follow from others."""
    tensors: dict[str, Array] = field(default_factory=dict)
    """With everything that is rounded to the digits that were written."""
    typed: dict[str, Array] = field(default_factory=dict)
    """As the numbers that were written, taken for exact."""
    correct: set[str] = field(default_factory=set)
    """Those that are right: what is carried on from them is at most their rounding."""
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """As typed, for remembering what was found out from them."""


def recomputation(truth: Truth, answer: MatchedAnswer, sources: Sources) -> Carried | None:
    """The tensor's recomputation from the student's earlier answers; None where it rests on none of them."""
    _take_in(sources)
    name = answer.expected.tensor.name
    basis = carried_from(truth, name, {other: array for other, array in sources.tensors.items() if other != name})
    return basis if basis.knows(name) and basis.is_affected(name) else None


def carried_from(truth: Truth, name: str, sources: Mapping[str, Array]) -> Carried:
    """What computes a tensor, or a size or a count, from other answers."""
    return Quantities(truth, sources) if quantity_name(name) else Carried(truth, sources)


def following(answer: MatchedAnswer, basis: Carried | None, sources: Sources, rule: Rule) -> Booleans:
    """Which wrong cells follow from the student's earlier answers, on one route or another."""
    follows: Booleans = np.zeros(len(answer.wrong), dtype=np.bool_)
    if basis is None or not answer.fits:
        return follows
    for route in _routes(answer, basis, sources):
        values = computed(route, answer.expected.tensor.name)
        if values is not None:
            candidate = _candidate(route, answer, values)
            follows |= agreement(answer, candidate, basis.truth.balls, rule, is_lenient=False) & answer.wrong
        if follows.sum() == answer.wrong.sum():
            break
    return follows


def _candidate(route: Carried, answer: MatchedAnswer, values: Array) -> Candidate:
    """What follows on a route, as sharp as it can be told.

    A difference of nearly equal numbers is vague of itself, and comes out a little otherwise by another right formula.
    """
    candidate, name = Candidate("", _NO_PHRASE, values), answer.expected.tensor.name
    if route.is_countable:
        return candidate
    allowed = leeway(route, name)
    asked = answer.positions[answer.wrong if allowed else answer.wrong & ~candidate.is_clear[answer.positions]]
    if not 0 < len(asked) <= MOST_MEASURED:
        return candidate
    try:
        sizes = sizes_of_terms(route, name, asked.tolist())
    except CANNOT:
        # The terms read what the whole formula passes by, and that does not exist for the student's numbers.
        return candidate
    if allowed:
        values = values + route.truth.balls.around(allowed * sizes).reshape(values.shape)
    return replace(candidate, values=values, sizes=sizes)


def _routes(answer: MatchedAnswer, basis: Carried, sources: Sources) -> Iterator[Carried]:
    """From all earlier answers, as rounded and as typed; then past the gradient behind, as p − t goes past dL/dp."""
    name = answer.expected.tensor.name
    for passed in (name, basis.past(name)):
        for tensors in (sources.tensors, sources.typed):
            if passed != name and passed not in tensors:
                continue
            left_out = (name, passed)
            route = basis.resting_on({other: tensors[other] for other in tensors if other not in left_out})
            if route.is_affected(name):
                yield route
                another = route.another_way(name)
                if another is not None:
                    yield another


def used(answer: MatchedAnswer, basis: Carried | None, follows: Booleans) -> set[str]:
    """The earlier answers that the cells which follow rest on."""
    if basis is None or not follows.any():
        return set()
    at = answer.positions[np.flatnonzero(follows)[:MOST_TRACED]].tolist()
    name = answer.expected.tensor.name
    # What a branch has closed rests on no number, but on the tensor that decided it.
    return basis.rests_on(name, at) or basis.nearest(name)


def contradicts(other: MatchedAnswer, candidate: Candidate, with_it: Carried, without: Carried, rule: Rule) -> bool:
    """Whether another answer says that a mistake was not made: it has the tensor itself, or what comes of it, right."""
    name, balls = other.expected.tensor.name, with_it.truth.balls
    if name == candidate.tensor:
        assert candidate.made is not None, "the mistake was made there"
        made = Candidate("", _NO_PHRASE, with_it.shown(name, candidate.made))
        return not other.fits or bool((other.has_number & ~agreement(other, made, balls, rule)).any())
    right = other.has_number & ~other.wrong if other.fits else np.zeros(0, dtype=np.bool_)
    alone = with_it.resting_on({candidate.tensor: with_it.sources[candidate.tensor]})
    if not right.any() or not alone.knows(name) or not alone.is_affected(name):
        return False
    led_to, true = computed(with_it, name), computed(without, name)
    if led_to is None or true is None:
        return False
    expected = agreement(other, Candidate("", _NO_PHRASE, true), balls, rule)
    return bool((right & expected & ~agreement(other, Candidate("", _NO_PHRASE, led_to), balls, rule)).any())


def carry(answer: MatchedAnswer, sources: Sources, basis: Carried | None) -> None:
    """Let later tensors be computed from this answer, if it can carry anything."""
    if not answer.is_complete or answer.expected.tensor.local == PATH:
        return
    if not answer.expected.is_zero and not np.any(answer.middles):
        return  # nothing but zeros where something should be: a sheet filled in, not computed
    sources.waiting.append((answer, basis))


def _take_in(sources: Sources) -> None:
    """Make balls of the answers that have come since; where nothing is wrong, nobody asks for them."""
    for answer, basis in sources.waiting:
        values = _as_rounded(answer, basis)
        if values is None:
            continue
        name = answer.expected.tensor.name
        typed = np.empty(len(answer.cells), dtype=object)
        typed[:] = [answer.expected.balls.number(given.number) for given in answer.cells if given.number is not None]
        sources.tensors[name], sources.typed[name] = values, typed
        sources.texts[name] = tuple(answer.texts)
        if not answer.wrong.any():
            sources.correct.add(name)
    sources.waiting.clear()


def _as_rounded(answer: MatchedAnswer, basis: Carried | None) -> Array | None:
    """The cells as balls: a decimal with all that is rounded to it, unless it is the exact number."""
    balls = answer.expected.balls
    follows = computed(basis, answer.expected.tensor.name) if basis is not None else None
    exact = [] if follows is None else balls.bounds(follows)
    values = np.empty(len(answer.cells), dtype=object)
    for at, given in enumerate(answer.cells):
        if given.number is None or given.bounds is None:
            return None
        is_exact = answer.expected.is_exactly(int(answer.positions[at]), given)
        if not is_exact and exact:
            bounds = exact[at]
            is_exact = bounds is not None and is_sharp(bounds, EXACT) and bounds[0] <= given.bounds[0] <= bounds[1]
        with suppress(ArithmeticError):
            values[at] = balls.number(given.number) if is_exact else balls.within(given.number)
            if not is_exact and isinstance(given.number, int) and _is_rounded(answer, at, exact):
                values[at] = balls.within(given.number, answer.expected.rule.half_unit(given))
        if values[at] is None:
            return None
    return values


def _is_rounded(answer: MatchedAnswer, at: int, computed: list[Bounds | None]) -> bool:
    """Whether a whole number stands for one that was rounded to it, the true one or that which follows."""
    given = answer.cells[at]
    for bounds in (answer.expected.bounds(int(answer.positions[at])), computed[at] if computed else None):
        if bounds is None or given.bounds is None:
            continue
        if answer.expected.rule.allows(given, given.bounds, bounds):
            return True
    return False


def computed(basis: Carried, name: str) -> Array | None:
    """A tensor as it follows, as balls; None where it leads to no number."""
    try:
        return basis.shown(name, basis.computed(name))
    except CANNOT:
        return None


def sizes_of_terms(basis: Carried, name: str, positions: Iterable[int]) -> Doubles:
    """How large the terms of some elements (flat positions) are together, whatever their signs.

    0 of the others, and of those whose terms lead to no number: the sum of e^x where x is beyond all exponents.
    """
    step, local = basis.truth.makers[name]
    balls, tensors = basis.truth.balls, StepTensors(basis, step)
    shape = step.tensors[local].shape
    found = np.zeros(step.tensors[local].size)
    for position in positions:
        index = tuple(int(i) for i in np.unravel_index(position, shape))
        with suppress(*CANNOT):
            terms = step.layer.terms(local, index, balls, tensors)
            values = np.asarray([value([term], balls, tensors) for term in terms], dtype=object)
            found[position] = np.abs(balls.to_float(values)).sum()
    return found


def leeway(basis: Carried, name: str) -> float:
    """How far off another right formula may come out, as a part of the terms' size.

    The terms of a tensor need not be made of all the tensors in between that a student has rounded (dx of mean and var,
    and not of xhat); another way to write the same derivative is.
    """
    step, local = basis.truth.makers[name]
    if basis.by_another_formula or not basis.reads_own(step, local):
        return 0.0
    between = {step.names[own] for own in step.layer.auxiliaries if own in step.names and own != PATH}
    return sum(_roughness(basis.sources[own]) for own in between & set(basis.sources))


def _roughness(balls: Array) -> float:
    """The largest radius for the largest number."""
    flat = balls.ravel().tolist()
    largest = max(abs(float(ball.mid())) for ball in flat)
    return max(float(ball.rad()) for ball in flat) / largest if largest else 0.0
