"""What people get wrong in sizes and counts: `shape(conv_1)`, `parameters(total)`, `receptive_field(conv_2)`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from cnncalc.checking import counts, fields, multiplication_slips, parameter_slips, shape_slips, sizes
from cnncalc.problem.names import TOTAL, quantity_name

if TYPE_CHECKING:
    from cnncalc.checking.applying import Named
    from cnncalc.checking.reckoning import Reckoning
    from cnncalc.checking.sized import Numbers

MISTAKES: Mapping[str, Sequence[Named]] = {
    "shape": shape_slips.MISTAKES,
    "parameters": (*parameter_slips.PARAMETERS, counts.LEFT_OUT),
    "multiplications": (*multiplication_slips.MULTIPLICATIONS, counts.LEFT_OUT),
    "receptive_field": fields.MISTAKES,
}
"""By quantity; README lists the codes. A shape has those of its layer as well."""


def wrongs(reckoning: Reckoning, name: str) -> Iterator[tuple[Named, Numbers]]:
    """What each mistake makes of a quantity."""
    asked = quantity_name(name)
    assert asked is not None, f"{name} is no quantity"
    kind, whose = asked
    if kind == "shape":
        yield from sizes.wrongs(reckoning, whose)
    elif kind == "receptive_field":
        yield from fields.wrongs(reckoning, whose)
    elif whose == TOTAL:
        yield from counts.wrong_totals(reckoning, kind)
    else:
        yield from counts.wrongs(reckoning, kind, whose)
