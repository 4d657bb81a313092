"""A problem as it was read: checked, shaped, and still in the numbers as typed."""

from collections.abc import Mapping
from dataclasses import field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, get_args

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Loss, Shape
from cnncalc.optimizers.rule import UpdateRule
from cnncalc.problem.tensor.typed import blank, is_blank
from cnncalc.problem.text.faults import Place
from cnncalc.records import dataclass

Numbers = Literal["auto", "exact", "float", "symbolic"]
NUMBERS: tuple[Numbers, ...] = get_args(Numbers)
"""The first is the default."""


@dataclass(frozen=True)
class GivenTensor:
    """A tensor of the problem file, in full shape.

    `entries` is an object array of typed numbers (see arithmetic.expression), or float64 or integers from a .npy file,
    the float64 finite and without −0.
    The input, the upstream gradient and the target carry N first, always; parameters never do.
    """

    name: str
    entries: Array = field(compare=False)
    place: Place | None = None

    @property
    def is_blank(self) -> bool:
        """Whether only its shape is known."""
        return is_blank(self.entries)

    def __reduce__(self) -> tuple[Any, ...]:
        """To another process goes the shape of a blank, and not a copy for each of its elements."""
        if self.is_blank:
            return _blank_tensor, (self.name, self.entries.shape, self.place)
        return GivenTensor, (self.name, self.entries, self.place)


def _blank_tensor(name: str, shape: Shape, place: Place | None) -> GivenTensor:
    return GivenTensor(name, blank(shape), place)


@dataclass(frozen=True)
class LayerEntry:
    """One layer of the chain: its name, its options, its parameters by the layer type's names for them."""

    name: str
    layer: Layer
    parameters: Mapping[str, GivenTensor]
    input_shape: Shape
    output_shape: Shape
    place: Place


@dataclass(frozen=True)
class LossEntry:
    """The loss and its target."""

    name: str
    loss: Loss
    target: GivenTensor
    place: Place


@dataclass(frozen=True)
class UpdateEntry:
    """A step of descent: its rule, and the names of the parameters that it changes."""

    rule: UpdateRule
    parameters: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Problem:
    """A problem that is ready to be solved. Shapes are without N; `batch` is None where the input has no N."""

    title: str
    source: str
    index_base: Literal[0, 1]
    numbers: Numbers
    input: GivenTensor
    batch: int | None
    layers: tuple[LayerEntry, ...]
    loss: LossEntry | None
    upstream: GivenTensor | None
    loss_name: str
    questions: Mapping[str, tuple[str, ...]]
    answers: Mapping[str, Any]
    """Raw nodes of the answers, by the name as typed; reading them is the checker's work."""
    file: str
    update: UpdateEntry | None = None
    text: str = field(repr=False, compare=False, default="")
    has_letters: bool = False
    """Whether letters stand among the numbers, so that `auto` is symbolic."""
    files: tuple[Path, ...] = field(compare=False, default=())
    """The data files that it names."""
    is_plane: bool = False
    """Whether the input was typed as rows and columns, without the one channel that it has."""
    notices: tuple[Phrase, ...] = ()
    """What is to be said of how the file was taken."""

    @cached_property
    def multiplications(self) -> int:
        """Of the forward pass, of the backward pass at about twice that, and of the forward pass after an update."""
        forward = sum(
            entry.layer.multiplications(
                entry.input_shape, {name: given.entries.shape for name, given in entry.parameters.items()}
            )
            for entry in self.layers
        )
        backward = self.loss is not None or self.upstream is not None
        return forward * (self.batch or 1) * (1 + 2 * backward + (self.update is not None))

    @cached_property
    def blanks(self) -> list[GivenTensor]:
        """The tensors without numbers; where there are any, nothing can be computed but sizes and counts."""
        given = [self.input, *(given for entry in self.layers for given in entry.parameters.values())]
        given += [self.loss.target] if self.loss else []
        given += [self.upstream] if self.upstream else []
        return [tensor for tensor in given if tensor.is_blank]
