"""Sums whose terms nearly cancel: what is shown of them, rounded, does not make the value that is shown."""

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction

from cnncalc.arithmetic.base import Element, Undecided
from cnncalc.explaining import Explanation
from cnncalc.language import Phrase
from cnncalc.render.formula.term_formula import worked_out
from cnncalc.render.table.number import Number

CANCELS = Phrase(
    en="The terms nearly cancel, so the rounded numbers do not make this value; it comes from those that are not"
    " rounded.",
    zh="各项几乎相互抵消，由舍入后的数算不出这个值；它由未舍入的数得到。",
)
FARTHEST = 1000
"""Of a power of ten: beyond, nothing is reckoned with here."""
FAR = Fraction(1, 100)
"""From which part of the value on what the rounded numbers make is another number."""


def cancels(write: Callable[[Element], Number], made: Explanation) -> bool:
    """Whether the sum of what is shown of the terms, which `write` writes, is far from the value that is shown."""
    if len(made.terms) < 2:
        return False
    try:
        shown = _shown(write(made.value))
        total = worked_out(made.terms, lambda entry: _shown(write(made.read(entry).value))) if shown else None
    except Undecided:
        return False  # No work is left to tell.
    if not shown:
        return False
    return total is not None and abs(total - shown) > FAR * abs(shown)


def _shown(number: Number) -> Fraction | None:
    """What is shown of a number, rounded; None of letters, and of what is too large to be written out.

    10⁻³⁶⁵⁰⁰⁰ is nothing beside any other, and its fraction would have as many digits.
    """
    text = number.decimal or number.text
    with suppress(ValueError, ZeroDivisionError):
        # The exponent may be too long for a decimal too: that of e^(-10^150) has 150 digits.
        exponent = int(text.lower().partition("e")[2] or 0)
        if abs(exponent) > FARTHEST:
            return None if exponent > 0 else Fraction(0)
        return Fraction(text)
    return None
