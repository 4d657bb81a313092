"""Whole numbers by their factors: √8 is 2·√2, log 6 is log 2 + log 3, and equal sums of logarithms are equal."""

from typing import Any

from flint import fmpq, fmpz

from cnncalc.arithmetic.closed.atoms import Atom
from cnncalc.arithmetic.closed.closed_form import ClosedForm, Number

FACTORED_BITS = 100
"""Numbers up to this size are factored completely; larger ones only by small primes."""
SMALL_PRIMES = (2, 3, 5, 7, 11, 13)


def factors(n: Any) -> list[tuple[int, int]]:
    """A positive whole number as factors and powers: primes, and of a huge number one part that may be composite."""
    n = fmpz(n)
    if n == 1:
        return []
    if n.bit_length() <= FACTORED_BITS:
        return [(int(f), int(p)) for f, p in n.factor()]
    found: list[tuple[int, int]] = []
    for prime in SMALL_PRIMES:
        n, power = _divided(n, prime)
        if power:
            found.append((prime, power))
    if n.bit_length() <= FACTORED_BITS:
        return found + factors(n)
    root = n.isqrt()
    if root * root == n:
        return found + [(f, 2 * p) for f, p in factors(root)]
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
    times = 0
    while n % factor == 0:
        n //= factor
        times += 1
    return n, times


def whole_logarithm(atom: Atom) -> int | None:
    """What an atom is the logarithm of, where that is a whole number."""
    return atom.argument if atom.kind == "log" and isinstance(atom.argument, int) else None
