"""What people get wrong in a layer that changes nothing."""

from __future__ import annotations

from cnncalc.mistakes.families import BEHIND
from cnncalc.mistakes.take import mistake

MISTAKES = (
    mistake("upstream-forgotten: dx", "dx = g")(
        "This is only the derivative, 1; it must be multiplied by the upstream gradient g",
        "这里只写了导数 1，还应乘以上游梯度 g",
        lambda s: s.again(g=s.ones(s.g)),
    ),
    *BEHIND,
)
"""The most specific first."""
