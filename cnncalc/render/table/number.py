"""The one place where a number becomes text for people.

An integer stays as it is, so does a terminating decimal of few digits; a short fraction comes with its decimal;
anything else is rounded to the digits asked for, each of them proven where the arithmetic can prove it.
"""

import re
from collections.abc import Mapping
from dataclasses import field
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import Literal

from cnncalc.arithmetic.base import LEFT_OUT, Arithmetic, Element, Undecided
from cnncalc.records import Record

DEFAULT_DIGITS = 6
LONGEST_INTEGER = 30
"""An exact integer of more digits is rounded like any other long number."""
LONGEST_FRACTION = 7
"""Digits of numerator and denominator together, up to which a fraction is easier to read than its decimal."""
LONGEST_CLOSED_FORM = 60
LONGEST_TELLING_INTEGER, LONGEST_TELLING_FORM = 4, 24
"""A closed form with longer numbers in it, or without probabilities a longer one, says less than its decimal."""
SMALLEST_PLAIN_EXPONENT = -5


class Number(Record):
    """A number as text. Where `text` is a fraction, a closed form or a letter, `decimal` is its value."""

    text: str
    decimal: str | None = None
    rounded: bool = False
    """Whether `text` itself is rounded."""
    undecided: bool = False
    """Whether not all digits could be proven, so that a question mark stands in `text` for those that are missing."""
    letters: Mapping[str, tuple[str, tuple[int, ...]]] = field(default_factory=dict)
    """The unknowns in `text`, each as it is written there, with the tensor and the index that it stands for."""
    is_words: bool = False
    """Whether `text` is no number, but what somebody has typed."""
    decimal_rounded: bool = True
    """Whether `decimal` is rounded; the values of letters may be what they are."""

    @property
    def in_letters(self) -> bool:
        """Whether `text` is a letter, or a sum of letters."""
        return bool(self.letters)

    @property
    def sign(self) -> Literal["=", "≈"]:
        """What stands in front of `text`, where it stands for the number."""
        return "≈" if self.rounded else "="

    @property
    def decimal_sign(self) -> Literal["=", "≈"]:
        """What stands between `text` and `decimal`."""
        return "≈" if self.decimal_rounded else "="

    @property
    def plain(self) -> str:
        """A number alone: the decimal, where there is one."""
        return self.text if self.decimal is None else self.decimal

    @property
    def both(self) -> str:
        """The text, and its decimal where it has one."""
        return self.text if self.decimal is None else f"{self.text} {self.decimal_sign} {self.decimal}"


def describe(
    numbers: Arithmetic,
    element: Element,
    digits: int = DEFAULT_DIGITS,
    closed_form: str | None = None,
    longest: int | None = None,
) -> Number:
    """The text of one element; `closed_form`, for an irrational one, is shown in front of its decimal.

    Letters of more than `longest` characters are left out: only what they come to is shown, and LEFT_OUT if they are
    open.
    """
    letters = numbers.in_letters(element, longest=longest)
    if letters is not None:
        value = value_of_letters(numbers, element, digits)
        if letters == LEFT_OUT:
            return value or Number(LEFT_OUT)
        letters_of = numbers.letters_of(element)
        if value is None:
            return Number(letters, letters=letters_of)
        return Number(letters, value.text, letters=letters_of, decimal_rounded=value.rounded or value.undecided)
    if not numbers.proven:
        return _describe_double(float(element), digits)
    fraction = numbers.rational(element)
    if fraction is not None and fraction.denominator == 1 and _is_short(fraction.numerator, LONGEST_INTEGER):
        return Number(str(fraction.numerator))
    if fraction is not None:
        terminating = _terminating(fraction, digits)
        if terminating is not None:
            return Number(_write(terminating))
    try:
        rounded = _write_rounded(numbers.decimal(element, digits), digits)
    except Undecided as error:
        return _known(error, closed_form)
    if fraction is not None and _is_short(fraction.numerator * fraction.denominator, LONGEST_FRACTION + 1):
        text = f"{fraction.numerator}/{fraction.denominator}"
        if sum(map(str.isdigit, text)) <= LONGEST_FRACTION:
            return Number(text, decimal=rounded)
    if fraction is None and closed_form is not None and len(closed_form) <= LONGEST_CLOSED_FORM:
        return Number(_for_people(closed_form), decimal=rounded)
    return Number(rounded, rounded=True)


def value_of_letters(numbers: Arithmetic, element: Element, digits: int) -> Number | None:
    """What letters come to by their values; None where one has none, and where no digit of it is known."""
    try:
        known = numbers.put_in(element)
    except Undecided:
        pass
    else:
        return None if known is None else describe(numbers, known, digits)
    try:
        return Number(_write_rounded(numbers.decimal(element, digits), digits), rounded=True)
    except Undecided as error:
        return _known(error, None) if error.known else None


def _known(error: Undecided, closed_form: str | None) -> Number:
    """A number of which not all digits are known."""
    known = error.known or "?"
    if closed_form is not None:
        return Number(_for_people(closed_form), decimal=None if "?" in known else known)
    return Number(known, rounded="?" not in known, undecided="?" in known)


def is_telling(closed_form: str | None) -> bool:
    """Whether somebody would write it on a sheet: in the probabilities, or with small numbers alone."""
    if closed_form is None:
        return False
    longest = max(map(len, re.findall(r"\d+", closed_form)), default=0)
    return longest <= LONGEST_TELLING_INTEGER and ("[" in closed_form or len(closed_form) <= LONGEST_TELLING_FORM)


def _for_people(closed_form: str) -> str:
    """`1/4*log(5)**2`, which Python can read, as `1/4·log(5)^2`."""
    return closed_form.replace("**", "^").replace("*", "·")


def _describe_double(value: float, digits: int) -> Number:
    if value != value:
        return Number("?", undecided=True)
    if value in (float("inf"), float("-inf")):
        # Not infinity, but farther from 0 than any double.
        return Number("∞" if value > 0 else "-∞", rounded=True)
    # The shortest decimal that reads back as this double is what the person means by it: 0.1 is shown as 0.1.
    decimal = Decimal(repr(value)).normalize(Context(prec=20))
    if len(decimal.as_tuple().digits) <= digits or _is_whole(decimal):
        return Number(_write(decimal))
    return Number(_write_rounded(decimal, digits), rounded=True)


def _is_whole(decimal: Decimal) -> bool:
    # Beyond 2**53 a double is not the integer that it looks like, so those are rounded as all others are.
    return decimal == decimal.to_integral_value() and abs(decimal) <= 2**53


def _is_short(integer: int, digits: int) -> bool:
    # A comparison, for Python refuses to write out an integer of more than 4300 digits.
    return bool(abs(integer) < 10**digits)


def _terminating(fraction: Fraction, digits: int) -> Decimal | None:
    """The fraction as a decimal of at most `digits` significant digits, if it is exactly one."""
    context = Context(prec=digits, rounding=ROUND_HALF_UP, Emin=-999_999, Emax=999_999)
    # A denominator 2**a * 5**b needs max(a, b) places at least; a long one cannot have few digits.
    if fraction.denominator.bit_length() > 4 * digits + 400 or fraction.numerator.bit_length() > 4 * digits + 400:
        return None
    quotient = context.divide(Decimal(fraction.numerator), Decimal(fraction.denominator))
    return quotient.normalize(context) if Fraction(quotient) == fraction else None


def _write_rounded(decimal: Decimal, digits: int) -> str:
    """`decimal` with exactly `digits` significant digits: the zeros at its end say that it is rounded."""
    if not decimal:
        return "0"
    context = Context(prec=digits, rounding=ROUND_HALF_UP, Emin=MIN_EMIN, Emax=MAX_EMAX)
    shortened = context.plus(decimal)
    exponent = shortened.adjusted() - digits + 1
    padded = Context(prec=digits + 1, Emin=MIN_EMIN, Emax=MAX_EMAX).quantize(shortened, Decimal((0, (1,), exponent)))
    if exponent > 0 or padded.adjusted() < SMALLEST_PLAIN_EXPONENT:
        return _scientific(padded)
    return f"{padded:f}"


def _write(exact: Decimal) -> str:
    if not exact:
        return "0"
    if SMALLEST_PLAIN_EXPONENT <= exact.adjusted() < 21:
        return f"{exact:f}"
    return _scientific(exact)


def _scientific(decimal: Decimal) -> str:
    sign, figures, _ = decimal.as_tuple()
    first, *rest = map(str, figures)
    point = "." if rest else ""
    return f"{'-' if sign else ''}{first}{point}{''.join(rest)}e{decimal.adjusted()}"
