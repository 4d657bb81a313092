"""What an update rule says about itself: it is a layer whose x is a parameter and whose y is the parameter after.

A rule is a table of lines: what is computed on the way, each a sum of terms over what stands above it, element by
element. Forward pass, formulas and explanations are read off the table.
"""

import operator
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import partial
from typing import Any, ClassVar, TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.base import Apply, Entry, Index, Layer, Parameter, Setting, Shape, ShapeError, Term, option
from cnncalc.layers.evaluate import HERE, Terms, placed, value
from cnncalc.layers.formulas.indices import indexed, number_latex
from cnncalc.records import dataclass

Rational: TypeAlias = int | Decimal | Fraction
Lines: TypeAlias = Mapping[str, Terms]
"""By local name, in order, the terms of one element."""
LAST = "last"
"""What the local name of a state begins with, as it is before the step."""
X, GRADIENT, DECAYED = Entry("x", HERE), Entry("gradient", HERE), Entry("regularized", HERE)
AT_ONCE = Phrase(
    en="The step goes against the gradient, and every gradient is that from before the step.",
    zh="参数沿负梯度方向更新，所有梯度均取更新前的值。",
)
FROM_ZERO = Phrase(
    en="What a rule remembers from step to step is 0 before the first step, where `state` gives nothing else.",
    zh="未由 `state` 给出时，规则在各步之间保存的量在第一步之前为 0。",
)
LR = Phrase(en="the learning rate, how far a step goes", zh="学习率")
WEIGHT_DECAY = Phrase(
    en="λ of weight decay: λ·w is added to the gradient of w", zh="权重衰减系数 λ：在 w 的梯度上加 λ·w"
)
EPS = Phrase(en="what is added to the root", zh="加在平方根之外的小常数")


def one_step(rule: str, **options: str) -> str:
    """A problem with a step of a rule, for its `example`."""
    return (
        "input: {name: x, value: [1, 2]}\nlayers:\n  - fc: {name: y, weight: {name: W, value: [[3, -1], [1/2, 2]]}}\n"
        f"loss:\n  half_squared_error: {{target: [2, 3]}}\nupdate:\n  {rule}:\n"
    ) + "".join(f"    {name}: {value}\n" for name, value in options.items())


@dataclass(frozen=True)
class UpdateRule(Layer):
    """x, a parameter, and `gradient`, that of the loss by x, to y, the parameter after the step; none of them has N."""

    parameters: ClassVar[tuple[Parameter, ...]] = (Parameter("gradient", required=True, learned=False),)
    state: ClassVar[tuple[str, ...]] = ()
    """The lines that the next step takes, there with LAST in front."""

    lr: Rational | None = option(None, "number", LR)
    weight_decay: Rational = option(0, "number", WEIGHT_DECAY)
    step: int = 1
    """Which step it is, counted from 1."""

    @abstractmethod
    def lines(self) -> Lines:
        """The table; its last line is y."""

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which way, which gradient, and where a state begins."""
        return (AT_ONCE, FROM_ZERO) if self.state else (AT_ONCE,)

    def check_options(self) -> None:
        """The learning rate is positive; shares lie between 0 and 1; what is added is not negative."""
        if self.lr is None:
            raise ShapeError(f"{self.type} has no `lr`", f"write how far a step goes: `{self.type}: {{lr: 0.1}}`", "lr")
        if self.lr <= 0:
            message = f"the learning rate is {self.lr}"
            raise ShapeError(message, "write a positive number: the step is lr times the negative gradient", "lr")
        for name in self.options():
            value: Any = getattr(self, name)
            if name in ("momentum", "alpha", "beta1", "beta2") and not 0 <= value < 1:
                raise ShapeError(f"{name} is {value}", "write a number from 0 to 1, 1 left out", name)
            if name in ("weight_decay", "eps") and value < 0:
                raise ShapeError(f"{name} is {value}", "write 0 or a positive number", name)

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """The gradient and the state are shaped like the parameter."""
        return {parameter.name: x for parameter in self.parameters}

    @property
    def rate(self) -> Rational:
        """The learning rate."""
        assert self.lr is not None, "check_options has asked for it"
        return self.lr

    @property
    def slope(self) -> Entry:
        """The gradient that the rule goes by: with weight decay, where there is one."""
        return DECAYED if self.weight_decay else GRADIENT

    def decay(self) -> Lines:
        """The line of weight decay, where there is one."""
        return {"regularized": (Term((GRADIENT,)), Term((X,), self.weight_decay))} if self.weight_decay else {}

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Line by line."""
        made = {"x": x, **parameters}
        for local, terms in self.lines().items():
            made[local] = numbers.simplified(_checked(terms, numbers, made))
        return {local: made[local] for local in self.lines()}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The gradient counts as given."""
        return {"dx": g}

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """One line of the table, from the lines above it."""
        return tensors["g"] if tensor == "dx" else _checked(self.lines()[tensor], numbers, tensors)

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the numbers of the options put in."""
        shape = setting.parameters["gradient"]
        made = {local: f"{indexed(local, shape)} = {_written(terms, shape)}" for local, terms in self.lines().items()}
        return {**made, "dx": f"{indexed('dx', shape)} = {indexed('g', shape)}"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """A line at one element."""
        if tensor == "dx":
            return [Term((Entry("g", index),))]
        return list(placed(self.lines()[tensor], index))


def remembered(*names: str) -> tuple[Parameter, ...]:
    """What a rule with a state takes."""
    return (*UpdateRule.parameters, *(Parameter(LAST + name, learned=False) for name in names))


def one(*factors: Entry | Apply, times: Rational = 1) -> Term:
    """A product."""
    return Term(factors, times)


def over(*terms: Term) -> Apply:
    """What a product is divided by."""
    return Apply("reciprocal", terms)


def root(of: Entry) -> Term:
    """A square root."""
    return Term((Apply("sqrt", (Term((of,)),)),))


def _exactly(operation: Callable[[Any, Any], Any], a: Rational, b: Rational) -> Rational:
    with localcontext() as context:
        # A decimal stays one, with all of its places.
        context.prec = 10_000
        if isinstance(a, Fraction) or isinstance(b, Fraction):
            a, b = Fraction(a), b if operation is operator.pow else Fraction(b)
        made: Rational = operation(a, b)
        return made


product, less, power = (partial(_exactly, operation) for operation in (operator.mul, operator.sub, operator.pow))
"""a · b, a − b, and a to a whole power, exactly."""


def _checked(terms: Iterable[Term], numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array:
    """The value of a line; OutOfRange where it divides by 0."""
    for factor in (factor for term in terms for factor in term.factors if isinstance(factor, Apply)):
        if numbers.is_known_equal(np.asarray(value(factor.terms, numbers, tensors)), 0).any():
            raise OutOfRange("the step divides by a root that is 0; give `eps` a positive number")
    return np.asarray(value(terms, numbers, tensors))


def _written(terms: Iterable[Term], shape: Shape) -> str:
    """A sum as LaTeX in the layer's macros."""
    text = ""
    for term in terms:
        above, below = [], []
        for factor in term.factors:
            if isinstance(factor, Entry):
                above.append(indexed(factor.tensor, shape))
            elif factor.function == "reciprocal":
                below.append(_written(factor.terms, shape))
            else:
                above.append(rf"\sqrt{{{_written(factor.terms, shape)}}}")
        size = term.coefficient if term.coefficient > 0 else -term.coefficient
        if size != 1 or not above:
            above.insert(0, number_latex(size))
        counts = dict.fromkeys(above)
        powers = [f"{factor}^{{2}}" if above.count(factor) == 2 else factor for factor in counts]
        product = r" \cdot ".join(powers)
        product = rf"\frac{{{product}}}{{{below[0]}}}" if below else product
        sign = "-" if term.coefficient < 0 else "+" if text else ""
        text += f" {sign} {product}" if text else f"{sign}{product}"
    return text
