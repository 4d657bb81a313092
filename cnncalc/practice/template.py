"""A problem file whose numbers can be exchanged: everything else stays as it was typed, in our words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import prod
from pathlib import Path
from typing import Literal

from cnncalc.arithmetic.expression import Expression
from cnncalc.language import Language, Phrase
from cnncalc.layers.base import Layer, Loss
from cnncalc.losses.composed import WeightedLosses
from cnncalc.practice.writing import Noted, Numbers, Value, of_node, yaml
from cnncalc.problem.loader import loads
from cnncalc.problem.names import names
from cnncalc.problem.problem import GivenTensor, LayerEntry, Problem
from cnncalc.problem.text.faults import Collector, ProblemError, shape_text
from cnncalc.problem.text.nodes import Fields, Items, Node, Scalar, compose
from cnncalc.problem.words.file_words import in_our_words
from cnncalc.problem.words.spelling import Said
from cnncalc.records import Record, replace

MOST_CELLS = 160
"""Cells that are written one by one, to be filled in; of a larger tensor its shape."""
LONGEST_VECTOR = 24
LAID_OUT = ("flatten", "identity")
"""Layers that compute nothing."""
NAMED = Phrase("{name}: {count}")
SHAPED = Phrase("{name}: {shape}, {count}")
NUMBERS = Phrase("{size:number|numbers}")
CLASS = Phrase("the class, {first} to {last}")
DROPPED = ("answers", "source")
"""What is said of the numbers that were there."""


class Slot(Record):
    """A tensor of the file whose numbers are to be written: its shape as a reader sees it, and what it is for."""

    name: str
    shape: tuple[int, ...]
    role: Literal["input", "parameter", "upstream", "target", "classes"]
    given: GivenTensor
    layer: Layer | None = None
    """Whose it is; of an input the loss that takes it as it is."""
    local: str = ""
    """The layer's own name for it."""
    own_name: str | None = None
    """The name that the file gives it inside of its mapping."""

    @property
    def is_learned(self) -> bool:
        """Whether it is a weight or a bias, and no running statistic or mask."""
        learned = {parameter.name: parameter.learned for parameter in self.layer.parameters} if self.layer else {}
        return learned.get(self.local, True)

    @property
    def is_distribution(self) -> bool:
        """Whether its numbers are the shares of 1 that a loss takes."""
        loss = self.layer
        if not isinstance(loss, Loss) or self.role == "classes":
            return False
        return loss.target_is_distribution and (self.role == "target" or loss.takes == "probabilities")

    def kept(self) -> list[Fraction]:
        """A running statistic or a mask as it was; 1 where it was not known, or is a root or a letter."""
        if self.given.is_blank:
            return [Fraction(1)] * prod(self.shape)
        numbers = self.given.entries.ravel().tolist()
        return [Fraction(1) if isinstance(number, Expression) else Fraction(number) for number in numbers]


Filling = Callable[[Slot], "list[str] | None"]
"""The cells of a tensor as texts, in order; None where its shape is all that is known."""


class Template(Record):
    """A problem, and the tree of its file with slots in place of its numbers."""

    problem: Problem
    entries: Mapping[str, object]
    slots: tuple[Slot, ...]

    def written(self, filling: Filling, language: Language = "en", **more: str) -> str:
        """The file with these numbers, shapes beside them; `more` are further keys, in front."""
        made: dict[str, Value] = {**more}
        for key, entry in self.entries.items():
            if key not in more:
                made[key] = _filled(entry, filling, language, self.problem.index_base)
        return yaml(made)

    def asking(self) -> Template:
        """The same with questions, in the order in which one works, where it has none."""
        if "questions" in self.entries:
            return self
        return replace(self, entries={**self.entries, "questions": questions(self.problem)})


def unknown(slot: Slot) -> list[str] | None:
    """A `?` for each number."""
    size = prod(slot.shape)
    return ["?"] * size if size <= (MOST_CELLS if len(slot.shape) > 1 else LONGEST_VECTOR) else None


def questions(problem: Problem) -> dict[str, list[str] | str]:
    """Each tensor that is to be computed, in the order in which one works: a question a step."""
    asked: list[list[str]] = []
    for entry in problem.layers:
        asked += [[entry.name]] * (entry.layer.type not in LAID_OUT)
    asked += [[problem.loss.name]] if problem.loss else []
    given = f"d{problem.loss_name}/d{problem.output}" if problem.upstream else ""
    gradients = {name for name in names(problem).values() if name.startswith(f"d{problem.loss_name}/d")} - {given}
    for entry in reversed(problem.layers) if gradients else ():
        own = (tensor.name for local, tensor in entry.parameters.items() if local not in entry.shared)
        wanted = [f"d{problem.loss_name}/d{name}" for name in ([] if entry.layer.type in LAID_OUT else [entry.name])]
        wanted += [f"d{problem.loss_name}/d{name}" for name in own]
        asked.append([name for name in wanted if name in gradients])
    asked.append([name for each in problem.inputs if (name := f"d{problem.loss_name}/d{each.name}") in gradients])
    asked.append([f"{name}.new" for name in problem.update.parameters] if problem.update else [])
    return {str(number): each[0] if len(each) == 1 else each for number, each in enumerate(filter(None, asked), 1)}


def template(text: str, source: str = "<text>", folder: Path | None = None, allow_outside: bool = False) -> Template:
    """The template of a problem file; raises ProblemError with every fault of the file."""
    problem = loads(text, source=source, folder=folder, allow_outside=allow_outside)
    faults = Collector()
    root = compose(text, faults)
    if isinstance(root, Fields):
        root, _ = in_our_words(root, Said(), faults)
    if not isinstance(root, Fields) or not isinstance(root.get("layers"), Items | Scalar | None):
        raise ProblemError(faults.report(), source, text)
    return _Making(problem, root).template()


class _Making:
    """Goes through the file and its problem side by side."""

    def __init__(self, problem: Problem, root: Fields) -> None:
        self.problem, self.root = problem, root
        self.slots: list[Slot] = []
        self.batch = () if problem.batch is None else (problem.batch,)

    def template(self) -> Template:
        made: dict[str, object] = {}
        for key, (_, node) in self.root.entries.items():
            if key == "input":
                made[key] = self._input(self.problem.input, node)
            elif key == "inputs" and isinstance(node, Fields):
                by_name = {given.name: given for given in self.problem.inputs}
                made[key] = {name: self._input(by_name[name], inner) for name, (_, inner) in node.entries.items()}
            elif key == "layers":
                pairs = zip(self.problem.layers, node.items if isinstance(node, Items) else [], strict=True)
                made |= self._in_parts([self._layer(entry, item) for entry, item in pairs])
            elif key == "loss" and self.problem.loss is not None:
                made[key] = self._loss(node)
            elif key == "upstream" and self.problem.upstream is not None:
                made[key] = self._slot(self.problem.upstream, "upstream", self._seen(self.problem.upstream), node)
            elif key not in (*DROPPED, "parts"):
                made[key] = of_node(node)
        return Template(self.problem, made, tuple(self.slots))

    def _in_parts(self, layers: list[_Layer]) -> dict[str, object]:
        """The layers; those of a part under its letter, where the first need not say what it takes."""
        parts = self.root.get("parts")
        if not isinstance(parts, Fields):
            return {"layers": layers}
        made: dict[str, object] = {}
        for label, (_, listed) in reversed(parts.entries.items()):
            count = len(listed.items) if isinstance(listed, Items) else 0
            first, *others = layers[-count:]
            layers = layers[:-count]
            taking = {name: value for name, value in first.options.items() if name != "input"}
            made = {label: [replace(first, options=taking), *others], **made}
        return {**({"layers": layers} if layers else {}), "parts": made}

    def _seen(self, given: GivenTensor) -> tuple[int, ...]:
        return (*self.batch, *given.entries.shape[1:])

    def _slot(
        self, given: GivenTensor, role: Literal["input", "parameter", "upstream", "target", "classes"],
        shape: tuple[int, ...], node: Node | None, layer: Layer | None = None, local: str = "",
    ) -> Slot:  # fmt: skip
        name = node.get("name") if isinstance(node, Fields) else None
        own = name.text if isinstance(name, Scalar) else None
        self.slots.append(Slot(given.name, shape, role, given, layer, local, own))
        return self.slots[-1]

    def _input(self, given: GivenTensor, node: Node) -> Slot:
        shape = self._seen(given)
        is_plane = self.problem.is_plane and given is self.problem.input
        loss = None if self.problem.layers or self.problem.loss is None else self.problem.loss.loss
        return self._slot(given, "input", shape[-2:] if is_plane else shape, node, loss)

    def _layer(self, entry: LayerEntry, item: Node) -> _Layer:
        options = _options(item)
        own = {parameter.name for parameter in entry.layer.parameters if parameter.name in entry.parameters}
        made: dict[str, object] = {key: of_node(node) for key, (_, node) in options.items() if key not in own}
        for parameter in entry.layer.parameters:
            given = entry.parameters.get(parameter.name)
            if parameter.name in options and parameter.name in own:
                made[parameter.name] = of_node(options[parameter.name][1])
            if given is None or parameter.name in entry.shared:
                continue
            node = options[parameter.name][1] if parameter.name in options else None
            if node is not None or (parameter.required and given.is_blank):
                shape = given.entries.shape
                made[parameter.name] = self._slot(given, "parameter", shape, node, entry.layer, parameter.name)
        note = f"{entry.name}: {shape_text((*self.batch, *entry.output_shape))}"
        return _Layer(entry.layer.type, made, note)

    def _loss(self, node: Node) -> object:
        loss = self.problem.loss
        assert loss is not None, "asked before"
        if isinstance(loss.loss, WeightedLosses) and isinstance(node, Items):
            members = zip(loss.loss.members, loss.targets, node.items, strict=True)
            return [self._one_loss(member.loss, target, item) for member, target, item in members]
        return self._one_loss(loss.loss, loss.target, node)

    def _one_loss(self, loss: Loss, target: GivenTensor, node: Node) -> dict[str, object]:
        options = _options(node)
        made: dict[str, object] = {key: of_node(inner) for key, (_, inner) in options.items()}
        shape = self._seen(target)
        if "class" in options:
            made["class"] = self._slot(target, "classes", shape[:-1], None, loss, "target")
        else:
            made["target"] = self._slot(target, "target", shape, options["target"][1], loss, "target")
        return {loss.type: made}


class _Layer(Record):
    type: str
    options: Mapping[str, object]
    note: str


def _options(item: Node) -> Mapping[str, tuple[Scalar, Node]]:
    """The options of a layer or a loss."""
    value = next(iter(item.entries.values()))[1] if isinstance(item, Fields) else None
    return value.entries if isinstance(value, Fields) else {}


def _filled(entry: object, filling: Filling, language: Language, index_base: int) -> Value:
    if isinstance(entry, Slot):
        return _numbers(entry, filling(entry), language, index_base)
    if isinstance(entry, _Layer):
        inner = _filled(entry.options, filling, language, index_base)
        layer: Value = {entry.type: inner} if inner else entry.type
        return Noted(layer, entry.note)
    if isinstance(entry, Mapping):
        return {key: _filled(inner, filling, language, index_base) for key, inner in entry.items()}
    if isinstance(entry, list):
        return [_filled(inner, filling, language, index_base) for inner in entry]
    return entry  # type: ignore[return-value]


def _numbers(slot: Slot, texts: list[str] | None, language: Language, index_base: int) -> Value:
    """`[[1, 2], …]`; in a mapping where the tensor has a name, or where its shape is all that is known."""
    value: Value
    if texts is None:
        value = {"shape": Numbers((len(slot.shape),), [str(size) for size in slot.shape]), "value": "?"}
        value = {"name": slot.own_name, **value} if slot.own_name else value
    else:
        value = Numbers(slot.shape, texts)
        value = {"name": slot.own_name, "value": value} if slot.own_name else value
    size = prod(slot.shape)
    count = NUMBERS.format(size=size)
    said = NAMED.format(name=slot.name, count=count)
    if len(slot.shape) > 1:
        said = SHAPED.format(name=slot.name, shape=shape_text(slot.shape), count=count)
    if slot.role == "classes":
        said = CLASS.format(first=index_base, last=slot.given.entries.shape[-1] - 1 + index_base)
    return Noted(value, said.text(language))
