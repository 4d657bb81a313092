"""Rules that divide by the root of squared gradients: `adagrad`, `rmsprop`, `adam`, `adamw`."""

from decimal import Decimal
from typing import ClassVar

from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Parameter, Term, option
from cnncalc.optimizers.rule import (
    EPS,
    GRADIENT,
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
    remembered,
    root,
)
from cnncalc.records import dataclass

M, V, SQUARE_SUM = Entry("m", ()), Entry("v", ()), Entry("squaresum", ())
MHAT, VHAT = Entry("mhat", ()), Entry("vhat", ())


@dataclass(frozen=True)
class Adagrad(UpdateRule):
    """The step is divided by the root of the sum of all squared gradients, as in PyTorch's Adagrad."""

    type: ClassVar[str] = "adagrad"
    parameters: ClassVar[tuple[Parameter, ...]] = remembered("squaresum")
    auxiliaries: ClassVar[tuple[str, ...]] = ("regularized", "squaresum")
    state: ClassVar[tuple[str, ...]] = ("squaresum",)
    example: ClassVar[str] = one_step(
        "adagrad", lr="1.5", eps="0.125", weight_decay="0.25", state="{W.square_sum: [[0.5, 2], [1, 4]]}"
    )

    lr: Rational | None = option(Decimal("0.01"), "number", LR)
    eps: Rational = option(Decimal("1e-10"), "number", EPS)

    def lines(self) -> Lines:
        """The sum of squares, then the step."""
        squares = (one(Entry("lastsquaresum", ())), one(self.slope, self.slope))
        step = one(self.slope, over(root(SQUARE_SUM), *_small(self.eps)), times=-self.rate)
        return {**self.decay(), "squaresum": squares, "y": (one(X), step)}


@dataclass(frozen=True)
class RmsProp(UpdateRule):
    """The step is divided by the root of a running mean of squared gradients, as in PyTorch's RMSprop."""

    type: ClassVar[str] = "rmsprop"
    parameters: ClassVar[tuple[Parameter, ...]] = remembered("v")
    auxiliaries: ClassVar[tuple[str, ...]] = ("regularized", "v")
    state: ClassVar[tuple[str, ...]] = ("v",)
    example: ClassVar[str] = one_step(
        "rmsprop", lr="0.5", alpha="0.75", eps="0.125", weight_decay="0.25", state="{W.v: [[0.5, 2], [1, 4]]}"
    )

    lr: Rational | None = option(Decimal("0.01"), "number", LR)
    alpha: Rational = option(
        Decimal("0.99"), "number", Phrase(en="the share of the mean of squares that stays", zh="平方均值保留的比例")
    )
    eps: Rational = option(Decimal("1e-8"), "number", EPS)

    def lines(self) -> Lines:
        """The mean of squares, then the step."""
        step = one(self.slope, over(root(V), *_small(self.eps)), times=-self.rate)
        return {**self.decay(), "v": _mean(self.alpha, "v", self.slope, self.slope), "y": (one(X), step)}


@dataclass(frozen=True)
class Adam(UpdateRule):
    """Running means of gradients and of their squares, corrected for their start at 0, as in PyTorch's Adam."""

    type: ClassVar[str] = "adam"
    parameters: ClassVar[tuple[Parameter, ...]] = remembered("m", "v")
    auxiliaries: ClassVar[tuple[str, ...]] = ("regularized", "m", "v", "mhat", "vhat")
    state: ClassVar[tuple[str, ...]] = ("m", "v")
    example: ClassVar[str] = one_step(
        "adam",
        lr="0.5",
        beta1="0.75",
        beta2="0.875",
        weight_decay="0.25",
        state="{step: 2, W.m: [[1, 2], [-1, 3]], W.v: [[0.5, 2], [1, 4]]}",
    )

    lr: Rational | None = option(Decimal("0.001"), "number", LR)
    beta1: Rational = option(Decimal("0.9"), "number", Phrase(en="the share of m that stays", zh="一阶矩 m 保留的比例"))
    beta2: Rational = option(
        Decimal("0.999"), "number", Phrase(en="the share of v that stays", zh="二阶矩 v 保留的比例")
    )
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

    def kept(self) -> tuple[Term, ...]:
        """What stays of the parameter."""
        return (one(X),)


@dataclass(frozen=True)
class AdamW(Adam):
    """Adam whose weight decay goes past the means: w is made smaller by itself, as in PyTorch's AdamW."""

    type: ClassVar[str] = "adamw"
    auxiliaries: ClassVar[tuple[str, ...]] = ("m", "v", "mhat", "vhat")
    example: ClassVar[str] = one_step(
        "adamw",
        lr="0.5",
        beta1="0.75",
        beta2="0.875",
        weight_decay="0.25",
        state="{step: 2, W.m: [[1, 2], [-1, 3]], W.v: [[0.5, 2], [1, 4]]}",
    )

    weight_decay: Rational = option(Decimal("0.01"), "number", WEIGHT_DECAY)

    @property
    def slope(self) -> Entry:
        """The gradient alone."""
        return GRADIENT

    def decay(self) -> Lines:
        """No line: it is in the step."""
        return {}

    def kept(self) -> tuple[Term, ...]:
        """(1 − lr · λ) · w."""
        return (one(X, times=less(1, product(self.rate, self.weight_decay))),)


def _mean(share: Rational, name: str, *factors: Entry) -> tuple[Term, ...]:
    """A running mean: a share of the last one, and the rest of what is new."""
    return one(Entry(f"last{name}", ()), times=share), one(*factors, times=less(1, share))


def _small(eps: Rational) -> tuple[Term, ...]:
    return (one(times=eps),) if eps else ()
