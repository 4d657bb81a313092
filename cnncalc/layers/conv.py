"""Convolution: `conv`."""

from collections.abc import Mapping
from functools import lru_cache
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Layer, Makers, Parameter, Setting, Shape, ShapeError, Term, by, option
from cnncalc.layers.windows import matrices as conv_matrices
from cnncalc.layers.windows.axis import Pair, Reach
from cnncalc.layers.windows.kernel import (
    BIAS,
    CHANNELS,
    DILATION,
    GROUPS,
    KERNEL,
    OUTLINE,
    SIZE,
    Joins,
    conv_formulas,
    full_kernel,
    kernel_shapes,
)
from cnncalc.layers.windows.lowering import Lowering
from cnncalc.layers.windows.matrices import Matrices
from cnncalc.layers.windows.window import ODD_AT_THE_END, Padding, Window, place_window

CROSS_CORRELATION = Phrase("The kernel is laid on as it stands (cross-correlation); `flip: true` turns it by 180°.")
CONVOLUTION = Phrase("The kernel is turned by 180° before it is laid on (true convolution).")
STRIDE = Phrase("rows and columns from one window to the next")
ZEROS = Phrase("zeros around the image; `same`: so many that the output is as large as the input at stride 1")
ANCHOR = Phrase(
    "instead of padding: the kernel cell, counted from 0, that lies on the output's cell; the output is as large as"
    " the input, and the cell may lie outside the kernel"
)
FLIP = Phrase("turn the kernel by 180°: true convolution")


class Conv(Layer):
    """2-D cross-correlation, as in PyTorch's conv2d; with `flip` the convolution of mathematics.

    x (C, H, W), weight (F, C/groups, kH, kW), bias (F): y (F, oH, oW) with oH = ⌊(H + padding − span)/stride⌋ + 1,
    span = (kH − 1)·dilation + 1, and y[f,i,j] = bias[f] + Σ weight[f,c,p,q] · x[c, i·s + p·d − top, j·s + q·d − left].
    """

    type = "conv"
    example = """\
input: {name: x, value: [[1, 2, 0, -1], [3, -2, 4, 1], [0, 5, 2, -3]]}
layers:
  - conv:
      weight: {name: w, value: [[[[1, -1], [2, 0]]], [[[0, 3], [-2, 1]]]]}
      bias: [1/2, -1]
      stride: [1, 2]
      padding: [[0, 1], [0, 0]]
upstream: [[[1, 2], [0, -1], [3, 1]], [[-2, 1], [1, 4], [0, 2]]]
"""
    domain = "image"
    has_1d = True
    on_request = conv_matrices.FORWARD
    on_request_backward = conv_matrices.BACKWARD
    without_samples = conv_matrices.WITHOUT_SAMPLES
    parameters = (
        Parameter("weight", required=True, outline=OUTLINE, shape="(C_out, C_in/groups, kH, kW)", about=KERNEL),
        BIAS,
    )

    channels: int | None = option(None, "each", CHANNELS)
    size: Pair | None = option(None, "pair", SIZE)
    stride: Pair = option((1, 1), "pair", STRIDE)
    padding: Padding = option("valid", "padding", ZEROS)
    anchor: Pair | None = option(None, "anchor", ANCHOR)
    dilation: Pair = option((1, 1), "pair", DILATION)
    groups: int = option(1, "each", GROUPS)
    flip: bool = option(False, "bool", FLIP)

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """What the word convolution means here, unless the kernel is the same when it is turned; the odd padding."""
        x, weight = tensors["x"], tensors["weight"]
        # A gradient of the weight is turned with it, whatever the weight.
        matters = weight.shape[2:] != (1, 1) and (
            "g" in tensors or not numbers.is_known_equal(weight, weight[:, :, ::-1, ::-1]).all()
        )
        is_uneven = self.padding == "same" and self._window(x.shape[1:], weight.shape).is_uneven
        return (
            *((CONVOLUTION if self.flip else CROSS_CORRELATION,) if matters else ()),
            *((ODD_AT_THE_END,) if is_uneven else ()),
        )

    def check_options(self) -> None:
        """An anchor is a padding."""
        if self.anchor is not None and self.padding != "valid":
            message = "{y} has both an anchor and a padding, and each says where the kernel lies"
            raise ShapeError(message, "keep one of the two", "anchor")

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """A weight of rank 3 is one output channel, of rank 2 one input channel as well.

        It is a kernel for each channel where those are as many as groups, and a matrix where `size` is 1.
        """
        self.check_input(x)
        outlined = (self.channels, x[0] // self.groups, *self.size) if self.channels and self.size else None
        axes = "output channels, input channels, rows, columns"
        typed = given.get("weight", ())
        if len(typed) == 3 and self.groups == x[0] > 1 and typed[0] % x[0] == 0:
            typed = (typed[0], 1, *typed[1:])  # a kernel for each channel
        if len(typed) == 2 and self.size == (1, 1):
            typed = (*typed, 1, 1)  # a matrix over the channels
        weight = full_kernel(typed, outlined, "conv", axes)
        self._check_channels(x, weight)
        return kernel_shapes(weight, weight[0], given, self.channels, self.size)

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(F, oH, oW)."""
        self.check_input(x)
        weight = parameters["weight"]
        self._check_channels(x, weight)
        return (weight[0], *self._window(x, weight).outputs)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Matrix products of the weight with the windows."""
        weight = parameters["weight"]
        y = self._lowering(numbers, x, weight).product(x, self.laid(weight), parameters.get("bias"))
        return {"y": y.transpose(3, 0, 1, 2)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dweight = g · windowsᵀ, dbias = Σ g, and dx brings weightᵀ · g back onto the image."""
        x, weight, g = tensors["x"], tensors["weight"], g.transpose(1, 2, 3, 0)
        dweight, dx = self._lowering(numbers, x, weight).gradients(x, self.laid(weight), g)
        gradients = {"dweight": self.laid(dweight)}
        if "bias" in tensors:
            gradients["dbias"] = numbers.sum(g, axis=(1, 2, 3))
        return {**gradients, "dx": dx.transpose(3, 0, 1, 2)}

    def requested(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> Makers:
        """The matrix form: `columns` (im2col), `weight_matrix`, `output_matrix`; and the rotated kernel."""
        return self.matrices(numbers, x, parameters).forward()

    def requested_backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> Makers:
        """Their gradients; δ dilated and padded, as the rotated kernel runs over it."""
        return self.matrices(numbers, tensors["x"], tensors).backward(g)

    def matrices(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> Matrices:
        """This convolution as matrices."""
        weight = parameters["weight"]
        return Matrices(numbers, self._window(x.shape[1:], weight.shape), self.groups, x, self.laid(weight))

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The sums over the window, with stride, dilation, padding and groups put in."""
        window = self._window(setting.x, setting.parameters["weight"])
        return conv_formulas(setting, window, self.groups, self.flip)

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Products of a weight or gradient with what lies under it; padding is left out."""
        samples, weight = range(len(tensors["x"])), tensors["weight"].shape
        window = self._window(tensors["x"].shape[1:], weight)
        joins = Joins(window, weight, self.groups, lambda cell: self._turned(cell, weight))
        match tensor, index:
            case "y", (n, f, i, j):
                under = joins.of_window(f, (i, j))
                bias = [Term((Entry("bias", (f,)),))] if "bias" in tensors else []
                return [Term((Entry("weight", w), Entry("x", (n, *at)))) for w, at in under] + bias
            case "dweight", (f, c, p, q):
                pairs = [(n, *pair) for n in samples for pair in joins.of_weight(f, c, (p, q))]
                return [Term((Entry("g", (n, *output)), Entry("x", (n, *at)))) for n, output, at in pairs]
            case "dbias", (f,):
                return [Term((Entry("g", (n, f, *output)),)) for n in samples for output in np.ndindex(window.outputs)]
            case "dx", (n, c, i, j):
                return [Term((Entry("g", (n, *at)), Entry("weight", w))) for w, at in joins.of_image(c, (i, j))]
            case _:
                origins = _origins(self, *(tensors[name].shape for name in ("x", "weight", "y")))
                return conv_matrices.matrix_terms(tensor, index, origins)

    def multiplications(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """Each output takes one for each of its kernel's weights."""
        return prod(parameters["weight"]) * prod(self.output_shape(x, parameters)[1:])

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[Reach, Reach]:
        """The window."""
        window = self._window(x, parameters["weight"])
        return Reach(window.rows), Reach(window.columns)

    def workspace(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """All windows side by side."""
        return self._window(x, parameters["weight"]).workspace(x[0])

    def _check_channels(self, x: Shape, weight: Shape) -> None:
        """Raise ShapeError unless the channels of x, of weight and the groups go together."""
        if x[0] % self.groups or weight[0] % self.groups:
            message = f"{self.groups} groups do not divide {x[0]} input channels ({{x}}: {by(x)})"
            message += f" and {weight[0]} output channels ({{weight}}: {by(weight)}) evenly"
            raise ShapeError(message, "choose `groups` that divides both", "groups")
        if weight[1] != x[0] // self.groups:
            parted = "" if self.groups == 1 else f", in {self.groups} groups of {x[0] // self.groups}"
            channels = f"{weight[1]} input channel" + ("" if weight[1] == 1 else "s")
            message = f"{{weight}} has {channels} ({by(weight)}), {{x}} gives {x[0]} ({by(x)}){parted}"
            fitting = (weight[0], x[0] // self.groups, *weight[2:])
            remedy = f"give {{weight}} the shape {by(fitting)}, or change what comes before"
            if weight[2] * self.groups == x[0] and (weight[0] == weight[1] or weight[2] != weight[3]):
                remedy = f"are its channels last? Give it the shape {by((weight[3], weight[2], *weight[:2]))}, as"
                remedy += " transpose(3, 2, 0, 1) does, or write `order: hwc` where images are so too"
            elif weight[0] == x[0] == 1:
                # Several kernels for one channel, typed without the axis of the input channels.
                remedy = f"for {weight[1]} kernels give {{weight}} the shape {by((weight[1], 1, *weight[2:]))}"
            raise ShapeError(message, remedy, "weight")

    def _window(self, x: Shape, weight: Shape) -> Window:
        """Where the kernel lies on the image."""
        kernel = (weight[2], weight[3])
        anchor = self.anchor
        if anchor is not None and self.flip:
            # Turned by 180°, the kernel's cell m lies at kH − 1 − m of the window.
            anchor = self._turned(anchor, weight)
        what = "the kernel of {weight}"
        return place_window(x[1:], kernel, self.stride, self.dilation, self.padding, anchor, what=what)

    def _turned(self, cell: Pair, weight: Shape) -> Pair:
        """The kernel's cell that lies at the window's `cell`."""
        return (weight[2] - 1 - cell[0], weight[3] - 1 - cell[1]) if self.flip else cell

    def laid(self, weight: Array) -> Array:
        """The weight as it lies on the image; and its gradient, the other way."""
        return weight[:, :, ::-1, ::-1] if self.flip else weight

    def _lowering(self, numbers: Arithmetic, x: Array, weight: Array) -> Lowering:
        """This convolution as matrix products."""
        window = self._window(x.shape[1:], weight.shape)
        return Lowering(numbers, window, x.shape[1], len(x), self.groups)


@lru_cache(maxsize=1)
def _origins(layer: Conv, x: Shape, weight: Shape, y: Shape) -> conv_matrices.Origins:
    """Kept for the next element, which is of the same layer as a rule."""
    from cnncalc.arithmetic.float64 import Float64

    numbered = conv_matrices.numbered
    matrices = layer.matrices(Float64(), numbered(x), {"weight": numbered(weight)})
    return conv_matrices.Origins(matrices, numbered(y))
