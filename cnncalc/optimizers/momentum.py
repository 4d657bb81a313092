"""Gradient descent with momentum: `momentum`."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Parameter, Term, option
from cnncalc.optimizers.rule import Lines, Rational, UpdateRule, X, less, one, one_step, product, remembered
from cnncalc.records import dataclass

VELOCITY, LAST_VELOCITY = Entry("velocity", ()), Entry("lastvelocity", ())
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
CONVENTION = Phrase(
    en="The velocity is kept as {rule} (`convention: {name}`); other courses scale it otherwise.",
    zh="速度按 {rule} 计算（`convention: {name}`）；其他课程的比例约定可能不同。",
)


@dataclass(frozen=True)
class Momentum(UpdateRule):
    """A velocity v that keeps a share μ of itself from step to step, as in PyTorch's SGD with `momentum`."""

    type: ClassVar[str] = "momentum"
    parameters: ClassVar[tuple[Parameter, ...]] = remembered("velocity")
    auxiliaries: ClassVar[tuple[str, ...]] = ("regularized", "velocity")
    state: ClassVar[tuple[str, ...]] = ("velocity",)
    example: ClassVar[str] = one_step(
        "momentum", lr="0.15", momentum="0.8", weight_decay="0.25", state="{W.velocity: [[1, 2], [-1, 3]]}"
    )

    momentum: Rational = option(
        Decimal("0.9"), "number", Phrase(en="μ, the share of the velocity that stays", zh="动量系数 μ，速度保留的比例")
    )
    nesterov: bool = option(
        False, "bool", Phrase(en="look ahead: the step goes by μ·v and the gradient", zh="Nesterov 动量")
    )
    convention: str = option(
        "pytorch", "choice", Phrase(en="how the velocity is scaled", zh="速度的比例约定"), tuple(CONVENTIONS)
    )

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """How the velocity is scaled."""
        said = CONVENTION.format(rule=SAID[self.convention], name=self.convention)
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
