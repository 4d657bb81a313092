"""Sizes that are letters, `shape: [C, H, W]`, `size: K`, `padding: P`: whole numbers that know what they are made of.

A layer's rules for shapes and counts work with whole numbers; a `LetterSize` is one, of a size as people use it, so
that every comparison has an answer (H is larger than K, a stride larger than 0). What is worked out with it is a
LetterSize again, whose polynomial is what people read.
"""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import add, floordiv, mul, sub
from typing import Any

from cnncalc.polynomial import Polynomial, read

USUAL = {"padding": 1, "stride": 2, "strides": 2, "dilation": 2, "groups": 2, "output_padding": 1}
"""By option, what a letter counts as in comparisons; all sizes stay as they are typed."""
LARGE, OTHER = 960, 7
_LARGE = ("an axis of `shape`", "channels", "units")
_LETTER = re.compile(r"[A-Za-z](?:_\w+|\d+|in|out|[hwxy])?")


class Letters:
    """Reads sizes of a file in letters, in which the same letter is the same size."""

    def __init__(self) -> None:
        self._values: dict[str, int] = {}

    def size(self, text: str, what: str) -> int | None:
        """The size of an option or an axis; None for what is no sum of products of whole numbers and letters."""
        if not any(map(_LETTER.fullmatch, words := re.findall(r"[^\W\d]\w*", text))) or "." in text:
            return None
        if not all(map(_LETTER.fullmatch, words)) or (made := read(text)) is None:
            return None
        usual = LARGE if what in _LARGE else USUAL.get(what, OTHER)
        usual = usual if len(made.terms) == 1 else OTHER
        # No two alike: rows and columns are told from each other.
        apart = LARGE // 4 if usual == LARGE else 4 if usual == OTHER else 0
        for letter in sorted(made.letters):
            self._values.setdefault(letter, usual + apart * len(self._values))
        return size_of(made, self._values)


class LetterSize(int):
    """A whole number with the polynomial that it is: `str` has its text, an f-string its LaTeX."""

    polynomial: Polynomial
    factors: tuple[Polynomial, ...]
    """Those that were multiplied, where it is a product: (H − 2)·(W − 2) is read more easily than its terms."""

    def __add__(self, other: Any) -> Any:
        if type(other) is int and other == 0:
            return self
        return _made(add, self, other)

    def __mul__(self, other: Any) -> Any:
        made = _made(mul, self, other)
        if isinstance(made, LetterSize):
            made.factors = (*factors(self), *factors(other))
        return made

    __radd__, __rmul__ = __add__, __mul__

    def __sub__(self, other: Any) -> Any:
        return _made(sub, self, other)

    def __rsub__(self, other: Any) -> Any:
        return _made(sub, other, self)

    def __floordiv__(self, other: Any) -> Any:
        return _made(floordiv, self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return _made(floordiv, other, self)

    def __mod__(self, other: Any) -> Any:
        return self - self // other * other

    def __rmod__(self, other: Any) -> Any:
        return other - other // self * self

    def __divmod__(self, other: Any) -> Any:
        return self // other, self % other

    def __neg__(self) -> Any:
        return _size(self.polynomial * -1, -int(self))

    def __abs__(self) -> Any:
        return -self if int(self) < 0 else self

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, LetterSize) or int(self) != int(other):
            return False
        return self.polynomial == other.polynomial or self.polynomial.canonical == other.polynomial.canonical

    def __hash__(self) -> int:
        return int(self)

    def __str__(self) -> str:
        return as_text(format(self))

    def __format__(self, spec: str) -> str:
        """In brackets where it is a sum: it stands in a longer term."""
        written = self.polynomial.latex()
        return "(" + written + ")" if len(self.polynomial.terms) > 1 else written


def lettered(letter: str) -> int:
    """One letter, as large as any."""
    return _size(Polynomial.of(letter), OTHER)


def size_of(made: Polynomial, numbers: Mapping[str, int]) -> int:
    """The size that a polynomial is; a letter that has no number counts as any."""
    return _size(made, int(made.value({letter: numbers.get(letter, OTHER) for letter in made.letters})))


def _made(operation: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    """Of two whole numbers; an array takes the size as a plain number, which is enough to compare it."""
    if not isinstance(left, int) or not isinstance(right, int):
        return NotImplemented
    return _size(operation(polynomial(left), polynomial(right)), operation(int(left), int(right)))


def _size(made: Polynomial, value: int) -> int:
    """A LetterSize, or a plain number where no letter is left."""
    number = made.number
    if number is not None and number.denominator == 1:
        return int(number)
    size = LetterSize(value)
    size.polynomial, size.factors = made, (made,)
    return size


def polynomial(size: int) -> Polynomial:
    """What a size is made of."""
    return size.polynomial if isinstance(size, LetterSize) else Polynomial.of(Fraction(size))


def latex(size: int) -> str:
    """A size as LaTeX."""
    return polynomial(size).latex()


def factors(size: int) -> tuple[Polynomial, ...]:
    """The sizes that were multiplied."""
    return size.factors if isinstance(size, LetterSize) else (Polynomial.of(Fraction(size)),)


def as_text(message: str) -> str:
    """A message in which sizes stand as LaTeX, for a terminal."""
    message = _POWER.sub(lambda power: power[1].translate(_RAISED), message.replace(r" \cdot ", "·"))
    found = 1
    while found:
        message, found = _FLOOR.subn(_floor, message)
    return re.sub(r"_\{(\w+)\}", r"_\1", message)


def _floor(found: re.Match[str]) -> str:
    above, below = (f"({part})" if " " in part or "·" in part else part for part in found.groups())
    return f"⌊{above}/{below}⌋"


_FLOOR = re.compile(r"\\lfloor \\frac\{((?:[^{}]|_\{\w+\})*)\}\{((?:[^{}]|_\{\w+\})*)\} \\rfloor")
_POWER = re.compile(r"\^\{(\d+)\}")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def in_factors(size: int) -> str:
    """A count as LaTeX: what multiplies as one product, then each sum in brackets."""
    product, sums = Polynomial.of(1), list[str]()
    for factor in factors(size):
        if len(factor.terms) > 1:
            sums.append(f"({factor.latex()})")
        else:
            product = product * factor
    alone = [] if sums and product == Polynomial.of(1) else [product.latex()]
    if not alone and len(sums) == 1:
        return sums[0][1:-1]
    return r" \cdot ".join([*alone, *sums])
