"""Equations of letters as Formulas, for the formats that set mathematics."""

from cnncalc.language import Phrase
from cnncalc.render.document import SHORTENED_LETTERS, Equations
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Node
from cnncalc.render.formula.number_formula import decimal_formula, number_formula
from cnncalc.render.table.number import Number

RELATIONS = {"=": " = ", "≈": r" \approx "}


def equation_formulas(block: Equations, shorten: bool) -> tuple[list[Formula], list[Phrase]]:
    """One for each element that is shown, and a note where some are left out."""
    lines, is_shortened = block.lines(shorten)
    formulas = []
    for left, right, value in lines:
        shown = value_formula(right)
        parts = [number_formula(left).source, RELATIONS[right.sign], shown.source]
        names: dict[str, str | Node] = {**number_formula(left).names, **shown.names}
        if value is not None:
            names |= value_formula(value).names
            parts += [RELATIONS[value.sign], value_formula(value).source]
        formulas.append(Formula("".join(parts), names))
    return formulas, [SHORTENED_LETTERS.format(count=len(block.equations))] * is_shortened


def value_formula(number: Number) -> Formula:
    """A number, and its decimal behind it if it has one."""
    text, decimal = number_formula(number), decimal_formula(number)
    if decimal is None:
        return text
    return Formula(f"{text.source}{RELATIONS[number.decimal_sign]}{decimal.source}", text.names)
