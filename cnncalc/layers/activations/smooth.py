"""Activations with an exponential: `sigmoid`, `tanh`, `elu`, `selu`, `gelu`, `silu`, `mish`, `softplus`; `softsign`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Literal

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Element
from cnncalc.arithmetic.expression import Call, Constant, Operation
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import PI, Curve, Piece, Real, X, applied, constant, times
from cnncalc.layers.activations.elementwise import Elementwise, pointwise
from cnncalc.layers.base import Apply, Entry, Index, Setting, Term, option, small_problem

HALF = Fraction(1, 2)
SCALE, SELU_ALPHA = Decimal("1.0507009873554805"), Decimal("1.6732632423543772")
"""The doubles that PyTorch has."""
CUBIC = Decimal("0.044715")
POWER = applied("exp", Term((X,)))


class Exponential(Curve):
    """scale · x above 0, scale · alpha · (e^x − 1) elsewhere."""

    passed_by = frozenset(("y",))

    def factors(self) -> tuple[Real, Real]:
        """Scale and alpha."""
        raise NotImplementedError

    def pieces(self) -> Sequence[Piece]:
        """0 belongs to the exponential."""
        scale, alpha = self.factors()
        # Both are published numbers: their product would be nobody's.
        factors, front = ((), alpha) if scale == 1 else ((applied("sum", *constant(alpha)),), scale)
        less_one, source = (Term((POWER,)), *constant(-1)), r"\exp\left(\x\right) - 1"
        if front != 1:
            less_one, source = (Term((*factors, applied("sum", *less_one)), front),), rf"\left({source}\right)"
        y, slope = (times(scale, times(alpha, one)) for one in (source, r"\exp\left(\x\right)"))
        return (
            Piece((Term((X,), scale),), constant(scale), times(scale, r"\x"), str(scale), 0),
            Piece(less_one, (Term((*factors, POWER), front),), y, slope),
        )

    def f(self, numbers: Arithmetic, x: Array) -> Array:
        """By e^x − 1 as one function, which keeps its digits near 0."""
        scale, alpha = map(numbers.number, self.factors())
        above = numbers.positive_part(x)
        return np.asarray(scale * (above + alpha * numbers.exp_less_one(x - above)))

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """dx by y as it is written down: alpha · e^x is y + alpha."""
        if tensor != "dx":
            return None
        scale, alpha = map(numbers.number, self.factors())
        slope = np.where(numbers.is_greater(tensors["x"], 0), scale, tensors["y"] + scale * alpha)
        return np.asarray(tensors["g"] * slope)


class Elu(Exponential):
    """Any shape to the same shape: y = x where x > 0, else alpha · (e^x − 1); dx = g, or g · alpha · e^x."""

    type = "elu"
    label = "ELU"
    example = small_problem("[2, -log(2), 0, -1]", "elu: {alpha: 0.5}", upstream="[3, 4, -2, 1]")
    alpha: Real = option(1, "number", Phrase("how deep it goes: y is never below −alpha"))

    def factors(self) -> tuple[Real, Real]:
        """No scale."""
        return 1, self.alpha

    def kinks(self) -> Mapping[Real, Real | str]:
        """With alpha 1 there is none."""
        return {} if self.alpha == 1 else {0: self.alpha}


class Selu(Exponential):
    """Any shape to the same shape: ELU with an alpha of 1.6733 times 1.0507, for mean 0 and variance 1."""

    type = "selu"
    label = "SELU"
    example = small_problem("[2, -log(2), -1]", "selu", upstream="[3, 4, -2]")

    def factors(self) -> tuple[Real, Real]:
        """As published, in doubles."""
        return SCALE, SELU_ALPHA

    def kinks(self) -> Mapping[Real, Real | str]:
        """At 0 the derivative jumps from 1.758 to 1.051."""
        return {0: f"{SCALE}·{SELU_ALPHA}"}


class Gelu(Curve):
    """Any shape to the same shape: y = x · Φ(x), the normal distribution's; or as `approximate: tanh` has it."""

    type = "gelu"
    label = "GELU"
    example = small_problem("[1, -2, 0.5]", "gelu", upstream="[3, 4, -2]")
    approximate: str = option(
        "none", "choice",
        Phrase("x/2 · (1 + erf(x/√2)) itself, or x/2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))) instead of it"),
        ("none", "tanh"),
    )  # fmt: skip

    def pieces(self) -> Sequence[Piece]:
        """One, by the product rule."""
        root = applied("sqrt", Term((applied("reciprocal", Term((PI,))),), 2))
        if self.approximate == "tanh":
            inner = (Term((root, X)), Term((root, X, X, X), CUBIC))
            bend = applied("tanh", *inner)
            inside = r"\sqrt{\frac{2}{\pi}} \cdot \left(\x + 0.044715 \cdot \x^{3}\right)"
            tanh = rf"\tanh\left({inside}\right)"
            square = applied("sum", Term(()), Term((bend, bend), -1))
            of_inner = applied("sum", Term(()), Term((X, X), 3 * CUBIC))
            slope = (Term((), HALF), Term((bend,), HALF), Term((X, square, root, of_inner), HALF))
            source = (
                rf"\left(\frac{{1 + {tanh}}}{{2}} + \frac{{\x}}{{2}} \cdot \left(1 - {tanh}^{{2}}\right) \cdot"
                r" \sqrt{\frac{2}{\pi}} \cdot \left(1 + 0.134145 \cdot \x^{2}\right)\right)"
            )
            source = source.replace(rf"{tanh}^{{2}}", rf"\left({tanh}\right)^{{2}}")
            y = rf"\frac{{\x}}{{2}} \cdot \left(1 + {tanh}\right)"
            return (Piece((Term((X, applied("sum", Term(()), Term((bend,)))), HALF),), slope, y, source),)
        root_of_two = applied("reciprocal", Term((applied("sqrt", Term((), 2)),)))
        erf = applied("erf", Term((X, root_of_two)))
        bell = applied("exp", Term((X, X), -HALF))
        below = applied("reciprocal", Term((applied("sqrt", Term((PI,), 2)),)))
        shown = r"\left(1 + \operatorname{erf}\left(\frac{\x}{\sqrt{2}}\right)\right)"
        return (
            Piece(
                (Term((X, applied("sum", Term(()), Term((erf,)))), HALF),),
                (Term((), HALF), Term((erf,), HALF), Term((X, bell, below))),
                rf"\frac{{\x}}{{2}} \cdot {shown}",
                rf"\left(\frac{{1}}{{2}} \cdot {shown} + \frac{{\x}}{{\sqrt{{2 \cdot \pi}}}} \cdot"
                r" \exp\left(-\frac{\x^{2}}{2}\right)\right)",
            ),
        )

    def f(self, numbers: Arithmetic, x: Array) -> Array:
        """x times a probability, which keeps its digits where it is small."""
        return x * self._probability(numbers, x)

    def derivative(self, numbers: Arithmetic, x: Array) -> Array:
        """By the product rule, from the same probability."""
        if self.approximate == "none":
            bell = numbers.exp(x * x * numbers.number(-HALF)) / _root(numbers, "*")
            return np.asarray(self._probability(numbers, x) + x * bell)
        p, twice = self._probability(numbers, x), 2 * _root(numbers, "/")
        inner = twice * (1 + x * x * numbers.number(3 * CUBIC))
        return np.asarray(p + x * inner * numbers.sigmoid_slope(self._inner(numbers, x), p))

    def _inner(self, numbers: Arithmetic, x: Array) -> Array:
        """What a sigmoid is taken of: (1 + tanh a) / 2 = σ(2a)."""
        return np.asarray(2 * _root(numbers, "/") * (x + x * x * x * numbers.number(CUBIC)))

    def _probability(self, numbers: Arithmetic, x: Array) -> Array:
        return numbers.normal(x) if self.approximate == "none" else numbers.sigmoid(self._inner(numbers, x))


def _root(numbers: Arithmetic, sign: Literal["*", "/"]) -> Element:
    """√(2 · π), or √(2 / π)."""
    return numbers.number(Call("sqrt", Operation(sign, 2, Constant("pi"))))


class Silu(Curve):
    """Any shape to the same shape: y = x · σ(x), also called swish; dx = g · (σ(x) + x · σ(x) · (1 − σ(x)))."""

    type = "silu"
    label = "SiLU"
    example = small_problem("[log(2), -1, 2]", "silu", upstream="[3, 4, -2]")
    passed_by = frozenset(("y",))

    def definition(self, tensor: str, numbers: Arithmetic, tensors: Mapping[str, Array]) -> Array | None:
        """dx by y as it is written down: y + σ(x) · (1 − y) is the same slope."""
        if tensor != "dx":
            return None
        gate, y = numbers.sigmoid(tensors["x"]), tensors["y"]
        return np.asarray(tensors["g"] * (y + gate * (1 - y)))

    def pieces(self) -> Sequence[Piece]:
        """One."""
        gate = applied("sigmoid", Term((X,)))
        shown = r"\sigmoid\left(\x\right)"
        rest = applied("sum", Term(()), Term((gate,), -1))
        source = rf"{shown} \cdot \left(1 + \x \cdot \left(1 - {shown}\right)\right)"
        slope = (Term((gate, applied("sum", Term(()), Term((X, rest))))),)
        return (Piece((Term((X, gate)),), slope, rf"\x \cdot {shown}", source),)


class Mish(Curve):
    """Any shape to the same shape: y = x · tanh(log(1 + e^x)); dx by the product rule."""

    type = "mish"
    label = "Mish"
    example = small_problem("[log(2), -1, 2]", "mish", upstream="[3, 4, -2]")

    def pieces(self) -> Sequence[Piece]:
        """One."""
        above = applied("log", Term(()), Term((POWER,)))
        gate, steep = applied("tanh", Term((above,))), applied("sigmoid", Term((X,)))
        shown = r"\tanh\left(\log\left(1 + \exp\left(\x\right)\right)\right)"
        rest = rf"\left(1 - \left({shown}\right)^{{2}}\right)"
        slope = Term((gate,)), Term((X, steep, applied("sum", Term(()), Term((gate, gate), -1))))
        source = rf"\left({shown} + \x \cdot \sigmoid\left(\x\right) \cdot {rest}\right)"
        return (Piece((Term((X, gate)),), slope, rf"\x \cdot {shown}", source),)

    def f(self, numbers: Arithmetic, x: Array) -> Array:
        """By −log σ(−x), which overflows nowhere."""
        return np.asarray(x * numbers.apply("tanh", 0 - numbers.log_sigmoid(0 - x)))

    def derivative(self, numbers: Arithmetic, x: Array) -> Array:
        """By the product rule, from the same."""
        inner = 0 - numbers.log_sigmoid(0 - x)
        gate = numbers.apply("tanh", inner)
        return np.asarray(gate + x * numbers.sigmoid(x) * numbers.tanh_slope(inner, gate))


class Softplus(Curve):
    """Any shape to the same shape: y = log(1 + e^(beta·x)) / beta; dx = g · σ(beta·x)."""

    type = "softplus"
    example = small_problem("[log(3), -1, 0]", "softplus", upstream="[3, 4, -2]")
    beta: Real = option(1, "number", Phrase("how sharp it bends"), limit="positive")

    def pieces(self) -> Sequence[Piece]:
        """One."""
        inner, shown = Term((X,), self.beta), times(self.beta, r"\x")
        logarithm = applied("log", Term(()), Term((applied("exp", inner),)))
        above = rf"\log\left(1 + \exp\left({shown}\right)\right)"
        y = above if self.beta == 1 else rf"\frac{{{above}}}{{{self.beta}}}"
        slope = (Term((applied("sigmoid", inner),)),)
        return (Piece((Term((logarithm,), 1 / Fraction(self.beta)),), slope, y, rf"\sigmoid\left({shown}\right)"),)

    def f(self, numbers: Arithmetic, x: Array) -> Array:
        """−log σ(−x), which overflows nowhere."""
        beta = numbers.number(self.beta)
        return np.asarray((0 - numbers.log_sigmoid(0 - x * beta)) / beta)


class Softsign(Curve):
    """Any shape to the same shape: y = x / (1 + |x|); dx = g / (1 + |x|)²."""

    type = "softsign"
    example = small_problem("[1, -2, 0.5]", "softsign", upstream="[4, 9, -2]")

    def pieces(self) -> Sequence[Piece]:
        """One on each side of 0, where both have the derivative 1."""

        def side(sign: int, above: Real | None) -> Piece:
            below = applied("reciprocal", Term(()), Term((X,), sign))
            shown = r"1 + \x" if sign > 0 else r"1 - \x"
            square = rf"\frac{{1}}{{\left({shown}\right)^{{2}}}}"
            return Piece((Term((X, below)),), (Term((below, below)),), rf"\frac{{\x}}{{{shown}}}", square, above)

        return side(1, 0), side(-1, None)


class Sigmoid(Elementwise):
    """Any shape to the same shape: y = σ(x) = 1 / (1 + exp(−x)), and dx = g · y · (1 − y)."""

    type = "sigmoid"
    example = small_problem("[0, log(3), -1]", "sigmoid", upstream="[1, 2, -3]")
    gives = "probabilities"

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = σ(x)."""
        return {"y": numbers.named("y", numbers.sigmoid(x), positive=True)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g · y · (1 − y)."""
        return {"dx": g * numbers.sigmoid_slope(tensors["x"], tensors["y"])}

    def logarithms(self, numbers: Arithmetic, x: Array) -> tuple[Array, Array]:
        """log σ(x) and log σ(−x)."""
        return numbers.log_sigmoid(x), numbers.log_sigmoid(-x)

    def through_logarithms(
        self, numbers: Arithmetic, slopes: tuple[Array, Array], tensors: Mapping[str, Array]
    ) -> Array:
        """The slope of log σ(x) is σ(−x), that of log σ(−x) is −σ(x)."""
        of_y, of_rest = slopes
        rest = numbers.sigmoid(-tensors["x"]) if numbers.saturates else 1 - tensors["y"]
        return np.asarray(of_y * rest - of_rest * tensors["y"])

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The derivative is written in y."""
        return pointwise(setting.x, y=r"\sigmoid\left(\x\right)", dx=r"\g \cdot \y \cdot \left(1 - \y\right)")

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The function of x, or g times the derivative."""
        y, g = Entry("y", index), Entry("g", index)
        if tensor == "y":
            return [Term((Apply("sigmoid", (Term((Entry("x", index),)),)),))]
        return [Term((g, y, Apply("sum", (Term(()), Term((y,), -1)))))]


class Tanh(Elementwise):
    """Any shape to the same shape: y = tanh(x), and dx = g · (1 − y²)."""

    type = "tanh"
    example = small_problem("[0, log(2), -1]", "tanh", upstream="[1, 2, -3]")

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """y = tanh(x)."""
        return {"y": numbers.named("y", numbers.apply("tanh", x))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """dx = g · (1 − y²)."""
        return {"dx": g * numbers.tanh_slope(tensors["x"], tensors["y"])}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """The derivative is written in y."""
        return pointwise(setting.x, y=r"\tanh\left(\x\right)", dx=r"\g \cdot \left(1 - \y^{2}\right)")

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The function of x, or g times the derivative."""
        y, g = Entry("y", index), Entry("g", index)
        if tensor == "y":
            return [Term((Apply("tanh", (Term((Entry("x", index),)),)),))]
        return [Term((g, Apply("sum", (Term(()), Term((y, y), -1)))))]
