"""A layer or a loss written as it is called in PyTorch or Keras: `nn.Conv2d(3, 8, kernel_size=3, padding=1)`."""

import ast
import re
from collections.abc import Mapping

from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar

CALL = re.compile(r"[A-Za-z_][\w.]*\s*\(.*\)", re.DOTALL)
_CONV = ("in_channels", "out_channels", "kernel_size", "stride", "padding", "dilation", "groups", "bias")
_POOL = ("kernel_size", "stride", "padding")
_KERAS_POOL = ("pool_size", "strides", "padding")
POSITIONS: Mapping[str, tuple[str, ...]] = {
    "conv1d": _CONV, "conv2d": _CONV, "conv3d": _CONV,
    "convtranspose1d": (*_CONV[:5], "output_padding", "groups", "bias", "dilation"),
    "convtranspose2d": (*_CONV[:5], "output_padding", "groups", "bias", "dilation"),
    "maxpool1d": _POOL, "maxpool2d": _POOL, "avgpool1d": (*_POOL, "ceil_mode", "count_include_pad"),
    "avgpool2d": (*_POOL, "ceil_mode", "count_include_pad"), "adaptiveavgpool2d": ("output_size",),
    **dict.fromkeys(("zeropad2d", "reflectionpad2d", "replicationpad2d", "circularpad2d"), ("padding",)),
    "pixelshuffle": ("upscale_factor",),
    "linear": ("in_features", "out_features", "bias"), "batchnorm1d": ("num_features", "eps", "momentum", "affine"),
    "batchnorm2d": ("num_features", "eps", "momentum", "affine"), "dropout": ("p",), "dropout2d": ("p",),
    **dict.fromkeys(("instancenorm1d", "instancenorm2d"), ("num_features", "eps", "momentum", "affine")),
    "rmsnorm": ("normalized_shape", "eps"), "prelu": ("num_parameters", "init"),
    "leakyrelu": ("negative_slope",), "flatten": ("start_dim", "end_dim"), "softmax": ("dim",), "relu": ("inplace",),
    "elu": ("alpha",), "layernorm": ("normalized_shape", "eps"), "groupnorm": ("num_groups", "num_channels"),
    "lazylinear": ("out_features", "bias"), "lazyconv2d": _CONV[1:],
    "dense": ("units", "activation", "use_bias"), "maxpooling2d": _KERAS_POOL, "averagepooling2d": _KERAS_POOL,
    "activation": ("activation",), "sgd": ("lr", "momentum"), "adam": ("lr",), "rmsprop": ("lr",), "adagrad": ("lr",),
    "adamw": ("lr",), "upsample": ("size", "scale_factor", "mode"),
    **dict.fromkeys(("convolution2dlayer", "transposedconv2dlayer"), ("kernel_size", "filters")),
    **dict.fromkeys(("maxpooling2dlayer", "averagepooling2dlayer"), ("pool_size",)),
    "fullyconnectedlayer": ("units",), "dropoutlayer": ("p",), "leakyrelulayer": ("slope",),
    "imageinputlayer": ("shape",), "featureinputlayer": ("shape",),
}  # fmt: skip
"""The options that stand without their names, in order, by the plain word; those that end in `layer` are MATLAB's."""
_MATLAB_ROWS = re.compile(r"\[[^\[\],'\"]*[\s;][^\[\],'\"]*\]")
KERAS_CONV = ("filters", "kernel_size", "strides", "padding")
"""Of Keras's Conv2D, whose D is a capital."""


def in_sequence(text: str) -> list[str] | None:
    """The calls in `nn.Sequential(…)`, `Sequential([…])` or side by side, each by itself; None for anything else."""
    try:
        whole = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if isinstance(whole, ast.Tuple) and all(isinstance(each, ast.Call) for each in whole.elts):
        return [ast.unparse(call) for call in whole.elts]
    if not isinstance(whole, ast.Call) or not ast.unparse(whole.func).endswith("Sequential") or whole.keywords:
        return None
    inner = whole.args[0].elts if whole.args and isinstance(whole.args[0], ast.List) else whole.args
    return [ast.unparse(call) for call in inner]


def as_fields(item: Scalar, plain: str) -> Node | None:
    """The call as a layer with options; None where it is no call that can be read without running it.

    `plain` is the word that is called, as the tables have it.
    """
    source = item.text.strip()
    if plain.endswith("layer"):
        source = _MATLAB_ROWS.sub(lambda rows: repr(rows[0]), source)
    try:
        call = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if not isinstance(call, ast.Call) or any(keyword.arg is None for keyword in call.keywords):
        return None
    word = item.text.partition("(")[0].strip()
    names = KERAS_CONV if word.endswith("Conv2D") else POSITIONS.get(plain, ())
    alone = call.args[: len(names)] if plain.endswith("layer") else call.args
    pairs = call.args[len(alone) :]
    options = [each.value for each in pairs[::2] if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    if len(alone) > len(names) or len(options) * 2 != len(pairs):
        return None
    given = [*zip(names, alone, strict=False), *zip(options, pairs[1::2], strict=True)]
    given += [(str(keyword.arg), keyword.value) for keyword in call.keywords]
    key = item._replace(text=word, length=len(word), style=None)
    entries: dict[str, tuple[Scalar, Node]] = {}
    for name, value in given:
        node = _node(value, item, source)
        if node is None or name in entries:
            return None
        entries[name] = (item._replace(text=name, style=None), node)
    if not entries:
        return key
    if names == ("activation",):
        return Fields({word: (key, entries["activation"][1])}, item.place)
    return Fields({word: (key, Fields(entries, item.place))}, item.place)


def _node(value: ast.expr, item: Scalar, source: str) -> Node | None:
    if isinstance(value, ast.Tuple | ast.List):
        nodes = [_node(each, item, source) for each in value.elts]
        known = [node for node in nodes if node is not None]
        return Items(known, item.place) if len(known) == len(nodes) else None
    if isinstance(value, ast.Constant):
        text = value.value if isinstance(value.value, str) else ast.get_source_segment(source, value) or ""
        return item._replace(text=text, style="'" if ";" in text else None)
    if isinstance(value, ast.Call) and not value.args and not value.keywords:
        value = value.func
    return item._replace(text=ast.unparse(value), style=None)
