"""The known mistakes of the layers, made at one tensor: there itself, or before it where nothing was handed in."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.checking.candidate import Candidate
from cnncalc.checking.carried import Carried
from cnncalc.checking.integers import mistakes
from cnncalc.checking.integers.quantities import Quantities
from cnncalc.checking.mistakes_anywhere import is_plain
from cnncalc.language import Phrase
from cnncalc.layers.base import ShapeError
from cnncalc.mistakes import known_mistakes
from cnncalc.mistakes.take import DOES_NOT_APPLY, Slip
from cnncalc.scene import Scene, Size, scenes
from cnncalc.trace import Trace

FARTHEST = 12
"""Tensors before the one in question at which a mistake is looked for."""
NONE: Array = np.zeros(0)
"""The values of a mistake that shows in the size alone."""
EARLIER = Phrase(en="Earlier, in {name}: {phrase}", zh="更早的 {name} 处：{phrase}")


def true_scenes(trace: Trace) -> Sequence[Scene]:
    """The steps of a trace, as they are, for the rules of mistakes."""
    return scenes(trace.steps, trace.numbers, later=scenes(trace.rounds[0] if trace.rounds else (), trace.numbers))


def wrongs(
    basis: Carried, name: str, is_meant: Callable[[Slip], bool] = lambda slip: True
) -> Iterator[tuple[Slip, Array | Size]]:
    """What the known mistakes, or those that are meant, make of a tensor, or of a size or a count."""
    if isinstance(basis, Quantities):
        yield from mistakes.wrongs(basis, name)
        return
    if not basis.knows(name):
        return
    scene, local = basis.scene(name)
    for mistake in known_mistakes(scene.layer):
        if not (mistake.shows_in(local) and is_meant(mistake)):
            continue
        # Behind a path that names cells which are not there, nothing has a size.
        with suppress(ShapeError):
            for wrong in mistake.wrongs(scene, local):
                if isinstance(wrong, Size) or wrong.size:
                    yield mistake, wrong


def made(basis: Carried, name: str, place: str) -> Iterator[Candidate]:
    """What mistakes in a tensor make of one: of itself, or of one that comes of it, where nothing was handed in."""
    for mistake, wrong in wrongs(basis, place):
        candidate = seen(basis, name, place, mistake, wrong)
        if candidate is not None:
            yield candidate


def seen(basis: Carried, name: str, place: str, mistake: Slip, wrong: Array | Size) -> Candidate | None:
    """What one mistake makes of a tensor; None where that says nothing."""
    if isinstance(wrong, Size):
        return Candidate(mistake.code, mistake.phrase, NONE, mistake.kind, size=wrong.shape) if place == name else None
    if place == name:
        return Candidate(mistake.code, mistake.phrase, basis.shown(name, wrong), mistake.kind)
    values = led_to(basis, name, place, wrong)
    values = None if values is None else basis.shown(name, values)
    if values is None or (values.size > 1 and is_plain(values)):
        return None  # the same number everywhere can come from anything
    phrase = EARLIER.format(name=place, phrase=mistake.phrase)
    return Candidate(mistake.code, phrase, values, mistake.kind, place, wrong)


def led_to(basis: Carried, name: str, place: str, wrong: Array) -> Array | None:
    """A tensor as it follows from another one that is wrong; None where nothing follows."""
    if not basis.takes(place, wrong):
        return None
    with suppress(*DOES_NOT_APPLY):
        return basis.resting_on({**basis.sources, place: wrong}).computed(name)
    return None
