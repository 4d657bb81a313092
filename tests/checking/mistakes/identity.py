"""Mistakes in a layer that changes nothing."""

from __future__ import annotations

import numpy as np

from .add import case

PROBLEM = """
input: {name: x, value: [1, -2, 3]}
layers:
  - identity: {name: i}
  - %s: {name: r}
upstream: [3, -1, 2]
"""


CASES = [
    case("upstream-forgotten", "dL/dx", lambda x: np.ones(x.shape), "x", PROBLEM % "tanh"),
    case("relu-mask-forgotten", "dL/dx", lambda g: g, "dL/dr", PROBLEM % "relu"),
    case("next-layer-skipped", "dL/dx", lambda g: g, "dL/dr", PROBLEM % "tanh"),
]
