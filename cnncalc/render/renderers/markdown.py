r"""A Document as Markdown with LaTeX mathematics, for GitHub, Jupyter, Obsidian and Typora.

GitHub reads a formula as Markdown first: it takes the backslash off `\\`, `\_` and `\{`, makes `_…_` italic, `[…](…)` a
link and `<b` a tag, and forbids `\operatorname` and `\phantom`. So none of these occur; other words say the same to
MathJax (GitHub, Jupyter, Obsidian, Typora) and to KaTeX.
"""

import re
from collections.abc import Iterable, Sequence

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
    writer_of,
)
from cnncalc.render.formula.formula import Formula, Plain, spans
from cnncalc.render.formula.formula_latex import latex, latex_inline, latex_lines, latex_name
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.formula_text import text_width, width_of
from cnncalc.render.renderers.renderer import MarkupRenderer
from cnncalc.render.table.matrices import Paper, is_equation, with_signs
from cnncalc.render.table.matrix_latex import SIGNS, matrix_latex, matrix_width, scalar_latex
from cnncalc.render.table.number import Number
from cnncalc.visible import visible

WIDTH = 84.0
"""Characters of a formula's line."""
WORKING_WIDTH = 87.0
"""And of a calculation's, which is mostly numbers and signs."""
BARE_STROKE, STROKE = r"(?<!\\)\|", r"\\|"
BETWEEN_SIGNS = Phrase(en="; ", zh="；")


def render(document: Document, language: Language = "en", shorten: bool = True) -> str:
    """The Document as Markdown."""
    renderer = _Renderer(language, shorten)
    written = ""
    in_list = False
    for block in document.blocks:
        is_item = isinstance(block, Paragraph) and block.role == "item"
        # Items of one list follow one another; everything else has a blank line in front of it.
        written += ("\n" if is_item and in_list else "\n\n") + writer_of(renderer, block)(block)
        in_list = is_item
    return written.strip("\n") + "\n"


class _Renderer(MarkupRenderer):
    paper = Paper(columns=74, rows=60)
    apart = "\n\n"
    note = "*{}*"
    sample = "${sign}$ {meaning}"

    def boxes(self, boxes: Boxes) -> str:
        """A table to fill in, which `check` reads; the part of the tensor stands where others have headings."""
        lines = [[self.words(boxes.label), *[""] * (boxes.columns - 1)], ["---"] * boxes.columns]
        lines += [["?"] * boxes.columns] * boxes.rows
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def listing(self, listing: Listing) -> str:
        fence = "`" * (max(map(len, re.findall("`+", listing.text)), default=2) + 1)
        return "\n".join([f"{fence}yaml", *listing.lines, fence])

    def figure(self, figure: Figure) -> str:
        """A graph for Mermaid, which GitHub draws; any other picture as SVG within the text."""
        if graph := figure.drawing.mermaid.text(self.language):
            return f"```mermaid\n{graph}\n```"
        from cnncalc.render.drawing.svg import svg

        # A blank line would end the HTML.
        return re.sub(r"\n\s*\n", "\n", svg(figure.drawing, self.language))

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
                # A paragraph does not begin as a heading, a list or a rule does.
                return re.sub(r"^(\s*)(?=[#+=-])|^(\s*\d+)(?=[.)])", r"\1\2\\", words)

    def formula(self, formula: Formula) -> str:
        """A formula of its own; a long one goes on in the next line, further in."""
        lines = latex_lines(formula, WIDTH)
        if len(lines) == 1:
            return _display(lines)
        return _display(_aligned([f"& {lines[0]}", *(rf"& \qquad {{}}{line}" for line in lines[1:])]))

    def scalar(self, name: str, number: Number) -> str:
        return _display([f"{latex_name(name)} {scalar_latex(number)}"])

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

    def sign(self, mark: MarkKind) -> str:
        return markdown_math(SIGNS[mark].format(number="x"))

    def legend(self, marks: Iterable[MarkKind]) -> list[str]:
        """In one line."""
        return [BETWEEN_SIGNS.text(self.language).join(super().legend(marks))] if marks else []

    def table(self, table: Table) -> str:
        """A table as GitHub writes it."""
        lines = [
            [self.words(column.heading, table.names) for column in table.columns],
            ["---:" if column.align == "right" else ":---" for column in table.columns],
            *([self.words(cell, table.names) for cell in row] for row in table.rows),
        ]
        # Even in backquotes a stroke would begin the next cell.
        return "\n".join(f"| {' | '.join(re.sub(BARE_STROKE, STROKE, cell) for cell in line)} |" for line in lines)

    def words(self, phrase: Phrase, names: Names | None = None) -> str:
        """Text with its formulas and names; blanks in front would make it code."""
        found = spans(phrase.markup(self.language), names)
        written = ""
        for span, following in zip(found, [*found[1:], None], strict=False):
            piece = self.span(span)
            if isinstance(span, Formula):
                # GitHub wants a blank or a Western sign around a formula, and Chinese looks better with one.
                behind = following.text[:1] if isinstance(following, Plain) else ""
                piece = " " * needs_blank(written[-1:]) + piece + " " * needs_blank(behind)
            written += piece
        return written.lstrip()

    def inline(self, formula: Formula) -> str:
        return f"${markdown_math(latex_inline(formula))}$"

    def code(self, text: str) -> str:
        """A name in backquotes, in more of them than it holds in a row itself."""
        safe = visible(text)
        longest = max(map(len, re.findall("`+", safe)), default=0)
        pad = " " if safe.startswith("`") or safe.endswith("`") else ""
        return f"{'`' * (longest + 1)}{pad}{safe}{pad}{'`' * (longest + 1)}"

    def escaped(self, text: str) -> str:
        """Words in which nothing is taken for a command."""
        safe = visible(" ".join(re.split("[\n\t]", text)))
        safe = re.sub(r"[\\`*\[\]<>$|~]", r"\\\g<0>", safe)
        # Within a word an underscore is only an underscore.
        safe = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", safe)
        return re.sub(r"&(?=#?\w+;)", "&amp;", safe)


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


_WITH_WORDS = re.compile(r"\\(text|phantom|operatorname)\{([^{}]*)\}")
_TOKEN = re.compile(rf"\\begin{{array}}{{[rcl|]+}}|{_WITH_WORDS.pattern}|\\[A-Za-z]+ ?|\\.|.", re.DOTALL)
_SPELLINGS = {
    r"\\": r"\cr ", r"\_": r"\underline{\enspace}", r"\,": r"\thinspace ", r"\:": r"\thinspace ",
    r"\;": r"\enspace ", r"\!": r"\negthinspace ", r"\ ": r"\enspace ", r"\{": r"\lbrace ", r"\}": r"\rbrace ",
    "_": " _", "*": r"\ast ", "<": r"\lt ", ">": r"\gt ", "[": r"\lbrack ", "]": r"\rbrack ", "|": r"\vert ",
    "~": r"\enspace ", "\n": " ",
}  # fmt: skip
_IN_WORDS = {
    "\\": "＼", "_": " ", "*": "∗", "<": "‹", ">": "›", "[": "(", "]": ")", "|": "¦", "~": "∼", "#": "＃", "$": "＄",
    "%": "％", "&": "＆", "{": "(", "}": ")", "^": "ˆ", "`": "'",
}  # fmt: skip


def markdown_math(latex: str) -> str:
    """LaTeX mathematics without any sign that Markdown might take for its own."""
    return re.sub(" +", " ", "".join(_spelling(match[0]) for match in _TOKEN.finditer(latex))).strip()


def math_text(words: str) -> str:
    """Words within mathematics, in signs that neither LaTeX nor Markdown takes for a command."""
    return rf"\text{{{''.join(_IN_WORDS.get(character, character) for character in words)}}}"


def _spelling(token: str) -> str:
    match = _WITH_WORDS.fullmatch(token)
    if match is None:
        return _SPELLINGS.get(token, token)
    command, words = match.groups()
    if command == "phantom":
        return ""
    return math_text(words) if command == "text" else rf"\mathop{{\mathrm{{{words}}}}}"


def needs_blank(neighbour: str) -> bool:
    """Whether a formula beside this character would not be seen as one."""
    return bool(neighbour) and not neighbour.isspace() and (neighbour.isalnum() or not neighbour.isascii())
