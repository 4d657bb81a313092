"""Formulas as MathML: each kind of node as the standard writes it, long ones in pieces that lose nothing."""

import re
from xml.etree import ElementTree

import pytest

from cnncalc.render.formula.formula import Formula
from cnncalc.render.renderers.mathml import mathml, mathml_name, mathml_pieces

NAMES = {"x": "F", "y": "conv_1", "g": "dL/dconv_1"}
TABLE = [
    (r"\x_{c,i}", "<msub><mi>F</mi><mrow><mi>c</mi><mo>,</mo><mi>i</mi></mrow></msub>"),
    (r"\y", "<mi>conv_1</mi>"),
    (r"\frac{1}{2}", "<mfrac><mn>1</mn><mn>2</mn></mfrac>"),
    (
        r"\g_i",
        "<mfrac><mrow><mi>∂</mi><mi>L</mi></mrow><mrow><mi>∂</mi><msub><mi>conv_1</mi><mi>i</mi></msub></mrow></mfrac>",
    ),
    (r"\sum_i^n", "<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover>"),
    (r"\max_i", '<munder><mi>max</mi><mi>i</mi></munder><mspace width="0.1667em"></mspace>'),
    (r"\sqrt{\x + 1}", '<msqrt><mrow><mi>F</mi><mo form="infix">+</mo><mn>1</mn></mrow></msqrt>'),
    (r"-1", '<mo form="prefix">−</mo><mn>1</mn>'),
    (r"\hat{\x}", '<mover accent="true"><mi>F</mi><mo stretchy="false">^</mo></mover>'),
    (r"\x^\top", "<msup><mi>F</mi><mi>⊤</mi></msup>"),
    (r"\x^2_i", "<msup><msub><mi>F</mi><mi>i</mi></msub><mn>2</mn></msup>"),
    (r"\text{ or } \mathrm{a}", '<mtext>\u00a0or\u00a0</mtext><mi mathvariant="normal">a</mi>'),
    (r"a \le b", '<mi>a</mi><mo form="infix" stretchy="false">≤</mo><mi>b</mi>'),
    (r"a < b", '<mi>a</mi><mo form="infix" stretchy="false">&lt;</mo><mi>b</mi>'),
]


@pytest.mark.parametrize(("source", "expected"), TABLE, ids=[source for source, _ in TABLE])
def test_nodes(source: str, expected: str) -> None:
    written = mathml(Formula(source, NAMES), display=True)
    row = re.fullmatch(r'<math displaystyle="true">(?:<mrow>(.*)</mrow>|(.*))</math>', written)
    assert row is not None
    assert expected in (row[1], row[2])


def test_within_words_a_sum_has_its_index_beside_it() -> None:
    assert mathml(Formula(r"\sum_i", NAMES)) == "<math><msub><mo>∑</mo><mi>i</mi></msub></math>"


def test_within_words_gradients_are_slanted() -> None:
    assert re.sub("<[^>]*>", "", mathml(Formula(r"\g_i^2", NAMES))) == "(∂L/∂conv_1i)2"
    assert "<mfrac>" not in mathml(Formula(r"\g_i + \frac{\partial a}{\partial b}", NAMES))
    assert mathml(Formula(r"\frac{1}{2}", NAMES)).count("<mfrac>") == 1


def test_what_left_and_right_enclose_is_a_row_with_stretchy_fences() -> None:
    written = mathml(Formula(r"2 \left( \frac{1}{2} \right)", NAMES))
    assert '<mn>2</mn><mrow><mo stretchy="true" form="prefix">(</mo><mfrac>' in written
    assert '</mfrac><mo stretchy="true" form="postfix">)</mo></mrow>' in written
    assert 'stretchy="true"' not in mathml(Formula(r"2 (3)", NAMES))


def test_what_right_closes_may_have_a_power() -> None:
    written = mathml(Formula(r"\left( a \right)^2 + \left[ b \right]_i", NAMES))
    ElementTree.fromstring(written)
    assert '</mi><msup><mo stretchy="true" form="postfix">)</mo><mn>2</mn></msup></mrow>' in written
    inside = " + ".join(rf"\x_{{{number}}}" for number in range(1, 30))
    assert len(mathml_pieces(Formula(rf"\left( a \right)^2 + {inside}", NAMES))) > 5


def test_cases_stand_behind_a_brace() -> None:
    written = mathml(Formula(r"\begin{cases} 1 & a > 0 \\ 0 & b \end{cases}", NAMES))
    assert '<mo stretchy="true" form="prefix">{</mo><mtable class="cases"' in written
    assert written.count("<mtr>") == 2
    assert written.count("<mtd>") == 4


def test_names() -> None:
    assert mathml_name("θ") == '<math displaystyle="true"><mi>θ</mi></math>'
    assert "<mfrac>" in mathml_name("dL/dW")
    assert "<mi>a&lt;b</mi>" in mathml_name("a<b")
    whole, part = mathml_name("dL/dW"), mathml_name("dL/dW via s")
    fraction = whole.partition(">")[2].removesuffix("</math>")
    line = '<mo form="postfix" lspace="0" rspace="0" stretchy="true">|</mo>'
    use = "<mrow><mtext>via\u00a0</mtext><mi>s</mi></mrow>"
    assert part == f'<math displaystyle="true"><msub><mrow>{fraction}{line}</mrow>{use}</msub></math>'


def test_a_short_formula_is_one_element() -> None:
    assert len(mathml_pieces(Formula(r"\x_1 + \x_2 = 3", NAMES))) == 1


def test_a_long_formula_breaks_in_front_of_signs_and_loses_nothing() -> None:
    terms = " + ".join(rf"(-{number}) \cdot \x_{{{number}}}" for number in range(1, 30))
    formula = Formula(rf"\y = {terms}", NAMES)
    pieces = mathml_pieces(formula)
    assert len(pieces) > 8

    def characters(text: str) -> str:
        return re.sub("<[^>]*>", "", text)

    assert "".join(map(characters, pieces)) == characters(mathml(formula))
    for piece in pieces[1:]:
        assert re.match(r'<math displaystyle="true"><mo form="infix"[^>]*>[=+·]</mo>', piece), piece


def test_what_stretches_is_never_torn_apart() -> None:
    inside = " + ".join(rf"\x_{{{number}}}" for number in range(1, 30))
    for piece in mathml_pieces(Formula(rf"\y = 1 + \left( {inside} \right) + {inside}", NAMES)):
        assert piece.count("<mrow>") == piece.count("</mrow>")
