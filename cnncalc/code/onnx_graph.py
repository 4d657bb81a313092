"""An ONNX file -> the problem file of its network: the graph, and the numbers of its weights."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from cnncalc.code.graph_of_code import concat_axis
from cnncalc.code.weights import MOST
from cnncalc.practice.writing import Numbers, Value, yaml
from cnncalc.problem.loader import loads
from cnncalc.problem.names import is_name
from cnncalc.problem.text.faults import Fault, ProblemError, quoted
from cnncalc.visible import shown_path


class Node(NamedTuple):
    """An operation of the graph; what it takes and makes are names, "" where an input is left out."""

    type: str
    inputs: Sequence[str]
    outputs: Sequence[str]
    options: Mapping[str, Any] = {}
    name: str = ""


class Graph(NamedTuple):
    """The operations in order, the constants, and the shapes of the inputs: None for an open axis."""

    nodes: Sequence[Node]
    constants: Mapping[str, Any]
    inputs: Mapping[str, Sequence[int | None]]


class _Layer(NamedTuple):
    """What an operation is here; `parameters` are its own, by position, behind the tensors that it takes."""

    type: str
    options: Callable[[Node], dict[str, Any]] = lambda node: {}
    parameters: Sequence[str] = ()


def _window(node: Node) -> dict[str, Any]:
    given = node.options
    made: dict[str, Any] = {"stride": given["strides"]} if set(given.get("strides", (1,))) != {1} else {}
    if set(given.get("dilations", (1,))) != {1}:
        made["dilation"] = given["dilations"]
    pads = list(given.get("pads", ()))
    axes = len(pads) // 2
    if given.get("auto_pad") in ("SAME_UPPER", b"SAME_UPPER"):
        made["padding"] = "same"
    elif any(pads):
        sides = [[pads[axis], pads[axis + axes]] for axis in range(axes)]
        made["padding"] = sides[0] if axes == 1 else sides
    if given.get("group", 1) != 1:
        made["groups"] = given["group"]
    if any(given.get("output_padding", ())):
        made["output_padding"] = given["output_padding"]
    return made


def _pool(node: Node) -> dict[str, Any]:
    # A stride that is left out is 1 there, and the size of the window here.
    given = node.options
    made = {"size": given["kernel_shape"], **_window(node), "stride": given.get("strides", [1] * 2)}
    made |= {"ceil": "true"} if given.get("ceil_mode") else {}
    return made | (
        {"count_padding": "false"} if node.type == "AveragePool" and not given.get("count_include_pad") else {}
    )


def _own(**options: str) -> Callable[[Node], dict[str, Any]]:
    """Options by their names there, `alpha="slope"`, with the values that stand there."""
    return lambda node: {ours: node.options[theirs] for theirs, ours in options.items() if theirs in node.options}


def _axis(node: Node) -> dict[str, Any]:
    return {**(concat_axis(node.options.get("axis", 1), channels_last=False) or {"axis": "channel"})}


_WEIGHTS = ("weight", "bias")
LAYERS: Mapping[str, _Layer] = {
    "Conv": _Layer("conv", _window, _WEIGHTS),
    "ConvTranspose": _Layer("conv_transpose", _window, _WEIGHTS),
    "Gemm": _Layer("fc", parameters=_WEIGHTS),
    "MatMul": _Layer("fc", parameters=_WEIGHTS),
    "BatchNormalization": _Layer("batch_norm", _own(epsilon="eps"), ("gamma", "beta", "mean", "var")),
    "PRelu": _Layer("prelu", parameters=("weight",)),
    "MaxPool": _Layer("max_pool", _pool),
    "AveragePool": _Layer("avg_pool", _pool),
    "GlobalAveragePool": _Layer("global_avg_pool"),
    "LeakyRelu": _Layer("leaky_relu", _own(alpha="slope")),
    "Elu": _Layer("elu", _own(alpha="alpha")),
    "Gelu": _Layer("gelu"),
    "Concat": _Layer("concat", _axis),
    "Sub": _Layer("subtract"),
    "Mul": _Layer("multiply"),
    **{name.title(): _Layer(name) for name in ("relu", "sigmoid", "tanh", "selu", "softplus", "softsign", "softmax",
                                               "flatten", "add")},
    "LogSoftmax": _Layer("log_softmax"),
}  # fmt: skip
PASSED = ("Identity", "Dropout", "Cast")
"""Operations that leave a tensor what it is, once a network is trained."""


def import_onnx(path: Path) -> str:
    """The problem file of a network in an ONNX file; raises ProblemError with every operation that is none of ours."""
    return problem_of(read_graph(path), shown_path(str(path)))


def read_graph(path: Path) -> Graph:
    """The graph of a file, by the package onnx; raises ProblemError."""
    try:
        import onnx
        from onnx import numpy_helper
    except ImportError as error:
        fault = Fault(
            "an ONNX file is read with the package onnx, which is not installed", "pip install 'cnncalc[onnx]'"
        )
        raise ProblemError([fault], shown_path(str(path))) from error
    if not path.is_file():
        raise ProblemError([Fault(f"there is no file {quoted(path.name)}", "check the path")], shown_path(str(path)))
    try:
        graph = onnx.load(str(path)).graph
        constants = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
        nodes = []
        for each in graph.node:
            options = {one.name: onnx.helper.get_attribute_value(one) for one in each.attribute}
            if each.op_type == "Constant" and "value" in options:
                constants[each.output[0]] = numpy_helper.to_array(options["value"])
            else:
                nodes.append(Node(each.op_type, list(each.input), list(each.output), options, each.name))
        shapes = {
            each.name: [axis.dim_value or None for axis in each.type.tensor_type.shape.dim]
            for each in graph.input if each.name not in constants
        }  # fmt: skip
    except Exception as error:
        fault = Fault("the file is damaged, or not what its ending says", "export it once more")
        raise ProblemError([fault], shown_path(str(path))) from error
    return Graph(nodes, constants, shapes)


def problem_of(graph: Graph, source: str) -> str:
    """The problem file of a graph."""
    return _Writer(graph, source).problem()


class _Writer:
    """Goes through the operations in order."""

    def __init__(self, graph: Graph, source: str) -> None:
        self.graph, self.source = graph, source
        self.made: dict[str, str] = {}
        """The name here of each tensor there."""
        self.layers: list[dict[str, dict[str, Any]]] = []
        self.counts = Counter[str]()
        self.above = ""
        self.faults: list[Fault] = []

    def problem(self) -> str:
        """The text of the file."""
        given: dict[str, dict[str, Value]] = {}
        for name, shape in self.graph.inputs.items():
            self.made[name] = name if is_name(name) else f"input_{len(given) + 1}" if given else "input"
            # One sample, or as many as there are, is no mini-batch.
            sizes = list(shape[1:]) if shape[:1] in ([None], [1]) and len(shape) > 1 else list(shape)
            if None in sizes or not sizes:
                self._refuse(f"nothing says the shape of {name}", "export it with a fixed shape")
            given[self.made[name]] = {"shape": [_value(size) for size in sizes]}
        for node in self.graph.nodes:
            self._add(node)
        if self.faults:
            raise ProblemError(self.faults, self.source)
        file: dict[str, Value] = {"inputs": given}
        if len(given) == 1:
            ((name, about),) = given.items()
            file = {"input": {"name": name, **about}}
        text = yaml({**file, "layers": [_written(layer) for layer in self.layers]})
        loads(text, source=f"the network of {self.source}")
        return text

    def _refuse(
        self, message: str, remedy: str = "write it as a chain of layers, or give the part that can be read alone"
    ) -> None:
        self.faults.append(Fault(message, remedy))

    def _add(self, node: Node) -> None:
        constants = [name for name in node.inputs if name in self.graph.constants]
        taken = [name for name in node.inputs if name and name not in self.graph.constants]
        # A shape of two axes is a row for each sample.
        is_flat = bool(constants) and self.graph.constants[constants[0]].shape == (2,)
        if node.type in PASSED or (node.type == "Reshape" and is_flat):
            self.made[node.outputs[0]] = self.made.get(taken[0], "")
            if node.type == "Reshape":
                self._layer(node, _Layer("flatten"), taken, {})
            return
        if node.type == "Add" and len(constants) == 1 and self._took_bias(node, taken, constants[0]):
            return
        known = LAYERS.get(node.type)
        if known is None or not all(name in self.made for name in taken) or (constants and not known.parameters):
            what = f"{node.type} with a constant" if known is not None else node.type
            self._refuse(f"{what} ({node.name or node.outputs[0]}) is no layer that is known here")
            self.made[node.outputs[0]] = node.outputs[0]
            return
        weights = dict(zip(known.parameters, (self.graph.constants[name] for name in constants), strict=False))
        plain = {"alpha": 1, "beta": 1, "transA": 0}
        if node.type == "Gemm" and any(node.options.get(name, usual) != usual for name, usual in plain.items()):
            self._refuse(f"Gemm ({node.name or node.outputs[0]}) with alpha, beta or transA is no layer")
        if known.type == "fc" and "weight" in weights and not node.options.get("transB"):
            weights["weight"] = weights["weight"].T  # a row for each output
        if known.type.startswith("conv") and "weight" in weights and weights["weight"].ndim == 3:
            known = known._replace(type=f"{known.type}1d")
        if known.type in ("max_pool", "avg_pool") and len(node.options["kernel_shape"]) == 1:
            known = known._replace(type=f"{known.type}1d")
        self._layer(node, known, taken, weights)

    def _took_bias(self, node: Node, taken: Sequence[str], constant: str) -> bool:
        """`x @ W + b`, which is one layer here."""
        last = self.layers[-1].get("fc") if self.layers else None
        bias = self.graph.constants[constant]
        if last is None or "bias" in last or self.made.get(taken[0]) != self.above or bias.ndim != 1:
            return False
        last["bias"] = bias
        self.made[node.outputs[0]] = self.above
        return True

    def _layer(self, node: Node, known: _Layer, taken: Sequence[str], weights: Mapping[str, Any]) -> None:
        self.counts[known.type] += 1
        usual = f"{known.type}_{self.counts[known.type]}"
        parts = [part for part in node.name.split("/") if part]
        wanted = [node.outputs[0], parts[-2] if len(parts) > 1 else node.name]
        name = next((each for each in wanted if is_name(each) and each not in self.made.values()), usual)
        options: dict[str, Any] = {"name": name} if name != usual else {}
        names = [self.made[each] for each in taken]
        if len(names) > 1:
            options["inputs"] = names
        elif names[0] != self.above and (self.layers or len(self.graph.inputs) > 1):
            options["input"] = names[0]
        self.made[node.outputs[0]] = self.above = name
        self.layers.append({known.type: {**options, **known.options(node), **weights}})
        for local, array in weights.items():
            if array.size > MOST:
                self._refuse(f"{name}.{local} has {array.size} numbers", f"at most {MOST} are written")


def _written(layer: Mapping[str, Mapping[str, Any]]) -> Value:
    ((kind, options),) = layer.items()
    made = {name: _value(value) for name, value in options.items()}
    return {kind: made} if made else kind


def _value(value: Any) -> Value:
    if hasattr(value, "ravel"):
        return Numbers(value.shape, [str(each) for each in value.ravel()])
    if isinstance(value, list | tuple):
        return [_value(each) for each in value]
    return f"{value:.7g}" if isinstance(value, float) else str(value)
