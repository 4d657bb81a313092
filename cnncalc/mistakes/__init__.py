"""What people get wrong in each layer, loss and rule of descent: a table a layer, the most specific first."""

from collections.abc import Sequence

from cnncalc.layers.base import Layer
from cnncalc.layers.registry import companion
from cnncalc.mistakes.penalty import known
from cnncalc.mistakes.take import Mistake


def known_mistakes(layer: Layer) -> Sequence[Mistake]:
    """What people get wrong in a layer, loss or rule, loaded only when answers are checked; it may be nothing."""
    return known(layer, companion(__name__, type(layer), "MISTAKES") or ())
