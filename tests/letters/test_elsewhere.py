"""Letters in the other commands: explanations, documents, and answers in numbers."""

from __future__ import annotations

import pytest

import cnncalc
from cnncalc.render.letters_latex import has_letters, letters_latex

from ..command import run


def test_an_explanation_is_in_letters() -> None:
    result = run(["explain", "problems/letters_one_channel.yaml", "dL/dx[1,2,2]"])
    assert result.returncode == 0
    assert "∂L/∂y_{1,1}·w_{3,3}" in result.stdout


def test_a_sum_of_letters_is_a_factor_in_parentheses() -> None:
    result = run(["explain", "problems/letters_softmax.yaml", "dJ/dW[1,1]"])
    assert "(p_{1,1} - z_{1,1})·x_{1,1}" in result.stdout


@pytest.mark.parametrize("kind", ["markdown", "latex", "html"])
def test_every_format_writes_equations(kind: str) -> None:
    result = run(["solve", "problems/letters_batch_norm.yaml", "--format", kind])
    assert result.returncode == 0
    assert "₁" not in result.stdout, "indices are mathematics here"


def test_answers_are_checked_by_the_values_of_the_letters() -> None:
    problem = cnncalc.load("problems/letters_bias_pool.yaml")
    assert cnncalc.check(problem, {"P": [[[0]], [[12]]]}).is_correct
    assert not cnncalc.check(problem, {"P": [[[0]], [[11]]]}).is_correct


def test_answers_cannot_be_checked_where_letters_have_no_values() -> None:
    result = run(["check", "problems/letters_one_channel.yaml", "-"], stdin="dL/dx: 1")
    assert result.returncode == 2
    assert "needs a number for each letter" in result.stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("w₂₂·x₁₁ + 1/2·w₂₃²", r"w_{2,2} \cdot x_{1,1} + \frac{1}{2} \cdot w_{2,3}^{2}"),
        ("-∂L/∂y₁₁·a", r"-\frac{\partial L}{\partial y_{1,1}} \cdot a"),
        ("√(v₁ + 1/10)", r"\sqrt{v_{1} + \frac{1}{10}}"),
        ("γ₁·x[1,12]", r"\gamma_{1} \cdot x_{1,12}"),
    ],
)
def test_latex_of_letters(text: str, expected: str) -> None:
    assert has_letters(text)
    assert letters_latex(text, {}) == expected


@pytest.mark.parametrize("text", ["1/4·log(5)^2", "p[1] - 1", "3/7", "-2.5", "exp(-2) + e"])
def test_numbers_have_no_letters(text: str) -> None:
    assert not has_letters(text)
