"""What to say about functions of one number and of two: what each is called, and its derivative."""

from collections.abc import Iterator, Sequence

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.curves import reasons, seen
from cnncalc.lessons.joining import chain
from cnncalc.lessons.lesson import Lesson, Lessons, Reason, elementwise_chain
from cnncalc.scene import Scene

EACH = Phrase(en="The function is applied to each element by itself.", zh="对每个元素分别作用该函数。")
DX = Phrase(
    en="The gradient that arrives is multiplied by the local derivative: {slope}.",
    zh="传回的梯度乘以局部导数：{slope}。",
)


def of_one(en: str, zh: str, slope_en: str, slope_zh: str) -> Lesson:
    """Of a function of one number: what people call it, and what its derivative is."""
    dx = DX.format(slope=Phrase(slope_en, slope_zh))
    return Lesson(Phrase(en, zh), {"y": EACH, "dx": dx}, elementwise_chain, reasons, seen)


def of_two(en: str, zh: str, first: Phrase, second: Phrase) -> Lesson:
    """Of a function of two: what people call it, and its two derivatives."""
    return Lesson(Phrase(en, zh), {}, chain, of_inputs=lambda scene, local: first if local == "x" else second)


ROUTED = Phrase(
    en="Only the input that was chosen acts on the result, so it gets the whole gradient and the other one 0; where"
    " both are equal, each gets half.",
    zh="只有被选中的输入影响结果，因此它得到全部梯度，另一个为 0；两者相等时各得一半。",
)
LARGER = Phrase(en="{a} is larger than {b}.", zh="{a} 大于 {b}。")
SMALLER = Phrase(en="{a} is smaller than {b}.", zh="{a} 小于 {b}。")
EQUAL = Phrase(en="{a} is equal to {b}.", zh="{a} 等于 {b}。")


def _both(tensor: str, index: Index) -> tuple[Entry, Entry]:
    """What the result is chosen from; of a gradient, its own input first."""
    x, other = Entry("x", index), Entry("xb", index)
    return (other, x) if tensor == "dxb" else (x, other)


def _choice(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    """Which of both is larger; of the result itself it is seen."""
    if tensor == "y":
        return
    about = _both(tensor, index)
    own, other = (scene[entry.tensor][entry.index] for entry in about)
    is_equal = bool(scene.numbers.is_known_equal(own - other, 0))
    yield Reason(EQUAL if is_equal else LARGER if scene.numbers.is_greater(own, other) else SMALLER, about)


def _compared(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    return _both(tensor, index) if tensor == "y" else ()


LESSONS: Lessons = {
    "exp": of_one("exponential", "指数函数", "the exponential is its own derivative", "指数函数的导数是它自身"),
    "log": of_one(
        "logarithm", "对数函数", "the derivative of the natural logarithm is $1/\\x$", "自然对数的导数是 $1/\\x$"
    ),
    "sqrt": of_one(
        "square root", "平方根", "the derivative of a root is one over twice the root", "平方根的导数是根的两倍的倒数"
    ),
    "sin": of_one("sine", "正弦", "the derivative of the sine is the cosine", "正弦的导数是余弦"),
    "cos": of_one("cosine", "余弦", "the derivative of the cosine is minus the sine", "余弦的导数是负的正弦"),
    "reciprocal": of_one(
        "reciprocal", "取倒数", "the derivative of $1/\\x$ is $-1/\\x^2$", "$1/\\x$ 的导数是 $-1/\\x^2$"
    ),
    "scale": of_one(
        "multiplication by a number",
        "乘以常数",
        "it is the number itself, whatever $\\x$ is",
        "即该常数，与 $\\x$ 无关",
    ),
    "shift": of_one(
        "addition of a number",
        "加上常数",
        "it is 1, or −1 where $\\x$ is taken away; the number has no part in it",
        "为 1（被减时为 −1），与常数无关",
    ),
    "power": of_one("power", "幂函数", "the exponent comes down, and is one less", "指数移到前面，幂次减一"),
    "exponential": of_one(
        "exponential function",
        "指数函数",
        "it is the function itself times the logarithm of its base",
        "函数自身乘以底数的对数",
    ),
    "absolute": of_one(
        "absolute value",
        "绝对值",
        "it is the sign of $\\x$: 1 above 0, −1 below",
        "即 $\\x$ 的符号：大于 0 时为 1，小于 0 时为 −1",
    ),
    "at_least": of_one(
        "maximum with a number",
        "与常数取最大值",
        "1 where $\\x$ is the larger one, 0 where the number is",
        "$\\x$ 较大时为 1，常数较大时为 0",
    ),
    "at_most": of_one(
        "minimum with a number",
        "与常数取最小值",
        "1 where $\\x$ is the smaller one, 0 where the number is",
        "$\\x$ 较小时为 1，常数较小时为 0",
    ),
    "divide": of_two(
        "division",
        "除法",
        Phrase(
            en="The local derivative with respect to the numerator is one over the denominator.",
            zh="对分子的局部导数是分母的倒数。",
        ),
        Phrase(
            en="The local derivative with respect to the denominator is minus the numerator over its square.",
            zh="对分母的局部导数是负的分子除以分母的平方。",
        ),
    ),
    "raise": of_two(
        "power",
        "乘方",
        Phrase(
            en="With respect to the base: the exponent comes down, and is one less.",
            zh="对底数：指数移到前面，幂次减一。",
        ),
        Phrase(
            en="With respect to the exponent: the power itself times the logarithm of the base.",
            zh="对指数：幂自身乘以底数的对数。",
        ),
    ),
    "maximum": Lesson(Phrase("maximum", "取最大值"), {"dx": ROUTED}, chain, _choice, compared=_compared),
    "minimum": Lesson(Phrase("minimum", "取最小值"), {"dx": ROUTED}, chain, _choice, compared=_compared),
}
