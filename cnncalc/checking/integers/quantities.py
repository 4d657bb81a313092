"""What people get wrong in sizes and counts: `shape(conv_1)`, `parameters(total)`, `receptive_field(conv_2)`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from cnncalc.checking.integers import sizes, totals
from cnncalc.mistakes.quantities import MISTAKES
from cnncalc.mistakes.quantities.sized import made
from cnncalc.problem.names import TOTAL, quantity_name

if TYPE_CHECKING:
    from cnncalc.checking.integers.reckoning import Reckoning
    from cnncalc.mistakes.quantities.sized import Numbers
    from cnncalc.mistakes.take import Slip


def wrongs(reckoning: Reckoning, name: str) -> Iterator[tuple[Slip, Numbers]]:
    """What each mistake makes of a quantity."""
    asked = quantity_name(name)
    assert asked is not None, f"{name} is no quantity"
    kind, whose = asked
    if kind == "shape":
        yield from sizes.wrongs(reckoning, whose)
    elif whose == TOTAL and kind != "receptive_field":
        yield from totals.wrongs(reckoning, kind)
    else:
        for layer in reckoning.layers:
            if layer.name == whose:
                yield from made(MISTAKES[kind], layer)
