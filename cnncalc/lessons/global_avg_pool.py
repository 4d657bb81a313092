"""What to say about a global average pool."""

from cnncalc.lessons.lesson import Lessons, lesson

LESSONS: Lessons = {
    "global_avg_pool": lesson("global average pooling", "全局平均池化")(
        "Each channel becomes one number, its mean.",
        "每个通道取平均值，变为一个数。",
        "All cells of a channel act on its mean alike, so each gets an equal share of its gradient.",
        "通道内各元素对平均值的影响相同，因此平分该通道的梯度。",
    )
}
