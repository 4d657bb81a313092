"""The derivative of the loss, straight from the forward pass: no backward pass, no chain rule of a layer.

To each element of a tensor a multiple of one letter ε is added, the layers behind it are run, and the loss, an
expression in ε, is differentiated where ε is 0.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array, Element
from cnncalc.arithmetic.expression import Variable
from cnncalc.arithmetic.symbolic import Symbolic
from cnncalc.records import dataclass
from cnncalc.trace import Step, Trace

EPSILON = "ε"
MOST_BY_ELEMENT = 16
"""Elements of a tensor that are moved one by one; those of a larger one are moved together."""
DIRECTIONS = 2
"""Ways of moving all of them: a wrong gradient has a right sum only where the numbers conspire."""


@dataclass(frozen=True)
class Moved:
    """Where a tensor stands in the chain: what `local` is called there by the step that takes it."""

    position: int
    local: str


class Slopes:
    """Derivatives of the loss of one trace, which is symbolic."""

    def __init__(self, trace: Trace) -> None:
        assert isinstance(trace.numbers, Symbolic), "ε is a letter"
        self.numbers = trace.numbers
        self.steps = trace.steps
        self.runs = 0
        self.upstream = None if trace.problem.loss else trace.steps[-1].tensors["g"]
        self.epsilon: Element = self.numbers.number(Variable(EPSILON, value=0))

    def where(self, name: str) -> Moved | None:
        """The step that takes the tensor; None for what only exists inside of one (a mean, an xhat)."""
        for position, step in enumerate(self.steps):
            for local in ("x", *step.parameters()):
                if step.names[local] == name:
                    return Moved(position, local)
        last = self.steps[-1]
        return Moved(len(self.steps), "y") if name == last.names["y"] else None

    def directions(self, shape: tuple[int, ...]) -> Iterator[Array]:
        """How far each element is moved for one ε: one element at a time, or all by different whole numbers."""
        size = int(np.prod(shape))
        if size <= MOST_BY_ELEMENT:
            for number in range(size):
                direction = np.zeros(size, dtype=int)
                direction[number] = 1
                yield direction.reshape(shape)
            return
        draw = Random(size)
        for _ in range(DIRECTIONS):
            yield np.asarray([draw.choice((-1, 1)) * draw.randint(1, 97) for _ in range(size)]).reshape(shape)

    def along(self, moved: Moved, direction: Array) -> Element:
        """The derivative of the loss as the tensor moves."""
        if moved.position == len(self.steps):
            y = self._shifted(self.steps[-1].tensors["y"], direction)
        else:
            step = self.steps[moved.position]
            tensor = self._shifted(step.tensors[moved.local], direction)
            y = self._run(moved.position, {moved.local: tensor})
        total = np.asarray(y if self.upstream is None else self.upstream * y).sum()
        return self.numbers.slope(total, EPSILON)

    def _shifted(self, tensor: Array, direction: Array) -> Array:
        shifted = np.empty(tensor.shape, dtype=object)
        shifted[...] = tensor
        for index in np.ndindex(tensor.shape):
            if direction[index]:
                shifted[index] = self.epsilon * int(direction[index]) + shifted[index]
        return shifted

    def _run(self, position: int, replaced: Mapping[str, Array]) -> Array:
        """The last output, from one step on, with some of that step's tensors replaced."""
        self.runs += 1
        changed: dict[str, Any] = dict(replaced)
        y = np.asarray(None)
        for step in self.steps[position:]:
            y = self._forward(step, changed)
            changed = {"x": y}
        return y

    def _forward(self, step: Step, changed: Mapping[str, Array]) -> Array:
        x = changed.get("x", step.tensors["x"]).reshape(step.tensors["x"].shape)
        parameters = {name: changed.get(name, array) for name, array in step.parameters().items()}
        # Under a name of its own, so that the letters of a softmax are not those of another run.
        numbers = self.numbers.for_layer(f"{step.name}.{self.runs}", 0)
        return np.asarray(step.layer.forward(numbers, x, parameters)["y"])
