"""The rectified linear unit, and those that let a little through: `relu`, `leaky_relu`, `prelu`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import product

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import IDENTITY, ONE, Curve, Piece, X, constant, times
from cnncalc.layers.activations.elementwise import Elementwise, doubted, indices, pointwise
from cnncalc.layers.base import (
    Doubt,
    Entry,
    Index,
    Mark,
    Parameter,
    Setting,
    Shape,
    ShapeError,
    Term,
    by,
    option,
    small_problem,
)

RELU_AT_ZERO = Phrase("The derivative of ReLU at 0 is taken as 0.")


class Relu(Elementwise):
    """Any shape to the same shape: y = max(0, x), and dx = g where x > 0, else 0. relu'(0) = 0, as in PyTorch."""

    type = "relu"
    example = small_problem("[[[2, -3.5], [0, 4]]]", "relu", upstream="[[3, 5], [-2, 1]]")
    chosen = frozenset(("y", "dx"))

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = max(0, x)."""
        return {"y": numbers.positive_part(x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g passes where x > 0."""
        return {"dx": numbers.gated(g, numbers.is_greater(tensors["x"], 0))}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Written out with the branch at 0."""
        dx = r"\begin{cases} \g & \x > 0 \\ 0 & \x \le 0 \end{cases}"
        return pointwise(setting.x, y=r"\max\left(0, \x\right)", dx=dx)

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """x itself, or g, where x > 0; nothing elsewhere."""
        passes = bool(numbers.is_greater(tensors["x"][index], 0))
        return [Term((Entry({"y": "x", "dx": "g"}[tensor], index),))] if passes else []

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Inputs that are exactly 0."""
        return doubted("x", numbers.is_known_equal(tensors["x"], 0), RELU_AT_ZERO)

    def marks(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Mark]:
        """The cells that are closed."""
        closed = ~numbers.is_greater(tensors["x"], 0)
        return [Mark("y", closed, "closed"), Mark("dx", closed, "closed")]


class LeakyRelu(Curve):
    """Any shape to the same shape: y = x where x > 0, else slope · x; dx likewise from g. At 0 the slope (PyTorch)."""

    type = "leaky_relu"
    label = "leaky ReLU"
    example = small_problem("[[[2, -3.4], [-1.6, 4]]]", "leaky_relu: {slope: 0.125}", upstream="[[3, 5.2], [-2.4, 1]]")

    slope: int | Decimal | Fraction = option(
        Decimal("0.01"), "number", Phrase("what x is multiplied by where it is not above 0")
    )

    def pieces(self) -> Sequence[Piece]:
        """0 belongs to the sloping one."""
        below = Piece((Term((X,), self.slope),), constant(self.slope), times(self.slope, r"\x"), str(self.slope))
        return Piece(IDENTITY, ONE, r"\x", "1", 0), below


PRELU_AT_ZERO = Phrase("The derivative of PReLU at 0 is taken as its slope there.")
WEIGHT = Phrase("what x is multiplied by where it is not above 0: one number, or one for each channel")


class Prelu(Elementwise):
    """Any shape to the same shape: y = x where x > 0, else weight · x, with weight (1) or (C), as PyTorch's PReLU.

    dx = g, or weight · g; dweight = Σ g · x over the elements that are not above 0.
    """

    type = "prelu"
    example = small_problem(
        "[[[2, -3.5], [-1, 4]]]", "prelu: {weight: {name: a, value: [0.2]}}", upstream="[[3, 5], [-2, 1]]"
    )
    parameters = (Parameter("weight", default=Fraction(1, 4), shape="(1) or (C)", about=WEIGHT),)

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """One for all, or one for each channel."""
        typed = given.get("weight", ())
        if typed not in ((), (1,), x[:1]):
            message = f"{{weight}} has shape {by(typed)}, {{x}} ({by(x)}) has {x[0]} channels"
            raise ShapeError(message, f"give one number, or {x[0]} of them", "weight")
        return {"weight": typed or (1,)}

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """x, or weight · x."""
        return {"y": self._bent(numbers, x, x, parameters["weight"])}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g, or weight · g."""
        x, weight = tensors["x"], tensors["weight"]
        shares = numbers.gated(g * x, ~numbers.is_greater(x, 0))
        over = (0, *range(2, x.ndim)) if weight.size > 1 else tuple(range(x.ndim))
        return {
            "dx": self._bent(numbers, x, g, weight),
            "dweight": numbers.sum(shares, axis=over).reshape(weight.shape),
        }

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Written out with the branch at 0."""
        i = indices(setting.x)
        n, channel, *others = i.split(", ")
        own, over = channel, [n, *others]
        if setting.parameters["weight"] == (1,):
            own, over = str(setting.index_base), [n, channel, *others]

        def cases(source: str) -> str:
            bent = rf"\weight_{{{own}}} \cdot \{source}_{{{i}}} & \x_{{{i}}} \le 0"
            return rf"\begin{{cases}} \{source}_{{{i}}} & \x_{{{i}}} > 0 \\ {bent} \end{{cases}}"

        dweight = rf"\sum_{{{', '.join(over)}:\, \x_{{{i}}} \le 0}} \g_{{{i}}} \cdot \x_{{{i}}}"
        if over == [n] and setting.samples is None:
            # There is nothing to sum over.
            branches = rf"\g_{{{i}}} \cdot \x_{{{i}}} & \x_{{{i}}} \le 0 \\ 0 & \x_{{{i}}} > 0"
            dweight = rf"\begin{{cases}} {branches} \end{{cases}}"
        return {
            "y": rf"\y_{{{i}}} = {cases('x')}",
            "dx": rf"\dx_{{{i}}} = {cases('g')}",
            "dweight": rf"\dweight_{{{own}}} = {dweight}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """x or g, times the weight on its side of 0; for the weight, g · x of that side."""
        x, size = tensors["x"], tensors["weight"].size
        if tensor == "dweight":
            ranges = [range(count) for count in x.shape]
            if size > 1:
                ranges[1] = range(index[0], index[0] + 1)
            return [
                Term((Entry("g", at), Entry("x", at)))
                for at in product(*ranges)
                if not numbers.is_greater(np.asarray(x[at]), 0)
            ]
        passed = Entry({"y": "x", "dx": "g"}[tensor], index)
        if numbers.is_greater(np.asarray(x[index]), 0):
            return [Term((passed,))]
        return [Term((Entry("weight", (index[1] if size > 1 else 0,)), passed))]

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Inputs that are exactly 0."""
        return doubted("x", numbers.is_known_equal(tensors["x"], 0), PRELU_AT_ZERO)

    def _bent(self, numbers: Arithmetic, x: Array, values: Array, weight: Array) -> Array:
        """The values, times the weight where x ≤ 0. Adding 0 turns float's −0 into 0."""
        spread = weight.reshape(-1, *(1,) * (x.ndim - 2))
        return np.where(numbers.is_greater(x, 0), values, values * spread + 0)
