"""Reciprocals in closed form: those of sums are atoms, over the largest exponential where there is one."""

from __future__ import annotations

from flint import fmpq

from cnncalc.arithmetic.base import OutOfRange
from cnncalc.arithmetic.closed.atoms import Atom
from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number, Ring
from cnncalc.arithmetic.closed.sums_to_one import as_one_share
from cnncalc.arithmetic.enclosure import sign


def reciprocal(ring: Ring, x: Number) -> Number:
    """1/x; OutOfRange for 0."""
    if isinstance(x, ClosedForm) and len(x.terms) > 1:
        x = ring.simplified(x)
    if isinstance(x, ClosedForm):
        x = as_one_share(x)
    if not isinstance(x, ClosedForm):
        if x == 0:
            raise OutOfRange("division by 0")
        return fmpq(1) / x
    if len(x.terms) > 1:
        return reciprocal_of_sum(x)
    ((number, coefficient),) = x.terms.items()
    monomial = ring.monomials[number]
    terms = ring.normal(-monomial.exponent, {atom: -power for atom, power in monomial.powers})
    return ring.form({m: c / coefficient for m, c in terms.items()})


def reciprocal_of_sum(x: ClosedForm) -> Number:
    """1/x for several terms."""
    ring = x.field
    if any(ring.monomials[m].powers for m in x.terms):
        # Of a sum with letters the first product of them has no factor: 1/(v + 1/10).
        leading = min((m for m in x.terms if m != ONE), default=ONE) if ring.letters else min(x.terms)
        scale = fmpq(1) / x.terms[leading]
        return ring.of_atom(Atom("reciprocal", x * scale)) * scale
    if ring.has_letters(x):
        # With letters nothing overflows, and the sum is best left as it is.
        return ring.of_atom(Atom("reciprocal", x))
    # Divide by the largest exponential, so that shifted logits share one atom and nothing overflows.
    leading = largest_exponential(ring, ([ONE] if ONE in x.terms else []) + list(x.terms))
    largest = ClosedForm(ring, {leading: x.terms[leading]})
    inverse = ring.reciprocal(largest)
    return ring.of_atom(Atom("reciprocal", x * inverse, leading_one=True)) * inverse


def largest_exponential(ring: Ring, monomials: list[int]) -> int:
    """The monomial of the largest exponent, the first of several."""
    leading = monomials[0]
    for m in monomials[1:]:
        difference = ring.monomials[m].exponent - ring.monomials[leading].exponent
        if sign(ring.simplified(difference)) > 0:
            leading = m
    return leading
