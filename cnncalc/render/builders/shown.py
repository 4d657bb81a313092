"""Whether numbers as they are shown are equal, and not only near each other: what `=` between them asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from cnncalc.layers.base import Apply, Entry, Term


def worked_out(terms: Sequence[Term], shown: Callable[[Entry], Fraction | None]) -> Fraction | None:
    """The sum of the terms, with the number that is shown for each entry; None where that is no fraction."""
    total = Fraction(0)
    for term in terms:
        product = Fraction(term.coefficient)
        for factor in term.factors:
            number = shown(factor) if isinstance(factor, Entry) else _applied(factor, shown)
            if number is None:
                return None
            product *= number
        total += product
    return total


def _applied(apply: Apply, shown: Callable[[Entry], Fraction | None]) -> Fraction | None:
    inside = worked_out(apply.terms, shown)
    if inside is None or apply.function not in ("sum", "reciprocal"):
        return None
    if apply.function == "sum":
        return inside
    return 1 / inside if inside else None
