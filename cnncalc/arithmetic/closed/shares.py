"""Σp = 1 for letters: where all probabilities of a softmax stand in a sum, it may be shortened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from flint import fmpq

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.closed.closed_form import ClosedForm, Number, Ring, add_term


class Shares:
    """The softmaxes of a calculation: the atoms that sum to 1."""

    def __init__(self, field: Ring) -> None:
        self._field = field
        self.groups: list[tuple[int, ...]] = []
        self._group_of: dict[int, int] = {}

    def learn(self, probabilities: Array) -> None:
        """Rows (samples) of letters; a row that has numbers in it is left out."""
        for row in probabilities:
            atoms = [self._lone_atom(element) for element in row]
            if None not in atoms and len(set(atoms)) == len(atoms):
                self._group_of |= {int(atom): len(self.groups) for atom in atoms if atom is not None}
                self.groups.append(tuple(int(atom) for atom in atoms if atom is not None))

    def _lone_atom(self, element: Number) -> int | None:
        if not isinstance(element, ClosedForm) or len(element.terms) != 1:
            return None
        ((number, coefficient),) = element.terms.items()
        powers = self._field.monomials[number].powers
        return powers[0][0] if coefficient == 1 and len(powers) == 1 and powers[0][1] == 1 else None

    def given(self) -> Iterator[tuple[str, Number]]:
        """The last letter of each distribution that was given, not computed, and 1 less the others."""
        for atoms in self.groups:
            letters = [self._field.atoms[atom] for atom in atoms]
            if all(letter.argument.definition is None for letter in letters):
                rest: Number = fmpq(1)
                for letter in letters[:-1]:
                    rest = self._field.of_atom(letter) * -1 + rest
                yield letters[-1].argument.name, rest

    def shortened(self, x: Number) -> Number:
        """c·m·p₁ + c·m·p₂ + … + c·m·pₙ as c·m, for any monomial m; also where some coefficients differ from c."""
        if not isinstance(x, ClosedForm) or len(x.terms) < 2:
            return x
        changed = True
        while changed and isinstance(x, ClosedForm):
            x, changed = self._step(x)
        return x

    def _step(self, x: ClosedForm) -> tuple[Number, bool]:
        found: dict[tuple[int, int], dict[int, Any]] = defaultdict(dict)
        for m, coefficient in x.terms.items():
            for atom, power in self._field.monomials[m].powers:
                if power > 0 and atom in self._group_of:
                    found[self._group_of[atom], self._without(m, atom)][m] = coefficient
        for (group, rest), members in found.items():
            size = len(self.groups[group])
            if len(members) < size:
                continue
            (p, q), times = Counter((int(c.p), int(c.q)) for c in members.values()).most_common(1)[0]
            # One term comes in for those that go.
            if times > 1 or size == 1:
                terms = dict(x.terms)
                for m in members:
                    add_term(terms, m, -fmpq(p, q))
                add_term(terms, rest, fmpq(p, q))
                return self._field.form(terms), True
        return x, False

    def _without(self, m: int, atom: int) -> int:
        monomial = self._field.monomials[m]
        powers = dict(monomial.powers)
        powers[atom] -= 1
        return self._field.monomial(monomial.exponent, tuple(sorted((a, k) for a, k in powers.items() if k)))
