"""Sizes and counts, worked out from other sizes and counts: from what a student wrote further up.

`shape(conv_2)` comes from `shape(conv_1)`, `parameters(fc_1)` from the shape of its weight, and that from
`shape(flatten_1)`; `parameters(total)` comes from the counts of the layers. So what follows from an answer, and what a
mistake leads to, is found for them as for tensors.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.checking.carried import CANNOT, Carried, Truth
from cnncalc.layers.base import Shape, ShapeError
from cnncalc.layers.joining.several import VIA
from cnncalc.mistakes.sizes import Numbers, Sized
from cnncalc.problem.names import FURTHER, QUANTITIES, TOTAL, before_update, quantity_name
from cnncalc.problem.problem import LayerEntry, Problem
from cnncalc.records import replace

LONGEST = 10**5
"""Rows or columns that a student may have written for something to be worked out from them; of features as many²."""


class Quantities(Carried):
    """The quantities of an outline as they follow from `sources`; all of them whole numbers, as balls."""

    is_countable = True

    def __init__(self, truth: Truth, sources: Mapping[str, Array]) -> None:
        super().__init__(truth, sources)
        self.outline = truth.trace.outline
        self.problem = truth.trace.problem
        self._sizes: dict[str, tuple[int, ...]] = {}
        self._batch = () if self.problem.batch is None else (self.problem.batch,)
        self._positions = {entry.name: at for at, entry in enumerate(self.problem.layers)}
        self._owners = {
            given.name: (at, local)
            for at, entry in enumerate(self.problem.layers)
            for local, given in entry.parameters.items()
            if local not in entry.shared
        }

    def resting_on(self, sources: Mapping[str, Array]) -> Carried:
        """The same from other sources."""
        return Quantities(self.truth, sources)

    def knows(self, name: str) -> bool:
        """Whether it is worked out from others: not the input's shape, nor what has no parameters."""
        return quantity_name(name) is not None and bool(self.needs(name))

    def needs(self, name: str) -> Sequence[str]:
        """What it is worked out from directly."""
        kind, whose = asked(name)
        if kind in FURTHER:
            return ()
        if kind == "shape":
            return self._shape_needs(whose)
        if whose == TOTAL:
            return [f"{kind}({row.name})" for row in self.outline if getattr(row, kind)]
        if whose not in self._positions:
            return [f"shape({whose})"]  # how many numbers a parameter has
        entry = self.problem.layers[self._positions[whose]]
        if kind == "receptive_field":
            # Over several ways the fields are not told by one of them.
            before = entry.inputs[0] if len(entry.inputs) == 1 and entry.inputs[0] in self._positions else None
            return [f"{kind}({before})"] if before is not None and self.outline[before].receptive_field else []
        own = [p.name for p in entry.layer.parameters if p.learned and p.name in entry.parameters]
        learned = [local for local in own if kind != "parameters" or local not in entry.shared]
        shapes = [f"shape({entry.parameters[local].name})" for local in learned]
        if kind == "parameters":
            return shapes
        return [f"shape({whose})", *self._before(whose), *shapes] if self.outline[whose].multiplications else []

    def computed(self, name: str) -> Array:
        """A quantity worked out anew; raises CANNOT where the student's sizes lead nowhere."""
        return self.balls(self._worked_out(name), self.true(name))

    def balls(self, numbers: Numbers, like: tuple[int, ...] = (0, 0)) -> Array:
        """Whole numbers as balls; a count is no list of one."""
        array = np.asarray([self.truth.balls.number(number) for number in numbers], dtype=object)
        return array if like != () else array.reshape(())

    def true(self, name: str) -> tuple[int, ...]:
        """A quantity as it should be; a count is ()."""
        value = self.outline.quantity(name)
        return value if isinstance(value, tuple) else ()

    def _value(self, name: str) -> tuple[int, ...]:
        """A quantity as it should be; a count is one number."""
        value = self.outline.quantity(name)
        return value if isinstance(value, tuple) else (int(value),)

    def takes(self, name: str, wrong: Array) -> bool:
        """Whether others can be worked out from it as it is wrong."""
        return wrong.size == max(1, len(self.true(name)))

    def shown(self, name: str, array: Array) -> Array:
        """As it is."""
        return np.asarray(array)

    def past(self, name: str) -> Iterator[str]:
        """There is no other way."""
        yield from ()

    def another_way(self, name: str) -> None:
        """There is none."""

    def rests_on(self, name: str, positions: Iterable[int]) -> set[str]:
        """Of the sources that are met first those that make a difference."""
        return {source for source in self.nearest(name) if self._matters(source, name)}

    def sizes(self, name: str) -> tuple[int, ...]:
        """A quantity as the student has it, or as it follows; a count is one number."""
        if name not in self._sizes:
            self._sizes[name] = self._found(name)
        return self._sizes[name]

    def _found(self, name: str) -> tuple[int, ...]:
        given = self.sources.get(name)
        if given is None:
            return self._worked_out(name)
        found = []
        for bounds in self.truth.balls.bounds(given):
            if bounds is None or bounds[0] != bounds[1] or bounds[0].denominator != 1:
                raise ShapeError(f"{name} is no whole number", "")
            found.append(int(bounds[0]))
        if asked(name)[0] == "shape" and not all(0 < size <= LONGEST**2 for size in found):
            raise ShapeError(f"{name} is no size", "")
        return tuple(found)

    @cached_property
    def layers(self) -> tuple[Sized, ...]:
        """All layers, up to the first whose input cannot be."""
        found: dict[str, Sized] = {}
        for at, entry in enumerate(self.problem.layers):
            before = found.get(entry.inputs[0])
            try:
                found[entry.name] = self.layer(at, () if before is None else (*before.chain, before))
            except CANNOT:
                break
        return tuple(found.values())

    def layer(self, position: int, chain: tuple[Sized, ...] = ()) -> Sized:
        """A layer, behind those of a chain, with its input as it follows; raises ShapeError."""
        entry = self.problem.layers[position]
        x, *others = map(self._without_n, self._before(entry.name))
        parameters = {
            **dict(zip(entry.operands, others, strict=True)),
            **{local: self.sizes(f"shape({given.name})") for local, given in entry.parameters.items()},
        }
        y = entry.layer.output_shape(x, parameters)
        fitting = partial(_parameter_shapes, entry)
        return Sized(
            len(chain), entry.name, entry.layer, x, y, parameters, fitting, self._batch, chain, entry.shared,
            entry.names,
        )  # fmt: skip

    def owner(self, whose: str) -> tuple[int, str] | None:
        """The layer, and its name for one of its parameters or for y, or for the gradient of these; else None."""
        whose = self._plain(whose)
        if whose in self._positions:
            return self._positions[whose], "y"
        return self._owners.get(whose)

    def _matters(self, source: str, name: str) -> bool:
        true = {**self.sources, source: self.balls(self._value(source))}
        try:
            return Quantities(self.truth, true).sizes(name) != self.sizes(name)
        except CANNOT:
            return True

    def _worked_out(self, name: str) -> tuple[int, ...]:
        if not self.is_affected(name):
            return self._value(name)
        kind, whose = asked(name)
        if kind == "shape":
            return self._shape(whose)
        if whose == TOTAL:
            return (sum(self.sizes(need)[0] for need in self.needs(name)),)
        if whose not in self._positions:
            return (prod(self.sizes(f"shape({whose})")),)
        position = self._positions[whose]
        if kind == "receptive_field":
            return self._field(name, position)
        sized = self.layer(position)
        return (sized.weights + sized.biases if kind == "parameters" else self._multiplications(sized),)

    def _shape(self, whose: str) -> Shape:
        if whose in self._positions:
            return (*self._batch, *self.layer(self._positions[whose]).y)
        if whose not in self._owners:
            (other,) = self._shape_needs(whose)
            return self.sizes(other)
        position, local = self._owners[whose]
        entry = self.problem.layers[position]
        return _parameter_shapes(entry, self._without_n(self._before(entry.name)[0]))[local]

    def _shape_needs(self, whose: str) -> Sequence[str]:
        if whose in self._positions:
            entry = self.problem.layers[self._positions[whose]]
            return [*self._before(whose), *(f"shape({given.name})" for given in entry.parameters.values())]
        if whose in self._owners:
            return self._before(self.problem.layers[self._owners[whose][0]].name)[:1]
        # A gradient, and what comes after an update, has the shape of the tensor itself.
        other = self._plain(whose)
        return [f"shape({other})"] if other != whose else []

    def _plain(self, whose: str) -> str:
        plain = whose.partition(VIA)[0].removeprefix(f"d{self.problem.loss_name}/d")
        return before_update(plain, self.problem.made) if self.problem.update else plain

    def _before(self, layer: str) -> list[str]:
        return [f"shape({name})" for name in self.problem.layers[self._positions[layer]].inputs]

    def _without_n(self, name: str) -> Shape:
        x = self.sizes(name)[len(self._batch) :]
        if len(x) == 3 and max(x) > LONGEST:
            raise ShapeError(f"{name} is too large for an image", "")
        return x

    def _field(self, name: str, position: int) -> tuple[int, ...]:
        (before,) = self.needs(name)
        here = self._value(name)
        if self.problem.layers[position].layer.sees_all:
            return here
        return tuple(mine + a - b for mine, a, b in zip(self.sizes(before), here, self._value(before), strict=True))

    def _multiplications(self, sized: Sized) -> int:
        layer = sized.layer
        count = layer.multiplications(sized.x, sized.parameters)
        reach = layer.reach(sized.x, sized.parameters)
        if reach is None or reach[0].is_stamp:
            return count
        # So many for each number of the output, of which a student may have more or fewer.
        return count // prod(sized.y) * prod(self._without_n(f"shape({sized.name})"))


def order(problem: Problem, name: str) -> tuple[int, int]:
    """Where a quantity stands among those of a problem: layer by layer, gradients behind, totals at the end."""
    asked = quantity_name(name)
    if asked is None:
        return (0, 0)
    kind, whose = asked
    layers = len(problem.layers)
    if whose == TOTAL:
        return (layers + 2, QUANTITIES.index(kind))
    for at, entry in enumerate(problem.layers):
        if whose == entry.name or whose in {given.name for given in entry.parameters.values()}:
            return (at + 1, QUANTITIES.index(kind))
    is_input = any(whose == given.name for given in problem.inputs)
    return (0 if is_input else layers + 1, QUANTITIES.index(kind))


def _parameter_shapes(entry: LayerEntry, x: Shape) -> Mapping[str, Shape]:
    """The parameters of a layer as large as another input would need them; raises ShapeError."""
    true = entry.shapes
    if x == entry.input_shape:
        return true
    if entry.operands:
        raise ShapeError("one input alone cannot have another shape", "")
    layer, outputs = entry.layer, entry.output_shape[0]
    window = true.get("weight", ())[2:]
    said = {"units": outputs, "channels": outputs, "size": window[0] if len(window) == 1 else window or None}
    outlines = {option: said[option] for p in layer.parameters if p.name in true for option in p.outline}
    return replace(layer, **outlines).parameter_shapes(x, dict.fromkeys(true, ()))


def asked(name: str) -> tuple[str, str]:
    """Which quantity of what, by the name of one."""
    found = quantity_name(name)
    assert found is not None, f"{name} is no quantity"
    return found
