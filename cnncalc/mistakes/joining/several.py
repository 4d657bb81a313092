"""What people get wrong in any layer of several inputs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.layers.activations.elementwise import Elementwise
from cnncalc.layers.base import Layer
from cnncalc.layers.joining.several import names_of
from cnncalc.mistakes.take import Records, Take, need


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


def activated(s: Inputs) -> Iterator[Any]:
    """y of inputs to which the activation that comes after was applied already."""
    yield from activated_before(s, s.after.layer)


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


def not_gathered(s: Inputs) -> Any:
    """The gradient of an input that was spread, as large as y."""
    need(s.is_spread)
    return s.layer.backward(s.numbers, s.g, {**s.full, "y": s.y})[s.tensor]


def averaged(s: Inputs) -> Any:
    """The same, divided by the number of elements that each number was spread to."""
    need(s.is_spread)
    return s.again() / (s.y[0].size // s.inputs[s.own][0].size)


INPUT_LEFT_OUT = several("input-left-out: y")(
    "An input was left out; the layer takes all of its inputs.",
    "漏掉了一个输入；本层要用到它的所有输入。",
    one_left_out,
)
ACTIVATION_TOO_EARLY = several("activation-too-early: y")(
    "The activation function was applied to an input already; it comes after this layer, on what this layer gives.",
    "激活函数过早地作用在了输入上；它位于本层之后，应作用于本层的输出。",
    activated,
)
ALONG_COLUMNS = several("spread-along-columns: y")(
    "The numbers were spread along the columns, as NumPy spreads an array of one axis; each belongs to one channel, to"
    " all of its rows and columns.",
    "这些数沿列方向扩展了（NumPy 对一维数组的广播方式）；每个数对应一个通道，应扩展到该通道的所有行和列。",
    along_columns,
)
NOT_GATHERED = several("spread-gradient-not-summed: dx")(
    "This has a gradient for each element that the number was spread to; it is one number, so they are added up.",
    "这里对扩展到的每个元素各写了一个梯度；被扩展的是同一个数，这些梯度应相加。",
    not_gathered,
)
AVERAGED = several("spread-gradient-averaged: dx")(
    "The gradients of the elements that a number was spread to were averaged; they are added up.",
    "对扩展到的各元素的梯度取了平均；应当相加。",
    averaged,
)
OF_SPREAD = (NOT_GATHERED, AVERAGED)
"""Of an input that has fewer numbers than y."""
