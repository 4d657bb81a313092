"""Σp = 1 in a softmax and in a sigmoid: the normal form without the largest share, and sums that are one share.

Their atom r is 1 / (1 + Σ c·e^d), every d < 0, so that its shares of 1 are r, the largest, and each c·e^d·r.
"""

from __future__ import annotations

from flint import fmpq

from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number, Ring, Terms, add_term

MOST_TERMS = 8
"""A longer sum is not looked at: its logarithm is no easier to read as one share."""


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
