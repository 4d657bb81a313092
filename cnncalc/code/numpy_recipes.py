"""What NumPy says for each layer, loss and update rule. A new one is an entry in a table: forward, then backward."""

from collections.abc import Mapping
from math import prod

from cnncalc.code.recipes import (
    Lines,
    Place,
    Recipe,
    added_up,
    batch_norm,
    bias_added,
    by_length,
    channels_last,
    focal,
    focal_back,
    gathering,
    hinges,
    kept,
    laid_on,
    local_response,
    mistaken,
    number_text,
    of_signals,
    over,
    over_temperature,
    per_sample,
    pieces,
    statistics_of,
)
from cnncalc.layers.base import Layer
from cnncalc.layers.joining.several import spread
from cnncalc.losses.composed import WeightedLosses
from cnncalc.step import Step


def _pairs(place: Place, size: bool = True) -> str:
    """The arguments of the functions on windows: size, what lies around, and stride and dilation where not 1."""
    axes = place.axes
    sides = tuple((axis.before, axis.extent - axis.size - axis.before) for axis in axes)
    text = f"{tuple(axis.kernel for axis in axes)}, " if size else ""
    text += str(sides)
    for name in ("stride", "dilation"):
        pair = tuple(getattr(axis, name) for axis in axes)
        text += f", {name}={pair}" if pair != (1, 1) else ""
    return text + (f", groups={place.layer.groups}" if getattr(place.layer, "groups", 1) > 1 else "")


def _kernel(place: Place) -> str:
    return "{weight}[:, :, ::-1, ::-1]" if place.layer.flip else "{weight}"


def _conv(place: Place) -> str:
    return f"conv({{x}}, {_kernel(place)}, {_pairs(place, size=False)}){bias_added(place)}"


def _conv_back(place: Place) -> Lines:
    turned = "[:, :, ::-1, ::-1]" if place.layer.flip else ""
    dweight = f"conv_by_weight({{g}}, {{x}}, {_pairs(place)}){turned}"
    return _back(place, dweight, f"conv_by_input({{g}}, {_kernel(place)}, {{x}}.shape, {_pairs(place, size=False)})")


def _conv_transpose(place: Place) -> str:
    return f"conv_by_input({{x}}, {{weight}}, {place.shape('y')}, {_pairs(place, size=False)}){bias_added(place)}"


def _conv_transpose_back(place: Place) -> Lines:
    dweight = f"conv_by_weight({{x}}, {{g}}, {_pairs(place)})"
    return _back(place, dweight, f"conv({{g}}, {{weight}}, {_pairs(place, size=False)})")


def _back(place: Place, dweight: str, dx: str, samples: str = "(0, 2, 3)") -> Lines:
    """With the gradient of the bias between them, where there is one."""
    return {"dweight": dweight, **({"dbias": f"{{g}}.sum({samples})"} if place.has("bias") else {}), "dx": dx}


def _max_pool(place: Place) -> Lines:
    return {"path": f"winners({{x}}, {_pairs(place)})", "y": "at({x}, {path})"}


def _avg_pool(place: Place) -> str:
    return f"windows({{x}}, {_pairs(place)}).sum((4, 5)) / {_cells(place)}"


def _avg_pool_back(place: Place) -> str:
    return f"spread({{g}}, {_cells(place)}, {{x}}.shape, {_pairs(place)})"


def _max_pool_back(place: Place) -> str:
    if place.layer.ties == "split":
        return f"shared({{g}}, {{x}}, {_pairs(place)})"
    return "to_winners({g}, {path}, {x}.shape)"


def _cells(place: Place) -> str:
    """By how many cells each window of an average pool divides."""
    rows, columns = (place.layer.counted_along(axis).tolist() for axis in place.axes)
    if len({*rows}) == len({*columns}) == 1:
        return str(rows[0] * columns[0])
    return f"np.outer({rows}, {columns})"


def _batch_norm_back(place: Place) -> Lines:
    along, laid, count, divisor = statistics_of(place)
    root = f"np.sqrt({{var}} + {place.layer.eps})"
    made = {
        "dgamma": f"({{g}} * {{xhat}}).sum({along})",
        "dbeta": f"{{g}}.sum({along})",
        "dxhat": f"{{g}} * {{gamma}}{laid}",
    }
    if "mean" not in place.layer.auxiliaries:
        return made | {"dx": f"{{dxhat}} / {root}{laid}"}
    return made | {
        "dvar": f"({{dxhat}} * ({{x}} - {{mean}}{laid})).sum({along}) / -2 / {root} ** 3",
        "dmean": f"-({{dxhat}}.sum({along})) / {root}"
        f" - 2 / {divisor} * {{dvar}} * ({{x}} - {{mean}}{laid}).sum({along})",
        "dx": f"{{dxhat}} / {root}{laid} + 2 / {divisor} * {{dvar}}{laid} * ({{x}} - {{mean}}{laid})"
        f" + {{dmean}}{laid} / {count}",
    }


def _per_sample_back(place: Place) -> Lines:
    x = place.shape("x")
    rows, over = f"reshape({x[0]}, {place.layer.parts(x[1:])}, -1)", (0, *range(1 + len(place.shape("gamma")), len(x)))
    slopes, normal = f"{{dxhat}}.{rows}", f"{{xhat}}.{rows}"
    means = f"{slopes}.mean(2)[:, :, None] - {normal} * ({slopes} * {normal}).mean(2)[:, :, None]"
    root = f"np.sqrt({{var}}[:, :, None] + {number_text(place.layer.eps)})"
    return {
        "dgamma": f"({{g}} * {{xhat}}).sum({over})",
        "dbeta": f"{{g}}.sum({over})",
        "dxhat": f"{{g}} * {{gamma}}{laid_on(place)}",
        "dx": f"(({slopes} - {means}) / {root}).reshape({x})",
    }


def _by_length_back(place: Place) -> Lines:
    """The gradients of RMS norm and L2 normalization."""
    layer, x = place.layer, place.shape("x")
    is_scaled = layer.unit != "y"
    slopes, unit = (f"{{{name}}}.reshape({x[0]}, -1)" for name in ("dxhat" if is_scaled else "g", layer.unit))
    share = f"({slopes} * {unit}).{gathering(place)}(1, keepdims=True)"
    scaled = {"dgamma": "({g} * {xhat}).sum(0)", "dxhat": "{g} * {gamma}"} if is_scaled else {}
    return {**scaled, "dx": f"(({slopes} - {unit} * {share}) / {{{layer.length}}}).reshape({x})"}


def _local_response_back(place: Place) -> Lines:
    layer, beta = place.layer, number_text(place.layer.beta)
    through = _channels(place, "{dbase}", layer.size - 1 - layer.size // 2)
    return {
        "dbase": f"-{beta} * {{g}} * {{y}} / {{base}}",
        "dx": f"{{g}} * {{base}} ** -{beta} + {number_text(2 * layer.share)} * {{x}} * {through}",
    }


def _channels(place: Place, x: str, before: int) -> str:
    """The sum of the channels around each."""
    size = place.layer.size
    ones = f"[np.convolve(one, np.ones({size}))[{size - 1 - before}:][:len(one)] for one in np.eye({x}.shape[1])]"
    return f"np.einsum('nc...,cd->nd...', {x}, np.array({ones}))"


def _flatten(place: Place) -> str:
    axes = channels_last(place)
    return f"{{x}}{f'.transpose{axes}' if axes else ''}.reshape{place.shape('y')}"


def _flatten_back(place: Place) -> str:
    x = place.shape("x")
    if channels_last(place):
        back = (0, len(x) - 1, *range(1, len(x) - 1))
        return f"{{g}}.reshape{(x[0], *x[2:], x[1])}.transpose{back}"
    return f"{{g}}.reshape{x}"


def _gathered(place: Place, local: str, text: str) -> str:
    """A gradient shaped like y, added up over what the input was spread to."""
    x, y = place.shape(local), place.shape("y")
    laid = spread(x[1:], y[1:])
    axes = tuple(axis for axis, size in enumerate(laid, 1) if size == 1 and y[axis] > 1)
    summed = f"({text}).sum({axes})" if axes else text
    return summed if x == y else f"({summed}).reshape{x}"


def _sum_back(signs: tuple[str, str]) -> Recipe:
    def back(place: Place) -> Lines:
        inputs = place.step.inputs()
        return {f"d{one}": _gathered(place, one, signs[one != "x"] + "{g}") for one in inputs}

    return back


def _product_back(place: Place) -> Lines:
    inputs = dict(zip(place.step.inputs(), place.inputs(), strict=True))
    made = {}
    for local in inputs:
        others = " * ".join(text for other, text in inputs.items() if other != local)
        made[f"d{local}"] = _gathered(place, local, f"{{g}} * {others}")
    return made


def _from_places(place: Place) -> str:
    source = place.layer.source(place.shape("x")[1:]).ravel().tolist()
    count = place.shape("x")[0]
    return f"np.pad({{x}}.reshape({count}, -1), ((0, 0), (0, 1)))[:, {source}].reshape({place.shape('y')})"


def _to_places(place: Place) -> str:
    source, x = place.layer.source(place.shape("x")[1:]).ravel().tolist(), place.shape("x")
    places = f"(np.array({source})[:, None] == np.arange({prod(x[1:])}))"
    return f"({{g}}.reshape({x[0]}, -1) @ {places}).reshape({x})"


def _upsample(place: Place, turned: tuple[str, str] = ("", ".T"), middle: str = "{x}") -> str:
    layer = place.layer
    way = layer.mode if layer.mode == "nearest" else "corners" if layer.align_corners else "centres"
    rows, columns = (f"shares({n}, {size}, '{way}')" for n, size in zip(layer.scale, place.shape("x")[2:], strict=True))
    return f"{rows}{turned[0]} @ {middle} @ {columns}{turned[1]}"


def _joined_axis(place: Place) -> int:
    axis: int = place.layer.axis_among(len(place.shape("y")) - 1)
    return axis


def _concat_back(place: Place) -> Lines:
    axis, start, made = _joined_axis(place), 0, {}
    for local in place.step.inputs():
        stop = start + place.shape(local)[axis]
        laid = "" if len(place.shape(local)) == len(place.shape("y")) else f".reshape{place.shape(local)}"
        made[f"d{local}"] = f"{{g}}[{':, ' * axis}{start}:{stop}]{laid}"
        start = stop
    return made


def _fc(place: Place) -> str:
    turned = "" if place.layer.orientation == "row" else ".T"
    return f"{{x}} @ {{weight}}{turned}" + (" + {bias}" if place.has("bias") else "")


def _fc_back(place: Place) -> Lines:
    if place.layer.orientation == "row":
        return _back(place, "{x}.T @ {g}", "{g} @ {weight}.T", "0")
    return _back(place, "{g}.T @ {x}", "{g} @ {weight}", "0")


def _prelu_back(place: Place) -> Lines:
    one = place.shape("weight") == (1,)
    over = "" if one else "(0, 2, 3)" if len(place.shape("x")) == 4 else "0"
    summed = f"np.where({{x}} > 0, 0, {{g}} * {{x}}).sum({over})" + (".reshape(1)" if one else "")
    return {"dweight": summed, "dx": f"np.where({{x}} > 0, {{g}}, {_slope(place)} * {{g}})"}


def _slope(place: Place) -> str:
    laid = "[:, None, None]" if place.shape("weight") != (1,) and len(place.shape("x")) == 4 else ""
    return f"{{weight}}{laid}"


def _shared_out(sign: str) -> Lines:
    """The gradient of a maximum: to the one that is chosen, in halves where both are equal."""
    return {
        "dx": f"{{g}} * (1.0 * ({{x}} {sign} {{xb}}) + 0.5 * ({{x}} == {{xb}}))",
        "dxb": f"{{g}} * (1.0 * ({{xb}} {sign} {{x}}) + 0.5 * ({{x}} == {{xb}}))",
    }


def back_of(layer: Layer) -> Recipe:
    """The backward half of a table's entry; that of a curve is its slope."""
    if isinstance(layer, WeightedLosses):
        made = added_up({name: back for name, (_, back) in LOSSES.items()}, layer, "dx")
        assert made is not None, "the forward half was found"
        return made
    known = {**LAYERS, **LOSSES}.get(layer.type)
    return known[1] if known is not None else lambda place: f"{{g}} * ({pieces(place, 'slope', 'np')})"


LAYERS: Mapping[str, tuple[Recipe, Recipe]] = {
    "conv": (_conv, _conv_back),
    "conv_transpose": (_conv_transpose, _conv_transpose_back),
    "relu": ("np.maximum(0, {x})", "np.where({x} > 0, {g}, 0)"),
    "leaky_relu": (
        lambda place: f"np.where({{x}} > 0, {{x}}, {place.layer.slope} * {{x}})",
        lambda place: f"np.where({{x}} > 0, {{g}}, {place.layer.slope} * {{g}})",
    ),
    "sigmoid": ("sigmoid({x})", "{g} * {y} * (1 - {y})"),
    "prelu": (lambda place: f"np.where({{x}} > 0, {{x}}, {_slope(place)} * {{x}})", _prelu_back),
    "tanh": ("np.tanh({x})", "{g} * (1 - {y} ** 2)"),
    **dict.fromkeys(("max_pool", "global_max_pool"), (_max_pool, _max_pool_back)),
    "avg_pool": (_avg_pool, _avg_pool_back),
    "global_avg_pool": (
        lambda place: f"{{x}}.mean({tuple(range(2, len(place.shape('x'))))}, keepdims=True)",
        lambda place: f"np.broadcast_to({{g}} / {prod(place.shape('x')[2:])}, {{x}}.shape)",
    ),
    "batch_norm": (batch_norm, _batch_norm_back),
    **dict.fromkeys(("rms_norm", "l2_normalize"), (by_length, _by_length_back)),
    **dict.fromkeys(
        ("layer_norm", "group_norm", "instance_norm"), (lambda place: per_sample(place, "np.sqrt"), _per_sample_back)
    ),
    **dict.fromkeys(("pad", "pixel_shuffle"), (_from_places, _to_places)),
    "reshape": (lambda place: f"{{x}}.reshape({place.shape('y')})", lambda place: f"{{g}}.reshape({place.shape('x')})"),
    "upsample": (_upsample, lambda place: _upsample(place, (".T", ""), "{g}")),
    "local_response_norm": (
        lambda place: local_response(place, _channels(place, "({x} ** 2)", place.layer.size // 2)),
        _local_response_back,
    ),
    "max_unpool": (lambda place: f"to_winners({{x}}, {{xb}}, {place.shape('y')})", "at({g}, {xb})"),
    "flatten": (_flatten, _flatten_back),
    "fc": (_fc, _fc_back),
    "softmax": (
        lambda place: f"softmax({{x}}{over_temperature(place)})",
        lambda place: f"{{y}} * ({{g}} - ({{g}} * {{y}}).sum(1, keepdims=True)){over_temperature(place)}",
    ),
    "log_softmax": ("log_softmax({x})", "{g} - np.exp({y}) * {g}.sum(1, keepdims=True)"),
    "add": (lambda place: " + ".join(place.inputs()), _sum_back(("", ""))),
    "subtract": (lambda place: " - ".join(place.inputs()), _sum_back(("", "-"))),
    "multiply": (lambda place: " * ".join(place.inputs()), _product_back),
    "concat": (
        lambda place: f"np.concatenate([{', '.join(place.parts())}], axis={_joined_axis(place)})",
        _concat_back,
    ),
    "identity": ("{x}", "{g}"),
    "dropout": (lambda place: kept(place, "{x}"), lambda place: kept(place, "{g}")),
    "conv1d": (of_signals(_conv), of_signals(_conv_back, "dx")),
    "conv_transpose1d": (of_signals(_conv_transpose), of_signals(_conv_transpose_back, "dx")),
    "max_pool1d": (of_signals(_max_pool), of_signals(_max_pool_back, "dx")),
    "avg_pool1d": (of_signals(_avg_pool), of_signals(_avg_pool_back, "dx")),
    "divide": ("{x} / {xb}", {"dx": "{g} / {xb}", "dxb": "-{g} * {x} / {xb} ** 2"}),
    "raise": ("{x} ** {xb}", {"dx": "{g} * {xb} * {x} ** ({xb} - 1)", "dxb": "{g} * {y} * np.log({x})"}),
    "maximum": ("np.maximum({x}, {xb})", _shared_out(">")),
    "minimum": ("np.minimum({x}, {xb})", _shared_out("<")),
}
"""By type: y (or every tensor that it makes), and dx (or every gradient)."""


def _count(place: Place) -> str:
    """By what a mean over all elements divides."""
    return number_text(place.elements)


def _of_elements(inside: str, inner: str = "") -> tuple[Recipe, Recipe]:
    """A loss that is a curve of something of each element."""

    def part(place: Place, which: str) -> str:
        curve = pieces(Place(Step("", place.layer.curve(), {}, {})), which, "np")
        return curve.replace("{x}", inside)

    return (
        lambda place: f"({part(place, 'y')} + 0 * {{x}}).sum() / {_count(place)}",
        lambda place: f"{{g}}{inner} * ({part(place, 'slope')}) / {_count(place)}",
    )


def _hinges_back(place: Place) -> str:
    ahead = "2 * {margins}" if place.layer.squared else "({margins} > 0)"
    return over(f"{{g}} * ({ahead} - {{target}} * ({ahead}).sum(1, keepdims=True))", place.classes)


LOSSES: Mapping[str, tuple[Recipe, Recipe]] = {
    "cross_entropy": (
        lambda place: over("-logarithms({target}, {x}).sum()", place.samples),
        lambda place: over("-{g} * quotient({target}, {x})", place.samples),
    ),
    "nll": (
        lambda place: over("-({target} * {x}).sum()", place.samples),
        lambda place: over("-{g} * {target}", place.samples),
    ),
    "binary_cross_entropy": (
        lambda place: "-(logarithms({target}, {x}) + logarithms(1 - {target}, 1 - {x})).sum() / " + _count(place),
        lambda place: "{g} * (quotient(1 - {target}, 1 - {x}) - quotient({target}, {x})) / " + _count(place),
    ),
    **dict.fromkeys(("focal", "binary_focal"), (lambda place: focal(place, "logarithms"), focal_back)),
    "mse": (
        lambda place: "(({x} - {target}) ** 2).sum() / " + _count(place),
        lambda place: "{g} * 2 * ({x} - {target}) / " + _count(place),
    ),
    "kl": (
        lambda place: over("(logarithms({target}, {target}) - logarithms({target}, {x})).sum()", place.samples),
        lambda place: over("-{g} * quotient({target}, {x})", place.samples),
    ),
    "l1": _of_elements("({x} - {target})"),
    "huber": _of_elements("({x} - {target})"),
    "hinge": _of_elements("({target} * {x})", " * {target}"),
    "perceptron_loss": (
        lambda place: over(f"-({mistaken(place)} * {{target}} * {{x}}).sum()", place.samples),
        lambda place: over(f"-{{g}} * {mistaken(place)} * {{target}}", place.samples),
    ),
    "multiclass_hinge": (hinges, _hinges_back),
    "half_squared_error": (
        lambda place: f"(({{x}} - {{target}}) ** 2).sum() / {2 * place.samples}",
        lambda place: over("{g} * ({x} - {target})", place.samples),
    ),
}
