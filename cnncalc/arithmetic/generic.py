"""Numbers put in for letters: what is wrong for some numbers is wrong in letters."""

from collections.abc import Iterable
from fractions import Fraction
from typing import ClassVar

from flint import fmpq

from cnncalc.arithmetic.base import Array, Element
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.expression import Literal, Variable

_PRIME = 10007


class Generic(Exact):
    """The exact ring with a number between 1/2 and 3/2 for each letter that has none."""

    stands_for_letters: ClassVar[bool] = True

    def __init__(self, distributions: Iterable[Array] = ()) -> None:
        """Each row of letters in `distributions` gets numbers that sum to 1."""
        super().__init__()
        self._values: dict[Literal, Element] = {}
        for target in distributions:
            for row in target if target.dtype == object else ():
                if all(isinstance(entry, Variable) and entry.value is None for entry in row.ravel()):
                    total = Fraction(row.size * (row.size + 1), 2)
                    for at, letter in enumerate(row.ravel(), 1):
                        self._values[letter] = fmpq(*(at / total).as_integer_ratio())

    def general(self, symbol: str, x: Array) -> Array:
        """x² + exp(3x/11) for any function, which it has nothing to do with, and the derivative of that."""
        share = self.number(Fraction(3, 11))
        power = self.exp(x * share)
        return x * 2 + power * share if symbol.endswith("'") else x * x + power

    def _letter(self, letter: Variable) -> Element:
        if letter.value is not None or letter.element is not None:
            return super()._letter(letter)
        if letter not in self._values:
            self._values[letter] = fmpq(_PRIME // 2 + (len(self._values) * 7919 + 3001) % _PRIME, _PRIME)
        return self._values[letter]
