r"""A Document as a LaTeX article that compiles as it is: with pdflatex in English, with xelatex in Chinese."""

import re
from pathlib import Path

from cnncalc.language import Language
from cnncalc.render.builders.panels import Paper, is_equation, with_signs
from cnncalc.render.document import Document, Heading, Listing, MarkKind, MatrixRow, Paragraph, Table, Working
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_latex import latex, latex_inline, latex_name
from cnncalc.render.renderers.latex_text import latex_text, needs_xelatex
from cnncalc.render.renderers.latex_width import breakable, column_kinds
from cnncalc.render.renderers.renderer import MarkupRenderer
from cnncalc.render.table.matrix_latex import SIGNS, matrix_latex, scalar_latex
from cnncalc.render.table.number import Number

STYLE = Path(__file__).parent / "style"
SECTIONS = {2: "section", 3: "subsection", 4: "subsubsection"}
LONGEST_CODE = 40
LONGEST_ON_A_PAGE = 24
"""Rows of a table that is never broken."""


def render(document: Document, language: Language = "en", shorten: bool = True) -> str:
    """The Document as a complete file."""
    renderer = _Renderer(language, shorten)
    body = "\n".join(renderer.blocks(document.blocks))
    is_chinese = language == "zh"
    engine = "xelatex" if is_chinese or needs_xelatex(body) else "pdflatex"
    return f"{_preamble(engine, is_chinese)}\\begin{{document}}\n{body}\n\\end{{document}}\n"


def _preamble(engine: str, is_chinese: bool) -> str:
    """Packages that every TeX Live has, and a few commands for the blocks; Chinese lines stand farther apart."""
    fonts, packages, commands = (
        (STYLE / name).read_text(encoding="utf-8")
        for name in ("chinese.tex" if engine == "xelatex" else "western.tex", "packages.tex", "commands.tex")
    )
    stretch = "\\linespread{1.25}\n" if is_chinese else ""
    head = f"% !TEX program = {engine}\n\\documentclass[10pt]{{article}}\n"
    return f"{head}{fonts}{packages}{stretch}\n{commands}"


class _Renderer(MarkupRenderer):
    paper = Paper(columns=92, rows=36)
    items = r"\begin{itemize}", r"\end{itemize}"
    note = r"\note{{{}}}"
    sample = "\n\\note{{${sign}$\\enspace {meaning}}}"

    def sign(self, mark: MarkKind) -> str:
        return SIGNS[mark].format(number="x")

    def listing(self, listing: Listing) -> str:
        return "\n".join([r"\begin{listing}", *map(_listed, listing.lines), r"\end{listing}"])

    def heading(self, heading: Heading) -> str:
        """A title, or a section with its aside behind it."""
        text = self.words(heading.text, heading.names)
        aside = rf"\aside{{{self.words(heading.aside, heading.names)}}}" if heading.aside else ""
        if heading.level == 1:
            return rf"\heading{{{text}{aside}}}"
        return f"\n\\{SECTIONS[heading.level]}*{{\\boldmath {text}{aside}}}"

    def paragraph(self, paragraph: Paragraph) -> str:
        """Sentences."""
        words = self.words(paragraph.text, paragraph.names)
        match paragraph.role:
            case "item":
                return rf"\item {words}"
            case "plain":
                # What ends in a colon stands on the same page as what it announces.
                return f"\n{words}" + (r"\par\nobreak" if words.endswith((":", "：")) else "\n")
            case "note" | "byline" | "remark":
                return rf"\{paragraph.role}{{{words}}}"

    def scalar(self, name: str, number: Number) -> str:
        return rf"\formula{{{latex_name(name)} {scalar_latex(number)}}}"

    def formula(self, formula: Formula) -> str:
        return rf"\formula{{{breakable(formula)}}}"

    def equation(self, formula: Formula) -> str:
        return rf"\formula{{{latex(formula)}}}"

    def working(self, working: Working) -> str:
        """Steps, lined up at their signs; each is a paragraph, so that TeX can break lines and pages."""
        lines = [rf"\working{{{latex(working.formula(working.left))}}}"]
        for line in working.lines:
            sign = {"≈": r"\approx"}.get(line.sign, line.sign)
            command = "step" if line.sign in ("=", "≈") else "more"
            aside = rf"\aside{{{self.words(line.aside)}}}" if line.aside else ""
            lines.append(rf"\{command}{{{sign}}}{{{breakable(working.formula(line.right))}}}{{{aside}}}")
        return "\n".join([*lines, r"\done"])

    def matrix_row(self, row: MatrixRow) -> str:
        """Matrices side by side, as many as fit."""
        items = []
        for signs, matrix in with_signs(row):
            between = "".join(rf"${latex(row.formula(sign))}$~" for sign in signs)
            items.append(rf"\fit{{{between}}}{{{matrix_latex(matrix, row)}}}" if matrix else between)
        joint = "\n" if is_equation(row) else "\\apart\n"
        return "\\begin{matrices}\n" + joint.join(items) + "\n\\end{matrices}" + "".join(self.legend(row.marks))

    def table(self, table: Table) -> str:
        """Rows under headings, on several pages if need be; words are wrapped where the rows are too wide."""
        # A long table goes over pages; TeX learns the widths of its columns in time only where they are given.
        is_long = len(table.rows) > LONGEST_ON_A_PAGE
        kinds = column_kinds(table, self.language, is_long)
        head = " & ".join(rf"\textbf{{{self.words(column.heading, table.names)}}}" for column in table.columns)
        rows = [" & ".join(self.words(cell, table.names) for cell in row) + r" \\[1.5pt]" for row in table.rows]
        opening = rf"{{@{{}}{kinds}@{{}}}} \toprule {head} \\ \midrule"
        if is_long:
            return "\n".join([rf"\begin{{longtable}}[l]{opening} \endhead", *rows, r"\bottomrule \end{longtable}"])
        return "\n".join(["", rf"\begin{{tabular}}{opening}", *rows, r"\bottomrule \end{tabular}", ""])

    def inline(self, formula: Formula) -> str:
        # TeX breaks a line behind a sign, but not between a factor and the sum that it multiplies.
        return f"${latex_inline(formula)}$".replace(r"\sum", r"\allowbreak\sum")

    def code(self, text: str) -> str:
        """A name or a command; a long one may be broken behind its dots, strokes and commas."""
        written = latex_text(text)
        if len(text) > LONGEST_CODE:
            written = re.sub(r"/|\.|,|\\_", r"\g<0>\\allowbreak{}", written)
        return rf"\texttt{{{written}}}"

    def escaped(self, text: str) -> str:
        return latex_text(text)


def _listed(line: str) -> str:
    """A line with all its blanks."""
    return rf"\mbox{{{latex_text(line).replace(' ', '~')}}}\par"
