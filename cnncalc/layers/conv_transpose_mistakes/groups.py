"""What people get wrong with the groups of a transposed convolution, for y and for the gradients."""

from __future__ import annotations

from functools import partial

import numpy as np

from cnncalc.arithmetic.base import Integers
from cnncalc.language import Phrase
from cnncalc.layers.conv_transpose_mistakes.scene import backward_with, forward_with, layer_of, outputs_of
from cnncalc.layers.mistake import Mistake, Scene, Wrong
from cnncalc.records import replace

IGNORED = Phrase(
    en="The groups were ignored: the stamps of all input channels went onto the same output channels. With groups, the"
    " input channels of group k lead only to the output channels of group k.",
    zh="忽略了分组：所有输入通道都印到了相同的输出通道上。分组时，第 k 组的输入通道只通向第 k 组的输出通道。",
)
INTERLEAVED = Phrase(
    en="The channels were dealt out to the groups in turn (1, 2, 1, 2, …). A group is a block of neighbouring channels"
    " (1, 1, 2, 2, …), in the input and in the output.",
    zh="各组的通道被交错分配（1, 2, 1, 2, …）。输入和输出的每一组都应是相邻的一段通道（1, 1, 2, 2, …）。",
)


def _ignored(tensor: str, scene: Scene) -> Wrong:
    groups, outputs = layer_of(scene).groups, outputs_of(scene)
    if groups == 1:
        return
    layer = replace(layer_of(scene), groups=1)
    # Every input channel with every output channel, the kernels of a group repeated for the others.
    weight = np.tile(scene["weight"], (1, groups, 1, 1))
    if tensor == "y":
        yield scene.forward(layer, weight=weight)["y"]
        bias = {"bias": scene["bias"][:outputs]} if "bias" in scene else {}
        yield forward_with(scene, bias, layer)
    elif tensor == "dx":
        yield scene.backward(layer, weight=weight)["dx"]
        yield scene.backward(layer, g=scene["g"][:, :outputs])["dx"]
    else:
        made = scene.backward(layer, weight=weight)["dweight"]
        yield made
        yield made[:, :outputs]


def _interleaved(tensor: str, scene: Scene) -> Wrong:
    if layer_of(scene).groups == 1:
        return
    inputs, outputs = _dealt(scene, scene["x"].shape[1]), _dealt(scene, scene["y"].shape[1])
    x, weight = {"x": scene["x"][:, inputs]}, {"weight": scene["weight"][inputs]}
    back = np.argsort(inputs)
    if tensor == "y":
        bias = {"bias": scene["bias"][outputs]} if "bias" in scene else {}
        yield forward_with(scene, x)
        yield forward_with(scene, {**x, **weight})
        yield forward_with(scene, bias)[:, np.argsort(outputs)]
        yield forward_with(scene, {**x, **weight, **bias})[:, np.argsort(outputs)]
        return
    g = {"g": scene["g"][:, outputs]}
    if tensor == "dx":
        for tensors in (x, {**x, **weight}, {**x, **weight, **g}):
            yield backward_with(scene, tensors)["dx"][:, back]
        yield backward_with(scene, g)["dx"]
    else:
        yield backward_with(scene, x)["dweight"]
        yield backward_with(scene, g)["dweight"]
        for tensors in (x, {**x, **g}):
            yield backward_with(scene, tensors)["dweight"][back]


def _dealt(scene: Scene, size: int) -> Integers:
    """Which channels are in the first group, the second, …, if they are dealt out in turn."""
    return np.asarray(np.arange(size).reshape(-1, layer_of(scene).groups).T.ravel())


MISTAKES: tuple[Mistake, ...] = tuple(
    Mistake(code, tensor, phrase, partial(rule, tensor))
    for code, phrase, rule in (
        ("groups-ignored", IGNORED, _ignored),
        ("groups-interleaved", INTERLEAVED, _interleaved),
    )
    for tensor in ("y", "dx", "dweight")
)
"""The most specific first."""
