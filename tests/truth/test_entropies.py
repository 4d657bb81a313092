"""Entropies of distributions of every size and form: each file ends well, and says the numbers that mpmath has."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import mpmath
import pytest

from cnncalc.entropy import measure, reads
from cnncalc.render.builders.entropy import document
from cnncalc.render.document import Paragraph, Table

from ..command import run
from .numbers import precision
from .strings import Evaluation, ends, is_within

SHARES = {
    "1e-1000": "mpf(10)**-1000", "exp(-1)": "exp(-1)", "1/3": "mpf(1)/3", "1e-300": "mpf(10)**-300",
    "sqrt(2)/4": "sqrt(2)/4", "log(2)/2": "log(2)/2", "exp(-700)": "exp(-700)", "1/7": "mpf(1)/7", "0.25": "mpf(1)/4",
    "pi/8": "pi/8", "1e-20": "mpf(10)**-20", "exp(-1)/2": "exp(-1)/2", "0": "mpf(0)",
    "e/8": "exp(1)/8",
}  # fmt: skip
"""Each as it is typed, and as mpmath reads it."""
NAMES = {"mpf": mpmath.mpf, "exp": mpmath.exp, "sqrt": mpmath.sqrt, "log": mpmath.log, "pi": mpmath.pi}
LOGARITHMS = {"nats": 1, "bits": 2, "dits": 10}


def distribution(random: Random, size: int) -> list[str]:
    chosen = random.sample(list(SHARES), size - 1)
    return [*chosen, "1-" + "-".join(chosen)]


def drawn(seed: int) -> tuple[list[str], list[str], str]:
    random = Random(seed)
    size = random.choice([2, 2, 3])
    p = distribution(random, size)
    q = random.sample(p, size) if random.getrandbits(1) else distribution(random, size)
    return p, q, random.choice(list(LOGARITHMS))


def numbers(shares: list[str]) -> list[Any]:
    """All but the last by the table, which is what they leave of 1; the order may be another."""
    known = [eval(SHARES[share], dict(NAMES)) for share in shares if share in SHARES]
    return [eval(SHARES[share], dict(NAMES)) if share in SHARES else 1 - sum(known) for share in shares]


def entropies(p: list[Any], q: list[Any], base: int) -> Iterator[tuple[str, Any]]:
    unit = mpmath.log(base) if base > 1 else 1
    for a, b, of_a, of_b in (("p", "q", p, q), ("q", "p", q, p)):
        pairs = [(x, y) for x, y in zip(of_a, of_b, strict=True) if x]
        yield f"H({a})", -sum(x * mpmath.log(x) for x, _ in pairs) / unit
        if all(y for _, y in pairs):
            yield f"H({a}, {b})", -sum(x * mpmath.log(y) for x, y in pairs) / unit
            yield f"KL({a}, {b})", sum(x * mpmath.log(x / y) for x, y in pairs) / unit


@pytest.mark.parametrize("seed", range(60))
def test_every_quantity_is_what_mpmath_has(seed: int, tmp_path: Path) -> None:
    p, q, unit = drawn(seed)
    (tmp_path / "two.yaml").write_text(f"unit: {unit}\np: [{', '.join(p)}]\nq: [{', '.join(q)}]\n")
    result = run(["entropy", "two.yaml", "--format", "json"], folder=tmp_path)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout)
    found = {measure["name"]: measure for measure in told["measures"]}
    with mpmath.workdps(1100):
        expected = dict(entropies(numbers(p), numbers(q), LOGARITHMS[unit]))
    for name, told_of in found.items():
        assert told_of["infinite"] == (name not in expected), name
        if name in expected:
            assert told_of["value"] == float(expected[name]), name
    assert not any(identity["holds"] is False for identity in told["identities"])


LARGE = [seed for seed in range(60) if not re.search("1e-|-700", str(drawn(seed)))][:15]
NO_NAME = re.compile("(?!)")


@pytest.mark.parametrize("seed", LARGE)
def test_every_formula_form_decimal_and_identity_that_is_shown_is_true(seed: int) -> None:
    p, q, unit = drawn(seed)
    shown = document(measure(reads(f"p: [{', '.join(p)}]\nq: [{', '.join(q)}]\n")), unit, 6)
    table = next(block for block in shown.blocks if isinstance(block, Table))
    with precision():
        numbers_of = dict(zip("pq", map(numbers, (p, q)), strict=True))
        expected = dict(entropies(*numbers_of.values(), LOGARITHMS[unit]))
        for name, _, formula, value in ([cell.en for cell in row] for row in table.rows):
            assert (value == "∞") == (name not in expected), name
            if value != "∞":
                assert is_within(expected[name], interval(summed(formula, numbers_of, LOGARITHMS[unit]), 45)), formula
                exact, *decimal = value.split(" ≈ ")
                assert is_within(expected[name], interval(exact, 0 if decimal else 6)), value
                assert all(is_within(expected[name], interval(text, 6)) for text in decimal), value
        said = [block.text.en for block in shown.blocks if isinstance(block, Paragraph) and block.role == "item"]
        for text, sides in (line.split(";")[0].split(": ") for line in said if "∞" not in line):
            left, right = re.split(" [=≈] ", sides)
            low, high = ends(interval(left, 6) - interval(right, 6))
            assert low <= 0 <= high, sides
            assert " = " not in sides or low == high, sides
            whole, parts = text.split(" = ")
            total = re.sub(r"\w+\(.+?\)", lambda name: f"({mpmath.nstr(expected[name[0]], 50)})", parts)
            assert is_within(expected[whole], interval(total, 45)), text


def interval(text: str, digits: int = 0) -> Any:
    """What a text may come to; a decimal of so many digits may have been rounded."""
    return Evaluation(mpmath.iv, NO_NAME, {}, digits).of(text)


def summed(formula: str, values: dict[str, list[Any]], base: int) -> str:
    """`-Σ p·log(q)` with the numbers of each event put in, where a probability of 0 adds nothing."""
    sign, _, term = formula.partition("Σ ")
    events = [event for event in zip(*values.values(), strict=True) if event["pq".index(term[0])]]
    written = [["(" + mpmath.nstr(number, 50) + ")" for number in event] for event in events]
    put_in = [term.replace("p", "P").replace("q", two).replace("P", one) for one, two in written]
    return f"{sign}({' + '.join(put_in)})" + (f"/log({base})" if base > 1 else "")


@pytest.mark.parametrize(
    "text",
    [
        "p: [exp(-1), 1-exp(-1)]\nq: [1-exp(-1), exp(-1)]",
        "p: [1/7, 6/7]\nq: [log(2)/2, 1-log(2)/2]",
        "p: [sqrt(2)/4, exp(-700), 1-sqrt(2)/4-exp(-700)]\nq: [sqrt(2)/4, 1-sqrt(2)/4-exp(-700), exp(-700)]",
        "p: [1e-1000, 1-1e-1000]\nq: [1e-20, 1-1e-20]",
        "p: [pi/8, 1-pi/8]\nq: [1-pi/8, pi/8]",
    ],
)
def test_identities_are_proven_by_the_normal_form(text: str, tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text(text)
    result = run(["entropy", "two.yaml", "--format", "json"], folder=tmp_path)
    assert [identity["holds"] for identity in json.loads(result.stdout)["identities"]] == [True, True]


def test_what_is_not_proven_is_said(tmp_path: Path) -> None:
    (tmp_path / "two.yaml").write_text("p: [sqrt(2)/4, 1-sqrt(2)/4]\nq: [1-sqrt(2)/4, sqrt(2)/4]")
    result = run(["entropy", "two.yaml"], folder=tmp_path)
    assert result.returncode == 0
    joined = " ".join(result.stdout.split())
    assert "0.826367 ≈ 0.649619 + 0.176748; both sides agree as far as they were computed, but no proof was" in joined
    told = json.loads(run(["entropy", "two.yaml", "--format", "json"], folder=tmp_path).stdout)
    assert told["identities"][0] == {"identity": "H(p, q) = H(p) + KL(p, q)", "holds": None, "undecided": True}
