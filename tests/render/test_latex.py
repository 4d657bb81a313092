r"""The LaTeX article: harmless words, balanced groups, the right engine. `.ci/run` compiles the worked solutions."""

import ast
import re
from pathlib import Path

import pytest

import cnncalc
from cnncalc.language import Language, Phrase, marked_up, verbatim
from cnncalc.render.builders.solution import select, solution
from cnncalc.render.document import Cell, Column, Document, Figure, Heading, Matrix, MatrixRow, Paragraph, Table
from cnncalc.render.drawing.drawing import Drawing
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_latex import latex, latex_inline, latex_lines, latex_name, latex_text, needs_xelatex
from cnncalc.render.renderers.latex import render
from cnncalc.render.table.matrices import GAP
from cnncalc.render.table.matrix_latex import in_blocks, matrix_latex, matrix_width, number_latex
from cnncalc.render.table.number import Number
from cnncalc.trace import Trace

from .sample import DOCUMENT, HOSTILE


def body(text: str) -> str:
    return text.split("\\begin{document}\n")[1].split("\n\\end{document}")[0]


def check_balance(text: str) -> None:
    plain = re.sub(r"\\[{}\\]", "", text)
    depth = 0
    for character in plain:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    open_environments: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+)\}", text):
        if kind == "begin":
            open_environments.append(name)
        else:
            assert open_environments.pop() == name
    assert not open_environments


@pytest.mark.parametrize("language", ["en", "zh"])
def test_groups_and_environments_are_closed(uneven: Trace, homework: Trace, language: Language) -> None:
    for document in (DOCUMENT, *(solution(trace, select(trace)) for trace in (uneven, homework))):
        check_balance(render(document, language))


def test_the_engine_is_named_in_the_first_line() -> None:
    english = render(Document((Heading(1, verbatim("Café × 2 ≤ ∂ naïve")),)))
    assert english.startswith("% !TEX program = pdflatex\n")
    assert "xeCJK" not in english
    for text in (render(Document(()), "zh"), render(Document((Heading(1, verbatim("作业 11")),)))):
        assert text.startswith("% !TEX program = xelatex\n")
        assert "\\setCJKmainfont{FandolSong-Regular.otf}" in text


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("50% of a_b & c#d", r"50\% of a\_b \& c\#d"),
        (r"\input{x}", r"\textbackslash{}input\{x\}"),
        ("$5 ~ ^", r"\$5 \textasciitilde{} \textasciicircum{}"),
        ("--all", "-{}-all"),
        ("2 × 3 ≤ √2", r"2 $\times$ 3 $\leq$ $\surd$2"),
        ("卷积核，步长", "卷积核，步长"),
        ("a\x1bb", r"a\textbackslash{}x1bb"),
    ],
)
def test_words_are_harmless(words: str, expected: str) -> None:
    assert latex_text(words) == expected


def test_no_command_gets_in() -> None:
    known = {
        "textbackslash",
        "textless",
        "textgreater",
        "textasciitilde",
        "textasciigrave",
        "textbar",
        "partial",
        "surd",
    }
    written = body(render(Document((Paragraph(verbatim(HOSTILE)),))))
    assert set(re.findall(r"\\([a-zA-Z]+)", written)) <= known | {"textasciicircum", "textquotedbl"}


def test_what_needs_xelatex() -> None:
    assert not needs_xelatex("naïve Ő “quoted” – √2 ≈ 1.41, θ₁² …")
    assert needs_xelatex("θ 卷")
    assert needs_xelatex("Привет")


def test_what_is_said_in_english_needs_no_xelatex() -> None:
    """One sign that pdfLaTeX cannot set would ask for another engine, and for Chinese fonts."""
    said = []
    for folder in ("layers", "lessons", "losses", "optimizers"):
        for file in sorted((Path(cnncalc.__file__).parent / folder).rglob("*.py")):
            tree = ast.parse(file.read_text(encoding="utf-8"))
            docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
            constants = (node for node in ast.walk(tree) if isinstance(node, ast.Constant))
            texts = (node.value for node in constants if isinstance(node.value, str) and id(node) not in docstrings)
            said += [text for text in texts if not re.search("[\u2e80-\u9fff\uff00-\uffef]", text)]
    assert len(said) > 1000
    assert not list(filter(needs_xelatex, said))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("W", "W"),
        ("conv_1", r"\mathrm{conv\_1}"),
        ("θ", r"{\theta}"),
        ("卷积_1", r"{\text{卷}\text{积}\mathrm{\_1}}"),
        ("x^2", r"\mathrm{x\wedge 2}"),
    ],
)
def test_names(name: str, expected: str) -> None:
    assert latex_name(name) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (Number("1/3", "0.333333"), r"\frac{1}{3} \approx 0.333333"),
        (Number("-1.5e-18"), r"-1.5\cdot10^{-18}"),
        (Number("log(5)", "1.60944"), r"\log(5) \approx 1.60944"),
        (Number("?", undecided=True), r"\text{?}"),
        (Number("x", "?", letters={"x": ("x", ())}), r"x \approx \text{?}"),
        (Number("-1/(exp(-1) + 1)^2"), r"-1/(\exp( - 1) + 1)^{2}"),
        (Number("1/(e + 1)²"), "1/(e + 1)^{2}"),
        (Number("2/(1 + exp(-1))^2"), r"2/(1 + \exp( - 1))^{2}"),
        (Number("1/(1 + (e + 1)^2)"), r"\frac{1}{1 + (e + 1)^{2}}"),
        (Number("1/(1 + exp(-x) + …", letters={"x": ("x", ())}), r"\frac{1}{1 + \exp( - x) + \ldots}"),
    ],
)
def test_numbers(number: Number, expected: str) -> None:
    assert number_latex(number) == expected


def column(*texts: str) -> str:
    rows = tuple((Cell(Number(text)),) for text in texts)
    matrix = Matrix("", rows)
    return matrix_latex(matrix, MatrixRow((matrix,)))


def test_decimal_points_stand_below_each_other() -> None:
    assert column("-78.4", "80", "1.25") == (
        r"\left[\begin{array}{r} -78.4\phantom{0} \\ 80\phantom{.00} \\ 1.25 \end{array}\right]"
    )
    assert column("1/2", "3") == r"\left[\begin{array}{c} \tfrac{1}{2} \\ 3 \end{array}\right]"


def test_a_large_matrix_has_its_indices_at_its_sides() -> None:
    rows = ((Cell(Number("5")), None), (None, None))
    matrix = Matrix(r"\x", rows, ("1", None), ("1", None))
    assert matrix_latex(matrix, MatrixRow((matrix,), {"x": "F"})) == (
        r"F = \begin{array}{r|rr}  & \scriptstyle 1 & \scriptstyle \cdots \\ \hline "
        r"\scriptstyle 1 & 5 & \cdots \\ \scriptstyle \vdots & \vdots & \vdots \end{array}"
    )


def test_long_tables_go_over_pages_and_wide_ones_wrap() -> None:
    def table(rows: int, words: str) -> str:
        columns = (Column(verbatim("a")), Column(verbatim("b"), "right"))
        return body(render(Document((Table(columns, ((verbatim(words), verbatim("1")),) * rows),))))

    assert r"\begin{tabular}{@{}lr@{}}" in table(3, "short")
    assert r"p{" in table(3, "long words " * 20)
    assert r"\begin{longtable}" in table(30, "short")


def test_within_words_gradients_are_slanted() -> None:
    formula = Formula(r"\g_{i}^{2} \cdot \frac{\partial a}{\partial b} + \frac{1}{2}", {"g": "dL/dW"})
    assert latex_inline(formula) == r"(\partial L/\partial W_{i})^{2}\cdot\partial a/\partial b + \frac{1}{2}"
    assert latex(formula).startswith(r"\frac{\partial L}{\partial W_{i}}^{2}\cdot\frac{\partial a}")


def test_captions_in_an_equation_of_matrices_hold_no_equals_sign() -> None:
    matrix = Matrix(r"\x", ((Cell(Number("5")),),))
    bare = r"\left[\begin{array}{r} 5 \end{array}\right]"
    assert matrix_latex(matrix, MatrixRow((matrix, matrix), {"x": "F"})) == rf"F = {bare}"
    assert matrix_latex(matrix, MatrixRow((matrix, GAP, matrix), {"x": "F"})) == rf"F = {bare}"
    row = MatrixRow((matrix, r"\ast", matrix), {"x": "F"})
    assert matrix_latex(matrix, row) == rf"\overset{{\textstyle F}}{{{bare}}}"


def test_long_commands_may_be_broken() -> None:
    text = body(
        render(Document((Paragraph(marked_up("`conv_1` `cnncalc explain problems/hw11.yaml 'dL/dh[1,2,3,1]'`")),)))
    )
    assert text.strip().startswith(
        r"\texttt{conv\_1} \texttt{cnncalc explain problems/\allowbreak{}hw11.\allowbreak{}yaml"
    )


def test_what_cannot_be_broken_is_shrunk() -> None:
    long = " + ".join(f"b_{{{number}}}" for number in range(40))
    shrunk = render(Document((Formula(rf"a = \sqrt{{{long}}} + c \cdot d + e \cdot f + g \cdot h + k"),)))
    # The part alone: around it TeX may break the line.
    assert re.search(r"\\formula\{a +\\allowbreak \\shrunk\{=\\sqrt\{b_\{0\}", shrunk)
    assert r"}} \allowbreak +c" in shrunk
    assert r"\shrunk{" not in body(render(Document((Formula(f"a = {long}"),))))


def test_a_wide_fraction_is_written_with_a_stroke_where_lines_may_end() -> None:
    long = " + ".join(f"b_{{{number}}}" for number in range(40))
    written = body(render(Document((Formula(rf"a = \frac{{1}}{{c + \frac{{d}}{{{long}}}}}"),))))
    assert re.search(r"=\s*1/\(c", written)
    assert re.search(r"d/\(b_\{0\}", written)
    assert r"b_{39}))" in written
    assert r"\shrunk{" not in written
    assert r"\frac{1}{c + d}" in render(Document((Formula(r"a = \frac{1}{c + d}"),)))


def test_long_formulas_are_broken_and_lose_nothing() -> None:
    source = "a = " + " + ".join(f"b_{{{number}}}" for number in range(40))
    lines = latex_lines(Formula(source), 60)
    assert 2 <= len(lines) <= 6
    assert "".join(lines).replace(" ", "") == source.replace(" ", "")


def test_a_matrix_that_is_too_wide_comes_in_blocks_of_columns_and_loses_nothing() -> None:
    texts = [[str(100 * row + column) for column in range(40)] for row in range(2)]
    matrix = Matrix(r"\x", tuple(tuple(Cell(Number(text)) for text in line) for line in texts))
    row = MatrixRow((matrix, r"\cdot", matrix), {"x": "F"})
    assert in_blocks(matrix, row, matrix_width(matrix, row)) == [matrix_latex(matrix, row)]
    blocks = in_blocks(matrix, row, 60)
    bodies = [re.findall(r"\\begin\{array\}\{r+\} (.*?) \\end\{array\}", block)[0].split(r" \\ ") for block in blocks]
    joined = [[cell for lines in bodies for cell in lines[line].split(" & ")] for line in range(2)]
    assert joined == texts
    ranges = [re.findall(r"\\underset\{\\scriptstyle (\d+) \\ldots (\d+)\}", block) for block in blocks]
    assert [int(first) for ((first, _),) in ranges[1:]] == [int(last) + 1 for ((_, last),) in ranges[:-1]]
    assert [r"\overset" in block for block in blocks] == [True, *[False] * (len(blocks) - 1)]


@pytest.mark.parametrize(("columns", "gap", "room"), [(10, None, 62), (10, 6, 62), (23, None, 40)])
def test_blocks_of_a_vector_are_even_and_all_labelled(columns: int, gap: int | None, room: int) -> None:
    cells = tuple(None if at == gap else Cell(Number(f"-0.{at:05}")) for at in range(columns))
    labels = tuple(None if at == gap else str(at + 1) for at in range(columns))
    matrix = Matrix(r"\x", (cells,), column_labels=labels)
    row = MatrixRow((matrix,), {"x": "F"})
    blocks = in_blocks(matrix, row, room)
    counts = [len(re.findall(r"-0\.\d{5}|\\cdots", re.sub(r"\\scriptstyle \\cdots", "", block))) for block in blocks]
    assert sum(counts) == columns
    assert len(counts) > 1
    assert max(counts) - min(counts) <= 1
    if gap is not None or columns > 10:
        shown = [found for block in blocks for found in re.findall(r"\\scriptstyle (\d+|\\cdots)", block)]
        assert shown == [label or r"\cdots" for label in labels]


def test_a_section_keeps_room_below_its_heading() -> None:
    """A table that goes over pages would leave it alone; headings below a section stand close to what they head."""
    text = render(Document((Heading(2, verbatim("All results")), Heading(3, verbatim("h")))))
    assert "\\need\\section*" in text
    assert text.count("\\need\\") == 1


def test_no_package_is_asked_for_that_may_be_missing() -> None:
    for language in ("en", "zh"):
        head = render(Document(()), language).split(r"\begin{document}")[0]  # type: ignore[arg-type]
        assert r"\IfFileExists{lmodern.sty}{\usepackage{lmodern}}{}" in head


def test_without_tikz_stands_what_says_the_same() -> None:
    table = Table((Column(marked_up("layer")),), ((marked_up("conv_1"),),))
    text = render(Document((Figure(Drawing(1, 1, ()), (table,)),)))
    assert r"\IfFileExists{tikz.sty}{\usepackage{tikz}" in text
    drawn, instead = text.partition(r"\drawing{\begin{tikzpicture}")[2].split(r"\end{tikzpicture}}{")
    assert "layer" not in drawn
    assert r"\textbf{layer}" in instead


def test_an_index_at_the_beginning_of_a_row_is_no_width() -> None:
    # booktabs: \midrule[width], LaTeX: \\[width].
    columns = (Column(Phrase(en="Cell", zh="元素")), Column(Phrase(en="Yours", zh="答案"), "right"))
    rows = tuple((verbatim(f"[1,{at}]"), verbatim("2")) for at in (1, 2))
    text = render(Document((Table(columns, rows),)), "en")
    assert "\n{}[1,1] & 2" in text
    assert "\n[1" not in text
