"""What to say about functions of one number and of two: what each is called, and its derivative."""

from collections.abc import Callable, Mapping

from cnncalc.language import Phrase
from cnncalc.lessons.curves import reasons, seen
from cnncalc.lessons.joining import chain
from cnncalc.lessons.lesson import Lesson, Lessons, elementwise_chain
from cnncalc.scene import Scene

DX = Phrase(
    en="The gradient that arrives is multiplied by the local derivative: {slope}.",
    zh="传回的梯度乘以局部导数：{slope}。",
)
OF_ONE: Mapping[str, tuple[Phrase, Phrase]] = {
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

ROUTED = Phrase(
    en="Only the input that was chosen acts on the result, so it gets the whole gradient and the other one 0; where"
    " both are equal, each gets half.",
    zh="只有被选中的输入影响结果，因此它得到全部梯度，另一个为 0；两者相等时各得一半。",
)
OF_TWO: Mapping[str, tuple[Phrase, Phrase, Phrase]] = {
    "divide": (
        Phrase(en="division", zh="除法"),
        Phrase(
            en="The local derivative with respect to the numerator is one over the denominator.",
            zh="对分子的局部导数是分母的倒数。",
        ),
        Phrase(
            en="The local derivative with respect to the denominator is minus the numerator over its square.",
            zh="对分母的局部导数是负的分子除以分母的平方。",
        ),
    ),
    "raise": (
        Phrase(en="power", zh="乘方"),
        Phrase(
            en="With respect to the base: the exponent comes down, and is one less.",
            zh="对底数：指数移到前面，幂次减一。",
        ),
        Phrase(
            en="With respect to the exponent: the power itself times the logarithm of the base.",
            zh="对指数：幂自身乘以底数的对数。",
        ),
    ),
    "maximum": (Phrase(en="maximum", zh="取最大值"), ROUTED, ROUTED),
    "minimum": (Phrase(en="minimum", zh="取最小值"), ROUTED, ROUTED),
}
"""By type: what people call it, and its two derivatives."""


def _of_inputs(first: Phrase, second: Phrase) -> Callable[[Scene, str], Phrase]:
    return lambda scene, local: first if local == "x" else second


LESSONS: Lessons = {
    **{
        function: Lesson(kind, {"dx": DX.format(slope=slope)}, elementwise_chain, reasons, seen)
        for function, (kind, slope) in OF_ONE.items()
    },
    **{
        function: Lesson(kind, {}, chain, of_inputs=_of_inputs(first, second))
        for function, (kind, first, second) in OF_TWO.items()
    },
}
