"""A Document for a terminal, or for a plain text file: as wide as the page, and no number ever cut."""

import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from textwrap import indent

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from cnncalc.language import Language, Phrase
from cnncalc.records import Record
from cnncalc.render.document import (
    MEANINGS,
    SHORTENED_LETTERS,
    UNDECIDED,
    Boxes,
    Document,
    Equations,
    Figure,
    Heading,
    Line,
    Listing,
    MarkKind,
    MatrixRow,
    Paragraph,
    Table,
    TensorBlock,
    Working,
    writer_of,
)
from cnncalc.render.formula.formula import Code, Formula, Plain, Span, spans
from cnncalc.render.formula.formula_nodes import Names
from cnncalc.render.formula.formula_text import text as formula_lines
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.renderers.plain_text import Characters, fill, wrap_formula, wrap_numbers, wrap_prose, wrap_terms
from cnncalc.render.renderers.terminal_tables import LEGEND as HEAT
from cnncalc.render.renderers.terminal_tables import Tables
from cnncalc.render.table.matrices import AROUND

WIDEST_LEFT = 18
"""A longer left side stands on a line of its own."""
FURTHER_IN = 2
GAP = "   "


def working_lines(working: Working, width: int, characters: Characters, words: Callable[[Line], str]) -> Iterator[Text]:
    """Each step in a line, lined up at its sign; `words` gives a line's aside in the page's language."""
    left = characters.fit(" ".join(formula_text(working.formula(working.left)))) if working.left else ""
    is_short = 0 < cell_len(left) <= min(WIDEST_LEFT, width // 4)
    margin = cell_len(left) + 1 if is_short else FURTHER_IN
    if left and not is_short:
        yield Text(left)
    steps: list[list[tuple[str, str]]] = []
    for number, line in enumerate(working.lines):
        right, aside = characters.fit(" ".join(formula_text(working.formula(line.right)))), words(line)
        front = left if number == 0 and is_short else ""
        is_further = line.sign in ("+", "-")
        further = " " * FURTHER_IN if is_further else ""
        lead = f"{front}{' ' * (margin - cell_len(front))}{further}{characters.fit(line.sign)} "
        pieces = _broken(right, max(width - cell_len(lead), 1), cell_len(aside) + len(GAP) if aside else 0)
        leads = [lead, *[" " * (margin + FURTHER_IN)] * (len(pieces) - 1)]
        spoken = len(pieces) - 1 if line.is_aside_last else 0
        if not is_further or not steps:
            steps.append([])
        for place, (before, piece) in enumerate(zip(leads, pieces, strict=True)):
            steps[-1].append((before + piece.rstrip(), aside if place == spoken else ""))
    for step in steps:
        yield from _with_asides(step, width, margin + FURTHER_IN)


def _with_asides(lines: Sequence[tuple[str, str]], width: int, margin: int) -> Iterator[Text]:
    """Lines with what is said of them behind them, in a column where there is room for one."""
    column = max((cell_len(line) for line, aside in lines if aside), default=0)
    widest = max(cell_len(aside) for _, aside in lines)
    is_column = column + len(GAP) + widest <= width
    for line, aside in lines:
        made = Text(line.ljust(len(line) + column - cell_len(line)) if aside and is_column else line)
        if aside and made.cell_len + len(GAP) + cell_len(aside) > width:
            # Not even behind it is there room.
            yield made
            made = Text(" " * (margin - len(GAP)))
        if aside:
            made.append(GAP + aside, "dim")
        yield made


def _broken(right: str, width: int, reserved: int) -> list[str]:
    """A sum in lines, broken in front of its signs, with room behind each for what is said of it."""
    if cell_len(right) + reserved <= width:
        return [right]
    lines = [""]
    for part in _summands(right):
        if lines[-1] and cell_len(lines[-1]) + cell_len(part) + reserved > width:
            lines.append("")
        lines[-1] += part if lines[-1] else part.lstrip()
    return [piece for line in lines for piece in wrap_formula(line, width)]


def _summands(right: str) -> list[str]:
    """The sum cut in front of each sign that stands between blanks outside of parentheses; of what is within, none."""
    depth, start, parts = 0, 0, []
    for place, letter in enumerate(right):
        depth += (letter in "([") - (letter in ")]")
        if depth <= 0 and right[place : place + 3] in (" + ", " - "):
            parts.append(right[start:place])
            start = place
    return [*parts, right[start:]]


INDENT = 2
_NAMES = re.compile(r"`[^`]+`(?:(?:, |、)`[^`]+`)*")
NARROWEST = 20
BOUNDLESS = 1_000_000
"""Columns of the console: lines are broken here, and what is wider than the page is cut nowhere."""
LEGEND = Phrase("{sign} {meaning}")
SHORTENED = Phrase("Shortened; --all shows all {count} numbers.")
PARAGRAPH_SIGNS = {"item": "• ", "note": " " * INDENT, "remark": "│ "}
HEADING_STYLES = {1: "bold", 2: "bold underline", 3: "bold cyan", 4: "italic"}


class Page(Record):
    """What a Document is printed on."""

    width: int = 100
    encoding: str = "utf-8"
    language: Language = "en"
    is_terminal: bool = False
    """Whether colours and bold type are wanted; NO_COLOR and TERM have their say too."""
    shorten: bool = True
    closed: bool = False
    """Whether tables have lines on all sides, for paper, where nothing is bold or dim."""
    heat: bool = False
    """Whether the cells of tensors are shaded by sign and size, where there are colours."""


def render(document: Document, page: Page) -> str:
    """The Document as text, with a terminal's escape sequences only where it is one."""
    renderer = _Renderer(page)
    for block in document.blocks:
        writer_of(renderer, block)(block)
    renderer.flush()
    return "\n".join(line.rstrip() for line in renderer.output.getvalue().split("\n")).lstrip("\n")


class _Renderer:
    """One function a kind of block; what they print are lines, kept until a table is drawn."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.width = max(page.width, NARROWEST)
        self.characters = Characters(page.encoding)
        # Half a sentence in code points helps nobody: where Chinese cannot be written, English can.
        can_write = self.characters.can_write("数值")
        self.language: Language = page.language if can_write else "en"
        self.lines: list[Text] = []
        self.output = StringIO()
        self.console = Console(
            file=self.output, width=BOUNDLESS, force_terminal=page.is_terminal, force_jupyter=False,
            markup=False, emoji=False, highlight=False, legacy_windows=False,
            # The width is given; whatever else COLUMNS may say, Rich is not to read it.
            _environ={name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")},
        )  # fmt: skip
        is_shaded = page.heat and not self.console.no_color
        self.colors = self.console.color_system if is_shaded else None
        self.tables = Tables(self.width - INDENT, self.characters, page.shorten, page.closed, self.colors)
        self.is_heat_explained = self.colors is None

    def flush(self) -> None:
        """Put the lines into the output, with their colours if there are any."""
        if self.lines and self.page.is_terminal:
            self.console.print(Text("\n").join(self.lines), no_wrap=True, overflow="ignore", crop=False)
        else:
            self.output.writelines(line.plain + "\n" for line in self.lines)
        self.lines.clear()

    def boxes(self, boxes: Boxes) -> None:
        """Brackets to write into."""
        self.print_wrapped(Text(self.words(boxes.label)), INDENT)
        for _ in range(boxes.rows):
            self.lines.append(Text(" " * 2 * INDENT + " ".join(["[        ]"] * boxes.columns)))

    def listing(self, listing: Listing) -> None:
        """Lines as they stand."""
        for line in listing.lines:
            self.lines.append(Text(" " * 2 * INDENT + self.characters.fit(line)))

    def figure(self, figure: Figure) -> None:
        """What says the same with tables and words."""
        for block in figure.instead:
            writer_of(self, block)(block)

    def heading(self, heading: Heading) -> None:
        """A title after a blank line, with its aside behind it."""
        text = Text(self.words(heading.text, heading.names), HEADING_STYLES[heading.level])
        if heading.aside:
            text = Text.assemble(text, "  ", (self.words(heading.aside, heading.names), "dim"))
        self.lines.append(Text())
        self.print_wrapped(text, hanging=INDENT)

    def paragraph(self, paragraph: Paragraph) -> None:
        """Sentences, wrapped."""
        first = self.characters.fit(PARAGRAPH_SIGNS.get(paragraph.role, ""))
        style = "italic" if paragraph.role in ("note", "remark") else ""
        words = self.words(paragraph.text, paragraph.names)
        for line in wrap_prose(words, max(self.width - len(first), 1)):
            self.lines.append(Text(first).append(line, style))
            # A remark is set off along its whole length, by something other than its type.
            first = first if paragraph.role == "remark" else " " * len(first)

    def formula(self, formula: Formula) -> None:
        """One line, or a line for each case; a line that is too long goes on further in."""
        for line in formula_lines(formula):
            self.print_hanging(wrap_formula(self.characters.fit(line), self.width - INDENT * 3))

    def tensor(self, tensor: TensorBlock) -> None:
        """The tables, one row of matrices after the other, then the legend."""
        shown = self.tables.panels(tensor)
        if shown.scalar is not None:
            value = shown.scalar.number
            line = self.characters.fit(f"{tensor.name} {value.sign} {value.both}")
            self.print_hanging(wrap_numbers(line, self.width - INDENT * 3))
        self.draw(self.tables.tensor(shown))
        self.legend(tensor.marks, shown.rows != ())
        if shown.has_undecided:
            self.note(UNDECIDED)
        if shown.shown < shown.count:
            self.note(SHORTENED.format(count=shown.count))

    def equations(self, block: Equations) -> None:
        """A line an element, wrapped between its terms."""
        written, is_shortened = block.lines(self.page.shorten)
        fit = self.characters.fit
        margin = max(cell_len(fit(left.text)) for left, _, _ in written)
        for left, right, value in written:
            shown = "" if value is None else fit(f" {value.sign} {value.both}")
            lead = " " * (INDENT + margin - cell_len(fit(left.text))) + fit(f"{left.text} {right.sign} ")
            lines = wrap_terms(fit(right.both) + shown, self.width - INDENT - margin - len(" = "))
            self.lines.append(Text(lead + lines[0]))
            for line in lines[1:]:
                self.lines.append(Text(f"{'':{INDENT + margin + 3}}{line}"))
        if is_shortened:
            self.note(SHORTENED_LETTERS)

    def table(self, table: Table) -> None:
        """A line a row; where the page is too narrow, cells on the left are wrapped and those on the right are not."""
        headings = [self.words(column.heading, table.names) for column in table.columns]
        rows = [[self.words(cell, table.names) for cell in row] for row in table.rows]
        drawn = self.tables.of_words(table.columns, headings, rows)
        if drawn is None:
            self.records(headings, rows)
        else:
            self.draw([drawn])

    def records(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """A table that fits no page so narrow: a row as its first cell, and the others below it by their headings."""
        for first, *texts in rows:
            self.print_wrapped(Text(first, "bold"), INDENT)
            colon = "：" if self.language == "zh" else ": "
            pieces = [f"{heading}{colon}{text}  " for heading, text in zip(headings[1:], texts, strict=True) if text]
            room = max(self.width - 2 * INDENT, 1)
            for line in fill(pieces, room):
                for part in wrap_prose(line, room):
                    self.lines.append(Text(" " * 2 * INDENT + part))

    def draw(self, tables: Iterable[RenderableType]) -> None:
        """Tables as wide as they are, one below the other, with a blank line between."""
        self.flush()
        for number, table in enumerate(tables):
            with self.console.capture() as drawn:
                self.console.print(table, crop=False)
            self.output.write("\n" * (number > 0) + indent(drawn.get(), " " * INDENT))

    def legend(self, marks: Sequence[MarkKind], has_cells: bool = True) -> None:
        """What the signs mean, and below the first cells what their shades do."""
        for mark in marks:
            self.note(LEGEND.format(sign=" ".join(AROUND[mark]).strip(), meaning=MEANINGS[mark]))
        if has_cells and not self.is_heat_explained:
            self.note(HEAT)
            self.is_heat_explained = True

    def note(self, phrase: Phrase) -> None:
        """What there is to say about what stands above."""
        self.print_wrapped(Text(self.words(phrase), "italic"), INDENT)

    def working(self, working: Working) -> None:
        """Step by step, lined up at the signs."""

        def aside(line: Line) -> str:
            return self.words(line.aside) if line.aside else ""

        for line in working_lines(working, self.width - INDENT, self.characters, aside):
            self.lines.append(Text(" " * INDENT).append_text(line))

    def matrix_row(self, row: MatrixRow) -> None:
        """Matrices side by side, and below them what the marks mean."""
        self.draw(self.tables.row(row))
        self.legend(row.marks)

    def words(self, phrase: Phrase, names: Names | None = None) -> str:
        """A phrase in the page's language and characters, its mathematics as text."""
        if names is None:
            text = phrase.text(self.language)
        else:
            text = "".join(map(self.span, spans(phrase.markup(self.language), names)))
        # Names that stand alone, as in a cell of a table, need no quotes.
        return self.characters.fit(text.replace("`", "") if _NAMES.fullmatch(text) else text)

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
            self.lines.append(Text(margin).append_text(line))

    def print_hanging(self, lines: Sequence[str]) -> None:
        """Lines of which all but the first stand further in."""
        for number, line in enumerate(lines):
            self.lines.append(Text(" " * INDENT * (3 if number else 1) + line))
