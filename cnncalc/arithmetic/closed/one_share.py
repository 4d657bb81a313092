"""Sums that are one share of a softmax or a sigmoid in disguise: 1 − p is the other share of two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flint import fmpq

from cnncalc.arithmetic.closed.closed_form import ClosedForm, Terms, add_term

if TYPE_CHECKING:
    from cnncalc.arithmetic.closed.field import Field

MOST_TERMS = 8
"""A longer sum is not looked at: its logarithm is no easier to read as one share."""


def as_one_share(x: ClosedForm, in_normal_form: bool = False) -> ClosedForm:
    """x as a single term where Σp = 1 makes it one, else x itself.

    `in_normal_form` leaves out what `Field.simplified` would write as a sum again.
    """
    field = x.field
    if not 1 < len(x.terms) <= MOST_TERMS:
        return x
    for atom in {index for m in x.terms for index, power in field.monomials[m].powers if power > 0}:
        shares = field.shares_of(atom)
        if len(shares) != len(x.terms):
            continue
        for m, coefficient in x.terms.items():
            for chosen, size in shares.items():
                if _all_but(field, m, chosen, shares, coefficient) != x.terms:
                    continue
                ((product, factor),) = field.monomial_product(m, chosen).items()
                if not (in_normal_form and field.is_expanded(product)):
                    return ClosedForm(field, {product: factor * size * coefficient})
    return x


def _all_but(field: Field, m: int, chosen: int, shares: Terms, coefficient: fmpq) -> Terms:
    """coefficient · m · (1 − Σ of the other shares)."""
    terms: Terms = {m: coefficient}
    for share, size in shares.items():
        if share != chosen:
            for product, factor in field.monomial_product(m, share).items():
                add_term(terms, product, -factor * size * coefficient)
    return terms
