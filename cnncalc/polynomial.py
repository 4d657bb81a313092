"""Sums of products of letters, and ⌊ ⌋ of them, for sizes and counts: simplified where the rules of ⌊ ⌋ allow it."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction
from math import prod

_FLOORS: dict[str, tuple[Polynomial, Polynomial]] = {}
"""By its LaTeX, what is divided by what in each ⌊ ⌋ made so far."""
Product = tuple[tuple[str, int], ...]
"""Letters, or ⌊ ⌋, as LaTeX, each with its power."""


class Polynomial:
    """Σ coefficient · letters; terms stand in the order in which they came."""

    def __init__(self, terms: Mapping[Product, Fraction]) -> None:
        self.terms = {product: number for product, number in terms.items() if number}

    @staticmethod
    def of(value: int | Fraction | str) -> Polynomial:
        """A number, or a letter."""
        if isinstance(value, str):
            return Polynomial({((value, 1),): Fraction(1)})
        return Polynomial({(): Fraction(value)})

    def __add__(self, other: Polynomial | int) -> Polynomial:
        other = other if isinstance(other, Polynomial) else Polynomial.of(other)
        terms = dict(self.terms)
        for product, number in other.terms.items():
            terms[product] = terms.get(product, Fraction(0)) + number
        return Polynomial(terms)

    def __sub__(self, other: Polynomial | int) -> Polynomial:
        return self + (other if isinstance(other, Polynomial) else Polynomial.of(other)) * -1

    def __mul__(self, other: Polynomial | int | Fraction) -> Polynomial:
        other = other if isinstance(other, Polynomial) else Polynomial.of(other)
        terms: dict[Product, Fraction] = {}
        for left, a in self.terms.items():
            for right, b in other.terms.items():
                product = _multiplied(left, right)
                terms[product] = terms.get(product, Fraction(0)) + a * b
        return Polynomial(terms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Polynomial) and self.terms == other.terms

    def __hash__(self) -> int:
        return hash(frozenset(self.terms.items()))

    @property
    def number(self) -> Fraction | None:
        """The number that it is; None where letters stand in it."""
        return self.terms.get((), Fraction(0)) if set(self.terms) <= {()} else None

    def value(self, numbers: Mapping[str, int]) -> Fraction:
        """With a number put in for each letter."""

        def of(name: str) -> Fraction:
            if name not in _FLOORS:
                return Fraction(numbers[name])
            above, below = _FLOORS[name]
            return Fraction(above.value(numbers) // below.value(numbers))

        products = (prod((of(name) ** power for name, power in each), start=one) for each, one in self.terms.items())
        return sum(products, start=Fraction(0))

    @property
    def letters(self) -> set[str]:
        """Those in it, and in its ⌊ ⌋."""
        names = {name for product in self.terms for name, _ in product}
        inside = [part.letters for name in names & _FLOORS.keys() for part in _FLOORS[name]]
        return (names - _FLOORS.keys()).union(*inside)

    def over(self, divisor: Polynomial) -> Polynomial | None:
        """The quotient where the divisor is one product that divides every term; None else."""
        if len(divisor.terms) != 1:
            return None
        ((below, number),) = divisor.terms.items()
        terms: dict[Product, Fraction] = {}
        for product, coefficient in self.terms.items():
            rest = _divided(product, below)
            if rest is None:
                return None
            terms[rest] = coefficient / number
        return Polynomial(terms)

    def __floordiv__(self, divisor: Polynomial) -> Polynomial:
        """⌊self / divisor⌋: whole multiples of the divisor come out of the brackets."""
        if divisor == Polynomial.of(1):
            return self
        whole, rest = Polynomial({}), Polynomial({})
        for product, number in self.terms.items():
            one = Polynomial({product: number})
            quotient = one.over(divisor)
            is_whole = quotient is not None and all(part.denominator == 1 for part in quotient.terms.values())
            if quotient is not None and is_whole:
                whole = whole + quotient
            else:
                rest = rest + one
        if not rest.terms:
            return whole
        if rest.number is None and next(iter(rest.terms.values())) < 0:
            return whole - (rest * -1 + divisor - 1) // divisor
        inside, below = rest.number, divisor.number
        if inside is not None and below is not None:
            return whole + int(inside // below)
        floor = rf"\lfloor \frac{{{rest.latex()}}}{{{divisor.latex()}}} \rfloor"
        _FLOORS[floor] = rest, divisor
        return whole + Polynomial.of(floor)

    @property
    def canonical(self) -> Polynomial:
        """The same, with ⌊(n + 1)/2⌋ for ⌊(n - 1)/2⌋ + 1: sizes are equal where these have the same terms."""
        made = Polynomial({})
        for product, number in self.terms.items():
            one = Polynomial.of(number)
            for name, power in product:
                rest, divisor = _FLOORS.get(name, (None, None))
                factor = Polynomial.of(name)
                if rest is not None and divisor is not None:
                    rest, below = rest.canonical, divisor.number
                    constant = rest.terms.get((), Fraction(0))
                    out = constant // below if below else 0
                    factor = (rest - Polynomial.of(out) * divisor) // divisor + int(out)
                for _ in range(power):
                    one = one * factor
            made = made + one
        return made

    def latex(self) -> str:
        """As LaTeX."""
        text = ""
        for product, number in sorted(self.terms.items(), key=lambda term: not term[0]):
            size = abs(number)
            letters = r" \cdot ".join(name if power == 1 else f"{name}^{{{power}}}" for name, power in product)
            shown = str(size) if size.denominator == 1 else rf"\frac{{{size.numerator}}}{{{size.denominator}}}"
            one = letters if letters and size == 1 else rf"{shown} \cdot {letters}" if letters else shown
            sign = "-" if number < 0 else "+"
            text += f" {sign} {one}" if text else ("-" if number < 0 else "") + one
        return text or "0"


def _multiplied(left: Product, right: Product) -> Product:
    powers = dict(left)
    for name, power in right:
        powers[name] = powers.get(name, 0) + power
    return tuple(sorted(powers.items()))


def _divided(product: Product, below: Product) -> Product | None:
    powers = dict(product)
    for name, power in below:
        powers[name] = powers.get(name, 0) - power
    if min(powers.values(), default=0) < 0:
        return None
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def read(text: str) -> Polynomial | None:
    """`K`, `2*P + 1`, `(K - 1)/2`, `H//2`, `floor(H/2)`; None for what is none of whole numbers and letters."""
    try:
        return _value(ast.parse(text.strip().replace("−", "-"), mode="eval").body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr) -> Polynomial | None:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return Polynomial.of(node.value)
    if isinstance(node, ast.Name) and node.id.isascii():
        letter = node.id[:1] + (f"_{{{node.id[1:].lstrip('_')}}}" if node.id[1:] else "")
        return Polynomial.of(letter)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        inner = _value(node.operand)
        return None if inner is None else inner * -1
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 1:
        return _floor(node.args[0], node.func.id)
    if not isinstance(node, ast.BinOp):
        return None
    left, right = _value(node.left), _value(node.right)
    if left is None or right is None:
        return None
    if isinstance(node.op, ast.Pow) and (power := right.number) is not None and power in range(10):
        return prod([left] * int(power), start=Polynomial.of(1))
    match node.op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left.over(right) if right.terms else None
        case ast.FloorDiv():
            return left // right if right.terms else None
    return None


def _floor(node: ast.expr, function: str) -> Polynomial | None:
    """Of a quotient, rounded down or up; `⌊H/2 + 1⌋` likewise."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        left, right = _floor(node.left, function), _value(node.right)
        if left is None or right is None:
            return None
        return left + right if isinstance(node.op, ast.Add) else left - right
    if not isinstance(node, ast.BinOp) or not isinstance(node.op, ast.Div):
        return _value(node)
    above, below = _value(node.left), _value(node.right)
    if above is None or below is None or not below.terms or function not in ("floor", "int", "ceil"):
        return None
    return (above * -1) // below * -1 if function == "ceil" else above // below
