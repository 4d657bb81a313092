"""What follows from a student's own earlier answers."""

from collections.abc import Iterable, Iterator, Set
from contextlib import suppress

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans, Doubles
from cnncalc.checking.candidate import Candidate, agreement
from cnncalc.checking.carried import CANNOT, PATH, Carried, Truth
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.met import StepTensors
from cnncalc.checking.mistakes_in_writing import Rounding
from cnncalc.checking.rule import ROUGHLY, Bounds, CellVerdict, Rule
from cnncalc.checking.sources import Sources, Supposed, carried_from, computed, take_in
from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.evaluate import value
from cnncalc.records import replace

MOST_TRACED = 12
"""Cells that are traced back to the answers which they follow from."""
MOST_MEASURED = 100
"""Cells of which it is asked how large their terms are."""
SAME_MISTAKE = Phrase("This follows from the mistake in {place} that {name} shows.")


def recomputation(truth: Truth, answer: MatchedAnswer, sources: Sources) -> Carried | None:
    """The tensor's recomputation from the student's earlier answers; None where it rests on none of them."""
    take_in(sources)
    name = answer.expected.tensor.name
    known = {other: array for other, array in sources.tensors.items() if other != name}
    basis = carried_from(truth, name, known, sources.met)
    if not basis.knows(name) or not basis.is_affected(name):
        return None
    return None if basis.nearest(name) <= sources.exact else basis


def following(answer: MatchedAnswer, basis: Carried | None, sources: Sources, rule: Rule) -> Booleans:
    """Which wrong cells follow from the student's earlier answers, on one route or another."""
    follows: Booleans = np.zeros(len(answer.wrong), dtype=np.bool_)
    if basis is None or not answer.fits:
        return follows
    for route in _routes(answer, basis, sources):
        values = computed(route, answer.expected.tensor.name)
        if values is not None:
            candidate = _candidate(route, answer, values)
            agrees = agreement(answer, candidate, basis.truth.balls, rule, is_lenient=False)
            follows |= agrees & answer.wrong
        if follows.sum() == answer.wrong.sum():
            return follows
    return follows | _as_far_as_can_be_told(answer, basis, sources, rule)


def _as_far_as_can_be_told(answer: MatchedAnswer, basis: Carried, sources: Sources, rule: Rule) -> Booleans:
    """Which wrong cells are what comes of the numbers as typed, or is true, with all digits that those tell.

    Digits that were lost further up are missed there, and once: 0.0009 ± 0.00005 times 3 is no better known than 0.003.
    """
    name, balls = answer.expected.tensor.name, basis.truth.balls
    typed = basis.resting_on({other: sources.typed[other] for other in basis.sources})
    if (made := computed(typed, name)) is None:
        return np.zeros_like(answer.wrong)
    made_of_typed = agreement(answer, Candidate("", NOTHING, made), balls, replace(rule, significant=1), False)
    is_due = np.asarray([verdict is CellVerdict.TOO_FEW_DIGITS for verdict in answer.verdicts], dtype=np.bool_)
    possible: Booleans = answer.wrong & (answer.halves > 0) & (is_due | made_of_typed)
    if not possible.any():
        return possible
    if unknown := typed.sources.keys() - sources.written.keys():
        for other in (each for each in sources.handed_in if each.is_complete and each.expected.tensor.name in unknown):
            known_as = other.expected.tensor.name
            sources.written[known_as] = typed.sources[known_as] + balls.around(other.halves)
    known = computed(basis.resting_on({other: sources.written[other] for other in basis.sources}), name)
    if known is None:
        return np.zeros_like(possible)
    return possible & (balls.radii(known.ravel())[answer.positions] >= answer.halves)


def from_the_same_mistake(
    truth: Truth, answer: MatchedAnswer, sources: Sources, rule: Rule
) -> tuple[Booleans, Supposed | None]:
    """Which wrong cells follow from a mistake further up that another answer has shown; and from which."""
    name, found = answer.expected.tensor.name, np.zeros_like(answer.wrong)
    for supposed in sources.supposed if answer.fits else ():
        known = {other: array for other, array in sources.tensors.items() if other != name}
        basis = carried_from(truth, name, known, sources.met)
        if supposed.name not in (*known, name) and basis.knows(name) and supposed.name in basis.between(name, known):
            for values in _as_carried_on(truth, supposed.values, sources.rounding):
                route = basis.resting_on({**known, supposed.name: values})
                if (led_to := computed(route, name)) is not None:
                    candidate = _candidate(route, answer, led_to)
                    agrees = agreement(answer, candidate, truth.balls, rule, is_lenient=False)
                    # What is right all the same says that it was not made.
                    if agrees[answer.has_number & ~answer.wrong].all():
                        found = answer.wrong & agrees
                if found.any():
                    return found, supposed
    return found, None


def _as_carried_on(truth: Truth, values: Array, rounding: Rounding | None) -> Iterator[Array]:
    """Numbers as they are, and with what is rounded to them on paper."""
    balls = truth.balls.enclosed(values)
    yield balls
    if rounding is not None:
        yield np.asarray(balls + truth.balls.around(rounding.halves(truth.balls.to_float(balls))))


def _candidate(route: Carried, answer: MatchedAnswer, values: Array) -> Candidate:
    """What follows on a route, as sharp as it can be told.

    A difference of nearly equal numbers is vague of itself, and comes out a little otherwise by another right formula.
    """
    candidate, name = Candidate("", NOTHING, values), answer.expected.tensor.name
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
        # NumPy makes one number of a sum of arrays without axes.
        values = np.asarray(values + route.truth.balls.around(allowed * sizes).reshape(values.shape))
    return replace(candidate, values=values, sizes=sizes)


def _routes(answer: MatchedAnswer, basis: Carried, sources: Sources) -> Iterator[Carried]:
    """From all earlier answers, as rounded, as typed, as before; then past the gradient behind, as p − t past dL/dp."""
    name = answer.expected.tensor.name
    ways = [sources.tensors, sources.typed]
    if any(sources.unrounded[other] is not sources.tensors[other] for other in sources.tensors):
        ways.append(sources.unrounded)
    for passed in (name, *basis.past(name)):
        for tensors in ways:
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
    found = basis.rests_on(name, at)
    # On which side of a kink an element lies, or who wins a window, is in no term: it is seen in what comes with it.
    rest = basis.nearest(name) - found
    alone = _bounds_from(found, basis, name, at) if rest else []
    # Mostly none does, of however many there are.
    is_any = bool(rest) and _are_apart(_bounds_from(found | rest, basis, name, at), alone)
    others = {one for one in rest if is_any and _are_apart(_bounds_from(found | {one}, basis, name, at), alone)}
    return found | others or basis.nearest(name)


def _bounds_from(names: Set[str], basis: Carried, name: str, at: list[int]) -> list[Bounds | None]:
    """Of some elements (flat positions), from some of the answers alone."""
    values = computed(basis.resting_on({one: basis.sources[one] for one in names}), name)
    return [] if values is None else basis.truth.balls.bounds(values.ravel()[at])


def _are_apart(some: list[Bounds | None], others: list[Bounds | None]) -> bool:
    """Whether any element comes out otherwise; of no numbers nothing is said."""
    return any(a and b and (a[1] < b[0] or b[1] < a[0]) for a, b in zip(some, others, strict=False))


def contradicts(other: MatchedAnswer, candidate: Candidate, with_it: Carried, without: Carried, rule: Rule) -> bool:
    """Whether another answer says that a mistake was not made: it has the tensor itself, or what comes of it, right."""
    name, balls = other.expected.tensor.name, with_it.truth.balls
    if name == candidate.tensor:
        assert candidate.made is not None, "the mistake was made there"
        made = Candidate("", NOTHING, with_it.shown(name, candidate.made))
        return not other.fits or bool((other.has_number & ~agreement(other, made, balls, rule)).any())
    right = other.has_number & ~other.wrong if other.fits else np.zeros(0, dtype=np.bool_)
    alone = with_it.resting_on({candidate.tensor: with_it.sources[candidate.tensor]})
    if not right.any() or not alone.knows(name) or not alone.is_affected(name):
        return False
    led_to, true = computed(with_it, name), computed(without, name)
    if led_to is None or true is None:
        return False
    mistaken, unmistaken = (Candidate("", NOTHING, values) for values in (led_to, true))
    # Where terms cancel out, a mistake that is known in doubles leaves their rounding.
    is_same = np.abs(mistaken.middles - unmistaken.middles) <= ROUGHLY * (1 + np.abs(unmistaken.middles))
    asked = right & agreement(other, unmistaken, balls, rule) & ~is_same[other.positions]
    return bool((asked & ~agreement(other, mistaken, balls, rule)).any())


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
