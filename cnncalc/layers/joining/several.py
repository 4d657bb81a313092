"""Element by element: sums, differences, products of several inputs, the identity, and where gradients meet."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice, product
from math import prod
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import AXES, Elementwise, indices, pointwise
from cnncalc.layers.base import Entry, Index, Layer, Parameter, Setting, Shape, ShapeError, Term, by, small_problem
from cnncalc.layers.indices import indexed, letters_of
from cnncalc.records import Record

MOST_INPUTS = 100
"""Of one layer, and uses of one tensor."""
_LETTERS = "".join(map(chr, range(ord("a"), ord("z") + 1)))
_ENDINGS = ("".join(letters) for size in (1, 2) for letters in product(_LETTERS, repeat=size))
OPERANDS = tuple(Parameter(f"x{ending}", learned=False, is_operand=True) for ending in islice(_ENDINGS, 1, MOST_INPUTS))
GRADIENTS = frozenset(f"d{operand.name}" for operand in OPERANDS)
SPREAD = Phrase(
    "What has one number for each channel, or one alone, is spread over all elements of the channel, or over all"
    " there are; its gradient is the sum over those."
)
VIA = " via "
"""What stands between the name of a gradient and the use that sends this part of it."""


class Several(Layer):
    """What the layers of several inputs have in common."""

    parameters = OPERANDS
    takes_several = True

    def inputs(self, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """Those of a step in order, x first, by their local names."""
        return {"x": tensors["x"]} | {p.name: tensors[p.name] for p in self.parameters if p.name in tensors}


class ElementByElement(Several):
    """Inputs of one shape, of which some may have one number for each channel, or one alone: those are spread."""

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """That something was spread, and what is in doubt."""
        shapes = {array.shape[1:] for array in self.inputs(tensors).values()}
        spread = (SPREAD,) if any(prod(shape) < prod(tensors["y"].shape[1:]) for shape in shapes) else ()
        return (*spread, *super().conventions(numbers, tensors))

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """That of the largest."""
        shapes = [x, *parameters.values()]
        full = max(shapes, key=lambda shape: (prod(shape), len(shape)))
        for shape in shapes:
            is_by_channel = len(full) == 3 and shape[0] == full[0] and prod(shape) == full[0]
            if not (shape == full or prod(shape) == 1 or is_by_channel):
                message = (
                    f"{{y}} ({self.type}) takes inputs of one shape, and these are {' and '.join(map(by, shapes))}"
                )
                remedy = "give inputs of one shape; one of them may be a number for each channel, or one number"
                raise ShapeError(message, remedy, "inputs")
        return full

    def laid_out(self, tensors: Mapping[str, Array], full: Shape) -> dict[str, Array]:
        """Each input so that it spreads by itself over (N, *full)."""
        inputs = self.inputs(tensors)
        return {local: array.reshape(len(array), *spread(array.shape[1:], full)) for local, array in inputs.items()}

    def gathered(self, numbers: Arithmetic, g: Array, x: Array) -> Array:
        """A gradient shaped like y (N first), summed over the elements that an input was spread to."""
        axes = tuple(
            axis for axis, size in enumerate(spread(x.shape[1:], g.shape[1:]), 1) if size == 1 and g.shape[axis] > 1
        )
        return (numbers.sum(g, axis=axes) if axes else g).reshape(x.shape)

    def spread_entry(self, local: str, index: Index, tensors: Mapping[str, Array]) -> Entry:
        """The element of an input that stands at one place of y (N first)."""
        shape, full = tensors[local].shape[1:], tensors["y"].shape[1:]
        laid = [0 if size == 1 else at for at, size in zip(index[1:], spread(shape, full), strict=True)]
        # A number for each channel, or one number, may have fewer axes than y, and one number more.
        return Entry(local, (index[0], *laid, *(0,) * len(shape))[: 1 + len(shape)])

    def places(self, index: Index, shape: Shape, full: Shape) -> list[Index]:
        """The places of y (N first) to which one element of an input was spread, in order."""
        own = (*index[1:], *(0,) * len(full))[: len(full)]
        axes = (
            range(most) if size == 1 else (at,) for at, size, most in zip(own, spread(shape, full), full, strict=True)
        )
        return [(index[0], *place) for place in product(*axes)]


def spread(shape: Shape, full: Shape) -> Shape:
    """A shape with an axis of 1 wherever it is spread over the full one."""
    if shape == full:
        return shape
    if prod(shape) == 1:
        return (1,) * len(full)
    return (shape[0], *(1,) * (len(full) - 1))


def letters(shape: Shape, full: Shape, base: int) -> str:
    r"""The indices of an input in formulas: `\n, \c, \i, \j`, or, where it is spread, those that it has."""
    axes = AXES[len(full)]
    if shape == full:
        return ", ".join((r"\n", *axes))
    own = axes[: len(shape)] if prod(shape) > 1 else ()
    return ", ".join((r"\n", *own[:1], *[str(base)] * (len(shape) - len(own[:1]))))


def summed_over(shape: Shape, full: Shape) -> str:
    r"""`\sum_{\i, \j} ` over what an input is spread to; nothing where it is not."""
    axes = AXES[len(full)]
    over = [
        letter for letter, size, most in zip(axes, spread(shape, full), full, strict=True) if size == 1 and most > 1
    ]
    return rf"\sum_{{{', '.join(over)}}} " if over else ""


class Setup(Record):
    """The inputs in a formula: by local name the shape, in order; and the shape of y."""

    inputs: Mapping[str, Shape]
    full: Shape
    base: int

    @staticmethod
    def of(setting: Setting) -> "Setup":
        """From what a formula is told."""
        inputs = {"x": setting.x} | dict(setting.parameters)
        full = max(inputs.values(), key=lambda shape: (prod(shape), len(shape)))
        return Setup(inputs, full, setting.index_base)

    def written(self, local: str) -> str:
        r"""`\xb_{\n, \c, \i, \j}`."""
        return rf"\{local}_{{{letters(self.inputs[local], self.full, self.base)}}}"

    def derived(self, local: str) -> str:
        r"""`\dxb_{\n, \c}`."""
        return rf"\d{self.written(local)[1:]}"

    def output(self, name: str) -> str:
        r"""`\y_{\n, \c, \i, \j}`."""
        return rf"\{name}_{{{letters(self.full, self.full, self.base)}}}"


def single(entry: Entry, coefficient: int = 1) -> Term:
    """A term of one factor."""
    return Term((entry,), coefficient)


def names_of(count: int) -> Sequence[str]:
    """The local names of so many inputs."""
    return ("x", *(parameter.name for parameter in OPERANDS[: count - 1]))


class Add(ElementByElement):
    """y = x + xb + …, element by element; each input gets g, summed over what it was spread to."""

    type = "add"
    example = small_problem("[1, -2, 3]", "relu: {name: r}", "add: {name: s, inputs: [r, x]}", upstream="[1, 2, 3]")
    signs: ClassVar[tuple[int, int]] = (1, 1)
    """Of the first input, and of all others."""

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The sum."""
        tensors = {"x": x, **parameters}
        shapes = {local: array.shape[1:] for local, array in parameters.items()}
        first, *others = self.laid_out(tensors, self.output_shape(x.shape[1:], shapes)).values()
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


class Subtract(Add):
    """y = x − xb − …, element by element; the first input gets g, each other one −g."""

    type = "subtract"
    example = """\
inputs: {a: [1, 2, 3], b: [3, 2, 1]}
layers:
  - subtract: {name: d, inputs: [a, b]}
upstream: [1, 2, 3]
"""
    signs = (1, -1)


class Multiply(ElementByElement):
    """y = x · xb · …, element by element; each input gets g times all the others."""

    type = "multiply"
    example = """\
inputs: {x: [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], s: [0.5, 2]}
layers:
  - multiply: {name: y, inputs: [x, s]}
upstream: [[[1, 1], [1, 1]], [[1, 1], [1, 1]]]
"""

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The product."""
        shapes = {local: array.shape[1:] for local, array in parameters.items()}
        return {"y": _product(self.laid_out({"x": x, **parameters}, self.output_shape(x.shape[1:], shapes)))}

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


class Meeting(Layer):
    """y, the gradient of a tensor, is the sum of what its uses send back: x, xb, …, in the order of those.

    No layer of a file: the backward pass makes one for each tensor that is used more than once.
    """

    type = "meeting"
    parameters = tuple(Parameter(operand.name) for operand in OPERANDS)

    batched: bool = True
    """Whether the tensors have N: those of a parameter have none."""
    is_penalised: bool = False
    """Whether the last part comes from a penalty in the loss."""

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
        other = OPERANDS[0].name
        at = indices(setting.parameters[other][1:]) if self.batched else letters_of(setting, other)
        return {"y": f"{indexed('y', at)} = " + " + ".join(indexed(name, at) for name in ("x", *setting.parameters))}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """An element of each part; a part's own gradient is what the sum gets."""
        if tensor != "y":
            return [single(Entry("g", index))]
        return [single(Entry(local, index)) for local in self.parts(tensors)]
