"""A problem as it was read: checked, shaped, and still in the numbers as typed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import Layer, Loss, Shape
from cnncalc.problem.faults import Place

Numbers = Literal["auto", "exact", "float", "symbolic"]


@dataclass(frozen=True)
class GivenTensor:
    """A tensor of the problem file, in full shape.

    `entries` is an object array of typed numbers (see arithmetic.expression), or float64 or integers from a .npy file.
    The input, the upstream gradient and the target carry N first, always; parameters never do.
    """

    name: str
    entries: Array = field(compare=False)
    place: Place | None = None


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
    text: str = field(repr=False, compare=False, default="")
    has_letters: bool = False
    """Whether letters stand among the numbers, so that `auto` is symbolic."""
