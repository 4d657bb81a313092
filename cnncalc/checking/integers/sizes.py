"""What people get wrong in a shape: the known mistakes of its layer, seen from the size alone, and a few of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Layer, Shape
from cnncalc.mistakes import known_mistakes
from cnncalc.mistakes.quantities.sized import Numbers, Sized, made
from cnncalc.mistakes.quantities.sizes import AS_WRITTEN, OF_LAYERS, OF_PARAMETERS, OF_POOLS
from cnncalc.scene import Scene, Size

if TYPE_CHECKING:
    from cnncalc.checking.integers.reckoning import Reckoning
    from cnncalc.mistakes.take import Slip

MOST_TOLD = 3
"""Mistakes that are named for one size: so many formulas give small numbers that one can be had in many ways."""


MOST_CELLS = 10**8
"""Of an image; in a larger one, which only a slip can make, no mistakes are looked for."""


class _NoNumbers:
    """An arithmetic for rules that need none; the others do not apply."""

    def __getattr__(self, name: str) -> Any:
        raise ArithmeticError(f"there are no numbers, but for their shapes: {name}")


class _Outlined(Scene):
    """A layer at work on tensors that are nothing but large: the rules of its mistakes give wrong sizes."""

    def forward(self, layer: Layer | None = None, x: Array | None = None, **parameters: Array) -> dict[str, Array]:
        """y, as large as it is."""
        given = {**self.parameters(), **parameters}
        shape = (self["x"] if x is None else x).shape[1:]
        y = (layer or self.layer).output_shape(shape, {name: array.shape for name, array in given.items()})
        return {"y": _blank((1, *y))}


def wrongs(reckoning: Reckoning, whose: str) -> Iterator[tuple[Slip, Numbers]]:
    """What each mistake makes of the shape of a layer's output, or of a parameter; with N where the reader sees it."""
    owner = reckoning.owner(whose)
    if owner is None or owner[0] >= len(reckoning.layers):
        return
    layer = reckoning.layers[owner[0]]
    if owner[1] != "y":
        yield from made(OF_PARAMETERS, layer.parameters[owner[1]])
        return
    told: Counter[Numbers] = Counter()
    for mistake, shape in _of_layer(reckoning, layer):
        if told[shape] < MOST_TOLD and shape != layer.y:
            told[shape] += 1
            yield mistake, (*layer.batch, *shape)
    yield from made(AS_WRITTEN, layer)


def _of_layer(reckoning: Reckoning, layer: Sized) -> Iterator[tuple[Slip, Numbers]]:
    """Each code once for each size, those first whose rules are about the size."""
    known: list[tuple[Slip, Numbers]] = []
    cells = max(prod(layer.x), prod(layer.y), layer.layer.workspace(layer.x, layer.parameters))
    if cells > MOST_CELLS:
        return
    if layer.layer.reach(layer.x, layer.parameters) is not None or layer.x != layer.y:
        known = list(_known(reckoning, layer))
    seen: set[tuple[str, Numbers]] = set()
    for mistake, shape in (*known, *made((*OF_LAYERS, *OF_POOLS), layer)):
        if (mistake.code, shape) not in seen:
            seen.add((mistake.code, shape))
            yield mistake, shape


def _known(reckoning: Reckoning, layer: Sized) -> Iterator[tuple[Slip, Numbers]]:
    chain: list[Scene] = []
    numbers = cast(Arithmetic, _NoNumbers())
    for each in reckoning.layers:
        tensors = {"x": _blank((1, *each.x)), "y": _blank((1, *each.y))}
        tensors |= {name: _blank(shape) for name, shape in each.parameters.items()}
        chain.append(_Outlined(each.layer, numbers, tensors, chain, each.position))
    scene, mistakes = chain[layer.position], known_mistakes(layer.layer)
    found: list[tuple[Slip, Array | Size]] = [
        (mistake, wrong) for mistake in mistakes if "y" in mistake.tensors for wrong in mistake.wrongs(scene, "y")
    ]
    for said, wrong in sorted(found, key=lambda each: not isinstance(each[1], Size)):
        yield said, wrong.shape if isinstance(wrong, Size) else wrong.shape[1:]


def _blank(shape: Shape) -> Array:
    return np.broadcast_to(np.int8(0), shape)
