"""An activation that is left general: `activation: {symbol: phi}`, for derivations that hold for any of them."""

from collections.abc import Mapping
from typing import cast

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import Elementwise, pointwise
from cnncalc.layers.base import Apply, Entry, Function, Index, Setting, ShapeError, Term, option


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
        Phrase(en="the letter of the function", zh="函数的字母"),
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
