"""What people get wrong in counts of parameters and multiplications, and in receptive fields: slips over whole numbers.

A receptive field grows by (span − 1) times the strides of the layers before. There a way goes over the windows up to
the layer along one axis, rows or columns.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from math import prod
from typing import TypeAlias

from cnncalc.language import Phrase
from cnncalc.layers.base import Shape
from cnncalc.layers.moving.gathered import Flatten
from cnncalc.layers.windows.axis import Axis
from cnncalc.layers.windows.pool import Pool
from cnncalc.mistakes.sizes import SIZES, Numbers, Sized, pooling_forgotten, pooling_imagined
from cnncalc.mistakes.take import Said, Slip, need, slip

FORGOTTEN_CHANNELS = partial(
    slip("input-channels-forgotten"),
    "The input channels were left out: each kernel has k · k weights for every input channel, C · k · k in all.",
)
ONE_KERNEL = partial(slip("one-filter-only"), "This is the count for one kernel; there is one for each output channel.")
GROUPS = partial(slip("groups-ignored"), "The groups were ignored: a kernel sees C / groups input channels.")
ONE_SIDE = partial(
    slip("kernel-side-only"), "A kernel was counted with k cells; it has k rows and k columns, k · k cells."
)
LEFT_OUT = slip("layer-left-out")("Not in this total: {names}.")
"""Without ways: it is worked out from the counts of all layers, and not from one of them."""
Axes: TypeAlias = Sequence[Axis]

RIGHT = Phrase(" It is 1 + Σ d·(k − 1) · (product of the strides of the layers before).")


def biased(s: Sized, weights: int) -> list[int]:
    """So many weights, with the biases and without; none if they are all, where only the biases would be missing."""
    return [weights + s.biases, weights] if weights != s.weights else []


def fully_connected(s: Sized) -> list[int]:
    need(s.kernel)
    pairs, outputs = prod(s.x) * prod(s.y), prod(s.y)
    return [pairs + outputs, *biased(s, pairs)]


def channels_as_inputs(s: Sized) -> list[int]:
    flattened = [each for each in s.chain if isinstance(each.layer, Flatten)][-1]
    need(flattened.y == s.x and len(flattened.x) == 3 and s.weights)
    return biased(s, s.weights // s.x[0] * flattened.x[0])


def features(s: Sized, wrong: Callable[[Sized], Iterator[Shape]]) -> Iterator[int]:
    """The parameters where flattening gives a wrong number of inputs."""
    need(s.weighs_features and isinstance(s.chain[-1].layer, Flatten))
    for (inputs,) in wrong(s.chain[-1]):
        yield from biased(s, s.weights // s.x[0] * inputs)


OF_PARAMETERS = (
    slip("shared-counted-again", lambda s: s.parameters_with_shared)(
        "A shared parameter was counted in every layer that uses it; it is one tensor, counted once, where it stands"
        " first."
    ),
    slip("bias-forgotten", lambda s: s.biases > 0 and s.weights)(
        "The biases are not counted: there is one for each output channel, or each output of an fc."
    ),
    slip("bias-imagined", lambda s: s.weights > 0 and s.biases == 0 and s.weights + s.y[0])(
        "Biases were counted, and this layer has none."
    ),
    FORGOTTEN_CHANNELS(lambda s: s.inputs > 1 and biased(s, s.weights // s.inputs)),
    slip("bias-added-repeatedly", lambda s: s.inputs > 1 and s.biases > 0 and s.weights + s.biases * s.inputs)(
        "A bias was counted for each input channel; each kernel has one: (C · k · k + 1) · F."
    ),
    ONE_KERNEL(lambda s: s.kernel and s.y[0] > 1 and [s.weights // s.y[0] + (s.biases > 0), s.weights // s.y[0]]),
    GROUPS(lambda s: s.groups > 1 and biased(s, s.weights * s.groups)),
    slip("positions-multiplied")(
        "Multiplied by the number of output positions; the same weights serve at every position and count once.",
        lambda s: s.kernel and [*biased(s, s.weights * s.positions), (s.weights + s.biases) * s.positions],
    ),
    slip("bias-per-position", lambda s: s.kernel and s.biases > 0 and s.weights + s.biases * s.positions)(
        "A bias was counted for each cell of the output; there is one for each output channel."
    ),
    slip("one-bias-for-all", lambda s: s.biases > 0 and s.weights + 1)(
        "One bias was counted for the whole layer; there is one for each output channel, or each output of an fc."
    ),
    slip("bias-per-input", lambda s: s.weighs_features and s.biases > 0 and s.weights + s.x[0])(
        "A bias was counted for each input; an fc has one for each output."
    ),
    ONE_SIDE(lambda s: biased(s, s.weights // s.kernel[1])),
    slip("counted-as-fully-connected", fully_connected)(
        "Counted as if every input were connected with every output, as in an fc; a convolution shares one kernel among"
        " all positions."
    ),
    slip("channels-as-inputs", channels_as_inputs)(
        "The inputs of the fc were taken to be the channels alone; flattened, there are C · H · W of them."
    ),
    slip("pooling-forgotten")(
        "The fc was given as many inputs as there are without one of the poolings.",
        partial(features, wrong=pooling_forgotten),
    ),
    slip("pooling-imagined")(
        "The fc was given as many inputs as there are after one more 2×2 pooling.",
        partial(features, wrong=pooling_imagined),
    ),
    slip("~running-statistics-counted", lambda s: s.layer.type == "batch_norm" and 2 * (s.weights + s.biases))(
        "running mean and variance were counted as well. Here only γ and β are, which are learned."
    ),
    slip("pool-without-parameters")(
        "A pooling has nothing to learn: 0 parameters.",
        lambda s: (
            isinstance(s.layer, Pool)
            and [(prod(a.kernel for a in s.axes) + more) * channels for channels in (1, s.x[0]) for more in (0, 1)]
        ),
    ),
    LEFT_OUT,
)


OF_MULTIPLICATIONS = (
    slip("~multiply-and-add")(
        "additions were counted as well (two operations for each product). Here only multiplications count.",
        lambda s: [2 * s.multiplications + n for n in (0, -prod(s.y), prod(s.y)) if s.multiplications],
    ),
    slip("one-position-only", lambda s: s.kernel and s.weights)(
        "This is the count for one output position; the kernels are laid on each of the oH · oW positions."
    ),
    slip("bias-counted")(
        "The biases were counted; they are added, not multiplied.",
        lambda s: [s.multiplications + n for n in (prod(s.y), s.biases) if s.biases and s.multiplications],
    ),
    FORGOTTEN_CHANNELS(lambda s: s.multiplications // s.inputs),
    ONE_KERNEL(lambda s: s.kernel and s.multiplications // s.y[0]),
    GROUPS(lambda s: s.multiplications * s.groups),
    slip("positions-of-other-image", lambda s: s.kernel and [s.weights * prod(image[1:]) for image in (s.x, s.y)])(
        "Multiplied by the positions of the wrong image: a convolution computes one sum for each position of its"
        " output, a transposed one stamps the kernel for each position of its input."
    ),
    ONE_SIDE(lambda s: s.multiplications // s.kernel[1]),
    slip("kernel-cells-forgotten", lambda s: s.multiplications // prod(s.kernel))(
        "The k · k cells of the kernel were left out; each of them takes a multiplication."
    ),
    slip("parameters-for-multiplications", lambda s: s.kernel and s.biases > 0 and s.weights + s.biases)(
        "This is the number of parameters; each weight is multiplied once at every position."
    ),
    slip("~batch-counted", lambda s: [s.multiplications * samples for samples in s.batch])(
        "counted for the whole mini-batch. Here the count is for one sample."
    ),
    LEFT_OUT,
)


def jumps(axes: Axes) -> list[int]:
    """For each window how far apart two neighbouring cells of its input are in the first image."""
    return [prod(axis.stride for axis in axes[:at]) for at in range(len(axes))]


def field(axes: Axes, growth: Sequence[int] | None = None) -> int:
    """How far they see; `growth` is what each cell more of a window adds, if not its jump."""
    return 1 + sum((axis.span - 1) * more for axis, more in zip(axes, growth or jumps(axes), strict=True))


def whole_kernels(axes: Axes) -> int:
    return sum(axis.span * jump for axis, jump in zip(axes, jumps(axes), strict=True))


def along_both(s: Sized, way: Callable[[Axes], int], without_pools: bool = False) -> Numbers:
    """What a way makes of rows and of columns; where anything but windows comes before it does not apply."""
    passed = []
    for each in (*s.chain, s):
        need(not each.layer.sees_all and not each.layer.takes_several)
        reach = each.layer.reach(each.x, each.parameters)
        if reach is not None:
            need(not reach[0].is_stamp)
            if not (without_pools and isinstance(each.layer, Pool)):
                passed.append(reach)
    return tuple(way([reach[at].axis for reach in passed]) for at in (0, 1))


def seen(code: str, *before: Callable[[Axes], int], without_pools: bool = False) -> Said[Slip]:
    """With what is right; the ways are those along one axis."""

    def said(what: str, /, *behind: Callable[[Axes], int]) -> Slip:
        along = (partial(along_both, way=way, without_pools=without_pools) for way in (*before, *behind))
        return slip(code, ending=RIGHT)(what, *along)

    return said


OF_RECEPTIVE_FIELDS = (
    seen("stride-ignored", lambda axes: field(axes, [1] * len(axes)))("The strides of earlier layers were ignored."),
    seen("stride-of-own-layer")(
        "The layer's own stride was counted; it matters only for the layers behind.",
        lambda axes: field(axes, [axis.stride * jump for axis, jump in zip(axes, jumps(axes), strict=True)]),
        lambda axes: field(axes[:-1]) + (axes[-1].span - 1) * axes[-1].stride * jumps(axes)[-1],
    ),
    seen("strides-not-multiplied", lambda axes: field(axes, [1, *(axis.stride for axis in axes)][: len(axes)]))(
        "Only the stride of the layer right before was used; the strides of all layers before are multiplied."
    ),
    seen("receptive-field-whole-kernel")(
        "Each layer was counted with k; it adds k − 1 cells.",
        lambda axes: 1 + whole_kernels(axes),
        whole_kernels,
        lambda axes: field(axes[:-1]) + axes[-1].span * jumps(axes)[-1],
    ),
    seen("kernels-added", lambda axes: sum(axis.span for axis in axes))("The sizes of the kernels were added."),
    seen("kernels-multiplied", lambda axes: prod(axis.span for axis in axes))(
        "The sizes of the kernels were multiplied."
    ),
    seen("dilation-ignored", lambda axes: field([Axis(axis.size, axis.kernel, axis.stride) for axis in axes]))(
        "The dilation was ignored."
    ),
    seen("one-layer-only", lambda axes: axes[-1].span)(
        "This is the kernel of this layer alone, and the layers before it see further."
    ),
    seen("pooling-forgotten", field, without_pools=True)(
        "The poolings were left out; they are windows like any other."
    ),
    seen("stride-for-receptive-field", lambda axes: prod(axis.stride for axis in axes))(
        "This is the product of the strides, the distance from one receptive field to the next."
    ),
    seen("layer-left-out")(
        "The first or the last layer was left out.", lambda axes: field(axes[1:]), lambda axes: field(axes[:-1])
    ),
)


MISTAKES: Mapping[str, Sequence[Slip]] = {
    "shape": SIZES,
    "parameters": OF_PARAMETERS,
    "multiplications": OF_MULTIPLICATIONS,
    "receptive_field": OF_RECEPTIVE_FIELDS,
}
"""By quantity. A shape has those of its layer as well."""
