"""The exact ring's registry: which atoms and monomials there are, how monomials multiply, which relations hold."""

from __future__ import annotations

from typing import Any

from flint import fmpq, fmpz

from cnncalc.arithmetic.allowance import Allowance
from cnncalc.arithmetic.base import OpenLetters, OutOfRange
from cnncalc.arithmetic.closed.atoms import Atom, Monomial
from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number, Terms, add_term, height
from cnncalc.arithmetic.closed.factors import FACTORED_BITS, factors
from cnncalc.arithmetic.closed.one_share import as_one_share

_NO_EXPONENT = fmpq(0)
LARGEST_SUM = 300
"""Terms in a sum before it is kept as one atom of its own, so that deep networks of tanh stay affordable."""

LONGEST_WRITTEN = 2**14
"""Bits of a power n^k, up to which an exponential of k·log n is written as that."""

LARGEST_POWER = 64
"""Terms of a power of a sum, up to which it is multiplied out where an exponential has the sum's logarithm."""


class Field(Allowance):
    """The atoms and monomials of one calculation, and what it may still cost."""

    def __init__(self, largest_sum: int | None = LARGEST_SUM) -> None:
        super().__init__()
        self.atoms: list[Atom] = []
        self.monomials: list[Monomial] = []
        self._atom_number: dict[Atom, int] = {}
        self._monomial_number: dict[Monomial, int] = {}
        self._products: dict[tuple[int, int], Terms] = {}
        self._plain: list[bool] = []
        """Whether a monomial has neither an exponent nor a root, so that its product is a merging of powers."""
        self._plain_number: dict[tuple[tuple[int, int], ...], int] = {}
        self.letters = 0
        """How many atoms are letters."""
        self.open_letters: dict[int, str | None] = {}
        """By atom: a letter in it that has no value, or None; filled by arithmetic.letters."""
        self.largest_sum = largest_sum
        self.enclosures: dict[int, dict[int, Any]] = {}
        """Balls of monomials by precision, filled by arithmetic.enclosure."""
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
            self.letters += atom.kind == "letter"
        return number

    def monomial(self, exponent: Any, powers: tuple[tuple[int, int], ...]) -> int:
        """The number of a monomial, new or known."""
        monomial = Monomial(exponent, powers)
        number = self._monomial_number.get(monomial)
        if number is None:
            number = self._monomial_number[monomial] = len(self.monomials)
            self.monomials.append(monomial)
            plain = exponent == 0 and all(self.atoms[atom].kind != "root" for atom, _ in powers)
            self._plain.append(plain)
            if plain:
                self._plain_number[powers] = number
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
        return ClosedForm(self, {self.monomial(fmpq(0), ((self.atom(atom), power),)): fmpq(1)})

    # Products

    def product(self, a: Terms, b: Terms) -> Number:
        """The product of two sums."""
        self.charge(15 * len(a) * len(b))
        self.charge_size(height(a) + height(b), len(a) * len(b))
        terms: Terms = {}
        plain = self._plain
        for m, c in a.items():
            for n, d in b.items():
                if plain[m] and plain[n]:
                    add_term(terms, self._plain_product(m, n), c * d)
                    continue
                for monomial, factor in self.monomial_product(m, n).items():
                    add_term(terms, monomial, c * d * factor)
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
            self.charge(120)
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

    # Functions

    def exp(self, x: Number) -> Number:
        """e^x."""
        if not isinstance(x, ClosedForm):
            return fmpq(1) if x == 0 else ClosedForm(self, {self.monomial(x, ()): fmpq(1)})
        x = self.simplified(x)
        if not isinstance(x, ClosedForm):
            return self.exp(x)
        result: Number = fmpq(1)
        rest = dict(x.terms)
        for monomial, coefficient in x.terms.items():
            argument = self._logarithm_of(monomial)
            if isinstance(argument, ClosedForm) and not _is_small_power(argument, coefficient):
                continue
            if argument is not None and (2 * coefficient).q == 1 and _is_short_power(argument, coefficient):
                # e^(k·log n) is n^k, for a sum n as well; halves become roots.
                del rest[monomial]
                base: Number = argument if coefficient.q == 1 else self.sqrt(argument)
                power = int((coefficient if coefficient.q == 1 else 2 * coefficient).p)
                result = result * base**power
        remaining = self.form(rest)
        if isinstance(remaining, ClosedForm):
            return result * ClosedForm(self, {self.monomial(remaining, ()): fmpq(1)})
        return result * self.exp(remaining)

    def _logarithm_of(self, monomial: int) -> Any:
        m = self.monomials[monomial]
        if m.exponent == 0 and len(m.powers) == 1 and m.powers[0][1] == 1:
            atom = self.atoms[m.powers[0][0]]
            if atom.kind == "log":
                return _as_number(atom.argument)
        return None

    def log(self, x: Number) -> Number:
        """The natural logarithm of a positive number; that of a rational is split into those of its prime factors."""
        if not isinstance(x, ClosedForm):
            if x <= 0:
                raise OutOfRange(f"log({x}) does not exist")
            result: Number = fmpq(0)
            for factor, power in factors(x.p) + [(f, -p) for f, p in factors(x.q)]:
                result = result + self.of_atom(Atom("log", factor)) * fmpq(power)
            return result
        x = as_one_share(x)
        return self._log_of_sum(x) if len(x.terms) > 1 else self._log_of_term(x)

    def _log_of_sum(self, x: ClosedForm) -> Number:
        """Of a sum as its reciprocal has it, over its leading term: log(e − e²) and log(1/e − 1) share an atom."""
        if self.letters:
            from cnncalc.arithmetic.closed.letters import has_letters

            if has_letters(x):
                return self.of_atom(Atom("log", x))
        common = self._common_factor(x)
        if common != ONE:
            factor = ClosedForm(self, {common: fmpq(1)})
            rest = x * self.reciprocal(factor)
            # Either both are positive, or neither is.
            if self._is_negative(factor):
                factor, rest = -factor, -rest
            return self.log(rest) + self._log_of_term(factor)
        if not any(self.monomials[m].powers for m in x.terms):
            return -self.log(self._reciprocal_of_sum(x))
        first = min(self.monomials[m].powers for m in x.terms)
        leading = self._largest_exponential([m for m in x.terms if self.monomials[m].powers == first])
        scale = ClosedForm(self, {leading: abs(x.terms[leading])})
        if self._is_negative(x):
            raise OutOfRange("the logarithm of a negative number does not exist")
        return self.of_atom(Atom("log", x * self.reciprocal(scale))) + self._log_of_term(scale)

    def _common_factor(self, x: ClosedForm) -> int:
        """The product of atoms that all terms have as a factor; of 1/log 2 + 1 it is 1/log 2."""
        every = [dict(self.monomials[m].powers) for m in x.terms]
        least = {index: min(powers.get(index, 0) for powers in every) for powers in every for index in powers}
        # Roots of whole numbers have no negative powers.
        shared = {i: power for i, power in least.items() if power and self.atoms[i].kind != "root"}
        return self.monomial(_NO_EXPONENT, tuple(sorted(shared.items())))

    def _log_of_term(self, x: ClosedForm) -> Number:
        ((number, coefficient),) = x.terms.items()
        monomial = self.monomials[number]
        result: Number = fmpq(0) + monomial.exponent
        kept: list[tuple[int, int]] = []
        for index, power in monomial.powers:
            atom = self.atoms[index]
            if atom.kind == "root":
                result = result + self.log(_as_number(atom.argument)) * fmpq(power, 2)
            elif atom.kind == "letter" and atom.argument.is_positive:
                result = result + self.of_atom(Atom("log", self.of_atom(atom))) * fmpq(power)
            elif atom.kind == "letter":
                kept.append((index, power))
            else:
                is_below = atom.kind == "reciprocal"
                argument = atom.argument if is_below else self.of_atom(atom)
                if not atom.leading_one and self._is_negative(argument):
                    argument = -argument
                    coefficient = coefficient * (-1) ** (power % 2)
                is_whole = not is_below or atom.leading_one
                logarithm = self.of_atom(Atom("log", argument)) if is_whole else self.log(argument)
                result = result + logarithm * fmpq(-power if is_below else power)
        if coefficient < 0:
            raise OutOfRange("the logarithm of a negative number does not exist")
        if kept:
            # Letters that may be negative have a logarithm together, if they have one.
            inside = ClosedForm(self, {self.monomial(_NO_EXPONENT, tuple(kept)): fmpq(1)})
            result = result + self.of_atom(Atom("log", inside))
        return result + self.log(coefficient)

    def _is_negative(self, x: Number) -> bool:
        """Whether a number is below 0, as its letters say too; without letters that are open."""
        from cnncalc.arithmetic.enclosure import sign

        try:
            return sign(x) < 0
        except OpenLetters:
            return False

    def sqrt(self, x: Number) -> Number:
        """The square root of a number that is not negative."""
        if isinstance(x, ClosedForm):
            return self.of_atom(Atom("root", x))
        if x < 0:
            raise OutOfRange(f"sqrt({x}) does not exist")
        # √(a/b) = √(ab)/b, and √n is its square part times the roots of the primes that are left over.
        result: Number = fmpq(1) / fmpq(x.q)
        if x == 0:
            return fmpq(0)
        for factor, power in factors(x.p * x.q):
            result = result * fmpq(factor) ** (power // 2)
            if power % 2:
                result = result * self._root(factor)
        return result

    def _root(self, n: int) -> Number:
        """√n. A huge n may hide a square: if it is a square times a known radicand, it is a multiple of that root."""
        if n.bit_length() > FACTORED_BITS:
            for atom in self.atoms:
                if (
                    atom.kind == "root"
                    and not isinstance(atom.argument, ClosedForm)
                    and fmpz(n * atom.argument).is_square()
                ):
                    return self.of_atom(atom) * fmpq(fmpz(n * atom.argument).isqrt(), atom.argument)
        return self.of_atom(Atom("root", n))

    def reciprocal(self, x: Number) -> Number:
        """1/x."""
        if isinstance(x, ClosedForm) and len(x.terms) > 1:
            x = self.simplified(x)
        if isinstance(x, ClosedForm):
            x = as_one_share(x)
        if not isinstance(x, ClosedForm):
            if x == 0:
                raise OutOfRange("division by 0")
            return fmpq(1) / x
        if len(x.terms) == 1:
            number, coefficient = next(iter(x.terms.items()))
            monomial = self.monomials[number]
            terms = self.normal(-monomial.exponent, {atom: -power for atom, power in monomial.powers})
            return self.form({m: c / coefficient for m, c in terms.items()})
        return self._reciprocal_of_sum(x)

    def _reciprocal_of_sum(self, x: ClosedForm) -> Number:
        if any(self.monomials[m].powers for m in x.terms):
            # Of a sum with letters the first product of them has no factor: 1/(v + 1/10).
            leading = min((m for m in x.terms if m != ONE), default=ONE) if self.letters else min(x.terms)
            scale = fmpq(1) / x.terms[leading]
            return self.of_atom(Atom("reciprocal", x * scale)) * scale
        from cnncalc.arithmetic.closed.letters import has_letters

        if self.letters and has_letters(x):
            # With letters nothing overflows, and the sum is best left as it is.
            return self.of_atom(Atom("reciprocal", x))
        # Divide by the largest exponential, so that shifted logits share one atom and nothing overflows.
        leading = self._largest_exponential(([ONE] if ONE in x.terms else []) + list(x.terms))
        largest = ClosedForm(self, {leading: x.terms[leading]})
        inverse = self.reciprocal(largest)
        return self.of_atom(Atom("reciprocal", x * inverse, leading_one=True)) * inverse

    def _largest_exponential(self, monomials: list[int]) -> int:
        """The monomial of the largest exponent, the first of several."""
        from cnncalc.arithmetic.enclosure import sign

        leading = monomials[0]
        for m in monomials[1:]:
            difference = self.monomials[m].exponent - self.monomials[leading].exponent
            if sign(self.simplified(difference)) > 0:
                leading = m
        return leading

    # Relations

    def simplified(self, x: Number) -> Number:
        """The same number with Σp = 1 applied: the largest share of each softmax is written by the others."""
        if not isinstance(x, ClosedForm) or len(x.terms) == 1:
            return x
        self.charge(3 * len(x.terms))
        todo = [m for m in x.terms if self._share(m) is not None]
        if todo:
            terms = dict(x.terms)
            while todo:
                m = todo.pop()
                coefficient = terms.pop(m, None)
                if coefficient is None:
                    continue
                for n, c in self._without_largest_share(m).items():
                    add_term(terms, n, c * coefficient)
                    if n in terms and self._share(n) is not None:
                        todo.append(n)
            x = self.form(terms)
        if isinstance(x, ClosedForm) and self.largest_sum is not None and len(x.terms) > self.largest_sum:
            return self.of_atom(Atom("definition", x))
        return as_one_share(x, in_normal_form=True) if isinstance(x, ClosedForm) else x

    def shares_of(self, index: int) -> Terms:
        """The shares of 1 that belong to a softmax's or a sigmoid's atom; none for another atom."""
        atom = self.atoms[index]
        if not atom.leading_one:
            return {}
        share = self.monomial(fmpq(0), ((index, 1),))
        return {n: c * d for m, c in atom.argument.terms.items() for n, d in self.monomial_product(m, share).items()}

    def is_expanded(self, number: int) -> bool:
        """Whether `simplified` writes a monomial by the other shares."""
        return self._share(number) is not None

    def _share(self, number: int) -> int | None:
        """The atom r where the monomial is r^k times others with exponent 0, k ≥ 1: the largest share of a softmax."""
        monomial = self.monomials[number]
        if monomial.exponent != 0:
            return None
        for index, power in monomial.powers:
            if power > 0 and self.atoms[index].leading_one:
                return index
        return None

    def _without_largest_share(self, number: int) -> Terms:
        """r·(1 + Σ c·e^d) = 1, so r·m = m − Σ c·e^d·r·m, where m is the rest of the monomial."""
        index = self._share(number)
        assert index is not None
        powers = dict(self.monomials[number].powers)
        powers[index] -= 1
        rest = self.normal(fmpq(0), powers)
        terms = dict(rest)
        for m, c in self.atoms[index].argument.terms.items():
            if m != ONE:
                for n, d in self.monomial_product(m, number).items():
                    add_term(terms, n, -c * d)
        return terms


def _sum_of_exponents(a: Any, b: Any) -> Any:
    total = a + b
    return total.field.simplified(total) if isinstance(total, ClosedForm) else total


def _is_small_power(sum_: ClosedForm, power: Any) -> bool:
    """Whether a sum itself, its reciprocal, or a power of few terms is meant; halves of it stay exponents."""
    return bool(power.q == 1 and (abs(power) == 1 or len(sum_.terms) ** min(abs(int(power.p)), 7) <= LARGEST_POWER))


def _is_short_power(base: Number, power: Any) -> bool:
    """Whether n^k is a number to be written out; e^(10^9·log 2) stays what it is."""
    return isinstance(base, ClosedForm) or bool(abs(power) * fmpq(base).height_bits() < LONGEST_WRITTEN)


def _as_number(argument: Any) -> Number:
    return argument if isinstance(argument, ClosedForm) else fmpq(argument)
