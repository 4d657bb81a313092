"""Layers written as calls of PyTorch or Keras, `nn.Conv2d(3, 8, kernel_size=3, padding=1)`, or as equations of a
textbook: `z1 = W1 x + b1`, `a1 = relu(z1)`, `c = conv(x, K) + b`, `h = a + x`.
"""

import ast
import re
from collections.abc import Container, Mapping

from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.pattern import pattern
from cnncalc.problem.words.spelling import layer_word

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
_NAME = r"[^\W\d]\w*'?"
_TURNED = r"(?:\.T|\.t\(\)|\^T|\^\{T\}|ᵀ)"
EQUATION = pattern(rf"\s*({_NAME})\s*:?=\s*(.+?)\s*")
_BIAS = rf"(?:\s*\+\s*(?P<bias>{_NAME}))?"
_OF_ONE = pattern(rf"(?P<word>[\w.]+)\(\s*(?P<x>{_NAME}|_)\s*(?:,\s*(?P<size>\d+(?:\s*[x×]\s*\d+)?)\s*)?\)")
_AROUND = pattern(r"(?P<word>[\w.]+)\((?P<inner>.*[\s*@·⋅(+].*)\)")
_CONVOLUTION = pattern(rf"(?P<word>[\w.]*conv\w*)\(\s*(?P<a>{_NAME})\s*,\s*(?P<b>{_NAME})\s*\){_BIAS}", re.IGNORECASE)
_DOT = pattern(rf"(?:np\.|torch\.)?(?:dot|matmul|mm)\(\s*(?P<a>{_NAME})\s*,\s*(?P<b>{_NAME}{_TURNED}?)\s*\){_BIAS}")
_PRODUCT = pattern(rf"(?P<a>{_NAME})(?:\s*(?:[@·⋅]|\\cdot|\*)\s*|\s+)(?P<b>{_NAME}{_TURNED}?){_BIAS}")
_OF_WEIGHTS = ("W", "w", "K", "V", "U")
"""What the name of a weight begins with."""
_SUM = pattern(rf"(?P<a>{_NAME})\s*\+\s*(?P<b>{_NAME})")


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


class Equations:
    """Reads them one after the other; `beside` are the tensors that the file gives, `inputs` those that come in."""

    def __init__(self, beside: Container[str], inputs: Container[str]) -> None:
        self.beside = beside
        self.inputs = inputs
        self.made: list[str] = []

    def layers(self, node: Scalar) -> list[Node]:
        """The layer with its name, its weight and what it takes, behind that of which it is one: `p = softmax(W x)`.

        None at all where it is no equation of these.
        """
        whole = EQUATION.fullmatch(node.text)
        if whole is None:
            return []
        name, right = whole[1], whole[2]
        around = _AROUND.fullmatch(right)
        if around is not None and layer_word(around["word"]) is not None:
            within = self._made("", around["inner"], node)
            if within is not None:
                return [within, *self._alone(name, f"{around['word']}(_)", node)]
        return self._alone(name, right, node)

    def _alone(self, name: str, right: str, node: Scalar) -> list[Node]:
        made = self._made(name, right, node)
        return [] if made is None else [made]

    def _made(self, name: str, right: str, node: Scalar) -> Node | None:
        """The layer of one right side; without a name it is the one above."""
        made = self._of_one(right) or self._with_weight(right) or self._sum(right, node)
        if made is None:
            return None
        word, options = made
        self.made.append(name or "_")
        return node.mapping({word: node.mapping({**({"name": name} if name else {}), **options})})

    def _takes(self, x: str) -> dict[str, str]:
        """`input`, where it is not what stands above."""
        return {"input": self._named(x)} if self.made and x != self.made[-1] else {}

    def _named(self, name: str) -> str:
        """What a tensor is called here: an input that is the only one may have another name in the equations."""
        return name if name in self.made or name in self.inputs else "input"

    def _of_one(self, right: str) -> tuple[str, dict[str, str]] | None:
        found = _OF_ONE.fullmatch(right)
        if found is None or layer_word(found["word"]) is None:
            return None
        return found["word"], {**self._takes(found["x"]), **({"size": found["size"]} if found["size"] else {})}

    def _with_weight(self, right: str) -> tuple[str, dict[str, str]] | None:
        conv = _CONVOLUTION.fullmatch(right)
        found = conv or _DOT.fullmatch(right) or _PRODUCT.fullmatch(right)
        if found is None:
            return None
        a, b, bare = found["a"], found["b"], re.sub(f"{_TURNED}$", "", found["b"])
        given = [name in self.beside and name not in self.made for name in (a, bare)]
        is_left = given[0] and (not given[1] or a[:1] in _OF_WEIGHTS)  # what comes in is given as well
        weight, x = (a, b) if is_left else (bare, a)
        if not any(given) or (is_left and b != bare):
            return None
        options = {**self._takes(x), "weight": weight, **({"bias": found["bias"]} if found["bias"] else {})}
        if not conv and not is_left and b == bare:
            options["orientation"] = "row"  # x W, a sample a row
        is_conv = conv is not None or ("*" in right and weight[:1] == "K")
        return ("conv" if is_conv else "fc"), options

    def _sum(self, right: str, node: Scalar) -> tuple[str, dict[str, Node]] | None:
        found = _SUM.fullmatch(right)
        if found is None or found["a"] not in self.made:
            return None
        names: list[Node] = [node.word(self._named(name)) for name in found.group("a", "b")]
        return "add", {"inputs": Items(names, node.place)}
