"""What people get wrong with the groups of a convolution, for y and for the gradients."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from cnncalc.arithmetic.base import Array, Integers
from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.scene import conv_of
from cnncalc.layers.mistake import Mistake, Scene, Wrong

IGNORED = Phrase(
    en="The groups were ignored: every filter saw the first channels, or all of them. With groups, the filters of"
    " group k see only the channels of group k.",
    zh="忽略了分组：所有卷积核都作用在前几个通道或全部通道上。分组卷积中，第 k 组的卷积核只作用于第 k 组的通道。",
)
INTERLEAVED = Phrase(
    en="The channels were dealt out to the groups in turn (1, 2, 1, 2, …). A group is a block of neighbouring channels"
    " (1, 1, 2, 2, …), and so are its filters.",
    zh="各组的通道被交错分配（1, 2, 1, 2, …）。每一组应是相邻的一段通道（1, 1, 2, 2, …），卷积核也一样。",
)


def _ignored(scene: Scene) -> Wrong:
    if conv_of(scene).groups > 1:
        yield scene.forward(replace(conv_of(scene), groups=1), x=_first_channels(scene))["y"]


def _ignored_in(gradient: str, scene: Scene) -> Wrong:
    if conv_of(scene).groups > 1:
        layer = replace(conv_of(scene), groups=1)
        yield scene.backward(layer, x=_first_channels(scene))[gradient]
        if gradient == "dweight":
            # Every filter with every channel: the weight's values do not matter, only its shape.
            weight = scene["weight"]
            shape = (len(weight), scene["x"].shape[1], *weight.shape[2:])
            yield scene.backward(layer, weight=scene.numbers.zeros(shape))["dweight"]


def _interleaved(scene: Scene) -> Wrong:
    if conv_of(scene).groups > 1:
        yield scene.forward(x=scene["x"][:, _dealt(scene, scene["x"].shape[1])])["y"]
        filters = _dealt(scene, len(scene["weight"]))
        parameters = {name: value[filters] for name, value in scene.parameters().items()}
        yield scene.layer.forward(scene.numbers, scene["x"], parameters)["y"][:, np.argsort(filters)]


def _interleaved_in(gradient: str, scene: Scene) -> Wrong:
    if conv_of(scene).groups > 1:
        channels, filters = _dealt(scene, scene["x"].shape[1]), _dealt(scene, len(scene["weight"]))
        by_channels = scene.backward(x=scene["x"][:, channels])[gradient]
        by_filters = scene.backward(g=scene["g"][:, filters], weight=scene["weight"][filters])[gradient]
        if gradient == "dx":
            yield by_channels[:, np.argsort(channels)]
            yield by_filters
        else:
            yield by_channels
            yield by_filters[np.argsort(filters)]


def _first_channels(scene: Scene) -> Array:
    """As many channels of x as one filter sees."""
    return scene["x"][:, : scene["weight"].shape[1]]


def _dealt(scene: Scene, size: int) -> Integers:
    """Which channels are in the first group, the second, …, if they are dealt out in turn."""
    return np.asarray(np.arange(size).reshape(-1, conv_of(scene).groups).T.ravel())


MISTAKES = (
    Mistake("groups-ignored", "y", IGNORED, _ignored),
    Mistake("groups-ignored", "dx", IGNORED, partial(_ignored_in, "dx")),
    Mistake("groups-ignored", "dweight", IGNORED, partial(_ignored_in, "dweight")),
    Mistake("groups-interleaved", "y", INTERLEAVED, _interleaved),
    Mistake("groups-interleaved", "dx", INTERLEAVED, partial(_interleaved_in, "dx")),
    Mistake("groups-interleaved", "dweight", INTERLEAVED, partial(_interleaved_in, "dweight")),
)
"""The most specific first."""
