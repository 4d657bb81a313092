"""What to say about layers that move numbers elsewhere: flattening, reshaping, padding, upsampling, unpooling."""

from cnncalc.language import NOTHING, Phrase
from cnncalc.lessons.lesson import FEATURES_RANK, Lesson, Lessons, lesson

Y = {
    True: Phrase(
        en="All elements{sample} are written one after the other as a single vector, which a fully connected layer"
        " needs. Nothing is computed.",
        zh="把{sample}所有元素依次排成一个向量，供全连接层使用；这里不做任何计算。",
    ),
    False: Phrase(
        en="What comes in is a vector already, so nothing changes.", zh="输入本来就是向量，因此没有任何变化。"
    ),
}
DX = {
    True: Phrase(
        en="Nothing was computed on the way forward, so the gradients only go back to where their elements came from.",
        zh="前向时没有计算，因此梯度只需放回各元素原来的位置。",
    ),
    False: Phrase(
        en="Nothing was changed on the way forward, so nothing is on the way back.",
        zh="前向时没有任何变化，反向时也一样。",
    ),
}
OF_A_SAMPLE = Phrase(en=" of a sample", zh="每个样本的")
UPSAMPLING = lesson("upsampling", "上采样")
NEAREST = UPSAMPLING(
    "Each cell is repeated along rows and columns.",
    "每个元素沿行与列重复。",
    "The gradients of all copies of a cell are added up.",
    "同一元素所有副本的梯度相加。",
)
BILINEAR = UPSAMPLING(
    "Each cell lies between at most four cells of the input; the nearer one is, the larger its share, and"
    " the shares add up to 1.",
    "每个输出位置落在输入的至多四个元素之间；越近权重越大，权重之和为 1。",
    "Each cell gets, of the gradient of every output that it has a share in, that share.",
    "每个输入元素按其在各输出中的权重，取回相应份额的梯度并相加。",
)


PADDED = {
    False: (
        "The gradient of a cell is the sum of the gradients of all places where it stands now.",
        "每个元素的梯度是它现在所在各处的梯度之和。",
    ),
    True: (
        "The gradient of a cell is the one at its new place; what was put in as a zero passes none on.",
        "每个元素的梯度就是新位置处的梯度；补入的零不传递梯度。",
    ),
}
"""What the gradient of a cell is, by whether zeros were put in, and not the cells again."""


LESSONS: Lessons = {
    "flatten": Lesson(
        Phrase(en="flattening", zh="展平"),
        {
            "y": lambda scene: Y[scene["x"].ndim > FEATURES_RANK].format(
                sample=OF_A_SAMPLE if scene.batched else NOTHING
            ),
            "dx": lambda scene: DX[scene["x"].ndim > FEATURES_RANK],
        },
    ),
    "pad": lambda layer: lesson("padding", "填充")(
        "Cells are put around each channel.",
        "在每个通道四周补上单元。",
        *PADDED[getattr(layer, "mode", "") == "zeros"],
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
    "upsample": lambda layer: BILINEAR if getattr(layer, "mode", "") == "bilinear" else NEAREST,
    "max_unpool": lesson("max unpooling", "最大反池化")(
        "Each number goes back to where the pool found its winner; all other cells are 0.",
        "每个数放回池化时最大值所在的位置，其余位置为 0。",
        "Each number has gone to one cell, whose gradient comes back to it; those of the zeros lead nowhere.",
        "每个数只放到一个位置，取回该处的梯度；补零处的梯度不再回传。",
    ),
}
