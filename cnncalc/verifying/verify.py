"""Problem -> Verification: each gradient backward, as the loss's derivative, by its terms, and for conv as matrices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import field
from typing import Literal

import numpy as np

from cnncalc.arithmetic.base import Array, Element, Undecided
from cnncalc.arithmetic.symbolic import Symbolic
from cnncalc.layers.conv import Conv
from cnncalc.layers.evaluate import value
from cnncalc.problem.problem import Problem
from cnncalc.records import dataclass
from cnncalc.solver import solve
from cnncalc.trace import Step, Tensor, Trace
from cnncalc.verifying.slopes import Slopes

Way = Literal["derivative", "terms", "col2im", "rotated kernel"]
WAYS: tuple[Way, ...] = ("derivative", "terms", "col2im", "rotated kernel")
MOST_TERMS = 200
"""Elements of a tensor whose terms are added up; of a larger tensor, as many spread over it."""


@dataclass(frozen=True)
class Agreement:
    """What one way says of one gradient. `proved` is False where only digits agree."""

    agrees: bool
    proved: bool
    checked: int
    """Elements looked at, or directions in which the whole tensor was moved."""
    whole: bool
    """Whether every element has been looked at by itself."""
    at_kink: bool = False
    """Whether the disagreement may come from a kink or a tie, where there is no derivative."""


@dataclass(frozen=True)
class Verified:
    """One gradient: what each way says of it; a way that does not apply is missing."""

    name: str
    shape: tuple[int, ...]
    ways: dict[Way, Agreement] = field(default_factory=dict)

    @property
    def agrees(self) -> bool:
        """Whether no way disagrees."""
        return all(way.agrees or way.at_kink for way in self.ways.values())


@dataclass(frozen=True)
class Verification:
    """All gradients of a problem, in the order of the backward pass."""

    problem: Problem
    gradients: tuple[Verified, ...]

    @property
    def agrees(self) -> bool:
        """Whether all do."""
        return all(gradient.agrees for gradient in self.gradients)


def verify(problem: Problem) -> Verification:
    """Check each gradient of a problem, exactly whatever the file says. Raises ProblemError as `solve` does."""
    trace = solve(problem, "symbolic")
    checker = _Checker(trace)
    gradients = [tensor for tensor in trace if tensor.kind == "gradient"]
    return Verification(problem, tuple(checker.verified(tensor) for tensor in gradients))


class _Checker:
    def __init__(self, trace: Trace) -> None:
        assert isinstance(trace.numbers, Symbolic)
        self.trace = trace
        self.numbers = trace.numbers
        self.slopes = Slopes(trace) if trace.steps and "g" in trace.steps[-1].tensors else None

    def verified(self, tensor: Tensor) -> Verified:
        """One gradient in every way that applies."""
        ways: dict[Way, Agreement] = {}
        derivative = self._derivative(tensor)
        if derivative is not None:
            ways["derivative"] = derivative
        step = self.trace.step(tensor.name)
        if step is not None:
            local = next(local for local, name in step.names.items() if name == tensor.name and local[:1] == "d")
            ways["terms"] = self._terms(step, local)
            if isinstance(step.layer, Conv) and local == "dx":
                matrices = step.layer.matrices(self.numbers, step.tensors["x"], step.tensors)
                g, dx = step.tensors["g"], step.tensors["dx"]
                ways["col2im"] = self._same(matrices.dx_by_columns(g), dx)
                ways["rotated kernel"] = self._same(matrices.dx_by_rotated_kernel(g), dx)
        return Verified(tensor.name, tensor.shape, ways)

    def _derivative(self, tensor: Tensor) -> Agreement | None:
        name = tensor.name.split("/d", 1)[1]
        moved = self.slopes.where(name) if self.slopes else None
        if moved is None or self.slopes is None:
            return None
        gradient = self._elements(tensor, moved.position, moved.local)
        found: list[bool | None] = []
        for direction in self.slopes.directions(gradient.shape):
            along = self.slopes.along(moved, direction)
            found.append(self._is_zero(np.asarray(gradient * direction).sum() - along))
        behind = self.trace.steps[moved.position :]
        at_kink = False in found and any(step.name in self.trace.doubts for step in behind)
        whole = len(found) == gradient.size
        return Agreement(False not in found, None not in found, len(found), whole, at_kink)

    def _elements(self, tensor: Tensor, position: int, local: str) -> Array:
        """The gradient in the shape in which the tensor itself is moved, N first."""
        steps = self.trace.steps
        shape = steps[-1].tensors["y"].shape if position == len(steps) else steps[position].tensors[local].shape
        return tensor.elements.reshape(shape)

    def _terms(self, step: Step, local: str) -> Agreement:
        array = np.asarray(step.tensors[local])
        indices = list(np.ndindex(array.shape))
        chosen = indices[:: max(1, len(indices) // MOST_TERMS)]
        found = []
        for index in chosen:
            added = value(step.layer.terms(local, index, self.numbers, step.tensors), self.numbers, step.tensors)
            found.append(self._is_zero(array[index] - added))
        return Agreement(False not in found, None not in found, len(found), len(chosen) == len(indices))

    def _same(self, a: Array, b: Array) -> Agreement:
        found = list(self._zeros(a - b))
        return Agreement(False not in found, None not in found, len(found), True)

    def _zeros(self, differences: Array) -> Iterator[bool | None]:
        for difference in differences.ravel():
            yield self._is_zero(difference)

    def _is_zero(self, difference: Element) -> bool | None:
        try:
            return self.numbers.proves_zero(difference)
        except Undecided:
            return None
