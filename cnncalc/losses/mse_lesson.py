"""What to say about the mean squared error."""

from cnncalc.language import Phrase
from cnncalc.layers.lesson import Lesson

LESSON = Lesson(
    Phrase(en="mean squared error", zh="均方误差"),
    {
        "y": Phrase(
            en="The loss averages the squared differences between output and target over the elements of a sample.",
            zh="损失是每个样本各元素的输出与目标之差的平方的平均值。",
        ),
        "dx": Phrase(
            en="The derivative of a square is twice its base, so each gradient is proportional to the error that was"
            " made.",
            zh="平方的导数是底数的两倍，因此每个梯度与该处的误差成正比。",
        ),
    },
)
