"""What to say about a convolution."""

from collections.abc import Callable, Mapping, Sequence

from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Layer
from cnncalc.layers.conv import Conv
from cnncalc.layers.windows.axis import Axis
from cnncalc.lessons.convolution import products, rotated
from cnncalc.lessons.convolution.pictures import Convolution
from cnncalc.lessons.lesson import Lesson, Lessons, Method, chain_rule, sentences
from cnncalc.scene import Scene

Y = Phrase(
    en="The kernel{each} is {laid} on every window of the input. At each place the numbers that lie on each other are"
    " multiplied, and all products{channels} are added up{bias}.",
    zh="{each}卷积核{laid}在输入上逐窗口滑动：对应位置相乘，再把{channels}乘积全部相加{bias}，得到输出特征图的一个元"
    "素。",
)
LAID = {False: Phrase(en="laid", zh=""), True: Phrase(en="turned by 180° and laid", zh="先旋转 180°，再")}
BEYOND = Phrase(
    en="Beyond the edge of the input every element counts as 0: the padding.",
    zh="超出输入边缘的元素按 0 计，即零填充。",
)
OF_EACH_OUTPUT = Phrase(en=" of each output channel", zh="每个输出通道的")
ALL_CHANNELS = Phrase(en=", of all input channels,", zh="所有输入通道的")
CHANNELS_OF_THE_GROUP = Phrase(en=", of all input channels of its group,", zh="本组所有输入通道的")
OWN_CHANNEL = Phrase(en=", of the one input channel of its group,", zh="本组唯一输入通道的")
AND_BIAS = Phrase(en=", with the bias", zh="并加上偏置")
DWEIGHT = Phrase(
    en="A weight of the kernel acts at every place where the kernel lies: there it multiplies the element of the"
    " input below it{padding}. So its gradient is the sum, over all places{samples}, of the output's gradient times"
    " that element.",
    zh="卷积核的每个权重在每个窗口位置都起作用，与其下方的输入元素{padding}相乘。"
    "因此它的梯度是对所有位置{samples}求和：输出梯度乘以该输入元素。",
)
ZERO_OF_PADDING = Phrase(en=" (or a zero of the padding)", zh="（或填充的零）")
AND_SAMPLES = Phrase(en=" and all samples", zh="以及所有样本")
ONE_PLACE = Phrase(
    en="The kernel lies at one place only, where each weight multiplies the element of the input below it{padding}. So"
    " its gradient is the output's gradient times that element{samples}.",
    zh="卷积核只有一个位置，每个权重与其下方的输入元素{padding}相乘。因此它的梯度是输出梯度乘以该输入元素{samples}。",
)
OVER_SAMPLES = Phrase(en=", added up over all samples", zh="，再对所有样本求和")
DBIAS = Phrase(
    en="The bias is added to every element of its feature map{samples}, so it gathers the gradients of all of them.",
    zh="偏置加到{samples}对应特征图的每个元素上，因此其梯度是这些元素的梯度之和。",
)
DBIAS_OF_ONE = Phrase(
    en="The bias is added to the one element of its feature map, so it has the gradient of that element.",
    zh="偏置只加到对应特征图的唯一元素上，因此其梯度等于该元素的梯度。",
)
IN_EACH_SAMPLE = Phrase(en=", in each sample", zh="各样本")
SEVERAL = Phrase(
    en="An element of the input can lie in several windows, each time below another weight.",
    zh="每个输入元素可能落在多个窗口中，每次对应卷积核的不同权重。",
)
ONE_WINDOW = Phrase(en="An element of the input lies in one window at most.", zh="每个输入元素最多落在一个窗口中。")
COME_BACK = Phrase(
    en="The gradients of all outputs that it acts on come back through the same weights and are added up.",
    zh="它所影响的各输出的梯度经由同样的权重传回并相加。",
)
COMES_BACK = Phrase(
    en="The gradient of that window's output comes back through the same weight.",
    zh="该窗口输出的梯度经由同样的权重传回。",
)
NO_WEIGHT = Phrase(
    en="Where an index of $\\weight$ would lie outside the kernel, there is no term.",
    zh="$\\weight$ 的下标超出卷积核时，没有相应的项。",
)
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


MATRIX = Phrase(
    en="A of y = A·x, with x and y flattened and the bias left out; on the way back dx = Aᵀ·g",
    zh="y = A·x 中的 A（x 与 y 均展平，不含偏置）；反向传播为 dx = Aᵀ·g",
)
TENSORS = {
    "matrix": MATRIX,
    "columns": Phrase(
        en="X of the matrix form (im2col): a row for each output position, what lies under its window",
        zh="矩阵形式的 X（im2col）：每个输出位置一行，为其窗口内的元素",
    ),
    "weight_matrix": Phrase(en="W of the matrix form: a row for each kernel", zh="矩阵形式的 W：每个卷积核一行"),
    "output_matrix": Phrase(
        en="Y of the matrix form: W times X transposed, the output before the bias",
        zh="矩阵形式的 Y：W 乘以 X 的转置，即加偏置之前的输出",
    ),
    "rotated_weight": Phrase(
        en="the kernel turned by 180°, input and output channels exchanged; over `delta_padded` at stride 1 it gives"
        " ∂L/∂x",
        zh="旋转 180° 并交换输入、输出通道的卷积核；以步长 1 作用于 `delta_padded` 即得 ∂L/∂x",
    ),
    "delta_dilated": Phrase(
        en="∂L/∂y with stride − 1 zeros between its cells (U rows and columns)",
        zh="在 ∂L/∂y 的元素之间插入（步长 − 1）个零（U，按行与列）",
    ),
    "delta_padding": Phrase(
        en="E, the zeros around that: top and bottom, left and right", zh="E，其四周补零的数目：上与下、左与右"
    ),
    "delta_padded": Phrase(en="`delta_dilated` with those zeros around it (F)", zh="补零之后的 `delta_dilated`（F）"),
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
        Phrase(en="convolution", zh="卷积层"),
        {
            "y": _y,
            "columns": Phrase(
                en="Each window is written as one row (im2col), so that the convolution becomes a product of two"
                " matrices.",
                zh="把每个窗口展开为一行（im2col），卷积就变成了两个矩阵的乘积。",
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
