"""Sums of letters as text that Python and SymPy can read: `w_2_2*x_1_1 + w_2_3*x_1_2`, in the order of indices."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from math import gcd, lcm
from typing import Any, TypeAlias

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from cnncalc.arithmetic.base import Labels, LettersStyle
from cnncalc.arithmetic.closed.atoms import Letter
from cnncalc.arithmetic.closed.closed_form import ONE, ClosedForm, Number, Ring
from cnncalc.arithmetic.closed.closed_form_text import Writer, joined, multiplied
from cnncalc.arithmetic.expression import GREEK, SUPERSCRIPTS, identifier

Factor: TypeAlias = tuple[fmpq_mpoly, int]
"""A polynomial, and how often it occurs in a product."""
LONGEST = 10**6
"""Characters of a sum that is still written."""
PER_CHARACTER = 10
"""What it costs that a character is written and shown."""
FACTORING = 200
"""What it costs to look for factors, for each term."""
MOST_TERMS, GROUP = 400, 100
"""Terms of a sum that Python reads without brackets, and of each part of a longer one."""
MOST_FACTORED = 64
"""Terms of a sum that people are shown as a product, where it is one and that is shorter."""
_BEHIND_LETTERS = 10**9
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_RAISED = str.maketrans("0123456789", SUPERSCRIPTS)


class LettersWriter(Writer):
    """Higher products first; factors and then terms by layer, from the last one to the first, and by index.

    Terms that share what is no product of letters (a root, a denominator) are put in brackets before it.
    """

    def __init__(self, labels: Labels, style: LettersStyle, limit: int = LONGEST) -> None:
        super().__init__([{identifier(text): element for text, element in sample.items()} for sample in labels], limit)
        self.style = style

    def text(self, x: Number, sample: int | None = None) -> str | None:
        """The number as text, None only where it would be longer than anybody can use."""
        text = super().text(x, sample)
        if text is None or self.style == "python":
            return text
        # Whoever shows it breaks it into lines.
        x.field.charge(PER_CHARACTER * len(text))
        return for_people(text)

    def _sum(self, x: Number) -> str:
        if not isinstance(x, ClosedForm) or not x.field.letters:
            return super()._sum(x)
        self._require_few(x)
        groups: dict[int, dict[int, Any]] = {}
        for m, coefficient in x.terms.items():
            plain, rest = _parted(x.field, m)
            groups.setdefault(rest, {})[plain] = coefficient
        if set(groups) == {ONE}:
            return self._of_letters(x)
        if len(groups) == len(x.terms):
            return super()._sum(x)
        parts = [self._group(x.field, rest, members) for rest, members in groups.items()]
        return self._joined(parts)

    def _group(self, field: Ring, rest: int, members: dict[int, Any]) -> str:
        whole, sign = ClosedForm(field, members), ""
        if rest == ONE:
            return super()._sum(whole)
        if len(members) == 1:
            ((plain, coefficient),) = members.items()
            return super()._sum(
                ClosedForm(field, {n: c * coefficient for n, c in field.monomial_product(plain, rest).items()})
            )
        around = super()._sum(field.form({rest: fmpq(1)}))
        if around.startswith("-"):
            whole, around = -whole, around[1:]
        if self.style != "python" and whole.terms.get(ONE, 0) < 0:
            whole, sign = -whole, "-"
        inside = super()._sum(whole)
        return f"{sign}({inside}){around[1:]}" if around.startswith("1/") else f"{sign}({inside})*{around}"

    def _scale(self, below: ClosedForm, coefficient: Any) -> int:
        """People write 1/(1 - h) rather than 1/(h - 1)."""
        return -1 if self.style != "python" and below.terms.get(ONE, 0) < 0 else 1

    def _of_letters(self, x: ClosedForm, in_parts: bool = True) -> str:
        """A polynomial for people: as a product, or as parts that are, where that is shorter: `w - 1/10·g·(1 - h)`."""
        text = super()._sum(x)
        if self.style == "python" or not 1 < len(x.terms) <= MOST_FACTORED:
            return text
        others = [self._as_parts(x), *self._as_steps(x)] if in_parts else []
        for other in (*others, self._as_product(x, in_parts)):
            if other is not None and len(other) <= len(text):
                text = other
        return text

    def _as_steps(self, x: ClosedForm) -> Iterator[str]:
        """One letter, and what is left as a product: `w - 1/10·(w·h - t)·h`."""
        for m, coefficient in x.terms.items():
            powers = x.field.monomials[m].powers
            if coefficient == 1 and len(powers) == 1 and powers[0][1] == 1 and len(x.terms) > 2:
                rest = self._as_product(_some(x, [other for other in x.terms if other != m]), in_parts=True)
                if rest is not None:
                    yield joined([super()._sum(_some(x, [m])), rest])

    def _as_parts(self, x: ClosedForm) -> str | None:
        """What hangs together by its letters; where all does, the terms with a letter of their own, and the rest."""
        field = x.field
        field.charge(FACTORING * len(x.terms))
        letters = {m: {index for index, _ in field.monomials[m].powers} for m in x.terms}
        parts: list[list[int]] = []
        for m in letters:
            touching = [part for part in parts if any(letters[m] & letters[n] for n in part)]
            parts = [part for part in parts if part not in touching] + [[*(n for part in touching for n in part), m]]
        plain, products = list[int](), list[list[int]]()
        alike: dict[Any, list[int]] = {}
        for part in parts:
            if len(part) == 1:
                alike.setdefault(abs(x.terms[part[0]]), []).extend(part)
            elif self._of_letters(_some(x, part), in_parts=False) != super()._sum(_some(x, part)):
                products.append(part)
            else:
                often = Counter(index for m in part for index in letters[m])
                own = [m for m in part if any(often[index] == 1 for index in letters[m])]
                plain += own
                products += [rest] if (rest := [m for m in part if m not in own]) else []
        for size, part in alike.items():
            if size == 1 or len(part) == 1:
                plain += part
            else:
                products.append(part)
        if len(products) + bool(plain) < 2:
            return None
        texts = [super()._sum(_some(x, plain))] if plain else []
        texts += [self._of_letters(_some(x, part)) for part in products]
        first = next((at for at, text in enumerate(texts) if not text.startswith("-")), 0)
        return joined([texts[first], *texts[:first], *texts[first + 1 :]])

    def _as_product(self, x: ClosedForm, in_parts: bool) -> str | None:
        """A polynomial as the product that it is, what is nearest to the loss in front: `g₁·(1 - h₁²)`."""
        field = x.field
        field.charge(FACTORING * len(x.terms))
        used = {index for m in x.terms for index, _ in field.monomials[m].powers}
        letters = sorted(used, key=lambda index: _order(field, index))
        context = fmpq_mpoly_ctx.get([f"x{index}" for index in letters], Ordering.lex)
        exponents = {m: dict(field.monomials[m].powers) for m in x.terms}
        polynomial = context.from_dict(
            {tuple(exponents[m].get(index, 0) for index in letters): c for m, c in x.terms.items()}
        )
        coefficient, factors = polynomial.factor()
        coefficient, found = _normalized(coefficient, factors)
        written = []
        for factor, power in sorted(found, key=lambda one: _place(one[0])):
            members = {}
            for monomial, c in factor.to_dict().items():
                powers = sorted((index, k) for index, k in zip(letters, monomial, strict=True) if k)
                members[field.monomial(fmpq(0), tuple(powers))] = c
            inside = ClosedForm(field, members)
            if in_parts and len(members) > 2 and power == 1:
                text, coefficient = self._in_brackets(inside, coefficient)
            else:
                text = super()._sum(inside)
            text = text if len(members) == 1 else f"({text})"
            written.append(text if power == 1 else f"{text}**{power}")
        is_mean = coefficient not in (1, -1) and {abs(c) for factor, _ in found for c in factor.coeffs()} == {1}
        is_product = len(written) > 1 or found[0][1] > 1 or is_mean
        return multiplied(coefficient, "*".join(written)) if is_product else None

    def _in_brackets(self, x: ClosedForm, coefficient: fmpq) -> tuple[str, fmpq]:
        """A sum that is a factor, and what is left of the number in front: a minus, or a fraction, may go into it."""
        text = min(filter(None, (self._as_parts(x), super()._sum(x))), key=len)
        if coefficient < 0 and (turned := self._as_parts(-x)) is not None and not turned.startswith("-"):
            text, coefficient = turned, -coefficient
        # (w - 1/10·g·x)·x rather than 1/10·(10·w - g·x)·x.
        whole = self._as_parts(x * coefficient) if coefficient.q != 1 else None
        is_shorter = whole is not None and not whole.startswith("-") and len(whole) <= len(f"{coefficient}*{text}")
        return (whole, fmpq(1)) if whole is not None and is_shorter else (text, coefficient)

    def _in_order(self, field: Ring, terms: dict[int, Any]) -> list[int]:
        return sorted(terms, key=lambda m: _key(field, m))

    def _factors(self, field: Ring, m: int) -> Sequence[tuple[int, int]]:
        return sorted(field.monomials[m].powers, key=lambda factor: _order(field, factor[0]))

    def _letter(self, letter: Letter) -> str:
        return letter.name if self.style == "python" else element_name(letter.tensor, letter.index)

    def _joined(self, parts: list[str]) -> str:
        """Python cannot read a sum of thousands of terms, but sums of such sums in brackets."""
        if self.style != "python" or len(parts) <= MOST_TERMS:
            return joined(parts)
        groups = [joined(parts[first : first + GROUP]) for first in range(0, len(parts), GROUP)]
        return self._joined([f"({group})" for group in groups])

    def _arrange(self, parts: list[str]) -> None:
        """The order of indices stays, whatever the signs; but people write 1 - h₁² rather than -h₁² + 1."""
        first, last = parts[0], parts[-1]
        if self.style != "python" and first.startswith("-") and last.replace("/", "").isdigit():
            parts.insert(0, parts.pop())


def _some(x: ClosedForm, terms: Iterable[int]) -> ClosedForm:
    return ClosedForm(x.field, {m: x.terms[m] for m in terms})


def _normalized(coefficient: fmpq, factors: Sequence[Factor]) -> tuple[fmpq, list[Factor]]:
    """Factors in whole numbers; those of one letter alone as one, (1 - h)·(1 + h) as 1 - h²; their constants positive.

    A minus that is left stands in front of the product, as people write -g·h·(1 - h); or it goes into a sum that is
    no derivative of a sigmoid or a tanh: (y - 1)·x, output less target.
    """
    of_one: dict[tuple[int, ...], int] = {}
    found: list[Factor] = []
    for factor, power in factors:
        whole = fmpq(lcm(*(int(c.q) for c in factor.coeffs())), gcd(*(int(c.p) for c in factor.coeffs())))
        coefficient /= whole**power
        own = _letters(factor)
        is_bracket = len(factor.coeffs()) > 1 and power == 1
        if is_bracket and len(own) == 1 and own in of_one:
            at = of_one[own]
            found[at] = found[at][0] * factor * whole, 1
            continue
        if is_bracket and len(own) == 1:
            of_one[own] = len(found)
        found.append((factor * whole, int(power)))
    for at, (factor, power) in enumerate(found):
        if power == 1 and factor.to_dict().get((0,) * len(factor.degrees()), 0) < 0:
            coefficient, found[at] = -coefficient, (-factor, 1)
    letters = {_places(one.monoms()[0])[0] for one, _ in found if len(one.coeffs()) == 1}
    turned = [
        at
        for at, (one, power) in enumerate(found)
        if power == 1 and (_is_negative(one) or (_is_difference(one) and letters.isdisjoint(_letters(one))))
    ]
    if coefficient < 0 and turned:
        coefficient, found[turned[-1]] = -coefficient, (-found[turned[-1]][0], 1)
    return coefficient, found


def _letters(factor: fmpq_mpoly) -> tuple[int, ...]:
    return tuple(place for place, degree in enumerate(factor.degrees()) if degree)


def _is_difference(factor: fmpq_mpoly) -> bool:
    """Whether it is a number less one letter."""
    return len(factor.coeffs()) == 2 and sum(factor.degrees()) == 1 and sum(c < 0 for c in factor.coeffs()) == 1


def _is_negative(factor: fmpq_mpoly) -> bool:
    """Whether it has more than two terms, and more of them are negative than positive."""
    signs = [coefficient < 0 for coefficient in factor.coeffs()]
    return len(signs) > 2 and 2 * sum(signs) > len(signs)


def _place(factor: fmpq_mpoly) -> tuple[int, bool, tuple[int, ...]]:
    """Where a factor stands: by its first letter, a sum of several letters in front of that letter alone."""
    first = min(map(_places, factor.monoms()))
    return first[0], sum(degree > 0 for degree in factor.degrees()) < 2, first


def _places(monomial: Sequence[int]) -> tuple[int, ...]:
    """Where the letters of a product stand, the first one first; a number stands behind all."""
    return tuple(place for place, power in enumerate(monomial) if power) or (len(monomial),)


def element_name(tensor: str, index: tuple[int, ...]) -> str:
    """`x₁₂`, `∂L/∂y₁₁`; `conv_1[1,12]` where small digits could be misread."""
    name = shown_name(tensor)
    name = re.sub(r"\bd(?=\w)", "∂", name) if "/" in name else name
    if not index:
        return name
    if name[-1].isalpha() and max(index) < 10:
        return name + "".join(map(str, index)).translate(_LOWERED)
    return f"{name}[{','.join(map(str, index))}]"


def shown_name(tensor: str) -> str:
    """A tensor's name with the Greek letter that it names: `dL/dα`."""
    gradient, over, letter = tensor.rpartition("/d")
    return gradient + over + GREEK.get(letter, letter)


def for_people(text: str) -> str:
    """`w₂₂*x₁₁**2` as `w₂₂·x₁₁²`."""
    text = re.sub(r"\*\*(\d+)", lambda power: power[1].translate(_RAISED), text)
    text = re.sub(r"\b(\w+)_prime\(", r"\1'(", text)
    text = re.sub(rf"\b({'|'.join(GREEK)})(?='?\()", lambda name: GREEK[name[1]], text)
    return text.replace("*", "·").replace("sqrt(", "√(")


def _parted(field: Ring, m: int) -> tuple[int, int]:
    """A monomial as a product of letters, and what is left of it."""
    monomial = field.monomials[m]
    plain = [(a, k) for a, k in monomial.powers if k > 0 and field.atoms[a].kind in ("letter", "general")]
    rest = [(a, k) for a, k in monomial.powers if (a, k) not in plain]
    if not rest and monomial.exponent == 0:
        return m, ONE
    return field.monomial(fmpq(0), tuple(plain)), field.monomial(monomial.exponent, tuple(rest))


def _order(field: Ring, index: int) -> tuple[Any, ...]:
    atom = field.atoms[index]
    if atom.kind == "general" and isinstance(atom.argument, ClosedForm):
        # A function stands where the first letter in it would; that of a sum of exponentials has none.
        inside = [_order(field, a) for m in atom.argument.terms for a, _ in field.monomials[m].powers]
        return min(inside, default=_behind_letters(index))
    return atom.argument.order if atom.kind == "letter" else _behind_letters(index)


def _behind_letters(index: int) -> tuple[Any, ...]:
    return _BEHIND_LETTERS, (index,), ""


def _key(field: Ring, m: int) -> tuple[Any, ...]:
    powers = field.monomials[m].powers
    degree = sum(power for _, power in powers if power > 0)
    orders = sorted(_order(field, index) for index, power in powers for _ in range(abs(power)))
    return -degree, orders, m
