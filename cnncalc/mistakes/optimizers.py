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
    return rule(f"square-forgotten: {squares}", unsquared)("The gradient itself was taken in where its square belongs.")


def divided(squares: str) -> tuple[Mistake, ...]:
    """In a rule that divides by the root of what it keeps of the squares."""
    return (
        rule("eps-inside-root", lambda s: s.stepped(s.divided[0], s.numbers.sqrt(s.divided[1] + s.eps)))(
            "The ε was added under the root; it is added to the root: √v + ε."
        ),
        rule("root-forgotten", lambda s: s.stepped(s.divided[0], s.divided[1] + s.eps))(
            "The step was divided by the mean (or the sum) of squares itself; it is divided by its root."
        ),
        unsquared_in(squares),
    )


def swapped(tensors: str) -> Mistake:
    """In a rule with running means."""
    return rule(f"shares-swapped: {tensors}", shares)(
        "The share of what was remembered and that of the new gradient were swapped."
    )


def of_decay(shown: str) -> tuple[Mistake, ...]:
    """In a rule with weight decay."""
    return (
        rule(f"weight-decay-forgotten: {shown}", lambda s: decay(s, 0))(
            "Weight decay was left out, which makes λ·w part of the step."
        ),
        rule(f"weight-decay-sign: {shown}", lambda s: decay(s, -1))(
            "Weight decay has the wrong sign: it pulls each parameter towards 0."
        ),
    )


def common(state: str, decayed: str = "regularized y") -> tuple[Mistake, ...]:
    """In any of them; `state` is what it keeps, `decayed` where its weight decay shows."""
    return (
        rule("update-sign", lambda s: s.x * 2 - s.y)(
            "The step was added, which makes the loss larger; it goes against the gradient."
        ),
        rule(f"state-forgotten: {state} y", remembered)("What the rule remembers from the step before was left out."),
        *of_decay(decayed),
        rule("rule-as-plain-descent", lambda s: s.x - s.gradient * s.number(s.rate))(
            "This is a step of plain gradient descent, w − lr · dL/dw."
        ),
        rule("learning-rate-forgotten", lambda s: s.at_rate(1))("The step was not multiplied by the learning rate lr."),
        rule("learning-rate-decimal-point")(
            "The decimal point of the learning rate lr is in the wrong place.",
            lambda s: [s.at_rate(s.rate * factor) for factor in (10, Fraction(1, 10), 100, Fraction(1, 100))],
        ),
        rule("step-alone", lambda s: [step := s.y - s.x, 0 - step])(
            "This is only the step; it is taken away from the old value."
        ),
        rule("parameter-not-updated", lambda s: s.x)(
            "This parameter was left as it was; it is updated like the others."
        ),
    )


momentum = Records(Rule, "velocity y")

MOMENTUM = (
    momentum("~velocity-scaled-otherwise")(
        "here the velocity is scaled as in other courses; the problem says how by `convention`.",
        lambda s: [s.again(s.options(convention=name)) for name in CONVENTIONS if name != s.layer.convention],
    ),
    momentum("velocity-sign", lambda s: s.again(lastvelocity=0 - s.scene["lastvelocity"]))(
        "What is left of the velocity has the wrong sign."
    ),
    momentum("momentum-on-gradient")(
        "The gradient was multiplied by μ as well; only the velocity is.",
        lambda s: s.again(s.options(weight_decay=0), gradient=s.slope * s.number(s.layer.momentum)),
    ),
    momentum("momentum-forgotten")(
        "The velocity was not multiplied by μ.",
        lambda s: s.again(lastvelocity=s.scene["lastvelocity"] / s.number(Fraction(s.layer.momentum))),
    ),
    momentum("~nesterov: y", lambda s: s.again(s.options(nesterov=not s.layer.nesterov)))(
        "this is the other one of momentum and Nesterov's momentum; the problem says which by `nesterov`."
    ),
    *common("velocity"),
)

ADAGRAD = (*divided("squaresum"), *common("squaresum"))

RMSPROP = (*divided("v"), swapped("v y"), *common("v"))

MEANS = (
    rule("bias-correction-forgotten: mhat vhat y")(
        "The correction of the means was left out: m/(1 − β₁^t) and v/(1 − β₂^t).",
        lambda s: s.m if s.tensor == "mhat" else s.v if s.tensor == "vhat" else None,
        lambda s: [
            s.stepped(along, s.numbers.sqrt(below) + s.eps)
            for along, below in ((s.m, s.v), (s.mhat, s.v), (s.m, s.vhat))
            if s.tensor == "y"
        ],
    ),
    rule("bias-correction-step: mhat vhat y")(
        "The correction was made with another t: it is the number of the step, counted from 1.",
        lambda s: [s.again(s.options(step=step)) for step in {1, s.layer.step + 1} - {s.layer.step}],
    ),
    rule("betas-swapped: m v y", lambda s: s.again(s.options(beta1=s.layer.beta2, beta2=s.layer.beta1)))(
        "The factors β₁ and β₂ were swapped: β₁ goes with m, β₂ with v."
    ),
    swapped("m v y"),
)
"""In the means."""
ADAM = (*MEANS, *divided("v"), *common("m v"))


ADAMW = (
    rule("~weight-decay-coupled: m v y")(
        "here λ·w was added to the gradient, as Adam with L2 does; in AdamW it goes past the means.",
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
        "The root of the mean of squared steps was left out: √(u + ε)/√(v + ε) · dL/dw."
    ),
    unsquared_in("v"),
    swapped("v u y"),
    *common("v u"),
)

NADAM = (
    rule("nadam-as-adam: mhat y")(
        "This is Adam; NAdam's mean looks a step ahead.",
        lambda s: s.again(Adam(**{name: getattr(s.layer, name) for name in (*Adam.options(), "step")})),
    ),
    rule("~nadam-otherwise: mhat y")(
        "the mean looks ahead with another momentum; `convention` says which.",
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
