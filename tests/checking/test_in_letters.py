"""Answers in letters: what is equal whatever the letters are is right, and nothing else."""

import json

import pytest

from ..command import run

NEURON = """
input: {name: x, symbol: x, shape: [2]}
layers:
  - fc: {name: z, weight: {name: W, symbol: W, shape: [1, 2]}}
  - sigmoid: {name: a}
loss: {half_squared_error: {target: {symbol: t, shape: [1]}}}
"""
CONVOLUTION = """
input: {name: x, symbol: x, shape: [1, 3, 3]}
layers:
  - conv: {name: y, weight: {name: w, symbol: w, shape: [2, 2]}}
  - flatten
  - fc: {name: z, units: 3, weight: {name: V, symbol: V, shape: [3, 4]}}
  - softmax: {name: p}
loss: {cross_entropy: {target: {symbol: t}}}
"""
CIRCUIT = 'expressions: {s: "w*x + b", a: "1/(1+exp(-s))", f: "(a - t)**2"}\n'
SUM = "exp(z1) + exp(z2) + exp(z3)"


def verdicts(problem: str, answers: str, *options: str) -> tuple[dict[str, str], dict[str, object]]:
    lines = problem + "answers:\n" + "".join(f"  {line}\n" for line in answers.strip().splitlines())
    made = run(["check", "-", "--format", "json", *options], stdin=lines)
    assert made.returncode in (0, 1), made.stderr
    report = json.loads(made.stdout)
    return {one["name"]: one["verdict"] for one in report["tensors"]}, report


@pytest.mark.parametrize(
    ("problem", "name", "answer", "verdict"),
    [
        (NEURON, "z", "W11*x1 + W12*x2", "correct"),
        (NEURON, "z", "x₁W₁₁ + x₂W₁₂", "correct"),
        (NEURON, "z", r"$W_{11}x_1 + W_{12}\cdot x_2$", "correct"),
        (NEURON, "z", "W11 x1 - W12 x2", "wrong"),
        (NEURON, "a", "σ(z)", "correct"),
        (NEURON, "a", "exp(z)/(1 + exp(z))", "correct"),
        (NEURON, "a", "(1 + tanh(z/2))/2", "correct"),
        (NEURON, "dL/dz", "(a - t)*a*(1 - a)", "correct"),
        (NEURON, "dL/dz", "(a - t)(a - a²)", "correct"),
        (NEURON, "dL/dz", "(t - a) a (1 - a)", "wrong"),
        (NEURON, "dL/dW", "[[dL/dz*x1, dL/dz*x2]]", "correct"),
        (NEURON, "dL/dW", "[[∂L/∂z₁·x₁, (a - t)*a(1 - a)*x2]]", "correct"),
        (NEURON, "dL/dx", "dL/dz*W", "correct"),
        (NEURON, "L", "(a-t)^2/2", "correct"),
        (NEURON, "L", "(a-t)^2", "wrong"),
        (NEURON, "z", "1.79", "wrong"),
        (NEURON, "z", "z1", "invalid"),
        (NEURON, "z", "L", "invalid"),
        (NEURON, "z", "W11*q", "invalid"),
        (CONVOLUTION, "dL/dz", "p - t", "correct"),
        (CONVOLUTION, "dL/dz", "t - p", "wrong"),
        (CONVOLUTION, "dL/dz", "[p1 - t1, p2 - t2, -p1 - p2 + t1 + t2]", "correct"),
        (CONVOLUTION, "p", f"[exp(z1)/({SUM}), e^z2/({SUM}), 1 - p1 - p2]", "correct"),
        (CONVOLUTION, "L", "-t1*log(p1) - t2*ln(p2) - t3 ln p3", "correct"),
        (CONVOLUTION, "dL/dy", "[[dL/dz1*V11+dL/dz2*V21+dL/dz3*V31, ?], [?, ?]]", "missing"),
        (CIRCUIT, "df/dw", "2(a - t)a(1 - a)x", "correct"),
        (CIRCUIT, "df/ds", "2*(a-t)*exp(-s)/(1+exp(-s))^2", "correct"),
        (CIRCUIT, "df/ds", "2*(a-t)*exp(s)/(1+exp(-s))^2", "wrong"),
    ],
)  # fmt: skip
def test_an_answer_is_what_it_is_for_all_numbers(problem: str, name: str, answer: str, verdict: str) -> None:
    """Each as somebody may write it; whether the two are the same was worked out by hand."""
    quoted = answer if answer.startswith("[") else f"'{answer}'"
    assert verdicts(problem, f"{name}: {quoted}")[0] == {name: verdict}


def test_what_follows_and_which_mistake_in_letters() -> None:
    """The sigmoid's derivative lost its second factor; the weights' gradient follows from that."""
    answers = "dL/dz: (a - t)*a\ndL/dW: [[(a - t)*a*x1, (a - t)*a*x2]]\n"
    found, report = verdicts(NEURON, answers.strip())
    assert found == {"dL/dz": "wrong", "dL/dW": "follows"}
    sheet = {one["name"]: one for one in report["tensors"]}  # type: ignore[attr-defined]
    assert sheet["dL/dz"]["wrong"][0]["expected"] == "(a₁ - t₁)·a₁·(1 - a₁)"
    _, report = verdicts(NEURON, "dL/dx: [(t-a)*a(1-a)*W11, (t-a)*a(1-a)*W12]")
    assert report["tensors"][0]["mistakes"][0]["code"] == "sign"  # type: ignore[index]


def test_letters_with_values_are_letters_and_numbers() -> None:
    problem = NEURON.replace("shape: [2]}", "values: [1, 2]}").replace("shape: [1, 2]", "values: [[0.5, -1]]")
    problem = problem.replace("shape: [1]", "values: [1]")
    assert verdicts(problem, "z: W11*x1 + W12*x2\na: 0.182")[0] == {"z": "correct", "a": "correct"}
    # Right for these numbers alone.
    assert verdicts(problem, "z: W11*x1*3 - 3*x1")[0] == {"z": "wrong"}
