"""What people get wrong, as rules that can be computed: a layer's known mistakes beside its right formulas.

A rule sees one step of a problem as a Scene and gives what a tensor of it comes to if the mistake is made. Rules are
written in the layers' vocabulary (x, y, g, weight, dx, …; N first) and run in any arithmetic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from importlib import import_module
from importlib.util import find_spec
from typing import Literal, TypeAlias

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Shape
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Scene:
    """One step: the layer, and its tensors as they are, or as a student's earlier answers make them.

    `tensors` holds x, the parameters, the auxiliaries, y and, where there is a backward pass, g, dx, dweight, …
    The loss is a step, the last one.
    """

    layer: Layer
    numbers: Arithmetic
    tensors: Mapping[str, Array] = field(repr=False)
    chain: Sequence[Scene] = field(default=(), repr=False)
    """All steps of the problem in order, this one among them."""
    position: int = 0
    index_base: int = 1
    """How a reader counts channels and the like."""
    batched: bool = False
    """Whether a reader sees samples: whether the input has an axis N."""

    @property
    def before(self) -> Scene | None:
        """The step whose y is this one's x; None for the first."""
        return self.chain[self.position - 1] if self.position else None

    @property
    def after(self) -> Scene | None:
        """The step whose x is this one's y; None for the last."""
        return self.chain[self.position + 1] if self.position + 1 < len(self.chain) else None

    def __getitem__(self, local: str) -> Array:
        """A tensor by the layer's name for it."""
        return self.tensors[local]

    def __contains__(self, local: str) -> bool:
        """Whether the step has such a tensor."""
        return local in self.tensors

    def parameters(self) -> dict[str, Array]:
        """The parameters in use."""
        return {p.name: self.tensors[p.name] for p in self.layer.parameters if p.name in self.tensors}

    def forward(self, layer: Layer | None = None, x: Array | None = None, **parameters: Array) -> dict[str, Array]:
        """What this layer, or one with other options, makes of x, or of another x or other parameters."""
        given = {**self.parameters(), **parameters}
        return (layer or self.layer).forward(self.numbers, self["x"] if x is None else x, given)

    def backward(self, layer: Layer | None = None, g: Array | None = None, **tensors: Array) -> dict[str, Array]:
        """The gradients of this layer, or of one with other options, from g, or from another g or other tensors."""
        # A copy as a dictionary would compute every tensor, the gradients among them.
        forward = {p: self[p] for p in ("x", "y", *self.parameters(), *self.layer.auxiliaries) if p in self}
        return (layer or self.layer).backward(self.numbers, self["g"] if g is None else g, {**forward, **tensors})


@dataclass(frozen=True)
class Size:
    """A rule that tells only how large the wrong tensor is, without N."""

    shape: Shape


Wrong: TypeAlias = Iterator[Array | Size]
"""What a rule gives: the wrong tensor (N first), in each of the ways in which the mistake can be made; maybe none."""


@dataclass(frozen=True)
class Mistake:
    """One way to get one tensor of a layer wrong.

    `code` names it for good, in words; several tensors of a layer may share one. `phrase` says what was done and, where
    that helps, what is right. A rule that does not apply gives nothing, or raises ShapeError or ArithmeticError.
    """

    code: str
    tensor: str
    """The layer's own name for the tensor: `y`, `dweight`, …"""
    phrase: Phrase
    rule: Callable[[Scene], Wrong] = field(repr=False)
    kind: Literal["mistake", "convention"] = "mistake"
    """A convention is right elsewhere: courses differ, and the message says so."""


def known_mistakes(layer: Layer) -> Sequence[Mistake]:
    """What people get wrong in a layer, the most specific first: MISTAKES of the module beside its own.

    Such a module (`relu_mistakes` beside `relu`) is loaded only when answers are checked; a layer may have none.
    """
    name = f"{type(layer).__module__.rpartition('.')[0]}.{layer.type}_mistakes"
    if find_spec(name) is None:
        return ()
    mistakes: Sequence[Mistake] = import_module(name).MISTAKES
    return mistakes
