"""Division by what the neighbouring channels hold at the same place: `local_response_norm`, AlexNet's."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.activations.elementwise import AXES
from cnncalc.layers.base import Apply, Entry, Index, Layer, Setting, Term, option, small_problem
from cnncalc.layers.indices import number_latex

Real = int | Decimal | Fraction
SIZE = Phrase(en="how many neighbouring channels, the own one among them", zh="参与归一化的相邻通道数（含自身）")
ALPHA = Phrase(en="what the sum of their squares is multiplied by", zh="平方和所乘的系数 α")
BETA = Phrase(en="the exponent", zh="指数 β")
K = Phrase(en="what is added to it", zh="相加的常数 k")
PER = Phrase(
    en="alpha is divided by the size (mean, PyTorch), or not (sum, the paper and TensorFlow)",
    zh="α 是否除以 `size`：mean 除（PyTorch），sum 不除（AlexNet 论文、TensorFlow）",
)
DIVIDED = Phrase(
    en="alpha is divided by the size, as in PyTorch; `over: sum` leaves it, as in the paper.",
    zh="α 除以 `size`（与 PyTorch 一致）；`over: sum` 则不除（与论文一致）。",
)


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
        return {
            "dbase": dbase,
            "dx": g * self.power(numbers, base) + x * through * numbers.number(2 * self.share) + 0,
        }

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
