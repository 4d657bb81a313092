"""Everything rounded at each step, by hand: the steps that a sheet has no place for too. Plain NumPy, no slip."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnncalc

PROBLEM = """
input: {name: x, value: [[1, -2, 4], [3, 0.5, -1]]}
layers:
  - fc: {name: h, weight: {name: V, value: [[1, 0.5, -1], [2, -1, 0.5], [0.25, 1, 1]]}}
  - NORM: {name: n, gamma: {name: gamma, value: [1.5, 0.5, 2]}, beta: {name: beta, value: [0.5, -1, 0.25]}}
  - fc: {name: z, weight: {name: W, value: [[1, -0.5, 0.25]]}}
loss: {half_squared_error: {target: [[1], [-1]]}}
update: {sgd: {lr: 0.1, only: [W]}}
"""
FORMATS = ["{:.3f}", "{:.4f}", "{:.2e}", "{:.3e}"]


def on_paper(norm: str, to: Callable[[Any], Any]) -> dict[str, Any]:
    """The network in numbers of so many digits, a tensor after the other."""
    x, v = np.array([[1, -2, 4], [3, 0.5, -1]]), np.array([[1, 0.5, -1], [2, -1, 0.5], [0.25, 1, 1]])
    gamma, beta, w = np.array([1.5, 0.5, 2]), np.array([0.5, -1, 0.25]), np.array([[1, -0.5, 0.25]])
    axis = 0 if norm == "batch_norm" else 1
    h = to(x @ v.T)
    mean = to(h.mean(axis=axis, keepdims=True))
    xhat = to((h - mean) / np.sqrt(to(((h - mean) ** 2).mean(axis=axis, keepdims=True)) + 1e-5))
    n = to(xhat * gamma + beta)
    z = to(n @ w.T)
    g = to((z - np.array([[1.0], [-1.0]])) / 2)
    dw = to(g.T @ n)
    new = to(w - 0.1 * dw)
    again = to(n @ new.T)
    losses = [to(((y - np.array([[1.0], [-1.0]])) ** 2).sum() / 4) for y in (z, again)]
    return {"h": h, "n": n, "z": z, "L": losses[0], "dL/dz": g, "dL/dW": dw, "W.new": new, "L.new": losses[1]}


def written(values: Any, form: str) -> Any:
    return np.vectorize(lambda number: f"{float(form.format(number)):.10f}".rstrip("0") if "e" in form else
                        form.format(number), otypes=[object])(values).tolist()  # fmt: skip


@pytest.mark.parametrize("norm", ["batch_norm", "layer_norm"])
@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_wrong_where_everything_is_rounded_at_each_step(norm: str, form: str) -> None:
    problem = cnncalc.loads(PROBLEM.replace("NORM", norm))
    digits = np.vectorize(lambda number: float(form.format(number)), otypes=[float])
    sheet = {name: written(values, form) for name, values in on_paper(norm, digits).items()}
    report = cnncalc.check(problem, sheet)
    few = {tensor.name for tensor in report.tensors if {m.code for m in tensor.mistakes} == {"too-few-digits"}}
    assert {tensor.name for tensor in report.tensors if tensor.verdict == "wrong"} <= few
    # And a slip is one all the same: a twentieth too much.
    n = on_paper(norm, digits)["n"]
    n[1, 2] *= 1.05
    slipped = cnncalc.check(problem, {**sheet, "n": written(n, form)})
    assert slipped["n"].verdict == "wrong"


def test_another_convention_is_seen_through_what_was_rounded_at_each_step() -> None:
    form = "{:.3f}"
    digits = np.vectorize(lambda number: float(form.format(number)), otypes=[float])
    made = on_paper("batch_norm", digits)
    target = np.array([[1.0], [-1.0]])
    made["L"] = digits(((made["z"] - target) ** 2).sum() / 2)
    made["dL/dz"] = digits(made["z"] - target)
    made["dL/dW"] = digits(made["dL/dz"].T @ made["n"])
    made["W.new"] = digits(np.array([[1, -0.5, 0.25]]) - 0.1 * made["dL/dW"])
    made["L.new"] = digits(((digits(made["n"] @ made["W.new"].T) - target) ** 2).sum() / 2)
    sheet = {name: written(values, form) for name, values in made.items()}
    report = cnncalc.check(cnncalc.loads(PROBLEM.replace("NORM", "batch_norm")), sheet)
    assert [convention.code for convention in report.conventions] == ["other-reduction"]
    wrong = [tensor for tensor in report.tensors if tensor.verdict == "wrong"]
    assert not [tensor.name for tensor in wrong if {m.code for m in tensor.mistakes} != {"too-few-digits"}]


def test_what_cancels_behind_a_batch_norm_does_not_speak_against_a_convention() -> None:
    text = """
    input: {name: x, value: [[[[1, 2, 0], [3, -1, 2], [1, 0, 2]]], [[[0, 1, 1], [2, 4, -2], [1, 3, 0]]]]}
    layers:
      - conv: {name: c, weight: {name: K, value: [[1, 2], [-1, 3]]}, bias: {name: b, value: [1]}FLIP}
      - batch_norm: {name: n}
    upstream: [[[[1, 2], [0, -1]]], [[[3, 1], [1, 0.5]]]]
    """
    names = ["c", "n.mean", "n.var", "n", "dL/dc", "dL/dK", "dL/db", "dL/dx"]
    # What a program leaves of the true zeros of dL/db.
    theirs = cnncalc.solve(cnncalc.loads(text.replace("FLIP", ", flip: true")), "float")
    sheet = {name: theirs[name].value for name in names} | {"dL/db": np.array([2.7e-17])}
    report = cnncalc.check(cnncalc.loads(text.replace("FLIP", "")), sheet)
    assert [convention.code for convention in report.conventions] == ["kernel-flipped"]
    assert not [tensor.name for tensor in report.tensors if tensor.verdict == "wrong"]


def test_what_the_calculator_still_held_is_followed_past_a_saturated_tanh() -> None:
    problem = cnncalc.loads("""
    input: {name: x, value: [1, 3]}
    layers:
      - fc: {name: z, weight: {name: W, value: [[1, 1], [1, 1]]}}
      - tanh: {name: h}
      - fc: {name: y, weight: {name: V, value: [[0.5, -1]]}}
    loss: {half_squared_error: {target: [1]}}
    """)
    z, v = np.array([4.0, 6.0]), np.array([[0.5, -1]])  # 4 became 6
    h = np.tanh(z)
    g = v @ h - 1
    dh = v.T @ g
    dz = dh * (1 - h**2)
    made = {"z": z, "h": h, "y": v @ h, "L": (g**2).sum() / 2, "dL/dy": g, "dL/dh": dh, "dL/dz": dz,
            "dL/dW": np.outer(dz, [1, 3])}  # fmt: skip
    four_digits = np.vectorize("{:.3e}".format, otypes=[object])
    report = cnncalc.check(problem, {name: four_digits(value).tolist() for name, value in made.items()})
    assert [tensor.name for tensor in report.tensors if tensor.verdict == "wrong"] == ["z"]


def test_digits_that_were_lost_are_missed_once() -> None:
    problem = cnncalc.loads("""
    input: {name: x, value: [[1, 2], [2, 3], [3, 3]]}
    layers:
      - fc: {name: s, weight: {name: W, value: [[-0.7, -0.9], [0, -0.3]]}, bias: {name: c, value: [0.7, 0.6]}}
      - softmax: {name: p}
    loss: {cross_entropy: {class: [1, 2, 2]}}
    """)
    x = np.array([[1, 2], [2, 3], [3, 3]])
    e = np.exp(x @ np.array([[-0.7, -0.9], [0, -0.3]]).T + [0.7, 0.6])
    ds = (e / e.sum(1, keepdims=True) - [[1, 0], [0, 1], [0, 1]]) / 3
    made = {"dL/ds": ds, "dL/dW": ds.T @ x, "dL/dc": ds.sum(0)}
    report = cnncalc.check(problem, {name: written(value, "{:.2f}") for name, value in made.items()})
    assert {tensor.name: [m.code for m in tensor.mistakes] for tensor in report.tensors} == {
        "dL/ds": ["too-few-digits"], "dL/dW": [], "dL/dc": [],
    }  # fmt: skip
    assert [report[name].verdict.value for name in ("dL/dW", "dL/dc")] == ["follows", "follows"]


def test_p_minus_t_of_a_rounded_p_that_was_not_handed_in_is_rounded_early() -> None:
    problem = cnncalc.loads("""
    input: {name: x, value: [1, 2]}
    layers:
      - fc: {name: s, weight: {name: W, value: [[1.1, 2], [0.7, -0.35]]}, bias: {name: b, value: [0.123, 0.05]}}
      - softmax: {name: p}
    loss: {cross_entropy: {class: 1}}
    """)
    three = np.vectorize(lambda number: float(f"{number:.2e}"), otypes=[float])
    e = np.exp(three(np.array([[1.1, 2], [0.7, -0.35]]) @ [1, 2] + [0.123, 0.05]))
    p = three(e / e.sum())
    db = p - [1, 0]  # 0.994 - 1
    report = cnncalc.check(problem, {"dL/db": np.vectorize("{:.2e}".format, otypes=[object])(db).tolist()})
    assert [mistake.code for mistake in report["dL/db"].mistakes] == ["rounded-early"]


def test_a_half_that_was_forgotten_throughout_is_a_convention_however_it_was_rounded() -> None:
    v, w = np.array([[0.7, -1.3, 0.4], [1.1, 0.3, -0.6]]), np.array([[0.37, -0.83], [0.29, 0.57]])
    problem = cnncalc.loads(f"""
    input: {{name: x, value: [1.7, 0.9, -2.3]}}
    layers:
      - fc: {{name: h, weight: {{name: V, value: {v.tolist()}}}}}
      - sigmoid: {{name: a}}
      - fc: {{name: z, weight: {{name: W, value: {w.tolist()}}}}}
    loss: {{half_squared_error: {{target: [1, -1]}}}}
    """)
    three = np.vectorize(lambda number: float(f"{number:.2e}"), otypes=[float])
    h = three(v @ [1.7, 0.9, -2.3])
    a = three(1 / (1 + np.exp(-h)))
    z = three(w @ a)
    g = three(2 * (z - [1, -1]))
    da = three(w.T @ g)
    made = {"h": h, "a": a, "z": z, "L": three(((z - [1, -1]) ** 2).sum()), "dL/dz": g, "dL/dW": three(np.outer(g, a)),
            "dL/da": da, "dL/dh": three(da * a * (1 - a))}  # fmt: skip
    report = cnncalc.check(problem, {name: written(value, "{:.2e}") for name, value in made.items()})
    assert [convention.code for convention in report.conventions] == ["wrong-divisor"]
    assert not [tensor.name for tensor in report.tensors if tensor.verdict == "wrong"]


@pytest.mark.parametrize("norm", ["batch_norm", "layer_norm"])
@pytest.mark.parametrize("handed_in", [["z", "L", "dL/dz"], ["n", "dL/dW", "W.new"], ["h", "z", "W.new", "L.new"]])
def test_who_leaves_out_what_he_rounded_is_not_accused_of_slips(norm: str, handed_in: list[str]) -> None:
    problem = cnncalc.loads(PROBLEM.replace("NORM", norm))
    made = on_paper(norm, np.vectorize(lambda number: float(f"{number:.3e}"), otypes=[float]))
    report = cnncalc.check(problem, {name: written(made[name], "{:.3e}") for name in handed_in})
    said = {mistake.code for tensor in report.tensors for mistake in tensor.mistakes}
    assert said <= {"rounded-early", "last-digit", "truncated", "too-few-digits"}
    # Far more than rounding brings about is one.
    made["z"] = made["z"] * np.array([[1], [1.2]])
    (z,) = cnncalc.check(problem, {"z": written(made["z"], "{:.3e}")}).tensors
    assert "rounded-early" not in [mistake.code for mistake in z.mistakes]


def test_zeros_that_were_left_out_behind_a_point_leave_0() -> None:
    """0 is the 0.000 that it was rounded to, which is right among as many places as a program prints."""
    problem = cnncalc.loads("input: [1234, 24, 0.3, 0.12, 200]\nlayers: [scale: {name: y, number: 1/10000}]\n")
    for answer, codes in (("[0.1234, 0.0024, 0, 0, 0.02]", []), ("[0.123, 0.002, 0, 0, 0.02]", ["too-few-digits"])):
        (y,) = cnncalc.check(problem, {"y": answer}).tensors
        assert [mistake.code for mistake in y.mistakes] == codes


def test_a_whole_number_rounded_from_what_follows_is_said_to_be() -> None:
    text = "input: [1.5, 2.5]\nlayers:\n  - scale: {name: h, number: 2}\n  - scale: {name: y, number: 13.6}\n"
    report = cnncalc.check(cnncalc.loads(text), {"h": "[3, 9]", "y": "[40.8, 122]"})
    assert [mistake.code for mistake in report["y"].mistakes] == ["rounded-to-integer"]
