"""A Document for a terminal, or for a plain text file: as wide as the page, and no number ever cut."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from io import StringIO
from math import prod
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from cnncalc.language import Language, Phrase
from cnncalc.records import dataclass
from cnncalc.render.builders.prose import fill, widest_unit, wrap_formula, wrap_numbers, wrap_prose, wrap_terms
from cnncalc.render.document import (
    MEANINGS,
    SHORTENED_LETTERS,
    UNDECIDED,
    Block,
    Document,
    Equations,
    Heading,
    Line,
    Listing,
    MarkKind,
    MatrixRow,
    Paragraph,
    Table,
    TensorBlock,
    Working,
)
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.formula_text import text as formula_lines
from cnncalc.render.formula.inline import Code, Plain, Span, spans
from cnncalc.render.renderers.characters import Characters
from cnncalc.render.renderers.terminal_workings import GAP, matrix_rows, working_lines
from cnncalc.render.table.tensor_layout import GAP_BETWEEN_MATRICES, Layout, Picture, lay_out

if TYPE_CHECKING:
    from rich.console import Console

INDENT = 2
NARROWEST = 20
GAP_BETWEEN_COLUMNS = 3
SIGNS: dict[MarkKind, str] = {
    "closed": "( )", "winner": "*", "window": "[ ]", "target": "{ }", "filler": "'", "wrong": "✗", "follows": "→",
}  # fmt: skip
LEGEND = Phrase(en="{sign} {meaning}", zh="{sign} {meaning}")
SHORTENED = Phrase(en="Shortened; --all shows all {count} numbers.", zh="有省略；用 --all 显示全部 {count} 个数。")
PARAGRAPH_SIGNS = {"item": "• ", "note": " " * INDENT, "remark": "│ "}
HEADING_STYLES = {1: "bold", 2: "bold underline", 3: "bold cyan", 4: "italic"}


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
    renderer = _Renderer(page)
    for block in document.blocks:
        renderer.block(block)
    renderer.flush()
    return "\n".join(line.rstrip() for line in renderer.output.getvalue().split("\n")).lstrip("\n")


class _Renderer:
    """One function a kind of block; what they print are lines, kept until somebody needs the console itself."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.width = max(page.width, NARROWEST)
        self.characters = Characters(page.encoding)
        # Half a sentence in code points helps nobody: where Chinese cannot be written, English can.
        can_write = self.characters.can_write("数值")
        self.language: Language = page.language if can_write else "en"
        self.lines: list[Text] = []
        self.output = StringIO()

    @cached_property
    def console(self) -> Console:
        """Rich's, for what is coloured, wrapped or ruled; most outputs to a file get by without importing it."""
        from rich.console import Console

        return Console(
            file=self.output, width=self.width, force_terminal=self.page.is_terminal, force_jupyter=False,
            markup=False, emoji=False, highlight=False, legacy_windows=False,
            # The width is given; whatever else COLUMNS may say, Rich is not to read it.
            _environ={name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
        )  # fmt: skip

    def flush(self) -> None:
        """Put the lines into the output, with their colours if there are any."""
        if self.lines and self.page.is_terminal:
            self.console.print(Text("\n").join(self.lines), no_wrap=True, overflow="ignore", crop=False)
        else:
            self.output.writelines(line.plain + "\n" for line in self.lines)
        self.lines.clear()

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
            case Working():
                self.working(block)
            case MatrixRow():
                self.matrix_row(block)
            case Listing():
                for line in block.lines:
                    self.print_uncut(Text(" " * 2 * INDENT + self.characters.fit(line)))

    def heading(self, heading: Heading) -> None:
        """A title after a blank line, with its aside behind it."""
        text = Text(self.words(heading.text, heading.names), HEADING_STYLES[heading.level])
        if heading.aside:
            text = Text.assemble(text, "  ", (self.words(heading.aside, heading.names), "dim"))
        self.print_uncut(Text())
        self.print_wrapped(text, hanging=INDENT)

    def paragraph(self, paragraph: Paragraph) -> None:
        """Sentences, wrapped."""
        first = self.characters.fit(PARAGRAPH_SIGNS.get(paragraph.role, ""))
        style = "italic" if paragraph.role in ("note", "remark") else ""
        words = self.words(paragraph.text, paragraph.names)
        for line in wrap_prose(words, max(self.width - len(first), 1)):
            self.print_uncut(Text(first).append(line, style))
            # A remark is set off along its whole length, by something other than its type.
            first = first if paragraph.role == "remark" else " " * len(first)

    def formula(self, formula: Formula) -> None:
        """One line, or a line for each case; a line that is too long goes on further in."""
        for line in formula_lines(formula):
            self.print_hanging(wrap_formula(self.characters.fit(line), self.width - INDENT * 3))

    def tensor(self, tensor: TensorBlock) -> None:
        """The tables, one row of matrices after the other, then the legend."""
        layout = lay_out(tensor, self.width - INDENT, self.page.shorten, self.characters)
        if layout.scalar is not None:
            line = self.characters.fit(f"{tensor.name} {layout.scalar_sign} ") + layout.scalar
            self.print_hanging(wrap_numbers(line, self.width - INDENT * 3))
        for number, row in enumerate(layout.rows):
            if number:
                self.print_uncut(Text())
            self.side_by_side(row)
        self.legend(tensor, layout)

    def equations(self, block: Equations) -> None:
        """A line an element, wrapped between its terms."""
        written, is_shortened = block.lines(self.page.shorten)
        fit = self.characters.fit
        margin = max(cell_len(fit(left.text)) for left, _, _ in written)
        for left, right, value in written:
            shown = "" if value is None else fit(f" {value.sign} {value.both}")
            lead = " " * (INDENT + margin - cell_len(fit(left.text))) + fit(f"{left.text} {right.sign} ")
            lines = wrap_terms(fit(right.both) + shown, self.width - INDENT - margin - len(" = "))
            self.print_uncut(Text(lead + lines[0]))
            for line in lines[1:]:
                self.print_uncut(Text(f"{'':{INDENT + margin + 3}}{line}"))
        if is_shortened:
            words = self.words(SHORTENED_LETTERS.format(count=len(block.equations)))
            self.print_wrapped(Text(words, "italic"), INDENT)

    def side_by_side(self, row: Sequence[Picture]) -> None:
        """Matrices next to each other, line by line: a number wider than the terminal runs over its edge, uncut."""
        for number in range(max(len(picture.lines) for picture in row)):
            line = Text(" " * INDENT)
            for picture in row:
                part = picture.lines[number] if number < len(picture.lines) else Text()
                line.append_text(part).append(" " * (picture.width - part.cell_len + GAP_BETWEEN_MATRICES))
            self.print_uncut(line)

    def table(self, table: Table) -> None:
        """A line a row; where the page is too narrow, cells on the left are wrapped and those on the right are not."""
        from rich.box import ASCII2, SIMPLE_HEAD
        from rich.padding import Padding
        from rich.table import Table as RichTable

        box = SIMPLE_HEAD if self.characters.can_write("─") else ASCII2
        drawn = RichTable(box=box, pad_edge=False, show_edge=False, header_style="bold")
        for column in table.columns:
            is_number = column.align == "right"
            heading = Text(self.words(column.heading, table.names))
            drawn.add_column(heading, justify=column.align, no_wrap=is_number, overflow="fold")
        for row in table.rows:
            drawn.add_row(*(Text(self.words(cell, table.names)) for cell in row))
        if self.narrowest(table) > self.width - INDENT:
            self.records(table)
            return
        self.flush()
        self.console.print(Padding(drawn, (0, 0, 0, INDENT), expand=False))

    def narrowest(self, table: Table) -> int:
        """Columns that a table needs if no word and no number is to be broken."""
        columns = zip(*([self.words(cell, table.names) for cell in row] for row in table.rows), strict=True)
        needed = 0
        for column, cells in zip(table.columns, columns, strict=False):
            width = cell_len if column.align == "right" else widest_unit
            needed += max(map(width, (self.words(column.heading, table.names), *cells)))
        return needed + GAP_BETWEEN_COLUMNS * (len(table.columns) - 1)

    def records(self, table: Table) -> None:
        """A table that fits no page so narrow: a row as its first cell, and the others below it by their headings."""
        for first, *cells in table.rows:
            self.print_wrapped(Text(self.words(first, table.names), "bold"), INDENT)
            headings = [self.words(column.heading, table.names) for column in table.columns[1:]]
            texts = [self.words(cell, table.names) for cell in cells]
            pieces = [f"{heading}: {text}  " for heading, text in zip(headings, texts, strict=True) if text]
            room = max(self.width - 2 * INDENT, 1)
            for line in fill(pieces, room):
                for part in wrap_prose(line, room):
                    self.print_uncut(Text(" " * 2 * INDENT + part))

    def legend(self, tensor: TensorBlock, layout: Layout) -> None:
        """What the signs mean, and what is not shown."""
        notes = self.meanings(tensor.marks)
        if layout.has_undecided:
            notes.append(UNDECIDED)
        if layout.is_shortened:
            notes.append(SHORTENED.format(count=prod(tensor.shape)))
        for note in notes:
            self.print_wrapped(Text(self.words(note), "italic"), INDENT)

    def meanings(self, marks: Sequence[MarkKind]) -> list[Phrase]:
        """What the signs of these marks mean."""
        return [LEGEND.format(sign=SIGNS[mark], meaning=MEANINGS[mark]) for mark in marks]

    def working(self, working: Working) -> None:
        """Step by step, lined up at the signs."""

        def aside(line: Line) -> str:
            return self.words(line.aside) if line.aside else ""

        for line in working_lines(working, self.width - INDENT, self.characters, aside):
            self.print_uncut(Text(" " * INDENT).append_text(line))

    def matrix_row(self, row: MatrixRow) -> None:
        """Matrices side by side, and below them what the marks mean."""
        for cells in matrix_rows(row, self.width - INDENT, self.characters, self.page.shorten):
            self.print_uncut(Text(" " * INDENT).append_text(Text(GAP).join(cells)))
        for note in self.meanings(row.marks):
            self.print_wrapped(Text(self.words(note), "italic"), INDENT)

    def words(self, phrase: Phrase, names: Names | None = None) -> str:
        """A phrase in the page's language and characters, its mathematics as text."""
        if names is None:
            return self.characters.fit(phrase.text(self.language))
        return self.characters.fit("".join(map(self.span, spans(phrase.markup(self.language), names))))

    def span(self, span: Span) -> str:
        """A stretch of text; names stay in their backquotes, as they do where there is no mathematics."""
        match span:
            case Plain():
                return span.text
            case Code():
                return f"`{span.text}`"
            case Formula():
                return " ".join(formula_lines(span))

    def print_wrapped(self, text: Text, indent: int = 0, hanging: int = 0) -> None:
        """Text that goes on in the next line, `hanging` columns further in."""
        room = self.width - indent
        lines: Sequence[Text] = [text]
        if text.cell_len > room:
            lines = list(text.wrap(self.console, max(room - hanging, 1)))
        for number, line in enumerate(lines):
            margin = " " * (indent + hanging if number else indent)
            self.print_uncut(Text(margin).append_text(line))

    def print_hanging(self, lines: Sequence[str]) -> None:
        """Lines of which all but the first stand further in."""
        for number, line in enumerate(lines):
            self.print_uncut(Text(" " * INDENT * (3 if number else 1) + line))

    def print_uncut(self, text: Text) -> None:
        """A line as it is, whatever its width."""
        self.lines.append(text)
