"""Curves between two bounds: the logistic function, `sigmoid`, and the hyperbolic tangent, `tanh`."""

from collections.abc import Mapping

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.activations.elementwise import Elementwise, pointwise
from cnncalc.layers.base import Apply, Entry, Index, Setting, Term, small_problem


class Sigmoid(Elementwise):
    """Any shape to the same shape: y = σ(x) = 1 / (1 + exp(−x)), and dx = g · y · (1 − y)."""

    type = "sigmoid"
    example = small_problem("[0, log(3), -1]", "sigmoid", upstream="[1, 2, -3]")
    gives = "probabilities"

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = σ(x)."""
        return {"y": numbers.named("y", numbers.sigmoid(x), positive=True)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g · y · (1 − y)."""
        return {"dx": g * numbers.sigmoid_slope(tensors["x"], tensors["y"])}

    def logarithms(self, numbers: Arithmetic, x: Array) -> tuple[Array, Array]:
        """log σ(x) and log σ(−x)."""
        return numbers.log_sigmoid(x), numbers.log_sigmoid(-x)

    def through_logarithms(
        self, numbers: Arithmetic, slopes: tuple[Array, Array], tensors: Mapping[str, Array]
    ) -> Array:
        """The slope of log σ(x) is σ(−x), that of log σ(−x) is −σ(x)."""
        of_y, of_rest = slopes
        rest = numbers.sigmoid(-tensors["x"]) if numbers.saturates else 1 - tensors["y"]
        return np.asarray(of_y * rest - of_rest * tensors["y"])

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The derivative is written in y."""
        return pointwise(setting.x, y=r"\sigmoid\left(\x\right)", dx=r"\g \cdot \y \cdot \left(1 - \y\right)")

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The function of x, or g times the derivative."""
        y, g = Entry("y", index), Entry("g", index)
        if tensor == "y":
            return [Term((Apply("sigmoid", (Term((Entry("x", index),)),)),))]
        return [Term((g, y, Apply("sum", (Term(()), Term((y,), -1)))))]


class Tanh(Elementwise):
    """Any shape to the same shape: y = tanh(x), and dx = g · (1 − y²)."""

    type = "tanh"
    example = small_problem("[0, log(2), -1]", "tanh", upstream="[1, 2, -3]")

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = tanh(x)."""
        return {"y": numbers.named("y", numbers.apply("tanh", x))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g · (1 − y²)."""
        return {"dx": g * numbers.tanh_slope(tensors["x"], tensors["y"])}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The derivative is written in y."""
        return pointwise(setting.x, y=r"\tanh\left(\x\right)", dx=r"\g \cdot \left(1 - \y^{2}\right)")

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The function of x, or g times the derivative."""
        y, g = Entry("y", index), Entry("g", index)
        if tensor == "y":
            return [Term((Apply("tanh", (Term((Entry("x", index),)),)),))]
        return [Term((g, Apply("sum", (Term(()), Term((y, y), -1)))))]
