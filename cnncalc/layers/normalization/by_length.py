"""Division by a length: of a sample, `rms_norm`, `l2_normalize`, or of the channels around, `local_response_norm`."""

from abc import abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from math import prod
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import AXES, indices
from cnncalc.layers.base import Apply, Entry, Index, Layer, Parameter, Setting, Shape, Term, option, small_problem
from cnncalc.layers.indices import number_latex, ratio
from cnncalc.layers.normalization.base import Scaled

SQUARES = Phrase("what is added under the root")
UNDER_THE_ROOT = Phrase("Under the root ε = {eps} is added.")
SCALE = Phrase("what each number is multiplied by at the end")


class ByLength(Layer):
    """unit = x / length with length = √(share · Σ x² + eps) over each sample, in any shape to the same shape.

    dx = (dunit − unit · share · Σ dunit · unit) / length.
    """

    length: ClassVar[str]
    """The local name of the length, (N, 1)."""
    unit: ClassVar[str]
    """That of x over its length; its gradient is g where it is y."""
    sees_all = True
    eps: int | Decimal | Fraction

    @abstractmethod
    def share(self, x: Shape) -> Fraction:
        """What the sum of the squares is multiplied by."""

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """What is added to the squares."""
        return (UNDER_THE_ROOT.format(eps=self.eps),) if self.eps else ()

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The length, then x over it."""
        squares = self._mean(numbers, x * x) + numbers.number(self.eps)
        if numbers.is_known_equal(squares, 0).any():
            raise OutOfRange(f"{self.type} divides by the length of a sample, and a sample of zeros has none")
        length = numbers.named(self.length, numbers.sqrt(squares), positive=True)
        return {self.length: length, self.unit: x / self._along(length, x)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """The whole derivative."""
        unit = tensors[self.unit]
        along = unit * self._along(self._mean(numbers, g * unit), g)
        return {"dx": (g - along) / self._along(tensors[self.length], g) + 0}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the count put in."""
        e, share = indices(setting.x), self.share(setting.x)
        axes, others = e.removeprefix(r"\n, "), ", ".join((r"\k", r"\u", r"\v")[: len(setting.x)])
        length = rf"\{self.length}_{{\n, {setting.index_base}}}"
        mean = ratio(1, share.denominator)
        d, unit, eps = self._gradient, rf"\{self.unit}", r" + \eps" if self.eps else ""
        inner = rf"{mean}\sum_{{{others}}} \{d}_{{\n, {others}}} \cdot {unit}_{{\n, {others}}}"
        return {
            self.length: rf"{length} = \sqrt{{{mean}\sum_{{{axes}}} \x_{{{e}}}^{{2}}{eps}}}",
            self.unit: rf"{unit}_{{{e}}} = \frac{{\x_{{{e}}}}}{{{length}}}",
            "dx": rf"\dx_{{{e}}} = \frac{{1}}{{{length}}} \cdot \left(\{d}_{{{e}}}"
            rf" - {unit}_{{{e}}} \cdot {inner}\right)",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """From the definitions; dx from x over its length."""
        shape = tensors["x"].shape
        share, own = self.share(shape[1:]), (index[0], 0)
        members = [(index[0], *at) for at in np.ndindex(*shape[1:])]
        if tensor == self.length:
            squares = [Term((Entry("x", at), Entry("x", at)), share) for at in members]
            return [Term((Apply("sqrt", (*squares, *((Term((), self.eps),) if self.eps else ()))),))]
        over = Apply("reciprocal", (Term((Entry(self.length, own),)),))
        if tensor == self.unit:
            return [Term((Entry("x", index), over))]
        d, unit = self._gradient, self.unit
        taken = [Term((over, Entry(unit, index), Entry(d, at), Entry(unit, at)), -share) for at in members]
        return [Term((over, Entry(d, index))), *taken]

    @property
    def _gradient(self) -> str:
        return "g" if self.unit == "y" else f"d{self.unit}"

    def _mean(self, numbers: Arithmetic, values: Array) -> Array:
        """Share · Σ, (N, 1)."""
        total = numbers.sum(values.reshape(len(values), -1), axis=1)[:, None]
        return np.asarray(total * numbers.number(self.share(values.shape[1:])))

    def _along(self, length: Array, x: Array) -> Array:
        return length.reshape(len(x), *(1,) * (x.ndim - 1))


class RmsNorm(ByLength, Scaled):
    """y = gamma · xhat with xhat = x / rms, rms = √(mean of x² + eps) over all of a sample; gamma is shaped like it."""

    type = "rms_norm"
    example = small_problem(
        "[[1.25, -2, 3.5], [0, 1, 4]]",
        "rms_norm: {gamma: [1, 2, -1], eps: 0.1}",
        upstream="[[1, 2, -1.5], [0.5, 1, 2]]",
    )
    parameters = (Parameter("gamma", default=1, shape="like x", about=SCALE),)
    auxiliaries = ("rms", "xhat")
    with_samples = frozenset(auxiliaries)
    without_gradient = frozenset(("rms",))
    length = "rms"
    unit = "xhat"
    eps: int | Decimal | Fraction = option(Decimal("1e-5"), "number", SQUARES, limit="from 0")

    def share(self, x: Shape) -> Fraction:
        """Of a mean."""
        return Fraction(1, prod(x))

    def scaled_by(self, x: Shape) -> Shape:
        """Each number has its own."""
        return x

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The length, xhat, then y."""
        made = super().forward(numbers, x, parameters)
        made["xhat"] = numbers.named("xhat", made["xhat"])
        return {**made, "y": made["xhat"] * parameters["gamma"] + 0}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """Through the scale first."""
        # Adding 0 turns float's −0 into 0.
        dxhat = g * tensors["gamma"] + 0
        dgamma = numbers.sum(g * tensors["xhat"], axis=(0,)) + 0
        return {"dxhat": dxhat, "dgamma": dgamma, **super().backward(numbers, dxhat, tensors)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """And those of the scale."""
        own = indices(setting.x).removeprefix(r"\n, ")
        return {**super().formulas(setting), **self.scaled_formulas(setting.x, own)}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """And those of the scale."""
        scaled = self.scaled_terms(tensor, index, tensors)
        return super().terms(tensor, index, numbers, tensors) if scaled is None else scaled


class L2Normalize(ByLength):
    """x (features) to y = x / norm with norm = √(Σ x² + eps): each sample gets length 1."""

    type = "l2_normalize"
    example = small_problem("[[3, -4], [5, 12]]", "l2_normalize: {name: y}", upstream="[[1, 2], [-1, 0.5]]")
    domain = "features"
    auxiliaries = ("norm",)
    with_samples = frozenset(auxiliaries)
    without_gradient = with_samples
    length = "norm"
    unit = "y"
    eps: int | Decimal | Fraction = option(0, "number", SQUARES, limit="from 0")

    def share(self, x: Shape) -> Fraction:
        """Of a sum."""
        return Fraction(1)


Real = int | Decimal | Fraction
SIZE = Phrase("how many neighbouring channels, the own one among them")
ALPHA = Phrase("what the sum of their squares is multiplied by")
BETA = Phrase(en="the exponent", zh="指数 β")
K = Phrase("what is added to it")
PER = Phrase("alpha is divided by the size (mean, PyTorch), or not (sum, the paper and TensorFlow)")
DIVIDED = Phrase("alpha is divided by the size, as in PyTorch; `over: sum` leaves it, as in the paper.")


class LocalResponseNorm(Layer):
    """x (C, H, W) or (C, L) to y = x · base^(−beta), base = k + alpha/size · Σ x² over size channels around the own.

    dbase = −beta · g · y / base; dx = g · base^(−beta) + 2 · alpha/size · x · Σ dbase. PyTorch's local_response_norm.
    """

    type = "local_response_norm"
    example = small_problem(
        "[[[1, 2]], [[0, -1]], [[3, 1]]]",
        "local_response_norm: {size: 3, alpha: 1, beta: 1}",
        upstream="[[[1, 0]], [[2, 1]], [[-1, 3]]]",
    )
    domain = "image"
    takes_signals = True
    auxiliaries = ("base",)
    with_samples = frozenset(auxiliaries)
    size: int = option(5, "count", SIZE)
    alpha: Real = option(Decimal("1e-4"), "number", ALPHA, limit="from 0")
    beta: Real = option(Decimal("0.75"), "number", BETA)
    k: Real = option(1, "number", K, limit="from 0")
    over: str = option("mean", "choice", PER, ("mean", "sum"))

    def conventions(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> tuple[Phrase, ...]:
        """What alpha is divided by."""
        return (DIVIDED,) if self.over == "mean" and self.size > 1 else ()

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The base, then y."""
        squares = self._around(numbers, x * x, self.size // 2)
        base = squares * numbers.number(self.share) + numbers.number(self.k)
        if numbers.is_known_equal(base, 0).any():
            raise OutOfRange(f"{self.type} divides by 0, where k is 0 and the channels around a number are all 0")
        base = numbers.named("base", base, positive=True)
        return {"base": base, "y": x * self.power(numbers, base) + 0}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """Through y itself, and through the bases that a number is in."""
        x, y, base = tensors["x"], tensors["y"], tensors["base"]
        dbase = 0 - g * y / base * numbers.number(self.beta) + 0
        through = self._around(numbers, dbase, self.size - 1 - self.size // 2)
        return {"dbase": dbase, "dx": g * self.power(numbers, base) + x * through * numbers.number(2 * self.share) + 0}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """With the channels around the own one counted by p."""
        channel, *rest = AXES[len(setting.x)]
        e, back, base = ", ".join((r"\n", channel, *rest)), self.size // 2, setting.index_base
        near, far = (
            ", ".join((r"\n", rf"{channel} {sign} \p{_added(shift)}", *rest))
            for sign, shift in (("+", -back - base), ("-", back + base))
        )
        # The window's cells are counted from the base too.
        share = "" if self.share == 1 else rf"{number_latex(self.share)} \cdot "
        twice = "" if self.share * 2 == 1 else rf"{number_latex(2 * self.share)} \cdot "
        power = rf"\base_{{{e}}}^{{-{number_latex(self.beta)}}}"
        return {
            "base": rf"\base_{{{e}}} = {number_latex(self.k)} + {share}\sum_{{\p}} \x_{{{near}}}^{{2}}",
            "y": rf"\y_{{{e}}} = \x_{{{e}}} \cdot {power}",
            "dbase": rf"\dbase_{{{e}}} = -{number_latex(self.beta)} \cdot \g_{{{e}}} \cdot "
            rf"\frac{{\y_{{{e}}}}}{{\base_{{{e}}}}}",
            "dx": rf"\dx_{{{e}}} = \g_{{{e}}} \cdot {power}"
            rf" + {twice}\x_{{{e}}} \cdot \sum_{{\p}} \dbase_{{{far}}}",
        }

    def index_sizes(self, setting: Setting) -> Mapping[str, int]:
        """The channels around one."""
        return {"p": self.size}

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Squares of the channels around, or the bases that a number is in."""
        base, channels = Entry("base", index), tensors["x"].shape[1]
        if tensor == "base":
            near = self._near(index, channels, self.size // 2)
            squares = [Term((Entry("x", at), Entry("x", at)), self.share) for at in near]
            return [*([Term((), self.k)] if self.k else []), *squares]
        power = Apply("exp", (Term((Apply("log", (Term((base,)),)),), -Fraction(self.beta)),))
        if tensor == "y":
            return [Term((Entry("x", index), power))]
        if tensor == "dbase":
            over = Apply("reciprocal", (Term((base,)),))
            return [Term((Entry("g", index), Entry("y", index), over), -Fraction(self.beta))]
        far = self._near(index, channels, self.size - 1 - self.size // 2)
        through = [Term((Entry("x", index), Entry("dbase", at)), 2 * self.share) for at in far]
        return [Term((Entry("g", index), power)), *through]

    @property
    def share(self) -> Fraction:
        """What the sum of squares is multiplied by."""
        return Fraction(self.alpha) / (self.size if self.over == "mean" else 1)

    def power(self, numbers: Arithmetic, base: Array) -> Array:
        """base^(−beta), in whole steps where that is a whole number."""
        if self.beta != int(self.beta) or self.beta < 0:
            return np.asarray(numbers.exp(numbers.log(base) * numbers.number(-Fraction(self.beta))))
        power = numbers.full(base.shape, numbers.number(1))
        for _ in range(int(self.beta)):
            power = power / base
        return power

    def _around(self, numbers: Arithmetic, x: Array, before: int) -> Array:
        """For each channel the sum of those around it, from `before` in front on."""
        channels = x.shape[1]
        canvas = numbers.zeros((len(x), channels + self.size - 1, *x.shape[2:]))
        canvas[:, before : before + channels] = x
        total = numbers.zeros(x.shape)
        for at in range(self.size):
            total += canvas[:, at : at + channels]
        return np.asarray(total)

    def _near(self, index: Index, channels: int, before: int) -> list[Index]:
        n, c, *rest = index
        first = c - before
        return [(n, at, *rest) for at in range(max(first, 0), min(first + self.size, channels))]


def _added(constant: int) -> str:
    return f" {'+' if constant > 0 else '-'} {abs(constant)}" if constant else ""
