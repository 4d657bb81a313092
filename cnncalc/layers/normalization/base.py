"""What norms have in common: from xhat to y; and those of batch norm: options, shapes, xhat from mean and var."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from math import prod
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import indices
from cnncalc.layers.base import Entry, Index, Layer, Parameter, Shape, ShapeError, Term, by, option

LIKE = "(C)"
GAMMA = Phrase("what each channel is multiplied by at the end")
BETA = Phrase("what is added to each channel at the end")
MEAN = Phrase("the running mean: with `mean` and `var` given, it is inference")
VAR = Phrase("the running variance")
RUNNING_MEAN = Phrase("the running mean before this batch, in training with a `momentum`")
RUNNING_VAR = Phrase("the running variance before this batch")
MOMENTUM = Phrase(
    "in training, how the running statistics go on, which are then made as well: `running_mean.new` and"
    " `running_var.new`"
)
WHOSE = Phrase(
    "what momentum is: the share of this batch, whose variance is then unbiased (pytorch), or that of what was"
    " (keras, CS231n)"
)
OVER = Phrase(
    "what has a mean and a variance of its own: each channel, over samples, rows and columns; or each activation,"
    " over the samples alone (parameters are then (C, H, W))"
)
EPS = Phrase("what is added to the variance")
VARIANCE = Phrase("divide by the count, or by one less")


def line_by_line(
    layer: Layer, lines: Iterable[str], numbers: Arithmetic, tensors: Mapping[str, Array]
) -> dict[str, Array]:
    """The tensors of a layer that says each in whole arrays, every one from those before it."""
    made, given = {}, dict(tensors)
    for local in lines:
        whole = layer.definition(local, numbers, given)
        assert whole is not None, f"{local} has its line"
        made[local] = given[local] = whole
    return made


class Scaled(Layer):
    """y = gamma · xhat + beta, where gamma and beta are shaped like the first axes of a sample, or like all of it.

    There may be no beta.
    """

    def scaled_by(self, x: Shape) -> Shape:
        """The shape of gamma and beta."""
        return x[:1]

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """One number for each channel, or each number of a sample; or one for all."""
        full = self.scaled_by(x)
        for name, typed in given.items():
            if typed not in ((), full):
                message = f"{{{name}}} has shape {by(typed)}, {{y}} scales {by(full)} numbers of {{x}} ({by(x)})"
                raise ShapeError(message, f"give {by(full)} numbers, or one for all", name)
        return dict.fromkeys((parameter.name for parameter in self.parameters), full)

    def scaled(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """What is made with gamma or beta, in whole arrays; None for other tensors."""
        scale = tensors["gamma"]
        match tensor:
            case "y":
                xhat = tensors["xhat"]
                shift = self._spread(tensors["beta"], xhat) if "beta" in tensors else 0
                return np.asarray(xhat * self._spread(scale, xhat) + shift)
            case "dxhat":
                # Adding 0 turns float's −0 into 0.
                return np.asarray(tensors["g"] * self._spread(scale, tensors["g"]) + 0)
            case "dgamma" | "dbeta":
                slopes = tensors["g"] * tensors["xhat"] if tensor == "dgamma" else tensors["g"]
                return numbers.sum(slopes, axis=(0, *range(1 + scale.ndim, slopes.ndim)))
        return None

    def scaled_terms(self, tensor: str, index: Index, tensors: Mapping[str, Array]) -> list[Term] | None:
        """As `scaled`, element by element."""
        own = index[1 : 1 + tensors["gamma"].ndim]
        match tensor:
            case "y":
                beta = [Term((Entry("beta", own),))] if "beta" in tensors else []
                return [Term((Entry("gamma", own), Entry("xhat", index))), *beta]
            case "dxhat":
                return [Term((Entry("g", index), Entry("gamma", own)))]
            case "dgamma":
                return [Term((Entry("g", at), Entry("xhat", at))) for at in members(index, tensors["x"].shape)]
            case "dbeta":
                return [Term((Entry("g", at),)) for at in members(index, tensors["x"].shape)]
        return None

    def scaled_formulas(self, x: Shape, own: str) -> Mapping[str, str]:
        """The same in LaTeX, where gamma has the indices `own`."""
        e = indices(x)
        others = ", ".join(letter for letter in e.split(", ") if letter not in own.split(", "))
        made = {
            "dxhat": rf"\dxhat_{{{e}}} = \g_{{{e}}} \cdot \gamma_{{{own}}}",
            "dgamma": rf"\dgamma_{{{own}}} = \sum_{{{others}}} \g_{{{e}}} \cdot \xhat_{{{e}}}",
        }
        y = rf"\y_{{{e}}} = \gamma_{{{own}}} \cdot \xhat_{{{e}}}"
        if all(parameter.name != "beta" for parameter in self.parameters):
            return {"y": y, **made}
        dbeta = rf"\dbeta_{{{own}}} = \sum_{{{others}}} \g_{{{e}}}"
        return {"y": rf"{y} + \beta_{{{own}}}", **made, "dbeta": dbeta}

    def _spread(self, statistic: Array, x: Array) -> Array:
        """A statistic laid out along the axes of x."""
        return statistic.reshape(statistic.shape + (1,) * (x.ndim - 1 - statistic.ndim))


def reciprocal_root(numbers: Arithmetic, var: Array, eps: int | Decimal | Fraction) -> Array:
    """1 / √(var + eps)."""
    shifted = var + numbers.number(eps)
    if not numbers.is_greater(shifted, 0).all():
        raise OutOfRange("the norm divides by √(var + eps), and var + eps is not positive")
    return np.asarray(1 / numbers.sqrt(shifted))


def members(channel: Index, x: Shape) -> Iterator[Index]:
    """The elements of x, over all samples, that begin so behind the sample."""
    behind = map(range, x[1 + len(channel) :])
    return ((n, *channel, *place) for n, *place in product(range(x[0]), *behind))


class Normalization(Scaled):
    """y = gamma · xhat + beta with xhat = (x − mean) / √(var + eps), wherever mean and var come from."""

    parameters: ClassVar[tuple[Parameter, ...]] = (
        Parameter("gamma", default=1, shape=LIKE, about=GAMMA),
        Parameter("beta", default=0, is_added=True, shape=LIKE, about=BETA),
        Parameter("mean", learned=False, shape=LIKE, about=MEAN),
        Parameter("var", learned=False, shape=LIKE, about=VAR),
        Parameter("runningmean", default=0, learned=False, outline=("momentum",), shape=LIKE, about=RUNNING_MEAN),
        Parameter("runningvar", default=1, learned=False, outline=("momentum",), shape=LIKE, about=RUNNING_VAR),
    )

    over: str = option("channel", "choice", OVER, ("channel", "activation"))
    eps: int | Decimal | Fraction = option(Decimal("1e-5"), "number", EPS, limit="from 0")
    variance: str = option("biased", "choice", VARIANCE, ("biased", "unbiased"))
    momentum: int | Decimal | Fraction | None = option(None, "number", MOMENTUM, limit="from 0 to 1")
    convention: str = option("pytorch", "choice", WHOSE, ("pytorch", "keras"))

    def parameter_shapes(self, x: Shape, given: Mapping[str, Shape]) -> Mapping[str, Shape]:
        """Each is shaped like what has one mean."""
        lone = {"mean", "var"} & set(given)
        if len(lone) == 1:
            there, missing = lone.pop(), ({"mean", "var"} - set(given)).pop()
            message = f"{{y}} has {{{there}}} but no {missing}"
            raise ShapeError(message, "give both (inference) or neither (training)", there)
        full = x if self.over == "activation" else x[:1]
        for name, typed in given.items():
            plain = full[0] == 1 and typed == full[1:]
            if typed not in ((), full) and not plain:
                whose = "each channel" if self.over == "channel" and len(x) > 1 else "each activation"
                message = f"{{{name}}} has shape {by(typed)}, {{x}} ({by(x)}) needs one number for {whose} ({by(full)})"
                raise ShapeError(message, f"give {by(full)} numbers, or one for all", name)
        return dict.fromkeys(("gamma", "beta", *(("mean", "var") if "mean" in given else ())), full)

    def _normalized(self, numbers: Arithmetic, x: Array, statistics: Mapping[str, Array]) -> Array:
        """xhat, by a mean and a var."""
        root = reciprocal_root(numbers, statistics["var"], self.eps)
        return (x - self._spread(statistics["mean"], x)) * self._spread(root, x)

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

    def _channel(self, index: Index) -> Index:
        """The index of the statistics that an element of x belongs to."""
        return index[1:] if self.over == "activation" else index[1:2]
