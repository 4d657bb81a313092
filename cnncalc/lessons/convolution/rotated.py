"""A convolution's gradients as convolutions: dx under the kernel turned by 180°, dweight with g as the kernel."""

from collections.abc import Sequence

import numpy as np

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.windows.axis import Axis, Pair
from cnncalc.layers.windows.matrices import Matrices, margins
from cnncalc.lessons.convolution.pictures import MOST_PICTURES, Convolution, picture, slide, spread
from cnncalc.lessons.lesson import TURNED, Method, Part

TITLES = {True: Phrase("With the kernel turned by 180°"), False: Phrase("With the kernel slid over the gradient")}
AS_KERNEL = Phrase("With the gradient as the kernel")
SLID = Phrase("The gradient of output channel {f}{sample} is laid out{apart}{zeros}{cut}; {kernel}. This gives {what}.")
OF_SAMPLE = Phrase(" of sample {n}")
CHANNELS = Phrase("Output channel {f}, input channel {c}{sample}:")
IN_SAMPLE = Phrase(", sample {n}")
APART = Phrase(", its elements {rows} down and {columns} across from one to the next (the stride)")
AROUND = Phrase(", with zeros around it")
AT_AN_EDGE = Phrase(", with zeros at a part of its edge")
CUT = Phrase(", without the elements whose windows lie wholly in the padding")
LAID_OUT = Phrase(en="", zh="原样排开")
KERNEL_TURNED = Phrase("the kernel is turned by 180°{apart} and slid over it")
KERNEL_STANDS = Phrase("the kernel{apart} is slid over it as it stands, since forward it was turned")
KERNEL_OF_ONE = Phrase("the kernel, which is a single number, is slid over it")
KERNEL_APART = Phrase(", its elements {rows} down and {columns} across from one to the next (the dilation),")
SHARE = Phrase("its share of the gradient of input channel {c}{sample}")
GRADIENT = Phrase("the gradient of input channel {c}{sample}")
ADDED = Phrase("The shares of all output channels are added up.")
ADDED_IN_GROUP = Phrase("The shares of all output channels of a group are added up.")
LAID_ON = Phrase(
    "The gradient of output channel {f}{sample}{apart} is itself the kernel: it is laid on input channel"
    " {c}{padded}{reached}{steps}. Every place at which it lies gives {what}{turned}."
)
SPREAD = Phrase(", its elements {rows} down and {columns} across from one to the next (the stride),")
PADDED = Phrase(" with its padding")
AS_IT_IS = Phrase(en="", zh=" ")
REACHED = Phrase(", as far as the windows reach")
STEPS = Phrase(" and moved by {rows} down and {columns} across at a time (the dilation)")
ONE_GRADIENT = Phrase("one weight's gradient")
ONE_SHARE = Phrase("this sample's share of one weight's gradient")
WRITTEN_BACK = Phrase("; since the kernel was turned forward, they are written from the end")
SAMPLES_ADDED = Phrase("The shares of all samples are added up.")


def dx_by_turned_kernel(at: Convolution) -> Method:
    """dx: g with the stride between its elements and zeros around it (`delta_padded`), under the kernel turned."""
    numbers, window, flip = at.numbers, at.window, at.layer.flip
    padded = at.matrices.delta_padded(at.scene["g"])
    kernels = at.laid[:, :, ::-1, ::-1]
    steps = window.dilations
    seen = _seen(window.rows), _seen(window.columns)
    filler = at.matrices.filler_of_delta()
    few, result = at.whole_by(Matrices.dx_by_rotated_kernel, padded[:, 0].size * kernels.size)
    turns = at.turns and not flip
    is_only = at.outputs == 1
    parts: list[Part] = []
    pairs = at.pairs()
    for n, f, c in pairs[: MOST_PICTURES if few else 1]:
        kernel, between = spread(numbers, kernels[f, c % at.inputs], steps)
        sample = at.sample(n, OF_SAMPLE)
        text = SLID.format(
            f=f + at.base,
            sample=sample,
            kernel=_kernel_words(at),
            what=(GRADIENT if is_only else SHARE).format(c=c + at.base, sample=sample),
            **_laid_words(at),
        )
        gradient = picture(at.image("g", n, f, *seen), padded[n, f], filler)
        turned = picture(at.kernel_caption("weight", f, c, TURNED if turns else ""), kernel, between)
        made = picture(at.whole("dx", n, c) if is_only else "", slide(numbers, padded[n, f], kernel))
        parts.append((text, (gradient, r"\ast", turned, "=" if is_only else r"\to", made)))
    last = () if is_only else (ADDED if at.groups == 1 else ADDED_IN_GROUP,)
    more = len(pairs) - len(parts)
    return Method("rotated", TITLES[turns], tuple(parts), result, _briefly(at, pairs[: len(parts)]), more, last)


def dweight_by_gradient(at: Convolution) -> Method:
    """dweight: g with the stride between its elements, slid over x by the dilation."""
    numbers, window, flip = at.numbers, at.window, at.layer.flip
    g = at.scene["g"]
    canvas = window.canvas(numbers, at.x)
    steps, dilation = window.strides, window.dilations
    on_canvas, on_image = window.overlap
    filler = np.ones(canvas.shape[2:], dtype=bool)
    filler[on_canvas] = False
    few, result = at.whole_by(Matrices.dweight_by_columns, g[:, 0].size * at.weight.size)
    axes = window.rows, window.columns
    is_cut = any(axis.extent < axis.size + max(0, axis.before) + max(0, axis.after) for axis in axes)
    words = {
        "apart": _apart(SPREAD, at.scene["g"].shape[2:], steps),
        "padded": PADDED if filler.any() else AS_IT_IS,
        "reached": REACHED if is_cut else NOTHING,
        "steps": _apart(STEPS, at.kernel, dilation),
        "turned": WRITTEN_BACK if flip and at.turns else NOTHING,
        "what": ONE_GRADIENT if at.samples == 1 else ONE_SHARE,
    }
    parts: list[Part] = []
    pairs = at.pairs()
    for n, f, c in pairs[: MOST_PICTURES if few else 1]:
        kernel, between = spread(numbers, g[n, f], steps)
        shown = slide(numbers, canvas[n, c], kernel, dilation)
        shown = shown[::-1, ::-1] if flip else shown
        image = picture(at.image("x", n, c, *(range(part.start, part.stop) for part in on_image)), canvas[n, c], filler)
        made = picture(at.kernel_caption("dweight", f, c) if at.samples == 1 else "", shown)
        sign = "=" if at.samples == 1 else r"\to"
        text = LAID_ON.format(f=f + at.base, c=c + at.base, sample=at.sample(n, OF_SAMPLE), **words)
        parts.append((text, (image, r"\ast", picture(at.whole("g", n, f), kernel, between), sign, made)))
    last = (SAMPLES_ADDED,) if at.samples > 1 else ()
    more, result = len(pairs) - len(parts), at.layer.laid(result)
    return Method("rotated", AS_KERNEL, tuple(parts), result, _briefly(at, pairs[: len(parts)]), more, last)


def _briefly(at: Convolution, pairs: Sequence[tuple[int, int, int]]) -> tuple[Phrase, ...]:
    """Which channels each picture is about."""
    return tuple(CHANNELS.format(f=f + at.base, c=c + at.base, sample=at.sample(n, IN_SAMPLE)) for n, f, c in pairs)


def _seen(axis: Axis) -> range:
    """The rows (or columns) of g that lie on `delta_padded`: those whose windows reach the image."""
    before, after = margins(axis)
    length = (axis.outputs - 1) * axis.stride + 1
    first = -(-max(0, -before) // axis.stride)
    last = (length - 1 - max(0, -after)) // axis.stride
    return range(first, last + 1)


def _apart(phrase: Phrase, shape: tuple[int, ...], steps: Pair) -> Phrase:
    """How far the elements of a matrix lie from each other, where there are several and zeros are between them."""
    if not any(length > 1 and step > 1 for length, step in zip(shape, steps, strict=True)):
        return NOTHING
    return phrase.format(rows=steps[0], columns=steps[1])


def _laid_words(at: Convolution) -> dict[str, Phrase]:
    """What was done to the gradient before the kernel is slid over it."""
    window = at.window
    around = [margin for axis in (window.rows, window.columns) for margin in margins(axis)]
    zeros = AROUND if min(around) > 0 else AT_AN_EDGE if max(around) > 0 else NOTHING
    shape = at.scene["g"].shape[2:]
    is_cut = any(len(_seen(axis)) < length for axis, length in zip((window.rows, window.columns), shape, strict=True))
    words = {"apart": _apart(APART, shape, window.strides), "zeros": zeros, "cut": CUT if is_cut else NOTHING}
    return words if any(words[word] is not NOTHING for word in words) else {**words, "apart": LAID_OUT}


def _kernel_words(at: Convolution) -> Phrase:
    """What was done to the kernel."""
    if not at.turns:
        return KERNEL_OF_ONE
    apart = _apart(KERNEL_APART, at.kernel, at.window.dilations)
    return (KERNEL_STANDS if at.layer.flip else KERNEL_TURNED).format(apart=apart)
