r"""What the pictures of a convolution's methods have in common: its matrices, and captions as a reader counts.

A caption names the part of a tensor that is to be seen, in the layer's macros: `\g_{1,2,:,:}`, or
`\x_{1, 2 \ldots 4, :}` where rows are left away. Zeros that were put in between and around are marked as filler.
"""

from collections.abc import Callable, Sequence

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans
from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.conv import Conv
from cnncalc.layers.windows.axis import Pair
from cnncalc.layers.windows.matrices import Matrices, dilated, nowhere
from cnncalc.lessons.lesson import Picture
from cnncalc.step import Scene

MOST_PICTURES = 4
MOST_PRODUCTS = 20_000


class Convolution:
    """One convolution with its tensors, as its pictures need them."""

    def __init__(self, scene: Scene) -> None:
        assert isinstance(scene.layer, Conv)
        self.scene = scene
        self.layer = scene.layer
        self.numbers = scene.numbers
        self.x, self.weight = scene["x"], scene["weight"]
        self.base = scene.index_base
        self.samples = len(self.x)
        self.matrices = scene.layer.matrices(scene.numbers, self.x, scene.parameters())
        self.window = self.matrices.window
        self.groups = scene.layer.groups
        self.outputs, self.inputs = len(self.weight) // self.groups, self.weight.shape[1]
        """Channels of one group."""
        self.kernel = self.weight.shape[2], self.weight.shape[3]
        self.turns = self.kernel != (1, 1)
        """Whether it makes a difference to turn the kernel."""
        self.laid: Array = self.matrices.laid

    def pairs(self) -> list[tuple[int, int, int]]:
        """Sample, output channel and the input channel that it sees, each numbered within the whole tensor."""
        return [
            (n, f, f // self.outputs * self.inputs + c)
            for n in range(self.samples)
            for f in range(len(self.weight))
            for c in range(self.inputs)
        ]

    def image(self, tensor: str, n: int, channel: int, rows: range, columns: range) -> str:
        """The caption of one channel of x, g or dx, of which these rows and columns are seen; empty where none is."""
        array = self.scene[tensor]
        if not rows or not columns:
            return ""
        sample = [str(n + self.base)] if self.scene.batched else []
        axes = [self.part(rows, array.shape[2]), self.part(columns, array.shape[3])]
        return rf"\{tensor}_{{{', '.join([*sample, str(channel + self.base), *axes])}}}"

    def part(self, indices: range, length: int) -> str:
        """Some of an axis, or a colon for all of it."""
        if len(indices) == length:
            return ":"
        first, last = indices[0] + self.base, indices[-1] + self.base
        return rf"{first} \ldots {last}" if last > first else str(first)

    def whole(self, tensor: str, n: int, channel: int) -> str:
        """The caption of one channel of x, g or dx."""
        height, width = self.scene[tensor].shape[2:]
        return self.image(tensor, n, channel, range(height), range(width))

    def kernel_caption(self, tensor: str, f: int, c: int, mark: str = "") -> str:
        """The caption of the kernel, or of its gradient, between two channels."""
        return rf"\{tensor}_{{{f + self.base}, {c % self.inputs + self.base}, :, :}}{mark}"

    def sample(self, n: int, phrase: Phrase) -> Phrase:
        """A phrase with the sample's number, where a reader sees samples."""
        return phrase.format(n=n + self.base) if self.scene.batched else NOTHING

    def whole_by(self, way: Callable[[Matrices, Array], Array], products: int) -> tuple[bool, Array]:
        """Whether each picture is affordable, and a whole tensor by a way from g; a large one in doubles."""
        matrices, g = self.matrices, self.scene["g"]
        is_affordable = products <= MOST_PRODUCTS
        if not is_affordable:
            from cnncalc.arithmetic.float64 import Float64

            x, laid, g = map(self.numbers.to_float, (self.x, self.laid, g))
            matrices = Matrices(Float64(), self.window, self.groups, x, laid)
        return is_affordable, way(matrices, g)


def spread(numbers: Arithmetic, matrix: Array, steps: Pair) -> tuple[Array, Booleans]:
    """A matrix with `step − 1` zeros between its rows and columns, and which elements of it are such zeros."""
    return dilated(matrix, steps, numbers.zeros), ~dilated(np.ones(matrix.shape, bool), steps, nowhere)


def picture(caption: str, elements: Array, filler: Booleans | None = None) -> Picture:
    """A picture; filler is named only where there is some."""
    return Picture(caption, elements, filler if filler is not None and filler.any() else None)


def slide(numbers: Arithmetic, image: Array, kernel: Array, steps: Sequence[int] = (1, 1)) -> Array:
    """What the kernel gives at every place of the image that it fits on, or at every `steps`-th of those."""
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)[:: steps[0], :: steps[1]]
    flat = windows.reshape(windows.shape[0] * windows.shape[1], -1)
    return np.asarray(numbers.matmul(flat[None], kernel.reshape(1, -1, 1))[0]).reshape(windows.shape[:2])
