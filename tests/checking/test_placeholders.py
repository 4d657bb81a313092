"""A silly early answer buys nothing: what follows from zeros, one number everywhere or a wrong size earns no point."""

from __future__ import annotations

from typing import Any

import pytest

import cnncalc
from cnncalc.checking.report import Report

from .test_coarse_answers import TEXT

UPSTREAM = """
input: {name: x, value: [1, 2, -1]}
layers:
  - fc: {name: z, weight: {name: W, value: [[1, 2, 0], [0, -1, 1], [2, 1, 1]]}}
  - relu: {name: a}
  - fc: {name: y, weight: {name: V, value: [[1, 2, 3], [0, -1, 1]]}}
upstream: [1, 2]
"""
"""z = [5, -3, 3], a = [5, 0, 3], y = [14, 3], dL/da = dL/dz = [1, 0, 5]."""


def checked(answers: dict[str, Any], text: str = TEXT) -> Report:
    return cnncalc.check(cnncalc.loads(text), answers)


def verdicts(found: Report) -> dict[str, str]:
    return {tensor.name: tensor.verdict.value for tensor in found.tensors}


@pytest.mark.parametrize(
    "sheet",
    [
        {"z": "0 0 0", "p": "1/3 1/3 1/3", "L": "log(3)", "dL/dz": "1/3 1/3 -2/3"},
        {"z": "7 7 7", "p": "0.333 0.333 0.333", "L": "1.10", "dL/dz": "0.333 0.333 -0.667"},
        {"p": "0.5 0.5 0.5", "L": "0.693", "dL/dz": "0.5 0.5 -0.5"},
        {"p": "0.000 0.000 0.000", "dL/dz": "0 0 -1"},
    ],
)
def test_what_follows_from_a_placeholder_earns_nothing(sheet: dict[str, Any]) -> None:
    found = checked(sheet)
    first, *others = found.tensors
    assert found.score == 0
    assert first.unearned_from == ()
    for tensor in others:
        assert tensor.unearned_from
        assert set(tensor.unearned_from) <= set(sheet)
        assert not any(cell.follows for cell in tensor.wrong)
        assert tensor.mistakes == ()
        assert "nothing is earned" in tensor.notes[-1].text("en")


def test_what_is_wrong_by_itself_does_not_follow_from_one() -> None:
    found = checked({"p": "1/3 1/3 1/3", "dL/dz": "0.5 0.25 -0.75"})
    assert found["dL/dz"].unearned_from == ()


def test_what_is_right_all_the_same_is_right() -> None:
    assert verdicts(checked({"p": "0 0 0", "L": "2.127"})) == {"p": "wrong", "L": "correct"}


def test_a_slip_that_leaves_equal_numbers_is_carried_on() -> None:
    """[5, 5] for [5, 3] is one slip; so is a single zero, and what honestly comes of one."""
    two = TEXT.replace("[[1, 2, 0], [0, -1, 1], [2, 1, 1]]", "[[1, 2, 0], [2, 1, 1]]").replace("class: 3", "class: 2")
    assert verdicts(checked({"z": "5 5", "p": "1/2 1/2", "L": "log(2)"}, two)) == {
        "z": "wrong",
        "p": "follows",
        "L": "follows",
    }


def test_zeros_that_follow_are_no_placeholder() -> None:
    """With z below 0 everywhere nothing comes out of the ReLU, and so nothing comes back."""
    found = checked({"z": "-5 -3 -4", "a": "0 0 0", "y": "0 0", "dL/dz": "0 0 0", "dL/dx": "0 0 0"}, UPSTREAM)
    assert verdicts(found) == {"z": "wrong", "a": "follows", "y": "follows", "dL/dz": "follows", "dL/dx": "follows"}


def test_a_wrong_size_carries_nothing_and_is_named() -> None:
    found = checked({"z": "5 -3", "a": "5 0", "dL/da": "1 0 5", "dL/dz": "7 0 5"}, UPSTREAM)
    assert found.score == 1
    said = {tensor.name: [note.text("en") for note in tensor.notes] for tensor in found.tensors}
    assert said["dL/dz"] == ["Nothing can follow from your own z, a: the size is wrong."]
    assert said["dL/da"] == []


def test_where_one_number_everywhere_is_due_another_one_was_worked_out() -> None:
    problem = cnncalc.loads(
        "input: {name: x, value: [[[1, 2], [3, 4]]]}\n"
        "layers: [relu: {name: a}, avg_pool: {name: m, size: 2}]\nupstream: [[[1.13]]]\n"
    )
    answer = [[0.29, 0.29], [0.29, 0.29]]
    report = cnncalc.check(problem, {"dL/da": answer, "dL/dx": answer})
    assert [tensor.verdict.value for tensor in report.tensors] == ["wrong", "follows"]


def test_what_was_rounded_to_zeros_is_no_placeholder() -> None:
    """0.0000 is 0.0000167, rounded: too few digits, but no silly answer, and 0.0000 follows from it."""
    text = """
input: [3, 13]
layers: [fc: {name: s, weight: [[1.5, 1], [0, 0.5], [0, 0.5]]}, softmax]
loss: {cross_entropy: {class: 1}}
"""
    answers = {"dL/ds": "0.0000 0.0000 0.0000", "dL/dinput": "0.0000 0.0000"}
    assert verdicts(checked(answers, text)) == {"dL/ds": "wrong", "dL/dinput": "follows"}
    assert verdicts(checked({"dL/ds": "0.00 0.00 0.00", "dL/dinput": "0 0"}, text))["dL/dinput"] == "follows"
    silly = {"dL/ds": "0.0000 0.0000 0.0000", "dL/dinput": "0.0000 0.0000"}
    assert verdicts(checked(silly, text.replace("1.5", "-1.5")))["dL/dinput"] == "wrong"


def test_what_comes_of_a_known_mistake_is_no_placeholder() -> None:
    # The derivative for the value: 1 where x > 0. V·[1, 1] = [3, 2].
    text = UPSTREAM.replace("[[1, 2, 0], [0, -1, 1], [2, 1, 1]]", "[[1, 2, 0], [2, 1, 1]]").replace(
        "[[1, 2, 3], [0, -1, 1]]", "[[1, 2], [3, -1]]"
    )
    found = checked({"z": [5, 3], "a": [1, 1], "y": [3, 2]}, text)
    assert verdicts(found) == {"z": "correct", "a": "wrong", "y": "follows"}
