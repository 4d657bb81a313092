"""The kernel of conv and conv_transpose, as its weight has it or as `channels` and `size` outline it."""

from cnncalc.language import Phrase
from cnncalc.layers.base import Parameter, Shape, ShapeError, by
from cnncalc.layers.windows.axis import Pair

OUTLINE = ("channels", "size")
KERNEL = Phrase(en="the kernels", zh="卷积核")
BIAS = Parameter(
    "bias", is_added=True, shape="(C_out)",
    about=Phrase(en="a number for each output channel, added everywhere", zh="每个输出通道一个数，加到每个位置"),
)  # fmt: skip
CHANNELS = Phrase(en="output channels, where the weight's numbers are left out", zh="输出通道数，不写权重数值时用")
SIZE = Phrase(en="rows and columns of the kernel, where the weight's numbers are left out",
              zh="卷积核的行数与列数，不写权重数值时用")  # fmt: skip
DILATION = Phrase(en="rows and columns from one kernel cell to the next", zh="卷积核相邻元素之间的行距与列距")
GROUPS = Phrase(en="parts of the channels that are convolved each for itself", zh="通道分成的组数，各组分别卷积")


def full_kernel(typed: Shape, outlined: Shape | None, what: str, axes: str) -> Shape:
    """The weight's four axes; `outlined` is its shape by the options, for one number or none at all."""
    if typed == () and outlined is not None:
        return outlined
    if not 2 <= len(typed) <= 4:
        there = "is one number" if typed == () else f"has {len(typed)} axes ({by(typed)})"
        message = f"{{weight}} {there}, and a {what} weight has four axes: {axes}"
        raise ShapeError(message, "write it as nested lists, or give its `shape`", "weight")
    return (1,) * (4 - len(typed)) + typed


def check_outline(weight: Shape, outputs: int, channels: int | None, size: Pair | None) -> None:
    """Raise ShapeError where the options say something else than the weight; `outputs` is what it makes."""
    if channels not in (None, outputs):
        message = f"channels is {channels}, {{y}} has {outputs} output channels ({{weight}}: {by(weight)})"
        raise ShapeError(message, f"leave `channels` out, or write {outputs}", "channels")
    if size not in (None, weight[2:]):
        message = f"size is {by(size or ())}, the kernel of {{weight}} has {by(weight[2:])} cells"
        raise ShapeError(message, f"leave `size` out, or write {list(weight[2:])}", "size")
