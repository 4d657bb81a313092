"""What to say about an average pool."""

from cnncalc.language import Phrase
from cnncalc.layers.lesson import Lesson

LESSON = Lesson(
    Phrase(en="average pooling", zh="平均池化"),
    {
        "y": Phrase(en="Each window becomes one number, its mean.", zh="每个窗口取平均值，变为一个数。"),
        "dx": Phrase(
            en="All cells of a window act on its mean alike, so they share its gradient equally; a cell that several"
            " windows cover gets the sum of its shares.",
            zh="窗口内各元素对平均值的影响相同，因此平分该窗口的梯度；被多个窗口覆盖的元素，其各份梯度相加。",
        ),
    },
)
