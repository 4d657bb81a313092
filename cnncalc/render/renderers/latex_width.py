"""How wide lines are in a LaTeX document: the columns of its tables, and formulas that TeX cannot break."""

from collections.abc import Iterator, Sequence

from cnncalc.language import Language, Phrase
from cnncalc.render.document import Table
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_latex import latex
from cnncalc.render.formula.formula_nodes import Names, Row
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.formula.formula_width import pieces, text_width, width_of
from cnncalc.render.formula.inline import spans
from cnncalc.render.renderers.latex_text import MATHEMATICS

WIDEST_ROW = 90.0
"""Characters of a table's row that need no wrapping."""
BETWEEN_COLUMNS = 2.2
NARROWEST = 8.0
FORMULA_WIDTH = 1.15
"""A sign of mathematics in proportion to a letter."""
WIDER_SIGN = 0.7
"""By how much a sign like × among words is wider than a letter."""
SPARE = 1.2
"""Characters that a column of given width is wider than what stands in it."""
LONGEST_UNBROKEN = 60.0
"""Characters of a piece of a formula that surely fit behind the left side of a calculation."""


def breakable(formula: Formula) -> str:
    """A formula whose lines TeX breaks; what it cannot break and is too wide, such as a long fraction, is shrunk."""
    parts = [Row(tuple(nodes)) for _, nodes in pieces(formula)]
    is_too_wide = any(width_of(part) > LONGEST_UNBROKEN for part in parts)
    return rf"\shrunk{{{latex(formula)}}}" if is_too_wide else latex(formula)


def column_kinds(table: Table, language: Language, are_given: bool) -> str:
    """The columns as LaTeX declares them: as wide as their cells, but where that is too wide, or where `are_given`."""
    columns = zip(table.columns, *table.rows, strict=True)
    widths = [
        max(_width(phrase, language, table.names) for phrase in (column.heading, *cells)) for column, *cells in columns
    ]
    narrowed = _narrowed(widths, WIDEST_ROW - (BETWEEN_COLUMNS + SPARE) * len(widths))
    return "".join(
        _paragraphs(column.align, narrow) if are_given or narrow < width else column.align[0]
        for column, width, narrow in zip(table.columns, widths, narrowed, strict=True)
    )


def _paragraphs(align: str, width: float) -> str:
    ragged = {"left": "raggedright", "right": "raggedleft"}[align]
    return rf">{{\{ragged}\arraybackslash}}p{{{min(width + SPARE, WIDEST_ROW) / WIDEST_ROW:.3f}\linewidth}}"


def _width(phrase: Phrase, language: Language, names: Names | None) -> float:
    """About how wide the words are, in characters."""

    def widths() -> Iterator[float]:
        for span in spans(phrase.markup(language), names):
            if isinstance(span, Formula):
                yield FORMULA_WIDTH * text_width(formula_text(span)[0])
            else:
                yield text_width(span.text) + WIDER_SIGN * sum(character in MATHEMATICS for character in span.text)

    return sum(widths())


def _narrowed(widths: Sequence[float], room: float) -> list[float]:
    """Widths that fit into `room`: the wide columns give way, all to the same width, and the narrow ones stay."""
    narrow = list(widths)
    while sum(narrow) > room and max(narrow) > NARROWEST:
        narrow[narrow.index(max(narrow))] -= 1
    return narrow
