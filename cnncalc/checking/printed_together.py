"""Numbers of a tensor that were printed together: what one of them shows is seen from those beside it.

Zeros at the end are left out by `%.4g` and by `round(x, 4)`: 0.12 beside numbers of four digits is 0.1200, and that is
judged. Of numbers with the same places, four or more, as PyTorch prints them, small ones show fewer digits: the places
are enough where the largest number shows enough digits in them. And what nearly cancels in floating point leaves the
rounding of its terms: 1.4e-17 for 0, or 0.0099999 for 0.01 beside 3.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from math import isfinite

import numpy as np

from cnncalc.checking.binary_formats import NOT_RIGHT, WIDE
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
SAID = Phrase(
    en="Numbers that a program prints in one format are judged together: beside the others, {typed} is right.",
    zh="程序以同一格式输出的数一并判定：对照同一张量中的其他数，{typed} 是正确的。",
)


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
    known, said = list(entries), ""
    for at, entry in enumerate(entries):
        if entry.answer is None or not _is_typed(entry.answer):
            continue
        if not (short := _short_of(entry.answer, rule, usual, is_print)):
            continue
        cells = [short.get(cell, given) for cell, given in enumerate(entry.answer.cells)]
        answer = replace(entry.answer, cells=cells)
        pairs = zip(entry.answer.verdicts, answer.verdicts, cells, strict=True)
        said = said or next((given.text for before, after, given in pairs if before is not after), "")
        known[at] = replace(entry, answer=answer)
    return known, (SAID.format(typed=said),) if said else ()


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
