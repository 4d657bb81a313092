"""Memory that is used again: a fresh page costs more than what is written on it, twice so while several threads run."""

from math import prod
from threading import local

import numpy as np

from cnncalc.arithmetic.base import Doubles

_KEPT = local()


def scratch(shape: tuple[int, ...], most: int) -> Doubles:
    """An array of doubles to be filled, the same for each call in a thread; a new one if it has more than `most`."""
    size = prod(shape)
    if size > most:
        return np.empty(shape)
    kept: Doubles | None = getattr(_KEPT, "doubles", None)
    if kept is None or len(kept) < size:
        # Room for larger ones to come.
        kept = _KEPT.doubles = np.empty(min(2 * size, most))
    return kept[:size].reshape(shape)


def keep_freed_memory() -> None:
    """Has malloc keep up to 64 MB of this process for the next tensors instead of giving them back at once.

    From then on glibc keeps up to twice the largest block, of at most 32 MB, that was mapped for itself and freed
    (mallopt(3), M_MMAP_THRESHOLD). This one is never written on. Other libraries take no notice.
    """
    np.empty(2**22 - 2**12)
