"""What PyTorch says for each layer, loss and update rule. A new one is an entry in one of the three tables."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from cnncalc.code.recipes import (
    Lines,
    Place,
    Recipe,
    alike,
    batch_norm,
    bias_added,
    by_length,
    channels_last,
    fc_weight,
    focal,
    hinges,
    kept,
    local_response,
    mistaken,
    number_text,
    of_signals,
    over,
    over_temperature,
    per_sample,
    squared,
)


def _options(place: Place, names: str) -> str:
    """`, stride=2, groups=3`: those that are not PyTorch's own."""
    found = ""
    for name in names.split():
        value = getattr(place.layer, name)
        if value not in (1, (1, 1)):
            found += f", {name}={alike(value) if isinstance(value, tuple) else value}"
    return found


def _padded(place: Place, outside: str = "") -> str:
    """x with what lies around it up to the last cell that a window sees, zeros unless something else is `outside`."""
    return _laid_around("{x}", [(axis.before, axis.extent - axis.size - axis.before) for axis in place.axes], outside)


def _laid_around(text: str, sides: Sequence[tuple[int, int]], outside: str = "") -> str:
    """Rows and columns with so much before and behind them; negative numbers crop."""
    around = [max(side, 0) for pair in reversed(sides) for side in pair]
    value = f", value={outside}" if outside else ""
    text = f"functional.pad({text}, {around}{value})" if any(around) else text
    cuts = [f"{-before if before < 0 else ''}:{behind if behind < 0 else ''}" for before, behind in sides]
    return f"{text}[:, :, {', '.join(cuts)}]" if cuts != [":", ":"] else text


def _is_even(place: Place, is_pool: bool = False) -> bool:
    """Whether PyTorch's option `padding` says it: alike on both sides, in a pool at most half of the window."""
    axes = place.axes
    is_alike = all(axis.before == axis.after >= 0 for axis in axes)
    return is_alike and not (is_pool and any(axis.ceil or 2 * axis.before > axis.kernel for axis in axes))


def _padding(place: Place) -> str:
    pair = tuple(axis.before for axis in place.axes)
    return f", padding={alike(pair)}" if any(pair) else ""


def _window(place: Place) -> str:
    """Size and stride of a pool."""
    size, stride = (tuple(getattr(axis, name) for axis in place.axes) for name in ("kernel", "stride"))
    return alike(size) + (f", stride={alike(stride)}" if stride != size else "")


def _conv(place: Place) -> str:
    is_even = _is_even(place)
    x, padding = ("{x}", _padding(place)) if is_even else (_padded(place), "")
    weight = "{weight}.flip(2, 3)" if place.layer.flip else "{weight}"
    bias = ", {bias}" if place.has("bias") else ""
    options = _options(place, "stride") + padding + _options(place, "dilation groups")
    return f"functional.conv2d({x}, {weight}{bias}{options})"


def _conv_transpose(place: Place) -> str:
    axes, spare = place.axes, place.layer.output_padding
    if all(axis.before == axis.after + extra >= 0 for axis, extra in zip(axes, spare, strict=True)):
        pair = tuple(axis.before for axis in axes)
        padding = f", padding={alike(pair)}" if any(pair) else ""
        padding += f", output_padding={alike(spare)}" if any(spare) else ""
        bias = ", {bias}" if place.has("bias") else ""
        options = _options(place, "stride") + padding + _options(place, "groups dilation")
        return f"functional.conv_transpose2d({{x}}, {{weight}}{bias}{options})"
    # All stamps together reach over the extent.
    sides = [(-axis.before, axis.size + axis.before - axis.extent) for axis in axes]
    stamps = f"functional.conv_transpose2d({{x}}, {{weight}}{_options(place, 'stride groups dilation')})"
    return _laid_around(stamps, sides) + bias_added(place)


def _windows(place: Place, outside: str) -> str:
    """The cells of all windows, (N·C, cells, windows)."""
    more = ""
    for name in ("dilation", "stride"):
        pair = tuple(getattr(axis, name) for axis in place.axes)
        more += f", {name}={alike(pair)}" if pair != (1, 1) else ""
    size = tuple(axis.kernel for axis in place.axes)
    return f"functional.unfold({_padded(place, outside)}.flatten(0, 1)[:, None], {size}{more})"


def _max_pool(place: Place) -> Lines:
    """PyTorch numbers the winners cell by cell, of the padded image where that was padded before."""
    axes, is_even = place.axes, _is_even(place, is_pool=True)
    x, padding = ("{x}", _padding(place)) if is_even else (_padded(place, "-torch.inf"), "")
    before = (0, 0) if is_even else (axes[0].before, axes[1].before)
    row, column = (f" - {cells}" if cells > 0 else f" + {-cells}" if cells else "" for cells in before)
    width = axes[1].size if is_even else axes[1].extent
    both = f"functional.max_pool2d({x}, {_window(place)}{padding}{_options(place, 'dilation')}, return_indices=True)"
    path = f"torch.stack(({{winner}} // {width}{row}, {{winner}} % {width}{column}), -1)"
    if place.layer.ties == "split":
        # The largest number of an axis shares its gradient among ties.
        y = f"{_windows(place, '-torch.inf')}.amax(1).reshape({place.shape('y')})"
        return {"winner": f"{both}[1]", "path": path, "y": y}
    return {"y, winner": both, "path": path}


def _avg_pool(place: Place) -> str:
    axes, layer = place.axes, place.layer
    if _is_even(place, is_pool=True) and all(axis.dilation == 1 for axis in axes):
        padding = _padding(place)
        counts = ", count_include_pad=False" if padding and not layer.count_padding else ""
        return f"functional.avg_pool2d({{x}}, {_window(place)}{padding}{counts})"
    rows, columns = (layer.counted_along(axis).tolist() for axis in axes)
    cells = f"torch.outer(torch.tensor({rows}), torch.tensor({columns}))"
    return f"{_windows(place, '0')}.sum(1).reshape({place.shape('y')}) / {cells}"


def _local_response(place: Place) -> Lines:
    """By its formulas: PyTorch's own function does not give the base."""
    size, rest = place.layer.size, [0, 0] * (len(place.shape("x")) - 2)
    padded = f"functional.pad({{x}} ** 2, {[*rest, size // 2, size - 1 - size // 2]})"
    return local_response(place, f"{padded}.unfold(1, {size}, 1).sum(-1)")


def _upsample(place: Place) -> str:
    layer = place.layer
    corners = f", align_corners={layer.align_corners}" if layer.mode == "bilinear" else ""
    return f"functional.interpolate({{x}}, scale_factor={layer.scale}, mode='{layer.mode}'{corners})"


def _pad(place: Place) -> str:
    around = [cells for sides in reversed(place.layer.sides(place.shape("x")[1:])) for cells in sides]
    mode = {"zeros": "constant"}.get(place.layer.mode, place.layer.mode)
    return f"functional.pad({{x}}, {around}, mode='{mode}')"


def _max_unpool(place: Place) -> str:
    *some, height, width = place.shape("y")
    places = f"({{xb}}[..., 0] * {width} + {{xb}}[..., 1]).flatten(2)"
    empty = f"torch.zeros({(*some, height * width)}, dtype=torch.float64)"
    return f"{empty}.scatter_add(2, {places}, {{x}}.flatten(2)).reshape({place.shape('y')})"


def _concat(place: Place) -> str:
    axis = place.layer.axis_among(len(place.shape("y")) - 1)
    return f"torch.cat([{', '.join(place.parts())}], dim={axis})"


def _flatten(place: Place) -> str:
    axes = channels_last(place)
    return f"torch.flatten({{x}}{f'.permute{axes}' if axes else ''}, 1)"


LAYERS: Mapping[str, Recipe] = {
    "conv": _conv,
    "conv_transpose": _conv_transpose,
    "relu": "functional.relu({x})",
    "leaky_relu": lambda place: f"functional.leaky_relu({{x}}, {place.layer.slope})",
    "sigmoid": "torch.sigmoid({x})",
    "tanh": "torch.tanh({x})",
    **dict.fromkeys(("max_pool", "global_max_pool"), _max_pool),
    "avg_pool": _avg_pool,
    "global_avg_pool": lambda place: f"functional.adaptive_avg_pool{len(place.shape('x')) - 2}d({{x}}, 1)",
    "batch_norm": batch_norm,
    **dict.fromkeys(("layer_norm", "group_norm", "instance_norm"), lambda place: per_sample(place, "torch.sqrt")),
    "rms_norm": by_length,
    "l2_normalize": by_length,
    "local_response_norm": _local_response,
    "upsample": _upsample,
    "max_unpool": _max_unpool,
    "pixel_shuffle": lambda place: f"functional.pixel_shuffle({{x}}, {place.layer.scale})",
    "pad": _pad,
    "reshape": lambda place: f"{{x}}.reshape({place.shape('y')})",
    "flatten": _flatten,
    "fc": lambda place: f"functional.linear({{x}}, {fc_weight(place)}{', {bias}' if place.has('bias') else ''})",
    "softmax": lambda place: f"torch.softmax({{x}}{over_temperature(place)}, dim=1)",
    "log_softmax": "torch.log_softmax({x}, dim=1)",
    "add": lambda place: " + ".join(place.inputs()),
    "subtract": lambda place: " - ".join(place.inputs()),
    "multiply": lambda place: " * ".join(place.inputs()),
    "concat": _concat,
    "identity": "{x} * 1",
    "prelu": "functional.prelu({x}, {weight})",
    "sign": "torch.sign({x})",
    # Their derivative is 0: autograd must see x all the same.
    "step": lambda place: f"0 * {{x}} + 1.0 * ({{x}} > 0) + {number_text(place.layer.at_zero)} * ({{x}} == 0)",
    "relu6": "functional.relu6({x})",
    # PyTorch's own has a slope of 1/6 in float32.
    "hard_sigmoid": lambda place: f"functional.relu6({number_text(6 * Fraction(place.layer.slope))} * {{x}} + 3) / 6",
    "hard_tanh": lambda place: f"functional.hardtanh({{x}}, {place.layer.low}, {place.layer.high})",
    "elu": lambda place: f"functional.elu({{x}}, {place.layer.alpha})",
    "selu": "functional.selu({x})",
    "gelu": lambda place: f"functional.gelu({{x}}, approximate={place.layer.approximate!r})",
    "silu": "functional.silu({x})",
    "mish": "functional.mish({x})",
    "hard_swish": "functional.hardswish({x})",
    "softplus": "functional.softplus({x}, threshold=100)",
    "softsign": "functional.softsign({x})",
    "absolute": "torch.abs({x})",
    "at_least": lambda place: f"torch.maximum({{x}}, torch.full_like({{x}}, {place.layer.number}))",
    "at_most": lambda place: f"torch.minimum({{x}}, torch.full_like({{x}}, {place.layer.number}))",
    "divide": "{x} / {xb}",
    "raise": "{x} ** {xb}",
    "maximum": "torch.maximum({x}, {xb})",
    "minimum": "torch.minimum({x}, {xb})",
    "dropout": lambda place: kept(place, "{x}"),
    "conv1d": of_signals(_conv),
    "conv_transpose1d": of_signals(_conv_transpose),
    "max_pool1d": of_signals(_max_pool),
    "avg_pool1d": of_signals(_avg_pool),
}
"""By type. PyTorch's own function where it does the same, else its formulas."""


def _cross_entropy(place: Place) -> str:
    counts = "{target} != 0"
    return over(f"-({{target}}[{counts}] * torch.log({{x}}[{counts}])).sum()", place.samples)


def _meaned(name: str) -> Recipe:
    """A function of PyTorch that takes the mean over samples and elements; for the sum over samples, N times that."""
    call = f"functional.{name}({{x}}, {{target}})"
    return lambda place: call if place.layer.reduction == "mean" else f"{call} * {place.shape('x')[0]}"


LOSSES: Mapping[str, Recipe] = {
    "cross_entropy": _cross_entropy,
    "nll": lambda place: over("-({target} * {x}).sum()", place.samples),
    "binary_cross_entropy": _meaned("binary_cross_entropy"),
    **dict.fromkeys(("focal", "binary_focal"), lambda place: focal(place, "torch.xlogy")),
    "mse": _meaned("mse_loss"),
    "half_squared_error": lambda place: over("(({x} - {target}) ** 2).sum()", 2 * place.samples),
    "kl": lambda place: over(
        "({target}[{target} != 0] * torch.log({target}[{target} != 0] / {x}[{target} != 0])).sum()", place.samples
    ),
    "l1": lambda place: over("torch.abs({x} - {target}).sum()", place.elements),
    "huber": lambda place: over(
        f"functional.huber_loss({{x}}, {{target}}, reduction='sum', delta={place.layer.delta})", place.elements
    ),
    "hinge": lambda place: over(
        f"(functional.relu({number_text(place.layer.margin)} - {{target}} * {{x}}){squared(place)}).sum()",
        place.elements,
    ),
    "perceptron_loss": lambda place: over(f"-({mistaken(place)} * {{target}} * {{x}}).sum()", place.samples),
    "multiclass_hinge": hinges,
}
"""PyTorch's cross-entropy takes logits; taken apart, it has the gradient of the probabilities."""

RULES: Mapping[str, str] = {
    "sgd": "SGD([{parameters}], lr={lr}, weight_decay={weight_decay})",
    "perceptron": "SGD([{parameters}], lr={lr}, weight_decay={weight_decay})",
    "momentum": "SGD([{parameters}], lr={lr}, momentum={momentum}, nesterov={nesterov}, weight_decay={weight_decay})",
    "adagrad": "Adagrad([{parameters}], lr={lr}, eps={eps}, weight_decay={weight_decay})",
    "adadelta": "Adadelta([{parameters}], lr={lr}, rho={alpha}, eps={eps}, weight_decay={weight_decay})",
    "rmsprop": "RMSprop([{parameters}], lr={lr}, alpha={alpha}, eps={eps}, weight_decay={weight_decay})",
    "adam": "Adam([{parameters}], lr={lr}, betas=({beta1}, {beta2}), eps={eps}, weight_decay={weight_decay})",
    "adamw": "AdamW([{parameters}], lr={lr}, betas=({beta1}, {beta2}), eps={eps}, weight_decay={weight_decay})",
}
"""The optimizer that takes a first step, with the rule's options in braces; any other step is written out."""
