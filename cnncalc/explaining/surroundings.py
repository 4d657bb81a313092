"""What lies around the terms of one element: the part that each factor plays, and where the window lies."""

from __future__ import annotations

from cnncalc.explaining.explanation import Explanation
from cnncalc.layers.base import Entry
from cnncalc.layers.windows.axis import Axis
from cnncalc.layers.windows.extent import Reach
from cnncalc.records import dataclass
from cnncalc.trace import Step, Tensor, Trace

IMAGE_RANK = 4
"""Of an image as a layer has it, and of a kernel."""


@dataclass(frozen=True)
class Frame:
    """The rows and columns of a tensor's last two axes that a window covers; those outside lie on padding."""

    tensor: Tensor
    rows: tuple[int, ...]
    columns: tuple[int, ...]

    @property
    def padding(self) -> list[tuple[int, int]]:
        """The window's places that no cell of the tensor lies at, in row order."""
        height, width = self.tensor.shape[-2:]
        inside = {(row, column) for row in range(height) for column in range(width)}
        return [(row, column) for row in self.rows for column in self.columns if (row, column) not in inside]


@dataclass(frozen=True)
class Frames:
    """The windows of all elements of one tensor: rows by its last index but one, columns by its last."""

    tensor: Tensor
    rows: tuple[tuple[int, ...], ...]
    columns: tuple[tuple[int, ...], ...]


def frames(trace: Trace, step: Step, local: str) -> Frames | None:
    """The windows on x for y, on g for dx, on x for a kernel's gradient; None for a tensor without such."""
    if step.tensors["x"].ndim != IMAGE_RANK or local not in step.tensors or step.tensors[local].ndim != IMAGE_RANK:
        return None
    reaches = step.layer.reach(step.tensors["x"].shape[1:], step.shapes())
    on = _under(local, reaches)
    if reaches is None or on not in step.names:
        return None
    tensor = trace[step.names[on]]
    if len(tensor.shape) < 2 or tensor.shape[-2:] != step.tensors[on].shape[-2:]:
        return None
    lengths = step.tensors[local].shape[-2:]
    rows, columns = (
        tuple(_places(reach, local, at) for at in range(length)) for reach, length in zip(reaches, lengths, strict=True)
    )
    return Frames(tensor, rows, columns)


def frame(made: Explanation) -> Frame | None:
    """The window of one element."""
    known = None if made.step is None else frames(made.trace, made.step, made.local)
    if known is None:
        return None
    return Frame(known.tensor, known.rows[made.at[-2]], known.columns[made.at[-1]])


def _under(local: str, reaches: tuple[Reach, ...] | None) -> str:
    """The layer's name of what the window lies on."""
    is_stamp = reaches is not None and reaches[0].is_stamp
    return {"y": "x", "dx": "g", "dweight": "g" if is_stamp else "x"}.get(local, "")


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
    return "kernel" if local == "weight" and len(entry.index) == IMAGE_RANK else local
