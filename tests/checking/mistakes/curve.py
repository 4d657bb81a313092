"""Mistakes in activations that are a curve."""

from __future__ import annotations

from collections.abc import Callable
from math import erf, exp, log, pi, sqrt, tanh

import numpy as np

from .case import Case

Function = Callable[[float], float]
SCALE, ALPHA = 1.0507009873554805, 1.6732632423543772
INPUT = "[2, -0.5, 0.75, -1.5, 4, 7, -4]"
ON_KINKS = "[0, 3, -3, 1, -1, 6]"
UPSTREAM = [1.5, 2.0, -3.0, 4.0, 5.0, -6.0, 7.0]


def s(x: float) -> float:
    return 1 / (1 + exp(-x))


def gate(x: float) -> float:
    return tanh(log(1 + exp(x)))


def normal(x: float) -> float:
    return (1 + erf(x / sqrt(2))) / 2


def gelu_by_tanh(x: float) -> float:
    return x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3)))


def quick(x: float) -> float:
    return x * s(1.702 * x)


def slope_of(f: Function) -> Function:
    """By a central difference of fourth order, good to some eleven digits."""

    def slope(x: float, h: float = 1e-3) -> float:
        return (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h)

    return slope


CURVES: dict[str, tuple[str, Function, Function]] = {
    "relu6": ("relu6", lambda x: min(max(0, x), 6), lambda x: float(0 < x < 6)),
    "hard_sigmoid": ("hard_sigmoid", lambda x: min(max(0, x / 6 + 0.5), 1), lambda x: float(-3 < x < 3) / 6),
    "hard_tanh": ("hard_tanh", lambda x: min(max(-1, x), 1), lambda x: float(-1 < x < 1)),
    "elu": (
        "elu: {alpha: 0.5}",
        lambda x: x if x > 0 else 0.5 * (exp(x) - 1),
        lambda x: 1.0 if x > 0 else 0.5 * exp(x),
    ),
    "selu": (
        "selu",
        lambda x: SCALE * (x if x > 0 else ALPHA * (exp(x) - 1)),
        lambda x: SCALE * (1 if x > 0 else ALPHA * exp(x)),
    ),
    "gelu": ("gelu", lambda x: x * normal(x), lambda x: normal(x) + x * exp(-x * x / 2) / sqrt(2 * pi)),
    "silu": ("silu", lambda x: x * s(x), lambda x: s(x) * (1 + x * (1 - s(x)))),
    "mish": ("mish", lambda x: x * gate(x), lambda x: gate(x) + x * s(x) * (1 - gate(x) ** 2)),
    "hard_swish": (
        "hard_swish",
        lambda x: x * min(max(0, x + 3), 6) / 6,
        lambda x: 0.0 if x <= -3 else 1.0 if x >= 3 else x / 3 + 0.5,
    ),
    "softplus": ("softplus", lambda x: log(1 + exp(x)), s),
    "softsign": ("softsign", lambda x: x / (1 + abs(x)), lambda x: 1 / (1 + abs(x)) ** 2),
}


def problem(layer: str, x: str = INPUT, behind: str = "") -> str:
    upstream = UPSTREAM[: x.count(",") + 1]
    return f"input: {x}\nlayers:\n  - {layer}\n{behind}upstream: {upstream}\n"


def y(type_: str, code: str, f: Function, layer: str | None = None, x: str = INPUT) -> Case:
    made = np.vectorize(f, otypes=[float])
    text = problem(layer or CURVES[type_][0], x)
    return Case(code, text, f"{type_}_1", lambda true: made(true["input"]))


def dx(
    type_: str,
    code: str,
    f: Callable[[float, float], float],
    layer: str | None = None,
    x: str = INPUT,
    behind: str = "",
) -> Case:
    made = np.vectorize(f, otypes=[float])
    text = problem(layer or CURVES[type_][0], x, behind)
    return Case(code, text, "dL/dinput", lambda true: made(true["input"], true[f"dL/d{type_}_1"]))


def on_side(slope: Function, side: float) -> Callable[[float, float], float]:
    """g · f' with the derivative of one side where it jumps."""

    def wrong(x: float, g: float) -> float:
        jumps = abs(slope(x + side) - slope(x - side)) > 1e-3
        return g * slope(x + side if jumps else x)

    return wrong


def in_all(type_: str, layer: str, f: Function, slope: Function) -> list[Case]:
    """What may go wrong in each of them."""
    found = [
        y(type_, "activation-forgotten", lambda x: x),
        dx(type_, "derivative-forgotten", lambda x, g: g),
        dx(type_, "upstream-forgotten", lambda x, g: slope(x)),
        Case(
            "next-layer-skipped",
            problem(layer, behind="  - tanh\n"),
            "dL/dinput",
            lambda true: np.array([slope(x) * g for x, g in zip(true["input"], true["dL/dtanh_1"], strict=True)]),
        ),
    ]
    if type_ not in ("relu6", "hard_sigmoid", "hard_tanh"):
        found.append(dx(type_, "output-instead-of-derivative", lambda x, g: g * f(x)))
        found.append(dx(type_, "derivative-at-output", lambda x, g: g * slope(f(x))))
    if type_ in ("relu6", "hard_sigmoid", "hard_tanh", "hard_swish", "elu"):
        sides = (1e-9,) if type_ == "elu" else (1e-9, -1e-9)
        found.extend(dx(type_, "derivative-at-kink", on_side(slope, side), x=ON_KINKS) for side in sides)
    return found


CASES = [
    *(case for type_, (layer, f, slope) in CURVES.items() for case in in_all(type_, layer, f, slope)),
    y("step", "activation-forgotten", lambda x: x, "step"),
    y("step", "sign-for-step", lambda x: float(np.sign(x)), "step", ON_KINKS),
    y("step", "step-at-zero", lambda x: float(x > 0), "step", ON_KINKS),
    y("step", "step-at-zero", lambda x: (float(np.sign(x)) + 1) / 2, "step", ON_KINKS),
    y("step", "step-at-zero", lambda x: float(x >= 0), "step: {at_zero: 0}", ON_KINKS),
    dx("step", "derivative-forgotten", lambda x, g: g, "step"),
    y("sign", "activation-forgotten", lambda x: x, "sign"),
    y("sign", "step-for-sign", lambda x: float(x >= 0), "sign", ON_KINKS),
    y("sign", "step-for-sign", lambda x: float(x > 0), "sign", ON_KINKS),
    dx("sign", "derivative-forgotten", lambda x, g: g, "sign"),
    y("relu6", "cap-forgotten", lambda x: max(0, x)),
    dx("relu6", "cap-forgotten", lambda x, g: g * (x > 0)),
    y("hard_sigmoid", "hard-sigmoid-slope", lambda x: min(max(0, 0.2 * x + 0.5), 1)),
    dx("hard_sigmoid", "hard-sigmoid-slope", lambda x, g: g * 0.2 * (-2.5 < x < 2.5)),
    y("hard_sigmoid", "sigmoid-for-hard-sigmoid", s),
    dx("hard_sigmoid", "sigmoid-for-hard-sigmoid", lambda x, g: g * s(x) * (1 - s(x))),
    y("elu", "elu-one-forgotten", lambda x: x if x > 0 else 0.5 * exp(x)),
    y("elu", "elu-alpha-forgotten", lambda x: x if x > 0 else exp(x) - 1),
    dx("elu", "elu-alpha-forgotten", lambda x, g: g if x > 0 else g * exp(x)),
    dx("elu", "elu-output-for-derivative", lambda x, g: g if x > 0 else g * 0.5 * (exp(x) - 1)),
    y("selu", "selu-scale-forgotten", lambda x: x if x > 0 else ALPHA * (exp(x) - 1)),
    y("selu", "selu-scale-forgotten", lambda x: x if x > 0 else exp(x) - 1),
    dx("selu", "selu-scale-forgotten", lambda x, g: g if x > 0 else g * ALPHA * exp(x)),
    y("gelu", "gelu-approximation", gelu_by_tanh),
    y("gelu", "gelu-approximation", quick),
    y("gelu", "gelu-approximation", lambda x: x * normal(x), "gelu: {approximate: tanh}"),
    dx("gelu", "gelu-approximation", lambda x, g: g * slope_of(gelu_by_tanh)(x)),
    dx("gelu", "gelu-approximation", lambda x, g: g * slope_of(quick)(x)),
    y("gelu", "gelu-without-input", normal),
    y("silu", "silu-without-input", s),
    dx("silu", "product-rule-forgotten", lambda x, g: g * s(x)),
    dx("silu", "product-rule-forgotten", lambda x, g: g * s(x) * (1 - s(x))),
    dx("silu", "product-rule-forgotten", lambda x, g: g * x * s(x) * (1 - s(x))),
    y("mish", "mish-as-silu", lambda x: x * s(x)),
    dx("mish", "mish-as-silu", lambda x, g: g * s(x) * (1 + x * (1 - s(x)))),
    dx("mish", "product-rule-forgotten", lambda x, g: g * gate(x)),
    dx("mish", "product-rule-forgotten", lambda x, g: g * x * s(x) * (1 - gate(x) ** 2)),
    y("hard_swish", "hard-sigmoid-alone", lambda x: min(max(0, x / 6 + 0.5), 1)),
    y("hard_swish", "hard-swish-as-silu", lambda x: x * s(x)),
    dx("hard_swish", "hard-swish-as-silu", lambda x, g: g * s(x) * (1 + x * (1 - s(x)))),
    dx("hard_swish", "product-rule-forgotten", lambda x, g: g * min(max(0, x / 6 + 0.5), 1)),
    dx("hard_swish", "product-rule-forgotten", lambda x, g: g * x / 6 * (-3 < x < 3)),
    y("softplus", "softplus-for-relu", lambda x: max(0, x)),
    y("softsign", "softsign-absolute-forgotten", lambda x: x / (1 + x)),
    dx("softsign", "softsign-square-forgotten", lambda x, g: g / (1 + abs(x))),
    dx("softsign", "softsign-derivative-as-value", lambda x, g: g * x / (1 + abs(x)) ** 2),
]
