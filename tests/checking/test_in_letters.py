"""Answers in letters: what is equal whatever the letters are is right, and nothing else."""

import json
from pathlib import Path

import pytest

from cnncalc.arithmetic import symbolic

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
DEEP = """
input: {name: x, symbol: x, shape: [2]}
layers:
  - fc: {name: z, weight: {name: W, symbol: w, shape: [3, 2]}, bias: {name: b, symbol: b, shape: [3]}}
  - tanh: {name: h}
  - fc: {name: o, weight: {name: V, symbol: v, shape: [2, 3]}}
loss: {half_squared_error: {target: {name: t, symbol: t, shape: [2]}}}
"""
BATCH = """
input: {name: X, symbol: x, shape: [3, 2]}
layers: [fc: {name: Y, weight: {name: W, symbol: w, shape: [2, 2]}}]
upstream: {symbol: g, shape: [3, 2]}
"""
ROW = "orientation: row\n" + BATCH.replace("shape: [3, 2]}\nlayers", "shape: [2]}\nlayers").replace("[3, 2]", "[2]")
GENERAL = """
input: {name: x, symbol: x, shape: [2]}
layers:
  - fc: {name: z, weight: {name: W, symbol: w, shape: [2, 2]}}
  - activation: {symbol: phi, name: h}
  - fc: {name: y, weight: {name: v, symbol: v, shape: [1, 2]}}
upstream: {symbol: g, shape: [1]}
"""
CIRCUIT = 'expressions: {s: "w*x + b", a: "1/(1+exp(-s))", f: "(a - t)**2"}\n'
SIGNAL = """
input: {symbol: x, shape: [3]}
layers: [conv1d: {name: y, weight: {name: w, symbol: w, shape: [2]}}]
upstream: {symbol: g, shape: [1, 2]}
"""
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
        (NEURON, "z", "W11**9999999", "invalid"),
        (NEURON, "z", "x1**(10**9)", "invalid"),
        (NEURON, "z", "1/(x1 - x1)", "wrong"),
        (NEURON, "z", "exp(exp(exp(exp(x1*100))))", "wrong"),
        (CONVOLUTION, "dL/dz", "p - t", "correct"),
        (CONVOLUTION, "dL/dz", "t - p", "wrong"),
        (CONVOLUTION, "dL/dz", "[p1 - t1, p2 - t2, -p1 - p2 + t1 + t2]", "correct"),
        (CONVOLUTION, "p", f"[exp(z1)/({SUM}), e^z2/({SUM}), 1 - p1 - p2]", "correct"),
        (CONVOLUTION, "L", "-t1*log(p1) - t2*ln(p2) - t3 ln p3", "correct"),
        (CONVOLUTION, "dL/dy", "[[dL/dz1*V11+dL/dz2*V21+dL/dz3*V31, ?], [?, ?]]", "missing"),
        (SIGNAL, "dL/dw", "[g1*x1 + g2*x2, g1*x2 + g2*x3]", "correct"),
        (SIGNAL, "dL/dw", "[g11*x1 + g12*x2, g1*x2 + g2*x2]", "wrong"),
        (DEEP, "dL/dV", "(o - t) h^T", "correct"),
        (DEEP, "dL/dV", r"$(o - t) h^{\top}$", "correct"),
        (DEEP, "dL/dV", "(t - o) hᵀ", "wrong"),
        (DEEP, "dL/dV", "(o - t) x^T", "invalid"),
        (DEEP, "dL/dV", "(dL/dV)^T", "invalid"),
        (DEEP, "dL/dz", "V^T (o - t) ⊙ (1 - h²)", "correct"),
        (DEEP, "dL/dz", r"V^{T}(o-t) \odot (1 - h^2)", "correct"),
        (DEEP, "dL/dz", "V^T (o - t) ⊙ tanh'(z)", "correct"),
        (DEEP, "dL/dz", "V^T (o - t) ⊙ (1 - h)", "wrong"),
        (DEEP, "dL/dW", "dL/dz x^T", "correct"),
        (DEEP, "dL/dx", "Wᵀ(Vᵀ(o - t) ⊙ (1 - h^2))", "correct"),
        (DEEP, "z", "W @ x + b", "correct"),
        (DEEP, "L", "(o - t)^T (o - t)/2", "correct"),
        (BATCH, "Y", "X W^T", "correct"),
        (BATCH, "Y", "X @ W", "wrong"),
        (BATCH, "dL/dW", "(dL/dY)^T X", "correct"),
        (BATCH, "dL/dX", "dL/dY @ W", "correct"),
        (ROW, "dL/dW", "x^T dL/dY", "correct"),
        (ROW, "dL/dW", "(dL/dY)^T x", "wrong"),
        (GENERAL, "h", "φ(z)", "correct"),
        (GENERAL, "dL/dz", r"['g*v1*phi''(z1)', '$g v_2 \cdot \phi''(z_2)$']", "correct"),
        (GENERAL, "dL/dz", "v^T g ⊙ φ'(z)", "correct"),
        (GENERAL, "dL/dz", "v^T g ⊙ φ(z)", "wrong"),
        (GENERAL, "dL/dz", "v^T g ⊙ φ'(h)", "wrong"),
        (GENERAL, "dL/dz", "v^T g ⊙ ψ'(z)", "invalid"),
        (GENERAL, "dL/dW", "(v^T g ⊙ φ'(z)) x^T", "correct"),
        (CIRCUIT, "df/dw", "2(a - t)a(1 - a)x", "correct"),
        (CIRCUIT, "df/ds", "2*(a-t)*exp(-s)/(1+exp(-s))^2", "correct"),
        (CIRCUIT, "df/ds", "2*(a-t)*exp(s)/(1+exp(-s))^2", "wrong"),
    ],
)  # fmt: skip
def test_an_answer_is_what_it_is_for_all_numbers(problem: str, name: str, answer: str, verdict: str) -> None:
    """Each as somebody may write it; whether the two are the same was worked out by hand."""
    quoted = answer if answer.startswith("[") else "'" + answer.replace("'", "''") + "'"
    assert verdicts(problem, f"{name}: {quoted}")[0] == {name: verdict}


def test_solving_for_any_letters_has_a_budget(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(NEURON, "utf-8")
    (tmp_path / "s.yaml").write_text("z: w1*x1\n", "utf-8")
    assert run(["check", "p.yaml", "s.yaml"], folder=tmp_path).returncode == 1
    monkeypatch.setattr(symbolic, "BUDGET", 1)
    result = run(["check", "p.yaml", "s.yaml"], folder=tmp_path)
    assert result.returncode == 2
    assert "the sums of letters have grown too long" in result.stderr


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


IMAGE = "input: {shape: [C, H, W]}\n"
SIZES = f"{IMAGE}layers: [conv: {{channels: F, size: K, padding: P, stride: S, dilation: D, bias: true}}]\n"
SAME = f"{IMAGE}layers: [conv: {{channels: K, size: 3, bias: true}}, max_pool: {{size: 2}}]\n"
FLOOR = r"$\lfloor\frac{H+2P-D(K-1)-1}{S}\rfloor+1$"


@pytest.mark.parametrize(
    ("problem", "name", "answer", "verdict"),
    [
        (SAME, "shape(conv_1)", "[K, H-2, W-2]", "correct"),
        (SAME, "shape(conv_1)", "[K, W-2, H-2]", "wrong"),
        (SAME, "shape(conv_1)", "[C, H-2, W-2]", "wrong"),
        (SAME, "shape(max_pool_1)", "[K, H//2 - 1, '⌊(W-2)/2⌋']", "correct"),
        (SAME, "shape(max_pool_1)", "[K, '⌈H/2⌉ - 1', W//2 - 1]", "invalid"),
        (SAME, "shape(max_pool_1)", "[K, ceil(H/2) - 1, W//2 - 1]", "wrong"),
        (SAME, "parameters(total)", "K*(C*9+1)", "correct"),
        (SAME, "parameters(total)", "9KC + K", "correct"),
        (SAME, "parameters(total)", "9*K*C", "wrong"),
        (SIZES, "shape(conv_1)", "[F, '⌊(H + 2P - D(K-1) - 1)/S⌋ + 1', floor((W+2*P-D*K+D-1)/S)+1]", "correct"),
        (SIZES, "shape(conv_1)", f"[F, '{FLOOR}', floor((W+2*P-D*(K-1)-1+S)/S)]", "correct"),
        (SIZES, "shape(conv_1)", "[F, '⌊(H + 2P - K)/S⌋ + 1', floor((W + 2*P - K)/S) + 1]", "wrong"),
        (SIZES, "parameters(conv_1)", "'F(CK² + 1)'", "correct"),
        (SIZES, "parameters(conv_1)", "F*C*K^2", "wrong"),
    ],
)  # fmt: skip
def test_a_size_is_what_it_is_for_all_letters(problem: str, name: str, answer: str, verdict: str) -> None:
    assert verdicts(problem, f"{name}: {answer}")[0] == {name: verdict}


OPEN = """
input: {shape: [3, 32, 32]}
layers: [conv: {channels: 10, size: ?, padding: ?}]
given: {shape(conv_1): [10, 32, 32]}
"""


@pytest.mark.parametrize(
    ("answers", "status"),
    [("padding: 2\nsize: 5", 0), ("padding of conv_1: 1\nconv_1.size: 3", 0), ("conv_1.padding: 2\nsize: 3", 1),
     ("padding(conv_1): 2", 0), ("padding(conv_1): [1, 2]", 1)],
)  # fmt: skip
def test_what_was_left_open_is_right_by_any_solution(answers: str, status: int, tmp_path: Path) -> None:
    (tmp_path / "open.yaml").write_text(OPEN, encoding="utf-8")
    made = run(["check", str(tmp_path / "open.yaml"), "-"], stdin=answers)
    assert made.returncode == status, made.stdout + made.stderr


def test_nothing_fits() -> None:
    text = OPEN.replace("[10, 32, 32]", "[10, 200, 200]") + "answers: {padding(conv_1): 1}\n"
    made = run(["check", "-"], stdin=text)
    assert made.returncode == 2
    assert "no number for size of conv_1 makes what is known true" in made.stderr
