"""The mean of each channel: `global_avg_pool`."""

from collections.abc import Mapping
from fractions import Fraction
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Entry, Index, Layer, Setting, Shape, Term, small_problem
from cnncalc.layers.indices import ratio


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
