"""What to say about a convolution."""

from collections.abc import Callable, Mapping, Sequence

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Layer
from cnncalc.layers.conv import Conv
from cnncalc.layers.windows.axis import Axis
from cnncalc.lessons.convolution import products, rotated
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.lessons.lesson import Lesson, Lessons, Method, chain_rule, sentences
from cnncalc.step import Scene

Y = Phrase(
    "The kernel{each} is {laid} on every window of the input. At each place the numbers that lie on each other are"
    " multiplied, and all products{channels} are added up{bias}."
)
LAID = {False: Phrase(en="laid", zh=""), True: Phrase("turned by 180° and laid")}
BEYOND = Phrase("Beyond the edge of the input every element counts as 0: the padding.")
OF_EACH_OUTPUT = Phrase(en=" of each output channel", zh="每个输出通道的")
ALL_CHANNELS = Phrase(", of all input channels,")
CHANNELS_OF_THE_GROUP = Phrase(", of all input channels of its group,")
OWN_CHANNEL = Phrase(", of the one input channel of its group,")
AND_BIAS = Phrase(en=", with the bias", zh="并加上偏置")
DWEIGHT = Phrase(
    "A weight of the kernel acts at every place where the kernel lies: there it multiplies the element of the"
    " input below it{padding}. So its gradient is the sum, over all places{samples}, of the output's gradient times"
    " that element."
)
ZERO_OF_PADDING = Phrase(" (or a zero of the padding)")
AND_SAMPLES = Phrase(" and all samples")
ONE_PLACE = Phrase(
    "The kernel lies at one place only, where each weight multiplies the element of the input below it{padding}. So"
    " its gradient is the output's gradient times that element{samples}."
)
OVER_SAMPLES = Phrase(", added up over all samples")
DBIAS = Phrase(
    "The bias is added to every element of its feature map{samples}, so it gathers the gradients of all of them."
)
DBIAS_OF_ONE = Phrase(
    "The bias is added to the one element of its feature map, so it has the gradient of that element."
)
IN_EACH_SAMPLE = Phrase(", in each sample")
SEVERAL = Phrase("An element of the input can lie in several windows, each time below another weight.")
ONE_WINDOW = Phrase("An element of the input lies in one window at most.")
COME_BACK = Phrase("The gradients of all outputs that it acts on come back through the same weights and are added up.")
COMES_BACK = Phrase("The gradient of that window's output comes back through the same weight.")
NO_WEIGHT = Phrase("Where an index of $\\weight$ would lie outside the kernel, there is no term.")
CHAIN = chain_rule("nfij", weight="fcpq", bias="f", x="ncuv")


def _y(scene: Scene) -> Phrase:
    at = Convolution(scene)
    channels = NOTHING
    if at.groups > 1:
        channels = CHANNELS_OF_THE_GROUP if at.inputs > 1 else OWN_CHANNEL
    elif at.inputs > 1:
        channels = ALL_CHANNELS
    said = Y.format(
        each=OF_EACH_OUTPUT if len(at.weight) > 1 else NOTHING,
        laid=LAID[at.layer.flip and at.turns],
        channels=channels,
        bias=AND_BIAS if "bias" in scene else NOTHING,
    )
    return said if at.window.is_inside else sentences(said, BEYOND)


def _dweight(scene: Scene) -> Phrase:
    window = Convolution(scene).window
    padding = NOTHING if window.is_inside else ZERO_OF_PADDING
    several = len(scene["x"]) > 1
    if window.outputs == (1, 1):
        return ONE_PLACE.format(padding=padding, samples=OVER_SAMPLES if several else NOTHING)
    return DWEIGHT.format(padding=padding, samples=AND_SAMPLES if several else NOTHING)


def dbias(scene: Scene) -> Phrase:
    """How the gradients of a feature map come together in that of its bias."""
    if scene["g"][:, 0].size == 1:
        return DBIAS_OF_ONE
    return DBIAS.format(samples=IN_EACH_SAMPLE if len(scene["g"]) > 1 else NOTHING)


def beyond_the_kernel(axes: Sequence[Axis]) -> Phrase | None:
    """That a sum over all windows has no term for those that a cell does not lie in, where there are such."""
    # With a dilation, the formulas say themselves which cells of the kernel they mean.
    is_so = all(axis.dilation == 1 for axis in axes) and any((a.visits_of_each() < a.outputs).any() for a in axes)
    return NO_WEIGHT if is_so else None


def _dx(scene: Scene) -> Phrase:
    at = Convolution(scene)
    overlaps = at.window.overlaps
    is_one = not overlaps and at.outputs == 1
    none = beyond_the_kernel((at.window.rows, at.window.columns))
    return sentences(SEVERAL if overlaps else ONE_WINDOW, COMES_BACK if is_one else COME_BACK, none)


MATRIX = Phrase("A of y = A·x, with x and y flattened and the bias left out; on the way back dx = Aᵀ·g")
TENSORS = {
    "matrix": MATRIX,
    "columns": Phrase("X of the matrix form (im2col): a row for each output position, what lies under its window"),
    "weight_matrix": Phrase("W of the matrix form: a row for each kernel"),
    "output_matrix": Phrase("Y of the matrix form: W times X transposed, the output before the bias"),
    "rotated_weight": Phrase(
        "the kernel turned by 180°, input and output channels exchanged; over `delta_padded` at stride 1 it gives ∂L/∂x"
    ),
    "delta_dilated": Phrase("∂L/∂y with stride − 1 zeros between its cells (U rows and columns)"),
    "delta_padding": Phrase("E, the zeros around that: top and bottom, left and right"),
    "delta_padded": Phrase("`delta_dilated` with those zeros around it (F)"),
}

WAYS: Mapping[str, Sequence[Callable[[Convolution], Method | None]]] = {
    "y": (products.y_by_columns, products.y_by_matrix),
    "dx": (rotated.dx_by_turned_kernel, products.dx_by_columns, products.dx_by_matrix),
    "dweight": (rotated.dweight_by_gradient, products.dweight_by_columns),
}


def methods(scene: Scene, tensor: str) -> Sequence[Method]:
    """The ways to one tensor, by the layer's own name for it."""
    convolution = Convolution(scene)
    made = (way(convolution) for way in WAYS.get(tensor, ()))
    return [method for method in made if method is not None]


def lesson_of(layer: Layer) -> Lesson:
    """The lesson of this convolution: with the kernel turned or not."""
    assert isinstance(layer, Conv)
    return Lesson(
        Phrase("convolution"),
        {
            "y": _y,
            "columns": Phrase(
                "Each window is written as one row (im2col), so that the convolution becomes a product of two matrices."
            ),
            "dweight": _dweight,
            "dbias": dbias,
            "dx": _dx,
        },
        lambda setting: CHAIN,
        methods=methods,
        turned=dict.fromkeys(("y", "output_matrix") if layer.flip else ("dx",), "weight"),
        tensors=TENSORS,
    )


LESSONS: Lessons = {"conv": lesson_of}
