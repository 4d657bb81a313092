"""One cell of an answer sheet: what the student wrote there, and which number that is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import inf, nan
from typing import Literal, overload

import numpy as np

from cnncalc.arithmetic.base import Array
from cnncalc.arithmetic.expression import Literal as Number
from cnncalc.problem.number.folding import NumberFault
from cnncalc.problem.number.numbers import LONGEST, read_number
from cnncalc.problem.tensor.typed import Where
from cnncalc.records import Record, replace

DIGITS_OF_A_DOUBLE = 15
FEWEST_PLACES = 2
"""Behind the point, from which on a number is seen to be rounded."""
_WRITTEN_FOR_NOTHING = r"? ？ ~ null None … ... …… - – — _ / n/a N/A \cdots \ldots \dots"
_MISSING = frozenset(["", *_WRITTEN_FOR_NOTHING.split()])
_LAST = re.compile(r"[=＝≈≃≅]>?|^(?:→|⇒|->|∴)|\\approx(?![a-z])|\\simeq(?![a-z])")
"""`L = -ln(0.2) ≈ 1.61`: what stands behind the last of these is the answer."""
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺−–", "0123456789-+--")
_DECIMAL = r"([-+−]?\s*(?:\d+(?:\.\d+)?|\.\d+))"
_POWER = r"(?:(?:\^|\*\*|ˆ)\s*[{(]?\s*([-+−–]?\s*\d{1,3})\s*[})]?|([⁻⁺]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}))"
_TIMES = r"\s*(?:[×xX*·⋅∙•✕]|\\times|\\cdot)\s*"
_TIMES_TEN = re.compile(rf"{_DECIMAL}{_TIMES}10\s*{_POWER}")
_LOST_POWER = re.compile(rf"{_DECIMAL}\s*[×x·]\s*10([-−–]\d{{1,2}})")
"""`1.23×10-4`, whose exponent has come down in copying: nobody writes a difference so."""
_SPLIT_POWER = re.compile(rf"{_DECIMAL}\s*[eE]\s*([-+−–]?\s*\d{{1,3}})")
_AROUND = tuple(map(re.compile, (
    r"\${1,2}([^$]*)\${1,2}", r"\\\((.*)\\\)", r"\\\[(.*)\\\]", r"`+([^`]*)`+",
    r"\*{1,2}([^*]*)\*{1,2}", r"_+([^_]*)_+",
    r"\[\s*([^\[\],;]+?)\s*\](?:\s*\^\s*\{?\s*(?:T|\\top)\s*\}?|ᵀ|\.T|')?", r"[“\"‘'「]([^“”\"‘’'「」]*)[”\"’'」]",
    r"[【｛{]([^{}]*)[】｝}]", r"\\(?:boxed|underline|num|mathbf|textbf|text|mathrm)\{([^{}]*)\}",
    r"(?:(?:np|torch|tf|jnp)\.)?(?:[aA]rray|[tT]ensor|asarray|DeviceArray)\(([^(),]*)(?:,.*)?\)",
    r"<tf\.Tensor:[^<>]*\bnumpy=([^<>]*)>",
)))  # fmt: skip
"""What may stand around a number without a meaning of its own."""
_LABEL = re.compile(r"^[^\d.=:：+\-−√½⅓¼()]{1,40}[:：]\s*(?=\S)")
_ABOUT = re.compile(
    r"(?i)^(?:约(?:等于|为)?|大约|近似|[~∼≈≒≃≅]|\\approx(?![a-z])|approx\.?|about|ca\.?|circa)\s*(?=[-+−\d.√($\\])"
)
_REMARK = re.compile(
    r"(?<=[\d)}%])\s*[(（](?:[^()（）]*(?:[一-鿿]|\b(?!ln|log|exp|sqrt|pi|tanh|sigmoid)[A-Za-z]{2,}|[sd]\.\s?[fp])"
    r"|\s*[≈≒≃])[^()（）]*[)）]$|[≈≒≃]$|\s*[✓✔√!！]+$"
)
_MINUS = re.compile(r"(?i)^(?:minus|negative)\s+(?=[\d.])")
_OUTSIDE = re.compile(r"^[-−–]\s*\$([^$]*)\$$")
_RECTIFIED = re.compile(r"(?:\\?max\s*[({]\s*0\s*,|(?i:relu)\s*\()\s*([-+−\d][^,(){}]*)[)}]")
"""`max(0, 1.5)`, `ReLU(-3)`."""
_TWICE = re.compile(r"(\S.*?)\s+[(（\[]([^()（）\[\]]+(?:\([^()]*\))?)[)）\]]")
"""`1/3 (0.333)`: one number in two ways."""
_PERCENT = re.compile(rf"{_DECIMAL}\s*(?:\\?[%％]|per\s?cent\b)", re.IGNORECASE)
_MIXED = re.compile(r"(\d+)\s*\\[dt]?frac\s*\{?(\d+?)\}?\s*\{?(\d+)\}?")
_BEHIND = re.compile(r"(?<=[\d)}])\s*(?:nats?|…|\.\.\.|\\[lc]?dots|[。；;，,])$")
_POINT = re.compile(r"(\.\d+)[.fF]$")


class Given(Record):
    """A cell as typed. `number` is None where it is missing or cannot be read; then `fault` says why."""

    text: str
    number: Number | None = None
    fault: NumberFault | None = None
    is_double: bool = False
    """Whether it is a double, and not text."""
    slack: Fraction = Fraction(0)
    """How far off the binary format may be in which a program computed it; 0 for what somebody wrote."""
    shown: int = 0
    """Significant digits that its places are worth beside the larger numbers that were printed together with it."""

    @property
    def status(self) -> Literal["number", "missing", "unreadable"]:
        """Whether there is a number in it."""
        if self.number is not None:
            return "number"
        return "unreadable" if self.fault else "missing"

    @property
    def is_computed(self) -> bool:
        """Whether it comes from a program: a double, or the fifteen digits and more that one is printed with.

        The last of those are chance; where they show a narrower format, its `slack` says how many are.
        """
        is_long = isinstance(self.number, Decimal) and self.significant >= DIGITS_OF_A_DOUBLE
        return self.is_double or (is_long and not self.slack)

    @cached_property
    def places(self) -> int | None:
        """Digits behind the point, as typed; None for what is no decimal."""
        return -int(self.number.as_tuple().exponent) if isinstance(self.number, Decimal) else None

    @cached_property
    def significant(self) -> int:
        """Significant digits, as typed; a zero has none."""
        if isinstance(self.number, Decimal):
            return len(self.number.as_tuple().digits) if self.number else 0
        return len(str(abs(self.number))) if isinstance(self.number, int) and self.number else 0

    @property
    def telling_digits(self) -> float:
        """Digits that tell it from other numbers: the zeros behind a whole number are none; any of an expression."""
        if isinstance(self.number, Decimal):
            return self.significant
        if isinstance(self.number, int | Fraction):
            return sum(len(str(abs(part)).rstrip("0")) for part in self.number.as_integer_ratio() if part != 1)
        return inf

    @cached_property
    def half_unit(self) -> Fraction:
        """Half a unit of the last place, decimal and binary; 0 for what is no decimal."""
        if not isinstance(self.number, Decimal):
            return Fraction(0)
        return Fraction(10) ** int(self.number.as_tuple().exponent) / 2 + self.slack

    def printed_to(self, slack: Fraction) -> Given:
        """The same, from a program whose format may be so far off; each is made once."""
        if slack not in self._printed:
            self._printed[slack] = replace(self, slack=slack)
        return self._printed[slack]

    @cached_property
    def _printed(self) -> dict[Fraction, Given]:
        return {}

    @cached_property
    def double(self) -> float:
        """The double nearest to the number; NaN for an expression and for none."""
        return _double(self.number) if isinstance(self.number, int | Decimal | Fraction) else nan

    @cached_property
    def half(self) -> float:
        """Half a unit of the last place as a double."""
        if not isinstance(self.number, Decimal):
            return 0.0
        return float(f"5e{int(self.number.as_tuple().exponent) - 1}") + float(self.slack)

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
    """The cells of an answer in flat order; among decimals, 0 stands for 0.0000 with as many places as most have."""
    if entries.dtype != object:
        return DoubleCells(entries)
    cells: list[Given] = entries.ravel().tolist()
    places = Counter(given.places for given in cells if given.places is not None)
    usual, count = max(places.items(), key=lambda pair: pair[::-1], default=(0, 0))
    if usual < FEWEST_PLACES or max(places) > usual or 2 * count <= places.total():
        return cells
    zero = Decimal(0).scaleb(-usual)
    return [replace(given, number=zero) if given.number == 0 and given.places is None else given for given in cells]


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
    """The cell: as the grammar of numbers has it, or as people write it around a number."""
    if text in _MISSING:
        return Given(text)
    if len(text) > LONGEST:
        return _number(text, text, latex)  # what is too long for a number is not searched for one
    answer = _bare(text)
    if answer.endswith(")") and answer.count(")") > answer.count("("):
        answer = answer[:-1].strip()  # `-1/3 (≈ -0.333)`
    scientific = _TIMES_TEN.fullmatch(answer)
    power = _LOST_POWER.fullmatch(answer) or _SPLIT_POWER.fullmatch(answer)
    percent = _PERCENT.fullmatch(answer)
    mixed = _MIXED.fullmatch(answer)
    rectified, twice = _RECTIFIED.fullmatch(answer), _TWICE.fullmatch(answer)
    if rectified:
        given = _read(rectified[1], latex)
        return replace(given, text=text, number=0 if given.bounds and given.bounds[1] < 0 else given.number)
    if twice:
        first, second = (_read(part, latex) for part in twice.groups())
        if _agree(first, second):
            return replace(first, text=text)
    if scientific or power or percent:
        found = scientific or power or percent
        exponent = "-2" if percent else (scientific[2] or scientific[3]) if scientific else power[2]  # type: ignore[index]
        written = f"{found[1]}e{exponent}".translate(_SUPERSCRIPTS)  # type: ignore[index]
        return _number(text, written.replace(" ", ""), latex=False)
    if mixed:
        return _number(text, f"{mixed[1]} + {mixed[2]}/{mixed[3]}", latex=False)
    return _number(text, answer, latex)


def _agree(first: Given, second: Given) -> bool:
    """Whether two are one number, as far as their digits go: `1/3 (0.333)`."""
    if first.bounds is None or second.bounds is None:
        return False
    return abs(first.bounds[0] - second.bounds[0]) <= max(first.half_unit, second.half_unit)


def _bare(text: str) -> str:
    """Without what stands around a number, before it and behind it; of several that are equal, the last one."""
    before = ""
    while text != before:
        before = text
        text = _POINT.sub(r"\1", _BEHIND.sub("", _REMARK.sub("", text.rstrip()))).strip()
        found = next((found for around in _AROUND if (found := around.fullmatch(text))), None)
        text = (found[1] if found else _LAST.split(text)[-1]).strip()
        text = _ABOUT.sub("", _LABEL.sub("", _MINUS.sub("-", _OUTSIDE.sub(r"-\1", text))))
    return text


def _number(text: str, number: str, latex: bool) -> Given:
    try:
        return Given(text, read_number(number, latex))
    except NumberFault as fault:
        return Given(text, fault=fault)
