"""What to say about half the squared error."""

from cnncalc.language import Phrase
from cnncalc.layers.lesson import Lesson

LESSON = Lesson(
    Phrase(en="half the squared error", zh="平方误差的一半"),
    {
        "y": Phrase(
            en="The loss of a sample is half the sum of the squared differences between output and target; the half"
            " makes the derivative simple.",
            zh="每个样本的损失是输出与目标之差的平方和的一半，系数一半使导数更简洁。",
        ),
        "dx": Phrase(
            en="The derivative of a square is twice its base, so each gradient is proportional to the error that was"
            " made.",
            zh="平方的导数是底数的两倍，因此每个梯度与该处的误差成正比。",
        ),
    },
)
