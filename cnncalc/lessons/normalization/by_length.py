"""What to say about layers that divide each sample by its own length."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.base import Layer
from cnncalc.lessons.lesson import Lesson

LESSONS = {
    "rms_norm": Lesson(
        Phrase(en="RMS norm", zh="均方根归一化（RMSNorm）"),
        {
            "y": Phrase(
                en="The scale is learned; there is no offset, and no mean is taken off.",
                zh="缩放系数可学习；没有平移，也不减均值。",
            ),
            "xhat": Phrase(
                en="Each sample is divided by its own root mean square; the other samples play no part.",
                zh="每个样本除以自身的均方根，与其他样本无关。",
            ),
            "dx": Phrase(
                en="The root mean square depends on x as well: what lies along xhat is taken off.",
                zh="均方根也依赖于 x，因此要减去沿 xhat 方向的分量。",
            ),
        },
        tensors={
            "rms": Phrase(en="the root mean square of each sample", zh="各样本的均方根"),
            "xhat": Phrase(en="x over its root mean square", zh="除以均方根后的 x"),
        },
    ),
    "l2_normalize": Lesson(
        Phrase(en="L2 normalization", zh="L2 归一化"),
        {
            "y": Phrase(
                en="Each sample is divided by its own L2 norm: the direction stays, the length becomes 1.",
                zh="每个样本除以自身的 L2 范数：方向不变，长度变为 1。",
            ),
            "dx": Phrase(
                en="The norm depends on x as well: what of the gradient lies along y is taken off, since a longer x"
                " gives the same y.",
                zh="范数也依赖于 x：x 沿自身方向伸缩时 y 不变，因此要减去梯度中沿 y 方向的分量。",
            ),
        },
        tensors={"norm": Phrase(en="the L2 norm of each sample", zh="各样本的 L2 范数")},
    ),
}


def lesson_of(layer: Layer) -> Lesson:
    """That of its type."""
    return LESSONS[layer.type]
