"""One layer, or the loss, at work in a trace."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import Doubt, Layer
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
