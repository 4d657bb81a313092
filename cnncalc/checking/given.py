"""One cell of an answer sheet: what the student wrote there, and which number that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import inf, nan
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from cnncalc.arithmetic.expression import Literal as Number
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.number_faults import SIGNS
from cnncalc.problem.number.numbers import read_number
from cnncalc.records import dataclass

if TYPE_CHECKING:
    from cnncalc.arithmetic.base import Array
    from cnncalc.problem.tensor.typed import Where

DIGITS_OF_A_DOUBLE = 15
_WRITTEN_FOR_NOTHING = r"? ？ ~ null None … ... …… - – — _ / n/a N/A \cdots \ldots \dots"
_MISSING = frozenset(["", *_WRITTEN_FOR_NOTHING.split()])
_LAST = re.compile(r"[=＝≈≃≅]|\\approx(?![a-z])|\\simeq(?![a-z])")
"""`L = -ln(0.2) ≈ 1.61`: what stands behind the last of these is the answer."""
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_TRANSLATION = str.maketrans({**SIGNS, "\u3000": " "}) | _FULL_WIDTH
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = r"(?:\^|\*\*)\s*[{(]?\s*([-+−]?\d{1,3})\s*[})]?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})"
_TIMES_TEN = re.compile(rf"([-+−]?\d*\.?\d+)\s*(?:×|x|\*|·|⋅|\\times|\\cdot)\s*10\s*(?:{_POWER})")
_LOST_POWER = re.compile(r"([-+−]?\d*\.?\d+)×10([-−]\d{1,2})")
"""`1.23×10-4`, whose exponent has come down in copying: nobody writes a difference so."""
_SPLIT_POWER = re.compile(r"([-+−]?\d*\.?\d+)\s+([eE][-+−]?\d{1,3})")
_MATHEMATICS = re.compile(r"\${1,2}(.*?)\${1,2}|\\\((.*)\\\)|\\\[(.*)\\\]")
_ONE_IN_BRACKETS = re.compile(r"\[\s*([^\[\],;]+?)\s*\](?:\s*\^\s*\{?\s*(?:T|\\top)\s*\}?|ᵀ|')?")
_ABOUT = re.compile(r"(?i)^(?:约为?|大约|近似|~|∼|approx\.?|about|ca\.?|circa)\s*(?=[-+−\d.√(])")
_VULGAR = re.compile("([½⅓⅔¼¾⅕⅖⅗⅘⅙⅚⅐⅛⅜⅝⅞⅑⅒])\\s*(?=π|pi|√|sqrt)")
_PERCENT = re.compile(r"([-+−]?\d*\.?\d+)\s*\\?%")
_MIXED = re.compile(r"(\d+)\s*\\[dt]?frac\s*\{?(\d+?)\}?\s*\{?(\d+)\}?")
_UNIT = re.compile(r"(?<=[\d)])\s*(?:nats?|…|\.\.\.)$")
_LOGARITHM = re.compile(r"(?i)\blog_(?:\{e\}|e)(?=\s*[\d(])|\bln(?=\b|\d|\()")
_BARE_ROOT = re.compile(r"√\s*(\d+(?:\.\d+)?)")
_TIMES_ROOT = re.compile(r"(?<=[\d)])\s*(?=√)")
_TIMES_PI = re.compile(r"(?<=\d)\s*(?=pi\b)")
_BARE_FUNCTION = re.compile(r"\b(?:(ln)\s*|(log|exp|sqrt)\s+)(\d+(?:\.\d+)?(?:/\d+)?|e\b|pi\b)")


@dataclass(frozen=True)
class Given:
    """A cell as typed. `number` is None where it is missing or cannot be read; then `fault` says why."""

    text: str
    number: Number | None = None
    fault: NumberFault | None = None
    is_double: bool = False
    """Whether it is a double, and not text."""

    @property
    def status(self) -> Literal["number", "missing", "unreadable"]:
        """Whether there is a number in it."""
        if self.number is not None:
            return "number"
        return "unreadable" if self.fault else "missing"

    @property
    def is_computed(self) -> bool:
        """Whether it comes from a program: a double, or the fifteen digits and more that one is printed with.

        The last of those are chance.
        """
        return self.is_double or (isinstance(self.number, Decimal) and self.significant >= DIGITS_OF_A_DOUBLE)

    @property
    def places(self) -> int | None:
        """Digits behind the point, as typed; None for what is no decimal."""
        return -int(self.number.as_tuple().exponent) if isinstance(self.number, Decimal) else None

    @cached_property
    def significant(self) -> int:
        """Significant digits, as typed; a zero has none."""
        if isinstance(self.number, Decimal):
            return len(self.number.as_tuple().digits) if self.number else 0
        return len(str(abs(self.number))) if isinstance(self.number, int) and self.number else 0

    @cached_property
    def half_unit(self) -> Fraction:
        """Half a unit of the last place; 0 for what is no decimal."""
        return Fraction(0) if self.places is None else Fraction(10) ** -self.places / 2

    @cached_property
    def double(self) -> float:
        """The double nearest to the number; NaN for an expression and for none."""
        return _double(self.number) if isinstance(self.number, int | Decimal | Fraction) else nan

    @cached_property
    def half(self) -> float:
        """Half a unit of the last place as a double."""
        return _double(self.half_unit)

    @cached_property
    def bounds(self) -> tuple[Fraction, Fraction] | None:
        """The number as typed, between bounds that are equal unless it is an expression; None where it has no value."""
        if self.number is None:
            return None
        if isinstance(self.number, int | Decimal | Fraction):
            return Fraction(self.number), Fraction(self.number)
        from cnncalc.arithmetic.ball import Ball

        balls = Ball()
        try:
            with balls.precision():
                return balls.bounds(balls.array(np.asarray([self.number], dtype=object)))[0]
        except ArithmeticError:
            return None


def _double(number: int | Decimal | Fraction) -> float:
    try:
        return float(number)
    except OverflowError:
        return inf if number > 0 else -inf


def computed(value: float) -> Given:
    """A double from a program."""
    text = repr(float(value))
    try:
        return Given(text, Decimal(text) if "n" not in text else read_number(text), is_double=True)
    except NumberFault as fault:
        return Given(text, fault=fault)


class DoubleCells(Sequence[Given]):
    """The cells of an array of doubles from a program or its file; each is made when it is asked for."""

    def __init__(self, values: Array) -> None:
        self.values = np.asarray(values, np.float64).ravel()

    def __len__(self) -> int:
        return self.values.size

    @cached_property
    def texts(self) -> list[str]:
        """As Python writes them."""
        return list(map(repr, self.values.tolist()))

    @cached_property
    def halves(self) -> Array:
        """Half a unit of each number's last place, as Python writes it."""
        return np.asarray([_half(text) for text in self.texts])

    @overload
    def __getitem__(self, at: int) -> Given: ...

    @overload
    def __getitem__(self, at: slice) -> Sequence[Given]: ...

    def __getitem__(self, at: int | slice) -> Given | Sequence[Given]:
        return DoubleCells(self.values[at]) if isinstance(at, slice) else computed(float(self.values[at]))


def _half(text: str) -> float:
    """Of a double as Python writes it; 0 for none that is a number."""
    if "n" in text:
        return 0.0
    mantissa, _, exponent = text.partition("e")
    return 0.5 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def cells_of(entries: Array) -> Sequence[Given]:
    """The cells of an answer in flat order."""
    return entries.ravel().tolist() if entries.dtype == object else DoubleCells(entries)


class AnswerCells:
    """Reads the cells of an answer sheet; whatever stands there costs that cell alone."""

    has_blanks = False
    """A `?` is an answer that is missing, and the others in its tensor are answers."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bool], Given] = {}

    def read(self, text: str, where: Where, latex: bool = False, inside: str = "") -> Given:
        """The cell; the same text is read once."""
        key = (text, latex)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = _read(text.strip(), latex)
        return known


def _read(text: str, latex: bool) -> Given:
    """The cell: as the grammar of numbers has it, or as people write it by hand."""
    if text in _MISSING:
        return Given(text)
    answer = _UNIT.sub("", _LAST.split(_bare(text))[-1].strip())
    if answer.endswith(")") and answer.count(")") > answer.count("("):
        answer = answer[:-1].strip()  # `-1/3 (≈ -0.333)`
    power = _LOST_POWER.fullmatch(answer) or _SPLIT_POWER.fullmatch(answer)
    if power:
        return _number(text, f"{power[1]}e{power[2].lstrip('eE')}".replace("−", "-"), latex=False)
    scientific = _TIMES_TEN.fullmatch(answer)
    percent = _PERCENT.fullmatch(answer)
    mixed = _MIXED.fullmatch(answer)
    if scientific:
        exponent = scientific[2] or scientific[3].translate(_SUPERSCRIPTS)
        return _number(text, f"{scientific[1]}e{exponent}".replace("−", "-"), latex=False)
    if percent:
        return _number(text, f"{percent[1]}e-2".replace("−", "-"), latex=False)
    if mixed:
        return _number(text, f"{mixed[1]} + {mixed[2]}/{mixed[3]}", latex=False)
    given = _number(text, answer, latex)
    plain = _plain(answer)
    return given if given.fault is None or plain == answer else _number(text, plain, latex)


def _bare(text: str) -> str:
    """Without what stands around a number: signs of mathematics, brackets of one, `about`."""
    for around in (_MATHEMATICS, _ONE_IN_BRACKETS):
        found = around.fullmatch(text)
        if found:
            text = next(part for part in found.groups() if part is not None).strip()
    return _ABOUT.sub("", text)


def _number(text: str, number: str, latex: bool) -> Given:
    try:
        return Given(text, read_number(number, latex))
    except NumberFault as fault:
        return Given(text, fault=fault)


def _plain(text: str) -> str:
    """What people write by hand in the grammar of numbers: `ln 5`, `e^2`, `√2`, `３．５`."""
    text = _VULGAR.sub(r"\1*", text.replace("根号", "√")).translate(_TRANSLATION)
    text = _TIMES_ROOT.sub("*", text).replace("√(", "sqrt(")
    text = _TIMES_PI.sub("*", _BARE_ROOT.sub(r"sqrt(\1)", text))
    text = _LOGARITHM.sub("ln", text)
    return _BARE_FUNCTION.sub(lambda found: f"{found[1] or found[2]}({found[3]})", text)
