"""What people get wrong in sizes and counts: slips over whole numbers, those of one layer that are likeliest first."""

from collections.abc import Mapping, Sequence

from cnncalc.mistakes.quantities import counts, receptive_fields, sizes
from cnncalc.mistakes.take import Slip

MISTAKES: Mapping[str, Sequence[Slip]] = {
    "shape": sizes.SIZES,
    "parameters": counts.OF_PARAMETERS,
    "multiplications": counts.OF_MULTIPLICATIONS,
    "receptive_field": receptive_fields.MISTAKES,
}
"""By quantity. A shape has those of its layer as well."""
