"""Functions of one number, and of two: quotients, powers, the larger and the smaller one."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, OutOfRange
from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import IDENTITY, ONE, Curve, Piece, Real, X, applied, constant
from cnncalc.layers.activations.elementwise import doubted
from cnncalc.layers.base import Apply, Doubt, Entry, Function, Index, Setting, Term, option, small_problem
from cnncalc.layers.evaluate import Terms
from cnncalc.layers.indices import number_latex
from cnncalc.layers.joining.several import ElementByElement, Setup
from cnncalc.records import replace

ALL = IDENTITY[0]
GIVEN = Phrase("the number that is given")


def _applied(function: Function, *terms: Term) -> Terms:
    return (Term((applied(function, *terms),)),)


class OfOne(Curve):
    """Any shape to the same shape: a function of each number."""


class Smooth(OfOne):
    """One of a single piece."""

    whole: ClassVar[Piece]
    """That piece, where no option has a part in it."""

    def piece(self) -> Piece:
        """The function and its derivative."""
        return self.whole

    def pieces(self) -> Sequence[Piece]:
        """The one."""
        return (self.piece(),)


class Exp(Smooth):
    """y = e^x, which is its own derivative."""

    type = "exp"
    whole = Piece(_applied("exp", ALL), _applied("exp", ALL), r"\exp\left(\x\right)", r"\exp\left(\x\right)")


class Log(Smooth):
    """y = log x, the natural logarithm; its derivative is 1/x."""

    type = "log"
    whole = Piece(_applied("log", ALL), _applied("reciprocal", ALL), r"\log\left(\x\right)", r"\frac{1}{\x}")


class Sqrt(Smooth):
    """y = √x; its derivative is 1/(2√x)."""

    type = "sqrt"
    whole = Piece(
        _applied("sqrt", ALL),
        (Term((applied("reciprocal", *_applied("sqrt", ALL)),), Fraction(1, 2)),),
        r"\sqrt{\x}",
        r"\frac{1}{2 \cdot \sqrt{\x}}",
    )


class Sin(Smooth):
    """y = sin x; its derivative is cos x."""

    type = "sin"
    whole = Piece(_applied("sin", ALL), _applied("cos", ALL), r"\sin\left(\x\right)", r"\cos\left(\x\right)")


class Cos(Smooth):
    """y = cos x; its derivative is −sin x."""

    type = "cos"
    whole = Piece(
        _applied("cos", ALL),
        (Term((applied("sin", ALL),), -1),),
        r"\cos\left(\x\right)",
        r"\left(-\sin\left(\x\right)\right)",
    )


class Reciprocal(Smooth):
    """y = number / x; its derivative is −number / x²."""

    type = "reciprocal"
    label = "1/x"
    number: Real = option(1, "number", GIVEN)

    def piece(self) -> Piece:
        """Over x, and over x²."""
        over = applied("reciprocal", ALL)
        a = number_latex(self.number)
        slope = (Term((over, over), -self.number),)
        return Piece(
            (Term((over,), self.number),),
            slope,
            rf"\frac{{{a}}}{{\x}}",
            rf"\frac{{{number_latex(-self.number)}}}{{\x^{{2}}}}",
        )


class Scale(Smooth):
    """y = number · x; its derivative is the number."""

    type = "scale"
    example = small_problem("[2, -3, 0.5]", "scale: {number: 1/2}", upstream="[3, 4, -2]")
    number: Real = option(1, "number", GIVEN)

    def piece(self) -> Piece:
        """A straight line through 0."""
        a = number_latex(self.number)
        line = r"-\x" if self.number == -1 else r"\x" if self.number == 1 else rf"{a} \cdot \x"
        slope = rf"\left({a}\right)" if self.number < 0 else a
        return Piece((Term((X,), self.number),), constant(self.number), line, slope)


class Shift(Smooth):
    """y = x + number, or number − x with `minus`; its derivative is 1, or −1."""

    type = "shift"
    number: Real = option(0, "number", GIVEN)
    minus: bool = option(False, "bool", Phrase("x is taken away from the number"))

    def piece(self) -> Piece:
        """A line that rises or falls by 1."""
        if self.minus:
            falling = (*constant(self.number), Term((X,), -1))
            return Piece(falling, constant(-1), rf"{number_latex(self.number)} - \x", r"\left(-1\right)")
        sign = "-" if self.number < 0 else "+"
        return Piece(
            (*IDENTITY, *constant(self.number)),
            ONE,
            rf"\x {sign} {number_latex(-self.number if self.number < 0 else self.number)}",
            "1",
        )


class PowerOf(Smooth):
    """y = x^number; its derivative is number · x^(number − 1)."""

    type = "power"
    example = small_problem("[2, -3, 0.5]", "power: {number: 2}", upstream="[3, 4, -2]")
    number: Real = option(1, "number", Phrase(en="the exponent", zh="指数"))

    def piece(self) -> Piece:
        """Products of x where the exponent is a whole number, else by way of the logarithm."""
        n = self.number
        if n == 0:
            return Piece(ONE, constant(0), "1", "0")
        below = n - 1 if not isinstance(n, Decimal) else Fraction(n) - 1
        slope = tuple(Term(term.factors, n) for term in _power(below))
        n_source = number_latex(n) if n > 0 else rf"\left({number_latex(n)}\right)"
        slope_source = n_source if below == 0 else rf"{n_source} \cdot {_power_source(below)}"
        return Piece(_power(n), slope, _power_source(n), slope_source)


def _power(exponent: Real) -> Terms:
    if exponent == int(exponent):
        factor = X if exponent > 0 else applied("reciprocal", ALL)
        return (Term((factor,) * abs(int(exponent))),)
    return _applied("exp", Term((applied("log", ALL),), exponent))


def _power_source(exponent: Real) -> str:
    return r"\x" if exponent == 1 else rf"\x^{{{number_latex(exponent)}}}"


class Exponential(Smooth):
    """y = number^x; its derivative is log(number) · number^x."""

    type = "exponential"
    number: Real = option(1, "number", Phrase("the base"))

    def piece(self) -> Piece:
        """exp(x · log number)."""
        log = applied("log", Term((), self.number))
        power = applied("exp", Term((X, log)))
        a = number_latex(self.number)
        base = a if isinstance(self.number, int) else rf"\left({a}\right)"
        return Piece(
            (Term((power,)),), (Term((log, power)),), rf"{base}^{{\x}}", rf"\log\left({a}\right) \cdot {base}^{{\x}}"
        )


class Absolute(OfOne):
    """y = |x|; its derivative is the sign of x, 0 at 0."""

    type = "absolute"
    example = small_problem("[2, -3, 0, 0.5]", "absolute", upstream="[3, 4, 1, -2]")
    label = "|x|"

    def pieces(self) -> Sequence[Piece]:
        """0 is a piece of its own."""
        above = Piece(IDENTITY, ONE, r"\x", "1", 0)
        at = Piece((), (), r"-\x", "0", 0, with_bound=True)
        return above, at, Piece((Term((X,), -1),), constant(-1), r"-\x", r"\left(-1\right)")


class AtLeast(OfOne):
    """y = max(x, number); its derivative is 1 above the number, 0 below, 1/2 where they are equal (PyTorch)."""

    type = "at_least"
    label = "max"
    number: Real = option(0, "number", GIVEN)
    keeps_above: ClassVar[bool] = True

    def pieces(self) -> Sequence[Piece]:
        """Where both are equal is a piece of its own."""
        n, half = self.number, Fraction(1, 2)
        own = Piece(IDENTITY, ONE, r"\x", "1")
        flat = Piece(constant(n), (), number_latex(n), "0")
        tie = Piece(constant(n), constant(half), number_latex(n), r"\frac{1}{2}", n, with_bound=True)
        above, below = (own, flat) if self.keeps_above else (flat, own)
        return replace(above, above=n), tie, below


class AtMost(AtLeast):
    """y = min(x, number); its derivative is 1 below the number, 0 above, 1/2 where they are equal (PyTorch)."""

    type = "at_most"
    label = "min"
    keeps_above = False


TIE = Phrase("Both are equal; each gets half of the gradient, as in PyTorch.")
HALF = Fraction(1, 2)


class OfTwo(ElementByElement):
    """Two inputs of one shape, number by number."""


class Divide(OfTwo):
    """y = x / xb, element by element; dx = g / xb and dxb = −g · x / xb²."""

    type = "divide"

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The quotient; OutOfRange where it is by 0."""
        below = parameters["xb"]
        if numbers.is_known_equal(below, 0).any():
            raise OutOfRange("a division by 0")
        return {"y": x / below}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """By the quotient rule."""
        x, below = tensors["x"], tensors["xb"]
        return {"dx": g / below + 0, "dxb": 0 - g * x / (below * below)}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Fractions."""
        setup = Setup.of(setting)
        x, below, g = setup.written("x"), setup.written("xb"), setup.output("g")
        return {
            "y": rf"{setup.output('y')} = \frac{{{x}}}{{{below}}}",
            "dx": rf"{setup.derived('x')} = {g} \cdot \frac{{1}}{{{below}}}",
            "dxb": rf"{setup.derived('xb')} = -{g} \cdot \frac{{{x}}}{{{below}^{{2}}}}",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """Products with 1 / xb."""
        over, x, g = Apply("reciprocal", (Term((Entry("xb", index),)),)), Entry("x", index), Entry("g", index)
        return [{"y": Term((x, over)), "dx": Term((g, over)), "dxb": Term((g, x, over, over), -1)}[tensor]]


class Raise(OfTwo):
    """y = x^xb of a positive x, element by element; dx = g · xb · x^(xb − 1) and dxb = g · y · log x."""

    type = "raise"

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """exp(xb · log x)."""
        return {"y": numbers.exp(parameters["xb"] * numbers.log(x))}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """By the base, and by the exponent."""
        x, exponent, y = tensors["x"], tensors["xb"], tensors["y"]
        return {"dx": g * exponent * y / x + 0, "dxb": g * y * numbers.log(x) + 0}

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """Powers."""
        setup = Setup.of(setting)
        x, exponent, g, y = setup.written("x"), setup.written("xb"), setup.output("g"), setup.output("y")
        return {
            "y": rf"{y} = {x}^{{{exponent}}}",
            "dx": rf"{setup.derived('x')} = {g} \cdot {exponent} \cdot {x}^{{{exponent} - 1}}",
            "dxb": rf"{setup.derived('xb')} = {g} \cdot {y} \cdot \log\left({x}\right)",
        }

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """By way of the logarithm."""
        x, exponent, g = Entry("x", index), Entry("xb", index), Entry("g", index)
        log = Apply("log", (Term((x,)),))
        power = Apply("exp", (Term((exponent, log)),))
        over = Apply("reciprocal", (Term((x,)),))
        return [{"y": Term((power,)), "dx": Term((g, exponent, power, over)), "dxb": Term((g, power, log))}[tensor]]


class Maximum(OfTwo):
    """y = max(x, xb), element by element; the larger one gets the gradient, both half of it where they are equal."""

    type = "maximum"
    word: ClassVar[str] = "max"

    def forward(self, numbers: Arithmetic, x: Array, parameters: Mapping[str, Array]) -> dict[str, Array]:
        """The larger one."""
        other = parameters["xb"]
        return {"y": np.where(self._wins(numbers, x, other), x, other)}

    def backward(self, numbers: Arithmetic, g: Array, tensors: Mapping[str, Array]) -> dict[str, Array]:
        """g, half of it, or 0."""
        return {
            f"d{local}": np.asarray(g * self._share(numbers, local, tensors) + 0) for local in ("x", "xb")
        }  # fmt: skip

    def formulas(self, setting: Setting) -> Mapping[str, str]:
        """By cases."""
        setup = Setup.of(setting)
        x, other, g = setup.written("x"), setup.written("xb"), setup.output("g")
        wins, loses = (">", "<") if self.word == "max" else ("<", ">")
        made = {"y": rf"{setup.output('y')} = \{self.word}\left({x}, {other}\right)"}
        for local, own, against in (("x", x, other), ("xb", other, x)):
            shares = (g, wins), (rf"\frac{{1}}{{2}} \cdot {g}", "="), ("0", loses)
            cases = r" \\ ".join(f"{share} & {own} {sign} {against}" for share, sign in shares)
            made[f"d{local}"] = rf"{setup.derived(local)} = \begin{{cases}} {cases} \end{{cases}}"
        return made

    def terms(self, tensor: str, index: Index, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Term]:
        """The one that wins; or g, where it does."""
        at = {local: tensors[local][index[0] : index[0] + 1].reshape(-1)[:1] for local in ("x", "xb")}
        if index[1:]:
            at = {local: np.full(1, tensors[local][index], dtype=tensors[local].dtype) for local in ("x", "xb")}
        if tensor == "y":
            return [Term((Entry("x" if self._wins(numbers, at["x"], at["xb"]).all() else "xb", index),))]
        share = self._shares(numbers, tensor[1:], at)
        return [Term((Entry("g", index),), share)] if share else []

    def doubts(self, numbers: Arithmetic, tensors: Mapping[str, Array]) -> list[Doubt]:
        """Where both are equal."""
        return doubted("y", numbers.is_known_equal(tensors["x"] - tensors["xb"], 0), TIE)

    def _wins(self, numbers: Arithmetic, a: Array, b: Array) -> Array:
        return np.asarray(numbers.is_greater(a - b if self.word == "max" else b - a, 0))

    def _share(self, numbers: Arithmetic, local: str, tensors: Mapping[str, Array]) -> Array:
        own, other = (tensors["x"], tensors["xb"]) if local == "x" else (tensors["xb"], tensors["x"])
        share = numbers.zeros(own.shape)
        share[self._wins(numbers, own, other)] = numbers.number(1)
        share[numbers.is_known_equal(own - other, 0)] = numbers.number(HALF)
        return share

    def _shares(self, numbers: Arithmetic, local: str, at: Mapping[str, Array]) -> int | Fraction:
        own, other = (at["x"], at["xb"]) if local == "x" else (at["xb"], at["x"])
        if numbers.is_known_equal(own - other, 0).all():
            return HALF
        return int(self._wins(numbers, own, other).all())


class Minimum(Maximum):
    """y = min(x, xb), element by element; the smaller one gets the gradient, both half of it where they are equal."""

    type = "minimum"
    word = "min"
