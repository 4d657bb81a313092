"""The matrix of all derivatives of one tensor by an earlier one: `d(p)/d(fc_1)`, a row for each element of p."""

from collections.abc import Mapping, Sequence

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.problem.text.faults import UserFault
from cnncalc.step import Step


def shape(steps: Sequence[Step], of: str, by: str) -> tuple[int, int] | None:
    """How many rows and columns it has; None where the first does not depend on the second, or is none of theirs."""
    ends = [at for at, step in enumerate(steps) if step.names["y"] == of]
    taken = _taken(steps[: ends[0] + 1]) if ends else {}
    return (taken[of].size, taken[by].size) if by in taken else None


def jacobian(numbers: Arithmetic, steps: Sequence[Step], of: str, by: str) -> Array:
    """Both tensors flattened in the order of their elements, samples first.

    For each element of the first one the backward pass, which begins there with a 1. `shape` says whether there is one.
    """
    last = next(at for at, step in enumerate(steps) if step.names["y"] == of)
    end, taken = steps[last].tensors["y"], _taken(steps[: last + 1])[by]
    made = numbers.zeros((end.size, taken.size))
    if of == by:
        np.fill_diagonal(made, numbers.number(1))
        return made
    for row in range(end.size):
        seed = numbers.zeros((end.size,))
        seed[row] = numbers.number(1)
        sums: dict[str, Array] = {of: seed.reshape(end.shape)}
        for step in reversed(steps[: last + 1]):
            g = sums.get(step.names["y"])
            if g is None or step.names["y"] == by:
                continue
            own = {local: step.tensors[local] for local in _forward(step)}
            for local, gradient in step.layer.backward(numbers, g.reshape(np.shape(own["y"])), own).items():
                name = step.names.get(local[1:])
                if name is not None and local[1:] in step.used():
                    before = sums.get(name)
                    sums[name] = gradient if before is None else before + gradient.reshape(before.shape)
        if by in sums:
            made[row] = numbers.simplified(sums[by]).ravel()
    return made


def _taken(steps: Sequence[Step]) -> Mapping[str, Array]:
    """Everything that the steps take or make, and that has a gradient, by name."""
    found: dict[str, Array] = {}
    for step in steps:
        found |= {step.names[local]: step.tensors[local] for local in step.used()}
        found[step.names["y"]] = step.tensors["y"]
    return found


def _forward(step: Step) -> list[str]:
    own = ("x", "y", *(parameter.name for parameter in step.layer.parameters), *step.layer.auxiliaries)
    return [local for local in own if local in step.tensors]


LARGEST_MATRIX = 40_000
"""Elements of a matrix of all derivatives that is made on request."""


class TooLarge(UserFault, ValueError):
    """A matrix that somebody has asked for, with more elements than anybody reads."""


def require_size(name: str, shape: tuple[int, int]) -> None:
    """Raise TooLarge where a matrix has more elements than are made."""
    if shape[0] * shape[1] > LARGEST_MATRIX:
        size = f"{shape[0]}×{shape[1]}, that is {shape[0] * shape[1]} elements"
        raise TooLarge(f"{name} would be {size}; at most {LARGEST_MATRIX} are made: take a smaller network or tensor")
