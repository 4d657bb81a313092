"""A step of either convolution as its mistakes see it: where the kernel lies, or its stamps, and what they cover."""

from functools import partial
from typing import Any, ClassVar, Literal, cast

import numpy as np

from cnncalc.layers.conv import Conv
from cnncalc.layers.windows.matrices import laid_among
from cnncalc.mistakes.families import NO_SIDES, OfWindows
from cnncalc.mistakes.take import Records, need


class Windowed(OfWindows):
    """Where the kernel of a convolution or of a transposed one lies, and whose channels it joins.

    Each is the gradient of the other: the cells of g, or of x, stamp the kernel onto the image. The first axis of the
    weight goes through their channels, the second through those of the image, in one group.
    """

    input_axis: ClassVar[int]
    """Of the weight: the one with the input channels. The other has the output channels."""
    stamps_by: ClassVar[str]
    """The tensor whose cells stamp the kernel."""

    @property
    def stamping(self) -> Any:
        return self.scene[self.stamps_by]

    @property
    def window(self) -> Any:
        return self.layer._window(self.x.shape[1:], self.weight.shape)

    @property
    def spans(self) -> tuple[int, int]:
        return self.window.rows.span, self.window.columns.span

    @property
    def is_same(self) -> bool:
        return bool(self.layer.padding == "same")

    def of_one_group(self, axis: int) -> int:
        """Channels along an axis of the weight."""
        return int(self.weight.shape[axis] // (self.layer.groups if axis == 0 else 1))

    @property
    def inputs(self) -> int:
        """Input channels of one group."""
        return self.of_one_group(self.input_axis)

    @property
    def outputs(self) -> int:
        """Output channels of one group."""
        return self.of_one_group(1 - self.input_axis)

    def of_inputs(self, *channels: int) -> Any:
        """The weight with zeros but for some input channels of each group."""
        groups = self.layer.groups if self.input_axis == 0 else 1
        return self.only(self.weight, self.input_axis, [k * self.inputs + c for k in range(groups) for c in channels])

    @property
    def shares(self) -> list[Any]:
        """What each output channel of a group gives to dx."""
        need(self.outputs > 1)
        groups, outputs = range(self.layer.groups), self.outputs
        return [self.again(g=self.only(self.g, 1, [k * outputs + f for k in groups])) for f in range(outputs)]

    def one_stamp(self, at: Literal[0, -1]) -> list[Any]:
        """The tensor by one cell of each channel that stamps, in all samples or in one, the last if that cell is."""
        cell = self.corner(self.stamping, at)
        return [self.again(**{self.stamps_by: one}) for one in (cell, self.only(cell, 0, at))]

    def dealt(self, size: int) -> Any:
        """Which channels are in the first group, the second, …, if they are dealt out in turn."""
        return np.arange(size).reshape(-1, self.layer.groups).T.ravel()

    def place(self, source: Any, down: int, right: int, size: Any) -> Any:
        """An image of `size`, with `source` moved down and to the right in it, and zeros around."""
        rows, columns = (at - own for at, own in zip(size, source.shape[2:], strict=True))
        return laid_among(source, ((down, rows - down), (right, columns - right)), self.numbers.zeros)


def covered(layer: Any, g: Any, weight: Any) -> list[int]:
    """Rows and columns that as many windows as g has cells cover together."""
    sizes = zip(g.shape[2:], weight.shape[2:], layer.stride, layer.dilation, strict=True)
    return [(outputs - 1) * stride + (cells - 1) * dilation + 1 for outputs, cells, stride, dilation in sizes]


class Laid(Windowed):
    """A step of a convolution, whose g stamps the kernel onto dx."""

    input_axis, stamps_by = 1, "g"

    def laid(self, sides: Any = None, **options: Any) -> Conv:
        """The layer with its padding in numbers, those that it has or others, and perhaps other options."""
        return cast(Conv, self.options(anchor=None, padding=sides or self.sides, **options))

    @property
    def padded(self) -> Any:
        """x with all its padding, also what no window reaches."""
        return self.place(
            self.x, self.sides[0][0], self.sides[1][0], (self.window.rows.padded, self.window.columns.padded)
        )

    def trimmed(self, canvas: Any) -> Any:
        """What of a canvas, which begins with the padding, lies on the image."""
        return self.place(canvas, -self.sides[0][0], -self.sides[1][0], self.x.shape[2:])

    def stamps(self, g: Any = None, weight: Any = None, **options: Any) -> Any:
        """dx from the first padding cell to the last that a window reaches; with other strides or dilations too."""
        layer = self.options(anchor=None, padding="valid", **options)
        g, weight = self.g if g is None else g, self.weight if weight is None else weight
        x = self.numbers.zeros((*self.x.shape[:2], *covered(layer, g, weight)))
        return self.again(layer, of="dx", g=g, x=x, weight=weight)

    def cropped(self, full: Any) -> list[Any]:
        """A full gradient that has lost its padding, as large as the image or as it comes."""
        (top, bottom), (left, right) = self.sides
        own = full[:, :, top : full.shape[2] - bottom, left : full.shape[3] - right]
        return [self.trimmed(full), *([own] if min(top, bottom, left, right) >= 0 else [])]

    def correlation(self, image: Any, **options: Any) -> Any:
        """Each channel of an image with each channel of g laid on it as a kernel: dweight, if the sizes are right."""
        parts, groups = [], self.layer.groups
        for under, over in zip(np.split(image, groups, 1), np.split(self.g, groups, 1), strict=True):
            made = Conv(**options).forward(self.numbers, under.swapaxes(0, 1), {"weight": over.swapaxes(0, 1)})["y"]
            parts.append(made.swapaxes(0, 1))
        made = np.concatenate(parts)
        return made[:, :, ::-1, ::-1] if self.layer.flip else made

    def moved(self, **options: Any) -> Any:
        """dweight from windows at another stride or dilation, as many as g has."""
        layer = self.laid(NO_SIDES, **options)
        return self.again(layer, x=self.place(self.padded, 0, 0, covered(layer, self.g, self.weight)))

    def by(self, layer: Conv) -> Any:
        """The tensor by a layer that lies elsewhere; a gradient only if the output is as large as it should be."""
        if self.tensor != "y":
            shape = layer.output_shape(self.x.shape[1:], {"weight": self.weight.shape})
            need(shape == self.g.shape[1:])
        return self.again(layer)


conv = Records(Laid)
"""A mistake whose ways see where the kernel lies."""

lies = Records(Laid, by=lambda layers, s: [partial(s.by, one) for one in layers(s)])
"""A kernel that lies elsewhere: by each of some layers."""


class Stamped(Windowed):
    """Where the stamps lie, and what is taken off at the edge; dx is the conv of g with the same kernel."""

    input_axis, stamps_by = 0, "x"

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

stamps_lie = Records(Stamped, by=lambda layers, s: [partial(s.again, one) for one in layers(s)])
"""An output that other options of the layer give."""
