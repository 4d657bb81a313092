"""Numbers of a layer that are left open: every one that fits, by plain loops over the size's formula."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from cnncalc import unknowns
from cnncalc.problem.text.faults import ProblemError

from .command import run


def solved(text: str) -> list[tuple[int, ...]]:
    return [one.numbers for one in unknowns.solve(text, Path(), "<text>").solutions]


def size(n: int, k: int, s: int, p: int, d: int = 1) -> int:
    return (n + 2 * p - d * (k - 1) - 1) // s + 1


LAYER = (
    "input: {{shape: [3, {n}, {n}]}}\n"
    "layers: [conv: {{channels: 4, size: {k}, stride: {s}, padding: {p}, dilation: {d}}}]\n"
)
GIVEN = "given: {{shape(conv_1): {o}}}\n"
REACH = {"n": range(1, 1025), "k": range(1, 65), "s": range(1, 33), "p": range(33), "d": range(1, 17)}
CASES = [
    {"n": 224, "k": "?", "s": 1, "p": 0, "d": 1, "o": 222},
    {"n": 28, "k": 5, "s": 2, "p": "?", "d": 1, "o": 14},
    {"n": 31, "k": 3, "s": "?", "p": 0, "d": 1, "o": 8},
    {"n": 15, "k": 3, "s": 1, "p": 0, "d": "?", "o": 7},
    {"n": 32, "k": "?", "s": "?", "p": 1, "d": 1, "o": 16},
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_number_that_fits_is_found_the_smallest_first(case: dict[str, int | str]) -> None:
    opened = [name for name in "nkspd" if case[name] == "?"]
    expected = []
    for numbers in product(*(REACH[name] for name in opened)):
        n, k, s, p, d = (int({**case, **dict(zip(opened, numbers, strict=True))}[name]) for name in "nkspd")
        if n + 2 * p >= d * (k - 1) + 1 and size(n, k, s, p, d) == case["o"]:
            expected.append(numbers)
    assert solved((LAYER + GIVEN).format(**case)) == sorted(expected, key=lambda one: (sum(one), one))
    assert expected


def test_counts_and_an_input_are_solved_for() -> None:
    text = "input: {shape: [3, 8, 8]}\nlayers: [conv: {channels: {choices: [8, 9, 10, 11, 12]}, size: 3, bias: true}]\n"
    assert solved(text + "given: {parameters(conv_1): 280}\n") == [(10,)]
    assert solved(text + "given: {shape(conv_1): 10x6x6}\n") == solved(text + "given: {shape(conv_1): [10, 6, 6]}\n")
    text = "input: {shape: [1, ?, 12]}\nlayers: [conv: {channels: 1, size: 3, stride: 2}]\n"
    for quoted in ("?", "'?'", '"?"'):
        assert solved(text.replace("?", quoted) + "answers: {shape(conv_1): [1, 5, 5]}\n") == [(11,), (12,)]


def test_choices_are_those_that_are_tried() -> None:
    text = "input: {shape: [1, 9, 9]}\nlayers: [max_pool: {size: {choices: [2, 3, 4]}, stride: ?}]\n"
    expected = [(k, s) for k in (2, 3, 4) for s in range(1, 33) if size(9, k, s, 0) == 4]
    assert solved(text + "given: {shape(max_pool_1): [1, 4, 4]}\n") == sorted(expected, key=lambda one: (sum(one), one))


def test_the_command_shows_the_equation_and_says_where_nothing_fits() -> None:
    text = LAYER.format(n=224, k="?", s=1, p=0, d=1) + GIVEN.format(o=222)
    for language in ("en", "zh"):
        shown = run(["shapes", "-", "--language", language], stdin=text)
        assert shown.returncode == 0
        assert "⌊(224 + 2·0 - K)/1⌋ + 1 = 222" in shown.stdout
        assert "3 ≤ K ≤ 3" in shown.stdout
    for form in ("markdown", "latex", "html"):
        assert run(["shapes", "-", "--format", form], stdin=text).returncode == 0
    made = json.loads(run(["shapes", "-", "--format", "json"], stdin=text).stdout)
    assert made["solutions"] == [[3]]
    none = LAYER.format(n=8, k=3, s=1, p="?", d=1) + GIVEN.format(o=7)
    assert "No number in reach makes that come true." in run(["shapes", "-"], stdin=none).stdout


def test_without_anything_known_that_is_a_fault() -> None:
    with pytest.raises(ProblemError, match="no size or count is known to find it from"):
        solved(LAYER.format(n=8, k="?", s=1, p=0, d=1))
    failed = run(["shapes", "-"], stdin=LAYER.format(n=8, k="?", s="?", p="?", d="?") + GIVEN.format(o=7))
    assert failed.returncode == 2
    assert "4 unknowns are" in failed.stderr
