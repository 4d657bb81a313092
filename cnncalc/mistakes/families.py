"""What goes wrong alike in several layers, formulas for the size of an output too; each names those that apply."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import Elementwise
from cnncalc.mistakes.take import Mistake, Records, Slip, Take, mistake, need, slip
from cnncalc.step import Size

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
    " which makes it 0 where the ReLU's input is not above 0: g · 1[x > 0]."
)
LAYER_SKIPPED = mistake("next-layer-skipped: dx dweight dbias", lambda s: not is_relu(s) and s.again(g=behind(s)))(
    "The gradient of the next layer's output was used; it must go back through that layer first."
)
NEXT = (RELU_SKIPPED, LAYER_SKIPPED)
"""Of a layer whose output goes on as it is."""
BEHIND = tuple(one.of("dx") for one in NEXT)
"""The same where nothing is learned."""

ACTIVATION_FORGOTTEN = mistake("activation-forgotten: y", lambda s: s.x)(
    "The input was copied as it is; the activation function must be applied to each number."
)
DERIVATIVE_FORGOTTEN = mistake("derivative-forgotten: dx", lambda s: s.g)(
    "The upstream gradient was passed on as it is; it must be multiplied by the derivative of the activation function,"
    " element by element: dx = g · f'(x)."
)
UPSTREAM_FORGOTTEN = mistake("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)))(
    "This is only the derivative of the activation function; it must be multiplied by the upstream gradient g: dx = g ·"
    " f'(x)."
)
OUTPUT_FOR_DERIVATIVE = mistake("output-instead-of-derivative: dx", lambda s: s.g * s.y)(
    "The upstream gradient was multiplied by the output y, not by the derivative: dx = g · f'(x)."
)
OF_DERIVATIVE = (DERIVATIVE_FORGOTTEN, UPSTREAM_FORGOTTEN, LAYER_SKIPPED.of("dx"), OUTPUT_FOR_DERIVATIVE)
"""In dx where it is g times a derivative that is neither 0 nor 1."""


def of_derivative_in_y(right: str) -> tuple[Mistake, ...]:
    """In dx of an activation whose derivative is written in its output; `right` is the formula."""
    return (
        *OF_DERIVATIVE,
        mistake("derivative-from-input: dx", lambda s: s.again(y=s.x), right=right)(
            "The input x was put into the derivative where the output y belongs"
        ),
        mistake("derivative-at-output: dx", lambda s: s.again(y=s.again(of="y", x=s.y)), right=right)(
            "The derivative was taken at the output y, so that the function was applied twice; it belongs at the"
            " input x"
        ),
        mistake("derivative-applied-twice: dx", lambda s: s.again(g=s.again()), right=right)(
            "The derivative was multiplied in twice; once is enough"
        ),
    )


BEFORE_ACTIVATION = mistake("activation-skipped: y")(
    "The values before the activation function were used; the input of this layer is what comes out of it.",
    lambda s: isinstance(s.before.layer, Elementwise) and s.again(x=s.before.x),
)
NOT_SUMMED = (
    "The gradients of the samples were not added up; the parameters are shared by all samples, so their gradients are"
    " summed over the mini-batch."
)
ONE_SAMPLE_ONLY = (
    "This is the gradient of one sample only; the parameters are shared by all samples, so their gradients are summed"
    " over the mini-batch."
)


def samples(s: Take) -> list[Any]:
    """The gradient of each sample alone."""
    need(len(s.x) > 1)
    return [s.again(g=s.g[n : n + 1], x=s.x[n : n + 1]) for n in range(len(s.x))]


SAME_ODD_CELL_FIRST = slip("~same-odd-cell-first")(
    "the odd row or column of `same` padding was put at the top or left. This problem puts it at the bottom or right."
)
GRADIENT_AVERAGED = slip("gradient-averaged")(
    "The average over the positions was taken; the gradient of a shared parameter is the sum over them."
)
DILATION_FROM_0 = slip("~dilation-counted-from-0")(
    "the dilation was read as the number of cells left out between neighbouring kernel cells (0 means none). Here 1"
    " means none: a kernel of k cells covers d·(k − 1) + 1."
)
SIDES_SWAPPED = slip("padding-sides-swapped")(
    "Top and bottom, or left and right, were swapped: `padding` is [[top, bottom], [left, right]]."
)
KERNEL_TRANSPOSED = slip("kernel-transposed")(
    "Rows and columns of the kernel were swapped: w[q,p] was used where w[p,q] belongs."
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


RIGHT = Phrase(". The right size is ⌊(H + 2p − k)/s⌋ + 1, with d·(k − 1) + 1 for k where the dilation d is not 1.")
OF_WINDOWS = (
    slip("padding-forgotten", lambda a: (a.size - a.span) // a.stride + 1)("This is the size without the padding"),
    slip("stride-ignored", lambda a: a.padded - a.span + 1)("This is the size for stride 1"),
    slip("output-size-one-forgotten", lambda a: (a.padded - a.span) // a.stride)("The size lacks the + 1 at the end"),
    slip("output-size-rounded-up", lambda a: -((a.span - a.padded) // a.stride) + 1)("The size was rounded up"),
    slip("~padding-read-as-total", lambda a: (a.size + (a.before + a.after) // 2 - a.span) // a.stride + 1)(
        "in this size p counts as the zeros of both sides together; here p zeros go on each side"
    ),
    slip("dilation-ignored", lambda a: (a.padded - a.kernel) // a.stride + 1)("This is the size without the dilation"),
    slip("effective-kernel-product", lambda a: (a.padded - a.kernel * a.dilation) // a.stride + 1)(
        "The size was computed as if the kernel covered k·d cells"
    ),
    slip("effective-kernel-sum")(
        "The size was computed as if the kernel covered k + d cells",
        lambda a: (a.padded - (a.span if a.dilation == 1 else a.kernel + a.dilation)) // a.stride + 1,
    ),
    slip("output-size-precedence", lambda a: (a.size - a.span) + (a.before + a.after) // a.stride + 1)(
        "In the size only 2p was divided by the stride; H + 2p − k must be divided as a whole"
    ),
    slip("output-size-bracket", lambda a: (a.padded - a.span) // (a.stride + 1))(
        "The size was computed as (H + 2p − k)/(s + 1); the 1 is added after the division"
    ),
    slip("output-size-one-inside", lambda a: (a.padded - a.span + 1) // a.stride)(
        "The size was computed as (H + 2p − k + 1)/s; the 1 is added after the division"
    ),
    slip("output-size-kernel-forgotten", lambda a: a.padded // a.stride + 1)("The size lacks the − k"),
    slip("output-size-of-input", lambda a: -(-a.size // a.stride))(
        "This is the size of the input (divided by the stride), as if the padding preserved the size"
    ),
    slip("output-size-one-too-many", lambda a: (a.padded - a.span) // a.stride + 2)(
        "There is one row and one column too many"
    ),
    slip("output-size-of-kernel", lambda a: a.kernel)("This is the size of the kernel"),
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
