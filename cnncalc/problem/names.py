"""The names of a problem's tensors: which there are, what else they are called, which of them have gradients."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from cnncalc.layers.base import Layer
from cnncalc.problem.problem import Problem
from cnncalc.problem.text.faults import Place
from cnncalc.records import dataclass
from cnncalc.visible import visible

NEW = ".new"
"""What the name of a parameter, and of the loss, ends with after an update."""
_WITHOUT_GRADIENT = frozenset(["path"])
_NAME = re.compile(r"[^\W\d][\w.'′^]*")
_ELEMENT = re.compile(r"(?P<name>.*?)\s*\[[-\d\s,]*\]", re.DOTALL)
_QUANTITY = re.compile(
    r"(?P<kind>shape|parameters|multiplications|receptive_field)\s*\(\s*(?P<name>.*?)\s*\)", re.DOTALL
)
TOTAL = "total"
"""What `parameters(total)` counts."""


@dataclass(frozen=True)
class Named:
    """One tensor: its name, its other name if it has one, and the place of the word that named it."""

    name: str
    alias: str | None = None
    has_gradient: bool = True
    place: Place | None = None


@dataclass(frozen=True)
class NamedLayer:
    """What names need to know of a layer: its type, and what its parameters in use are called."""

    name: str
    type: type[Layer]
    parameters: Mapping[str, str]
    place: Place | None = None
    parameter_places: Mapping[str, Place] | None = None

    def tensors(self) -> Iterator[Named]:
        """The parameters, the output, the auxiliaries."""
        learned = {parameter.name: parameter.learned for parameter in self.type.parameters}
        places = self.parameter_places or {}
        for local, name in self.parameters.items():
            full = f"{self.name}.{local}"
            yield Named(name, None if name == full else full, learned[local], places.get(local, self.place))
        yield Named(self.name, place=self.place)
        for local in self.type.auxiliaries:
            if local in self.parameters:
                continue  # batch norm's mean and var, given for inference
            yield Named(f"{self.name}.{local}", has_gradient=local not in _WITHOUT_GRADIENT, place=self.place)
        asked = self.type.on_request_backward
        for local in self.type.on_request:
            yield Named(f"{self.name}.{local}", has_gradient=f"d{local}" in asked, place=self.place)
        for local in asked:
            if local.removeprefix("d") not in self.type.on_request:
                yield Named(f"{self.name}.{local}", has_gradient=False, place=self.place)


def is_name(text: str) -> bool:
    """Whether a tensor may be called so: letters of any script, digits, `_ . ' ^`, a letter first."""
    return bool(_NAME.fullmatch(text)) and len(text) <= 100 and visible(text) == text


def with_gradients(tensors: Iterable[Named], loss: str | None, gradients_of: str | None) -> dict[str, str]:
    """Each valid name with the tensor's own name, in order; `loss` is the loss's name if there is one.

    `gradients_of` is what the gradients are of: the loss, or the `L` of an upstream gradient; None without either.
    """
    known = list(tensors)
    names: dict[str, str] = {}
    for tensor in known:
        names[tensor.name] = tensor.name
        if tensor.alias:
            names[tensor.alias] = tensor.name
    if loss is not None:
        names[loss] = loss
    for tensor in known:
        if gradients_of is not None and tensor.has_gradient:
            gradient = f"d{gradients_of}/d{tensor.name}"
            names[gradient] = gradient
            if tensor.alias:
                names[f"d{gradients_of}/d{tensor.alias}"] = gradient
    return names


def after_update(layers: Iterable[NamedLayer], updated: Collection[str], loss: str | None) -> dict[str, str]:
    """What an update adds to the names: the parameters after it, and the outputs that they change."""
    names: dict[str, str] = {}
    outputs: list[str] = []
    for layer in layers:
        changed = {local: name for local, name in layer.parameters.items() if name in updated}
        for local, name in changed.items():
            names |= {name + NEW: name + NEW, f"{layer.name}.{local}{NEW}": name + NEW}
        if changed or outputs:
            outputs.append(layer.name)
    if loss is not None:
        names |= {name + NEW: name + NEW for name in (*outputs, loss)}
    return names


def names(problem: Problem) -> dict[str, str]:
    """Every name that a question or an answer may use, with the tensor's own name; input and parameters come first."""
    layers = [
        NamedLayer(entry.name, type(entry.layer), {local: given.name for local, given in entry.parameters.items()})
        for entry in problem.layers
    ]
    tensors = [Named(problem.input.name), *(tensor for layer in layers for tensor in layer.tensors())]
    has_gradients = problem.loss is not None or problem.upstream is not None
    loss = problem.loss.name if problem.loss else None
    names = with_gradients(tensors, loss, problem.loss_name if has_gradients else None)
    return names | (after_update(layers, problem.update.parameters, loss) if problem.update else {})


def plain_name(text: str) -> str:
    """A name as it is kept: `∂L/∂h` is `dL/dh`."""
    return re.sub(r"\s*/\s*", "/", text.strip().replace("∂", "d"))


def quantity_name(text: str) -> tuple[str, str] | None:
    """`parameters(conv_1)` as ("parameters", "conv_1"); None for a name that asks for no quantity."""
    match = _QUANTITY.fullmatch(plain_name(text))
    return (match["kind"], match["name"]) if match else None


def base_name(text: str) -> str:
    """The tensor in `conv_1[1,2,2]` and `shape(conv_1)`."""
    text = plain_name(text)
    asked = quantity_name(text)
    if asked:
        return asked[1]
    element = _ELEMENT.fullmatch(text)
    return element.group("name") if element else text
