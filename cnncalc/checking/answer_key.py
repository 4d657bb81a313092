"""The solution that answers are compared with, and what each cell that anybody writes is worth."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import isfinite, isinf
from typing import Any

import numpy as np

from cnncalc.arithmetic.ball import Ball
from cnncalc.arithmetic.base import Array, Doubles, Integers, Undecided
from cnncalc.checking.carried import Truth
from cnncalc.checking.given import DoubleCells, Given
from cnncalc.checking.in_doubles import Noise
from cnncalc.checking.in_letters import InLetters, has_letters
from cnncalc.checking.rule import EXACT, OF_A_DOUBLE, ROUGHLY, Bounds, CellVerdict, Rule
from cnncalc.checking.sheets.written_otherwise import SizesInLetters
from cnncalc.trace import Tensor, Trace

DIGITS = 10
"""Of an expected number that is neither short nor in closed form."""
LONGEST_DECIMAL = 15
LONGEST_FRACTION = 1000
"""Bits above or below its stroke, beyond which ten digits say more."""
BITS_OF_A_DOUBLE = 53
LAST_BIT = 2.0**-BITS_OF_A_DOUBLE
BEYOND = Fraction(2**65536)
"""Larger than any number that can be typed."""
ZERO: Bounds = (Fraction(0), Fraction(0))


class AnswerKey:
    """The solution that sheets are compared with, and the rule by which; it remembers what no student changes."""

    def __init__(self, trace: Trace, rule: Rule) -> None:
        self.trace = trace
        self.rule = rule
        self.truth = Truth(trace)
        self.balls: Ball = self.truth.balls
        self._expected: dict[str, Expected] = {}
        self._noises: dict[int, Noise] = {}
        self.letters: InLetters | SizesInLetters | None = None
        """Where answers may be in letters."""
        if trace.numbers.stands_for_letters and trace.problem.blanks:
            self.letters = SizesInLetters(trace)
        elif trace.problem.has_letters and not trace.problem.blanks:
            self.letters = InLetters(trace)

    def noise(self, bits: int) -> Noise:
        """What a program leaves of the true numbers that computes with so many bits."""
        return self._noises.setdefault(bits, Noise(self.truth, bits))

    def expected(self, name: str) -> Expected:
        """A tensor as it should be."""
        if name not in self._expected:
            self._expected[name] = Expected(self.trace[name], self)
        return self._expected[name]


class Expected:
    """A tensor of the solution; verdicts are remembered, since many students write the same."""

    def __init__(self, tensor: Tensor, key: AnswerKey) -> None:
        self.tensor = tensor
        self.shape = tensor.shape
        self.balls = key.balls
        self.rule = key.rule
        self._key = key
        self.letters = key.letters
        self.undecided: set[int] = set()
        """The elements that some cell is equal to as far as can be told, in letters."""
        self._index_base = key.trace.problem.index_base
        self._elements = list(tensor.elements.ravel().tolist())
        self._bounds: dict[int, Bounds] = {}
        self._verdicts: dict[tuple[int, str, int | None, bool, int, int, int], CellVerdict] = {}

    @cached_property
    def enclosed(self) -> Array:
        """The elements as balls, in the tensor's shape."""
        return self.balls.enclose(self.tensor.elements)

    @cached_property
    def is_zero(self) -> bool:
        """Whether every element is 0."""
        return all(self.bounds(at) == ZERO for at in range(len(self._elements)))

    def bounds_of_ball(self, at: int) -> Bounds | None:
        """The bounds of the element as a ball."""
        return self.balls.bounds(self.balls.enclose(np.asarray([self._elements[at]], dtype=object)))[0]

    def bounds(self, at: int) -> Bounds:
        """The least and the greatest value that the element may have; `at` counts through the flat tensor."""
        known = self._bounds.get(at)
        if known is None:
            known = self._bounds[at] = self._bounds_of(at, self._elements[at])
        return known

    def _bounds_of(self, at: int, element: Any) -> Bounds:
        if isinstance(element, float) and isinf(element):
            return _beyond_typing(element < 0)
        if isinstance(element, float):
            near = OF_A_DOUBLE * max(Fraction(1), abs(Fraction(element)))
            return Fraction(element) - near, Fraction(element) + near
        rational = self.tensor.numbers.rational(element)
        if rational is not None:
            return rational, rational
        bounds = self.bounds_of_ball(at)
        return self._bounds_without_ball(element) if bounds is None else bounds

    def _bounds_without_ball(self, element: Any) -> Bounds:
        """Of e^(10^300), say: of its double, or beyond all that can be typed."""
        numbers = self.tensor.numbers
        double = float(numbers.to_float(np.asarray([element], dtype=object))[0])
        if isfinite(double):
            return Fraction(double) * (1 - OF_A_DOUBLE), Fraction(double) * (1 + OF_A_DOUBLE)
        try:
            is_negative = not numbers.is_greater(np.asarray([element], dtype=object), 0)[0]
        except Undecided:
            is_negative = False
        return _beyond_typing(is_negative)

    def judge(self, at: int, given: Given) -> CellVerdict:
        """What a cell is."""
        if given.status != "number":
            return CellVerdict.MISSING if given.status == "missing" else CellVerdict.UNREADABLE
        # The parts of the fraction: its own hash takes as long as all else here.
        key = (at, given.text, given.places, given.is_computed, given.shown, *given.slack.as_integer_ratio())
        known = self._verdicts.get(key)
        if known is None:
            known = self._in_letters(at, given) or self.rule.at_a_glance(given, self._doubles[at])
            known = self._verdicts[key] = known or self._closely(at, given)
        return known

    def _in_letters(self, at: int, given: Given) -> CellVerdict | None:
        """By algebra, where the cell or the element has letters in it that stand for any number; None else."""
        if self.letters is None or given.number is None:
            return None
        is_open = self.tensor.numbers.stands_for_letters and self.letters.has_letters(self.tensor.name, at)
        if not is_open and not has_letters(given):
            return None
        is_equal = self.letters.is_equal(given.number, self.tensor.name, at)
        if is_equal is None and (is_equal := self.is_exactly(at, given)):
            self.undecided.add(at)
        return CellVerdict.RIGHT if is_equal else CellVerdict.WRONG

    def judge_doubles(self, positions: Integers, cells: DoubleCells) -> list[CellVerdict]:
        """What each of many cells is that come from a program: near the true number, far from it, or looked at."""
        true = np.asarray(self._doubles)[positions]
        size = np.maximum(1.0, np.abs(true))
        distance = np.abs(cells.values - true)
        is_near = distance <= float(OF_A_DOUBLE) / 2 * size
        is_far = self.rule.is_far(distance, cells.halves, true) & np.isfinite(cells.values)
        verdicts = [CellVerdict.RIGHT if near else CellVerdict.WRONG for near in is_near.tolist()]
        for at in np.flatnonzero(~(is_near | is_far)).tolist():
            verdicts[at] = self.judge(int(positions[at]), cells[at])
        return verdicts

    def _closely(self, at: int, given: Given) -> CellVerdict:
        typed = given.bounds
        if typed is None:
            return CellVerdict.WRONG
        if self._is_saturated(at, given):
            return CellVerdict.RIGHT
        proof = (lambda: self._is_equal(at, given)) if self.tensor.numbers.proven else None
        verdict = self.rule.judge(given, typed, self.bounds(at), proof)
        return CellVerdict.RIGHT if verdict is CellVerdict.WRONG and self._is_noise(at, given) else verdict

    def noise(self, bits: int) -> Doubles:
        """How far off a program may be that computes with so many bits, flat."""
        return self._key.noise(bits).of(self.tensor.name)

    def _is_noise(self, at: int, given: Given) -> bool:
        """Whether nothing but the last bits of doubles, of which some other number is made, tells a decimal from this.

        What everybody computes with; where 1 − p is all that is asked for, hardly a digit of it is left.
        """
        distance = abs(given.double - self._doubles[at])
        if not isinstance(given.number, Decimal) or not distance <= ROUGHLY * max(1.0, abs(self._doubles[at])):
            return False
        return distance <= given.half + float(self.noise(BITS_OF_A_DOUBLE)[at])

    def _is_saturated(self, at: int, given: Given) -> bool:
        """Whether a typed 0, 1 or 1/2 stands for an irrational number so near that no double of that size lies between.

        So are the probabilities of a softmax whose logits are far apart: 1 and 0 to every digit that anybody writes.
        """
        double, typed, numbers = self._doubles[at], given.number, self.tensor.numbers
        if not isinstance(typed, int | Decimal | Fraction) or not numbers.proven:
            return False
        if numbers.rational(self._elements[at]) is not None:
            return False
        if typed == double or (typed == 0 and abs(double) < self._vanishing):
            return True
        # 0.7 for 0.7 - 1e-40, a weight after a step; a fraction that is only a good approximation is further off.
        number = Fraction(typed)
        return all(abs(bound - number) <= EXACT * abs(number) for bound in self.bounds(at))

    @cached_property
    def _doubles(self) -> list[float]:
        doubles: list[float] = self.tensor.value.ravel().tolist()
        return doubles

    @cached_property
    def _vanishing(self) -> float:
        """What is nothing beside 1, or beside the largest element if that is less.

        Beside 1 all the same where doubles leave nothing of the tensor, as behind a saturated layer: p − 1 is 0 for all
        who take p for the 1 it is to every digit.
        """
        largest = max((abs(double) for double in self._doubles if isfinite(double)), default=0.0)
        is_lost = 0 < largest < LAST_BIT and largest <= float(self.noise(BITS_OF_A_DOUBLE).max())
        return LAST_BIT * (1.0 if is_lost else min(1.0, largest))

    def is_exactly(self, at: int, given: Given) -> bool:
        """Whether the cell is the element itself, and not only its rounded value."""
        if abs(given.double - self._doubles[at]) > ROUGHLY * max(1.0, abs(self._doubles[at])):
            return False
        typed = given.bounds
        true = self.bounds(at)
        return typed is not None and typed[0] <= true[1] and typed[1] >= true[0]

    def _is_equal(self, at: int, given: Given) -> bool:
        """Proven equality of a typed expression and an irrational element."""
        numbers = self.tensor.numbers
        try:
            typed = numbers.array(np.asarray([given.number], dtype=object))
            return bool(numbers.is_equal(typed, np.asarray([self._elements[at]], dtype=typed.dtype))[0])
        except Undecided:
            # Equal to forty digits, and nothing says that they differ.
            return True
        except ArithmeticError:
            return False

    def index(self, at: int) -> tuple[int, ...]:
        """The index of an element as a reader counts it."""
        return tuple(int(i) + self._index_base for i in np.unravel_index(at, self.shape)) if self.shape else ()

    def text(self, at: int) -> str:
        """The element as one would write it: `-78.4`, `1/3`, `log(5)`, or a decimal of ten digits."""
        numbers, element = self.tensor.numbers, self._elements[at]
        if numbers.stands_for_letters and self.letters is not None:
            index = tuple(map(int, np.unravel_index(at, self.shape)))
            if (written := self.letters.text(self.tensor.name, index)) is not None:
                return written
        if isinstance(element, float):
            return f"{element:.{DIGITS}g}".replace("inf", "∞")
        rational = numbers.rational(element)
        if rational is not None and max(map(int.bit_length, rational.as_integer_ratio())) < LONGEST_FRACTION:
            return _rational_text(rational)
        closed = self.tensor.closed_form(tuple(map(int, np.unravel_index(at, self.shape))))
        if rational is None and closed is not None:
            return closed
        try:
            return f"{numbers.decimal(element, DIGITS)}"
        except Undecided as error:
            return error.known or "?"


def _beyond_typing(is_negative: bool) -> Bounds:
    return (-2 * BEYOND, -BEYOND) if is_negative else (BEYOND, 2 * BEYOND)


def _rational_text(rational: Fraction) -> str:
    denominator = rational.denominator
    if denominator == 1:
        return str(rational)
    places = 0
    while places < LONGEST_DECIMAL and 10**places % denominator:
        places += 1
    if 10**places % denominator:
        return str(rational)
    digits = str(abs(rational.numerator) * (10**places // denominator)).rjust(places + 1, "0")
    return f"{'-' if rational < 0 else ''}{digits[:-places]}.{digits[-places:]}"
