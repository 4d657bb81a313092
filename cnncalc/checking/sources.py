"""What a student's answers hold for later ones: as typed, with all that is rounded to it, and before it was rounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import field
from fractions import Fraction

import numpy as np

from cnncalc.arithmetic.base import Array, Element, filled
from cnncalc.checking.carried import CANNOT, Carried, Truth
from cnncalc.checking.matched_answers import MatchedAnswer
from cnncalc.checking.met import Met
from cnncalc.checking.mistakes_in_writing import Rounding
from cnncalc.checking.quantities import Quantities
from cnncalc.checking.rule import EXACT, Bounds, is_sharp
from cnncalc.problem.names import quantity_name
from cnncalc.records import Record, dataclass

STEPS_BACK = 4000
"""Tensors that are computed anew for one sheet, to see what a mistake further up would have led to: half a second."""


class Supposed(Record):
    """A tensor that was not handed in, as a mistake in it must have made it."""

    name: str
    values: Array
    seen_in: str
    """The answer that shows it."""


@dataclass
class Sources:
    """The student's earlier answers from which later ones may be computed, as balls by tensor name."""

    handed_in: tuple[MatchedAnswer, ...] = ()
    """All answers of the sheet, the later ones too."""
    waiting: list[tuple[MatchedAnswer, Carried | None, Sequence[Array]]] = field(default_factory=list)
    """Answers that nobody has needed yet, with how they follow from others, and what the mistakes in them lead to."""
    tensors: dict[str, Array] = field(default_factory=dict)
    """With everything that is rounded to the digits that were written."""
    typed: dict[str, Array] = field(default_factory=dict)
    """As the numbers that were written, taken for exact."""
    unrounded: dict[str, Array] = field(default_factory=dict)
    """With what a number of too few digits was rounded from, where that is known, in its place."""
    correct: set[str] = field(default_factory=set)
    """Those that are right: what is carried on from them is at most their rounding …"""
    exact: set[str] = field(default_factory=set)
    """… and nothing at all from those that are the very numbers."""
    texts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """As typed, for remembering what was found out from them."""
    placeholders: dict[str, Array] = field(default_factory=dict)
    """Answers that were put down without being worked out, and what follows from those; nobody is to earn by them."""
    misshapen: set[str] = field(default_factory=set)
    """Those of a wrong size, from which nothing follows."""
    named: dict[str, set[str]] = field(default_factory=dict)
    """The codes of mistakes that were found, by the tensor in which they were made."""
    supposed: list[Supposed] = field(default_factory=list)
    """What mistakes were made further up."""
    rounding: Rounding | None = None
    """To what most of its numbers are rounded."""
    written: dict[str, Array] = field(default_factory=dict)
    """With all that their last digits leave open, as far as that was asked for."""
    met: Met = field(default_factory=Met)
    """What was computed from them so far."""
    steps_back: int = STEPS_BACK
    """What may still be done to find mistakes in tensors that were not handed in."""


def carried_from(truth: Truth, name: str, sources: Mapping[str, Array], met: Met | None = None) -> Carried:
    """What computes a tensor, or a size or a count, from other answers."""
    return Quantities(truth, sources) if quantity_name(name) else Carried(truth, sources, met=met)


def computed(basis: Carried, name: str) -> Array | None:
    """A tensor as it follows, as balls; None where it leads to no number."""
    try:
        return basis.shown(name, basis.computed(name))
    except CANNOT:
        return None


def from_unrounded(basis: Carried, sources: Sources) -> Carried | None:
    """The same from the numbers before they were rounded to too few digits; None where none are known."""
    known = {other: sources.unrounded[other] for other in basis.sources if other in sources.unrounded}
    is_any = any(array is not sources.tensors[other] for other, array in known.items())
    return basis.resting_on({**basis.sources, **known}) if is_any else None


def carry(
    answer: MatchedAnswer, sources: Sources, basis: Carried | None, is_placeholder: bool = False,
    made: Sequence[Array] = (),
) -> None:  # fmt: skip
    """Let later tensors be computed from this answer, if it can carry anything; `made` are the mistakes' numbers."""
    name = answer.expected.tensor.name
    if not answer.fits and answer.is_whole:
        sources.misshapen.add(name)
    if not answer.is_complete:
        return
    if is_placeholder:
        sources.placeholders[name] = _as_typed(answer)
    else:
        sources.waiting.append((answer, basis, made))


def _as_typed(answer: MatchedAnswer) -> Array:
    """The numbers that were written, as balls."""
    numbers = [answer.expected.balls.number(given.number) for given in answer.cells if given.number is not None]
    return filled((len(answer.cells),), numbers)


def take_in(sources: Sources) -> None:
    """Make balls of the answers that have come since; where nothing is wrong, nobody asks for them."""
    for answer, basis, made in sources.waiting:
        finer = None if basis is None else from_unrounded(basis, sources)
        before = None if finer is None else computed(finer, answer.expected.tensor.name)
        read = _as_rounded(answer, basis, [*([] if before is None else [before]), *made])
        if read is None:
            continue
        values, unrounded, is_exact = read
        name = answer.expected.tensor.name
        sources.tensors[name], sources.typed[name], sources.unrounded[name] = values, _as_typed(answer), unrounded
        sources.texts[name] = tuple(answer.texts)
        if not answer.wrong.any():
            sources.correct.add(name)
            if is_exact:
                sources.exact.add(name)
    sources.waiting.clear()


def _as_rounded(
    answer: MatchedAnswer, basis: Carried | None, known: Sequence[Array]
) -> tuple[Array, Array, bool] | None:
    """The cells as balls: a decimal with all that is rounded to it, unless it is the exact number.

    One of too few digits is taken as if it had as many as are asked for: 0.1 is no licence for all from 0.05 to 0.15.
    Only what it was rounded from may stand for it, where that is known: the second array. Last, whether all is exact.
    """
    expected, balls = answer.expected, answer.expected.balls
    follows = computed(basis, expected.tensor.name) if basis is not None else None
    carried = [] if follows is None else balls.bounds(follows)
    also = [*([] if follows is None else [follows]), expected.enclosed]
    values, before = np.empty((2, len(answer.cells)), dtype=object)
    all_exact, is_known = True, False
    for at, given in enumerate(answer.cells):
        if given.number is None or given.bounds is None:
            return None
        is_exact = expected.is_exactly(int(answer.positions[at]), given)
        all_exact &= is_exact
        if not is_exact and carried:
            bounds = carried[at]
            is_exact = bounds is not None and is_sharp(bounds, EXACT) and bounds[0] <= given.bounds[0] <= bounds[1]
        half = Fraction(0) if is_exact else expected.rule.half_unit(given)
        if isinstance(given.number, int) and not _is_rounded(answer, at, carried):
            half = Fraction(0)
        with suppress(ArithmeticError):
            values[at] = before[at] = balls.within(given.number, half) if half else balls.number(given.number)
        if values[at] is None:
            return None
        if not is_exact and given.half_unit:
            origin = _rounded_from(answer, at, [*known, *also])
            if origin is not None:
                before[at], is_known = origin, True
    return values, before if is_known else values, all_exact


def _rounded_from(answer: MatchedAnswer, at: int, tensors: Sequence[Array]) -> Element | None:
    """The number of the first tensor that gives what was typed when it is rounded, if that tells more; None if none."""
    given, position, balls = answer.cells[at], int(answer.positions[at]), answer.expected.balls
    for tensor in tensors:
        known = tensor.ravel()[position : position + 1]
        bounds = balls.bounds(known)[0]
        if bounds is None or given.bounds is None or bounds[1] - bounds[0] > 2 * given.half_unit:
            continue
        if bounds[0] - given.half_unit <= given.bounds[0] <= bounds[1] + given.half_unit:
            return known[0]
    return None


def _is_rounded(answer: MatchedAnswer, at: int, computed: list[Bounds | None]) -> bool:
    """Whether a whole number stands for one that was rounded to it, the true one or that which follows."""
    given = answer.cells[at]
    for bounds in (answer.expected.bounds(int(answer.positions[at])), computed[at] if computed else None):
        if bounds is None or given.bounds is None:
            continue
        if answer.expected.rule.allows(given, given.bounds, bounds):
            return True
    return False
