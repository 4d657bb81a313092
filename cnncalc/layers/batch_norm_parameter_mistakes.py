"""What people get wrong in the gradients of a batch norm's gamma and beta."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.language import Phrase
from cnncalc.layers.batch_norm_variants import averaged, right_axes, wrong_axes
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _from_other_tensor(local: str) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        yield scene.numbers.sum(scene["g"] * scene[local], axis=right_axes(scene))

    return rule


def _gamma_multiplied_in(local: str) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        yield scene.backward()[local] * scene["gamma"]

    return rule


def _not_summed(local: str) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        products = scene["g"] * scene["xhat"] if local == "dgamma" else scene["g"]
        yield products
        for axes in wrong_axes(scene):
            yield scene.numbers.sum(products, axis=axes)

    return rule


GAMMA_MULTIPLIED_IN = Phrase(
    en="The scale γ was multiplied in; neither of these gradients contains γ: dγ = Σ g · xhat, dβ = Σ g.",
    zh="多乘了 γ；这两个梯度不含 γ：dγ = Σ g · xhat，dβ = Σ g。",
)
AVERAGED = Phrase(
    en="The gradient was averaged; it is the sum over all elements that γ and β act on: dγ = Σ g · xhat, dβ = Σ g.",
    zh="对梯度取了平均；应对 γ、β 作用的所有元素求和：dγ = Σ g · xhat，dβ = Σ g。",
)
NOT_SUMMED = Phrase(
    en="The gradient was not summed, or summed over the wrong axes; one γ and one β act on a whole channel in all"
    " samples (with `over: activation`: on one activation in all samples), so sum over all of these: dγ = Σ g · xhat,"
    " dβ = Σ g.",
    zh="没有求和，或求和的范围不对；一个 γ、β 作用于所有样本的整个通道（`over: activation` 时为所有样本的同一激活值），"
    "应对它们全部求和：dγ = Σ g · xhat，dβ = Σ g。",
)

PARAMETERS = (
    Mistake(
        "x-for-xhat",
        "dgamma",
        Phrase(
            en="The input x was multiplied by g instead of the normalized xhat: dγ = Σ g · xhat.",
            zh="与 g 相乘的是 x，而不是归一化后的 xhat：dγ = Σ g · xhat。",
        ),
        _from_other_tensor("x"),
    ),
    Mistake(
        "y-for-xhat",
        "dgamma",
        Phrase(
            en="The output y was multiplied by g instead of the normalized xhat, which γ multiplies: dγ = Σ g · xhat.",
            zh="与 g 相乘的是 y，而不是 γ 所乘的 xhat：dγ = Σ g · xhat。",
        ),
        _from_other_tensor("y"),
    ),
    Mistake("gamma-multiplied-in", "dgamma", GAMMA_MULTIPLIED_IN, _gamma_multiplied_in("dgamma")),
    Mistake("gamma-multiplied-in", "dbeta", GAMMA_MULTIPLIED_IN, _gamma_multiplied_in("dbeta")),
    Mistake("gradient-averaged", "dgamma", AVERAGED, averaged("dgamma")),
    Mistake("gradient-averaged", "dbeta", AVERAGED, averaged("dbeta")),
    Mistake("summed-over-wrong-axes", "dgamma", NOT_SUMMED, _not_summed("dgamma")),
    Mistake("summed-over-wrong-axes", "dbeta", NOT_SUMMED, _not_summed("dbeta")),
)
