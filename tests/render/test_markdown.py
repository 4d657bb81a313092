"""The Markdown, read by a CommonMark parser that knows nothing of mathematics: no formula may be touched by it."""

import html
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from cnncalc.language import Language, Phrase, verbatim
from cnncalc.problem.loader import load
from cnncalc.render.builders.solution import select, solution
from cnncalc.render.document import Document, Heading, Paragraph
from cnncalc.render.renderers.markdown import markdown_math, math_text, render
from cnncalc.solver import solve
from cnncalc.trace import Trace

from ..problem_files import PROBLEMS as WITH_NUMBERS
from .sample import DOCUMENT, HOSTILE, NAMES

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
DISPLAY = re.compile(r"^\$\$\n(.*?)\n\$\$$", re.DOTALL | re.MULTILINE)
PROBLEMS = [path for path in WITH_NUMBERS if path.stem != "lenet5"]


def formulas(markdown: str) -> list[str]:
    inline = re.findall(r"(?<!\\)\$([^$\n]+)\$", DISPLAY.sub("", markdown))
    return DISPLAY.findall(markdown) + inline


def check_formulas_survive(markdown: str) -> int:
    page = PARSER.render(markdown)
    found = formulas(markdown)
    for formula in found:
        assert html.escape(formula) in page, f"Markdown spoils {formula}"
        plain = re.sub(r"\\begin\{array\}\{[rcl|]+\}", "", formula)
        assert not re.search(r"\\[^A-Za-z]|\\operatorname|\\phantom|[<>*~|]|\[|\]", plain), formula
    assert page.count("$$") == markdown.count("$$") == 2 * len(DISPLAY.findall(markdown))
    return len(found)


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("problem", PROBLEMS, ids=lambda path: path.stem)
def test_no_formula_of_a_problem_is_spoilt(problem: Path, language: Language) -> None:
    trace = solve(load(problem))
    assert check_formulas_survive(render(solution(trace, select(trace)), language)) > 5


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_formula_of_any_block_is_spoilt(language: Language) -> None:
    assert check_formulas_survive(render(DOCUMENT, language)) > 10


@pytest.mark.parametrize(
    ("latex", "expected"),
    [
        (r"\mathrm{conv\_1}_{f,i}", r"\mathrm{conv\underline{\enspace}1} _{f,i}"),
        (r"a \\ b", r"a \cr b"),
        (r"\left[ x < y \right] * z", r"\left\lbrack x \lt y \right\rbrack \ast z"),
        (r"\{a \mid b\}\,|c|", r"\lbrace a \mid b\rbrace \thinspace \vert c\vert"),
        (r"\operatorname{relu} x", r"\mathop{\mathrm{relu}} x"),
        (r"1\phantom{.50}", "1"),
        (r"\begin{array}{r|rr} |a| \end{array}", r"\begin{array}{r|rr} \vert a\vert \end{array}"),
        (r"\text{ and }", r"\text{ and }"),
    ],
)
def test_spellings(latex: str, expected: str) -> None:
    assert markdown_math(latex) == expected


def test_words_in_mathematics_hold_no_command() -> None:
    assert math_text(r"100% & a_b \x {c} $") == r"\text{100％ ＆ a b ＼x (c) ＄}"


def test_words_stay_words() -> None:
    page = PARSER.render(render(Document((Paragraph(verbatim(HOSTILE)),))))
    assert page == f"<p>{html.escape(HOSTILE)}</p>\n"


@pytest.mark.parametrize("start", ["# a", "- a", "+ a", "1. a", "12) a", "=== a", "> a"])
def test_a_paragraph_never_begins_as_something_else(start: str) -> None:
    assert PARSER.render(render(Document((Paragraph(verbatim(start)),)))) == f"<p>{html.escape(start)}</p>\n"


def test_chinese_stands_clear_of_formulas() -> None:
    text = render(Document((Paragraph(Phrase(en="", zh="其中$\\x$，$\\y$为"), names=NAMES),)), "zh")
    assert text == "其中 $F$ ， $\\mathrm{conv\\underline{\\enspace}1}$ 为\n"


def test_names_in_headings_keep_their_underscores() -> None:
    assert render(Document((Heading(2, verbatim("conv_1 _x y_")),))) == "## conv_1 \\_x y\\_\n"


def test_homework(homework: Trace) -> None:
    text = render(solution(homework, select(homework, ["conv_1"])))
    assert text.split("$$\n")[3].splitlines() == [
        r"\mathrm{conv\underline{\enspace}1} _{1} = \left\lbrack \begin{array}{rr} -22 & -22 \cr",
        r"{-26} & -26 \end{array}\right\rbrack \qquad \mathrm{conv\underline{\enspace}1} _{2} = "
        r"\left\lbrack \begin{array}{rr} 98 & 100 \cr",
        r"100 & 98 \end{array}\right\rbrack",
    ]
