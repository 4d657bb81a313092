"""What to say about upsampling."""

from cnncalc.lessons.lesson import Lessons, lesson

NEAREST = lesson("nearest-neighbour upsampling", "最近邻上采样")(
    "Each cell is repeated along rows and columns.",
    "每个元素沿行与列重复。",
    "The gradients of all copies of a cell are added up.",
    "同一元素所有副本的梯度相加。",
)
BILINEAR = lesson("bilinear upsampling", "双线性上采样")(
    "Each cell lies between at most four cells of the input; the nearer one is, the larger its share, and"
    " the shares add up to 1.",
    "每个输出位置落在输入的至多四个元素之间；越近权重越大，权重之和为 1。",
    "Each cell gets, of the gradient of every output that it has a share in, that share.",
    "每个输入元素按其在各输出中的权重，取回相应份额的梯度并相加。",
)


LESSONS: Lessons = {"upsample": lambda layer: BILINEAR if getattr(layer, "mode", "") == "bilinear" else NEAREST}
