"""From image to features: `flatten`."""

from collections.abc import Mapping
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import AXES
from cnncalc.layers.base import Entry, Index, Layer, Setting, Shape, Term, option, small_problem
from cnncalc.layers.indices import affine
from cnncalc.layers.windows.axis import SizeRule

ORDERS = {
    "chw": Phrase(
        en="Flattened channel by channel, each in row order (C, H, W).",
        zh="展平顺序：逐通道，每个通道内按行（C, H, W）。",
    ),
    "hwc": Phrase(
        en="Flattened position by position in row order, all channels of a position together (H, W, C).",
        zh="展平顺序：按行逐位置，每个位置上依次取各通道（H, W, C）。",
    ),
}
ORDER = Phrase(
    en="channel by channel (chw, as PyTorch does), or position by position (hwc, as TensorFlow does)",
    zh="逐通道展平（chw，同 PyTorch），或逐位置展平（hwc，同 TensorFlow）",
)


class Flatten(Layer):
    """x (C, H, W) to y (C·H·W), the same numbers in row order (PyTorch's), or with `hwc` in TensorFlow's order.

    Features stay as they are.
    """

    type = "flatten"
    example = small_problem(
        "[[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]",
        "flatten: {order: hwc}",
        upstream="[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]",
    )
    chosen = frozenset(("y", "dx"))
    gives = None
    domain = "any"

    order: str = option("chw", "choice", ORDER, ("chw", "hwc"))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """The order, where it makes a difference: with several channels of several elements."""
        _, *image = tensors["x"].shape
        return (ORDERS[self.order],) if len(image) > 1 and image[0] > 1 and prod(image[1:]) > 1 else ()

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C·H·W)."""
        return (prod(x),)

    def size_rules(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[SizeRule, ...]:
        """All numbers of the image."""
        return (SizeRule(r" \cdot ".join(map("{}".format, x)), prod(x)),) if len(x) > 1 else ()

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The same numbers in one row."""
        turned = np.moveaxis(x, 1, -1) if self._turns(x) else x
        return {"y": turned.reshape(len(x), prod(x.shape[1:]))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The same numbers as an image again."""
        shape = tensors["x"].shape
        if not self._turns(tensors["x"]):
            return {"dx": g.reshape(shape)}
        return {"dx": np.moveaxis(g.reshape(shape[0], *shape[2:], shape[1]), -1, 1)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The number of an element in the row."""
        if len(setting.x) == 1:
            return {"y": r"\y_{\n, \i} = \x_{\n, \i}", "dx": r"\dx_{\n, \i} = \g_{\n, \i}"}
        letters = [letter[1:] for letter in AXES[len(setting.x)]]
        sizes = dict(zip(letters, setting.x, strict=True))
        order = letters if self.order == "chw" else [*letters[1:], letters[0]]
        factors = {letter: prod(sizes[other] for other in order[at + 1 :]) for at, letter in enumerate(order)}
        constant = setting.index_base * (1 - sum(factors.values()))
        number = affine([(factors[letter], f"\\{letter}") for letter in order], constant)
        image, row = rf"\x_{{\n, {', '.join(AXES[len(setting.x)])}}}", rf"\n, {number}"
        return {"y": rf"\y_{{{row}}} = {image}", "dx": rf"\d{image[1:]} = \g_{{{row}}}"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The one element that it is."""
        shape = tensors["x"].shape[1:]
        if len(shape) == 1:
            return [Term((Entry({"y": "x", "dx": "g"}[tensor], index),))]
        turned = self.order == "hwc"
        laid = (*shape[1:], shape[0]) if turned else shape
        if tensor == "dx":
            n, *at = index
            row = np.ravel_multi_index((*at[1:], at[0]) if turned else tuple(at), laid)
            return [Term((Entry("g", (n, int(row))),))]
        n, number = index
        place = tuple(map(int, np.unravel_index(number, laid)))
        return [Term((Entry("x", (n, *((place[-1], *place[:-1]) if turned else place))),))]

    def _turns(self, x: Array) -> bool:
        """Whether channels go last."""
        return self.order == "hwc" and x.ndim > 2
