"""What mistakes that happen with any tensor make of one: numbers scaled, put elsewhere, or written down wrongly."""

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from cnncalc.arithmetic.base import Array, Booleans
from cnncalc.checking.answer_key import AnswerKey
from cnncalc.checking.carried import Carried
from cnncalc.checking.mistakes_in_writing import ROUNDINGS, rounded_early
from cnncalc.checking.rule import Rule
from cnncalc.trace import Trace

PLAIN = """\
input: {name: x, value: [[1, 2], [-3, 4]]}
layers:
  - fc: {name: y, weight: {name: W, value: [[1, 3], [2, -1], [0, 6]]}}
loss:
  mse: {target: [[0, 1, 2], [3, 0, 1]]}
"""
FRACTIONS = """\
input: {name: x, value: [[10, 20], [-30, 40]]}
layers:
  - fc:
      name: y
      weight: {name: W, value: [[2/3, 30], [20, -1/7], [1/9, 50]]}
"""
IMAGE = """\
input: {name: x, value: [[1, 2, 0], [3, -2, 4], [5, 1, -1]]}
layers:
  - conv:
      name: y
      weight: {name: w, value: [[[[1, 2], [0, 1]]], [[[3, -1], [2, 0]]]]}
"""
PROBABILITIES = """\
input: {name: x, value: [0, 1, 2, 3]}
layers:
  - softmax: {name: p}
loss:
  cross_entropy: {class: 2}
"""
SUMMED = PROBABILITIES.replace("[0, 1, 2, 3]", "[1, 2, 3]")
"""Whose probabilities, rounded to four places, add up to 0.9999."""
Texts: TypeAlias = Array
"""Numbers as somebody writes them, in the shape in which they are written."""
Maker: TypeAlias = Callable[[Trace], tuple[str, Texts, Booleans | None]]
"""From a solved problem to the name of a tensor, what is written for it, and, where the shape is right, what is off."""


def _texts(values: Array) -> Texts:
    return np.asarray(np.vectorize(str, otypes=[object])(values))


def _of(name: str, change: Callable[[Array], Array]) -> Maker:
    """What a function makes of the exact fractions of a tensor."""

    def make(trace: Trace) -> tuple[str, Texts, Booleans | None]:
        right = _fractions(trace, name)
        wrong = change(right)
        return name, _texts(wrong), np.asarray(wrong != right, dtype=bool) if wrong.shape == right.shape else None

    return make


def _written(name: str, write: Callable[[list[Decimal]], list[Decimal]]) -> Maker:
    """What a function makes of the decimals of a tensor, known to many digits."""

    def make(trace: Trace) -> tuple[str, Texts, Booleans | None]:
        tensor = trace[name]
        known = [Decimal(str(tensor.numbers.decimal(one, 20))) for one in tensor.elements.ravel()]
        wrong = write(known)
        pairs = zip(wrong, known, strict=True)
        fewest = Rule().significant
        off = [made != n.quantize(made, ROUND_HALF_UP) or len(made.as_tuple().digits) < fewest for made, n in pairs]
        shape = tensor.elements.shape
        return name, _texts(np.asarray(wrong, dtype=object).reshape(shape)), np.reshape(off, shape)

    return make


def _fractions(trace: Trace, name: str) -> Array:
    tensor = trace[name]
    return np.asarray(np.vectorize(tensor.numbers.rational, otypes=[object])(tensor.elements))


def _to(digits: int, rounding: str) -> Callable[[Decimal], Decimal]:
    """A number with so many significant digits."""
    return lambda number: number.quantize(Decimal(1).scaleb(number.adjusted() - digits + 1), rounding)


def _swapped(axis: int) -> Callable[[Array], Array]:
    """The first two slices along an axis exchanged."""
    return lambda values: values.take([1, 0, *range(2, values.shape[axis])], axis)


def _changed(values: Array, **changes: int) -> Array:
    """Some cells, counted through all of them, more by some number."""
    made = values.copy()
    for at, more in changes.items():
        made.flat[int(at[1:])] += more
    return made


def _cells_swapped(values: Array) -> Array:
    made = values.copy()
    made.flat[0], made.flat[4] = values.flat[4], values.flat[0]
    return made


def _adjusted(numbers: list[Decimal]) -> list[Decimal]:
    rounded = [number.quantize(Decimal("0.0001"), ROUND_HALF_UP) for number in numbers]
    return [*rounded[:-1], 1 - sum(rounded[:-1], Decimal(0))]


def _last_digit(numbers: list[Decimal]) -> list[Decimal]:
    rounded = list(map(_to(5, ROUND_HALF_UP), numbers))
    return [rounded[0] + Decimal(1).scaleb(rounded[0].as_tuple().exponent), *rounded[1:]]  # type: ignore[arg-type]


def _digits_exchanged(values: Array) -> Array:
    made = values.copy()
    for index in np.ndindex(made.shape):
        digits = str(made[index])
        if digits.isdigit() and len(set(digits)) > 1:
            made[index] = Fraction(digits[::-1])
            return made
    raise AssertionError("the problem has a number of two digits")


def _another(trace: Trace) -> tuple[str, Texts, Booleans | None]:
    right, other = _fractions(trace, "y"), _fractions(trace, "dL/dy")
    return "y", _texts(other), np.asarray(other != right, dtype=bool)


def _rounded_early(trace: Trace) -> tuple[str, Texts, Booleans | None]:
    basis = Carried(AnswerKey(trace, Rule()).truth, {})
    for rounding in ROUNDINGS:
        candidate = rounded_early(basis, "L", rounding, 0)
        if candidate is None:
            continue
        made = Decimal(candidate.values.item().str(20, radius=False)).quantize(Decimal("0.00001"), ROUND_HALF_UP)
        if made != Decimal(str(trace["L"].value.item())).quantize(Decimal("0.00001"), ROUND_HALF_UP):
            return "L", _texts(np.asarray(made, dtype=object)), np.ones((), dtype=bool)
    raise AssertionError("rounding makes a difference in this problem")


MAKERS: Mapping[str, Maker] = {
    "sign": _of("y", lambda values: -values),
    "factor-of-ten": _of("y", lambda values: values / 10),
    "factor-n": _of("dL/dW", lambda values: values * 2),
    "constant-factor": _of("dL/dy", lambda values: values / 3),
    "transposed": _of("dL/dW", lambda values: values.T),
    "rotated": _of("y", lambda values: values[:, ::-1, ::-1]),
    "other-element-order": _of("y", lambda values: values.transpose(0, 2, 1)),
    "cells-swapped": _of("y", _cells_swapped),
    "rows-swapped": _of("y", _swapped(0)),
    "columns-swapped": _of("y", _swapped(1)),
    "channels-swapped": _of("y", _swapped(0)),
    "another-tensor": _another,
    "truncated": _written("p", lambda numbers: list(map(_to(4, ROUND_DOWN), numbers))),
    "last-digit": _written("y", _last_digit),
    "too-few-digits": _written("p", lambda numbers: list(map(_to(2, ROUND_HALF_UP), numbers))),
    "rounded-to-integer": _of("y", lambda values: np.vectorize(round, otypes=[object])(values)),
    "rounded-early": _rounded_early,
    "adjusted-to-sum-1": _written("p", _adjusted),
    "one-cell-slipped": _of("y", lambda values: _changed(values, c4=5)),
    "two-cells-slipped": _of("y", lambda values: _changed(values, c0=4, c4=5)),
    "digits-exchanged": _of("y", _digits_exchanged),
    "later-cells-wrong": _of("y", lambda values: _changed(values, c2=4, c3=-2, c4=5, c5=3)),
}
"""By code: what of a solved problem is written, and how."""
PROBLEM_OF: Mapping[str, str] = {
    **dict.fromkeys(MAKERS, PLAIN),
    **dict.fromkeys(("rotated", "other-element-order", "channels-swapped"), IMAGE),
    **dict.fromkeys(("truncated", "too-few-digits", "rounded-early"), PROBABILITIES),
    **dict.fromkeys(("last-digit", "rounded-to-integer"), FRACTIONS),
    "adjusted-to-sum-1": SUMMED,
}
"""By code: the problem."""
