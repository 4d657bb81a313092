"""The names of tensors: which there are, what else they are called, which have gradients; and what an update adds:
`W.step_1`, `W.new`, `W.velocity`, `dL/dW.step_1`, `L.new`.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from cnncalc.layers.base import Layer, called
from cnncalc.layers.joining.several import VIA
from cnncalc.problem.problem import Problem, UpdateEntry
from cnncalc.problem.text.faults import Place
from cnncalc.problem.text.pattern import pattern
from cnncalc.records import Record
from cnncalc.visible import visible

_NAME = pattern(r"[^\W\d][\w.'′^]*")
_ELEMENT = pattern(r"(?P<name>.*?)\s*\[[-\d\s,]*\]", re.DOTALL)
_PART = pattern(r"\s*(?P<index>\[[^\[\]]*\])\s+via\s+(?P<use>[^\s\[\]]+)$")
OF_TRAINING = ("epochs", "steps", "steps_per_epoch")
"""What is counted of a training."""
OF_LAYERS = ("fan_in", "fan_out", "he_variance", "xavier_variance")
"""What only layers with weights have, and what is not added up over them."""
OF_OPTIONS: Sequence[str] = ("padding", "stride", "dilation", "size", "channels", "units")
"""What may be left open in a layer (`padding: ?`), and is then asked for: `padding(conv_1)`."""
FURTHER = ("connections", "flops", "operations", "activations", "memory", *OF_LAYERS, *OF_TRAINING, *OF_OPTIONS)
"""Of which only the true number is known, and not what follows from a wrong one."""
QUANTITIES = ("shape", "parameters", "multiplications", "receptive_field", *FURTHER)
"""What sizes and counts are asked for by, in the order in which they come about."""
NOT_ADDED = frozenset(("shape", "receptive_field", *OF_LAYERS, *OF_TRAINING, *OF_OPTIONS))
"""Of which there is no total."""
_QUANTITY = pattern(
    rf"(?P<kind>{'|'.join(QUANTITIES)})"
    r"\s*\(\s*(?P<name>.*?)\s*\)",
    re.DOTALL,
)
_WORDS = {
    "parameters": r"(?:trainable |learnable )?param(?:eter)?s?(?:[ _]count)?|(?:可学习)?参数(?:总?量|个数|数量|总数)",
    "multiplications": r"macs?|mult(?:iplication)?s|multiply[- ]adds|乘法(?:运算)?次数",
    "flops": r"flops|计算量",
    "connections": r"connections|连接数",
    "activations": r"neurons|神经元(?:个数|数量|数)",
    "receptive_field": r"receptive[ _]field(?: size)?|rf|感受野(?:大小)?",
    "shape": r"(?:output|feature[ _]map)[ _](?:shape|size|dim(?:ension)?s?)|(?:输出|特征图)的?(?:尺寸|大小|形状|维度)",
}
"""By quantity what people call it."""
_WHOLES = ("network", "model", "cnn", "net", "the network", "the model", "模型", "网络", "整个网络")
_SAID = pattern(
    r"(?:(?P<whose>[^()的]+)的)?(?:the )?(?:total |overall |总)?(?:(?:number|no\.|#)(?: of )?|num[ _])?(?:total )?(?:"
    + "|".join(f"(?P<{kind}>{words})" for kind, words in _WORDS.items())
    + r")(?:\s*\((?P<of>[^()]+)\)| (?:of|in|for|at|after) (?P<in>[^()]+))?",
    re.IGNORECASE,
)
"""`number of parameters`, `output size of conv1`, `参数量`."""
_JACOBIAN = pattern(r"d\((?P<of>[^()]+)\)/d\((?P<by>[^()]+)\)")
TRAINING = "training"
"""What `epochs(training)` counts."""
TOTAL = "total"
"""What `parameters(total)` counts."""
NEW = ".new"
"""What the name of a parameter, and of the loss, ends with after the last step of an update."""
RATES = "update.lr"
"""The learning rates of all steps, where a schedule changes them."""


_REMEMBERED = frozenset(["velocity", "square_sum", "m", "v", "mhat", "vhat", "regularized", "clipped", "share"])
_ENDING = pattern(r"\.(?:new|step_\d+)$")


class Named(Record):
    """One tensor: its name, its other name if it has one, and the place of the word that named it."""

    name: str
    alias: str | None = None
    has_gradient: bool = True
    place: Place | None = None
    is_again: bool = False
    """Whether another layer has brought it already."""


class NamedLayer(Record):
    """What names need to know of a layer: its type, and what its parameters in use are called."""

    name: str
    type: type[Layer]
    parameters: Mapping[str, str]
    place: Place | None = None
    parameter_places: Mapping[str, Place] | None = None
    shared: frozenset[str] = frozenset()
    """The parameters that are those of other layers."""
    inputs: Sequence[str] = ()
    """The tensors that it takes."""

    def uses(self) -> list[str]:
        """Everything that it takes and that has a gradient, by name."""
        learned = [parameter.name for parameter in self.type.parameters if parameter.learned]
        inputs = self.inputs[: 1 if self.type.fixed else None]
        return [*inputs, *(self.parameters[local] for local in learned if local in self.parameters)]

    def tensors(self) -> Iterator[Named]:
        """The parameters, the output, the auxiliaries."""
        learned = {parameter.name: parameter.learned for parameter in self.type.parameters}
        places = self.parameter_places or {}
        for local, name in self.parameters.items():
            full = f"{self.name}.{called(local)}"
            place, is_again = places.get(local, self.place), local in self.shared
            yield Named(name, None if name == full else full, learned.get(local, False), place, is_again)
        yield Named(self.name, place=self.place)
        for local in self.type.auxiliaries:
            has_gradient = local not in self.type.without_gradient and local not in self.type.carried
            yield Named(f"{self.name}.{called(local)}", has_gradient=has_gradient, place=self.place)
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


def several_uses(users: Iterable[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    """The tensors that are used more than once, each with a label for each use, in order.

    `users` has the layers in order, each with the tensors that it uses. A label is the layer's name; `add_1:2` where
    the layer uses the tensor more than once, here as its second.
    """
    found: dict[str, list[str]] = {}
    for user, used in users:
        for at, name in enumerate(used, 1):
            label = user if used.count(name) == 1 else f"{user}:{at}"
            found.setdefault(name, []).append(label)
    return {name: labels for name, labels in found.items() if len(labels) > 1}


def named_layers(problem: Problem) -> list[NamedLayer]:
    """The layers, as far as names go."""
    return [
        NamedLayer(
            entry.name, type(entry.layer), {local: given.name for local, given in entry.parameters.items()},
            inputs=entry.inputs,
        )
        for entry in problem.layers
    ]  # fmt: skip


def parts(layers: Iterable[NamedLayer], loss: str, behind: Iterable[tuple[str, Sequence[str]]] = ()) -> dict[str, str]:
    """The names of the parts in which the gradient of a tensor comes together that is used more than once."""
    uses = several_uses([*((layer.name, layer.uses()) for layer in layers), *behind])
    found = [part_name(f"d{loss}/d{name}", label) for name, labels in uses.items() for label in labels]
    return dict(zip(found, found, strict=True))


def part_name(gradient: str, label: str) -> str:
    """`dL/dW via fc_1`: what one use of W sends back."""
    return f"{gradient}{VIA}{label}"


@lru_cache(maxsize=1000)
def plain_name(text: str) -> str:
    """A name as it is kept: `∂L/∂h` is `dL/dh`, and `∂L/∂h[1,2] via c`, as formulas write it, `dL/dh via c[1,2]`."""
    text = text.strip().replace("∂", "d")
    text = re.sub(r"\s*/\s*", "/", text) if "/" in text else text
    if (said := _SAID.fullmatch(text)) is not None:
        kind = next(kind for kind in _WORDS if said[kind])
        whose = said["whose"] or said["of"] or said["in"] or (TOTAL if kind not in NOT_ADDED else "output")
        return f"{kind}({TOTAL if whose in _WHOLES else whose})"
    return _PART.sub(rf"{VIA}\g<use>\g<index>", text) if "via" in text else text


def quantity_name(text: str) -> tuple[str, str] | None:
    """`parameters(conv_1)` as ("parameters", "conv_1"); None for a name that asks for no quantity."""
    plain = plain_name(text)
    match = _QUANTITY.fullmatch(plain) if "(" in plain else None
    return (match["kind"], match["name"]) if match else None


def counts_all(text: str) -> bool:
    """Whether a name asks for a count of the whole network, or of its training."""
    kind, whose = quantity_name(text) or ("", "")
    return (whose == TOTAL and kind not in NOT_ADDED) or (whose == TRAINING and kind in OF_TRAINING)


def jacobian_name(text: str) -> tuple[str, str] | None:
    """`d(p)/d(fc_1)` as ("p", "fc_1"); None for any other name."""
    match = _JACOBIAN.fullmatch(text.replace(" ", "").replace("∂", "d")) if "(" in text else None
    return (match["of"], match["by"]) if match else None


def base_name(text: str) -> str:
    """The tensor in `conv_1[1,2,2]` and `shape(conv_1)`."""
    text = plain_name(text)
    asked = quantity_name(text)
    if asked:
        return asked[1]
    element = _ELEMENT.fullmatch(text)
    return element.group("name") if element else text


def suffix(number: int, steps: int) -> str:
    """What names end with after so many of the steps."""
    return NEW if number == steps else f".step_{number}"


def remembered(parameter: str, local: str, number: int, steps: int) -> str:
    """`W.velocity` after the last step, `W.velocity.step_1` after the first of several; 0 is before it."""
    whole = f"{parameter}.{called(local)}"
    return whole if number == steps else f"{whole}.step_{number}"


def after_update(
    layers: Iterable[NamedLayer], update: UpdateEntry, loss: str | None, gradients_of: str, inputs: Iterable[str]
) -> dict[str, str]:
    """Every name that the update adds, with the tensor's own name."""
    known = list(layers)
    names: dict[str, str] = {}
    parameters: dict[str, list[str]] = {}
    for layer in known:
        for local, name in layer.parameters.items():
            if name in update.parameters:
                full = f"{layer.name}.{local}"
                parameters.setdefault(name, []).extend([full] if full != name else [])
    between = tuple(local for local in update.rule.auxiliaries if local in update.rule.lines())
    inputs = list(inputs)
    parameters |= {name: [] for name in inputs if name in update.parameters}
    for number in range(update.steps + 1):
        ending = suffix(number, update.steps)
        for name, others in parameters.items():
            for each in (name, *others):
                names |= {each + ending: name + ending} if number else {}
                locals_ = between if number else update.rule.state
                for local in locals_:
                    own = remembered(name, local, number, update.steps)
                    names[remembered(each, local, number, update.steps)] = own
        if (number > 0 or update.batches) and number < update.steps:
            made = [f"d{gradients_of}/d{name}{ending}" for name in inputs]
            made += [name for layer in known for name in _of_both_passes(layer, ending, gradients_of)]
            names |= {name: name for name in (*made, *([loss + ending] if loss is not None else []))}
            names |= {f"d{gradients_of}/d{other}{ending}": f"d{gradients_of}/d{name}{ending}"
                      for name, others in parameters.items() for other in others}  # fmt: skip
    outputs: dict[str, None] = {}
    for layer in known:
        if any(name in outputs or name in parameters for name in (*layer.inputs, *layer.parameters.values())):
            outputs[layer.name] = None
    if loss is not None:
        names |= {name + NEW: name + NEW for name in (*outputs, loss)}
    if update.rates:
        names[RATES] = RATES
    # After the last step is after so many steps.
    last = f".step_{update.steps}"
    again = {name.removesuffix(NEW) + last: own for name, own in names.items() if name.endswith(NEW)}
    return names | again


def _of_both_passes(layer: NamedLayer, ending: str, gradients_of: str) -> Iterator[str]:
    for tensor in layer.tensors():
        own = tensor.name.removeprefix(layer.name)
        between = own.startswith(".") and tensor.name not in layer.parameters.values()
        again = layer.name + ending + own if between else tensor.name + ending
        if tensor.name not in layer.parameters.values():
            yield again
        if tensor.has_gradient:
            yield f"d{gradients_of}/d{again}"


def names(problem: Problem) -> dict[str, str]:
    """Every name that a question or an answer may use, with the tensor's own name; input and parameters come first."""
    layers = named_layers(problem)
    given = [Named(tensor.name) for tensor in problem.inputs]
    tensors = [*given, *(tensor for layer in layers for tensor in layer.tensors())]
    has_gradients = problem.loss is not None or problem.upstream is not None
    loss = problem.loss.name if problem.loss else None
    names = with_gradients(tensors, loss, problem.loss_name if has_gradients else None)
    names |= parts(layers, problem.loss_name) if has_gradients else {}
    if problem.update:
        inputs = [tensor.name for tensor in problem.inputs]
        names |= after_update(layers, problem.update, problem.measure, problem.loss_name, inputs)
    return names


def before_update(name: str, known: Container[str]) -> str:
    """The tensor that one after an update is shaped like: W of `W.step_1`, of `W.velocity` and of `dL/dW.new`.

    Any other name as it is.
    """
    while name not in known:
        shorter = _ENDING.sub("", name)
        head, _, last = name.rpartition(".")
        if shorter == name and last not in _REMEMBERED:
            break
        name = shorter if shorter != name else head
    return name
