"""A Document as Markdown with LaTeX mathematics, for GitHub, Jupyter, Obsidian and Typora."""

import re
from collections.abc import Iterable, Iterator, Sequence

from cnncalc.language import Language, Phrase
from cnncalc.render.builders.equation_formulas import equation_formulas
from cnncalc.render.builders.panels import Paper, is_equation, panels, with_signs
from cnncalc.render.document import (
    MEANINGS,
    Block,
    Document,
    Equations,
    Heading,
    Listing,
    MarkKind,
    MatrixRow,
    Paragraph,
    Table,
    TensorBlock,
    Working,
)
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_latex import latex, latex_lines, latex_name
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.formula_width import text_width, width_of
from cnncalc.render.renderers.markdown_math import markdown_math, math_text
from cnncalc.render.renderers.markdown_text import markdown_text, safe_start
from cnncalc.render.table.matrix_latex import SIGNS, matrix_latex, matrix_width, scalar_latex

WIDTH = 84.0
"""Characters of a formula's line."""
WORKING_WIDTH = 87.0
"""And of a calculation's, which is mostly numbers and signs."""
PAPER = Paper(columns=74, rows=60)
BARE_STROKE, STROKE = r"(?<!\\)\|", r"\\|"
BETWEEN_SIGNS = Phrase(en="; ", zh="； ")


def render(document: Document, language: Language = "en", shorten: bool = True) -> str:
    """The Document as Markdown."""
    renderer = _Renderer(language, shorten)
    written = ""
    in_list = False
    for block in document.blocks:
        is_item = isinstance(block, Paragraph) and block.role == "item"
        # Items of one list follow one another; everything else has a blank line in front of it.
        written += ("\n" if is_item and in_list else "\n\n") + renderer.block(block)
        in_list = is_item
    return written.strip("\n") + "\n"


class _Renderer:
    """One function a kind of block."""

    def __init__(self, language: Language, shorten: bool) -> None:
        self.language: Language = language
        self.paper = Paper(PAPER.columns, PAPER.rows, shorten)

    def block(self, block: Block) -> str:
        """One block of any kind."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return self.paragraph(block)
            case Formula():
                return self.formula(block)
            case TensorBlock():
                return self.tensor(block)
            case Equations():
                return self.equations(block)
            case Table():
                return self.table(block)
            case Working():
                return self.working(block)
            case MatrixRow():
                return self.matrix_row(block)
            case Listing():
                fence = "`" * (max(map(len, re.findall("`+", block.text)), default=2) + 1)
                return "\n".join([f"{fence}yaml", *block.lines, fence])

    def heading(self, heading: Heading) -> str:
        """A title, its aside behind a dash."""
        aside = f" — {self.words(heading.aside, heading.names)}" if heading.aside else ""
        return f"{'#' * heading.level} {self.words(heading.text, heading.names)}{aside}"

    def paragraph(self, paragraph: Paragraph) -> str:
        """Sentences in one line."""
        words = self.words(paragraph.text, paragraph.names)
        match paragraph.role:
            case "item":
                return f"- {words}"
            case "remark":
                return f"> {words}"
            case "note" | "byline":
                # Mathematics within slanted words does not come out everywhere.
                return words if "$" in words else f"*{words}*"
            case "plain":
                return safe_start(words)

    def formula(self, formula: Formula) -> str:
        """A formula of its own; a long one goes on in the next line, further in."""
        lines = latex_lines(formula, WIDTH)
        if len(lines) == 1:
            return _display(lines)
        return _display(_aligned([f"& {lines[0]}", *(rf"& \qquad {{}}{line}" for line in lines[1:])]))

    def tensor(self, tensor: TensorBlock) -> str:
        """The number, or the matrices, and what there is to say about them."""
        shown = panels(tensor, self.paper)
        written = [self.matrix_row(row) for row in shown.rows]
        if shown.scalar is not None:
            written.append(_display([f"{latex_name(tensor.name)} {scalar_latex(shown.scalar.number)}"]))
        return "\n\n".join([*written, *(f"*{self.words(note, None)}*" for note in shown.notes)])

    def equations(self, block: Equations) -> str:
        """A formula an element."""
        formulas, note = equation_formulas(block, self.paper.shorten)
        return "\n\n".join([*map(self.formula, formulas), *([f"*{self.words(note, None)}*"] if note else [])])

    def working(self, working: Working) -> str:
        """Steps, lined up at their signs."""
        left = working.formula(working.left)
        room = WORKING_WIDTH - width_of(left.tree)
        rows = []
        for number, line in enumerate(working.lines):
            words = line.aside.text(self.language) if line.aside else ""
            sign = {"≈": r"\approx "}.get(line.sign, line.sign)
            further = "" if line.sign in ("=", "≈") else r"\quad {}"
            first, *others = latex_lines(working.formula(line.right), room - text_width(words))
            rows.append(f"{'' if number else latex(left)} & {further}{sign} {first}".lstrip())
            rows += [rf"& \quad \quad {{}}{other}" for other in others]
            rows[-1] += rf" \quad {math_text(words)}" if words else ""
        return _display(_aligned(rows))

    def matrix_row(self, row: MatrixRow) -> str:
        """Matrices side by side, as many as fit into one line of formulas."""
        lines: list[list[str]] = [[]]
        used = 0.0
        for signs, matrix in with_signs(row):
            formulas = [row.formula(sign) for sign in signs]
            written = [latex(formula) for formula in formulas] + ([matrix_latex(matrix, row)] if matrix else [])
            width = sum(width_of(formula.tree) for formula in formulas)
            width += matrix_width(matrix, row) if matrix else 0.0
            if lines[-1] and used + width > WIDTH:
                lines.append([])
                used = 0.0
            lines[-1].append(" ".join(written))
            used += width + 3
        joint = " " if is_equation(row) else r" \qquad "
        return "\n\n".join([*(_display([joint.join(line)]) for line in lines), *self.legend(row.marks)])

    def legend(self, marks: Iterable[MarkKind]) -> Iterator[str]:
        """What the signs mean, in one line."""
        entries = [
            f"${markdown_math(SIGNS[mark].format(number='x'))}$ {self.words(MEANINGS[mark], None)}" for mark in marks
        ]
        if entries:
            yield BETWEEN_SIGNS.text(self.language).join(entries)

    def table(self, table: Table) -> str:
        """A table as GitHub writes it."""
        lines = [
            [self.words(column.heading, table.names) for column in table.columns],
            ["---:" if column.align == "right" else ":---" for column in table.columns],
            *([self.words(cell, table.names) for cell in row] for row in table.rows),
        ]
        # Even in backquotes a stroke would begin the next cell.
        return "\n".join(f"| {' | '.join(re.sub(BARE_STROKE, STROKE, cell) for cell in line)} |" for line in lines)

    def words(self, phrase: Phrase, names: Names | None) -> str:
        """Text with its formulas and names; blanks in front would make it code."""
        return markdown_text(phrase.markup(self.language), names).lstrip()


def _display(lines: Sequence[str]) -> str:
    """Lines of LaTeX as a formula of its own; none begins as a list or a heading does."""
    # KaTeX takes a minus behind \cr for an operation, unless it is in braces.
    written = [re.sub(r"\\cr +(-[\d.]+)?", _next_row, markdown_math(line)) for line in lines]
    safe = [line if line[:1] not in "+-=#>" else "{}" + line for line in "\n".join(written).split("\n")]
    return "$$\n" + "\n".join(safe) + "\n$$"


def _next_row(end: re.Match[str]) -> str:
    return "\\cr\n" + (f"{{{end[1]}}}" if end[1] else "")


def _aligned(rows: Sequence[str]) -> list[str]:
    return [r"\begin{aligned}", *(rf"{row} \\ " for row in rows[:-1]), rows[-1], r"\end{aligned}"]
