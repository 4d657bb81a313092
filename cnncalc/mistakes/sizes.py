"""What people get wrong in sizes: slips over whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import field
from fractions import Fraction
from functools import partial
from math import prod
from typing import TypeAlias

from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.moving.gathered import Flatten
from cnncalc.layers.windows.axis import Axis
from cnncalc.layers.windows.pool import Pool
from cnncalc.mistakes.conv.channels import NOT_SUMMED
from cnncalc.mistakes.families import OF_WINDOWS, RIGHT
from cnncalc.mistakes.take import Slip, Way, need, slip
from cnncalc.records import Record, replace

Numbers: TypeAlias = tuple[int | Fraction, ...]
"""A wrong quantity: all numbers of a shape or a receptive field, or one count. Fractions are sizes not rounded."""


class Sized(Record):
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
    for one in slips:
        for wrong in one.made(subject):
            yield one, wrong if isinstance(wrong, tuple) else (wrong,)


def pooling_forgotten(s: Sized) -> Iterator[Shape]:
    """The shape without one of the poolings before it, or without any."""
    if isinstance(s.layer, Pool):
        yield s.x
    pools = [each for each in s.chain if isinstance(each.layer, Pool)]
    for pool in reversed(pools):
        yield s.after(pool.x, pool.position + 1)
    if len(pools) > 1:
        yield s.after(s.chain[0].x, 0, without=Pool)


def pooling_imagined(s: Sized) -> Iterator[Shape]:
    """The shape after a pooling that is not there, in each place before it."""
    for before in (*reversed(s.chain), None):
        x = before.y if before else (*s.chain, s)[0].x
        pooled = before is not None and isinstance(before.layer, Pool)
        if len(x) == 3 and not pooled and min(x[1:]) > 1:
            yield s.after((x[0], x[1] // 2, x[2] // 2), before.position + 1 if before else 0)


def not_rounded(s: Sized) -> Numbers:
    spare = [Fraction(axis.padded - axis.span, axis.stride) for axis in s.axes]
    need(any(each.denominator > 1 for each in spare))
    return (s.y[0], *(each + 1 for each in spare))


def of_pool(s: Sized, formula: Way) -> Shape:
    rows, columns = map(formula, s.axes)
    need(isinstance(s.layer, Pool) and min(rows, columns) > 0)
    return (s.y[0], rows, columns)


OF_LAYERS: tuple[Slip, ...] = (
    slip("channels-of-input", lambda s: s.kernel and (s.x[0], *s.y[1:]))(
        "The channels of the input were kept. The output has one channel for each kernel, whatever the input has."
    ),
    Slip(NOT_SUMMED.code, NOT_SUMMED.phrase, (lambda s: s.kernel and (s.x[0] * s.y[0], *s.y[1:]),)),
    slip("channels-added", lambda s: s.kernel and (s.x[0] + s.y[0], *s.y[1:]))(
        "The channels of the input were added to those of the output, which has one for each kernel and no others."
    ),
    slip("channels-pooled", lambda s: isinstance(s.layer, Pool) and (s.x[0] // s.axes[0].stride, *s.y[1:]))(
        "The number of channels was made smaller as well. A pooling treats each channel by itself: their number stays."
    ),
    slip("pooling-forgotten", pooling_forgotten)(
        "This is the size without one of the poolings before it; each pooling makes rows and columns fewer."
    ),
    slip("pooling-imagined", pooling_imagined)(
        "This is the size after one more 2×2 pooling, which this network does not have there."
    ),
    slip("output-size-not-rounded", not_rounded)(
        "The size was not rounded: a window that fits only in part is left out (or, with `ceil: true`, kept)."
        " ⌊(H + 2p − k)/s⌋ + 1."
    ),
    slip("not-flattened", lambda s: isinstance(s.layer, Flatten) and s.x)(
        "This is the shape before flattening; flattened, its numbers form one row of C · H · W."
    ),
    slip("sizes-added", lambda s: isinstance(s.layer, Flatten) and len(s.x) == 3 and sum(s.x))(
        "The sizes were added; an image has C · H · W numbers."
    ),
)

OF_POOLS = tuple(
    replace(one, phrase=one.phrase + RIGHT, ways=(partial(of_pool, formula=one.ways[0]),))
    for one in OF_WINDOWS
    # A pool says by its options which way it rounds.
    if one.code != "output-size-rounded-up"
)
"""Wrong formulas for the size, of a pool as of a convolution."""

AS_WRITTEN = (
    slip("~batch-left-out", lambda s: s.batch != () and s.y)(
        "the shape of one sample. Here the mini-batch counts: N comes first."
    ),
    slip("channels-left-out", lambda s: len(s.y) == 3 and s.y[1:])(
        "Rows and columns alone: the number of channels belongs in front, C, H, W."
    ),
)
"""With N where a reader sees it: how the shape is written down, and not how large it is."""

OF_PARAMETERS = (
    slip("weight-axes-swapped", lambda shape: len(shape) > 1 and (shape[1], shape[0], *shape[2:]))(
        "The first two axes of the weight were swapped. A conv's is (output channels, input channels, rows, columns),"
        " an fc's is (outputs, inputs)."
    ),
    slip("input-channels-forgotten")(
        "A kernel has a part for each input channel: the weight is (output channels, input channels, rows, columns).",
        lambda shape: len(shape) == 4 and [(shape[0], *shape[2:]), (1, *shape[1:]), (shape[0], 1, *shape[2:])],
    ),
)
"""Of the shape of a parameter, which is what the ways see."""

SIZES = (*OF_LAYERS, *OF_POOLS, *AS_WRITTEN, *OF_PARAMETERS)
