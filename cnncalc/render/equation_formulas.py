"""Equations of letters as Formulas, for the formats that set mathematics."""

from cnncalc.language import Phrase
from cnncalc.render.document import SHORTENED_LETTERS, Equations
from cnncalc.render.formula import Formula
from cnncalc.render.letters_latex import letters_latex
from cnncalc.render.number_formula import number_formula


def equation_formulas(block: Equations, shorten: bool) -> tuple[list[Formula], Phrase | None]:
    """One for each element that is shown, and a note where some are left out."""
    lines, is_shortened = block.lines(shorten)
    formulas = []
    for left, right, value in lines:
        names: dict[str, str] = {}
        source = f"{letters_latex(left, names)} = {letters_latex(right, names).replace('…', chr(92) + 'ldots ')}"
        if value is not None:
            number = number_formula(value.text)
            names |= number.names
            source += f" = {number.source}"
            if value.decimal is not None:
                source += rf" \approx {number_formula(value.decimal).source}"
        formulas.append(Formula(source, names))
    note = SHORTENED_LETTERS.format(count=len(block.equations)) if is_shortened else None
    return formulas, note
