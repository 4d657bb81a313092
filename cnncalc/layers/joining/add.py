"""Sums of several inputs: `add`."""

from collections.abc import Mapping
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Entry, Index, Setting, Term, small_problem
from cnncalc.layers.joining.several import ElementByElement, Setup, single, summed_over
from cnncalc.records import dataclass


@dataclass(frozen=True)
class Add(ElementByElement):
    """y = x + xb + …, element by element; each input gets g, summed over what it was spread to."""

    type: ClassVar[str] = "add"
    example: ClassVar[str] = small_problem(
        "[1, -2, 3]", "relu: {name: r}", "add: {name: s, inputs: [r, x]}", upstream="[1, 2, 3]"
    )
    signs: ClassVar[tuple[int, int]] = (1, 1)
    """Of the first input, and of all others."""

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The sum."""
        tensors = {"x": x, **parameters}
        shapes = {local: array.shape[1:] for local, array in parameters.items()}
        laid_out = self.laid_out(tensors, self.output_shape(x.shape[1:], shapes))
        first, *others = laid_out.values()
        for other in others:
            first = first + other if self.signs[1] > 0 else first - other
        return {"y": first}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g for each input, with its sign."""
        return {
            f"d{local}": self.gathered(numbers, g if self._sign(local) > 0 else 0 - g, array)
            for local, array in self.inputs(tensors).items()
        }

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """A sum, and one gradient for all."""
        setup = Setup.of(setting)
        first, *others = map(setup.written, setup.inputs)
        sign = " + " if self.signs[1] > 0 else " - "
        made = {"y": f"{setup.output('y')} = {sign.join((first, *others))}"}
        for local, shape in setup.inputs.items():
            minus = "" if self._sign(local) > 0 else "-"
            over = summed_over(shape, setup.full)
            made[f"d{local}"] = f"{setup.derived(local)} = {minus}{over}{setup.output('g')}"
        return made

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """An element of each input; or g where the input was spread to."""
        if tensor == "y":
            inputs = self.inputs(tensors)
            return [single(self.spread_entry(local, index, tensors), self._sign(local)) for local in inputs]
        local = tensor[1:]
        places = self.places(index, tensors[local].shape[1:], tensors["y"].shape[1:])
        return [single(Entry("g", place), self._sign(local)) for place in places]

    def _sign(self, local: str) -> int:
        return self.signs[local != "x"]
