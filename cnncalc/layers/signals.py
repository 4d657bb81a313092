"""Signals, of one dimension: `conv1d`, `conv_transpose1d`, `max_pool1d`, `avg_pool1d`.

Each is the layer on images at work on images of one row. The row is put on here, and taken off here: from shapes,
tensors, indices, formulas and messages. A signal is (C, L), its kernel (C_out, C_in/groups, k).
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers import conv as on_images
from cnncalc.layers.base import (
    Doubt,
    Index,
    Layer,
    Makers,
    Mark,
    Parameter,
    Setting,
    Shape,
    ShapeError,
    Term,
    by,
    option,
    small_problem,
)
from cnncalc.layers.conv_transpose import TAKEN_OFF, ConvTranspose
from cnncalc.layers.evaluate import mapped
from cnncalc.layers.pools import TIES, WINNER, AvgPool, MaxPool
from cnncalc.layers.windows.axis import Reach
from cnncalc.layers.windows.kernel import BIAS, CHANNELS, GROUPS, KERNEL, OUTLINE
from cnncalc.layers.windows.row import (
    PATH,
    RENAMED,
    ROWED,
    Rowed,
    plain,
    plain_entry,
    plain_index,
    plain_shape,
    rowed_option,
    rowed_setting,
    rowed_shape,
    rowed_shapes,
    said_of_signals,
    with_row,
    without_row,
    without_rows,
)
from cnncalc.layers.windows.window import ODD_AT_THE_END
from cnncalc.records import replace

Sides = str | tuple[int, int]
SAID: Mapping[Phrase, Phrase] = {
    on_images.CROSS_CORRELATION: Phrase(
        "The kernel is laid on as it stands (cross-correlation); `flip: true` reverses it."
    ),
    on_images.CONVOLUTION: Phrase(
        "The kernel is reversed before it is laid on (true convolution, as np.convolve does it)."
    ),
    ODD_AT_THE_END: Phrase("`padding: same` puts the odd cell at the end (right)."),
    TAKEN_OFF: Phrase("`padding` takes cells off both ends."),
    TIES["first"]: Phrase("Where several cells of a window are largest, the first gets the whole gradient."),
    WINNER: Phrase("Where several cells of a window are largest, the first counts as the winner."),
}
"""What is said of images, as it is said of signals."""
SIZE = Phrase("cells of the kernel, where the weight's numbers are left out")
WINDOW = Phrase("cells of the window; it must be given, unless `outputs` is")
OUTPUTS = Phrase("instead of the size: how many numbers come out (PyTorch's adaptive pools)")
STRIDE = Phrase("cells from one window to the next")
POOL_STRIDE = Phrase("cells from one window to the next; by default the size")
DILATION = Phrase("cells from one kernel cell to the next")
FLIP = Phrase("reverse the kernel: true convolution")
STAMP = Phrase("output cells from one stamp to the next")
SPARE = Phrase("cells added at the output's end")
CEIL = Phrase("keep a last window that reaches over the end")
ENDS = Phrase("cells at both ends: −∞ in a max pool, 0 in an average pool")
PADDING = Phrase(
    "zeros at both ends: a number, `[left, right]`, `valid` (none), `same` (as long as the input at stride 1),"
    " `full` (every overlap), `causal` (on the left alone)"
)


class OnSignals(Layer):
    """A layer on signals: what it has of its own is which layer on images it is."""

    domain = "signal"
    of_images: ClassVar[Any]
    """The layer on images."""

    @cached_property
    def rowed(self) -> Layer:
        """The layer on images of one row."""
        values = {name: rowed_option(name, getattr(self, name)) for name in self.options()}
        made: Layer = self.of_images(**values)
        return made

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Those of the layer on images, in words for signals."""
        return tuple(SAID.get(phrase, phrase) for phrase in self.rowed.conventions(numbers, Rowed(tensors)))

    def check_options(self) -> None:
        """As of images."""
        with said_of_signals():
            self.rowed.check_options()

    def check_input(self, x: Shape) -> None:
        """Raise ShapeError if x is no signal."""
        if len(x) != 2:
            what = "an image" if len(x) == 3 else "features"
            message = f"{{y}} ({self.type}) needs a signal (C×L), {{x}} gives {what} ({by(x)})"
            raise ShapeError(message, f"write `{self.of_images.type}` for images, or put this layer before the flatten")

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """A weight of rank 2 is one output channel, of rank 1 one input channel as well."""
        self.check_input(x)
        weight = given.get("weight", ())
        if len(weight) > 3:
            message = f"{{weight}} has {len(weight)} axes ({by(weight)}), and a {self.type} weight has three"
            raise ShapeError(message, "write output channels, input channels, cells", "weight")
        typed = {**given, "weight": rowed_shape((1,) * (3 - len(weight)) + weight)} if weight else given
        with said_of_signals():
            shapes = self.rowed.parameter_shapes(rowed_shape(x), typed)
        return {local: plain_shape(shape) if local in ROWED else shape for local, shape in shapes.items()}

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C_out, oL)."""
        self.check_input(x)
        with said_of_signals():
            return plain_shape(self.rowed.output_shape(rowed_shape(x), rowed_shapes(parameters)))

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """On images of one row."""
        return plain(self.rowed.forward(numbers, with_row("x", x), Rowed(parameters)))

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """On images of one row."""
        return plain(self.rowed.backward(numbers, with_row("g", g), Rowed(tensors)))

    def requested(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> Makers:
        """The matrices, which have no rows of an image."""
        return self.rowed.requested(numbers, with_row("x", x), Rowed(parameters))

    def requested_backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> Makers:
        """Those of the gradients."""
        return self.rowed.requested_backward(numbers, with_row("g", g), Rowed(tensors))

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Without the indices of rows."""
        made = self.rowed.formulas(rowed_setting(setting))
        return {local: without_rows(formula) for local, formula in made.items()}

    def index_sizes(self, setting: Setting) -> Mapping[str, int]:
        """The window's cells."""
        made = self.rowed.index_sizes(rowed_setting(setting))
        return {RENAMED[role]: size for role, size in made.items() if role in RENAMED}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Those of the image, without its row."""
        placed = (*index[:-1], 0, index[-1]) if tensor in ROWED or tensor == PATH else index
        return list(mapped(self.rowed.terms(tensor, placed, numbers, Rowed(tensors)), plain_entry))

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Those of the image."""
        found = self.rowed.doubts(numbers, Rowed(tensors))
        return [
            Doubt(one.tensor, tuple(plain_index(index) for index in one.indices), SAID.get(one.phrase, one.phrase))
            for one in found
        ]

    def marks(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Mark]:
        """Those of the image."""
        found = self.rowed.marks(numbers, Rowed(tensors))
        return [replace(mark, cells=without_row(mark.tensor, mark.cells)) for mark in found]

    def multiplications(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """As many."""
        return self.rowed.multiplications(rowed_shape(x), rowed_shapes(parameters))

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[Reach, ...] | None:
        """Along the one axis."""
        found = self.rowed.reach(rowed_shape(x), rowed_shapes(parameters))
        return None if found is None else found[1:]

    def workspace(self, x: Shape, parameters: Mapping[str, Shape]) -> int:
        """As many."""
        return self.rowed.workspace(rowed_shape(x), rowed_shapes(parameters))


_MATRICES = ("matrix", "columns", "weight_matrix", "output_matrix")


class Conv1d(OnSignals):
    """As PyTorch's conv1d; with `flip` the convolution of mathematics.

    x (C, L), weight (F, C/groups, k), bias (F):
    y[f,i] = bias[f] + Σ weight[f,c,p] · x[c, i·stride + p·dilation − left].
    """

    type = "conv1d"
    of_images = on_images.Conv
    example = """\
input: {name: x, value: [2, 1, 2, 3, 1, 0, 4]}
layers:
  - conv1d:
      weight: {name: w, value: [1, -2]}
      bias: 1/2
      stride: 2
      dilation: 2
      padding: [1, 0]
upstream: [[1, 2, -1]]
"""
    on_request = _MATRICES
    on_request_backward = tuple(f"d{name}" for name in reversed(_MATRICES[1:]))
    without_samples = frozenset(["matrix", "weight_matrix", "dweight_matrix"])
    parameters = (
        Parameter("weight", required=True, outline=OUTLINE, shape="(C_out, C_in/groups, k)", about=KERNEL),
        BIAS,
    )

    channels: int | None = option(None, "each", CHANNELS)
    size: int | None = option(None, "count", SIZE)
    stride: int = option(1, "count", STRIDE)
    padding: Sides = option("valid", "sides", PADDING)
    dilation: int = option(1, "count", DILATION)
    groups: int = option(1, "each", GROUPS)
    flip: bool = option(False, "bool", FLIP)


class ConvTranspose1d(OnSignals):
    """As PyTorch's conv_transpose1d: the gradient of conv1d by its input, as a layer; weight (C, F/groups, k)."""

    on_request = ("matrix",)
    without_samples = frozenset(["matrix"])

    type = "conv_transpose1d"
    of_images = ConvTranspose
    example = """\
input: {name: x, value: [1, -2, 3]}
layers:
  - conv_transpose1d:
      weight: {name: w, value: [1, 2, 0]}
      bias: 3
      stride: 2
      padding: 1
      output_padding: 1
upstream: [[1, 0, 2, -1, 3, 1]]
"""
    parameters = (
        Parameter("weight", required=True, outline=OUTLINE, shape="(C_in, C_out/groups, k)", about=KERNEL),
        BIAS,
    )

    channels: int | None = option(None, "each", CHANNELS)
    size: int | None = option(None, "count", SIZE)
    stride: int = option(1, "count", STAMP)
    padding: Sides = option(
        "valid", "sides",
        Phrase("cells taken off both ends; `same`: so many that the output is stride times the input"),
    )  # fmt: skip
    output_padding: int = option(0, "spare_count", SPARE)
    dilation: int = option(1, "count", DILATION)
    groups: int = option(1, "each", GROUPS)


class Pool1d(OnSignals):
    """What both pools have."""

    size: int | None = option(None, "count", WINDOW)
    stride: int | None = option(None, "count", POOL_STRIDE)
    padding: Sides = option(
        "valid", "sides",
        ENDS,
    )  # fmt: skip
    dilation: int = option(1, "count", DILATION)
    ceil: bool = option(False, "bool", CEIL)
    outputs: int | None = option(None, "count", OUTPUTS)


class MaxPool1d(Pool1d):
    """x (C, L) to y (C, oL), as PyTorch's max_pool1d; `path` is the place of each winner. Size 1: sub-sampling."""

    type = "max_pool1d"
    of_images = MaxPool
    chosen = MaxPool.chosen
    auxiliaries = MaxPool.auxiliaries
    without_gradient = MaxPool.without_gradient
    example = small_problem("[1, 5, 2, -3, 4, 0]", "max_pool1d: {size: 2, padding: [1, 1]}", upstream="[[1, 2, 3, -1]]")

    ties: str = option(
        "first", "choice",
        Phrase("who gets the gradient where several are largest: the first, or all of them in equal parts"),
        ("first", "split"),
    )  # fmt: skip


class AvgPool1d(Pool1d):
    """x (C, L) to y (C, oL), as PyTorch's avg_pool1d."""

    type = "avg_pool1d"
    of_images = AvgPool
    example = small_problem(
        "[1, 5, 2, -3, 4]", "avg_pool1d: {size: 3, stride: 2, padding: [1, 0]}", upstream="[[1, 2]]"
    )

    count_padding: bool = option(True, "bool", Phrase("divide by the cells of the padding too"))
