"""What the layers have in common that treat each element by itself."""

import re
from collections.abc import Mapping

import numpy as np

from cnncalc.arithmetic.base import Booleans
from cnncalc.language import Phrase
from cnncalc.layers.base import Doubt, Layer, Shape


class Elementwise(Layer):
    """Any shape to the same shape."""


_ELEMENTS = re.compile(r"\\(?:x|y|g|dx)(?![A-Za-z])")
AXES: Mapping[int, tuple[str, ...]] = {0: (), 1: (r"\i",), 2: (r"\c", r"\i"), 3: (r"\c", r"\i", r"\j")}
"""The indices of a number, of features, of a signal and of an image, without the sample."""


def indices(x: Shape) -> str:
    r"""The indices of a tensor shaped like x, for formulas: `\n, \c, \i, \j` of an image, `\n, \i` of features."""
    return ", ".join((r"\n", *AXES[len(x)]))


def pointwise(x: Shape, **sources: str) -> dict[str, str]:
    r"""Formulas of elements that are made of those at the same place: `y=r"\max\left(0, \x\right)"`."""
    written = (rf"\{local} = {source}" for local, source in sources.items())
    at = f"_{{{indices(x)}}}"
    return dict(zip(sources, (_ELEMENTS.sub(lambda found: found[0] + at, one) for one in written), strict=True))


def doubted(tensor: str, cells: Booleans, phrase: Phrase) -> list[Doubt]:
    """The doubt about some elements of a tensor (N first), if there are any."""
    found = np.argwhere(cells).tolist()
    return [Doubt(tensor, tuple(map(tuple, found)), phrase)] if found else []
