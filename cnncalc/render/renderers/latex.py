"""A Document as a LaTeX article that compiles as it is: with pdflatex in English, with xelatex in Chinese."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from cnncalc.language import Language, Phrase
from cnncalc.render.document import (
    Boxes,
    Document,
    Figure,
    Heading,
    Listing,
    MarkKind,
    MatrixRow,
    Paragraph,
    Table,
    Working,
)
from cnncalc.render.drawing.drawing import Arrow, Box, Drawing, Item
from cnncalc.render.formula.formula import Formula, spans
from cnncalc.render.formula.formula_latex import (
    MATHEMATICS,
    latex,
    latex_inline,
    latex_name,
    latex_pieces,
    latex_text,
    needs_xelatex,
)
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.formula.formula_text import text_width, unfolded
from cnncalc.render.renderers.renderer import MarkupRenderer
from cnncalc.render.table.matrices import Paper, is_equation, with_signs
from cnncalc.render.table.matrix_latex import SIGNS, in_blocks, scalar_latex
from cnncalc.render.table.number import Number

WIDEST_ROW = 90.0
"""Characters of a table's row that need no wrapping."""
WIDEST_STEPS = 84
"""Characters of a calculation that stands in one line."""
WIDEST_MATRIX = 98.0
"""Characters of a matrix, at the size in which matrices are set."""
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
STYLE = Path(__file__).parent / "style"
ASIDE = Phrase("({aside})")
"""A word to a line where its lines stand one behind the other."""
SECTIONS = {2: "section", 3: "subsection", 4: "subsubsection"}
LONGEST_CODE = 40
LONGEST_ON_A_PAGE = 24
"""Rows of a table that is never broken."""

HIGHEST = 0.8
"""The part of a page's height that a picture takes at most (`commands.tex`)."""
AROUND = 110.0
"""Points of both margins."""
MOST_BOXES = 9
"""Side by side on a page."""


def render(document: Document, language: Language = "en", shorten: bool = True) -> str:
    """The Document as a complete file."""
    inside = "\n".join(_Renderer(language, shorten).blocks(document.blocks))
    is_chinese = language == "zh"
    engine = "xelatex" if is_chinese or needs_xelatex(inside) else "pdflatex"
    page = _page(document)
    return f"{_preamble(engine, is_chinese)}{page}\\begin{{document}}\n{inside}\n\\end{{document}}\n"


def body(document: Document, language: Language = "en", shorten: bool = True) -> str:
    """The Document without what stands around it, in braces with its own commands: in a document of anybody's.

    That loads amsmath, array, booktabs, graphicx, longtable and xcolor, as a notebook's does; pictures need tikz.
    """
    commands = (STYLE / "commands.tex").read_text(encoding="utf-8")
    blocks = "\n".join(_Renderer(language, shorten).blocks(document.blocks))
    return f"{{{commands}{blocks}\n\\par}}\n"


def _page(document: Document) -> str:
    """A picture alone that would be made smaller on an ordinary page has one of its own size."""
    match document.blocks:
        case [Figure(drawing)] if not drawing.is_legible_on_a_page:
            width, height = drawing.width + AROUND, drawing.height / HIGHEST + AROUND
            return f"\\geometry{{papersize={{{width:.0f}pt,{height:.0f}pt}}}}\n"
    return ""


def _preamble(engine: str, is_chinese: bool) -> str:
    """Packages that every TeX Live has, and a few commands for the blocks; Chinese lines stand farther apart."""
    fonts, packages, commands = (
        (STYLE / name).read_text(encoding="utf-8")
        for name in ("chinese.tex" if engine == "xelatex" else "western.tex", "packages.tex", "commands.tex")
    )
    stretch = "\\linespread{1.12}\n" if is_chinese else ""
    head = f"% !TEX program = {engine}\n\\documentclass[10pt]{{article}}\n"
    return f"{head}{fonts}{packages}{stretch}\n{commands}"


class _Renderer(MarkupRenderer):
    paper = Paper(columns=102, rows=36, flows=True)
    items = r"\begin{itemize}", r"\end{itemize}"
    note = r"\note{{{}}}"
    sample = "\n\\note{{${sign}$\\enspace {meaning}}}"

    def sign(self, mark: MarkKind) -> str:
        return SIGNS[mark].format(number="x")

    def boxes(self, boxes: Boxes) -> str:
        """Squares to write into, in blocks that fit the page."""
        lines = [rf"\par\noindent {self.words(boxes.label)}\par\nopagebreak"]
        for first in range(0, boxes.columns, MOST_BOXES):
            count = min(MOST_BOXES, boxes.columns - first)
            row = r"\rule{0pt}{7mm}" + " &" * (count - 1) + r" \\ \hline"
            kinds = f"|*{{{count}}}{{p{{14mm}}|}}"
            table = rf"\begin{{tabular}}{{{kinds}}} \hline {row * boxes.rows} \end{{tabular}}"
            lines.append(rf"\noindent{table}\par\smallskip")
        return "\n".join(["", *lines, ""])

    def listing(self, listing: Listing) -> str:
        lines = (rf"\mbox{{{latex_text(line).replace(' ', '~')}}}\par" for line in listing.lines)
        return "\n".join([r"\begin{listing}", *lines, r"\end{listing}"])

    def figure(self, figure: Figure) -> str:
        from cnncalc.render.renderers.latex import tikz

        instead = "\n".join(self.blocks(figure.instead))
        return f"\\drawing{{{tikz(figure.drawing, self.language)}}}{{{instead}}}"

    def heading(self, heading: Heading) -> str:
        """A title, or a section with its aside behind it."""
        text = self.words(heading.text, heading.names)
        aside = rf"\aside{{{self.words(heading.aside, heading.names)}}}" if heading.aside else ""
        if heading.level == 1:
            return rf"\heading{{{text}{aside}}}"
        need = r"\need" if heading.level == 2 else ""
        return f"\n{need}\\{SECTIONS[heading.level]}*{{\\boldmath {text}{aside}}}"

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
        if working.flows or _is_short(working):
            return self.flowing(working)
        lines = [rf"\working{{{latex(working.formula(working.left))}}}"]
        for line in working.lines:
            sign = {"≈": r"\approx"}.get(line.sign, line.sign)
            command = "step" if line.sign in ("=", "≈") else "more"
            aside = rf"\aside{{{self.words(line.aside)}}}" if line.aside else ""
            lines.append(rf"\{command}{{{sign}}}{{{breakable(working.formula(line.right))}}}{{{aside}}}")
        return "\n".join([*lines, r"\done"])

    def flowing(self, working: Working) -> str:
        """Steps one behind the other; TeX breaks the lines in front of their signs."""
        parts = [latex_inline(working.formula(working.left))]
        for line in working.lines:
            aside = (
                rf"\;{{\color{{faint}}\text{{\small {self.words(ASIDE.format(aside=line.aside))}}}}}"
                if line.aside
                else ""
            )
            sign = {"≈": r"\approx"}.get(line.sign, line.sign)
            parts.append(rf"\allowbreak {sign} {breakable(working.formula(line.right), is_inline=True)}{aside}")
        return rf"\formula{{\textstyle {' '.join(parts)}}}"

    def matrix_row(self, row: MatrixRow) -> str:
        """Matrices side by side, as many as fit."""
        items = []
        for signs, matrix in with_signs(row):
            between = "".join(rf"${latex(row.formula(sign))}$~" for sign in signs)
            first, *others = in_blocks(matrix, row, WIDEST_MATRIX) if matrix else [""]
            items.append(rf"\fit{{{between}}}{{{first}}}" if matrix else between)
            items += [rf"\fit{{}}{{{block}}}" for block in others]
        joint = "\n" if is_equation(row) else "\\apart\n"
        return "\\begin{matrices}\n" + joint.join(items) + "\n\\end{matrices}" + "".join(self.legend(row.marks))

    def table(self, table: Table) -> str:
        """Rows under headings, on several pages if need be; words are wrapped where the rows are too wide."""
        # A long table goes over pages; TeX learns the widths of its columns in time only where they are given.
        is_long = len(table.rows) > LONGEST_ON_A_PAGE
        kinds = column_kinds(table, self.language, is_long)
        head = " & ".join(rf"\textbf{{{self.words(column.heading, table.names)}}}" for column in table.columns)
        rows = [" & ".join(self.words(cell, table.names) for cell in row) + r" \\[1.5pt]" for row in table.rows]
        # TeX would take brackets behind a rule, or behind the end of a row, for a width.
        rows = [f"{{}}{row}" if row.startswith(("[", "*")) else row for row in rows]
        if "p{" in kinds:
            # A name that is wider than its column may be broken behind an underscore.
            rows = [re.sub(r"(\$[^$]*\$)|\\_", lambda found: found[1] or r"\_\allowbreak{}", row) for row in rows]
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


def _is_short(working: Working) -> bool:
    """Whether all its steps stand in one line."""
    parts = (working.formula(source) for source in (working.left, *(line.right for line in working.lines)))
    return sum(text_width(formula_text(part)[0]) + 3 for part in parts) <= WIDEST_STEPS


def breakable(formula: Formula, is_inline: bool = False) -> str:
    """A formula whose lines TeX breaks; a part that is too wide all the same is shrunk."""
    parts = latex_pieces(formula, LONGEST_UNBROKEN, is_inline)
    is_whole = unfolded(formula.tree, LONGEST_UNBROKEN) == formula.tree
    if is_whole and all(width <= LONGEST_UNBROKEN for _, width in parts):
        return latex_inline(formula) if is_inline else latex(formula)
    # TeX does not see the sign at the front of what is shrunk, where it would break.
    return r" \allowbreak ".join(rf"\shrunk{{{part}}}" if width > LONGEST_UNBROKEN else part for part, width in parts)


def column_kinds(table: Table, language: Language, are_given: bool) -> str:
    """The columns as LaTeX declares them: as wide as their cells, but where that is too wide, or where `are_given`."""
    columns = zip(table.columns, *table.rows, strict=True)
    widths = [
        max(_width(phrase, language, table.names) for phrase in (column.heading, *cells)) for column, *cells in columns
    ]
    narrowed = _narrowed(widths, WIDEST_ROW - (BETWEEN_COLUMNS + SPARE) * len(widths))
    return "".join(
        _paragraphs(column.side, narrow) if are_given or narrow < width else column.side[0]
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


ANCHORS = {"start": "west", "middle": "center", "end": "east"}


def tikz(drawing: Drawing, language: Language = "en") -> str:
    """A `tikzpicture`, which needs the package tikz with its library patterns; as wide as the line at most."""
    lines = "\n".join(_written(item, language) for item in drawing.items)
    options = r"x=1pt, y=-1pt, line width=0.5pt, inner sep=0pt"
    return f"\\begin{{tikzpicture}}[{options}]\n{lines}\n\\end{{tikzpicture}}"


def _written(item: Item, language: Language) -> str:
    match item:
        case Box():
            kinds = ["dashed"] * item.dashed + ["line width=1.4pt"] * item.thick + ["rounded corners=3pt"] * item.round
            if item.shade > 0:
                kinds.append(f"fill=black!{round(10 + 25 * min(item.shade, 1))}")
            elif item.shade < 0:
                kinds += ["pattern=north east lines", f"pattern color=black!{round(20 + 40 * min(-item.shade, 1))}"]
            far = f"({item.x + item.width:g},{item.y + item.height:g})"
            return rf"\draw[{', '.join(kinds)}] ({item.x:g},{item.y:g}) rectangle {far};"
        case Arrow():
            kinds = ["->", *["dashed"] * item.dashed]
            return rf"\draw[{', '.join(kinds)}] {' -- '.join(f'({x:g},{y:g})' for x, y in item.points)};"
    words = latex_text(item.text.text(language))
    bold = r"\bfseries" if item.bold else ""
    size = rf"\fontsize{{{item.size:g}}}{{{item.size * 1.2:g}}}\selectfont{bold} "
    return rf"\node[anchor={ANCHORS[item.anchor]}] at ({item.x:g},{item.y:g}) {{{size}{words}}};"
