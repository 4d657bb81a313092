"""Problem -> Outline: the size of everything, what is counted and how far it sees, without computing a number."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import Any

from cnncalc.layers.base import Layer, Shape
from cnncalc.layers.joining.several import VIA
from cnncalc.layers.windows.axis import SizeRule
from cnncalc.problem.names import (
    NOT_ADDED,
    OF_OPTIONS,
    OF_TRAINING,
    TOTAL,
    TRAINING,
    before_update,
    names,
    quantity_name,
)
from cnncalc.problem.problem import LOADED, LayerEntry, Problem
from cnncalc.receptive_field import View
from cnncalc.records import Record, expect

BYTES = 4
"""Of a number in memory, as networks are trained: float32."""


class Row(Record):
    """One layer. Shapes are without N; counts are for one sample."""

    name: str
    type: str
    options: Mapping[str, Any]
    """The options that differ from their defaults, as people write them."""
    shape: Shape
    kernels: tuple[Shape, ...]
    """The shapes of the learned parameters that are multiplied with; `biases` counts those that are added."""
    weights: int
    biases: int
    multiplications: int
    receptive_field: tuple[int, ...] | None
    """Rows and columns of the input that one number is computed from, padding included; None without an image."""
    jump: tuple[Fraction, ...] | None
    """Rows and columns of the input from one cell to the next; None where there are no cells, or one alone."""
    rules: tuple[SizeRule, ...]
    shared: tuple[str, ...] = ()
    """Parameters of a layer above that it uses as well; they are counted there."""

    @property
    def parameters(self) -> int:
        """Weights and biases."""
        return self.weights + self.biases

    @property
    def activations(self) -> int:
        """Numbers of the output."""
        return prod(self.shape)

    @property
    def connections(self) -> int:
        """A weight, or a bias, at each element of the output, on padding too."""
        return self.multiplications + (self.activations if self.biases and self.multiplications else 0)

    @property
    def flops(self) -> int:
        """Twice the multiplications: each with its addition."""
        return 2 * self.multiplications

    @property
    def operations(self) -> int:
        """Each sum of n products as n multiplications and n − 1 additions, with one more for a bias."""
        if not self.multiplications:
            return 0
        return self.flops - (0 if self.biases else self.activations)

    @property
    def memory(self) -> int:
        """Bytes of the output."""
        return BYTES * self.activations

    @property
    def fans(self) -> tuple[int, int] | None:
        """Weights into one element of the output, and weights out of one of the input: (C_in · k, C_out · k)."""
        if not self.kernels or not self.multiplications:
            return None
        outputs, inputs, *window = self.kernels[0]
        if self.type.startswith("conv_transpose"):
            outputs, inputs = inputs, outputs
        return inputs * prod(window), outputs * prod(window)

    @property
    def fan_in(self) -> int | None:
        """None without weights, as what follows."""
        return self.fans and self.fans[0]

    @property
    def fan_out(self) -> int | None:
        """The other one."""
        return self.fans and self.fans[1]

    @property
    def he_variance(self) -> Fraction | None:
        """Of the weights at the start, for ReLUs (He et al. 2015)."""
        return self.fans and Fraction(2, self.fans[0])

    @property
    def xavier_variance(self) -> Fraction | None:
        """Of the weights at the start (Glorot and Bengio 2010)."""
        return self.fans and Fraction(2, sum(self.fans))


class Outline(Record):
    """The input, the layers in order, and what they come to."""

    problem: Problem
    input: Shape
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    def __getitem__(self, name: str) -> Row:
        """The row of a layer; raises KeyError."""
        return self._rows[name]

    @cached_property
    def _rows(self) -> Mapping[str, Row]:
        return {row.name: row for row in self.rows}

    def total(self, kind: str) -> int:
        """What all layers have together of a count: `parameters`, `flops`."""
        return sum(getattr(row, kind) for row in self.rows)

    @property
    def parameters(self) -> int:
        """Of all layers."""
        return self.total("parameters")

    @property
    def multiplications(self) -> int:
        """Of all layers, for one sample."""
        return self.total("multiplications")

    @property
    def held(self) -> int:
        """Numbers of the inputs, for one sample."""
        return sum(prod(given.entries.shape[1:]) for given in self.problem.inputs)

    @property
    def peak(self) -> tuple[str, int]:
        """The layer at which a forward pass alone holds the most numbers, and how many, parameters included."""
        sizes = {given.name: prod(given.entries.shape[1:]) for given in self.problem.inputs}
        layers = self.problem.layers
        last = {name: at for at, entry in enumerate(layers) for name in entry.inputs}
        most, where, alive = sum(sizes.values()), self.problem.input.name, dict(sizes)
        for at, (entry, row) in enumerate(zip(layers, self.rows, strict=True)):
            alive[entry.name] = row.activations
            if sum(alive.values()) > most:
                most, where = sum(alive.values()), entry.name
            alive = {name: size for name, size in alive.items() if last.get(name, len(layers)) > at}
        return where, most + self.parameters

    @property
    def activations(self) -> int:
        """Numbers of all outputs, for one sample; the input is not counted."""
        return self.total("activations")

    def quantity(self, name: str) -> int | Fraction | tuple[int, ...]:
        """What an answer is asked by: `shape(conv_1)`, `parameters(total)`, `receptive_field(conv_2)`.

        A shape is that of the input, a parameter, an output or a gradient of these, with N where the input has N.
        Raises KeyError for anything else, and where a layer has no such quantity.
        """
        asked = quantity_name(name)
        if asked is None:
            raise KeyError(name)
        kind, whose = asked
        if whose == TRAINING or kind in OF_TRAINING:
            if whose != TRAINING or kind not in OF_TRAINING or self.problem.training is None:
                raise KeyError(name)
            counted = Fraction(getattr(self.problem.training, kind))
            if counted.denominator > 1:
                raise KeyError(name)  # no whole number of epochs
            return int(counted)
        if kind == "shape":
            return self._shapes[self._names[whose]]
        if kind == "parameters" and self._names.get(whose) in (known := {t.name: t for t in self.problem.parameters}):
            return known[self._names[whose]].entries.size
        if whose == TOTAL and kind not in NOT_ADDED:
            return self.total(kind)
        is_option = kind in OF_OPTIONS
        of = next((one.layer for one in self.problem.layers if one.name == whose), None) if is_option else self[whose]
        found = getattr(of, kind, self[whose].activations if kind == "units" else None)
        if not isinstance(found, int | Fraction | tuple):
            raise KeyError(name)
        if isinstance(found, tuple) and any(isinstance(sides, tuple) for sides in found):
            found = (
                tuple(sides[0] for sides in found) if all(len(set(sides)) == 1 for sides in found) else sum(found, ())
            )
        return found

    def has(self, name: str) -> bool:
        """Whether `quantity` knows the name."""
        try:
            self.quantity(name)
        except KeyError:
            return False
        return True

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return names(self.problem)

    @cached_property
    def _shapes(self) -> Mapping[str, Shape]:
        """The shape of each tensor that has a name, as a reader sees it, those of gradients among them."""
        problem = self.problem
        batch = () if problem.batch is None else (problem.batch,)
        shapes: dict[str, Shape] = {given.name: (*batch, *given.entries.shape[1:]) for given in problem.inputs}
        for entry, row in zip(problem.layers, self.rows, strict=True):
            taken = zip(entry.inputs[1:], entry.operands.values(), strict=True)
            shapes |= {name: (*batch, *shape) for name, shape in taken if name not in shapes}  # places of winners
            shapes |= {given.name: given.entries.shape for given in entry.parameters.values()}
            shapes[entry.name] = (*batch, *row.shape)
        if problem.loss:
            shapes[problem.loss.name] = ()
        gradients = {f"d{problem.loss_name}/d{name}": shape for name, shape in shapes.items()}
        sent = (name for name in self._names if VIA in name)
        known = shapes | gradients | {name: gradients[name.partition(VIA)[0]] for name in sent}
        after = {name: before_update(name, known) for name in self._names if name not in known}
        return known | {name: known[before] for name, before in after.items() if problem.update and before in known}


def shapes(problem: Problem) -> Outline:
    """The outline of a problem, with or without numbers."""
    expect(problem, Problem, LOADED)
    rows = tuple(_row(entry, view) for entry, view in views(problem))
    return Outline(problem, problem.input.entries.shape[1:], rows)


def views(problem: Problem) -> Iterator[tuple[LayerEntry, View]]:
    """What the output of each layer sees of the input."""
    found: dict[str, View] = {given.name: View.of(None) for given in problem.inputs}
    found[problem.input.name] = View.of(problem.input.entries.shape[1:])
    for entry in problem.layers:
        found[entry.name] = view = View.behind([found[name] for name in entry.sources], entry)
        yield entry, view


def _row(entry: LayerEntry, view: View) -> Row:
    layer, x, parameters = entry.layer, entry.input_shape, entry.shapes
    learned = [p for p in layer.parameters if p.learned and p.name in parameters and p.name not in entry.shared]
    turned = getattr(layer, "orientation", "column") == "row"
    kernels = tuple(parameters[p.name][:: -1 if turned else 1] for p in learned if not p.is_added)
    return Row(
        name=entry.name,
        type=layer.type,
        options=options_of(layer),
        shape=entry.output_shape,
        kernels=kernels,
        weights=sum(map(prod, kernels)),
        biases=sum(prod(parameters[p.name]) for p in learned if p.is_added),
        multiplications=layer.multiplications(x, parameters),
        receptive_field=view.receptive_field,
        jump=view.jump if len(entry.output_shape) > 1 else None,
        rules=layer.size_rules(x, parameters),
        shared=tuple(given.name for local, given in entry.parameters.items() if local in entry.shared),
    )


def options_of(layer: Layer) -> dict[str, Any]:
    """`stride 2` for (2, 2), `padding 1` for ((1, 1), (1, 1)); defaults are left out."""
    made: dict[str, Any] = {}
    for name, about in layer.options().items():
        value = getattr(layer, name)
        if value != about["default"]:
            made[name] = list(value) if about["reads"] in ("numbers", "classes") else _plain(value)
    return made


def _plain(value: Any) -> Any:
    if not isinstance(value, tuple):
        return value
    inner = [_plain(part) for part in value]
    return inner[0] if inner[0] == inner[1] else inner
