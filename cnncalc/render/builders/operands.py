"""The operands of one line of a working: names, numbers, and what has been worked out before."""

from cnncalc.arithmetic.base import LEFT_OUT as TOO_LONG
from cnncalc.explaining import Explanation
from cnncalc.layers.base import Entry
from cnncalc.layers.evaluate import Settled
from cnncalc.render.builders.naming import Naming
from cnncalc.render.formula.term_formula import Operand, decimal_formula, number_operand


class Writer:
    """Writes the entries of a line with `numbers` or with their names, and keeps what is to be known of all of them.

    `decimals`: what has been worked out is written as a decimal and not as a fraction.
    """

    def __init__(self, naming: Naming, explanation: Explanation, numbers: bool, decimals: bool) -> None:
        self.naming, self.explanation = naming, explanation
        self.numbers, self.decimals = numbers, decimals
        self.rounded = False
        self.has_gaps = False
        """Whether something that has no name of its own is too long to be written."""
        self.has_fractions = False

    @property
    def mixes(self) -> bool:
        """Whether fractions stand among decimals that are rounded, where they say no more than decimals."""
        return self.rounded and self.has_fractions and not self.decimals

    def __call__(self, entry: Entry) -> Operand:
        """One of them."""
        naming = self.naming
        if isinstance(entry, Settled):
            number = naming.number(entry.number)
            self.rounded = self.rounded or number.rounded or not entry.is_exact
            self.has_gaps = self.has_gaps or number.text == TOO_LONG
            self.has_fractions = self.has_fractions or number.decimal is not None
            nearly = decimal_formula(number) if self.decimals else None
            if nearly is not None:
                naming.names.update(nearly.names)
            return number_operand(number, naming.number_source(number) if nearly is None else nearly.source)
        read = self.explanation.read(entry)
        number = naming.number(read.value)
        if not self.numbers or number.text == TOO_LONG:
            return Operand(naming.source(read.tensor, read.index))
        self.rounded = self.rounded or number.rounded
        return number_operand(number, naming.number_source(number))
