"""A Document as one HTML file: nothing is loaded from anywhere, no script runs, formulas are MathML."""

import re
from collections.abc import Iterable, Mapping
from html import escape

from cnncalc.language import Language, Phrase
from cnncalc.render.document import (
    MEANINGS,
    Block,
    Cell,
    Document,
    Equations,
    Heading,
    Line,
    MarkKind,
    Matrix,
    MatrixRow,
    Paragraph,
    Table,
    TensorBlock,
    Working,
)
from cnncalc.render.equation_formulas import equation_formulas
from cnncalc.render.formula import Formula
from cnncalc.render.html_style import STYLE
from cnncalc.render.inline import Code, Plain, spans
from cnncalc.render.mathml import mathml, mathml_name, mathml_pieces
from cnncalc.render.number_formula import number_formula
from cnncalc.render.panels import Paper, is_equation, panels, with_signs

SIGNS: dict[MarkKind, str] = {
    "closed": "({number})",
    "winner": "{number}<sup>∗</sup>",
    "window": "<u>{number}</u>",
    "target": "<b>{number}</b>",
    "filler": "<i>{number}</i>",
    "wrong": "<b>{number}</b><sup>✗</sup>",
    "follows": "{number}<sup>→</sup>",
}
"""How a marked number looks without any colour; the style sheet adds to it."""
SIGN_CHARACTERS = {"-": "−"}
TITLE = Phrase(en="Solution", zh="解答")
PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?|\(-?\d+(?:,-?\d+)*\)")
LANGUAGES: Mapping[Language, str] = {"en": "en", "zh": "zh-Hans"}
ABOUT_EQUAL = " ≈ "
WIDEST = 88
"""Characters of a matrix that fit a printed page."""


def render(document: Document, language: Language = "en", shorten: bool = True) -> str:
    """The Document as a complete page."""
    renderer = _Renderer(language, shorten)
    titles = [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    title = renderer.plain((titles or [TITLE])[0])
    body = "\n".join(renderer.blocks(document.blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGES[language]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


class _Renderer:
    """One function a kind of block."""

    def __init__(self, language: Language, shorten: bool) -> None:
        self.language: Language = language
        self.paper = Paper(WIDEST, 10**9, shorten)

    def blocks(self, blocks: Iterable[Block]) -> Iterable[str]:
        """Each block; items that follow one another are one list."""
        in_list = False
        for block in blocks:
            is_item = isinstance(block, Paragraph) and block.role == "item"
            if is_item != in_list:
                yield "<ul>" if is_item else "</ul>"
                in_list = is_item
            yield self.block(block)
        if in_list:
            yield "</ul>"

    def block(self, block: Block) -> str:
        """One block of any kind."""
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph():
                return self.paragraph(block)
            case Formula():
                return f'<div class="formula">{"".join(mathml_pieces(block))}</div>'
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

    def heading(self, heading: Heading) -> str:
        """A title, its aside smaller beside it."""
        tag = f"h{heading.level}"
        aside = f' <span class="aside">{self.words(heading.aside, heading.names)}</span>' if heading.aside else ""
        return f"<{tag}>{self.words(heading.text, heading.names)}{aside}</{tag}>"

    def paragraph(self, paragraph: Paragraph) -> str:
        """Sentences."""
        words = self.words(paragraph.text, paragraph.names)
        match paragraph.role:
            case "item":
                return f"<li>{words}</li>"
            case "remark":
                return f'<aside class="remark"><p>{words}</p></aside>'
            case "note" | "byline":
                return f'<p class="{paragraph.role}">{words}</p>'
            case "plain":
                return f"<p>{words}</p>"

    def tensor(self, tensor: TensorBlock) -> str:
        """The number, or the matrices, and what there is to say about them."""
        shown = panels(tensor, self.paper)
        written = [self.matrix_row(row) for row in shown.rows]
        if shown.scalar is not None:
            number = shown.scalar.number
            parts = [number.text, *([number.decimal] if number.decimal else [])]
            values = "<mo>≈</mo>".join(_inside(mathml(number_formula(part))) for part in parts)
            name = _inside(mathml_name(tensor.name))
            written.append(f'<div class="formula"><math displaystyle="true">{name}<mo>=</mo>{values}</math></div>')
        return "\n".join([*written, *(f'<p class="note">{self.plain(note)}</p>' for note in shown.notes)])

    def equations(self, block: Equations) -> str:
        """A formula an element."""
        formulas, note = equation_formulas(block, self.paper.shorten)
        written = [f'<div class="formula">{"".join(mathml_pieces(formula))}</div>' for formula in formulas]
        return "\n".join([*written, *([f'<p class="note">{self.plain(note)}</p>'] if note else [])])

    def working(self, working: Working) -> str:
        """Steps, lined up at their signs."""
        rows = [f'<div class="left">{"".join(mathml_pieces(working.formula(working.left)))}</div>']
        rows += [self.line(working, line) for line in working.lines]
        return f'<div class="working">{"".join(rows)}</div>'

    def line(self, working: Working, line: Line) -> str:
        """One step, or what goes on with a sum."""
        sign = f'<math><mo form="infix">{SIGN_CHARACTERS.get(line.sign, line.sign)}</mo></math>'
        aside = f' <span class="aside">{self.plain(line.aside)}</span>' if line.aside else ""
        right = "".join(mathml_pieces(working.formula(line.right))) + aside
        if line.sign in ("=", "≈"):
            return f'<div class="sign">{sign}</div><div class="right">{right}</div>'
        return f'<div class="right further">{sign}{right}</div>'

    def matrix_row(self, row: MatrixRow) -> str:
        """Matrices side by side, as many as fit."""
        items = []
        for signs, matrix in with_signs(row):
            between = "".join(f'<span class="between">{mathml(row.formula(sign))}</span>' for sign in signs)
            item = between + (self.matrix(matrix, row) if matrix else "")
            items.append(f'<div class="signed">{item}</div>' if signs else item)
        kind = "matrices equation" if is_equation(row) else "matrices"
        return f'<div class="{kind}">{"".join(items)}</div>{self.legend(row.marks)}'

    def matrix(self, matrix: Matrix, row: MatrixRow) -> str:
        """A table with its indices as headings."""
        caption = "".join(mathml_pieces(row.formula(matrix.caption))) if matrix.caption else ""
        head = ""
        if matrix.column_labels:
            corner = "<td></td>" if matrix.row_labels else ""
            labels = "".join(f'<th scope="col">{label or "⋯"}</th>' for label in matrix.column_labels)
            head = f"<thead><tr>{corner}{labels}</tr></thead>"
        tails = [max(map(_tail, column)) for column in zip(*matrix.rows, strict=True)]
        lines = []
        for position, cells in enumerate(matrix.rows):
            label = f'<th scope="row">{matrix.row_labels[position] or "⋮"}</th>' if matrix.row_labels else ""
            gap = "⋯" if any(cells) else "⋮"
            written = (self.cell(cell, tail, gap) for cell, tail in zip(cells, tails, strict=True))
            lines.append(f"<tr>{label}{''.join(written)}</tr>")
        # A caption of the table itself would stretch a narrow matrix to its own width.
        caption = f"<figcaption>{caption}</figcaption>" if caption else ""
        table = _scrolled(f'<table class="matrix">{head}<tbody>{"".join(lines)}</tbody></table>')
        return f"<figure>{caption}{table}</figure>"

    def cell(self, cell: Cell | None, tail: float, gap: str) -> str:
        """One number with its marks, so far from the right that its decimal point stands over those of its column."""
        if cell is None:
            return f'<td class="gap">{gap}</td>'
        written = _number(cell.number.text)
        for mark in sorted(cell.marks):
            written = SIGNS[mark].format(number=written)
        kinds = f' class="{" ".join(sorted(cell.marks))}"' if cell.marks else ""
        missing = tail - _tail(cell)
        place = f' style="--missing: {missing:g}"' if missing else ""
        return f"<td{kinds}{place}>{written}</td>"

    def legend(self, marks: Iterable[MarkKind]) -> str:
        """What the signs mean."""
        entries = (
            f'<span class="sample {mark}">{SIGNS[mark].format(number="x")}</span> {self.plain(MEANINGS[mark])}'
            for mark in marks
        )
        return "".join(f'<p class="note">{entry}</p>' for entry in entries)

    def table(self, table: Table) -> str:
        """Rows under headings, each on the side where its column lines up."""
        heads = (
            f'<th scope="col" class="{column.align}">{self.words(column.heading, table.names)}</th>'
            for column in table.columns
        )
        rows = (
            "<tr>"
            + "".join(
                f'<td class="{column.align}">{self.words(cell, table.names)}</td>'
                for column, cell in zip(table.columns, row, strict=True)
            )
            + "</tr>"
            for row in table.rows
        )
        head, body = "".join(heads), "\n".join(rows)
        return _scrolled(f'<table class="rows"><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>')

    def words(self, phrase: Phrase, names: Mapping[str, str] | None) -> str:
        """Text with its formulas and names."""
        written = []
        for span in spans(phrase.text(self.language), names):
            match span:
                case Plain(text):
                    written.append(_escaped(text))
                case Code(text):
                    written.append(f"<code>{_escaped(text)}</code>")
                case Formula():
                    written.append(mathml(span))
        return "".join(written)

    def plain(self, phrase: Phrase) -> str:
        """Text without formulas."""
        return _escaped(phrase.text(self.language))


def _scrolled(table: str) -> str:
    """A table that is moved under a narrow screen, and not the page with it."""
    return f'<div class="scroll">{table}</div>'


def _escaped(text: str) -> str:
    """Text that cannot be taken for a tag; control characters, which HTML forbids, are shown by their code."""
    safe = "".join(c if c.isprintable() or c in "\n\t" else ascii(c)[1:-1] for c in text)
    return escape(safe, quote=True)


def _inside(math: str) -> str:
    """What stands in a `<math>` element."""
    return math[math.index(">") + 1 : math.rindex("<")]


def _tail(cell: Cell | None) -> float:
    """The width from the decimal point on, in digits; the point itself is narrow."""
    text = cell.number.text if cell else ""
    return len(text) - text.index(".") - 0.5 if "." in text and PLAIN_NUMBER.fullmatch(text) else 0.0


def _number(text: str) -> str:
    """A number, and its decimal if it has one; a plain one as text."""
    if PLAIN_NUMBER.fullmatch(text):
        return text.replace("-", "−")
    return " ≈ ".join(
        _number(part) if PLAIN_NUMBER.fullmatch(part) else mathml(number_formula(part)) for part in text.split(" ≈ ")
    )
