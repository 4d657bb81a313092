"""What to say about activations that are a curve, and functions of one number and of two: what each does, its slope."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.joining import chain
from cnncalc.lessons.lesson import Lesson, Lessons, Reason, elementwise_chain, lesson
from cnncalc.scene import Scene

FLAT = (
    "The function is flat on both sides of its jump, so its derivative is 0 and no gradient passes; networks with it"
    " are trained by other rules.",
    "该函数在跳变点两侧都是常数，导数为 0，梯度无法通过；含有它的网络要用别的规则训练。",
)
CUT = (
    "The gradient passes where the function rises, and none where it is cut off and flat.",
    "函数上升的区间内梯度可以通过；被截断的平坦区间内梯度为 0。",
)
WHERE = Phrase(en="{a} decides which piece of the function holds here.", zh="由 {a} 决定此处用函数的哪一段。")


def reasons(scene: Scene, tensor: str, index: Index) -> Iterator[Reason]:
    """The piece, where there are several."""
    layer: Any = scene.layer
    if len({piece.y_source for piece in layer.pieces()}) > 1:
        yield Reason(WHERE, (Entry("x", index),))


def seen(scene: Scene, tensor: str, index: Index) -> Sequence[Entry]:
    """The input."""
    return (Entry("x", index),)


curve = partial(lesson, chain=elementwise_chain, reasons=reasons, seen=seen)
"""What people call it; then what is done, and how the gradient goes back."""


def _elu(layer: Any) -> Lesson:
    """With the number that alpha is."""
    alpha, factor = layer.alpha, "" if layer.alpha == 1 else f"{layer.alpha} · "
    return curve("ELU", "ELU 激活")(
        f"Each element passes as it is where it is above 0; below, an exponential bends it towards −{alpha}.",
        f"大于 0 的元素原样通过；其余由指数函数弯向 −{alpha}。",
        f"The gradient passes unchanged where the input is above 0; elsewhere it is multiplied by {factor}"
        f"$\\exp(\\x)$, which is the output plus {alpha}.",
        f"输入大于 0 处梯度原样通过；其余位置乘以 {factor}$\\exp(\\x)$，即输出加 {alpha}。",
    )


CURVES: Lessons = {
    "step": curve("step function", "阶跃函数")(
        "Each element becomes 1 where it is above 0, and 0 below: fire or not.",
        "逐元素判断：大于 0 输出 1，小于 0 输出 0。",
        *FLAT,
    ),
    "sign": curve("sign function", "符号函数")(
        "Of each element only the sign is kept: 1, 0 or −1.", "逐元素只保留符号：1、0 或 −1。", *FLAT
    ),
    "relu6": curve("ReLU6", "ReLU6 激活")(
        "A ReLU that is cut off at 6, so that a few bits can hold its values.",
        "在 6 处截断的 ReLU，便于用低精度数值表示。",
        *CUT,
    ),
    "hard_sigmoid": curve("hard sigmoid", "Hard Sigmoid 激活")(
        "A sigmoid drawn with three straight lines: 0, one that rises through 1/2 at 0, and 1.",
        "用三段直线近似 Sigmoid：0、过点 (0, 1/2) 的上升直线、1。",
        *CUT,
    ),
    "hard_tanh": curve("hard tanh", "Hard Tanh 激活")(
        "Each element passes as it is between two bounds, and is cut off there.",
        "上下界之间的元素原样通过，超出部分截断到边界值。",
        *CUT,
    ),
    "elu": _elu,
    "selu": curve("SELU", "SELU 激活")(
        "An ELU with two fixed factors, chosen so that activations tend towards mean 0 and variance 1.",
        "带两个固定系数的 ELU，系数的选取使激活值趋于均值 0、方差 1。",
        "The gradient is multiplied by the first factor where the input is above 0, elsewhere by both and by"
        " $\\exp(\\x)$.",
        "输入大于 0 处梯度乘以第一个系数，其余位置乘以两个系数与 $\\exp(\\x)$ 之积。",
    ),
    "gelu": curve("GELU", "GELU 激活")(
        "Each element is multiplied by a weight between 0 and 1 that grows with it: the probability that a standard"
        " normal variable is smaller, or what comes near to that.",
        "每个元素乘以一个随其增大的 0 到 1 之间的权重，即标准正态变量小于它的概率（或其近似值）。",
        "By the product rule: the weight itself, and the input times the derivative of the weight.",
        "按乘积求导法则：权重本身，加上输入乘以权重的导数。",
    ),
    "silu": curve("SiLU", "SiLU（swish）激活")(
        "Each element is multiplied by its own sigmoid.",
        "每个元素乘以它自己的 sigmoid。",
        "By the product rule: the sigmoid itself, and the input times the derivative of the sigmoid.",
        "按乘积求导法则：sigmoid 本身，加上输入乘以 sigmoid 的导数。",
    ),
    "mish": curve("Mish", "Mish 激活")(
        "Each element is multiplied by the tanh of its own softplus.",
        "每个元素乘以它自己的 softplus 的 tanh。",
        "By the product rule: the tanh itself, and the input times the derivative of the tanh, in which the derivative"
        " of softplus is the sigmoid.",
        "按乘积求导法则：tanh 本身，加上输入乘以 tanh 的导数，其中 softplus 的导数为 sigmoid。",
    ),
    "hard_swish": curve("hard swish", "Hard Swish 激活")(
        "A swish of simple pieces: 0 up to −3, the input itself from 3 on, and a parabola between.",
        "分段近似的 swish：−3 以下为 0，3 以上为输入本身，中间是一段抛物线。",
        "The gradient passes unchanged from 3 on and not at all up to −3; between, it is multiplied by the slope of the"
        " parabola, $\\x/3 + 1/2$.",
        "3 以上梯度原样通过，−3 以下为 0；中间乘以抛物线的斜率 $\\x/3 + 1/2$。",
    ),
    "softplus": curve("softplus", "Softplus 激活")(
        "A smooth ReLU: near 0 far below, near the input far above.",
        "平滑的 ReLU：很小时接近 0，很大时接近输入本身。",
        "The derivative of softplus is the sigmoid.",
        "Softplus 的导数就是 sigmoid。",
    ),
    "softsign": curve("softsign", "Softsign 激活")(
        "Each element is divided by 1 plus its magnitude, and so squashed between −1 and 1.",
        "每个元素除以 1 加上自身的绝对值，压缩到 −1 与 1 之间。",
        "The derivative is the square of $1/(1 + |\\x|)$, on both sides of 0.",
        "0 的两侧导数都是 $1/(1 + |\\x|)$ 的平方。",
    ),
    "activation": lesson("a general activation", "一般的激活函数", chain=elementwise_chain)(
        "The same function is applied to each element; which one it is, is left open.",
        "对每个元素作用同一个函数；具体是哪个函数，此处不作限定。",
        "Each output depends on its own input alone. So by the chain rule the gradient that arrives is multiplied by"
        " the derivative of the function at that input.",
        "每个输出只依赖于自己的输入，因此按链式法则，传回的梯度乘以该函数在此输入处的导数。",
    ),
}


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
