"""Plain gradient descent: `sgd`."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array
from cnncalc.language import Phrase
from cnncalc.layers.base import Entry, Index, Setting, ShapeError, Term, option
from cnncalc.layers.formulas.index_latex import indexed
from cnncalc.optimizers.rule import UpdateRule
from cnncalc.records import dataclass

AT_ONCE = Phrase(
    en="The step goes against the gradient, and every gradient is that from before the step.",
    zh="参数沿负梯度方向更新，所有梯度均取更新前的值。",
)


@dataclass(frozen=True)
class Sgd(UpdateRule):
    """y = x − lr · gradient, of any shape, as in PyTorch's SGD without momentum and weight decay."""

    type: ClassVar[str] = "sgd"
    example: ClassVar[str] = """\
input: {name: x, value: [1, 2]}
layers:
  - fc:
      name: y
      weight: {name: W, value: [[3, -1], [1/2, 2]]}
      bias: {name: b, value: [0, 1]}
loss:
  half_squared_error: {target: [2, 3]}
update:
  sgd: {lr: 0.15, only: [W]}
"""

    lr: int | Decimal | Fraction | None = option(
        None, "number", Phrase(en="the learning rate, how far a step goes; it must be given", zh="学习率，必须写出")
    )

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which way, and which gradient."""
        return (AT_ONCE,)

    def check_options(self) -> None:
        """The learning rate has no default, and is positive."""
        if self.lr is None:
            raise ShapeError("sgd has no `lr`", "write how far a step goes: `sgd: {lr: 0.1}`", "lr")
        if self.lr <= 0:
            message = f"the learning rate is {self.lr}"
            raise ShapeError(message, "write a positive number: the step is lr times the negative gradient", "lr")

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """x − lr · gradient."""
        return {"y": x - parameters["gradient"] * numbers.number(self._rate())}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The gradient counts as given."""
        return {"dx": g}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the learning rate put in."""
        shape, rate = setting.parameters["gradient"], self._rate()
        text = f"{rate:f}" if isinstance(rate, Decimal) else str(rate)
        if isinstance(rate, Fraction) and rate.denominator != 1:
            text = rf"\frac{{{rate.numerator}}}{{{rate.denominator}}}"
        step = "" if rate == 1 else rf"{text} \cdot "
        y, x, gradient = (indexed(tensor, shape) for tensor in ("y", "x", "gradient"))
        return {"y": f"{y} = {x} - {step}{gradient}", "dx": f"{indexed('dx', shape)} = {indexed('g', shape)}"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The parameter, and lr times its gradient taken away."""
        if tensor == "dx":
            return [Term((Entry("g", index),))]
        return [Term((Entry("x", index),)), Term((Entry("gradient", index),), -self._rate())]

    def _rate(self) -> int | Decimal | Fraction:
        assert self.lr is not None, "check_options has asked for it"
        return self.lr
