"""What people get wrong in the gradient of a softmax, whatever is behind it."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.losses.reduction import share
from cnncalc.losses.reduction_mistakes import REDUCTION, other_reduction
from cnncalc.losses.squared_error import SquaredError


def _skipped(scene: Scene) -> Wrong:
    yield scene["g"]


def _diagonal_only(scene: Scene) -> Wrong:
    y = scene["y"]
    yield scene["g"] * y * (1 - y)


def _diagonal_without_square(scene: Scene) -> Wrong:
    y, g = scene["y"], scene["g"]
    yield scene.backward()["dx"] + y * y * g


def _plus_off_the_diagonal(scene: Scene) -> Wrong:
    y, g = scene["y"], scene["g"]
    total = scene.numbers.sum(g * y, axis=1)[:, None]
    yield y * (g + total - g * y * 2)
    yield y * (g + total)


def _of_log_softmax(scene: Scene) -> Wrong:
    g, y = scene["g"], scene["y"]
    yield g - y * scene.numbers.sum(g, axis=1)[:, None]


def _upstream_forgotten(scene: Scene) -> Wrong:
    y = scene["y"]
    yield y * (1 - y)


def _derivative_twice(scene: Scene) -> Wrong:
    dx, y = scene.backward()["dx"], scene["y"]
    yield dx * y * (1 - y)
    yield scene.backward(g=dx)["dx"]


def _times_probability(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] * scene["y"]


def _other_reduction(scene: Scene) -> Wrong:
    after = scene.after
    other = other_reduction(after) if after is not None else None
    if after is not None and other is not None:
        yield scene.backward(g=after.backward(other)["dx"])["dx"]


def _shortcut_of_cross_entropy(scene: Scene) -> Wrong:
    after = scene.after
    if after is not None and isinstance(after.layer, SquaredError):
        difference = scene["y"] - after["target"]
        yield difference
        yield difference / share(after.layer, difference)


JACOBIAN = Phrase(
    en=" Every logit changes every probability: dz_k = p_k · (g_k − Σ_j g_j · p_j).",
    zh="每个 logit 都影响所有概率：dz_k = p_k · (g_k − Σ_j g_j · p_j)。",
)
P_MINUS_T = Phrase(
    en=" With cross-entropy behind the softmax, dz = p − t: p_k − 1 at the target class, p_k at every other (over N, if"
    " the loss is the mean over N samples).",
    zh="softmax 后接交叉熵时 dz = p − t：目标类为 p_k − 1，其余各类为 p_k（损失对 N 个样本取平均时再除以 N）。",
)


def with_ending(ending: Phrase, en: str, zh: str) -> Phrase:
    """What was done, and after it what is right."""
    return Phrase(en=en + ending.en, zh=zh + ending.zh)


GRADIENT = (
    Mistake(
        "shortcut-of-cross-entropy",
        "dx",
        with_ending(
            JACOBIAN,
            "The shortcut dz = p − t holds only where a cross-entropy follows the softmax; here it is a squared error.",
            "只有 softmax 后接交叉熵时才有 dz = p − t；本题用的是平方误差。",
        ),
        _shortcut_of_cross_entropy,
    ),
    Mistake(
        "softmax-diagonal-only",
        "dx",
        with_ending(
            JACOBIAN,
            "Only the diagonal of the softmax's Jacobian was used, g_k · p_k · (1 − p_k).",
            "只用了 softmax 的 Jacobian 矩阵的对角线：g_k · p_k · (1 − p_k)。",
        ),
        _diagonal_only,
    ),
    Mistake(
        "softmax-diagonal-without-square",
        "dx",
        with_ending(
            JACOBIAN,
            "The diagonal of the softmax's Jacobian was taken as p_k; it is p_k · (1 − p_k).",
            "softmax 的 Jacobian 矩阵对角线取成了 p_k，应为 p_k · (1 − p_k)。",
        ),
        _diagonal_without_square,
    ),
    Mistake(
        "derivative-plus-for-minus",
        "dx",
        with_ending(
            JACOBIAN,
            "The minus sign off the diagonal of the softmax's Jacobian is missing: ∂p_j/∂z_k = −p_j · p_k for j ≠ k.",
            "softmax 的 Jacobian 矩阵非对角元素漏了负号：j ≠ k 时 ∂p_j/∂z_k = −p_j · p_k。",
        ),
        _plus_off_the_diagonal,
    ),
    Mistake(
        "derivative-applied-twice",
        "dx",
        with_ending(
            P_MINUS_T,
            "The derivative of the softmax was multiplied in once more; the gradient contains it already.",
            "又多乘了一次 softmax 的导数，而梯度中已经包含它。",
        ),
        _derivative_twice,
    ),
    Mistake(
        "times-probability",
        "dx",
        with_ending(P_MINUS_T, "The gradient was multiplied by p once more.", "梯度又多乘了一次 p。"),
        _times_probability,
    ),
    Mistake(
        "derivative-forgotten",
        "dx",
        with_ending(
            JACOBIAN,
            "The gradient at the probabilities was passed on as that at the logits; it must go back through the"
            " softmax.",
            "把对概率的梯度当成了对 logits 的梯度；应先反向传播经过 softmax。",
        ),
        _skipped,
    ),
    Mistake(
        "upstream-forgotten",
        "dx",
        with_ending(
            JACOBIAN,
            "This is the softmax's own derivative p_k · (1 − p_k); the upstream gradient g is missing.",
            "这只是 softmax 自身的导数 p_k · (1 − p_k)，漏乘了上游梯度 g。",
        ),
        _upstream_forgotten,
    ),
    Mistake(
        "log-softmax-derivative",
        "dx",
        with_ending(
            JACOBIAN,
            "This is the gradient of a log-softmax, g_k − p_k · Σ_j g_j; this layer is a softmax.",
            "这是 log-softmax 的梯度：g_k − p_k · Σ_j g_j；本层是 softmax。",
        ),
        _of_log_softmax,
    ),
    Mistake("other-reduction", "dx", REDUCTION, _other_reduction, "convention"),
)
