"""Outputs that have another size: which wrong formula for the size gives it, whatever the numbers."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cnncalc.language import Phrase
from cnncalc.mistakes.take import Mistake, Records, Slip, Take, need, slip
from cnncalc.scene import Size

NO_SIDES = ((0, 0), (0, 0))
"""No padding, of rows and of columns."""


class OfWindows(Take):
    """A step with windows on an image, or with stamps."""

    @property
    def window(self) -> Any:
        """Where they lie."""
        return self.layer.window(self.x.shape[1:])

    @property
    def axes(self) -> Any:
        return self.window.rows, self.window.columns

    @property
    def sides(self) -> Any:
        """The padding in numbers, however it was given: what is put on or taken off, of rows and of columns."""
        rows, columns = self.axes
        return (rows.before, rows.after), (columns.before, columns.after)


RIGHT = Phrase(
    ". The right size is ⌊(H + 2p − k)/s⌋ + 1, with d·(k − 1) + 1 for k where the dilation d is not 1.",
    "。正确的输出大小为 ⌊(H + 2p − k)/s⌋ + 1；膨胀率 d 不为 1 时，k 换成 d·(k − 1) + 1。",
)
OF_WINDOWS = (
    slip("padding-forgotten", lambda a: (a.size - a.span) // a.stride + 1)(
        "This is the size without the padding", "这是没有填充时的大小"
    ),
    slip("stride-ignored", lambda a: a.padded - a.span + 1)("This is the size for stride 1", "这是步长为 1 时的大小"),
    slip("output-size-one-forgotten", lambda a: (a.padded - a.span) // a.stride)(
        "The size lacks the + 1 at the end", "输出大小漏掉了末尾的 + 1"
    ),
    slip("output-size-rounded-up", lambda a: -((a.span - a.padded) // a.stride) + 1)(
        "The size was rounded up", "输出大小向上取整了"
    ),
    slip("~padding-read-as-total", lambda a: (a.size + (a.before + a.after) // 2 - a.span) // a.stride + 1)(
        "in this size p counts as the zeros of both sides together; here p zeros go on each side",
        "这个大小把 p 当作两侧填充的总数；本题每一侧各填充 p",
    ),
    slip("dilation-ignored", lambda a: (a.padded - a.kernel) // a.stride + 1)(
        "This is the size without the dilation", "这是没有膨胀时的大小"
    ),
    slip("effective-kernel-product", lambda a: (a.padded - a.kernel * a.dilation) // a.stride + 1)(
        "The size was computed as if the kernel covered k·d cells", "计算大小时把卷积核覆盖的范围当成了 k·d"
    ),
    slip("effective-kernel-sum")(
        "The size was computed as if the kernel covered k + d cells",
        "计算大小时把卷积核覆盖的范围当成了 k + d",
        lambda a: (a.padded - (a.span if a.dilation == 1 else a.kernel + a.dilation)) // a.stride + 1,
    ),
    slip("output-size-precedence", lambda a: (a.size - a.span) + (a.before + a.after) // a.stride + 1)(
        "In the size only 2p was divided by the stride; H + 2p − k must be divided as a whole",
        "计算大小时只有 2p 除以了步长；应将 H + 2p − k 整体除以步长",
    ),
    slip("output-size-bracket", lambda a: (a.padded - a.span) // (a.stride + 1))(
        "The size was computed as (H + 2p − k)/(s + 1); the 1 is added after the division",
        "按 (H + 2p − k)/(s + 1) 计算了大小；1 应在相除之后再加",
    ),
    slip("output-size-one-inside", lambda a: (a.padded - a.span + 1) // a.stride)(
        "The size was computed as (H + 2p − k + 1)/s; the 1 is added after the division",
        "按 (H + 2p − k + 1)/s 计算了大小；1 应在相除之后再加",
    ),
    slip("output-size-kernel-forgotten", lambda a: a.padded // a.stride + 1)(
        "The size lacks the − k", "计算大小时漏掉了 − k"
    ),
    slip("output-size-of-input", lambda a: -(-a.size // a.stride))(
        "This is the size of the input (divided by the stride), as if the padding preserved the size",
        "这是输入的大小（除以步长），仿佛填充保持了大小不变",
    ),
    slip("output-size-one-too-many", lambda a: (a.padded - a.span) // a.stride + 2)(
        "There is one row and one column too many", "多了一行一列"
    ),
    slip("output-size-of-kernel", lambda a: a.kernel)("This is the size of the kernel", "这是卷积核的大小"),
)
"""How many windows people find along an axis, in the order of likelihood: a size that two formulas give is told by the
first."""
BY_CODE = {one.code: one for one in OF_WINDOWS}


def in_size(
    records: Records,
    formulas: Sequence[Slip],
    axes: Callable[[Any], Sequence[Any]],
    right: Callable[[Any], int],
    channels: Callable[[Any], int],
) -> tuple[Mistake, ...]:
    """The mistakes in the size of y: what each of some formulas makes of both axes, `right` being the right one."""

    def sized(s: Take, at: int) -> Size:
        rows, columns = axes(s)
        *told, size = ((way(rows), way(columns)) for way in (right, *(one.ways[0] for one in formulas[: at + 1])))
        need(min(size) > 0 and size not in told)
        return Size((channels(s), *size))

    return tuple(records.like(one, partial(sized, at=at)) for at, one in enumerate(formulas))
