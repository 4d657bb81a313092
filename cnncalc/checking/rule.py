"""When a cell is right: the rule, and what else a cell may be."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import trunc
from typing import Any, TypeAlias

from cnncalc.checking.given import Given
from cnncalc.language import Phrase
from cnncalc.records import Record, replace
from cnncalc.visible import LONGEST, shown

Bounds: TypeAlias = tuple[Fraction, Fraction]
"""The least and the greatest value that a number may have; equal where it is known exactly."""

FEWEST_DIGITS = 2
"""Significant digits that must agree before a rounded number says anything about how it was made."""
FEWEST_BEFORE_ZEROS = 3
"""Digits of a whole number behind which zeros may stand in for what was rounded away."""
SHARP = Fraction(1, 10**8)
"""Bounds this close together, relatively or absolutely, are those of one number that has no last digit."""
EXACT = Fraction(1, 10**25)
"""Bounds this close together come from rounding the last bits of a ball."""
HALF = Fraction(1, 2)
ROUGHLY = 1e-8
"""How well doubles tell the distance of two numbers, relatively, or absolutely where they are below 1."""
OF_A_DOUBLE = Fraction(1, 10**9)
"""How far a double that a program computed may lie off, relatively, or absolutely where the numbers are below 1."""


class CellVerdict(StrEnum):
    """What one cell is."""

    RIGHT = "right"
    TRUNCATED = "truncated"
    LAST_DIGIT = "last-digit"
    TOO_FEW_DIGITS = "too-few-digits"
    WRONG = "wrong"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    SHAPE = "shape"


class Rule(Record):
    """How much a decimal must show, and how far off it may lie; by default nothing but its rounding is allowed."""

    significant: int = 3
    tolerance: Fraction = Fraction(0)
    is_relative: bool = False

    @property
    def phrase(self) -> Phrase:
        """The rule in a sentence."""
        rule = EXACT_RULE.format(digits=self.significant)
        if not self.tolerance:
            return rule
        allowed = f"{float(self.tolerance * 100):g}%" if self.is_relative else f"{float(self.tolerance):g}"
        return rule + TOLERANCE.format(allowed=allowed)

    @cached_property
    def without_tolerance(self) -> Rule:
        """For what was done: a tolerance says what is right."""
        return replace(self, tolerance=Fraction(0))

    @cached_property
    def lenient(self) -> Rule:
        """For what was done, of which two digits tell something."""
        return replace(self, significant=min(self.significant, FEWEST_DIGITS))

    def judge(
        self, given: Given, typed: Bounds, true: Bounds, is_equal: Callable[[], bool] | None = None
    ) -> CellVerdict:
        """What a cell is that holds a number within `typed`, where a number within `true` should be.

        `is_equal` proves that the two are the same number, where their bounds cannot tell.
        """
        low, high = true[0] - typed[1], true[1] - typed[0]
        touches = low <= 0 <= high
        if touches and (low < high and is_sharp(true) and is_equal is not None):
            touches = is_equal()
        if touches and (is_sharp(true) or not isinstance(given.number, Decimal)):
            return CellVerdict.RIGHT
        if self._is_tolerated(low, high, true) or (given.slack and low <= given.slack and high >= -given.slack):
            return CellVerdict.RIGHT
        if given.is_computed and _is_near(low, high, true):
            return CellVerdict.RIGHT
        if given.is_computed and not given.is_double:
            return CellVerdict.WRONG
        if isinstance(given.number, Decimal):
            return self._judge_decimal(given, given.number, low, high, true)
        is_rounded = isinstance(given.number, int) and max(abs(low), abs(high)) <= HALF
        is_short = 0 < given.significant < self.significant
        return CellVerdict.TOO_FEW_DIGITS if is_rounded and is_short else CellVerdict.WRONG

    def at_a_glance(self, given: Given, true: float) -> CellVerdict | None:
        """What a cell is as far as the double nearest to the true value tells; None where it takes a closer look."""
        typed, half = given.double, given.half
        distance = abs(typed - true)
        is_near = distance < half - ROUGHLY * max(1.0, abs(true))
        if isinstance(given.number, Decimal) and is_near and given.significant >= self.significant:
            return CellVerdict.RIGHT
        return (
            CellVerdict.WRONG if self.is_far(distance, max(half, 0.5 * isinstance(given.number, int)), true) else None
        )

    def is_far(self, distance: Any, half: Any, true: Any) -> Any:
        """Whether a cell is further off than any that is nearly right, as far as doubles tell, one by one or in arrays.

        The last digit of what is cut off or carelessly rounded is off by less than two units.
        """
        return distance > 4 * half + self.tolerated(true) + ROUGHLY * (1.0 + abs(true))

    def tolerated(self, true: Any) -> Any:
        """The tolerance at true numbers, one or an array of doubles."""
        return float(self.tolerance) * (abs(true) if self.is_relative else 1.0)

    def allows(self, given: Given, typed: Bounds, computed: Bounds) -> bool:
        """Whether a cell may have been carried on from `computed`: correctly rounded, however it was written.

        Here 0.3 may stand for 0.300, 15 for 15.0, and 1630 for 1634.2 (but not for 1634, which needs no rounding).
        """
        half = self.half_unit(given)
        if half > HALF and isinstance(given.number, int) and is_sharp(computed) and _is_whole(computed):
            half = HALF
        return bool(half) and computed[0] - typed[1] <= half and computed[1] - typed[0] >= -half

    def half_unit(self, given: Given) -> Fraction:
        """Half a unit of the last digit that a number was rounded to at least; 0 for what is no rounded number."""
        number = given.number
        if not isinstance(number, int | Decimal) or not number:
            return Fraction(0)
        first_digit = number.adjusted() if isinstance(number, Decimal) else len(str(abs(number))) - 1
        asked = Fraction(10) ** (first_digit - self.significant + 1) / 2
        if isinstance(number, Decimal):
            return given.half_unit if given.shown >= self.significant else min(asked, given.half_unit)
        digits = str(abs(number))
        zeros = min(len(digits) - len(digits.rstrip("0")), len(digits) - FEWEST_BEFORE_ZEROS)
        return min(asked, Fraction(10) ** max(zeros, 0) / 2)

    def is_long_enough(self, given: Given) -> bool:
        """Whether a number shows as many digits as are asked for; a zero shows one, and no more however long it is."""
        return max(given.significant, given.shown, 1) >= self.significant

    def _judge_decimal(self, given: Given, number: Decimal, low: Fraction, high: Fraction, true: Bounds) -> CellVerdict:
        half = given.half_unit
        is_enough = self.is_long_enough(given)
        if low <= half and high >= -half:
            return CellVerdict.RIGHT if is_enough else CellVerdict.TOO_FEW_DIGITS
        unit = 2 * half
        if number and any(trunc(bound / unit) * unit == Fraction(number) for bound in true):
            return CellVerdict.TRUNCATED
        # The last digit of the rounded value is off by one, so the true value by up to one and a half.
        if is_enough and low <= 3 * half and high >= -3 * half:
            return CellVerdict.LAST_DIGIT
        return CellVerdict.WRONG

    def _is_tolerated(self, low: Fraction, high: Fraction, true: Bounds) -> bool:
        if not self.tolerance:
            return False
        allowed = self.tolerance * max(abs(true[0]), abs(true[1])) if self.is_relative else self.tolerance
        return low <= allowed and high >= -allowed


EXACT_RULE = Phrase(
    "Rule: a fraction, an integer or an expression must equal the true value; a decimal must be it, correctly"
    " rounded, with at least {digits} significant digits."
)
TOLERANCE = Phrase(" Besides, whatever lies within {allowed} of the true value counts as right (--tolerance).")


def _is_whole(bounds: Bounds) -> bool:
    return round(bounds[0]) == round(bounds[1]) and abs(bounds[0] - round(bounds[0])) <= SHARP


def is_sharp(bounds: Bounds, limit: Fraction = SHARP) -> bool:
    """Whether both bounds are those of one number, as far as can be told, or to within `limit`."""
    return bounds[1] - bounds[0] <= limit * max(Fraction(1), abs(bounds[1]))


def _is_near(low: Fraction, high: Fraction, true: Bounds) -> bool:
    allowed = OF_A_DOUBLE * max(Fraction(1), abs(true[0]))
    return low <= allowed and high >= -allowed


_TOLERANCE = re.compile(r"\s*(\d+(?:\.\d*)?|\.\d+)(?:[eE]([-+]?\d{1,2}))?\s*(%?)\s*")


def read_rule(significant: int, tolerance: str | None) -> Rule:
    """The rule that `0.01` (absolute), `1%` (relative) or no tolerance asks for; raises ValueError with a remedy."""
    if tolerance is None:
        return Rule(significant)
    found = _TOLERANCE.fullmatch(tolerance)
    if found is None or len(tolerance) > LONGEST:
        raise ValueError(f"'{shown(tolerance)}' is no tolerance; write 0.01 (absolute) or 1% (relative)")
    amount = Fraction(found[1]) * Fraction(10) ** int(found[2] or 0)
    return Rule(significant, amount / 100 if found[3] else amount, is_relative=bool(found[3]))
