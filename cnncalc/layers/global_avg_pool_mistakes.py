"""What people get wrong in a global average pool."""

from cnncalc.arithmetic.base import Array
from cnncalc.layers.avg_pool_mistakes import (
    CHANNELS,
    DIVISOR,
    LARGEST,
    ONE_CELL,
    ONES,
    SUM,
    TIMES_INPUT,
    TWICE,
    UNDIVIDED,
    VALUE,
)
from cnncalc.layers.elementwise_mistakes import ones
from cnncalc.layers.max_pool import MaxPool
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.layers.pool_mistakes import ACTIVATION_SKIPPED, NEXT_MISTAKES, NOT_UNPOOLED


def _count(scene: Scene) -> int:
    return int(scene["x"].shape[2] * scene["x"].shape[3])


def _maximum(scene: Scene) -> MaxPool:
    return MaxPool(scene["x"].shape[2:])


def _divisors(scene: Scene) -> list[int]:
    samples, channels, height, width = scene["x"].shape
    sides = [side for side in (height, width) if side > 1]
    return list(dict.fromkeys([*sides, channels, channels * height * width, samples * height * width]))


# The output


def _sum(scene: Scene) -> Wrong:
    yield scene.forward()["y"] * _count(scene)


def _largest(scene: Scene) -> Wrong:
    yield scene.forward(_maximum(scene))["y"]


def _other_divisor(scene: Scene) -> Wrong:
    for divisor in _divisors(scene):
        yield scene.forward()["y"] * _count(scene) / divisor


def _across_channels(scene: Scene) -> Wrong:
    samples, channels = scene["x"].shape[:2]
    if channels > 1:
        # One map of the means of each position, or one number for the whole image.
        yield scene.numbers.sum(scene["x"], axis=1)[:, None] / channels
        yield scene.numbers.sum(scene.forward()["y"], axis=1)[:, None] / channels
    if samples > 1:
        yield scene.numbers.sum(scene.forward()["y"], axis=0)[None] / samples


# The gradient


def _undivided(scene: Scene) -> Wrong:
    yield scene.backward(g=scene["g"] * _count(scene))["dx"]


def _twice_divided(scene: Scene) -> Wrong:
    yield scene.backward(g=scene["g"] / _count(scene))["dx"]


def _other_divisor_gradient(scene: Scene) -> Wrong:
    for divisor in _divisors(scene):
        yield scene.backward(g=scene["g"] * _count(scene) / divisor)["dx"]


def _to_the_largest(scene: Scene) -> Wrong:
    layer = _maximum(scene)
    made = scene.forward(layer)
    yield scene.backward(layer, y=made["y"], path=made["path"])["dx"]


def _to_one_cell(scene: Scene) -> Wrong:
    for share in (scene["g"] / _count(scene), scene["g"]):
        yield _at(scene, share, (0, 0))
        yield _at(scene, share, (-1, -1))


def _at(scene: Scene, share: Array, cell: tuple[int, int]) -> Array:
    dx = scene.numbers.zeros(scene["x"].shape)
    dx[:, :, cell[0], cell[1]] = share[:, :, 0, 0]
    return dx


def _upstream_forgotten(scene: Scene) -> Wrong:
    yield scene.backward(g=ones(scene, "g"))["dx"]


def _value_for_gradient(scene: Scene) -> Wrong:
    yield scene.backward(g=scene["y"])["dx"]
    yield scene.backward(g=scene["y"] * _count(scene))["dx"]
    yield scene.backward(g=scene["y"] * scene["g"])["dx"]


def _times_input(scene: Scene) -> Wrong:
    yield scene.backward()["dx"] * scene["x"]


def _not_unpooled(scene: Scene) -> Wrong:
    if _count(scene) > 1:
        yield scene["g"]
        yield scene["g"] / _count(scene)


MISTAKES: tuple[Mistake, ...] = (
    Mistake("sum-instead-of-average", "y", SUM, _sum),
    Mistake("maximum-instead-of-average", "y", LARGEST, _largest),
    Mistake("wrong-divisor", "y", DIVISOR, _other_divisor),
    Mistake("pooled-across-channels", "y", CHANNELS, _across_channels),
    ACTIVATION_SKIPPED,
    Mistake("sum-instead-of-average", "dx", UNDIVIDED, _undivided),
    Mistake("maximum-instead-of-average", "dx", LARGEST, _to_the_largest),
    Mistake("upstream-forgotten", "dx", ONES, _upstream_forgotten),
    Mistake("output-instead-of-gradient", "dx", VALUE, _value_for_gradient),
    Mistake("gradient-times-input", "dx", TIMES_INPUT, _times_input),
    Mistake("gradient-to-one-cell", "dx", ONE_CELL, _to_one_cell),
    Mistake("divided-twice", "dx", TWICE, _twice_divided),
    Mistake("wrong-divisor", "dx", DIVISOR, _other_divisor_gradient),
    Mistake("gradient-not-unpooled", "dx", NOT_UNPOOLED, _not_unpooled),
    *NEXT_MISTAKES,
)
