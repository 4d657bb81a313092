"""The derivative of the loss, straight from the forward pass: no backward pass, no chain rule of a layer.

To each element of a tensor a multiple of one letter ε is added, the layers behind it are run, and what the loss has
beside ε is its derivative.
"""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.labelling import RANKS
from cnncalc.records import Record
from cnncalc.step import Step
from cnncalc.trace import Trace

if TYPE_CHECKING:
    from cnncalc.arithmetic.dual import ComplexStep, Duals

MOST_BY_ELEMENT = 16
"""Elements of a tensor that are moved one by one; those of a larger one are moved together."""
DIRECTIONS = 2
"""Ways of moving all of them: a wrong gradient has a right sum only where the numbers conspire."""
PER_NUMBER = 20
"""What looking at a number takes, in multiplications within a matrix product."""


class Moved(Record):
    """Where a tensor stands in the chain: what `local` is called there by the step that takes it."""

    position: int
    local: str


class Slopes:
    """Derivatives of the loss of one trace, by an arithmetic over the trace's own."""

    def __init__(self, trace: Trace, numbers: "Duals | ComplexStep") -> None:
        self.trace = trace
        self.steps = trace.steps
        self.numbers = numbers
        self.upstream = None if trace.problem.loss else trace.steps[-1].tensors["g"]

    def where(self, name: str) -> Moved | None:
        """The step that takes the tensor; None for what only exists inside of one (a mean, an xhat)."""
        for position, step in enumerate(self.steps):
            for local in ("x", *step.parameters()):
                if step.names[local] == name:
                    return Moved(position, local)
        last = self.steps[-1]
        return Moved(len(self.steps), "y") if name == last.names["y"] else None

    def directions(self, shape: tuple[int, ...], is_long: bool = False) -> Iterator[Array]:
        """How far each element is moved for one ε: one element at a time, or all by different whole numbers.

        If that `is_long`, in one way only.
        """
        size = int(np.prod(shape))
        if size <= MOST_BY_ELEMENT and not is_long:
            for number in range(size):
                direction = np.zeros(size, dtype=int)
                direction[number] = 1
                yield direction.reshape(shape)
            return
        draw = np.random.default_rng(size)
        for _ in range(1 if is_long else DIRECTIONS):
            yield (draw.integers(1, 98, size) * draw.choice([-1, 1], size)).reshape(shape)

    def along(self, moved: Moved, direction: Array, through: int | None = None) -> Array:
        """Numbers that add up to the derivative of the loss as the tensor moves, flat.

        By running `through` so many layers, or all that follow; what lies behind is taken from the gradient there.
        """
        end = len(self.steps) if through is None else min(moved.position + through, len(self.steps))
        if moved.position == len(self.steps):
            last = self.steps[-1]
            changed = {last.names["y"]: self.numbers.moved(last.tensors["y"], direction)}
        else:
            step = self.steps[moved.position]
            tensor = self.numbers.moved(step.tensors[moved.local], direction)
            changed = self._run(moved.position, end, {step.names[moved.local]: tensor})
        found = [self._slopes(behind, changed[name]) for name, behind in self._behind(end) if name in changed]
        return np.concatenate(found)

    def _slopes(self, behind: Array | None, y: Array) -> Array:
        if behind is not None:
            y = behind * y.reshape(behind.shape)
        return self.numbers.slopes(np.asarray(y).ravel())

    def _behind(self, end: int) -> Iterator[tuple[str, Array | None]]:
        """What the steps from `end` on take, each use with the gradient that it sends back; or the last output."""
        if end == len(self.steps):
            yield self.steps[-1].names["y"], self.upstream
        for step in self.steps[end:]:
            for local in step.used():
                yield step.names[local], step.tensors[f"d{local}"]

    def cost(self, moved: Moved, through: int | None = None) -> int:
        """What one run takes: multiplications, and numbers that are looked at."""
        end = len(self.steps) if through is None else moved.position + through
        return sum(map(cost_of, self.steps[moved.position : end]))

    def _run(self, position: int, end: int, replaced: Mapping[str, Array]) -> dict[str, Array]:
        """By name, what changes in the steps from `position` to `end` with some tensors replaced, and those."""
        changed = dict(replaced)
        for number, step in enumerate(self.steps[position:end], position + 1):
            if not changed.keys().isdisjoint(step.uses()):
                changed[step.name] = self._forward(step, number, changed)
        return changed

    def _forward(self, step: Step, number: int, changed: Mapping[str, Array]) -> Array:
        taken = {
            local: changed.get(step.names[local], array).reshape(array.shape)
            for local, array in {"x": step.tensors["x"], **step.parameters()}.items()
        }
        x, parameters = taken["x"], {local: array for local, array in taken.items() if local != "x"}
        # With the letters that the trace has for the same values.
        numbers = self.numbers.for_layer(step.name, RANKS * (len(self.trace.problem.layers) + 2 - number) - 1)
        y = numbers.simplified(np.asarray(step.layer.forward(numbers, x, parameters)["y"]))
        return numbers.named("y", y) if y.shape and numbers.is_long(y) else y


def cost_of(step: Step) -> int:
    """What a layer takes forward."""
    x, y = step.tensors["x"], step.tensors["y"]
    return len(x) * step.layer.multiplications(x.shape[1:], step.shapes()) + PER_NUMBER * (x.size + y.size)
