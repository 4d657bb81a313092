"""What people get wrong in half the squared error."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.losses.squared_error_mistakes import SHARED, elements


def _half_forgotten(scene: Scene) -> Wrong:
    yield scene.forward()["y"] * 2


def _half_forgotten_gradient(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] * 2


def _averaged(scene: Scene) -> Wrong:
    yield scene.forward()["y"] * 2 / elements(scene)
    yield scene.forward()["y"] / elements(scene)


def _averaged_gradient(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] * 2 / elements(scene)
    yield scene.backward()["dx"] / elements(scene)


def _half_kept(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] / 2


HALF_FORGOTTEN = Phrase(
    en="Another convention: the loss was taken without the factor ½. This problem has the ½: L = ½ Σ (x − t)²,"
    " dL/dx = x − t.",
    zh="另一种约定：损失没有带因子 ½。本题带 ½：L = ½ Σ (x − t)²，dL/dx = x − t。",
)
AVERAGED = Phrase(
    en="Another convention: the squared errors were averaged over the elements. This problem takes half their sum:"
    " L = ½ Σ (x − t)², dL/dx = x − t.",
    zh="另一种约定：对平方误差按元素取了平均。本题取和的一半：L = ½ Σ (x − t)²，dL/dx = x − t。",
)

MISTAKES = (
    Mistake("half-forgotten", "y", HALF_FORGOTTEN, _half_forgotten, "convention"),
    Mistake("half-forgotten", "dx", HALF_FORGOTTEN, _half_forgotten_gradient, "convention"),
    Mistake(
        "half-kept",
        "dx",
        Phrase(
            en="The ½ was kept in the gradient; the 2 that comes down from the square cancels it: dL/dx = x − t.",
            zh="梯度中保留了 ½；平方求导得到的 2 与它抵消：dL/dx = x − t。",
        ),
        _half_kept,
    ),
    Mistake("mean-for-sum", "y", AVERAGED, _averaged, "convention"),
    Mistake("mean-for-sum", "dx", AVERAGED, _averaged_gradient, "convention"),
    *SHARED,
)
