"""One element's working: the terms with letters, with numbers put in, the partial sums, the value."""

import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isclose, isfinite

import numpy as np

from cnncalc.arithmetic.base import LEFT_OUT as TOO_LONG
from cnncalc.arithmetic.base import OutOfRange
from cnncalc.explaining import Explanation, Group
from cnncalc.language import Phrase
from cnncalc.layers.base import Apply, Entry, Term
from cnncalc.layers.evaluate import Settled
from cnncalc.layers.evaluate import value as value_of
from cnncalc.records import Record, replace
from cnncalc.render.builders.naming import Naming
from cnncalc.render.builders.workings import Style, Writer
from cnncalc.render.document import Line, Sign, Working
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.formula.term_formula import (
    LEFT_OUT,
    PlusMinus,
    Summand,
    Write,
    common_factor,
    decimal_formula,
    first_source,
    guarded,
    number_formula,
    summands,
    without,
    worked_out,
    written,
)
from cnncalc.render.table.number import Number

WIDEST_LINE = 76
MOST_TERMS = 20, 60
MOST_TERMS_IN_BRIEF = 5, 20
"""Of a sum with letters, and with numbers put in: the terms of a longer one are not all shown."""
MOST_IN_GROUPS = 5, 40
"""Of such a sum in a brief solution: of a longer one it is not shown what each channel begins with."""
MOST_PRODUCTS = 12
PER_CHARACTER = 40
"""What it costs that a character of a working is written, laid out and shown."""
MOST_GROUPS = 8
MADE = 1e-6
"""How far a sum of doubles may be from the value that it is said to make, as a part of that."""
SAMPLE = Phrase("sample {n}")
CHANNEL = Phrase("channel {c}")
OUTPUT_CHANNEL = Phrase("output channel {c}")
SAMPLE_AND = Phrase("sample {n}, {channel}")
BIAS = Phrase("bias")
ZERO_TERMS = Phrase("+ {count} terms that are 0")
ZERO_PART = Phrase("{count} terms that are 0")
ALL_ZERO_TERMS = Phrase("all {count} terms are 0")
ZERO_FACTOR = Phrase("a factor is 0")
LONG_SUM, FEWEST_ZEROS = 7, 2
"""Terms of a sum, and terms of it that are 0, from which on those are counted and not written."""

Part = tuple[Phrase | None, tuple[Summand, ...]]


class Sum(Record):
    """A sum in parts, ready to be laid out: for each part its word and its summands."""

    parts: tuple[Part, ...]
    rounded: bool
    factor: str = ""
    """What the whole sum is multiplied by, with its sign."""
    has_gaps: bool = False
    """Whether a part that has no name of its own is too long to be written."""
    left_out: Phrase | None = None
    """What is said at its end of terms that are not written, since they are 0."""


def is_of_products(terms: Sequence[Term]) -> bool:
    """Whether nothing but elements is multiplied in a sum: what is left to be done with its numbers is plain."""
    return all(isinstance(factor, Entry) for term in terms for factor in term.factors)


class Elements(Naming):
    """Writes the elements of one trace, step by step. `everything` never shortens a sum."""

    is_brief = False
    """Whether the sum with letters is only begun."""
    counts_zeros = False
    """Whether terms of a long sum that are 0 are counted, and not written."""
    shows_products_once = False
    """Whether it is shown of the first element alone what the products of its sum come to."""

    # Workings

    def working(
        self, explanation: Explanation, letters: bool = True, left: bool = True, compared: Sequence[Entry | None] = ()
    ) -> Working:
        """The steps from the terms to the value; a line that says no more than the one before it is left out.

        They read as a proof: what is equal comes first, and behind the first ≈ everything is rounded. `compared` is of
        what the element is the largest, or the smallest; None stands for 0.
        """
        equal: list[Line] = []
        near: list[Line] = []
        said: list[str] = []
        sums = self.maxima(explanation, compared, letters) if compared else self.sums(explanation, letters)
        for one in sums:
            if one.has_gaps:
                continue
            lines = near if near or one.rounded else equal
            step = list(self.laid_out(one, "≈" if lines is near else "="))
            before, said = said, [self.text(line.right) for line in step]
            if said != before:
                lines.extend(step)
        value = self.value(explanation.tensor, explanation.index)
        nearly = decimal_formula(value) or number_formula(value)
        self.names.update(nearly.names)
        last = Line("≈", nearly.source)
        if self.is_exact(value, explanation):
            self.end(equal, Line("=", self.number_source(value)))
            if near or value.decimal is not None:
                self.end(near, last if value.decimal_sign == "≈" or near else replace(last, sign="="))
        else:
            self.number_source(value)
            self.end(near, last)
        self.trace.numbers.charge(PER_CHARACTER * sum(len(line.right) for line in (*equal, *near)))
        name = self.source(explanation.tensor, explanation.index)
        flows = self.is_brief or (self.shows_products_once and not letters)
        return Working(name if left else "", (*equal, *near), self.names, flows=flows)

    def end(self, lines: list[Line], last: Line) -> None:
        """Put the last line behind the others, unless the one before it says the same."""
        if not (lines and lines[-1].sign == last.sign and self.text(lines[-1].right) == self.text(last.right)):
            lines.append(last)

    def is_exact(self, value: Number, explanation: Explanation) -> bool:
        """Whether the value is what is shown; a double that looks so may have been rounded on the way to it."""
        if self.trace.numbers.proven or value.rounded or value.undecided or not explanation.terms:
            return value.sign == "=" and not value.undecided
        return worked_out(explanation.terms, lambda entry: self.as_fraction(explanation, entry)) == Fraction(value.text)

    def as_fraction(self, explanation: Explanation, entry: Entry) -> Fraction | None:
        """The number that stands for an entry, if it is what is shown."""
        number = self.number(explanation.read(entry).value)
        return None if number.rounded or number.undecided else Fraction(number.text)

    def maxima(self, explanation: Explanation, compared: Sequence[Entry | None], letters: bool) -> Iterator[Sum]:
        """The largest of some elements, or the smallest, with their names and with their numbers."""
        read = [None if entry is None else explanation.read(entry) for entry in compared]
        word = "min" if explanation.step is not None and explanation.step.layer.type == "minimum" else "max"

        def chosen(sources: Sequence[str]) -> str:
            return rf"\{word}({', '.join(sources)})"

        names = ["0" if one is None else self.source(one.tensor, one.index) for one in read]
        if letters:
            yield Sum(((None, (Summand("+", chosen(names)),)),), rounded=False)
        numbers = [None if one is None else self.number(one.value) for one in read]
        if any(number is not None and number.text == TOO_LONG for number in numbers):
            return
        sources = ["0" if number is None else self.number_source(number) for number in numbers]
        rounded = any(number is not None and number.rounded for number in numbers)
        # Of 0 and a number below it the larger one is 0, and not near to it.
        is_zero = None in compared and bool(self.trace.numbers.is_known_equal(explanation.value, 0))
        yield Sum(((None, (Summand("+", chosen(sources)),)),), rounded and not is_zero)

    def sums(self, explanation: Explanation, letters: bool) -> Iterator[Sum]:
        """The sum with letters, with numbers, of the products, of the groups: those that are worth a line."""
        groups = explanation.groups
        if not groups:
            return
        if letters:
            yield self.sum_of(explanation, self.joined(groups, numbers=False), numbers=False)
        if self.is_made_otherwise(explanation):
            return
        groups, zeros = self.without_zeros(explanation)
        if not groups:
            yield Sum(((ALL_ZERO_TERMS.format(count=zeros), (Summand("+", "0"),)),), rounded=False)
            return
        total = self.sum_of(explanation, self.joined(groups, numbers=True), numbers=True, zeros=zeros)
        terms = [term for group in groups for term in group.terms]
        if total.rounded and all(self.is_zero(term, explanation) for term in terms):
            # Nothing is only near to it.
            said = ALL_ZERO_TERMS.format(count=len(terms)) if len(terms) > 1 else ZERO_FACTOR
            yield Sum(((said, (Summand("+", "0"),)),), rounded=False)
            return
        yield total
        is_seen = self.shows_products_once and not letters and is_of_products(terms)
        if len(terms) <= MOST_PRODUCTS and not is_seen:
            settled = [self.settled(term, explanation) for term in terms]
            if settled != terms:
                total = self.sum_of(explanation, (Group(tuple(settled)),), numbers=True)
                exact = not self.number(explanation.value).rounded
                if not (exact and total.rounded):
                    yield total
        if len(groups) > 1:
            yield from self.totals(explanation, [list(group.terms) for group in groups], MOST_GROUPS)
        elif not is_seen and self.is_worth_products(groups[0].terms):
            yield from self.totals(explanation, [[term] for term in groups[0].terms], MOST_PRODUCTS)

    def joined(self, groups: Sequence[Group], numbers: bool) -> Sequence[Group]:
        """The groups as one where a brief solution only begins the sum: it would begin each of them."""
        terms = tuple(term for group in groups for term in group.terms)
        return (Group(terms),) if self.is_brief and len(terms) > MOST_IN_GROUPS[numbers] else groups

    def without_zeros(self, explanation: Explanation) -> tuple[tuple[Group, ...], int]:
        """The parts of a long sum without the terms that are 0, and how many of those there are."""
        is_zero = {term: self.is_zero(term, explanation) for term in explanation.terms}
        count = sum(is_zero[term] for term in explanation.terms)
        if not self.counts_zeros or len(explanation.terms) < LONG_SUM or count < FEWEST_ZEROS:
            return explanation.groups, 0
        kept = (replace(group, terms=tuple(t for t in group.terms if not is_zero[t])) for group in explanation.groups)
        return tuple(group for group in kept if group.terms), count

    def is_zero(self, term: Term, explanation: Explanation) -> bool:
        """Whether a factor of the term is known to be 0."""
        read = (explanation.read(factor).value for factor in term.factors if isinstance(factor, Entry))
        return any(bool(self.trace.numbers.is_known_equal(value, 0)) for value in read)

    def is_made_otherwise(self, explanation: Explanation) -> bool:
        """Whether the numbers that are shown do not make the value: 1 − y where y is 1 to every digit of a double."""
        if not self.trace.numbers.saturates or explanation.step is None:
            return False
        try:
            with np.errstate(all="ignore"):
                made = value_of(explanation.terms, self.trace.numbers, explanation.step.tensors)
        except OutOfRange:
            return True
        value = float(explanation.value)
        return not (isfinite(value) and isclose(made, value, rel_tol=MADE, abs_tol=sys.float_info.min))

    def is_worth_products(self, terms: Sequence[Term]) -> bool:
        """Few terms, of which some have something to be multiplied out."""
        if not 2 <= len(terms) <= MOST_PRODUCTS:
            return False
        return any(
            len(term.factors) > 1 or term.coefficient not in (1, -1) or not isinstance(term.factors[0], Entry)
            for term in terms
            if term.factors
        )

    def settled(self, term: Term, explanation: Explanation) -> Term:
        """The term with each sum inside of it worked out."""
        return Term(tuple(self.settled_factor(factor, explanation) for factor in term.factors), term.coefficient)

    def settled_factor(self, factor: Entry | Apply, explanation: Explanation) -> Entry | Apply:
        """The factor with each sum inside of it worked out."""
        if not isinstance(factor, Apply):
            return factor
        if len(factor.terms) == 1:
            return Apply(factor.function, (self.settled(factor.terms[0], explanation),))
        made = self.settled_sum(factor.terms, explanation)
        return made if factor.function == "sum" else Apply(factor.function, (Term((made,)),))

    def settled_sum(self, terms: Sequence[Term], explanation: Explanation) -> Settled:
        """What some terms come to, and whether it is what is shown."""
        assert explanation.step is not None
        number = value_of(terms, self.trace.numbers, explanation.step.tensors)
        shown = self.number(number)
        if self.trace.numbers.proven or shown.rounded or shown.undecided:
            return Settled(number)
        worked = worked_out(terms, lambda entry: self.as_fraction(explanation, entry))
        return Settled(number, worked == Fraction(shown.text))

    def sum_of(
        self, explanation: Explanation, groups: Sequence[Group], numbers: bool, zeros: int = 0, style: Style = None
    ) -> Sum:
        """All terms, with names or with numbers for what they read; `zeros` more are 0; `style` as in `Writer`."""
        write = Writer(self, explanation, numbers, style)
        terms = [term for group in groups for term in group.terms]
        shared = common_factor(terms)
        factor = written(list(summands([shared], write))) if shared else ""
        most = MOST_TERMS_IN_BRIEF if self.is_brief else MOST_TERMS
        shorten = not self.everything and len(terms) > most[numbers]
        parts: list[Part] = []
        for group in groups:
            members = [without(term, shared) for term in group.terms] if shared else list(group.terms)
            parts.append((self.label(group, len(groups)), tuple(self.few(members, write, shorten, numbers))))
        if write.better is not None:
            return self.sum_of(explanation, groups, numbers, zeros, write.better)
        is_parted = any(label is not None for label, _ in parts)
        if zeros and is_parted:
            parts.append((ZERO_PART.format(count=zeros), (Summand("+", "0"),)))
        left_out = ZERO_TERMS.format(count=zeros) if zeros and not is_parted else None
        return Sum(tuple(self.few_parts(parts)), write.rounded, factor, write.has_gaps, left_out)

    def few(self, terms: list[Term], write: Write, shorten: bool, numbers: bool) -> Iterator[Summand]:
        """The summands, of a long sum the first and the last."""
        first, last = (6, 2) if numbers else (2, 1) if self.is_brief else (3, 1)
        # What is in parentheses is one term, however long it is.
        inside = None if self.everything else MOST_TERMS[numbers]
        if not shorten or len(terms) <= first + last + 1:
            yield from summands(terms, write, inside)
            return
        yield from summands(terms[:first], write, inside)
        yield LEFT_OUT
        yield from summands(terms[-last:], write, inside)

    def few_parts(self, parts: Sequence[Part]) -> Sequence[Part]:
        """The parts, of many the first and the last."""
        if self.everything or len(parts) <= MOST_GROUPS:
            return parts
        return [*parts[:3], (None, (LEFT_OUT,)), *parts[-2:]]

    def totals(self, explanation: Explanation, parts: Sequence[Sequence[Term]], most: int) -> Iterator[Sum]:
        """What each part comes to; where all terms share a factor, that times the sum of the rest too."""
        shared = common_factor([term for terms in parts for term in terms])
        bare = [[without(term, shared) for term in terms] for terms in parts] if shared else parts
        shared = self.settled(shared, explanation) if shared else None
        yield self.sum_of_values(explanation, bare, shared, most)
        if shared is not None and len(parts) > 1:
            yield self.sum_of_values(explanation, [[term for terms in bare for term in terms]], shared, most)

    def sum_of_values(
        self, explanation: Explanation, parts: Sequence[Sequence[Term]], shared: Term | None, most: int,
        style: Style = None,
    ) -> Sum:  # fmt: skip
        """The values of the parts, added up and multiplied by what they share; `style` as in `Writer`."""
        write = Writer(self, explanation, numbers=True, style=style)
        items = list(summands([Term((self.settled_sum(terms, explanation),)) for terms in parts], write))
        if len(items) > most and not self.everything:
            items = [*items[:4], LEFT_OUT, *items[-2:]]
        factor = written(list(summands([shared], write))) if shared else ""
        if write.better is not None:
            return self.sum_of_values(explanation, parts, shared, most, write.better)
        return Sum(((None, tuple(items)),), write.rounded, factor, write.has_gaps)

    def label(self, group: Group, count: int) -> Phrase | None:
        """What the terms of a group have in common, where there are several."""
        if count < 2:
            return None
        if group.lead is None:
            # What reads neither x nor g is a bias, or only a number.
            factors = (factor for term in group.terms for factor in term.factors)
            return BIAS if any(isinstance(one, Entry) and one.tensor == "bias" for one in factors) else None
        sample, *channel = (i + self.base for i in group.lead.index)
        shows_sample = 0 in group.varies
        if 1 in group.varies and channel:
            # A gradient that comes back comes from the channels of the output.
            phrase = (OUTPUT_CHANNEL if group.lead.tensor == "g" else CHANNEL).format(c=channel[0])
            return SAMPLE_AND.format(n=sample, channel=phrase) if shows_sample else phrase
        return SAMPLE.format(n=sample)

    # Lines

    def laid_out(self, total: Sum, sign: Sign) -> Iterator[Line]:
        """Lines no wider than the page: a new one for each part, and where a part is too long."""
        first, is_only = total.parts[0][1][0], sum(len(items) for _, items in total.parts) == 1
        front = f"{total.factor} \\cdot {'' if is_only and not first.alone else '('}" if total.factor else ""
        lines: list[tuple[PlusMinus, str, Phrase | None]] = []
        width = self.width(total.factor) if total.factor else 0
        for label, items in total.parts:
            for number, (mark, piece) in enumerate(piece for item in items for piece in item.pieces()):
                wide = self.width(piece)
                if number == 0 or width + wide > WIDEST_LINE:
                    lines.append((mark, piece, label if number == 0 else None))
                    width = wide + (width if len(lines) == 1 else 0)
                else:
                    lines[-1] = (lines[-1][0], f"{lines[-1][1]} {mark} {piece}", lines[-1][2])
                    width += wide
        for number, (mark, right, label) in enumerate(lines):
            if number == 0:
                # In front of everything a number's own minus needs no parentheses.
                minus = "-" if mark == "-" else ""
                bare = right.replace(guarded(first), first_source(first, is_only), 1) if not minus else right
                right = front + minus + bare
            if front.endswith("(") and number == len(lines) - 1:
                right += ")"
            is_end = total.left_out is not None and number == len(lines) - 1
            yield Line(mark if number else sign, right, total.left_out if is_end else label, is_aside_last=is_end)

    def text(self, source: str) -> str:
        """LaTeX as a reader of a terminal sees it: what looks alike there says the same."""
        if source not in self._texts:
            self._texts[source] = " ".join(formula_text(self.formula(source)))
        return self._texts[source]

    def width(self, source: str) -> int:
        """Roughly what a piece takes, with its sign."""
        return len(self.text(source)) + 3
