"""Letters in the other commands: explanations, documents, and answers in numbers."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.render.formula.formula_latex import latex
from cnncalc.render.formula.formula_text import text as text_of
from cnncalc.render.formula.term_formula import number_formula
from cnncalc.render.table.number import Number

from ..command import run


def test_an_explanation_is_in_letters() -> None:
    result = run(["explain", "problems/letters_one_channel.yaml", "dL/dx[1,2,2]"])
    assert result.returncode == 0
    assert "∂L/∂y₁₁·w₃₃" in result.stdout


def test_a_sum_of_letters_is_a_factor_in_parentheses() -> None:
    result = run(["explain", "problems/letters_softmax.yaml", "dJ/dW[1,1]"])
    assert "(p₁₁ - z₁₁)·x₁₁" in result.stdout


@pytest.mark.parametrize("kind", ["markdown", "latex", "html"])
def test_every_format_writes_equations(kind: str) -> None:
    result = run(["solve", "problems/letters_batch_norm.yaml", "--format", kind])
    assert result.returncode == 0
    assert "₁" not in result.stdout, "indices are mathematics here"


def test_answers_are_checked_by_the_values_of_the_letters() -> None:
    problem = cnncalc.load("problems/letters_bias_pool.yaml")
    assert cnncalc.check(problem, {"P": [[[0]], [[12]]]}).is_correct
    assert not cnncalc.check(problem, {"P": [[[0]], [[11]]]}).is_correct


def test_letters_without_values_are_compared_in_letters() -> None:
    result = run(["check", "problems/letters_one_channel.yaml", "-"], stdin="dL/dx: 1")
    assert result.returncode == 1
    assert "∂L/∂y₂₂·w₂₁   wrong" in result.stdout


W, X, Y = ("w", (2, 2)), ("x", (1, 1)), ("dL/dy", (1, 1))
LETTERS = {"w₂₂": W, "w₂₃": ("w", (2, 3)), "x₁₁": X, "∂L/∂y₁₁": Y, "a": ("a", ()), "v₁": ("v", (1,)), "γ₁": ("γ", (1,))}
LETTERS |= {"x[1,12]": ("x", (1, 12)), "∂损失/∂y₁₁": ("d损失/dy", (1, 1)), "e6": ("e6", ()), "p'[1,1]": ("p'", (1, 1))}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w₂₂·x₁₁ + 1/2·w₂₃²", r"w_{2,2}\cdot x_{1,1} + \frac{1}{2}\cdot w_{2,3}^{2}"),
        ("-∂L/∂y₁₁·a", r"-\frac{\partial L}{\partial y_{1,1}}\cdot a"),
        ("√(v₁ + 1/10)", r"\sqrt{v_{1} + \frac{1}{10}}"),
        ("γ₁·x[1,12]", r"{\gamma}_{1}\cdot x_{1,12}"),
        ("2·∂损失/∂y₁₁", r"2\cdot\frac{\partial {\text{损}\text{失}}}{\partial y_{1,1}}"),
        ("1.20261e6·e6", r"1.20261\cdot10^{6}\cdot\mathrm{e6}"),
        ("p'[1,1] + exp(a)", r"\mathrm{p'}_{1,1} + \exp(a)"),
    ],
)
def test_letters_as_latex_and_back_as_text(text: str, expected: str) -> None:
    formula = number_formula(Number(text, letters=LETTERS))
    assert latex(formula) == expected
    assert "".join(text_of(formula)).replace("10⁶", "e6") == text.replace("1.20261e6", "1.20261·e6")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.20261e6", r"1.20261\cdot10^{6}"),
        ("-3e-7", r"-3\cdot10^{-7}"),
        ("1/4·log(5)^2", r"\frac{1}{4}\cdot\log(5)^{2}"),
        ("概率[1,2] - 1", r"{\text{概}\text{率}}_{1,2} - 1"),
        ("2/exp[1]·p^[1]", r"2/\mathrm{exp}_{1}\cdot\mathrm{p\wedge }_{1}"),
        ("e6[2]^3", r"\mathrm{e6}_{2}^{3}"),
        ("exp(-2) + e", r"\exp( - 2) + e"),
        ("sqrt(2)/(1 + exp(x.y[1]))", r"\sqrt{2}/(1 + \exp(\mathrm{x.y}_{1}))"),
    ],
)
def test_numbers_as_latex(text: str, expected: str) -> None:
    assert latex(number_formula(Number(text))) == expected
