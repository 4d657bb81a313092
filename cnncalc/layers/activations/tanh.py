"""The hyperbolic tangent: `tanh`."""

from collections.abc import Mapping
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.activations.elementwise import Elementwise, indices
from cnncalc.layers.base import Apply, Entry, Index, Setting, Term, small_problem
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Tanh(Elementwise):
    """Any shape to the same shape: y = tanh(x), and dx = g · (1 − y²)."""

    type: ClassVar[str] = "tanh"
    example: ClassVar[str] = small_problem("[0, log(2), -1]", "tanh", upstream="[1, 2, -3]")

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = tanh(x)."""
        return {"y": numbers.named("y", numbers.tanh(x))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g · (1 − y²)."""
        return {"dx": g * numbers.tanh_slope(tensors["x"], tensors["y"])}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The derivative is written in y."""
        i = indices(setting.x)
        return {
            "y": rf"\y_{{{i}}} = \tanh\left(\x_{{{i}}}\right)",
            "dx": rf"\dx_{{{i}}} = \g_{{{i}}} \cdot \left(1 - \y_{{{i}}}^{{2}}\right)",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The function of x, or g times the derivative."""
        y, g = Entry("y", index), Entry("g", index)
        if tensor == "y":
            return [Term((Apply("tanh", (Term((Entry("x", index),)),)),))]
        return [Term((g, Apply("sum", (Term(()), Term((y, y), -1)))))]
