"""What people get wrong in a ReLU."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from cnncalc.layers.activations.leaky_relu import LeakyRelu
from cnncalc.layers.activations.relu import Relu
from cnncalc.layers.avg_pool import AvgPool
from cnncalc.layers.joining.several import ElementByElement
from cnncalc.mistakes.families import ACTIVATION_FORGOTTEN, LAYER_SKIPPED, OUTPUT_FOR_DERIVATIVE
from cnncalc.mistakes.joining.several import Inputs, activated_before
from cnncalc.mistakes.take import Take, mistake, need

RIGHT = "dx = g · 1[x > 0]"


def other_masks(s: Take) -> Iterator[Any]:
    """The gradient by the sign of tensors that lie near enough to be taken for the input."""
    before, after = s.scene.before, s.scene.after
    near = [before["x"] if before else None, after["y"] if after else None]
    near += [other["x"] for other in s.scene.chain if other is not s.scene and isinstance(other.layer, Relu)]
    masks = [s.above(one) for one in near if one is not None and one.shape == s.x.shape]
    # A mask that lets all through is one forgotten.
    yield from (s.where(mask, s.g) for mask in masks if not mask.all())
    if isinstance(s.after.layer, AvgPool):
        # The pooled map decides, before its gradient is spread.
        yield s.after.again(of="dx", g=s.where(s.above(s.after.y), s.after.g))


def before_addition(s: Take) -> Iterator[Any]:
    """Of the inputs of a sum, which went through the ReLU by themselves."""
    before = s.scene.before
    need(before and isinstance(before.layer, ElementByElement))
    assert before is not None, "needed"
    yield from activated_before(Inputs(before, "y"), s.layer)


MISTAKES = (
    ACTIVATION_FORGOTTEN,
    mistake("activation-too-early: y")(
        "The ReLU was applied to an input of the layer before; it comes after that layer, on what that gives (in a"
        " residual block after the addition).",
        "ReLU 过早地作用在了上一层的输入上；它应作用于上一层的输出（在残差块中即相加之后）。",
        before_addition,
    ),
    mistake("relu-as-step: y")(
        "Positive numbers became 1; a ReLU leaves them as they are. 1 and 0 are its derivative, not its value.",
        "正数被写成了 1；ReLU 对正数保持原值，1 和 0 是它的导数而不是函数值。",
        lambda s: s.where(s.above(s.x), s.ones(s.x)),
    ),
    mistake("relu-wrong-half: y")(
        "The negative numbers were kept and the positive ones cut; it is the other way round: y = max(0, x).",
        "保留了负数而把正数置为 0；应当相反：y = max(0, x)。",
        lambda s: s.x - s.again(),
    ),
    mistake("relu-as-absolute-value: y")(
        "Negative numbers changed their sign as in |x|; a ReLU makes them 0: y = max(0, x).",
        "负数被取了绝对值 |x|；ReLU 应把负数变为 0：y = max(0, x)。",
        lambda s: 2 * s.again() - s.x,
    ),
    mistake("relu-mask-forgotten: dx", RIGHT)(
        "The upstream gradient was passed on as it is; where the input of the ReLU is not above 0, it must become 0",
        "上游梯度被原样传回；ReLU 输入不大于 0 的位置，梯度应为 0",
        lambda s: s.g,
    ),
    mistake("negative-gradients-zeroed: dx", RIGHT)(
        "Negative gradients were made 0, as if the ReLU applied to the gradient. The sign of the input decides, not"
        " that of the gradient",
        "负的梯度被置为 0，好像 ReLU 作用在梯度上。应由输入的符号决定，而不是梯度的符号",
        lambda s: s.where(s.above(s.g), s.g),
    ),
    mistake("negative-gradients-zeroed-too: dx", RIGHT)(
        "Besides the cells with x ≤ 0, negative gradients were made 0 as well (as in guided backpropagation). Only"
        " the input decides",
        "除了 x ≤ 0 的位置，负的梯度也被置为 0（如 guided backpropagation）。只应由输入决定",
        lambda s: s.again(g=s.where(s.above(s.g), s.g)),
    ),
    mistake("upstream-forgotten: dx", RIGHT)(
        "This is only the mask 1[x > 0]; it must be multiplied by the upstream gradient g",
        "这里只写了掩码 1[x > 0]，还应乘以上游梯度 g",
        lambda s: s.again(g=s.ones(s.g)),
    ),
    mistake("relu-mask-inverted: dx", RIGHT)(
        "The mask is inverted: the gradient passes where the input is above 0, and becomes 0 elsewhere",
        "掩码用反了：输入大于 0 的位置梯度通过，其余位置为 0",
        lambda s: s.g - s.again(),
    ),
    LAYER_SKIPPED.of("dx"),
    OUTPUT_FOR_DERIVATIVE,
    mistake("relu-as-absolute-value: dx", RIGHT)(
        "Where the input is not above 0, the gradient changed its sign, as that of |x| does; a ReLU makes it 0 there",
        "输入不大于 0 的位置，梯度变了号，这是 |x| 的梯度；ReLU 在这些位置的梯度为 0",
        lambda s: 2 * s.again() - s.g,
    ),
    mistake("relu-as-leaky: y dx")(
        "This is a leaky ReLU; a plain ReLU, and its gradient, is 0 wherever x is not above 0.",
        "这是 Leaky ReLU；而普通 ReLU 在 x 不大于 0 的位置，输出和梯度都为 0。",
        lambda s: [s.again(LeakyRelu()), s.again(LeakyRelu(slope=Decimal("0.1")))],
    ),
    mistake("relu-mask-from-wrong-tensor: dx", RIGHT)(
        "The mask was taken from another tensor; it belongs to the input of this ReLU",
        "掩码取自另一个张量；应由这个 ReLU 自己的输入决定",
        other_masks,
    ),
    mistake("~derivative-at-zero: dx", RIGHT)(
        "the derivative of ReLU at exactly 0 was taken as 1 (or 1/2). This problem takes 0",
        "把 ReLU 在 0 处的导数取为 1（或 1/2）。本题取 0",
        lambda s: [s.where(s.numbers.is_equal(s.x, 0), g, s.again()) for g in (s.g, s.g / 2)],
    ),
)
