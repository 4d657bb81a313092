"""The names under which a closed form may speak of other elements: the probabilities of a softmax, `p[1]`.

Samples may have the same number, each under a name of its own: an element is written by the names of its sample, and
where that has none, by the first one. That the shares of a softmax sum to 1 is a relation of their atom, whatever they
are called: two classes of one sample may have the same share, and two samples the same shares.
"""

from itertools import combinations_with_replacement
from typing import Any

from flint import fmpq

from cnncalc.arithmetic.base import Labels
from cnncalc.arithmetic.closed.closed_form import ClosedForm, Ring, Terms
from cnncalc.arithmetic.closed.sums_to_one import shares_of
from cnncalc.records import Record

MOST_SHARES = 4
"""Factors p in a product that is written with them."""
MOST_PRODUCTS = 1000


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
