"""A cell as students type it: which number it is, with how many places and digits."""

from __future__ import annotations

from fractions import Fraction
from math import e, log, pi, sqrt

import pytest

from cnncalc.checking.given import AnswerCells, Given
from cnncalc.problem.text.faults import Place


def read(text: str, latex: bool = False) -> Given:
    return AnswerCells().read(text, lambda: Place(1, 1), latex)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("98", Fraction(98)),
        ("-22", Fraction(-22)),
        ("+3", Fraction(3)),
        ("0.20", Fraction(1, 5)),
        (".5", Fraction(1, 2)),
        ("1/3", Fraction(1, 3)),
        ("-1 / 3", Fraction(-1, 3)),
        ("1e-3", Fraction(1, 1000)),
        ("≈ 0.33", Fraction(33, 100)),
        ("＝３．５", Fraction(7, 2)),
        ("−4", Fraction(-4)),
        ("½", Fraction(1, 2)),
        ("2×3", Fraction(6)),
        ("3²", Fraction(9)),
        ("L = 1.5", Fraction(3, 2)),
        ("3/2 ≈ 1.50", Fraction(3, 2)),
        ("1.5 nats", Fraction(3, 2)),
        ("1.25 × 10^2", Fraction(125)),
        ("1.25×10⁻²", Fraction(1, 80)),
        ("1.25×10-2", Fraction(1, 80)),
        ("1.25 e-2", Fraction(1, 80)),
        ("$$0.0125$$", Fraction(1, 80)),
        ("[0.0125]^T", Fraction(1, 80)),
        ("约 0.0125", Fraction(1, 80)),
        ("~0.0125", Fraction(1, 80)),
        ("1/80 (≈ 0.0125)", Fraction(1, 80)),
        (r"1.25 \times 10^{-2}", Fraction(1, 80)),
        ("12.5%", Fraction(1, 8)),
        (r"1\frac12", Fraction(3, 2)),
        ("0.125…", Fraction(1, 8)),
    ],
)
def test_rational(text: str, number: Fraction) -> None:
    given = read(text)
    assert given.status == "number"
    assert given.bounds == (number, number)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-log(0.2)", log(5)),
        ("ln 5", log(5)),
        ("ln5", log(5)),
        ("log 5", log(5)),
        ("e^2/(1+e^2)", e**2 / (1 + e**2)),
        ("exp(2)", e**2),
        ("√2", sqrt(2)),
        ("LN 5", log(5)),
        ("log_e(5)", log(5)),
        ("-ln(0.2) = ln 5", log(5)),
        ("sqrt(2)/2", sqrt(2) / 2),
        ("2π", 2 * pi),
        ("ln（5）", log(5)),
    ],
)
def test_expression(text: str, value: float) -> None:
    given = read(text)
    assert given.status == "number", given.fault
    assert given.bounds is not None
    low, high = given.bounds
    assert abs(float(low) - value) < 1e-14
    assert 0 <= high - low < Fraction(1, 10**30)


@pytest.mark.parametrize(
    ("text", "value"),
    [(r"\frac{1}{3}", 1 / 3), (r"\log 5", log(5)), (r"\ln(5)", log(5)), (r"-\frac{1}{\sqrt{2}}", -1 / sqrt(2))],
)
def test_latex(text: str, value: float) -> None:
    given = read(text, latex=True)
    assert given.bounds is not None, given.fault
    assert abs(float(given.bounds[0]) - value) < 1e-14


@pytest.mark.parametrize("text", ["?", "", " ", "？", "~", "…", "-", "_", "n/a", r"\cdots"])
def test_missing(text: str) -> None:
    assert read(text).status == "missing"


@pytest.mark.parametrize(
    "text", ["x", "3,5", "1/0", "log(-1)", "0.2.3", "abc", "nan", "1e999999999", "__import__('os')"]
)
def test_unreadable_or_no_number(text: str) -> None:
    given = read(text)
    assert given.status != "missing"
    assert given.fault is not None or given.bounds is None


@pytest.mark.parametrize(
    ("text", "places", "significant"),
    [
        ("0.20", 2, 2),
        ("0.2", 1, 1),
        ("0.020", 3, 2),
        ("19.6", 1, 3),
        ("-78.40", 2, 4),
        ("0", None, 0),
        ("0.0", 1, 0),
        ("98", None, 2),
    ],
)
def test_places_and_digits_are_those_typed(text: str, places: int | None, significant: int) -> None:
    given = read(text)
    assert (given.places, given.significant) == (places, significant)


@pytest.mark.parametrize(
    ("text", "number"), [("⅔", Fraction(2, 3)), ("−⅛", Fraction(-1, 8)), ("2×½", Fraction(1)), ("½²", Fraction(1, 4))]
)
def test_fractions_in_one_character(text: str, number: Fraction) -> None:
    assert read(text).bounds == (number, number)


def test_a_mixed_number_is_unreadable_with_a_remedy() -> None:
    fault = read("1½").fault
    assert fault is not None
    assert fault.remedy == "write (1 + 1/2) for 1½"
