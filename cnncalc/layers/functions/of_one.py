"""Functions of one number: exponentials, roots, powers, sine and cosine, and arithmetic with a number that is given."""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import ClassVar

from cnncalc.language import Phrase
from cnncalc.layers.activations.curve import IDENTITY, ONE, Curve, Piece, Real, X, applied, constant
from cnncalc.layers.base import Function, Term, option, small_problem
from cnncalc.layers.evaluate import Terms
from cnncalc.layers.indices import number_latex
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
