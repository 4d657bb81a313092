"""What a checked sheet earns by a teacher's points."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from cnncalc.checking.rule import CellVerdict

if TYPE_CHECKING:
    from cnncalc.checking.report import TensorReport
    from cnncalc.problem.points import Points

NOTHING = Fraction(0)


def share(tensor: TensorReport, is_right: bool, points: Points) -> Fraction:
    """The part of its points that one tensor earns; `is_right`: correct, or under a convention that counts."""
    if tensor.unearned_from:
        return NOTHING
    if is_right:
        return Fraction(1)
    if tensor.verdict == "follows":
        return points.follows if not points.is_per_cell else _by_cell(tensor, points)
    earned = _by_cell(tensor, points) if points.is_per_cell else NOTHING
    if tensor.verdict == "wrong":
        # Only where one known mistake explains all that is wrong.
        explained = [mistake.code for finding in tensor.findings[:1] for mistake in finding]
        earned = max([earned, *(points.mistakes.get(code, NOTHING) for code in explained)])
    return earned


def _by_cell(tensor: TensorReport, points: Points) -> Fraction:
    """Right cells count whole, those that follow as the teacher decides."""
    if not tensor.cells or any(cell.verdict is CellVerdict.SHAPE for cell in tensor.wrong[:1]):
        return NOTHING
    following = sum(cell.follows for cell in tensor.wrong)
    return (tensor.right + following * points.follows) / Fraction(tensor.cells)


def total(earned: Sequence[Fraction], points: Points) -> Fraction:
    """A sheet's points: the sum, rounded half a step upwards, at least the minimum and at most the maximum."""
    whole = sum(earned, NOTHING)
    if points.rounding:
        whole = (whole / points.rounding + Fraction(1, 2)).__floor__() * points.rounding
    return min(max(whole, points.minimum), points.most)


def number(value: Fraction) -> int | float:
    """As JSON and tables have it."""
    return value.numerator if value.denominator == 1 else round(float(value), 4)
