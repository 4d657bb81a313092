"""Mistakes where labels are smoothed or classes have weights, in a cross-entropy and an nll."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .case import Case, Doubles

True_ = Mapping[str, Doubles]
NET = """
input: {name: z, value: [[1, 2, 0.5], [0.25, -1, 3]]}
layers: [LAYER: {name: p}]
loss: {LOSS: {class: [2, 1], OPTIONS}}
"""
HARD, WEIGHTS, PART = np.array([[0, 1, 0], [1, 0, 0]]), np.array([1, 2, 5]), 0.25
SMOOTH = (1 - PART) * HARD + PART / 3
OPTIONS = f"label_smoothing: {PART}, class_weights: {WEIGHTS.tolist()}"


def problem(kind: str, options: str = OPTIONS) -> str:
    layer = "log_softmax" if kind == "nll" else "softmax"
    return NET.replace("LAYER", layer).replace("LOSS", kind).replace("OPTIONS", options)


def loss(kind: str, target: Doubles, divisor: float) -> Callable[[True_], Doubles]:
    return lambda true: -np.sum(target * (true["p"] if kind == "nll" else np.log(true["p"]))) / divisor


def slope(kind: str, target: Doubles, divisor: float) -> Callable[[True_], Doubles]:
    return lambda true: -target / (1 if kind == "nll" else true["p"]) / divisor


CASES = [
    case
    for kind in ("cross_entropy", "nll")
    for of, tensor in ((loss, "L"), (slope, "dL/dp"))
    for case in (
        Case("label-smoothing-forgotten", problem(kind), tensor, of(kind, HARD * WEIGHTS, 3)),
        Case("class-weights-forgotten", problem(kind), tensor, of(kind, SMOOTH, 2)),
        Case("class-weights-forgotten", problem(kind), tensor, of(kind, SMOOTH, 3)),
        Case("weighted-mean-otherwise", problem(kind), tensor, of(kind, SMOOTH * WEIGHTS, 2)),
        Case(
            "weighted-mean-otherwise", problem(kind, f"{OPTIONS}, mean_over: samples"), tensor,
            of(kind, SMOOTH * WEIGHTS, 3),
        ),
    )
] + [
    Case(
        "target-not-subtracted", problem("cross_entropy"), "dL/dz",
        lambda true: true["p"] * (SMOOTH @ WEIGHTS)[:, None] / 3,
    ),
]  # fmt: skip
