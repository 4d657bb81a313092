"""Letters in closed forms: which there are, what is left when numbers stand for them, which sign a sum must have."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flint import fmpq

from cnncalc.arithmetic.base import Array, OpenLetters, TooCostly
from cnncalc.arithmetic.closed.atoms import FUNCTIONS, Atom, Letter
from cnncalc.arithmetic.closed.closed_form import ClosedForm, Number, Ring, add_term
from cnncalc.arithmetic.closed.field import Field
from cnncalc.arithmetic.closed.letters_text import LettersWriter
from cnncalc.arithmetic.enclosure import FIRST_PRECISION, enclosure, sign, vanishes

PER_TERM = 100
"""What it costs to look whether a term belongs to the sum over a softmax."""
DEEPEST = 60
"""Functions of letters within each other: each is put in and looked through by calls within calls."""


class LettersField(Field):
    """The ring of one calculation with letters: a number may depend on what they are."""

    def __init__(self) -> None:
        super().__init__(largest_sum=None)
        self._open: dict[int, str | None] = {}
        """By atom a, or ~m of a monomial: a letter in it that has no value, or None."""
        self._lettered: dict[int, bool] = {}
        """By atom a, or ~m of a monomial: whether there are letters in it."""
        self._depth: list[int] = []
        """By atom: how many are within each other there."""
        # Each remembers what it has made of an atom.
        self.giving = _Substitution(lambda letter: letter.value)
        """Puts in the values of letters."""
        self.valuing = _Substitution(lambda letter: letter.definition if letter.value is None else letter.value)
        """The same, and what letters are short for."""
        self.signs: dict[int, int] = {}
        """By atom: the sign of what stands in it, whatever its letters are; 0 where it may have either."""

    def atom(self, atom: Atom) -> int:
        """Raises TooCostly where letters are nested too deep."""
        if atom not in self._atom_number:
            inside = atom.inside
            depth = 1 + max(map(self._depth_in, inside.terms if isinstance(inside, ClosedForm) else ()), default=0)
            if depth > DEEPEST and self.letters:
                raise TooCostly("functions of letters are nested too deep")
            self._depth.append(depth)
        return super().atom(atom)

    def _depth_in(self, number: int) -> int:
        monomial = self.monomials[number]
        depth = max((self._depth[index] for index, _ in monomial.powers), default=0)
        if isinstance(monomial.exponent, ClosedForm):
            depth = max(depth, 1 + max(map(self._depth_in, monomial.exponent.terms)))
        return depth

    def has_letters(self, x: Number) -> bool:
        """Those inside of functions included."""
        return self.letters > 0 and isinstance(x, ClosedForm) and any(map(self._has_letters, x.terms))

    def _has_letters(self, number: int) -> bool:
        if ~number not in self._lettered:
            monomial = self.monomials[number]
            atoms = [self.atoms[index] for index, _ in monomial.powers]
            self._lettered[~number] = self.has_letters(monomial.exponent) or any(
                atom.kind in ("letter", "general") or self.has_letters(atom.argument) for atom in atoms
            )
        return self._lettered[~number]

    def sign(self, x: ClosedForm) -> int:
        """By the letters' values, else by their being positive, else by algebra; raises OpenLetters."""
        if not has_letters(x):
            return super().sign(x)
        if self._open_letter(x) is None:
            ball = enclosure(x, FIRST_PRECISION)
            if ball > 0 or ball < 0:
                return 1 if ball > 0 else -1
        return sign_of_letters(x)

    def require_values(self, x: Number) -> None:
        """Raises OpenLetters where a letter has no value."""
        open_letter = self._open_letter(x) if self.letters else None
        if open_letter is not None:
            raise OpenLetters(f"depends on {open_letter}, a letter without a value")

    def valued(self, x: Number) -> Number:
        """The number that is left when each letter stands for its value; raises OpenLetters where one has none."""
        self.require_values(x)
        return partly_valued(x) if self.letters else x

    def _open_letter(self, x: Any) -> str | None:
        """A letter without a value; None where each has one, or is short for letters that have."""
        if not isinstance(x, ClosedForm):
            return None
        for m in x.terms:
            if (found := self._open_monomial(m)) is not None:
                return found
        return None

    def _open_monomial(self, number: int) -> str | None:
        if ~number not in self._open:
            monomial = self.monomials[number]
            found = self._open_letter(monomial.exponent)
            for index, _ in monomial.powers:
                found = found or self._open_atom(index)
            self._open[~number] = found
        return self._open[~number]

    def _open_atom(self, index: int) -> str | None:
        if index not in self._open:
            atom = self.atoms[index]
            is_open = atom.kind == "letter" and atom.inside is None
            self._open[index] = atom.symbol or (atom.argument.name if is_open else self._open_letter(atom.inside))
        return self._open[index]


def letters_in(x: Number) -> set[Letter]:
    """The letters of a number, those inside of functions included."""
    return set(_letters(x, set())) if isinstance(x, ClosedForm) and x.field.letters else set()


def has_letters(x: Number) -> bool:
    """Whether a number has any."""
    return isinstance(x, ClosedForm) and x.field.has_letters(x)


def lone_letter(x: Number) -> Letter | None:
    """The letter that a number is; None where it is anything else."""
    if not isinstance(x, ClosedForm) or len(x.terms) != 1:
        return None
    ((number, coefficient),) = x.terms.items()
    atom = x.field.lone_atom(number) if coefficient == 1 else None
    return atom.argument if atom is not None and atom.kind == "letter" else None


def _letters(x: Number, seen: set[int]) -> Iterator[Letter]:
    if not isinstance(x, ClosedForm):
        return
    for m in x.terms:
        monomial = x.field.monomials[m]
        yield from _letters(monomial.exponent, seen)
        for index, _ in monomial.powers:
            if index in seen:
                continue
            seen.add(index)
            atom = x.field.atoms[index]
            if atom.kind == "letter":
                yield atom.argument
            else:
                yield from _letters(atom.argument, seen)


def partly_valued(x: Number) -> Number:
    """The same with the values of those letters that have one, or are short for letters that do."""
    return _field_of(x).valuing.of(x) if isinstance(x, ClosedForm) else x


def defined(x: Number) -> Number:
    """The same number without the letters that are short for something."""
    return _Substitution(lambda letter: letter.definition).of(x)


def substituted(x: Number, values: Mapping[str, Number]) -> Number:
    """The same number with something else in the place of some letters, by their names."""
    return _Substitution(lambda letter: values.get(letter.name)).of(x)


class _Substitution:
    """Replaces letters, in functions too; each atom and each exponent is looked at once."""

    def __init__(self, replacement: Callable[[Letter], Number | None]) -> None:
        self._replacement = replacement
        self._known: dict[int, Number] = {}
        """By atom a, or by ~m of a monomial the exponential in it."""

    def of(self, x: Number) -> Number:
        if not isinstance(x, ClosedForm):
            return x
        field = _field_of(x)
        total: Number = fmpq(0)
        for m, coefficient in x.terms.items():
            monomial = field.monomials[m]
            term: Number = coefficient
            if monomial.exponent != 0:
                if ~m not in self._known:
                    self._known[~m] = field.exp(self.of(monomial.exponent))
                term = self._known[~m] * term
            for index, power in monomial.powers:
                base = self._atom(field, index)
                term = (base if power > 0 else field.reciprocal(base)) ** abs(power) * term
            total = term + total
        return total

    def _atom(self, field: Field, index: int) -> Number:
        if index not in self._known:
            self._known[index] = self._made(field, field.atoms[index])
        return self._known[index]

    def _made(self, field: Field, atom: Atom) -> Number:
        if atom.kind == "letter":
            replacement = self._replacement(atom.argument)
            # What a letter is short for may have letters of that kind itself.
            return field.of_atom(atom) if replacement is None else self.of(replacement)
        if atom.kind == "pi" or not isinstance(atom.argument, ClosedForm):
            return field.of_atom(atom)
        argument = self.of(atom.argument)
        if atom.kind == "definition":
            return argument
        if atom.kind == "general":
            return field.general(atom.symbol, argument)
        functions = {"root": field.sqrt, "log": field.log, "reciprocal": field.reciprocal}
        function = functions.get(atom.kind) or {"erf": field.erf, "sin": field.sin, "cos": field.cos}[atom.kind]
        return function(argument)


def sign_of_letters(x: ClosedForm) -> int:
    """-1, 0 or 1: by the letters' values, else by their being positive, else by algebra; raises OpenLetters."""
    known = _field_of(x).giving.of(x)
    if not has_letters(known):
        return sign(known)
    written_out = partly_valued(known)
    if not has_letters(written_out):
        return sign(written_out)
    found = _sign_of_terms(known) or _sign_of_terms(written_out)
    if found or vanishes(written_out):
        return found
    raise OpenLetters(f"whether {_shown(x)} is above 0 depends on {_first_open(known)}, a letter without a value")


def _first_open(x: Number) -> str:
    unknown = [letter for letter in letters_in(x) if letter.value is None]
    return min(unknown, key=lambda letter: letter.order).name if unknown else "a function that is left general"


def _sign_of_terms(x: Number) -> int:
    """The sign that all terms have in common; 0 where they have none."""
    assert isinstance(x, ClosedForm)
    common = 0
    for m, c in x.terms.items():
        sign = (_sign_of_monomial(_field_of(x), m) or 0) * (1 if c > 0 else -1)
        if not sign or sign == -common:
            return 0
        common = sign
    return common


def _shown(x: ClosedForm) -> str:
    text = LettersWriter((), "python").text(x) or "a long sum"
    return text if len(text) <= 60 else f"{text[:57]}…"


def _sign_of_monomial(field: LettersField, m: int) -> int | None:
    """1, or None where a factor may have either sign."""
    for index, power in field.monomials[m].powers:
        atom = field.atoms[index]
        if atom.kind == "letter" and not atom.argument.is_positive:
            return None
        if atom.kind in ("log", "general", *FUNCTIONS) or (
            atom.kind == "reciprocal" and power % 2 and _sign_of_atom(field, index) != 1
        ):
            return None
    return 1


def _sign_of_atom(field: LettersField, index: int) -> int:
    """The sign of what stands in an atom; 0 where it may have either."""
    if index not in field.signs:
        argument = field.atoms[index].argument
        try:
            found = sign_of_letters(argument) if isinstance(argument, ClosedForm) else int(argument > 0)
        except OpenLetters:
            found = 0
        field.signs[index] = found
    return field.signs[index]


def _field_of(x: ClosedForm) -> LettersField:
    """The field of a number with letters."""
    assert isinstance(x.field, LettersField)
    return x.field


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
        x.field.charge(PER_TERM * len(x.terms))
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
