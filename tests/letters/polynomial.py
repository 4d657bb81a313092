"""Polynomials over the fractions, read from Python's syntax: a second opinion on what cnncalc writes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, reduce

Monomial = tuple[tuple[str, int], ...]
Polynomial = dict[Monomial, Fraction]


FACTOR = r"\w+(?:\*\*\d+)?"
TERM = re.compile(rf" ?([+-]) ?({FACTOR}(?:[*/]{FACTOR})*)")
FACTORS = re.compile(r"([*/]?)(\w+)(?:\*\*(\d+))?")
BRACKET = re.compile(r"(?<!\w)\(([^()]*)\)")


@cache
def read(text: str) -> Polynomial:
    """A sum of products of letters and fractions; whatever else stands there raises.

    Python's own parser takes longer for thousands of terms than all that is asked of them.
    """
    inside: dict[str, Polynomial] = {}

    def put_aside(bracket: re.Match[str]) -> str:
        name = f"BRACKET_{len(inside)}"
        inside[name] = _sum(bracket[1], inside)
        return name

    plain = text
    while BRACKET.search(plain):
        plain = BRACKET.sub(put_aside, plain)
    return _sum(plain, inside)


def _sum(text: str, inside: Mapping[str, Polynomial]) -> Polynomial:
    """Of all terms at once: to copy what there is for each term would take quadratic time."""
    signed = text if text.startswith("-") else f"+ {text}"
    if TERM.sub("", signed):
        raise ValueError(f"no polynomial: {text}")
    total: Polynomial = {}
    for sign, product in TERM.findall(signed):
        for monomial, coefficient in _product(product, inside).items():
            total[monomial] = total.get(monomial, 0) + (-coefficient if sign == "-" else coefficient)
    return _clean(total)


def _product(text: str, inside: Mapping[str, Polynomial]) -> Polynomial:
    above, below, powers, sums = 1, 1, Counter[str](), []
    for sign, factor, typed in FACTORS.findall(text):
        power = int(typed or 1)
        if factor.isdecimal():
            number = int(factor) ** power
            above, below = (above, below * number) if sign == "/" else (above * number, below)
        elif sign == "/":
            raise ValueError(f"no polynomial: {text}")
        elif factor in inside:
            sums += [inside[factor]] * power
        else:
            powers[factor] += power
    return reduce(multiply, sums, {tuple(sorted(powers.items())): Fraction(above, below)})


def _clean(polynomial: Mapping[Monomial, Fraction]) -> Polynomial:
    return {m: c for m, c in polynomial.items() if c}


def add(a: Polynomial, b: Polynomial) -> Polynomial:
    return _clean({m: a.get(m, Fraction(0)) + b.get(m, Fraction(0)) for m in {*a, *b}})


def multiply(a: Polynomial, b: Polynomial) -> Polynomial:
    product: dict[Monomial, Fraction] = {}
    for m, c in a.items():
        for n, d in b.items():
            powers = dict(m)
            for letter, power in n:
                powers[letter] = powers.get(letter, 0) + power
            key = tuple(sorted(powers.items()))
            product[key] = product.get(key, Fraction(0)) + c * d
    return _clean(product)


def derivative(a: Polynomial, letter: str) -> Polynomial:
    result: dict[Monomial, Fraction] = {}
    for m, c in a.items():
        powers = dict(m)
        power = powers.pop(letter, 0)
        if power:
            if power > 1:
                powers[letter] = power - 1
            result[tuple(sorted(powers.items()))] = c * power
    return result


def put_in(a: Polynomial, values: Mapping[str, Fraction]) -> Fraction:
    """What it comes to; over each denominator by itself, since to reduce a fraction takes longest."""
    above: dict[int, int] = {}
    for m, c in a.items():
        numerator, denominator = c.numerator, c.denominator
        for letter, power in m:
            value = values[letter]
            numerator *= value.numerator**power
            denominator *= value.denominator**power
        above[denominator] = above.get(denominator, 0) + numerator
    return sum((Fraction(numerator, denominator) for denominator, numerator in above.items()), Fraction(0))
