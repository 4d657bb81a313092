"""What was done is named from as many digits as people write, and nothing is said that the sheet contradicts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numpy as np
import pytest

import cnncalc
from cnncalc.checking.mistakes_in_writing import PHRASES as OF_WRITING
from cnncalc.checking.rule import Rule, read_rule

from .mistakes.case import Case, Doubles
from .mistakes.test_rules import CASES

SOFTMAX = """
input: {name: z, value: [1, 2, 3]}
layers: [softmax: {name: p}]
loss: {cross_entropy: {name: L, class: 3}}
"""
LINEAR = """
input: {name: x, value: [1, 2]}
layers: [fc: {name: s, weight: {name: W, value: [[1, 0.5], [0.5, -1], [0.25, 1]]}, bias: {name: b, value: [0, 0, 0]}},
         softmax: {name: p}]
loss: {cross_entropy: {name: L, class: 3}}
"""
DEEP = """
input: {name: x, value: [1, 2]}
layers:
  - fc: {name: h, weight: {name: W1, value: [[1, 2], [3, -1]]}}
  - fc: {name: o, weight: {name: W2, value: [[1, 1/2], [1/4, 2]]}}
loss: {half_squared_error: {target: [1, 1]}}
update: {sgd: {lr: 0.1}}
"""
NORMALIZED = """
input: {value: [[1, 5], [2, -3], [3, 0.5]]}
layers: [batch_norm: {name: n, gamma: [3, 1]}]
upstream: [[1, 2], [0, -1], [3, 1]]
"""
HALVES = """
input: {value: [1, 2]}
layers: [fc: {name: y, weight: [[-0.5, 0], [1.25, -0.75]]}]
"""


@cache
def solved(problem: str) -> tuple[cnncalc.Problem, Mapping[str, Doubles]]:
    loaded = cnncalc.loads(problem)
    return loaded, {tensor.name: tensor.value for tensor in cnncalc.solve(loaded, "float")}


def codes(problem: str, answers: Mapping[str, Any], name: str, rule: Rule | None = None) -> list[str]:
    """The mistakes that are named for one answer."""
    return [mistake.code for mistake in cnncalc.check(solved(problem)[0], answers, rule)[name].mistakes]


def in_places(values: Any, places: int) -> Any:
    """As people write who round everything to so many places; whole numbers as they are."""
    if np.ndim(values):
        return [in_places(value, places) for value in values]
    value = float(values)
    return f"{value:.0f}" if abs(value - round(value)) < 1e-9 else f"{value:.{places}f}"


# Few digits


@pytest.mark.parametrize("gradient", ["0.0900 0.245 -0.665", "0.09 0.245 -0.665", "0.09 0.24 -0.67", "0.1 0.24 -0.67"])
def test_a_short_cell_does_not_hide_a_mistake(gradient: str) -> None:
    assert codes(SOFTMAX, {"dL/dz": gradient.split()}, "dL/dz") == ["minus-probability-at-target"]


def test_one_digit_in_every_wrong_cell_proves_nothing() -> None:
    assert "minus-probability-at-target" not in codes(SOFTMAX, {"dL/dz": ["0.09", "0.24", "-0.7"]}, "dL/dz")


@pytest.mark.parametrize("trimmed", [False, True])
def test_a_zero_at_the_end_may_be_left_out(trimmed: bool) -> None:
    """The variance divided by 2 instead of 3, two places everywhere."""
    x = np.array([[1, 5], [2, -3], [3, 0.5]])
    wrong = [3, 1] * (x - x.mean(0)) / np.sqrt(x.var(0, ddof=1) + 1e-5)
    texts = [[f"{value:.2f}".rstrip("0").rstrip(".") if trimmed else f"{value:.2f}" for value in row] for row in wrong]
    assert ("3" in {text for row in texts for text in row}) is trimmed
    assert codes(NORMALIZED, {"n": texts}, "n")[0] == "variance-divisor"


@pytest.mark.parametrize(("places", "least"), [(3, 45 / 50), (2, 40 / 45)])
def test_known_mistakes_are_named_in_fixed_places(places: int, least: float) -> None:
    named = []
    for case in CASES[::20]:
        true = solved(case.problem)[1]
        wrong = in_places(case.wrong(true), places)
        if wrong != in_places(true.get(case.tensor, 0), places):
            named.append(case.code in codes(case.problem, {case.tensor: wrong}, case.tensor))
    assert len(named) > 50
    assert sum(named) >= least * len(named)


# What is right so far as its digits go


@pytest.mark.parametrize("case", CASES[::60], ids=lambda case: case.code)
def test_a_short_cell_is_accused_of_being_short_alone(case: Case) -> None:
    loaded, true = solved(case.problem)
    name = case.tensor if case.tensor in true else next(reversed(true))
    for index in list(np.ndindex(true[name].shape))[:4]:
        part = f"{name}[{','.join(str(i + loaded.index_base) for i in index)}]" if index else name
        for places in (1, 2):
            text = in_places(true[name][index], places)
            assert set(codes(case.problem, {part: text}, part)) <= {"too-few-digits"}, (part, text)


def test_a_short_loss_is_not_rounded_early() -> None:
    assert codes(SOFTMAX, {"L": "0.4"}, "L") == ["too-few-digits"]


@pytest.mark.parametrize("places", [2, 3])
def test_invented_numbers_are_rarely_a_known_mistake(places: int) -> None:
    random = np.random.default_rng(places)
    accused: list[str] = []
    tried = 0
    for case in CASES[5::20]:
        true = solved(case.problem)[1]
        right = true.get(case.tensor, np.zeros(()))
        if right.size < 4 or not right.any():
            continue
        tried += 1
        invented = in_places(random.normal(size=right.shape) * np.abs(right).max(), places)
        accused += [
            code for code in codes(case.problem, {case.tensor: invented}, case.tensor) if code not in OF_WRITING
        ]
    assert tried > 25
    assert len(accused) <= tried / 20, accused


# The tolerance in force


@pytest.mark.parametrize("answer", [["0.50000001", "-0.24999999"], ["-0.50000001", "0.24999999"]])
def test_a_mistake_is_looked_for_with_the_tolerance_in_force(answer: list[str]) -> None:
    assert codes(HALVES, {"y": answer}, "y", read_rule(3, "1e-6")) == ["sign"]


# Mistakes further up


def rows_by(change: Callable[[Doubles], Doubles]) -> list[list[str]]:
    """dL/dW of LINEAR from a changed dL/ds."""
    return [[f"{g * x:.4f}" for x in (1, 2)] for g in change(solved(LINEAR)[1]["dL/ds"]).tolist()]


def gradient(answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What is named for dL/dW of LINEAR with the third row the wrong way round, and where it was made."""
    wrong = rows_by(lambda g: g * [1, 1, -1])
    report = cnncalc.check(solved(LINEAR)[0], {**answers, "dL/dW": wrong})
    return [(mistake.code, mistake.tensor) for mistake in report["dL/dW"].mistakes]


def test_the_nearest_to_the_wrong_tensor_comes_first() -> None:
    assert gradient({}) == [("sign", "dL/dW"), ("sign-at-target", "dL/ds")]


@pytest.mark.parametrize("name", ["dL/ds[3]", "dL/ds", "dL/db", "dL/db[3]", "dL/dx"])
def test_a_mistake_further_up_is_not_claimed_against_what_was_handed_in(name: str) -> None:
    true = solved(LINEAR)[1]
    value = true[name.partition("[")[0]]
    right = f"{value[2]:.4f}" if "[" in name else [f"{each:.4f}" for each in value]
    assert gradient({name: right}) == [("sign", "dL/dW")]


@pytest.mark.parametrize("name", ["dL/ds[1]", "dL/db[2]", "p"])
def test_what_says_nothing_against_it_does_not_stop_the_claim(name: str) -> None:
    value = solved(LINEAR)[1][name.partition("[")[0]]
    right = f"{value[int(name[-2]) - 1]:.4f}" if "[" in name else [f"{each:.4f}" for each in value]
    assert ("sign-at-target", "dL/ds") in gradient({name: right})


def test_a_gradient_with_a_hole_in_it_speaks_against_it_too() -> None:
    third = f"{solved(LINEAR)[1]['dL/ds'][2]:.4f}"
    assert gradient({"dL/ds": ["?", "?", third]}) == [("sign", "dL/dW")]
    assert ("sign-at-target", "dL/ds") in gradient({"dL/ds": ["?", "?", third.removeprefix("-")]})


def test_weights_already_updated_are_seen_where_they_were_used_and_after() -> None:
    assert codes(DEEP, {"dL/dh": ["-7.59375", "4.21875"]}, "dL/dh") == ["updated-weights-used"]
    outer = [["-7.59", "-15.19"], ["4.22", "8.44"]]
    assert codes(DEEP, {"dL/dW1": outer}, "dL/dW1") == ["updated-weights-used"]


# What was made up


@pytest.mark.parametrize(("by_chance", "is_seen"), [((), True), ((4,), True), ((3, 4), False)])
def test_two_cells_worked_out_and_the_rest_made_up(by_chance: tuple[int, ...], is_seen: bool) -> None:
    right = [f"{value:.4f}" for value in solved(LINEAR)[1]["dL/dW"].ravel()]
    made_up = [text if at < 2 or at in by_chance else f"0.{at}137" for at, text in enumerate(right)]
    report = cnncalc.check(solved(LINEAR)[0], {"dL/dW": made_up})
    said = [mistake for mistake in report["dL/dW"].mistakes if mistake.code == "later-cells-wrong"]
    assert bool(said) is is_seen
    assert not said or ("all later ones but 1 are wrong" in said[0].message) is bool(by_chance)


NORMED = """
input: {name: x, value: [[[[1, 2, 0], [0, 1, 3], [2, 1, 1]]], [[[0, 1, 1], [2, 0, 1], [1, 3, 0]]]]}
layers:
  - conv: {name: c, weight: [[[[0.2, 0.5], [0, 0.3]]], [[[0.1, -0.3], [0.4, 0.1]]]], bias: {name: b, value: [3, -3]}}
  - batch_norm: {name: n}
  - relu: {name: a}
  - global_avg_pool
  - fc: {weight: [[0.04, -0.08], [0.02, 0.06]]}
  - softmax
loss: {cross_entropy: {class: [1, 2]}}
"""


def test_what_a_mistake_does_not_change_is_not_held_against_it() -> None:
    """The bias does not matter behind the mean: its gradient is 0 without it too, and 1e-17 in doubles."""
    assert codes(NORMED, {"n.mean": ["1.11250", "0.37500"], "dL/db": [0, 0]}, "n.mean") == ["bias-forgotten"]


# Rows and columns


PLANE = """
input: {name: x, value: [[1, 2, -1], [3, 0, 4], [1, 1, 2]]}
layers: [conv: {name: c, weight: {name: K, value: [[1, 2], [-1, 3]]}}]
"""


@pytest.mark.parametrize("name", ["shape(c)", "shape(K)"])
@pytest.mark.parametrize("answer", [[2, 2], "2x2", "2×2"])
def test_rows_and_columns_are_the_size_of_an_image_typed_so(name: str, answer: object) -> None:
    assert cnncalc.check(solved(PLANE)[0], {name: answer}).is_correct


def test_of_an_image_typed_with_its_channel_they_are_not() -> None:
    typed = PLANE.replace("value: [[1, 2, -1], [3, 0, 4], [1, 1, 2]]", "value: [[[1, 2, -1], [3, 0, 4], [1, 1, 2]]]")
    assert codes(typed, {"shape(c)": [2, 2]}, "shape(c)") == ["channels-left-out"]
    two = PLANE.replace("[[1, 2], [-1, 3]]", "[[[[1, 2], [-1, 3]]], [[[1, 0], [0, 1]]]]")
    assert codes(two, {"shape(c)": [2, 2]}, "shape(c)") == ["channels-left-out"]


def test_several_numbers_of_one_digit_tell_together_what_one_does_not() -> None:
    """dL/dr leaves W·g without g, the sums of W's columns; it was not handed in, and dL/dx has the same numbers."""
    text = """
input: {name: x, value: [1, 2, 3, 4]}
layers:
  - relu: {name: r}
  - fc: {name: s, weight: [[0.1, -0.2, 0.3, 0.1], [0.3, 0.3, -0.1, 0.2]]}
  - softmax
loss: {cross_entropy: {class: 1}}
"""
    for answer, codes in (([0.4, 0.1, 0.2, 0.3], {"upstream-forgotten"}), ([0.4, 0.4, 0.4, 0.4], set())):
        report = cnncalc.check(cnncalc.loads(text), {"dL/dx": ", ".join(map(str, answer))})
        assert {mistake.code for mistake in report["dL/dx"].mistakes} == codes
