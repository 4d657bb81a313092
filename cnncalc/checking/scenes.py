"""The steps of a trace as the rules of mistakes see them."""

from collections.abc import Sequence

from cnncalc.scene import Scene, scenes
from cnncalc.trace import Trace


def true_scenes(trace: Trace) -> Sequence[Scene]:
    """Every step as it is."""
    return scenes(trace.steps, trace.numbers, later=scenes(trace.after, trace.numbers))
