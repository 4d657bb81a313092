"""What somebody asks to have explained: `dL/dh[1,2,3,1]`, or a whole tensor by its name."""

import re

from cnncalc.layers.base import Index, by
from cnncalc.problem.names import plain_name
from cnncalc.problem.text.faults import UserFault
from cnncalc.problem.text.wording import quoted, which_tensor
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
