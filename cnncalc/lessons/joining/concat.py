"""What to say about inputs that are put one behind the other."""

from cnncalc.language import Phrase
from cnncalc.lessons.lesson import Lesson
from cnncalc.scene import Scene

Y = {
    "channel": Phrase(
        en="The channels of all inputs are put one behind the other. Nothing is computed, and nothing is mixed as in a"
        " sum: the next layer sees every channel by itself and can weigh each one differently.",
        zh="把各输入的通道依次排在一起。这里不做任何计算，也不像相加那样把它们混在一起：后面的层能看到每一个通道，"
        "并可分别赋予不同的权重。",
    ),
    "features": Phrase(
        en="The inputs are put one behind the other as one long vector. Nothing is computed, and nothing is mixed as in"
        " a sum: the next layer sees every feature by itself and can weigh each one differently.",
        zh="把各输入首尾相接，拼成一个长向量。这里不做任何计算，也不像相加那样把它们混在一起：后面的层能看到每一个特征，"
        "并可分别赋予不同的权重。",
    ),
    "rows": Phrase(
        en="The inputs are put one below the other. Nothing is computed.", zh="把各输入上下拼接。这里不做任何计算。"
    ),
    "columns": Phrase(
        en="The inputs are put side by side. Nothing is computed.", zh="把各输入左右拼接。这里不做任何计算。"
    ),
}
DX = Phrase(
    en="Each element of this input lies at one place of the output and acts on nothing else there. So the gradient is"
    " only cut apart: this input gets back the part that lies where it does.",
    zh="这个输入的每个元素在输出中只占一个位置，不影响其他位置。因此只需把梯度切开：这个输入取回与自己位置对应的那一段。",
)


def _y(scene: Scene) -> Phrase:
    axis: str = getattr(scene.layer, "axis", "channel")
    return Y["features" if axis == "channel" and scene["x"].ndim == 2 else axis]


LESSON = Lesson(Phrase(en="concatenation", zh="拼接"), {"y": _y, "dx": DX})
