"""What people get wrong in the gradients of a batch norm."""

from __future__ import annotations

from collections.abc import Callable

from cnncalc.language import Phrase
from cnncalc.layers.batch_norm_variants import averaged, is_training, kept, means, right, right_axes, size, spread
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.records import replace


def _statistics_as_constants(scene: Scene) -> Wrong:
    if is_training(scene):
        yield scene["g"] * spread(scene, "gamma") * right(scene).root


def _as_in_training(scene: Scene) -> Wrong:
    if not is_training(scene):
        given, axes = right(scene), right_axes(scene)
        if size(scene, axes) == 1:
            return
        trained = replace(given, axes=axes)
        dxhat, (direct, through_var) = scene["g"] * spread(scene, "gamma"), means(scene, trained)
        yield (dxhat - direct - through_var) * given.root
        # With the variance's share in the gradient of the mean, which is 0 for the mini-batch's own mean.
        rest = kept(scene, through_var, axes) / size(scene, axes)
        yield (dxhat - direct - through_var + rest) * given.root


def _variance_as_constant(scene: Scene) -> Wrong:
    if is_training(scene):
        true = right(scene)
        yield (scene["g"] * spread(scene, "gamma") - means(scene, true)[0]) * true.root


def _mean_as_constant(scene: Scene) -> Wrong:
    if is_training(scene):
        true = right(scene)
        yield (scene["g"] * spread(scene, "gamma") - means(scene, true)[1]) * true.root


def _signs_within(scene: Scene) -> Wrong:
    if is_training(scene):
        true, dxhat = right(scene), scene["g"] * spread(scene, "gamma")
        direct, through_var = means(scene, true)
        yield (dxhat - direct + through_var) * true.root
        yield (dxhat + direct - through_var) * true.root
        yield (dxhat + direct + through_var) * true.root


def _sums_not_averaged(scene: Scene) -> Wrong:
    if is_training(scene):
        true, dxhat = right(scene), scene["g"] * spread(scene, "gamma")
        direct, through_var = means(scene, true)
        yield (dxhat - direct * size(scene, right_axes(scene)) - through_var * true.divisor) * true.root


def _without_root(scene: Scene) -> Wrong:
    dxhat = scene["g"] * spread(scene, "gamma")
    if is_training(scene):
        direct, through_var = means(scene, right(scene))
        yield dxhat - direct - through_var
    yield dxhat


def _root_twice(scene: Scene) -> Wrong:
    if is_training(scene):
        yield scene.backward()["dx"] * right(scene).root


def _gamma_forgotten(local: str) -> Callable[[Scene], Wrong]:
    def rule(scene: Scene) -> Wrong:
        yield scene.backward(gamma=scene["gamma"] * 0 + 1)[local]

    return rule


def _half_forgotten(scene: Scene) -> Wrong:
    yield scene.backward()["dvar"] * 2


def _exponent_not_lowered(scene: Scene) -> Wrong:
    true = right(scene)
    slopes = scene["g"] * spread(scene, "gamma") * true.centered * true.root
    for wrong in (slopes, slopes * true.root):
        yield 0 - scene.numbers.sum(wrong, axis=right_axes(scene)) / 2


def _xhat_for_centered(scene: Scene) -> Wrong:
    true = right(scene)
    cube = true.root * true.root * true.root
    slopes = scene["g"] * spread(scene, "gamma") * scene["xhat"] * cube
    yield 0 - scene.numbers.sum(slopes, axis=right_axes(scene)) / 2


DX = Phrase(
    en=" If mean and variance divide by the count m: dx = (dxhat − Σ dxhat / m − xhat · Σ (dxhat · xhat) / m) / √(var"
    " + ε), dxhat = γ · g.",
    zh="设均值和方差都除以元素个数 m：dx = (dxhat − Σ dxhat / m − xhat · Σ (dxhat · xhat) / m) / √(var + ε)，"
    "dxhat = γ · g。",
)


def _with(ending: Phrase, en: str, zh: str) -> Phrase:
    return Phrase(en=en + ending.en, zh=zh + ending.zh)


GAMMA_FORGOTTEN = Phrase(
    en="The scale γ was forgotten in the backward pass: y = γ · xhat + β, so dxhat = γ · g.",
    zh="反向传播时漏乘了 γ：y = γ · xhat + β，因此 dxhat = γ · g。",
)
_BEHIND_GAMMA = ("dxhat", "dvar", "dmean", "dx")
GRADIENT = (
    Mistake(
        "statistics-as-constants",
        "dx",
        _with(
            DX,
            "Mean and variance were taken as constants; both depend on x.",
            "把均值和方差当成了常数；二者都依赖于 x。",
        ),
        _statistics_as_constants,
    ),
    Mistake(
        "statistics-of-other-mode",
        "dx",
        Phrase(
            en="The gradient was computed by the formula for training. In inference the given mean and variance do not"
            " depend on x; they are constants: dx = γ · g / √(var + ε).",
            zh="用了训练时的梯度公式。推理时给定的均值和方差不依赖于 x，是常数：dx = γ · g / √(var + ε)。",
        ),
        _as_in_training,
    ),
    Mistake(
        "variance-as-constant",
        "dx",
        _with(DX, "The variance was taken as a constant; it depends on x.", "把方差当成了常数；它依赖于 x。"),
        _variance_as_constant,
    ),
    Mistake(
        "mean-as-constant",
        "dx",
        _with(DX, "The mean was taken as a constant; it depends on x.", "把均值当成了常数；它依赖于 x。"),
        _mean_as_constant,
    ),
    Mistake(
        "derivative-plus-for-minus",
        "dx",
        _with(
            DX,
            "A part that must be subtracted was added (that through the mean, that through the variance, or both).",
            "经过均值或方差的部分应减去，却被加上了。",
        ),
        _signs_within,
    ),
    Mistake(
        "sums-not-averaged",
        "dx",
        _with(DX, "The sums in it were not divided by m.", "公式中的两个和没有除以 m。"),
        _sums_not_averaged,
    ),
    Mistake(
        "deviation-forgotten",
        "dx",
        Phrase(
            en="The division by √(var + ε) is missing: xhat = (x − mean) / √(var + ε), so that dx has this divisor,"
            " too.",
            zh="漏了除以 √(var + ε)：xhat = (x − mean) / √(var + ε)，因此 dx 也要除以它。",
        ),
        _without_root,
    ),
    Mistake(
        "deviation-twice",
        "dx",
        Phrase(
            en="It was divided by √(var + ε) twice, that is by var + ε; divide only once.",
            zh="除了两次 √(var + ε)（即除以了 var + ε）；只应除一次。",
        ),
        _root_twice,
    ),
    *(Mistake("gamma-forgotten", local, GAMMA_FORGOTTEN, _gamma_forgotten(local)) for local in _BEHIND_GAMMA),
    Mistake(
        "derivative-half-forgotten",
        "dvar",
        Phrase(
            en="The factor ½ is missing: dvar = −½ · Σ dxhat · (x − mean) · (var + ε)^(−3/2).",
            zh="漏了因子 ½：dvar = −½ · Σ dxhat · (x − mean) · (var + ε)^(−3/2)。",
        ),
        _half_forgotten,
    ),
    Mistake(
        "exponent-not-lowered",
        "dvar",
        Phrase(
            en="The exponent is wrong; the derivative of (var + ε)^(−1/2) is −½ · (var + ε)^(−3/2):"
            " dvar = −½ · Σ dxhat · (x − mean) · (var + ε)^(−3/2).",
            zh="指数不对；(var + ε)^(−1/2) 的导数是 −½ · (var + ε)^(−3/2)："
            "dvar = −½ · Σ dxhat · (x − mean) · (var + ε)^(−3/2)。",
        ),
        _exponent_not_lowered,
    ),
    Mistake(
        "xhat-for-difference",
        "dvar",
        Phrase(
            en="The normalized xhat stands where x − mean belongs: dvar = −½ · Σ dxhat · (x − mean) · (var +"
            " ε)^(−3/2).",
            zh="应为 x − mean 的地方用了 xhat：dvar = −½ · Σ dxhat · (x − mean) · (var + ε)^(−3/2)。",
        ),
        _xhat_for_centered,
    ),
    Mistake(
        "gradient-averaged",
        "dmean",
        Phrase(
            en="The gradient was averaged; dmean is a sum: dmean = −Σ dxhat / √(var + ε).",
            zh="对梯度取了平均；dmean 是求和：dmean = −Σ dxhat / √(var + ε)。",
        ),
        averaged("dmean"),
    ),
)
