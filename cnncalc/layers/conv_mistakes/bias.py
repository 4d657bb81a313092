"""What people get wrong with the bias of a convolution, and with what it is laid on."""

from __future__ import annotations

import numpy as np

from cnncalc.language import Phrase
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _bias_forgotten(scene: Scene) -> Wrong:
    if "bias" in scene:
        yield scene.layer.forward(scene.numbers, scene["x"], {"weight": scene["weight"]})["y"]


def _bias_per_channel(scene: Scene) -> Wrong:
    if "bias" in scene:
        yield scene.forward(bias=scene["bias"] * _channels(scene))["y"]


def _bias_subtracted(scene: Scene) -> Wrong:
    if "bias" in scene:
        yield scene.forward(bias=-scene["bias"])["y"]


def _bias_of_first(scene: Scene) -> Wrong:
    if "bias" in scene:
        yield scene.forward(bias=np.broadcast_to(scene["bias"][:1], scene["bias"].shape))["y"]


def _input_before_activation(scene: Scene) -> Wrong:
    before = scene.before
    if before is not None and before["x"].shape == scene["x"].shape:
        yield scene.forward(x=before["x"])["y"]


def _channels(scene: Scene) -> int:
    """The input channels that one filter sees."""
    return int(scene["weight"].shape[1])


MISTAKES = (
    Mistake(
        "bias-forgotten",
        "y",
        Phrase(
            en="The bias was forgotten: bias[f] is added to every cell of feature map f.",
            zh="忘了加偏置：特征图 f 的每个位置都要加上 bias[f]。",
        ),
        _bias_forgotten,
    ),
    Mistake(
        "bias-added-repeatedly",
        "y",
        Phrase(
            en="The bias was added once for each input channel; it is added once for each cell of the output.",
            zh="每个输入通道都加了一次偏置；输出的每个位置只加一次偏置。",
        ),
        _bias_per_channel,
    ),
    Mistake(
        "bias-subtracted",
        "y",
        Phrase(
            en="The bias was subtracted; it is added: y[f] = … + bias[f].",
            zh="偏置被减去了；应当加上：y[f] = … + bias[f]。",
        ),
        _bias_subtracted,
    ),
    Mistake(
        "bias-of-first-filter",
        "y",
        Phrase(
            en="The first bias was added to every feature map; feature map f has its own, bias[f].",
            zh="所有特征图都加了第一个偏置；特征图 f 应加它自己的 bias[f]。",
        ),
        _bias_of_first,
    ),
    Mistake(
        "activation-skipped",
        "y",
        Phrase(
            en="The input of the layer before was used, not its output (for an activation: the values before it was"
            " applied).",
            zh="用了前一层的输入，而不是它的输出（例如用了激活函数作用之前的值）。",
        ),
        _input_before_activation,
    ),
)
"""The most specific first."""
