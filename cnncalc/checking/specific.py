"""The known mistakes of the layers, made at one tensor: there itself, or before it where nothing was handed in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from cnncalc.checking.candidate import Candidate
from cnncalc.checking.general import is_plain
from cnncalc.checking.rework import PATH, Rework
from cnncalc.language import Phrase
from cnncalc.layers.base import Shape
from cnncalc.layers.mistake import Mistake, Size, known_mistakes
from cnncalc.records import dataclass

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array

DOES_NOT_APPLY = (ArithmeticError, ValueError, IndexError, KeyError)
"""What a rule may end with on data that it is not for: no bias, another number of axes, a logarithm of nothing."""
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
    if name not in rework.truth.makers:
        return
    for mistake, wrong in _wrongs(rework, name):
        if isinstance(wrong, Size):
            yield SizeCandidate(mistake.code, mistake.phrase, wrong.shape, mistake.kind)
        else:
            yield Candidate(mistake.code, mistake.phrase, shown(rework, name, wrong), mistake.kind)


def earlier(rework: Rework, name: str, between: Sequence[str]) -> Iterator[Candidate]:
    """What mistakes at tensors that were not handed in make of the tensor, the nearest first."""
    for before in between[:FARTHEST]:
        step, local = rework.truth.makers[before]
        if local == PATH:
            continue
        size = step.tensors[local].size
        for mistake, wrong in _wrongs(rework, before):
            if isinstance(wrong, Size) or wrong.size != size:
                continue
            try:
                values = Rework(rework.truth, {**rework.sources, before: wrong}).computed(name)
            except DOES_NOT_APPLY:
                continue
            values = shown(rework, name, values)
            if values.size > 1 and is_plain(values):
                continue  # the same number everywhere can come from anything
            phrase = EARLIER.format(name=before, phrase=mistake.phrase)
            yield Candidate(mistake.code, phrase, values, mistake.kind, before)


def _wrongs(rework: Rework, name: str) -> Iterator[tuple[Mistake, Array | Size]]:
    scene, local = rework.scene(name)
    for mistake in known_mistakes(scene.layer):
        if mistake.tensor != local:
            continue
        made = iter(mistake.rule(scene))
        while True:
            try:
                wrong = next(made)
            except StopIteration:
                break
            except DOES_NOT_APPLY:
                break
            if isinstance(wrong, Size):
                yield mistake, wrong
            else:
                array = np.asarray(wrong)
                if array.size:
                    yield mistake, array


def shown(rework: Rework, name: str, array: Array) -> Array:
    """A tensor as balls, and a path as a reader counts it."""
    numbers = rework.truth.balls
    _, local = rework.truth.makers[name]
    array = np.asarray(array)
    if local == PATH:
        array = array + rework.truth.trace.problem.index_base
    return array if array.dtype == object and _are_balls(array) else numbers.enclose(array)


def _are_balls(array: Array) -> bool:
    return all(hasattr(element, "mid") for element in array.ravel())
