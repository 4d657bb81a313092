"""The mean of each window: `avg_pool`; of each channel: `global_avg_pool`."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Integers
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Layer, Setting, Shape, Term, option, small_problem
from cnncalc.layers.indices import places, ratio
from cnncalc.layers.windows.axis import Axis
from cnncalc.layers.windows.pool import Pool

COUNTED = Phrase(
    en="The mean divides by all cells of the window, those of the declared padding included.",
    zh="求平均时除以窗口内的全部单元数，声明的填充单元计算在内。",
)
CELLS = r"\m_{\i, \j}"
"""How many cells a window has, where they do not all have as many."""
NOT_COUNTED = Phrase(
    en="The mean divides by the cells of the window that lie on the image; padding does not count.",
    zh="求平均时只除以窗口内真实输入的单元数，填充单元不计。",
)


class AvgPool(Pool):
    """x (C, H, W) to y (C, oH, oW): the sum of each window over the number of its cells, as in PyTorch's avg_pool2d.

    Cells beyond the declared padding, where `ceil` lets a window reach over, never count. dx gives each cell its share.
    """

    type = "avg_pool"
    example = """\
input: {name: x, value: [[1, 5, 2], [4, 0, 7], [-2, 3, 8]]}
layers:
  - avg_pool:
      size: 2
      stride: [1, 2]
      padding: [[0, 0], [0, 1]]
      count_padding: false
upstream: [[1, 2], [3, -4]]
"""

    count_padding: bool = option(
        True, "bool", Phrase(en="divide by the cells of the padding too", zh="求平均时填充单元也计入个数")
    )

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """What the divisor counts, where a window reaches into the padding; where windows lie."""
        shape = tensors["x"].shape[1:]
        counted = (COUNTED if self.count_padding else NOT_COUNTED,) if self.window(shape).is_padded else ()
        return (*counted, *self.placing(shape))

    def counted_along(self, axis: Axis) -> Integers:
        """Cells on the image, and on its declared padding if that counts."""
        return axis.counts(with_padding=self.count_padding)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The window's cells added up one after the other, over their number."""
        window = self.window(x.shape[1:])
        canvas = window.canvas(numbers, x)
        total = numbers.zeros((*x.shape[:2], *window.outputs))
        for cell in window.cells():
            total += window.under(canvas, cell)
        return {"y": total / numbers.array(self.counted(window))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """An equal share for every cell of the window."""
        x = tensors["x"]
        window = self.window(x.shape[1:])
        shares = g / numbers.array(self.counted(window))
        return {"dx": window.fold(numbers, x.shape[:2], lambda cell: shares)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With stride, dilation, padding and, where it is the same for all windows, the divisor put in."""
        window, base = self.window(setting.x), setting.index_base
        row, column = places(window, base)
        counts = np.unique(self.counted(window)).tolist()
        share = ratio(1, counts[0]) if len(counts) == 1 else rf"\frac{{1}}{{{CELLS}}} "
        lies = rf"{row} = \u,\, {column} = \v"
        return {
            "y": rf"\y_{{\n, \c, \i, \j}} = {share}\sum_{{\p, \q}} \x_{{\n, \c, {row}, {column}}}",
            "dx": rf"\dx_{{\n, \c, \u, \v}} = \sum_{{\i, \j, \p, \q:\, {lies}}} {share}\g_{{\n, \c, \i, \j}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The window's cells, or the windows that a cell lies in, each over its number of cells."""
        n, c, *place = index
        at = (place[0], place[1])
        window = self.window(tensors["x"].shape[1:])
        counts = self.counted(window)
        if tensor == "y":
            share = Fraction(1, int(counts[at]))
            seen = (window.position(at, cell) for cell in window.cells())
            return [Term((Entry("x", (n, c, *position)),), share) for position in seen if position]
        return [
            Term((Entry("g", (n, c, *output)),), Fraction(1, int(counts[output]))) for output, _ in window.visits(at)
        ]


class GlobalAvgPool(Layer):
    """x (C, H, W) to y (C, 1, 1): y_c = Σ x[c,i,j] / (H·W); each cell gets dx = g / (H·W). A signal to (C, 1)."""

    type = "global_avg_pool"
    example = small_problem("[[[1, 5], [4, 0]], [[-2, 3], [8, 1]]]", "global_avg_pool", upstream="[2, -4]")
    domain = "image"
    takes_signals = True
    sees_all = True

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C, 1, 1)."""
        self.check_input(x)
        return (x[0], *(1 for _ in x[1:]))

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The mean over H and W."""
        rest = x.shape[2:]
        return {
            "y": numbers.sum(x, axis=tuple(range(2, x.ndim))).reshape(*x.shape[:2], *(1 for _ in rest)) / prod(rest)
        }

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """An equal share for every cell."""
        shape = tensors["x"].shape
        return {"dx": np.broadcast_to(g / prod(shape[2:]), shape).copy()}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the number of cells put in."""
        share, rest = ratio(1, prod(setting.x[1:])), (r"\i", r"\j")[: len(setting.x) - 1]
        one = ", ".join((r"\n, \c", *(str(setting.index_base) for _ in rest)))
        each = ", ".join((r"\n, \c", *rest))
        return {
            "y": rf"\y_{{{one}}} = {share}\sum_{{{', '.join(rest)}}} \x_{{{each}}}",
            "dx": rf"\dx_{{{each}}} = {share}\g_{{{one}}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Every cell of the channel, or its one gradient."""
        rest = tensors["x"].shape[2:]
        share = Fraction(1, prod(rest))
        if tensor == "dx":
            return [Term((Entry("g", (*index[:2], *(0 for _ in rest))),), share)]
        return [Term((Entry("x", (*index[:2], *at)),), share) for at in np.ndindex(rest)]
