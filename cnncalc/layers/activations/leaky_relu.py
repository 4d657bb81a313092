"""ReLU that lets a little through: `leaky_relu`."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import Elementwise, at_zero, indices
from cnncalc.layers.base import Doubt, Entry, Index, Setting, Term, met, option, small_problem
from cnncalc.records import dataclass

AT_ZERO = Phrase(
    en="The derivative of leaky ReLU at 0 is taken as its slope.",
    zh="Leaky ReLU 在 0 处的导数取负半轴斜率。",
)


@dataclass(frozen=True)
class LeakyRelu(Elementwise):
    """Any shape to the same shape: y = x where x > 0, else slope · x; dx likewise from g. At 0 the slope (PyTorch)."""

    type: ClassVar[str] = "leaky_relu"
    example: ClassVar[str] = small_problem(
        "[[[2, -3.4], [-1.6, 4]]]", "leaky_relu: {slope: 0.125}", upstream="[[3, 5.2], [-2.4, 1]]"
    )

    slope: int | Decimal | Fraction = option(
        Decimal("0.01"),
        "number",
        Phrase(en="what x is multiplied by where it is not above 0", zh="x 不大于 0 时乘的系数"),
    )

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """The derivative at the kink, where one lies there."""
        return met(self.doubts(numbers, tensors))

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """x, or slope · x."""
        return {"y": self._bent(numbers, x, x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g, or slope · g."""
        return {"dx": self._bent(numbers, tensors["x"], g)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Written out with the branch at 0."""
        i = indices(setting.x)

        def cases(source: str) -> str:
            passed, bent = rf"\{source}_{{{i}}}", rf"{self.slope} \cdot \{source}_{{{i}}}"
            open_, closed = rf"{passed} & \x_{{{i}}} > 0", rf"{bent} & \x_{{{i}}} \le 0"
            return rf"\begin{{cases}} {open_} \\ {closed} \end{{cases}}"

        return {"y": rf"\y_{{{i}}} = {cases('x')}", "dx": rf"\dx_{{{i}}} = {cases('g')}"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """x or g, with the coefficient of its side of 0."""
        passes = bool(numbers.is_greater(tensors["x"][index], 0))
        return [Term((Entry({"y": "x", "dx": "g"}[tensor], index),), 1 if passes else self.slope)]

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Inputs that are exactly 0."""
        return at_zero(numbers, tensors["x"], AT_ZERO) if self.slope != 1 else []

    def _bent(self, numbers: Arithmetic, x: Array, values: Array) -> Array:
        """The values, times the slope where x ≤ 0. Adding 0 turns float's −0 into 0."""
        return np.where(numbers.is_greater(x, 0), values, values * numbers.number(self.slope) + 0)
