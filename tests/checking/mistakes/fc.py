"""Mistakes in a fully connected layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from .case import Case, Doubles

BATCH = """
input: {value: [[1, -2, 3], [0.5, 4, -1]]}
layers:
  - fc: {name: z, weight: {name: V, value: [[2, 3, -1], [1, -4, 5]]}, bias: {name: c, value: [0.5, -2]}}
upstream: {value: [[1.5, -2], [3, 0.25]]}
"""
SINGLE = """
input: {value: [1, -2, 3]}
layers:
  - fc: {name: z, weight: {name: V, value: [[2, 3, -1], [1, -4, 5]]}, bias: {name: c, value: [0.5, -2]}}
upstream: {value: [1.5, -2]}
"""
# z is (−6.5, 22), so that the ReLU lets only the second gradient through.
MASKED = SINGLE.replace("upstream", "  - relu\nupstream")
SQUARE = """
input: {value: [1, -2, 3]}
layers:
  - fc: {name: z, weight: {name: V, value: [[2, 3, -1], [1, -4, 5], [7, 0.5, 6]]}}
upstream: {value: [1.5, -2, 3]}
"""
IMAGE = """
input: {name: I, value: [[[1, -2, 3], [5, 4, -7]], [[2, 8, -4], [6, -5, 9]]]}
layers:
  - relu: {name: a}
  - flatten%s
  - fc:
      name: z
      weight: {name: V, value: [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [5, 2, -1, 3, 8, 4, -2, 6, 0.5, -3, 1, 7]]}
      bias: {value: [1, -1]}
upstream: {value: [1.5, -2]}
"""
POOLED = """
input: {name: I, value: [[[1, -2], [3, 4.5]], [[-6, 1], [2, -1]]]}
layers:
  - global_avg_pool: {name: m}
  - relu: {name: a}
  - fc: {name: z, weight: {name: V, value: [[2, 3], [1, -4]]}}
upstream: {value: [1.5, -2]}
"""
DEEP = """
input: {name: v, value: [1, -2]}
layers:
  - fc: {name: u, weight: {value: [[2, 3], [1, -4], [-1, 0.5]]}, bias: {value: [1, 2, 3]}}
  - sigmoid: {name: a}
  - fc: {name: z, weight: {name: V, value: [[2, 3, -1], [1, -4, 5]]}, bias: {name: c, value: [0.5, -2]}}
  - softmax: {name: p}
loss:
  cross_entropy: {target: [0, 1]}
"""


LOGARITHMIC = DEEP.replace("softmax: {name: p}", "log_softmax: {name: p}").replace("cross_entropy", "nll")


def flat(image: Doubles, order: str) -> list[float]:
    channels, height, width = image.shape
    sizes = {"c": range(channels), "h": range(height), "w": range(width)}
    found = []
    for first in sizes[order[0]]:
        for second in sizes[order[1]]:
            for third in sizes[order[2]]:
                at = dict(zip(order, (first, second, third), strict=True))
                found.append(float(image[at["c"], at["h"], at["w"]]))
    return found


def dense(weight: Doubles, x: list[float], bias: Doubles) -> Doubles:
    made = []
    for row, b in zip(weight.tolist(), bias.tolist(), strict=True):
        made.append(sum(w * value for w, value in zip(row, x, strict=True)) + b)
    return np.array(made)


def outer(g: Doubles, x: list[float]) -> Doubles:
    return np.array([[float(of_row) * value for value in x] for of_row in g])


def flattened(option: str, order: str) -> list[Case]:
    problem = IMAGE % option

    def y(true: Mapping[str, Doubles]) -> Doubles:
        return dense(true["V"], flat(true["a"], order), true["z.bias"])

    def dweight(true: Mapping[str, Doubles]) -> Doubles:
        return outer(np.array([1.5, -2]), flat(true["a"], order))

    return [Case("flatten-order", problem, "z", y), Case("flatten-order", problem, "dL/dV", dweight)]


def frozen(*numbers: object) -> Callable[[object], Doubles]:
    return lambda true: np.array(numbers, dtype=float)


ROW = """
input: [1, -2]
layers:
  - fc: {orientation: row, weight: {name: V, value: [[2, 5, 1], [-1, 1, 3]]}}
upstream: [3, 4, -1]
"""
ROWS = ROW.replace("[1, -2]", "[[1, -2], [0, 1]]").replace("[3, 4, -1]", "[[3, 4, -1], [1, -1, 2]]")
CASES = [
    Case("outer-product-swapped", ROW, "dL/dV", frozen([3, -6], [4, -8], [-1, 2])),
    Case("one-output-only", ROW, "dL/dinput", frozen(6, -3)),
    Case("not-summed-over-batch", ROWS, "dL/dV", frozen([[3, 4, -1], [-6, -8, 2]], [[0, 0, 0], [1, -1, 2]])),
    *flattened("", "hwc"),
    *flattened("", "whc"),
    *flattened("", "cwh"),
    *flattened(": {order: hwc}", "chw"),
    Case("activation-skipped", IMAGE % "", "z", lambda t: dense(t["V"], flat(t["I"], "chw"), t["z.bias"])),
    Case("activation-skipped", IMAGE % "", "dL/dV", lambda t: outer(np.array([1.5, -2]), flat(t["I"], "chw"))),
    Case("activation-skipped", POOLED, "z", frozen(2 * 1.625 - 3, 1.625 + 4)),
    Case("activation-skipped", DEEP, "z", lambda t: dense(t["V"], t["u"].tolist(), t["c"])),
    Case("activation-skipped", DEEP, "dL/dV", lambda t: outer(t["dL/dz"], t["u"].tolist())),
    Case("weight-transposed", SQUARE, "z", frozen(21, 12.5, 7)),
    # V as [[2, 3], [-1, 1], [-4, 5]] for x = (1, −2, 3): 2 + 2 − 12 + 0.5, 3 − 2 + 15 − 2.
    Case("weight-transposed", SINGLE, "z", frozen(-7.5, 14)),
    # The first two numbers of each row: 2·1 + 1·(−2) + 0.5, 3·1 − 4·(−2) − 2.
    Case("weight-transposed", SINGLE, "z", frozen(0.5, 9)),
    Case("bias-forgotten", SINGLE, "z", frozen(-7, 24)),
    Case("bias-forgotten", BATCH, "z", frozen([-7, 24], [14, -20.5])),
    Case("bias-subtracted", SINGLE, "z", frozen(-7.5, 26)),
    Case("bias-added-repeatedly", SINGLE, "z", frozen(-5.5, 18)),
    Case("bias-added-repeatedly", BATCH, "z", frozen([-5.5, 18], [15.5, -26.5])),
    Case("weight-not-transposed", SQUARE, "dL/dinput", frozen(3 - 6 - 3, 1.5 + 8 + 15, 10.5 - 1 + 18)),
    Case("weight-not-transposed", SINGLE, "dL/dinput", frozen(3 - 6, -1.5 - 2, -6 - 10)),
    Case("outer-product-swapped", SINGLE, "dL/dV", frozen([1.5, -2], [-3, 4], [4.5, -6])),
    Case("outer-product-swapped", SQUARE, "dL/dV", frozen([1.5, -2, 3], [-3, 4, -6], [4.5, -6, 9])),
    Case("outer-product-swapped", BATCH, "dL/dV", frozen([3, -1.875], [9, 5], [1.5, -6.25])),
    Case("one-output-only", SINGLE, "dL/dinput", frozen(-2, 8, -10)),
    Case("one-output-only", BATCH, "dL/dinput", frozen([3, 4.5, -1.5], [6, 9, -3])),
    Case("one-sample-only", BATCH, "dL/dV", frozen([1.5, -3, 4.5], [-2, 4, -6])),
    Case("one-sample-only", BATCH, "dL/dc", frozen(3, 0.25)),
    Case(
        "not-summed-over-batch",
        BATCH,
        "dL/dV",
        frozen([[1.5, -3, 4.5], [-2, 4, -6]], [[1.5, 12, -3], [0.125, 1, -0.25]]),
    ),
    Case("not-summed-over-batch", BATCH, "dL/dc", frozen([1.5, -2], [3, 0.25])),
    Case("summed-over-outputs", SINGLE, "dL/dc", frozen(-0.5)),
    Case("summed-over-outputs", BATCH, "dL/dc", frozen(-0.5, 3.25)),
    Case("next-layer-skipped", DEEP, "dL/dV", lambda t: outer(t["dL/dp"], t["a"].tolist())),
    Case("next-layer-skipped", LOGARITHMIC, "dL/dc", lambda t: np.array([0, -1])),
    Case("next-layer-skipped", DEEP, "dL/dc", lambda t: np.array([0, -1 / t["p"][1]])),
    Case("next-layer-skipped", DEEP, "dL/da", lambda t: np.array([-1.0, 4, -5]) / t["p"][1]),
    Case("next-layer-skipped", DEEP, "dL/du.weight", lambda t: outer(t["dL/da"], [1, -2])),
    Case("relu-mask-forgotten", MASKED, "dL/dV", frozen([1.5, -3, 4.5], [-2, 4, -6])),
    Case("relu-mask-forgotten", MASKED, "dL/dc", frozen(1.5, -2)),
    Case("relu-mask-forgotten", MASKED, "dL/dinput", frozen(1, 12.5, -11.5)),
    Case("upstream-forgotten", SINGLE, "dL/dV", frozen([1, -2, 3], [1, -2, 3])),
    Case("upstream-forgotten", BATCH, "dL/dV", frozen([1.5, 2, 2], [1.5, 2, 2])),
    Case("upstream-forgotten", SINGLE, "dL/dc", frozen(1, 1)),
    Case("upstream-forgotten", SINGLE, "dL/dinput", frozen(3, -1, 4)),
]
