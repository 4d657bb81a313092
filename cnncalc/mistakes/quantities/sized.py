"""A layer with its shapes alone: what mistakes in sizes and counts are made in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from math import prod
from typing import TypeAlias

from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.windows.axis import Axis
from cnncalc.mistakes.take import Slip
from cnncalc.records import dataclass

Numbers: TypeAlias = tuple[int | Fraction, ...]
"""A wrong quantity: all numbers of a shape or a receptive field, or one count. Fractions are sizes not rounded."""


@dataclass(frozen=True)
class Sized:
    """A layer with its shapes, true ones or those that follow from a student's; without N."""

    position: int
    """Among the layers of its own way, from the input on."""
    name: str
    layer: Layer
    x: Shape
    y: Shape
    parameters: Mapping[str, Shape]
    fitting: Callable[[Shape], Mapping[str, Shape]] = field(repr=False, compare=False)
    """The parameters as large as another x would need them; raises ShapeError."""
    batch: Shape = ()
    """(N) where the reader sees it."""
    chain: Sequence[Sized] = field(default=(), repr=False, compare=False)
    """The layers before it, in order, along the first input of each."""
    shared: frozenset[str] = frozenset()
    """The parameters that are counted in a layer above."""
    names: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    """What its tensors are called."""

    @property
    def weights(self) -> int:
        """Numbers that are multiplied with."""
        return sum(map(prod, self._learned(is_added=False)))

    @property
    def biases(self) -> int:
        """How many numbers are added."""
        return sum(map(prod, self._learned(is_added=True)))

    @property
    def parameters_with_shared(self) -> int | None:
        """All parameters, those too that are counted in a layer above; None where there are no such."""
        learned = (p.name for p in self.layer.parameters if p.learned and p.name in self.parameters)
        return sum(prod(self.parameters[name]) for name in learned) if self.shared else None

    @property
    def kernel(self) -> tuple[int, int]:
        """Rows and columns of a convolution's kernel; ValueError where there is none."""
        ((_, _, rows, columns),) = (shape for shape in self._learned(is_added=False) if len(shape) == 4)
        return rows, columns

    @property
    def groups(self) -> int:
        """Groups of a convolution; 1 for any other layer."""
        groups: int = getattr(self.layer, "groups", 1)
        return groups

    @property
    def inputs(self) -> int:
        """Input channels that one kernel of a convolution sees; ValueError where there is none."""
        return self.x[0] // self.groups if self.kernel else 0

    @property
    def positions(self) -> int:
        """Positions of the output."""
        return prod(self.y[1:])

    @property
    def multiplications(self) -> int:
        """Of one sample."""
        return self.layer.multiplications(self.x, self.parameters)

    @property
    def axes(self) -> list[Axis]:
        """Rows and columns of windows that lie on x; none where there are no such."""
        return [each.axis for each in self.layer.reach(self.x, self.parameters) or () if not each.is_stamp]

    @property
    def weighs_features(self) -> bool:
        """Whether it makes features of features by weights, as an fc does."""
        return len(self.x) == len(self.y) == 1 and self.weights > 0

    def after(self, x: Shape, start: int, without: type[Layer] | tuple[()] = ()) -> Shape:
        """The shape of y if x came into an earlier layer, or into itself; raises ShapeError."""
        for each in (*self.chain, self)[start:]:
            if not isinstance(each.layer, without):
                x = each.layer.output_shape(x, each.fitting(x))
        return x

    def _learned(self, is_added: bool) -> list[Shape]:
        learned = {p.name for p in self.layer.parameters if p.learned and p.is_added is is_added}
        return [shape for name, shape in self.parameters.items() if name in learned - self.shared]


def made(slips: Iterable[Slip], subject: object) -> Iterator[tuple[Slip, Numbers]]:
    """Each with what comes of a layer, or of the shape of a parameter."""
    for slip in slips:
        for wrong in slip.made(subject):
            yield slip, wrong if isinstance(wrong, tuple) else (wrong,)
