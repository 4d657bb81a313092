"""Problem -> Verification: each gradient backward, as the loss's derivative, by its terms, and for conv as matrices."""

from collections.abc import Callable, Iterable
from dataclasses import field
from typing import Literal

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import Apply, Term
from cnncalc.layers.conv import Conv
from cnncalc.layers.evaluate import value
from cnncalc.layers.windows.matrices import Matrices
from cnncalc.problem.problem import Problem
from cnncalc.records import Record
from cnncalc.trace import Tensor, Trace
from cnncalc.verifying.grounds import Ground, Grounds, Kind, NotToldError
from cnncalc.verifying.slopes import PER_NUMBER, Moved, cost_of

Way = Literal["derivative", "terms", "col2im", "rotated kernel"]
WAYS: tuple[Way, ...] = ("derivative", "terms", "col2im", "rotated kernel")
MOST_BY_TERMS = 200
"""Elements of a tensor whose terms are added up; of a larger tensor, as many spread over it."""
PER_STEP = 1_000
"""What it takes to run a layer at all, whatever its size: a chain of hundreds is run hundreds of times."""
LONG = 500_000
"""Work of one run from which on a tensor is moved in one direction only."""


class Agreement(Record):
    """What one way says of one gradient."""

    agrees: bool
    checked: int
    """Elements looked at, or directions in which the whole tensor was moved."""
    whole: bool
    """Whether every element has been looked at by itself."""
    at_kink: bool = False
    """Whether the disagreement may come from a kink or a tie, where there is no derivative."""
    kind: Kind = "exact"
    """In which numbers: a proof, or digits."""
    is_local: bool = False
    """Whether the derivative is that of one layer, what lies behind it being taken from the gradient there."""

    @property
    def proved(self) -> bool:
        """Whether it is a proof; else only digits agree."""
        return self.kind == "exact"


class Verified(Record):
    """One gradient: what each way says of it; a way that does not apply is missing."""

    name: str
    shape: tuple[int, ...]
    ways: dict[Way, Agreement] = field(default_factory=dict)
    left_out: tuple[Way, ...] = ()
    """What would have taken too much work, or cannot be told."""

    @property
    def agrees(self) -> bool:
        """Whether no way disagrees."""
        return all(way.agrees or way.at_kink for way in self.ways.values())


class Verification(Record):
    """All gradients of a problem, in the order of the backward pass."""

    problem: Problem
    gradients: tuple[Verified, ...]

    @property
    def agrees(self) -> bool:
        """Whether all do."""
        return all(gradient.agrees for gradient in self.gradients)


def verify(problem: Problem) -> Verification:
    """Check each gradient of a problem, exactly where that can be afforded. Raises ProblemError as `solve` does."""
    grounds = Grounds(problem)
    first = next(iter(grounds))
    gradients = [tensor for tensor in first.trace if tensor.kind == "gradient"]
    return Verification(problem, tuple(_verified(tensor, grounds) for tensor in gradients))


def _verified(tensor: Tensor, grounds: Grounds) -> Verified:
    """One gradient in every way that applies, each on the first ground that tells anything."""
    ways: dict[Way, Agreement] = {}
    left_out: list[Way] = []
    for way in WAYS:
        for ground in grounds:
            try:
                with ground.at_work():
                    found = _LOOKS[way](ground, ground.trace[tensor.name])
            except NotToldError:
                continue
            if found is not None:
                ways[way] = found
            break
        else:
            left_out.append(way)
    return Verified(tensor.name, tensor.shape, ways, tuple(left_out))


def _derivative(ground: Ground, tensor: Tensor) -> Agreement | None:
    name, slopes, trace = tensor.name.split("/d", 1)[1], ground.slopes, ground.trace
    moved = slopes.where(name) if slopes else None
    if moved is None or slopes is None:
        return None
    through = 1 if ground.is_local else None
    cost = slopes.cost(moved, through)
    gradient = _elements(trace, tensor, moved)
    behind = trace.steps[moved.position :][:through]
    scale, least = ground.scale(gradient), ground.least(behind)
    found = []
    for direction in slopes.directions(gradient.shape, is_long=cost > LONG):
        ground.spend(cost + PER_STEP * len(behind))
        moves = direction != 0
        shares = np.asarray(gradient[moves] * direction[moves])
        summands = np.concatenate([shares, -slopes.along(moved, direction, through)])
        found.append(ground.is_nothing(summands, scale, least))
    at_kink = False in found and any(step.name in trace.doubts for step in behind)
    agrees, whole = all(found), len(found) == gradient.size
    return Agreement(agrees, len(found), whole, at_kink, ground.kind, ground.is_local)


def _elements(trace: Trace, tensor: Tensor, moved: Moved) -> Array:
    """The gradient in the shape in which the tensor itself is moved, N first."""
    steps = trace.steps
    is_last = moved.position == len(steps)
    shape = steps[-1].tensors["y"].shape if is_last else steps[moved.position].tensors[moved.local].shape
    return tensor.elements.reshape(shape)


def _terms(ground: Ground, tensor: Tensor) -> Agreement | None:
    step = ground.trace.step(tensor.name)
    if step is None:
        return None
    _, local = ground.trace.maker(tensor)
    numbers, tensors = ground.trace.numbers, step.tensors
    array = np.asarray(tensors[local])
    indices, scale, least = list(np.ndindex(array.shape)), ground.scale(array), ground.least([step])
    each = _count(step.layer.terms(local, indices[0], numbers, tensors))
    most = max(1, min(MOST_BY_TERMS, ground.most_terms // max(1, each)))
    found = []
    for index in indices[:: -(-len(indices) // most)]:
        ground.spend(PER_NUMBER * each)
        terms = step.layer.terms(local, index, numbers, tensors)
        added = [-value([term], numbers, tensors) for term in terms]
        found.append(ground.is_nothing(np.asarray([array[index], *added]), scale, least))
    return Agreement(all(found), len(found), len(found) == len(indices), kind=ground.kind)


def _count(terms: Iterable[Term]) -> int:
    """How many numbers terms are made of."""
    return sum(
        1 + sum(_count(factor.terms) if isinstance(factor, Apply) else 1 for factor in term.factors) for term in terms
    )


def _by_matrices(dx: Callable[[Matrices, Array], Array]) -> Callable[[Ground, Tensor], Agreement | None]:
    def look(ground: Ground, tensor: Tensor) -> Agreement | None:
        step = ground.trace.step(tensor.name)
        if step is None or not isinstance(step.layer, Conv) or step.names["dx"] != tensor.name:
            return None
        ground.spend(2 * cost_of(step))
        matrices = step.layer.matrices(ground.trace.numbers, step.tensors["x"], step.tensors)
        made, right = dx(matrices, step.tensors["g"]), step.tensors["dx"]
        return Agreement(ground.are_same(made, right), right.size, whole=True, kind=ground.kind)

    return look


_LOOKS: dict[Way, Callable[[Ground, Tensor], Agreement | None]] = {
    "derivative": _derivative,
    "terms": _terms,
    "col2im": _by_matrices(Matrices.dx_by_columns),
    "rotated kernel": _by_matrices(Matrices.dx_by_rotated_kernel),
}
