"""The exact ring's functions in their normal form, logarithms and roots among them; and the relation Σp = 1."""

from typing import Any

from flint import fmpq, fmpz

from cnncalc.arithmetic.base import OpenLetters, OutOfRange
from cnncalc.arithmetic.closed.atoms import Atom, AtomKind
from cnncalc.arithmetic.closed.closed_form import ONE, OPERATION, ClosedForm, Number, Ring, as_number
from cnncalc.arithmetic.closed.relations import FACTORED_BITS, as_one_share, factors, without_largest_shares
from cnncalc.arithmetic.enclosure import sign, sign_of_number

LARGEST_SUM = 300
"""Terms in a sum before it is kept as one atom of its own, so that deep networks of tanh stay affordable."""

LONGEST_WRITTEN = 2**14
"""Bits of a power n^k, up to which an exponential of k·log n is written as that."""

LARGEST_POWER = 64
"""Terms of a power of a sum, up to which it is multiplied out where an exponential has the sum's logarithm."""


class Field(Ring):
    """The ring of one calculation with numbers."""

    def __init__(self, largest_sum: int | None = LARGEST_SUM) -> None:
        super().__init__()
        self.largest_sum = largest_sum

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
            atom = self.lone_atom(monomial)
            argument = as_number(atom.argument) if atom is not None and atom.kind == "log" else None
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

    def log(self, x: Number) -> Number:
        """The natural logarithm of a positive number; that of a rational is split into those of its prime factors."""
        if isinstance(x, ClosedForm):
            x = as_one_share(x)
            return self._log_of_sum(x) if len(x.terms) > 1 else self._log_of_term(x)
        if x <= 0:
            raise OutOfRange(f"log({x}) does not exist")
        result: Number = fmpq(0)
        for factor, power in factors(self, x.p) + [(f, -p) for f, p in factors(self, x.q)]:
            result = result + self.of_atom(Atom("log", factor)) * fmpq(power)
        return result

    def _log_of_sum(self, x: ClosedForm) -> Number:
        """As its reciprocal has it, over its leading term: log(e − e²) and log(1/e − 1) share an atom."""
        if self.has_letters(x):
            return self.of_atom(Atom("log", x))
        common = self._common_factor(x)
        if common != ONE:
            factor = ClosedForm(self, {common: fmpq(1)})
            rest = x * self.reciprocal(factor)
            # Either both are positive, or neither is.
            if _is_negative(factor):
                factor, rest = -factor, -rest
            return self.log(rest) + self._log_of_term(factor)
        if not any(self.monomials[m].powers for m in x.terms):
            return -self.log(self.reciprocal_of_sum(x))
        first = min(self.monomials[m].powers for m in x.terms)
        leading = self._largest_exponential([m for m in x.terms if self.monomials[m].powers == first])
        scale = ClosedForm(self, {leading: abs(x.terms[leading])})
        if _is_negative(x):
            raise OutOfRange("the logarithm of a negative number does not exist")
        return self.of_atom(Atom("log", x * self.reciprocal(scale))) + self._log_of_term(scale)

    def _largest_exponential(self, monomials: list[int]) -> int:
        """The monomial of the largest exponent, the first of several."""
        leading = monomials[0]
        for m in monomials[1:]:
            difference = self.monomials[m].exponent - self.monomials[leading].exponent
            if sign(self.simplified(difference)) > 0:
                leading = m
        return leading

    def _common_factor(self, x: ClosedForm) -> int:
        """The product of atoms that all terms have as a factor; of 1/log 2 + 1 it is 1/log 2."""
        every = [dict(self.monomials[m].powers) for m in x.terms]
        least = {index: min(powers.get(index, 0) for powers in every) for powers in every for index in powers}
        # Roots of whole numbers have no negative powers.
        shared = {i: power for i, power in least.items() if power and self.atoms[i].kind != "root"}
        return self.monomial(fmpq(0), tuple(sorted(shared.items())))

    def _log_of_term(self, x: ClosedForm) -> Number:
        """The logarithm of a product by its parts."""
        ((number, coefficient),) = x.terms.items()
        monomial = self.monomials[number]
        result: Number = fmpq(0) + monomial.exponent
        kept: list[tuple[int, int]] = []
        for index, power in monomial.powers:
            atom = self.atoms[index]
            if atom.kind == "root":
                result = result + self.log(as_number(atom.argument)) * fmpq(power, 2)
            elif atom.kind == "letter" and atom.argument.is_positive:
                result = result + self.of_atom(Atom("log", self.of_atom(atom))) * fmpq(power)
            elif atom.kind == "letter":
                kept.append((index, power))
            else:
                is_below = atom.kind == "reciprocal"
                argument = atom.argument if is_below else self.of_atom(atom)
                # A sum of exponentials over its largest: 1 + e^-2 is positive, 1 - 3/e is not.
                is_positive = atom.leading_one and all(share > 0 for share in argument.terms.values())
                if not is_positive and _is_negative(argument):
                    argument = -argument
                    coefficient = coefficient * (-1) ** (power % 2)
                is_whole = not is_below or atom.leading_one
                part = self.of_atom(Atom("log", argument)) if is_whole else self.log(argument)
                result = result + part * fmpq(-power if is_below else power)
        if coefficient < 0:
            raise OutOfRange("the logarithm of a negative number does not exist")
        if kept:
            # Letters that may be negative have a logarithm together, if they have one.
            inside = ClosedForm(self, {self.monomial(fmpq(0), tuple(kept)): fmpq(1)})
            result = result + self.of_atom(Atom("log", inside))
        return result + self.log(coefficient)

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
        for factor, power in factors(self, x.p * x.q):
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

    def erf(self, x: Number) -> Number:
        """The error function."""
        return self._odd("erf", x)

    def sin(self, x: Number) -> Number:
        """The sine."""
        return self._odd("sin", x)

    def cos(self, x: Number) -> Number:
        """The cosine, which is even."""
        size, _ = self._size(x)
        return fmpq(1) if size == 0 else self.of_atom(Atom("cos", size))

    def general(self, symbol: str, x: Number) -> Number:
        """A function of which nothing is known."""
        return self.of_atom(Atom("general", self.simplified(x), symbol=symbol))

    def _odd(self, kind: AtomKind, x: Number) -> Number:
        """An odd function: of x and −x one is written by the other."""
        size, is_negative = self._size(x)
        made = fmpq(0) if size == 0 else self.of_atom(Atom(kind, size))
        return -made if is_negative else made

    def _size(self, x: Number) -> tuple[Number, bool]:
        """x or −x, whichever is chosen to stand in functions, and whether it is −x."""
        x = self.simplified(x)
        is_negative = bool(x.terms[min(x.terms)] < 0 if isinstance(x, ClosedForm) else x < 0)
        return (-x if is_negative else x), is_negative

    def reciprocal(self, x: Number) -> Number:
        """1/x; OutOfRange for 0."""
        if isinstance(x, ClosedForm) and len(x.terms) > 1:
            x = self.simplified(x)
        if isinstance(x, ClosedForm):
            x = as_one_share(x)
        if not isinstance(x, ClosedForm):
            if x == 0:
                raise OutOfRange("division by 0")
            return fmpq(1) / x
        if len(x.terms) > 1:
            return self.reciprocal_of_sum(x)
        ((number, coefficient),) = x.terms.items()
        monomial = self.monomials[number]
        terms = self.normal(-monomial.exponent, {atom: -power for atom, power in monomial.powers})
        return self.form({m: c / coefficient for m, c in terms.items()})

    def reciprocal_of_sum(self, x: ClosedForm) -> Number:
        """1/x for several terms."""
        if any(self.monomials[m].powers for m in x.terms):
            # Of a sum with letters the first product of them has no factor: 1/(v + 1/10).
            leading = min((m for m in x.terms if m != ONE), default=ONE) if self.letters else min(x.terms)
            scale = fmpq(1) / x.terms[leading]
            return self.of_atom(Atom("reciprocal", x * scale)) * scale
        if self.has_letters(x):
            # With letters nothing overflows, and the sum is best left as it is.
            return self.of_atom(Atom("reciprocal", x))
        # Divide by the largest exponential, so that shifted logits share one atom and nothing overflows.
        leading = self._largest_exponential(([ONE] if ONE in x.terms else []) + list(x.terms))
        largest = ClosedForm(self, {leading: x.terms[leading]})
        inverse = self.reciprocal(largest)
        return self.of_atom(Atom("reciprocal", x * inverse, leading_one=True)) * inverse

    def sign(self, x: ClosedForm) -> int:
        """-1, 0 or 1; raises Undecided where neither a ball nor algebra can tell."""
        return sign_of_number(x)

    def simplified(self, x: Number) -> Number:
        """The same number with Σp = 1 applied: the largest share of each softmax is written by the others."""
        if not isinstance(x, ClosedForm) or len(x.terms) == 1:
            return x
        self.charge(OPERATION + 5 * len(x.terms))
        x = without_largest_shares(x)
        if isinstance(x, ClosedForm) and self.largest_sum is not None and len(x.terms) > self.largest_sum:
            return self.of_atom(Atom("definition", x))
        return as_one_share(x, in_normal_form=True) if isinstance(x, ClosedForm) else x


def _is_small_power(sum_: ClosedForm, power: Any) -> bool:
    """Whether a sum itself, its reciprocal, or a power of few terms is meant; halves of it stay exponents."""
    return bool(power.q == 1 and (abs(power) == 1 or len(sum_.terms) ** min(abs(int(power.p)), 7) <= LARGEST_POWER))


def _is_short_power(base: Number, power: Any) -> bool:
    """Whether n^k is a number to be written out; e^(10^9·log 2) stays what it is."""
    return isinstance(base, ClosedForm) or bool(abs(power) * fmpq(base).height_bits() < LONGEST_WRITTEN)


def _is_negative(x: Number) -> bool:
    """Whether a number is below 0, as its letters say too; without letters that are open."""
    try:
        return sign(x) < 0
    except OpenLetters:
        return False
