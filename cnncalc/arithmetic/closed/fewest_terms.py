"""Σp = 1 may be added to a sum any number of times: the number that leaves the fewest terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flint import fmpq

from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Ring, Terms

_NONE = fmpq(0)


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
        if coefficient != 0:
            terms[m] = coefficient


def _shifted(terms: Terms, members: Terms, rest: int, amount: Any) -> Terms:
    changed = {m: terms.get(m, _NONE) + amount * size for m, size in members.items()}
    changed[rest] = terms.get(rest, _NONE) - amount
    return changed


def _length(terms: Terms) -> int:
    return sum(len(str(coefficient)) for coefficient in terms.values() if coefficient != 0)
