"""What people get wrong in a step of gradient descent, w_new = w − lr · dL/dw."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import cast

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Loss
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.losses.update_mistakes import Descent, descent, is_update
from cnncalc.optimizers.sgd import Sgd
from cnncalc.records import replace


def _with_rate(scene: Scene, rate: int | Fraction) -> Array:
    return scene.forward(replace(scene.layer, lr=rate))["y"]


def _rate(scene: Scene) -> Fraction:
    rate = cast(Sgd, scene.layer).lr
    assert rate is not None, "check_options has asked for it"
    return Fraction(rate)


def _against(scene: Scene) -> Wrong:
    yield scene.forward(gradient=0 - scene["gradient"])["y"]


def _rate_forgotten(scene: Scene) -> Wrong:
    yield _with_rate(scene, 1)


def _rate_divided(scene: Scene) -> Wrong:
    yield _with_rate(scene, 1 / _rate(scene))


def _rate_misplaced(scene: Scene) -> Wrong:
    for factor in (Fraction(10), Fraction(1, 10), Fraction(100), Fraction(1, 100)):
        yield _with_rate(scene, _rate(scene) * factor)


def _step_alone(scene: Scene) -> Wrong:
    step = scene.forward(x=scene["x"] * 0)["y"]
    yield step
    yield 0 - step


def _not_updated(scene: Scene) -> Wrong:
    yield scene["x"]


def _updated_twice(scene: Scene) -> Wrong:
    yield _with_rate(scene, 2 * _rate(scene))


def _both_scaled(scene: Scene) -> Wrong:
    # lr · (w − dL/dw)
    rate = scene.numbers.number(_rate(scene))
    yield (scene["x"] - scene["gradient"]) * rate


def _other_gradient(scene: Scene) -> Wrong:
    for other in scene.chain:
        if other is not scene and is_update(other) and other["gradient"].shape == scene["gradient"].shape:
            yield scene.forward(gradient=other["gradient"])["y"]


# What needs the whole way through the net


def _own(scene: Scene) -> Iterator[tuple[Descent, int, str]]:
    """The way after the update, and where this parameter stands in it; nothing without a loss."""
    found = descent(scene)
    if found is not None:
        for (at, name), update in found.updates.items():
            if update is scene:
                yield found, at, name


def _updated_weights(scene: Scene) -> Wrong:
    for found, at, name in _own(scene):
        later = {place: update["y"] for place, update in found.updates.items() if place[0] > at}
        if later:
            tensors = found.forward(found.old())
            yield scene.forward(gradient=found.backward(tensors, later)[at][f"d{name}"])["y"]
            # Forward with them, too: one layer after the other is brought to an end, the last one first.
            again = found.forward({place: array for place, array in found.old().items() if place not in later})
            yield scene.forward(gradient=found.backward(again, {})[at][f"d{name}"])["y"]


def _one_sample(scene: Scene) -> Wrong:
    for found, at, name in _own(scene):
        samples, target = len(found.x), found.layers[-1]["target"]
        for n in range(samples if samples > 1 else 0):
            tensors = found.forward(found.old(), found.x[n : n + 1], target[n : n + 1])
            gradient = found.backward(tensors, {})[at][f"d{name}"]
            yield scene.forward(gradient=gradient)["y"]
            yield scene.forward(gradient=gradient / samples)["y"]


def _other_reduction(scene: Scene) -> Wrong:
    for found, _, _ in _own(scene):
        samples, loss = len(found.x), found.layers[-1].layer
        if samples > 1 and isinstance(loss, Loss):
            gradient = scene["gradient"]
            yield scene.forward(gradient=gradient * samples if loss.reduction == "mean" else gradient / samples)["y"]


RULE_EN, RULE_ZH = "w_new = w − lr · dL/dw.", "w_new = w − lr · dL/dw。"


def _phrase(en: str, zh: str) -> Phrase:
    return Phrase(en=f"{en}: {RULE_EN}", zh=f"{zh}：{RULE_ZH}")


MISTAKES: tuple[Mistake, ...] = (
    Mistake(
        "update-sign",
        "y",
        _phrase(
            "The step was added, which makes the loss larger; it goes against the gradient",
            "加上了梯度步，会使损失增大；应沿负梯度方向更新",
        ),
        _against,
    ),
    Mistake(
        "updated-weights-used",
        "y",
        Phrase(
            en="The gradient was computed with weights of later layers that were already updated. Every gradient is"
            " that from before the step: first compute all of them, then update.",
            zh="计算梯度时使用了后面层中已更新的权重。所有梯度都取更新前的值：应先算出全部梯度，再统一更新。",
        ),
        _updated_weights,
    ),
    Mistake(
        "learning-rate-forgotten",
        "y",
        _phrase("The gradient was not multiplied by the learning rate lr", "梯度没有乘以学习率 lr"),
        _rate_forgotten,
    ),
    Mistake(
        "learning-rate-divided",
        "y",
        _phrase(
            "The gradient was divided by the learning rate lr; it is multiplied by it",
            "梯度除以了学习率 lr；应当相乘",
        ),
        _rate_divided,
    ),
    Mistake(
        "step-alone",
        "y",
        _phrase(
            "This is only the step, lr · dL/dw; it is taken away from the old value",
            "这只是更新量 lr · dL/dw；应从旧值中减去它",
        ),
        _step_alone,
    ),
    Mistake(
        "learning-rate-on-everything",
        "y",
        _phrase(
            "The old value was multiplied by the learning rate lr as well; only the gradient is",
            "旧值也乘以了学习率 lr；只有梯度乘以它",
        ),
        _both_scaled,
    ),
    Mistake(
        "learning-rate-decimal-point",
        "y",
        _phrase(
            "The decimal point of the learning rate lr, or of lr · dL/dw, is in the wrong place",
            "学习率 lr（或 lr · dL/dw）的小数点位置错了",
        ),
        _rate_misplaced,
    ),
    Mistake(
        "updated-twice",
        "y",
        _phrase("The step was taken twice; the update is one step", "更新了两次；本题只更新一步"),
        _updated_twice,
    ),
    Mistake(
        "parameter-not-updated",
        "y",
        _phrase(
            "This parameter was left as it was; it is updated like the others",
            "这个参数没有更新；它应与其他参数一样更新",
        ),
        _not_updated,
    ),
    Mistake(
        "one-sample-only",
        "y",
        _phrase(
            "The gradient of one sample only was used; dL/dw is that of the loss of the whole mini-batch",
            "只用了一个样本的梯度；dL/dw 是整个小批量的损失的梯度",
        ),
        _one_sample,
    ),
    Mistake(
        "other-reduction",
        "y",
        Phrase(
            en="Another convention: the gradient of the loss summed over the mini-batch was used instead of the mean,"
            " or the other way round. The problem says which by `reduction` (mean if it says nothing).",
            zh="另一种约定：用了损失对小批量求和（而不是平均）时的梯度，或相反。本题由 `reduction` 规定，未写时取平均"
            "（mean）。",
        ),
        _other_reduction,
        "convention",
    ),
    Mistake(
        "gradient-of-another-parameter",
        "y",
        _phrase(
            "The gradient of another parameter was used; each parameter has its own",
            "用了另一个参数的梯度；每个参数应使用它自己的梯度",
        ),
        _other_gradient,
    ),
)
"""The most specific first."""
