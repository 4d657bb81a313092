"""What to say about layers that lay the numbers of an image elsewhere."""

from cnncalc.lessons.lesson import Lessons, lesson

LESSONS: Lessons = {
    "pad": lesson("padding", "填充")(
        "Cells are put around each channel.",
        "在每个通道四周补上单元。",
        "The gradient of a cell is that of all places where it stands; what was put in as a zero passes none on.",
        "每个元素的梯度是它所在各处梯度之和；补入的零不传递梯度。",
    ),
    "reshape": lesson("reshaping", "改变形状（reshape）")(
        "The numbers are laid out as an image, row after row, channel after channel; none of them changes.",
        "把各个数按行、逐通道排成图像，数值不变。",
        "Each number only moves, so its gradient is the one at its new place.",
        "每个数只是换了位置，梯度就是新位置处的梯度。",
    ),
    "pixel_shuffle": lesson("pixel shuffle", "像素重排（PixelShuffle）")(
        "The channels of each group become the cells of a small square: fewer channels, more rows and columns.",
        "每组通道重排为一个小方块的各个单元：通道变少，行列变多。",
        "Each number only moves, so its gradient is the one at its new place.",
        "每个数只是换了位置，梯度就是新位置处的梯度。",
    ),
}
