"""What happens when numbers are written down: rounded too early or too much, cut off, slipped, made up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Undecided, filled
from cnncalc.checking.candidate import Candidate
from cnncalc.checking.carried import Carried
from cnncalc.checking.report import ROUNDED_EARLY
from cnncalc.checking.rule import HALF, CellVerdict
from cnncalc.language import Phrase
from cnncalc.mistakes.take import DOES_NOT_APPLY
from cnncalc.records import Record

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Booleans, Doubles
    from cnncalc.checking.matched_answers import MatchedAnswer
    from cnncalc.checking.rule import Bounds, Rule

PHRASES = {
    "truncated": Phrase("Cut off instead of rounded: the last digit is one too low."),
    "last-digit": Phrase("The last digit is off by one."),
    "too-few-digits": Phrase("Rounded to too few digits; {digits} significant digits are asked for."),
    "rounded-to-integer": Phrase("Rounded to a whole number. An integer is taken as exact; write a decimal."),
    "rounded-early": Phrase(
        "Rounded too early: with the intermediate results rounded to {what}, exactly this comes out. Keep more"
        " digits (or fractions) until the end."
    ),
    "adjusted-to-sum-1": Phrase(
        "One value was adjusted so that the rounded ones add up to 1. They need not; round each by itself."
    ),
    "one-cell-slipped": Phrase("A slip in one cell, {where}; the others are right or follow."),
    "two-cells-slipped": Phrase("A slip in two cells, {where}; the others are right or follow."),
    "digits-exchanged": Phrase("Two neighbouring digits are exchanged in {where}."),
    "later-cells-wrong": Phrase(
        "The first {count} cells are right or follow, and {which} wrong: work those out in the same way."
    ),
}
"""By code: what is said; `cnncalc mistakes` lists them."""

CARRIED = Phrase(
    "This follows from {names} as rounded in the answers: rounded too early. Keep more digits (or fractions) until"
    " the end."
)
BETWEEN = Phrase(
    "This comes out with {names} rounded on the way, as the numbers of the answers are: rounded too early. Keep more"
    " digits (or fractions) until the end."
)
LEFT_OUT = Phrase(
    "This may come of rounding {names}, which were not handed in, as the numbers of the answers are: hand them in too,"
    " or keep more digits (or fractions) until the end."
)
STEPS = Phrase("the steps in between")
MOST_STEPS = 3
"""That are named."""
AS_FAR_AS_DIGITS_GO = {
    "one-cell-slipped": Phrase(
        "A slip in one cell, {where}; the others are right or follow, as far as their digits go."
    ),
    "two-cells-slipped": Phrase(
        "A slip in two cells, {where}; the others are right or follow, as far as their digits go."
    ),
    "later-cells-wrong": Phrase(
        "The first {count} cells are right or follow, as far as their digits go, and {which} wrong: work those out"
        " in the same way."
    ),
}
"""The same where some of those are short of digits, or cut off."""
PLACES = Phrase("{n} decimal place(s)")
SIGNIFICANT = Phrase("{n} significant digits")
ALL_LATER = Phrase("every later one is")
MOST_LATER = Phrase("all later ones but {count} are")
FEWEST_RIGHT = {1: 1, 2: 3}
"""Right cells that make so many wrong ones slips."""
FEWEST_WORKED = 2
"""Cells that were worked out before the rest was made up."""
FARTHEST = 400
"""Digits before or behind the point, beyond which a number is no more rounded than 0: as a fraction it is too long."""
HALFWAY = 1e-11
"""Of a number of units: doubles this close to halfway between two of them lie there."""
NEXT_TO_NOTHING = Fraction(1, 2000)
"""What has no digit in three places, so that 0 is written for it."""
BY_CHANCE = 4
"""Of so many cells that were made up one may be right."""


def carried(answer: MatchedAnswer, names: Sequence[str], rule: Rule) -> tuple[str, Phrase]:
    """What is said of an answer that follows from right ones, `names`, as they were rounded.

    Where each number is the true one, but for the digits that it shows, nothing was carried on.
    """
    wrong = np.flatnonzero(answer.wrong).tolist()
    if not all(_is_as_written(answer, at, rule) for at in wrong):
        return ROUNDED_EARLY, CARRIED.format(names=Phrase.enumerated(names))
    is_whole = all(isinstance(answer.cells[at].number, int) for at in wrong)
    code = "rounded-to-integer" if is_whole else "too-few-digits"
    return code, PHRASES[code].format(digits=rule.significant)


def rounded_between(steps: Sequence[str]) -> tuple[str, Phrase]:
    """What is said of an answer that comes out with steps rounded that are not on the sheet; `steps`: their names."""
    return ROUNDED_EARLY, BETWEEN.format(names=Phrase.enumerated(steps) if steps else STEPS)


def may_be_rounded(steps: Sequence[str]) -> tuple[str, Phrase]:
    """What is said of an answer that may come of rounding tensors which were not handed in."""
    return ROUNDED_EARLY, LEFT_OUT.format(names=Phrase.enumerated(steps) if len(steps) <= MOST_STEPS else STEPS)


def _is_as_written(answer: MatchedAnswer, at: int, rule: Rule) -> bool:
    """Whether a cell is the true number, rounded to what was written."""
    given, true = answer.cells[at], answer.expected.bounds(int(answer.positions[at]))
    if answer.verdicts[at] is CellVerdict.TOO_FEW_DIGITS:
        return True
    if given.number == 0:
        return isinstance(given.number, int) and max(map(abs, true)) <= HALF
    return given.bounds is not None and rule.allows(given, given.bounds, true)


def is_rounded_to_whole(
    answer: MatchedAnswer, wrong: Booleans, bounds: Callable[[int], Bounds | None], rule: Rule
) -> bool:
    """Whether every wrong cell is an integer that its value was rounded to; or 0, of next to nothing."""
    cells = np.flatnonzero(wrong).tolist()
    if not all(isinstance(answer.cells[at].number, int) for at in cells):
        return False
    nothing = max((rule.half_unit(answer.cells[at]) for at in cells), default=Fraction(0)) or NEXT_TO_NOTHING
    for at in cells:
        given, value = answer.cells[at], bounds(int(answer.positions[at]))
        if given.bounds is None or value is None:
            return False
        if not (rule.allows(given, given.bounds, value) if given.number else max(map(abs, value)) <= nothing):
            return False
    return bool(cells)


def adjusted(answer: MatchedAnswer) -> Iterator[tuple[str, Phrase]]:
    """One probability off by a unit, so that all add to 1."""
    if answer.wrong.sum() != 1 or not answer.is_complete or not _sums_to_one(answer):
        return
    at = int(np.argmax(answer.wrong))
    cell = answer.cells[at]
    if cell.bounds is None or not isinstance(cell.number, Decimal):
        return
    if answer.verdicts[at] is CellVerdict.TOO_FEW_DIGITS:
        return  # it is rounded as it should be
    total = sum((given.bounds[0] for given in answer.cells if given.bounds), Fraction(0))
    low, high = answer.expected.bounds(int(answer.positions[at]))
    if total == 1 and low - 3 * cell.half_unit <= cell.bounds[0] <= high + 3 * cell.half_unit:
        yield "adjusted-to-sum-1", PHRASES["adjusted-to-sum-1"]


def is_of_digits(codes: Set[str], answer: MatchedAnswer) -> bool:
    """Whether the digits alone tell what was done in all cells; who cuts off has rounded none up."""
    is_cut_off = "truncated" in codes <= {"truncated", "too-few-digits"}
    decimals = (at for at, given in enumerate(answer.cells) if isinstance(given.number, Decimal))
    return "adjusted-to-sum-1" in codes or (is_cut_off and not any(_is_above(answer, at) for at in decimals))


def _is_above(answer: MatchedAnswer, at: int) -> bool:
    """Whether a cell lies farther from 0 than the true number."""
    given, (low, high) = answer.cells[at].bounds, answer.expected.bounds(int(answer.positions[at]))
    return given is not None and (given[0] > high >= 0 or given[1] < low <= 0)


def _sums_to_one(answer: MatchedAnswer) -> bool:
    """Whether the true values, more than one, sum to 1."""
    bounds = [answer.expected.bounds(int(position)) for position in answer.positions]
    low, high = (sum(side, Fraction(0)) for side in zip(*bounds, strict=True))
    return len(bounds) > 1 and low <= 1 <= high


def slipped(answer: MatchedAnswer, is_bad: Booleans, is_short: Booleans) -> Iterator[tuple[str, Phrase]]:
    """Where the wrong cells lie, when nothing else is known of them; some that are not may be short of digits."""

    def where(at: int) -> str:
        return f"[{','.join(map(str, answer.expected.index(int(answer.positions[at]))))}]"

    bad = np.flatnonzero(is_bad).tolist()
    right = int(answer.has_number.sum()) - len(bad)
    phrases = PHRASES | AS_FAR_AS_DIGITS_GO if is_short.any() else PHRASES
    for at in bad[:2] if len(bad) <= 2 else ():
        if _is_exchanged(answer.cells[at].text, answer.expected.text(int(answer.positions[at]))):
            yield "digits-exchanged", PHRASES["digits-exchanged"].format(where=where(at))
    if right >= FEWEST_RIGHT.get(len(bad), right + 1):
        code = "one-cell-slipped" if len(bad) == 1 else "two-cells-slipped"
        yield code, phrases[code].format(where=Phrase.enumerated(map(where, bad)))
    elif bad and answer.has_number.all():
        worked, chance = bad[0], right - bad[0]
        if FEWEST_WORKED <= worked < len(bad) and chance * BY_CHANCE <= len(bad) + chance:
            which = MOST_LATER.format(count=chance) if chance else ALL_LATER
            yield "later-cells-wrong", phrases["later-cells-wrong"].format(count=worked, which=which)


def _is_exchanged(given: str, expected: str) -> bool:
    given = given.strip()
    if len(given) != len(expected):
        return False
    pairs = range(len(expected) - 1)
    return given != expected and any(
        given == expected[:at] + expected[at + 1] + expected[at] + expected[at + 2 :] for at in pairs
    )


class Rounding(Record):
    """To so many decimal places, or significant digits; what lies halfway goes away from 0."""

    digits: int
    is_to_places: bool

    @property
    def phrase(self) -> Phrase:
        """To what."""
        return (PLACES if self.is_to_places else SIGNIFICANT).format(n=self.digits)

    def of_balls(self, balls: Array) -> Array:
        """The middles, rounded."""
        numbers = [self._rounded(Decimal(ball.mid().str(25, radius=False))) for ball in balls.ravel()]
        return filled(balls.shape, [Ball().number(number) for number in numbers])

    def _rounded(self, number: Decimal) -> Decimal:
        if abs(number.adjusted()) > FARTHEST:
            return Decimal(0) if number.adjusted() < 0 else number
        if self.is_to_places:
            return number.quantize(Decimal(1).scaleb(-self.digits), context=_WIDE)
        return Context(prec=self.digits, rounding=ROUND_HALF_UP).plus(number)

    def of_doubles(self, x: Array) -> Array:
        """Doubles, rounded; what is halfway but for their own rounding counts as that."""
        unit = 2 * self.halves(x)
        units = np.abs(x) / unit
        rounded: Array = np.copysign(np.floor(units + 0.5 + np.minimum(HALFWAY * (1 + units), 0.01)) * unit, x)
        return rounded

    def halves(self, x: Array) -> Doubles:
        """Half a unit of the last digit of each."""
        size = np.abs(x)
        last = float(-self.digits) if self.is_to_places else np.floor(np.log10(size + (size == 0))) - self.digits + 1
        return np.asarray(np.power(10.0, np.broadcast_to(last, size.shape)) / 2)


_WIDE = Context(prec=60, rounding=ROUND_HALF_UP)
ROUNDINGS = (*(Rounding(n, True) for n in (4, 3, 2, 1)), *(Rounding(n, False) for n in (4, 3, 2)))


def rounded_chains(basis: Carried, name: str, change: Callable[[Array], Array]) -> list[Carried]:
    """The chain with every intermediate tensor rounded, and as p − t does not go over dL/dp."""
    chain = basis.changing(change)
    another = chain.another_way(name)
    return [chain] if another is None else [chain, another]


def rounded_early(basis: Carried, name: str, rounding: Rounding, way: int) -> Candidate | None:
    """What comes of one of the `rounded_chains`; None where that leads nowhere."""
    try:
        values = basis.shown(name, rounded_chains(basis, name, rounding.of_balls)[way].computed(name))
    except (*DOES_NOT_APPLY, Undecided):
        return None
    return Candidate("rounded-early", PHRASES["rounded-early"].format(what=rounding.phrase), values)
