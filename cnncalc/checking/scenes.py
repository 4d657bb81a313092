"""The steps of a trace as the rules of mistakes see them."""

from collections.abc import Sequence

from cnncalc.layers.mistake import Scene
from cnncalc.trace import Trace


def true_scenes(trace: Trace) -> Sequence[Scene]:
    """Every step as it is."""
    chain: list[Scene] = []
    chain.extend(Scene(step.layer, trace.numbers, step.tensors, chain, at) for at, step in enumerate(trace.steps))
    return chain
