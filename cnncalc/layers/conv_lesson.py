"""What to say about a convolution."""

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer
from cnncalc.layers.conv import Conv
from cnncalc.layers.conv_methods import methods
from cnncalc.layers.lesson import Lesson

LAID = {
    False: Phrase(en="The kernel is laid on every window of the input.", zh="卷积核在输入上逐窗口滑动"),
    True: Phrase(
        en="The kernel is turned by 180° and laid on every window of the input.",
        zh="卷积核先旋转 180°，再在输入上逐窗口滑动",
    ),
}
ALL_CHANNELS = Phrase(en="of all channels", zh="所有通道")
CHANNELS_OF_THE_GROUP = Phrase(en="of all channels of its group", zh="本组所有通道")
PURPOSE = {
    "y": Phrase(
        en="{laid} At each place the numbers that lie on each other are multiplied, and all products, {channels},"
        " are added up.",
        zh="{laid}：对应位置相乘，再把{channels}的乘积全部相加，得到输出特征图的一个元素。",
    ),
    "columns": Phrase(
        en="Each window is written as one row (im2col), so that the convolution becomes a product of two matrices.",
        zh="把每个窗口展开为一行（im2col），卷积就变成了两个矩阵的乘积。",
    ),
    "dweight": Phrase(
        en="A weight of the kernel acts at every place where the kernel lies: there it multiplies the element of the"
        " input below it. So its gradient is the sum, over all places (and all samples), of the output's gradient"
        " times that element.",
        zh="卷积核的每个权重在每个窗口位置都起作用，与其下方的输入元素相乘。"
        "因此它的梯度是对所有位置（以及所有样本）求和：输出梯度乘以该输入元素。",
    ),
    "dbias": Phrase(
        en="The bias is added to every element of its feature map, so it gathers the gradients of all of them.",
        zh="偏置加到对应特征图的每个元素上，因此其梯度是该特征图所有梯度之和。",
    ),
    "dx": Phrase(
        en="An element of the input can lie in several windows, each time below another weight. The gradients of all"
        " those outputs come back through the same weights and are added up.",
        zh="每个输入元素可能落在多个窗口中，每次对应卷积核的不同权重。这些输出的梯度经由同样的权重传回并相加。",
    ),
}
CHAIN = {
    "dweight": r"\dweight_{\f, \c, \p, \q} = \sum_{\n, \i, \j} \g_{\n, \f, \i, \j}"
    r" \cdot \frac{\partial \y_{\n, \f, \i, \j}}{\partial \weight_{\f, \c, \p, \q}}",
    "dbias": r"\dbias_{\f} = \sum_{\n, \i, \j} \g_{\n, \f, \i, \j}"
    r" \cdot \frac{\partial \y_{\n, \f, \i, \j}}{\partial \bias_{\f}}",
    "dx": r"\dx_{\n, \c, \u, \v} = \sum_{\f, \i, \j} \g_{\n, \f, \i, \j}"
    r" \cdot \frac{\partial \y_{\n, \f, \i, \j}}{\partial \x_{\n, \c, \u, \v}}",
}


def lesson_of(layer: Layer) -> Lesson:
    """The lesson of this convolution: with the kernel turned or not, in groups or not."""
    assert isinstance(layer, Conv)
    channels = ALL_CHANNELS if layer.groups == 1 else CHANNELS_OF_THE_GROUP
    purpose = PURPOSE["y"].format(laid=LAID[layer.flip], channels=channels)
    return Lesson(Phrase(en="convolution", zh="卷积层"), {**PURPOSE, "y": purpose}, lambda x: CHAIN, methods=methods)
