"""What people get wrong in every pool alike, besides its options."""

from cnncalc.language import Phrase
from cnncalc.layers.elementwise_mistakes import BEFORE_ACTIVATION, NEXT_LAYER_SKIPPED, RELU_BEHIND, activation_skipped
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _mask_forgotten(scene: Scene) -> Wrong:
    after = scene.after
    if after and after.layer.type == "relu":
        yield scene.backward(g=after["g"])["dx"]


ACTIVATION_SKIPPED = Mistake(
    "activation-skipped",
    "y",
    BEFORE_ACTIVATION,
    activation_skipped,
)
NEXT_MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "relu-mask-forgotten",
        "dx",
        RELU_BEHIND,
        _mask_forgotten,
    ),
    NEXT_LAYER_SKIPPED,
)
"""Of `dx`, where what lies behind the pool was left out."""
GRADIENT_STRIDE = Phrase(
    en="In the backward pass the windows were moved by 1; window (i, j) begins at (i · s, j · s).",
    zh="反向传播时忽略了步长，窗口按步长 1 移动；窗口 (i, j) 的起点是 (i · s, j · s)。",
)
OVERWRITTEN = Phrase(
    en="Where windows overlap, one gradient overwrote the other; the gradients of all windows that a cell lies in must"
    " be added up (+=, not =).",
    zh="窗口重叠处后写的梯度覆盖了先写的；同一位置来自各窗口的梯度应相加（用 += 而不是 =）。",
)
NOT_UNPOOLED = Phrase(
    en="The gradient is still as large as the output of the pool; dx is as large as its input.",
    zh="梯度仍是池化输出的大小，没有传回到各窗口；dx 应与池化的输入同样大小。",
)
