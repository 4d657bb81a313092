"""The numbers in a line of a working: how each operand is written, and whether what is shown makes the value.

An operand is a name, a number, or what has been worked out before. Where terms nearly cancel, what is shown of them,
rounded, does not make the value that is shown.
"""

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from typing import Literal, TypeAlias

from cnncalc.arithmetic.base import LEFT_OUT as TOO_LONG
from cnncalc.arithmetic.base import Element, Undecided
from cnncalc.explaining import Explanation
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry
from cnncalc.layers.evaluate import Settled
from cnncalc.records import replace
from cnncalc.render.builders.naming import Naming
from cnncalc.render.formula.term_formula import Operand, number_operand, worked_out
from cnncalc.render.table.number import Number

Style: TypeAlias = Literal["decimals", "fractions"] | None
CANCELS = Phrase(
    "The terms nearly cancel, so the rounded numbers do not make this value; it comes from those that are not rounded."
)
FARTHEST = 1000
"""Of a power of ten: beyond, nothing is reckoned with here."""
FAR = Fraction(1, 100)
"""From which part of the value on what the rounded numbers make is another number."""


class Writer:
    """Writes the entries of a line with `numbers` or with their names, and keeps what is to be known of all of them.

    What has been worked out is written in one `style`: "decimals" or "fractions"; None leaves each as it is.
    """

    def __init__(self, naming: Naming, explanation: Explanation, numbers: bool, style: Style) -> None:
        self.naming, self.explanation = naming, explanation
        self.numbers, self.style = numbers, style
        self.rounded = False
        self.has_gaps = False
        """Whether something that has no name of its own is too long to be written."""
        self.has_fractions = self.has_decimals = False

    @property
    def better(self) -> Style:
        """The style to write it in again: fractions say no more than decimals where those are rounded."""
        if self.style is not None or not self.has_fractions:
            return None
        return "decimals" if self.rounded else "fractions" if self.has_decimals else None

    def __call__(self, entry: Entry) -> Operand:
        """One of them."""
        naming = self.naming
        if isinstance(entry, Settled):
            number = naming.number(entry.number)
            self.rounded = self.rounded or number.rounded or not entry.is_exact
            self.has_gaps = self.has_gaps or number.text == TOO_LONG
            self.has_fractions = self.has_fractions or number.decimal is not None
            is_decimal = not (number.rounded or number.in_letters) and "." in number.text and "e" not in number.text
            self.has_decimals = self.has_decimals or is_decimal
            if self.style == "fractions" and is_decimal:
                number = replace(number, text=str(Fraction(number.text)))
            elif self.style == "decimals" and number.decimal is not None:
                number = replace(number, text=number.decimal, decimal=None)
            return number_operand(number, naming.number_source(number))
        read = self.explanation.read(entry)
        number = naming.number(read.value)
        if not self.numbers or number.text == TOO_LONG:
            return Operand(naming.source(read.tensor, read.index))
        self.rounded = self.rounded or number.rounded
        return number_operand(number, naming.number_source(number))


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
