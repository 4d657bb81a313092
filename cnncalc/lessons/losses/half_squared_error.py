"""What to say about half the squared error."""

from math import prod

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson
from cnncalc.lessons.losses.targets import over_samples
from cnncalc.scene import Scene

Y = {
    True: Phrase(
        en="The loss{sample} is half the sum of the squared differences between output and target; the half makes the"
        " derivative simple.{samples}",
        zh="{sample}损失是输出与目标之差的平方和的一半，系数一半使导数更简洁。{samples}",
    ),
    False: Phrase(
        en="The loss{sample} is half the square of the difference between output and target; the half makes the"
        " derivative simple.{samples}",
        zh="{sample}损失是输出与目标之差的平方的一半，系数一半使导数更简洁。{samples}",
    ),
}
DX = Phrase(
    en="The derivative of a square is twice its base, so each gradient is proportional to the error that was made.",
    zh="平方的导数是底数的两倍，因此每个梯度与该处的误差成正比。",
)


def _y(scene: Scene) -> Phrase:
    return Y[prod(scene["x"].shape[1:]) > 1].format(**over_samples(scene))


LESSON = Lesson(Phrase(en="half the squared error", zh="平方误差的一半"), {"y": _y, "dx": DX})
