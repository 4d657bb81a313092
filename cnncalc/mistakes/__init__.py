"""What people get wrong in each layer, loss and rule of descent: a table a layer, the most specific first."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cnncalc.layers.base import Layer
    from cnncalc.mistakes.take import Mistake


def known_mistakes(layer: Layer) -> Sequence[Mistake]:
    """What people get wrong in a layer: MISTAKES of the module of its type, loaded only when answers are checked.

    A layer may have none.
    """
    _, stage, *_ = type(layer).__module__.split(".")
    name = f"{__name__}.{layer.type}" if stage == "layers" else f"{__name__}.{stage}.{layer.type}"
    if find_spec(name) is None:
        return ()
    mistakes: Sequence[Mistake] = import_module(name).MISTAKES
    return mistakes
