"""What people get wrong in AdamW."""

from typing import Any

from cnncalc.mistakes.optimizers.adam import MEANS, adam
from cnncalc.mistakes.optimizers.rule import Rule, common, divided
from cnncalc.mistakes.take import need


def coupled(s: Rule) -> Any:
    """Weight decay in the gradient."""
    need(s.layer.weight_decay)
    gradient = s.gradient + s.x * s.number(s.layer.weight_decay)
    return s.again(s.options(weight_decay=0), gradient=gradient)


MISTAKES = (
    adam("~weight-decay-coupled: m v y")(
        "here λ·w was added to the gradient, as Adam with L2 does; in AdamW it goes past the means.",
        "这里把 λ·w 加进了梯度（带 L2 的 Adam）；AdamW 的权重衰减不经过滑动平均。",
        coupled,
    ),
    *MEANS,
    *divided("v"),
    *common("m v", decayed="y"),
)
"""The most specific first."""
