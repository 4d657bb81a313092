"""Wrong ways to normalize in a batch norm, each with what it makes of xhat, of y and of their gradients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal, NamedTuple

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.batch_norm_variants import (
    Variant,
    Way,
    epsilon,
    is_training,
    made,
    over_axes,
    reciprocal,
    reciprocal_root,
    right,
    right_axes,
    size,
    spread,
    wrong_axes,
)
from cnncalc.layers.mistake import Mistake, Scene


def _epsilon_forgotten(scene: Scene) -> Iterator[Variant]:
    root = reciprocal(scene, scene.numbers.sqrt(spread(scene, "var")))
    yield replace(right(scene), root=root)


def _epsilon_outside(scene: Scene) -> Iterator[Variant]:
    root = reciprocal(scene, scene.numbers.sqrt(spread(scene, "var")) + epsilon(scene))
    yield replace(right(scene), root=root)


def _epsilon_as_floor(scene: Scene) -> Iterator[Variant]:
    var, eps = spread(scene, "var"), epsilon(scene)
    is_above = scene.numbers.is_greater(var - eps, 0)
    # Where every variance is above eps, it is as if eps were forgotten.
    if not is_above.all():
        root = reciprocal(scene, scene.numbers.sqrt(np.where(is_above, var, eps)))
        yield replace(right(scene), root=root)


def _variance_for_deviation(scene: Scene) -> Iterator[Variant]:
    var = spread(scene, "var") + epsilon(scene)
    for divisor in (var, var * var):
        yield replace(right(scene), root=reciprocal(scene, divisor))


def _other_divisor(scene: Scene) -> Iterator[Variant]:
    if not is_training(scene):
        return
    true = right(scene)
    count = size(scene, right_axes(scene))
    divisor = 2 * count - 1 - true.divisor
    if divisor:
        var = spread(scene, "var") * true.divisor / divisor
        other = replace(true, root=reciprocal_root(scene, var))
        yield replace(other, divisor=divisor)
        yield other


def _over_wrong_axes(scene: Scene) -> Iterator[Variant]:
    if is_training(scene):
        for axes in wrong_axes(scene):
            yield over_axes(scene, axes)


def _of_other_mode(scene: Scene) -> Iterator[Variant]:
    if not is_training(scene):
        batch = over_axes(scene, right_axes(scene))
        yield batch
        yield replace(batch, axes=None)
    else:
        # The running statistics that a framework begins with: mean 0, variance 1.
        x = scene["x"]
        ones = scene.numbers.full((1,) * x.ndim, scene.numbers.number(1))
        yield replace(right(scene), centered=x, root=reciprocal_root(scene, ones), axes=None)


def _mean_not_subtracted(scene: Scene) -> Iterator[Variant]:
    yield replace(right(scene), centered=scene["x"])


def _deviation_forgotten(scene: Scene) -> Iterator[Variant]:
    true = right(scene)
    yield replace(true, root=true.root * 0 + 1)


class Wrongly(NamedTuple):
    """A way that is wrong, and the tensors in which it is looked for."""

    code: str
    way: Way
    tensors: tuple[str, ...]
    phrase: Phrase
    kind: Literal["mistake", "convention"] = "mistake"


ALL = ("xhat", "y", "dgamma", "dvar", "dmean", "dx")
DIVISOR = Phrase(
    en="Another convention: the variance was divided by m − 1 instead of m, or the other way round. This problem says"
    " which by `variance` (m, the number of elements, if it says nothing).",
    zh="另一种约定：方差除以了 m − 1 而不是 m（或相反）。本题由 `variance` 规定，未写时除以元素个数 m。",
)
AXES = Phrase(
    en="Mean and variance were taken over the wrong elements; here each channel has its own, over the whole mini-batch"
    " and all positions (with `over: activation`: each activation, over the mini-batch alone).",
    zh="均值和方差的统计范围不对；本题每个通道各有一个，对整个小批量和所有位置统计"
    "（`over: activation` 时每个激活值各有一个，只对小批量统计）。",
)
WAYS = (
    Wrongly(
        "epsilon-forgotten",
        _epsilon_forgotten,
        ALL,
        Phrase(
            en="The constant ε was forgotten: xhat = (x − mean) / √(var + ε).",
            zh="漏了 ε：xhat = (x − mean) / √(var + ε)。",
        ),
    ),
    Wrongly(
        "epsilon-outside-root",
        _epsilon_outside,
        ALL,
        Phrase(
            en="The constant ε was added outside the root; it is added to the variance, under the root: xhat = (x −"
            " mean) / √(var + ε).",
            zh="ε 加在了根号外；应加在根号内的方差上：xhat = (x − mean) / √(var + ε)。",
        ),
    ),
    Wrongly(
        "epsilon-as-floor",
        _epsilon_as_floor,
        ALL,
        Phrase(
            en="The constant ε was taken as a lower limit of the variance, max(var, ε); it is added: √(var + ε).",
            zh="把 ε 当成了方差的下限 max(var, ε)；应相加：√(var + ε)。",
        ),
    ),
    Wrongly(
        "variance-for-deviation",
        _variance_for_deviation,
        ALL,
        Phrase(
            en="It was divided by the variance or its square; divide by the standard deviation, √(var + ε).",
            zh="除以了方差或方差的平方；应除以标准差 √(var + ε)。",
        ),
    ),
    Wrongly("variance-divisor", _other_divisor, ALL, DIVISOR, "convention"),
    Wrongly("statistics-over-wrong-axes", _over_wrong_axes, ("xhat", "y", "dgamma", "dx"), AXES),
    Wrongly(
        "statistics-of-other-mode",
        _of_other_mode,
        ("xhat", "y", "dgamma", "dx"),
        Phrase(
            en="Training and inference were mixed up: in training mean and variance are those of the mini-batch; in"
            " inference they are the given ones, and constants.",
            zh="混淆了训练与推理：训练时用小批量的均值和方差；推理时用给定的均值和方差，并视为常数。",
        ),
    ),
    Wrongly(
        "mean-not-subtracted",
        _mean_not_subtracted,
        ("xhat", "y", "dgamma"),
        Phrase(
            en="The mean was not subtracted: xhat = (x − mean) / √(var + ε).",
            zh="没有减去均值：xhat = (x − mean) / √(var + ε)。",
        ),
    ),
    Wrongly(
        "deviation-forgotten",
        _deviation_forgotten,
        ("xhat", "y", "dgamma", "dvar", "dmean"),
        Phrase(
            en="The division by √(var + ε) is missing: xhat = (x − mean) / √(var + ε).",
            zh="漏了除以 √(var + ε)：xhat = (x − mean) / √(var + ε)。",
        ),
    ),
)
NORMALIZED = tuple(
    Mistake(wrongly.code, tensor, wrongly.phrase, made(tensor, wrongly.way), wrongly.kind)
    for wrongly in WAYS
    for tensor in wrongly.tensors
)
