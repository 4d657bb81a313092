"""Derivations as courses write them: outputs by letters of their own, targets as letters, products as products."""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import pairwise

import pytest

import cnncalc

from ..command import run

TWO_LAYERS = """\
input: {{name: x, symbol: x, shape: [2]}}
layers:
  - fc: {{name: z, weight: {{name: W, symbol: w, shape: [2, 2]}}}}
  - {hidden}: {{name: h}}
  - fc: {{name: s, weight: {{name: V, symbol: v, shape: [1, 2]}}}}
  - {output}: {{name: a}}
loss:
  {loss}: {{name: L, target: {{symbol: t, shape: [1]}}}}
"""
SIGMOIDS = TWO_LAYERS.format(hidden="sigmoid", output="sigmoid", loss="binary_cross_entropy")
TANH = TWO_LAYERS.format(hidden="tanh", output="identity", loss="half_squared_error")
STEP = "update: {sgd: {lr: 1/10}}\n"
SOFTMAX = """
input: {name: x, symbol: x, shape: [2]}
layers:
  - fc: {name: z, weight: {name: W, symbol: w, shape: [2, 2]}, bias: {name: b, symbol: b, shape: [2]}}
  - tanh: {name: h}
  - fc: {weight: {symbol: v, shape: [2, 2]}}
  - softmax: {name: p}
loss: {cross_entropy: {target: {symbol: t, shape: [2]}}}
update: {sgd: {lr: 0.1}}
"""
POOL = "input: {symbol: x, shape: [2, 2]}\nlayers:\n- avg_pool: {name: m, size: 2}\n"
GIVEN = "input: {symbol: z, shape: [1]}\nlayers:\n- tanh: {name: h}\nupstream: {symbol: g, shape: [1]}\n"
# What Nielsen's equations BP1 to BP4 give with σ' = σ(1 - σ), and with tanh' = 1 - tanh².
DERIVED = [
    (SIGMOIDS, "dL/ds", "∂L/∂s₁ = a₁ - t₁"),
    (SIGMOIDS, "dL/dV", "∂L/∂v₁₂ = (a₁ - t₁)·h₂"),
    (SIGMOIDS, "dL/dh", "∂L/∂h₁ = (a₁ - t₁)·v₁₁"),
    (SIGMOIDS, "dL/dz", "∂L/∂z₂ = (a₁ - t₁)·v₁₂·h₂·(1 - h₂)"),
    (SIGMOIDS, "dL/dW", "∂L/∂w₂₁ = (a₁ - t₁)·v₁₂·h₂·(1 - h₂)·x₁"),
    (GIVEN, "dL/dinput", "∂L/∂z₁ = g₁·(1 - h₁²)"),
    (SIGMOIDS, "dL/dx", "∂L/∂x₁ = (a₁ - t₁)·(v₁₁·h₁·(1 - h₁)·w₁₁ + v₁₂·h₂·(1 - h₂)·w₂₁)"),
    (SIGMOIDS, "dL/da", "∂L/∂a₁ = (1 - t₁)/(1 - a₁) - t₁/a₁"),
    (SIGMOIDS, "L", "L = -(1 - t₁)·log(1 - a₁) - t₁·log(a₁)"),
    (SIGMOIDS + STEP, "V.new", "V.new₁₁ = v₁₁ - 1/10·(a₁ - t₁)·h₁"),
    (SIGMOIDS + STEP, "W.new", "W.new₁₂ = w₁₂ - 1/10·(a₁ - t₁)·v₁₁·h₁·(1 - h₁)·x₂"),
    (SIGMOIDS + STEP, "z.new", "z.new₁ = W.new₁₁·x₁ + W.new₁₂·x₂"),
    (TANH + STEP, "L.new", "L.new = 1/2·(V.new₁₁·h.new₁ + V.new₁₂·h.new₂ - t₁)²"),
    (TANH + STEP, "V.new", "V.new₁₂ = v₁₂ - 1/10·(v₁₁·h₁ + v₁₂·h₂ - t₁)·h₂"),
    (SOFTMAX, "dL/dh", "∂L/∂h₂ = (p₁ - t₁)·v₁₂ + (p₂ - t₂)·v₂₂"),
    (SOFTMAX, "b.new", "b.new₁ = b₁ - 1/10·((p₁ - t₁)·v₁₁ + (p₂ - t₂)·v₂₁)·(1 - h₁²)"),
    (SIGMOIDS.replace("{symbol: t, shape: [1]}", "[1]"), "dL/dz", "∂L/∂z₁ = (a₁ - 1)·v₁₁·h₁·(1 - h₁)"),
    (POOL, "m", "m₁₁ = 1/4·(x₁₁ + x₁₂ + x₂₁ + x₂₂)"),
    (TANH, "dL/ds", "∂L/∂s₁ = v₁₁·h₁ + v₁₂·h₂ - t₁"),
    (TANH, "dL/dV", "∂L/∂v₁₁ = (v₁₁·h₁ + v₁₂·h₂ - t₁)·h₁"),
]


@pytest.mark.parametrize(("sign", "verdict"), [("-", "correct"), ("+", "wrong")])
def test_a_new_parameter_may_be_written_out_in_what_follows(sign: str, verdict: str) -> None:
    """W.new₁₁ in the pass behind the step is what the step has made of w₁₁, whoever writes it so."""
    rows = (
        f"w_{i}_1*x_1 + w_{i}_2*x_2 {sign} 1/10*(a_1 - t_1)*v_1_{i}*h_{i}*(1 - h_{i})*(x_1**2 + x_2**2)" for i in (1, 2)
    )
    report = cnncalc.check(cnncalc.loads(SIGMOIDS + STEP), {"z.new": list(rows)})
    assert report["z.new"].verdict == verdict


@pytest.mark.parametrize(("problem", "tensor", "line"), DERIVED)
def test_gradients_are_what_courses_derive(problem: str, tensor: str, line: str) -> None:
    result = run(["solve", "-", "--only", tensor], stdin=problem.encode())
    assert result.returncode == 0, result.stderr
    assert line in [shown.strip() for shown in result.stdout.splitlines()]


@pytest.mark.parametrize("problem", [SIGMOIDS, TANH, TWO_LAYERS.format(hidden="tanh", output="tanh", loss="mse")])
def test_every_gradient_in_letters_is_proven(problem: str) -> None:
    result = run(["verify", "-"], stdin=problem.encode())
    assert result.returncode == 0
    assert "exactly" in result.stdout


@pytest.mark.parametrize("problem", [SIGMOIDS + STEP, TANH + STEP])
def test_a_product_is_what_its_sum_is(problem: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(problem))
    shown = 0
    for tensor in trace:
        for element in tensor.elements.ravel():
            text = trace.numbers.in_letters(element)
            whole = trace.numbers.in_letters(element, "python")
            if text is None or whole is None or re.search("exp|log|/", whole):
                continue
            letters = {name: Fraction(3 + at, 7 + 5 * at) for at, name in enumerate(sorted(set(_letters(whole))))}
            python = re.sub(r"([a-z])([₀-₉]+)", lambda m: "_".join((m[1], *m[2].translate(_DIGITS))), text)
            python = python.replace("·", "*").replace("²", "**2").replace("³", "**3")
            assert eval(python, dict(letters)) == eval(whole, dict(letters))
            shown += "(" in text
    assert shown > 10


_DIGITS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def _letters(text: str) -> list[str]:
    return re.findall(r"[a-z][_\d]+", text)


@pytest.mark.parametrize("problem", [SIGMOIDS + STEP, TANH + STEP])
def test_no_line_of_a_working_says_again_what_the_one_before_says(problem: str) -> None:
    lines = run(["worked", "-", "--length", "brief"], stdin=problem.encode()).stdout.splitlines()
    assert not any("+ (-" in line for line in lines)
    steps = [line.strip().removeprefix("= ") for line in lines if line.strip().startswith("= ")]
    assert steps
    assert not any(one == next_one for one, next_one in pairwise(steps))
