"""The mean of each channel: `global_avg_pool`."""

from collections.abc import Mapping
from fractions import Fraction
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.layers.base import Domain, Entry, Index, Layer, Setting, Shape, Term, small_problem
from cnncalc.records import dataclass


@dataclass(frozen=True)
class GlobalAvgPool(Layer):
    """x (C, H, W) to y (C, 1, 1): y_c = Σ x[c,i,j] / (H·W); each cell gets dx = g / (H·W)."""

    type: ClassVar[str] = "global_avg_pool"
    example: ClassVar[str] = small_problem(
        "[[[1, 5], [4, 0]], [[-2, 3], [8, 1]]]", "global_avg_pool", upstream="[2, -4]"
    )
    domain: ClassVar[Domain] = "image"
    sees_all: ClassVar[bool] = True

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C, 1, 1)."""
        self.check_input(x)
        return (x[0], 1, 1)

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The mean over H and W."""
        return {"y": numbers.sum(x, axis=(2, 3))[:, :, None, None] / (x.shape[2] * x.shape[3])}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """An equal share for every cell."""
        shape = tensors["x"].shape
        return {"dx": np.broadcast_to(g / (shape[2] * shape[3]), shape).copy()}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the number of cells put in."""
        share, base = rf"\frac{{1}}{{{setting.x[1] * setting.x[2]}}}", setting.index_base
        return {
            "y": rf"\y_{{\n, \c, {base}, {base}}} = {share} \sum_{{\i, \j}} \x_{{\n, \c, \i, \j}}",
            "dx": rf"\dx_{{\n, \c, \i, \j}} = {share} \g_{{\n, \c, {base}, {base}}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Every cell of the channel, or its one gradient."""
        n, c = index[:2]
        height, width = tensors["x"].shape[2:]
        share = Fraction(1, height * width)
        if tensor == "dx":
            return [Term((Entry("g", (n, c, 0, 0)),), share)]
        return [Term((Entry("x", (n, c, i, j)),), share) for i in range(height) for j in range(width)]
