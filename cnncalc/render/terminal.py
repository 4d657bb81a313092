"""A Document for a terminal, or for a plain text file: as wide as the page, and no number ever cut."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from math import prod

from rich.box import ASCII2, SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as RichTable
from rich.text import Text

from cnncalc.language import Language, Phrase
from cnncalc.render.characters import Characters
from cnncalc.render.document import (
    MEANINGS,
    Block,
    Document,
    Equations,
    Heading,
    MarkKind,
    Paragraph,
    Table,
    TensorBlock,
)
from cnncalc.render.formula import Formula
from cnncalc.render.formula_text import text as formula_lines
from cnncalc.render.matrix import number_text
from cnncalc.render.prose import wrap_prose
from cnncalc.render.tensor_layout import GAP_BETWEEN_MATRICES, Layout, Picture, lay_out

INDENT = 2
NARROWEST = 20
SIGNS: dict[MarkKind, str] = {"closed": "( )", "winner": "*"}
LEGEND = Phrase(en="{sign} {meaning}", zh="{sign} {meaning}")
SHORTENED = Phrase(en="Shortened; --all shows all {count} numbers.", zh="有省略；用 --all 显示全部 {count} 个数。")
SHORTENED_LETTERS = Phrase(
    en="Shortened; --all shows all {count} elements in full.", zh="有省略；用 --all 完整显示全部 {count} 个元素。"
)
MOST_EQUATIONS, MOST_TERMS = 40, 40
"""Elements of a tensor of letters, and terms of one of them, that are shown unless all are asked for."""
UNDECIDED = Phrase(
    en="?: the digits could not be proven at the highest precision that is tried.",
    zh="?：在所尝试的最高精度下仍无法确定其数字。",
)
HEADING_STYLES = {1: "bold", 2: "bold underline", 3: "bold cyan"}


@dataclass(frozen=True)
class Page:
    """What a Document is printed on."""

    width: int = 100
    encoding: str = "utf-8"
    language: Language = "en"
    is_terminal: bool = False
    """Whether colours and bold type are wanted; NO_COLOR and TERM have their say too."""
    shorten: bool = True


def render(document: Document, page: Page) -> str:
    """The Document as text, with a terminal's escape sequences only where it is one."""
    console = Console(
        file=StringIO(), width=max(page.width, NARROWEST), force_terminal=page.is_terminal, force_jupyter=False,
        markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip
    renderer = _Renderer(console, page)
    with console.capture() as capture:
        for block in document.blocks:
            renderer.block(block)
    return "\n".join(line.rstrip() for line in capture.get().split("\n")).lstrip("\n")


class _Renderer:
    """One function a kind of block."""

    def __init__(self, console: Console, page: Page) -> None:
        self.console = console
        self.page = page
        self.characters = Characters(page.encoding)
        # Half a sentence in code points helps nobody: where Chinese cannot be written, English can.
        can_write = self.characters.can_write("数值")
        self.language: Language = page.language if can_write else "en"

    def block(self, block: Block) -> None:
        """Print one block of any kind."""
        match block:
            case Heading():
                self.heading(block)
            case Paragraph():
                self.paragraph(block)
            case Formula():
                self.formula(block)
            case TensorBlock():
                self.tensor(block)
            case Equations():
                self.equations(block)
            case Table():
                self.table(block)

    def heading(self, heading: Heading) -> None:
        """A title after a blank line, with its aside behind it."""
        text = Text(self.words(heading.text), HEADING_STYLES[heading.level])
        if heading.aside:
            text = Text.assemble(text, "  ", (self.words(heading.aside), "dim"))
        self.console.print()
        self.print_wrapped(text, hanging=INDENT)

    def paragraph(self, paragraph: Paragraph) -> None:
        """Sentences, wrapped."""
        first = self.characters.fit("• ") if paragraph.role == "item" else " " * INDENT * (paragraph.role == "note")
        style = "italic" if paragraph.role == "note" else ""
        for line in wrap_prose(self.words(paragraph.text), max(self.console.width - len(first), 1)):
            self.print_uncut(Text(first).append(line, style))
            first = " " * len(first)

    def formula(self, formula: Formula) -> None:
        """One line, or a line for each case; a line that is too long goes on further in."""
        for line in formula_lines(formula):
            self.print_hanging(wrap_formula(self.characters.fit(line), self.console.width - INDENT * 3))

    def tensor(self, tensor: TensorBlock) -> None:
        """The tables, one row of matrices after the other, then the legend."""
        layout = lay_out(tensor, self.console.width - INDENT, self.page.shorten, self.characters)
        if layout.scalar is not None:
            line = f"{self.characters.fit(tensor.name)} = {layout.scalar}"
            self.print_hanging(wrap_numbers(line, self.console.width - INDENT * 3))
        for number, row in enumerate(layout.rows):
            if number:
                self.console.print()
            self.side_by_side(row)
        self.legend(tensor, layout)

    def equations(self, block: Equations) -> None:
        """A line an element, wrapped between its terms."""
        count = len(block.equations)
        shown = block.equations
        is_shortened = self.page.shorten and count > MOST_EQUATIONS
        if is_shortened:
            shown = shown[:MOST_EQUATIONS]
        written = [equation.write("people") for equation in shown]
        margin = max(len(self.characters.fit(left)) for left, _ in written)
        for equation, (left, right) in zip(shown, written, strict=True):
            terms = right.split(" + ")
            if self.page.shorten and len(terms) > MOST_TERMS:
                is_shortened, right = True, " + ".join([*terms[:MOST_TERMS], "…"])
            value = "" if equation.value is None else f" = {number_text(equation.value, 'both', self.characters)}"
            left, right = self.characters.fit(left), self.characters.fit(right)
            lines = wrap_terms(right + value, self.console.width - INDENT - margin - len(" = "))
            self.print_uncut(Text(f"{'':{INDENT}}{left:>{margin}} = {lines[0]}"))
            for line in lines[1:]:
                self.print_uncut(Text(f"{'':{INDENT + margin + 3}}{line}"))
        if is_shortened:
            self.print_wrapped(Text(self.words(SHORTENED_LETTERS.format(count=count)), "italic"), INDENT)

    def side_by_side(self, row: Sequence[Picture]) -> None:
        """Matrices that fit next to each other, as one table."""
        if len(row) == 1:
            # Line by line: a number wider than the terminal runs over its edge rather than be cut.
            for line in row[0].lines:
                self.print_uncut(Text(" " * INDENT).append_text(line))
            return
        table = RichTable.grid(padding=(0, GAP_BETWEEN_MATRICES, 0, 0), pad_edge=False)
        table.add_row(*(Text("\n").join(picture.lines) for picture in row))
        for column in table.columns:
            column.no_wrap = True
        self.console.print(Padding(table, (0, 0, 0, INDENT), expand=False))

    def table(self, table: Table) -> None:
        """A line a row; where the page is too narrow, cells on the left are wrapped and those on the right are not."""
        box = SIMPLE_HEAD if self.characters.can_write("─") else ASCII2
        drawn = RichTable(box=box, pad_edge=False, show_edge=False, header_style="bold")
        for column in table.columns:
            is_number = column.align == "right"
            drawn.add_column(Text(self.words(column.heading)), justify=column.align, no_wrap=is_number, overflow="fold")
        for row in table.rows:
            drawn.add_row(*(Text(self.words(cell)) for cell in row))
        self.console.print(Padding(drawn, (0, 0, 0, INDENT), expand=False))

    def legend(self, tensor: TensorBlock, layout: Layout) -> None:
        """What the signs mean, and what is not shown."""
        notes = [LEGEND.format(sign=SIGNS[mark], meaning=MEANINGS[mark]) for mark in tensor.marks]
        if layout.has_undecided:
            notes.append(UNDECIDED)
        if layout.is_shortened:
            notes.append(SHORTENED.format(count=prod(tensor.shape)))
        for note in notes:
            self.print_wrapped(Text(self.words(note), "italic"), INDENT)

    def words(self, phrase: Phrase) -> str:
        """A phrase in the page's language and characters."""
        return self.characters.fit(phrase.text(self.language))

    def print_wrapped(self, text: Text, indent: int = 0, hanging: int = 0) -> None:
        """Text that goes on in the next line, `hanging` columns further in."""
        room = self.console.width - indent
        if cell_len(text.plain) > room:
            room -= hanging
        for number, line in enumerate(text.wrap(self.console, max(room, 1))):
            margin = " " * (indent + hanging if number else indent)
            self.print_uncut(Text(margin).append_text(line))

    def print_hanging(self, lines: Sequence[str]) -> None:
        """Lines of which all but the first stand further in."""
        for number, line in enumerate(lines):
            self.print_uncut(Text(" " * INDENT * (3 if number else 1) + line))

    def print_uncut(self, text: Text) -> None:
        """A line as it is, whatever its width."""
        text.rstrip()
        self.console.print(text, no_wrap=True, overflow="ignore", crop=False)


def wrap_formula(line: str, width: int) -> list[str]:
    """Break a formula behind blanks and multiplication signs, and elsewhere only where a piece is too wide."""
    pieces = re.findall(r"[^ ·]*[ ·]+|[^ ·]+", line)
    return _fill([piece[at : at + width] for piece in pieces for at in range(0, len(piece), width)], width)


def wrap_terms(line: str, width: int) -> list[str]:
    """Break in front of a plus, a minus or an equals sign; a single term that is too wide runs over the edge."""
    return _fill(re.findall(r"(?: [-+=] )?(?:(?! [-+=] ).)+", line), width)


def wrap_numbers(line: str, width: int) -> list[str]:
    """Break at blanks alone: a number that is too wide runs over the edge."""
    return _fill(re.findall(r" *[^ ]+", line), width)


def _fill(pieces: Sequence[str], width: int) -> list[str]:
    lines = [""]
    for piece in pieces:
        if lines[-1] and cell_len(lines[-1]) + cell_len(piece.rstrip()) > width:
            lines.append("")
        lines[-1] += piece if lines[-1] or len(lines) == 1 else piece.lstrip()
    return lines
