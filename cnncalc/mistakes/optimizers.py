"""What people get wrong in rules that keep something from step to step: a velocity, means, sums of squares."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from cnncalc.mistakes.descent import CLIPPING, PERCEPTRON, SGD, Step
from cnncalc.mistakes.take import Mistake, Records, need
from cnncalc.optimizers.remembering import CONVENTIONS, LOOKING, Adam


class Rule(Step):
    """A step of such a rule."""

    @property
    def slope(self) -> Any:
        """The gradient, with weight decay where there is one."""
        return self.scene[next(local for local in ("regularized", "clipped", "gradient") if local in self.scene)]

    @property
    def divided(self) -> tuple[Any, Any]:
        """What the step goes along, and what it is divided by the root of."""
        if "vhat" in self.scene:
            return self.scene["mhat"], self.scene["vhat"]
        squares = [local for local in ("v", "squaresum") if local in self.scene]
        need(squares)
        return self.slope, self.scene[squares[0]]

    def stepped(self, along: Any, below: Any) -> Any:
        """x − lr · along / below; AdamW makes x smaller first."""
        kept = 1 - self.rate * Fraction(self.layer.weight_decay) if self.layer.type == "adamw" else 1
        return self.x * self.number(kept) - along / below * self.number(self.rate)

    @property
    def eps(self) -> Any:
        return self.number(self.layer.eps)


rule = Records(Rule, "y")


def remembered(s: Rule) -> Any:
    """As from zero."""
    kept = {f"last{local}": s.x * 0 for local in s.layer.state}
    need(any(not s.numbers.is_known_equal(s.scene[local], 0).all() for local in kept))
    return s.again(**kept)


def shares(s: Rule) -> Iterator[Any]:
    """Each share taken for the rest of it."""
    for name in ("alpha", "beta1", "beta2"):
        if name in s.layer.options():
            yield s.again(s.options(**{name: 1 - Fraction(getattr(s.layer, name))}))


def unsquared(s: Rule) -> Any:
    if s.tensor == "squaresum":
        return s.scene["lastsquaresum"] + s.slope
    share = Fraction(s.layer.alpha if "alpha" in s.layer.options() else s.layer.beta2)
    return s.scene["lastv"] * s.number(share) + s.slope * s.number(1 - share)


def unmeasured(s: Rule) -> Any:
    """The gradient over the root alone; and as it is in RMSprop, with ε beside it."""
    inside, beside = s.numbers.sqrt(s.scene["v"] + s.eps), s.numbers.sqrt(s.scene["v"]) + s.eps
    return [s.slope / root if s.tensor == "delta" else s.stepped(s.slope, root) for root in (inside, beside)]


def decay(s: Rule, factor: int) -> Any:
    need(s.layer.weight_decay)
    if s.tensor == "regularized" and factor == 0:
        return s.gradient
    return s.again(s.options(weight_decay=s.layer.weight_decay * factor))


def unsquared_in(squares: str) -> Mistake:
    """In a rule that keeps something of the squares."""
    return rule(f"square-forgotten: {squares}", unsquared)(
        "The gradient itself was taken in where its square belongs.", "应累积梯度的平方，这里用了梯度本身。"
    )


def divided(squares: str) -> tuple[Mistake, ...]:
    """In a rule that divides by the root of what it keeps of the squares."""
    return (
        rule("eps-inside-root", lambda s: s.stepped(s.divided[0], s.numbers.sqrt(s.divided[1] + s.eps)))(
            "The ε was added under the root; it is added to the root: √v + ε.",
            "把 ε 加在了根号内；应加在平方根之外：√v + ε。",
        ),
        rule("root-forgotten", lambda s: s.stepped(s.divided[0], s.divided[1] + s.eps))(
            "The step was divided by the mean (or the sum) of squares itself; it is divided by its root.",
            "除以了平方的平均（或累加和）本身；应除以它的平方根。",
        ),
        unsquared_in(squares),
    )


def swapped(tensors: str) -> Mistake:
    """In a rule with running means."""
    return rule(f"shares-swapped: {tensors}", shares)(
        "The share of what was remembered and that of the new gradient were swapped.",
        "旧值的权重与新梯度的权重弄反了。",
    )


def of_decay(shown: str) -> tuple[Mistake, ...]:
    """In a rule with weight decay."""
    return (
        rule(f"weight-decay-forgotten: {shown}", lambda s: decay(s, 0))(
            "Weight decay was left out, which makes λ·w part of the step.", "漏掉了权重衰减：更新中应包含 λ·w。"
        ),
        rule(f"weight-decay-sign: {shown}", lambda s: decay(s, -1))(
            "Weight decay has the wrong sign: it pulls each parameter towards 0.",
            "权重衰减的符号错了：它把每个参数拉向 0。",
        ),
    )


def common(state: str, decayed: str = "regularized y") -> tuple[Mistake, ...]:
    """In any of them; `state` is what it keeps, `decayed` where its weight decay shows."""
    return (
        rule("update-sign", lambda s: s.x * 2 - s.y)(
            "The step was added, which makes the loss larger; it goes against the gradient.",
            "加上了梯度步，会使损失增大；应沿负梯度方向更新。",
        ),
        rule(f"state-forgotten: {state} y", remembered)(
            "What the rule remembers from the step before was left out.", "漏掉了规则从上一步保存下来的量。"
        ),
        *of_decay(decayed),
        rule("rule-as-plain-descent", lambda s: s.x - s.gradient * s.number(s.rate))(
            "This is a step of plain gradient descent, w − lr · dL/dw.", "这是普通梯度下降的一步：w − lr · dL/dw。"
        ),
        rule("learning-rate-forgotten", lambda s: s.at_rate(1))(
            "The step was not multiplied by the learning rate lr.", "更新量没有乘以学习率 lr。"
        ),
        rule("learning-rate-decimal-point")(
            "The decimal point of the learning rate lr is in the wrong place.",
            "学习率 lr 的小数点位置错了。",
            lambda s: [s.at_rate(s.rate * factor) for factor in (10, Fraction(1, 10), 100, Fraction(1, 100))],
        ),
        rule("step-alone", lambda s: [step := s.y - s.x, 0 - step])(
            "This is only the step; it is taken away from the old value.", "这只是更新量；应从旧值中减去它。"
        ),
        rule("parameter-not-updated", lambda s: s.x)(
            "This parameter was left as it was; it is updated like the others.",
            "这个参数没有更新；它应与其他参数一样更新。",
        ),
    )


momentum = Records(Rule, "velocity y")

MOMENTUM = (
    momentum("~velocity-scaled-otherwise")(
        "here the velocity is scaled as in other courses; the problem says how by `convention`.",
        "这里的速度采用了其他课程的比例约定；本题由 `convention` 规定。",
        lambda s: [s.again(s.options(convention=name)) for name in CONVENTIONS if name != s.layer.convention],
    ),
    momentum("velocity-sign", lambda s: s.again(lastvelocity=0 - s.scene["lastvelocity"]))(
        "What is left of the velocity has the wrong sign.", "保留下来的速度符号错了。"
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
    momentum("~nesterov: y", lambda s: s.again(s.options(nesterov=not s.layer.nesterov)))(
        "this is the other one of momentum and Nesterov's momentum; the problem says which by `nesterov`.",
        "普通动量与 Nesterov 动量弄混了；本题由 `nesterov` 规定。",
    ),
    *common("velocity"),
)

ADAGRAD = (*divided("squaresum"), *common("squaresum"))

RMSPROP = (*divided("v"), swapped("v y"), *common("v"))

MEANS = (
    rule("bias-correction-forgotten: mhat vhat y")(
        "The correction of the means was left out: m/(1 − β₁^t) and v/(1 − β₂^t).",
        "漏掉了偏差修正：m/(1 − β₁^t) 与 v/(1 − β₂^t)。",
        lambda s: s.m if s.tensor == "mhat" else s.v if s.tensor == "vhat" else None,
        lambda s: [
            s.stepped(along, s.numbers.sqrt(below) + s.eps)
            for along, below in ((s.m, s.v), (s.mhat, s.v), (s.m, s.vhat))
            if s.tensor == "y"
        ],
    ),
    rule("bias-correction-step: mhat vhat y")(
        "The correction was made with another t: it is the number of the step, counted from 1.",
        "偏差修正用错了 t：t 是步数，从 1 数起。",
        lambda s: [s.again(s.options(step=step)) for step in {1, s.layer.step + 1} - {s.layer.step}],
    ),
    rule("betas-swapped: m v y", lambda s: s.again(s.options(beta1=s.layer.beta2, beta2=s.layer.beta1)))(
        "The factors β₁ and β₂ were swapped: β₁ goes with m, β₂ with v.", "β₁ 与 β₂ 用反了：β₁ 用于 m，β₂ 用于 v。"
    ),
    swapped("m v y"),
)
"""In the means."""
ADAM = (*MEANS, *divided("v"), *common("m v"))


ADAMW = (
    rule("~weight-decay-coupled: m v y")(
        "here λ·w was added to the gradient, as Adam with L2 does; in AdamW it goes past the means.",
        "这里把 λ·w 加进了梯度（带 L2 的 Adam）；AdamW 的权重衰减不经过滑动平均。",
        lambda s: (
            s.layer.weight_decay != 0
            and s.again(s.options(weight_decay=0), gradient=s.gradient + s.x * s.number(s.layer.weight_decay))
        ),
    ),
    *MEANS,
    *divided("v"),
    *common("m v", decayed="y"),
)

ADADELTA = (
    rule("steps-forgotten: delta y", unmeasured)(
        "The root of the mean of squared steps was left out: √(u + ε)/√(v + ε) · dL/dw.",
        "漏乘了更新量均方根：应为 √(u + ε)/√(v + ε) · dL/dw。",
    ),
    unsquared_in("v"),
    swapped("v u y"),
    *common("v u"),
)

NADAM = (
    rule("nadam-as-adam: mhat y")(
        "This is Adam; NAdam's mean looks a step ahead.",
        "这是 Adam；NAdam 的均值要按 Nesterov 的方式前瞻一步。",
        lambda s: s.again(Adam(**{name: getattr(s.layer, name) for name in (*Adam.options(), "step")})),
    ),
    rule("~nadam-otherwise: mhat y")(
        "the mean looks ahead with another momentum; `convention` says which.",
        "前瞻时所用的动量不同；本题由 `convention` 规定。",
        lambda s: [s.again(s.options(convention=one)) for one in LOOKING if one != s.layer.convention],
    ),
    *MEANS[1:],
    *divided("v"),
    *common("m v"),
)

OF_RULE = {
    "momentum": MOMENTUM, "adagrad": ADAGRAD, "adadelta": ADADELTA, "rmsprop": RMSPROP, "adam": ADAM, "adamw": ADAMW,
    "nadam": NADAM,
}  # fmt: skip
MISTAKES = {
    "sgd": (*SGD, *of_decay("regularized y")),
    "perceptron": PERCEPTRON,
    **{name: (*CLIPPING, *own) for name, own in OF_RULE.items()},
}
