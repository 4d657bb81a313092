"""What the known mistakes make of one tensor, a size or a count: there itself, or before it, not handed in.

In a shape those are the known mistakes of its layer, seen from the size alone, and a few of its own.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import suppress
from functools import partial
from math import prod
from typing import Any, TypeAlias, cast

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.checking.candidate import Candidate
from cnncalc.checking.carried import Carried
from cnncalc.checking.mistakes_anywhere import is_plain
from cnncalc.checking.quantities import Quantities, asked
from cnncalc.language import Phrase
from cnncalc.layers.base import Layer, Shape
from cnncalc.mistakes import known_mistakes
from cnncalc.mistakes.quantities import LEFT_OUT, MISTAKES
from cnncalc.mistakes.sizes import AS_WRITTEN, OF_LAYERS, OF_PARAMETERS, OF_POOLS, Numbers, Sized
from cnncalc.mistakes.sizes import made as made_of
from cnncalc.mistakes.take import DOES_NOT_APPLY, Slip
from cnncalc.problem.names import TOTAL
from cnncalc.records import replace
from cnncalc.step import Scene, Size, scenes
from cnncalc.trace import Trace

FARTHEST = 12
"""Tensors before the one in question at which a mistake is looked for."""
WAYS = 4
"""Of one mistake, that are tried where it may have been made again."""
NONE: Array = np.zeros(0)
"""The values of a mistake that shows in the size alone."""
EARLIER = Phrase("Earlier, in {name}: {phrase}")
MOST_TOLD = 3
"""Mistakes that are named for one size: so many formulas give small numbers that one can be had in many ways."""
MOST_CELLS = 10**8
"""Of an image; in a larger one, which only a slip can make, no mistakes are looked for."""


def true_scenes(trace: Trace) -> Sequence[Scene]:
    """The steps of a trace, as they are, for the rules of mistakes."""
    return scenes(trace.steps, trace.numbers, later=scenes(trace.rounds[0] if trace.rounds else (), trace.numbers))


def wrongs(
    basis: Carried, name: str, is_meant: Callable[[Slip], bool] = lambda slip: True
) -> Iterator[tuple[Slip, Array | Size]]:
    """What the known mistakes, or those that are meant, make of a tensor, or of a size or a count."""
    if isinstance(basis, Quantities):
        yield from of_quantities(basis, name)
        return
    if not basis.knows(name):
        return
    scene, local = basis.scene(name)
    for mistake in known_mistakes(scene.layer):
        if not (mistake.shows_in(local) and is_meant(mistake)):
            continue
        # Behind a path that names cells which are not there, or a number beyond all doubles, nothing has a size.
        with suppress(*DOES_NOT_APPLY):
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


def made_again(basis: Carried, name: str, named: Mapping[str, Set[str]], places: Sequence[str]) -> Iterator[Candidate]:
    """What the mistakes that were found, by tensor, make of one if they were made again in `places` before it.

    Who forgets a bias in the forward pass forgets it behind the update as well, there and in other layers at once.
    """
    makers, positions = basis.truth.makers, basis.truth.positions
    done = {(id(makers[other][0].layer), makers[other][1]): codes for other, codes in named.items() if other in makers}
    again = {place: done.get((id(makers[place][0].layer), makers[place][1]), set()) for place in places}
    order = sorted((place for place in places if again[place]), key=lambda place: positions[makers[place][0].name])
    for way in range(WAYS if order else 0):
        sources, said, most = dict(basis.sources), dict[Slip, list[str]](), 0
        for place in order:
            ways = wrongs(basis.resting_on(sources), place, partial(_is_one_of, again[place]))
            fitting = [(slip, wrong) for slip, wrong in ways if isinstance(wrong, np.ndarray)]
            most = max(most, len(fitting))
            if fitting:
                slip, sources[place] = fitting[min(way, len(fitting) - 1)]
                said.setdefault(slip, []).append(place)
        if way >= most:
            return
        with suppress(*DOES_NOT_APPLY):
            values = basis.shown(name, basis.resting_on(sources).computed(name))
            told = [EARLIER.format(name=Phrase.enumerated(at), phrase=slip.phrase) for slip, at in said.items()]
            phrase, (place, *_) = Phrase(" ", "").join(told), next(iter(said.values()))
            yield Candidate(next(iter(said)).code, phrase, values, "mistake", place, sources[place])


def _is_one_of(codes: Set[str], slip: Slip) -> bool:
    return slip.code in codes


def of_quantities(quantities: Quantities, name: str) -> Iterator[tuple[Slip, Array]]:
    """What each mistake makes of a quantity, as balls."""
    try:
        for mistake, numbers in _wrong_numbers(quantities, *asked(name)):
            yield mistake, quantities.balls(numbers)
    except DOES_NOT_APPLY:
        return


def _wrong_numbers(quantities: Quantities, kind: str, whose: str) -> Iterator[tuple[Slip, Numbers]]:
    if kind == "shape":
        yield from _of_shape(quantities, whose)
    elif whose == TOTAL and kind != "receptive_field":
        yield from _of_total(quantities, kind)
    else:
        for layer in quantities.layers:
            if layer.name == whose:
                yield from made_of(MISTAKES[kind], layer)


class _NoNumbers:
    """An arithmetic for rules that need none; the others do not apply."""

    def __getattr__(self, name: str) -> Any:
        raise ArithmeticError(f"there are no numbers, but for their shapes: {name}")


class _Outlined(Scene):
    """A layer at work on tensors that are nothing but large: the rules of its mistakes give wrong sizes."""

    def forward(self, layer: Layer | None = None, x: Array | None = None, **parameters: Array) -> dict[str, Array]:
        """y, as large as it is."""
        given = {**self.parameters(), **parameters}
        operands = {p.name for p in self.layer.parameters if p.is_operand}
        shape = (self["x"] if x is None else x).shape[1:]
        shapes = {name: array.shape[name in operands :] for name, array in given.items()}
        return {"y": _blank((1, *(layer or self.layer).output_shape(shape, shapes)))}


def _of_shape(quantities: Quantities, whose: str) -> Iterator[tuple[Slip, Numbers]]:
    """What each mistake makes of the shape of a layer's output, or of a parameter; with N where the reader sees it."""
    owner = quantities.owner(whose)
    if owner is None or owner[0] >= len(quantities.layers):
        return
    layer = quantities.layers[owner[0]]
    if owner[1] != "y":
        yield from made_of(OF_PARAMETERS, layer.parameters[owner[1]])
        return
    told: Counter[Numbers] = Counter()
    for mistake, shape in _of_size(quantities, layer):
        if told[shape] < MOST_TOLD and shape != layer.y:
            told[shape] += 1
            yield mistake, (*layer.batch, *shape)
    yield from made_of(AS_WRITTEN, layer)


def _of_size(quantities: Quantities, layer: Sized) -> Iterator[tuple[Slip, Numbers]]:
    """Each code once for each size, those first whose rules are about the size."""
    known: list[tuple[Slip, Numbers]] = []
    cells = max(prod(layer.x), prod(layer.y), layer.layer.workspace(layer.x, layer.parameters))
    if cells > MOST_CELLS:
        return
    if layer.layer.reach(layer.x, layer.parameters) is not None or layer.x != layer.y:
        known = list(_known(quantities, layer))
    seen: set[tuple[str, Numbers]] = set()
    for mistake, shape in (*known, *made_of((*OF_LAYERS, *OF_POOLS), layer)):
        if (mistake.code, shape) not in seen:
            seen.add((mistake.code, shape))
            yield mistake, shape


def _known(quantities: Quantities, layer: Sized) -> Iterator[tuple[Slip, Numbers]]:
    chain: list[Scene] = []
    numbers = cast("Arithmetic", _NoNumbers())
    for each in quantities.layers:
        tensors = {"x": _blank((1, *each.x)), "y": _blank((1, *each.y))}
        operands = {p.name for p in each.layer.parameters if p.is_operand}
        tensors |= {name: _blank((1,) * (name in operands) + shape) for name, shape in each.parameters.items()}
        chain.append(_Outlined(each.layer, numbers, tensors, each.names, chain))
    scene = next(scene for scene in chain if scene.names["y"] == layer.name)
    mistakes = known_mistakes(layer.layer)
    found: list[tuple[Slip, Array | Size]] = [
        (mistake, wrong) for mistake in mistakes if "y" in mistake.tensors for wrong in mistake.wrongs(scene, "y")
    ]
    for said, wrong in sorted(found, key=lambda each: not isinstance(each[1], Size)):
        yield said, wrong.shape if isinstance(wrong, Size) else wrong.shape[1:]


def _blank(shape: Shape) -> Array:
    return np.broadcast_to(np.int8(0), shape)


Counted: TypeAlias = Sequence[tuple[Sized, int]]
"""The layers that count in a total, each with its count."""


def _of_total(quantities: Quantities, kind: str) -> Iterator[tuple[Slip, Numbers]]:
    """What each mistake makes of a total: made in every layer that it can be made in, or a layer left out."""
    counts = [(layer, quantities.sizes(f"{kind}({layer.name})")[0]) for layer in quantities.layers]
    # A layer whose parameters are all shared counts none, and may have been counted.
    counted = [(layer, count) for layer, count in counts if count or layer.shared]
    total = sum(count for _, count in counted)
    for slip in MISTAKES[kind]:
        for wrong in _throughout(slip, counted):
            yield slip, (wrong,)
    for left_out in _groups(counted):
        names = Phrase.enumerated([layer.name for layer, _ in left_out])
        said = replace(LEFT_OUT, phrase=LEFT_OUT.phrase.format(names=names))
        yield said, (total - sum(count for _, count in left_out),)


def _groups(counted: Counted) -> Iterator[Counted]:
    """Which layers are left out of a total together: one, or all of a type."""
    alone = [[each] for each in counted if each[1]] if len(counted) > 1 else []
    types = dict.fromkeys(layer.layer.type for layer, _ in counted)
    of_types = [[each for each in counted if each[1] and each[0].layer.type == type_] for type_ in types]
    yield from (*alone, *(group for group in of_types if 1 < len(group) < len(counted)))


def _throughout(slip: Slip, counted: Counted) -> Iterator[int]:
    """The total with one mistake made in each layer, in each of its ways; in one layer alone it is that layer's."""
    ways = [[int(numbers[0]) for _, numbers in made_of([slip], layer)] for layer, _ in counted]
    for way in range(max(map(len, ways), default=0)):
        yield sum(
            found[min(way, len(found) - 1)] if found else count for found, (_, count) in zip(ways, counted, strict=True)
        )
