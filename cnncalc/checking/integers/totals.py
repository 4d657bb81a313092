"""What the mistakes that people make in counting a layer make of a whole network."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.mistakes.quantities import MISTAKES
from cnncalc.mistakes.quantities.counts import LEFT_OUT
from cnncalc.mistakes.quantities.sized import made
from cnncalc.records import dataclass, replace

if TYPE_CHECKING:
    from cnncalc.checking.integers.reckoning import Reckoning
    from cnncalc.mistakes.quantities.sized import Numbers, Sized
    from cnncalc.mistakes.take import Slip


@dataclass(frozen=True)
class _Counted:
    """One layer of a total."""

    layer: Sized
    count: int


def wrongs(reckoning: Reckoning, kind: str) -> Iterator[tuple[Slip, Numbers]]:
    """What each mistake makes of a total: made in every layer that it can be made in, or a layer left out."""
    counted = [
        _Counted(layer, count) for layer in reckoning.layers if (count := reckoning.sizes(f"{kind}({layer.name})")[0])
    ]
    total = sum(each.count for each in counted)
    for slip in MISTAKES[kind]:
        for wrong in _throughout(slip, counted):
            yield slip, (wrong,)
    if len(counted) > 1:
        for each in counted:
            yield _left_out([each.layer.name]), (total - each.count,)
        for type_ in dict.fromkeys(each.layer.layer.type for each in counted):
            of_type = [each for each in counted if each.layer.layer.type == type_]
            if 1 < len(of_type) < len(counted):
                yield _left_out([each.layer.name for each in of_type]), (total - sum(each.count for each in of_type),)


def _throughout(slip: Slip, counted: Sequence[_Counted]) -> Iterator[int]:
    """The total with one mistake made in each layer, in each of its ways; in one layer alone it is that layer's."""
    ways = [[int(numbers[0]) for _, numbers in made([slip], each.layer)] for each in counted]
    for way in range(max(map(len, ways), default=0)):
        yield sum(
            found[min(way, len(found) - 1)] if found else each.count for found, each in zip(ways, counted, strict=True)
        )


def _left_out(names: Sequence[str]) -> Slip:
    return replace(LEFT_OUT, phrase=LEFT_OUT.phrase.format(names=", ".join(names)))
