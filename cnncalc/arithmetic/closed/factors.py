"""Whole numbers as products, so that √8 is 2·√2 and log 6 is log 2 + log 3."""

from __future__ import annotations

from typing import Any

from flint import fmpz

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
        power = 0
        while n % prime == 0:
            n //= prime
            power += 1
        if power:
            found.append((prime, power))
    if n.bit_length() <= FACTORED_BITS:
        return found + factors(n)
    root = n.isqrt()
    if root * root == n:
        return found + [(f, 2 * p) for f, p in factors(root)]
    return [*found, (int(n), 1)]
