"""What to say about a global average pool."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson, Lessons

LESSONS: Lessons = {
    "global_avg_pool": Lesson(
        Phrase(en="global average pooling", zh="全局平均池化"),
        {
            "y": Phrase(en="Each channel becomes one number, its mean.", zh="每个通道取平均值，变为一个数。"),
            "dx": Phrase(
                en="All cells of a channel act on its mean alike, so each gets an equal share of its gradient.",
                zh="通道内各元素对平均值的影响相同，因此平分该通道的梯度。",
            ),
        },
    )
}
