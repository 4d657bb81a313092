"""What a program makes of tensors, as it is read: the network's steps, its inputs, and what could not be read.

Nothing is run. Each value is one of ours: a tensor that a step makes, an array of a shape, a layer that waits for its
input, a class, or a constant; what is none of these is `Unread`, and only matters where the network needs it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from typing import Any

from cnncalc.code.weights import LOCAL
from cnncalc.layers import REGISTRY
from cnncalc.layers.base import Shape
from cnncalc.practice.writing import Value, of_node
from cnncalc.problem.text.faults import Collector
from cnncalc.problem.text.nodes import Scalar
from cnncalc.problem.words.layer_words import LayerWords
from cnncalc.problem.words.spelling import Said, loss_word, plain
from cnncalc.problem.words.vocabulary import TAKEN
from cnncalc.records import dataclass, replace

FLAX_POOLS = {"max_pool": "MaxPooling2D", "avg_pool": "AveragePooling2D"}
DROPPED = ("dropout", "dropout1d", "dropout2d", "alphadropout", "spatialdropout2d", "featuredropout")


@dataclass
class Unread:
    """A value that cannot be known without running the program: where, and why."""

    line: int
    reason: str


@dataclass
class Array:
    """A tensor that the program is given: its shape; `one` where the axis of a single sample was put in front."""

    shape: Shape
    name: str = ""
    one: bool = False
    of: Array | None = None
    """What it is the transpose of."""
    values: Any = None
    """Its numbers, an object array of that shape, where the program writes them out."""
    is_ours: bool = False
    """Whether its channels were brought to the front."""

    def with_axis(self) -> Array:
        """With the axis of a single sample in front."""
        values = None if self.values is None else self.values[None]
        return Array((1, *self.shape), self.name, one=True, values=values)

    def turned(self) -> Array:
        """Its transpose, which knows what it is of."""
        values = None if self.values is None else self.values.T
        return self.of or Array(self.shape[::-1], self.name, of=self, values=values)


@dataclass
class Tensor:
    """What a step makes, by the step's number."""

    step: int


@dataclass
class Waiting:
    """A layer that is not applied yet: `nn.Conv2d(3, 8, 3)`, as the call that makes it."""

    word: str
    arguments: Sequence[Any]
    options: Mapping[str, Any]
    line: int
    path: str = ""
    own_name: str = ""
    """The key of it in a chain."""
    applied: int | None = None
    """The step of its first use, of which a second one shares the weights."""
    weights: dict[str, Array] = field(default_factory=dict)
    """What the program has put into its weights."""


@dataclass
class Loss:
    """What a loss makes of the last output: it has a place beside the layers."""

    word: str
    line: int
    options: Mapping[str, Any] = field(default_factory=dict)
    x: Any = None
    target: Any = None
    """What it is taken of, and what is right."""


@dataclass
class LayerClass:
    """A library's layer that is not made yet: the `nn.ReLU` of `act=nn.ReLU`."""

    word: str


@dataclass
class Chain:
    """Layers one after the other."""

    layers: list[Any]
    own_name: str = ""


@dataclass
class Instance:
    """A module of the program's own: what its constructor has set."""

    definition: ast.ClassDef
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass
class Step:
    """One layer with its options, in our words; what it takes are tensors and arrays."""

    type: str
    options: dict[str, Value]
    takes: list[Tensor | Array]
    line: int
    name: str = ""
    path: str = ""
    """Of the module, by which its weights are found."""
    shares: int | None = None
    weights: dict[str, Array] = field(default_factory=dict)


class Network:
    """The steps so far."""

    def __init__(self, is_keras: bool, is_flax: bool = False) -> None:
        """`is_keras`: channels stand last; flax is of that kind as well."""
        self.is_keras = is_keras
        self.is_flax = is_flax
        self.steps: list[Step] = []
        self.dropped: list[tuple[int, str]] = []
        """The layers that were left out, by line."""
        self.losses: list[tuple[int, str]] = []
        """The losses that are taken of the output, by line."""
        self.loss: Loss | None = None
        """The last of them whose target is written out."""
        self.state: dict[str, Array] = {}
        """What `load_state_dict` puts in, by the path of a parameter."""
        self.lost: list[tuple[int, str]] = []
        """What is made of tensors and could not be read, by line."""

    def add(self, step: Step) -> Tensor:
        """A step more."""
        self.steps.append(step)
        return Tensor(len(self.steps) - 1)

    def apply(self, layer: Any, x: Any) -> Any:
        """A layer on what a step has made."""
        if isinstance(layer, Unread) or isinstance(x, Unread):
            return layer if isinstance(layer, Unread) else x
        if not isinstance(layer, Waiting):
            return Unread(0, "this is no layer")
        layer = of_flax(layer) if self.is_flax else layer
        x = self.taken(x)
        word = plain(layer.word)
        if self.is_keras and not self.is_flax and word == "leakyrelu" and not (layer.options or layer.arguments):
            layer = replace(layer, options={"slope": 0.3})
        if loss_word(layer.word) is not None:
            self.losses.append((layer.line, layer.word))
            return Loss(layer.word, layer.line, layer.options, x)
        if word in DROPPED:
            self.dropped.append((layer.line, layer.word))
            return x
        if isinstance(x, list | tuple):
            return self.join(layer, list(x))
        if word == "input" or word == "inputlayer":
            return x
        return self._made(layer, word, x)

    def taken(self, x: Any) -> Any:
        """An array of images with its channels in front, where the library has them last."""
        if self.is_keras and isinstance(x, Array) and len(x.shape) == 4 and not x.is_ours:
            n, rows, columns, channels = x.shape
            x.shape, x.one, x.is_ours = (n, channels, rows, columns), n == 1, True
            x.values = None if x.values is None else x.values.transpose(0, 3, 1, 2)
        return x

    def join(self, layer: Waiting, inputs: Sequence[Any]) -> Any:
        """Keras's `Add()([a, b])`."""
        bad = next((each for each in inputs if not isinstance(each, Tensor | Array)), None)
        if bad is not None:
            return bad if isinstance(bad, Unread) else Unread(layer.line, "one of its inputs is no tensor")
        kind = {"add": "add", "subtract": "subtract", "multiply": "multiply", "concatenate": "concat"}.get(
            plain(layer.word)
        )
        if kind is None:
            return Unread(layer.line, f"{layer.word} takes several inputs and is not known")
        options: dict[str, Value] = {}
        if kind == "concat":
            axis = argument(0, layer.arguments, layer.options, "axis", default=-1)
            is_last = axis == -1 and not self.is_keras and all(map(self._is_vector, inputs))
            made = concat_axis(1 if is_last else axis, self.is_keras)
            if made is None:
                return Unread(layer.line, f"a concatenation along axis {axis}")
            options = made
        return self.add(Step(kind, options, list(inputs), layer.line))

    def _is_vector(self, x: Tensor | Array) -> bool:
        """Whether it holds features, as far as the steps tell."""
        if isinstance(x, Array):
            return len(x.shape) - x.one == 1
        step = self.steps[x.step]
        if step.type in ("fc", "flatten", "global_avg_pool") or "conv" in step.type or "pool" in step.type:
            return step.type in ("fc", "flatten", "global_avg_pool")
        return all(map(self._is_vector, step.takes))

    def _made(self, layer: Waiting, word: str, x: Any) -> Any:
        if word.replace("_", "") in ("adaptiveavgpool1d", "adaptiveavgpool2d"):
            size = argument(0, layer.arguments, layer.options, "output_size")
            if size not in (1, (1, 1), [1, 1]) and not word.endswith("2d"):
                return Unread(layer.line, f"{layer.word} to {size}: here a global pool makes one number of a channel")
            layer = Waiting("AdaptiveAvgPool2d", [size] if word.endswith("2d") else [], {}, layer.line)
        arguments = [*map(_source, layer.arguments)]
        # What only says how it is computed, or where, and not what.
        plainly = {name: value for name, value in layer.options.items() if name not in IGNORED}
        unread = next(unread_in([*layer.arguments, *plainly.values()]), None)
        if unread is not None:
            remedy = "write its numbers" + ", or nn.AdaptiveAvgPool2d(1) for all of the image" * ("pool" in word)
            return Unread(layer.line, f"an option of {layer.word} is computed: {unread.reason}; {remedy}")
        arguments += [f"{name}={_source(value)}" for name, value in plainly.items()]
        faults = Collector()
        call = Scalar(f"{layer.word}({', '.join(arguments)})", layer.line, 1, 1)
        made = list(LayerWords(Said(), faults).layer(call))
        if len(faults):
            reasons = "; ".join(f"{fault.message} ({fault.remedy})" for fault in faults.report())
            return Unread(layer.line, reasons or f"{layer.word} is not known")
        for number, node in enumerate(made):
            value = of_node(node)
            type_, options = (
                next(iter(value.items())) if isinstance(value, Mapping) else (str(getattr(value, "text", value)), {})
            )
            step = Step(type_, dict(options) if isinstance(options, Mapping) else {}, [x], layer.line)
            if number == 0:
                step.path, step.shares = layer.path, layer.applied
                step.weights = {LOCAL.get(type_, {}).get(local, local): array for local, array in layer.weights.items()}
                slopes = getattr(step.options.get(TAKEN), "text", "1") if type_ == "prelu" else "1"
                if slopes.isdigit() and int(slopes) > 1:
                    step.weights = {"weight": Array((int(slopes),)), **step.weights}
                layer.applied = len(self.steps) if layer.applied is None else layer.applied
                if self.is_keras and type_ == "flatten":
                    step.options["order"] = "hwc"
            if type_ not in REGISTRY:
                return Unread(layer.line, f"{layer.word} is no layer that is known here")
            x = self.add(step)
        return x


IGNORED = (
    "inplace", "input_shape", "input_dim", "name", "device", "dtype", "kernel_initializer", "bias_initializer",
    "padding_mode", "batch_input_shape", "training", "kernel_regularizer", "trainable", "dim", "start_dim", "axis",
    "data_format", "rngs", "param_dtype", "use_running_average", "deterministic", "momentum", "track_running_stats",
    "return_indices", "elementwise_affine", "key", "stochastic",
)  # fmt: skip


def of_flax(layer: Waiting) -> Waiting:
    """flax's `Conv(features=32, kernel_size=(3, 3))`, whose padding is the same unless it says so, as Keras's.

    nnx says in front how many features come in.
    """
    word = layer.word.rpartition(".")[2]
    if word in FLAX_POOLS and "window_shape" in layer.options:
        given = dict(layer.options)
        window = {"pool_size": given["window_shape"], "strides": given.get("strides", 1)}
        window |= {"padding": str(given["padding"]).lower()} if "padding" in given else {}
        return replace(layer, word=FLAX_POOLS[word], options=window)
    if word == "gelu":
        is_exact = layer.options.get("approximate", True) is False
        return replace(layer, options={} if is_exact else {"approximate": "tanh"})
    if word in ("LayerNorm", "GroupNorm") and "epsilon" not in layer.options:
        return replace(layer, options={**layer.options, "epsilon": 1e-06})
    if word not in ("Conv", "Dense", "Linear", "BatchNorm"):
        return layer
    is_nnx = layer.word.startswith("nnx.") or word in ("Linear", "BatchNorm")
    counts = ("in_features", "out_features") if is_nnx else ("features",)
    names = (*counts, "kernel_size", "strides", "padding")
    given = {**dict(zip(names, layer.arguments, strict=False)), **layer.options}
    given.pop("in_features", None)
    count = given.pop("out_features", given.pop("features", None))
    if word == "BatchNorm":
        return replace(layer, arguments=[], options=given)
    if word in ("Dense", "Linear"):
        return replace(layer, word="Dense", arguments=[], options={**given, "units": count})
    padding = str(given.get("padding", "same")).lower()
    return replace(layer, word="Conv2D", arguments=[], options={**given, "filters": count, "padding": padding})


def concat_axis(axis: Any, channels_last: bool) -> dict[str, Value] | None:
    """The option of a concat; None for an axis that is none of ours."""
    if channels_last:
        return {"axis": "channel"} if axis in (-1, 3) else {"axis": "rows"} if axis == 1 else None
    names = {1: "channel", -3: "channel", 2: "rows", -2: "rows", 3: "columns"}
    return {"axis": names[axis]} if axis in names else None


def argument(at: int, arguments: Sequence[Any], options: Mapping[str, Any], *names: str, default: Any = None) -> Any:
    """What stands at a place of a call, or behind one of the names that this place has."""
    found = [*(options[name] for name in names if name in options), *arguments[at : at + 1], default]
    return found[0]


def _source(value: Any) -> str:
    return repr(value) if not isinstance(value, Waiting) else repr(value.word.rpartition(".")[2])


def paths(value: Any, prefix: str) -> None:
    """Give every layer the path of its weights in a state dict: `features.0`, `conv1`."""
    inner: list[tuple[str, Any]] = []
    if isinstance(value, Instance):
        inner = list(value.attributes.items())
    elif isinstance(value, Chain | list | tuple):
        inner = [
            (getattr(each, "own_name", "") or str(at), each)
            for at, each in enumerate(value.layers if isinstance(value, Chain) else value)
        ]
    elif isinstance(value, Waiting) and prefix and prefix.count(".") >= value.path.count("."):
        value.path = prefix  # that of the outermost model
    for name, each in inner:
        paths(each, f"{prefix}.{name}" if prefix else name)


def unread_in(value: Any) -> Iterator[Unread]:
    """What could not be read in a value."""
    if isinstance(value, Unread):
        yield value
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from unread_in(inner)
    elif isinstance(value, Chain):
        yield from unread_in(value.layers)


def text_of(node: ast.AST) -> str:
    """A piece of the program, shortened."""
    text = ast.unparse(node)
    return text if len(text) <= 60 else text[:59] + "…"
