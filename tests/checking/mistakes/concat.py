"""Mistakes where inputs are put one behind the other."""

from __future__ import annotations

import numpy as np

from .add import PROBLEM as SUM
from .add import case

PROBLEM = SUM.replace("- add: {", "- concat: {axis: channel, ").replace(
    "upstream: [", "upstream: [[[2, 7, -3], [1, 8, 9]], [[-4, 5, 6], [12, -13, 15]], "
)
COLUMNS = """
inputs: {a: [[[1, -2], [4, 5]]], b: [[[3], [7]]], c: [[[8, 6], [-1, 9]]]}
layers:
  - concat: {name: s, inputs: [a, b, c], axis: columns}
upstream: [[[3, -1, 2, 5, 4], [-7, 6, 8, -9, 11]]]
"""
ACTIVATED = """
inputs: {a: [1, -2, 3], b: [2, -5]}
layers:
  - concat: {name: s, inputs: [a, b], axis: features}
  - %s: {name: r}
upstream: [3, -1, 2, 5, 7]
"""


CASES = [
    case("inputs-in-another-order", "s", lambda a, b: [*b, *a], "a b", PROBLEM),
    case("inputs-in-another-order", "s", lambda a, b, c: np.concatenate([c, a, b], 2), "a b c", COLUMNS),
    case("inputs-in-another-order", "dL/da", lambda g: g[2:], "dL/ds", PROBLEM),
    case("inputs-in-another-order", "dL/db", lambda g: g[:, :, :1], "dL/ds", COLUMNS),
    case("channels-interleaved", "s", lambda a, b: [a[0], b[0], a[1], b[1]], "a b", PROBLEM),
    case("channels-interleaved", "dL/da", lambda g: [g[0], g[2]], "dL/ds", PROBLEM),
    case("channels-interleaved", "dL/db", lambda g: [g[1], g[3]], "dL/ds", PROBLEM),
    case("added-instead-of-concatenated", "s", lambda a, b: a + b, "a b", PROBLEM),
    case("added-instead-of-concatenated", "dL/db", lambda g: [g[0] + g[2], g[1] + g[3]], "dL/ds", PROBLEM),
    case("concatenated-along-another-axis", "s", lambda a, b: np.concatenate([a, b], 1), "a b", PROBLEM),
    case("input-left-out", "s", lambda a: a, "a", PROBLEM),
    case("input-left-out", "s", lambda a, c: np.concatenate([a, c], 2), "a c", COLUMNS),
    case("input-left-out", "s", lambda _: np.zeros((1, 2, 3)), "a", COLUMNS),
    case("whole-gradient-passed", "dL/da", lambda g: g, "dL/ds", PROBLEM),
    case("upstream-forgotten", "dL/db", lambda b: np.ones(b.shape), "b", PROBLEM),
    case("relu-mask-forgotten", "dL/db", lambda g: g[3:], "dL/dr", ACTIVATED % "relu"),
    case("next-layer-skipped", "dL/da", lambda g: g[:3], "dL/dr", ACTIVATED % "tanh"),
]
