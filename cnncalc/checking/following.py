"""What follows from a student's own earlier answers, and what an answer passes on to later ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.checking.candidate import Candidate, agreement
from cnncalc.checking.carried import CANNOT, PATH, Rework, Truth
from cnncalc.checking.integers.reckoning import Reckoning
from cnncalc.checking.rule import EXACT, Bounds, is_sharp
from cnncalc.checking.vagueness import leeway, sizes_of_terms
from cnncalc.language import Phrase
from cnncalc.problem.names import quantity_name
from cnncalc.records import replace

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans
    from cnncalc.checking.attempt import Attempt, Sources
    from cnncalc.checking.rule import Rule

MOST_TRACED = 12
"""Cells that are traced back to the answers which they follow from."""
MOST_MEASURED = 100
"""Cells of which it is asked how large their terms are."""
_NO_PHRASE = Phrase(en="", zh="")


def recomputation(truth: Truth, attempt: Attempt, sources: Sources) -> Rework | None:
    """The tensor's recomputation from the student's earlier answers; None where it rests on none of them."""
    _take_in(sources)
    name = attempt.expected.tensor.name
    rework = reworked(truth, name, {other: array for other, array in sources.tensors.items() if other != name})
    return rework if rework.knows(name) and rework.is_affected(name) else None


def reworked(truth: Truth, name: str, sources: Mapping[str, Array]) -> Rework:
    """What computes a tensor, or a size or a count, from other answers."""
    return Reckoning(truth, sources) if quantity_name(name) else Rework(truth, sources)


def following(attempt: Attempt, rework: Rework | None, sources: Sources, rule: Rule) -> Booleans:
    """Which wrong cells follow from the student's earlier answers, on one route or another."""
    follows: Booleans = np.zeros(len(attempt.wrong), dtype=np.bool_)
    if rework is None or not attempt.fits:
        return follows
    for route in _routes(attempt, rework, sources):
        values = _computed(route, attempt.expected.tensor.name)
        if values is not None:
            candidate = _candidate(route, attempt, values)
            follows |= agreement(attempt, candidate, rework.truth.balls, rule, is_lenient=False) & attempt.wrong
        if follows.sum() == attempt.wrong.sum():
            break
    return follows


def _candidate(route: Rework, attempt: Attempt, values: Array) -> Candidate:
    """What follows on a route, as sharp as it can be told.

    A difference of nearly equal numbers is vague of itself, and comes out a little otherwise by another right formula.
    """
    candidate, name = Candidate("", _NO_PHRASE, values), attempt.expected.tensor.name
    if route.is_countable:
        return candidate
    allowed = leeway(route, name)
    asked = attempt.positions[attempt.wrong if allowed else attempt.wrong & ~candidate.is_clear[attempt.positions]]
    if not 0 < len(asked) <= MOST_MEASURED:
        return candidate
    sizes = sizes_of_terms(route, name, asked.tolist())
    if allowed:
        values = values + route.truth.balls.around(allowed * sizes).reshape(values.shape)
    return replace(candidate, values=values, sizes=sizes)


def _routes(attempt: Attempt, rework: Rework, sources: Sources) -> Iterator[Rework]:
    """From all earlier answers, as rounded and as typed; then past the gradient behind, as p − t goes past dL/dp."""
    name = attempt.expected.tensor.name
    for passed in (name, rework.past(name)):
        for tensors in (sources.tensors, sources.typed):
            if passed != name and passed not in tensors:
                continue
            left_out = (name, passed)
            route = rework.resting_on({other: tensors[other] for other in tensors if other not in left_out})
            if route.is_affected(name):
                yield route
                another = route.another_way(name)
                if another is not None:
                    yield another


def used(attempt: Attempt, rework: Rework | None, follows: Booleans) -> set[str]:
    """The earlier answers that the cells which follow rest on."""
    if rework is None or not follows.any():
        return set()
    at = attempt.positions[np.flatnonzero(follows)[:MOST_TRACED]].tolist()
    name = attempt.expected.tensor.name
    # What a branch has closed rests on no number, but on the tensor that decided it.
    return rework.rests_on(name, at) or rework.nearest(name)


def contradicts(other: Attempt, candidate: Candidate, with_it: Rework, without: Rework, rule: Rule) -> bool:
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
    led_to, true = _computed(with_it, name), _computed(without, name)
    if led_to is None or true is None:
        return False
    expected = agreement(other, Candidate("", _NO_PHRASE, true), balls, rule)
    return bool((right & expected & ~agreement(other, Candidate("", _NO_PHRASE, led_to), balls, rule)).any())


def carry(attempt: Attempt, sources: Sources, rework: Rework | None) -> None:
    """Let later tensors be computed from this answer, if it can carry anything."""
    if not attempt.is_complete or attempt.expected.tensor.local == PATH:
        return
    if not attempt.expected.is_zero and not np.any(attempt.middles):
        return  # nothing but zeros where something should be: a sheet filled in, not computed
    sources.waiting.append((attempt, rework))


def _take_in(sources: Sources) -> None:
    """Make balls of the answers that have come since; where nothing is wrong, nobody asks for them."""
    for attempt, rework in sources.waiting:
        values = _as_rounded(attempt, rework)
        if values is None:
            continue
        name = attempt.expected.tensor.name
        typed = np.empty(len(attempt.cells), dtype=object)
        typed[:] = [attempt.expected.balls.number(given.number) for given in attempt.cells if given.number is not None]
        sources.tensors[name], sources.typed[name] = values, typed
        sources.texts[name] = tuple(given.text for given in attempt.cells)
        if not attempt.wrong.any():
            sources.correct.add(name)
    sources.waiting.clear()


def _as_rounded(attempt: Attempt, rework: Rework | None) -> Array | None:
    """The cells as balls: a decimal with all that is rounded to it, unless it is the exact number."""
    balls = attempt.expected.balls
    computed = _computed(rework, attempt.expected.tensor.name) if rework is not None else None
    exact = [] if computed is None else balls.bounds(computed)
    values = np.empty(len(attempt.cells), dtype=object)
    for at, given in enumerate(attempt.cells):
        if given.number is None or given.bounds is None:
            return None
        is_exact = attempt.expected.is_exactly(int(attempt.positions[at]), given)
        if not is_exact and exact:
            bounds = exact[at]
            is_exact = bounds is not None and is_sharp(bounds, EXACT) and bounds[0] <= given.bounds[0] <= bounds[1]
        with suppress(ArithmeticError):
            values[at] = balls.number(given.number) if is_exact else balls.within(given.number)
            if not is_exact and isinstance(given.number, int) and _is_rounded(attempt, at, exact):
                values[at] = balls.within(given.number, attempt.expected.rule.half_unit(given))
        if values[at] is None:
            return None
    return values


def _is_rounded(attempt: Attempt, at: int, computed: list[Bounds | None]) -> bool:
    """Whether a whole number stands for one that was rounded to it, the true one or that which follows."""
    given = attempt.cells[at]
    for bounds in (attempt.expected.bounds(int(attempt.positions[at])), computed[at] if computed else None):
        if bounds is None or given.bounds is None:
            continue
        if attempt.expected.rule.allows(given, given.bounds, bounds):
            return True
    return False


def _computed(rework: Rework, name: str) -> Array | None:
    try:
        return rework.shown(name, rework.computed(name))
    except CANNOT:
        return None
