"""Whether a target is a probability distribution: nowhere negative, and summing to 1 exactly; or probabilities."""

from fractions import Fraction
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.expression import Operation, Variable, variables
from cnncalc.problem.collector import Collector
from cnncalc.problem.faults import Place
from cnncalc.problem.folding import NumberFault, approximate, rational

# Doubles from a file are sums of powers of two; 0.1 + 0.2 + 0.7 misses 1 by a little.
_FILE_TOLERANCE = 1e-6


def check_distribution(
    target: Array, batch: int | None, place: Place, faults: Collector, name: str = "the target"
) -> None:
    """Each sample's target is at least 0 and sums to 1."""
    for sample, row in enumerate(target.reshape(len(target), -1)):
        whose = f"{name} of sample {sample + 1}" if batch is not None else name
        entries = row.tolist()
        if any(isinstance(entry, Variable | Operation) and any(variables(entry)) for entry in entries):
            continue  # whether letters sum to 1 is not for us to say
        if any(_size(entry) < 0 for entry in entries):
            faults.add(f"{whose} has a negative entry", "write probabilities, from 0 to 1", place)
            continue
        total = _sum(entries)
        # A total that is no fraction has been rounded: doubles from a file, or expressions.
        tolerance = 0.0 if isinstance(total, Fraction) else 1e-12 if row.dtype == object else _FILE_TOLERANCE
        if total == 1 or (isinstance(total, float) and abs(total - 1) <= tolerance):
            continue
        shown = _decimal_text(total) if isinstance(total, Fraction) else f"{total:.10g}"
        faults.add(f"{whose} sums to {shown}, not to 1", "write probabilities that sum to 1", place)


def check_probabilities(target: Array, place: Place, faults: Collector) -> None:
    """Each number of the target lies between 0 and 1."""
    if any(not 0 <= _size(entry) <= 1 for entry in target.ravel().tolist()):
        faults.add("the target has an entry that is no probability", "write numbers from 0 to 1", place)


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


def _decimal_text(total: Fraction) -> str:
    """`1.1`, or `10/9` where the decimal does not end."""
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
