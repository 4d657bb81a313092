"""Numbers that a program printed in float32, bfloat16 or half: right by a rule of their own, which is said once.

2.52 is 2.51999998 in float32. Such a number is no decimal that somebody rounded, so its last digits are not judged.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from cnncalc.checking.given import DoubleCells, Given
from cnncalc.checking.rule import CellVerdict
from cnncalc.language import Phrase
from cnncalc.records import replace

if TYPE_CHECKING:
    from cnncalc.checking.answer_key import Expected
    from cnncalc.checking.matched_answers import Entry, MatchedAnswer


class _Format(NamedTuple):
    """A format of numbers in binary."""

    name: str
    bits: int
    """Of the mantissa."""
    slack: int
    """Halves of the last bit by which a number computed in it may be off."""
    fewest: int
    """Cells that show it before it is believed: few bits are easily hit by chance."""

    def unit(self, number: Fraction) -> Fraction:
        """Of the last bit; what is beyond the format's range is left out of account."""
        size = abs(number)
        exponent = size.numerator.bit_length() - size.denominator.bit_length()
        return Fraction(2) ** (exponent - (Fraction(2) ** exponent > size) - self.bits + 1)

    def rounded(self, number: Fraction) -> Fraction:
        """The nearest number of the format."""
        return round(number / self.unit(number)) * self.unit(number)

    def is_long(self, given: Given) -> bool:
        """Whether a decimal goes further than the bits do, so that it can show them."""
        if not isinstance(given.number, Decimal) or not given.number or given.is_double:
            return False
        return given.significant > SHORT and 2 * given.half_unit < self.unit(Fraction(given.number))


SHORT = 3
"""Significant digits that show no format."""
FORMATS = (_Format("float32", 24, 8, 1), _Format("float16", 11, 1, 2), _Format("bfloat16", 8, 1, 2))
WIDE = "float32"
"""Of which no decimal is written by chance, so that what is wrong elsewhere on the sheet does not speak against it."""
SAID = Phrase(
    en="Its long decimals are numbers of {format}, as a program prints them ({true} is {typed} there): judged as such.",
    zh="答卷中的长小数是程序以 {format} 输出的数（{true} 在其中显示为 {typed}）：按此判定。",
)
NOT_RIGHT = frozenset([CellVerdict.WRONG, CellVerdict.LAST_DIGIT, CellVerdict.TRUNCATED])


def as_printed(entries: list[Entry]) -> tuple[list[Entry], tuple[Phrase, ...]]:
    """The entries with cells that know the format in which they were printed, and what is said of it.

    It is believed where the long decimals of a tensor are all numbers of the format next to the true values, and one
    of them is not rightly rounded; of the narrow formats, where that holds of all long decimals of the sheet.
    """
    for kind in FORMATS:
        shown, is_all = _shown(entries, kind)
        if len({given.text for given, _ in shown}) >= kind.fewest and (is_all or kind.name == WIDE):
            given, true = shown[0]
            printed = [replace(each, answer=_known_as(kind, each.answer)) for each in entries]
            return printed, (SAID.format(format=kind.name, typed=given.text, true=true),)
    return entries, ()


def _shown(entries: Sequence[Entry], kind: _Format) -> tuple[list[tuple[Given, str]], bool]:
    """Cells that tell of the format, with the true numbers; and whether no long decimal of the sheet speaks against."""
    found: list[tuple[Given, str]] = []
    is_all = True
    for answer in (entry.answer for entry in entries):
        if answer is None or not answer.fits or isinstance(answer.cells, DoubleCells):
            continue
        cells = list(zip(answer.positions.tolist(), answer.cells, answer.verdicts, strict=True))
        long = [(at, given, verdict) for at, given, verdict in cells if kind.is_long(given)]
        fits = all(_fits(answer.expected, at, given, kind) for at, given, _ in long)
        is_all &= fits
        if fits:
            found += [(given, answer.expected.text(at)) for at, given, verdict in long if verdict in NOT_RIGHT]
    return found, is_all


def _fits(expected: Expected, at: int, given: Given, kind: _Format) -> bool:
    true, number = expected.bounds(at)[0], Fraction(given.number)  # type: ignore[arg-type]
    is_of_format = abs(number - kind.rounded(number)) <= given.half_unit
    return is_of_format and abs(number - true) <= given.half_unit + abs(true) * kind.slack / 2**kind.bits


def _known_as(kind: _Format, answer: MatchedAnswer | None) -> MatchedAnswer | None:
    if answer is None or isinstance(answer.cells, DoubleCells):
        return answer
    unit = Fraction(kind.slack, 2**kind.bits)
    return replace(answer, cells=[replace(c, precision=unit) if kind.is_long(c) else c for c in answer.cells])
