"""Transposed convolution: `conv_transpose`."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import product
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Layer, Makers, Parameter, Setting, Shape, ShapeError, Term, by, option
from cnncalc.layers.windows.axis import Axis, Pair, Reach
from cnncalc.layers.windows.kernel import (
    BIAS,
    CHANNELS,
    DILATION,
    GROUPS,
    KERNEL,
    OUTLINE,
    SIZE,
    Joins,
    conv_transpose_formulas,
    full_kernel,
    kernel_shapes,
)
from cnncalc.layers.windows.lowering import Lowering
from cnncalc.layers.windows.matrices import numbered, whole_matrix
from cnncalc.layers.windows.window import Padding, Window

STAMPS = Phrase(
    "Each input cell stamps the kernel, times its value, onto the output; where stamps overlap they are added. Apart"
    " from a bias it is the gradient of the conv with the same kernel, stride and padding."
)
TAKEN_OFF = Phrase("`padding` takes rows and columns off the output's edge.")
ODD = Phrase("`padding: same` takes the odd row or column off the end.")
STAMP_STRIDE = Phrase("output rows and columns from one stamp of the kernel to the next")
CROPPED = Phrase(
    "rows and columns taken off the output's edge; `same`: so many that the output is stride times the input"
)
SPARE = Phrase("rows and columns added at the output's end")


class ConvTranspose(Layer):
    """2-D transposed convolution, as in PyTorch's conv_transpose2d: the gradient of conv by its input, as a layer.

    x (C, H, W), weight (C, F/groups, kH, kW), bias (F): y (F, oH, oW) with
    oH = (H − 1)·stride + (kH − 1)·dilation + 1 − padding + output_padding, and
    y[f, i·s + p·d − top, j·s + q·d − left] collects x[c,i,j] · weight[c,f,p,q], to which bias[f] is added.
    """

    type = "conv_transpose"
    example = """\
input: {name: x, value: [[1, -2], [3, 4]]}
layers:
  - conv_transpose:
      weight: {name: w, value: [[[[1, 2, 0], [-1, 3, 1], [2, 0, -2]]]]}
      bias: 3
      stride: 2
      padding: 1
      output_padding: 1
upstream: [[1, 0, 2, -1], [3, 1, 0, 2], [-2, 4, 1, 0], [1, -1, 2, 1.5]]
"""
    domain = "image"
    has_1d = True
    on_request = ("matrix",)
    without_samples = frozenset(["matrix"])
    parameters = (
        Parameter("weight", required=True, outline=OUTLINE, shape="(C_in, C_out/groups, kH, kW)", about=KERNEL),
        BIAS,
    )

    channels: int | None = option(None, "each", CHANNELS)
    size: Pair | None = option(None, "pair", SIZE)
    stride: Pair = option((1, 1), "pair", STAMP_STRIDE)
    padding: Padding = option("valid", "padding", CROPPED)
    output_padding: Pair = option((0, 0), "spare", SPARE)
    dilation: Pair = option((1, 1), "pair", DILATION)
    groups: int = option(1, "each", GROUPS)

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """What is done, for there are two readings of it; and what the padding takes off, where there is any."""
        window = self._window(tensors["x"].shape[1:], tensors["weight"].shape)
        axes = window.rows, window.columns
        off = [(axis.before, axis.after + spare) for axis, spare in zip(axes, self.output_padding, strict=True)]
        taken = (TAKEN_OFF,) if max(map(max, off)) > 0 else ()
        is_odd = any(after == before + 1 and after > 0 for before, after in off)
        return (STAMPS, *taken, *((ODD,) if self.padding == "same" and is_odd else ()))

    def check_options(self) -> None:
        """The output's end is decided once, and no stamp lies a whole step before it."""
        if self.padding == "same" and self.output_padding != (0, 0):
            message = "{y} has both `padding: same` and an output_padding, and each says how large the output is"
            raise ShapeError(message, "keep one of the two", "output_padding")
        for spare, stride, dilation in zip(self.output_padding, self.stride, self.dilation, strict=True):
            if spare >= max(stride, dilation):
                message = f"output_padding of {{y}} is {spare}, with stride {stride} and dilation {dilation}"
                raise ShapeError(message, "it must be smaller than one of the two", "output_padding")

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """A weight of rank 3 takes one input channel, of rank 2 it gives one output channel as well."""
        self.check_input(x)
        outlined = (x[0], self.channels // self.groups, *self.size) if self.channels and self.size else None
        axes = "input channels, output channels, rows, columns"
        weight = full_kernel(given.get("weight", ()), outlined, "conv_transpose", axes)
        self._check_channels(x, weight)
        return kernel_shapes(weight, weight[1] * self.groups, given, self.channels, self.size)

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(F, oH, oW)."""
        self.check_input(x)
        weight = parameters["weight"]
        self._check_channels(x, weight)
        window = self._window(x, weight)
        return (weight[1] * self.groups, window.rows.size, window.columns.size)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """As the gradient of an image y whose conv is x."""
        weight = parameters["weight"]
        y = self._lowering(numbers, x, weight).image_gradient(weight, x.transpose(1, 2, 3, 0))
        if "bias" in parameters:
            y = y + parameters["bias"][:, None, None, None]
        return {"y": y.transpose(3, 0, 1, 2)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx is the conv of g with the same kernel, dweight = x · windows of gᵀ, dbias = Σ g."""
        x, weight = tensors["x"], tensors["weight"]
        lowering = self._lowering(numbers, x, weight)
        gradients = {"dweight": lowering.kernel_gradient(g, x.transpose(1, 2, 3, 0))}
        if "bias" in tensors:
            gradients["dbias"] = numbers.sum(g, axis=(0, 2, 3))
        return {**gradients, "dx": lowering.product(g, weight).transpose(3, 0, 1, 2)}

    def requested(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> Makers:
        """A of y = A·x + bias: the transpose of that of the conv whose gradient this is."""
        weight = parameters["weight"]
        window = self._window(x.shape[1:], weight.shape)
        return {"matrix": lambda: whole_matrix(numbers, window, weight, self.groups).T}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sum of the stamps, with stride, dilation, padding and groups put in."""
        window = self._window(setting.x, setting.parameters["weight"])
        return conv_transpose_formulas(setting, window, self.groups)

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Products along the stamps that reach an output cell, or along the cells that a stamp reaches."""
        samples, weight = range(len(tensors["x"])), tensors["weight"].shape
        window = self._window(tensors["x"].shape[1:], weight)
        joins = Joins(window, weight, self.groups)
        match tensor, index:
            case "y", (n, f, i, j):
                bias = [Term((Entry("bias", (f,)),))] if "bias" in tensors else []
                return [Term((Entry("x", (n, *at)), Entry("weight", w))) for w, at in joins.of_image(f, (i, j))] + bias
            case "dweight", (c, f, p, q):
                pairs = [(n, *pair) for n in samples for pair in joins.of_weight(c, f, (p, q))]
                return [Term((Entry("x", (n, *stamp)), Entry("g", (n, *at)))) for n, stamp, at in pairs]
            case "dbias", (f,):
                places = product(samples, range(window.rows.size), range(window.columns.size))
                return [Term((Entry("g", (n, f, *place)),)) for n, *place in places]
            case "dx", (n, c, i, j):
                return [Term((Entry("g", (n, *at)), Entry("weight", w))) for w, at in joins.of_window(c, (i, j))]
            case "matrix", (row, column):
                return self._matrix_terms(row, column, tensors)
        return []

    def _matrix_terms(self, row: int, column: int, tensors: Mapping[str, Array]) -> list[Term]:
        """The weight that stands there, if one does."""
        weight = tensors["weight"].shape
        found = int(_matrix(self, tensors["x"].shape, weight)[row, column]) - 1
        at = np.unravel_index(max(found, 0), weight)
        return [Term((Entry("weight", tuple(map(int, at))),))] if found >= 0 else []

    def multiplications(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """Each input cell takes one for each weight of its channel."""
        return prod(parameters["weight"]) * prod(x[1:])

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[Reach, Reach]:
        """The stamps that reach one output."""
        window, (below, behind) = self._window(x, parameters["weight"]), self.output_padding
        return Reach(window.rows, is_stamp=True, spare=below), Reach(window.columns, is_stamp=True, spare=behind)

    def workspace(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """All stamps side by side."""
        weight = parameters["weight"]
        return self._window(x, weight).workspace(weight[1] * self.groups)

    def _check_channels(self, x: Shape, weight: Shape) -> None:
        """Raise ShapeError unless the channels of x, of weight and the groups go together."""
        if x[0] % self.groups:
            message = f"{self.groups} groups do not divide {x[0]} input channels ({{x}}: {by(x)}) evenly"
            raise ShapeError(message, "choose `groups` that divides them", "groups")
        if weight[0] != x[0]:
            channels = f"{weight[0]} input channel" + ("" if weight[0] == 1 else "s")
            message = f"{{weight}} has {channels} ({by(weight)}), {{x}} gives {x[0]} ({by(x)})"
            remedy = f"give {{weight}} the shape {by((x[0], *weight[1:]))}, or change what comes before"
            if weight[1] == x[0]:
                # Typed as a conv weight has it.
                remedy = (
                    f"its input channels come first: give {{weight}} the shape {by((x[0], weight[0], *weight[2:]))}"
                )
            raise ShapeError(message, remedy, "weight")

    def _window(self, x: Shape, weight: Shape) -> Window:
        """Where the stamps lie on the output: the windows of the conv that this is the gradient of."""
        rows, columns = (self._axis(axis, x[1 + axis], weight[2 + axis]) for axis in (0, 1))
        window = Window(rows, columns)
        if min(rows.size, columns.size) < 1:
            before = by([axis.size + axis.before + axis.after for axis in (rows, columns)])
            message = f"the stamps of {{weight}} cover {before} cells, and the padding takes all of them away"
            raise ShapeError(message, "make the padding smaller", "padding")
        return window

    def _axis(self, axis: int, size: int, kernel: int) -> Axis:
        stride, dilation, spare = self.stride[axis], self.dilation[axis], self.output_padding[axis]
        covered = (size - 1) * stride + (kernel - 1) * dilation + 1
        if self.padding == "same":
            # The odd row comes off the end; where stamps do not reach that far, the end stays empty.
            total = covered - size * stride
            before, after = (total // 2, total - total // 2) if total > 0 else (0, total)
        else:
            before, after = (0, 0) if isinstance(self.padding, str) else self.padding[axis]
        return Axis(covered - before - after + spare, kernel, stride, dilation, before, after - spare)

    def _lowering(self, numbers: Arithmetic, x: Array, weight: Array) -> Lowering:
        """The conv whose gradient this is, as matrix products."""
        window = self._window(x.shape[1:], weight.shape)
        return Lowering(numbers, window, weight.shape[1] * self.groups, len(x), self.groups)


@lru_cache(maxsize=1)
def _matrix(layer: ConvTranspose, x: Shape, weight: Shape) -> Array:
    """The matrix of weights numbered from 1, kept for its next element."""
    from cnncalc.arithmetic.float64 import Float64

    return layer.requested(Float64(), np.zeros(x), {"weight": numbered(weight)})["matrix"]()
