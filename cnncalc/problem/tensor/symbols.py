"""Letters in a problem file: which words are letters, and `symbol: x`, a tensor of them."""

from typing import Any

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.expression import Variable, identifier, short_index
from cnncalc.layers.base import Shape
from cnncalc.problem.text.faults import Collector, Place, quoted
from cnncalc.problem.text.pattern import pattern
from cnncalc.records import Record
from cnncalc.visible import visible

MISTAKABLE = {"O": "0", "o": "0", "l": "1", "I": "1"}
"""Letters that may be meant as a digit."""
# SymPy takes these for functions and constants of its own.
_TAKEN = frozenset(["E", "N", "Q", "S", *MISTAKABLE])
_GREEK = "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|kappa|mu|nu|xi|rho|sigma|tau|phi|chi|psi|omega"
_LETTER = pattern(rf"([^\W\d_]|{_GREEK})(_?\d+)*")
_GRADIENT = pattern(r"[d∂]\w+/[d∂][\w.]+")


def is_letter(word: str) -> bool:
    """Whether a word in a cell is an unknown: one letter, or the name of a Greek one, perhaps with digits behind it."""
    # Signs for numbers (½, ², ⅷ, ①) are words to a regular expression, and no letters.
    return word not in _TAKEN and word[:1].isalpha() and _LETTER.fullmatch(word) is not None and visible(word) == word


def is_symbol(word: str) -> bool:
    """Whether a word can name the letters of a tensor: a name, or a gradient's (`dL/dy`)."""
    return (word.isidentifier() or _GRADIENT.fullmatch(word) is not None) and visible(word) == word


def lone_letter(entries: Array | None) -> str | None:
    """The letter that stands for all of a tensor; None where anything else does, or different letters do."""
    if entries is None or entries.dtype != object or not entries.size:
        return None
    first = entries.flat[0]
    is_filled = entries.ndim == 0 or not any(entries.strides)
    return first.letter if isinstance(first, Variable) and not first.index and is_filled else None


class Symbol(Record):
    """Elements x₁₁, x₁₂, …; each may have a value, and all may be assumed positive."""

    letter: str
    place: Place
    is_positive: bool = False

    def letters(self, shape: Shape, values: Array | None = None) -> Array:
        """One letter for each element."""
        letter = self.letter.replace("∂", "d")
        entries = np.empty(shape, dtype=object)
        for index in np.ndindex(shape):
            value: Any = None if values is None else values[index]
            entries[index] = Variable(letter, short_index(index, shape), value, self.is_positive)
        return entries


class SymbolNames:
    """The letters that are taken: two tensors with the same ones would be the same unknowns."""

    def __init__(self, faults: Collector) -> None:
        self._faults = faults
        self._first: dict[str, Place] = {}

    @property
    def any(self) -> bool:
        """Whether there are any."""
        return bool(self._first)

    def take(self, symbol: Symbol) -> bool:
        """Whether the letter was free; a fault where not."""
        first = self._first.setdefault(identifier(symbol.letter), symbol.place)
        if first is symbol.place:
            return True
        at = f"the other is in line {first.line}, column {first.column}"
        message = f"two tensors have the symbol {quoted(symbol.letter)}; {at}"
        self._faults.add(message, "give each tensor a letter of its own", symbol.place)
        return False
