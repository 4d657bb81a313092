"""The known mistakes of the layers, made at one tensor: there itself, or before it where nothing was handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.checking.candidate import Candidate
from cnncalc.checking.integers import mistakes
from cnncalc.checking.integers.quantities import Quantities
from cnncalc.checking.mistakes_anywhere import is_plain
from cnncalc.language import Phrase
from cnncalc.layers.base import Shape
from cnncalc.mistakes.take import DOES_NOT_APPLY, Slip
from cnncalc.records import dataclass
from cnncalc.scene import Size

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array
    from cnncalc.checking.carried import Rework

FARTHEST = 12
"""Tensors before the one in question at which a mistake is looked for."""
EARLIER = Phrase(en="Earlier, in {name}: {phrase}", zh="更早的 {name} 处：{phrase}")


@dataclass(frozen=True)
class SizeCandidate:
    """A mistake that shows in the size alone."""

    code: str
    phrase: Phrase
    shape: Shape
    kind: str = "mistake"


def wrongs(rework: Rework, name: str) -> Iterator[tuple[Slip, Array | Size]]:
    """What the known mistakes make of a tensor, or of a size or a count."""
    return mistakes.wrongs(rework, name) if isinstance(rework, Quantities) else rework.wrongs(name)


def own(rework: Rework, name: str) -> Iterator[Candidate | SizeCandidate]:
    """What the layer's known mistakes make of the tensor itself."""
    for mistake, wrong in wrongs(rework, name):
        yield size_candidate(mistake, wrong) if isinstance(wrong, Size) else own_candidate(rework, name, mistake, wrong)


def size_candidate(mistake: Slip, wrong: Size) -> SizeCandidate:
    """A mistake that shows in the size of its tensor alone."""
    return SizeCandidate(mistake.code, mistake.phrase, wrong.shape, mistake.kind)


def own_candidate(rework: Rework, name: str, mistake: Slip, wrong: Array) -> Candidate:
    """A mistake, and what it makes of its own tensor."""
    return Candidate(mistake.code, mistake.phrase, rework.shown(name, wrong), mistake.kind)


def earlier(rework: Rework, name: str, between: Sequence[str]) -> Iterator[Candidate]:
    """What mistakes at tensors that were not handed in make of the tensor, the nearest first."""
    for before in between[:FARTHEST]:
        for mistake, wrong in wrongs(rework, before):
            candidate = led_to(rework, name, before, mistake, wrong)
            if candidate is not None:
                yield candidate


def led_to(rework: Rework, name: str, before: str, mistake: Slip, wrong: Array | Size) -> Candidate | None:
    """What one mistake further up makes of the tensor; None where that says nothing."""
    if isinstance(wrong, Size) or not rework.takes(before, wrong):
        return None
    try:
        values = rework.resting_on({**rework.sources, before: wrong}).computed(name)
    except DOES_NOT_APPLY:
        return None
    values = rework.shown(name, values)
    if values.size > 1 and is_plain(values):
        return None  # the same number everywhere can come from anything
    phrase = EARLIER.format(name=before, phrase=mistake.phrase)
    return Candidate(mistake.code, phrase, values, mistake.kind, before, wrong)
