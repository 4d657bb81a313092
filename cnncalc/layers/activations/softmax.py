"""Probabilities from logits: `softmax`."""

from collections.abc import Mapping
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Apply, Content, Domain, Entry, Index, Layer, Setting, Shape, Term
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Softmax(Layer):
    """x (features) to y (features): y_k = exp(x_k) / Σ_j exp(x_j), for each sample by itself.

    dx_k = y_k · (g_k − Σ_j g_j · y_j), the product of g with the whole Jacobian.
    """

    type: ClassVar[str] = "softmax"
    example: ClassVar[str] = """\
input: {name: x, value: [0, log(2), log(5)]}
layers:
  - softmax
upstream: [1, 3, -2]
"""
    domain: ClassVar[Domain] = "features"
    sees_all: ClassVar[bool] = True
    gives: ClassVar[Content | None] = "probabilities"

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """That of x."""
        self.check_input(x)
        return x

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Taken from exp(x − max x), which is the same and cannot overflow."""
        powers = numbers.exp(x - largest(numbers, x))
        y = numbers.named("y", powers / numbers.sum(powers, axis=1)[:, None], positive=True)
        numbers.note_distribution(y)
        return {"y": y}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = y · (g − Σ g · y)."""
        return {"dx": numbers.through_softmax(g, tensors["y"])}

    def logarithms(self, numbers: Arithmetic, x: Array) -> tuple[Array, Array]:
        """Those of each class against all others."""
        return numbers.log_softmax(x), numbers.log_rest(x)

    def through_logarithms(
        self, numbers: Arithmetic, slopes: tuple[Array, Array], tensors: Mapping[str, Array]
    ) -> Array:
        """dx by way of log-softmax."""
        of_y, of_rest = slopes
        dx = numbers.through_log_softmax(of_y, tensors["y"])
        return dx + numbers.through_log_rest(of_rest, tensors["x"]) if of_rest.any() else dx

    def shares(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[str, Array]:
        """The probabilities: `p[1]`."""
        return "{y}", tensors["y"]

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The quotient, and the Jacobian multiplied out."""
        return {
            "y": r"\y_{\n, \k} = \frac{\exp\left(\x_{\n, \k}\right)}{\sum_{\j} \exp\left(\x_{\n, \j}\right)}",
            "dx": r"\dx_{\n,\k} = \y_{\n,\k} \cdot \left(\g_{\n,\k} - \sum_{\j} \g_{\n,\j} \cdot \y_{\n,\j}\right)",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """One power times the reciprocal of their sum; or y times the bracket."""
        n, k = index
        features = range(tensors["x"].shape[1])
        if tensor == "y":
            powers = [Apply("exp", (Term((Entry("x", (n, j)),)),)) for j in features]
            return [Term((powers[k], Apply("reciprocal", tuple(Term((power,)) for power in powers))))]
        bracket = [Term((Entry("g", index),))]
        bracket += [Term((Entry("g", (n, j)), Entry("y", (n, j))), -1) for j in features]
        return [Term((Entry("y", index), Apply("sum", tuple(bracket))))]


def largest(numbers: Arithmetic, x: Array) -> Array:
    """Each sample's largest element as (N, 1), or zeros where exponentials may be as large as they like."""
    if not numbers.can_overflow:
        return numbers.zeros((len(x), 1))
    return numbers.largest(x)
