"""Closed forms as text that a person, Python and SymPy can read: `1/10*p[1] - 1/10`, `log(5)`, `1/(1 + exp(-2))`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import combinations_with_replacement
from math import gcd, lcm
from typing import Any

from flint import fmpq

from cnncalc.arithmetic.atoms import Letter
from cnncalc.arithmetic.closed_form import ONE, ClosedForm, Number
from cnncalc.arithmetic.field import Field

LONGEST = 400
"""Characters of a closed form that somebody may still want to read."""

MOST_SHARES = 4
"""Factors p in a product that is written with them."""


class _TooLongError(Exception):
    """Somewhere inside there is more than somebody may want to read."""


def closed_form_text(x: Number, limit: int = LONGEST) -> str | None:
    """The text of one number without labels."""
    return Writer({}, limit).text(x)


class Writer:
    """Writes closed forms; the single monomials that `labels` names (text -> element) are written by those names."""

    keeps_fractions = False
    """Whether a fraction stays in front of a quotient, rather than go into its denominator."""

    def __init__(self, labels: Mapping[str, Any], limit: int = LONGEST) -> None:
        self.limit = limit
        self.labels: dict[int, tuple[str, Any]] = {}
        self.shares: dict[int, dict[int, Any]] = {}
        """By reciprocal atom: the monomials of its shares p, with how many classes have that p; largest share first."""
        for text, element in labels.items():
            if isinstance(element, ClosedForm) and len(element.terms) == 1:
                monomial, coefficient = next(iter(element.terms.items()))
                self._learn(element.field, monomial, coefficient, text)

    def _learn(self, field: Field, monomial: int, coefficient: Any, text: str) -> None:
        first = monomial not in self.labels
        self.labels.setdefault(monomial, (text, coefficient))
        powers = field.monomials[monomial].powers
        if len(powers) != 1 or powers[0][1] != 1 or not field.atoms[powers[0][0]].leading_one:
            return
        shares = self.shares.setdefault(powers[0][0], {})
        shares[monomial] = 1 if first else shares[monomial] + 1

    def text(self, x: Number) -> str | None:
        """The number as text, or None where that would be too long."""
        try:
            return self._sum(x)
        except _TooLongError:
            return None

    def _sum(self, x: Number) -> str:
        if not isinstance(x, ClosedForm):
            return str(x)
        if len(x.terms) * 4 > self.limit:
            raise _TooLongError
        field, terms = x.field, self._fewest_terms(x)
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

    def _in_order(self, field: Field, terms: dict[int, Any]) -> list[int]:
        """The monomials of a sum as they are written: the labelled first, the plain number last."""
        order = {m: position for position, m in enumerate(self.labels)}
        return sorted(terms, key=lambda m: (m == ONE, order.get(m, len(order)), m))

    def _factors(self, field: Field, m: int) -> Sequence[tuple[int, int]]:
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
        parts.sort(key=lambda part: part.startswith("-") and not self.labels)

    def _fewest_terms(self, x: ClosedForm) -> dict[int, Any]:
        """Σp = 1 may be added any number of times: choose the number that leaves the fewest terms."""
        terms = dict(x.terms)
        field = x.field
        for shares in self.shares.values():
            for rest in {ONE} | {_quotient(field, m, s) for m in x.terms for s in shares} - {-1}:
                group = {s: field.monomial_product(s, rest) for s in shares}
                if any(len(product) != 1 for product in group.values()):
                    continue
                members = {next(iter(product)): s for s, product in group.items()}
                if sum(m in terms for m in members) < 2:
                    continue
                self._shift(terms, members, shares, rest)
        return terms

    def _shift(self, terms: dict[int, Any], members: dict[int, int], shares: dict[int, Any], rest: int) -> None:
        def shifted(amount: Any) -> dict[int, Any]:
            # p = coefficient · monomial, and `shares` counts the classes with this p.
            changed = {m: terms.get(m, fmpq(0)) + amount * shares[s] * self.labels[s][1] for m, s in members.items()}
            changed[rest] = terms.get(rest, fmpq(0)) - amount
            return changed

        candidates = [fmpq(0), terms.get(rest, fmpq(0))]
        candidates += [-terms[m] / (shares[s] * self.labels[s][1]) for m, s in members.items() if m in terms]
        best = min((shifted(amount) for amount in candidates), key=_length)
        for m, coefficient in best.items():
            terms.pop(m, None)
            if coefficient != 0:
                terms[m] = coefficient

    def _logarithms(self, field: Field, terms: dict[int, Any]) -> list[str]:
        """Take the logarithms of whole numbers out of `terms`: 2·log 2 − log 3 is log(4/3)."""
        powers = {m: n for m in terms if (n := _whole_logarithm(field, m)) is not None}
        if not powers:
            return []
        common = fmpq(gcd(*(int(terms[m].p) for m in powers)), lcm(*(int(terms[m].q) for m in powers)))
        product = fmpq(1)
        for m, n in powers.items():
            product *= fmpq(n) ** int((terms[m] / common).p)
            if len(str(product)) > 24:
                return []
        for m in powers:
            del terms[m]
        if product < 1:
            product, common = 1 / product, -common
        return [_times(common, f"log({product})")]

    def _term(self, field: Field, m: int, coefficient: Any) -> str:
        if m == ONE:
            return str(coefficient)
        if m in self.labels:
            text, scale = self.labels[m]
            return _times(coefficient / scale, text)
        inverse = self._inverse_label(field, m)
        if inverse:
            text, scale = inverse
            value = coefficient * scale
            return f"{value.p}/{text}" if value.q == 1 else f"{value.p}/({value.q}*{text})"
        return self._product(field, m, coefficient)

    def _inverse_label(self, field: Field, m: int) -> tuple[str, Any] | None:
        monomial = field.monomials[m]
        if len(monomial.powers) != 1 or monomial.powers[0][1] != -1:
            return None
        inverse = field.monomial(-monomial.exponent, ((monomial.powers[0][0], 1),))
        return self.labels.get(inverse)

    def _product(self, field: Field, m: int, coefficient: Any) -> str:
        monomial = field.monomials[m]
        above: list[str] = []
        below: list[str] = []
        rest = self._labelled_rest(field, m)
        if rest is not None:
            shares, m = rest
            for share, times in Counter(shares).items():
                text, scale = self.labels[share]
                coefficient = coefficient / scale**times
                above.append(text if times == 1 else f"{text}**{times}")
            monomial = field.monomials[m]
        radicand = 1
        if monomial.exponent != 0:
            above.append(f"exp({self._sum(monomial.exponent)})")
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
                # 1/2 · 1/(1 + 1/2·e) reads better as 1/(2 + e).
                scale = int(coefficient.q) if power == -1 and not self.keeps_fractions else 1
                text = f"({self._sum(atom.argument * scale)})"
                coefficient *= scale
            elif atom.kind == "pi":
                text = "pi"
            elif atom.kind == "letter":
                text = self._letter(atom.argument)
            else:
                name = "sqrt" if atom.kind == "root" else "log"
                text = f"{name}({self._sum(_number(atom.argument))})"
            (above if power > 0 else below).append(text if abs(power) == 1 else f"{text}**{abs(power)}")
        if radicand != 1:
            above.append(f"sqrt({radicand})")
        product = _times(coefficient, "*".join(above)) if above else str(coefficient)
        if not below:
            return product
        return f"{product}/{below[0]}" if len(below) == 1 else f"{product}/({'*'.join(below)})"

    def _labelled_rest(self, field: Field, m: int) -> tuple[tuple[int, ...], int] | None:
        """A monomial as labelled shares times a rest without exponent: p[1]·p[2]·…"""
        monomial = field.monomials[m]
        for atom, shares in self.shares.items():
            power = dict(monomial.powers).get(atom, 0)
            if not 0 < power <= MOST_SHARES or len(shares) ** power > 1000:
                continue
            for chosen in combinations_with_replacement(shares, power):
                if sum((field.monomials[s].exponent for s in chosen), fmpq(0)) == monomial.exponent:
                    rest = tuple((a, k) for a, k in monomial.powers if a != atom)
                    return chosen, field.monomial(fmpq(0), rest)
        return None


def joined(parts: Sequence[str]) -> str:
    """Terms as a sum; a minus in front of one becomes the sign between."""
    return parts[0] + "".join(f" - {p[1:]}" if p.startswith("-") else f" + {p}" for p in parts[1:])


def _quotient(field: Field, m: int, share: int) -> int:
    """The monomial m / share where that has no exponent left and no more of the share's atom; -1 elsewhere."""
    monomial, divisor = field.monomials[m], field.monomials[share]
    atom = divisor.powers[0][0]
    powers = dict(monomial.powers)
    if powers.get(atom) != 1 or monomial.exponent != divisor.exponent:
        return -1
    del powers[atom]
    return field.monomial(fmpq(0), tuple(sorted(powers.items())))


def _whole_logarithm(field: Field, m: int) -> int | None:
    monomial = field.monomials[m]
    if monomial.exponent != 0 or len(monomial.powers) != 1 or monomial.powers[0][1] != 1:
        return None
    atom = field.atoms[monomial.powers[0][0]]
    return atom.argument if atom.kind == "log" and not isinstance(atom.argument, ClosedForm) else None


def _length(terms: dict[int, Any]) -> tuple[int, int]:
    present = [coefficient for coefficient in terms.values() if coefficient != 0]
    return len(present), sum(len(str(coefficient)) for coefficient in present)


def _times(coefficient: Any, text: str) -> str:
    if coefficient == 1:
        return text
    return f"-{text}" if coefficient == -1 else f"{coefficient}*{text}"


def _number(argument: Any) -> Number:
    return argument if isinstance(argument, ClosedForm) else fmpq(argument)
