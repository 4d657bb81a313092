"""Mistakes in a difference of inputs."""

from __future__ import annotations

import numpy as np

from .add import PROBLEM as SUM
from .add import RELU as SUM_RELU
from .add import SPREAD as SUM_SPREAD
from .add import TANH as SUM_TANH
from .add import THREE as SUM_THREE
from .add import case, cut

PROBLEM, THREE, SPREAD, RELU, TANH = (
    problem.replace("- add:", "- subtract:") for problem in (SUM, SUM_THREE, SUM_SPREAD, SUM_RELU, SUM_TANH)
)


CASES = [
    case("subtraction-turned-round", "s", lambda a, b: b - a, "a b", PROBLEM),
    case("subtraction-turned-round", "dL/da", lambda g: 0 - g, "dL/ds", PROBLEM),
    case("minus-forgotten", "dL/db", lambda g: g, "dL/ds", PROBLEM),
    case("minus-forgotten", "dL/dc", lambda g: g, "dL/ds", THREE),
    case("minus-forgotten", "dL/db", lambda g: [sum(map(sum, c)) for c in g], "dL/ds", SPREAD),
    case("added-instead-of-subtracted", "s", lambda a, b, c: a + b + c, "a b c", THREE),
    case("input-left-out", "s", lambda a: a, "a", PROBLEM),
    case("input-left-out", "s", lambda a, c: a - c, "a c", THREE),
    case("activation-too-early", "s", lambda c, x: cut(c) - cut(x), "c x", RELU),
    case(
        "spread-along-columns", "s",
        lambda a: np.array([[[a[c, i, j] - (3, -5)[j] for j in range(2)] for i in range(2)] for c in range(2)]),
        "a", SPREAD,
    ),
    case("spread-gradient-not-summed", "dL/db", lambda g: 0 - g, "dL/ds", SPREAD),
    case("spread-gradient-averaged", "dL/db", lambda g: [-sum(map(sum, c)) / 4 for c in g], "dL/ds", SPREAD),
    case("relu-mask-forgotten", "dL/dc", lambda g: g, "dL/dr", RELU),
    case("next-layer-skipped", "dL/dx via s", lambda g: 0 - g, "dL/dr", TANH),
]  # fmt: skip
