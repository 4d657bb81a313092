"""What people get wrong in where the kernel lies: padding, border, anchor, stride, dilation."""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from cnncalc.layers.conv import Conv
from cnncalc.mistakes.conv.kernel import turned
from cnncalc.mistakes.conv.laid import Laid, Windowed, conv, lies
from cnncalc.mistakes.families import DILATION_FROM_0, NO_SIDES, SAME_ODD_CELL_FIRST, SIDES_SWAPPED
from cnncalc.mistakes.take import Mistake, need

SIZE = "⌊(H + 2p − k)/s⌋ + 1"


def exchanged(sides: Any) -> Any:
    (top, bottom), (left, right) = sides
    need(top != bottom or left != right)
    return [((bottom, top), (right, left)), ((bottom, top), (left, right)), ((top, bottom), (right, left))]


def one_sided(s: Windowed, sides: Any) -> Any:
    rows, columns = map(sum, sides)
    # An odd cell of `same` is on one side by convention.
    need(max(rows, columns) > s.is_same)
    return [((0, rows), (0, columns)), ((rows, 0), (columns, 0))]


def total(s: Windowed, sides: Any) -> Any:
    """The padding as that of both sides together: as even as it goes, and on one side."""
    (top, bottom), (left, right) = sides
    need(not s.is_same and (top, left) == (bottom, right))
    starts = ((top // 2, left // 2), (top - top // 2, left - left // 2), (0, 0), (top, left))
    return [((up, top - up), (across, left - across)) for up, across in starts]


def imagined(s: Laid) -> Any:
    need(s.sides == NO_SIDES)
    rows, columns = (span - 1 for span in s.spans)
    return [s.options(anchor=None, padding="same"), s.laid(((rows, rows), (columns, columns)))]


def anchors(*others: Callable[[int, int, int, int], tuple[int, int]]) -> Callable[[Laid], list[Conv]]:
    def layers(s: Laid) -> Any:
        need(s.layer.anchor is not None)
        return [s.options(anchor=one(*s.layer.anchor, *s.weight.shape[2:])) for one in others]

    return layers


def border(s: Laid, mode: Any) -> Any:
    """With the border's own cells around x in place of zeros; what falls on a copy in dx belongs to its cell."""
    # A mirror that repeats the border differs from a repeated border from the second cell on.
    need(min(sum(s.sides, ())) >= 0 and max(sum(s.sides, ())) >= (2 if mode == "symmetric" else 1))
    rows, columns = (np.pad(np.arange(n), side, mode=mode) for n, side in zip(s.x.shape[2:], s.sides, strict=True))
    made = s.again(s.laid(NO_SIDES), x=s.x[:, :, rows[:, None], columns])
    return gathered(s, gathered(s, made, rows, 2), columns, 3) if s.tensor == "dx" else made


def gathered(s: Laid, made: Any, places: Any, axis: int) -> Any:
    """Slices along an axis added up at their places on x."""
    slices = made.swapaxes(0, axis)
    sums = s.numbers.zeros((s.x.shape[axis], *slices.shape[1:]))
    for place, part in zip(places.tolist(), slices, strict=True):
        sums[place] = sums[place] + part
    return sums.swapaxes(0, axis)


def inside(s: Laid, tensor: Any) -> Any:
    """The tensor where the kernel lies wholly on the image, zeros elsewhere."""
    whole = s.window.real_cells().all(axis=(0, 1))
    made = s.numbers.zeros(tensor.shape)
    made[:, :, whole] = tensor[:, :, whole]
    return made


def bordered(code: str, filling: str, *modes: str) -> Mistake:
    return conv(f"~{code}: y dx dweight")(
        f"the padding was filled with {filling}; here it holds zeros.",
        *(lambda s, mode=mode: border(s, mode) for mode in modes),
    )


def other_strides(s: Laid) -> Any:
    rows, columns = s.layer.stride
    for stride in {(1, 1), (rows, 1), (1, columns)} - {(rows, columns)}:
        y = s.again(s.laid(stride=stride))
        yield from (y, y[:, :, : s.window.outputs[0], : s.window.outputs[1]])


def reaching(axis: Any) -> tuple[int, int]:
    """The padding with which the last window ends where the image does, or behind it."""
    return axis.before, axis.after + (axis.span - axis.padded) % axis.stride


def pairs_swapped(s: Laid) -> Any:
    stride, dilation, sides = s.layer.stride[::-1], s.layer.dilation[::-1], s.sides[::-1]
    layers = [s.laid(stride=stride), s.laid(dilation=dilation)]
    if s.layer.anchor is None and not s.is_same:
        layers += [s.laid(sides), s.laid(sides, stride=stride), s.laid(sides, dilation=dilation)]
    return [one for one in layers if one != s.laid()]


def full_too_small(s: Laid) -> Any:
    rows, columns = (span - 1 for span in s.spans)
    (top, _), (left, _) = s.sides
    for weight in (s.weight, turned(s.weight)):
        full = s.stamps(weight=weight)
        height, width = full.shape[2:]
        # What is left out on both sides if g is padded by nothing (`valid`), by half the kernel, by p instead of k−1−p.
        for down, right in ((rows, columns), (rows // 2, columns // 2), (rows - top, columns - left)):
            rest = (height - 2 * down, width - 2 * right)
            if min(down, right) >= 0 and min(rest) > 0 and rest != s.x.shape[2:]:
                yield full[:, :, down : height - down, right : width - right]


def with_padding(s: Laid) -> Any:
    return s.place(s.stamps(), 0, 0, (s.window.rows.padded, s.window.columns.padded))


def corners(s: Laid) -> Any:
    made, (height, width) = with_padding(s), s.x.shape[2:]
    need(s.sides != NO_SIDES and made.shape[2] >= height and made.shape[3] >= width)
    return [made[:, :, :height, :width], made[:, :, made.shape[2] - height :, made.shape[3] - width :]]


def first_windows(s: Laid) -> Any:
    """dweight from the windows of the image as it is, each with the g of the same number."""
    layer = s.laid(NO_SIDES)
    size = layer.output_shape(s.x.shape[1:], {"weight": s.weight.shape})[1:]
    return s.again(layer, g=s.place(s.g, 0, 0, size))


def full_reach(s: Laid) -> Any:
    rows, columns = ((size - 1) * step for size, step in zip(s.g.shape[2:], s.layer.stride, strict=True))
    return s.correlation(s.x, dilation=s.layer.stride, padding=((rows, rows), (columns, columns)))


def rest_kept(s: Laid) -> Any:
    need(s.layer.dilation == (1, 1))
    wide = s.correlation(s.padded, dilation=s.layer.stride)
    return wide.shape != s.weight.shape and wide


FORWARD = (
    conv("padding-forgotten: y", lambda s: s.sides != NO_SIDES and s.again(s.laid(NO_SIDES)), right=SIZE)(
        "The padding was forgotten: put the zeros around the input first. Output rows"
    ),
    lies("padding-one-sided: y dweight")(  # in dx it is the padding that is cut off on one side only
        "All zeros were put on one side (bottom and right, or top and left); they belong on all sides.",
        lambda s: map(s.laid, one_sided(s, s.sides)) if s.layer.anchor is None else (),
    ),
    conv("~padding-read-as-total: y")(
        "the padding was read as the number of zeros on both sides together. Here p zeros go on each side: output"
        f" rows {SIZE}.",
        lambda s: s.layer.anchor is None and [partial(s.again, s.laid(sides)) for sides in total(s, s.sides)],
    ),
    lies.like(
        SAME_ODD_CELL_FIRST, lambda s: map(s.laid, exchanged(s.sides)) if s.is_same else (), tensors="y dx dweight"
    ),
    lies("~same-as-at-stride-1: y dx dweight")(
        "`same` was padded as for stride 1. Here the padding takes the stride into account, so that the output has"
        " ⌈H/s⌉ rows and no zeros are wasted.",
        lambda s: (
            [s.laid(tuple(((n - 1) // 2, n // 2) for n in s.spans))] if s.is_same and s.layer.stride != (1, 1) else ()
        ),
    ),
    lies.like(
        SIDES_SWAPPED,
        lambda s: map(s.laid, exchanged(s.sides)) if s.layer.anchor is None and not s.is_same else (),
        tensors="y dx dweight",
    ),
    lies("~padding-imagined: y", imagined)(
        "zeros were put around the input (`same` or `full`); here there is no padding (`valid`)."
    ),
    bordered("border-replicated", "copies of the border", "edge"),
    bordered("border-reflected", "the mirror image of the input", "reflect", "symmetric"),
    bordered("border-wrapped", "the opposite border (circular)", "wrap"),
    conv("border-left-out: y", lambda s: inside(s, s.again()))(
        "Where the kernel reaches into the padding, 0 was written; the part of the kernel that lies on the input still"
        " counts there."
    ),
    lies("anchor-ignored: y dx dweight")(
        "The kernel was laid with its centre or its corner on the cell of the output; its anchor belongs there.",
        anchors(
            lambda m, n, h, w: (h // 2, w // 2), lambda m, n, h, w: ((h - 1) // 2, (w - 1) // 2), lambda *_: (0, 0)
        ),
    ),
    lies("anchor-mirrored: y dx dweight")(
        "The anchor was counted from the wrong side: for the anchor (m, n) and stride 1, y[i,j] = Σ w[p,q] · x[i + p"
        " − m, j + q − n].",
        anchors(lambda m, n, h, w: (h - 1 - m, w - 1 - n), lambda m, n, h, w: (-m, -n)),
    ),
    lies("anchor-axes-swapped: y dx dweight")(
        "Row and column of the anchor were swapped: `anchor` is [row, column].", anchors(lambda m, n, h, w: (n, m))
    ),
    lies("~anchor-counted-from-1: y dx dweight")(
        "the anchor was counted from 1; here the kernel's first cell is [0, 0].",
        anchors(lambda m, n, h, w: (m - 1, n - 1)),
    ),
    conv("stride-as-kernel: y", lambda s: [s.again(s.laid(stride=stride)) for stride in {s.spans, s.weight.shape[2:]}])(
        "The windows were laid side by side, a kernel's width apart; each must begin s cells after the one before."
    ),
    conv("stride-ignored: y", other_strides)(
        "The stride was ignored: from one window to the next it is s cells, so that y[i,j] is made from x[i·s + p,"
        " j·s + q]."
    ),
    conv("output-size-rounded-up: y", right=SIZE)(
        "The size was rounded up, with a last window beyond the input. A window that does not fit is left out",
        lambda s: s.again(s.laid((reaching(s.window.rows), reaching(s.window.columns)))),
    ),
    conv("dilation-ignored: y")(
        "The dilation was ignored: neighbouring kernel cells lie d cells apart, so that w[p,q] meets x[i·s + p·d, j·s +"
        " q·d].",
        lambda s: s.again(s.laid(dilation=(1, 1))),
        lambda s: s.again(s.options(dilation=(1, 1))),
    ),
    conv.like(DILATION_FROM_0, lambda s: s.again(s.laid(dilation=tuple(d + 1 for d in s.layer.dilation))), tensors="y"),
    lies("rows-and-columns-of-an-option-swapped: y", pairs_swapped)(
        "The two numbers of the stride, the padding or the dilation were swapped: rows (height) come first."
    ),
    conv("stride-plus-1: y", lambda s: s.again(s.laid(stride=tuple(n + 1 for n in s.layer.stride))))(
        "The window was moved by s + 1 (s cells were skipped); the stride s is the distance from the start of one"
        " window to that of the next."
    ),
)
"""Those that show in y."""

GRADIENT = (
    conv("full-padding-forgotten: dx", full_too_small)(
        "The upstream gradient g was not padded enough. dx is a `full` correlation: kH − 1 rows of zeros above and"
        " below g and kW − 1 columns on the left and right; then the padding of the forward pass is cut off, so that"
        " dx is as large as x."
    ),
    conv("padding-kept: dx", lambda s: [with_padding(s), s.stamps()])(
        "The padding is still there; what falls on the padding must be cut off, so that dx is as large as x."
    ),
    conv("padding-cropped-on-one-side: dx", corners)(
        "The padding was cut off on one side only; it lies around x and must be cut off on all sides."
    ),
    conv("padding-forgotten: dweight")(
        "The input was taken without its padding. Each g[i,j] meets the window of the padded input that made y[i,j].",
        lambda s: (
            s.sides != NO_SIDES
            and [
                # Only the windows that lie on the image altogether.
                s.again(g=inside(s, s.g)),
                lambda: s.correlation(s.x, dilation=s.layer.stride),
                lambda: first_windows(s),
            ]
        ),
    ),
    conv("full-instead-of-valid: dweight", full_reach)(
        "A `full` correlation was taken. dw is the `valid` one of the padded input with g, as large as w; only dx is"
        " `full`."
    ),
    conv("stride-ignored: dx", lambda s: s.layer.stride != (1, 1) and s.cropped(s.stamps(stride=(1, 1))))(
        "The stride was ignored in the backward pass: g[i,j] · w is added to the window that begins at (i·s, j·s), that"
        " is, s − 1 zeros go between neighbouring cells of g."
    ),
    conv("stride-ignored: dweight")(
        "The stride was ignored in the backward pass: g[i,j] meets the window that begins at (i·s, j·s), so that"
        " dw[p,q] = Σ g[i,j] · x[i·s+p, j·s+q].",
        lambda s: s.layer.stride != (1, 1) and [lambda: s.moved(stride=(1, 1)), lambda: s.correlation(s.padded)],
    ),
    conv("stride-plus-1: dx")(
        "Between the cells of g, s zeros were put; it must be s − 1, so that neighbouring cells lie s apart.",
        lambda s: s.layer.stride != (1, 1) and s.cropped(s.stamps(stride=tuple(n + (n > 1) for n in s.layer.stride))),
    ),
    conv("dilation-ignored: dx", lambda s: s.layer.dilation != (1, 1) and s.cropped(s.stamps(dilation=(1, 1))))(
        "The dilation was ignored in the backward pass: for g[i,j], w[p,q] lies on cell (i·s + p·d, j·s + q·d) of the"
        " padded input."
    ),
    conv("dilation-ignored: dweight")(
        "The dilation was ignored in the backward pass: dw[p,q] = Σ g[i,j] · x[i·s+p·d, j·s+q·d], and dw is as large as"
        " w.",
        lambda s: (
            s.layer.dilation != (1, 1)
            and [lambda: s.moved(dilation=(1, 1)), lambda: s.correlation(s.padded, dilation=s.layer.stride)]
        ),
    ),
    conv("unused-rows-kept: dweight", rest_kept)(
        "The last rows or columns of the input, which no window reaches, gave additional gradients; dw is as large"
        " as w."
    ),
)
"""Those that show in the gradients alone."""
