"""Which element is meant, how it comes about, and what surrounds it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import field
from itertools import product

import numpy as np

from cnncalc.arithmetic.base import Element
from cnncalc.layers.base import Apply, Entry, Index, Loss, Term, by
from cnncalc.layers.evaluate import factor_value
from cnncalc.layers.windows.axis import Axis, Reach
from cnncalc.problem.names import plain_name
from cnncalc.problem.text.faults import UserFault, listing, quoted
from cnncalc.problem.words.other_names import no_tensor
from cnncalc.records import Record
from cnncalc.step import Step
from cnncalc.trace import Tensor, Trace
from cnncalc.visible import shown

IMAGE_RANK = 4
FEWEST_PARTED = 4
"""Two terms in two groups are better read as two terms."""
WITHOUT_TERMS = ("path",)
"""Tensors that no sum makes: a path says where the winner stands."""


class Read(Record):
    """An element that the terms of another one read."""

    tensor: Tensor
    index: Index
    """As a reader counts the axes (without N where the input has none), from 0."""
    value: Element = field(compare=False)


class Group(Record):
    """Terms that read the same channel of the same sample.

    `lead` is what they have in common, an entry with the index cut to sample and channel; None where the whole sum has
    one part only, or where the terms read neither x nor g (a bias).
    """

    terms: tuple[Term, ...]
    lead: Entry | None = None
    varies: tuple[int, ...] = ()
    """Which axes of the lead's index differ from one group to the next: 0 is the sample, 1 the channel."""


class Explanation(Record):
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
    parts: dict[tuple[str, Index] | None, list[Term]] = {}
    for term in terms:
        parts.setdefault(_lead(term), []).append(term)
    leads = [lead for lead in parts if lead is not None]
    if len(leads) < 2 or len(terms) <= len(parts) * 2 - 1:
        return (Group(tuple(terms)),)
    axes = zip(*(index for _, index in leads), strict=False)
    varies = tuple(axis for axis, values in enumerate(axes) if len(set(values)) > 1)
    if not varies:
        return (Group(tuple(terms)),)
    return tuple(Group(tuple(members), lead and Entry(*lead), varies) for lead, members in parts.items())


def _lead(term: Term) -> tuple[str, Index] | None:
    """Sample and channel of what the term reads of x or g; an image's alone, for features have no channels."""
    for factor in term.factors:
        if isinstance(factor, Entry) and factor.tensor in ("g", "x"):
            # No Entry yet: most sums have far more terms than parts.
            return factor.tensor, factor.index[: 2 if len(factor.index) == IMAGE_RANK else 1]
    return None


ADDRESS = re.compile(r"(?P<name>[^\[\]]*?)\s*(?:\[(?P<index>[^\[\]]*)\])?\s*", re.DOTALL)
NUMBER = re.compile(r"[+-]?\d{1,9}")


class UnknownElement(UserFault, ValueError):
    """An address that finds nothing; the message says why, and what to write."""


def find(trace: Trace, address: str) -> tuple[Tensor, Index | None]:
    """The tensor and the index, counted from 0; None for the whole tensor. Raises UnknownElement.

    Indices count from the problem's `index_base`. What is one number anyway is found with an index and without.
    """
    match = ADDRESS.fullmatch(plain_name(address))
    if match is None:
        raise UnknownElement(f"{quoted(address)} is no address of an element; write {_example(trace)}")
    name, typed, repeated = match["name"], match["index"], shown(address.strip())
    if name not in trace and not trace.names:
        known = [f"shape({trace.problem.output})", "parameters(total)"]
        raise UnknownElement(f"there is no size or count {quoted(name)} here; write {listing(known)}")
    own = trace.meant(name)
    if own is None:
        raise UnknownElement(no_tensor(name, trace.known))
    tensor = trace[own]
    if typed is None:
        return tensor, None if tensor.shape else ()
    parts = [part.strip() for part in typed.split(",")] if typed.strip() else []
    for part in parts:
        if not NUMBER.fullmatch(part):
            what = f"{quoted(part)} is no index" if part else "an index is missing"
            raise UnknownElement(f"{repeated}: {what}; {_range(tensor, trace)}")
    ones = len(tensor.shape) - len(parts)
    if 0 < ones < len(tensor.shape) and set(tensor.shape[:ones]) == {1}:
        # y[2] of a signal of one channel, and conv_1[2,1] of one map.
        parts = [str(trace.problem.index_base)] * ones + parts
    if len(parts) != len(tensor.shape):
        given = f"{len(parts)} {'index' if len(parts) == 1 else 'indices'}"
        message = f"{repeated} has {given}, {tensor.name} has {len(tensor.shape)} axes ({by(tensor.shape)})"
        raise UnknownElement(f"{message}; {_range(tensor, trace)}")
    base = trace.problem.index_base
    index = tuple(int(part) - base for part in parts)
    for axis, (position, size) in enumerate(zip(index, tensor.shape, strict=True), 1):
        if not 0 <= position < size:
            message = f"{repeated} lies outside of {tensor.name} ({by(tensor.shape)})"
            which = f"index {axis} is {position + base} and must lie between {base} and {size - 1 + base}"
            raise UnknownElement(f"{message}: {which}; {_range(tensor, trace)}")
    return tensor, index


def _range(tensor: Tensor, trace: Trace) -> str:
    """What may be written, from the first element to the last."""
    base = trace.problem.index_base
    if not tensor.shape:
        return f"it is one number: write {tensor.name}"
    first = ",".join(str(base) for _ in tensor.shape)
    last = ",".join(str(size - 1 + base) for size in tensor.shape)
    if first == last:
        return f"its one element is {tensor.name}[{first}]"
    return f"its elements are {tensor.name}[{first}] to {tensor.name}[{last}]"


def _example(trace: Trace) -> str:
    tensor = max(trace, key=lambda one: len(one.shape))
    index = ",".join(str(trace.problem.index_base) for _ in tensor.shape)
    return f"a name with an index, such as {tensor.name}[{index}]"


KERNEL_RANK = 3
"""Of the weight of a convolution along one axis; along two it has one axis more."""


class Frame(Record):
    """The rows and columns of a tensor's last two axes that a window covers; those outside lie on padding.

    A window along the last axis alone has no rows.
    """

    tensor: Tensor
    rows: tuple[int, ...] | None
    columns: tuple[int, ...]

    @property
    def padding(self) -> list[tuple[int, ...]]:
        """The window's places that no cell of the tensor lies at, in row order."""
        axes = (self.columns,) if self.rows is None else (self.rows, self.columns)
        sizes = self.tensor.shape[-len(axes) :]
        return [place for place in product(*axes) if not all(0 <= at < n for at, n in zip(place, sizes, strict=True))]


class Frames(Record):
    """The windows of all elements of one tensor: rows by its last index but one, columns by its last."""

    tensor: Tensor
    rows: tuple[tuple[int, ...], ...] | None
    columns: tuple[tuple[int, ...], ...]


def frames(trace: Trace, step: Step, local: str) -> Frames | None:
    """The windows on x for y, on g for dx, on x for a kernel's gradient; None for a tensor without such."""
    reaches = step.reach()
    if reaches is None or local not in step.tensors or not reaches[0].has_windows:
        return None
    on, axes = _under(local, reaches[0]), len(reaches)
    # N and the channels stand in front of what a window moves along.
    if on not in step.names or {step.tensors[one].ndim for one in ("x", local)} != {axes + 2}:
        return None
    tensor = trace[step.names[on]]
    if tensor.shape[-axes:] != step.tensors[on].shape[-axes:]:
        return None
    lengths = step.tensors[local].shape[-axes:]
    *rows, columns = (
        tuple(_places(reach, local, at) for at in range(length)) for reach, length in zip(reaches, lengths, strict=True)
    )
    return Frames(tensor, rows[0] if rows else None, columns)


def frame(made: Explanation) -> Frame | None:
    """The window of one element."""
    known = None if made.step is None else frames(made.trace, made.step, made.local)
    if known is None:
        return None
    rows = None if known.rows is None else known.rows[made.at[-2]]
    return Frame(known.tensor, rows, known.columns[made.at[-1]])


def _under(local: str, reach: Reach) -> str:
    """The layer's name of what the window lies on."""
    return {"y": "x", "dx": "g", "dweight": "g" if reach.is_stamp else "x"}.get(local, "")


def _places(reach: Reach, local: str, at: int) -> tuple[int, ...]:
    """Along one axis the positions that belong to one index; a stamp's windows lie the other way round."""
    axis = reach.axis
    if local == "dweight":
        return tuple(axis.positions()[:, at].tolist())
    if (local == "y") != reach.is_stamp:
        return tuple(axis.positions()[at].tolist())
    return _windows(axis, at)


def _windows(axis: Axis, position: int) -> tuple[int, ...]:
    """The windows that would lie on a position, if there were windows without end."""
    starts = (position + axis.before - cell * axis.dilation for cell in range(axis.kernel))
    return tuple(sorted(start // axis.stride for start in starts if start % axis.stride == 0))


def role(step: Step, entry: Entry) -> str:
    """What an element is to the layer that reads it: `input`, `kernel`, `gradient`, or the tensor's own kind."""
    local = entry.tensor
    if step.layer.type == "meeting":
        return "gradient"  # the parts that the uses of a tensor send back
    parameters = {parameter.name: parameter for parameter in step.layer.parameters}
    if local == "x" or (local in parameters and parameters[local].is_operand):
        return "input"
    if local == "g" or (local[:1] == "d" and local not in parameters):
        return "gradient"
    if local == "y":
        return "output"
    return "kernel" if local == "weight" and len(entry.index) >= KERNEL_RANK else local
