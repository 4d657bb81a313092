"""What people get wrong with the bias of a transposed convolution, and with what is stamped."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.bias import MISTAKES as OF_A_CONV
from cnncalc.layers.conv_transpose_mistakes.scene import layer_of
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _repeated(scene: Scene) -> Wrong:
    if "bias" not in scene:
        return
    layer, weight = layer_of(scene), scene["weight"]
    channels = len(weight) // layer.groups
    yield scene.forward(bias=scene["bias"] * channels)["y"]
    # With every stamp, from one channel or from each of them.
    one = scene.numbers.number(1)
    ones = scene.numbers.full(scene["x"].shape, one)
    stamps = layer.forward(scene.numbers, ones, {"weight": scene.numbers.full(weight.shape, one)})["y"]
    bare = layer.forward(scene.numbers, scene["x"], {"weight": weight})["y"]
    for times in (1, channels):
        yield bare + stamps / times * scene["bias"][:, None, None]


MISTAKES: tuple[Mistake, ...] = (
    *(mistake for mistake in OF_A_CONV if mistake.code != "bias-added-repeatedly"),
    Mistake(
        "bias-added-repeatedly",
        "y",
        Phrase(
            en="The bias was added with every stamp or every input channel; it is added once for each cell of the"
            " output.",
            zh="每次印上卷积核或每个输入通道都加了一次偏置；输出的每个位置只加一次偏置。",
        ),
        _repeated,
    ),
)
"""The most specific first."""
