"""What to say about functions of one number: what each is called, and its derivative."""

from __future__ import annotations

from collections.abc import Mapping

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer
from cnncalc.lessons.activations.curve import reasons, seen
from cnncalc.lessons.lesson import Lesson, elementwise_chain

DX = Phrase(
    en="The gradient that arrives is multiplied by the local derivative: {slope}.",
    zh="传回的梯度乘以局部导数：{slope}。",
)
TEXTS: Mapping[str, tuple[Phrase, Phrase]] = {
    "exp": (
        Phrase(en="exponential", zh="指数函数"),
        Phrase(en="the exponential is its own derivative", zh="指数函数的导数是它自身"),
    ),
    "log": (
        Phrase(en="logarithm", zh="对数函数"),
        Phrase(en="the derivative of the natural logarithm is 1/x", zh="自然对数的导数是 1/x"),
    ),
    "sqrt": (
        Phrase(en="square root", zh="平方根"),
        Phrase(en="the derivative of a root is one over twice the root", zh="平方根的导数是根的两倍的倒数"),
    ),
    "sin": (Phrase(en="sine", zh="正弦"), Phrase(en="the derivative of the sine is the cosine", zh="正弦的导数是余弦")),
    "cos": (
        Phrase(en="cosine", zh="余弦"),
        Phrase(en="the derivative of the cosine is minus the sine", zh="余弦的导数是负的正弦"),
    ),
    "reciprocal": (
        Phrase(en="division by x", zh="取倒数"),
        Phrase(en="the derivative of 1/x is −1/x²", zh="1/x 的导数是 −1/x²"),
    ),
    "scale": (
        Phrase(en="multiplication by a number", zh="乘以常数"),
        Phrase(en="it is the number itself, whatever x is", zh="即该常数，与 x 无关"),
    ),
    "shift": (
        Phrase(en="addition of a number", zh="加上常数"),
        Phrase(
            en="it is 1, or −1 where x is taken away; the number has no part in it",
            zh="为 1（被减时为 −1），与常数无关",
        ),
    ),
    "power": (
        Phrase(en="power", zh="幂函数"),
        Phrase(en="the exponent comes down, and is one less", zh="指数移到前面，幂次减一"),
    ),
    "exponential": (
        Phrase(en="exponential function", zh="指数函数"),
        Phrase(en="it is the function itself times the logarithm of its base", zh="函数自身乘以底数的对数"),
    ),
    "absolute": (
        Phrase(en="absolute value", zh="绝对值"),
        Phrase(en="it is the sign of x: 1 above 0, −1 below", zh="即 x 的符号：大于 0 时为 1，小于 0 时为 −1"),
    ),
    "at_least": (
        Phrase(en="maximum with a number", zh="与常数取最大值"),
        Phrase(en="1 where x is the larger one, 0 where the number is", zh="x 较大时为 1，常数较大时为 0"),
    ),
    "at_most": (
        Phrase(en="minimum with a number", zh="与常数取最小值"),
        Phrase(en="1 where x is the smaller one, 0 where the number is", zh="x 较小时为 1，常数较小时为 0"),
    ),
}
"""By type: what people call it, and what its derivative is."""


def lesson_of(layer: Layer) -> Lesson:
    """That of its type."""
    kind, slope = TEXTS[layer.type]
    return Lesson(kind, {"dx": DX.format(slope=slope)}, elementwise_chain, reasons, seen)
