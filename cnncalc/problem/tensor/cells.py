"""Reads one cell of a tensor. Problems and answers share the forms of tensors and differ in this alone."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from cnncalc.arithmetic.expression import Literal, variables
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.numbers import read_number
from cnncalc.problem.text.collector import Collector
from cnncalc.problem.text.faults import Place

Where = Callable[[], Place]
"""The place of a cell, worked out only when somebody asks: most cells are right."""


class CellReader(Protocol):
    """What a tensor's form hands each cell to, in the order of the elements."""

    def read(self, text: str, where: Where, latex: bool = False, inside: str = "") -> Any:
        """The entry for the cell as typed; `inside` says where it stands within another file (`w.csv line 3: `)."""


class NumberCells:
    """The cells of a problem: each must be a number, or a letter for one."""

    def __init__(self, faults: Collector) -> None:
        self._faults = faults
        self.has_letters = False
        """Whether any of them was a letter."""

    def read(self, text: str, where: Where, latex: bool = False, inside: str = "") -> Literal:
        """The number; a fault and 0 where it is none, so that the cells behind it are read as well."""
        try:
            # In a file of numbers a word is more likely a column's heading.
            number = read_number(text, latex, letters=not inside)
        except NumberFault as fault:
            self._faults.add(inside + fault.message, fault.remedy, where())
            return 0
        if not isinstance(number, int | Decimal | Fraction) and any(variables(number)):
            self.has_letters = True
        return number
