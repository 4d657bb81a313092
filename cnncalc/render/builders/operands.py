"""The operands of one line of a working: names, numbers, and what has been worked out before."""

from fractions import Fraction
from typing import Literal, TypeAlias

from cnncalc.arithmetic.base import LEFT_OUT as TOO_LONG
from cnncalc.explaining import Explanation
from cnncalc.layers.base import Entry
from cnncalc.layers.evaluate import Settled
from cnncalc.records import replace
from cnncalc.render.builders.naming import Naming
from cnncalc.render.formula.term_formula import Operand, number_operand

Style: TypeAlias = Literal["decimals", "fractions"] | None


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
