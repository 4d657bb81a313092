"""Mistakes in a global average pool."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .case import Case, Doubles

PROBLEM = """
input: {value: [[[1, -2, 3], [4, 5, -6]], [[7, 8, 9.5], [-10, 11, 12]]]}
layers:
  - global_avg_pool
upstream: [[[3]], [[-5]]]
"""
BATCH = """
input:
  value:
    - [[[1, -2], [3, 4]], [[5, -6], [7, 8]], [[9, 10], [11, -12]]]
    - [[[13, 14], [15, 17]], [[-1, 2], [0, 6]], [[20, 21], [-3, 1]]]
layers:
  - global_avg_pool
  - fc: {weight: {value: [[1, -2, 3], [4, 5, 6]]}}
upstream: [[1, 2], [-3, 4]]
"""
BETWEEN = """
input: {value: [[[1, -2, 3], [4, 5, -6]], [[-7, -8, -9.5], [-10, -11, -12]]]}
layers:
  - relu: {name: before}
  - global_avg_pool: {name: pool}
  - %s
upstream: [[[3]], [[-5]]]
"""
Map = Callable[[Doubles], float]
Share = Callable[[Doubles, float], Doubles]


def each(true: Mapping[str, Doubles], f: Map) -> Doubles:
    x = true["input"]
    made = [f(x[at]) for at in np.ndindex(x.shape[:-2])]
    return np.array(made, dtype=float).reshape(*x.shape[:-2], 1, 1)


def shared(true: Mapping[str, Doubles], f: Share) -> Doubles:
    x, g = true["input"], true["dL/dglobal_avg_pool_1"].ravel().tolist()
    made = [f(x[at], number) for at, number in zip(np.ndindex(x.shape[:-2]), g, strict=True)]
    return np.array(made, dtype=float).reshape(x.shape)


def y(code: str, f: Map, problem: str = PROBLEM) -> Case:
    return Case(code, problem, "global_avg_pool_1", lambda true: each(true, f))


def dx(code: str, f: Share, problem: str = PROBLEM) -> Case:
    return Case(code, problem, "dL/dinput", lambda true: shared(true, f))


def only(x: Doubles, cell: int, number: float) -> Doubles:
    made = np.zeros(x.size)
    made[cell] = number
    return made.reshape(x.shape)


CASES = [
    y("sum-instead-of-average", lambda x: sum(x.ravel().tolist())),
    y("sum-instead-of-average", lambda x: sum(x.ravel().tolist()), BATCH),
    y("maximum-instead-of-average", lambda x: max(x.ravel().tolist())),
    y("wrong-divisor", lambda x: sum(x.ravel().tolist()) / 3),
    y("wrong-divisor", lambda x: sum(x.ravel().tolist()) / 2),
    y("wrong-divisor", lambda x: sum(x.ravel().tolist()) / 12, BATCH),
    y("wrong-divisor", lambda x: sum(x.ravel().tolist()) / 8, BATCH),
    Case(
        "pooled-across-channels",
        PROBLEM,
        "global_avg_pool_1",
        lambda _: np.array([[[4, 3, 6.25], [-3, 8, 3]]]),
    ),
    Case("pooled-across-channels", PROBLEM, "global_avg_pool_1", lambda _: np.array([[[42.5 / 12]]])),
    Case(
        "pooled-across-channels",
        BATCH,
        "global_avg_pool_1",
        lambda true: (true["input"][0] + true["input"][1]).sum(axis=(1, 2)).reshape(3, 1, 1) / 8,
    ),
    dx("sum-instead-of-average", lambda x, g: np.full(x.shape, g)),
    dx("sum-instead-of-average", lambda x, g: np.full(x.shape, g), BATCH),
    dx("maximum-instead-of-average", lambda x, g: only(x, x.ravel().tolist().index(x.max()), g)),
    dx("upstream-forgotten", lambda x, g: np.full(x.shape, 1 / 6)),
    dx("upstream-forgotten", lambda x, g: np.full(x.shape, 0.25), BATCH),
    dx("output-instead-of-gradient", lambda x, g: np.full(x.shape, x.sum() / 36)),
    dx("output-instead-of-gradient", lambda x, g: np.full(x.shape, x.mean())),
    dx("output-instead-of-gradient", lambda x, g: np.full(x.shape, g * x.sum() / 16), BATCH),
    dx("gradient-times-input", lambda x, g: g / 6 * x),
    dx("gradient-to-one-cell", lambda x, g: only(x, 0, g / 6)),
    dx("gradient-to-one-cell", lambda x, g: only(x, 3, g), BATCH),
    dx("divided-twice", lambda x, g: np.full(x.shape, g / 36)),
    dx("wrong-divisor", lambda x, g: np.full(x.shape, g / 2)),
    dx("wrong-divisor", lambda x, g: np.full(x.shape, g / 12), BATCH),
    Case("gradient-not-unpooled", PROBLEM, "dL/dinput", lambda _: np.array([3, -5])),
    Case("gradient-not-unpooled", PROBLEM, "dL/dinput", lambda _: np.array([[[0.5]], [[-5 / 6]]])),
    Case("activation-skipped", BETWEEN % "relu", "pool", lambda _: np.array([[[5 / 6]], [[-57.5 / 6]]])),
    *(
        Case(code, BETWEEN % layer, "dL/dbefore", lambda _: np.array([[[0.5] * 3] * 2, [[-5 / 6] * 3] * 2]))
        for code, layer in (("relu-mask-forgotten", "relu"), ("next-layer-skipped", "tanh"))
    ),
]
