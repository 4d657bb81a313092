"""One element's working: the terms with letters, with numbers put in, the partial sums, the value."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import isclose, isfinite

import numpy as np

from cnncalc.arithmetic.base import LEFT_OUT as TOO_LONG
from cnncalc.arithmetic.base import Element, OutOfRange, Undecided
from cnncalc.explaining.explanation import Explanation, Group
from cnncalc.language import Phrase
from cnncalc.layers.base import Apply, Entry, Index, Term
from cnncalc.layers.evaluate import value as value_of
from cnncalc.records import dataclass, replace
from cnncalc.render.builders.step_names import step_names, symbols
from cnncalc.render.document import Line, Sign, Working
from cnncalc.render.formula.formula import TOKEN, Formula
from cnncalc.render.formula.formula_nodes import Node, macro
from cnncalc.render.formula.formula_text import text as formula_text
from cnncalc.render.formula.number_formula import decimal_formula, number_formula
from cnncalc.render.formula.term_formula import (
    LEFT_OUT,
    Operand,
    PlusMinus,
    Summand,
    Write,
    common_factor,
    guarded,
    number_operand,
    summands,
    without,
    worked_out,
    written,
)
from cnncalc.render.table.number import Number, describe, is_telling
from cnncalc.trace import Step, Tensor, Trace

LONGEST_LETTERS = 1000
"""Characters of a sum of letters in a working; the name of an element says more than a longer one."""
WIDEST_LINE = 76
MOST_TERMS_WITH_NUMBERS = 60
MOST_TERMS_WITH_LETTERS = 20
MOST_PRODUCTS = 12
MOST_GROUPS = 8
MADE = 1e-6
"""How far a sum of doubles may be from the value that it is said to make, as a part of that."""
SAMPLE = Phrase(en="sample {n}", zh="样本 {n}")
CHANNEL = Phrase(en="channel {c}", zh="通道 {c}")
OUTPUT_CHANNEL = Phrase(en="output channel {c}", zh="输出通道 {c}")
SAMPLE_AND = Phrase(en="sample {n}, {channel}", zh="样本 {n}，{channel}")
BIAS = Phrase(en="bias", zh="偏置")


Part = tuple[Phrase | None, tuple[Summand, ...]]


@dataclass(frozen=True)
class Sum:
    """A sum in parts, ready to be laid out: for each part its word and its summands."""

    parts: tuple[Part, ...]
    rounded: bool
    factor: str = ""
    """What the whole sum is multiplied by, with its sign."""
    has_gaps: bool = False
    """Whether a part that has no name of its own is too long to be written."""


@dataclass(frozen=True)
class Settled(Entry):
    """A sum inside of a term that has been worked out, in the place of the element that a term reads there."""

    number: Element = None
    is_exact: bool = True


class Elements:
    """Writes the elements of one trace. `everything` never shortens a sum."""

    def __init__(self, trace: Trace, digits: int, everything: bool = False) -> None:
        self.trace = trace
        self.digits = digits
        self.everything = everything
        self.base = trace.problem.index_base
        self.names: dict[str, str | Node] = {macro(name): name for name in trace.names}
        self.names |= symbols(trace)
        """What the macros stand for in all that has been written so far: tensors, and letters as they come up."""
        self.leaves_out = False
        """Whether a sum of letters was too long to be written, and nothing stands for it."""

    # Names

    def source(self, tensor: Tensor, index: Index | None = None) -> str:
        """An element, or with no index the tensor, as LaTeX for `Formula`."""
        below = ",".join(str(i + self.base) for i in index) if index else ""
        return rf"\{macro(tensor.name)}" + (f"_{{{below}}}" if below else "")

    def address(self, tensor: Tensor, index: Index) -> str:
        """An element as it is asked for: `dL/dh[1,2,3,1]`."""
        return tensor.name + (f"[{','.join(str(i + self.base) for i in index)}]" if index else "")

    def formula(self, source: str) -> Formula:
        """LaTeX with the macros of `source`, parsed."""
        return Formula(source, self.names)

    def with_macros(self, source: str, step: Step) -> str:
        """A formula of a step, its macros put in those that mean the same everywhere in the trace."""
        own = {f"\\{local}": node for local, node in step_names(self.trace, step).items()}
        known = {token: macro(f"{step.name} {token}") for token in TOKEN.findall(source) if token in own}
        self.names.update({known[token]: own[token] for token in known})
        return "".join(f"\\{known[token]}" if token in known else token for token in TOKEN.findall(source))

    # Numbers

    def number(self, element: Element) -> Number:
        """An element as text; letters as far as somebody may want to read them."""
        return self.described(element, None)

    def described(self, element: Element, closed_form: str | None) -> Number:
        """The same with its closed form, if it has one."""
        longest = None if self.everything else LONGEST_LETTERS
        number = describe(self.trace.numbers, element, self.digits, closed_form, longest)
        self.leaves_out = self.leaves_out or number.text == TOO_LONG
        return number

    def number_source(self, number: Number) -> str:
        """A number as LaTeX; what its macros stand for is kept in `names`."""
        formula = number_formula(number)
        self.names.update(formula.names)
        return formula.source

    def value(self, tensor: Tensor, index: Index) -> Number:
        """An element as text, with its closed form where it is irrational and has a short one."""
        element = tensor.elements[index]
        closed = None
        numbers = self.trace.numbers
        if numbers.proven and not numbers.letters_of(element) and numbers.rational(element) is None:
            try:
                closed = tensor.closed_form(index)
            except Undecided:
                closed = None
            closed = closed if is_telling(closed) else None
        return self.described(element, closed)

    # Workings

    def working(self, explanation: Explanation, letters: bool = True, left: bool = True) -> Working:
        """The steps from the terms to the value; a line that says no more than the one before it is left out.

        They read as a proof: what is equal comes first, and behind the first ≈ everything is rounded.
        """
        equal: list[Line] = []
        near: list[Line] = []
        said: list[str] = []
        for one in self.sums(explanation, letters):
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
            exact = Line("=", self.number_source(value))
            self.end(equal, exact)
            if near or value.decimal is not None:
                self.end(near, last if value.decimal_sign == "≈" or near else replace(last, sign="="))
        else:
            self.number_source(value)
            self.end(near, last)
        name = self.source(explanation.tensor, explanation.index)
        return Working(name if left else "", (*equal, *near), self.names)

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

    def sums(self, explanation: Explanation, letters: bool) -> Iterator[Sum]:
        """The sum with letters, with numbers, of the products, of the groups: those that are worth a line."""
        groups = explanation.groups
        if not groups:
            return
        if letters:
            yield self.sum_of(explanation, groups, numbers=False)
        if self.is_made_otherwise(explanation):
            return
        yield self.sum_of(explanation, groups, numbers=True)
        terms = explanation.terms
        if len(terms) <= MOST_PRODUCTS:
            settled = [self.settled(term, explanation) for term in terms]
            if settled != terms:
                total = self.sum_of(explanation, (Group(tuple(settled)),), numbers=True)
                exact = not self.number(explanation.value).rounded
                if not (exact and total.rounded):
                    yield total
        if len(groups) > 1:
            yield from self.totals(explanation, [list(group.terms) for group in groups], MOST_GROUPS)
        elif self.is_worth_products(groups[0].terms):
            yield from self.totals(explanation, [[term] for term in groups[0].terms], MOST_PRODUCTS)

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
            return Settled("", (), number)
        worked = worked_out(terms, lambda entry: self.as_fraction(explanation, entry))
        return Settled("", (), number, worked == Fraction(shown.text))

    def sum_of(self, explanation: Explanation, groups: Sequence[Group], numbers: bool) -> Sum:
        """All terms, with the names or the numbers of what they read."""
        rounded = has_gaps = False

        def write(entry: Entry) -> Operand:
            nonlocal rounded, has_gaps
            if not numbers and not isinstance(entry, Settled):
                read = explanation.read(entry)
                return Operand(self.source(read.tensor, read.index))
            if isinstance(entry, Settled):
                number = self.number(entry.number)
                rounded = rounded or number.rounded or not entry.is_exact
                has_gaps = has_gaps or number.text == TOO_LONG
                return number_operand(number, self.number_source(number))
            read = explanation.read(entry)
            number = self.number(read.value)
            if number.text == TOO_LONG:
                return Operand(self.source(read.tensor, read.index))
            rounded = rounded or number.rounded
            return number_operand(number, self.number_source(number))

        terms = [term for group in groups for term in group.terms]
        shared = common_factor(terms)
        factor = written(list(summands([shared], write))) if shared else ""
        most = MOST_TERMS_WITH_NUMBERS if numbers else MOST_TERMS_WITH_LETTERS
        shorten = not self.everything and len(terms) > most
        parts: list[Part] = []
        for group in groups:
            members = [without(term, shared) for term in group.terms] if shared else list(group.terms)
            parts.append((self.label(group, len(groups)), tuple(self.few(members, write, shorten, numbers))))
        return Sum(tuple(self.few_parts(parts)), rounded, factor, has_gaps)

    def few(self, terms: list[Term], write: Write, shorten: bool, numbers: bool) -> Iterator[Summand]:
        """The summands, of a long sum the first and the last."""
        first, last = (6, 2) if numbers else (3, 1)
        if not shorten or len(terms) <= first + last + 1:
            yield from summands(terms, write)
            return
        yield from summands(terms[:first], write)
        yield LEFT_OUT
        yield from summands(terms[-last:], write)

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
        self, explanation: Explanation, parts: Sequence[Sequence[Term]], shared: Term | None, most: int
    ) -> Sum:
        """The values of the parts, added up and multiplied by what they share."""
        made = [Term((self.settled_sum(terms, explanation),)) for terms in parts]
        rounded = has_gaps = False

        def write(entry: Entry) -> Operand:
            nonlocal rounded, has_gaps
            number = self.number(entry.number if isinstance(entry, Settled) else explanation.read(entry).value)
            rounded = rounded or number.rounded or (isinstance(entry, Settled) and not entry.is_exact)
            has_gaps = has_gaps or number.text == TOO_LONG
            return number_operand(number, self.number_source(number))

        items = list(summands(made, write))
        if len(items) > most and not self.everything:
            items = [*items[:4], LEFT_OUT, *items[-2:]]
        factor = written(list(summands([shared], write))) if shared else ""
        return Sum(((None, tuple(items)),), rounded, factor, has_gaps)

    def label(self, group: Group, count: int) -> Phrase | None:
        """What the terms of a group have in common, where there are several."""
        if count < 2:
            return None
        if group.lead is None:
            return BIAS
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
        is_one = len(total.parts) == 1 and len(total.parts[0][1]) == 1 and not total.parts[0][1][0].own_minus
        front = f"{total.factor} \\cdot {'' if is_one else '('}" if total.factor else ""
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
        first = total.parts[0][1][0]
        for number, (mark, right, label) in enumerate(lines):
            if number == 0:
                # In front of everything a number's own minus needs no parentheses.
                minus = "-" if mark == "-" else ""
                bare = right.replace(guarded(first), first.source, 1) if not minus else right
                right = front + minus + bare
            if front.endswith("(") and number == len(lines) - 1:
                right += ")"
            yield Line(mark if number else sign, right, label)

    def text(self, source: str) -> str:
        """LaTeX as a reader of a terminal sees it: what looks alike there says the same."""
        return " ".join(formula_text(self.formula(source)))

    def width(self, source: str) -> int:
        """Roughly what a piece takes, with its sign."""
        return len(self.text(source)) + 3
