"""An activation that is left general, `activation: {symbol: phi}`, and sums of letters that are written as products."""

import pytest

import cnncalc

from ..command import run

NETWORK = """\
input: {name: x, shape: [2], symbol: x}
layers:
  - fc: {name: z, weight: {name: W, shape: [2, 2], symbol: w}, bias: {name: b, shape: [2], symbol: b}}
  - activation: {name: a, symbol: phi}
  - fc: {name: u, weight: {name: V, shape: [1, 2], symbol: v}}
  - activation: {name: y, symbol: g}
loss:
  half_squared_error: {name: L, target: {symbol: t}}
"""


def test_gradients_are_those_of_lecture_notes() -> None:
    printed = run(["solve", "-"], stdin=NETWORK).stdout
    for line in (
        "a[i] = φ(z[i])",
        "a₁ = φ(z₁)",
        "y₁ = g(u₁)",
        "∂L/∂u[i] = ∂L/∂y[i]·g'(u[i])",
        "∂L/∂u₁ = (y₁ - t₁)·g'(u₁)",
        "∂L/∂v₁₂ = (y₁ - t₁)·g'(u₁)·a₂",
        "∂L/∂z₂ = (y₁ - t₁)·g'(u₁)·v₁₂·φ'(z₂)",
        "∂L/∂w₂₁ = (y₁ - t₁)·g'(u₁)·v₁₂·φ'(z₂)·x₁",
    ):
        assert f"  {line}\n" in printed, line


def test_the_matrix_form_comes_first() -> None:
    printed = run(["worked", "-", "--language", "zh"], stdin=NETWORK).stdout
    assert "  ∂L/∂z = ∂L/∂a ⊙ φ'(z)\n" in printed
    assert "  ∂L/∂z[1] = ∂L/∂a[1]·φ'(z[1])\n" in printed


def test_every_gradient_is_proven() -> None:
    result = run(["verify", "-"], stdin=NETWORK)
    assert result.returncode == 0
    assert "agree in every way, exactly" in result.stdout


def test_sums_of_letters_are_sums_of_products() -> None:
    trace = cnncalc.solve(cnncalc.loads(NETWORK.replace("activation: {name: y, symbol: g}", "sigmoid: {name: y}")))
    written = trace.numbers.in_letters(trace["dL/dx"].elements[0])
    assert written == "(y₁ - t₁)·y₁·(1 - y₁)·(v₁₁·φ'(z₁)·w₁₁ + v₁₂·φ'(z₂)·w₂₁)"
    assert cnncalc.solve(cnncalc.loads(NETWORK))["L"].exact == "1/2*y_1**2 - y_1*t_1 + 1/2*t_1**2"


@pytest.mark.parametrize("numbers", ["exact", "float"])
def test_numbers_have_no_general_function(numbers: str) -> None:
    problem = "input: [1, 2]\nlayers:\n  - activation: {name: y, symbol: phi}\n"
    assert "  y₁ = φ(1)\n" in run(["solve", "-"], stdin=problem).stdout
    result = run(["solve", "-", "--numbers", numbers], stdin=problem)
    assert result.returncode == 2
    assert "y: the function phi is left general, so it has no values\n" in result.stderr
    assert "write `numbers: symbolic`" in result.stderr
