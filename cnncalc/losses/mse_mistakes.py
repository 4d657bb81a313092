"""What people get wrong in a mean squared error."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.losses.squared_error_mistakes import SHARED, elements


def _halved(scene: Scene) -> Wrong:
    yield scene.forward()["y"] * elements(scene) / 2
    yield scene.forward()["y"] / 2


def _halved_gradient(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] * elements(scene) / 2
    yield scene.backward()["dx"] / 2


def _summed(scene: Scene) -> Wrong:
    yield scene.forward()["y"] * elements(scene)


def _summed_gradient(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] * elements(scene)


HALVED = Phrase(
    en="Another convention: the loss was taken with a factor ½, so that its derivative has no factor 2. The mean"
    " squared error of this problem has no ½: L = Σ (x − t)² / n over the n elements, dL/dx = 2 · (x − t) / n.",
    zh="另一种约定：用了带 ½ 的损失，其导数没有因子 2。本题的均方误差不带 ½：对 n 个元素 L = Σ (x − t)² / n，"
    "dL/dx = 2 · (x − t) / n。",
)
SUMMED = Phrase(
    en="Another convention: the squared errors were added up. This problem takes the mean over the n elements:"
    " L = Σ (x − t)² / n, dL/dx = 2 · (x − t) / n.",
    zh="另一种约定：对平方误差求了和。本题对 n 个元素取平均：L = Σ (x − t)² / n，dL/dx = 2 · (x − t) / n。",
)

MISTAKES = (
    Mistake("half-added", "y", HALVED, _halved, "convention"),
    Mistake("half-added", "dx", HALVED, _halved_gradient, "convention"),
    Mistake("sum-for-mean", "y", SUMMED, _summed, "convention"),
    Mistake("sum-for-mean", "dx", SUMMED, _summed_gradient, "convention"),
    *SHARED,
)
