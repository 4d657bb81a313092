"""What people get wrong where inputs meet element by element, in sums, differences, products; in the identity; and
where the gradients of several uses come together.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property, reduce
from itertools import combinations
from operator import add, mul
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.layers.activations.elementwise import Elementwise
from cnncalc.layers.base import Layer
from cnncalc.layers.joining.concat import Concat
from cnncalc.layers.joining.several import Add, Multiply, Subtract, names_of
from cnncalc.mistakes.families import BEHIND
from cnncalc.mistakes.take import Records, Take, mistake, need

MOST_LEFT_OUT = 5
"""Uses of which any may be left out together; of more, one is counted, or one left out."""


class Inputs(Take):
    """A step of several inputs."""

    @cached_property
    def inputs(self) -> Mapping[str, Array]:
        """All of them in order, by the layer's names."""
        made: Mapping[str, Array] = self.layer.inputs(self.scene.tensors)
        return made

    @property
    def own(self) -> str:
        """The input whose gradient is in question."""
        return self.tensor[1:]

    @property
    def full(self) -> Mapping[str, Array]:
        """The inputs, each spread over the whole of y."""
        laid_out = self.layer.laid_out(self.scene.tensors, self.y.shape[1:])
        return {local: np.broadcast_to(array, self.y.shape) for local, array in laid_out.items()}

    @property
    def is_spread(self) -> bool:
        """Whether the input in question has fewer numbers than y."""
        return bool(self.inputs[self.own].size < self.y.size)

    @property
    def are_equal(self) -> bool:
        """Whether all inputs have the same shape."""
        return len({array.shape for array in self.inputs.values()}) == 1

    def of(self, arrays: Any, layer: Layer | None = None) -> Any:
        """y of these inputs alone; one alone is y itself."""
        first, *others = arrays
        if not others:
            return first
        operands = dict(zip(names_of(1 + len(others))[1:], others, strict=True))
        return (layer or self.layer).forward(self.numbers, first, operands)["y"]


several = Records(Inputs)


def one_left_out(s: Inputs) -> Iterator[Any]:
    """y without one of the inputs; then one input alone."""
    inputs = list(s.inputs.values())
    made = [s.of(inputs[:at] + inputs[at + 1 :]) for at in reversed(range(len(inputs)))]
    yield from (y for y in made + (inputs if len(inputs) > 2 else []) if y.shape == s.y.shape)


def activated_before(s: Inputs, activation: Layer) -> Iterator[Any]:
    """y of inputs that went through an activation by themselves: one of them, or all."""
    need(isinstance(activation, Elementwise))
    inputs = list(s.inputs.values())
    made = [activation.forward(s.numbers, array, {})["y"] for array in inputs]
    for at in range(len(inputs)):
        yield s.of([*inputs[:at], made[at], *inputs[at + 1 :]])
    yield s.of(made)


def along_columns(s: Inputs) -> Any:
    """What has one number for each channel, spread along the last axis, as NumPy does with an array of one axis."""
    need(s.y.ndim == 4)
    channels, full = s.y.shape[1], s.full
    is_by_channel = {local: array[0].size == channels != s.y[0].size for local, array in s.inputs.items()}
    need(s.y.shape[3] == channels > 1 and any(is_by_channel.values()))
    turned = {
        local: np.broadcast_to(s.inputs[local].reshape(-1, 1, 1, channels), s.y.shape)
        for local, found in is_by_channel.items()
        if found
    }
    return s.of([turned.get(local, array) for local, array in full.items()])


INPUT_LEFT_OUT = several("input-left-out: y", one_left_out)("An input was left out; the layer takes all of its inputs.")
ACTIVATION_TOO_EARLY = several("activation-too-early: y", lambda s: activated_before(s, s.after.layer))(
    "The activation function was applied to an input already; it comes after this layer, on what this layer gives."
)
ALONG_COLUMNS = several("spread-along-columns: y", along_columns)(
    "The numbers were spread along the columns, as NumPy spreads an array of one axis; each belongs to one channel, to"
    " all of its rows and columns."
)
NOT_GATHERED = several("spread-gradient-not-summed: dx")(
    "This has a gradient for each element that the number was spread to; it is one number, so they are added up.",
    lambda s: s.is_spread and s.layer.backward(s.numbers, s.g, {**s.full, "y": s.y})[s.tensor],
)
AVERAGED = several("spread-gradient-averaged: dx")(
    "The gradients of the elements that a number was spread to were averaged; they are added up.",
    lambda s: s.is_spread and s.again() / (s.y[0].size // s.inputs[s.own][0].size),
)
OF_SPREAD = (NOT_GATHERED, AVERAGED)
"""Of an input that has fewer numbers than y."""

RIGHT = "dx = g"


ADD = (
    several("skip-connection-left-out: y", one_left_out)(
        "An input was left out (the skip connection, say); all inputs are added up, element by element."
    ),
    ACTIVATION_TOO_EARLY,
    several("multiplied-instead-of-added: y dx", lambda s: s.again(Multiply()))(
        "The inputs were multiplied with each other; this layer adds them, so that each input gets the upstream"
        " gradient as it is."
    ),
    several("subtracted-instead-of-added: y")(
        "One input was subtracted from the other; this layer adds them.",
        lambda s: s.again(Subtract()),
        lambda s: len(s.inputs) == 2 and s.of([*s.inputs.values()][::-1], Subtract()),
    ),
    several("averaged-instead-of-added: y", lambda s: s.again() / len(s.inputs))(
        "The mean of the inputs was taken; they are added up and not divided."
    ),
    several("concatenated-instead-of-added: y", lambda s: s.are_equal and s.of(s.inputs.values(), Concat()))(
        "The inputs were put one behind the other; this layer adds them element by element, and the shape stays."
    ),
    ALONG_COLUMNS,
    several("gradient-divided-among-inputs: dx", lambda s: s.again(g=s.g / len(s.inputs)), right=RIGHT)(
        "The gradient was divided among the inputs; a sum passes the whole of it on to each of them"
    ),
    several("gradient-to-other-input-only: dx", lambda s: s.again() * 0, right=RIGHT)(
        "This input got no gradient, as if all of it went to another one; a sum passes the whole of it on to each input"
    ),
    several("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)), right=RIGHT)(
        "This is only the derivative of the sum, 1; it must be multiplied by the upstream gradient g"
    ),
    *OF_SPREAD,
    *BEHIND,
)


def turned_round(s: Inputs) -> Any:
    if s.tensor == "y":
        first, second = s.inputs.values()
        return s.of([second, first])
    need(s.own == "x")
    return 0 - s.again()


SUBTRACT = (
    several("subtraction-turned-round: y dx", turned_round)(
        "The other way round: all inputs are subtracted from the one that is named first, so that this gets g and each"
        " of the others −g."
    ),
    several("minus-forgotten: dx", lambda s: s.own != "x" and 0 - s.again())(
        "The minus sign was forgotten: this input is subtracted, so its gradient is −g."
    ),
    several("added-instead-of-subtracted: y", lambda s: s.again(Add()))(
        "The inputs were added up; all after the first are subtracted."
    ),
    INPUT_LEFT_OUT,
    ACTIVATION_TOO_EARLY,
    ALONG_COLUMNS,
    *OF_SPREAD,
    *BEHIND,
)


def instead_of_others(s: Inputs, *factors: Any) -> Any:
    """dx with g times these in place of g times the other inputs."""
    made = s.g
    for factor in factors:
        made = made * factor
    return s.layer.gathered(s.numbers, made, s.inputs[s.own])


def others_forgotten(s: Inputs) -> Iterator[Any]:
    """All of the other factors, or one of several."""
    yield instead_of_others(s)
    others = [array for local, array in s.full.items() if local != s.own]
    if len(others) > 1:
        for at in range(len(others)):
            yield instead_of_others(s, *others[:at], *others[at + 1 :])


def matrix_product(s: Inputs) -> Any:
    """Of two square maps; the scalar product of two vectors."""
    first, second = s.inputs.values()
    need(first.shape == second.shape)
    if first.ndim == 2:
        return s.sum(first * second, 1, keep=True)
    need(first.shape[2] == first.shape[3] > 1)
    return s.sum(first[..., :, :, None] * second[..., None, :, :], 3)


MULTIPLY = (
    several("added-instead-of-multiplied: y", lambda s: s.again(Add()))(
        "The inputs were added up; this layer multiplies them, element by element."
    ),
    several("matrix-product: y", matrix_product)(
        "This is the product of matrices (of vectors: the scalar product); this layer multiplies element by element."
    ),
    INPUT_LEFT_OUT,
    ACTIVATION_TOO_EARLY,
    ALONG_COLUMNS,
    several("other-factor-forgotten: dx", others_forgotten)(
        "The upstream gradient was passed on without the other factor, as by a sum; a product passes on g times all"
        " other inputs."
    ),
    several("own-factor-instead: dx", lambda s: instead_of_others(s, s.full[s.own]))(
        "The upstream gradient was multiplied by the input itself; it is multiplied by the other inputs."
    ),
    several("output-instead-of-derivative: dx", lambda s: instead_of_others(s, s.y))(
        "The upstream gradient was multiplied by the whole product; it is multiplied by the other inputs alone."
    ),
    several("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)))(
        "This is only the product of the other inputs; it must be multiplied by the upstream gradient g."
    ),
    *OF_SPREAD,
    *BEHIND,
)

IDENTITY = (
    mistake("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)), right="dx = g")(
        "This is only the derivative, 1; it must be multiplied by the upstream gradient g"
    ),
    *BEHIND,
)


class Uses(Take):
    """The step that adds up the parts."""

    @property
    def parts(self) -> list[Any]:
        """What each use sends back, in the order of the file."""
        return list(self.layer.parts(self.scene.tensors).values())

    @property
    def uses(self) -> list[Any]:
        """What the layers send back, without a penalty in the loss; a single one is no sum in which one is missing."""
        need(len(parts := self.parts[: -1 if self.layer.is_penalised else None]) > 1)
        return parts

    @property
    def penalty(self) -> Any:
        """What comes from that."""
        return self.parts[-1] if self.layer.is_penalised else 0


meeting = Records(Uses, "y")
shared = Records(Uses, "y", by=lambda way, s: not s.layer.batched and way(s))
paths = Records(Uses, "y", by=lambda way, s: s.layer.batched and way(s))


def some(s: Uses) -> Iterator[Any]:
    """The sum of some of what layers send back."""
    parts = s.uses
    for count in range(2, len(parts)) if len(parts) <= MOST_LEFT_OUT else (len(parts) - 1,):
        for kept in combinations(parts, count):
            yield reduce(add, kept) + s.penalty


MEETING = (
    meeting("penalty-forgotten", lambda s: s.layer.is_penalised and reduce(add, s.parts[:-1]))(
        "The penalty on this weight was forgotten: it is part of the loss, and so is its derivative of the gradient."
    ),
    shared("last-use-counted", lambda s: s.uses[-1] + s.penalty)(
        "Only the last use of this tensor was counted. Several layers use it, and its gradient is the sum of what all"
        " of them send back."
    ),
    shared("only-one-use-counted", lambda s: [use + s.penalty for use in s.uses[:-1]])(
        "Only one use of this tensor was counted, as if its gradient had overwritten those of the others. Several"
        " layers use it, and its gradient is the sum of what all of them send back."
    ),
    shared("use-left-out", some)(
        "Not every use of this tensor was counted: its gradient is the sum of what all layers that use it send back."
    ),
    paths("gradient-not-added", lambda s: s.parts)(
        "Only one of the paths was counted. Several layers take this tensor; the gradients that come back from all of"
        " them are added up where the paths meet."
    ),
    paths("path-left-out", some)(
        "One of the paths was left out. The gradients that come back from all layers that take this tensor are"
        " added up."
    ),
    meeting("gradients-averaged", lambda s: s.again() / len(s.parts))(
        "The mean of what comes back from the uses was taken; it is added up and not divided."
    ),
    meeting("part-subtracted", lambda s: [s.again() - 2 * part for part in reversed(s.parts)])(
        "What comes back from one of the uses was subtracted; all of it is added up, each part with its own sign."
    ),
    meeting("one-use-for-all", lambda s: [len(s.parts) * part for part in s.parts])(
        "The gradient of one use was taken as many times as there are uses; each use has a gradient of its own."
    ),
    meeting("gradients-multiplied", lambda s: reduce(mul, s.parts))(
        "What comes back from the uses was multiplied; along one path derivatives are multiplied, and the paths are"
        " added up."
    ),
)
MISTAKES = {"add": ADD, "subtract": SUBTRACT, "multiply": MULTIPLY, "identity": IDENTITY, "meeting": MEETING}
