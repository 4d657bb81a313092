"""Images made larger: `upsample`, and `max_unpool`, back to where the largest numbers stood."""

from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from math import ceil, floor

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Integers
from cnncalc.language import Phrase
from cnncalc.layers.base import (
    Entry,
    Index,
    Layer,
    Setting,
    Shape,
    ShapeError,
    Term,
    by,
    option,
    small_problem,
)  # fmt: skip
from cnncalc.layers.indices import affine
from cnncalc.layers.joining.several import OPERANDS
from cnncalc.layers.pools import MaxPool
from cnncalc.layers.windows.axis import Axis, Pair, Reach, SizeRule

CORNERS = {
    True: Phrase("Corners are aligned: the centres of the corner cells of both images lie on each other."),
    False: Phrase(
        "Corners are not aligned: the edges of both images lie on each other (half-pixel centres), and what would"
        " lie beyond the outermost centres takes the edge's value."
    ),
}


class Between(Reach):
    """Along an axis with aligned corners: the cells on both sides of a position, at no regular places."""

    has_windows = False

    @property
    def step(self) -> Fraction:
        """From corner to corner."""
        return Fraction(self.axis.outputs - 1, max(self.axis.size - 1, 1))

    def seen(self, low: int, high: int) -> tuple[int, int]:
        """Those around the positions."""
        return floor(low * self.step), ceil(high * self.step)


class Upsample(Layer):
    """x (C, H, W) to y (C, s·H, t·W), as PyTorch's interpolate with a whole scale factor.

    `nearest`: each cell s×t times. `bilinear`: between the cells around, by their distances, which add up to 1.
    """

    type = "upsample"
    example = small_problem(
        "[[1, 2], [3, 4]]",
        "upsample: {name: y, scale: 2, mode: bilinear}",
        upstream="[[1, 0, 0, 2], [0, 1, -1, 0], [0, 0, 3, 0], [1, 0, 0, 0]]",
    )
    domain = "image"

    scale: Pair | None = option(
        None,
        "pair",
        Phrase("how many times as many rows and columns; it must be given"),
        needed="say how many times larger: `scale: 2` or `scale: [2, 3]`",
    )
    mode: str = option(
        "nearest",
        "choice",
        Phrase("repeat the nearest cell, or go between cells in proportion"),
        ("nearest", "bilinear"),
    )
    align_corners: bool = option(
        False, "bool", Phrase("whether the centres of the corner cells lie on each other (bilinear only)")
    )

    def check_options(self) -> None:
        """Only where cells are gone between do corners matter."""
        super().check_options()
        if self.align_corners and self.mode == "nearest":
            message = "{y} is `nearest`, which has no `align_corners`"
            raise ShapeError(message, "write `mode: bilinear`, or leave it out", "align_corners")

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which corners."""
        return (CORNERS[self.align_corners],) if self.mode == "bilinear" else ()

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C, s·H, t·W)."""
        self.check_input(x)
        return (x[0], *(scale * size for scale, size in zip(self._scales, x[1:], strict=True)))

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Shares of rows, then of columns."""
        rows, columns = (numbers.array(shares) for shares in self._shares(x.shape[2:]))
        return {"y": _between(numbers, rows, x, columns.T)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """Each cell gets its share of every gradient that it has a part in."""
        rows, columns = (numbers.array(shares) for shares in self._shares(tensors["x"].shape[2:]))
        return {"dx": _between(numbers, rows.T, g, columns)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the scale put in."""
        letters = list(zip((r"\i", r"\j"), (r"\u", r"\v"), self._scales, setting.x[1:], strict=True))
        y, x = r"\n, \c, \i, \j", r"\n, \c, \u, \v"
        if self.mode == "nearest":
            base = setting.index_base
            row, column = (self._nearest(i, scale, base) for i, _, scale, _ in letters)
            lies = rf"{row} = \u,\, {column} = \v"
            return {
                "y": rf"\y_{{{y}}} = \x_{{\n, \c, {row}, {column}}}",
                "dx": rf"\dx_{{{x}}} = \sum_{{\i, \j:\, {lies}}} \g_{{{y}}}",
            }
        shares = r" \cdot ".join(
            rf"\max\left(0, 1 - \left|{u} - {self._place(i, scale, size, setting.index_base)}\right|\right)"
            for i, u, scale, size in letters
        )
        return {
            "y": rf"\y_{{{y}}} = \sum_{{\u, \v}} {shares} \cdot \x_{{{x}}}",
            "dx": rf"\dx_{{{x}}} = \sum_{{\i, \j}} {shares} \cdot \g_{{{y}}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The cells that have a share in it, or those that it has a share in."""
        rows, columns = self._shares(tensors["x"].shape[2:])
        other = "x" if tensor == "y" else "g"
        n, c, i, j = index
        along = (rows[i], columns[j]) if tensor == "y" else (rows[:, i], columns[:, j])
        here = [[(at, share) for at, share in enumerate(shares) if share] for shares in along]
        return [Term((Entry(other, (n, c, u, v)),), a * b) for (u, a), (v, b) in product(*here)]

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[Reach, ...]:
        """The cells of y that one of x reaches: its own, or with half of those around."""
        found: list[Reach] = []
        for scale, size in zip(self._scales, x[1:], strict=True):
            edge = scale // 2 if self.mode == "bilinear" and not self.align_corners else 0
            kernel = scale if not edge else 2 * scale - scale % 2
            axis, kind = Axis(scale * size, kernel, scale, before=edge, after=edge), (Reach, Between)
            found.append(kind[self.align_corners](axis, is_stamp=True, written=rf"{scale} \cdot {size}"))
        return tuple(found)

    @property
    def _scales(self) -> Pair:
        self.check_options()
        return self.scale or (1, 1)

    def _shares(self, image: Shape) -> list[Array]:
        """For rows and for columns, which share each cell of x (second axis) has in each of y (first axis)."""
        return [self._along(scale, size) for scale, size in zip(self._scales, image, strict=True)]

    def _along(self, scale: int, size: int) -> Array:
        shares = np.full((scale * size, size), Fraction(0), dtype=object)
        for at in range(scale * size):
            if self.mode == "nearest":
                place = Fraction(at // scale)
            elif self.align_corners:
                place = Fraction(at * (size - 1), max(scale * size - 1, 1))
            else:
                place = min(max(Fraction(2 * at + 1, 2 * scale) - Fraction(1, 2), Fraction(0)), Fraction(size - 1))
            for cell in {floor(place), ceil(place)}:
                shares[at, cell] = 1 - abs(place - cell)
        return shares

    def _nearest(self, i: str, scale: int, base: int) -> str:
        if scale == 1:
            return i
        shifted = i if base == 0 else rf"\left({i} - {base}\right)"
        return rf"\lfloor {shifted} / {scale} \rfloor" + (f" + {base}" if base else "")

    def _place(self, i: str, scale: int, size: int, base: int) -> str:
        """Where a cell of y lies among the cells of x."""
        if scale == 1:
            return i
        if self.align_corners:
            return rf"\frac{{{affine([(size - 1, i)], (scale - 1) * size * base)}}}{{{scale * size - 1}}}"
        moved = affine([(2, i)], 1 - 2 * base + (2 * base - 1) * scale)
        return rf"\min\left(\max\left(\frac{{{moved}}}{{{2 * scale}}}, {base}\right), {size - 1 + base}\right)"


def _between(numbers: Arithmetic, rows: Array, x: Array, columns: Array) -> Array:
    """rows · x · columns, of every channel of every sample."""
    maps = x.reshape(-1, *x.shape[2:])
    left, right = (np.broadcast_to(shares, (len(maps), *shares.shape)) for shares in (rows, columns))
    made = numbers.matmul(numbers.matmul(left, maps), right)
    return made.reshape(*x.shape[:2], *made.shape[1:])


ADDED = Phrase(
    "Where several windows have the same winner, their numbers are added up there; PyTorch keeps one of them."
)
POOL = Phrase("the max pool, further up, whose winners say where each number goes")


class MaxUnpool(Layer):
    """x (C, oH, oW) to y (C, H, W), shaped like what a max pool took: each number where that found its winner, else 0.

    PyTorch's max_unpool2d. dx is g at the winners.
    """

    type = "max_unpool"
    example = small_problem(
        "[[1, 5, 2, 0], [4, 0, 7, 6]]",
        "max_pool: {name: m, size: 2}",
        "conv: {weight: [[2]]}",
        "max_unpool: {pool: m}",
        upstream="[[1, 2, 3, 4], [5, 6, 7, 8]]",
    )
    domain = "image"
    parameters = OPERANDS[:1]
    fixed = frozenset(("xb",))

    pool: str | None = option(
        None, "name", POOL, needed="say whose winners it goes by, the max pool's above: `pool: NAME`"
    )
    pooling: MaxPool | None = None
    """That layer."""
    image: Shape = ()
    """What it took."""

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """That of what the pool took."""
        self.check_input(x)
        pooled = parameters["xb"][:-1]
        if x != pooled:
            message = f"{{x}} is {by(x)}, and {self.pool} has {by(pooled)} winners"
            raise ShapeError(message, "name the pool whose output it is shaped like", "pool")
        return self.image

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Where windows overlap."""
        places = self._places(tensors["xb"], tensors["y"].shape[2:]).reshape(*tensors["x"].shape[:2], -1)
        several = any(len(np.unique(row)) < len(row) for channels in places for row in channels)
        return (ADDED,) if several else ()

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Each number at its place."""
        shape = (*x.shape[:2], *self.image[1:])
        return {"y": self._at_places(numbers, x, parameters["xb"], shape)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """What stands at the winners."""
        flat, x = self._places(tensors["xb"], g.shape[2:]), tensors["x"]
        found = np.take_along_axis(g.reshape(*g.shape[:2], -1), flat.reshape(*x.shape[:2], -1), 2)
        return {"dx": found.reshape(x.shape)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By the places of the winners."""
        at, cell = r"\n, \c, \i, \j", r"\n, \c, \u, \v"
        here = rf":\, \xb_{{{at}}} = \left(\u, \v\right)"
        return {
            "y": rf"\y_{{{cell}}} = \sum_{{\i, \j{here}}} \x_{{{at}}}",
            "dx": rf"\dx_{{{at}}} = \sum_{{\u, \v{here}}} \g_{{{cell}}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """What goes to a place, or the one place."""
        n, c, *place = index
        path = tensors["xb"]
        if tensor == "dx":
            return [Term((Entry("g", (n, c, *map(int, path[index]))),))]
        here = np.argwhere((path[n, c] == place).all(axis=-1)).tolist()
        return [Term((Entry("x", (n, c, *at)),)) for at in here]

    def size_rules(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[SizeRule, ...]:
        """The size is that of the image, by no rule."""
        return ()

    def reach(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[Reach, Reach] | None:
        """The windows that a number may go to."""
        if self.pooling is None:
            return None
        window = self.pooling.window(self.image)
        return Reach(window.rows, is_stamp=True), Reach(window.columns, is_stamp=True)

    def _at_places(self, numbers: Arithmetic, x: Array, path: Array, shape: Shape) -> Array:
        samples, channels, image = shape[0], shape[1], shape[2:]
        corners = np.arange(samples * channels).reshape(samples, channels, 1, 1) * (image[0] * image[1])
        places = self._places(path, image) + corners
        made = numbers.added_at(places.ravel(), x.ravel(), samples * channels * image[0] * image[1])
        return made.reshape(shape)

    def _places(self, path: Array, image: Shape) -> Integers:
        """By number, row after row."""
        path = np.asarray(path, dtype=np.intp)
        return np.asarray(path[..., 0] * image[1] + path[..., 1])
