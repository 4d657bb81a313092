"""What to say about a leaky ReLU."""

from collections.abc import Iterator, Sequence

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.lesson import Lesson, Reason, elementwise_chain
from cnncalc.scene import Scene

PURPOSE = {
    "y": Phrase(
        en="Each element passes as it is where it is above 0, and is multiplied by a fixed slope elsewhere.",
        zh="逐元素处理：大于 0 的元素原样通过，其余乘以一个固定的斜率。",
    ),
    "dx": Phrase(
        en="The gradient passes unchanged where the input is above 0, and times the slope elsewhere.",
        zh="输入大于 0 处梯度原样通过，其余位置乘以斜率。",
    ),
}
ABOVE = {
    "y": Phrase(en="{a} is above 0, so it passes as it is.", zh="{a} 大于 0，原样通过。"),
    "dx": Phrase(en="{a} is above 0, so the gradient passes as it is.", zh="{a} 大于 0，梯度原样通过。"),
}
BELOW = {
    "y": Phrase(en="{a} is not above 0, so it is multiplied by the slope.", zh="{a} 不大于 0，乘以斜率。"),
    "dx": Phrase(
        en="{a} is not above 0, so the gradient is multiplied by the slope.", zh="{a} 不大于 0，梯度乘以斜率。"
    ),
}


def _reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    passes = bool(scene.numbers.is_greater(scene["x"][index], 0))
    yield Reason((ABOVE if passes else BELOW)[tensor], (Entry("x", index),))


def _seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    return (Entry("x", index),)


LESSON = Lesson(Phrase(en="leaky ReLU", zh="Leaky ReLU 激活"), PURPOSE, elementwise_chain, _reasons, _seen)
