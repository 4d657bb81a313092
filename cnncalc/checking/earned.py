"""What a checked sheet earns by a teacher's points."""

from collections.abc import Sequence
from fractions import Fraction

from cnncalc.problem.points import Points

NOTHING = Fraction(0)


def total(earned: Sequence[Fraction], points: Points) -> Fraction:
    """A sheet's points: the sum, rounded half a step upwards, at least the minimum and at most the maximum."""
    whole = sum(earned, NOTHING)
    if points.rounding:
        whole = (whole / points.rounding + Fraction(1, 2)).__floor__() * points.rounding
    return min(max(whole, points.minimum), points.most)


def number(value: Fraction) -> int | float:
    """As JSON and tables have it."""
    return value.numerator if value.denominator == 1 else round(float(value), 4)
