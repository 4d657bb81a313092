"""Worked solutions of single numbers: a graph drawn with what it holds, nothing given or computed said twice."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

import pytest

import cnncalc
from cnncalc.layers import REGISTRY
from cnncalc.render.builders import workings
from cnncalc.render.builders.sizes.words import OPTIONS
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Document, Figure, Heading, Paragraph, Working
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.table.number import Number

from .test_window import read_svg, read_tikz

CIRCUITS = [
    'expressions: {s: "w*x + b", f: "1/(1 + exp(-s))"}\nvalues: {w: 2, x: -1, b: 0.5}\n',
    'expressions: {f: "2*(x*y + max(z, w)) - x^2"}\nvalues: {x: 3, y: -4, z: 2, w: -1}\n',
]


def document(text: str) -> Document:
    return worked(cnncalc.solve(cnncalc.loads(text)), Wishes())


@pytest.mark.parametrize("text", CIRCUITS)
def test_a_graph_of_numbers_is_drawn_with_them(text: str) -> None:
    """Each box: its name, its value, the gradient by it, as central differences of the solved output have it."""
    trace = cnncalc.solve(cnncalc.loads(text))
    figure = next(block for block in document(text).blocks if isinstance(block, Figure))
    for texts in (read_svg(figure.drawing), read_tikz(figure.drawing)):
        texts = [one.replace(r"\approx", "≈") for one in texts]
        values = {found[1]: found[2] for one in texts if (found := re.fullmatch(r"(\w+) [=≈] (\S+)", one))}
        slopes = [found[1] for one in texts if (found := re.fullmatch(r"∂ [=≈] (\S+)", one))]
        assert {name for name in trace.names if not name.startswith("d")} == values.keys()
        for (name, value), slope in zip(values.items(), slopes, strict=True):
            assert float(value) == pytest.approx(trace[name].value, rel=1e-5)
            assert float(slope) == pytest.approx(trace[f"df/d{name}"].value, rel=1e-5)


@pytest.mark.parametrize("text", CIRCUITS)
def test_no_formula_stands_again_at_the_head_of_its_calculation(text: str) -> None:
    blocks = document(text).blocks
    assert sum(isinstance(block, Working) for block in blocks) > 10
    for formula, working in pairwise(block for block in blocks if isinstance(block, Formula | Working)):
        if isinstance(formula, Formula) and isinstance(working, Working):
            first = Formula(f"{working.left} = {working.lines[0].right}", working.names)
            assert formula_text(formula) != formula_text(first)


def test_several_numbers_are_given_in_one_line() -> None:
    said = [block.text.en for block in document(CIRCUITS[1]).blocks if isinstance(block, Paragraph)]
    assert sum(one.count("$") == 8 and "= 3" in one and "= -4" in one for one in said) == 1


def test_what_nobody_copies_out_is_named_in_a_brief_solution() -> None:
    text = "input: {name: x, fill: 2, shape: [12, 12]}\nlayers: [flatten, fc: {units: 2, weight: 1/10, bias: [1, 2]}]\n"
    for length, count in (("brief", 1), ("full", 0)):
        blocks = worked(cnncalc.solve(cnncalc.loads(text)), Wishes(length=length)).blocks  # type: ignore[arg-type]
        said = [one.text.en for one in blocks if isinstance(one, Paragraph) and "not repeated" in one.text.en]
        assert [one.count("$") for one in said] == [4] * count


def test_an_example_is_not_one_of_zeros_where_there_are_others() -> None:
    """The first outputs of a ReLU are closed; what is shown of the gradient of the weights is not 0·0 = 0."""
    weight = [[-1] * 6] * 8 + [[1] * 6] * 2
    layers = f"[fc: {{name: a, weight: {{name: W, value: {weight}}}}}, relu, fc: {{weight: {[[1, 2] * 5]}}}]"
    text = f"input: [1, 2, 3, 4, 5, 6]\nlayers: {layers}\nloss: {{half_squared_error: {{target: [1]}}}}\n"
    trace = cnncalc.solve(cnncalc.loads(text))
    for length in ("brief", "full"):
        blocks = worked(trace, Wishes(length=length)).blocks  # type: ignore[arg-type]
        workings = [block for block in blocks if isinstance(block, Working)]
        of_weights = [one for one in workings if "∂L/∂W[" in " ".join(formula_text(Formula(one.left, one.names)))]
        assert any(one.lines[-1].right != "0" for one in of_weights)


def test_a_picture_that_nobody_copies_out_is_left_out_of_a_brief_solution_unless_asked_for() -> None:
    conv = "conv: {name: y, weight: {name: w, value: [[1, 2], [3, 4]]}}"
    for size, is_shown in ((6, True), (20, False)):
        text = f"input: {{name: x, random: {{seed: 1}}, shape: [{size}, {size}]}}\nlayers:\n  - {conv}\n"
        shape = cnncalc.solve(cnncalc.loads(text))["y"].shape
        trace = cnncalc.solve(cnncalc.loads(f"{text}upstream: {{fill: 1, shape: {list(shape)}}}\n"))
        for method, expected in ((None, is_shown), ("rotated", True)):
            blocks = worked(trace, Wishes(length="brief", method=method)).blocks
            headings = [block.text.en for block in blocks if isinstance(block, Heading) and block.level == 4]
            assert bool(headings) == expected


@pytest.mark.parametrize("name", REGISTRY)
def test_options_are_words_in_chinese(name: str) -> None:
    """Every option that is read in the picture and the table of the layers."""
    assert REGISTRY[name].options().keys() <= OPTIONS.keys()


@pytest.mark.parametrize("length", ["brief", "full"])
def test_what_is_0_is_not_near_to_0(length: str) -> None:
    """A sum of which every term has a factor 0, and the 0 of a ReLU, beside numbers that are rounded."""
    text = (
        "input: [1, 2]\nlayers: [fc: {name: a, weight: [[1, 1], [0, 0], [-1, 0]]}, tanh, fc: {name: b, weight:"
        " [[1, 0, 1], [-1, 0, 0]]}, relu: {name: r}, fc: {weight: [[1, 0]]}]\nloss: {half_squared_error: {target: [1]}}"
    )
    blocks = worked(cnncalc.solve(cnncalc.loads(text)), Wishes(length=length)).blocks  # type: ignore[arg-type]
    lines = [block.lines for block in blocks if isinstance(block, Working)]
    assert any(line.aside is not None for working in lines for line in working) == (length == "full")
    for working in lines:
        signs = [line.sign for line in working if line.right in ("0", "0.0")]
        assert "≈" not in signs, working


def test_a_number_whose_exponent_is_too_long_for_a_decimal_is_nothing_beside_others() -> None:
    """e^(-10^150) has an exponent of 150 digits, and as a fraction more digits than there are atoms."""
    assert workings._shown(Number("1.5e-" + "9" * 150)) == 0
    assert workings._shown(Number("1.5e" + "9" * 150)) is None
    assert workings._shown(Number("-1.5e-3")) == Fraction(-3, 2000)
    assert workings._shown(Number("1/3")) == Fraction(1, 3)
    assert workings._shown(Number("exp(-1)")) is None
