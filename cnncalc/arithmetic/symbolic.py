"""Letters beside numbers: the exact ring with a letter for each unknown, or with a number put in for each.

A letter may stand for a number, and then decides branches (a ReLU, a max pool) without being put in. What a layer
names (`named`: a softmax's probabilities, the statistics of a batch norm) becomes a letter of its own, short for what
was computed, and what lies behind it is written in it. With numbers put in, what is wrong for some of them is wrong in
letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from copy import copy
from fractions import Fraction
from itertools import repeat
from typing import ClassVar

import numpy as np
from flint import fmpq

from cnncalc.arithmetic.base import (
    LEFT_OUT,
    Array,
    Booleans,
    Element,
    Labels,
    LettersStyle,
    OpenLetters,
    OutOfRange,
    Undecided,
    each,
    filled,
    matrix_product,
)
from cnncalc.arithmetic.closed.atoms import Atom, Letter
from cnncalc.arithmetic.closed.closed_form import ClosedForm, Number
from cnncalc.arithmetic.closed.letters import (
    LettersField,
    Shares,
    defined,
    has_letters,
    letters_in,
    lone_letter,
    substituted,
)
from cnncalc.arithmetic.enclosure import sign, vanishes
from cnncalc.arithmetic.exact import Exact
from cnncalc.arithmetic.expression import Literal, Variable, identifier, short_index

BUDGET = 20_000_000
"""Work before letters are given up, in products of two rationals: two or three seconds."""
_ELEMENT = re.compile(r"[\w.]+\[[\d,]*\]")
_INDEX = re.compile(r"(_\d+)+$")
MOST_TERMS = 2000
"""Terms of all elements of a tensor up to which what lies behind is written without naming them."""
LAST = 10**6
"""The rank of what is written behind everything else."""
_PRIME = 10007


class Symbolic(Exact):
    """Arrays of dtype object, as the exact ring's, with letters among the atoms."""

    name = "symbolic"
    can_overflow = False

    def __init__(self, index_base: int = 1, batched: bool = False) -> None:
        """`index_base` is what the names of elements count from; `batched` says whether a reader sees the axis N."""
        super().__init__()
        self.field = LettersField()
        self._base = index_base
        self._batched = batched
        self._scope, self._rank = "", 0.0
        self._shares = Shares(self.field)
        self._values: dict[ClosedForm, Number | Undecided | None] = {}
        self._zeros: dict[ClosedForm, bool] = {}
        self._texts: dict[tuple[ClosedForm, LettersStyle, int], str | None] = {}
        """What elements come to, which are 0, and how they are written: each is asked for several times."""

    def for_layer(self, name: str, rank: float) -> Symbolic:
        """This system with names for what the layer `name` computes."""
        inner = copy(self)
        inner._scope, inner._rank = name, rank
        return inner

    def _letter(self, literal: Variable) -> Element:
        """The letter itself, or the element that it is."""
        if literal.element is not None:
            return literal.element
        value = None if literal.value is None else self.number(literal.value)
        name, counted = self._name(literal.letter, literal.index)
        tensor, typed = literal.letter, _INDEX.search(literal.letter)
        if typed and not counted:
            # x_1_2 in a cell is the element that a tensor of letters x would have there.
            tensor, counted = tensor[: typed.start()], tuple(map(int, typed[0].split("_")[1:]))
        order = (self._rank, counted, tensor)
        letter = Letter(name, tensor, counted, order, value, literal.is_positive)
        return self.field.of_atom(Atom("letter", letter))

    def named(self, local: str, x: Array, positive: bool = False) -> Array:
        """Letters of their own for what has letters and is more than one."""
        x = np.asarray(x)
        return filled(x.shape, [self._named(local, index, x, positive) for index in np.ndindex(x.shape)])

    def is_long(self, x: Array) -> bool:
        """Beyond a few thousand terms with letters."""
        elements = np.asarray(x).ravel()
        terms = sum(len(element.terms) for element in elements if isinstance(element, ClosedForm))
        return terms > max(MOST_TERMS, elements.size) and any(map(has_letters, elements))

    def written_out(self, x: Array) -> Array:
        """What this layer's own letters are short for."""
        return each(self._written_out, x) if np.asarray(x).dtype == object else x

    def _written_out(self, element: Number) -> Number:
        letter = lone_letter(element)
        return element if letter is None or letter.origin != self._scope else letter.definition

    def note_distribution(self, x: Array) -> None:
        """Sums over all of a row are shortened from here on."""
        self._shares.learn(x)

    def _named(self, local: str, index: tuple[int, ...], x: Array, positive: bool) -> Number:
        element = x[index]
        if not has_letters(element) or lone_letter(element) is not None:
            return element
        is_statistic = local in ("mean", "var")
        whole = self._batched or is_statistic or local == "parameter"
        seen = short_index(index if whole else index[1:], x.shape if whole else x.shape[1:])
        tensor = self._scope if local in ("y", "parameter") else f"{self._scope}.{local}"
        name, counted = self._name(tensor, seen)
        order = (LAST if is_statistic else self._rank, seen, tensor)
        letter = Letter(name, tensor, counted, order, None, positive, element, self._scope)
        return self.field.of_atom(Atom("letter", letter))

    def _name(self, tensor: str, index: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
        counted = tuple(i + self._base for i in index)
        return "_".join([identifier(tensor), *map(str, counted)]), counted

    # Arrays

    def general(self, symbol: str, x: Array) -> Array:
        """As closed forms of their own, φ(a)."""
        return each(lambda element: self.field.general(symbol, element), x)

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """Element by element: with letters almost every product is a monomial of its own."""
        if not any(isinstance(e, ClosedForm) for array in (a, b) for e in array.ravel()):
            return super().matmul(a, b, out)
        product = self.zeros((a.shape[0], a.shape[1], b.shape[2])) if out is None else out
        for s in range(a.shape[0]):
            product[s] = matrix_product(a[s], b[s]) if a.shape[2] else self.zeros(product[s].shape)
        return product

    def simplified(self, x: Array) -> Array:
        """Each in its simplest sum; the probabilities of one softmax sum to 1."""
        x = super().simplified(x)
        if not self._shares.groups or x.dtype != object:
            return x
        return each(self._shares.shortened, x)

    # Decisions

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """By the letters' values; where they have none, whatever they are."""
        difference = np.asarray(a - b)
        equal = [self._is_zero(element) for element in difference.ravel()]
        return np.asarray(equal, dtype=bool).reshape(difference.shape)

    def _is_zero(self, element: Element) -> bool:
        if not isinstance(element, ClosedForm):
            return bool(element == 0)
        if element not in self._zeros:
            try:
                with self.field.one_decision():
                    self._zeros[element] = sign(element) == 0
            except OpenLetters:
                self._zeros[element] = self.proves_zero(element) is True
        return self._zeros[element]

    # To the reader

    def _vanished(self, element: Number) -> Number:
        # What is 0 by the letters' values is still what it says.
        return element if has_letters(element) else super()._vanished(element)

    def closed_forms(self, x: Array, labels: Labels = (), samples: Sequence[int | None] | None = None) -> Array:
        """Each element as text; with letters, terms in the order of indices, and None only beyond a million characters.

        What has no letters is written as it would be in a problem of numbers.
        """
        from cnncalc.arithmetic.closed.closed_form_text import Writer
        from cnncalc.arithmetic.closed.letters_text import LettersWriter

        # What has letters goes by its own; names of numbers stay names.
        plain = [
            {name: share for name, share in sample.items() if _ELEMENT.fullmatch(name) and not has_letters(share)}
            for sample in labels
        ]
        of_letters, of_numbers = LettersWriter(plain, "python"), Writer(labels)
        x = np.asarray(x)
        texts = [
            of_letters.text(element, n) if has_letters(element) else self._text(of_numbers, element, n)
            for element, n in zip(x.ravel(), samples or repeat(None, x.size), strict=True)
        ]
        return filled(x.shape, texts)

    def in_letters(self, element: Element, style: LettersStyle = "people", longest: int | None = None) -> str | None:
        """`w₂₂·x₁₁ + b₁`, or for Python; None for a number."""
        from cnncalc.arithmetic.closed.letters_text import LONGEST, LettersWriter

        if not has_letters(element):
            return None
        key = element, style, longest or LONGEST
        try:
            if key not in self._texts:
                with self.field.digits():
                    self._texts[key] = LettersWriter((), style, longest or LONGEST).text(element)
            return self._texts[key] or LEFT_OUT
        except Undecided:
            return LEFT_OUT

    def letters_of(self, element: Element) -> Mapping[str, tuple[str, tuple[int, ...]]]:
        """`w₂₂` is w, 2, 2."""
        from cnncalc.arithmetic.closed.letters_text import element_name, shown_name

        found = letters_in(element)
        return {element_name(one.tensor, one.index): (shown_name(one.tensor), one.index) for one in found}

    def has_sums(self, x: Array) -> bool:
        """Whether an element is more than a number or a letter by itself."""
        return any(lone_letter(element) is None and has_letters(element) for element in np.asarray(x).flat)

    def put_in(self, element: Element) -> Element | None:
        """By the letters' values; None where one has none. Raises Undecided where that is too much work."""
        if not isinstance(element, ClosedForm):
            return element
        if element not in self._values:
            try:
                with self.field.one_decision():
                    self._values[element] = self.field.simplified(self.field.valued(element))
            except OpenLetters:
                self._values[element] = None
            except Undecided as error:
                self._values[element] = error
        known = self._values[element]
        if isinstance(known, Undecided):
            raise known
        return known

    def proves_zero(self, element: Element) -> bool | None:
        """Whether an element is 0 whatever its letters are; None where no difference is seen, but none is excluded."""
        element = self.field.simplified(defined(substituted(element, dict(self._shares.given()))))
        if not has_letters(element):
            return super().proves_zero(element)
        names = sorted({letter.name for letter in letters_in(element)})
        # All different, and with a sum below 1, as probabilities have.
        some = {name: fmpq(1, 2 * (len(names) + number)) for number, name in enumerate(names, 1)}
        with suppress(Undecided, OutOfRange):
            # What is not 0 for some numbers is not 0; to see that takes less than to multiply out.
            if sign(substituted(element, some)) != 0:
                return False
        return vanishes(element) or None


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
