"""One layer, or the loss, at work: a step in a trace, and a scene of it, true or as a student has it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from typing import Any

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Doubt, Layer, Shape
from cnncalc.layers.windows.axis import Reach
from cnncalc.records import Record

GIVEN = ("x", "g")
"""What a layer takes from its neighbours."""


def made_of(name: str, needs: Callable[[str], Iterable[str]]) -> set[str]:
    """All that a tensor is computed from, directly or not; `needs` says what one is directly computed from."""
    found, waiting = set[str](), [name]
    while waiting:
        new = set(needs(waiting.pop())) - found
        found |= new
        waiting += new
    return found


class AtWork:
    """A layer with its tensors, as they are or as a student has them."""

    layer: Layer
    tensors: Mapping[str, Array]

    def parameters(self) -> dict[str, Array]:
        """What it takes beside x, by local name: the parameters in use and the operands."""
        return {p.name: self.tensors[p.name] for p in self.layer.parameters if p.name in self.tensors}

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Their shapes, those of operands without N."""
        found = [p for p in self.layer.parameters if p.name in self.tensors]
        return {p.name: self.tensors[p.name].shape[p.is_operand :] for p in found}

    def reach(self) -> tuple[Reach, ...] | None:
        """What a cell of y sees of x along each axis; None where it is the one cell."""
        return self.layer.reach(self.tensors["x"].shape[1:], self.shapes())


class Step(Record, AtWork):
    """One layer (or the loss) at work: its tensors by its own names, N first, and what the trace calls those.

    The backward pass adds `g` and the gradients.
    """

    name: str
    layer: Layer
    tensors: dict[str, Array] = field(repr=False)
    names: dict[str, str]
    doubts: tuple[Doubt, ...] = ()
    """What is to be said beside the layer's own doubts."""

    def inputs(self) -> dict[str, str]:
        """What other steps, or the file's inputs, give it: names by local name, x first."""
        operands = (p.name for p in self.layer.parameters if p.is_operand and p.name in self.names)
        return {local: self.names[local] for local in ("x", *operands)}

    def uses(self) -> list[str]:
        """Everything that it takes and that has a gradient, by name, in order."""
        return [self.names[local] for local in self.used()]

    def needs(self, local: str) -> list[str]:
        """What one of its tensors is computed from, by name: its own tensors in between are among that."""
        own, is_forward = self.layer.auxiliaries, local in ("y", *self.layer.auxiliaries)
        forward = ["x", *(p.name for p in self.layer.parameters), *own]
        found = forward if is_forward else [*forward, "y", "g", *(f"d{auxiliary}" for auxiliary in own)]
        return [self.names[need] for need in found if need in self.names and need != local]

    def used(self) -> list[str]:
        """The same by local name."""
        inputs = [local for local in self.inputs() if local not in self.layer.fixed]
        return [*inputs, *(p.name for p in self.layer.parameters if p.learned and p.name in self.names)]

    def local(self, name: str) -> str:
        """Its own name for a tensor that it computes."""
        return next(local for local, known in self.names.items() if known == name and local not in GIVEN)

    def made(self) -> list[str]:
        """The tensors that it computes, by name."""
        parameters = {parameter.name for parameter in self.layer.parameters}
        return [name for local, name in self.names.items() if local not in GIVEN and local not in parameters]


class Scene(Record, AtWork):
    """One step: the layer, and its tensors as they are, or as a student's earlier answers make them.

    `tensors` holds x, the parameters, the auxiliaries, y and, where there is a backward pass, g, dx, dweight, …
    The loss is a step, the last one.
    """

    layer: Layer
    numbers: Arithmetic
    tensors: Mapping[str, Array] = field(repr=False)
    names: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What the tensors are called in the problem, by the layer's own names."""
    chain: Sequence[Scene] = field(default=(), repr=False)
    """All steps of the problem in order, this one among them."""
    index_base: int = 1
    """How a reader counts channels and the like."""
    later: Sequence[Scene] = field(default=(), repr=False)
    """The steps of an update, which come after all of these, and the forward pass behind it."""
    batched: bool = False
    """Whether a reader sees samples: whether the input has an axis N."""

    @property
    def before(self) -> Scene | None:
        """The step whose y is this one's x; None where the input is."""
        x = self.names.get("x")
        return next((other for other in self.chain if other.names["y"] == x), None)

    @property
    def after(self) -> Scene | None:
        """The step whose x is this one's y, if that is its only use; None for the last."""
        y = self.names.get("y")
        users = (other for other in self.chain if y in other.names.values())
        uses = [(other, local) for other in users for local in other.taken() if other.names[local] == y]
        return uses[0][0] if [local for _, local in uses] == ["x"] else None

    def taken(self) -> list[str]:
        """What it takes, by its own names: x, the parameters in use, the operands."""
        return [local for local in ("x", *(p.name for p in self.layer.parameters)) if local in self.names]

    def __getitem__(self, local: str) -> Array:
        """A tensor by the layer's name for it."""
        return self.tensors[local]

    def __contains__(self, local: str) -> bool:
        """Whether the step has such a tensor."""
        return local in self.tensors

    def forward(self, layer: Layer | None = None, x: Array | None = None, **parameters: Array) -> dict[str, Array]:
        """What this layer, or one with other options, makes of x, or of another x or other parameters."""
        given = {**self.parameters(), **parameters}
        return (layer or self.layer).forward(self.numbers, self["x"] if x is None else x, given)

    def backward(self, layer: Layer | None = None, g: Array | None = None, **tensors: Array) -> dict[str, Array]:
        """The gradients of this layer, or of one with other options, from g, or from another g or other tensors."""
        # A copy as a dictionary would compute every tensor, the gradients among them.
        forward = {p: self[p] for p in ("x", "y", *self.parameters(), *self.layer.auxiliaries) if p in self}
        return (layer or self.layer).backward(self.numbers, self["g"] if g is None else g, {**forward, **tensors})


class Size(Record):
    """A rule that tells only how large the wrong tensor is, without N."""

    shape: Shape


def scenes(
    steps: Iterable[Step],
    numbers: Arithmetic,
    tensors: Callable[[Any], Mapping[str, Array]] = lambda step: step.tensors,
    **known: Any,
) -> list[Scene]:
    """Steps that follow on each other as scenes of one chain; `known` holds more fields for all of them."""
    chain: list[Scene] = []
    chain.extend(Scene(step.layer, numbers, tensors(step), step.names, chain, **known) for step in steps)
    return chain
