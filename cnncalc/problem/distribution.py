"""Whether a target, or what the loss takes, is a probability distribution, or probabilities.

Nowhere negative, and summing to 1: exactly, or as far as the digits go that were typed, and then that is said.
"""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.expression import Operation, Variable, variables
from cnncalc.language import Phrase
from cnncalc.layers.base import Content
from cnncalc.problem.number.folding import NumberFault, approximate, rational
from cnncalc.problem.text.faults import Collector, Place

# Doubles from a file are sums of powers of two; 0.1 + 0.2 + 0.7 misses 1 by a little.
_FILE_TOLERANCE = 1e-6
FEWEST_PLACES = 2
"""Places of what was rounded; 0.5 and 0.4 are a slip and no rounding."""
PRINTED_PLACES = range(7, 18)
"""Places of numbers that a program printed; in single precision its sums are off by more than their last digits."""
SINGLE_PRECISION = Fraction(1, 10**6)
ROUNDED = Phrase("{name} sums to {total}, which is 1 as far as its digits go; it is taken as it stands")
NO_DISTRIBUTION = Phrase("{name} sums to {total}, not to 1; it is taken for probabilities as it stands")
TARGET = Phrase("the target")
OF_SAMPLE = Phrase("{name} of sample {sample}")


def check_distribution(
    target: Array,
    batch: int | None,
    place: Place,
    faults: Collector,
    name: str = "the target",
    notices: list[Phrase] | None = None,
) -> None:
    """Each sample's target is at least 0 and sums to 1; `notices` takes what is to be said of those that nearly do.

    Without `notices` none may.
    """
    for sample, row in enumerate(target.reshape(len(target), -1)):
        whose = f"{name} of sample {sample + 1}" if batch is not None else name
        entries = row.tolist()
        if any(map(_has_letters, entries)):
            continue  # whether letters sum to 1 is not for us to say
        if any(_size(entry) < 0 for entry in entries):
            faults.add(f"{whose} has a negative entry", "write probabilities, from 0 to 1", place)
            continue
        total = _sum(entries)
        if _is_one(total, row):
            continue
        if notices is not None and _is_rounded(total, entries):
            notices.append(_told(ROUNDED, TARGET, sample, batch, total))
        else:
            faults.add(f"{whose} sums to {_text(total)}, not to 1", "write probabilities that sum to 1", place)


def check_probabilities(target: Array, place: Place, faults: Collector) -> None:
    """Each number of the target lies between 0 and 1."""
    if any(not 0 <= _size(entry) <= 1 for entry in target.ravel().tolist() if not _has_letters(entry)):
        faults.add("the target has an entry that is no probability", "write numbers from 0 to 1", place)


def check_signs(target: Array, place: Place, faults: Collector) -> None:
    """Each number of the target is 1 or −1."""
    if any(_size(entry) not in (1, -1) for entry in target.ravel().tolist() if not _has_letters(entry)):
        faults.add(
            "the target has an entry other than 1 and -1", "write 1 or -1, or `class:` for several classes", place
        )


def check_prediction(
    x: Array, takes: Content, name: str, loss: str, usual: str, place: Place, faults: Collector
) -> bool:
    """Whether an input that goes through no layer can be what the loss takes; a fault where not."""
    low, high, what = {
        "numbers": (None, None, ""),
        "probabilities": (0, 1, "write numbers from 0 to 1"),
        "log-probabilities": (None, 0, "write logarithms of probabilities, none above 0"),
    }[takes]
    sizes = [_size(entry) for entry in x.ravel().tolist() if not _has_letters(entry)]
    is_below = low is not None and any(size < low for size in sizes)
    # As exp(0) may come out of a program.
    is_above = high is not None and any(size > high + _FILE_TOLERANCE for size in sizes)
    if is_below or is_above:
        bound = f"below {low}" if is_below else f"above {high}"
        message = f"{loss} takes {takes}, and {name} has an entry {bound}"
        faults.add(message, f"{what}, or put `- {usual}` before the loss", place)
    return not (is_below or is_above)


def sums_of(x: Array, name: str, batch: int | None) -> list[Phrase]:
    """What is to be said of samples that are taken for distributions and do not sum to 1."""
    told = []
    for sample, row in enumerate(x.reshape(len(x), -1)):
        entries = row.tolist()
        if any(map(_has_letters, entries)):
            continue
        total = _sum(entries)
        if not _is_one(total, row) and not _is_rounded(total, entries):
            told.append(_told(NO_DISTRIBUTION, name, sample, batch, total))
    return told


def _told(frame: Phrase, name: Phrase | str, sample: int, batch: int | None, total: float | Fraction) -> Phrase:
    whose = OF_SAMPLE.format(name=name, sample=sample + 1) if batch is not None else name
    return frame.format(name=whose, total=_text(total))


def _has_letters(entry: Any) -> bool:
    return isinstance(entry, Variable | Operation) and any(variables(entry))


def _is_one(total: float | Fraction, row: Array) -> bool:
    # A total that is no fraction has been rounded: doubles from a file, or expressions.
    tolerance = 0.0 if isinstance(total, Fraction) else 1e-12 if row.dtype == object else _FILE_TOLERANCE
    return total == 1 or (isinstance(total, float) and abs(total - 1) <= tolerance)


def _is_rounded(total: float | Fraction, entries: list[Any]) -> bool:
    """Whether decimals as they were typed sum to 1 but for their rounding."""
    places = [-int(entry.as_tuple().exponent) for entry in entries if isinstance(entry, Decimal)]
    if not isinstance(total, Fraction) or not places or min(places) < FEWEST_PLACES:
        return False
    rounding = sum(Fraction(1, 2 * 10**number) for number in places)
    if all(number in PRINTED_PLACES for number in places):
        rounding = max(rounding, SINGLE_PRECISION)
    return abs(total - 1) <= rounding


def _size(entry: Any) -> float | Fraction:
    if isinstance(entry, float):
        return entry
    exact = rational(entry)
    try:
        return exact if exact is not None else approximate(entry)
    except NumberFault:
        return 1e308


def _sum(entries: list[Any]) -> float | Fraction:
    sizes = [_size(entry) for entry in entries]
    if any(isinstance(size, float) for size in sizes):
        return float(np.sum([_double(size) for size in sizes]))
    return sum((Fraction(size) for size in sizes), Fraction(0))


def _text(total: float | Fraction) -> str:
    """`1.1`, or `10/9` where the decimal does not end."""
    if not isinstance(total, Fraction):
        return f"{total:.10g}"
    rest = total.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest == 1 and total.denominator < 10**12 and abs(total) < 10**12:
        return f"{float(total):.12g}"
    text = str(total)
    return text if len(text) <= 40 else f"about {_double(total):.10g}"


def _double(size: float | Fraction) -> float:
    try:
        return float(size)
    except OverflowError:
        return 1e308
