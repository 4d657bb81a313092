"""How sharply it can be told what follows from rounded answers: where terms cancel out, and where formulas differ."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.checking.carried import PATH, Rework, StepTensors
from cnncalc.layers.evaluate import value

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array, Doubles


def sizes_of_terms(rework: Rework, name: str, positions: Iterable[int]) -> Doubles:
    """How large the terms of some elements (flat positions) are together, whatever their signs; 0 of the others."""
    step, local = rework.truth.makers[name]
    balls, tensors = rework.truth.balls, StepTensors(rework, step)
    shape = step.tensors[local].shape
    found = np.zeros(step.tensors[local].size)
    for position in positions:
        index = tuple(int(i) for i in np.unravel_index(position, shape))
        terms = step.layer.terms(local, index, balls, tensors)
        values = np.asarray([value([term], balls, tensors) for term in terms], dtype=object)
        found[position] = np.abs(balls.to_float(values)).sum()
    return found


def leeway(rework: Rework, name: str) -> float:
    """How far off another right formula may come out, as a part of the terms' size.

    The terms of a tensor need not be made of all the tensors in between that a student has rounded (dx of mean and var,
    and not of xhat); another way to write the same derivative is.
    """
    step, local = rework.truth.makers[name]
    if rework.by_another_formula or not rework.reads_own(step, local):
        return 0.0
    between = {step.names[own] for own in step.layer.auxiliaries if own in step.names and own != PATH}
    return sum(_roughness(rework.sources[own]) for own in between & set(rework.sources))


def _roughness(balls: Array) -> float:
    """The largest radius for the largest number."""
    flat = balls.ravel().tolist()
    largest = max(abs(float(ball.mid())) for ball in flat)
    return max(float(ball.rad()) for ball in flat) / largest if largest else 0.0
