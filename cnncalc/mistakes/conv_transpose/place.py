"""What people get wrong in where the stamps of a transposed convolution lie, and in how large its output is."""

from collections.abc import Iterator
from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.conv import Conv
from cnncalc.mistakes.conv.kernel import overwritten, turned
from cnncalc.mistakes.conv.laid import Stamped, stamped, stamps_lie
from cnncalc.mistakes.conv.place import exchanged, one_sided, total
from cnncalc.mistakes.conv_transpose.channels import STAMP
from cnncalc.mistakes.families import BY_CODE, DILATION_FROM_0, NO_SIDES, SIDES_SWAPPED, in_size
from cnncalc.mistakes.take import Records, need, slip
from cnncalc.records import Record, replace

SIZE = "(H − 1)·s + k − 2p"


def convolved(s: Stamped) -> Iterator[Any]:
    need(s.layer.groups == 1)
    swapped = s.weight.swapaxes(0, 1)
    parameters = {"bias": s.bias} if "bias" in s.scene else {}
    for kernel in (swapped, turned(swapped)):
        for stride in dict.fromkeys([s.layer.stride, (1, 1)]):
            layer = Conv(stride=stride, padding=s.padding, dilation=s.layer.dilation)
            given = {**parameters, "weight": kernel}
            yield lambda layer=layer, given=given: layer.forward(s.numbers, s.x, given)["y"]


def stride_ignored(s: Stamped) -> Iterator[Any]:
    rows, columns = s.layer.stride
    for stride in ((1, 1), (rows, 1), (1, columns)) if (rows, columns) != (1, 1) else ():
        if stride != (rows, columns):
            yield from (s.taking(stride=stride), s.taking(s.padding, stride=stride))


def pairs_swapped(s: Stamped) -> Iterator[Any]:
    layer = s.layer
    others = [
        s.taking(stride=layer.stride[::-1]),
        s.taking(dilation=layer.dilation[::-1]),
        s.options(output_padding=layer.output_padding[::-1]),
    ]
    if not isinstance(layer.padding, str):
        others += [s.options(padding=layer.padding[::-1])]
        others += [s.options(padding=layer.padding[::-1], stride=layer.stride[::-1])]
    return (other for other in others if other not in (layer, s.taking()))


def added(s: Stamped) -> Iterator[Any]:
    (top, bottom), (left, right) = s.padding
    if s.padding != NO_SIDES:
        yield s.cropping(((-top, -bottom), (-left, -right)))
        # Zeros around x: each of them moves the stamps by a stride.
        rows, columns = s.layer.stride
        yield s.cropping(((-top * rows, -bottom * rows), (-left * columns, -right * columns)))


def padded_too_little(s: Stamped) -> Iterator[Any]:
    rows, columns = (span - 1 for span in s.spans)
    (top, bottom), (left, right) = s.padding
    # The zeros around x, as the kernel is laid on, are p, none, or half the kernel, instead of k − 1 − p.
    yield s.cropping(((rows - top, rows - bottom), (columns - left, columns - right)))
    yield s.cropping(((rows, rows), (columns, columns)))
    yield s.cropping(((rows - rows // 2,) * 2, (columns - columns // 2,) * 2))


def on_one_side(s: Stamped) -> Iterator[Any]:
    (top, bottom), (left, right) = s.padding
    if min(top, bottom, left, right) >= 0:
        yield from map(s.cropping, (*one_sided(s, s.padding), ((0, bottom), (0, right)), ((top, 0), (left, 0))))


def zeros_at_end(s: Stamped) -> Iterator[Any]:
    need(s.layer.output_padding != (0, 0))
    bare, size = s.bare(s.taking(s.padding)), s.y.shape[2:]
    yield s.biased(s.place(bare, 0, 0, size))
    yield s.place(s.biased(bare), 0, 0, size)


def added_elsewhere(s: Stamped) -> Iterator[Any]:
    rows, columns = s.layer.output_padding
    (top, bottom), (left, right) = s.padding
    if (rows, columns) != (0, 0):
        yield s.taking(((top - rows, bottom), (left - columns, right)))
        yield s.taking(((top - rows, bottom - rows), (left - columns, right - columns)))


def full(s: Stamped) -> Iterator[Any]:
    around = tuple((span - 1, span - 1) for span in s.spans)
    for weight in (s.weight, turned(s.weight)):
        yield lambda weight=weight: s.as_conv(weight, padding=around, stride=(1, 1))
    need(s.layer.groups == 1)
    # Stamped once more, as the gradient of a convolution is computed.
    swapped = s.weight.swapaxes(0, 1)
    for weight in (swapped, turned(swapped)):
        yield s.layer.forward(s.numbers, s.g, {"weight": weight})["y"]


FORWARD = (
    stamped("overwritten: y", overwritten, right=STAMP)(
        "Where stamps overlap, the later one replaced the earlier one. They are added"
    ),
    stamped("convolution-for-transposed: y", convolved, right=STAMP)(
        "An ordinary convolution was computed. In a transposed convolution each input cell stamps the whole kernel"
        " onto the output"
    ),
    stamps_lie("stride-ignored: y", stride_ignored, right=STAMP)(
        "The stride was ignored: neighbouring stamps lie s cells apart, that is, s − 1 zeros go between neighbouring"
        " cells of x"
    ),
    stamps_lie("stride-plus-1: y")(
        "Between the cells of x, s zeros were put; it must be s − 1, so that neighbouring stamps lie s apart.",
        lambda s: [s.taking(stride=tuple(n + (n > 1) for n in s.layer.stride))] if s.layer.stride != (1, 1) else (),
    ),
    stamps_lie("stride-as-kernel: y")(
        "The stamps were laid side by side, a kernel's width apart; each must begin s cells after the one before,"
        " and where they overlap they are added.",
        lambda s: [
            s.taking(sides, stride=stride) for stride in {s.spans, s.weight.shape[2:]} for sides in (s.sides, s.padding)
        ],
    ),
    stamps_lie("dilation-ignored: y")(
        "The dilation was ignored: neighbouring kernel cells lie d cells apart: y[i·s + p·d, j·s + q·d] += x[i,j] ·"
        " w[p,q].",
        lambda s: (
            [s.taking(sides, dilation=(1, 1)) for sides in (s.sides, s.padding)] if s.layer.dilation != (1, 1) else ()
        ),
    ),
    stamps_lie.like(
        DILATION_FROM_0, lambda s: [s.taking(dilation=tuple(d + 1 for d in s.layer.dilation))], tensors="y"
    ),
    stamps_lie("rows-and-columns-of-an-option-swapped: y", pairs_swapped)(
        "The two numbers of the stride, the padding, the output_padding or the dilation were swapped: rows (height)"
        " come first."
    ),
    stamps_lie("padding-forgotten: y")(
        "The padding was forgotten: p rows and columns are taken off each side of what the stamps cover, so that"
        f" {SIZE} rows are left.",
        lambda s: [s.cropping(NO_SIDES), s.taking(NO_SIDES)] if s.padding != NO_SIDES else (),
    ),
    stamps_lie("padding-added: y", added)(
        "Zeros were added around; the padding of a transposed convolution takes p rows and columns off each side of the"
        f" output: {SIZE} rows."
    ),
    stamps_lie("full-padding-forgotten: y", padded_too_little)(
        "Computed as a correlation, x (with s − 1 zeros between its cells) needs k − 1 − p zeros on each side, not"
        " p; k is d·(k − 1) + 1 where the dilation d is not 1."
    ),
    stamps_lie("padding-cropped-on-one-side: y", on_one_side)(
        "The padding was taken off on one side only; p rows and columns come off all sides."
    ),
    stamps_lie("~padding-read-as-total: y", lambda s: map(s.cropping, total(s, s.padding)[:2]))(
        "the padding was read as the number of rows that come off both sides together. Here p rows come off each"
        f" side: {SIZE} are left."
    ),
    stamps_lie("~same-odd-cell-first: y", lambda s: map(s.cropping, exchanged(s.padding)) if s.is_same else ())(
        "with `same`, the odd row or column was taken off at the top or left. This problem takes it off at the"
        " bottom or right."
    ),
    stamps_lie.like(SIDES_SWAPPED, lambda s: () if s.is_same else map(s.cropping, exchanged(s.padding)), tensors="y"),
    stamped("output-padding-as-zeros: y", zeros_at_end)(
        "The rows and columns of the output_padding were filled with zeros (or with the bias). They are part of the"
        " output like all others: less is taken off at the end, and stamps that reach there count."
    ),
    stamps_lie("output-padding-forgotten: y")(
        f"The output_padding was forgotten: it adds rows at the bottom and columns at the right: {SIZE} +"
        " output_padding rows.",
        lambda s: [s.taking(s.padding)] if s.layer.output_padding != (0, 0) else (),
    ),
    stamps_lie("output-padding-misplaced: y", added_elsewhere)(
        "The output_padding was added at the top and left, or on both sides; it belongs at the bottom and right only."
    ),
)

GRADIENT = (
    stamped("stride-ignored: dx")(
        "The stride was ignored in the backward pass: dx[i,j] is made from the window of g that begins at (i·s,"
        " j·s), where x[i,j] stamped the kernel: dx[i,j] = Σ w[p,q] · g[i·s + p, j·s + q].",
        lambda s: (
            s.layer.stride != (1, 1) and s.laid(*({"stride": (1, 1), "padding": p} for p in (s.sides, s.padding)))
        ),
    ),
    stamped("stride-ignored: dweight", lambda s: s.layer.stride != (1, 1) and s.weighed(s.sides, stride=(1, 1)))(
        "The stride was ignored in the backward pass: x[i,j] meets the window of g that begins at (i·s, j·s): dw[p,q] ="
        " Σ x[i,j] · g[i·s + p, j·s + q]."
    ),
    stamped("dilation-ignored: dx")(
        "The dilation was ignored in the backward pass: dx[i,j] = Σ w[p,q] · g[i·s + p·d, j·s + q·d].",
        lambda s: (
            s.layer.dilation != (1, 1) and s.laid(*({"dilation": (1, 1), "padding": p} for p in (s.sides, s.padding)))
        ),
    ),
    stamped("dilation-ignored: dweight", lambda s: s.layer.dilation != (1, 1) and s.weighed(s.sides, dilation=(1, 1)))(
        "The dilation was ignored in the backward pass: dw[p,q] = Σ x[i,j] · g[i·s + p·d, j·s + q·d]."
    ),
    stamped("padding-forgotten: dx", lambda s: s.padding != NO_SIDES and s.laid({"padding": NO_SIDES}))(
        "The padding was forgotten in the backward pass. What it took off the output had no effect on the loss: put"
        " p zeros on each side of g first."
    ),
    stamped("padding-forgotten: dweight", lambda s: s.padding != NO_SIDES and s.weighed(NO_SIDES))(
        "The padding was forgotten in the backward pass. x[i,j] stamped what lies p rows and columns before (i·s,"
        " j·s) of y: dw[p,q] = Σ x[i,j] · g[i·s + p − top, j·s + q − left]."
    ),
    stamped("padding-one-sided: dx")(
        "All zeros were put on one side of g; p of them belong on each side, where the forward pass took p rows and"
        " columns off.",
        lambda s: [s.place(s.as_conv(padding=sides), 0, 0, s.x.shape[2:]) for sides in one_sided(s, s.padding)],
    ),
    stamped("full-instead-of-valid: dx", full)(
        "A `full` correlation was taken, as for the gradient of a convolution. dx of a transposed convolution is the"
        " ordinary convolution of g with the same kernel, stride and padding, as large as x."
    ),
)


class Lengths(Record):
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
    ". The right size is (H − 1)·s + k − 2p + output_padding, with d·(k − 1) + 1 for k where the dilation d is not 1."
)
OF_STAMPS = (
    slip("convolution-for-transposed", lambda a: (a.x + a.padding - a.span) // a.stride + 1)(
        "This is the size that a convolution gives"
    ),
    slip("padding-forgotten", lambda a: a.y + a.padding)("In this size the padding is not taken off"),
    slip("output-padding-forgotten", lambda a: a.y - a.spare)("This is the size without the output_padding"),
    slip("padding-added", lambda a: a.y + 2 * a.padding)("In this size the padding is added; it is taken off"),
    replace(BY_CODE["stride-ignored"], ways=(lambda a: a.y - (a.x - 1) * (a.stride - 1),)),
    slip("~padding-read-as-total", lambda a: a.y + a.padding - a.padding // 2)(
        "in this size p counts as what both sides lose together; here each side loses p"
    ),
    replace(BY_CODE["dilation-ignored"], ways=(lambda a: a.y - a.span + a.kernel,)),
    slip("output-size-of-input", lambda a: a.x * a.stride)(
        "This is the size of the input times the stride, as if the padding were made for that"
    ),
    slip("output-size-minus-one-forgotten", lambda a: a.y + a.stride)("The size has H·s where (H − 1)·s belongs"),
    replace(BY_CODE["effective-kernel-product"], ways=(lambda a: a.y - a.span + a.kernel * a.dilation,)),
    replace(
        BY_CODE["effective-kernel-sum"],
        ways=(lambda a: a.y - a.span + (a.span if a.dilation == 1 else a.kernel + a.dilation),),
    ),
    slip("output-padding-misplaced", lambda a: a.y + a.spare)(
        "In this size the output_padding counts on both sides; it is added once"
    ),
    slip("stride-plus-1", lambda a: a.y + (a.x - 1) * (a.stride > 1))("In this size the stamps lie s + 1 cells apart"),
    slip("stride-as-kernel", lambda a: a.y + (a.x - 1) * (a.span - a.stride))(
        "In this size the stamps lie side by side, a kernel's width apart"
    ),
    slip("output-size-kernel-forgotten", lambda a: a.y - a.span)("The size lacks the + k"),
    slip("output-size-one-forgotten", lambda a: a.y - 1)("There is one row and one column too few"),
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


OF_SIZE = in_size(Records(Stamped, "y", RIGHT), OF_STAMPS, lengths, lambda a: a.y, lambda s: s.outputs * s.layer.groups)
