"""Outputs of a transposed convolution that have another size: which wrong formula for the size gives it."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.mistakes.conv.laid import Stamped
from cnncalc.mistakes.output_size import BY_CODE, in_size
from cnncalc.mistakes.take import Records, slip
from cnncalc.records import dataclass, replace


@dataclass(frozen=True)
class Lengths:
    """What the size of one axis is made of; `padding` is that of both sides together."""

    x: int
    kernel: int
    stride: int
    dilation: int
    padding: int
    spare: int

    @property
    def span(self) -> int:
        """Cells that one stamp covers."""
        return (self.kernel - 1) * self.dilation + 1

    @property
    def y(self) -> int:
        """The right size."""
        return (self.x - 1) * self.stride + self.span - self.padding + self.spare


RIGHT = Phrase(
    ". The right size is (H − 1)·s + k − 2p + output_padding, with d·(k − 1) + 1 for k where the dilation d is not 1.",
    "。正确的输出大小为 (H − 1)·s + k − 2p + output_padding；膨胀率 d 不为 1 时，k 换成 d·(k − 1) + 1。",
)
OF_STAMPS = (
    slip("convolution-for-transposed")(
        "This is the size that a convolution gives",
        "这是普通卷积的输出大小",
        lambda a: (a.x + a.padding - a.span) // a.stride + 1,
    ),
    slip("padding-forgotten")(
        "In this size the padding is not taken off", "这个大小没有减去填充", lambda a: a.y + a.padding
    ),
    slip("output-padding-forgotten")(
        "This is the size without the output_padding", "这是没有 output_padding 时的大小", lambda a: a.y - a.spare
    ),
    slip("padding-added")(
        "In this size the padding is added; it is taken off",
        "这个大小加上了填充；应当减去",
        lambda a: a.y + 2 * a.padding,
    ),
    replace(BY_CODE["stride-ignored"], ways=(lambda a: a.y - (a.x - 1) * (a.stride - 1),)),
    slip("~padding-read-as-total")(
        "Another convention: in this size p counts as what both sides lose together; here each side loses p",
        "另一种约定：这个大小把 p 当作两侧裁去的总数；本题每一侧各裁去 p",
        lambda a: a.y + a.padding - a.padding // 2,
    ),
    replace(BY_CODE["dilation-ignored"], ways=(lambda a: a.y - a.span + a.kernel,)),
    slip("output-size-of-input")(
        "This is the size of the input times the stride, as if the padding were made for that",
        "这是输入大小乘以步长，仿佛填充恰好使输出如此",
        lambda a: a.x * a.stride,
    ),
    slip("output-size-minus-one-forgotten")(
        "The size has H·s where (H − 1)·s belongs", "输出大小用了 H·s；应为 (H − 1)·s", lambda a: a.y + a.stride
    ),
    replace(BY_CODE["effective-kernel-product"], ways=(lambda a: a.y - a.span + a.kernel * a.dilation,)),
    replace(
        BY_CODE["effective-kernel-sum"],
        ways=(lambda a: a.y - a.span + (a.span if a.dilation == 1 else a.kernel + a.dilation),),
    ),
    slip("output-padding-misplaced")(
        "In this size the output_padding counts on both sides; it is added once",
        "这个大小把 output_padding 两侧都算了；只应加一次",
        lambda a: a.y + a.spare,
    ),
    slip("stride-plus-1")(
        "In this size the stamps lie s + 1 cells apart",
        "这个大小中相邻元素印上的位置相距 s + 1 格",
        lambda a: a.y + (a.x - 1) * (a.stride > 1),
    ),
    slip("stride-as-kernel")(
        "In this size the stamps lie side by side, a kernel's width apart",
        "这个大小中各元素的结果按卷积核大小依次排列、互不重叠",
        lambda a: a.y + (a.x - 1) * (a.span - a.stride),
    ),
    slip("output-size-kernel-forgotten")("The size lacks the + k", "计算大小时漏掉了 + k", lambda a: a.y - a.span),
    slip("output-size-one-forgotten")("There is one row and one column too few", "少了一行一列", lambda a: a.y - 1),
    replace(BY_CODE["output-size-one-too-many"], ways=(lambda a: a.y + 1,)),
    replace(BY_CODE["output-size-of-kernel"], ways=(lambda a: a.kernel,)),
)
"""In the order of likelihood."""


def lengths(s: Stamped) -> list[Lengths]:
    """Of rows and of columns."""
    return [
        Lengths(*sizes)
        for sizes in zip(
            s.x.shape[2:], s.weight.shape[2:], s.layer.stride, s.layer.dilation, map(sum, s.padding),
            s.layer.output_padding, strict=True,
        )
    ]  # fmt: skip


MISTAKES = in_size(
    Records(Stamped, "y", RIGHT), OF_STAMPS, lengths, lambda a: a.y, lambda s: s.outputs * s.layer.groups
)
