"""Numbers of options in formulas."""

from decimal import Decimal
from fractions import Fraction


def number_latex(number: int | Decimal | Fraction) -> str:
    r"""A number as it was typed, in LaTeX: `0.2`, `\frac{1}{6}`, `10^{-8}`."""
    if isinstance(number, Decimal) and number.as_tuple()[:2] == (0, (1,)) and number < Decimal("1e-4"):
        return f"10^{{{number.adjusted()}}}"
    if isinstance(number, Fraction) and number.denominator != 1:
        return rf"{'-' * (number < 0)}\frac{{{abs(number.numerator)}}}{{{number.denominator}}}"
    return f"{number:f}" if isinstance(number, Decimal) else str(number)
