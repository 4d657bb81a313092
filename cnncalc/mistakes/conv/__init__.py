"""What people get wrong in a convolution, by what it is about: in y first, then in the gradients."""

from cnncalc.mistakes.conv import channels, kernel, place, sums
from cnncalc.mistakes.output_size import of_windows

_TABLES = (kernel, channels, place, sums)
MISTAKES = (
    *(mistake for table in _TABLES for mistake in table.FORWARD),
    *(mistake for table in _TABLES for mistake in table.GRADIENT),
    *of_windows(lambda s: s.layer._window(s.x.shape[1:], s.weight.shape), lambda s: len(s.weight)),
)
"""The most specific first; what only a size gives away is last."""
