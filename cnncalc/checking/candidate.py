"""What an answer would be if a certain mistake was made, compared with what it is."""

from __future__ import annotations

from dataclasses import field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from cnncalc.checking.rule import FEWEST_DIGITS, CellVerdict, Rule
from cnncalc.language import Phrase
from cnncalc.records import dataclass

if TYPE_CHECKING:
    from cnncalc.arithmetic.ball import Ball
    from cnncalc.arithmetic.base import Array, Booleans, Doubles
    from cnncalc.checking.attempt import Attempt

SAME = 1e-12
"""Middles this close are those of one number."""
VAGUE = 0.05
"""Of a tensor's largest element: what is known less well proves nothing …"""
VERY_VAGUE = 0.5
"""… unless it is known to this part of itself."""


@dataclass(frozen=True)
class Candidate:
    """The elements that a mistake leads to, as balls; `shape` is without N where the reader sees none."""

    code: str
    phrase: Phrase
    values: Array = field(repr=False)
    kind: Literal["mistake", "convention"] = "mistake"
    tensor: str = ""
    """Where the mistake is made, if that is not the tensor of the answer."""

    @cached_property
    def middles(self) -> Doubles:
        """The middles, flat."""
        return np.asarray([float(ball.mid()) if ball.is_finite() else np.nan for ball in self.values.ravel()])

    @cached_property
    def radii(self) -> Doubles:
        """The radii, flat."""
        return np.asarray([float(ball.rad()) if ball.is_finite() else np.inf for ball in self.values.ravel()])

    @cached_property
    def is_clear(self) -> Booleans:
        """Which elements are known well enough to say anything."""
        scale = np.max(np.abs(self.middles), initial=0.0, where=np.isfinite(self.middles))
        clear: Booleans = (self.radii <= VAGUE * scale) | (self.radii <= VERY_VAGUE * np.abs(self.middles))
        return clear


def agreement(
    attempt: Attempt, candidate: Candidate, balls: Ball, rule: Rule, is_lenient: bool = True,
    needed: Booleans | None = None,
) -> Booleans:  # fmt: skip
    """Which cells of the answer are right if the candidate is what they should be.

    Leniently: two digits, or digits that were cut off, are enough to see what was done. Where one of the `needed` cells
    is not, none is looked at further.
    """
    values = candidate.values.ravel()
    at = attempt.positions if attempt.fits else np.arange(len(attempt.cells))
    typed, middles, radii = attempt.middles, candidate.middles[at], candidate.radii[at]
    tolerance = float(rule.tolerance) * (np.abs(middles) if rule.is_relative else 1.0)
    # Doubles first: most candidates differ in most cells, and a proof is needed only where they do not.
    # A whole number may have been rounded to one.
    halves = np.where(attempt.halves > 0, attempt.halves, 0.0 if is_lenient else 0.25)
    near: Booleans = np.abs(typed - middles) <= 2.1 * halves + radii + tolerance + 1e-9 * (1 + np.abs(typed))
    near &= candidate.is_clear[at]
    if needed is not None and not near[needed].all():
        return np.zeros_like(near)
    if is_lenient:
        rule = rule.lenient
    for cell in np.flatnonzero(near).tolist():
        given, bounds = attempt.cells[cell], balls.bounds(values[at[cell] : at[cell] + 1])[0]
        if given.bounds is None or bounds is None:
            near[cell] = False
            continue
        verdict = rule.judge(given, given.bounds, bounds)
        if is_lenient:
            is_cut_off = verdict is CellVerdict.TRUNCATED and given.significant > FEWEST_DIGITS
            near[cell] = verdict is CellVerdict.RIGHT or is_cut_off
        else:
            near[cell] = verdict is CellVerdict.RIGHT or rule.allows(given, given.bounds, bounds)
    return near


def is_same(values: Array, others: Array) -> bool:
    """Whether two flat arrays of balls may be the same numbers throughout: then neither says more than the other."""
    pairs = zip(values.ravel().tolist(), others.ravel().tolist(), strict=True)
    return all(bool(a.overlaps(b)) or bool(abs(a.mid() - b.mid()) < SAME) for a, b in pairs)
