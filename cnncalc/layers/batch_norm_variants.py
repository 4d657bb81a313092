"""Batch norm with other statistics, or with another divisor, for the rules of mistakes.

A variant says what is subtracted and what is multiplied in; everything that comes after that is made from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import TypeAlias

from cnncalc.arithmetic.base import Array
from cnncalc.layers.base import ShapeError
from cnncalc.layers.batch_norm import InferenceBatchNorm
from cnncalc.layers.mistake import Scene, Wrong
from cnncalc.layers.normalization import Normalization
from cnncalc.records import dataclass

Axes: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Variant:
    """xhat = centered · root. The gradient averages over `axes`; its part through the variance divides by `divisor`.

    Where statistics are constants, `axes` is None.
    """

    centered: Array
    root: Array
    axes: Axes | None
    divisor: int


Way: TypeAlias = Callable[[Scene], Iterator[Variant]]


def layer(scene: Scene) -> Normalization:
    """The scene's layer."""
    assert isinstance(scene.layer, Normalization)
    return scene.layer


def is_training(scene: Scene) -> bool:
    """Whether the statistics are those of the mini-batch."""
    return not isinstance(scene.layer, InferenceBatchNorm)


def right_axes(scene: Scene) -> Axes:
    """What the statistics are taken over."""
    return (0,) if layer(scene).over == "activation" else (0, *range(2, scene["x"].ndim))


def wrong_axes(scene: Scene) -> Iterator[Axes]:
    """Others that people take them over: the batch alone, a sample's channel, a sample, everything."""
    every = tuple(range(scene["x"].ndim))
    for axes in dict.fromkeys([(0,), (0, *every[2:]), every[2:], every[1:], every]):
        if axes and axes != right_axes(scene):
            yield axes


def size(scene: Scene, axes: Axes) -> int:
    """How many elements of x one sum over the axes adds up."""
    return prod(scene["x"].shape[axis] for axis in axes)


def kept(scene: Scene, x: Array, axes: Axes) -> Array:
    """Sums over axes, which stay as 1."""
    shape = tuple(1 if axis in axes else length for axis, length in enumerate(x.shape))
    return scene.numbers.sum(x, axis=axes).reshape(shape)


def spread(scene: Scene, local: str) -> Array:
    """A statistic or parameter laid out along the axes of x."""
    statistic = scene[local]
    return statistic.reshape(statistic.shape + (1,) * (scene["x"].ndim - 1 - statistic.ndim))


def epsilon(scene: Scene) -> Array:
    """What is added to the variance."""
    made: Array = scene.numbers.number(layer(scene).eps)
    return made


def reciprocal(scene: Scene, divisor: Array) -> Array:
    """1 / divisor; ShapeError where that cannot be."""
    if not scene.numbers.is_greater(divisor, 0).all():
        raise ShapeError("{y} divides by what is not positive", "take another eps")
    return 1 / divisor


def reciprocal_root(scene: Scene, var: Array) -> Array:
    """1 / √(var + eps)."""
    shifted = var + epsilon(scene)
    return reciprocal(scene, scene.numbers.sqrt(shifted))


def right(scene: Scene) -> Variant:
    """As it should be."""
    axes = right_axes(scene)
    count = size(scene, axes)
    divisor = count - 1 if layer(scene).variance == "unbiased" else count
    centered = scene["x"] - spread(scene, "mean")
    return Variant(
        centered, reciprocal_root(scene, spread(scene, "var")), axes if is_training(scene) else None, divisor
    )


def over_axes(scene: Scene, axes: Axes) -> Variant:
    """With statistics of x over some axes."""
    x, count = scene["x"], size(scene, axes)
    divisor = count - 1 if layer(scene).variance == "unbiased" and count > 1 else count
    centered = x - kept(scene, x, axes) / count
    var = kept(scene, centered * centered, axes) / divisor
    return Variant(centered, reciprocal_root(scene, var), axes, divisor)


# What follows from a variant


def _xhat(scene: Scene, variant: Variant) -> Array:
    return variant.centered * variant.root


def _y(scene: Scene, variant: Variant) -> Array:
    return _xhat(scene, variant) * spread(scene, "gamma") + spread(scene, "beta")


def _dgamma(scene: Scene, variant: Variant) -> Array:
    return scene.numbers.sum(scene["g"] * _xhat(scene, variant), axis=right_axes(scene))


def _dxhat(scene: Scene) -> Array:
    return scene["g"] * spread(scene, "gamma")


def _dvar(scene: Scene, variant: Variant) -> Array:
    cube = variant.root * variant.root * variant.root
    return 0 - scene.numbers.sum(_dxhat(scene) * variant.centered * cube, axis=right_axes(scene)) / 2


def _dmean(scene: Scene, variant: Variant) -> Array:
    return 0 - scene.numbers.sum(_dxhat(scene) * variant.root, axis=right_axes(scene))


def _dx(scene: Scene, variant: Variant) -> Array:
    dxhat, root = _dxhat(scene), variant.root
    if variant.axes is None:
        return dxhat * root
    direct, through_var = means(scene, variant)
    return (dxhat - direct - through_var) * root


def means(scene: Scene, variant: Variant) -> tuple[Array, Array]:
    """What dx loses through the mean and through the variance, before it is divided by the deviation."""
    assert variant.axes is not None
    dxhat, xhat = _dxhat(scene), _xhat(scene, variant)
    direct = kept(scene, dxhat, variant.axes) / size(scene, variant.axes)
    return direct, xhat * kept(scene, dxhat * xhat, variant.axes) / variant.divisor


_MADE: dict[str, Callable[[Scene, Variant], Array]] = {
    "xhat": _xhat,
    "y": _y,
    "dgamma": _dgamma,
    "dvar": _dvar,
    "dmean": _dmean,
    "dx": _dx,
}


def made(local: str, way: Way) -> Callable[[Scene], Wrong]:
    """The rule for one tensor: what each variant makes of it."""

    def rule(scene: Scene) -> Wrong:
        for variant in way(scene):
            yield _MADE[local](scene, variant)

    return rule


def averaged(local: str) -> Callable[[Scene], Wrong]:
    """The rule for a gradient that is a sum, taken for a mean."""

    def rule(scene: Scene) -> Wrong:
        count = size(scene, right_axes(scene))
        if count > 1:
            yield scene.backward()[local] / count

    return rule
