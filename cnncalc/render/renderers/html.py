"""A Document as one HTML file: nothing is loaded from anywhere, no script runs, formulas are MathML."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import count
from pathlib import Path

from cnncalc.language import Language, Phrase
from cnncalc.render.document import (
    Boxes,
    Cell,
    Document,
    Figure,
    Heading,
    Line,
    Listing,
    MarkKind,
    Matrix,
    MatrixRow,
    Paragraph,
    Table,
    Working,
)
from cnncalc.render.formula.formula import TOKEN, Formula, spans
from cnncalc.render.formula.formula_nodes import Name
from cnncalc.render.formula.formula_text import display_name
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.formula.term_formula import value_formula
from cnncalc.render.renderers.mathml import mathml, mathml_name, mathml_pieces
from cnncalc.render.renderers.renderer import MarkupRenderer
from cnncalc.render.table.matrices import Paper, is_equation, with_signs
from cnncalc.render.table.matrix_latex import column_blocks, matrix_width
from cnncalc.render.table.number import Number
from cnncalc.visible import visible

SIGNS: Mapping[MarkKind, str] = {
    "closed": "({number})",
    "winner": "{number}<sup>∗</sup>",
    "window": "<mark>{number}</mark>",
    "target": "<strong>{number}</strong>",
    "filler": "<i>{number}</i>",
    "wrong": "<b>{number}</b><sup>✗</sup>",
    "follows": "{number}<sup>→</sup>",
}
"""How a marked number looks without any colour; the style sheet adds to it."""
PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?|\(-?\d+(?:,-?\d+)*\)")
"""What is text in a cell: a number that is written in one line, or the place of a winner."""
STYLE = (Path(__file__).parent / "style" / "page.css").read_text(encoding="utf-8")
"""Light and dark, screen, telephone and paper, without anything from elsewhere."""
SIGN_CHARACTERS = {"-": "−"}
TITLE = Phrase("Solution")
LANGUAGES: Mapping[Language, str] = {"en": "en", "zh": "zh-Hans"}
CONTENTS = Phrase("Contents")
FEWEST_IN_CONTENTS = 8
END = "</div>"
"""Headings of a document that is longer than a page."""
NARROW = 30
"""Characters of a matrix that fit a telephone."""
WIDEST = 88
"""Characters of a matrix that fit a printed page."""


def render(document: Document, language: Language = "en", shorten: bool = True) -> str:
    """The Document as a complete page."""
    renderer = _Renderer(language, shorten)
    titles = [renderer.title(block) for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    title = titles[0] if titles else renderer.words(TITLE)
    renderer.know(block for block in document.blocks if isinstance(block, Heading))
    body = "\n".join(renderer.blocks(document.blocks))
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGES[language]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="color-scheme" content="light dark">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n'
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def fragment(document: Document, language: Language = "en", shorten: bool = True) -> str:
    """The same for a place in another page, such as a notebook: its style is for it alone."""
    page = render(document, language, shorten)
    body = page.partition("<main>\n")[2].rpartition("\n</main>")[0]
    style = STYLE.replace(":root", ":scope").replace("\nbody {", "\n:scope {")
    return f'<div class="cnncalc"><style>@scope (.cnncalc) {{\n{style}}}</style>\n<main>\n{body}\n</main></div>'


class _Renderer(MarkupRenderer):
    paper = Paper(WIDEST, 10**9)

    def __init__(self, language: Language, shorten: bool) -> None:
        super().__init__(language, shorten)
        self.anchored: list[tuple[str, Heading]] = []
        """Each part and each tensor with its anchor."""
        self.open_anchors: list[str] = []
        """Those of headings that are still to come."""

    items = "<ul>", "</ul>"
    note = '<p class="note">{}</p>'
    sample = '<p class="note"><span class="sample {mark}">{sign}</span> {meaning}</p>'

    def sign(self, mark: MarkKind) -> str:
        return SIGNS[mark].format(number="x")

    def boxes(self, boxes: Boxes) -> str:
        """Squares to write into."""
        row = "<tr>" + "<td></td>" * boxes.columns + "</tr>"
        head, body = f"<caption>{self.words(boxes.label)}</caption>", f"<tbody>{row * boxes.rows}</tbody>"
        return scrolled(f'<table class="boxes">{head}{body}</table>')

    def know(self, headings: Iterable[Heading]) -> None:
        """Give each part and each tensor its anchor, before anything leads there; the first of a name has it."""
        for heading in headings:
            if heading.level in (2, 3):
                anchor = anchor_of(self.title(heading))
                used = {known for known, _ in self.anchored}
                number = next(n for n in count(1) if f"{anchor}{f'-{n}' * (n > 1)}" not in used)
                self.anchored.append((f"{anchor}{f'-{number}' * (number > 1)}", heading))
        self.open_anchors = [anchor for anchor, _ in self.anchored]

    def contents(self) -> str:
        """A table of contents, of what is longer than a page."""
        if len(self.anchored) < FEWEST_IN_CONTENTS:
            return ""
        lines = []
        for anchor, heading in self.anchored:
            words = self.words(heading.text, heading.names)
            lines.append(f'<li class="level{heading.level}"><a href="#{escape(anchor)}">{words}</a></li>')
        inside = f"<ul>{''.join(lines)}</ul>"
        return f"<nav><details open><summary>{self.words(CONTENTS)}</summary>{inside}</details></nav>"

    def listing(self, listing: Listing) -> str:
        return f"<pre><code>{escape(chr(10).join(listing.lines))}</code></pre>"

    def figure(self, figure: Figure) -> str:
        from cnncalc.render.drawing.svg import svg

        return f'<figure class="drawing" tabindex="0">{svg(figure.drawing, self.language)}</figure>'

    def heading(self, heading: Heading) -> str:
        """A title, its aside smaller beside it."""
        tag = f"h{heading.level}"
        aside = f' <span class="aside">{self.words(heading.aside, heading.names)}</span>' if heading.aside else ""
        anchor = f' id="{escape(self.open_anchors.pop(0))}"' if heading.level in (2, 3) else ""
        made = f"<{tag}{anchor}>{self.words(heading.text, heading.names)}{aside}</{tag}>"
        # The contents stand in front of the first part.
        is_first = bool(anchor) and len(self.open_anchors) == len(self.anchored) - 1
        return self.contents() + made if is_first else made

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
                # What ends in a colon is printed on the same page as what it announces.
                return f'<p class="announces">{words}</p>' if words.endswith((":", "：")) else f"<p>{words}</p>"

    def scalar(self, name: str, number: Number) -> str:
        sides = f"{_inside(mathml_name(name))}<mo>{number.sign}</mo>{_inside(mathml(value_formula(number)))}"
        return f'<div class="formula"><math displaystyle="true">{sides}</math></div>'

    def formula(self, formula: Formula) -> str:
        return f'<div class="formula">{"".join(mathml_pieces(formula))}</div>'

    def working(self, working: Working) -> str:
        """Steps, lined up at their signs."""
        rows = [f'<div class="left">{"".join(mathml_pieces(working.formula(working.left)))}</div>']
        lines = [self.line(working, line, number) for number, line in enumerate(working.lines)]
        # Steps that flow stand one behind the other, as far as there is room.
        rows += [f"{lines[0][: -len(END)]}{''.join(lines[1:])}{END}"] if working.flows and lines else lines
        return f'<div class="working">{"".join(rows)}{self.origins(working)}</div>'

    def origins(self, working: Working) -> str:
        """Links from the factors of a calculation to where each was computed or given."""
        anchors = {anchor for anchor, _ in self.anchored}
        tokens = (token for line in working.lines for token in TOKEN.findall(line.right))
        nodes = dict.fromkeys(working.names.get(token.removeprefix("\\")) for token in tokens)
        called = (node.name if isinstance(node, Name) else node for node in nodes if isinstance(node, Name | str))
        names = [name for name in map(display_name, called) if anchor_of(name) in anchors]
        links = [f'<a href="#{escape(anchor_of(name))}">{self.escaped(name)}</a>' for name in names]
        return f'<div class="origins">↑ {" ".join(links)}</div>' if links else ""

    def line(self, working: Working, line: Line, number: int) -> str:
        """One step, or what goes on with a sum."""
        sign = f'<math><mo form="infix">{SIGN_CHARACTERS.get(line.sign, line.sign)}</mo></math>'
        aside = f' <span class="aside">{self.words(line.aside)}</span>' if line.aside else ""
        first, *others = mathml_pieces(working.formula(line.right))
        right = "".join(others) + aside
        if number and working.flows:
            return f' <span class="together">{sign}{first}</span>{right}'
        if line.sign in ("=", "≈"):
            return f'<div class="sign">{sign}</div><div class="right">{first}{right}{END}'
        return f'<div class="right further"><span class="together">{sign}{first}</span>{right}</div>'

    def matrix_row(self, row: MatrixRow) -> str:
        """Matrices side by side, as many as fit."""
        items = []
        for signs, matrix in with_signs(row):
            blocks = column_blocks(matrix, row, WIDEST) if matrix else []
            between = "".join(f'<span class="between">{mathml(row.formula(sign))}</span>' for sign in signs)
            item = between + "".join(matrix_table(block, row) for block in blocks[:1])
            items.append(f'<div class="signed">{item}</div>' if signs else item)
            items += (matrix_table(block, row) for block in blocks[1:])
        kind = "matrices equation" if is_equation(row) else "matrices"
        return f'<div class="{kind}">{"".join(items)}</div>{"".join(self.legend(row.marks))}'

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
        return scrolled(f'<table class="rows"><thead><tr>{head}</tr></thead>\n<tbody>{body}</tbody></table>')

    def inline(self, formula: Formula) -> str:
        return "".join(mathml_pieces(formula, display=False))

    def code(self, text: str) -> str:
        return f"<code>{self.escaped(text)}</code>"

    def escaped(self, text: str) -> str:
        """Text that cannot be taken for a tag; what HTML forbids or nobody sees is shown by its code."""
        return escape(visible(" ".join(re.split("[\n\t]", text))), quote=True)

    def title(self, heading: Heading) -> str:
        """A heading in characters alone, for the title of the window."""
        found = spans(heading.text.markup(self.language), heading.names)
        return self.escaped("".join(" ".join(formula_text(s)) if isinstance(s, Formula) else s.text for s in found))


def _inside(math: str) -> str:
    """What stands in a `<math>` element."""
    return math[math.index(">") + 1 : math.rindex("<")]


def matrix_table(matrix: Matrix, row: MatrixRow) -> str:
    """The table in a figure; `row` is what the matrix stands in."""
    head = ""
    if matrix.column_labels:
        corner = "<td></td>" if matrix.row_labels else ""
        labels = "".join(f'<th scope="col">{label or "⋯"}</th>' for label in matrix.column_labels)
        head = f"<thead><tr>{corner}{labels}</tr></thead>"
    tails = [_widest_tail(column) for column in zip(*matrix.rows, strict=True)]
    lines = []
    for position, cells in enumerate(matrix.rows):
        label = f'<th scope="row">{matrix.row_labels[position] or "⋮"}</th>' if matrix.row_labels else ""
        gap = "⋯" if any(cells) else "⋮"
        written = (_cell(cell, tail, gap) for cell, tail in zip(cells, tails, strict=True))
        lines.append(f"<tr>{label}{''.join(written)}</tr>")
    # A caption of the table itself would stretch a narrow matrix to its own width.
    caption = "".join(mathml_pieces(row.formula(matrix.caption))) if matrix.caption else ""
    caption = f"<figcaption>{caption}</figcaption>" if caption else ""
    table = f'<table class="matrix">{head}<tbody>{"".join(lines)}</tbody></table>'
    return f"<figure>{caption}{scrolled(table, matrix_width(matrix, row) > NARROW)}</figure>"


def scrolled(table: str, is_wide: bool = True) -> str:
    """A table that is moved under a narrow screen, and not the page with it; a wide one by the keyboard too."""
    keyboard = ' tabindex="0"' if is_wide else ""
    return f'<div class="scroll"{keyboard}>{table}</div>'


def anchor_of(title: str) -> str:
    """What an address may end in to lead to a heading: `dL/dW`, `Question-1`."""
    return re.sub(r"\s+", "-", title.replace("∂", "d").strip())


def _cell(cell: Cell | None, tail: float | None, gap: str) -> str:
    """One number with its marks, so far from the right that its decimal point stands over those of its column.

    Where a column's numbers have no decimal points to line up, `tail` is None.
    """
    if cell is None:
        return f'<td class="gap">{gap}</td>'
    written = _number(cell.number)
    for mark in sorted(cell.marks):
        written = SIGNS[mark].format(number=written)
    kinds = " ".join([*sorted(cell.marks), *(["centred"] if tail is None else [])])
    missing = tail - _tail(cell.number.both) if tail else 0
    place = f' style="--missing: {missing:g}"' if missing else ""
    return f'<td class="{kinds}"{place}>{written}</td>' if kinds else f"<td{place}>{written}</td>"


def _widest_tail(cells: Sequence[Cell | None]) -> float | None:
    """The longest tail of a column of plain numbers; None where fractions or powers are among them."""
    texts = [cell.number.both for cell in cells if cell]
    return max(map(_tail, texts), default=0.0) if all(map(PLAIN_NUMBER.fullmatch, texts)) else None


def _tail(text: str) -> float:
    """The width from the decimal point on, in digits; the point itself is narrow."""
    return len(text) - text.index(".") - 0.5 if "." in text else 0.0


def _number(number: Number) -> str:
    """A number, and its decimal if it has one; a plain one as text."""
    plain = number.both.replace("-", "−")
    return plain if PLAIN_NUMBER.fullmatch(number.both) else mathml(value_formula(number))
