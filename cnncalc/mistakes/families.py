"""What goes wrong alike in several layers, formulas for the size of an output too; each names those that apply."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import Elementwise
from cnncalc.mistakes.take import Mistake, Records, Slip, Take, mistake, need, slip
from cnncalc.scene import Size

NO_SIDES = ((0, 0), (0, 0))
"""No padding, of rows and of columns."""


def behind(s: Take) -> Any:
    """The gradient of the next layer's output, where it fits."""
    need(s.after.g.shape == s.g.shape)
    return s.after.g


def is_relu(s: Take) -> bool:
    return bool(s.after.layer.type == "relu")


RELU_SKIPPED = mistake("relu-mask-forgotten: dx dweight dbias", lambda s: is_relu(s) and s.again(g=behind(s)))(
    "The gradient at the output of the following ReLU was used as it is; it must go back through that ReLU first,"
    " which makes it 0 where the ReLU's input is not above 0: g · 1[x > 0].",
    "直接用了后面 ReLU 输出处的梯度，漏了 ReLU 的掩码；应先反向传播经过该 ReLU，其输入不大于 0 的位置梯度变为 0："
    "g · 1[x > 0]。",
)
LAYER_SKIPPED = mistake("next-layer-skipped: dx dweight dbias", lambda s: not is_relu(s) and s.again(g=behind(s)))(
    "The gradient of the next layer's output was used; it must go back through that layer first.",
    "直接用了下一层输出的梯度；应先反向传播经过下一层。",
)
NEXT = (RELU_SKIPPED, LAYER_SKIPPED)
"""Of a layer whose output goes on as it is."""
BEHIND = tuple(one.of("dx") for one in NEXT)
"""The same where nothing is learned."""

ACTIVATION_FORGOTTEN = mistake("activation-forgotten: y", lambda s: s.x)(
    "The input was copied as it is; the activation function must be applied to each number.",
    "直接照抄了输入；应对每个数应用激活函数。",
)
DERIVATIVE_FORGOTTEN = mistake("derivative-forgotten: dx", lambda s: s.g)(
    "The upstream gradient was passed on as it is; it must be multiplied by the derivative of the activation function,"
    " element by element: dx = g · f'(x).",
    "上游梯度被原样传回；应逐元素乘以激活函数的导数：dx = g · f'(x)。",
)
UPSTREAM_FORGOTTEN = mistake("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)))(
    "This is only the derivative of the activation function; it must be multiplied by the upstream gradient g: dx = g ·"
    " f'(x).",
    "这里只写了激活函数的导数，还应乘以上游梯度 g：dx = g · f'(x)。",
)
OUTPUT_FOR_DERIVATIVE = mistake("output-instead-of-derivative: dx", lambda s: s.g * s.y)(
    "The upstream gradient was multiplied by the output y, not by the derivative: dx = g · f'(x).",
    "上游梯度乘的是输出 y；应乘以导数：dx = g · f'(x)。",
)
OF_DERIVATIVE = (DERIVATIVE_FORGOTTEN, UPSTREAM_FORGOTTEN, LAYER_SKIPPED.of("dx"), OUTPUT_FOR_DERIVATIVE)
"""In dx where it is g times a derivative that is neither 0 nor 1."""


def of_derivative_in_y(right: str) -> tuple[Mistake, ...]:
    """In dx of an activation whose derivative is written in its output; `right` is the formula."""
    return (
        *OF_DERIVATIVE,
        mistake("derivative-from-input: dx", lambda s: s.again(y=s.x), right=right)(
            "The input x was put into the derivative where the output y belongs", "导数公式里代入了输入 x，应代入输出 y"
        ),
        mistake("derivative-at-output: dx", lambda s: s.again(y=s.again(of="y", x=s.y)), right=right)(
            "The derivative was taken at the output y, so that the function was applied twice; it belongs at the"
            " input x",
            "导数是在输出 y 处取的，相当于多套了一次激活函数；应在输入 x 处取",
        ),
        mistake("derivative-applied-twice: dx", lambda s: s.again(g=s.again()), right=right)(
            "The derivative was multiplied in twice; once is enough", "导数多乘了一次；只应乘一次"
        ),
    )


BEFORE_ACTIVATION = mistake("activation-skipped: y")(
    "The values before the activation function were used; the input of this layer is what comes out of it.",
    "用了激活函数作用之前的值；本层的输入应是激活函数的输出。",
    lambda s: isinstance(s.before.layer, Elementwise) and s.again(x=s.before.x),
)
NOT_SUMMED = (
    "The gradients of the samples were not added up; the parameters are shared by all samples, so their gradients are"
    " summed over the mini-batch.",
    "各样本的梯度没有相加；参数由所有样本共用，其梯度要对整个小批量（mini-batch）求和。",
)
ONE_SAMPLE_ONLY = (
    "This is the gradient of one sample only; the parameters are shared by all samples, so their gradients are summed"
    " over the mini-batch.",
    "这只是一个样本的梯度；参数由所有样本共用，其梯度要对整个小批量（mini-batch）求和。",
)


def samples(s: Take) -> list[Any]:
    """The gradient of each sample alone."""
    need(len(s.x) > 1)
    return [s.again(g=s.g[n : n + 1], x=s.x[n : n + 1]) for n in range(len(s.x))]


SAME_ODD_CELL_FIRST = slip("~same-odd-cell-first")(
    "the odd row or column of `same` padding was put at the top or left. This problem puts it at the bottom or right.",
    "`same` 填充中多出的一行（列）放在了上方（左侧）。本题放在下方（右侧）。",
)
GRADIENT_AVERAGED = slip("gradient-averaged")(
    "The average over the positions was taken; the gradient of a shared parameter is the sum over them.",
    "对各位置取了平均；参数由所有位置共用，其梯度应对所有位置求和。",
)
DILATION_FROM_0 = slip("~dilation-counted-from-0")(
    "the dilation was read as the number of cells left out between neighbouring kernel cells (0 means none). Here 1"
    " means none: a kernel of k cells covers d·(k − 1) + 1.",
    "把膨胀率当作相邻元素之间空出的格数（0 表示无膨胀）。本题中 1 表示无膨胀：大小为 k 的卷积核覆盖 d·(k − 1) + 1 格。",
)
SIDES_SWAPPED = slip("padding-sides-swapped")(
    "Top and bottom, or left and right, were swapped: `padding` is [[top, bottom], [left, right]].",
    "填充的上下或左右弄反了：`padding` 的顺序为 [[上, 下], [左, 右]]。",
)
KERNEL_TRANSPOSED = slip("kernel-transposed")(
    "Rows and columns of the kernel were swapped: w[q,p] was used where w[p,q] belongs.",
    "卷积核的行与列弄反了：应使用 w[p,q]，却用了 w[q,p]。",
)


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
