"""Numbers of which it stays open whether they are 0: every command ends well, and `auto` says that it took doubles."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from time import process_time

import pytest

import cnncalc
from cnncalc import solver
from cnncalc.arithmetic.base import TooCostly
from cnncalc.layers.activations.softmax import Softmax
from cnncalc.problem.text.faults import ProblemError

from ..command import run

# 0 by an identity of roots that the ring does not see; and not 0, which only 72 000 bits show.
NOTHING = ["sqrt(2)+sqrt(3)-sqrt(5+2*sqrt(6))", "sqrt(1+exp(-50000))-1"]
BRANCHES = {
    "relu_1": "input: [{u}, 1]\nlayers: [relu]\nupstream: [1, 2]",
    "leaky_relu_1": "input: [{u}, 1]\nlayers: [leaky_relu]\nupstream: [1, 2]",
    "max_pool_1": "input: [[[1, 1+{u}], [0, -1]]]\nlayers: [max_pool: {{size: 2}}]\nupstream: [[[1]]]",
    "L": "input: [1, 2]\nlayers: [softmax]\nloss: {{cross_entropy: {{target: [{u}, 1], name: L}}}}",
}
"""By the step that has to decide."""
WITHOUT = {
    "gradients": "input: [{u}, 1]\nlayers: [fc: {{weight: [[1, 2], [3, 4]]}}, tanh]\nupstream: [1, {u}]",
    "weights": (
        "input: [1, {u}]\nlayers: [fc: {{weight: [[1, {u}], [3, 4]]}}, log_softmax]\nloss: {{nll: {{class: 1}}}}\n"
        "update: {{sgd: {{lr: 0.1}}}}"
    ),
    "kernels": "input: [[[1, {u}], [0, -1]]]\nlayers: [conv: {{weight: [[[[{u}, 2], [2, {u}]]]], padding: 1}}]\n"
    "upstream: [[[1, {u}, 0], [0, 0, 0], [{u}, 1, {u}]]]",
    "batch": "input: [[1, {u}], [2, 3]]\nlayers: [batch_norm, softmax]\nloss: {{cross_entropy: {{class: [1, 2]}}}}",
}
"""Problems in which nothing has to be decided."""


@pytest.mark.parametrize("number", NOTHING)
@pytest.mark.parametrize("step", BRANCHES)
def test_what_exact_numbers_do_not_decide_doubles_do_and_that_is_said(step: str, number: str) -> None:
    problem = cnncalc.loads(BRANCHES[step].format(u=number))
    with pytest.raises(ProblemError, match=f"{step}: not decided"):
        cnncalc.solve(problem, "exact")
    trace = cnncalc.solve(problem)
    assert trace.numbers.name == "float"
    (notice,) = trace.notices
    assert notice.en.startswith(f"numbers: float64, since at {step} exact numbers leave undecided")
    assert step in notice.zh


@pytest.mark.parametrize("number", NOTHING)
@pytest.mark.parametrize("name", [*WITHOUT, *BRANCHES])
@pytest.mark.parametrize("command", ["solve", "worked", "explain", "verify", "check"])
def test_every_command_ends_well(command: str, name: str, number: str, tmp_path: Path) -> None:
    text = {**WITHOUT, **BRANCHES}[name].format(u=number)
    (tmp_path / "open.yaml").write_text(text)
    gradient = "dL/dinput"
    cells = cnncalc.solve(cnncalc.loads(text), "float")[gradient].value
    (tmp_path / "sheet.yaml").write_text(f"{gradient}: {(cells + 0.25).tolist()}")
    more = {"explain": [gradient], "check": ["sheet.yaml"]}.get(command, [])
    result = run([command, "open.yaml", *more], folder=tmp_path)
    assert result.returncode == (1 if command == "check" else 0), result.stderr


def test_what_follows_from_numbers_that_lead_nowhere_is_left_open(tmp_path: Path) -> None:
    """e^(10^300) is beyond all exponents, so that the sizes of the terms behind it are not known."""
    layers = "[fc: {name: h, weight: [[1, 0, 0], [0, 1e150, 0], [0, 0, 5e299]]}, log_softmax: {name: z}, softmax]"
    (tmp_path / "far.yaml").write_text(f"input: [-2, 1, 2]\nlayers: {layers}\nupstream: [1, -2, -1e18]")
    (tmp_path / "sheet.yaml").write_text("h: [-2, 1e150, 1e300]\ndL/dz: [0.5, -0.5, 0]\ndL/dh: [0.5, 1, 0]")
    result = run(["check", "far.yaml", "sheet.yaml"], folder=tmp_path)
    assert result.returncode == 1, result.stderr


def squared(times: int) -> str:
    """A number whose digits double with each layer, as those of rationals do."""
    names = ["x", *(f"m{at}" for at in range(times))]
    pairs = pairwise(names)
    layers = "".join(f"  - multiply: {{name: {after}, inputs: [{before}, {before}]}}\n" for before, after in pairs)
    return f"input: {{name: x, value: [0.99, 1.01]}}\nlayers:\n{layers}upstream: 1\n"


def test_numbers_that_grow_without_end_are_a_fault_or_doubles() -> None:
    result = run(["solve", "-", "--numbers", "exact"], stdin=squared(60))
    assert result.returncode == 2
    assert "the exact calculation has outgrown its budget\n" in result.stderr
    assert "take --numbers float, or smaller numbers" in result.stderr
    result = run(["solve", "-"], stdin=squared(24).replace("1.01", "1"))
    assert result.returncode == 0
    assert "too large to be solved exactly" in result.stderr


def test_numbers_of_a_hundred_thousand_digits_are_shown_as_decimals() -> None:
    result = run(["solve", "-", "--numbers", "exact", "--only", "m15"], stdin=squared(16))
    assert result.returncode == 0
    # By mpmath: 0.99^65536 and 1.01^65536.
    assert "8.87387e-287  1.60529e283" in result.stdout


def test_closed_forms_do_without_names_when_no_work_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    def outgrown(*_: object) -> None:
        raise TooCostly("the exact calculation has outgrown its budget")

    trace = cnncalc.solve(cnncalc.loads("input: [1, 2]\nlayers: [softmax: {name: p}, fc: {weight: [[1, 2]], name: y}]"))
    monkeypatch.setattr(Softmax, "shares", outgrown)
    assert trace["y"].closed_form((0,)) is not None


STEP_BEHIND_A_NORM = """
input: {name: x, value: [[3, 1], [4, 3], [3.5, -4.5]]}
layers:
  - fc: {name: s, weight: [[0.06, 0], [0.07, -0.08]], bias: {name: b, value: [0.2, -0.3]}}
  - batch_norm: {name: n, gamma: [1.5, 2]}
  - leaky_relu: {name: a, slope: 0.1}
  - fc: {weight: [[-0.3, -0.167]]}
loss: {mse: {target: [[1], [0.5], [2]]}}
update: {adam: {lr: 0.1}}
"""
"""The third sample is the mean of the first feature, and no bias matters in front of a batch norm."""


@pytest.mark.parametrize("budget", [30_000, 1_000_000])
def test_doubles_go_on_from_what_exact_numbers_have_found(budget: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """In doubles alone the 0 at the kink were 3e-15, on its other side, and Adam divided rounding by itself."""
    monkeypatch.setattr(solver, "EXACT_BUDGET", budget)
    trace = cnncalc.solve(cnncalc.loads(STEP_BEHIND_A_NORM))
    assert trace.numbers.name == "float"
    assert trace["n"].value[2, 0] == 0
    assert trace["dL/dn"].value[2, 0] == pytest.approx(trace["dL/da"].value[2, 0] / 10)
    if budget == 1_000_000:
        assert trace["dL/db"].value.tolist() == [0, 0]
        assert trace["b.new"].value.tolist() == [0.2, -0.3]


def test_a_number_with_hundreds_of_thousands_of_zeros_makes_no_fraction_of_as_many_digits() -> None:
    """Beside e^-841827 the terms of a worked sum were added up as fractions, which took a minute."""
    problem = "input: [1202610, 1]\nlayers: [fc: {weight: [[-0.7, 1], [1, 2]]}, softplus, fc: {weight: [[1, 2]]}]\n"
    began = process_time()
    assert run(["worked", "-"], stdin=problem).returncode == 0
    assert process_time() - began < 5
