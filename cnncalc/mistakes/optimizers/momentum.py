"""What people get wrong in gradient descent with momentum."""

from __future__ import annotations

from fractions import Fraction

from cnncalc.mistakes.optimizers.rule import Rule, common
from cnncalc.mistakes.take import Records
from cnncalc.optimizers.momentum import CONVENTIONS

momentum = Records(Rule, "velocity y")

MISTAKES = (
    momentum("~velocity-scaled-otherwise")(
        "here the velocity is scaled as in other courses; the problem says how by `convention`.",
        "这里的速度采用了其他课程的比例约定；本题由 `convention` 规定。",
        lambda s: [s.again(s.options(convention=name)) for name in CONVENTIONS if name != s.layer.convention],
    ),
    momentum("velocity-sign")(
        "What is left of the velocity has the wrong sign.",
        "保留下来的速度符号错了。",
        lambda s: s.again(lastvelocity=0 - s.scene["lastvelocity"]),
    ),
    momentum("momentum-on-gradient")(
        "The gradient was multiplied by μ as well; only the velocity is.",
        "梯度也乘以了 μ；只有速度乘以 μ。",
        lambda s: s.again(s.options(weight_decay=0), gradient=s.slope * s.number(s.layer.momentum)),
    ),
    momentum("momentum-forgotten")(
        "The velocity was not multiplied by μ.",
        "速度没有乘以 μ。",
        lambda s: s.again(lastvelocity=s.scene["lastvelocity"] / s.number(Fraction(s.layer.momentum))),
    ),
    momentum("~nesterov: y")(
        "this is the other one of momentum and Nesterov's momentum; the problem says which by `nesterov`.",
        "普通动量与 Nesterov 动量弄混了；本题由 `nesterov` 规定。",
        lambda s: s.again(s.options(nesterov=not s.layer.nesterov)),
    ),
    *common("velocity"),
)
"""The most specific first."""
