"""Products of inputs, element by element: `multiply`."""

from collections.abc import Iterable, Mapping
from math import prod
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Entry, Index, Setting, Shape, Term
from cnncalc.layers.joining.several import ElementByElement, Setup, summed_over
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Multiply(ElementByElement):
    """y = x · xb · …, element by element; each input gets g times all the others."""

    type: ClassVar[str] = "multiply"
    example: ClassVar[str] = """\
inputs: {x: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], s: [0.5, 2]}
layers:
  - multiply: {name: y, inputs: [x, s]}
upstream: [[[1, 1], [1, 1]], [[1, 1], [1, 1]]]
"""

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The product."""
        shapes = {local: array.shape[1:] for local, array in parameters.items()}
        laid_out = self.laid_out({"x": x, **parameters}, self.output_shape(x.shape[1:], shapes))
        return {"y": _product(laid_out)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g times the other inputs, summed over what the input was spread to."""
        laid_out = self.laid_out(tensors, tensors["y"].shape[1:])
        return {
            f"d{local}": self.gathered(numbers, g * _product(laid_out, without=local) + 0, array)
            for local, array in self.inputs(tensors).items()
        }

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """A product, and for each input the product with g in its place."""
        setup = Setup.of(setting)
        written = {local: setup.written(local) for local in setup.inputs}
        made = {"y": rf"{setup.output('y')} = {_dotted(written.values())}"}
        for local, shape in setup.inputs.items():
            others = [factor for other, factor in written.items() if other != local]
            over = summed_over(shape, setup.full)
            made[f"d{local}"] = f"{setup.derived(local)} = {over}{_dotted([setup.output('g'), *others])}"
        return made

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """One product; or one for each place that the input was spread to."""
        inputs = self.inputs(tensors)
        if tensor == "y":
            return [Term(tuple(self.spread_entry(local, index, tensors) for local in inputs))]
        local = tensor[1:]
        others = [other for other in inputs if other != local]
        return [
            Term((Entry("g", place), *(self.spread_entry(other, place, tensors) for other in others)))
            for place in self.places(index, tensors[local].shape[1:], tensors["y"].shape[1:])
        ]

    def multiplications(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """One for each element and each input after the first."""
        return prod(self.output_shape(x, parameters)) * len(parameters)


def _product(factors: Mapping[str, Array], without: str | None = None) -> Array:
    first, *others = (array for local, array in factors.items() if local != without)
    for other in others:
        first = first * other
    return first + 0  # no product of doubles is -0.0


def _dotted(factors: Iterable[str]) -> str:
    return r" \cdot ".join(factors)
