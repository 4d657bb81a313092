"""Plain numbers of a hundred digits: a problem solved in mpmath, which knows nothing of the ring and its closed forms.

What is 0 up to a last few digits is taken for 0, so that a kink is met where the exact numbers meet it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from random import Random
from typing import Any, ClassVar

import mpmath
import numpy as np

from cnncalc.arithmetic.base import Arithmetic, Array, Booleans, Doubles, Element, Function, Labels, OutOfRange
from cnncalc.arithmetic.expression import Call, Constant, Literal, Operation, Variable

DIGITS = 100
NOTHING = mpmath.mpf(10) ** -60


@contextmanager
def precision() -> Iterator[None]:
    """Every number within has so many digits."""
    before, mpmath.iv.dps = mpmath.iv.dps, DIGITS
    try:
        with mpmath.workdps(DIGITS):
            yield
    finally:
        mpmath.iv.dps = before


class Plain(Arithmetic):
    """Arrays of dtype object that hold `mpmath.mpf`. Letters without a value get one, drawn once for each."""

    name: ClassVar[str] = "plain"
    proven: ClassVar[bool] = False

    def __init__(self, seed: int = 0) -> None:
        self.letters: dict[tuple[str, tuple[int, ...]], Any] = {}
        self._random = Random(seed)

    def number(self, literal: Literal) -> Element:
        match literal:
            case Constant():
                return +mpmath.e if literal.name == "e" else +mpmath.pi
            case Variable():
                return self._letter(literal)
            case Call():
                function = {"log": mpmath.log, "exp": mpmath.exp, "sqrt": mpmath.sqrt}[literal.function]
                return function(self.number(literal.argument))
            case Operation():
                left, right = self.number(literal.left), self.number(literal.right)
                operations: dict[str, Callable[[], Any]] = {
                    "+": lambda: left + right,
                    "-": lambda: left - right,
                    "*": lambda: left * right,
                    "/": lambda: left / right,
                    "**": lambda: mpmath.power(left, right),
                }
                return operations[literal.operator]()
        numerator, denominator = literal.as_integer_ratio()
        return mpmath.mpf(numerator) / denominator

    def _letter(self, letter: Variable) -> Any:
        key = letter.letter, letter.index
        if key not in self.letters:
            drawn = Fraction(self._random.randint(1, 40), self._random.randint(41, 80))
            self.letters[key] = self.number(drawn if letter.value is None else letter.value)
        return self.letters[key]

    def array(self, literals: Array) -> Array:
        return filled(literals.shape, [self.number(cell) for cell in literals.astype(object).ravel().tolist()])

    def zeros(self, shape: tuple[int, ...]) -> Array:
        return np.full(shape, mpmath.mpf(0), dtype=object)

    def sum(self, x: Array, axis: int | tuple[int, ...]) -> Array:
        return np.asarray(np.sum(x, axis=axis, initial=mpmath.mpf(0)))  # type: ignore[call-overload]

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        product = self.zeros((*a.shape[:2], b.shape[2])) if out is None else out
        for s in range(len(a)):
            product[s] = a[s] @ b[s] if a.shape[2] else self.zeros(product[s].shape)
        return product

    def apply(self, function: Function, x: Array) -> Array:
        own = {"log": positive(mpmath.log), "sigmoid": lambda element: 1 / (1 + mpmath.exp(-element))}
        return each(own.get(function) or getattr(mpmath, function), x)

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        return np.asarray(np.asarray(a - b) > NOTHING, dtype=bool)

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        return np.asarray(abs(np.asarray(a - b)) <= NOTHING, dtype=bool)

    def to_float(self, x: Array) -> Doubles:
        return np.asarray(x, dtype=np.float64)

    def rational(self, element: Element) -> Fraction | None:
        return None

    def decimal(self, element: Element, digits: int) -> Decimal:
        return Decimal(mpmath.nstr(element, digits))

    def closed_forms(self, x: Array, labels: Labels = (), samples: Sequence[int | None] | None = None) -> None:
        return None


def positive(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def guarded(element: Any) -> Any:
        if element <= 0:
            raise OutOfRange("the logarithm of a number that is not positive")
        return function(element)

    return guarded


def each(function: Callable[[Any], Any], x: Array) -> Array:
    return filled(np.shape(x), list(map(function, np.asarray(x).ravel().tolist())))


def filled(shape: tuple[int, ...], elements: list[Any]) -> Array:
    array = np.empty(len(elements), dtype=object)
    array[:] = elements
    return array.reshape(shape)
