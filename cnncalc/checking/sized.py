"""A layer with its shapes alone: what the rules of mistakes in sizes and counts are applied to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from math import prod
from typing import Any, Literal, TypeAlias

from cnncalc.language import Phrase
from cnncalc.layers.base import Shape
from cnncalc.problem.problem import LayerEntry
from cnncalc.records import dataclass, replace

Numbers: TypeAlias = tuple[int | Fraction, ...]
"""A wrong quantity: all numbers of a shape or a receptive field, or one count. Fractions are sizes not rounded."""


@dataclass(frozen=True)
class Sized:
    """A layer with its shapes, true ones or those that follow from a student's; without N."""

    position: int
    entry: LayerEntry
    x: Shape
    y: Shape
    parameters: Mapping[str, Shape]
    batch: Shape = ()
    """(N) where the reader sees it."""
    chain: Sequence[Sized] = field(default=(), repr=False, compare=False)
    """The layers before it, in order."""

    @property
    def kernels(self) -> tuple[Shape, ...]:
        """Of the learned parameters those that are multiplied with."""
        return tuple(shape for name, shape in self.parameters.items() if name in self._learned(is_added=False))

    @property
    def weights(self) -> int:
        """Numbers in the kernels."""
        return sum(map(prod, self.kernels))

    @property
    def biases(self) -> int:
        """How many numbers are added."""
        return sum(prod(shape) for name, shape in self.parameters.items() if name in self._learned(is_added=True))

    def _learned(self, is_added: bool) -> set[str]:
        return {p.name for p in self.entry.layer.parameters if p.learned and p.is_added is is_added}


@dataclass(frozen=True)
class Slip:
    """One way to get a size or a count wrong; as a layer's `Mistake`, for what is no tensor."""

    code: str
    phrase: Phrase
    rule: Callable[[Any], Iterator[Numbers]] = field(repr=False)
    """What a layer (`Sized`), a network (`Counts`) or a parameter (its shape) comes to."""
    kind: Literal["mistake", "convention"] = "mistake"


def parameter_shapes(entry: LayerEntry, x: Shape) -> Mapping[str, Shape]:
    """The parameters of a layer as large as another input would need them; raises ShapeError."""
    true = {name: given.entries.shape for name, given in entry.parameters.items()}
    if x == entry.input_shape:
        return true
    layer, outputs = entry.layer, entry.output_shape[0]
    said = {"units": outputs, "channels": outputs, "size": true["weight"][2:] if "weight" in true else None}
    outlines = {option: said[option] for p in layer.parameters if p.name in true for option in p.outline}
    return replace(layer, **outlines).parameter_shapes(x, dict.fromkeys(true, ()))
