"""Equations as workings, for the formats that set mathematics."""

from __future__ import annotations

from collections.abc import Iterator

from cnncalc.render.document import Equation, Equations, Line, Sign, Working
from cnncalc.render.number_formula import number_formula

WIDEST = 60
"""Characters of LaTeX in one line of a sum."""


def workings(block: Equations) -> tuple[Working, ...]:
    """One for each element; a long sum goes on below itself."""
    written = ((equation, *equation.write("latex")) for equation in block.equations)
    return tuple(Working(left, tuple(_lines(equation, right))) for equation, left, right in written)


def _lines(equation: Equation, right: str) -> Iterator[Line]:
    sign: Sign = "="
    line = ""
    for term in right.split(" + "):
        if line and len(line) + len(term) > WIDEST:
            yield Line(sign, line)
            sign, line = "+", ""
        line = f"{line} + {term}" if line else term
    yield Line(sign, line)
    if equation.value is not None:
        yield Line("=", number_formula(equation.value.text).source)
