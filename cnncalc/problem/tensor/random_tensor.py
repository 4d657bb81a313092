"""`random: {seed, low, high, step}`: the same tensor on every machine, in numbers that are pleasant to compute with.

Element k is low + step·⌊u·count⌋, where u is the k-th value of Python's `random.Random(seed).random()` (the Mersenne
Twister, the same in every version) and count = ⌊(high − low)/step⌋ + 1.
"""

from decimal import Decimal
from fractions import Fraction
from math import prod

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.expression import Literal
from cnncalc.layers.base import Shape
from cnncalc.problem.tensor.typed import object_array
from cnncalc.records import Record

MOST_STEPS = 10**9


class Drawing(Record):
    """A random tensor before its shape is known."""

    seed: int
    low: int | Decimal | Fraction = -1
    high: int | Decimal | Fraction = 1
    step: int | Decimal | Fraction = Fraction(1, 10)

    @property
    def count(self) -> int:
        """How many different values there are."""
        return int((Fraction(self.high) - Fraction(self.low)) / Fraction(self.step)) + 1

    def draw(self, shape: Shape) -> Array:
        """The tensor, its elements in row order."""
        import random  # it takes 10 ms, and few problems draw

        uniform = random.Random(self.seed).random
        size = prod(shape)
        steps = np.fromiter((uniform() for _ in range(size)), dtype=np.float64, count=size)
        # u < 1, and the product is rounded to below `count`, so the last step is never passed.
        order = (steps * self.count).astype(np.int64)
        if self.count > size:
            used, order = np.unique(order, return_inverse=True)
        else:
            used = np.arange(self.count)
        values = object_array([self._value(int(k)) for k in used], (len(used),))
        drawn: Array = values[order.reshape(shape)]
        return drawn

    def _value(self, k: int) -> Literal:
        value = Fraction(self.low) + Fraction(self.step) * k
        kinds = (self.low, self.step)
        if any(isinstance(number, Fraction) for number in kinds):
            return value.numerator if value.denominator == 1 else value
        if all(isinstance(number, int) for number in kinds):
            return value.numerator
        # As many places as were typed; built from its digits, since the context would round.
        places = max(0, *(-int(n.as_tuple().exponent) for n in kinds if isinstance(n, Decimal)))
        scaled = value * 10**places
        digits = tuple(int(digit) for digit in str(abs(scaled.numerator)))
        return Decimal((int(scaled < 0), digits, -places))
