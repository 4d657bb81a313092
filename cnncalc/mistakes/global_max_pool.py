"""What people get wrong in a global max pool: what they do in any max pool, but for its windows and their padding."""

from cnncalc.mistakes.max_pool import MISTAKES as OF_WINDOWS
from cnncalc.mistakes.pool import OPTIONS

_OF_SEVERAL_WINDOWS = frozenset(
    ["padding-counted-as-zero", "padding-counted-in-position", "pooled-whole-map", "path-within-window", "overwritten",
     "stride-ignored", *(mistake.code for mistake in OPTIONS)]
)  # fmt: skip
MISTAKES = tuple(mistake for mistake in OF_WINDOWS if mistake.code not in _OF_SEVERAL_WINDOWS)
"""The most specific first."""
