"""A mistake in a tensor that was not handed in is told once: what else comes of it follows. In plain NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import cnncalc

PROBLEM = """
input: {name: x, value: [1, -2, 0.5]}
layers:
  - fc: {name: h, weight: {name: V, value: [[1, 0.5, -1], [2, -1, 0.5]]}}
  - tanh: {name: a}
  - fc: {name: z, weight: {name: W, value: [[1, -0.5], [0.25, 2], [-1, 0.5]]}, bias: {name: c, value: [0.5, 0, -1]}}
  - softmax: {name: p}
loss: {cross_entropy: {class: 2}}
"""
X, V, W = np.array([1, -2, 0.5]), np.array([[1, 0.5, -1], [2, -1, 0.5]]), np.array([[1, -0.5], [0.25, 2], [-1, 0.5]])
A = np.tanh(V @ X)
P = np.exp(W @ A + [0.5, 0, -1]) / np.exp(W @ A + [0.5, 0, -1]).sum()
Y = np.array([0, 1, 0])
WRONG: dict[str, Callable[[], Any]] = {
    "the wrong sign": lambda: Y - P,
    "the mean over the classes": lambda: (P - Y) / 3,
    "minus the probability at the target": lambda: np.where(Y, -P, P),
    "the derivative once more": lambda: (P - Y) * P * (1 - P),
}


def sheet(dz: Any, form: str) -> dict[str, Any]:
    da = W.T @ dz
    dh = da * (1 - A**2)
    made = {"dL/dW": np.outer(dz, A), "dL/dc": dz, "dL/da": da, "dL/dV": np.outer(dh, X), "dL/dx": V.T @ dh}
    return {name: np.vectorize(form.format, otypes=[object])(values).tolist() for name, values in made.items()}


@pytest.mark.parametrize("dz", WRONG.values(), ids=WRONG)
@pytest.mark.parametrize("form", ["{!r}", "{:.6f}", "{:.4f}"])
def test_what_else_comes_of_it_follows(dz: Callable[[], Any], form: str) -> None:
    problem = cnncalc.loads(PROBLEM)
    report = cnncalc.check(problem, sheet(dz(), form))
    assert [tensor.name for tensor in report.tensors if tensor.verdict == "wrong"] == ["dL/dW"]
    (note,) = report["dL/dc"].notes
    assert note.text("en") == "This follows from the mistake in dL/dz that dL/dW shows."
    # Nothing else follows from it.
    worse = sheet(dz(), form)
    worse["dL/dc"][1] = "0.7531"
    assert cnncalc.check(problem, worse)["dL/dc"].verdict == "wrong"


def test_what_was_forgotten_is_forgotten_behind_the_update_as_well() -> None:
    v, w = np.array([[1, 0.5, -1], [2, -1, 0.5]]), np.array([[0.7, -0.4], [0.25, 0.6], [-1, 0.5]])
    problem = cnncalc.loads(f"""
    input: {{name: x, value: {X.tolist()}}}
    layers:
      - fc: {{name: h, weight: {{name: V, value: {v.tolist()}}}, bias: {{name: b, value: [0.5, -0.75]}}}}
      - sigmoid: {{name: a}}
      - fc: {{name: z, weight: {{name: W, value: {w.tolist()}}}, bias: {{name: c, value: [0.4, -0.2, 1]}}}}
      - softmax: {{name: p}}
    loss: {{cross_entropy: {{class: 2}}}}
    update: {{sgd: {{lr: 0.5, only: [V, W]}}}}
    """)

    def forward(v: Any, w: Any) -> tuple[Any, ...]:
        a = 1 / (1 + np.exp(-(v @ X)))
        e = np.exp(w @ a)
        return v @ X, a, w @ a, e / e.sum(), -np.log(e / e.sum())[1]

    h, a, z, p, loss = forward(v, w)
    dz = p - Y
    dh = (w.T @ dz) * a * (1 - a)
    new_v, new_w = v - np.outer(dh, X) / 2, w - np.outer(dz, a) / 2
    made = {"h": h, "a": a, "z": z, "p": p, "L": loss, "dL/dW": np.outer(dz, a), "dL/dV": np.outer(dh, X),
            "V.new": new_v, "W.new": new_w, "L.new": forward(new_v, new_w)[-1]}  # fmt: skip
    sheet = {name: np.vectorize("{:.4f}".format, otypes=[object])(values).tolist() for name, values in made.items()}
    report = cnncalc.check(problem, sheet)
    assert [tensor.name for tensor in report.tensors if tensor.verdict == "wrong"] == ["h", "z", "L.new"]
    (mistake,) = report["L.new"].mistakes
    assert mistake.message == "Earlier, in h.new, z.new: The bias was forgotten: y = W · x + b."
