"""Words of PyTorch, Keras and textbooks, read as what they are called here; what was read otherwise than typed is said.

A table by hand: nothing is guessed from spelling. Where a word means something that differs, that is a fault with the
right word, or the difference is put in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from cnncalc.language import Phrase
from cnncalc.problem.drafts import TAKEN
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar
from cnncalc.problem.text.wording import quoted

_PREFIX = re.compile(r"^(torch\.nn\.functional|torch\.nn|torch|keras\.layers|tf\.keras\.layers|layers|nn|F)\.")

LAYERS: Mapping[str, str] = {
    "conv": "conv", "conv2d": "conv", "convolution": "conv", "convolution2d": "conv", "conv2dlayer": "conv",
    "convtranspose2d": "conv_transpose", "conv2dtranspose": "conv_transpose", "convtranspose": "conv_transpose",
    "transposedconv": "conv_transpose", "deconv": "conv_transpose", "deconvolution": "conv_transpose",
    "conv1d": "conv1d", "convolution1d": "conv1d", "convtranspose1d": "conv_transpose1d",
    "conv1dtranspose": "conv_transpose1d", "maxpool1d": "max_pool1d", "maxpooling1d": "max_pool1d",
    "avgpool1d": "avg_pool1d", "averagepooling1d": "avg_pool1d", "averagepool1d": "avg_pool1d",
    "maxpool": "max_pool", "maxpool2d": "max_pool", "maxpooling2d": "max_pool", "maxpooling": "max_pool",
    "avgpool": "avg_pool", "avgpool2d": "avg_pool", "averagepool": "avg_pool", "averagepool2d": "avg_pool",
    "averagepooling2d": "avg_pool", "averagepooling": "avg_pool", "avgpooling": "avg_pool", "meanpool": "avg_pool",
    "globalavgpool": "global_avg_pool", "globalavgpool2d": "global_avg_pool", "gap": "global_avg_pool",
    "globalaveragepool": "global_avg_pool", "globalaveragepooling": "global_avg_pool",
    "globalaveragepooling2d": "global_avg_pool", "adaptiveavgpool2d": "global_avg_pool",
    "fc": "fc", "linear": "fc", "dense": "fc", "fullyconnected": "fc", "fclayer": "fc", "affine": "fc",
    "bn": "batch_norm", "batchnorm": "batch_norm", "batchnorm1d": "batch_norm", "batchnorm2d": "batch_norm",
    "elu": "elu", "selu": "selu", "gelu": "gelu", "silu": "silu", "swish": "silu", "swish1": "silu",
    "softplus": "softplus", "softsign": "softsign", "relu6": "relu6", "prelu": "prelu",
    "hardsigmoid": "hard_sigmoid", "hardtanh": "hard_tanh", "step": "step", "heaviside": "step",
    "binarystep": "step", "threshold": "step", "unitstep": "step", "sign": "sign", "sgn": "sign", "signum": "sign",
    "batchnormalization": "batch_norm", "leakyrelu": "leaky_relu", "relu": "relu", "sigmoid": "sigmoid",
    "logistic": "sigmoid", "tanh": "tanh", "softmax": "softmax", "logsoftmax": "log_softmax", "flatten": "flatten",
    "add": "add", "concat": "concat", "concatenate": "concat", "cat": "concat", "multiply": "multiply",
    "mul": "multiply", "subtract": "subtract", "sub": "subtract", "identity": "identity",
}  # fmt: skip
"""By a word without its prefix, capitals, blanks, hyphens and underscores."""
LOSSES: Mapping[str, str] = {
    "ce": "cross_entropy", "crossentropy": "cross_entropy", "crossentropyloss": "cross_entropy",
    "categoricalcrossentropy": "cross_entropy", "sparsecategoricalcrossentropy": "cross_entropy",
    "logloss": "cross_entropy", "nll": "nll", "nllloss": "nll", "negativeloglikelihood": "nll",
    "bce": "binary_cross_entropy", "bceloss": "binary_cross_entropy", "binarycrossentropy": "binary_cross_entropy",
    "bcewithlogitsloss": "binary_cross_entropy", "bcewithlogits": "binary_cross_entropy",
    "mse": "mse", "mseloss": "mse", "meansquarederror": "mse", "l2loss": "mse",
    "halfsquarederror": "half_squared_error",
}  # fmt: skip
OF_LOGITS: Mapping[str, str] = {
    "crossentropyloss": "softmax", "bcewithlogitsloss": "sigmoid", "bcewithlogits": "sigmoid",
}  # fmt: skip
"""The losses that take scores, and the layer that makes probabilities of them here."""
_WINDOWS = {
    "kernel_size": "size",
    "pool_size": "size",
    "strides": "stride",
    "dilation_rate": "dilation",
    "pad": "padding",
}
_CONV = {"out_channels": "channels", "use_bias": "bias", **_WINDOWS}
OPTIONS: Mapping[str, Mapping[str, str]] = {
    "conv": _CONV,
    "conv_transpose": _CONV,
    "max_pool": {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil"},
    "avg_pool": {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil", "count_include_pad": "count_padding"},
    "conv1d": _CONV,
    "conv_transpose1d": _CONV,
    "max_pool1d": {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil"},
    "avg_pool1d": {**_WINDOWS, "kernel": "size", "ceil_mode": "ceil", "count_include_pad": "count_padding"},
    "leaky_relu": {"negative_slope": "slope", "alpha": "slope"},
    "hard_tanh": {"min_val": "low", "max_val": "high", "min": "low", "max": "high"},
    "prelu": {"slope": "weight", "alpha": "weight", "init": "weight"},
    "step": {"values": "at_zero"},
    "batch_norm": {"epsilon": "eps", "weight": "gamma", "bias": "beta", "running_mean": "mean", "running_var": "var"},
    "fc": {"out_features": "units", "weights": "weight", "kernel": "weight", "use_bias": "bias"},
}
"""By our layer: their option and ours."""
SIZES_TAKEN = ("in_channels", "in_features", "num_features", "input_dim")
"""How many channels or features come in: checked, and not used."""
WITHOUT_MEANING: Mapping[str, tuple[str, ...]] = {
    "inplace": ("true", "false"), "padding_mode": ("zeros",), "start_dim": ("1",), "end_dim": ("-1",),
    "data_format": ("channels_first",), "affine": ("true",), "track_running_stats": ("true", "false"),
    "output_size": ("1", "[1, 1]", "(1, 1)"), "dim": ("1", "-1"), "return_indices": ("false",),
}  # fmt: skip
"""Options that change nothing, where they have one of these values."""
ONE_NUMBER: Mapping[str, str] = {
    "max_pool": "size", "avg_pool": "size", "max_pool1d": "size", "avg_pool1d": "size",
    "fc": "units", "leaky_relu": "slope", "batch_norm": TAKEN,
    "elu": "alpha", "softplus": "beta",
}  # fmt: skip
"""The option that a lone number behind the type stands for."""
WITH_BIAS = ("conv2d", "linear", "dense", "convtranspose2d", "conv2dtranspose", "conv1d", "convtranspose1d")
"""What has a bias in PyTorch and Keras unless somebody says no."""
CLASSES = ("label", "labels", "y_true", "index", "class_", "true_class", "y", "targets")
"""What people call the target of a loss."""
_RIGHT: Mapping[str, tuple[str, str]] = {
    "momentum": (
        "`momentum` moves running statistics, which a step on paper has not",
        "leave it out; for inference write `mean` and `var`",
    ),
    "data_format": ("images have their channels first here, (C, H, W)", "leave `data_format` out, and write them so"),
    "affine": (
        "`affine: false` is not there: gamma = 1 and beta = 0 give the same numbers",
        "leave it out, and take 2 parameters a channel off the count",
    ),
    "padding_mode": ("the padding is zeros here", "leave `padding_mode` out"),
    "dim": ("softmax runs over the features of a sample here", "leave `dim` out, and put `flatten` before it"),
    "axis": ("softmax runs over the features of a sample here", "leave `axis` out, and put `flatten` before it"),
}
READ_AS = Phrase(en="read as: {pairs}", zh="按以下含义读取：{pairs}")
ADDED = Phrase(
    en="{loss} takes scores, so {layer} was put before it, as it is in PyTorch",
    zh="{loss} 的输入是得分，因此按 PyTorch 的含义在其前加入了 {layer}",
)


ONCE = Phrase(
    en="{loss} takes scores in PyTorch, which would apply {layer} once more; here it takes what the last {layer} gives",
    zh="PyTorch 的 {loss} 以得分为输入，会再做一次 {layer}；此处直接取最后一层 {layer} 的输出",
)


class Reading(NamedTuple):
    """The layers and the loss in our words."""

    layers: Node | None
    loss: Node | None
    notices: list[Phrase]


def plain(word: str) -> str:
    """A word without its prefix, capitals, blanks, hyphens and underscores."""
    return re.sub(r"[\s_-]", "", _PREFIX.sub("", word.strip())).lower()


def read_words(layers: Node | None, loss: Node | None, faults: Collector) -> Reading:
    """Layers and loss with the words that are used here."""
    words = _Words(faults)
    made = layers
    if isinstance(layers, Items):
        made = Items([each for item in layers.items for each in words.layer(item)], layers.place)
    made_loss, before = words.loss(loss)
    has_it = (
        isinstance(made, Items) and bool(made.items) and _type_of(made.items[-1]) == before.text if before else False
    )
    if before is not None and has_it:
        words.notices.append(ONCE.format(loss=words.typed_loss, layer=before.text))
    elif before is not None and isinstance(made, Items):
        made = Items([*made.items, before], made.place)
        words.notices.append(ADDED.format(loss=words.typed_loss, layer=before.text))
    return Reading(made, made_loss, words.all_notices())


def _called(node: Node) -> Node:
    """`nn.MaxPool2d(2)` with its options as a mapping; any other node as it is."""
    if not isinstance(node, Scalar) or "(" not in node.text:
        return node
    from cnncalc.problem.calls import CALL, as_fields

    if not CALL.fullmatch(node.text.strip()):
        return node
    return as_fields(node, plain(node.text.partition("(")[0])) or node


def _type_of(item: Node) -> str:
    if isinstance(item, Scalar):
        return item.text
    return next(iter(item.entries.values()))[0].text if isinstance(item, Fields) and item.entries else ""


class _Words:
    """What was read otherwise than typed, while the file is gone through."""

    def __init__(self, faults: Collector) -> None:
        self.faults = faults
        self.pairs: dict[str, str] = {}
        self.notices: list[Phrase] = []
        self.typed_loss = ""

    def all_notices(self) -> list[Phrase]:
        """One line for all words, and what was added."""
        pairs = ", ".join(f"{typed} = {ours}" for typed, ours in self.pairs.items())
        return [*([READ_AS.format(pairs=pairs)] if pairs else []), *self.notices]

    def said(self, typed: str, ours: str) -> None:
        """Note a word that is another one here; capitals alone make none."""
        if typed.lower() != ours and ours != TAKEN:
            self.pairs[typed] = ours

    def layer(self, item: Node) -> Iterator[Node]:
        """One entry of the list; an activation among its options is an entry more."""
        item = _called(item)
        if isinstance(item, Scalar):
            ours = LAYERS.get(plain(item.text))
            if ours is None:
                yield from self._no_layer(item)
            else:
                self.said(item.text, ours)
                yield from self._with_defaults(item, ours, None)
            return
        if not isinstance(item, Fields) or len(item.entries) != 1:
            yield item
            return
        key, value = next(iter(item.entries.values()))
        if plain(key.text) == "activation" and isinstance(value, Scalar):
            self.said(f"{key.text}: {value.text}", plain(value.text))
            yield from self.layer(value)
            return
        ours = LAYERS.get(plain(key.text))
        if ours is None:
            yield from (item for _ in self._no_layer(key))
            return
        self.said(key.text, ours)
        yield from self._with_defaults(key, ours, value)

    def _no_layer(self, word: Scalar) -> Iterator[Node]:
        """A word that is no layer: a loss among the layers has a place of its own."""
        if plain(word.text) in LOSSES:
            ours = LOSSES[plain(word.text)]
            message = f"{quoted(word.text)} is a loss, and stands among the layers"
            self.faults.add(message, f"write `loss: {{{ours}: {{…}}}}` beside `layers`", word.place)
        elif plain(word.text).startswith("dropout"):
            remedy = "leave it out: in evaluation it changes nothing, and in training its mask is drawn at random"
            self.faults.add("dropout is not computed here", remedy, word.place)
        else:
            yield word

    def _with_defaults(self, key: Scalar, ours: str, value: Node | None) -> Iterator[Node]:
        typed, renamed = plain(key.text), key._replace(text=ours)
        if isinstance(value, Items) and ours in ("add", "subtract", "multiply", "concat"):
            value = Fields({"inputs": (key._replace(text="inputs"), value)}, value.place)
        if isinstance(value, Scalar) and not value.is_empty:
            if typed == "adaptiveavgpool2d" and value.text in ("1", "(1, 1)"):
                value = None
            elif ours in ONE_NUMBER and value.style is None:
                option = ONE_NUMBER[ours]
                self.said(f"{key.text}: {value.text}", f"{option} {value.text}")
                value = Fields({option: (value._replace(text=option), value)}, value.place)
        if isinstance(value, Items) and ONE_NUMBER.get(ours) == "size" and not ours.endswith("1d"):
            value = Fields({"size": (key._replace(text="size"), value)}, value.place)
        activation = None
        entries = dict(value.entries) if isinstance(value, Fields) else {}
        if isinstance(value, Fields):
            entries, activation = self._options(ours, value)
        if typed == "batchnormalization" and "eps" not in entries:
            # Keras takes another ε than PyTorch and everybody else.
            entries["eps"] = (key._replace(text="eps"), key._replace(text="0.001", style=None))
            self.said(f"{key.text} without epsilon", "eps 0.001, as in Keras")
        if typed in WITH_BIAS and key.text != ours and not entries.keys() & {"bias", "weight"}:
            entries["bias"] = (key._replace(text="bias"), key._replace(text="true", style=None))
            self.said(f"{key.text} without bias", "bias true, as it is there")
        if (
            typed in ("averagepooling2d", "averagepooling1d")
            and "padding" in entries
            and "count_padding" not in entries
        ):
            entries["count_padding"] = (key._replace(text="count_padding"), key._replace(text="false", style=None))
            self.said(f"{key.text} with padding", "count_padding false, as in Keras")
        if entries:
            place = value.place if value is not None else key.place
            yield Fields({ours: (renamed, Fields(entries, place))}, key.place)
        elif value is None or isinstance(value, Fields):
            yield renamed
        else:
            yield Fields({ours: (renamed, value)}, key.place)
        if activation is not None:
            yield activation

    def _options(self, ours: str, value: Fields) -> tuple[dict[str, tuple[Scalar, Node]], Scalar | None]:
        known, activation = OPTIONS.get(ours, {}), None
        made: dict[str, tuple[Scalar, Node]] = {}
        spelt: dict[str, str] = {}
        for typed, (key, node) in value.entries.items():
            text = node.text.lower() if isinstance(node, Scalar) else ""
            if typed == "activation" and isinstance(node, Scalar):
                word = LAYERS.get(plain(node.text))
                if word is not None:
                    activation = node._replace(text=word, style=None)
                    self.said(f"activation: {node.text}", f"a layer {word} behind it")
                elif plain(node.text) not in ("linear", "none", "null"):
                    self.faults.add(f"there is no activation {quoted(node.text)}", "write it as a layer", node.place)
                continue
            if typed in WITHOUT_MEANING and text in WITHOUT_MEANING[typed]:
                continue
            if typed in _RIGHT and not (typed == "axis" and ours == "concat"):
                if typed in ("dim", "axis") and text in ("1", "-1"):
                    continue
                message, remedy = _RIGHT[typed]
                self.faults.add(message, remedy, key.place)
                continue
            name = self._option(ours, typed, node, known)
            if name in made:
                first = next(
                    word for word, (other, _) in value.entries.items() if other is made[name][0] or word == name
                )
                self.faults.add(f"`{first}` and `{typed}` say the same", "keep one of them", key.place)
                continue
            self.said(typed, name)
            if name == "padding" and text in ("same", "valid", "full", "causal") and isinstance(node, Scalar):
                node = node._replace(text=text)
            made[name], spelt[name] = (key._replace(text=name) if name != typed else key, node), typed
        return made, activation

    def _option(self, ours: str, typed: str, node: Node, known: Mapping[str, str]) -> str:
        """Our name for an option; a kernel or filters may be numbers, or how large, or how many."""
        if ours.startswith("conv") and typed in (
            "kernel",
            "filters",
            "filter",
        ):
            is_small = isinstance(node, Scalar) and "\n" not in node.text and node.text.strip().isdigit()
            is_pair = (
                isinstance(node, Items) and len(node.items) == 2 and all(isinstance(i, Scalar) for i in node.items)
            )
            if typed == "filters" and is_small:
                return "channels"
            return "size" if typed == "kernel" and (is_small or is_pair) else "weight"
        if typed in SIZES_TAKEN:
            return TAKEN
        return known.get(typed, typed)

    def loss(self, node: Node | None) -> tuple[Node | None, Scalar | None]:
        """The loss in our words, and the layer that makes what it takes where that is part of it."""
        node = _called(node) if node is not None else None
        if isinstance(node, Scalar):
            word = node
        elif isinstance(node, Fields) and len(node.entries) == 1:
            word = next(iter(node.entries.values()))[0]
        else:
            return node, None
        typed, ours = plain(word.text), LOSSES.get(plain(word.text))
        if ours is None:
            return node, None
        self.typed_loss = word.text
        self.said(word.text, ours)
        needed = OF_LOGITS.get(typed) if word.text != ours else None
        before = word._replace(text=needed, style=None) if needed else None
        if isinstance(node, Scalar):
            return node._replace(text=ours), before
        value = next(iter(node.entries.values()))[1]
        if isinstance(value, Fields):
            value = self._target(ours, value)
        return Fields({ours: (word._replace(text=ours), value)}, node.place), before

    def _target(self, ours: str, value: Fields) -> Fields:
        made: dict[str, tuple[Scalar, Node]] = {}
        for typed, (key, node) in value.entries.items():
            name = typed
            if typed in CLASSES:
                name = "class" if ours in ("cross_entropy", "nll") and _are_classes(node) else "target"
            if name in made:
                self.faults.add(f"`{made[name][0].text}` and `{typed}` say the same", "keep one of them", key.place)
                continue
            is_counted = name == "class" and typed != name
            self.said(typed, "class, counted from index_base (PyTorch counts from 0)" if is_counted else name)
            made[name] = (key._replace(text=name) if name != typed else key, node)
        return Fields(made, value.place)


def _are_classes(node: Node) -> bool:
    """Whether whole numbers stand there that name classes, and no distribution: one number, or several above 1."""
    if isinstance(node, Scalar):
        return "\n" not in node.text
    texts = [item.text for item in node.items if isinstance(item, Scalar)] if isinstance(node, Items) else []
    whole = isinstance(node, Items) and len(texts) == len(node.items) and all(text.isdigit() for text in texts)
    return whole and sum(map(int, texts)) != 1
