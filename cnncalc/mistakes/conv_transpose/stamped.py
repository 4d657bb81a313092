"""A step of a transposed convolution as its mistakes see it: each cell of x stamps the kernel onto the output."""

from __future__ import annotations

from functools import partial
from typing import Any

from cnncalc.layers.conv import Conv
from cnncalc.mistakes.conv.laid import NO_SIDES, Windowed
from cnncalc.mistakes.take import Records


class Stamped(Windowed):
    """Where the stamps lie, and what is taken off at the edge; dx is the conv of g with the same kernel."""

    input_axis = 0

    @property
    def stamping(self) -> Any:
        return self.x

    @property
    def padding(self) -> Any:
        """What the padding takes off, without the output_padding."""
        (top, bottom), (left, right) = self.sides
        rows, columns = self.layer.output_padding
        return (top, bottom + rows), (left, right + columns)

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

    def trimmed(self, canvas: Any) -> Any:
        """y of what the stamps cover."""
        return self.biased(self.place(canvas, -self.sides[0][0], -self.sides[1][0], self.y.shape[2:]))

    def biased(self, y: Any) -> Any:
        return y + self.bias[:, None, None] if "bias" in self.scene else y

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
            yield self.place(dx, 0, 0, self.x.shape[2:])

    def weighed(self, sides: Any, **options: Any) -> Any:
        """dweight from g with other zeros around it, and with another stride or dilation; beyond it are zeros."""
        layer = self.taking(NO_SIDES, **options)
        _, *size = layer.output_shape(self.x.shape[1:], {"weight": self.weight.shape})
        return self.again(layer, g=self.place(self.g, sides[0][0], sides[1][0], size))


stamped = Records(Stamped)
"""A mistake whose ways see the stamps."""


lies = Records(Stamped, by=lambda s, layers: [partial(s.again, one) for one in layers(s)])
"""An output that other options of the layer give."""
