"""Mistakes in a step of gradient descent, and in the loss after it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import cnncalc

from ..conv_loops import True_, convolve, gather, spread
from .case import Case, Doubles

TWO = """
input: {name: x, value: [1, 2]}
layers:
  - fc: {name: h, weight: {name: V, value: [[1, 0.5], [2, -1], [0.5, -3]]}, bias: {name: a, value: [0.5, 1, -1]}}
  - leaky_relu: {name: r, slope: 0.5}
  - fc: {name: o, weight: {name: W, value: [[1, 2, -1], [0.5, -1, 3]]}, bias: {name: b, value: [1, -2]}}
loss:
  half_squared_error: {target: [1, 3]}
update:
  sgd: {lr: 0.2}
"""
ONLY = TWO.replace("lr: 0.2", "lr: 0.2, only: [V, W]")
DECAYED = TWO.replace("lr: 0.2", "lr: 0.2, weight_decay: 0.5")
BATCH = TWO.replace("value: [1, 2]}", "value: [[1, 2], [-1, 3]]}").replace(
    "target: [1, 3]", "target: [[1, 3], [2, -4]]"
)
SUMMED = BATCH.replace("{target:", "{reduction: sum, target:")
CONV = """
input: {name: x, value: [[1, 2, -1], [3, 0, 4]]}
layers:
  - conv: {name: c, weight: {name: K, value: [[1, 2], [-1, 3]]}}
  - flatten
  - fc: {name: o, weight: {name: W, value: [[1, -2], [3, 0.5]]}}
loss:
  half_squared_error: {target: [1, 3]}
update:
  sgd: {lr: 0.05}
"""
TRANSPOSED = CONV.replace("- conv:", "- conv_transpose:").replace(
    "[[1, -2], [3, 0.5]]", "[[1, -2, 3, 0.5, 2, 1, -1, 0.25, 1, 2, -3, 1], [2, 1, 0.5, -1, 1, 3, 1, -2, 0.5, 1, 2, -1]]"
)
EQUAL = """
input: {name: x, value: [1, 2]}
layers:
  - fc: {name: h, weight: {name: V, value: [[1, 0.5], [2, -1]]}}
  - fc: {name: o, weight: {name: W, value: [[1, -2], [3, 0.5]]}}
loss:
  mse: {target: [1, 3]}
update:
  sgd: {lr: 0.1}
"""
WITHOUT_LOSS = TWO.replace("loss:\n  half_squared_error: {target: [1, 3]}", "upstream: {value: [2, -3]}")


def stepped(name: str, rate: float) -> Callable[[True_], Doubles]:
    return lambda true: np.asarray(true[name] - rate * true[f"dL/d{name}"])


def rows(values: Doubles) -> list[list[float]]:
    made: list[list[float]] = np.atleast_2d(values).tolist()
    return made


def first_weight(true: True_, second: Doubles, samples: slice = slice(None), share: float = 1) -> Doubles:
    """dL/dV of TWO or BATCH with another W behind it, over some of the samples, each with a share."""
    dv = np.zeros((3, 2))
    for x, h, o, t in list(zip(*map(rows, (true["x"], true["h"], true["o"], true["L.target"])), strict=True))[samples]:
        for k in range(3):
            g = sum((o[j] - t[j]) * second[j, k] for j in range(2)) * (1 if h[k] > 0 else 0.5)
            dv[k] += np.array([g * x[0], g * x[1]]) * share
    return dv


def with_new_activations(true: True_) -> Doubles:
    """dL/dV of TWO, forward and backward with the new W and b."""
    r = true["r"].tolist()
    o = [
        sum(w * a for w, a in zip(row, r, strict=True)) + b for row, b in zip(true["W.new"], true["b.new"], strict=True)
    ]
    return first_weight({**true, "o": np.array(o)}, true["W.new"])


def kernel(true: True_) -> Doubles:
    """K.new of CONV with the new W in the backward pass."""
    g = true["o"] - true["L.target"]
    dc = np.array([[[sum(g[j] * true["W.new"][j, k] for j in range(2)) for k in range(2)]]])
    return np.asarray(true["K"][0, 0] - 0.05 * gather(dc, true["x"].reshape(1, 2, 3), size=(2, 2))[0, 0])


def back(true: True_, second: str = "W.new", first: str = "V.new", through: bool = True) -> Doubles:
    """dL/dr of TWO through some W; or dL/dx, through some V as well."""
    dr = [sum((true["o"] - true["L.target"])[j] * true[second][j, k] for j in range(2)) for k in range(3)]
    if not through:
        return np.array(dr)
    dh = [g * (1 if h > 0 else 0.5) for g, h in zip(dr, true["h"], strict=True)]
    return np.array([sum(dh[k] * true[first][k, i] for k in range(3)) for i in range(2)])


def maps(true: True_, weight: str) -> Doubles:
    """dL/dc of CONV or TRANSPOSED through some W, as maps."""
    g = true["o"] - true["L.target"]
    flat = [sum(g[j] * row for j, row in enumerate(true[weight][:, k])) for k in range(true[weight].shape[1])]
    return np.reshape(flat, true["c"].shape)


LOSSES = {
    "cross_entropy": ("softmax", [0, 1, 0]),
    "nll": ("log_softmax", [0, 1, 0]),
    "binary_cross_entropy": ("sigmoid", [0, 1, 0.25]),
    "mse": ("tanh", [0.5, -1, 2]),
    "half_squared_error": ("leaky_relu", [0.5, -1, 2]),
}
WEIGHT, BIAS = [[1, 0.5], [0.25, -0.75], [0.5, 1]], [0.5, -0.25, 1]


def net(loss: str, weight: Any, bias: Any, only: str = "") -> str:
    activation, target = LOSSES[loss]
    weight, bias = np.asarray(weight).tolist(), np.asarray(bias).tolist()
    return f"""
input: {{name: x, value: [1, -2]}}
layers:
  - fc: {{name: h, weight: {{name: W, value: {weight}}}, bias: {{name: b, value: {bias}}}}}
  - {activation}
loss: {{{loss}: {{target: {target}}}}}
update: {{sgd: {{lr: 0.5{only}}}}}
"""


def again(loss: str, weight: str, bias: str) -> Callable[[True_], Doubles]:
    """The loss of a net that has the new parameters typed in, or some of the old ones."""

    def wrong(true: True_) -> Doubles:
        parameters = {**true, "b.moved": true["b"] - 0.5 * true["dL/db"]}
        text = net(loss, parameters[weight], parameters[bias])
        return np.asarray(cnncalc.solve(cnncalc.loads(text), "float")["L"].value)

    return wrong


CLIPPED = TWO.replace("lr: 0.2", "lr: 0.2, clip: {norm: 2}")


def by_itself(true: True_) -> Doubles:
    """W clipped by the length of its own gradient."""
    gradient = np.asarray(true["dL/dW"])
    return np.asarray(true["W"] - 0.2 * gradient * min(1, 2 / np.sqrt((gradient**2).sum())))


def pulled(factor: float, is_step: bool) -> Callable[[True_], Doubles]:
    """The gradient of W in DECAYED with so much of its weight decay, or the step along it."""
    return lambda true: (
        true["W"] - 0.2 * (true["dL/dW"] + factor * true["W"]) if is_step else true["dL/dW"] + factor * true["W"]
    )


CASES = [
    *(
        Case(code, DECAYED, tensor, pulled(factor, tensor == "W.new"))
        for code, factor in (("weight-decay-forgotten", 0.0), ("weight-decay-sign", -0.5))
        for tensor in ("W.regularized", "W.new")
    ),
    Case("step-alone", DECAYED, "W.new", lambda true: 0.2 * (true["dL/dW"] + 0.5 * true["W"])),
    Case("update-sign", DECAYED, "W.new", lambda true: true["W"] + 0.2 * (true["dL/dW"] + 0.5 * true["W"])),
    Case("gradient-not-clipped", CLIPPED, "V.new", stepped("V", 0.2)),
    Case("gradient-not-clipped", TWO.replace("lr: 0.2", "lr: 0.2, clip_value: 0.5"), "W.new", stepped("W", 0.2)),
    Case("gradient-not-clipped", CLIPPED, "V.clipped", lambda true: true["dL/dV"]),
    Case("clipped-by-itself", CLIPPED, "W.new", by_itself),
    Case("clipped-by-itself", CLIPPED, "W.clipped", lambda true: (true["W"] - by_itself(true)) / 0.2),
    *(Case("update-sign", TWO, f"{name}.new", stepped(name, -0.2)) for name in ("V", "a", "W", "b")),
    Case("update-sign", WITHOUT_LOSS, "V.new", stepped("V", -0.2)),
    Case("update-sign", CONV, "K.new", stepped("K", -0.05)),
    Case("updated-weights-used", TWO, "V.new", lambda true: true["V"] - 0.2 * first_weight(true, true["W.new"])),
    Case("updated-weights-used", ONLY, "V.new", lambda true: true["V"] - 0.2 * first_weight(true, true["W.new"])),
    Case(
        "updated-weights-used", BATCH, "V.new",
        lambda true: true["V"] - 0.2 * first_weight(true, true["W.new"], share=0.5),
    ),
    Case("updated-weights-used", TWO, "V.new", lambda true: true["V"] - 0.2 * with_new_activations(true)),
    Case("updated-weights-used", CONV, "K.new", kernel),
    # In the gradient itself: through this layer's new weight, or through those behind it as well.
    Case("updated-weights-used", TWO, "dL/dr", lambda true: back(true, through=False)),
    Case("updated-weights-used", TWO, "dL/dx", lambda true: back(true, second="W")),
    Case("updated-weights-used", TWO, "dL/dx", back),
    Case(
        "updated-weights-used", CONV, "dL/dx",
        lambda true: spread(maps(true, "W"), true["K.new"], size=(2, 3)),
    ),
    Case(
        "updated-weights-used", CONV, "dL/dx",
        lambda true: spread(maps(true, "W.new"), true["K.new"], size=(2, 3)),
    ),
    Case(
        "updated-weights-used", TRANSPOSED, "dL/dx",
        lambda true: convolve(maps(true, "W"), true["K.new"], out=(2, 3)),
    ),
    Case("learning-rate-forgotten", TWO, "V.new", stepped("V", 1)),
    Case("learning-rate-forgotten", WITHOUT_LOSS, "b.new", stepped("b", 1)),
    Case("learning-rate-divided", TWO, "W.new", stepped("W", 5)),
    Case("step-alone", TWO, "W.new", lambda true: 0.2 * true["dL/dW"]),
    Case("step-alone", TWO, "b.new", lambda true: -0.2 * true["dL/db"]),
    Case("learning-rate-on-everything", TWO, "V.new", lambda true: 0.2 * (true["V"] - true["dL/dV"])),
    Case("learning-rate-decimal-point", TWO, "W.new", stepped("W", 0.02)),
    Case("learning-rate-decimal-point", TWO, "W.new", stepped("W", 2)),
    Case("updated-twice", TWO, "V.new", stepped("V", 0.4)),
    Case("parameter-not-updated", TWO, "b.new", lambda true: true["b"]),
    Case(
        "one-sample-only", BATCH, "V.new",
        lambda true: true["V"] - 0.2 * first_weight(true, true["W"], slice(1, 2)),
    ),
    Case(
        "one-sample-only", BATCH, "V.new",
        lambda true: true["V"] - 0.2 * first_weight(true, true["W"], slice(0, 1), 0.5),
    ),
    Case("other-reduction", BATCH, "W.new", stepped("W", 0.4)),
    Case("other-reduction", SUMMED, "W.new", stepped("W", 0.1)),
    Case("gradient-of-another-parameter", EQUAL, "V.new", lambda true: true["V"] - 0.1 * true["dL/dW"]),
    # The loss after it
    *(
        case
        for loss in LOSSES
        for case in (
            Case("parameter-not-updated", net(loss, WEIGHT, BIAS), "L.new", again(loss, "W.new", "b")),
            Case("parameter-not-updated", net(loss, WEIGHT, BIAS), "L.new", again(loss, "W", "b.new")),
            Case(
                "fixed-parameter-updated", net(loss, WEIGHT, BIAS, ", only: [W]"), "L.new",
                again(loss, "W.new", "b.moved"),
            ),
        )
    ),
]  # fmt: skip
