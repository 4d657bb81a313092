"""Exact numbers: rationals while the result is rational, closed forms where exponentials, roots or logarithms enter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from decimal import Decimal
from fractions import Fraction
from itertools import repeat
from math import nan
from operator import add, mul, sub
from typing import TYPE_CHECKING, Any

import numpy as np
from flint import fmpq, fmpq_mat

from cnncalc.arithmetic.base import (
    Arithmetic,
    Array,
    Booleans,
    Doubles,
    Element,
    Function,
    Labels,
    TooCostly,
    Undecided,
    each,
    filled,
    matrix_product,
)
from cnncalc.arithmetic.closed.atoms import Atom
from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number
from cnncalc.arithmetic.closed.field import Field
from cnncalc.arithmetic.enclosure import nearest_double, rounded, sign
from cnncalc.arithmetic.expression import Literal, Variable, evaluated, value_of

if TYPE_CHECKING:
    from cnncalc.arithmetic.closed.closed_form_text import Writer

LONGEST_FRACTION = 2**17
"""Bits of what Python can still calculate with: 40 000 digits."""
MOST_MEASURED = 1000
"""Elements of which it is asked how long they are."""
_ZERO = fmpq(0)
_TYPED = (int, Decimal, Fraction)


class Exact(Arithmetic):
    """Arrays of dtype object that hold `flint.fmpq` and, where irrational, `ClosedForm`."""

    name = "exact"
    proven = True
    few = 2**15
    working_set = 2**20

    def __init__(self) -> None:
        self.field = Field()
        self.is_tried = False
        """Whether there are other numbers where these take too long."""
        self._rationals: dict[ClosedForm, Fraction | None] = {}
        self._decimals: dict[tuple[ClosedForm, int], Decimal | Undecided] = {}
        """What is known of elements, each of which is asked for wherever it stands in a working."""
        self._writer: tuple[Labels, Writer] | None = None
        """The last labels, and what writes with them: the elements of a tensor may be asked for one by one."""

    @contextmanager
    def allowance(self, work: int, for_digits: int | None = None) -> Iterator[None]:
        """Counted in all that is done with closed forms, and in products of matrices.

        `for_digits` is what decimals and doubles may take besides: as much again unless it is said.
        """
        with self.field.allowed(work, work if for_digits is None else for_digits):
            yield

    def one_of(self, parts: int) -> AbstractContextManager[None]:
        """Only where other numbers will do."""
        return self.field.one_of(parts) if self.is_tried else nullcontext()

    def charge(self, work: int) -> None:
        """Counted with all the rest."""
        self.field.charge(work)

    # From typed numbers

    def number(self, literal: Literal) -> Element:
        """The exact value of a typed number."""
        if isinstance(literal, _TYPED):
            return fmpq(*literal.as_integer_ratio())
        field = self.field
        return evaluated(
            literal,
            self.number,
            lambda name: field.exp(fmpq(1)) if name == "e" else field.of_atom(Atom("pi")),
            {"log": field.log, "exp": field.exp, "sqrt": field.sqrt},
            {"+": add, "-": sub, "*": mul, "/": lambda a, b: a * field.reciprocal(b), "**": self._power},
            self._letter,
        )

    def _letter(self, letter: Variable) -> Element:
        return self.number(value_of(letter)) if letter.element is None else letter.element

    def _power(self, base: Number, power: Number) -> Number:
        if not isinstance(power, ClosedForm) and power.q == 1:
            return base ** int(power.p)
        return self.field.exp(power * self.field.log(base))

    def array(self, literals: Array) -> Array:
        """The exact values of typed numbers; a double of a .npy file is taken as the binary fraction that it is."""
        if literals.dtype != object:
            literals = literals.astype(object)
        cells = literals.ravel().tolist()
        # Most tensors hold few different numbers, and numbers that are equal are the same here. In the order in which
        # they stand: what a sum is written with first must not hang on how Python hashes texts today.
        known = {cell: self._cell(cell) for cell in dict.fromkeys(cells)}
        return filled(literals.shape, list(map(known.__getitem__, cells)))

    def _cell(self, cell: Any) -> Element:
        return fmpq(*cell.as_integer_ratio()) if isinstance(cell, float) else self.number(cell)

    # Arrays

    def zeros(self, shape: tuple[int, ...]) -> Array:
        """An array of the rational 0."""
        return np.full(shape, _ZERO, dtype=object)

    def sum(self, x: Array, axis: int | tuple[int, ...]) -> Array:
        """Sums along axes."""
        return np.asarray(np.sum(x, axis=axis, initial=_ZERO))  # type: ignore[call-overload]

    def matmul(self, a: Array, b: Array, out: Array | None = None) -> Array:
        """Matrix products through `fmpq_mat`, one for each monomial where closed forms are among the elements."""
        stack, rows, inner = a.shape
        columns = b.shape[2]
        product = np.empty((stack, rows, columns), dtype=object) if out is None else out
        for s in range(stack):
            left, right = self._by_monomial(a[s]), self._by_monomial(b[s])
            if len(left) * len(right) > 4 * max(rows, columns, 16):
                # Almost every element has monomials of its own: sparse sums are cheaper.
                self.field.charge(rows * inner * columns * 4)
                product[s] = matrix_product(a[s], b[s]) if inner else self.zeros((rows, columns))
            elif inner == len(left) == len(right) == 1:
                # Nothing is added up, so that building matrices would take longer than the products.
                self.field.charge(rows * columns)
                product[s] = a[s] * b[s]
            else:
                self.field.charge(rows * inner * columns * len(left) * len(right))
                product[s] = self._product_by_monomial(
                    {m: fmpq_mat(rows, inner, entries) for m, entries in left.items()},
                    {m: fmpq_mat(inner, columns, entries) for m, entries in right.items()},
                    (rows, columns),
                )
        return product

    def _product_by_monomial(
        self, left: dict[int, fmpq_mat], right: dict[int, fmpq_mat], shape: tuple[int, int]
    ) -> Array:
        collected: dict[int, fmpq_mat] = {}
        for m, x in left.items():
            for n, y in right.items():
                for monomial, factor in self.field.monomial_product(m, n).items():
                    matrix = x * y if factor == 1 else x * y * factor
                    collected[monomial] = collected[monomial] + matrix if monomial in collected else matrix
        if set(collected) <= {ONE}:
            return filled(shape, collected[ONE].entries()) if collected else self.zeros(shape)
        entries: list[dict[int, Any]] = [{} for _ in range(shape[0] * shape[1])]
        for monomial, matrix in collected.items():
            for terms, entry in zip(entries, matrix.entries(), strict=True):
                # As a truth value; to compare a rational with 0 takes six times as long.
                if entry:
                    terms[monomial] = entry
        return filled(shape, [self.field.form(terms) for terms in entries])

    def _by_monomial(self, matrix: Array) -> dict[int, list[Any]]:
        """The coefficients of each monomial that occurs in a matrix, as flat lists of rationals."""
        elements = matrix.ravel().tolist()
        if not self._irrational(elements):
            return {ONE: elements}
        # Not by setdefault, which makes a whole list for each term.
        parts: defaultdict[int, list[Any]] = defaultdict(lambda: [_ZERO] * len(elements))
        for position, element in enumerate(elements):
            if isinstance(element, ClosedForm):
                for monomial, coefficient in element.terms.items():
                    parts[monomial][position] = coefficient
            elif element:
                parts[ONE][position] = element
        return parts

    # Functions

    def apply(self, function: Function, x: Array) -> Array:
        """In closed form: roots of squares are rational; erf(a), sin(a) and cos(a) are forms of their own."""
        self.field.charge(50 * np.size(x))
        own = {"sigmoid": self._sigmoid, "tanh": lambda element: self._sigmoid(element * 2) * 2 - 1}
        return each(own[function] if function in own else getattr(self.field, function), x)

    def _sigmoid(self, x: Number) -> Number:
        return self.field.reciprocal(self.field.exp(-x) + fmpq(1))

    def simplified(self, x: Array) -> Array:
        """The same numbers, each in its simplest sum; raises TooCostly where they have grown too long."""
        x = np.asarray(x)
        self._charge_lengths(x.ravel())
        elements = x.ravel().tolist() if self.field.is_used else []
        return filled(x.shape, list(map(self.field.simplified, elements))) if self._irrational(elements) else x

    def _charge_lengths(self, elements: Array) -> None:
        """Charge what it takes to go on with rationals as long as these are; of many, some are looked at."""
        some = elements[:: max(1, elements.size // MOST_MEASURED)].tolist()
        bits = max((element.height_bits() for element in some if isinstance(element, fmpq)), default=0)
        self.field.charge_size(bits, elements.size)

    # Decisions

    def is_greater(self, a: Array, b: Array | int) -> Booleans:
        """Where a > b, by balls as small as needed."""
        return np.asarray(self._signs(a, b) > 0, dtype=bool)

    def is_equal(self, a: Array, b: Array | int) -> Booleans:
        """Where a = b, by algebra where balls cannot tell."""
        return np.asarray(self._signs(a, b) == 0, dtype=bool)

    def _signs(self, a: Array, b: Array | int) -> Array:
        """Numbers that have the signs of a − b."""
        difference = np.asarray(a) if isinstance(b, int) and b == 0 else np.asarray(a - b)
        elements = difference.ravel().tolist()
        # A rational's numerator is quicker to compare than the rational.
        signs = list(map(sign, elements)) if self._irrational(elements) else [element.p for element in elements]
        return filled(difference.shape, signs)

    def proves_zero(self, element: Element) -> bool | None:
        """Whether an element is 0; None where no difference is seen, but none is excluded."""
        try:
            with self.field.one_decision():
                return sign(self.field.simplified(element)) == 0
        except Undecided:
            return None

    def _irrational(self, elements: list[Any]) -> bool:
        """Whether closed forms are among the elements."""
        return self.field.is_used and ClosedForm in set(map(type, elements))

    # To the reader

    def to_float(self, x: Array) -> Doubles:
        """The doubles nearest to the true values."""
        x = np.asarray(x)
        elements = x.ravel().tolist()
        doubles = (
            list(map(self._double, elements)) if self._irrational(elements) else list(map(nearest_double, elements))
        )
        return np.asarray(doubles, dtype=np.float64).reshape(x.shape)

    def _double(self, element: Number) -> float:
        if not isinstance(element, ClosedForm):
            return nearest_double(element)
        try:
            with self.field.digits():
                return nearest_double(element)
        except TooCostly:
            raise
        except Undecided:
            # A double that is not proven is none.
            return nan

    def rational(self, element: Element) -> Fraction | None:
        """The element as a fraction, None where it is irrational, not seen to be rational, or long beyond reading."""
        if not isinstance(element, ClosedForm):
            return Fraction(int(element.p), int(element.q)) if element.height_bits() < LONGEST_FRACTION else None
        try:
            if element not in self._rationals:
                self._rationals[element] = self._found_rational(element)
            return self._rationals[element]
        except TooCostly:
            return None

    def _found_rational(self, element: ClosedForm) -> Fraction | None:
        try:
            with self.field.one_decision():
                known = self._vanished(self.field.simplified(element))
        except TooCostly:
            raise
        except Undecided:
            return None
        return None if isinstance(known, ClosedForm) else Fraction(int(known.p), int(known.q))

    def _vanished(self, element: Number) -> Number:
        try:
            return _ZERO if isinstance(element, ClosedForm) and sign(element) == 0 else element
        except Undecided:
            # It is what its closed form says, whatever that amounts to.
            return element

    def decimal(self, element: Element, digits: int) -> Decimal:
        """Correctly rounded, half away from zero."""
        if not isinstance(element, ClosedForm):
            return rounded(element, digits)
        with self.field.digits():
            known = self._decimals.get((element, digits))
            if known is None:
                try:
                    known = rounded(element, digits)
                except TooCostly:
                    raise
                except Undecided as error:
                    known = error
                self._decimals[element, digits] = known
        if isinstance(known, Undecided):
            raise known
        return known

    def closed_forms(self, x: Array, labels: Labels = (), samples: Sequence[int | None] | None = None) -> Array:
        """Each element as text, None where it would be too long to read."""
        from cnncalc.arithmetic.closed.closed_form_text import Writer

        if self._writer is None or self._writer[0] is not labels:
            self._writer = labels, Writer(labels)
        writer = self._writer[1]
        x = np.asarray(x)
        whose = samples or repeat(None, x.size)
        pairs = zip(x.ravel().tolist(), whose, strict=True)
        return filled(x.shape, [self._text(writer, e, n) for e, n in pairs])

    def _text(self, writer: Writer, element: Number, sample: int | None) -> str | None:
        if not isinstance(element, ClosedForm):
            return str(element) if element.height_bits() < LONGEST_FRACTION else None
        try:
            with self.field.one_decision():
                return writer.text(self._vanished(self.field.simplified(element)), sample)
        except Undecided:
            # More work than a text is worth.
            return None
