"""Generated layers: for each registered type a hypothesis strategy that draws options, an input and parameters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import Any

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, ShapeError
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES

Draw = Callable[[st.SearchStrategy[Any]], Any]


@dataclass(frozen=True)
class Case:
    """A layer with its tensors, N first, as typed numbers; `g` is drawn to fit y."""

    layer: Layer
    x: Array
    parameters: dict[str, Array]
    g: Array

    def arrays(self, numbers: Arithmetic) -> tuple[Array, dict[str, Array], Array]:
        """x, parameters and g in an arithmetic."""
        parameters = {name: numbers.array(array) for name, array in self.parameters.items()}
        return numbers.array(self.x), parameters, numbers.array(self.g)


def tensor(draw: Draw, shape: tuple[int, ...], smooth: bool) -> Array:
    """Small fractions. `smooth`: all different and none 0, so that no kink and no tie is met."""
    size = prod(shape)
    if smooth:
        values = draw(st.permutations([k for k in range(-size, size + 1) if k]))[:size]
        cells = [Fraction(value, 4) for value in values]
    else:
        cells = [Fraction(value, 2) for value in draw(st.lists(st.integers(-3, 3), min_size=size, max_size=size))]
    array = np.empty(size, dtype=object)
    array[:] = cells
    return array.reshape(shape)


def pair(draw: Draw, low: int, high: int) -> tuple[int, int]:
    return draw(st.integers(low, high)), draw(st.integers(low, high))


def padding(draw: Draw, most: int, negative: bool = False) -> Any:
    low = -1 if negative else 0
    sides = (pair(draw, low, most), pair(draw, low, most))
    return draw(st.sampled_from(["valid", "same", sides, sides]))


def image(draw: Draw, most: int = 5) -> tuple[int, int, int]:
    return draw(st.integers(1, 2)), draw(st.integers(1, most)), draw(st.integers(1, most))


def conv(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    groups = draw(st.sampled_from([1, 1, 2]))
    channels, height, width = image(draw)
    options: dict[str, Any] = {"stride": pair(draw, 1, 2), "dilation": pair(draw, 1, 2), "groups": groups}
    options["flip"] = draw(st.booleans())
    if draw(st.booleans()):
        options["anchor"] = pair(draw, -1, 3)
        options["stride"] = (1, 1)
    else:
        options["padding"] = padding(draw, 2, negative=True)
    outputs = draw(st.integers(1, 2))
    parameters: dict[str, tuple[int, ...]] = {"weight": (outputs * groups, channels, *pair(draw, 1, 3))}
    if draw(st.booleans()):
        parameters["bias"] = (outputs * groups,)
    return LAYERS["conv"](**options), (channels * groups, height, width), parameters


def conv_transpose(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    groups = draw(st.sampled_from([1, 1, 2]))
    channels, height, width = image(draw, 3)
    options: dict[str, Any] = {"stride": pair(draw, 1, 3), "dilation": pair(draw, 1, 2), "groups": groups}
    options["padding"] = padding(draw, 1, negative=True)
    options["output_padding"] = pair(draw, 0, 1) if options["padding"] != "same" else (0, 0)
    outputs = draw(st.integers(1, 2))
    parameters: dict[str, tuple[int, ...]] = {"weight": (channels * groups, outputs, *pair(draw, 1, 3))}
    if draw(st.booleans()):
        parameters["bias"] = (outputs * groups,)
    return LAYERS["conv_transpose"](**options), (channels * groups, height, width), parameters


def pool(draw: Draw, type_: str) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    options: dict[str, Any] = {"size": pair(draw, 1, 3), "dilation": pair(draw, 1, 2), "ceil": draw(st.booleans())}
    if draw(st.booleans()):
        options["stride"] = pair(draw, 1, 3)
    options["padding"] = padding(draw, 1)
    if type_ == "avg_pool":
        options["count_padding"] = draw(st.booleans())
    else:
        options["ties"] = draw(st.sampled_from(["first", "split"]))
    return LAYERS[type_](**options), image(draw), {}


def batch_norm(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    shape = draw(st.sampled_from([(3,), (2, 2, 1), (1, 2, 2)]))
    over = draw(st.sampled_from(["channel", "activation"]))
    statistic = shape if over == "activation" else shape[:1]
    parameters = {name: statistic for name in ("gamma", "beta") if draw(st.booleans())}
    options: dict[str, Any] = {"over": over, "eps": draw(st.sampled_from([Decimal("1e-5"), Fraction(1, 10)]))}
    if draw(st.integers(0, 3)) == 0:
        parameters |= {"mean": statistic, "var": statistic}
    else:
        options["variance"] = draw(st.sampled_from(["biased", "unbiased"]))
    return LAYERS["batch_norm"](**options).given(parameters), shape, parameters


def anything(draw: Draw, type_: str, **options: Any) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    return LAYERS[type_](**options), draw(st.sampled_from([(3,), (2, 2, 2)])), {}


def fc(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    inputs, outputs = pair(draw, 1, 3)
    parameters: dict[str, tuple[int, ...]] = {"weight": (outputs, inputs)}
    if draw(st.booleans()):
        parameters["bias"] = (outputs,)
    return LAYERS["fc"](), (inputs,), parameters


def loss(draw: Draw, type_: str) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    features = (draw(st.integers(1, 4)),)
    shape = features if type_ in ("cross_entropy", "nll") else draw(st.sampled_from([features, (2, 1, 2)]))
    return LOSSES[type_](reduction=draw(st.sampled_from(["mean", "sum"]))), shape, {"target": shape}


STRATEGIES: dict[str, Callable[[Draw], tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]]] = {
    "conv": conv,
    "conv_transpose": conv_transpose,
    "relu": lambda draw: anything(draw, "relu"),
    "leaky_relu": lambda draw: anything(draw, "leaky_relu", slope=draw(st.sampled_from([Decimal("0.01"), 2]))),
    "sigmoid": lambda draw: anything(draw, "sigmoid"),
    "tanh": lambda draw: anything(draw, "tanh"),
    "max_pool": lambda draw: pool(draw, "max_pool"),
    "avg_pool": lambda draw: pool(draw, "avg_pool"),
    "global_avg_pool": lambda draw: (LAYERS["global_avg_pool"](), image(draw), {}),
    "batch_norm": batch_norm,
    "flatten": lambda draw: (LAYERS["flatten"](order=draw(st.sampled_from(["chw", "hwc"]))), image(draw, 3), {}),
    "fc": fc,
    "softmax": lambda draw: (LAYERS["softmax"](), (draw(st.integers(1, 4)),), {}),
    "log_softmax": lambda draw: (LAYERS["log_softmax"](), (draw(st.integers(1, 4)),), {}),
    "nll": lambda draw: loss(draw, "nll"),
    "binary_cross_entropy": lambda draw: loss(draw, "binary_cross_entropy"),
    "cross_entropy": lambda draw: loss(draw, "cross_entropy"),
    "sgd": lambda draw: (
        RULES["sgd"](lr=draw(st.sampled_from([1, Decimal("0.1"), Fraction(2, 3)]))),
        draw(st.sampled_from([(3,), (2, 2, 2)])),
        {"gradient": ()},
    ),
    "mse": lambda draw: loss(draw, "mse"),
    "half_squared_error": lambda draw: loss(draw, "half_squared_error"),
}


@st.composite
def cases(draw: Draw, type_: str, smooth: bool) -> Case:
    """A layer of one type with everything that it needs."""
    layer, shape, given_shapes = STRATEGIES[type_](draw)
    samples = draw(st.integers(1, 2))
    try:
        layer.check_options()
        shapes = dict(layer.parameter_shapes(shape, given_shapes))
        output = layer.output_shape(shape, shapes)
    except ShapeError:
        assume(False)
    assume(prod(output) <= 40)
    parameters = {name: tensor(draw, shapes[name], smooth) for name in given_shapes}
    for parameter in layer.parameters:
        if parameter.name in shapes and parameter.name not in parameters:
            parameters[parameter.name] = np.full(shapes[parameter.name], parameter.default, dtype=object)
    x = tensor(draw, (samples, *shape), smooth)
    if type_ == "batch_norm":
        over_samples_alone = layer.options and getattr(layer, "over", "") == "activation"
        statistics = samples if over_samples_alone or len(shape) == 1 else samples * prod(shape[1:])
        assume("mean" in parameters or statistics > 1)
        if "var" in parameters:
            parameters["var"] = abs(parameters["var"])
    for like_x in {"target", "gradient"} & set(parameters):
        parameters[like_x] = tensor(draw, x.shape, smooth)
    if type_ == "cross_entropy":
        # Probabilities must be positive; targets may be 0, soft or hard.
        x, parameters["target"] = abs(x) + Fraction(1, 8), abs(parameters["target"])
    if type_ == "binary_cross_entropy":
        # Probabilities strictly between 0 and 1; targets may be 0 or 1, hard or soft.
        x = 1 / (abs(x) + Fraction(5, 4))
        parameters["target"] = 1 / (1 + parameters["target"] ** 2) if smooth else (parameters["target"] + 2) % 3 / 2
    g = np.asarray(1, dtype=object) if output == () else tensor(draw, (samples, *output), smooth)
    return Case(layer, x, parameters, g)
