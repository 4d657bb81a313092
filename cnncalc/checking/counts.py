"""Counts of a layer and of a whole network with the mistakes that people make in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from cnncalc.checking.applying import Named, applied
from cnncalc.checking.multiplication_slips import MULTIPLICATIONS
from cnncalc.checking.parameter_slips import PARAMETERS
from cnncalc.checking.sized import Numbers, Slip
from cnncalc.language import Phrase
from cnncalc.records import dataclass, replace

if TYPE_CHECKING:
    from cnncalc.checking.reckoning import Reckoning
    from cnncalc.checking.sized import Sized

OF_LAYERS = {"parameters": PARAMETERS, "multiplications": MULTIPLICATIONS}


@dataclass(frozen=True)
class _Counted:
    """One layer of a total."""

    layer: Sized
    count: int


def wrongs(reckoning: Reckoning, kind: str, whose: str) -> Iterator[tuple[Named, Numbers]]:
    """What each mistake makes of the count of one layer."""
    for layer in reckoning.layers:
        if layer.entry.name == whose:
            yield from applied(OF_LAYERS[kind], layer)


def wrong_totals(reckoning: Reckoning, kind: str) -> Iterator[tuple[Named, Numbers]]:
    """What each mistake makes of a total: made in every layer that it can be made in, or a layer left out."""
    counted = [
        _Counted(layer, count)
        for layer in reckoning.layers
        if (count := reckoning.sizes(f"{kind}({layer.entry.name})")[0])
    ]
    total = sum(each.count for each in counted)
    for slip in OF_LAYERS[kind]:
        for wrong in _throughout(slip, counted):
            yield slip, (wrong,)
    if len(counted) > 1:
        for each in counted:
            yield _left_out([each.layer.entry.name]), (total - each.count,)
        for type_ in dict.fromkeys(each.layer.entry.layer.type for each in counted):
            of_type = [each for each in counted if each.layer.entry.layer.type == type_]
            if 1 < len(of_type) < len(counted):
                names = [each.layer.entry.name for each in of_type]
                yield _left_out(names), (total - sum(each.count for each in of_type),)


def _throughout(slip: Slip, counted: Sequence[_Counted]) -> Iterator[int]:
    """The total with one mistake made in each layer, in each of its ways; in one layer alone it is that layer's."""
    ways = [[int(numbers[0]) for _, numbers in applied([slip], each.layer)] for each in counted]
    for way in range(max(map(len, ways), default=0)):
        yield sum(
            found[min(way, len(found) - 1)] if found else each.count for found, each in zip(ways, counted, strict=True)
        )


def _left_out(names: Sequence[str]) -> Slip:
    return replace(LEFT_OUT, phrase=LEFT_OUT.phrase.format(names=", ".join(names)))


def _none(subject: object) -> Iterator[Numbers]:
    """It is worked out from the counts of all layers, and not from one of them."""
    yield from ()


LEFT_OUT = Slip(
    "layer-left-out",
    Phrase(en="Not in this total: {names}.", zh="总数中漏掉了 {names}。"),
    _none,
)
