"""The known mistakes of the layers, made at one tensor: there itself, or before it where nothing was handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.checking.applying import DOES_NOT_APPLY
from cnncalc.checking.candidate import Candidate
from cnncalc.checking.general import is_plain
from cnncalc.language import Phrase
from cnncalc.layers.base import Shape
from cnncalc.layers.mistake import Size
from cnncalc.records import dataclass

if TYPE_CHECKING:
    from cnncalc.checking.rework import Rework

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


def own(rework: Rework, name: str) -> Iterator[Candidate | SizeCandidate]:
    """What the layer's known mistakes make of the tensor itself."""
    for mistake, wrong in rework.wrongs(name):
        if isinstance(wrong, Size):
            yield SizeCandidate(mistake.code, mistake.phrase, wrong.shape, mistake.kind)
        else:
            yield Candidate(mistake.code, mistake.phrase, rework.shown(name, wrong), mistake.kind)


def earlier(rework: Rework, name: str, between: Sequence[str]) -> Iterator[Candidate]:
    """What mistakes at tensors that were not handed in make of the tensor, the nearest first."""
    for before in between[:FARTHEST]:
        for mistake, wrong in rework.wrongs(before):
            if isinstance(wrong, Size) or not rework.takes(before, wrong):
                continue
            try:
                values = rework.resting_on({**rework.sources, before: wrong}).computed(name)
            except DOES_NOT_APPLY:
                continue
            values = rework.shown(name, values)
            if values.size > 1 and is_plain(values):
                continue  # the same number everywhere can come from anything
            phrase = EARLIER.format(name=before, phrase=mistake.phrase)
            yield Candidate(mistake.code, phrase, values, mistake.kind, before, wrong)
