"""What an answer would be if a certain mistake was made, compared with what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.checking.rule import EXACT, FEWEST_DIGITS, HALF, CellVerdict, Rule, is_sharp
from cnncalc.language import Phrase
from cnncalc.records import Record

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans, Doubles
    from cnncalc.checking.matched_answers import MatchedAnswer
    from cnncalc.layers.base import Shape

SAME = 1e-12
"""Middles this close are those of one number."""
VAGUE = 0.05
"""Of a tensor's largest element: what is known less well proves nothing …"""
VERY_VAGUE = 0.5
"""… unless it is known to this part of itself."""
TRIMMED = Fraction(1, 20)
"""What a whole number may be off, as one decimal place whose zero was left out."""
FEWEST_TOGETHER = 4
"""Different numbers of one digit that say as much as one of two."""
NOTHING = 1e-6
"""Of a tensor's largest element: for what is smaller than that people write 0."""
AS_FAR_AS_WRITTEN = (CellVerdict.RIGHT, CellVerdict.TOO_FEW_DIGITS)
"""Cells that are right as far as their digits go."""


class Candidate(Record):
    """The elements that a mistake leads to, as balls; `shape` is without N where the reader sees none."""

    code: str
    phrase: Phrase
    values: Array = field(repr=False)
    kind: Literal["mistake", "convention"] = "mistake"
    tensor: str = ""
    """Where the mistake is made, if that is not the tensor of the answer."""
    made: Array | None = field(default=None, repr=False)
    """What becomes of that tensor there."""
    sizes: Doubles | None = field(default=None, repr=False)
    """How large the terms of each element are together, flat; where they cancel out, what is left is vague."""
    size: Shape | None = None
    """Of a mistake that shows in the size of its tensor alone, and has no values."""

    @cached_property
    def middles(self) -> Doubles:
        """The middles, flat."""
        return np.asarray([float(ball.mid()) if ball.is_finite() else np.nan for ball in self.values.ravel()])

    @cached_property
    def radii(self) -> Doubles:
        """The radii, flat."""
        return Ball.radii(self.values.ravel())

    @cached_property
    def is_clear(self) -> Booleans:
        """Which elements are known well enough to say anything."""
        scale = np.max(np.abs(self.middles), initial=0.0, where=np.isfinite(self.middles))
        clear: Booleans = (self.radii <= VAGUE * scale) | (self.radii <= VERY_VAGUE * np.abs(self.middles))
        if self.sizes is not None:
            clear |= self.radii <= VAGUE * self.sizes
        return clear


def agreement(
    answer: MatchedAnswer, candidate: Candidate, balls: Ball, rule: Rule, is_lenient: bool = True,
    needed: Booleans | None = None, spare: Booleans | None = None,
) -> Booleans:  # fmt: skip
    """Which cells of the answer are right if the candidate is what they should be.

    Leniently: as far as their digits go, however few, or cut off; else zeros may have been lost where the candidate
    comes from rounded numbers, and of exact ones the rule alone decides. Where one of the `needed` cells is not right,
    none is looked at further. In a `spare` cell, which proves nothing, a whole number may stand for all that is rounded
    to it.
    """
    values = candidate.values.ravel()
    at = answer.positions if answer.fits else np.arange(len(answer.cells))
    typed, middles, radii = answer.middles, candidate.middles[at], candidate.radii[at]
    # Doubles first: most candidates differ in most cells, and a proof is needed only where they do not.
    # A whole number may have been rounded to one, or to tens where it has more than three digits.
    halves = np.where(answer.halves > 0, answer.halves, 0.25 if is_lenient else np.maximum(0.25, np.abs(typed) / 200))
    near: Booleans = np.abs(typed - middles) <= 2.1 * halves + radii + rule.tolerated(middles) + 1e-9 * (
        1 + np.abs(typed)
    )
    near &= candidate.is_clear[at]
    if needed is not None and not near[needed].all():
        return np.zeros_like(near)
    nothing = NOTHING * np.max(np.abs(candidate.middles), initial=0.0, where=np.isfinite(candidate.middles))
    if is_lenient:
        rule = rule.lenient
    for cell in np.flatnonzero(near).tolist():
        given, bounds = answer.cells[cell], balls.bounds(values[at[cell] : at[cell] + 1])[0]
        if given.bounds is None or bounds is None:
            near[cell] = False
            continue
        if is_lenient and isinstance(given.number, int) and given.number:
            half = HALF if spare is not None and spare[cell] else TRIMMED
            near[cell] = bounds[0] - half <= given.number <= bounds[1] + half
            continue
        verdict = rule.judge(given, given.bounds, bounds)
        if is_lenient:
            is_cut_off = verdict is CellVerdict.TRUNCATED and given.significant > FEWEST_DIGITS
            near[cell] = verdict in AS_FAR_AS_WRITTEN or is_cut_off
        else:
            is_short = rule.allows(given, given.bounds, bounds) or (
                given.number == 0 and max(map(abs, bounds)) <= nothing
            )
            near[cell] = verdict is CellVerdict.RIGHT or (is_short and not is_sharp(bounds, EXACT))
    return near


def are_telling(answer: MatchedAnswer, cells: Sequence[int], candidate: Candidate, balls: Ball) -> bool:
    """Whether cells that agree say anything: one by two digits, or by being the very number, or several together.

    0.3 may be many things, and 0.4, 0.1, 0.3, -0.1 all at once, none of them rounded, hardly any.
    """
    exact = set[str]()
    for cell in cells:
        given = answer.cells[cell]
        is_decimal = isinstance(given.number, Decimal) and bool(given.number)
        if is_decimal and given.significant >= FEWEST_DIGITS:
            return True
        at = int(answer.positions[cell]) if answer.fits else cell
        bounds = balls.bounds(candidate.values.ravel()[at : at + 1])[0]
        if given.bounds is None or bounds is None:
            continue
        if bounds[0] <= given.bounds[1] and given.bounds[0] <= bounds[1] and is_sharp(bounds):
            if not is_decimal and (given.places or FEWEST_DIGITS) >= FEWEST_DIGITS:
                return True
            exact.add(given.text)
    return len(exact) >= FEWEST_TOGETHER


def is_same(values: Array, others: Array) -> bool:
    """Whether two flat arrays of balls may be the same numbers throughout: then neither says more than the other."""
    pairs = zip(values.ravel().tolist(), others.ravel().tolist(), strict=True)
    return all(bool(a.overlaps(b)) or bool(abs(a.mid() - b.mid()) < SAME) for a, b in pairs)
