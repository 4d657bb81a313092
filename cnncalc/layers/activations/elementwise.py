"""What layers share that treat each element by itself, and one that is left general: `activation: {symbol: phi}`."""

import re
from collections.abc import Mapping
from typing import cast

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.base import Apply, Doubt, Entry, Function, Index, Layer, Setting, Shape, ShapeError, Term, option


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


class General(Elementwise):
    """Any shape to the same shape: y = φ(x), and dx = g · φ′(x). Of φ nothing is known but its letter."""

    type = "activation"
    example = """\
input: {name: x, symbol: x, shape: [2]}
layers:
  - activation: {name: y, symbol: phi}
upstream: [1, -2]
"""
    names_input = True

    symbol: str = option(
        "phi", "choice",
        Phrase("the letter of the function"),
        ("phi", "psi", "rho", "sigma", "f", "g"),
    )  # fmt: skip

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = φ(x); ShapeError in number systems without letters."""
        try:
            return {"y": numbers.named("y", numbers.general(self.symbol, x))}
        except OutOfRange as error:
            remedy = "write `numbers: symbolic`, or an activation that is known: relu, sigmoid, tanh, …"
            raise ShapeError(f"{{y}}: {error}", remedy, "symbol") from error

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g · φ′(x)."""
        return {"dx": g * numbers.general(f"{self.symbol}'", tensors["x"])}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """φ and φ′ of each element."""
        latex = self.symbol if len(self.symbol) == 1 else rf"\{self.symbol}"
        return pointwise(setting.x, y=rf"{latex}\left(\x\right)", dx=rf"\g \cdot {latex}'\left(\x\right)")

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The function of x, or g times its derivative."""
        x = (Term((Entry("x", index),)),)
        if tensor == "y":
            return [Term((Apply(cast(Function, self.symbol), x),))]
        return [Term((Entry("g", index), Apply(cast(Function, f"{self.symbol}'"), x)))]
