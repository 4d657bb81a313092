"""Closed forms as text that a person, Python and SymPy can read: `1/10*p[1] - 1/10`, `log(5)`, `1/(1 + exp(-2))`.

They speak of other elements by names, the probabilities of a softmax, `p[1]`. Samples may have the same number, each
under a name of its own: an element is written by the names of its sample, and where that has none, by the first one.
That the shares of a softmax sum to 1 is a relation of their atom, whatever they are called: two classes of one sample
may have the same share, and two samples the same shares.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import combinations_with_replacement
from math import gcd, lcm
from typing import Any

from flint import fmpq

from cnncalc.arithmetic.base import Labels
from cnncalc.arithmetic.closed.atoms import Letter
from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number, Ring, Terms, as_number, height
from cnncalc.arithmetic.closed.relations import FewestTerms, shares_of, whole_logarithm
from cnncalc.records import Record

MOST_SHARES = 4
"""Factors p in a product that is written with them."""
MOST_PRODUCTS = 1000
WRITTEN = 100
"""What it costs to write a product."""
LONGEST = 400
"""Characters of a closed form that somebody may still want to read."""

MOST_BITS = 80
"""Of a power in the number that several logarithms are drawn together to: 24 digits are as many as it may have."""

DEEPEST = 64
"""Functions within each other: each takes six characters and more, and Python reads 200 brackets within each other."""


class Label(Record):
    """The name of an element that is coefficient · monomial, and where the element stands among all that are named."""

    text: str
    coefficient: Any
    position: int


class Names:
    """The labels by monomial; `choose` says whose names go first."""

    def __init__(self, labels: Labels) -> None:
        self.shares: dict[int, Terms] = {}
        """By reciprocal atom: the monomials of its shares, all of them named; these numbers of each sum to 1."""
        self._labels: dict[int, dict[int, Label]] = {}
        self._chosen: dict[int | None, dict[int, Label]] = {}
        self._products: dict[tuple[int, int], dict[Any, tuple[int, ...]]] = {}
        position = 0
        for sample, names in enumerate(labels):
            for text, element in names.items():
                position += 1
                if isinstance(element, ClosedForm) and len(element.terms) == 1:
                    ((monomial, coefficient),) = element.terms.items()
                    self._learn(element.field, monomial, sample, Label(text, coefficient, position))

        self.choose(None)

    def __bool__(self) -> bool:
        return bool(self._labels)

    def choose(self, sample: int | None) -> None:
        """Whose names go first from here on."""
        if sample not in self._chosen:
            self._chosen[sample] = {
                m: (known.get(sample) if sample is not None else None) or next(iter(known.values()))
                for m, known in self._labels.items()
            }
        self.get = self._chosen[sample].get
        """The name of a monomial in the sample, or else the first that it has; None where it has none."""

    def _learn(self, field: Ring, monomial: int, sample: int, label: Label) -> None:
        self._labels.setdefault(monomial, {}).setdefault(sample, label)
        powers = field.monomials[monomial].powers
        if len(powers) != 1 or powers[0][1] != 1 or powers[0][0] in self.shares:
            return
        shares = shares_of(field, powers[0][0])
        if shares and all(share in self._labels for share in shares):
            self.shares[powers[0][0]] = shares

    def position(self, monomial: int) -> int | None:
        """Where it stands among all that are named."""
        label = self.get(monomial)
        return None if label is None else label.position

    def product(self, field: Ring, monomial: int) -> tuple[list[Label], int] | None:
        """A monomial as named shares times a rest without exponent: p[1]·p[2]·…"""
        exponent, powers = field.monomials[monomial].exponent, dict(field.monomials[monomial].powers)
        for atom in self.shares:
            power = powers.get(atom, 0)
            if not 0 < power <= MOST_SHARES or len(self.shares[atom]) ** power > MOST_PRODUCTS:
                continue
            chosen = self._products_of(field, atom, power).get(exponent)
            if chosen is not None:
                rest = tuple((a, k) for a, k in powers.items() if a != atom)
                labels = [label for share in chosen if (label := self.get(share)) is not None]
                return sorted(labels, key=lambda label: label.position), field.monomial(fmpq(0), rest)
        return None

    def _products_of(self, field: Ring, atom: int, power: int) -> dict[Any, tuple[int, ...]]:
        """By exponent: so many shares of an atom whose product has it."""
        known = self._products.get((atom, power))
        if known is None:
            known = self._products[atom, power] = {}
            for chosen in combinations_with_replacement(self.shares[atom], power):
                known.setdefault(sum((field.monomials[share].exponent for share in chosen), fmpq(0)), chosen)
        return known


class _TooLongError(Exception):
    """Somewhere inside there is more than somebody may want to read."""


class Writer:
    """Writes closed forms; the single monomials that `labels` names are written by those names."""

    def __init__(self, labels: Labels, limit: int = LONGEST) -> None:
        self.limit = limit
        self.names = Names(labels)
        self._shortest = FewestTerms(self.names.shares)
        self._depth = 0
        self._sample: int | None = None
        self._known: dict[tuple[int | None, int, int], str] = {}
        """What stands inside of an atom or a monomial, by the sample whose names are used: many terms share it."""
        self._whole_logarithms: dict[int, int | None] = {}
        """By monomial: what it is the logarithm of, where that is a whole number."""

    def text(self, x: Number, sample: int | None = None) -> str | None:
        """The number, an element of that sample, as text, or None where that would be too long."""
        self.names.choose(sample)
        self._depth, self._sample = 0, sample
        try:
            return self._sum(x)
        except _TooLongError:
            return None

    def _inside(self, x: Number, of: int, scale: int = 1) -> str:
        """What stands in the brackets of a function or a denominator: `of` an atom a, or ~m of an exponential."""
        key = self._sample, of, scale
        if key not in self._known:
            if self._depth >= DEEPEST:
                raise _TooLongError
            self._depth += 1
            self._known[key] = self._sum(x)
            self._depth -= 1
        return self._known[key]

    def _sum(self, x: Number) -> str:
        if not isinstance(x, ClosedForm):
            return self._number(x)
        self._require_few(x)
        field, terms = x.field, self._shortest.of(x)
        parts = self._logarithms(field, terms)
        length = 0
        for m in self._in_order(field, terms):
            parts.append(self._term(field, m, terms[m]))
            length += len(parts[-1])
            if length > self.limit:
                raise _TooLongError
        self._arrange(parts)
        text = self._joined(parts)
        if len(text) > self.limit:
            raise _TooLongError
        return text

    def _number(self, x: Any) -> str:
        """A rational; one of more digits than there may be characters is not even turned into text."""
        if x.height_bits() > 4 * self.limit:
            raise _TooLongError
        return str(x)

    def _require_few(self, x: ClosedForm) -> None:
        """Raise where there are more terms, or more digits in one, than there may be characters for them."""
        if len(x.terms) * 4 > self.limit or height(x.terms) > 4 * self.limit:
            raise _TooLongError

    def _in_order(self, field: Ring, terms: dict[int, Any]) -> list[int]:
        """The monomials of a sum as they are written: the labelled first, the plain number last."""

        def place(m: int) -> tuple[bool, bool, int]:
            position = self.names.position(m)
            return m == ONE, position is None, m if position is None else position

        return sorted(terms, key=place)

    def _factors(self, field: Ring, m: int) -> Sequence[tuple[int, int]]:
        """The atoms of a monomial with their powers, as they are written."""
        return field.monomials[m].powers

    def _letter(self, letter: Letter) -> str:
        """An unknown by its name."""
        return letter.name

    def _joined(self, parts: list[str]) -> str:
        """Terms as a sum."""
        return joined(parts)

    def _arrange(self, parts: list[str]) -> None:
        """A sum reads best with a positive term in front and the plain number behind."""
        parts.sort(key=lambda part: part.startswith("-") and not self.names)

    def _logarithms(self, field: Ring, terms: dict[int, Any]) -> list[str]:
        """Take the logarithms of whole numbers out of `terms`: 2·log 2 − log 3 is log(4/3)."""
        whole = self._whole_logarithms
        for m in terms:
            if m not in whole:
                atom = field.lone_atom(m)
                whole[m] = None if atom is None else whole_logarithm(atom)
        powers = {m: n for m in terms if (n := whole[m]) is not None}
        if not powers:
            return []
        common = fmpq(gcd(*(int(terms[m].p) for m in powers)), lcm(*(int(terms[m].q) for m in powers)))
        product = fmpq(1)
        for m, n in powers.items():
            power = int((terms[m] / common).p)
            if (n.bit_length() - 1) * abs(power) > MOST_BITS:
                return []
            product *= fmpq(n) ** power
            if len(str(product)) > 24:
                return []
        for m in powers:
            del terms[m]
        if product < 1:
            product, common = 1 / product, -common
        return [multiplied(common, f"log({product})")]

    def _term(self, field: Ring, m: int, coefficient: Any) -> str:
        if m == ONE:
            return str(coefficient)
        if label := self.names.get(m):
            return multiplied(coefficient / label.coefficient, label.text)
        if inverse := self._inverse_label(field, m):
            value = coefficient * inverse.coefficient
            return f"{value.p}/{inverse.text}" if value.q == 1 else f"{value.p}/({value.q}*{inverse.text})"
        return self._product(field, m, coefficient)

    def _scale(self, below: ClosedForm, coefficient: Any) -> int:
        """What both sides of a fraction are multiplied by: 1/2 · 1/(1 + 1/2·e) reads better as 1/(2 + e)."""
        return int(coefficient.q)

    def _inverse_label(self, field: Ring, m: int) -> Label | None:
        monomial = field.monomials[m]
        if len(monomial.powers) != 1 or monomial.powers[0][1] != -1:
            return None
        return self.names.get(field.monomial(-monomial.exponent, ((monomial.powers[0][0], 1),)))

    def _product(self, field: Ring, m: int, coefficient: Any) -> str:
        field.charge(WRITTEN)
        monomial = field.monomials[m]
        above: list[str] = []
        below: list[str] = []
        product = self.names.product(field, m)
        if product is not None:
            labels, m = product
            for label, times in Counter(labels).items():
                coefficient = coefficient / label.coefficient**times
                above.append(label.text if times == 1 else f"{label.text}**{times}")
            monomial = field.monomials[m]
        radicand = 1
        if monomial.exponent != 0:
            above.append(f"exp({self._inside(monomial.exponent, ~m)})")
        for index, power in self._factors(field, m):
            atom = field.atoms[index]
            if atom.kind == "root" and not isinstance(atom.argument, ClosedForm):
                radicand *= atom.argument
                continue
            if atom.kind == "definition":
                # A name for a sum that is too long to be written.
                raise _TooLongError
            if atom.kind == "reciprocal":
                power = -power
                scale = self._scale(atom.argument, coefficient) if power == -1 else 1
                text = f"({self._inside(atom.argument * scale, index, scale)})"
                coefficient *= scale
            elif atom.kind == "pi":
                text = "pi"
            elif atom.kind == "letter":
                text = self._letter(atom.argument)
            else:
                name = "sqrt" if atom.kind == "root" else atom.symbol.replace("'", "_prime") or atom.kind
                text = f"{name}({self._inside(as_number(atom.argument), index)})"
            (above if power > 0 else below).append(text if abs(power) == 1 else f"{text}**{abs(power)}")
        if radicand != 1:
            above.append(f"sqrt({self._number(fmpq(radicand))})")
        numerator = multiplied(coefficient, "*".join(above)) if above else str(coefficient)
        if not below:
            return numerator
        return f"{numerator}/{below[0]}" if len(below) == 1 else f"{numerator}/({'*'.join(below)})"


def joined(parts: Sequence[str]) -> str:
    """Terms as a sum; a minus in front of one becomes the sign between."""
    return parts[0] + "".join(f" - {p[1:]}" if p.startswith("-") else f" + {p}" for p in parts[1:])


def multiplied(coefficient: Any, text: str) -> str:
    """A product of a number and what is written behind it."""
    # Written first: to compare two short texts takes a fifth of the time that to compare numbers takes.
    number = str(coefficient)
    return text if number == "1" else f"-{text}" if number == "-1" else f"{number}*{text}"
