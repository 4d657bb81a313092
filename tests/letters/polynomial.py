"""Polynomials over the fractions, read from Python's own syntax: a second opinion on what cnncalc writes."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from functools import cache, reduce

Monomial = tuple[tuple[str, int], ...]
Polynomial = dict[Monomial, Fraction]


@cache
def read(text: str) -> Polynomial:
    """A sum of products of letters and fractions; whatever else stands there raises."""
    return _read(ast.parse(text, mode="eval").body)


def _read(node: ast.expr) -> Polynomial:
    match node:
        case ast.Constant(value=int(number)):
            return _clean({(): Fraction(number)})
        case ast.Name(id=name):
            return {((name, 1),): Fraction(1)}
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return {m: -c for m, c in _read(inner).items()}
        case ast.BinOp(op=ast.Add() | ast.Sub()):
            return _sum(node)
        case ast.BinOp(op=ast.Mult() | ast.Div()):
            return _product(node)
        case ast.BinOp(left=left, op=ast.Pow(), right=ast.Constant(value=int(power))):
            base = result = _read(left)
            for _ in range(power - 1):
                result = multiply(result, base)
            return result
    raise ValueError(f"no polynomial: {ast.unparse(node)}")


def _sum(node: ast.expr) -> Polynomial:
    """Of all terms of a sum at once: to copy what there is for each term would take quadratic time."""
    total: Polynomial = {}
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        sign = 1 if isinstance(node.op, ast.Add) else -1
        _add_to(total, node.right, sign)
        node = node.left
    _add_to(total, node, 1)
    return _clean(total)


def _product(node: ast.expr) -> Polynomial:
    """Of all factors of a product at once: nearly all of them are letters and numbers."""
    above, below, powers, sums = 1, 1, Counter[str](), []
    while isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        if isinstance(node.op, ast.Mult):
            factors = [node.right]
        elif isinstance(node.right, ast.Constant) and isinstance(node.right.value, int):
            factors, below = [], below * node.right.value
        else:
            raise ValueError(f"no polynomial: {ast.unparse(node)}")
        node = node.left
        if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div)):
            factors.append(node)
        for factor in factors:
            match factor:
                case ast.Constant(value=int(number)):
                    above *= number
                case ast.Name(id=name):
                    powers[name] += 1
                case ast.BinOp(left=ast.Name(id=name), op=ast.Pow(), right=ast.Constant(value=int(power))):
                    powers[name] += power
                case _:
                    sums.append(_read(factor))
    return reduce(multiply, sums, _clean({tuple(sorted(powers.items())): Fraction(above, below)}))


def _add_to(total: Polynomial, node: ast.expr, sign: int) -> None:
    for monomial, coefficient in _read(node).items():
        total[monomial] = total.get(monomial, Fraction(0)) + sign * coefficient


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
    total = Fraction(0)
    for m, c in a.items():
        for letter, power in m:
            c *= values[letter] ** power
        total += c
    return total
