"""Back to where the largest numbers stood: `max_unpool`."""

from collections.abc import Mapping

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
from cnncalc.layers.joining.several import OPERANDS
from cnncalc.layers.pools.max_pool import MaxPool
from cnncalc.layers.windows.axis import Reach, SizeRule

ADDED = Phrase(
    en="Where several windows have the same winner, their numbers are added up there; PyTorch keeps one of them.",
    zh="多个窗口的最大值位于同一位置时，各数在该处相加；PyTorch 只保留其中一个。",
)
POOL = Phrase(
    en="the max pool, further up, whose winners say where each number goes", zh="由哪个最大池化的位置决定还原处"
)


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
