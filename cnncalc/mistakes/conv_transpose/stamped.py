"""A step of a transposed convolution as its mistakes see it: each cell of x stamps the kernel onto the output."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from cnncalc.layers.conv import Conv
from cnncalc.mistakes.conv.laid import NO_SIDES, Windowed, place
from cnncalc.mistakes.take import Records, need


class Stamped(Windowed):
    """Where the stamps lie, and what is taken off at the edge; dx is the conv of g with the same kernel."""

    @property
    def padding(self) -> Any:
        """What the padding takes off, without the output_padding."""
        (top, bottom), (left, right) = self.sides
        rows, columns = self.layer.output_padding
        return (top, bottom + rows), (left, right + columns)

    @property
    def channels(self) -> int:
        """Input channels of one group."""
        return int(len(self.weight) // self.layer.groups)

    @property
    def outputs(self) -> int:
        """Output channels of one group."""
        return int(self.weight.shape[1])

    def taking(self, sides: Any = None, **options: Any) -> Any:
        """The layer with all that is taken off in numbers, those that it has or others, and perhaps other options."""
        return self.options(padding=sides or self.sides, output_padding=(0, 0), **options)

    def cropping(self, sides: Any) -> Any:
        """The layer with another padding; the output_padding is as it should be."""
        rows, columns = self.layer.output_padding
        (top, bottom), (left, right) = sides
        return self.taking(((top, bottom - rows), (left, right - columns)))

    def stamps(self, x: Any = None, **options: Any) -> Any:
        """All that the stamps cover, without a bias; with other strides or dilations too."""
        return self.bare(self.taking(NO_SIDES, **options), x)

    def bare(self, layer: Any = None, x: Any = None) -> Any:
        """y without a bias."""
        parameters = {"weight": self.weight}
        return (layer or self.layer).forward(self.numbers, self.x if x is None else x, parameters)["y"]

    def biased(self, y: Any) -> Any:
        return y + self.bias[:, None, None] if "bias" in self.scene else y

    def at(self, source: Any, down: int, right: int, size: Any) -> Any:
        return place(self.numbers, source, down, right, size)

    def as_conv(self, weight: Any = None, **options: Any) -> Any:
        """The conv of g, which dx is; with other options."""
        layer = self.layer
        given = {"stride": layer.stride, "padding": self.sides, "dilation": layer.dilation, "groups": layer.groups}
        parameters = {"weight": self.weight if weight is None else weight}
        return Conv(**{**given, **options}).forward(self.numbers, self.g, parameters)["y"]

    def laid(self, *ways: dict[str, Any]) -> Any:
        """dx by the conv of g with other options, as large as it comes and as large as x."""
        for options in ways:
            dx = self.as_conv(**options)
            yield dx
            yield self.at(dx, 0, 0, self.x.shape[2:])

    def weighed(self, sides: Any, **options: Any) -> Any:
        """dweight from g with other zeros around it, and with another stride or dilation; beyond it are zeros."""
        layer = self.taking(NO_SIDES, **options)
        _, *size = layer.output_shape(self.x.shape[1:], {"weight": self.weight.shape})
        return self.again(layer, g=self.at(self.g, sides[0][0], sides[1][0], size))

    def of_channels(self, channels: list[int]) -> Any:
        """The weight with zeros but for some input channels of each group."""
        groups = range(self.layer.groups)
        return self.only(self.weight, 0, [group * self.channels + c for group in groups for c in channels])

    @property
    def shares(self) -> list[Any]:
        """What each output channel of a group gives to dx."""
        need(self.outputs > 1)
        groups = range(self.layer.groups)
        places = [[group * self.outputs + f for group in groups] for f in range(self.outputs)]
        return [self.again(g=self.only(self.g, 1, at)) for at in places]

    def dealt(self, size: int) -> Any:
        """Which channels are in the first group, the second, …, if they are dealt out in turn."""
        return np.arange(size).reshape(-1, self.layer.groups).T.ravel()


stamped = Records(Stamped)
"""A mistake whose ways see the stamps."""


lies = Records(Stamped, by=lambda s, layers: [partial(s.again, one) for one in layers(s)])
"""An output that other options of the layer give."""
