"""The steps of a trace as the rules of mistakes see them."""

from collections.abc import Sequence

from cnncalc.scene import Scene
from cnncalc.trace import Trace


def true_scenes(trace: Trace) -> Sequence[Scene]:
    """Every step as it is."""
    chain: list[Scene] = []
    later: list[Scene] = []
    numbers = trace.numbers
    later.extend(Scene(step.layer, numbers, step.tensors, later, at) for at, step in enumerate(trace.after))
    chain.extend(
        Scene(step.layer, numbers, step.tensors, chain, at, later=later) for at, step in enumerate(trace.steps)
    )
    return chain
