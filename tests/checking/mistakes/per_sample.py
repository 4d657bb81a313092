"""Mistakes in layer, group and instance norm, by the reference that walks through the elements of a batch norm."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt

import numpy as np

from .batch_norm import EPS, IMAGES, RIGHT, SCALED, SPLIT, G, cases, training_then_floor
from .case import Case, Doubles

INSTANCE = IMAGES.replace("batch_norm", "instance_norm")
LAYER = (
    IMAGES.replace("batch_norm", "layer_norm")
    .replace("[2, -0.5]", "[[[2, 1, -1], [3, 0.5, 4]], [[-2, 1.5, 5], [-3, 2.5, -0.5]]]")
    .replace("[0.25, 3]", "[[[1, 0.25, 2], [-1, 3, 0.5]], [[4, -2, 0.75], [1.5, -3, -4]]]")
)
GROUP = """
input: {name: x, value: [[1.25, -2, 3.5, 0.75, 5, -1], [0, 1, 4, 1.5, -3, 2]]}
layers:
  - group_norm:
      name: n
      groups: 2
      eps: 0.5
      gamma: {name: c, value: [2, -0.5, 3, -1, 4, 1.5]}
      beta: {name: b, value: [1, 3, 0.5, -2, 2.5, -1]}
upstream: [[1, 2, -1.5, 1, 3, -2], [0.5, 1, 2, -1, 4, 2.5]]
"""
G |= {INSTANCE: G[IMAGES], LAYER: G[IMAGES]}
G[GROUP] = np.array([[[1, 2, -1.5], [1, 3, -2]], [[0.5, 1, 2], [-1, 4, 2.5]]])
SCALED[GROUP] = (2, 3)
RIGHT |= {INSTANCE: (2, 3), LAYER: (1, 2, 3), GROUP: (2,)}
OTHER_AXES = {INSTANCE: (0, 2, 3), LAYER: (0, 2, 3), GROUP: (1, 2)}
FLAT = {problem: problem.replace("eps: 0.5", "eps: 8") for problem in RIGHT if problem in OTHER_AXES}
"""Some variances lie below eps."""
for usual, flat in FLAT.items():
    G[flat], RIGHT[flat], EPS[flat] = G[usual], RIGHT[usual], 8.0
    SCALED |= {flat: SCALED[usual]} if usual in SCALED else {}
EACH = ("xhat", "y", "dgamma", "dx")
True_ = Mapping[str, Doubles]


def along(problem: str, values: Doubles) -> Doubles:
    """Means, variances, gamma or beta, to be multiplied with x and g as they lie in G."""
    g = G[problem]
    if values.size == g[0].size:
        return values.reshape(1, *g.shape[1:])
    samples = len(g) if values.ndim > 1 else 1
    return values.reshape(samples, -1, *(1,) * (g.ndim - 2))


def of(problem: str) -> list[Case]:
    axes, g = RIGHT[problem], G[problem]
    count = int(np.prod([g.shape[axis] for axis in axes]))

    def case(code: str, tensor: str, wrong: Callable[[True_, Doubles, Doubles], Doubles]) -> Case:
        """From the true tensors, x and xhat as they lie in G."""

        def made(true: True_) -> Doubles:
            values = wrong(true, true["x"].reshape(g.shape), true["n.xhat"].reshape(g.shape))
            return values.reshape(true[tensor].shape) if values.size == true[tensor].size else values

        return Case(code, problem, tensor, made)

    def scale(true: True_, name: str = "c") -> Doubles:
        return along(problem, true[name])

    def deviation(true: True_) -> Doubles:
        return along(problem, np.sqrt(true["n.var"] + 0.5))

    def of_scale(each: Doubles) -> Doubles:
        """Over the samples and, where gamma has but one number for them, rows and columns."""
        return each.sum((0, 2, 3)) if problem == INSTANCE else each.sum(0)

    return [
        *cases("epsilon-forgotten", problem, EACH, root=lambda var, eps: 1 / sqrt(var)),
        *cases("epsilon-outside-root", problem, EACH, root=lambda var, eps: 1 / (sqrt(var) + eps)),
        *cases("epsilon-as-floor", FLAT[problem], EACH, root=training_then_floor),
        *cases("variance-for-deviation", problem, EACH, root=lambda var, eps: 1 / (var + eps)),
        *cases("variance-divisor", problem, EACH, less=1),
        *cases("statistics-over-wrong-axes", problem, SPLIT, axes=OTHER_AXES[problem]),
        *cases("mean-not-subtracted", problem, ("xhat", "y", "dgamma"), subtracts=False),
        *cases("mean-minus-x", problem, ("xhat", "y", "dgamma"), turned=True),
        *cases("deviation-forgotten", problem, ("xhat", "y", "dgamma"), root=lambda var, eps: 1.0),
        *cases("statistics-as-constants", problem, ("dx",), through_mean=0, through_var=0),
        *cases("variance-as-constant", problem, ("dx",), through_var=0),
        *cases("mean-as-constant", problem, ("dx",), through_mean=0),
        *cases("derivative-plus-for-minus", problem, ("dx",), through_var=-1),
        *cases("sums-not-averaged", problem, ("dx",), through_mean=count, through_var=count),
        *cases("gamma-forgotten", problem, ("dxhat", "dx"), gamma_back=False),
        case("wrong-divisor", "n.mean", lambda t, x, h: t["n.mean"] * count),
        case("wrong-divisor", "n.var", lambda t, x, h: t["n.var"] * count),
        case("statistics-over-wrong-axes", "n.mean", lambda t, x, h: x.mean(OTHER_AXES[problem])),
        case("statistics-over-wrong-axes", "n.var", lambda t, x, h: x.var(OTHER_AXES[problem])),
        case("variance-divisor", "n.var", lambda t, x, h: t["n.var"] * count / (count - 1)),
        case("mean-not-subtracted", "n.var", lambda t, x, h: t["n.var"] + t["n.mean"] ** 2),
        case("deviation-for-variance", "n.var", lambda t, x, h: np.sqrt(t["n.var"])),
        case("epsilon-in-variance", "n.var", lambda t, x, h: t["n.var"] + 0.5),
        case("affine-forgotten", "n", lambda t, x, h: h),
        case("gamma-forgotten", "n", lambda t, x, h: h + scale(t, "b")),
        case("beta-forgotten", "n", lambda t, x, h: h * scale(t)),
        case("gamma-and-beta-swapped", "n", lambda t, x, h: h * scale(t, "b") + scale(t)),
        case("deviation-forgotten", "dL/dx", lambda t, x, h: t["dL/dx"].reshape(g.shape) * deviation(t)),
        case("deviation-twice", "dL/dx", lambda t, x, h: t["dL/dx"].reshape(g.shape) / deviation(t)),
        case("x-for-xhat", "dL/dc", lambda t, x, h: of_scale(g * x)),
        case("xhat-forgotten", "dL/dc", lambda t, x, h: of_scale(g)),
        case("y-for-xhat", "dL/dc", lambda t, x, h: of_scale(g * t["n"].reshape(g.shape))),
        case("gamma-multiplied-in", "dL/dc", lambda t, x, h: t["dL/dc"] * t["c"]),
        case("gamma-multiplied-in", "dL/db", lambda t, x, h: t["dL/db"] * t["c"]),
        case("gradient-averaged", "dL/dc", lambda t, x, h: t["dL/dc"] * t["c"].size / g.size),
        case("gradient-averaged", "dL/db", lambda t, x, h: t["dL/db"] * t["c"].size / g.size),
        case("summed-over-wrong-axes", "dL/dc", lambda t, x, h: g * h),
        case("summed-over-wrong-axes", "dL/db", lambda t, x, h: g),
    ]


CASES = [case for problem in OTHER_AXES for case in of(problem)]
