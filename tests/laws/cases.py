"""Generated layers: for each registered type what draws options, an input and parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import prod
from random import Random
from typing import Any, cast

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.arithmetic.float64 import Float64
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.layers.base import Layer, Loss, ShapeError
from cnncalc.layers.joining.several import Meeting, names_of
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.losses.composed import weighted
from cnncalc.optimizers import REGISTRY as RULES

from .draws import Draw, assume, binary, booleans, examples, integers, lists, sampled_from

HALVES = [Fraction(value, 2) for value in (0, 1, -1, 2, -2, 3, -3)]
"""The cells of a tensor, the simplest first."""


@dataclass(frozen=True)
class Case:
    """A layer with its tensors, as typed numbers; x, other inputs and g, which is drawn to fit y, have N first."""

    layer: Layer
    x: Array
    parameters: dict[str, Array]
    g: Array

    @property
    def inputs(self) -> list[str]:
        """x, and those that are like it: operands, the parts that meet."""
        known = {p.name for p in self.layer.parameters if p.is_operand or isinstance(self.layer, Meeting)}
        return ["x", *(name for name in self.parameters if name in known)]

    def arrays(self, numbers: Arithmetic) -> tuple[Array, dict[str, Array], Array]:
        """x, parameters and g in an arithmetic; places are counted in none."""
        places = self.layer.fixed
        parameters = {n: array if n in places else numbers.array(array) for n, array in self.parameters.items()}
        return numbers.array(self.x), parameters, numbers.array(self.g)


def tensor(draw: Draw, shape: tuple[int, ...], smooth: bool) -> Array:
    """Small fractions. `smooth`: all different and none 0, so that no kink and no tie is met."""
    size = prod(shape)
    # Drawn as a whole: a draw for each cell takes longer than the laws.
    if smooth:
        drawn = Random(draw(binary(8)))
        values = drawn.sample([k for k in range(-size, size + 1) if k], size)
        cells = [Fraction(value, 4) for value in values]
    else:
        cells = [HALVES[byte % len(HALVES)] for byte in draw(binary(size))]
    array = np.empty(size, dtype=object)
    array[:] = cells
    return array.reshape(shape)


def pair(draw: Draw, low: int, high: int) -> tuple[int, int]:
    return draw(integers(low, high)), draw(integers(low, high))


def padding(draw: Draw, most: int, negative: bool = False) -> Any:
    low = -1 if negative else 0
    sides = (pair(draw, low, most), pair(draw, low, most))
    return draw(sampled_from(["valid", "same", sides, sides]))


def image(draw: Draw, most: int = 5) -> tuple[int, int, int]:
    return draw(integers(1, 2)), draw(integers(1, most)), draw(integers(1, most))


def conv(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    groups = draw(sampled_from([1, 1, 2]))
    channels, height, width = image(draw)
    options: dict[str, Any] = {"stride": pair(draw, 1, 2), "dilation": pair(draw, 1, 2), "groups": groups}
    options["flip"] = draw(booleans())
    if draw(booleans()):
        options["anchor"] = pair(draw, -1, 3)
        options["stride"] = (1, 1)
    else:
        options["padding"] = padding(draw, 2, negative=True)
    outputs = draw(integers(1, 2))
    parameters: dict[str, tuple[int, ...]] = {"weight": (outputs * groups, channels, *pair(draw, 1, 3))}
    if draw(booleans()):
        parameters["bias"] = (outputs * groups,)
    return LAYERS["conv"](**options), (channels * groups, height, width), parameters


def conv_transpose(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    groups = draw(sampled_from([1, 1, 2]))
    channels, height, width = image(draw, 3)
    options: dict[str, Any] = {"stride": pair(draw, 1, 3), "dilation": pair(draw, 1, 2), "groups": groups}
    options["padding"] = padding(draw, 1, negative=True)
    options["output_padding"] = pair(draw, 0, 1) if options["padding"] != "same" else (0, 0)
    outputs = draw(integers(1, 2))
    parameters: dict[str, tuple[int, ...]] = {"weight": (channels * groups, outputs, *pair(draw, 1, 3))}
    if draw(booleans()):
        parameters["bias"] = (outputs * groups,)
    return LAYERS["conv_transpose"](**options), (channels * groups, height, width), parameters


def pool(draw: Draw, type_: str) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    options: dict[str, Any] = {"size": pair(draw, 1, 3), "dilation": pair(draw, 1, 2), "ceil": draw(booleans())}
    if draw(booleans()):
        options["stride"] = pair(draw, 1, 3)
    options["padding"] = padding(draw, 1)
    if type_ == "avg_pool":
        options["count_padding"] = draw(booleans())
    else:
        options["ties"] = draw(sampled_from(["first", "split"]))
    return LAYERS[type_](**options), image(draw), {}


def pad(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    mode, channels = draw(sampled_from(["zeros", "reflect", "replicate", "circular"])), draw(integers(1, 2))
    if draw(booleans()):
        return LAYERS["pad"](padding=((2, 2), (1, 1)), mode=mode), (channels, 3), {}
    return LAYERS["pad"](padding=((1, 0), (2, 1)), mode=mode), (channels, 2, 3), {}


def signal(draw: Draw, type_: str) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    number = lambda low, high: draw(integers(low, high))  # noqa: E731
    sides = (number(0, 1), number(0, 1))
    options: dict[str, Any] = {"stride": number(1, 2), "dilation": number(1, 2)}
    channels, outputs = number(1, 2), number(1, 2)
    options["padding"] = draw(sampled_from(["valid", "same", sides]))
    parameters: dict[str, tuple[int, ...]] = {}
    if type_ == "conv1d":
        options["padding"] = draw(sampled_from(["valid", "same", "full", "causal", sides]))
        options["flip"] = draw(booleans())
        parameters["weight"] = (outputs, channels, number(1, 3))
    elif type_ == "conv_transpose1d":
        parameters["weight"] = (channels, outputs, number(1, 3))
    else:
        options["size"] = number(1, 3)
    if parameters and draw(booleans()):
        parameters["bias"] = (outputs,)
    return LAYERS[type_](**options), (channels, number(2, 5)), parameters


def batch_norm(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    shape = draw(sampled_from([(3,), (2, 2), (2, 2, 1), (1, 2, 2)]))
    over = draw(sampled_from(["channel", "activation"]))
    statistic = shape if over == "activation" else shape[:1]
    parameters = {name: statistic for name in ("gamma", "beta") if draw(booleans())}
    options: dict[str, Any] = {"over": over, "eps": draw(sampled_from([Decimal("1e-5"), Fraction(1, 10)]))}
    if draw(integers(0, 3)) == 0:
        parameters |= {"mean": statistic, "var": statistic}
    else:
        options["variance"] = draw(sampled_from(["biased", "unbiased"]))
        if draw(booleans()):
            options |= {"momentum": Fraction(1, 4), "convention": draw(sampled_from(["pytorch", "keras"]))}
            parameters |= {name: statistic for name in ("runningmean", "runningvar") if draw(booleans())}
    return LAYERS["batch_norm"](**options).given(parameters), shape, parameters


def per_sample(draw: Draw, type_: str) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    shape = draw(sampled_from([(2, 1, 2), (2, 2, 1), (2, 3)] if type_ == "instance_norm" else [(4,), (2, 2, 1)]))
    options: dict[str, Any] = {"eps": draw(sampled_from([Decimal("1e-5"), Fraction(1, 10)]))}
    if type_ == "group_norm":
        options["groups"] = draw(sampled_from([1, 2]))
    layer = LAYERS[type_](**options)
    full = shape if type_ == "layer_norm" else shape[:1]
    return layer, shape, {name: full for name in ("gamma", "beta") if draw(booleans())}


def upsample(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    mode = draw(sampled_from(["nearest", "bilinear"]))
    corners = mode == "bilinear" and draw(booleans())
    return LAYERS["upsample"](scale=pair(draw, 1, 3), mode=mode, align_corners=corners), image(draw, 3), {}


def max_unpool(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    size, stride = pair(draw, 1, 2), pair(draw, 1, 2)
    pooling, image = LAYERS["max_pool"](size=size, stride=stride), (draw(integers(1, 2)), 3, draw(integers(2, 3)))
    pooled = pooling.output_shape(image, {})
    return LAYERS["max_unpool"](pool="m", pooling=pooling, image=image), pooled, {"xb": (*pooled, 2)}


def by_length(draw: Draw, type_: str) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    is_scaled = type_ == "rms_norm"
    shape = draw(sampled_from([(4,), (2, 2, 1)] if is_scaled else [(1,), (3,)]))
    layer = LAYERS[type_](eps=draw(sampled_from([Decimal("1e-5"), Fraction(1, 10)])))
    return layer, shape, {"gamma": shape} if is_scaled and draw(booleans()) else {}


def anything(draw: Draw, type_: str, **options: Any) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    return LAYERS[type_](**options), draw(sampled_from([(3,), (2, 3), (2, 2, 2)])), {}


def softmax(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    over = draw(sampled_from(["features", "channel"]))
    shape = (draw(integers(1, 4)),) if over == "features" else draw(sampled_from([(3,), (3, 2), (3, 1, 2)]))
    temperature = draw(sampled_from([1, 2, Decimal("0.5")]))
    return LAYERS["softmax"](over=over, temperature=temperature).given(()), shape, {}


def dropout(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    layer, shape, _ = anything(draw, "dropout", p=draw(sampled_from([Decimal("0.2"), 0])), inverted=draw(booleans()))
    return layer, shape, draw(sampled_from([{}, {"mask": shape}]))


def prelu(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    layer, shape, _ = anything(draw, "prelu")
    return layer, shape, draw(sampled_from([{}, {"weight": (1,)}, {"weight": shape[:1]}]))


def fc(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    inputs, outputs = pair(draw, 1, 3)
    parameters: dict[str, tuple[int, ...]] = {"weight": (outputs, inputs)}
    if draw(booleans()):
        parameters["bias"] = (outputs,)
    orientation = draw(sampled_from(["column", "row"]))
    if orientation == "row":
        parameters["weight"] = (inputs, outputs)
    return LAYERS["fc"](orientation=orientation).given(parameters), (inputs,), parameters


def loss(draw: Draw, type_: str) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    features = (draw(integers(1, 4)),)
    shape = (
        features
        if type_ in ("cross_entropy", "nll", "kl", "focal", "multiclass_hinge")
        else draw(sampled_from([features, (2, 1, 2)]))
    )
    options: dict[str, Any] = {"reduction": draw(sampled_from(["mean", "sum"]))}
    if type_ in ("cross_entropy", "nll"):
        options["mean_divisor"] = draw(sampled_from([None, Fraction(7, 2)]))
    if type_ == "perceptron_loss":
        options["at_zero"] = draw(sampled_from(["mistake", "positive", "negative"]))
    if type_ in ("focal", "binary_focal"):
        options["gamma"] = draw(sampled_from([2, 0, 1, 3]))
    if type_ == "binary_focal":
        options["alpha"] = draw(sampled_from([None, Decimal("0.25")]))
    if type_ == "huber":
        options["delta"] = draw(sampled_from([1, Decimal("0.4")]))
    return LOSSES[type_](**options), shape, {"target": shape}


def several_losses(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    drawn = [loss(draw, draw(sampled_from(["mse", "l1", "half_squared_error", "huber", "nll"]))) for _ in range(2)]
    shape = (draw(integers(1, 3)),)
    made = weighted([cast(Loss, one) for one, _, _ in drawn], [draw(sampled_from([1, 0, Fraction(-1, 3)])), 2])
    return made, shape, {"target": shape, "targetb": shape}


def element_by_element(draw: Draw, type_: str) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    """Inputs of one shape, of a number for each channel, and of one number, in any order."""
    full = draw(sampled_from([(3,), (2, 2, 2), (1, 1, 3), (2, 1, 1)]))
    spread = [(1,), (1, 1, 1), *([full[:1], (full[0], 1, 1)] if len(full) > 1 else [])]
    others = draw(lists(sampled_from([full, full, *spread]), 1, 3))
    at = draw(integers(0, len(others)))
    return LAYERS[type_](), *operands([*others[:at], full, *others[at:]])


def concat(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    axis = draw(sampled_from(["channel", "channel", "features", "rows", "columns"]))
    is_image = axis != "features" and draw(integers(0, 3)) > 0
    shape = image(draw, 2) if is_image or axis in ("rows", "columns") else (draw(integers(1, 3)),)
    shape = shape[:-1] if len(shape) > 1 and draw(integers(0, 3)) == 0 else shape  # a signal
    at = min({"rows": 1, "columns": 2}.get(axis, 0), len(shape) - 1)
    sizes = draw(lists(integers(1, 2), 2, 3))
    return LAYERS["concat"](axis=axis), *operands([(*shape[:at], size, *shape[at + 1 :]) for size in sizes])


def operands(shapes: list[tuple[int, ...]]) -> tuple[tuple[int, ...], dict[str, tuple[int, ...]]]:
    """The shape of x, and those of the inputs after it by their names."""
    return shapes[0], dict(zip(names_of(len(shapes))[1:], shapes[1:], strict=True))


def meeting(draw: Draw) -> tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]:
    shape = draw(sampled_from([(3,), (2, 1, 2)]))
    return Meeting(draw(booleans())), *operands([shape] * draw(integers(2, 4)))


def rule(draw: Draw, name: str, **options: Any) -> Any:
    """A step of a rule; the gradient counts as given, so that weight decay has no part in dx."""
    made = RULES[name](lr=draw(sampled_from([1, Decimal("0.1"), Fraction(2, 3)])), **options)
    return made, draw(sampled_from([(3,), (2, 2, 2)])), {parameter.name: () for parameter in made.parameters}


STRATEGIES: dict[str, Callable[[Draw], tuple[Layer, tuple[int, ...], dict[str, tuple[int, ...]]]]] = {
    "conv": conv,
    "conv_transpose": conv_transpose,
    "add": lambda draw: element_by_element(draw, "add"),
    "subtract": lambda draw: element_by_element(draw, "subtract"),
    "multiply": lambda draw: element_by_element(draw, "multiply"),
    "concat": concat,
    "identity": lambda draw: anything(draw, "identity"),
    "meeting": meeting,
    "relu": lambda draw: anything(draw, "relu"),
    "leaky_relu": lambda draw: anything(draw, "leaky_relu", slope=draw(sampled_from([Decimal("0.01"), 2]))),
    "prelu": prelu,
    "dropout": dropout,
    "sigmoid": lambda draw: anything(draw, "sigmoid"),
    "tanh": lambda draw: anything(draw, "tanh"),
    "activation": lambda draw: anything(draw, "activation", symbol=draw(sampled_from(["phi", "g"]))),
    "step": lambda draw: anything(draw, "step", at_zero=draw(sampled_from([0, 1, Fraction(1, 2)]))),
    "sign": lambda draw: anything(draw, "sign"),
    "relu6": lambda draw: anything(draw, "relu6"),
    "hard_sigmoid": lambda draw: anything(
        draw, "hard_sigmoid", slope=draw(sampled_from([Fraction(1, 6), Decimal("0.2")]))
    ),
    "hard_tanh": lambda draw: anything(draw, "hard_tanh", low=draw(sampled_from([-1, Fraction(-1, 3)]))),
    "elu": lambda draw: anything(draw, "elu", alpha=draw(sampled_from([1, Decimal("0.5"), 2]))),
    "selu": lambda draw: anything(draw, "selu"),
    "gelu": lambda draw: anything(draw, "gelu", approximate=draw(sampled_from(["none", "tanh"]))),
    **{name: lambda draw, name=name: anything(draw, name) for name in ("silu", "mish", "hard_swish", "absolute")},
    "scale": lambda draw: anything(draw, "scale", number=draw(sampled_from([-1, Fraction(2, 3)]))),
    "power": lambda draw: anything(draw, "power", number=draw(sampled_from([1, 2, 3]))),
    "softplus": lambda draw: anything(draw, "softplus", beta=draw(sampled_from([1, Decimal("0.5"), 2]))),
    "softsign": lambda draw: anything(draw, "softsign"),
    **{
        name: lambda draw, name=name: signal(draw, name)
        for name in ("conv1d", "conv_transpose1d", "max_pool1d", "avg_pool1d")
    },
    "max_pool": lambda draw: pool(draw, "max_pool"),
    "avg_pool": lambda draw: pool(draw, "avg_pool"),
    "global_max_pool": lambda draw: (
        LAYERS["global_max_pool"](ties=draw(sampled_from(["first", "split"]))),
        image(draw),
        {},
    ),
    "global_avg_pool": lambda draw: (
        LAYERS["global_avg_pool"](),
        draw(sampled_from([image, lambda draw: image(draw)[:2]]))(draw),
        {},
    ),
    "upsample": upsample,
    "max_unpool": max_unpool,
    "pixel_shuffle": lambda draw: (LAYERS["pixel_shuffle"](scale=2), (draw(sampled_from([4, 8])), 1, 2), {}),
    "pad": pad,
    "reshape": lambda draw: (LAYERS["reshape"](shape=draw(sampled_from([(2, 3), (1, 2, 3), (3, 2, 1)]))), (6,), {}),
    "batch_norm": batch_norm,
    "layer_norm": lambda draw: per_sample(draw, "layer_norm"),
    "group_norm": lambda draw: per_sample(draw, "group_norm"),
    "instance_norm": lambda draw: per_sample(draw, "instance_norm"),
    "rms_norm": lambda draw: by_length(draw, "rms_norm"),
    "local_response_norm": lambda draw: (
        LAYERS["local_response_norm"](
            size=draw(integers(1, 4)),
            alpha=1,
            beta=draw(sampled_from([1, 2])),
            over=draw(sampled_from(["mean", "sum"])),
        ),
        draw(sampled_from([(3, 1, 2), (4, 2)])),
        {},
    ),
    "l2_normalize": lambda draw: by_length(draw, "l2_normalize"),
    "flatten": lambda draw: (LAYERS["flatten"](order=draw(sampled_from(["chw", "hwc"]))), image(draw, 3), {}),
    "fc": fc,
    "softmax": softmax,
    "log_softmax": lambda draw: draw(
        sampled_from(
            [
                (LAYERS["log_softmax"](), (draw(integers(1, 4)),), {}),
                (LAYERS["log_softmax"](over="channel").given(()), draw(sampled_from([(3,), (3, 2), (3, 1, 2)])), {}),
            ]
        )
    ),
    "nll": lambda draw: loss(draw, "nll"),
    "binary_cross_entropy": lambda draw: loss(draw, "binary_cross_entropy"),
    "cross_entropy": lambda draw: loss(draw, "cross_entropy"),
    "sgd": lambda draw: rule(draw, "sgd"),
    "perceptron": lambda draw: rule(draw, "perceptron"),
    "momentum": lambda draw: rule(
        draw, "momentum", nesterov=draw(booleans()), convention=draw(sampled_from(["pytorch", "classic", "step"]))
    ),
    "adagrad": lambda draw: rule(draw, "adagrad", eps=Decimal("0.1")),
    "rmsprop": lambda draw: rule(draw, "rmsprop", alpha=Decimal("0.75")),
    "adadelta": lambda draw: rule(draw, "adadelta", alpha=Decimal("0.75"), eps=Decimal("0.25")),
    "nadam": lambda draw: rule(
        draw, "nadam", step=draw(sampled_from([1, 3])), convention=draw(sampled_from(["pytorch", "simple"]))
    ),
    "adam": lambda draw: rule(draw, "adam", beta2=Decimal("0.75"), step=draw(sampled_from([1, 3]))),
    "adamw": lambda draw: rule(draw, "adamw", beta2=Decimal("0.75"), step=2, weight_decay=0),
    **{name: lambda draw, name=name: loss(draw, name) for name in ("kl", "focal", "binary_focal")},
    "l1": lambda draw: loss(draw, "l1"),
    "huber": lambda draw: loss(draw, "huber"),
    "hinge": lambda draw: loss(draw, "hinge"),
    "multiclass_hinge": lambda draw: loss(draw, "multiclass_hinge"),
    "perceptron_loss": lambda draw: loss(draw, "perceptron_loss"),
    "mse": lambda draw: loss(draw, "mse"),
    "half_squared_error": lambda draw: loss(draw, "half_squared_error"),
    "weighted_losses": several_losses,
}


def cases(type_: str, smooth: bool, count: int) -> Iterator[Case]:
    """So many of one type, or all that there are."""
    return examples(lambda draw: case(draw, type_, smooth), count)


def case(draw: Draw, type_: str, smooth: bool) -> Case:
    """A layer of one type with everything that it needs."""
    layer, shape, given_shapes = STRATEGIES[type_](draw)
    samples = draw(integers(1, 2))
    try:
        layer.check_options()
        is_of_inputs = layer.takes_several or type_ in ("meeting", "max_unpool")
        shapes = given_shapes if is_of_inputs else dict(layer.parameter_shapes(shape, given_shapes))
        output = layer.output_shape(shape, shapes)
    except ShapeError:
        assume(False)
    assume(prod(output) <= 40)
    before = (samples,) if is_of_inputs else ()
    parameters = {name: tensor(draw, (*before, *shapes[name]), smooth) for name in given_shapes}
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
    if type_ == "max_unpool":
        unpooled = cast(Any, layer)
        image = np.asarray(tensor(draw, (samples, *unpooled.image), smooth), dtype=float)
        parameters["xb"] = unpooled.pooling.forward(Float64(), image, {})["path"]
    for like_x in ("target", "targetb", "gradient", "lastvelocity", "lastm", "lastv", "lastu", "lastsquaresum"):
        if like_x in parameters:
            parameters[like_x] = tensor(draw, x.shape, smooth)
        if like_x in ("lastv", "lastu", "lastsquaresum") and like_x in parameters:
            # Squares are not negative, and the root of 0 has no slope.
            parameters[like_x] = abs(parameters[like_x]) + Fraction(1, 8)
    if type_ in ("hinge", "multiclass_hinge", "perceptron_loss"):
        signs = np.sign(np.asarray(parameters["target"], dtype=float)).astype(int) * 2 + 1
        parameters["target"] = np.vectorize(Fraction, otypes=[object])(np.sign(signs))
    if type_ == "multiclass_hinge":
        parameters["target"] = np.vectorize(Fraction, otypes=[object])(np.eye(x.shape[1], dtype=int)[[0] * samples])
    if type_ in ("cross_entropy", "kl"):
        # Probabilities must be positive; targets may be 0, soft or hard.
        x, parameters["target"] = abs(x) + Fraction(1, 8), abs(parameters["target"])
    if type_ in ("binary_cross_entropy", "binary_focal", "focal"):
        # Probabilities strictly between 0 and 1; targets may be 0 or 1, hard or soft.
        x = 1 / (abs(x) + Fraction(5, 4))
        parameters["target"] = 1 / (1 + parameters["target"] ** 2) if smooth else (parameters["target"] + 2) % 3 / 2
    g = np.asarray(1, dtype=object) if output == () else tensor(draw, (samples, *output), smooth)
    return Case(layer, x, parameters, g)
