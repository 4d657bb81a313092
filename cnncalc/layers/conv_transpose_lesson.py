"""What to say about a transposed convolution."""

from cnncalc.language import Phrase
from cnncalc.layers.lesson import Lesson

LESSON = Lesson(
    Phrase(en="transposed convolution", zh="转置卷积层"),
    {
        "y": Phrase(
            en="Each element of the input stamps the kernel, times its own value, onto the output; what the stamps"
            " leave in one cell is added up.",
            zh="输入的每个元素乘以卷积核后叠放到输出的对应位置，重叠处相加。",
        ),
        "dweight": Phrase(
            en="A weight of the kernel takes part in every stamp, each time with another element of the input. So"
            " its gradient is the sum, over all stamps (and all samples), of that element times the gradient of the"
            " cell that the weight fell on.",
            zh="卷积核的每个权重参与每一次叠放，每次与不同的输入元素相乘。"
            "因此它的梯度是对所有位置（以及所有样本）求和：该输入元素乘以权重所落位置的输出梯度。",
        ),
        "dbias": Phrase(
            en="The bias is added to every element of its feature map, so it gathers the gradients of all of them.",
            zh="偏置加到对应特征图的每个元素上，因此其梯度是该特征图所有梯度之和。",
        ),
        "dx": Phrase(
            en="An element of the input acts on all cells that its stamp covers. Its gradient gathers theirs through"
            " the same kernel: this is an ordinary convolution of the gradient.",
            zh="每个输入元素影响它所叠放到的全部位置，其梯度经由同一卷积核由这些位置的梯度加权相加得到，"
            "也就是对梯度做一次普通卷积。",
        ),
    },
)
