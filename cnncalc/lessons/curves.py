"""What to say about activations that are a curve: what each does, and which derivative goes with it."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index
from cnncalc.lessons.lesson import Lessons, Reason, elementwise_chain, lesson
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
    "elu": curve("ELU", "ELU 激活")(
        "Each element passes as it is where it is above 0; below, an exponential bends it towards −alpha.",
        "大于 0 的元素原样通过；其余由指数函数弯向 −alpha。",
        "The gradient passes unchanged where the input is above 0; elsewhere it is multiplied by alpha ·"
        " $\\exp(\\x)$, which is the output plus alpha.",
        "输入大于 0 处梯度原样通过；其余位置乘以 alpha · $\\exp(\\x)$，即输出加 alpha。",
    ),
    "selu": curve("SELU", "SELU 激活")(
        "An ELU with two fixed factors, chosen so that activations tend towards mean 0 and variance 1.",
        "带两个固定系数的 ELU，系数的选取使激活值趋于均值 0、方差 1。",
        "The gradient is multiplied by the scale where the input is above 0, elsewhere by scale · alpha ·"
        " $\\exp(\\x)$.",
        "输入大于 0 处梯度乘以 scale，其余位置乘以 scale · alpha · $\\exp(\\x)$。",
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
