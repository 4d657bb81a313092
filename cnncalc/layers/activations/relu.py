"""The rectified linear unit: `relu`."""

from collections.abc import Mapping
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import Elementwise, at_zero, indices
from cnncalc.layers.base import Doubt, Entry, Index, Mark, Setting, Term, met, small_problem
from cnncalc.records import dataclass

AT_ZERO = Phrase(en="The derivative of ReLU at 0 is taken as 0.", zh="ReLU 在 0 处的导数取 0。")


@dataclass(frozen=True)
class Relu(Elementwise):
    """Any shape to the same shape: y = max(0, x), and dx = g where x > 0, else 0. relu'(0) = 0, as in PyTorch."""

    type: ClassVar[str] = "relu"
    example: ClassVar[str] = small_problem("[[[2, -3.5], [0, 4]]]", "relu", upstream="[[3, 5], [-2, 1]]")
    chosen: ClassVar[frozenset[str]] = frozenset(("y", "dx"))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """The derivative at the kink, where one lies there."""
        return met(self.doubts(numbers, tensors))

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = max(0, x)."""
        return {"y": numbers.positive_part(x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g passes where x > 0."""
        return {"dx": numbers.gated(g, numbers.is_greater(tensors["x"], 0))}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Written out with the branch at 0."""
        i = indices(setting.x)
        return {
            "y": rf"\y_{{{i}}} = \max\left(0, \x_{{{i}}}\right)",
            "dx": rf"\dx_{{{i}}} = \begin{{cases}} \g_{{{i}}} & \x_{{{i}}} > 0 \\ 0 & \x_{{{i}}} \le 0 \end{{cases}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """x itself, or g, where x > 0; nothing elsewhere."""
        passes = bool(numbers.is_greater(tensors["x"][index], 0))
        source = {"y": "x", "dx": "g"}[tensor]
        return [Term((Entry(source, index),))] if passes else []

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Inputs that are exactly 0."""
        return at_zero(numbers, tensors["x"], AT_ZERO)

    def marks(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Mark]:
        """The cells that are closed."""
        closed = ~numbers.is_greater(tensors["x"], 0)
        return [Mark("y", closed, "closed"), Mark("dx", closed, "closed")]
