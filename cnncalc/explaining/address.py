"""Which element is meant, and what surrounds it."""

import re
from itertools import product

from cnncalc.explaining.explanation import Explanation
from cnncalc.layers.base import Entry, Index, by
from cnncalc.layers.windows.axis import Axis, Reach
from cnncalc.problem.names import plain_name
from cnncalc.problem.text.faults import UserFault
from cnncalc.problem.text.wording import quoted, which_tensor
from cnncalc.records import dataclass
from cnncalc.step import Step
from cnncalc.trace import Tensor, Trace
from cnncalc.visible import shown

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
    if name not in trace:
        raise UnknownElement(f"no tensor is called {quoted(name)}; {which_tensor(name.replace('∂', 'd'), trace.names)}")
    tensor = trace[name]
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


@dataclass(frozen=True)
class Frame:
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


@dataclass(frozen=True)
class Frames:
    """The windows of all elements of one tensor: rows by its last index but one, columns by its last."""

    tensor: Tensor
    rows: tuple[tuple[int, ...], ...] | None
    columns: tuple[tuple[int, ...], ...]


def frames(trace: Trace, step: Step, local: str) -> Frames | None:
    """The windows on x for y, on g for dx, on x for a kernel's gradient; None for a tensor without such."""
    reaches = step.layer.reach(step.tensors["x"].shape[1:], step.shapes())
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
    parameters = {parameter.name: parameter for parameter in step.layer.parameters}
    if local == "x" or (local in parameters and parameters[local].is_operand):
        return "input"
    if local == "g" or (local[:1] == "d" and local not in parameters):
        return "gradient"
    if local == "y":
        return "output"
    return "kernel" if local == "weight" and len(entry.index) >= KERNEL_RANK else local
