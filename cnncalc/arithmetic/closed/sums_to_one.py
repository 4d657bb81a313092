"""Σp = 1 in a softmax and in a sigmoid: the normal form without the largest share, one share, the fewest terms.

Their atom r is 1 / (1 + Σ c·e^d), every d < 0, so that its shares of 1 are r, the largest, and each c·e^d·r.
"""

from collections.abc import Mapping
from typing import Any

from flint import fmpq

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
