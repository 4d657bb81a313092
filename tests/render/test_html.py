"""The HTML page: well formed, complete in itself, readable in light and dark, with accessible tables."""

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from cnncalc.language import Language, marked_up, verbatim
from cnncalc.problem.loader import load
from cnncalc.render.builders.naming import step_names
from cnncalc.render.builders.solution import select, solution
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Cell, Document, Heading, Matrix, MatrixRow, Paragraph
from cnncalc.render.formula.formula import Formula
from cnncalc.render.renderers.html import STYLE, render
from cnncalc.render.renderers.mathml import mathml, mathml_pieces
from cnncalc.render.table.number import Number
from cnncalc.solver import solve
from cnncalc.trace import Trace

from ..problem_files import PROBLEMS
from .sample import BLOCKS, DOCUMENT, HOSTILE

VOID = ("meta", "br", "hr")
CHILDREN = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "munder": 2, "mover": 2, "munderover": 3}


class Page(HTMLParser):
    """Reads a page and holds that every element is closed, innermost first."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def attributes(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_page_is_well_formed_and_loads_nothing(language: Language) -> None:
    text = render(DOCUMENT, language)
    page = Page(text)
    assert text.startswith("<!DOCTYPE html>\n")
    assert page.attributes("html") == [{"lang": {"en": "en", "zh": "zh-Hans"}[language]}]
    assert len(page.attributes("h1")) == len(page.attributes("main")) == len(page.attributes("title")) == 1
    assert not {"script", "link", "img", "iframe", "a"} & {tag for tag, _ in page.elements}
    assert not re.search(r"url\(|@import|http", text)
    assert not any(name in ("src", "href", "srcset") for _, attributes in page.elements for name in attributes)


def test_lists_hold_items_and_headings_stand_in_order() -> None:
    page = Page(render(DOCUMENT))
    tags = [tag for tag, _ in page.elements]
    assert tags[tags.index("ul") : tags.index("ul") + 2] == ["ul", "li"]
    assert tags.count("ul") == 1
    assert [tag for tag in tags if re.fullmatch("h[1-6]", tag)] == ["h1", "h2", "h3", "h4"]


def test_tables_have_headings_with_a_scope() -> None:
    for kind in ("TensorBlock", "Table", "MatrixRow"):
        page = Page(render(Document(BLOCKS[kind])))
        assert page.attributes("table")
        heads = page.attributes("th")
        assert heads
        assert all(head["scope"] in ("row", "col") for head in heads)


def test_the_title_of_the_window_is_characters_alone() -> None:
    text = render(Document((Heading(1, marked_up(r"How $\g_{1,2}$ comes about"), names={"g": "dL/dh"}),)))
    assert "<title>How ∂L/∂h[1,2] comes about</title>" in text
    assert "<title>解答</title>" in render(Document(()), "zh")


def test_words_stay_words() -> None:
    text = render(Document((Heading(1, verbatim(HOSTILE)), Paragraph(verbatim(HOSTILE)))))
    page = Page(text)
    assert "script" not in {tag for tag, _ in page.elements}
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; $5 $x" in text


def test_decimal_points_stand_below_each_other() -> None:
    cells = tuple((Cell(Number(text)),) for text in ("-78.4", "80", "1.25"))
    text = render(Document((MatrixRow((Matrix("", cells),)),)))
    assert re.findall(r"<td.*?</td>", text) == [
        '<td style="--missing: 1">−78.4</td>',
        '<td style="--missing: 2.5">80</td>',
        "<td>1.25</td>",
    ]


def test_fractions_are_centred() -> None:
    cells = tuple((Cell(Number(text)),) for text in ("1/3", "80.5"))
    text = render(Document((MatrixRow((Matrix("", cells),)),)))
    assert text.count('<td class="centred">') == 2
    assert "--missing: " not in text.split("</style>")[1]


def colours(scheme: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6})\b", scheme))


LIGHT = colours(STYLE.split("@media")[0])
DARK = LIGHT | colours(STYLE.split("@media (prefers-color-scheme: dark)")[1].split("@media")[0].split("* {")[0])
PRINT = LIGHT | colours(STYLE.split("@media print")[1])


def luminance(colour: str) -> float:
    """The relative luminance of WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    channels = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [LIGHT, DARK, PRINT], ids=["light", "dark", "print"])
def test_words_stand_out_from_their_background(scheme: dict[str, str]) -> None:
    """A contrast of 4.5 : 1 at least, as WCAG 2.2 AA asks for text."""
    pairs = [("ink", "paper"), ("faint", "paper"), ("accent", "paper"), ("ink", "wash"), ("faint", "wash")]
    for ink, paper in [*pairs, ("ink", "window"), ("ink", "target"), ("faint", "window"), ("faint", "target")]:
        light, dark = sorted((luminance(scheme[ink]), luminance(scheme[paper])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, paper)


def check_mathml(element: ElementTree.Element) -> None:
    if element.tag in CHILDREN:
        assert len(element) == CHILDREN[element.tag], ElementTree.tostring(element)
    if element.tag in ("mi", "mn", "mo", "mtext"):
        assert element.text
        assert not len(element)
    elif element.tag != "mspace":
        assert len(element), ElementTree.tostring(element)
        assert not (element.text or "").strip()
    for child in element:
        check_mathml(child)


@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda path: path.stem)
def test_each_formula_of_a_layer_is_valid_mathml(problem: Path) -> None:
    trace = solve(load(problem))
    sources = {tensor.name: trace.formula(tensor.name) for tensor in trace}
    for name, source in sources.items():
        if source is not None:
            formula = Formula(source, step_names(trace, trace.step(name)))
            for written in (mathml(formula), mathml(formula, display=True), *mathml_pieces(formula)):
                check_mathml(ElementTree.fromstring(written))
    assert any(sources.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_formulas_of_documents_are_valid_mathml(uneven: Trace, homework: Trace, language: Language) -> None:
    for document in (DOCUMENT, *(solution(trace, select(trace)) for trace in (uneven, homework))):
        formulas = re.findall(r"<math\b.*?</math>", render(document, language))
        assert len(formulas) > 5
        for formula in formulas:
            check_mathml(ElementTree.fromstring(formula))


def links(page: str) -> tuple[list[str], list[str]]:
    """Anchors, and where links lead."""
    return re.findall(r'<h[23] id="([^"]*)"', page), re.findall(r'<a href="#([^"]*)"', page)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_part_and_tensor_has_an_anchor_and_every_link_leads_to_one(homework: Trace, language: Language) -> None:
    page = render(worked(homework, Wishes()), language)
    anchors, found = links(page)
    assert len(set(anchors)) == len(anchors)
    assert {"conv_1", "dL/dW", "dL/dflatten_1"} <= set(anchors)
    assert set(found) <= set(anchors)
    # The contents name them all, once and in order.
    assert re.findall(r'<a href="#([^"]*)"', page.split("<nav>")[1].split("</nav>")[0]) == anchors
    working = page.split('id="dL/dW"')[1].split('<div class="origins">')[1].split("</div>")[0]
    assert links(working)[1] == ["dL/dfc_1", "flatten_1"]


def test_a_short_page_has_no_contents() -> None:
    assert "<nav>" not in render(Document((Heading(1, verbatim("a")), Heading(2, verbatim("b")))))


def test_what_may_be_wider_than_a_telephone_takes_the_keyboard() -> None:
    def page(columns: int) -> str:
        matrix = Matrix("", (tuple(Cell(Number("1234")) for _ in range(columns)),))
        return render(Document((MatrixRow((matrix,)),))).split("<main>")[1]

    assert 'class="scroll">' in page(3)
    assert 'class="scroll" tabindex="0">' in page(9)
    assert page(40).count("<figure>") == 3
    assert re.findall(r'<th scope="col">(\d+)</th>', page(40)) == [str(number + 1) for number in range(40)]
