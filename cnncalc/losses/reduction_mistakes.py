"""What people get wrong when a loss goes together over the mini-batch, whichever loss it is."""

from __future__ import annotations

from dataclasses import replace

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Loss
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.losses.reduction import share
from cnncalc.losses.update_mistakes import MISTAKES as UPDATE

REDUCTION = Phrase(
    en="Another convention: this is the loss summed over the mini-batch instead of averaged, or the other way round."
    " The problem says which by `reduction` (mean if it says nothing).",
    zh="另一种约定：损失对小批量取了和而不是平均（或相反）。本题由 `reduction` 规定，未写时取平均（mean）。",
)
NOT_SUMMED = Phrase(
    en="The losses of the samples were listed one by one; the loss is one number, their mean or sum (`reduction`).",
    zh="分别列出了各样本的损失；损失是一个数，即它们的平均或总和（由 `reduction` 规定）。",
)
ONE_SAMPLE = Phrase(
    en="This is the loss of one sample only; the loss is the mean or sum over all samples (`reduction`).",
    zh="这只是一个样本的损失；损失应是所有样本的平均或总和（由 `reduction` 规定）。",
)


def divided(scene: Scene, x: Array) -> Array:
    """Something of x's shape, each sample with the share in the loss that it has by the loss's reduction."""
    assert isinstance(scene.layer, Loss)
    return x / share(scene.layer, x)


def total(scene: Scene, x: Array) -> Array:
    """The sum over everything, with that share."""
    return scene.numbers.sum(divided(scene, x), axis=tuple(range(x.ndim)))


def other_reduction(scene: Scene) -> Loss | None:
    """The loss with the other reduction; None where the two are the same."""
    if len(scene["x"]) < 2 or not isinstance(scene.layer, Loss):
        return None
    return replace(scene.layer, reduction="sum" if scene.layer.reduction == "mean" else "mean")


def _other_loss(scene: Scene) -> Wrong:
    other = other_reduction(scene)
    if other is not None:
        yield scene.forward(other)["y"]


def _other_gradient(scene: Scene) -> Wrong:
    other = other_reduction(scene)
    if other is not None:
        yield scene.backward(other)["dx"]


def _alone(scene: Scene, n: int) -> Array:
    return scene.forward(x=scene["x"][n : n + 1], target=scene["target"][n : n + 1])["y"]


def _not_summed(scene: Scene) -> Wrong:
    samples = len(scene["x"])
    if samples > 1:
        losses = scene.numbers.zeros((samples,))
        for n in range(samples):
            losses[n] = _alone(scene, n)
        yield losses


def _one_sample(scene: Scene) -> Wrong:
    samples = len(scene["x"])
    for n in range(samples if samples > 1 else 0):
        yield _alone(scene, n)


MISTAKES = (
    Mistake("other-reduction", "y", REDUCTION, _other_loss, "convention"),
    Mistake("other-reduction", "dx", REDUCTION, _other_gradient, "convention"),
    Mistake("not-summed-over-batch", "y", NOT_SUMMED, _not_summed),
    Mistake("one-sample-only", "y", ONE_SAMPLE, _one_sample),
    *UPDATE,
)
"""Of every loss."""
