"""What people get wrong in a convolution's kernel, its bias and its sums, and what they use instead of x and g."""

from typing import Any

import numpy as np

from cnncalc.mistakes.conv.laid import Laid, Windowed, conv
from cnncalc.mistakes.descent import UPDATED_WEIGHT
from cnncalc.mistakes.families import GRADIENT_AVERAGED, KERNEL_TRANSPOSED, NEXT, NOT_SUMMED, ONE_SAMPLE_ONLY, samples
from cnncalc.mistakes.take import need

CORRELATION = "y[i,j] = Σ w[p,q] · x[i+p, j+q]"


def square(s: Windowed) -> Any:
    need(s.weight.shape[2] == s.weight.shape[3])
    return s.weight


def mirrored(s: Windowed) -> Any:
    return [s.again(weight=np.flip(s.weight, axis)) for axis in (3, 2)]


def quarter_turned(s: Windowed) -> Any:
    return [s.again(weight=np.rot90(square(s), turns, axes=(2, 3))) for turns in (1, 3)]


def turned(w: Any) -> Any:
    return w[:, :, ::-1, ::-1]


def products(s: Laid, image: Any, weight: Any) -> Any:
    """Σ_c image[c] @ weight[f, c] for each sample and filter, as one product of long rows."""
    samples, _, height, _ = image.shape
    rows = image.transpose(0, 2, 1, 3).reshape(1, samples * height, -1)
    columns = weight.transpose(1, 2, 0, 3).reshape(1, rows.shape[2], -1)
    return s.numbers.matmul(rows, columns).reshape(samples, height, len(weight), -1).transpose(0, 2, 1, 3)


def matrix_products(s: Laid) -> Any:
    need(s.layer.groups == 1)
    w = s.weight
    for image in (s.x, s.padded):
        made = [products(s, image, w)] if image.shape[3] == w.shape[2] else []
        if w.shape[3] == image.shape[2]:
            # weight[f, c] @ x[c] is the transpose of x[c]ᵀ @ weight[f, c]ᵀ.
            made.append(products(s, image.swapaxes(2, 3), w.swapaxes(2, 3)).swapaxes(2, 3))
        for y in made:
            yield lambda y=y: y + s.bias[:, None, None]
            yield y
    # All entries of (window @ kernel), summed: each column of the window meets the sum of a row of the kernel.
    for sums in (s.sum(square(s), 3, keep=True).swapaxes(2, 3), s.sum(w, 2)[:, :, :, None]):
        yield s.again(weight=np.broadcast_to(sums, w.shape))


def swapped(s: Windowed) -> Any:
    """The weight with its first two axes swapped; where they differ, its numbers read into the shape that fits."""
    need(s.layer.groups == 1)
    w = s.weight
    return w.reshape(w.shape[1], w.shape[0], *w.shape[2:]).swapaxes(0, 1)


KERNEL_FORWARD = (
    conv("~kernel-flipped: y")(
        "the kernel was rotated by 180° (true convolution). This problem lays it on as it stands"
        f" (cross-correlation): {CORRELATION} at stride 1.",
        # With an anchor, turning the kernel about it and turning the typed numbers are two things; and MATLAB's convn
        # turns the channels round as well.
        lambda s: (
            not s.layer.flip
            and [
                s.again(s.options(flip=True)),
                s.again(weight=turned(s.weight)),
                s.again(weight=turned(s.weight)[:, ::-1]),
            ]
        ),
    ),
    conv("~kernel-flipped: y")(
        "the kernel was laid on as it stands (cross-correlation). This problem says `flip: true`: rotate the kernel"
        " by 180° first (true convolution).",
        lambda s: s.layer.flip and [s.again(s.options(flip=False)), s.again(s.laid(flip=False))],
    ),
    conv.like(
        KERNEL_TRANSPOSED,
        lambda s: s.again(weight=s.weight.swapaxes(2, 3)),
        lambda s: s.again(s.laid(), weight=s.weight.swapaxes(2, 3)),
        tensors="y",
    ),
    conv("kernel-mirrored: y", mirrored)(
        "The kernel was flipped along one axis only, left to right or top to bottom. Cross-correlation leaves it as it"
        " is; true convolution rotates it by 180° (both axes)."
    ),
    conv("kernel-rotated-90: y")(
        "The kernel was rotated by 90°. Cross-correlation does not rotate it; true convolution rotates it by 180°.",
        *(lambda s, k=k: s.again(weight=np.rot90(s.weight, k, axes=(2, 3))) for k in (1, 3)),
    ),
    conv("matrix-product: y", matrix_products)(
        "A matrix product was taken. A convolution multiplies window and kernel cell by cell and adds up all products:"
        " Σ w[p,q] · x[i+p, j+q]."
    ),
    conv("products-averaged: y")(
        "The sum over the window was divided by the number of its cells; a convolution only adds up.",
        lambda s: [s.again(weight=s.weight / (s.weight[0, 0].size * by)) for by in (1, s.inputs)],
    ),
)
"""Those that show in y."""

KERNEL_GRADIENT = (
    conv("kernel-not-rotated: dx", lambda s: not s.layer.flip and s.again(weight=turned(s.weight)))(
        "The kernel was not rotated. For cross-correlation, dx is the full correlation of the upstream gradient g (with"
        " zeros between its cells where the stride is not 1) with the kernel rotated by 180°."
    ),
    conv("~kernel-flipped: dx")(
        "this is the gradient of true convolution (kernel rotated by 180° in the forward pass). This problem means"
        " cross-correlation.",
        lambda s: not s.layer.flip and [s.again(weight=turned(s.weight)), s.again(s.options(flip=True))],
    ),
    conv("~kernel-flipped: dx", lambda s: s.layer.flip and s.again(weight=turned(s.weight)))(
        "this is the gradient of cross-correlation. This problem says `flip: true`, and there dx is the full"
        " correlation of g with the kernel as it stands."
    ),
    conv("~kernel-flipped: dweight", lambda s: not s.layer.flip and [turned(s.again()), s.again(s.options(flip=True))])(
        "the gradient is rotated by 180°, which is right for true convolution. This problem means cross-correlation:"
        " dw[p,q] = Σ g[i,j] · x[i+p, j+q] (stride 1), not rotated."
    ),
    conv("~kernel-flipped: dweight", lambda s: s.layer.flip and [turned(s.again()), s.again(s.options(flip=False))])(
        "this is the gradient of cross-correlation. This problem says `flip: true` (true convolution): rotate it by"
        " 180°."
    ),
    conv("kernel-transposed: dx")(
        "The kernel was transposed (rows and columns swapped); it must be rotated by 180°: w[p,q] → w[kH−1−p, kW−1−q]"
        " (cells counted from 0).",
        # What is laid on g is the kernel transposed instead of turned, or transposed and turned.
        lambda s: [s.again(weight=w) for w in (turned(square(s).swapaxes(2, 3)), s.weight.swapaxes(2, 3))],
    ),
    conv("kernel-mirrored: dx", mirrored)(
        "The kernel was flipped along one axis only; it must be rotated by 180° (both axes reversed)."
    ),
    conv("kernel-rotated-90: dx", quarter_turned)(
        "The kernel was rotated by 90°; it must be rotated by 180° (both axes reversed)."
    ),
)
"""Those that show in the gradients alone."""


def overwritten(s: Windowed) -> Any:
    """Where stamps overlap the later one stands alone, of all channels together or of the last one."""
    of_last = range(s.of_one_group(0) - 1, len(s.weight), s.of_one_group(0))
    (height, width), (rows, columns) = s.spans, s.layer.dilation
    for stamping in (s.stamping, s.only(s.stamping, 1, list(of_last))):
        # With strides as large as the stamps, these lie side by side.
        parts, canvas = s.stamps(stamping, stride=s.spans), s.numbers.zeros(s.stamps().shape)
        for i, j in np.ndindex(stamping.shape[2:]):
            part = parts[:, :, i * height : (i + 1) * height, j * width : (j + 1) * width]
            down, right = i * s.layer.stride[0], j * s.layer.stride[1]
            canvas[:, :, down : down + height : rows, right : right + width : columns] = part[:, :, ::rows, ::columns]
        yield s.trimmed(canvas)


def with_bias(s: Laid, bias: Any) -> Any:
    return "bias" in s.scene and s.again(bias=bias(s.bias))


SUMS_FORWARD = (
    conv("bias-forgotten: y", lambda s: with_bias(s, lambda b: b * 0))(
        "The bias was forgotten: bias[f] is added to every cell of feature map f."
    ),
    conv("bias-added-repeatedly: y", lambda s: with_bias(s, lambda b: b * s.inputs))(
        "The bias was added once for each input channel; it is added once for each cell of the output."
    ),
    conv("bias-subtracted: y", lambda s: with_bias(s, lambda b: -b))(
        "The bias was subtracted; it is added: y[f] = … + bias[f]."
    ),
    conv("bias-of-first-filter: y", lambda s: with_bias(s, lambda b: np.broadcast_to(b[:1], b.shape)))(
        "The first bias was added to every feature map; feature map f has its own, bias[f]."
    ),
    conv("activation-skipped: y", lambda s: s.before.x.shape == s.x.shape and s.again(x=s.before.x))(
        "The input of the layer before was used, not its output (for an activation: the values before it was applied)."
    ),
)
"""Those that show in y."""

SUMS_GRADIENT = (
    conv("overwritten: dx", overwritten)(
        "Where windows overlap, the later one replaced the earlier one. Their shares are added: dx[window] +="
        " g[f,i,j] · w[f]."
    ),
    conv("positions-not-summed: dweight", lambda s: s.one_stamp(0))(
        "Only the first window was used. A weight takes part in every output: dw[p,q] = Σ_i,j g[i,j] · x[i·s+p, j·s+q]."
    ),
    conv("positions-not-summed: dbias", lambda s: [s.g, s.sum(s.g, 0), *s.one_stamp(0)])(
        "The upstream gradient g was not added up over the positions. The bias is in every cell of its feature map:"
        " dbias[f] = Σ_i,j g[f,i,j]."
    ),
    conv("one-axis-summed: dbias", lambda s: [s.sum(s.g, 0, 2), s.sum(s.g, 0, 3)])(
        "The upstream gradient g was added up along one axis only; the sum goes over rows and columns: dbias[f] = Σ_i,j"
        " g[f,i,j]."
    ),
    conv("overwritten: dweight dbias", lambda s: s.one_stamp(-1))(
        "Only the last position was kept: each one replaced the one before. Their shares are added up (+=) over all"
        " positions, and over all samples of the mini-batch."
    ),
    conv("not-summed-over-batch: dweight dbias", lambda s: np.stack(samples(s)))(NOT_SUMMED),
    conv("one-sample-only: dweight dbias", samples)(ONE_SAMPLE_ONLY),
    conv.like(
        GRADIENT_AVERAGED,
        lambda s: [s.again() / (s.g[0, 0].size * by) for by in (1, len(s.g))],
        tensors="dweight dbias",
    ),
    UPDATED_WEIGHT,
    *NEXT,
    conv("activation-skipped: dweight", lambda s: s.before.x.shape == s.x.shape and s.again(x=s.before.x))(
        "The input of the layer before was used, not its output: dw = Σ g · x, where x is what the kernel lies on."
    ),
    conv("upstream-forgotten: dx", lambda s: s.again(g=s.ones(s.g)))(
        "The upstream gradient g was left out (1 was used for every cell): dx = Σ g · w."
    ),
    conv("upstream-forgotten: dweight", lambda s: s.again(g=s.ones(s.g)))(
        "The upstream gradient g was left out (1 was used for every cell): dw = Σ g · x."
    ),
    conv("upstream-forgotten: dbias", lambda s: [s.again(g=s.ones(s.g)), s.ones(s.bias)])(
        "The upstream gradient g was left out: dbias[f] = Σ_i,j g[f,i,j], not the number of cells."
    ),
)
"""Those that show in the gradients alone."""
