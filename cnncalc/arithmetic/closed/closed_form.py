"""Irrational numbers in closed form: sums of rational multiples of monomials.

A monomial is e^a · t₁^k₁ · t₂^k₂ … with an exponent a (rational, or itself a closed form) and integer powers of a few
atoms: square roots, logarithms, π, and reciprocals of sums of exponentials, which is what a softmax, a sigmoid and a
tanh leave behind (pⱼ = e^dⱼ · r with r = 1 / Σ e^dᵢ). All that follows a softmax stays a sum of few such terms, and
equal terms meet and cancel, so that a true zero becomes an empty sum.

Monomials are numbered by their `Ring`; a closed form is a dict from those numbers to `flint.fmpq`. Rational results
are plain `fmpq`, so that the common case costs nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, TypeAlias

from flint import fmpq

from cnncalc.arithmetic.allowance import Allowance
from cnncalc.arithmetic.base import OutOfRange
from cnncalc.arithmetic.closed.atoms import Atom, Monomial

Terms: TypeAlias = dict[int, Any]
Number: TypeAlias = "ClosedForm | Any"
"""A ClosedForm or an fmpq."""

NEW_MONOMIAL = 200
"""What a monomial costs that has not been there yet, besides 10 for each factor."""
OPERATION = 12
"""What any operation costs, however short its sums are."""
ONE = 0
"""The number of the monomial 1 in every ring."""
_NO_EXPONENT = fmpq(0)


class ClosedForm:
    """An element of the exact ring; immutable. Understands + - * / with closed forms, fmpq and int."""

    __slots__ = ("_hash", "field", "terms")

    def __init__(self, field: Ring, terms: Terms) -> None:
        self.field = field
        self.terms = terms
        self._hash: int | None = None

    def __eq__(self, other: object) -> bool:
        """Whether the sums are the same; `Exact.is_equal` decides whether the values are."""
        return isinstance(other, ClosedForm) and hash(self) == hash(other) and self.terms == other.terms

    def __hash__(self) -> int:
        if self._hash is None:
            self.field.charge(8 * len(self.terms))
            self.field.charge_size(height(self.terms), len(self.terms))
            # Two coefficients tell sums of the same monomials apart.
            some = [hashed(self.terms[m]) for m in (min(self.terms), max(self.terms))] if self.terms else []
            self._hash = hash((frozenset(self.terms), *some))
        return self._hash

    def __add__(self, other: Number) -> Number:
        if isinstance(other, ClosedForm):
            self.field.charge(OPERATION + len(self.terms) + len(other.terms))
            large, small = (self, other) if len(self.terms) >= len(other.terms) else (other, self)
            terms = dict(large.terms)
            add_terms(terms, small.terms)
            return self.field.form(terms)
        if not isinstance(other, _RATIONAL):
            return NotImplemented
        if not other:
            return self
        self.field.charge(OPERATION)
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
        if not other:
            return fmpq(0)
        if other == 1:
            return self
        self.field.charge(OPERATION + 2 * len(self.terms))
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
        powers = [(c, *vars(self.field.monomials[m]).values()) for m, c in self.terms.items()]
        return f"ClosedForm({powers})"


# Anything else, an array above all, must get its own turn at the operation.
_RATIONAL = (fmpq, int)
_NUMBER = (fmpq, int, ClosedForm)


def height(terms: Terms) -> int:
    """Bits of the longest numerator or denominator among the coefficients."""
    return max(map(fmpq.height_bits, terms.values()), default=0)


def hashed(element: Any) -> Any:
    """What stands for an element where it is looked up: for its hash a rational makes a Fraction each time."""
    return (element.p, element.q) if isinstance(element, fmpq) else element


def as_number(argument: Any) -> Number:
    """What an atom is a function of, as a number; a whole number may be kept as an int."""
    return argument if isinstance(argument, ClosedForm) else fmpq(argument)


def add_term(terms: Terms, monomial: int, coefficient: Any) -> None:
    """Add coefficient × monomial to a sum in place; a term that cancels is gone."""
    add_terms(terms, {monomial: coefficient})


def add_terms(terms: Terms, added: Terms, factor: Any = None) -> None:
    """Add a sum, `factor` times if one is given, to another one in place; terms that cancel are gone."""
    present = terms.get
    for monomial, coefficient in added.items():
        product = coefficient if factor is None else coefficient * factor
        total = product if (before := present(monomial)) is None else before + product
        if total:
            terms[monomial] = total
        else:
            terms.pop(monomial, None)


class Ring(Allowance, ABC):
    """The atoms and monomials of one calculation, how they multiply, and what it may still cost."""

    def __init__(self) -> None:
        super().__init__()
        self.atoms: list[Atom] = []
        self.monomials: list[Monomial] = []
        self._atom_number: dict[Atom, int] = {}
        self._monomial_number: dict[tuple[Any, tuple[tuple[int, int], ...]], int] = {}
        self._products: dict[tuple[int, int], Terms] = {}
        self._plain: list[bool] = []
        """Whether a monomial has neither an exponent nor a root, so that its product is a merging of powers."""
        self._plain_number: dict[tuple[tuple[int, int], ...], int] = {}
        self.largest_shares: dict[int, int] = {}
        """By monomial without exponent: the atom of the softmax whose largest share it is, or a power of that."""
        self.letters = 0
        """How many atoms are letters, or functions that are left general."""
        self.enclosures: dict[int, dict[int, Any]] = {}
        """Balls by precision, filled by arithmetic.enclosure: of a monomial by its number m, of an atom a by ~a."""
        self.monomial(fmpq(0), ())

    @property
    def is_used(self) -> bool:
        """Whether there is any number in it that is not rational."""
        return len(self.monomials) > 1

    # Numbers of atoms and monomials

    def atom(self, atom: Atom) -> int:
        """The number of an atom, new or known."""
        number = self._atom_number.get(atom)
        if number is None:
            number = self._atom_number[atom] = len(self.atoms)
            self.atoms.append(atom)
            self.letters += atom.kind in ("letter", "general")
        return number

    def monomial(self, exponent: Any, powers: tuple[tuple[int, int], ...]) -> int:
        """The number of a monomial, new or known."""
        # A tuple of the two is sooner looked up than what it stands for.
        key = hashed(exponent), powers
        number = self._monomial_number.get(key)
        if number is None:
            self.charge(NEW_MONOMIAL + 10 * len(powers))
            number = self._monomial_number[key] = len(self.monomials)
            self.monomials.append(Monomial(exponent, powers))
            plain = exponent == 0 and all(self.atoms[atom].kind != "root" for atom, _ in powers)
            self._plain.append(plain)
            if plain:
                self._plain_number[powers] = number
            index = next((atom for atom, power in powers if power > 0 and self.atoms[atom].leading_one), None)
            if index is not None and exponent == 0:
                self.largest_shares[number] = index
        return number

    def form(self, terms: Terms) -> Number:
        """A sum as a number: an fmpq where only the constant term is left."""
        if not terms:
            return fmpq(0)
        if len(terms) == 1 and ONE in terms:
            return terms[ONE]
        return ClosedForm(self, terms)

    def of_atom(self, atom: Atom, power: int = 1) -> ClosedForm:
        """An atom to a power, as a number."""
        self.charge(OPERATION)
        return ClosedForm(self, {self.monomial(fmpq(0), ((self.atom(atom), power),)): fmpq(1)})

    def lone_atom(self, number: int) -> Atom | None:
        """The atom that a monomial is, to the power 1; None where it is anything else."""
        monomial = self.monomials[number]
        is_lone = len(monomial.powers) == 1 and monomial.powers[0][1] == 1 and monomial.exponent == 0
        return self.atoms[monomial.powers[0][0]] if is_lone else None

    # Products

    def product(self, a: Terms, b: Terms) -> Number:
        """The product of two sums."""
        self.charge(2 * OPERATION + 15 * len(a) * len(b))
        self.charge_size(height(a) + height(b), len(a) * len(b))
        terms: Terms = {}
        plain = self._plain
        for m, c in a.items():
            for n, d in b.items():
                if plain[m] and plain[n]:
                    add_term(terms, self._plain_product(m, n), c * d)
                    continue
                add_terms(terms, self.monomial_product(m, n), c * d)
        return self.form(terms)

    def monomial_product(self, m: int, n: int) -> Terms:
        """The product of two monomials as a sum: one term, unless a root of a sum meets itself."""
        if m == ONE:
            return {n: fmpq(1)}
        if n == ONE:
            return {m: fmpq(1)}
        pair = (m, n) if m < n else (n, m)
        known = self._products.get(pair)
        if known is None:
            left, right = self.monomials[m], self.monomials[n]
            powers = dict(left.powers)
            for atom, power in right.powers:
                powers[atom] = powers.get(atom, 0) + power
            self.charge(120 + 3 * len(powers))
            known = self._products[pair] = self.normal(_sum_of_exponents(left.exponent, right.exponent), powers)
        return known

    def _plain_product(self, m: int, n: int) -> int:
        """The product of two monomials without exponents and roots, which is one monomial."""
        if m == ONE:
            return n
        if n == ONE:
            return m
        powers = dict(self.monomials[m].powers)
        for atom, power in self.monomials[n].powers:
            total = powers.get(atom, 0) + power
            if total:
                powers[atom] = total
            else:
                del powers[atom]
        merged = tuple(sorted(powers.items()))
        number = self._plain_number.get(merged)
        return self.monomial(_NO_EXPONENT, merged) if number is None else number

    def normal(self, exponent: Any, powers: dict[int, int]) -> Terms:
        """e^exponent · Π atom^power with √n·√n = n applied."""
        coefficient = fmpq(1)
        squares: list[ClosedForm] = []
        for number, power in list(powers.items()):
            atom = self.atoms[number]
            if atom.kind != "root":
                continue
            if isinstance(atom.argument, ClosedForm):
                # A root of a sum has no simpler reciprocal, so negative powers of it stay.
                if power >= 2:
                    powers[number] = power % 2
                    squares += [atom.argument] * (power // 2)
            else:
                powers[number] = power % 2
                coefficient *= fmpq(atom.argument) ** (power // 2)
        kept = tuple(sorted((a, p) for a, p in powers.items() if p))
        result: Number = ClosedForm(self, {self.monomial(exponent, kept): coefficient})
        for square in squares:
            result = result * square
        return result.terms if isinstance(result, ClosedForm) else {ONE: result}

    # What the numbers themselves ask of their ring; its other functions are those of a `Field`

    @abstractmethod
    def log(self, x: Number) -> Number:
        """The natural logarithm; OutOfRange where x is seen not to be positive."""

    @abstractmethod
    def reciprocal(self, x: Number) -> Number:
        """1/x; OutOfRange for 0."""

    @abstractmethod
    def simplified(self, x: Number) -> Number:
        """The same number in its normal form."""

    @abstractmethod
    def sign(self, x: ClosedForm) -> int:
        """-1, 0 or 1; raises Undecided."""

    def has_letters(self, x: Number) -> bool:
        """Whether a number has any."""
        return False

    def require_values(self, x: Number) -> None:
        """Raise OpenLetters where a letter in x has no value: no ball holds it."""

    def valued(self, x: Number) -> Number:
        """The number that is left when each letter stands for its value; raises OpenLetters where one has none."""
        return x


def _sum_of_exponents(a: Any, b: Any) -> Any:
    total = a + b
    return total.field.simplified(total) if isinstance(total, ClosedForm) else total
