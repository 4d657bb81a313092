"""Calls of PyTorch, NumPy and Keras: which of them are layers, arrays, chains or models.

Some are one only with what follows them: a padding before a layer, a batch norm that is written out line by line.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import field
from typing import Any, cast

import numpy as np

from cnncalc.code.graph_of_code import (
    FLAX_POOLS,
    IGNORED,
    Array,
    Chain,
    Loss,
    Network,
    Step,
    Tensor,
    Unread,
    Waiting,
    argument,
    text_of,
)
from cnncalc.practice.writing import Value
from cnncalc.problem.tensor.created import array_of
from cnncalc.problem.words.spelling import loss_word
from cnncalc.records import dataclass, replace

ONE_TO_ONE = ("relu", "sigmoid", "tanh", "softmax", "log_softmax", "leaky_relu", "elu", "selu", "gelu", "silu",
              "softplus", "softsign", "mish", "hardswish", "relu6", "hardsigmoid", "hardtanh", "max_pool2d",
              "avg_pool2d", "max_pool1d", "avg_pool1d", "adaptive_avg_pool2d", "dropout", "dropout2d",
              "identity")  # fmt: skip
"""Functions of a tensor that are layers as well."""
PRODUCTS = ("dot", "matmul", "mm", "__matmul__")
OF_LOGITS = {"cross_entropy": "CrossEntropyLoss", "binary_cross_entropy_with_logits": "BCEWithLogitsLoss"}
"""Functions of PyTorch by the loss that takes the same."""
ARRAYS = ("tensor", "array", "asarray", "as_tensor", "Parameter", "Tensor", "FloatTensor", "DoubleTensor", "LongTensor",
          "from_numpy", "constant", "convert_to_tensor", "Variable")  # fmt: skip
SHAPED = ("randn", "rand", "zeros", "ones", "empty", "full", "Input")


class LibraryCalls:
    """What a call of a library makes."""

    def __init__(self, network: Network) -> None:
        self.network = network

    def judged(self, loss: Loss, right: Sequence[Any]) -> Loss:
        """A loss with what is right, where the program writes it out."""
        loss.target = next((each for each in right if isinstance(each, Array)), None)
        if loss.target is not None and loss.target.values is not None:
            self.network.loss = loss
        return loss

    def flattened(self, owner: Any, name: str, arguments: Sequence[Any], node: ast.Call) -> Any:
        """`view(-1, 400)`, `view(x.size(0), -1)`, `flatten(1)`."""
        if name == "flatten":
            is_flat = not arguments or arguments[0] == 1
        else:
            shape = list(arguments[0]) if len(arguments) == 1 and isinstance(arguments[0], tuple | list) else arguments
            is_flat = len(shape) == 2
            if len(shape) == 4 and tuple(shape[2:]) == (1, 1):
                return owner  # a number for each channel is spread by itself
        if not is_flat:
            return Unread(node.lineno, f"`{text_of(node)}` gives another shape than a row for each sample")
        order: dict[str, Value] = {"order": "hwc"} if self.network.is_keras else {}
        return self.network.add(Step("flatten", order, [owner], node.lineno))

    def averaged(self, x: Any, line: int) -> Any:
        """`x.mean((2, 3))`: one number for each channel."""
        pooled = self.network.add(Step("global_avg_pool", {}, [x], line))
        return self.network.add(Step("flatten", {}, [pooled], line))

    def function(self, word: str, last: str, arguments: list[Any], options: Mapping[str, Any], node: ast.Call) -> Any:
        """What a function of a library makes of its arguments."""
        line, tensors = node.lineno, [each for each in arguments if isinstance(each, Tensor | Array)]
        if last in ("Sequential", "ModuleList"):
            listed = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else arguments
            return listed[0] if len(listed) == 1 and isinstance(listed[0], Chain) else Chain(list(listed))
        if last == "OrderedDict" and arguments and isinstance(arguments[0], list):
            pairs = [each for each in arguments[0] if isinstance(each, tuple) and len(each) == 2]
            for name, layer in pairs:
                if isinstance(layer, Waiting | Chain) and isinstance(name, str):
                    layer.own_name = name
            return Chain([layer for _, layer in pairs])
        if last == "mean" and tensors and is_over_the_image(arguments[1:], options):
            return self.averaged(tensors[0], line)
        if last in PRODUCTS and len(tensors) == len(arguments) == 2:
            return self.product(tensors[0], tensors[1], line)
        if last == "maximum" and len(tensors) == 1 and 0 in arguments:
            return self.network.add(Step("relu", {}, tensors, line))
        if last == "arange" and arguments and isinstance(arguments[0], int | float):
            values = array_of(last, arguments)
            return Array((int(arguments[0]),) if values is None else values.shape, values=values)
        if loss_word(last) is not None and len(tensors) and not last[:1].isupper():
            word = OF_LOGITS.get(last, last)
            self.network.losses.append((line, word))
            return self.judged(Loss(word, line, options, tensors[0]), arguments[1:])
        if last == "print":
            return tensors[-1] if tensors else None
        if last in ARRAYS and arguments:
            inner = arguments[0]
            return inner if isinstance(inner, Array) else _array(inner, line)
        if last in SHAPED:
            made = _shaped(arguments, options, line)
            if isinstance(made, Array):
                made.values = array_of(last, arguments)
            if last == "Input" and isinstance(made, Array) and len(made.shape) == 3:
                made.shape = (made.shape[2], *made.shape[:2])  # Keras has channels last
            return made
        if last == "Model" and (outputs := argument(1, arguments, options, "outputs")) is not None:
            return outputs
        if last in ("cat", "concat", "concatenate") and arguments and isinstance(arguments[0], list | tuple):
            axis = argument(1, arguments, options, "dim", "axis", default=-1 if self.network.is_keras else 0)
            return self.network.join(Waiting("Concatenate", [axis], {}, line), arguments[0])
        if last in ("add", "sub", "subtract", "mul", "multiply") and len(tensors) == 2:
            kind = {"sub": "subtract", "mul": "multiply"}.get(last, last)
            return self.network.add(Step(kind, {}, tensors, line))
        if last in ("add", "multiply") and arguments and isinstance(arguments[0], list):
            return self.network.join(Waiting(last, [], {}, line), arguments[0])
        if last == "flatten" and tensors:
            return self.flattened(tensors[0], "flatten", arguments[1:], node)
        if last in ("conv2d", "conv1d", "linear", "conv_transpose2d", "conv_transpose1d", "prelu") and arguments:
            return self._with_weights(last, arguments, options, line)
        if last == "pad" and tensors and len(arguments) > 1:
            return Padded(tensors[0], arguments[1], line)
        if last in FLAX_POOLS and tensors and "window_shape" in options:
            return self.network.apply(Waiting(last, [], options, line), tensors[0])
        if last == "sqrt" and arguments and isinstance(arguments[0], Normal):
            return arguments[0].then("root")
        if last in ONE_TO_ONE and arguments and isinstance(arguments[0], Padded):
            padded = arguments.pop(0)
            arguments, tensors = [padded.x, *arguments], [padded.x]
            options = {**options, "padding": padded.sides()}
        if last in ONE_TO_ONE and tensors:
            rest = [] if last in ("softmax", "log_softmax", "dropout") else arguments[1:]
            made = self.network.apply(Waiting(last, rest, options, line), tensors[0])
            return (made, Unread(line, "the places of the winners")) if options.get("return_indices") else made
        for each in [*arguments, *options.values()]:
            if isinstance(each, Unread) and tensors:
                return each
        if last == "partial" and arguments and isinstance(arguments[0], Waiting):
            return replace(arguments[0], options={**arguments[0].options, **options})
        if last[:1].isupper():
            unread = [name for name, value in options.items() if isinstance(value, Unread)]
            options = {name: value for name, value in options.items() if name not in unread or name not in IGNORED}
            bad = next((each for each in [*arguments, *options.values()] if isinstance(each, Unread)), None)
            return bad or Waiting(word, arguments, options, line)
        return Unread(line, f"`{text_of(node)}` is not known")

    def product(self, a: Tensor | Array, b: Tensor | Array, line: int) -> Any:
        """`x @ W.T`, `x @ W` and `W @ x`: a fully connected layer, whose weight has a row for each output."""
        known = {id(each) for step in self.network.steps for each in step.weights.values()}
        is_left = isinstance(a, Array) and (isinstance(b, Tensor) or len(b.shape) == 1) and len(a.shape) == 2
        x, weight = (b, a) if is_left else (a, b)
        if isinstance(a, Array) and isinstance(b, Array) and len(a.shape) == len(b.shape) == 1:
            x, row = (b, a) if a.name[:1] in ("w", "W") else (a, b)
            values = None if row.values is None else row.values[None]
            weight, is_left = Array((1, *row.shape), row.name, values=values), True
        if not isinstance(weight, Array) or len(weight.shape) != 2 or id(x) in known:
            return Unread(line, "a product of matrices that is no layer")
        step = Step("fc", {}, [x], line)
        # The file's weight is the transpose of W in x @ W, and has no name of its own.
        values = None if weight.values is None else weight.values.T
        step.weights = {"weight": weight if is_left else weight.of or Array(weight.shape[::-1], values=values)}
        return self.network.add(step)

    def _with_weights(self, last: str, arguments: list[Any], options: Mapping[str, Any], line: int) -> Any:
        """`functional.conv2d(x, W, b, stride=2)`."""
        names = ("x", "weight", "bias", "stride", "padding", "dilation", "groups")
        given = {**dict(zip(names, arguments, strict=False)), **options}
        x, weight, bias = given.pop("x"), given.pop("weight", None), given.pop("bias", None)
        if isinstance(x, Padded):
            given["padding"], x = x.sides(), x.x
        for each in (x, weight):
            if not isinstance(each, Tensor | Array):
                return each if isinstance(each, Unread) else Unread(line, f"{last} of something that is no tensor")
        kinds = {"linear": "fc", "conv2d": "conv", "conv_transpose2d": "conv_transpose"}
        step = Step(kinds.get(last, last), {name: _plain(value) for name, value in given.items()}, [x], line)
        step.weights = {"weight": weight, **({"bias": bias} if isinstance(bias, Array) else {})}
        return self.network.add(step)


def _plain(value: Any) -> Any:
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else str(value)


def _array(value: Any, line: int) -> Array | Unread:
    """The shape of nested lists, and their numbers."""
    shape, cells = list[int](), value
    while isinstance(cells, list | tuple):
        shape.append(len(cells))
        cells = cells[0] if cells else 0
    try:
        values = np.array(value, dtype=object)
    except ValueError:
        return Array(tuple(shape))
    is_whole = values.shape == tuple(shape) and all(isinstance(each, int | float) for each in values.flat)
    return Array(tuple(shape), values=values if is_whole else None)


def _shaped(arguments: Sequence[Any], options: Mapping[str, Any], line: int) -> Array | Unread:
    first = [each for each in arguments[:1] if isinstance(each, tuple | list)]
    given = argument(0, first, options, "shape", "size", default=arguments)
    if isinstance(given, tuple | list) and given and all(isinstance(each, int) for each in given):
        # One sample of random numbers tells the shape, and no mini-batch.
        return Array(tuple(given), one=len(given) in (2, 4) and given[0] == 1)
    return Unread(line, "a shape that is not written out")


def is_over_the_image(arguments: Sequence[Any], options: Mapping[str, Any]) -> bool:
    """Whether a mean goes over rows and columns."""
    axes = argument(0, arguments if len(arguments) == 1 else (), options, "dim", "axis", default=tuple(arguments))
    return isinstance(axes, tuple | list) and tuple(axes) in ((2, 3), (-2, -1), (-1, -2))


@dataclass
class Padded:
    """What `functional.pad` makes: it is the padding of the layer that follows."""

    x: Tensor | Array
    around: Any
    line: int

    def sides(self) -> Any:
        """Rows, then columns."""
        left, right, top, bottom = self.around if len(self.around) == 4 else (0, 0, 0, 0)
        return [[top, bottom], [left, right]]


@dataclass
class Normal:
    """A batch norm that is written out, as far as it has come: mean, centered, squares, var, root, xhat, scaled."""

    kind: str
    x: Tensor
    eps: float = 0
    weights: dict[str, Array] = field(default_factory=dict)

    def then(self, kind: str, **more: Any) -> Normal:
        """One step further."""
        return Normal(kind, self.x, more.get("eps", self.eps), {**self.weights, **more.get("weights", {})})


def normalized(operator: type[ast.operator], a: Any, b: Any) -> Normal | None:
    """What an operation makes of a batch norm that is written out."""
    match operator, getattr(a, "kind", a), getattr(b, "kind", b):
        case ast.Sub, Tensor(), "mean" if a.step == b.x.step:
            return Normal("centered", a)
        case ast.Pow, "centered", 2:
            return cast(Normal, a).then("squares")
        case ast.Div, "var", int():
            return cast(Normal, a)  # by one less than the count
        case ast.Add, "var", int() | float():
            return cast(Normal, a).then("var", eps=b)
        case ast.Div, "centered", "root":
            return cast(Normal, a).then("xhat", eps=b.eps)
        case ast.Mult, Array(), "xhat":
            return cast(Normal, b).then("scaled", weights={"gamma": a})
        case ast.Add, "scaled", Array():
            return cast(Normal, a).then("done", weights={"beta": b})
    return None
