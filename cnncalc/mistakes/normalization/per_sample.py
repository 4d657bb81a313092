"""What people get wrong in norms with statistics of each sample by itself."""

from __future__ import annotations

from typing import Any

from cnncalc.mistakes.take import Take, mistake


def root(s: Take) -> Any:
    """1 / √(var + eps), along x."""
    return s.layer._root(s.numbers, s.var)


MISTAKES = (
    mistake("affine-forgotten: y")(
        "Scale and offset were left out: y = gamma · xhat + beta.",
        "漏了缩放与平移：y = gamma · xhat + beta。",
        lambda s: s.xhat,
    ),
    mistake("statistics-as-constants: dx")(
        "Mean and variance were taken as constants; they depend on x, so the means of dxhat and of dxhat · xhat are"
        " taken off.",
        "把均值与方差当成了常数；它们依赖于 x，应减去 dxhat 的均值与 xhat 乘以 dxhat · xhat 的均值。",
        lambda s: (s.layer._rows(s.layer.backward(s.numbers, s.g, s.scene.tensors)["dxhat"]) * root(s)).reshape(
            s.x.shape
        ),
    ),
)
"""The most specific first."""
