"""What conv and conv_transpose share: the kernel, as its weight has it or as `channels` and `size` outline it, and the
formulas, with stride, dilation, padding and groups put in.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import product

from cnncalc.language import Phrase
from cnncalc.layers.base import Index, Parameter, Setting, Shape, ShapeError, by
from cnncalc.layers.indices import affine
from cnncalc.layers.windows.axis import Pair
from cnncalc.layers.windows.window import Window
from cnncalc.records import Record, replace

OUTLINE = ("channels", "size")
KERNEL = Phrase("the kernels")
BIAS = Parameter(
    "bias", is_added=True, shape="(C_out)",
    about=Phrase("a number for each output channel, added everywhere"),
)  # fmt: skip
CHANNELS = Phrase("output channels, where the weight's numbers are left out; `depthwise`: as many as come in")
SIZE = Phrase("rows and columns of the kernel, where the weight's numbers are left out")  # fmt: skip
DILATION = Phrase("rows and columns from one kernel cell to the next")
GROUPS = Phrase("parts of the channels that are convolved each for itself; `depthwise`: each channel")


def full_kernel(typed: Shape, outlined: Shape | None, what: str, axes: str) -> Shape:
    """The weight's four axes; `outlined` is its shape by the options, for one number or none at all."""
    if typed == () and outlined is not None:
        return outlined
    if not 2 <= len(typed) <= 4:
        there = "is one number" if typed == () else f"has {len(typed)} axes ({by(typed)})"
        message = f"{{weight}} {there}, and a {what} weight has four axes: {axes}"
        raise ShapeError(message, "write it as nested lists, or give its `shape`", "weight")
    return (1,) * (4 - len(typed)) + typed


def kernel_shapes(
    weight: Shape, outputs: int, given: Mapping[str, Shape], channels: int | None, size: Pair | None
) -> dict[str, Shape]:
    """The shapes of weight and bias for so many output channels.

    Raises ShapeError where the options say something else than the weight, or the bias has not one number for each.
    """
    has = f"{outputs} output channels ({{weight}}: {by(weight)})"
    if channels not in (None, outputs):
        message = f"channels is {channels}, {{y}} has {has}"
        raise ShapeError(message, f"leave `channels` out, or write {outputs}", "channels")
    if size not in (None, weight[2:]):
        message = f"size is {by(size or ())}, the kernel of {{weight}} has {by(weight[2:])} cells"
        raise ShapeError(message, f"leave `size` out, or write {list(weight[2:])}", "size")
    if "bias" not in given:
        return {"weight": weight}
    if given["bias"] not in ((), (outputs,)):
        message = f"{{bias}} has shape {by(given['bias'])}, {{y}} has {has}"
        raise ShapeError(message, f"give {outputs} numbers, or one for all channels", "bias")
    return {"weight": weight, "bias": (outputs,)}


class Joins(Record):
    """Which elements a weight (F, C/groups, kH, kW) joins: an image's, and those of the F channels of its windows.

    The image of a conv is x, and y its windows; that of a transposed convolution is y. Elements are without N.
    """

    window: Window
    weight: Shape
    groups: int
    turned: Callable[[Pair], Pair] = lambda cell: cell
    """The kernel's cell that lies at a window's cell."""

    def of_window(self, f: int, output: Pair) -> Iterator[tuple[Index, Index]]:
        """For a window's element: each weight, and what lies under it on the image, without padding."""
        for c in range(self.weight[1]):
            for cell in self.window.cells():
                if at := self.window.position(output, cell):
                    yield (f, c, *self.turned(cell)), (self._first(f) + c, *at)

    def of_image(self, channel: int, position: Pair) -> Iterator[tuple[Index, Index]]:
        """For an element of the image: each weight that lies on it, and the window's element."""
        (group, c), outputs = divmod(channel, self.weight[1]), self.weight[0] // self.groups
        for f in range(group * outputs, (group + 1) * outputs):
            for output, cell in self.window.visits(position):
                yield (f, c, *self.turned(cell)), (f, *output)

    def of_weight(self, f: int, c: int, cell: Pair) -> Iterator[tuple[Index, Index]]:
        """For a weight: each window's element, and what lies under the weight on the image."""
        for i, j in product(*map(range, self.window.outputs)):
            if at := self.window.position((i, j), self.turned(cell)):
                yield (f, i, j), (self._first(f) + c, *at)

    def _first(self, f: int) -> int:
        """The image's first channel of the group that channel f belongs to."""
        return f // (self.weight[0] // self.groups) * self.weight[1]


def conv_formulas(setting: Setting, window: Window, groups: int, flip: bool) -> Mapping[str, str]:
    """The sums over the window."""
    weight, base = setting.parameters["weight"], setting.index_base
    places, reverse = [], []
    for axis, (i, p, u) in ((window.rows, (r"\i", r"\p", r"\u")), (window.columns, (r"\j", r"\q", r"\v"))):
        step, constant = axis.dilation, base * (1 - axis.stride - axis.dilation) - axis.before
        if flip:
            step, constant = -step, constant + step * (axis.kernel - 1 + 2 * base)
        places.append(affine([(axis.stride, i), (step, p)], constant))
        # The kernel's cell between input u and output i; unique only where the dilation is 1.
        sign = -1 if flip else 1
        reverse.append(affine([(sign, u), (-sign * axis.stride, i)], -sign * constant))
    channel = r"\c" if groups == 1 else in_group(r"\c", r"\f", weight[0] // groups, weight[1], base)
    under = ", ".join([r"\n", channel, *places])
    bias = r"\bias_{\f} + " if "bias" in setting.parameters else ""
    y, g, kernel = r"\y_{\n, \f, \i, \j}", r"\g_{\n, \f, \i, \j}", r"\weight_{\f, \c, \p, \q}"
    made = {
        "y": rf"{y} = {bias}\sum_{{\c, \p, \q}} {kernel} \cdot \x_{{{under}}}",
        "dweight": rf"\d{kernel[1:]} = \sum_{{\n, \i, \j}} {g} \cdot \x_{{{under}}}",
    }
    if bias:
        made["dbias"] = rf"\dbias_{{\f}} = \sum_{{\n, \i, \j}} {g}"
    over, conditions, own = [r"\f", r"\i", r"\j"], [], r"\c"
    if groups > 1:
        # The weight's channel is one of its group there, and c the one of the whole input, as on the left.
        own = r"\t"
        inside = in_group(own, r"\f", weight[0] // groups, weight[1], base)
        over, conditions = [r"\f", own, r"\i", r"\j"], [rf"{inside} = \c"]
    if max(window.dilations) > 1:
        over += [r"\p", r"\q"]
        conditions += [rf"{places[0]} = \u", rf"{places[1]} = \v"]
        reverse = [r"\p", r"\q"]
    where = r":\, " + r",\, ".join(conditions) if conditions else ""
    factors = rf"{g} \cdot \weight_{{\f, {own}, {', '.join(reverse)}}}"
    made["dx"] = rf"\dx_{{\n, \c, \u, \v}} = \sum_{{{', '.join(over)}{where}}} {factors}"
    return made


def conv_transpose_formulas(setting: Setting, window: Window, groups: int) -> Mapping[str, str]:
    """The sum of the stamps; backward, the sums over what each stamp covers.

    It is a convolution the other way round: what that makes of g is made of x here, and the channels change places.
    """
    parameters = {"weight": setting.parameters["weight"]}
    there = conv_formulas(replace(setting, parameters=parameters), window, groups, flip=False)
    made = {_DUAL.get(local, local): _NAMES.sub(lambda name: f"\\{_DUAL[name[1]]}", there[local]) for local in there}
    if "bias" in setting.parameters:
        made["y"] = made["y"].replace(r"= \sum", r"= \bias_{\f} + \sum", 1)
        made["dbias"] = r"\dbias_{\f} = \sum_{\n, \u, \v} \g_{\n, \f, \u, \v}"
    return made


_DUAL = {"y": "dx", "dx": "y", "x": "g", "g": "x", "f": "c", "c": "f"}
_NAMES = re.compile(r"\\(dx|[yxgfc])(?![A-Za-z])")


def in_group(channel: str, other: str, size: int, share: int, base: int) -> str:
    """The channel of a whole tensor that a weight's `channel` is, in LaTeX.

    The weight counts `share` channels of each group; `size` channels of its `other` index belong to one group.
    """
    if size == 1:
        return affine([(1, channel), (share, other)], -share * base)
    factor = "" if share == 1 else rf"{share} \cdot "
    return rf"{channel} + {factor}\lfloor {f'({other}-{base})' if base else other} / {size} \rfloor"
