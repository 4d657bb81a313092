"""Irrational numbers in closed form: sums of rational multiples of monomials.

A monomial is e^a · t₁^k₁ · t₂^k₂ … with an exponent a (rational, or itself a closed form) and integer powers of a few
atoms: square roots, logarithms, π, and reciprocals of sums of exponentials, which is what a softmax, a sigmoid and a
tanh leave behind (pⱼ = e^dⱼ · r with r = 1 / Σ e^dᵢ). All that follows a softmax stays a sum of few such terms, and
equal terms meet and cancel, so that a true zero becomes an empty sum.

Monomials are numbered by their `Field`; a closed form is a dict from those numbers to `flint.fmpq`. Rational results
are plain `fmpq`, so that the common case costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from flint import fmpq

from cnncalc.arithmetic.base import OutOfRange

if TYPE_CHECKING:
    from cnncalc.arithmetic.closed.field import Field

Terms: TypeAlias = dict[int, Any]
Number: TypeAlias = "ClosedForm | Any"
"""A ClosedForm or an fmpq."""

ONE = 0
"""The number of the monomial 1 in every field."""


class ClosedForm:
    """An element of the exact ring; immutable. Understands + - * / with closed forms, fmpq and int."""

    __slots__ = ("_key", "field", "terms")

    def __init__(self, field: Field, terms: Terms) -> None:
        self.field = field
        self.terms = terms
        self._key: frozenset[tuple[int, int, int]] | None = None

    def key(self) -> frozenset[tuple[int, int, int]]:
        """What two forms of one field share if they are the same sum."""
        if self._key is None:
            self.field.charge(8 * len(self.terms))
            self.field.charge_size(height(self.terms), len(self.terms))
            # Whole numbers hash ten times faster than fmpq.
            self._key = frozenset((m, int(c.p), int(c.q)) for m, c in self.terms.items())
        return self._key

    def __eq__(self, other: object) -> bool:
        """Whether the sums are the same; `Exact.is_equal` decides whether the values are."""
        return isinstance(other, ClosedForm) and self.key() == other.key()

    def __hash__(self) -> int:
        return hash(self.key())

    def __add__(self, other: Number) -> Number:
        if isinstance(other, ClosedForm):
            self.field.charge(len(self.terms) + len(other.terms))
            large, small = (self, other) if len(self.terms) >= len(other.terms) else (other, self)
            terms = dict(large.terms)
            for monomial, coefficient in small.terms.items():
                add_term(terms, monomial, coefficient)
            return self.field.form(terms)
        if not isinstance(other, _RATIONAL):
            return NotImplemented
        if other == 0:
            return self
        terms = dict(self.terms)
        add_term(terms, ONE, fmpq(other))
        return self.field.form(terms)

    __radd__ = __add__

    def __neg__(self) -> ClosedForm:
        return ClosedForm(self.field, {m: -c for m, c in self.terms.items()})

    def __sub__(self, other: Number) -> Number:
        return self + (-other) if isinstance(other, _NUMBER) else NotImplemented

    def __rsub__(self, other: Number) -> Number:
        return -self + other if isinstance(other, _NUMBER) else NotImplemented

    def __mul__(self, other: Number) -> Number:
        if isinstance(other, ClosedForm):
            return self.field.product(self.terms, other.terms)
        if not isinstance(other, _RATIONAL):
            return NotImplemented
        if other == 0:
            return fmpq(0)
        if other == 1:
            return self
        self.field.charge(len(self.terms))
        self.field.charge_size(height(self.terms), len(self.terms))
        return ClosedForm(self.field, {m: c * other for m, c in self.terms.items()})

    __rmul__ = __mul__

    def __truediv__(self, other: Number) -> Number:
        if isinstance(other, ClosedForm):
            return self * self.field.reciprocal(other)
        if not isinstance(other, _RATIONAL):
            return NotImplemented
        if other == 0:
            raise OutOfRange("division by 0")
        return ClosedForm(self.field, {m: c / other for m, c in self.terms.items()})

    def __rtruediv__(self, other: Any) -> Number:
        if not isinstance(other, _RATIONAL):
            return NotImplemented
        return self.field.reciprocal(self) * other

    def __pow__(self, power: int) -> Number:
        base: Number = self if power >= 0 else self.field.reciprocal(self)
        result: Number = fmpq(1)
        rest = abs(power)
        while rest:
            if rest % 2:
                result = result * base
            rest //= 2
            if rest:
                base = base * base
        return result

    def __repr__(self) -> str:
        from cnncalc.arithmetic.closed.closed_form_text import closed_form_text

        return f"ClosedForm({closed_form_text(self, limit=10**6)})"


# Anything else, an array above all, must get its own turn at the operation.
_RATIONAL = (fmpq, int)
_NUMBER = (fmpq, int, ClosedForm)


def height(terms: Terms) -> int:
    """Bits of the longest numerator or denominator among the coefficients."""
    return max(map(fmpq.height_bits, terms.values()), default=0)


def add_term(terms: Terms, monomial: int, coefficient: Any) -> None:
    """Add coefficient × monomial to a sum in place; a term that cancels is gone."""
    present = terms.get(monomial)
    if present is None:
        terms[monomial] = coefficient
        return
    total = present + coefficient
    if total == 0:
        del terms[monomial]
    else:
        terms[monomial] = total
