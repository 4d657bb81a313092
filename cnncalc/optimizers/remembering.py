"""Rules that keep something from step to step: `momentum`, `adagrad`, `rmsprop`, `adadelta`, `adam` and its kin."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Apply, Entry, Setting, Term, option
from cnncalc.layers.evaluate import HERE
from cnncalc.layers.indices import indexed, letters_of, number_latex
from cnncalc.optimizers.rule import (
    EPS,
    LR,
    WEIGHT_DECAY,
    Lines,
    Rational,
    UpdateRule,
    X,
    less,
    one,
    one_step,
    over,
    power,
    product,
    root,
    written,
)

VELOCITY, LAST_VELOCITY = Entry("velocity", HERE), Entry("lastvelocity", HERE)
CONVENTIONS: Mapping[str, Callable[[Rational, Rational], tuple[Rational, Rational]]] = {
    "pytorch": lambda lr, momentum: (1, lr),
    "classic": lambda lr, momentum: (-lr, -1),
    "step": lambda lr, momentum: (lr, 1),
    "average": lambda lr, momentum: (less(1, momentum), lr),
}
"""By name a and b, in v ← μ·v + a·gradient and w ← w − b·v."""
SAID = {
    "pytorch": "v ← μ·v + dL/dw, w ← w − lr·v",
    "classic": "v ← μ·v − lr·dL/dw, w ← w + v",
    "step": "v ← μ·v + lr·dL/dw, w ← w − v",
    "average": "v ← μ·v + (1 − μ)·dL/dw, w ← w − lr·v",
}
AHEAD = {
    "pytorch": "v ← μ·v + dL/dw, w ← w − lr·(dL/dw + μ·v)",
    "classic": "v ← μ·v − lr·dL/dw, w ← w − lr·dL/dw + μ·v",
    "step": "v ← μ·v + lr·dL/dw, w ← w − lr·dL/dw − μ·v",
    "average": "v ← μ·v + (1 − μ)·dL/dw, w ← w − lr·((1 − μ)·dL/dw + μ·v)",
}
"""The same with `nesterov`."""
CONVENTION = Phrase("The velocity is kept as {rule} (`convention: {name}`); other courses scale it otherwise.")


class Momentum(UpdateRule):
    """A velocity v that keeps a share μ of itself from step to step, as in PyTorch's SGD with `momentum`."""

    type = "momentum"
    auxiliaries = ("clipped", "regularized", "velocity")
    state = ("velocity",)
    example = one_step(
        "momentum", lr="0.15", momentum="0.8", weight_decay="0.25", state="{W.velocity: [[1, 2], [-1, 3]]}"
    )

    momentum: Rational = option(Decimal("0.9"), "number", Phrase("μ, the share of the velocity that stays"))
    nesterov: bool = option(False, "bool", Phrase("look ahead: the step goes by μ·v and the gradient"))
    convention: str = option("pytorch", "choice", Phrase("how the velocity is scaled"), tuple(CONVENTIONS))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """How the velocity is scaled."""
        rules = (AHEAD if self.nesterov else SAID)[self.convention].split(", ")
        said = CONVENTION.format(rule=Phrase.enumerated(rules), name=self.convention)
        return (*super().conventions(numbers, tensors), said)

    def lines(self) -> Lines:
        """The velocity, then the step along it; with `nesterov` along μ·v and the gradient."""
        gain, pull = CONVENTIONS[self.convention](self.rate, self.momentum)
        velocity = (one(LAST_VELOCITY, times=self.momentum), one(self.slope, times=gain))
        step: tuple[Term, ...] = (one(VELOCITY, times=-pull),)
        if self.nesterov:
            pulls = product(pull, gain), product(pull, self.momentum)
            step = (one(self.slope, times=-pulls[0]), one(VELOCITY, times=-pulls[1]))
        return {**self.decay(), "velocity": velocity, "y": (one(X), *step)}


M, V, SQUARE_SUM = Entry("m", HERE), Entry("v", HERE), Entry("squaresum", HERE)
MHAT, VHAT = Entry("mhat", HERE), Entry("vhat", HERE)


class Adagrad(UpdateRule):
    """The step is divided by the root of the sum of all squared gradients, as in PyTorch's Adagrad."""

    type = "adagrad"
    auxiliaries = ("clipped", "regularized", "squaresum")
    state = ("squaresum",)
    example = one_step(
        "adagrad", lr="1.5", eps="0.125", weight_decay="0.25", state="{W.square_sum: [[0.5, 2], [1, 4]]}"
    )

    lr: Rational | None = option(Decimal("0.01"), "number", LR)
    eps: Rational = option(Decimal("1e-10"), "number", EPS)

    def lines(self) -> Lines:
        """The sum of squares, then the step."""
        squares = (one(Entry("lastsquaresum", HERE)), one(self.slope, self.slope))
        step = one(self.slope, over(root(SQUARE_SUM), *_small(self.eps)), times=-self.rate)
        return {**self.decay(), "squaresum": squares, "y": (one(X), step)}


class RmsProp(UpdateRule):
    """The step is divided by the root of a running mean of squared gradients, as in PyTorch's RMSprop."""

    type = "rmsprop"
    auxiliaries = ("clipped", "regularized", "v")
    state = ("v",)
    example = one_step(
        "rmsprop", lr="0.5", alpha="0.75", eps="0.125", weight_decay="0.25", state="{W.v: [[0.5, 2], [1, 4]]}"
    )

    lr: Rational | None = option(Decimal("0.01"), "number", LR)
    alpha: Rational = option(Decimal("0.99"), "number", Phrase("the share of the mean of squares that stays"))
    eps: Rational = option(Decimal("1e-8"), "number", EPS)

    def lines(self) -> Lines:
        """The mean of squares, then the step."""
        step = one(self.slope, over(root(V), *_small(self.eps)), times=-self.rate)
        return {**self.decay(), "v": _mean(self.alpha, "v", self.slope, self.slope), "y": (one(X), step)}


class Adadelta(UpdateRule):
    """The step is as long as the steps before, over the gradients before: √(u + ε)/√(v + ε) · g, as in PyTorch."""

    type = "adadelta"
    auxiliaries = ("clipped", "regularized", "v", "delta", "u")
    state = ("v", "u")
    example = one_step(
        "adadelta",
        lr="0.5",
        alpha="0.75",
        eps="0.125",
        weight_decay="0.25",
        state="{W.v: [[0.5, 2], [1, 4]], W.u: [[1, 2], [0.5, 3]]}",
    )

    lr: Rational | None = option(1, "number", LR)
    alpha: Rational = option(Decimal("0.9"), "number", Phrase("the share of both means that stays"))
    eps: Rational = option(Decimal("1e-6"), "number", Phrase("what is added under both roots"))

    def lines(self) -> Lines:
        """The mean of squared gradients, the step, the mean of squared steps."""
        delta = Entry("delta", HERE)
        above, below = (Apply("sqrt", (one(of), *_small(self.eps))) for of in (Entry("lastu", HERE), Entry("v", HERE)))
        return {
            **self.decay(),
            "v": _mean(self.alpha, "v", self.slope, self.slope),
            "delta": (one(above, self.slope, over(one(below))),),
            "u": _mean(self.alpha, "u", delta, delta),
            "y": (one(X), one(delta, times=-self.rate)),
        }


TWO_STEPS_ON = {
    "lr": "0.5", "beta1": "0.75", "beta2": "0.875", "eps": "0.125", "weight_decay": "0.25",
    "state": "{step: 2, W.m: [[1, 2], [-1, 3]], W.v: [[0.5, 2], [1, 4]]}",
}  # fmt: skip


class Adam(UpdateRule):
    """Running means of gradients and of their squares, corrected for their start at 0, as in PyTorch's Adam."""

    type = "adam"
    auxiliaries: ClassVar[tuple[str, ...]] = ("clipped", "regularized", "m", "v", "mhat", "vhat")
    state = ("m", "v")
    example = one_step("adam", **TWO_STEPS_ON)

    lr: Rational | None = option(Decimal("0.001"), "number", LR)
    beta1: Rational = option(Decimal("0.9"), "number", Phrase("the share of m that stays"))
    beta2: Rational = option(Decimal("0.999"), "number", Phrase("the share of v that stays"))
    eps: Rational = option(Decimal("1e-8"), "number", EPS)

    def lines(self) -> Lines:
        """Both means, both corrected, then the step."""
        mean, squares = (less(1, power(beta, self.step)) for beta in (self.beta1, self.beta2))
        step = one(MHAT, over(root(VHAT), *_small(self.eps)), times=-self.rate)
        return {
            **self.decay(),
            "m": _mean(self.beta1, "m", self.slope),
            "v": _mean(self.beta2, "v", self.slope, self.slope),
            "mhat": (one(M, over(one(times=mean))),),
            "vhat": (one(V, over(one(times=squares))),),
            "y": (*self.kept(), step),
        }

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """What the means are divided by, with the number of the step: 1 - 0.9^2."""
        made, at = dict(super().formulas(setting)), letters_of(setting, "gradient")
        for local, beta in (("mhat", self.beta1), ("vhat", self.beta2)):
            share = number_latex(beta)
            if self.step > 1:
                share = rf"\left({share}\right)" if "{" in share else share
                share += f"^{{{self.step}}}"
            made[local] = f"{indexed(local, at)} = {written(self.table[local], at, f'1 - {share}')}"
        return made

    def kept(self) -> tuple[Term, ...]:
        """What stays of the parameter."""
        return (one(X),)


class AdamW(Adam):
    """Adam whose weight decay goes past the means: w is made smaller by itself, as in PyTorch's AdamW."""

    type = "adamw"
    auxiliaries = ("clipped", "m", "v", "mhat", "vhat")
    example = one_step("adamw", **TWO_STEPS_ON)

    weight_decay: Rational = option(Decimal("0.01"), "number", WEIGHT_DECAY)

    @property
    def slope(self) -> Entry:
        """The gradient alone."""
        return self.clipped

    def decay(self) -> Lines:
        """No line of its own: it is in the step."""
        return self.clip()

    def kept(self) -> tuple[Term, ...]:
        """(1 − lr · λ) · w."""
        return (one(X, times=less(1, product(self.rate, self.weight_decay))),)


LOOKING = {
    "pytorch": Phrase(
        "mhat looks a step ahead with μ_t = β₁·(1 − ½·0.96^(t·{decay})), as PyTorch's NAdam does; others take β₁"
        " itself (`convention: simple`)."
    ),
    "simple": Phrase(
        "mhat looks a step ahead: (β₁·m + (1 − β₁)·dL/dw)/(1 − β₁^t); PyTorch's NAdam changes β₁ from step to step."
    ),
}


class NAdam(Adam):
    """Adam whose mean looks a step ahead, as Nesterov's momentum does: PyTorch's NAdam, or the formula of textbooks."""

    type = "nadam"
    example = one_step(
        "nadam", **{**TWO_STEPS_ON, "state": "{step: 2, W.m: [[2, 4], [-3, 5]], W.v: [[0.5, 2], [1, 4]]}"}
    )
    lr: Rational | None = option(Decimal("0.002"), "number", LR)
    momentum_decay: Rational = option(Decimal("0.004"), "number", Phrase("ψ: how fast μ_t comes near to β₁"))
    convention: str = option("pytorch", "choice", Phrase("which momentum is looked ahead with"), tuple(LOOKING))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which momentum."""
        said = LOOKING[self.convention].format(decay=str(self.momentum_decay))
        return (*super().conventions(numbers, tensors), said)

    def lines(self) -> Lines:
        """Those of Adam, but for the mean that the step goes along."""
        return {**super().lines(), "mhat": self._ahead()}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With μ by its name: its numbers are said beside it."""
        made = dict(super().formulas(setting))
        if self.convention == "pytorch":
            at, t = letters_of(setting, "gradient"), self.step
            m, slope = indexed("m", at), indexed(self.slope.tensor, at)
            terms = (
                rf"\frac{{\mu_{{{t + 1}}} \cdot {m}}}{{1 - {_till(t + 1)}}}",
                rf"\frac{{\left(1 - \mu_{{{t}}}\right) \cdot {slope}}}{{1 - {_till(t)}}}",
            )
            made["mhat"] = rf"{indexed('mhat', at)} = {' + '.join(terms)}"
        return made

    def _ahead(self) -> tuple[Term, Term]:
        """m and the gradient, each with its share and its correction."""
        if self.convention == "simple":
            rest = over(one(times=less(1, power(self.beta1, self.step))))
            return one(M, rest, times=self.beta1), one(self.slope, rest, times=less(1, self.beta1))
        mu = [self._momentum(step) for step in range(1, self.step + 2)]
        *_, now, then = mu
        till_now, till_then = (over(one(), one(*of, times=-1)) for of in (mu[:-1], mu))
        return one(M, then, till_then), one(self.slope, Apply("sum", (one(), one(now, times=-1))), till_now)

    def _momentum(self, step: int) -> Apply:
        """β₁ · (1 − ½ · 0.96^(step · ψ))."""
        log = Apply("log", (one(times=Decimal("0.96")),))
        shrunk = Apply("exp", (one(log, times=product(step, self.momentum_decay)),))
        return Apply("sum", (one(times=self.beta1), one(shrunk, times=product(Decimal("-0.5"), self.beta1))))


def _till(step: int) -> str:
    """The product of all momenta up to a step."""
    names = [rf"\mu_{{{one}}}" for one in range(1, step + 1)]
    return r" \cdot ".join(names if step < 4 else [names[0], r"\cdots", names[-1]])


def _mean(share: Rational, name: str, *factors: Entry) -> tuple[Term, ...]:
    """A running mean: a share of the last one, and the rest of what is new."""
    return one(Entry(f"last{name}", HERE), times=share), one(*factors, times=less(1, share))


def _small(eps: Rational) -> tuple[Term, ...]:
    return (one(times=eps),) if eps else ()
