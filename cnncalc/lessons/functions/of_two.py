"""What to say about functions of two numbers."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer
from cnncalc.lessons.joining.several import chain
from cnncalc.lessons.lesson import Lesson
from cnncalc.scene import Scene

ROUTED = Phrase(
    en="Only the input that was chosen acts on the result, so it gets the whole gradient and the other one 0; where"
    " both are equal, each gets half.",
    zh="只有被选中的输入影响结果，因此它得到全部梯度，另一个为 0；两者相等时各得一半。",
)
TEXTS: Mapping[str, tuple[Phrase, Phrase, Phrase]] = {
    "divide": (
        Phrase(en="division", zh="除法"),
        Phrase(
            en="The local derivative by the numerator is one over the denominator.", zh="对分子的局部导数是分母的倒数。"
        ),
        Phrase(
            en="The local derivative by the denominator is minus the numerator over its square.",
            zh="对分母的局部导数是负的分子除以分母的平方。",
        ),
    ),
    "raise": (
        Phrase(en="power", zh="乘方"),
        Phrase(en="By the base: the exponent comes down, and is one less.", zh="对底数：指数移到前面，幂次减一。"),
        Phrase(
            en="By the exponent: the power itself times the logarithm of the base.", zh="对指数：幂自身乘以底数的对数。"
        ),
    ),
    "maximum": (Phrase(en="maximum", zh="取最大值"), ROUTED, ROUTED),
    "minimum": (Phrase(en="minimum", zh="取最小值"), ROUTED, ROUTED),
}
"""By type: what people call it, and its two derivatives."""


def lesson_of(layer: Layer) -> Lesson:
    """That of its type."""
    kind, first, second = TEXTS[layer.type]

    def of_input(scene: Scene, local: str) -> Phrase:
        return first if local == "x" else second

    return Lesson(kind, {}, chain, of_inputs=of_input)
