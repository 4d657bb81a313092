"""What an update rule says about itself: it is a layer whose x is a parameter and whose y is the parameter after.

A rule is a table of lines: what is computed on the way, each a sum of terms over what stands above it, element by
element. Forward pass, formulas and explanations are read off the table. The plainest, `sgd`, stands at the end.
"""

import operator
from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cached_property, partial
from typing import Any, ClassVar, TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import NOTHING, Phrase
from cnncalc.layers.base import Apply, Entry, Index, Layer, Parameter, Setting, Shape, ShapeError, Term, option
from cnncalc.layers.evaluate import HERE, Terms, placed, value
from cnncalc.layers.indices import indexed, letters_of, number_latex

Rational: TypeAlias = int | Decimal | Fraction
Lines: TypeAlias = Mapping[str, Terms]
"""By local name, in order, the terms of one element."""
LAST = "last"
"""What the local name of a state begins with, as it is before the step."""
X, GRADIENT, DECAYED = Entry("x", HERE), Entry("gradient", HERE), Entry("regularized", HERE)
CLIPPED, SHARE = Entry("clipped", HERE), Entry("share", HERE)
AT_ONCE = Phrase("The step goes against the gradient, and every gradient is that from before the step.")
FROM_ZERO = Phrase(
    "What a rule remembers from step to step is 0 before the first step, where `state` gives nothing else."
)
LR = Phrase("the learning rate, how far a step goes")
WEIGHT_DECAY = Phrase("λ of weight decay: λ·w is added to the gradient of w")
CLIP_VALUE = Phrase("clip each number of the gradients to this size; also `clip: {value: 1}`")
CLIP_NORM = Phrase("clip all gradients together to this length; also `clip: {norm: 1}`")
CLIP_EPS = Phrase("what is added to their length before dividing; PyTorch adds 1e-6")
BY_VALUE = Phrase(
    "A number of a gradient that is larger than {most} is clipped to {most}, one below -{most} to -{most}: its share"
    " is {most} over its size, or 1."
)
BY_NORM = Phrase(
    "Where all gradients together are longer than {most} (the root of the sum of their squares), each is multiplied"
    " by the same share, {most} over that length{small}."
)
ADDED = Phrase(" plus {eps}")
EPS = Phrase("what is added to the root")
ONE_BY_ONE = Phrase(
    "The samples are looked at in order, over and over; a step is a correction by one that is on the wrong side."
)


def one_step(rule: str, **options: str) -> str:
    """A problem with a step of a rule, for its `example`."""
    return (
        "input: {name: x, value: [1, 2]}\nlayers: [fc: {name: y, weight: {name: W, value: [[3, -1], [1/2, 2]]}}]\n"
        f"loss:\n  half_squared_error: {{target: [2, 3]}}\nupdate:\n  {rule}:\n"
    ) + "".join(f"    {name}: {value}\n" for name, value in options.items())


class UpdateRule(Layer):
    """x, a parameter, and `gradient`, that of the loss by x, to y, the parameter after the step; none of them has N."""

    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("gradient", required=True, learned=False), Parameter("share", learned=False),
    )  # fmt: skip
    auxiliaries: ClassVar[tuple[str, ...]] = ("clipped", "regularized")
    state: ClassVar[tuple[str, ...]] = ()
    """The lines that the next step takes, there with LAST in front; they are auxiliaries and parameters as well."""

    lr: Rational | None = option(None, "number", LR)
    weight_decay: Rational = option(0, "number", WEIGHT_DECAY)
    clip_value: Rational | None = option(None, "number", CLIP_VALUE)
    clip_norm: Rational | None = option(None, "number", CLIP_NORM)
    clip_eps: Rational = option(0, "number", CLIP_EPS)
    step: int = 1
    """Which step it is, counted from 1."""

    def __init_subclass__(cls, **further: Any) -> None:
        cls.parameters = (*UpdateRule.parameters, *(Parameter(LAST + name, learned=False) for name in cls.state))
        super().__init_subclass__(**further)

    @abstractmethod
    def lines(self) -> Lines:
        """The table; its last line is y."""

    @cached_property
    def table(self) -> Lines:
        """The same, made once: with all of its exact coefficients it takes as long as a step in doubles."""
        return self.lines()

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Which way, which gradient, and where a state begins."""
        said = (AT_ONCE, FROM_ZERO) if self.state else (AT_ONCE,)
        return (*said, self.clipping) if self.clips else said

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
            if name in ("weight_decay", "eps", "clip_eps") and value < 0:
                raise ShapeError(f"{name} is {value}", "write 0 or a positive number", name)
            if name in ("clip_value", "clip_norm") and value is not None and value <= 0:
                raise ShapeError(f"{name} is {value}", "write a positive number", name)
        if self.clip_value is not None and self.clip_norm is not None:
            raise ShapeError("gradients are clipped twice", "clip by value or by norm", "clip_norm")

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
        return DECAYED if self.weight_decay else self.clipped

    @property
    def clips(self) -> bool:
        """Whether the gradient is clipped before anything else."""
        return self.clip_value is not None or self.clip_norm is not None

    @property
    def clipped(self) -> Entry:
        """The gradient, clipped where it is."""
        return CLIPPED if self.clips else GRADIENT

    @property
    def clipping(self) -> Phrase:
        """How gradients are clipped."""
        if self.clip_value is not None:
            return BY_VALUE.format(most=self.clip_value)
        small = ADDED.format(eps=self.clip_eps) if self.clip_eps else NOTHING
        return BY_NORM.format(most=self.clip_norm or 0, small=small)

    def clip(self) -> Lines:
        """The line of clipping, where there is one."""
        return {"clipped": (Term((GRADIENT, SHARE)),)} if self.clips else {}

    def decay(self) -> Lines:
        """The lines of clipping and of weight decay, where there are any."""
        decayed = {"regularized": (Term((self.clipped,)), Term((X,), self.weight_decay))} if self.weight_decay else {}
        return {**self.clip(), **decayed}

    def clip_shares(self, numbers: Arithmetic, gradients: Mapping[str, Array]) -> Mapping[str, Array]:
        """By parameter, what its gradient is multiplied by: 1 where nothing is clipped."""
        if self.clip_norm is not None:
            flat = np.concatenate([g.ravel() for g in gradients.values()])
            most, small = numbers.array(np.asarray([self.clip_norm, self.clip_eps], dtype=object)).reshape(2, 1)
            length = numbers.sqrt(numbers.sum((flat * flat)[None], axis=1)) + small
            share = most / length if numbers.is_greater(length, most)[0] else numbers.zeros((1,)) + 1
            return {name: np.broadcast_to(share, g.shape).copy() for name, g in gradients.items()}
        most = numbers.array(np.asarray(self.clip_value, dtype=object).reshape(1))[0]
        found = {}
        for name, g in gradients.items():
            size = numbers.gated(g, numbers.is_greater(g, 0)) - numbers.gated(g, ~numbers.is_greater(g, 0))
            share, is_large = numbers.zeros(g.shape) + 1, numbers.is_greater(size - most, 0)
            share[is_large] = most / size[is_large]
            found[name] = share
        return found

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Line by line."""
        made = {"x": x, **parameters}
        for local, terms in self.table.items():
            made[local] = numbers.simplified(_checked(terms, numbers, made))
        return {local: made[local] for local in self.table}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The gradient counts as given."""
        return {"dx": g}

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """One line of the table, from the lines above it."""
        return tensors["g"] if tensor == "dx" else _checked(self.table[tensor], numbers, tensors)

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the numbers of the options put in."""
        at = letters_of(setting, "gradient")
        made = {local: f"{indexed(local, at)} = {written(terms, at)}" for local, terms in self.table.items()}
        return {**made, "dx": f"{indexed('dx', at)} = {indexed('g', at)}"}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """A line at one element."""
        if tensor == "dx":
            return [Term((Entry("g", index),))]
        return list(placed(self.table[tensor], index))


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
    divisors = (factor for term in terms for factor in term.factors if isinstance(factor, Apply))
    for factor in (factor for factor in divisors if factor.function == "reciprocal"):
        if numbers.is_known_equal(np.asarray(value(factor.terms, numbers, tensors)), 0).any():
            raise OutOfRange("the step divides by a root that is 0; give `eps` a positive number")
    return np.asarray(value(terms, numbers, tensors))


def written(terms: Iterable[Term], at: str, divisor: str | None = None) -> str:
    """A sum as LaTeX in the layer's macros; `divisor` as what every product is divided by may be written instead."""
    text = ""
    for term in terms:
        above, below = [], []
        for factor in term.factors:
            if isinstance(factor, Entry):
                above.append(indexed(factor.tensor, at))
            elif factor.function in ("reciprocal", "sqrt"):
                inner = written(factor.terms, at)
                below.append(inner) if factor.function == "reciprocal" else above.append(rf"\sqrt{{{inner}}}")
        size = term.coefficient if term.coefficient > 0 else -term.coefficient
        if size != 1 or not above:
            above.insert(0, number_latex(size))
        counts = dict.fromkeys(above)
        powers = [f"{factor}^{{2}}" if above.count(factor) == 2 else factor for factor in counts]
        product = r" \cdot ".join(powers)
        product = rf"\frac{{{product}}}{{{divisor or below[0]}}}" if below else product
        sign = "-" if term.coefficient < 0 else "+" if text else ""
        text += f" {sign} {product}" if text else f"{sign}{product}"
    return text


class Sgd(UpdateRule):
    """y = x − lr · gradient, of any shape, as in PyTorch's SGD without momentum."""

    type = "sgd"
    example = """\
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

    def lines(self) -> Lines:
        """One step against the gradient."""
        return {**self.decay(), "y": (one(X), one(self.slope, times=-self.rate))}


class Perceptron(Sgd):
    """y = x − lr · gradient of the perceptron's loss, one sample after the other: w + lr · t · x for each mistake.

    A step is a correction; samples that are right are passed over, until a whole pass has no mistake.
    """

    type = "perceptron"
    example = """\
input: {name: x, value: [[3, 3], [4, 3], [1, 1]]}
layers:
  - fc:
      name: z
      weight: {name: w, value: [[0, 0]]}
      bias: {name: b, value: [0]}
loss:
  perceptron_loss: {target: [[1], [1], [-1]]}
update:
  perceptron: {lr: 1}
"""
    lr: Rational | None = option(1, "number", LR)

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """Whose turn it is."""
        return (ONE_BY_ONE,)
