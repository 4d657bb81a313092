"""What people get wrong in a transposed convolution, by what it is about: in y first, then in the gradients."""

from cnncalc.mistakes.conv_transpose import channels, place, sums

_TABLES = (channels, place, sums)
MISTAKES = (
    *(mistake for table in _TABLES for mistake in table.FORWARD),
    *(mistake for table in _TABLES for mistake in table.GRADIENT),
    *place.OF_SIZE,
)
"""The most specific first; what only a size gives away is last."""
