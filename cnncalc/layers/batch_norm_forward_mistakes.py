"""What people get wrong in the forward pass of a batch norm outside the normalization: statistics, scale and shift."""

from __future__ import annotations

from cnncalc.arithmetic.base import Array
from cnncalc.language import Phrase
from cnncalc.layers.batch_norm_variants import epsilon, over_axes, right, right_axes, size, spread, wrong_axes
from cnncalc.layers.batch_norm_ways import AXES, DIVISOR
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _divisors(scene: Scene) -> list[int]:
    """What people divide by: nothing, the samples, the positions."""
    shape = scene["x"].shape
    return [1, shape[0], *([size(scene, tuple(range(2, len(shape))))] if len(shape) > 2 else [])]


def _mean_by_wrong_count(scene: Scene) -> Wrong:
    for divisor in _divisors(scene):
        yield scene.numbers.sum(scene["x"], axis=right_axes(scene)) / divisor


def _squares(scene: Scene) -> Array:
    centered = scene["x"] - spread(scene, "mean")
    return scene.numbers.sum(centered * centered, axis=right_axes(scene))


def _var_by_wrong_count(scene: Scene) -> Wrong:
    for divisor in _divisors(scene):
        yield _squares(scene) / divisor


def _mean_over_wrong_axes(scene: Scene) -> Wrong:
    for axes in wrong_axes(scene):
        yield scene.numbers.sum(scene["x"], axis=axes) / size(scene, axes)


def _var_over_wrong_axes(scene: Scene) -> Wrong:
    for axes in wrong_axes(scene):
        variant = over_axes(scene, axes)
        yield scene.numbers.sum(variant.centered * variant.centered, axis=axes) / variant.divisor


def _var_with_other_divisor(scene: Scene) -> Wrong:
    true = right(scene)
    divisor = 2 * size(scene, right_axes(scene)) - 1 - true.divisor
    if divisor:
        yield _squares(scene) / divisor


def _var_of_uncentered(scene: Scene) -> Wrong:
    yield scene.numbers.sum(scene["x"] * scene["x"], axis=right_axes(scene)) / right(scene).divisor


def _var_plus(scene: Scene) -> Wrong:
    yield _squares(scene) / right(scene).divisor + epsilon(scene)


def _deviation_for_variance(scene: Scene) -> Wrong:
    var = _squares(scene) / right(scene).divisor
    yield scene.numbers.sqrt(var)
    yield scene.numbers.sqrt(var + epsilon(scene))


def _gamma_forgotten(scene: Scene) -> Wrong:
    yield scene["xhat"] + spread(scene, "beta")


def _beta_forgotten(scene: Scene) -> Wrong:
    yield scene["xhat"] * spread(scene, "gamma")


def _gamma_and_beta_swapped(scene: Scene) -> Wrong:
    yield scene["xhat"] * spread(scene, "beta") + spread(scene, "gamma")


def _mean_minus_x(scene: Scene) -> Wrong:
    yield spread(scene, "beta") - scene["xhat"] * spread(scene, "gamma")


WRONG_COUNT = Phrase(
    en="The sum was divided by the wrong number, or not at all; m is the number of elements that are added up: N · H ·"
    " W for a channel of images.",
    zh="求和之后除数不对，或没有除；m 是参与求和的元素总数：对图像的一个通道为 N · H · W。",
)

FORWARD = (
    Mistake("wrong-divisor", "mean", WRONG_COUNT, _mean_by_wrong_count),
    Mistake("statistics-over-wrong-axes", "mean", AXES, _mean_over_wrong_axes),
    Mistake("variance-divisor", "var", DIVISOR, _var_with_other_divisor, "convention"),
    Mistake("wrong-divisor", "var", WRONG_COUNT, _var_by_wrong_count),
    Mistake("statistics-over-wrong-axes", "var", AXES, _var_over_wrong_axes),
    Mistake(
        "mean-not-subtracted",
        "var",
        Phrase(
            en="The mean was not subtracted before squaring: var = Σ (x − mean)² / m (or m − 1, see `variance`).",
            zh="平方之前没有减去均值：var = Σ (x − mean)² / m（或除以 m − 1，见 `variance`）。",
        ),
        _var_of_uncentered,
    ),
    Mistake(
        "deviation-for-variance",
        "var",
        Phrase(
            en="This is the standard deviation; the variance is its square, without a root: var = Σ (x − mean)² / m"
            " (or m − 1, see `variance`).",
            zh="这是标准差；方差是它的平方，不开方：var = Σ (x − mean)² / m（或除以 m − 1，见 `variance`）。",
        ),
        _deviation_for_variance,
    ),
    Mistake(
        "epsilon-in-variance",
        "var",
        Phrase(
            en="The constant ε was added to the variance itself; it is added only later, under the root: √(var + ε).",
            zh="把 ε 加进了方差本身；ε 只在之后开方时加：√(var + ε)。",
        ),
        _var_plus,
    ),
    Mistake(
        "gamma-forgotten",
        "y",
        Phrase(en="The scale γ was forgotten: y = γ · xhat + β.", zh="忘了乘以 γ：y = γ · xhat + β。"),
        _gamma_forgotten,
    ),
    Mistake(
        "beta-forgotten",
        "y",
        Phrase(en="The shift β was forgotten: y = γ · xhat + β.", zh="忘了加 β：y = γ · xhat + β。"),
        _beta_forgotten,
    ),
    Mistake(
        "gamma-and-beta-swapped",
        "y",
        Phrase(
            en="The scale γ and the shift β were swapped: y = γ · xhat + β.",
            zh="γ 与 β 的位置互换了：y = γ · xhat + β。",
        ),
        _gamma_and_beta_swapped,
    ),
    Mistake(
        "mean-minus-x",
        "y",
        Phrase(
            en="The difference has the wrong sign, mean − x: xhat = (x − mean) / √(var + ε).",
            zh="差的符号反了，成了 mean − x：xhat = (x − mean) / √(var + ε)。",
        ),
        _mean_minus_x,
    ),
)
