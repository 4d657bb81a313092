"""What people get wrong in every pool alike, besides its options."""

from cnncalc.language import Phrase
from cnncalc.layers.elementwise_mistakes import NEXT_LAYER_SKIPPED, activation_skipped
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _mask_forgotten(scene: Scene) -> Wrong:
    after = scene.after
    if after and after.layer.type == "relu":
        yield scene.backward(g=after["g"])["dx"]


ACTIVATION_SKIPPED = Mistake(
    "activation-skipped",
    "y",
    Phrase(
        en="The input of the activation before was used, not its output.",
        zh="用了前面激活函数的输入，而不是它的输出。",
    ),
    activation_skipped,
)
NEXT_MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "relu-mask-forgotten",
        "dx",
        Phrase(
            en="The mask of the ReLU behind this pool was forgotten; where the input of the ReLU is not above 0, its"
            " gradient must become 0 first: g · 1[x > 0].",
            zh="漏了池化之后 ReLU 的掩码；ReLU 输入不大于 0 的位置，梯度应先变为 0：g · 1[x > 0]。",
        ),
        _mask_forgotten,
    ),
    NEXT_LAYER_SKIPPED,
)
"""Of `dx`, where what lies behind the pool was left out."""
GRADIENT_STRIDE = Phrase(
    en="The windows were put side by side at stride 1 when the gradient was sent back; window (i, j) begins at"
    " (i · s, j · s).",
    zh="反向传播时窗口按步长 1 排列；窗口 (i, j) 的起点是 (i · s, j · s)。",
)
OVERWRITTEN = Phrase(
    en="Where windows overlap, one gradient overwrote the other; the gradients of all windows that a cell lies in add"
    " up (+=, not =).",
    zh="窗口重叠处后写的梯度覆盖了先写的；同一位置来自各窗口的梯度应相加（用 += 而不是 =）。",
)
NOT_UNPOOLED = Phrase(
    en="The gradient was left as large as the output of the pool; dx is as large as the input.",
    zh="梯度仍是池化输出的大小；dx 应与池化的输入同样大小。",
)
