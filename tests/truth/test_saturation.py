"""Losses and gradients of doubles behind saturated probabilities, against the definitions in mpmath at 700 digits."""

from __future__ import annotations

import json
from math import inf
from pathlib import Path
from random import Random
from typing import Any

import mpmath
import numpy as np
import pytest

import cnncalc
from cnncalc.arithmetic.base import Arithmetic
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.float64 import Float64

from ..command import run

PAIRS = {
    "softmax, cross-entropy": ("softmax", "cross_entropy"),
    "log-softmax, nll": ("log_softmax", "nll"),
    "sigmoid, binary cross-entropy": ("sigmoid", "binary_cross_entropy"),
    "softmax, binary cross-entropy": ("softmax", "binary_cross_entropy"),
    "sigmoid, cross-entropy": ("sigmoid", "cross_entropy"),
}
ENOUGH = 1e-12
"""A float64 calculation of a few dozen operations keeps more digits than that."""


def definition(layer: str, loss: str, logits: list[list[Any]], targets: list[list[Any]]) -> Any:
    """The mean over the samples, as it is written in every book."""
    total = mpmath.mpf(0)
    for row, target in zip(logits, targets, strict=True):
        if layer == "sigmoid":
            shares = [1 / (1 + mpmath.exp(-z)) for z in row]
        else:
            shares = [mpmath.exp(z) / sum(map(mpmath.exp, row)) for z in row]
        for p, t in zip(shares, target, strict=True):
            total -= t * mpmath.log(p) if t else 0
            if loss == "binary_cross_entropy":
                total -= (1 - t) * mpmath.log(1 - p) if t != 1 else 0
    return total / (len(logits) * (len(logits[0]) if loss == "binary_cross_entropy" else 1))


def slopes(layer: str, loss: str, logits: list[list[Any]], targets: list[list[Any]]) -> list[list[Any]]:
    """The derivatives by differences, which 700 digits make exact enough."""
    step = mpmath.mpf(10) ** -350
    made = []
    for n, row in enumerate(logits):
        made.append([])
        for k in range(len(row)):
            sides = []
            for sign in (1, -1):
                moved = [list(each) for each in logits]
                moved[n][k] += sign * step
                sides.append(definition(layer, loss, moved, targets))
            made[-1].append((sides[0] - sides[1]) / (2 * step))
    return made


def drawn(seed: int, layer: str, loss: str) -> tuple[list[list[int]], list[list[Any]], str]:
    random = Random(f"{seed} {layer} {loss}")
    samples, classes = random.choice([1, 2, 3]), random.choice([2, 3, 4])
    far = random.choice([3, 30, 100, 700])
    logits = [[random.randint(-far, far) for _ in range(classes)] for _ in range(samples)]
    if loss == "binary_cross_entropy":
        targets = [[random.choice([0.0, 1.0, 0.25]) for _ in range(classes)] for _ in range(samples)]
        return logits, targets, f"target: {targets}"
    chosen = [random.randrange(classes) for _ in range(samples)]
    targets = [[float(k == c) for k in range(classes)] for c in chosen]
    return logits, targets, f"class: {[c + 1 for c in chosen]}"


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("pair", PAIRS)
def test_loss_and_gradient_keep_their_digits(pair: str, seed: int) -> None:
    layer, loss = PAIRS[pair]
    logits, targets, said = drawn(seed, layer, loss)
    text = f"input: {logits}\nlayers: [{layer}]\nloss: {{{loss}: {{name: L, {said}}}}}\nnumbers: float"
    trace = cnncalc.solve(cnncalc.loads(text))
    with mpmath.workdps(700):
        exact = [[mpmath.mpf(z) for z in row] for row in logits]
        expected = float(definition(layer, loss, exact, targets))
        gradient = [[float(slope) for slope in row] for row in slopes(layer, loss, exact, targets)]
    assert float(trace["L"].value) == pytest.approx(expected, rel=ENOUGH, abs=1e-300)
    assert trace["dL/dinput"].value.tolist() == [pytest.approx(row, rel=ENOUGH, abs=1e-300) for row in gradient]


@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
@pytest.mark.parametrize("x", [0.5, 10, 20, 40, 300])
def test_a_saturated_activation_keeps_its_slope(activation: str, x: float) -> None:
    text = f"input: [{x}, -{x}]\nlayers: [{activation}]\nupstream: [1, 1]\nnumbers: float"
    gradient = cnncalc.solve(cnncalc.loads(text))["dL/dinput"].value.tolist()
    with mpmath.workdps(400):
        slope = mpmath.sech(x) ** 2 if activation == "tanh" else mpmath.exp(-mpmath.mpf(x)) / (1 + mpmath.exp(-x)) ** 2
        expected = float(slope)
    assert gradient == pytest.approx([expected] * 2, rel=ENOUGH, abs=1e-300)


@pytest.mark.parametrize(("layer", "loss"), [("softmax", "mse"), ("softmax", "half_squared_error"), ("sigmoid", "mse")])
def test_another_loss_behind_saturated_probabilities(layer: str, loss: str) -> None:
    logits, target = [[40, 0, 3], [-30, 2, 9]], [[0.25, 0.5, 0.25], [0, 1, 0]]
    text = f"input: {logits}\nlayers: [{layer}]\nloss: {{{loss}: {{target: {target}, reduction: sum}}}}\nnumbers: float"
    found = cnncalc.solve(cnncalc.loads(text))["dL/dinput"].value.tolist()
    with mpmath.workdps(100):
        for row, wanted, gradient in zip(logits, target, found, strict=True):
            powers = [mpmath.exp(z) for z in row]
            p = [e / sum(powers) for e in powers] if layer == "softmax" else [e / (1 + e) for e in powers]
            g = [
                (p_k - t) * (1 if loss == "half_squared_error" else mpmath.mpf(2) / 3)
                for p_k, t in zip(p, wanted, strict=True)
            ]
            if layer == "softmax":
                mean = sum(g_k * p_k for g_k, p_k in zip(g, p, strict=True))
                slopes = [p_k * (g_k - mean) for g_k, p_k in zip(g, p, strict=True)]
            else:
                slopes = [g_k * p_k * (1 - p_k) for g_k, p_k in zip(g, p, strict=True)]
            assert gradient == pytest.approx([float(slope) for slope in slopes], rel=1e-9)


def test_a_penalty_beside_saturated_probabilities() -> None:
    """By hand: -1/2 · log p₂ is 1000/2, Σ w² is 2, and dL/dW is (p − t) · xᵀ + 2 · W."""
    layers = "layers: [fc: {name: z, weight: {name: W, value: [[1, 0, 0], [0, 1, 0]]}}, softmax]"
    loss = "loss: {cross_entropy: {target: [0.5, 0.5]}}\npenalty: {l2: 1}"
    trace = cnncalc.solve(cnncalc.loads(f"input: [1000, 0, 0]\n{layers}\n{loss}\nnumbers: float"))
    assert (trace["L.penalty"].value, trace["L"].value) == (2, 502)
    assert trace["dL/dz"].value.tolist() == [0.5, -0.5]
    assert trace["dL/dW"].value.tolist() == [[502, 0, 0], [-500, 2, 0]]


def test_a_saturated_tanh_before_a_saturated_softmax() -> None:
    x, weight = [20.0, 19.0], [[30, 1], [-30, 2]]
    text = f"input: {x}\nlayers: [tanh, fc: {{weight: {weight}}}, softmax]\nloss: {{cross_entropy: {{class: 2}}}}"
    trace = cnncalc.solve(cnncalc.loads(text), "float")
    with mpmath.workdps(100):
        h = [mpmath.tanh(value) for value in x]
        z = [sum(w * value for w, value in zip(row, h, strict=True)) for row in weight]
        p = [mpmath.exp(value) / sum(map(mpmath.exp, z)) for value in z]
        dz = [p[0], p[1] - 1]
        dh = [sum(weight[k][i] * dz[k] for k in range(2)) for i in range(2)]
        expected = [float(dh[i] * (1 - h[i] ** 2)) for i in range(2)]
        loss = float(-mpmath.log(p[1]))
    assert trace["L"].value == pytest.approx(loss, rel=ENOUGH)
    assert trace["dL/dinput"].value.tolist() == pytest.approx(expected, rel=1e-10)


@pytest.mark.parametrize("far", [40, 1e5, 1e12, 1e300])
def test_logits_at_any_distance(far: float) -> None:
    """Cross-entropy is then the distance, or nothing; the update after it stands on the same ground."""
    text = (
        f"input: [1]\nlayers: [fc: {{weight: [[{far}], [0]], name: z}}, softmax]\nloss: {{cross_entropy: {{class: 2}}}}"
    )
    trace = cnncalc.solve(cnncalc.loads(text + "\nupdate: {sgd: {lr: 0.5}}"), "float")
    assert trace["L"].value == pytest.approx(far, rel=ENOUGH)
    assert trace["dL/dz"].value.tolist() == pytest.approx([1.0, -1.0], rel=ENOUGH)
    assert trace["L.new"].value == pytest.approx(far - 1.0, rel=ENOUGH)


def test_a_skip_connection_before_saturated_probabilities() -> None:
    text = "input: [0, 40, 0]\nlayers: [relu: {name: h}, add: {inputs: [input, h], name: s}, softmax]\n"
    trace = cnncalc.solve(cnncalc.loads(text + "loss: {cross_entropy: {class: 2}}"), "float")
    with mpmath.workdps(100):
        p = float(1 / (2 + mpmath.exp(80)))
    assert trace["L"].value == pytest.approx(2 * p, rel=ENOUGH)
    assert trace["dL/ds"].value.tolist() == pytest.approx([p, -2 * p, p], rel=ENOUGH)
    assert trace["dL/dinput"].value.tolist() == pytest.approx([p, -4 * p, p], rel=ENOUGH)


FAR = """
input: [1000, 0, 3]
layers: [softmax: {name: p}]
loss: {cross_entropy: {class: 2, name: L}}
numbers: float
"""


def test_what_no_double_holds_is_said(tmp_path: Path) -> None:
    """1/p is e^1000."""
    (tmp_path / "far.yaml").write_text(FAR)
    trace = cnncalc.solve(cnncalc.loads(FAR))
    assert trace["dL/dp"].value.tolist() == [0.0, -inf, 0.0]
    assert trace["dL/dinput"].value.tolist() == [1.0, -1.0, 0.0]
    shown = " ".join(run(["solve", "far.yaml"], folder=tmp_path).stderr.split())
    assert "some elements of p are 0 or 1 to every digit, so L and dL/dinput are computed from input" in shown
    assert "∞ is a number larger than 1.8e308, which --numbers exact shows" in shown
    told = json.loads(run(["solve", "far.yaml", "--format", "json"], folder=tmp_path).stdout)
    values = {tensor["name"]: tensor["value"] for tensor in told["tensors"]}
    assert values["dL/dp"] == [0.0, None, 0.0]


@pytest.mark.parametrize("command", ["explain", "worked", "check"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_nothing_is_reckoned_with_infinity(command: str, language: str, tmp_path: Path) -> None:
    (tmp_path / "far.yaml").write_text(FAR)
    (tmp_path / "sheet.yaml").write_text("dL/dp: [0, -5, 0]\ndL/dinput: [1, -1, 0]")
    more = {"explain": ["dL/dinput[2]"], "worked": [], "check": ["sheet.yaml"]}[command]
    result = run([command, "far.yaml", *more, "--language", language], folder=tmp_path)
    assert result.returncode in (0, 1), result.stderr
    assert "nan" not in result.stdout.lower()
    assert "0·(-∞" not in result.stdout


@pytest.mark.parametrize("command", ["explain", "worked"])
def test_doubles_that_do_not_make_the_value_are_not_said_to(command: str, tmp_path: Path) -> None:
    """1·(1 − 1) is not 1.7e-17, and −log(1) is not 1e-40."""
    (tmp_path / "near.yaml").write_text(
        "input: [39]\nlayers: [sigmoid: {name: p}]\nloss: {binary_cross_entropy: {target: [1]}}\nnumbers: float"
    )
    (tmp_path / "slope.yaml").write_text("input: [39]\nlayers: [sigmoid: {name: p}]\nupstream: [1]\nnumbers: float")
    for name in ("near.yaml", "slope.yaml"):
        more = ["dL/dinput[1]"] if command == "explain" else []
        shown = run([command, name, *more], folder=tmp_path)
        assert shown.returncode == 0, shown.stderr
        assert "1·(1 - 1)" not in shown.stdout
        assert "log(1)" not in shown.stdout


FUNCTIONS = ["log_sigmoid", "log_softmax", "log_rest"]
SLOPES = ["sigmoid_slope", "tanh_slope", "through_softmax", "through_log_softmax", "through_log_rest"]


def called(numbers: Arithmetic, function: str, x: Any, g: Any) -> Any:
    """One of the functions, of what belongs together."""
    p = numbers.exp(numbers.log_softmax(x))
    given = {
        "sigmoid_slope": lambda: (x, numbers.sigmoid(x)), "tanh_slope": lambda: (x, numbers.apply("tanh", x)),
        "through_softmax": lambda: (g, p), "through_log_softmax": lambda: (g, p), "through_log_rest": lambda: (g, x),
    }.get(function, lambda: (x,))()  # fmt: skip
    return numbers.to_float(getattr(numbers, function)(*given))


@pytest.mark.parametrize("function", [*FUNCTIONS, *SLOPES])
@pytest.mark.parametrize("x", [[[1, 2, 4], [-3, 0, 0]], [[0, 40, 41], [5, 5, 5]], [[20, 0], [-30, 6]]])
def test_functions_of_doubles_are_their_definitions(function: str, x: list[list[int]]) -> None:
    """In the exact ring nothing is lost."""
    g = [[3 - 2 * k for k in range(len(row))] for row in x]
    exact, doubles = Exact(), Float64()
    expected = called(exact, function, exact.array(np.asarray(x)), exact.array(np.asarray(g)))
    found = called(doubles, function, np.asarray(x, dtype=float), np.asarray(g, dtype=float))
    assert found == pytest.approx(expected, rel=1e-11, abs=1e-300)


def test_of_numbers_that_do_not_belong_together_the_plain_formula() -> None:
    """As where a student's y, or by mistake x, stands in y's place."""
    doubles, x = Float64(), np.asarray([[20.0, 3.0]])
    y, g = np.asarray([[1.0, 2.0]]), np.asarray([[1.0, 3.0]])
    assert doubles.sigmoid_slope(x, y).tolist() == [[0.0, -2.0]]
    assert doubles.tanh_slope(x / 20, y).tolist() == [[0.0, -3.0]]
    assert doubles.through_softmax(g, y).tolist() == [[-6.0, -8.0]]
    assert doubles.through_log_softmax(g, y).tolist() == [[-3.0, -5.0]]
