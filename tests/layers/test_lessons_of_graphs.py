"""Lessons on graphs say only what holds there, and worked solutions show what a gradient comes together from."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.render.builders.worked.worked import Wishes, worked
from cnncalc.render.document import Block, Equations, Figure, Heading, Paragraph, Table
from cnncalc.render.formula.formula import Formula
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.trace import Trace

from .test_lessons import remarks, tensor_of

RESIDUAL = """
input: {name: x, value: [1, -2]}
layers:
  - fc: {name: c, weight: {name: W, value: [[1, 2], [3, -1]]}}
  - identity: {name: i, input: x}
  - add: {name: s, inputs: [%s]}
upstream: [3, 5]
"""
BRANCHES = """
input: {name: x, value: [1, -2]}
layers:
  - fc: {name: c, input: x, weight: {value: [[1, 2], [3, -1]]}}
  - fc: {name: i, input: x, weight: {value: [[1, 1], [0, -1]]}}
  - add: {name: s, inputs: [c, i]}
upstream: [3, 5]
"""
TWICE = """
input: {name: x, value: [1, -2]}
layers:
  - fc: {name: one, weight: {name: W, value: [[1, 2], [3, -1]]}}
  - relu: {name: t}
  - fc: {name: two, weight: {share: W}}
upstream: [%s]
"""
GATED = """
inputs: {x: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], k: [0.5, 2]}
layers:
  - sigmoid: {name: g, input: k}
  - multiply: {name: y, inputs: [x, %s]}
  - flatten
  - concat: {name: all, inputs: [flatten_1, g], axis: features}
"""


def solved(text: str) -> Trace:
    return cnncalc.solve(cnncalc.loads(text))


def blocks_of(text: str) -> tuple[Block, ...]:
    return worked(solved(text), Wishes(method="none")).blocks


def headings(blocks: tuple[Block, ...]) -> list[str]:
    """The tensors in the order in which they are worked out."""
    return [tensor_of(block) for block in blocks if isinstance(block, Heading) and block.level == 3]


def said_of(text: str, tensor: str) -> str:
    """The first sentences on a tensor."""
    blocks = blocks_of(text)
    at = next(n for n, block in enumerate(blocks) if getattr(block, "level", 0) == 3 and tensor_of(block) == tensor)
    first = blocks[at + 1]
    assert isinstance(first, Paragraph)
    return first.text.en


def test_the_parts_stand_in_front_of_their_sum() -> None:
    backward = [name for name in headings(blocks_of(TWICE % "3, 5")) if name.startswith("dL/")]
    assert backward == ["dL/dtwo", "dL/dt", "dL/done", "dL/dW via one", "dL/dW via two", "dL/dW", "dL/dx"]


def test_a_part_that_is_asked_for_stands_once() -> None:
    questions = 'questions: {1: "dL/dW via two", 2: "dL/dW"}\n'
    names = headings(blocks_of(questions + TWICE % "3, 5"))
    assert names.count("dL/dW via two") == names.count("dL/dW via one") == names.count("dL/dW") == 1
    assert names.index("dL/dW via two") < names.index("dL/dW via one") < names.index("dL/dW")


@pytest.mark.parametrize(("text", "takes"), [(TWICE % "3, 5", None), (RESIDUAL % "c, i", ["`x`", "`x`", "`c`, `i`"])])
def test_what_layers_take_is_listed_where_it_is_no_chain(text: str, takes: list[str] | None) -> None:
    (table,) = next(block for block in blocks_of(text) if isinstance(block, Figure)).instead
    assert isinstance(table, Table)
    titles = [column.heading.en for column in table.columns]
    assert ("takes" in titles) == (takes is not None)
    if takes is not None:
        assert [row[titles.index("takes")].en for row in table.rows] == takes


def test_a_skip_connection_is_one_where_an_input_is_made_of_the_other() -> None:
    assert "skip connection" in said_of(RESIDUAL.replace("  - identity: {name: i, input: x}\n", "") % "c, x", "s")
    assert "skip connection" in said_of(RESIDUAL % "c, i", "s")
    assert "skip connection" in said_of(RESIDUAL % "c, i", "dL/di")
    assert "skip connection" not in said_of(RESIDUAL % "c, i", "dL/dc")
    assert "skip connection" not in said_of(BRANCHES, "s")


PROJECTED = """
input: {name: x, value: [[[1, -2], [3, 4]]]}
layers:
  - conv: {name: a, weight: {value: [[1, 0, 2], [0, 1, 0], [1, 1, -1]]}, padding: same}
  - conv: {name: b, weight: {value: [[1, 2], [0, -1]]}, padding: same, input: %s}
  - conv: {name: p, input: x, weight: {value: [[2]]}}
  - add: {name: s, inputs: [b, p%s]}
upstream: [[[1, 1], [1, 1]]]
"""


def test_a_projection_is_one_beside_more_than_a_single_layer() -> None:
    assert "skip connection with a projection" in said_of(PROJECTED % ("a", ""), "s")
    assert "projection" not in said_of(PROJECTED % ("x", ", a"), "s")


def test_the_network_decides_only_by_numbers_that_it_computes() -> None:
    assert "decides how much each channel counts" in said_of(GATED % "g", "y")
    assert "decides" not in said_of(GATED % "k", "y")
    assert "multiplies all elements of that channel" in said_of(GATED % "k", "y")


def test_users_of_a_shared_tensor_are_named() -> None:
    assert "shared by `one` and `two`" in said_of(TWICE % "3, 5", "dL/dW")
    heads = [block for block in blocks_of(TWICE % "3, 5") if isinstance(block, Heading) and block.level == 3]
    about = next(block.aside for block in heads if tensor_of(block) == "W")
    assert about is not None
    assert about.en.endswith("weight of one and two")
    assert about.zh.endswith("one 和 two 的权重")


def test_a_part_that_is_zero_is_noticed() -> None:
    silent = BRANCHES.replace("[[1, 1], [0, -1]]", "[[0, 0], [0, 0]]")
    assert remarks(silent, "dL/dx") == ["What comes back via `i` is 0 everywhere, so it adds nothing."]
    assert remarks(BRANCHES, "dL/dx") == []
    opposite = BRANCHES.replace("[[1, 1], [0, -1]]", "[[-1, -2], [-3, 1]]")
    assert remarks(opposite, "dL/dx") == ["The parts cancel each other: their sum is 0 everywhere."]


SQUARE = """
inputs: {x: {symbol: x, shape: [2]}, k: {symbol: k, shape: [2]}}
layers:
  - multiply: {name: m, inputs: [x, %s]}
  - add: {name: s, inputs: [m, x]}
upstream: {symbol: g, shape: [2]}
"""


@pytest.mark.parametrize(("other", "has_chain_rule"), [("x", False), ("k", True)])
def test_no_derivative_is_written_by_a_tensor_that_comes_in_twice(other: str, has_chain_rule: bool) -> None:
    text = (SQUARE % other).replace(", k: {symbol: k, shape: [2]}", "") if other == "x" else SQUARE % other
    lines = [line for block in blocks_of(text) if isinstance(block, Formula) for line in formula_text(block)]
    via = "∂L/∂x[i] via m:1" if other == "x" else "∂L/∂x[i] via m"
    assert (f"{via} = ∂L/∂m[i]·∂m[i]/∂x[i]" in lines) == has_chain_rule
    assert f"{via} = ∂L/∂m[i]·{other}[i]" in lines
    assert ("The number behind a colon" in said_of(text, "dL/dx")) != has_chain_rule


def test_elements_of_a_part_in_letters_have_their_index_in_front_of_the_use() -> None:
    whole = worked(solved(SQUARE % "k"), Wishes(method="none", length="everything")).blocks
    blocks = [block for block in whole if isinstance(block, Equations)]
    written = [[equation.left.text for equation in block.equations] for block in blocks]
    assert ["∂L/∂x₁ via m", "∂L/∂x₂ via m"] in written
