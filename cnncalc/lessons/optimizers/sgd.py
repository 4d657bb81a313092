"""What to say about a step of gradient descent."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson
from cnncalc.lessons.optimizers.rule import PURPOSES, TENSORS

LESSON = Lesson(
    Phrase(en="gradient descent", zh="梯度下降"),
    {
        "y": Phrase(
            en="The gradient points to where the loss grows fastest, so the parameter goes the other way; the"
            " learning rate says how far.",
            zh="梯度指向损失增长最快的方向，因此参数沿相反方向移动，步长由学习率决定。",
        ),
        "regularized": PURPOSES["regularized"],
    },
    tensors={"regularized": TENSORS["regularized"]},
)
