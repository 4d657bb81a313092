"""Where a gradient comes together: one tensor was used in several places, and each of them sends its part."""

from collections.abc import Mapping

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Entry, Index, Layer, Parameter, Setting, Term
from cnncalc.layers.formulas.indices import indexed
from cnncalc.layers.joining.several import OPERANDS, single

VIA = " via "
"""What stands between the name of a gradient and the use that sends this part of it."""


class Meeting(Layer):
    """y, the gradient of a tensor, is the sum of what its uses send back: x, xb, …, in the order of those.

    No layer of a file: the backward pass makes one for each tensor that is used more than once.
    """

    type = "meeting"
    parameters = tuple(Parameter(operand.name) for operand in OPERANDS)

    batched: bool = True
    """Whether the tensors have N: those of a parameter have none."""

    def parts(self, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """What each use sends, by local name."""
        return {"x": tensors["x"]} | {p.name: tensors[p.name] for p in self.parameters if p.name in tensors}

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The sum."""
        for part in parameters.values():
            x = x + part
        return {"y": x}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """A sum passes everything on."""
        return {f"d{local}": g for local in self.parts(tensors)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """A sum."""
        shape = setting.parameters[OPERANDS[0].name]
        names = ("x", *setting.parameters)
        if self.batched:
            i = indices(shape[1:])
            return {"y": rf"\y_{{{i}}} = " + " + ".join(rf"\{name}_{{{i}}}" for name in names)}
        return {"y": f"{indexed('y', shape)} = " + " + ".join(indexed(name, shape) for name in names)}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """An element of each part; a part's own gradient is what the sum gets."""
        if tensor != "y":
            return [single(Entry("g", index))]
        return [single(Entry(local, index)) for local in self.parts(tensors)]
