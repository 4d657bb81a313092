"""Mistakes in the layers on signals, by np.correlate and plain loops."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..conv_loops import True_
from .case import Case, Doubles

X, W, G = np.array([2.0, 1, 2, 3, 1, 0, 4]), np.array([1.0, -1, 2]), np.array([1.0, 2, 0, -1, 3])


def net(layer: str, upstream: Doubles) -> str:
    return f"input: {{name: x, value: {X.tolist()}}}\nlayers: [{layer}]\nupstream: {upstream[None].tolist()}\n"


def conv(options: str, upstream: Doubles = G) -> str:
    return net(f"conv1d: {{name: y, weight: {{name: w, value: {W.tolist()}}}{options}}}", upstream)


def to(values: Doubles) -> Callable[[True_], Doubles]:
    return lambda true: np.asarray(values)[None]


def kernel(values: Doubles) -> Callable[[True_], Doubles]:
    return lambda true: np.asarray(values)[None, None]


PLAIN, FLIPPED = conv(""), conv(", flip: true")
PADDED = conv(", padding: 1", np.arange(1.0, 8))
CORRELATED = np.correlate(X, W, "valid")
MAX = net("max_pool1d: {name: y, size: 3, stride: 2}", np.array([1.0, 2, -1]))
AVG = net("avg_pool1d: {name: y, size: 3, stride: 2}", np.array([1.0, 2, -1]))
SUMS = np.array([X[i : i + 3].sum() for i in range(5)])
CASES = [
    Case("kernel-flipped", PLAIN, "y", to(np.convolve(X, W, "valid"))),
    Case("kernel-flipped", FLIPPED, "y", to(CORRELATED)),
    Case("kernel-flipped", PLAIN, "dL/dw", kernel(np.correlate(X, G, "valid")[::-1])),
    Case("padding-forgotten", PADDED, "y", to(CORRELATED)),
    Case(
        "padding-forgotten", PADDED, "dL/dw", kernel(np.array([np.arange(1.0, 8)[:5] @ X[p : p + 5] for p in range(3)]))
    ),
    Case("stride-ignored", conv(", stride: 2", np.array([1.0, 2, -1])), "y", to(CORRELATED)),
    Case("dilation-ignored", conv(", dilation: 2", np.array([1.0, 2, -1])), "y", to(CORRELATED)),
    Case("bias-forgotten", conv(", bias: 2"), "y", to(CORRELATED)),
    Case("kernel-not-rotated", PLAIN, "dL/dx", to(np.correlate(np.pad(G, 2), W, "valid"))),
    Case(
        "bias-forgotten",
        net("conv_transpose1d: {name: y, weight: [1, 2], bias: 3}", np.arange(1.0, 9)),
        "y",
        to(np.convolve(X, [1, 2])),
    ),
    Case("average-instead-of-maximum", MAX, "y", to(SUMS[::2] / 3)),
    Case("stride-ignored", MAX, "y", to(np.array([X[i : i + 3].max() for i in range(5)]))),
    Case("gradient-to-all-cells", MAX, "dL/dx", to(np.array([1.0, 1, 3, 2, 1, -1, -1]))),
    Case("sum-instead-of-average", AVG, "y", to(SUMS[::2])),
    Case("sum-instead-of-average", AVG, "dL/dx", to(np.array([1.0, 1, 3, 2, 1, -1, -1]))),
    Case("stride-ignored", AVG, "y", to(SUMS / 3)),
]
