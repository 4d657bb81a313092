"""What people get wrong in a negative log-likelihood; x are log-probabilities, t is the target."""

from __future__ import annotations

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.log_softmax import LogSoftmax
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.losses.cross_entropy_forward_mistakes import BASES, logarithm, other_classes
from cnncalc.losses.cross_entropy_phrases import WRONG_CLASS
from cnncalc.losses.reduction_mistakes import MISTAKES as REDUCTION
from cnncalc.losses.reduction_mistakes import divided


def _ones(scene: Scene) -> Array:
    return scene.numbers.full(scene["x"].shape, scene.numbers.number(1))


def _log_softmax_before(scene: Scene) -> Scene | None:
    before = scene.before
    return before if before is not None and isinstance(before.layer, LogSoftmax) else None


# The loss


def _of_probabilities(scene: Scene) -> Wrong:
    yield scene.forward(x=scene.numbers.exp(scene["x"]))["y"]


def _logarithm_twice(scene: Scene) -> Wrong:
    again = scene.forward(x=scene.numbers.log(0 - scene["x"]))["y"]
    yield again
    yield 0 - again


def _softmax_twice(scene: Scene) -> Wrong:
    before = _log_softmax_before(scene)
    if before is not None:
        yield scene.forward(x=before.forward(x=scene.numbers.exp(scene["x"]))["y"])["y"]


def _of_logits(scene: Scene) -> Wrong:
    before = _log_softmax_before(scene)
    if before is not None:
        yield scene.forward(x=before["x"])["y"]


def _wrong_class(scene: Scene) -> Wrong:
    for target in other_classes(scene["target"]):
        yield scene.forward(target=target)["y"]


def _target_forgotten(scene: Scene) -> Wrong:
    yield scene.forward(target=_ones(scene))["y"]


def _mean_over_classes(scene: Scene) -> Wrong:
    yield scene.forward()["y"] / scene["x"].shape[1]


def _base(scene: Scene) -> Wrong:
    for base in BASES:
        yield scene.forward()["y"] / logarithm(scene, base)


# The gradient


def _at_logits(scene: Scene) -> Wrong:
    if _log_softmax_before(scene) is not None:
        yield divided(scene, scene.numbers.exp(scene["x"]) - scene["target"])


def _at_probabilities(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] / scene.numbers.exp(scene["x"])


def _logarithm_differentiated(scene: Scene) -> Wrong:
    if not scene.numbers.is_equal(scene["x"], 0).any():
        yield scene.backward()["dx"] / scene["x"]


def _not_differentiated(scene: Scene) -> Wrong:
    for target in (scene["target"], _ones(scene)):
        yield divided(scene, 0 - target * scene["x"])


def _wrong_class_in_gradient(scene: Scene) -> Wrong:
    for target in other_classes(scene["target"]):
        yield scene.backward(target=target)["dx"]


def _target_forgotten_in_gradient(scene: Scene) -> Wrong:
    yield scene.backward(target=_ones(scene))["dx"]


def _mean_over_classes_in_gradient(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] / scene["x"].shape[1]


TWICE = Phrase(
    en="The logarithm was taken once more; nll takes log-probabilities as given: L = −Σ_k t_k · x_k, dL/dx_k = −t_k.",
    zh="又取了一次对数；nll 直接使用 log 概率：L = −Σ_k t_k · x_k，dL/dx_k = −t_k。",
)
TARGET_FORGOTTEN = Phrase(
    en="Every class was counted; the target t leaves only the right class: L = −Σ_k t_k · x_k, dL/dx_k = −t_k.",
    zh="把所有类都算进去了；目标 t 只保留正确类：L = −Σ_k t_k · x_k，dL/dx_k = −t_k。",
)
MEAN_OVER_CLASSES = Phrase(
    en="The mean over the classes was taken; nll is their sum: L = −Σ_k t_k · x_k.",
    zh="对类别取了平均；nll 对类别求和：L = −Σ_k t_k · x_k。",
)

MISTAKES: tuple[Mistake, ...] = (
    Mistake("wrong-class", "y", WRONG_CLASS, _wrong_class),
    Mistake(
        "logarithm-forgotten",
        "y",
        Phrase(
            en="Probabilities were used; nll takes their logarithms, the log-probabilities x: L = −Σ_k t_k · x_k.",
            zh="用了概率；nll 使用概率的对数，即 log 概率 x：L = −Σ_k t_k · x_k。",
        ),
        _of_probabilities,
    ),
    Mistake("logarithm-twice", "y", TWICE, _logarithm_twice),
    Mistake(
        "softmax-twice",
        "y",
        Phrase(
            en="The log-softmax was applied to probabilities, as if there were two softmaxes; it is applied once, to"
            " the logits.",
            zh="对概率又做了一次 log-softmax，相当于做了两次 softmax；应只对 logits 做一次。",
        ),
        _softmax_twice,
    ),
    Mistake(
        "activation-skipped",
        "y",
        Phrase(
            en="The logits were used as they are, before the log-softmax; nll takes the log-probabilities behind it:"
            " L = −Σ_k t_k · x_k.",
            zh="直接用了 log-softmax 之前的 logits；nll 使用其后的 log 概率：L = −Σ_k t_k · x_k。",
        ),
        _of_logits,
    ),
    Mistake(
        "logarithm-base",
        "y",
        Phrase(
            en="The logarithm to base 2 or 10 was taken; the log-probabilities here are natural logarithms, ln.",
            zh="用了以 2 或 10 为底的对数；本题的 log 概率为自然对数 ln。",
        ),
        _base,
    ),
    Mistake("target-forgotten", "y", TARGET_FORGOTTEN, _target_forgotten),
    Mistake("mean-over-classes", "y", MEAN_OVER_CLASSES, _mean_over_classes),
    Mistake(
        "gradient-at-logits",
        "dx",
        Phrase(
            en="This is p − t, the gradient at the logits before the log-softmax; at its output it is −t_k.",
            zh="p − t 是对 logits（log-softmax 之前）的梯度；对 log 概率的梯度是 −t_k。",
        ),
        _at_logits,
    ),
    Mistake(
        "gradient-at-probabilities",
        "dx",
        Phrase(
            en="This is −t_k / p_k, the gradient at the probabilities; at the log-probabilities it is −t_k.",
            zh="−t_k / p_k 是对概率的梯度；对 log 概率的梯度是 −t_k。",
        ),
        _at_probabilities,
    ),
    Mistake("logarithm-twice", "dx", TWICE, _logarithm_differentiated),
    Mistake(
        "not-differentiated",
        "dx",
        Phrase(
            en="The loss was not differentiated: this is −t_k · x_k or −x_k; the derivative by x_k is −t_k.",
            zh="没有求导，仍是 −t_k · x_k 或 −x_k；对 x_k 的导数为 −t_k。",
        ),
        _not_differentiated,
    ),
    Mistake("wrong-class", "dx", WRONG_CLASS, _wrong_class_in_gradient),
    Mistake("target-forgotten", "dx", TARGET_FORGOTTEN, _target_forgotten_in_gradient),
    Mistake("mean-over-classes", "dx", MEAN_OVER_CLASSES, _mean_over_classes_in_gradient),
    *REDUCTION,
)
"""The most specific first."""
