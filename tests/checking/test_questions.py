"""A question's number in a sheet: for one tensor, for several by name or in order, or a word of what it asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cnncalc

PROBLEM = """
input: {name: x, value: [[[1, 2, 0, 1], [0, 3, 1, 1], [2, 1, 1, 0], [1, 1, 2, 2]]]}
layers:
  - max_pool: {name: mp, size: 2}
  - flatten: {name: f}
  - fc: {name: y, weight: {name: W, value: [[1, 0, 2, 1]]}}
questions: {3: mp, 4: [mp, f], "5": [f, y]}
"""
WHOLE = {"mp": "correct", "f": "correct"}


def verdicts(sheet: Any, tmp_path: Path | None = None) -> dict[str, str]:
    if tmp_path is not None:
        path = tmp_path / "sheet.yaml"
        path.write_text(sheet, encoding="utf-8")
        sheet = path
    return {one.name: one.verdict.value for one in cnncalc.check(cnncalc.loads(PROBLEM), sheet).tensors}


@pytest.mark.parametrize(
    "sheet",
    [
        "4: {mp: [[3, 1], [2, 2]], f: [3, 1, 2, 2]}",
        "4: [[[3, 1], [2, 2]], [3, 1, 2, 2]]",
        "Question 4:\n  - [[3, 1], [2, 2]]\n  - 3 1 2 2",
        "第4题:\n  mp: |\n    3 1\n    2 2\n  f: {value: [3, 1, 2, 2]}",
        "answers:\n  Q4: {f: [3, 1, 2, 2], mp: 3 1 2 2}",
    ],
)
def test_a_question_for_two_tensors_is_read(sheet: str, tmp_path: Path) -> None:
    assert verdicts(sheet, tmp_path) == WHOLE


def test_python_values_are_read_alike() -> None:
    assert verdicts({4: {"mp": [[3, 1], [2, 2]], "f": [3, 1, 2, 2]}}) == WHOLE
    assert verdicts({"4": [[[3, 1], [2, 2]], [3, 1, 2, 2]]}) == WHOLE
    assert verdicts({"3": [[3, 1], [2, 2]]}) == {"mp": "correct"}


def test_a_wrong_part_costs_itself(tmp_path: Path) -> None:
    assert verdicts("4: [[[3, 1], [2, 2]], [3, 1, 2, 9]]", tmp_path) == {"mp": "correct", "f": "wrong"}
    assert verdicts("5: [[3, 1, 2, 2], ?]", tmp_path) == {"f": "correct", "y": "missing"}
    assert verdicts("5: ?", tmp_path) == {"f": "missing", "y": "missing"}


@pytest.mark.parametrize("cells", ["[3, 1, 2, 2]", "3", "[[3, 1], [2, 2], [1, 1]]"])
def test_what_cannot_be_both_says_what_is_asked_for(cells: str, tmp_path: Path) -> None:
    path = tmp_path / "sheet.yaml"
    path.write_text(f"4: {cells}", encoding="utf-8")
    (tensor,) = cnncalc.check(cnncalc.loads(PROBLEM), path).tensors
    assert tensor.verdict.value == "invalid"
    assert tensor.notes[0].text("en") == "question 4 asks for mp and f; write `4: {mp: …, f: …}`"
    assert tensor.notes[0].text("zh") == "第 4 题要求 mp 和 f；请写 `4: {mp: …, f: …}`"
