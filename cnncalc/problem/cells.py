"""Reads one cell of a tensor. Problems and answers share the forms of tensors and differ in this alone."""

from collections.abc import Callable
from typing import Any, Protocol

from cnncalc.arithmetic.expression import Literal
from cnncalc.problem.collector import Collector
from cnncalc.problem.faults import Place
from cnncalc.problem.folding import NumberFault
from cnncalc.problem.numbers import read_number

Where = Callable[[], Place]
"""The place of a cell, worked out only when somebody asks: most cells are right."""


class CellReader(Protocol):
    """What a tensor's form hands each cell to, in the order of the elements."""

    def read(self, text: str, where: Where, latex: bool = False, inside: str = "") -> Any:
        """The entry for the cell as typed; `inside` says where it stands within another file (`w.csv line 3: `)."""


class NumberCells:
    """The cells of a problem: each must be a number."""

    def __init__(self, faults: Collector) -> None:
        self._faults = faults

    def read(self, text: str, where: Where, latex: bool = False, inside: str = "") -> Literal:
        """The number; a fault and 0 where it is none, so that the cells behind it are read as well."""
        try:
            return read_number(text, latex)
        except NumberFault as fault:
            self._faults.add(inside + fault.message, fault.remedy, where())
            return 0
