"""What people use in a transposed convolution's gradients instead of g and x."""

from __future__ import annotations

from cnncalc.language import Phrase
from cnncalc.layers.conv_mistakes.gradient_source import MISTAKES as OF_A_CONV
from cnncalc.layers.mistake import Mistake, Scene, Wrong


def _input_before_activation(scene: Scene) -> Wrong:
    before = scene.before
    if before is not None and before["x"].shape == scene["x"].shape:
        yield scene.backward(x=before["x"])["dweight"]


MISTAKES: tuple[Mistake, ...] = (
    *(mistake for mistake in OF_A_CONV if mistake.code != "activation-skipped"),
    Mistake(
        "activation-skipped",
        "dweight",
        Phrase(
            en="The input of the layer before was used, not its output: dw = Σ x · g, where x is what stamps the"
            " kernel.",
            zh="用了前一层的输入，而不是它的输出：dw = Σ x · g，其中 x 是本层的输入。",
        ),
        _input_before_activation,
    ),
)
"""The most specific first."""
