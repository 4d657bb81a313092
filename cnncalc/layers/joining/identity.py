"""The same once more, under a name of its own: `identity`."""

from collections.abc import Mapping

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.activations.elementwise import Elementwise, pointwise
from cnncalc.layers.base import Entry, Index, Setting, Term, small_problem


class Identity(Elementwise):
    """Any shape to the same shape: y = x, and dx = g."""

    type = "identity"
    example = small_problem("[1, -2, 3]", "identity: {name: y}", upstream="[1, 2, 3]")
    chosen = frozenset(("y", "dx"))
    gives = None

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """x."""
        return {"y": x}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g."""
        return {"dx": g}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Element by element."""
        return pointwise(setting.x, y=r"\x", dx=r"\g")

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The one element that it is."""
        return [Term((Entry({"y": "x", "dx": "g"}[tensor], index),))]
