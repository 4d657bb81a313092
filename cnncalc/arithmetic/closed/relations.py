"""What makes equal numbers equal sums: Σp = 1 in a softmax and in a sigmoid, and whole numbers by their factors.

The atom r of a softmax is 1 / (1 + Σ c·e^d), every d < 0, so that its shares of 1 are r, the largest, and each c·e^d·r:
there is a normal form without the largest share, one as a single share, and one of the fewest terms. √8 is 2·√2, log 6
is log 2 + log 3, and equal sums of logarithms are equal.
"""

from collections.abc import Mapping
from typing import Any

from flint import fmpq, fmpz

from cnncalc.arithmetic.closed.atoms import Atom
from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number, Ring, Terms, add_term

_NONE = fmpq(0)
MOST_TERMS = 8
"""A longer sum is not looked at: its logarithm is no easier to read as one share."""
BY_OTHER_SHARES = 200
"""What it costs to write a monomial by the other shares."""


def shares_of(ring: Ring, index: int) -> Terms:
    """The shares of 1 that belong to a softmax's or a sigmoid's atom; none for another atom."""
    atom = ring.atoms[index]
    if not atom.leading_one:
        return {}
    share = ring.monomial(fmpq(0), ((index, 1),))
    return {n: c * d for m, c in atom.argument.terms.items() for n, d in ring.monomial_product(m, share).items()}


def without_largest_shares(x: ClosedForm) -> Number:
    """The same number with the largest share of each softmax written by the others."""
    ring = x.field
    todo = [m for m in x.terms if m in ring.largest_shares]
    if not todo:
        return x
    terms = dict(x.terms)
    while todo:
        m = todo.pop()
        coefficient = terms.pop(m, None)
        if coefficient is None:
            continue
        ring.charge(BY_OTHER_SHARES)
        for n, c in _by_other_shares(ring, m).items():
            add_term(terms, n, c * coefficient)
            if n in terms and n in ring.largest_shares:
                todo.append(n)
    return ring.form(terms)


def _by_other_shares(ring: Ring, number: int) -> Terms:
    """r·(1 + Σ c·e^d) = 1, so r·m = m − Σ c·e^d·r·m, where m is the rest of the monomial."""
    index = ring.largest_shares[number]
    powers = dict(ring.monomials[number].powers)
    powers[index] -= 1
    terms = dict(ring.normal(fmpq(0), powers))
    for m, c in ring.atoms[index].argument.terms.items():
        if m != ONE:
            for n, d in ring.monomial_product(m, number).items():
                add_term(terms, n, -c * d)
    return terms


def as_one_share(x: ClosedForm, in_normal_form: bool = False) -> ClosedForm:
    """x as a single term where Σp = 1 makes it one, else x itself.

    `in_normal_form` leaves out what `without_largest_shares` writes as a sum.
    """
    field = x.field
    if not 1 < len(x.terms) <= MOST_TERMS:
        return x
    for atom in {index for m in x.terms for index, power in field.monomials[m].powers if power > 0}:
        shares = shares_of(field, atom)
        if len(shares) != len(x.terms):
            continue
        for m, coefficient in x.terms.items():
            for chosen, size in shares.items():
                if _all_but(field, m, chosen, shares, coefficient) != x.terms:
                    continue
                ((product, factor),) = field.monomial_product(m, chosen).items()
                if not (in_normal_form and product in field.largest_shares):
                    return ClosedForm(field, {product: factor * size * coefficient})
    return x


def _all_but(field: Ring, m: int, chosen: int, shares: Terms, coefficient: fmpq) -> Terms:
    """coefficient · m · (1 − Σ of the other shares)."""
    terms: Terms = {m: coefficient}
    for share, size in shares.items():
        if share != chosen:
            for product, factor in field.monomial_product(m, share).items():
                add_term(terms, product, -factor * size * coefficient)
    return terms


class FewestTerms:
    """Chooses for one closed form after the other; what it finds out about a monomial it finds out once."""

    def __init__(self, shares: Mapping[int, Terms]) -> None:
        """`shares` has, by atom, the monomials that sum to 1 in such numbers."""
        self._shares = shares
        self._rests: dict[int, dict[int, int | None]] = {atom: {ONE: ONE} for atom in shares}
        self._members: dict[tuple[int, int], Terms] = {}

    def of(self, x: ClosedForm) -> Terms:
        """The same number in the fewest terms, and of several such sums in the shortest."""
        terms = dict(x.terms)
        for atom, known in self._rests.items():
            for m in x.terms:
                if m not in known:
                    known[m] = self._rest(x.field, atom, m)
            found = {rest for m in x.terms if (rest := known[m]) is not None}
            for rest in sorted(found | {ONE}):
                members = self._sum(x.field, atom, rest)
                if sum(m in terms for m in members) > 1:
                    _shift(terms, members, rest)
        return terms

    def _rest(self, field: Ring, atom: int, m: int) -> int | None:
        """What a monomial is besides one share of the atom, where that has no exponent and no more of the atom."""
        monomial = field.monomials[m]
        powers = dict(monomial.powers)
        if powers.pop(atom, 0) != 1:
            return None
        exponents = (field.monomials[share].exponent for share in self._shares[atom])
        return field.monomial(fmpq(0), tuple(powers.items())) if monomial.exponent in exponents else None

    def _sum(self, field: Ring, atom: int, rest: int) -> Terms:
        """The sum of all shares times a rest, which is the rest; nothing where a product is no single monomial."""
        if (atom, rest) not in self._members:
            products = [(field.monomial_product(share, rest), size) for share, size in self._shares[atom].items()]
            is_single = all(len(product) == 1 for product, _ in products)
            self._members[atom, rest] = (
                {m: factor * size for product, size in products for m, factor in product.items()} if is_single else {}
            )
        return self._members[atom, rest]


def _shift(terms: Terms, members: Terms, rest: int) -> None:
    """Change `terms` by a multiple of the sum `members`, which is `rest`."""
    # Each amount takes away the terms that it is the opposite of; what comes first is best of several.
    amounts = [terms.get(rest, _NONE), *(-terms[m] / size if m in terms else _NONE for m, size in members.items())]
    gone = {(0, 1): 0}
    for amount in amounts:
        # Pairs of whole numbers hash ten times faster than fmpq.
        fraction = amount.p, amount.q
        gone[fraction] = gone.get(fraction, 0) + 1
    most = max(gone.values())
    best = [_shifted(terms, members, rest, fmpq(*fraction)) for fraction, times in gone.items() if times == most]
    for m, coefficient in (min(best, key=_length) if len(best) > 1 else best[0]).items():
        terms.pop(m, None)
        if coefficient:
            terms[m] = coefficient


def _shifted(terms: Terms, members: Terms, rest: int, amount: Any) -> Terms:
    changed = {m: terms.get(m, _NONE) + amount * size for m, size in members.items()}
    changed[rest] = terms.get(rest, _NONE) - amount
    return changed


def _length(terms: Terms) -> int:
    return sum(len(str(coefficient)) for coefficient in terms.values() if coefficient)


FACTORED_BITS = 100
"""Numbers up to this size are factored completely; larger ones only by small primes."""
QUICKLY_FACTORED_BITS, FACTORING = 60, 60_000
"""Numbers up to this size are factored in no time, and what it costs to factor a larger one: six milliseconds."""
SMALL_PRIMES = (2, 3, 5, 7, 11, 13)


def factors(field: Ring, n: Any) -> list[tuple[int, int]]:
    """A positive whole number as factors and powers: primes, and of a huge number one part that may be composite."""
    n = fmpz(n)
    if n == 1:
        return []
    field.charge_size(n.bit_length(), len(SMALL_PRIMES))
    if n.bit_length() <= FACTORED_BITS:
        field.charge(FACTORING if n.bit_length() > QUICKLY_FACTORED_BITS else 0)
        return [(int(f), int(p)) for f, p in n.factor()]
    found: list[tuple[int, int]] = []
    for prime in SMALL_PRIMES:
        n, power = _divided(n, prime)
        if power:
            found.append((prime, power))
    if n.bit_length() <= FACTORED_BITS:
        return found + factors(field, n)
    root = n.isqrt()
    if root * root == n:
        return found + [(f, 2 * p) for f, p in factors(field, root)]
    return [*found, (int(n), 1)]


def with_coprime_logarithms(x: ClosedForm) -> Number:
    """x with logarithms of whole numbers as sums of those of factors that they share: log(10^1000 − 1) by log 41 …"""
    field = x.field
    found = {index for m in x.terms for index, _ in field.monomials[m].powers}
    whole = {index: n for index in found if (n := whole_logarithm(field.atoms[index])) is not None}
    base = coprime_base(list(whole.values()))
    if base == sorted(whole.values()):
        return x
    written = {index: [(f, times) for f in base if (times := _divided(n, f)[1])] for index, n in whole.items()}
    result: Number = fmpq(0)
    for m, coefficient in x.terms.items():
        monomial = field.monomials[m]
        rest = {index: power for index, power in monomial.powers if index not in whole}
        term: Number = field.form({n: c * coefficient for n, c in field.normal(monomial.exponent, rest).items()})
        for index, power in monomial.powers:
            if index not in whole:
                continue
            logarithm: Number = fmpq(0)
            for factor, times in written[index]:
                logarithm = field.of_atom(Atom("log", factor)) * fmpq(times) + logarithm
            term = term * logarithm**power
        result = result + term
    return result


def coprime_base(numbers: list[int]) -> list[int]:
    """Numbers above 1, no two of which have a common factor, of which each given number is a product."""
    base: list[int] = []
    waiting = list(numbers)
    while waiting:
        n = waiting.pop()
        if n == 1:
            continue
        for at, known in enumerate(base):
            common = int(fmpz(n).gcd(fmpz(known)))
            if common > 1:
                del base[at]
                waiting += [n // common, known // common, common]
                break
        else:
            base.append(n)
    return sorted(base)


def _divided(n: Any, factor: int) -> tuple[Any, int]:
    """What is left of a number when it is divided by a factor as often as it goes, and how often."""
    if n % factor:
        return n, 0
    # By the square, so that 10^10000 takes fourteen steps.
    rest, pairs = _divided(n // factor, factor * factor)
    return (rest, 2 * pairs + 1) if rest % factor else (rest // factor, 2 * pairs + 2)


def whole_logarithm(atom: Atom) -> int | None:
    """What an atom is the logarithm of, where that is a whole number."""
    return atom.argument if atom.kind == "log" and isinstance(atom.argument, int) else None
