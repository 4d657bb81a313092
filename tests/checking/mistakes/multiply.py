"""Mistakes in a product of inputs, element by element."""

from __future__ import annotations

import numpy as np

from .add import PROBLEM as SUM
from .add import SPREAD as SUM_SPREAD
from .add import THREE as SUM_THREE
from .add import case, cut
from .case import Doubles

PROBLEM, THREE, SPREAD = (problem.replace("- add:", "- multiply:") for problem in (SUM, SUM_THREE, SUM_SPREAD))
GATE = """
inputs: {a: [1, -0.5, 0.25], b: [2, -1.5, -3]}
layers:
  - multiply: {name: s, inputs: [a, b]}
  - %s: {name: r}
upstream: [3, -1, 2]
"""
RELU, TANH = GATE % "relu", GATE % "tanh"


def summed(maps: Doubles) -> Doubles:
    """Of each channel."""
    return np.array([sum(map(sum, channel)) for channel in maps])


CASES = [
    case("added-instead-of-multiplied", "s", lambda a, b: a + b, "a b", PROBLEM),
    case("matrix-product", "s", lambda a, b: np.array([sum(x * y for x, y in zip(a, b, strict=True))]), "a b", RELU),
    case(
        "matrix-product", "s", lambda a, b: np.array([m @ n for m, n in zip(a, b, strict=True)]), "a b",
        SPREAD.replace("b: [3, -5]", "b: [[[2, 3], [-5, 7]], [[-1, 4], [1, 6]]]"),
    ),
    case("input-left-out", "s", lambda b: b, "b", PROBLEM),
    case("input-left-out", "s", lambda a, c: a * c, "a c", THREE),
    case("activation-too-early", "s", lambda a, b: cut(a) * b, "a b", RELU),
    case("activation-too-early", "s", lambda a, b: np.tanh(a) * np.tanh(b), "a b", TANH),
    case(
        "spread-along-columns", "s",
        lambda a: np.array([[[a[c, i, j] * (3, -5)[j] for j in range(2)] for i in range(2)] for c in range(2)]),
        "a", SPREAD,
    ),
    case("other-factor-forgotten", "dL/da", lambda g: g, "dL/ds", PROBLEM),
    case("other-factor-forgotten", "dL/db", summed, "dL/ds", SPREAD),
    case("other-factor-forgotten", "dL/db", lambda g, c: g * c, "dL/ds c", THREE),
    case("own-factor-instead", "dL/da", lambda g, a: g * a, "dL/ds a", PROBLEM),
    case("own-factor-instead", "dL/db", lambda g: summed(g) * np.array([3, -5]), "dL/ds", SPREAD),
    case("output-instead-of-derivative", "dL/db", lambda g, s: g * s, "dL/ds s", PROBLEM),
    case("upstream-forgotten", "dL/db", lambda a: a, "a", PROBLEM),
    case("upstream-forgotten", "dL/db", summed, "a", SPREAD),
    case("spread-gradient-not-summed", "dL/db", lambda g, a: g * a, "dL/ds a", SPREAD),
    case("spread-gradient-averaged", "dL/db", lambda g, a: summed(g * a) / 4, "dL/ds a", SPREAD),
    case("relu-mask-forgotten", "dL/da", lambda g, b: g * b, "dL/dr b", RELU),
    case("next-layer-skipped", "dL/db", lambda g, a: g * a, "dL/dr a", TANH),
]  # fmt: skip
