"""Entropies against published examples, the definitions in doubles, and the limits; refusals in full."""

from __future__ import annotations

import json
from math import inf, log
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import cnncalc
from cnncalc.entropy import Measures, Unit, measure, reads
from cnncalc.render.builders.entropy import closed_form, in_unit

from ..command import run


def measured(text: str) -> Measures:
    return measure(reads(text))


def exact(measures: Measures, unit: Unit) -> dict[str, str | None]:
    return {
        each.symbol: None if each.nats is None else closed_form(measures.numbers, each.nats, unit)
        for each in measures.measures
    }


def doubles(measures: Measures) -> dict[str, float]:
    return {
        each.symbol: inf
        if each.nats is None
        else float(measures.numbers.to_float(np.asarray([each.nats], dtype=object))[0])
        for each in measures.measures
    }


# Cover and Thomas, Elements of Information Theory, second edition, example 2.2.1 (rows are y there, columns x).
COVER_THOMAS = """
joint:
  - [1/8, 1/16, 1/16, 1/4]
  - [1/16, 1/8, 1/16, 0]
  - [1/32, 1/32, 1/16, 0]
  - [1/32, 1/32, 1/16, 0]
"""


def test_the_joint_distribution_of_the_textbook() -> None:
    assert exact(measured(COVER_THOMAS), "bits") == {
        "H(X)": "7/4",
        "H(Y)": "2",
        "H(X, Y)": "27/8",
        "H(X|Y)": "11/8",
        "H(Y|X)": "13/8",
        "I(X;Y)": "3/8",
    }


def test_the_divergences_of_the_textbook() -> None:
    # Example 2.3.1 with r = 1/2 and s = 1/4: 0.2075 bit and 0.1887 bit.
    measures = measured("p: [1/2, 1/2]\nq: [3/4, 1/4]")
    bits = {symbol: value / log(2) for symbol, value in doubles(measures).items()}
    assert bits["KL(p, q)"] == pytest.approx(0.2075, abs=5e-5)
    assert bits["KL(q, p)"] == pytest.approx(0.1887, abs=5e-5)


@pytest.mark.parametrize(
    ("text", "unit", "expected"),
    [
        ("p: [1/2, 1/2]", "nats", "log(2)"),
        ("p: [1/2, 1/4, 1/4]", "bits", "3/2"),
        ("p: {shape: [100], fill: 1/100}", "dits", "2"),
        ("p: {shape: [100], fill: 0.01}", "nats", "2*log(10)"),
        ("p: [1]", "bits", "0"),
        ("p: [0, 1, 0]", "nats", "0"),
        ("p: [1/3, 1/3, 1/3]", "bits", "log(3)/log(2)"),
    ],
)
def test_closed_forms(text: str, unit: Unit, expected: str) -> None:
    assert exact(measured(text), unit)["H(p)"] == expected


def test_a_divergence_from_what_is_impossible_is_infinite() -> None:
    measures = measured("p: [1/2, 1/2, 0]\nq: [1, 0, 0]")
    values = exact(measures, "nats")
    assert values["KL(p, q)"] is values["H(p, q)"] is None
    assert values["KL(q, p)"] == "log(2)"
    assert (measures.infinite, measures.infinite_back, measures.has_zeros) == ((1,), (), True)
    assert [identity.holds for identity in measures.identities] == [None, True]


weights = st.lists(st.integers(0, 9), min_size=4, max_size=4).filter(any)


def normalized(parts: list[int]) -> list[str]:
    return [f"{part}/{sum(parts)}" for part in parts]


def plain(sums: Any) -> Any:
    return np.asarray(sums, dtype=float)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(weights, weights)
def test_two_distributions_by_the_definitions(first: list[int], second: list[int]) -> None:
    measures = measured(f"p: [{', '.join(normalized(first))}]\nq: [{', '.join(normalized(second))}]")
    p, q = plain(first) / sum(first), plain(second) / sum(second)
    found = doubles(measures)
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = {
            "H(p)": -np.where(p > 0, p * np.log(p), 0).sum(),
            "H(p, q)": -np.where(p > 0, p * np.log(q), 0).sum(),
            "KL(p, q)": np.where(p > 0, p * np.log(p / q), 0).sum(),
            "KL(q, p)": np.where(q > 0, q * np.log(q / p), 0).sum(),
        }
    for symbol, value in expected.items():
        assert found[symbol] == pytest.approx(value, abs=1e-12), symbol
    assert all(identity.holds is not False for identity in measures.identities)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(weights)
def test_a_joint_distribution_by_the_definitions(parts: list[int]) -> None:
    cells = normalized(parts)
    measures = measured(f"joint: [[{cells[0]}, {cells[1]}], [{cells[2]}, {cells[3]}]]")
    joint = plain(parts).reshape(2, 2) / sum(parts)
    outer = joint.sum(axis=1)[:, None] * joint.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.where(joint > 0, joint * np.log(joint / outer), 0).sum()
        whole = -np.where(joint > 0, joint * np.log(joint), 0).sum()
    found = doubles(measures)
    assert found["I(X;Y)"] == pytest.approx(information, abs=1e-12)
    assert found["H(X, Y)"] == pytest.approx(whole, abs=1e-12)
    assert all(identity.holds for identity in measures.identities)
    assert found["H(X|Y)"] >= 0


@pytest.mark.parametrize(
    ("text", "message", "remedy"),
    [
        ("p: [0.5, 0.4]", "p sums to 0.9, not to 1", "write probabilities that sum to 1"),
        ("p: [1/3, 1/3]", "p sums to 2/3, not to 1", "write probabilities that sum to 1"),
        ("joint: [[1, 1]]", "joint sums to 2, not to 1", "write probabilities that sum to 1"),
        ("p: [1.5, -0.5]", "p has a negative entry", "write probabilities, from 0 to 1"),
        ("p: [1]\nq: [1, 0]", "p has 1 event, q has 2 events", "give both the same events"),
        ("p: [1]\njoint: [[1]]", "`p` stands beside `joint`", "keep one of the two"),
        ("p: [[0.5], [0.5]]", "p is 2×1", "write it as a list"),
        ("joint: [1]", "joint is 1", "write it as a matrix, with a row for each x"),
        ("p: [x, 1]", "a letter stands in p", "write probabilities in numbers"),
        ("p: 1", "p is no list", "write its probabilities: [1/2, 1/2]"),
        ("p: [1]\nunit: shannons", "`unit` is none that is known", "write nats, bits or dits"),
        ("p: [1]\nr: [1]", "a file of distributions has no key 'r'", "write title, unit, p, q or joint"),
        (
            "unit: bits",
            "there is no distribution",
            "write `p: [1/2, 1/4, 1/4]`, with `q:` for a second one, or `joint:` with a row for each x",
        ),
    ],
)
def test_what_is_no_distribution_is_refused(text: str, message: str, remedy: str) -> None:
    with pytest.raises(cnncalc.ProblemError, match=r"\S") as caught:
        reads(text)
    assert [(fault.message, fault.remedy) for fault in caught.value.faults] == [(message, remedy)]


def test_the_command() -> None:
    result = run(["entropy", "-", "--unit", "bits"], stdin=COVER_THOMAS)
    assert result.returncode == 0
    assert "  I(X;Y)     mutual information    Σ p_xy·log(p_xy/(x·y))   0.375\n" in result.stdout
    assert "• I(X;Y) = H(X) + H(Y) - H(X, Y): 0.375 = 1.75 + 2 - 3.375\n" in result.stdout


def test_the_command_says_what_is_infinite_in_both_languages() -> None:
    text = "p: [1/2, 1/2]\nq: [1, 0]"
    english, chinese = run(["entropy", "-"], stdin=text), run(["entropy", "-", "--language", "zh"], stdin=text)
    assert "KL(p, q) are infinite: q gives event 2 no probability, p does." in english.stdout
    assert "无穷大" in chinese.stdout


def test_json() -> None:
    result = run(["entropy", "-", "--format", "json"], stdin="unit: bits\np: [1/2, 1/2]\nq: [1, 0]")
    read = json.loads(result.stdout)
    assert (read["format"], read["unit"]) == ("cnncalc-entropy/1", "bits")
    assert read["measures"][0] == {"name": "H(p)", "value": 1.0, "exact": "1", "infinite": False}
    assert read["measures"][3] == {"name": "KL(p, q)", "value": None, "exact": None, "infinite": True}
    assert [identity["holds"] for identity in read["identities"]] == [None, True]


def test_a_fault_ends_with_2() -> None:
    result = run(["entropy", "-"], stdin="p: [0.5, 0.4]")
    assert result.returncode == 2
    assert "p sums to 0.9, not to 1" in result.stderr


SOFT = "input: [log(1), log(3)]\nlayers: [softmax]\nloss: {cross_entropy: {target: TARGET}}"


def test_cross_entropy_is_the_sum_of_its_parts() -> None:
    trace = cnncalc.solve(cnncalc.loads(SOFT.replace("TARGET", "[1/2, 1/2]")))
    # H(1/2, 1/2) = log 2; KL = 1/2 log 2 + 1/2 log(2/3) = log 2 - 1/2 log 3.
    assert trace["L.target_entropy"].exact == "log(2)"
    assert trace["L.divergence"].value.item() == pytest.approx(log(2) - log(3) / 2)
    assert trace["L"].value.item() == pytest.approx(2 * log(2) - log(3) / 2)


def test_the_parts_are_told_of_a_soft_target_only() -> None:
    soft = run(["solve", "-", "--only", "L"], stdin=SOFT.replace("TARGET", "[1/2, 1/2]"))
    hard = run(["solve", "-", "--only", "L"], stdin=SOFT.replace("TARGET", "[0, 1]"))
    assert "L = L.target_entropy + L.divergence ≈ 0.693147 + 0.143841" in soft.stdout
    assert "divergence" not in hard.stdout
    weighed = SOFT.replace("TARGET", "[1/2, 1/2]").replace("softmax", "fc: {weight: [[1, 0], [0, 1]]}, softmax")
    weighed += "\npenalty: {l2: 1/2}"
    shown = run(["solve", "-", "--only", "L"], stdin=weighed)
    assert "L = L.target_entropy + L.divergence + L.penalty ≈ 0.693147 + 0.143841 + 1:" in shown.stdout


@pytest.mark.parametrize(("word", "unit"), [("bit", "bits"), ("2", "bits"), ("e", "nats"), ("Hartley", "dits")])
def test_units_are_read_as_people_call_them(word: str, unit: str) -> None:
    shown, expected = (run(["entropy", "-"], stdin=f"p: [1/2, 1/2]\nunit: {name}\n") for name in (word, unit))
    assert shown.stdout == expected.stdout != ""


def test_units_are_exact_where_they_can_be() -> None:
    measures = measured("p: [1/2, 1/4, 1/4]")
    nats = measures.measures[0].nats
    assert measures.numbers.rational(in_unit(measures.numbers, nats, "bits")) == 1.5
