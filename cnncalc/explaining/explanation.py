"""(Trace, tensor, index) -> Explanation: the terms that make up one element, and which elements those read."""

from collections.abc import Iterator, Sequence
from dataclasses import field

import numpy as np

from cnncalc.arithmetic.base import Element
from cnncalc.layers.base import Apply, Entry, Index, Loss, Term
from cnncalc.layers.evaluate import factor_value
from cnncalc.records import dataclass
from cnncalc.step import Step
from cnncalc.trace import Tensor, Trace

IMAGE_RANK = 4
FEWEST_PARTED = 4
"""Two terms in two groups are better read as two terms."""
WITHOUT_TERMS = ("path",)
"""Tensors that no sum makes: a path says where the winner stands."""


@dataclass(frozen=True)
class Read:
    """An element that the terms of another one read."""

    tensor: Tensor
    index: Index
    """As a reader counts the axes (without N where the input has none), from 0."""
    value: Element = field(compare=False)


@dataclass(frozen=True)
class Group:
    """Terms that read the same channel of the same sample.

    `lead` is what they have in common, an entry with the index cut to sample and channel; None where the whole sum has
    one part only, or where the terms read neither x nor g (a bias).
    """

    terms: tuple[Term, ...]
    lead: Entry | None = None
    varies: tuple[int, ...] = ()
    """Which axes of the lead's index differ from one group to the next: 0 is the sample, 1 the channel."""


@dataclass(frozen=True)
class Explanation:
    """How one element comes about. A given element has no step, and neither terms nor groups."""

    trace: Trace = field(repr=False, compare=False)
    tensor: Tensor
    index: Index
    """As a reader counts the axes, from 0."""
    step: Step | None
    local: str
    """What the step calls the tensor."""
    at: Index
    """The index in the step's own tensor, N first."""
    groups: tuple[Group, ...]

    @property
    def value(self) -> Element:
        """The element itself."""
        return self.tensor.elements[self.index]

    @property
    def terms(self) -> list[Term]:
        """All terms; they add up to the value."""
        return [term for one in self.groups for term in one.terms]

    def read(self, entry: Entry) -> Read:
        """The element of the trace that an entry of a term stands for."""
        assert self.step is not None
        return read(self.trace, self.step, entry)

    def entries(self) -> list[Entry]:
        """Every element that the terms read, once, in the order in which they come."""
        return list(dict.fromkeys(entries(self.terms)))


def explain(trace: Trace, tensor: Tensor, index: Index) -> Explanation:
    """One element; `index` is the reader's, counted from 0, and must lie inside."""
    step, local = trace.maker(tensor)
    if step is None:
        return Explanation(trace, tensor, index, None, tensor.local, index, ())
    at = layer_index(tensor, index, step, local)
    if local in WITHOUT_TERMS:
        return Explanation(trace, tensor, index, step, local, at, ())
    terms = step.layer.terms(local, at, trace.numbers, step.tensors)
    if isinstance(step.layer, Loss):
        # The gradient of the loss by itself is 1, and nobody writes it down.
        terms = [Term(tuple(f for f in term.factors if f != Entry("g", ())), term.coefficient) for term in terms]
    return Explanation(trace, tensor, index, step, local, at, group(terms))


def layer_index(tensor: Tensor, index: Index, step: Step, local: str) -> Index:
    """The reader's index as the layer counts: with N, and with maps of 1×1 as features."""
    if local not in step.tensors:
        has_samples = not tensor.batched and local not in step.layer.without_samples
        return (0, *index) if has_samples else index
    return _same_place(index, tensor.shape, step.tensors[local].shape)


def read(trace: Trace, step: Step, entry: Entry) -> Read:
    """The element of the trace that an entry of one of the step's terms stands for."""
    tensor = trace[step.names[entry.tensor]]
    index = _same_place(entry.index, step.tensors[entry.tensor].shape, tensor.shape)
    return Read(tensor, index, factor_value(entry, trace.numbers, step.tensors))


def entries(terms: Sequence[Term]) -> Iterator[Entry]:
    """Every entry in the terms, those inside of functions too."""
    for term in terms:
        for factor in term.factors:
            if isinstance(factor, Apply):
                yield from entries(factor.terms)
            else:
                yield factor


def _same_place(index: Index, shape: tuple[int, ...], other: tuple[int, ...]) -> Index:
    """The index of the same element in an array of another shape with as many elements."""
    if shape == other:
        return index
    number = int(np.ravel_multi_index(index, shape)) if shape else 0
    return tuple(int(i) for i in np.unravel_index(number, other)) if other else ()


def group(terms: Sequence[Term]) -> tuple[Group, ...]:
    """The terms in parts, in order; one part where nothing parts them, none without terms."""
    if len(terms) < FEWEST_PARTED:
        return (Group(tuple(terms)),) if terms else ()
    parts: dict[Entry | None, list[Term]] = {}
    for term in terms:
        parts.setdefault(_lead(term), []).append(term)
    leads = [lead for lead in parts if lead is not None]
    if len(leads) < 2 or len(terms) <= len(parts) * 2 - 1:
        return (Group(tuple(terms)),) if terms else ()
    axes = zip(*(lead.index for lead in leads), strict=False)
    varies = tuple(axis for axis, values in enumerate(axes) if len(set(values)) > 1)
    return tuple(Group(tuple(members), lead, varies) for lead, members in parts.items())


def _lead(term: Term) -> Entry | None:
    """Sample and channel of what the term reads of x or g; an image's alone, for features have no channels."""
    for factor in term.factors:
        if isinstance(factor, Entry) and factor.tensor in ("g", "x"):
            return Entry(factor.tensor, factor.index[: 2 if len(factor.index) == IMAGE_RANK else 1])
    return None
