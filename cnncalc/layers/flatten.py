"""From image to features: `flatten`."""

from collections.abc import Mapping
from math import prod
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Content, Domain, Entry, Index, Layer, Setting, Shape, Term, option
from cnncalc.layers.formulas.index_latex import affine
from cnncalc.layers.windows.extent import SizeRule
from cnncalc.records import dataclass

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


@dataclass(frozen=True)
class Flatten(Layer):
    """x (C, H, W) to y (C·H·W), the same numbers in row order (PyTorch's), or with `hwc` in TensorFlow's order.

    Features stay as they are.
    """

    type: ClassVar[str] = "flatten"
    example: ClassVar[str] = """\
input: {name: x, value: [[[1, 2, 3], [4, 5, 6]], [[7, 8, 9], [10, 11, 12]]]}
layers:
  - flatten: {order: hwc}
upstream: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
"""
    chosen: ClassVar[frozenset[str]] = frozenset(("y", "dx"))
    gives: ClassVar[Content | None] = None
    domain: ClassVar[Domain] = "any"

    order: str = option("chw", "choice", ORDER, ("chw", "hwc"))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """The order, where it makes a difference: with several channels of several elements."""
        _, *image = tensors["x"].shape
        return (ORDERS[self.order],) if len(image) == 3 and image[0] > 1 and prod(image[1:]) > 1 else ()

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """(C·H·W)."""
        return (prod(x),)

    def size_rules(self, x: Shape, parameters: Mapping[str, Shape]) -> tuple[SizeRule, ...]:
        """All numbers of the image."""
        return (SizeRule(r" \cdot ".join(map(str, x)), prod(x)),) if len(x) == 3 else ()

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The same numbers in one row."""
        turned = x.transpose(0, 2, 3, 1) if self._turns(x) else x
        return {"y": turned.reshape(len(x), prod(x.shape[1:]))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The same numbers as an image again."""
        shape = tensors["x"].shape
        if not self._turns(tensors["x"]):
            return {"dx": g.reshape(shape)}
        samples, channels, height, width = shape
        return {"dx": g.reshape(samples, height, width, channels).transpose(0, 3, 1, 2)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The number of an element in the row."""
        if len(setting.x) == 1:
            return {"y": r"\y_{\n, \i} = \x_{\n, \i}", "dx": r"\dx_{\n, \i} = \g_{\n, \i}"}
        channels, height, width = setting.x
        slow, middle, fast = "cij" if self.order == "chw" else "ijc"
        sizes = {"c": channels, "i": height, "j": width}
        factors = {slow: sizes[middle] * sizes[fast], middle: sizes[fast], fast: 1}
        constant = setting.index_base * (1 - sum(factors.values()))
        number = affine([(factors[letter], f"\\{letter}") for letter in (slow, middle, fast)], constant)
        image, row = r"\x_{\n, \c, \i, \j}", rf"\n, {number}"
        return {"y": rf"\y_{{{row}}} = {image}", "dx": rf"\d{image[1:]} = \g_{{{row}}}"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The one element that it is."""
        shape = tensors["x"].shape[1:]
        if len(shape) == 1:
            return [Term((Entry({"y": "x", "dx": "g"}[tensor], index),))]
        channels, height, width = shape
        if tensor == "dx":
            n, c, i, j = index
            number = (c * height + i) * width + j if self.order == "chw" else (i * width + j) * channels + c
            return [Term((Entry("g", (n, number)),))]
        n, number = index
        if self.order == "chw":
            rest, j = divmod(number, width)
            c, i = divmod(rest, height)
        else:
            rest, c = divmod(number, channels)
            i, j = divmod(rest, width)
        return [Term((Entry("x", (n, c, i, j)),))]

    def _turns(self, x: Array) -> bool:
        """Whether channels go last."""
        return self.order == "hwc" and x.ndim == 4
