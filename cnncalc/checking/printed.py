"""Numbers that a program printed: right by rules of their own, which are said once.

In float32, bfloat16 or half 2.52 is 2.51999998: no decimal that somebody rounded, so its last digits are not judged.

Of a tensor that was printed together, what one number shows is seen from those beside it. Zeros at the end are left out
by `%.4g` and by `round(x, 4)`: 0.12 beside numbers of four digits is 0.1200, and that is judged. Of numbers with the
same places, four or more, as PyTorch prints them, small ones show fewer digits: the places are enough where the largest
number shows enough digits in them. And what nearly cancels in floating point leaves the rounding of its terms: 1.4e-17
for 0, or 0.0099999 for 0.01 beside 3.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite
from typing import NamedTuple

import numpy as np

from cnncalc.arithmetic.base import Booleans, Doubles
from cnncalc.checking.given import DoubleCells, Given
from cnncalc.checking.matched_answers import Entry, MatchedAnswer
from cnncalc.checking.rule import FEWEST_DIGITS, CellVerdict, Rule
from cnncalc.language import Phrase
from cnncalc.records import replace

FEWEST_PLACES = 4
"""Of a print, which no hand counts out: PyTorch's, where nothing else is asked for."""
MOST_ZEROS = 20
BESIDE = 8
"""A number that is not so many times smaller than the largest is a large one."""
FEWEST_LARGE = 16
MOST_OFF = 0.2
"""Of at least so many large numbers, at most this part is off where they are computed; of those cut off it is half."""
RESIDUE = 1e-5
"""What may be left of a true zero at most."""
BESIDE_OTHERS = Phrase("Numbers that a program prints in one format are judged together: in {name}, {typed} is right.")


class _Format(NamedTuple):
    """A format of numbers in binary; what is beyond its range is left out of account."""

    name: str
    bits: int
    """Of the mantissa."""
    slack: int
    """Halves of the last bit by which a number computed in it may be off."""
    least: int
    """Bits of chance in the cells that show it before it is believed: short numbers are easily of it."""

    def slacks(self, answer: MatchedAnswer, of_terms: bool = True) -> Doubles:
        """How far off each cell may be; in float32 as far as the largest number beside it, or those it was made of.

        Where terms nearly cancel, their rounding is left. (Few different ones: whole powers of two apart.)
        """
        typed, true = np.abs(answer.middles), np.abs(answer.expected.tensor.value)
        largest = np.max(true, initial=0, where=np.isfinite(true))
        if self is WIDE:
            ratios = largest / typed
            typed = np.ldexp(typed, np.where(np.isfinite(ratios) & (ratios > 1), np.frexp(ratios)[1], 0))
        slacks: Doubles = typed * (self.slack / 2.0**self.bits)
        if not of_terms or (self is not WIDE and self.slack != STEPS[self.name]):
            return slacks
        most = np.inf if self is WIDE else ROUGHEST * largest
        return np.maximum(slacks, np.minimum(answer.expected.noise(self.bits)[answer.positions], most))

    def is_near(self, answer: MatchedAnswer, which: Booleans) -> Booleans:
        """Which of these cells are as near to the true numbers as it lets them be; the terms, which take long, last."""
        distance = np.abs(answer.middles - answer.expected.tensor.value.ravel()[answer.positions])
        near: Booleans = which & (distance <= answer.halves + self.slacks(answer, of_terms=False))
        return which & (distance <= answer.halves + self.slacks(answer)) if (which & ~near).any() else near

    @property
    def of_steps(self) -> _Format:
        """The same for numbers that were computed in it, each step rounded to it."""
        return self._replace(slack=STEPS[self.name])

    def units(self, numbers: Doubles) -> Doubles:
        """Of the last bit of each number."""
        units: Doubles = np.ldexp(1.0, np.frexp(numbers)[1] - self.bits)
        return units

    def is_long(self, answer: MatchedAnswer) -> Booleans:
        """Which decimals go further than the bits do, so that they can show them."""
        shortest = np.minimum(self.units(answer.middles), LONGER_THAN * np.abs(answer.middles))
        is_typed = np.asarray([not given.is_double for given in answer.cells], dtype=np.bool_)
        return is_typed & (answer.halves > 0) & (2 * answer.halves < shortest)

    def has(self, numbers: Doubles, halves: Doubles) -> Booleans:
        """Which numbers are of the format, as far as their digits tell."""
        units = self.units(numbers)
        return np.abs(numbers - np.rint(numbers / units) * units) <= halves + LAST_BIT * np.abs(numbers)

    def chance(self, numbers: Doubles, halves: Doubles) -> Doubles:
        """How many bits of each number are those of the format by chance, if it was written otherwise."""
        return np.asarray(np.log2(self.units(numbers) / (2 * halves + LAST_BIT)))


DIGITS_OF_FLOAT32 = 7
FEWEST_OF_ANOTHER_LENGTH = 3
"""Decimals that are longer or shorter than most, as no hand writes them."""
LONGER_THAN = 1.0001e-3
"""Of a number: the last digit of one that has four."""
LAST_BIT = 4e-16
"""Of a double, in which is measured here."""
FORMATS = (_Format("float32", 24, 8, 0), _Format("float16", 11, 1, 8), _Format("bfloat16", 8, 1, 8))
WIDE = FORMATS[0]
"""Of which no decimal is written by chance, so that what is wrong elsewhere on the sheet does not speak against it."""
SHORTEST_OF_WIDE = 6
"""Digits: 0.701001 for 0.701."""
FEW_BITS = 16
"""Of a mantissa: so few are those of a number that is short in decimals too."""
SELDOM = 20
"""Bits of chance after which it is none that all numbers are of the format."""
_PRINT = re.compile(r"\btensor\((?!.*float64)")
_STATED = re.compile(r"dtype\s*=\s*(?:torch\.)?(bfloat16|float16)\b")
"""What a program says of its own numbers; each step of what it computed was rounded to that."""
STEPS = {"float16": 4, "bfloat16": 2}
"""Halves of the last bit by which numbers that were computed in such a format may be off: at most one in a hundred."""
ROUGHEST = 0.01
"""Of the largest number of a tensor: what the others may be off at most in such a format, where terms cancel."""
SAID = Phrase(
    "Its long decimals are numbers of {format}, as a program prints them ({true} is {typed} there): judged as such."
)
SAID_ALONE = Phrase(
    "Its long decimals are numbers of {format}, as a program prints them ({typed} is one): judged as such."
)
SAID_OF_PRINTS = Phrase(
    "Its numbers are printed by PyTorch, which has computed them in {format}: their last digits are judged as such."
)
NOT_RIGHT = frozenset([CellVerdict.WRONG, CellVerdict.LAST_DIGIT, CellVerdict.TRUNCATED])


def as_printed(entries: list[Entry], text: str) -> tuple[list[Entry], tuple[Phrase, ...]]:
    """The entries with cells that know the format in which they were printed, and what is said of it.

    A `dtype` that PyTorch prints is believed; else where the long decimals of a tensor, for narrow formats of the
    sheet, are all numbers of the format near the true values, and some not rightly rounded; of float32 also where so
    many are numbers of it that it cannot be chance, and where the `text` of the sheet is what PyTorch prints.
    """
    if (stated := _STATED.search(text)) is not None:
        kind = next(each for each in FORMATS if each.name == stated[1]).of_steps
        return [_known_as(kind, each, _is_decimal) for each in entries], (SAID_OF_PRINTS.format(format=kind.name),)
    for kind in reversed(FORMATS[1:]):  # the numbers of the narrowest are those of the others as well
        if (typed := _computed_in(entries, kind.of_steps)) is not None:
            said = SAID_ALONE.format(format=kind.name, typed=typed)
            return [_known_as(kind.of_steps, each, _is_decimal) for each in entries], (said,)
    for kind in FORMATS:
        shown, is_all = _shown(entries, kind)
        different = {given.text: given for given, _ in shown}.values()
        numbers, halves = np.array([[given.double, given.half] for given in different]).reshape(-1, 2).T
        if kind.chance(numbers, halves).sum() > kind.least and (is_all or kind is WIDE):
            given, true = next((pair for pair in shown if pair[1]), shown[0])
            said = (SAID if true else SAID_ALONE).format(format=kind.name, typed=given.text, true=true)
            concerns = _may_be_float32 if kind is WIDE else kind.is_long
            return [_known_as(kind, each, concerns) for each in entries], (said,)
    if (computed := _computed(entries)) is not None:
        said = SAID.format(format=WIDE.name, typed=computed[0], true=computed[1])
        return [_known_as(WIDE, each, _may_be_float32) for each in entries], (said,)
    if _PRINT.search(text):
        printed = [_known_as(WIDE, each, _is_decimal) for each in entries]
        if list(map(_verdicts, printed)) != list(map(_verdicts, entries)):
            return printed, (SAID_OF_PRINTS.format(format=WIDE.name),)
    return entries, ()


def _verdicts(entry: Entry) -> Sequence[CellVerdict]:
    return entry.answer.verdicts if entry.answer else ()


def _are_long(answer: MatchedAnswer, fewest: int = DIGITS_OF_FLOAT32) -> Booleans:
    """Which decimals tell all that float32 knows of a number."""
    long = [given.places is not None and given.significant >= fewest for given in answer.cells]
    return np.asarray(long, dtype=np.bool_)


def _may_be_float32(answer: MatchedAnswer) -> Booleans:
    """Which cells may be of float32, where a sheet is: its numbers may end in a 0, and be 0 altogether."""
    is_nothing: Booleans = answer.middles == 0
    return is_nothing | (_are_long(answer, SHORTEST_OF_WIDE) & WIDE.has(answer.middles, answer.halves))


def _computed(entries: Sequence[Entry]) -> tuple[str, str] | None:
    """A number that only float32 makes of the true one, which stands beside it, where the sheet tells of it otherwise.

    The shortest decimal that float32 reads as its number is no longer than its bits are. But where a true 0.35 has
    become 0.3500002, no hand has rounded it; nor has one where each number has as many digits as it takes.
    """
    wrong: list[tuple[bool, str, str]] = []
    fine: list[Given] = []
    for answer in (entry.answer for entry in entries):
        if answer is None or not answer.fits or isinstance(answer.cells, DoubleCells):
            continue
        long = _are_long(answer)
        if not long.any() or not WIDE.has(answer.middles, answer.halves)[long].all():
            continue
        places = np.flatnonzero(long).tolist()
        cells = [(answer.cells[at], answer.verdicts[at], int(answer.positions[at])) for at in places]
        fine += [given for given, _, _ in cells]
        if WIDE.is_near(answer, long)[long].all():
            off = ((given, verdict, at) for given, verdict, at in cells if verdict in NOT_RIGHT)
            wrong += [(verdict is CellVerdict.WRONG, one.text, answer.expected.text(at)) for one, verdict, at in off]
    if not wrong or not (max(wrong)[0] or _is_shortest(fine)):
        return None
    return max(wrong, key=lambda each: each[0])[1:]


def _computed_in(entries: Sequence[Entry], kind: _Format) -> str | None:
    """A number that tells of a narrow format, where all long decimals are of it, and so many wrong ones are no chance.

    What is right may be of it anyway: 2.625.
    """
    answers = [
        (answer, kind.is_long(answer)) for answer in (entry.answer for entry in entries)
        if answer is not None and answer.fits and not isinstance(answer.cells, DoubleCells)
    ]  # fmt: skip
    if not all(kind.has(answer.middles, answer.halves)[long].all() for answer, long in answers):
        return None
    off = [(answer, long & [verdict in NOT_RIGHT for verdict in answer.verdicts]) for answer, long in answers]
    telling = _chances(off, kind)
    # How near they may be takes longest to find out.
    if sum(telling.values()) > SELDOM:
        telling = _chances([(answer, kind.is_near(answer, which)) for answer, which in off], kind)
    return next(iter(telling)) if sum(telling.values()) > SELDOM else None


def _chances(cells: Sequence[tuple[MatchedAnswer, Booleans]], kind: _Format) -> dict[str, float]:
    """How many bits of each different number are those of the format by chance."""
    found: dict[str, float] = {}
    for answer, which in cells:
        chances = kind.chance(answer.middles, answer.halves)
        found |= {answer.cells[at].text.lstrip("+-"): float(chances[at]) for at in np.flatnonzero(which).tolist()}
    return found


def _is_shortest(cells: Sequence[Given]) -> bool:
    """Whether all are the shortest decimals of their numbers in float32, of various lengths."""
    numbers = [given.number for given in cells if isinstance(given.number, Decimal)]
    lengths = Counter(given.significant for given in cells)
    is_any = len(lengths) > 1 and lengths.total() - max(lengths.values()) >= FEWEST_OF_ANOTHER_LENGTH
    return is_any and all(Decimal(str(np.float32(number))) == number for number in numbers)


def _is_decimal(answer: MatchedAnswer) -> Booleans:
    return answer.halves > 0


def _shown(entries: Sequence[Entry], kind: _Format) -> tuple[list[tuple[Given, str]], bool]:
    """Cells that tell of the format, with the true numbers beside them; whether no long decimal speaks against it."""
    found: list[tuple[Given, str]] = []
    alone: list[tuple[Given, str]] = []
    printed: list[Doubles] = []
    is_all, count = True, 0
    for answer in (entry.answer for entry in entries):
        if answer is None or not answer.fits or isinstance(answer.cells, DoubleCells):
            continue
        long = kind.is_long(answer)
        if not long.any():
            continue
        count += 1
        numbers, halves = answer.middles[long], answer.halves[long]
        is_of_format = bool(kind.has(numbers, halves).all())
        is_all &= (fits := is_of_format and bool(kind.is_near(answer, long)[long].all()))
        if not fits and not (kind is WIDE and is_of_format):
            continue
        shown = [at for at in np.flatnonzero(long).tolist() if answer.verdicts[at] in NOT_RIGHT]
        cells = [(answer.cells[at], answer.expected.text(int(answer.positions[at])) if fits else "") for at in shown]
        if fits or _is_no_chance(numbers, halves):
            found += cells
        else:
            alone += cells
        printed.append(np.stack([numbers, halves]))
    # Of a sheet with a slip at its beginning, a few in each tensor.
    if alone and len(printed) == count and _is_no_chance(*np.concatenate(printed, axis=1)):
        found += alone
    return found, is_all


def _is_no_chance(numbers: Doubles, halves: Doubles) -> bool:
    """Whether decimals like these are hardly ever all numbers of float32, unless a program has made them so."""
    mantissas = np.ldexp(np.frexp(numbers)[0], FEW_BITS)
    is_telling = mantissas != np.rint(mantissas)
    _, first = np.unique(np.abs(numbers[is_telling]), return_index=True)
    return bool(WIDE.chance(numbers[is_telling][first], halves[is_telling][first]).sum() > SELDOM)


def _known_as(kind: _Format, entry: Entry, concerns: Callable[[MatchedAnswer], Booleans]) -> Entry:
    answer = entry.answer
    if answer is None or not answer.fits or isinstance(answer.cells, DoubleCells):
        return entry
    cells = [
        given.printed_to(Fraction(slack)) if is_printed else given
        for given, slack, is_printed in zip(
            answer.cells, kind.slacks(answer).tolist(), concerns(answer).tolist(), strict=True
        )
    ]
    return replace(entry, answer=replace(answer, cells=cells))


def as_printed_together(entries: Sequence[Entry], rule: Rule, is_print: bool) -> tuple[list[Entry], tuple[Phrase, ...]]:
    """The entries with cells that know what the numbers beside them show, and what is said of it.

    `is_print`: whether the sheet has PyTorch's own prints, where the places are known to be those of a print, and two
    digits of the largest number are enough.
    """
    digits = Counter[int]()
    for answer in (entry.answer for entry in entries):
        if answer is not None and _is_typed(answer):
            digits.update(answer.cells[at].significant for at in _decimals(answer, CellVerdict.RIGHT))
    usual = max((count, shown) for shown, count in digits.items())[1] if digits else 0
    known, said = list(entries), tuple[Phrase, ...]()
    for at, entry in enumerate(entries):
        is_typed = entry.answer is not None and _is_typed(entry.answer)
        if entry.answer is None or not is_typed or not (short := _short_of(entry.answer, rule, usual, is_print)):
            continue
        cells = [short.get(cell, given) for cell, given in enumerate(entry.answer.cells)]
        answer = replace(entry.answer, cells=cells)
        pairs = zip(entry.answer.verdicts, answer.verdicts, cells, strict=True)
        typed = (given.text for before, after, given in pairs if before is not after)
        said = said or tuple(BESIDE_OTHERS.format(typed=each, name=entry.key) for each in typed)[:1]
        known[at] = replace(entry, answer=answer)
    return known, said


def _is_typed(answer: MatchedAnswer) -> bool:
    """Whether its cells are text, and lie where those of the tensor do."""
    return answer.fits and not isinstance(answer.cells, DoubleCells)


def _decimals(answer: MatchedAnswer, *verdicts: CellVerdict) -> list[int]:
    """The decimals of an answer with one of these verdicts."""
    return [
        at for at, verdict in enumerate(answer.verdicts)
        if verdict in verdicts and isinstance(answer.cells[at].number, Decimal)
    ]  # fmt: skip


def _short_of(answer: MatchedAnswer, rule: Rule, usual: int, is_print: bool) -> dict[int, Given]:
    """The cells of which the numbers beside them say more than they do themselves, as they are known then."""
    cells, found = answer.cells, dict(_residues(answer))
    fewest = min(FEWEST_DIGITS, rule.significant) if is_print else rule.significant
    decimals = {at: given for at, given in enumerate(cells) if given.places is not None}
    if len({given.places for given in decimals.values()}) == 1 and _is_print(decimals, fewest):
        return {at: replace(found.get(at, given), shown=rule.significant) for at, given in decimals.items()}
    few = [at for at, verdict in enumerate(answer.verdicts) if verdict is CellVerdict.TOO_FEW_DIGITS]
    whole = [at for at in np.flatnonzero(answer.wrong).tolist() if isinstance(cells[at].number, int)]
    if not few and not whole:
        return found
    right = _decimals(answer, CellVerdict.RIGHT)
    digits = max((cells[at].significant for at in right), default=usual)
    if digits >= rule.significant:
        short = {at: cells[at] for at in {*few, *whole} if cells[at].number}
        found |= _right(answer, {at: _filled(given, digits - given.significant) for at, given in short.items()})
    places = max((cells[at].places or 0 for at in right + few), default=0)
    filled = {at: _filled(cells[at], places - (cells[at].places or 0)) for at in right + few}
    if _is_print(filled, fewest) and 2 * len(filled) >= len(cells):
        enough = {at: replace(given, shown=rule.significant) for at, given in filled.items()}
        if len(fitting := _right(answer, enough)) == len(filled):
            found |= {at: fitting[at] for at in few if at not in found}
    return found


def _is_print(decimals: dict[int, Given], fewest: int) -> bool:
    """Whether decimals of as many places each are a print in which the largest shows enough digits."""
    places = max((given.places or 0 for given in decimals.values()), default=0)
    return places >= FEWEST_PLACES and any(given.significant >= fewest for given in decimals.values())


def _right(answer: MatchedAnswer, cells: dict[int, Given]) -> dict[int, Given]:
    judge, positions = answer.expected.judge, answer.positions
    return {at: given for at, given in cells.items() if judge(int(positions[at]), given) is CellVerdict.RIGHT}


def _filled(given: Given, zeros: int) -> Given:
    """With zeros at its end, which were left out."""
    assert isinstance(given.number, int | Decimal), "nothing else has digits"
    if not 0 < zeros <= MOST_ZEROS:
        return given
    sign, digits, exponent = Decimal(given.number).as_tuple()
    return replace(given, number=Decimal((sign, (*digits, *[0] * zeros), int(exponent) - zeros)))


def _residues(answer: MatchedAnswer) -> Iterator[tuple[int, Given]]:
    """What floating point has left where terms cancel, in a tensor whose large numbers are nearly all right."""
    off = _decimals(answer, *NOT_RIGHT)
    true = np.abs(answer.expected.tensor.value.ravel()[answer.positions])
    largest = float(true.max()) if len(true) and off else 0.0
    if not largest or not isfinite(largest):
        return
    large = {at for at, given in enumerate(answer.cells) if true[at] * BESIDE > largest and given.places is not None}
    are_right = len(large) >= FEWEST_LARGE and len(large & set(off)) <= MOST_OFF * len(large)
    left = [at for at in off if are_right or (not true[at] and abs(answer.cells[at].double) < RESIDUE)]
    slacks = WIDE.slacks(answer).tolist() if left else []
    for at in left:
        yield from _right(answer, {at: answer.cells[at].printed_to(Fraction(slacks[at]))}).items()
