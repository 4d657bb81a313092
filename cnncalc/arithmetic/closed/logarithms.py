"""Logarithms in closed form: of numbers by their prime factors, of sums over a leading term, of products by parts."""

from flint import fmpq

from cnncalc.arithmetic.base import OpenLetters, OutOfRange
from cnncalc.arithmetic.closed.atoms import Atom
from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number, Ring, as_number
from cnncalc.arithmetic.closed.sums_to_one import as_one_share
from cnncalc.arithmetic.closed.whole_numbers import factors
from cnncalc.arithmetic.enclosure import sign

_NO_EXPONENT = fmpq(0)


def logarithm(ring: Ring, x: Number) -> Number:
    """The natural logarithm of a positive number; that of a rational is split into those of its prime factors."""
    if not isinstance(x, ClosedForm):
        if x <= 0:
            raise OutOfRange(f"log({x}) does not exist")
        result: Number = fmpq(0)
        for factor, power in factors(x.p) + [(f, -p) for f, p in factors(x.q)]:
            result = result + ring.of_atom(Atom("log", factor)) * fmpq(power)
        return result
    x = as_one_share(x)
    return _of_sum(x) if len(x.terms) > 1 else _of_term(x)


def _of_sum(x: ClosedForm) -> Number:
    """As its reciprocal has it, over its leading term: log(e − e²) and log(1/e − 1) share an atom."""
    ring = x.field
    if ring.has_letters(x):
        return ring.of_atom(Atom("log", x))
    common = _common_factor(x)
    if common != ONE:
        factor = ClosedForm(ring, {common: fmpq(1)})
        rest = x * ring.reciprocal(factor)
        # Either both are positive, or neither is.
        if _is_negative(factor):
            factor, rest = -factor, -rest
        return ring.log(rest) + _of_term(factor)
    if not any(ring.monomials[m].powers for m in x.terms):
        return -ring.log(ring.reciprocal_of_sum(x))
    first = min(ring.monomials[m].powers for m in x.terms)
    leading = largest_exponential(ring, [m for m in x.terms if ring.monomials[m].powers == first])
    scale = ClosedForm(ring, {leading: abs(x.terms[leading])})
    if _is_negative(x):
        raise OutOfRange("the logarithm of a negative number does not exist")
    return ring.of_atom(Atom("log", x * ring.reciprocal(scale))) + _of_term(scale)


def largest_exponential(ring: Ring, monomials: list[int]) -> int:
    """The monomial of the largest exponent, the first of several."""
    leading = monomials[0]
    for m in monomials[1:]:
        difference = ring.monomials[m].exponent - ring.monomials[leading].exponent
        if sign(ring.simplified(difference)) > 0:
            leading = m
    return leading


def _common_factor(x: ClosedForm) -> int:
    """The product of atoms that all terms have as a factor; of 1/log 2 + 1 it is 1/log 2."""
    ring = x.field
    every = [dict(ring.monomials[m].powers) for m in x.terms]
    least = {index: min(powers.get(index, 0) for powers in every) for powers in every for index in powers}
    # Roots of whole numbers have no negative powers.
    shared = {i: power for i, power in least.items() if power and ring.atoms[i].kind != "root"}
    return ring.monomial(_NO_EXPONENT, tuple(sorted(shared.items())))


def _of_term(x: ClosedForm) -> Number:
    ring = x.field
    ((number, coefficient),) = x.terms.items()
    monomial = ring.monomials[number]
    result: Number = fmpq(0) + monomial.exponent
    kept: list[tuple[int, int]] = []
    for index, power in monomial.powers:
        atom = ring.atoms[index]
        if atom.kind == "root":
            result = result + ring.log(as_number(atom.argument)) * fmpq(power, 2)
        elif atom.kind == "letter" and atom.argument.is_positive:
            result = result + ring.of_atom(Atom("log", ring.of_atom(atom))) * fmpq(power)
        elif atom.kind == "letter":
            kept.append((index, power))
        else:
            is_below = atom.kind == "reciprocal"
            argument = atom.argument if is_below else ring.of_atom(atom)
            # A sum of exponentials over its largest: 1 + e^-2 is positive, 1 - 3/e is not.
            is_positive = atom.leading_one and all(share > 0 for share in argument.terms.values())
            if not is_positive and _is_negative(argument):
                argument = -argument
                coefficient = coefficient * (-1) ** (power % 2)
            is_whole = not is_below or atom.leading_one
            part = ring.of_atom(Atom("log", argument)) if is_whole else ring.log(argument)
            result = result + part * fmpq(-power if is_below else power)
    if coefficient < 0:
        raise OutOfRange("the logarithm of a negative number does not exist")
    if kept:
        # Letters that may be negative have a logarithm together, if they have one.
        inside = ClosedForm(ring, {ring.monomial(_NO_EXPONENT, tuple(kept)): fmpq(1)})
        result = result + ring.of_atom(Atom("log", inside))
    return result + ring.log(coefficient)


def _is_negative(x: Number) -> bool:
    """Whether a number is below 0, as its letters say too; without letters that are open."""
    try:
        return sign(x) < 0
    except OpenLetters:
        return False
