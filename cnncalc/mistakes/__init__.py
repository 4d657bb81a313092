"""What people get wrong in each layer, loss and rule of descent: a table a layer, the most specific first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cnncalc.layers.registry import companion

if TYPE_CHECKING:
    from cnncalc.layers.base import Layer
    from cnncalc.mistakes.take import Mistake


def known_mistakes(layer: Layer) -> Sequence[Mistake]:
    """What people get wrong in a layer: MISTAKES of the module of its type, loaded only when answers are checked.

    A layer may have none.
    """
    module = companion(__name__, type(layer))
    if module is None:
        return ()
    # One module may hold several tables: that of the layers on signals does.
    mistakes: Sequence[Mistake] = module.mistakes_of(layer) if hasattr(module, "mistakes_of") else module.MISTAKES
    return mistakes
