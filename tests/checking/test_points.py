"""Points as a teacher gives them; what a sheet earns is worked out here by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cnncalc

from ..command import run

PROBLEM = """\
input: [1, 2]
layers:
  - fc: {{name: z, weight: {{name: W, value: [[1, 2], [3, 4]]}}}}
  - fc: {{name: y, weight: [[1, 0], [0, 2]]}}
upstream: [1, 3]
questions: {{1: z, 2: [y, dL/dz], 3: dL/dW}}
points: {{1: 4, 2: [2, 3], 3: 6{more}}}
"""
RIGHT = "z: [5, 11]\ny: [5, 22]\ndL/dz: [1, 6]\ndL/dW: [[1, 2], [6, 12]]\n"
FOLLOWING = RIGHT.replace("[5, 11]", "[6, 11]").replace("[5, 22]", "[6, 22]")
"""z[1] is a slip, and y follows from it."""
SIGN = RIGHT.replace("[[1, 2], [6, 12]]", "[[-1, -2], [-6, -12]]")
CASES = [
    (RIGHT, "", 15),
    (FOLLOWING, "", 4 * 0 + 2 + 3 + 6),
    (FOLLOWING, ", follows: half", 0 + 1 + 3 + 6),
    (FOLLOWING, ", follows: none", 0 + 0 + 3 + 6),
    (FOLLOWING, ", per: cell", 4 / 2 + 2 + 3 + 6),
    (FOLLOWING, ", per: cell, follows: none", 4 / 2 + 2 / 2 + 3 + 6),
    (SIGN, "", 4 + 2 + 3),
    (SIGN, ", mistakes: {sign: 0.5}", 4 + 2 + 3 + 3),
    (SIGN, ", mistakes: {sign: 0.4}, rounding: 0.5", 11.5),
    (SIGN, ", mistakes: {transposed: 1}", 9),
    ("dL/dz: [1, 6]\n", "", 3),
    ("dL/dz: [1, ?]\n", ", per: cell", 1.5),
    ("z: [0, 0]\n", ", minimum: 2", 2),
    ("W: [[1, 2], [3, 4]]\n", "", 0),
    ("'dL/dW[1,:]': [1, 2]\n'dL/dW[2,:]': [6, 12]\n", "", 6),
    ("'dL/dW[1,:]': [1, 2]\n'dL/dW[2,:]': [6, 13]\n", "", 0),
    ("'dL/dW[1,:]': [1, 2]\n", "", 0),
    ("'W: [[1': 1\n'y[9]': 1\n'shape(z)[1]': 2\n", "", 0),
    ("'dL/dW[1,:]': [1, 2]\n", ", per: cell", 3),
    ("'dL/dW[1,1]': 1\n'dL/dW[1,:]': [1, 2]\n'dL/dW[2,2]': 12\n'dL/dW[2,1]': 6\n", ", per: cell", 6),
    ("dL/dW: [[1, 2], [6, 13]]\n'dL/dW[1,:]': [1, 2]\n", ", per: cell", 4.5),
]


@pytest.mark.parametrize(("sheet", "more", "expected"), CASES)
def test_a_sheet_earns_what_the_teacher_gives(tmp_path: Path, sheet: str, more: str, expected: float) -> None:
    (tmp_path / "sheet.yaml").write_text(sheet, encoding="utf-8")
    report = cnncalc.check(cnncalc.loads(PROBLEM.format(more=more)), tmp_path / "sheet.yaml", complete=True)
    assert (report.score, report.max_score) == (expected, 15)


@pytest.mark.parametrize(("more", "expected"), [("", 2), (", mistakes: {rounded-early: 0.5}", 1.5)])
def test_what_was_rounded_early_follows_from_no_mistake(more: str, expected: float) -> None:
    problem = cnncalc.loads(
        "input: [2/3]\nlayers: [fc: {name: z, weight: [[1]]}, fc: {name: y, weight: [[300]]}]\n"
        f"questions: {{1: z, 2: y}}\npoints: {{1: 1, 2: 1, follows: none{more}}}\n"
    )
    report = cnncalc.check(problem, {"z": "0.667", "y": "200.1"})
    assert (report["y"].verdict.value, report.score) == ("follows", expected)


def test_what_is_answered_in_part_is_not_answered(tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text(RIGHT.replace("z: [5, 11]", "'z[1]': 5"), encoding="utf-8")
    for more, score in (("", 11), (", per: cell", 13)):
        report = cnncalc.check(cnncalc.loads(PROBLEM.format(more=more)), tmp_path / "sheet.yaml", complete=True)
        assert (report.score, report.unanswered, report.is_correct) == (score, ("z",), False)
        assert sum(report.worth(tensor) for tensor in report.tensors) == 15


def test_what_is_not_asked_for_earns_nothing_where_it_is_known_what_is(tmp_path: Path) -> None:
    """Nor do the numbers of the problem itself, and three cells of a tensor are no three answers."""
    text = PROBLEM.format(more="")
    problem = cnncalc.loads(text[: text.index("points:")])
    sheet = "input: [1, 2]\nW: [[1, 2], [3, 4]]\n'z[1]': 5\n'dL/dW[1,1]': 1\n'dL/dW[1,2]': 2\ny: [5, 22]\n"
    (tmp_path / "sheet.yaml").write_text(sheet, encoding="utf-8")
    report = cnncalc.check(problem, tmp_path / "sheet.yaml", complete=True)
    assert (report.score, report.max_score, report.unanswered) == (1, 4, ("z", "dL/dz", "dL/dW"))
    assert cnncalc.check(problem, tmp_path / "sheet.yaml").max_score == 6


def test_what_follows_from_an_answer_of_zeros_is_worth_nothing(tmp_path: Path) -> None:
    (tmp_path / "sheet.yaml").write_text("z: [0, 0]\ny: [0, 0]\n", encoding="utf-8")
    for more in ("", ", per: cell"):
        report = cnncalc.check(cnncalc.loads(PROBLEM.format(more=more)), tmp_path / "sheet.yaml", complete=True)
        assert report.score == 0


FAULTS = [
    ("{4: 1}", "`points` has '4', which is no question"),
    ("{2: [1, 2, 3]}", "question '2' asks for 2, and there are points for 3"),
    ("{1: -1}", "points: -1"),
    ("{1: 1, follows: maybe}", "`follows` is 'maybe'"),
    ("{1: 1, mistakes: {sign: 2}}", "the share of sign is 2"),
    ("{follows: half}", "`points` gives no question any"),
    ("[1]", "`points` is no mapping"),
]


@pytest.mark.parametrize(("points", "message"), FAULTS)
def test_points_that_cannot_be_read(points: str, message: str) -> None:
    text = PROBLEM.format(more="").replace("points: {1: 4, 2: [2, 3], 3: 6}", f"points: {points}")
    with pytest.raises(cnncalc.ProblemError) as error:
        cnncalc.loads(text)
    assert message in [fault.message for fault in error.value.faults]


def test_in_every_format(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text(PROBLEM.format(more=", follows: half"), encoding="utf-8")
    (tmp_path / "s.yaml").write_text(FOLLOWING, encoding="utf-8")
    table, printed, sent = (
        run(["check", "p.yaml", "s.yaml", "--format", form], folder=tmp_path).stdout
        for form in ("table", "json", "gradescope")
    )
    assert "Score: 10 of 15." in table
    assert (json.loads(printed)["score"], json.loads(printed)["max_score"]) == (10, 15)
    result = json.loads(sent)
    assert result["score"] == 10
    assert {test["name"]: (test["score"], test["max_score"]) for test in result["tests"]} == {
        "z": (0, 4), "y": (1, 2), "dL/dz": (3, 3), "dL/dW": (6, 6),
    }  # fmt: skip
