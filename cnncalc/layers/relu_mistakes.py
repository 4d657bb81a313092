"""What people get wrong in a ReLU."""

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.avg_pool import AvgPool
from cnncalc.layers.elementwise_mistakes import (
    ACTIVATION_FORGOTTEN,
    NEXT_LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    ones,
    upstream_forgotten,
)
from cnncalc.layers.leaky_relu import LeakyRelu
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.relu import Relu


def _open(scene: Scene, tensor: Array) -> Array:
    """The elements where another tensor is above 0, and 0 elsewhere."""
    return np.where(scene.numbers.is_greater(scene["x"], 0), tensor, scene.numbers.zeros(()))


def _above_zero(scene: Scene, tensor: Array) -> Array:
    return np.where(scene.numbers.is_greater(tensor, 0), tensor, scene.numbers.zeros(()))


# The output


def _ones(scene: Scene) -> Wrong:
    yield _open(scene, ones(scene, "x"))


def _other_half(scene: Scene) -> Wrong:
    yield scene["x"] - _open(scene, scene["x"])


def _absolute(scene: Scene) -> Wrong:
    yield _open(scene, 2 * scene["x"]) - scene["x"]


def _leaky(scene: Scene) -> Wrong:
    yield scene.forward(LeakyRelu())["y"]
    yield scene.forward(LeakyRelu(slope=Decimal("0.1")))["y"]


# The gradient


def _mask_forgotten(scene: Scene) -> Wrong:
    yield scene["g"]


def _gradients_cut(scene: Scene) -> Wrong:
    yield _above_zero(scene, scene["g"])


def _both_cut(scene: Scene) -> Wrong:
    yield _open(scene, _above_zero(scene, scene["g"]))


def _mask_inverted(scene: Scene) -> Wrong:
    yield scene["g"] - _open(scene, scene["g"])


def _at_zero(scene: Scene) -> Wrong:
    right, kinks = scene.backward()["dx"], scene.numbers.is_equal(scene["x"], 0)
    yield np.where(kinks, scene["g"], right)
    yield np.where(kinks, scene["g"] / 2, right)


def _other_mask(scene: Scene) -> Wrong:
    for tensor in _rivals(scene):
        if tensor.shape != scene["x"].shape:
            continue
        mask = scene.numbers.is_greater(tensor, 0)
        # A mask that lets all through is one forgotten.
        if not mask.all():
            yield np.where(mask, scene["g"], scene.numbers.zeros(()))
    after = scene.after
    if after and isinstance(after.layer, AvgPool):
        # The pooled map decides, before its gradient is spread.
        yield after.backward(g=_masked(after))["dx"]


def _masked(pool: Scene) -> Array:
    return np.where(pool.numbers.is_greater(pool["y"], 0), pool["g"], pool.numbers.zeros(()))


def _rivals(scene: Scene) -> Iterator[Array]:
    """Tensors that lie near enough to be taken for the input."""
    if scene.before:
        yield scene.before["x"]
    if scene.after:
        yield scene.after["y"]
    for other in scene.chain:
        if other is not scene and isinstance(other.layer, Relu):
            yield other["x"]


def _absolute_gradient(scene: Scene) -> Wrong:
    yield _open(scene, 2 * scene["g"]) - scene["g"]


def _leaky_gradient(scene: Scene) -> Wrong:
    yield scene.backward(LeakyRelu())["dx"]
    yield scene.backward(LeakyRelu(slope=Decimal("0.1")))["dx"]


_LEAKY = Phrase(
    en="This is a leaky ReLU; a plain ReLU, and its gradient, is 0 wherever x is not above 0.",
    zh="这是 Leaky ReLU；而普通 ReLU 在 x 不大于 0 的位置，输出和梯度都为 0。",
)
_ABSOLUTE = Phrase(
    en="Negative numbers changed their sign as in |x|; a ReLU makes them 0: y = max(0, x).",
    zh="负数被取了绝对值 |x|；ReLU 应把负数变为 0：y = max(0, x)。",
)
_ABSOLUTE_GRADIENT = Phrase(
    en="Where the input is not above 0, the gradient changed its sign, as that of |x| does; a ReLU makes it 0 there:"
    " dx = g · 1[x > 0].",
    zh="输入不大于 0 的位置，梯度变了号，这是 |x| 的梯度；ReLU 在这些位置的梯度为 0：dx = g · 1[x > 0]。",
)

MISTAKES: tuple[Mistake, ...] = (
    ACTIVATION_FORGOTTEN,
    Mistake(
        "relu-as-step",
        "y",
        Phrase(
            en="Positive numbers became 1; a ReLU leaves them as they are. 1 and 0 are its derivative, not its value.",
            zh="正数被写成了 1；ReLU 对正数保持原值，1 和 0 是它的导数而不是函数值。",
        ),
        _ones,
    ),
    Mistake(
        "relu-wrong-half",
        "y",
        Phrase(
            en="The negative numbers were kept and the positive ones cut; it is the other way round: y = max(0, x).",
            zh="保留了负数而把正数置为 0；应当相反：y = max(0, x)。",
        ),
        _other_half,
    ),
    Mistake("relu-as-absolute-value", "y", _ABSOLUTE, _absolute),
    Mistake("relu-as-leaky", "y", _LEAKY, _leaky),
    Mistake(
        "relu-mask-forgotten",
        "dx",
        Phrase(
            en="The upstream gradient was passed on as it is; where the input of the ReLU is not above 0, it must"
            " become 0: dx = g · 1[x > 0].",
            zh="上游梯度被原样传回；ReLU 输入不大于 0 的位置，梯度应为 0：dx = g · 1[x > 0]。",
        ),
        _mask_forgotten,
    ),
    Mistake(
        "negative-gradients-zeroed",
        "dx",
        Phrase(
            en="Negative gradients were made 0, as if the ReLU applied to the gradient. The sign of the input decides,"
            " not that of the gradient: dx = g · 1[x > 0].",
            zh="负的梯度被置为 0，好像 ReLU 作用在梯度上。应由输入的符号决定，而不是梯度的符号：dx = g · 1[x > 0]。",
        ),
        _gradients_cut,
    ),
    Mistake(
        "negative-gradients-zeroed-too",
        "dx",
        Phrase(
            en="Besides the cells with x ≤ 0, negative gradients were made 0 as well (as in guided backpropagation)."
            " Only the input decides: dx = g · 1[x > 0].",
            zh="除了 x ≤ 0 的位置，负的梯度也被置为 0（如 guided backpropagation）。只应由输入决定：dx = g · 1[x > "
            "0]。",
        ),
        _both_cut,
    ),
    Mistake(
        "upstream-forgotten",
        "dx",
        Phrase(
            en="This is only the mask 1[x > 0]; it must be multiplied by the upstream gradient g: dx = g · 1[x > 0].",
            zh="这里只写了掩码 1[x > 0]，还应乘以上游梯度 g：dx = g · 1[x > 0]。",
        ),
        upstream_forgotten,
    ),
    Mistake(
        "relu-mask-inverted",
        "dx",
        Phrase(
            en="The mask is inverted: the gradient passes where the input is above 0, and becomes 0 elsewhere:"
            " dx = g · 1[x > 0].",
            zh="掩码用反了：输入大于 0 的位置梯度通过，其余位置为 0：dx = g · 1[x > 0]。",
        ),
        _mask_inverted,
    ),
    NEXT_LAYER_SKIPPED,
    OUTPUT_FOR_DERIVATIVE,
    Mistake("relu-as-absolute-value", "dx", _ABSOLUTE_GRADIENT, _absolute_gradient),
    Mistake("relu-as-leaky", "dx", _LEAKY, _leaky_gradient),
    Mistake(
        "relu-mask-from-wrong-tensor",
        "dx",
        Phrase(
            en="The mask was taken from another tensor; it belongs to the input of this ReLU: dx = g · 1[x > 0].",
            zh="掩码取自另一个张量；应由这个 ReLU 自己的输入决定：dx = g · 1[x > 0]。",
        ),
        _other_mask,
    ),
    Mistake(
        "derivative-at-zero",
        "dx",
        Phrase(
            en="Another convention: the derivative of ReLU at exactly 0 was taken as 1 (or 1/2). This problem takes 0:"
            " dx = g · 1[x > 0].",
            zh="另一种约定：把 ReLU 在 0 处的导数取为 1（或 1/2）。本题取 0：dx = g · 1[x > 0]。",
        ),
        _at_zero,
        "convention",
    ),
)
