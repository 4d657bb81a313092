"""Batch normalization: `batch_norm`."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod
from typing import ClassVar

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.base import Apply, Entry, Index, Layer, Parameter, Setting, Shape, ShapeError, Term, by, option
from cnncalc.layers.batch_norm_formulas import inference_formulas, training_formulas

DIVISOR = {
    "biased": Phrase(en="The variance divides by the count m; ε = {eps}.", zh="方差除以样本数 m；ε = {eps}。"),
    "unbiased": Phrase(en="The variance divides by m − 1; ε = {eps}.", zh="方差除以 m − 1；ε = {eps}。"),
}
INFERENCE = Phrase(
    en="Mean and variance are given (inference), so they are constants; ε = {eps}.",
    zh="均值和方差已给定（推理模式），视为常数；ε = {eps}。",
)


@dataclass(frozen=True)
class BatchNorm(Layer):
    """y = gamma · xhat + beta with xhat = (x − mean) / √(var + eps), any shape to the same shape.

    Statistics are taken over N, H, W (`over: channel`; mean, var, gamma, beta are (C) or (features)), or over N alone
    (`activation`; they are shaped like a sample). dx is the whole derivative, through mean and var too. With mean and
    var given it is inference, and they are constants. As PyTorch's batch_norm; its default divides by the count, too.
    """

    type: ClassVar[str] = "batch_norm"
    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("gamma", default=1),
        Parameter("beta", default=0),
        Parameter("mean", learned=False),
        Parameter("var", learned=False),
    )
    auxiliaries: ClassVar[tuple[str, ...]] = ("mean", "var", "xhat")

    over: str = option("channel", "choice", "what has a mean: a channel, or each activation", ("channel", "activation"))
    eps: int | Decimal | Fraction = option(Decimal("1e-5"), "number", "what is added to the variance")
    variance: str = option("biased", "choice", "divide by the count, or by one less", ("biased", "unbiased"))
    inference: ClassVar[bool] = False

    @property
    def conventions(self) -> tuple[Phrase, ...]:
        """The divisor of the variance, and eps."""
        phrase = INFERENCE if self.inference else DIVISOR[self.variance]
        return (phrase.format(eps=self.eps),)

    def given(self, parameters: Collection[str]) -> Layer:
        """Inference where mean and var are given."""
        if not {"mean", "var"} <= set(parameters):
            return self
        return InferenceBatchNorm(over=self.over, eps=self.eps, variance=self.variance)

    def check_options(self) -> None:
        """Eps is no negative number."""
        if self.eps < 0:
            raise ShapeError(f"eps of {{y}} is {self.eps}", "give 0 or a positive number", "eps")

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """Each is shaped like what has one mean."""
        lone = {"mean", "var"} & set(given)
        if len(lone) == 1:
            there, missing = lone.pop(), ({"mean", "var"} - set(given)).pop()
            message = f"{{y}} has {{{there}}} but no {missing}"
            raise ShapeError(message, "give both (inference) or neither (training)", there)
        full = self._statistics(x)
        for name, typed in given.items():
            plain = full[0] == 1 and typed == full[1:]
            if typed not in ((), full) and not plain:
                whose = "a channel" if self.over == "channel" and len(x) == 3 else "an activation"
                message = f"{{{name}}} has shape {by(typed)}, {{x}} ({by(x)}) needs one number for {whose} ({by(full)})"
                raise ShapeError(message, f"give {by(full)} numbers, or one for all", name)
        return dict.fromkeys(("gamma", "beta", *(("mean", "var") if "mean" in given else ())), full)

    def output_shape(self, x: Shape, parameters: Mapping[str, Shape]) -> Shape:
        """That of x."""
        return x

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """Mean and var, unless given; xhat; y. Raises ShapeError where the unbiased variance divides by 0."""
        if ("mean" in parameters) != self.inference:
            raise TypeError("batch_norm was not told by given() whether mean and var are given")
        auxiliaries = {}
        if self.inference:
            mean, var = parameters["mean"], parameters["var"]
        else:
            axes, (count, divisor) = self._axes(x), self._counts(x)
            mean = numbers.sum(x, axis=axes) / count
            centered = x - self._spread(mean, x)
            var = numbers.sum(centered * centered, axis=axes) / divisor
            auxiliaries = {"mean": mean, "var": var}
        xhat = (x - self._spread(mean, x)) * self._spread(self._reciprocal_root(numbers, var), x)
        y = xhat * self._spread(parameters["gamma"], x) + self._spread(parameters["beta"], x)
        return {"y": y, **auxiliaries, "xhat": xhat}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The whole derivative; its one irrational factor, r = 1/√(var + eps), is multiplied in last.

        What is in the brackets before it stays rational, so that an exact 0 comes out as 0.
        """
        x, var, axes = tensors["x"], tensors["var"], self._axes(tensors["x"])
        root = self._reciprocal_root(numbers, var)
        # Adding 0 turns float's −0 into 0.
        dxhat = g * self._spread(tensors["gamma"], x) + 0
        parameters = {"dgamma": numbers.sum(g * tensors["xhat"], axis=axes), "dbeta": numbers.sum(g, axis=axes)}
        if self.inference:
            return {"dxhat": dxhat, **parameters, "dx": dxhat * self._spread(root, x)}
        count, divisor = self._counts(x)
        centered = x - self._spread(tensors["mean"], x)
        slope = numbers.sum(dxhat * centered, axis=axes) / (var + numbers.number(self.eps))
        total = numbers.sum(dxhat, axis=axes)
        # dmean's part through var is 0: it has the factor Σ (x − mean).
        statistics = {"dvar": 0 - slope * root / 2, "dmean": 0 - total * root}
        bracket = dxhat - self._spread(total / count, x) - centered * self._spread(slope / divisor, x)
        return {"dxhat": dxhat, **statistics, **parameters, "dx": bracket * self._spread(root, x)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the counts put in."""
        if self.inference:
            return inference_formulas(setting, self.over)
        return training_formulas(setting, self.over, self.variance == "unbiased")

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """From the definitions, one after the other: the chain rule through xhat, var and mean."""
        x = tensors["x"]
        channel = index if tensor in ("mean", "var", "dmean", "dvar", "dgamma", "dbeta") else self._channel(index)
        mean, root = Entry("mean", channel), Apply("sqrt", (Term((Entry("var", channel),)), Term((), self.eps)))
        reciprocal = Apply("reciprocal", (Term((root,)),))

        def centered(at: Index) -> Apply:
            return Apply("sum", (Term((Entry("x", at),)), Term((mean,), -1)))

        members = list(self._members(channel, x.shape))
        match tensor:
            case "y":
                return [Term((Entry("gamma", channel), Entry("xhat", index))), Term((Entry("beta", channel),))]
            case "mean":
                return [Term((Entry("x", at),), Fraction(1, len(members))) for at in members]
            case "var":
                divisor = self._counts(x)[1]
                return [Term((centered(at), centered(at)), Fraction(1, divisor)) for at in members]
            case "xhat":
                return [Term((centered(index), reciprocal))]
            case "dxhat":
                return [Term((Entry("g", index), Entry("gamma", channel)))]
            case "dgamma":
                return [Term((Entry("g", at), Entry("xhat", at))) for at in members]
            case "dbeta":
                return [Term((Entry("g", at),)) for at in members]
            case "dvar":
                cube = (reciprocal, reciprocal, reciprocal)
                return [Term((Entry("dxhat", at), centered(at), *cube), Fraction(-1, 2)) for at in members]
            case "dmean":
                slopes = [Term((Entry("dxhat", at), reciprocal), -1) for at in members]
                through = Fraction(-2, self._counts(x)[1])
                return slopes + [Term((Entry("dvar", channel), centered(at)), through) for at in members]
        terms = [Term((Entry("dxhat", index), reciprocal))]
        if self.inference:
            return terms
        terms.append(Term((Entry("dvar", channel), centered(index)), Fraction(2, self._counts(x)[1])))
        return [*terms, Term((Entry("dmean", channel),), Fraction(1, len(members)))]

    def _statistics(self, x: Shape) -> Shape:
        """The shape of mean and var."""
        return x if self.over == "activation" else x[:1]

    def _axes(self, x: Array) -> tuple[int, ...]:
        """What the statistics are taken over."""
        return (0,) if self.over == "activation" else (0, *range(2, x.ndim))

    def _counts(self, x: Array) -> tuple[int, int]:
        """How many numbers have one mean, and what their variance divides by."""
        count = prod(x.shape[axis] for axis in self._axes(x))
        if self.variance == "biased":
            return count, count
        if count == 1:
            message = f"{{y}} takes its unbiased variance over one number only: {{x}} is {by(x.shape[1:])} with N = 1"
            raise ShapeError(message, "use `variance: biased`, or a larger mini-batch", "variance")
        return count, count - 1

    def _spread(self, statistic: Array, x: Array) -> Array:
        """A statistic laid out along the axes of x."""
        return statistic.reshape(statistic.shape + (1,) * (x.ndim - 1 - statistic.ndim))

    def _reciprocal_root(self, numbers: Arithmetic, var: Array) -> Array:
        """1 / √(var + eps)."""
        shifted = var + numbers.number(self.eps)
        if not numbers.is_greater(shifted, 0).all():
            raise OutOfRange("batch norm divides by √(var + eps), and var + eps is not positive")
        return 1 / numbers.sqrt(shifted)

    def _channel(self, index: Index) -> Index:
        """The index of the statistics that an element of x belongs to."""
        return index[1:] if self.over == "activation" else index[1:2]

    def _members(self, channel: Index, x: Shape) -> Iterator[Index]:
        """The elements of x that one mean is taken over."""
        rest = product(*map(range, x[1 + len(channel) :]))
        places = [tuple(place) for place in rest]
        return ((n, *channel, *place) for n in range(x[0]) for place in places)


@dataclass(frozen=True)
class InferenceBatchNorm(BatchNorm):
    """Batch normalization with given mean and var; no layer type of its own, but what `given` makes of batch_norm."""

    auxiliaries: ClassVar[tuple[str, ...]] = ("xhat",)
    inference: ClassVar[bool] = True
