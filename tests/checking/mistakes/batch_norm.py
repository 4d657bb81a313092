"""Mistakes in a batch norm, by a reference that walks through the elements one by one (Ioffe and Szegedy's chain)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from .case import Case, Doubles

True_ = Mapping[str, Doubles]
IMAGES = """
input:
  name: x
  value:
    - [[[1, -2, 0.5], [3, 4, -1]], [[2, 0, 1], [-3, 5, 2.5]]]
    - [[[0.5, 2, 7], [-4, 1, 6]], [[1, 3, -2], [4, -6, 8]]]
layers:
  - batch_norm: {name: n, eps: 0.5, gamma: {name: c, value: [2, -0.5]}, beta: {name: b, value: [0.25, 3]}}
upstream:
  value:
    - [[[2, 1, -1], [0.5, 3, -2]], [[1, -4, 2], [3, 0.25, 1]]]
    - [[[-1, 4, 2], [5, 1, -3]], [[2, 2, -1], [6, 1, -5]]]
"""
UNBIASED = IMAGES.replace("eps: 0.5", "eps: 0.5, variance: unbiased")
ACTIVATION = (
    IMAGES.replace("eps: 0.5", "eps: 0.5, over: activation").replace("[2, -0.5]", "2").replace("[0.25, 3]", "3")
)
INFERENCE = IMAGES.replace("eps: 0.5", "eps: 0.5, mean: [1, 0.5], var: [4, 2]")
FEATURES = """
input: {name: x, value: [[1, -2], [3, 4], [0.5, -1.5]]}
layers:
  - batch_norm: {name: n, eps: 0.25, gamma: {name: c, value: [2, -0.5]}, beta: {name: b, value: [0.25, 3]}}
upstream: {value: [[2, 1], [-1, 0.5], [3, -2]]}
"""
FLAT = FEATURES.replace("eps: 0.25", "eps: 2")
"""One variance, (1.166…), lies below eps."""
LONE = """
input: {name: x, value: [[[1, -2, 0.5], [3, 4, -1]], [[2, 0, 1], [-3, 5, 2.5]]]}
layers:
  - batch_norm: {name: n, eps: 0.5, gamma: {name: c, value: [2, -0.5]}, beta: {name: b, value: [0.25, 3]}}
upstream: {value: [[[2, 1, -1], [0.5, 3, -2]], [[1, -4, 2], [3, 0.25, 1]]]}
"""
G = {
    problem: np.array(upstream)
    for problem, upstream in (
        (
            IMAGES,
            [
                [[[2, 1, -1], [0.5, 3, -2]], [[1, -4, 2], [3, 0.25, 1]]],
                [[[-1, 4, 2], [5, 1, -3]], [[2, 2, -1], [6, 1, -5]]],
            ],
        ),
        (FEATURES, [[2, 1], [-1, 0.5], [3, -2]]),
        (LONE, [[[[2, 1, -1], [0.5, 3, -2]], [[1, -4, 2], [3, 0.25, 1]]]]),
    )
}
G |= {UNBIASED: G[IMAGES], ACTIVATION: G[IMAGES], INFERENCE: G[IMAGES], FLAT: G[FEATURES]}
EPS = {FEATURES: 0.25, FLAT: 2.0}
SCALED: dict[str, tuple[int, ...]] = {}
"""Of a norm of groups, how its gamma and beta lie in G."""


@dataclass(frozen=True)
class Way:
    """How a student normalizes."""

    axes: tuple[int, ...] = (0, 2, 3)
    root: Callable[[float, float], float] = lambda var, eps: 1 / sqrt(var + eps)
    subtracts: bool = True
    turned: bool = False
    """Whether x is subtracted from the mean."""
    less: int = 0
    """Subtracted from the count in the variance, and (`less_back`) in the derivative."""
    less_back: int | None = None
    statistics: Callable[[int], tuple[float, float]] | None = None
    """Mean and variance of a channel, as constants."""
    is_trained: bool = False
    """Whether the gradient goes through them all the same …"""
    through_deviations: bool = False
    """… and the mean's through the variance, too."""
    through_mean: float = 1
    through_var: float = 1
    gamma_back: bool = True


def groups(shape: tuple[int, ...], axes: tuple[int, ...]) -> Iterator[list[tuple[int, ...]]]:
    """The elements that share one mean."""
    found: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for index in np.ndindex(shape):
        found.setdefault(tuple(i for axis, i in enumerate(index) if axis not in axes), []).append(index)
    yield from found.values()


def normalized(problem: str, true: True_, way: Way) -> dict[str, Doubles]:
    """Every tensor as it comes out."""
    g, eps = G[problem], EPS.get(problem, 0.5)
    x = true["x"].reshape(g.shape)
    shape = SCALED.get(problem, true["c"].shape)

    def at(name: str, index: tuple[int, ...]) -> float:
        return float(true[name].reshape(shape)[index[1:] if len(shape) > 1 else index[1]])

    made = {name: np.zeros(g.shape) for name in ("xhat", "y", "dxhat", "dx")}
    dvars, dmeans = [], []
    for members in groups(g.shape, way.axes):
        m = len(members)
        if way.statistics:
            mean, var = way.statistics(members[0][1])
        else:
            mean = sum(float(x[i]) for i in members) / m
            var = sum((float(x[i]) - mean) ** 2 for i in members) / (m - way.less)
        r, mean = way.root(var, eps), mean if way.subtracts else 0.0
        r = -r if way.turned else r
        back = m - (way.less if way.less_back is None else way.less_back)
        for i in members:
            made["xhat"][i] = (x[i] - mean) * r
            made["y"][i] = at("c", i) * made["xhat"][i] + at("b", i)
            made["dxhat"][i] = g[i] * (at("c", i) if way.gamma_back else 1)
        dvar = sum(-0.5 * made["dxhat"][i] * (x[i] - mean) * r**3 for i in members)
        dmean = sum(-made["dxhat"][i] * r for i in members)
        if way.through_deviations:
            dmean += dvar * sum(-2 * (x[i] - mean) for i in members) / m
        dvars.append(dvar)
        dmeans.append(dmean)
        for i in members:
            through = 0.0
            if way.statistics is None or way.is_trained:
                through = way.through_var * dvar * 2 * (x[i] - mean) / back + way.through_mean * dmean / m
            made["dx"][i] = made["dxhat"][i] * r + through
    dgamma = np.zeros(shape)
    for i in np.ndindex(g.shape):
        dgamma[i[1:] if len(shape) > 1 else i[1]] += g[i] * made["xhat"][i]
    made |= {"dgamma": dgamma.reshape(true["c"].shape), "dvar": np.array(dvars), "dmean": np.array(dmeans)}
    return {name: array.reshape(true["x"].shape) if array.shape == g.shape else array for name, array in made.items()}


NAMES = {
    "xhat": "n.xhat",
    "y": "n",
    "dxhat": "dL/dn.xhat",
    "dgamma": "dL/dc",
    "dvar": "dL/dn.var",
    "dmean": "dL/dn.mean",
    "dx": "dL/dx",
}
RIGHT = {ACTIVATION: (0,), FEATURES: (0,), FLAT: (0,)}
SPLIT = ("xhat", "y", "dgamma", "dx")
ALL = ("xhat", "y", "dgamma", "dvar", "dmean", "dx")


def cases(code: str, problem: str, tensors: tuple[str, ...], **options: object) -> list[Case]:
    way = Way(**{"axes": RIGHT.get(problem, (0, 2, 3)), **options})  # type: ignore[arg-type]
    return [
        Case(code, problem, NAMES[tensor], lambda true, tensor=tensor: normalized(problem, true, way)[tensor])  # type: ignore[misc]
        for tensor in tensors
    ]


def case(code: str, problem: str, tensor: str, wrong: Callable[[True_, Doubles, Doubles], object]) -> Case:
    """From the true values, x and g, N first."""
    g = G[problem]
    return Case(code, problem, tensor, lambda true: np.asarray(wrong(true, true["x"].reshape(g.shape), g), dtype=float))


def channels(true: True_, of: Callable[[Doubles, float, float, float], float], x: Doubles) -> list[float]:
    """Of each channel's elements, mean, variance, and eps."""
    return [of(x[:, k], float(true["n.mean"][k]), float(true["n.var"][k]), 0.5) for k in range(2)]


def by_channel(g: Doubles, of: Doubles) -> list[float]:
    """Σ g · of over each channel."""
    return [sum(float(a) * float(b) for a, b in zip(g[:, k].flat, of[:, k].flat, strict=True)) for k in range(2)]


def training_then_floor(var: float, eps: float) -> float:
    return 1 / sqrt(max(var, eps))


RUNNING = """
input: {name: x, value: [[1, -2], [3, 4], [5, -5]]}
layers:
  - batch_norm: {name: n, momentum: 0.25, running_mean: [1, -1], running_var: [2, 4]}
"""
"""Means 3 and −1, variances 8/3 and 14 (by the count), 4 and 21 (by one less)."""


def running(code: str, mean: list[float] | None, var: list[float] | None) -> list[Case]:
    both = {"n.running_mean.new": mean, "n.running_var.new": var}
    return [
        Case(code, RUNNING, name, lambda true, wrong=wrong: np.array(wrong))  # type: ignore[misc]
        for name, wrong in both.items()
        if wrong
    ]


EVAL = {"statistics": lambda channel: (0.0, 1.0)}
GIVEN = {"statistics": lambda channel: ((1.0, 4.0), (0.5, 2.0))[channel]}
CASES = [
    *running("momentum-of-the-other", [0.25 * 1 + 0.75 * 3, -1], [0.25 * 2 + 0.75 * 4, 0.25 * 4 + 0.75 * 21]),
    *running("divisor-of-running-variance", None, [0.75 * 2 + 0.25 * 8 / 3, 0.75 * 4 + 0.25 * 14]),
    *running("batch-for-running", [3, -1], [8 / 3, 14]),
    # Wrong ways to normalize.
    *cases("epsilon-forgotten", IMAGES, ALL, root=lambda var, eps: 1 / sqrt(var)),
    *cases("epsilon-forgotten", FEATURES, ALL, root=lambda var, eps: 1 / sqrt(var)),
    *cases("epsilon-forgotten", INFERENCE, SPLIT, root=lambda var, eps: 1 / sqrt(var), **GIVEN),
    *cases("epsilon-outside-root", IMAGES, ALL, root=lambda var, eps: 1 / (sqrt(var) + eps)),
    *cases("epsilon-outside-root", UNBIASED, ALL, root=lambda var, eps: 1 / (sqrt(var) + eps), less=1),
    *cases("epsilon-as-floor", FLAT, ALL, root=training_then_floor),
    *cases("variance-for-deviation", IMAGES, ALL, root=lambda var, eps: 1 / (var + eps)),
    *cases("variance-for-deviation", LONE, ALL, root=lambda var, eps: 1 / (var + eps) ** 2),
    *cases("variance-for-deviation", INFERENCE, SPLIT, root=lambda var, eps: 1 / (var + eps), **GIVEN),
    *cases("variance-divisor", IMAGES, ALL, less=1),
    *cases("variance-divisor", IMAGES, ("dx",), less=1, less_back=0),
    *cases("variance-divisor", FEATURES, ALL, less=1),
    *cases("variance-divisor", UNBIASED, ALL, less=0),
    *cases("statistics-over-wrong-axes", IMAGES, SPLIT, axes=(0,)),
    *cases("statistics-over-wrong-axes", IMAGES, SPLIT, axes=(2, 3)),
    *cases("statistics-over-wrong-axes", IMAGES, SPLIT, axes=(1, 2, 3)),
    *cases("statistics-over-wrong-axes", IMAGES, ("y",), axes=(0, 1, 2, 3)),
    *cases("statistics-over-wrong-axes", ACTIVATION, SPLIT, axes=(0, 2, 3)),
    *cases("statistics-over-wrong-axes", FEATURES, SPLIT, axes=(1,)),
    *cases("statistics-of-other-mode", IMAGES, SPLIT, **EVAL),
    *cases("statistics-of-other-mode", INFERENCE, SPLIT),
    *cases("statistics-of-other-mode", INFERENCE, ("dx",), is_trained=True, **GIVEN),
    *cases("statistics-of-other-mode", INFERENCE, ("dx",), is_trained=True, through_deviations=True, **GIVEN),
    *cases(
        "mean-not-subtracted",
        IMAGES,
        ("xhat", "y", "dgamma"),
        root=lambda var, eps: 1 / sqrt(var + eps),
        subtracts=False,
    ),
    *cases("mean-not-subtracted", INFERENCE, ("xhat", "y", "dgamma"), subtracts=False, **GIVEN),
    *cases("deviation-forgotten", IMAGES, ("xhat", "y", "dgamma", "dvar", "dmean"), root=lambda var, eps: 1.0),
    *cases("deviation-forgotten", INFERENCE, ("dx",), root=lambda var, eps: 1.0, **GIVEN),
    # The statistics.
    case("wrong-divisor", IMAGES, "n.mean", lambda t, x, g: channels(t, lambda v, m, s, e: v.sum(), x)),
    case("wrong-divisor", IMAGES, "n.mean", lambda t, x, g: channels(t, lambda v, m, s, e: v.sum() / 2, x)),
    case("wrong-divisor", IMAGES, "n.mean", lambda t, x, g: channels(t, lambda v, m, s, e: v.sum() / 6, x)),
    case("wrong-divisor", IMAGES, "n.var", lambda t, x, g: channels(t, lambda v, m, s, e: 12 * s, x)),
    case("wrong-divisor", UNBIASED, "n.var", lambda t, x, g: channels(t, lambda v, m, s, e: 11 * s / 6, x)),
    case("statistics-over-wrong-axes", IMAGES, "n.mean", lambda t, x, g: (x[0] + x[1]) / 2),
    case("statistics-over-wrong-axes", IMAGES, "n.mean", lambda t, x, g: [[c.sum() / 6 for c in n] for n in x]),
    case("statistics-over-wrong-axes", ACTIVATION, "n.mean", lambda t, x, g: [x[:, k].sum() / 12 for k in range(2)]),
    case("statistics-over-wrong-axes", FEATURES, "n.mean", lambda t, x, g: [-0.5, 3.5, -0.5]),
    case("statistics-over-wrong-axes", IMAGES, "n.var", lambda t, x, g: ((x[0] - x[1]) / 2) ** 2),
    case("statistics-over-wrong-axes", FEATURES, "n.var", lambda t, x, g: [2.25, 0.25, 1]),
    case(
        "variance-divisor",
        IMAGES,
        "n.var",
        lambda t, x, g: channels(t, lambda v, m, s, e: sum((u - m) ** 2 for u in v.flat) / 11, x),
    ),
    case("variance-divisor", UNBIASED, "n.var", lambda t, x, g: channels(t, lambda v, m, s, e: s * 11 / 12, x)),
    case(
        "mean-not-subtracted",
        IMAGES,
        "n.var",
        lambda t, x, g: channels(t, lambda v, m, s, e: sum(u**2 for u in v.flat) / 12, x),
    ),
    case("deviation-for-variance", IMAGES, "n.var", lambda t, x, g: channels(t, lambda v, m, s, e: sqrt(s), x)),
    case("deviation-for-variance", IMAGES, "n.var", lambda t, x, g: channels(t, lambda v, m, s, e: sqrt(s + e), x)),
    case("epsilon-in-variance", IMAGES, "n.var", lambda t, x, g: channels(t, lambda v, m, s, e: s + e, x)),
    # Scale and shift.
    case("gamma-forgotten", FEATURES, "n", lambda t, x, g: t["n.xhat"] + [0.25, 3]),
    case("beta-forgotten", FEATURES, "n", lambda t, x, g: t["n.xhat"] * [2, -0.5]),
    case("gamma-and-beta-swapped", FEATURES, "n", lambda t, x, g: t["n.xhat"] * [0.25, 3] + [2, -0.5]),
    case("affine-forgotten", FEATURES, "n", lambda t, x, g: t["n.xhat"]),
    *cases("mean-minus-x", FEATURES, ("xhat", "y", "dgamma"), turned=True),
    case("gamma-forgotten", ACTIVATION, "n", lambda t, x, g: t["n.xhat"] + 3),
    # The gradients.
    *cases("statistics-as-constants", IMAGES, ("dx",), through_mean=0, through_var=0),
    *cases("statistics-as-constants", ACTIVATION, ("dx",), through_mean=0, through_var=0),
    *cases("variance-as-constant", IMAGES, ("dx",), through_var=0),
    *cases("variance-as-constant", LONE, ("dx",), through_var=0),
    *cases("mean-as-constant", UNBIASED, ("dx",), through_mean=0, less=1),
    *cases("derivative-plus-for-minus", IMAGES, ("dx",), through_var=-1),
    *cases("derivative-plus-for-minus", FEATURES, ("dx",), through_mean=-1),
    *cases("derivative-plus-for-minus", IMAGES, ("dx",), through_mean=-1, through_var=-1),
    *cases("sums-not-averaged", IMAGES, ("dx",), through_mean=12, through_var=12),
    *cases("sums-not-averaged", UNBIASED, ("dx",), through_mean=12, through_var=11, less=1),
    case("deviation-forgotten", FEATURES, "dL/dx", lambda t, x, g: t["dL/dx"] * (t["n.var"] + 0.25) ** 0.5),
    case("deviation-forgotten", FEATURES, "dL/dx", lambda t, x, g: g * [2, -0.5]),
    case("deviation-twice", FEATURES, "dL/dx", lambda t, x, g: t["dL/dx"] / (t["n.var"] + 0.25) ** 0.5),
    *cases("gamma-forgotten", IMAGES, ("dxhat", "dvar", "dmean", "dx"), gamma_back=False),
    *cases("gamma-forgotten", INFERENCE, ("dxhat", "dx"), gamma_back=False, **GIVEN),
    case("derivative-half-forgotten", IMAGES, "dL/dn.var", lambda t, x, g: 2 * t["dL/dn.var"]),
    case("exponent-not-lowered", IMAGES, "dL/dn.var", lambda t, x, g: t["dL/dn.var"] * (t["n.var"] + 0.5)),
    case("exponent-not-lowered", IMAGES, "dL/dn.var", lambda t, x, g: t["dL/dn.var"] * (t["n.var"] + 0.5) ** 0.5),
    case("xhat-for-difference", IMAGES, "dL/dn.var", lambda t, x, g: t["dL/dn.var"] / (t["n.var"] + 0.5) ** 0.5),
    case("gradient-averaged", IMAGES, "dL/dn.mean", lambda t, x, g: t["dL/dn.mean"] / 12),
    case("x-for-xhat", IMAGES, "dL/dc", lambda t, x, g: by_channel(g, x)),
    case("xhat-forgotten", IMAGES, "dL/dc", lambda t, x, g: [g[:, 0].sum(), g[:, 1].sum()]),
    case("y-for-xhat", IMAGES, "dL/dc", lambda t, x, g: by_channel(g, t["n"])),
    case("gamma-multiplied-in", IMAGES, "dL/dc", lambda t, x, g: by_channel(g, t["n.xhat"]) * np.array([2, -0.5])),
    case("gamma-multiplied-in", IMAGES, "dL/db", lambda t, x, g: [g[:, 0].sum() * 2, g[:, 1].sum() * -0.5]),
    case("gradient-averaged", IMAGES, "dL/dc", lambda t, x, g: t["dL/dc"] / 12),
    case("gradient-averaged", LONE, "dL/db", lambda t, x, g: [3.5 / 6, 3.25 / 6]),
    case("summed-over-wrong-axes", IMAGES, "dL/dc", lambda t, x, g: (g * t["n.xhat"])[0] + (g * t["n.xhat"])[1]),
    case("summed-over-wrong-axes", IMAGES, "dL/db", lambda t, x, g: [[c.sum() for c in n] for n in g]),
    case("summed-over-wrong-axes", IMAGES, "dL/db", lambda t, x, g: g),
    case("summed-over-wrong-axes", FEATURES, "dL/dc", lambda t, x, g: g * t["n.xhat"]),
    case("summed-over-wrong-axes", ACTIVATION, "dL/db", lambda t, x, g: [g[:, k].sum() for k in range(2)]),
]
