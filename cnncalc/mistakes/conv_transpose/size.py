"""Outputs of a transposed convolution that have another size: which wrong formula for the size gives it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeAlias

from cnncalc.mistakes.conv_transpose.stamped import Stamped, stamped
from cnncalc.records import dataclass
from cnncalc.scene import Size


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


Formula: TypeAlias = Callable[[Lengths], int]

RIGHT_EN, RIGHT_ZH = (
    "The right size is (H − 1)·s + k − 2p + output_padding, with d·(k − 1) + 1 for k where the dilation d is not 1.",
    "正确的输出大小为 (H − 1)·s + k − 2p + output_padding；膨胀率 d 不为 1 时，k 换成 d·(k − 1) + 1。",
)

FORMULAS: Mapping[str, tuple[Formula, str, str]] = {
    "convolution-for-transposed": (
        lambda a: (a.x + a.padding - a.span) // a.stride + 1,
        "This is the size that a convolution gives",
        "这是普通卷积的输出大小",
    ),
    "padding-forgotten": (
        lambda a: a.y + a.padding,
        "In this size the padding is not taken off",
        "这个大小没有减去填充",
    ),
    "output-padding-forgotten": (
        lambda a: a.y - a.spare,
        "This is the size without the output_padding",
        "这是没有 output_padding 时的大小",
    ),
    "padding-added": (
        lambda a: a.y + 2 * a.padding,
        "In this size the padding is added; it is taken off",
        "这个大小加上了填充；应当减去",
    ),
    "stride-ignored": (
        lambda a: a.y - (a.x - 1) * (a.stride - 1),
        "This is the size for stride 1",
        "这是步长为 1 时的大小",
    ),
    "padding-read-as-total": (
        lambda a: a.y + a.padding - a.padding // 2,
        "Another convention: in this size p counts as what both sides lose together; here each side loses p",
        "另一种约定：这个大小把 p 当作两侧裁去的总数；本题每一侧各裁去 p",
    ),
    "dilation-ignored": (
        lambda a: a.y - a.span + a.kernel,
        "This is the size without the dilation",
        "这是没有膨胀时的大小",
    ),
    "output-size-of-input": (
        lambda a: a.x * a.stride,
        "This is the size of the input times the stride, as if the padding were made for that",
        "这是输入大小乘以步长，仿佛填充恰好使输出如此",
    ),
    "output-size-minus-one-forgotten": (
        lambda a: a.y + a.stride,
        "The size has H·s where (H − 1)·s belongs",
        "输出大小用了 H·s；应为 (H − 1)·s",
    ),
    "effective-kernel-product": (
        lambda a: a.y - a.span + a.kernel * a.dilation,
        "The size was computed as if the kernel covered k·d cells",
        "计算大小时把卷积核覆盖的范围当成了 k·d",
    ),
    "effective-kernel-sum": (
        lambda a: a.y - a.span + (a.span if a.dilation == 1 else a.kernel + a.dilation),
        "The size was computed as if the kernel covered k + d cells",
        "计算大小时把卷积核覆盖的范围当成了 k + d",
    ),
    "output-padding-misplaced": (
        lambda a: a.y + a.spare,
        "In this size the output_padding counts on both sides; it is added once",
        "这个大小把 output_padding 两侧都算了；只应加一次",
    ),
    "stride-plus-1": (
        lambda a: a.y + (a.x - 1) * (a.stride > 1),
        "In this size the stamps lie s + 1 cells apart",
        "这个大小中相邻元素印上的位置相距 s + 1 格",
    ),
    "stride-as-kernel": (
        lambda a: a.y + (a.x - 1) * (a.span - a.stride),
        "In this size the stamps lie side by side, a kernel's width apart",
        "这个大小中各元素的结果按卷积核大小依次排列、互不重叠",
    ),
    "output-size-kernel-forgotten": (
        lambda a: a.y - a.span,
        "The size lacks the + k",
        "计算大小时漏掉了 + k",
    ),
    "output-size-one-forgotten": (lambda a: a.y - 1, "There is one row and one column too few", "少了一行一列"),
    "output-size-one-too-many": (lambda a: a.y + 1, "There is one row and one column too many", "多了一行一列"),
    "output-size-of-kernel": (lambda a: a.kernel, "This is the size of the kernel", "这是卷积核的大小"),
}
"""In the order of likelihood: a size that two formulas give is told by the first."""
CONVENTIONS = ("padding-read-as-total",)
"""Codes of what is right elsewhere."""


def _lengths(s: Stamped, axis: int) -> Lengths:
    layer = s.layer
    return Lengths(
        s.x.shape[2 + axis],
        s.weight.shape[2 + axis],
        layer.stride[axis],
        layer.dilation[axis],
        sum(s.padding[axis]),
        layer.output_padding[axis],
    )


def _sized(s: Stamped, code: str) -> Iterator[Size]:
    rows, columns = _lengths(s, 0), _lengths(s, 1)
    told = {(rows.y, columns.y)}
    for other, (formula, _, _) in FORMULAS.items():
        size = formula(rows), formula(columns)
        if other == code and min(size) > 0 and size not in told:
            yield Size((s.outputs * s.layer.groups, *size))
        told.add(size)


MISTAKES = tuple(
    stamped(
        f"{'~' if code in CONVENTIONS else ''}{code}: y",
        f"{en}. {RIGHT_EN}",
        f"{zh}。{RIGHT_ZH}",
        partial(_sized, code=code),
    )
    for code, (_, en, zh) in FORMULAS.items()
)
