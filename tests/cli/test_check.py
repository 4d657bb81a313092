"""`cnncalc check` as students and assistants run it: outputs, exit statuses, many sheets, broken ones."""

from __future__ import annotations

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest

from ..command import ROOT, run, run_process

HW11 = str(ROOT / "problems" / "hw11.yaml")
ANSWERS = ROOT / "problems" / "answers"
RIGHT = "conv_1: [[[-22, -22], [-26, -26]], [[98, 100], [100, 98]]]\np: 0.2\nL: ln 5\n"
NO_QUESTIONS = "input: [3]\nlayers: [relu: {name: p}, tanh: {name: q}]\n"
WRONG = "conv_1: [[[-22, -22], [-26, -26]], [[99, 100], [100, 98]]]\np: 0.2\nL: 1.60\n"


def sheet(folder: Path, text: str, name: str = "mine.yaml") -> str:
    (folder / name).write_text(text, encoding="utf-8")
    return name


def test_right_answers_end_with_0(tmp_path: Path) -> None:
    result = run(["check", HW11, sheet(tmp_path, RIGHT), "--answered-only"], folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Score: 3 of 3. Everything that is answered is right. Not answered, and not counted:" in result.stdout
    result = run(["check", sheet(tmp_path, NO_QUESTIONS, "hw.yaml"), sheet(tmp_path, "p: 3\n")], folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "Score: 1 of 1. Everything is right.\n" in result.stdout


def test_wrong_answers_end_with_1_and_say_where(tmp_path: Path) -> None:
    result = run(["check", HW11, sheet(tmp_path, WRONG)], folder=tmp_path)
    assert result.returncode == 1
    assert "The first error is in conv_1" in result.stdout
    assert "one-cell-slipped" in result.stdout
    assert "99✗" in result.stdout
    assert "at least 3 significant digits" in result.stdout


def test_without_answers_the_problems_own_are_checked(tmp_path: Path) -> None:
    assert run(["check", HW11]).returncode == 0
    bare = sheet(tmp_path, "input: [[1]]\nlayers: [relu]\n", "bare.yaml")
    result = run(["check", bare], folder=tmp_path)
    assert result.returncode == 2
    assert "brings no answers along" in result.stderr


def test_answers_from_standard_input() -> None:
    assert run(["check", HW11, "-", "--answered-only"], stdin=RIGHT).returncode == 0


@pytest.mark.parametrize("text", ["", "- 1\n", "conv_1: [1, 2", "\t"])
def test_a_sheet_that_cannot_be_read_ends_with_2(tmp_path: Path, text: str) -> None:
    result = run(["check", HW11, sheet(tmp_path, text)], folder=tmp_path)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "mine.yaml" in result.stderr


def test_files_that_are_not_there() -> None:
    assert run(["check", HW11, "nothing.yaml"]).returncode == 2
    assert run(["check", "nothing.yaml", HW11]).returncode == 2


def test_json_is_the_contracts(tmp_path: Path) -> None:
    result = run(["check", HW11, sheet(tmp_path, WRONG), "--format", "json"], folder=tmp_path)
    found = json.loads(result.stdout)
    assert result.returncode == 1
    assert found["format"] == "cnncalc-check/1"
    assert found["answers"] == "mine.yaml"
    assert (found["score"], found["max_score"], found["first_error"]) == (1, 11, "conv_1")
    assert found["unanswered"] == [tensor["name"] for tensor in found["tensors"] if tensor["verdict"] == "missing"]
    assert found["tensors"][0]["wrong"] == [
        {"index": [2, 1, 1], "given": "99", "expected": "98", "verdict": "wrong", "follows": False}
    ]


@pytest.mark.parametrize("kind", ["table", "json", "gradescope"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_hidden_answers_stay_hidden(tmp_path: Path, kind: str, language: str) -> None:
    """Numbers that occur in the right answers alone are nowhere in the output."""
    wrong = "dL/dW: [[0,0,0,0,1,1,1,1],[0,0,0,0,1,1,1,1],[0,0,0,0,2,2,2,2],[0,0,0,0,1,1,1,1],[0,0,0,0,1,1,1,1]]\nL: 3\n"
    arguments = ["check", HW11, sheet(tmp_path, wrong), "--format", kind, "--language", language]
    shown = run(arguments, folder=tmp_path).stdout
    hidden = run([*arguments, "--hide-answers"], folder=tmp_path).stdout
    for number in ("78.4", "19.6", "1.60944", "log(5)"):
        assert number not in hidden
    assert "78.4" in shown


def test_gradescope_has_a_result_for_every_submission(tmp_path: Path) -> None:
    for text in (RIGHT, WRONG, "- broken"):
        result = run(
            ["check", HW11, sheet(tmp_path, text), "--format", "gradescope", "--output", "results.json"],
            folder=tmp_path,
        )
        assert result.returncode == 0
        found = json.loads((tmp_path / "results.json").read_text())
        assert isinstance(found["score"], int)
        assert found["score"] == sum(test["score"] for test in found["tests"])
        for test in found["tests"]:
            assert test["status"] in ("passed", "failed")
            assert test["max_score"] == 1
    assert found["score"] == 0
    assert "answers are a mapping" in found["output"]


def test_several_sheets(tmp_path: Path) -> None:
    names = [sheet(tmp_path, RIGHT, "a.yaml"), sheet(tmp_path, WRONG, "b.yaml"), sheet(tmp_path, "- 1", "c.yaml")]
    result = run(["check", HW11, *names, "--answered-only"], folder=tmp_path)
    assert result.returncode == 2
    lines = {line.split()[0]: line for line in result.stdout.splitlines() if ".yaml" in line}
    assert "3/3" in lines["a.yaml"]
    assert "1/3" in lines["b.yaml"]
    assert "conv_1" in lines["b.yaml"]
    assert "cannot be read" in lines["c.yaml"]
    assert "2 sheets checked, 1 of them all correct; mean score 2.00 of 3." in result.stdout
    assert "1 could not be read." in result.stdout
    assert "3/3" in result.stderr
    assert "c.yaml:1:1" in result.stderr
    assert run(["check", HW11, *names[:2], "--answered-only"], folder=tmp_path).returncode == 1
    assert run(["check", HW11, names[0], names[0], "--answered-only"], folder=tmp_path).returncode == 0
    result = run(["check", HW11, names[0], names[0]], folder=tmp_path)
    assert result.returncode == 1
    assert "3/11" in result.stdout


def test_a_folder_of_sheets(tmp_path: Path) -> None:
    (tmp_path / "class").mkdir()
    for name in ("b.yaml", "a.yml"):
        sheet(tmp_path / "class", RIGHT, name)
    sheet(tmp_path / "class", "no sheet", "notes.txt")
    result = run(["check", HW11, "class", "--answered-only"], folder=tmp_path)
    assert result.returncode == 0
    assert "2 sheets checked, 2 of them all correct" in result.stdout
    (tmp_path / "empty").mkdir()
    assert run(["check", HW11, "empty"], folder=tmp_path).returncode == 2


def test_csv_has_a_line_a_sheet(tmp_path: Path) -> None:
    names = [sheet(tmp_path, RIGHT, "a.yaml"), sheet(tmp_path, WRONG, "b.yaml"), sheet(tmp_path, "- 1", "=c.yaml")]
    result = run(["check", HW11, *names, "--format", "csv"], folder=tmp_path)
    rows = list(csv.DictReader(StringIO(result.stdout)))
    assert [row["score"] for row in rows] == ["3", "1", "0"]
    assert [row["conv_1"] for row in rows] == ["correct", "wrong", ""]
    assert rows[1]["first_error"] == "conv_1"
    assert "L: truncated" in rows[1]["mistakes"]
    assert rows[2]["fault"]
    assert rows[2]["answers"] == "'=c.yaml"


def test_json_of_several_sheets_is_a_list(tmp_path: Path) -> None:
    names = [sheet(tmp_path, RIGHT, "a.yaml"), sheet(tmp_path, "- 1", "c.yaml")]
    found = json.loads(run(["check", HW11, *names, "--format", "json"], folder=tmp_path).stdout)
    assert [entry["answers"] for entry in found] == names
    assert "fault" in found[1]


def test_several_processes_give_the_same(tmp_path: Path) -> None:
    folder = tmp_path / "class"
    folder.mkdir()
    for number in range(80):
        sheet(folder, WRONG if number % 3 else RIGHT, f"{number:02}.yaml")
    one = run(["check", HW11, "class", "--jobs", "1"], folder=tmp_path)
    two = run_process(["check", HW11, "class", "--jobs", "2"], folder=tmp_path)
    assert one.stdout == two.stdout
    assert "80 sheets checked" in one.stdout


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ([], 1),
        (["--significant", "2"], 1),
        (["--tolerance", "1%"], 1),
        (["--tolerance", "0.01"], 1),
        (["--tolerance", "2"], 0),
    ],
)
def test_rules(tmp_path: Path, options: list[str], status: int) -> None:
    words = ["check", HW11, sheet(tmp_path, WRONG), "--answered-only", *options]
    assert run(words, folder=tmp_path).returncode == status


def test_bad_options(tmp_path: Path) -> None:
    name = sheet(tmp_path, RIGHT)
    assert "write 0.01 (absolute)" in run(["check", HW11, name, "--tolerance", "much"], folder=tmp_path).stderr
    assert run(["check", HW11, name, name, "--format", "gradescope"], folder=tmp_path).returncode == 2
    assert run(["check", HW11, name, "--significant", "0"], folder=tmp_path).returncode == 2


@pytest.mark.parametrize("more", [[], ["--complete"]])
def test_what_the_questions_ask_for_is_counted(tmp_path: Path, more: list[str]) -> None:
    name = sheet(tmp_path, RIGHT)
    found = json.loads(run(["check", HW11, name, "--format", "json", *more], folder=tmp_path).stdout)
    verdicts = {tensor["name"]: tensor["verdict"] for tensor in found["tensors"]}
    assert verdicts["conv_1"] == "correct"
    assert verdicts["dL/dh"] == "missing"
    assert (found["score"], found["max_score"]) == (3, 11)
    result = run(["check", HW11, name, *more], folder=tmp_path)
    assert result.returncode == 1
    assert "Score: 3 of 11. Not answered: relu_1, fc_1, dL/dp, " in result.stdout
    # All of it has been said: nothing more about each of them, further below.
    assert result.stdout.count("dL/dh") == 2


def test_one_right_answer_of_eleven_is_no_full_mark_anywhere(tmp_path: Path) -> None:
    name = sheet(tmp_path, "L: ln 5\n")
    assert "Score: 1 of 11." in run(["check", HW11, name], folder=tmp_path).stdout
    assert "得分：1 / 11。未作答：conv_1、" in run(["check", HW11, name, "--language", "zh"], folder=tmp_path).stdout
    graded = json.loads(run(["check", HW11, name, "--format", "gradescope"], folder=tmp_path).stdout)
    assert (graded["score"], sum(test["max_score"] for test in graded["tests"])) == (1, 11)
    assert "Not answered: conv_1, " in graded["output"]
    (row,) = csv.DictReader(StringIO(run(["check", HW11, name, "--format", "csv"], folder=tmp_path).stdout))
    assert (row["score"], row["max_score"], row["dL/dh"]) == ("1", "11", "missing")


def test_on_the_way_only_what_is_answered_counts(tmp_path: Path) -> None:
    name = sheet(tmp_path, "L: ln 5\n")
    result = run(["check", HW11, name, "--answered-only"], folder=tmp_path)
    assert result.returncode == 0
    assert "Score: 1 of 1. Everything that is answered is right. Not answered, and not counted: conv_1" in result.stdout
    found = json.loads(run(["check", HW11, name, "--answered-only", "--format", "json"], folder=tmp_path).stdout)
    assert (found["score"], found["max_score"], len(found["unanswered"])) == (1, 1, 10)
    result = run(["check", HW11, name, "--answered-only", "--complete"], folder=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")


def test_without_questions_a_sheet_scores_as_it_is(tmp_path: Path) -> None:
    problem = sheet(tmp_path, NO_QUESTIONS, "hw.yaml")
    for more in ([], ["--complete"], ["--answered-only"]):
        result = run(["check", problem, sheet(tmp_path, "p: 3\n"), "--format", "json", *more], folder=tmp_path)
        found = json.loads(result.stdout)
        assert (found["score"], found["max_score"], found["unanswered"]) == (1, 1, [])


def test_a_teachers_own_answers_need_not_be_all(tmp_path: Path) -> None:
    problem = sheet(tmp_path, NO_QUESTIONS + "questions: {1: p, 2: q}\nanswers: {p: 3}\n", "hw.yaml")
    assert run(["check", problem], folder=tmp_path).returncode == 0
    assert run(["check", problem, "--complete"], folder=tmp_path).returncode == 1


def test_sizes_and_elements_are_no_answers_to_a_question(tmp_path: Path) -> None:
    problem = sheet(tmp_path, "input: {shape: [1, 2]}\nlayers: [relu: {name: p}]\nquestions: {1: p}\n", "hw.yaml")
    result = run(["check", problem, sheet(tmp_path, "shape(p): [1, 2]\n")], folder=tmp_path)
    # There are no numbers to answer it with.
    assert (result.returncode, result.stderr) == (0, "")


PROBLEM = "input: [1]\nlayers: [relu: {name: y}]\n"


def test_a_problem_among_the_sheets(tmp_path: Path) -> None:
    names = [sheet(tmp_path, PROBLEM, "a.yaml"), sheet(tmp_path, PROBLEM.replace("1", "2"), "b.yaml")]
    result = run(["check", *names], folder=tmp_path)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("b.yaml:1:1: this is a problem, and an answer sheet should stand here\n")
    graded = run(["check", *names, "--format", "gradescope"], folder=tmp_path)
    assert "this is a problem" in json.loads(graded.stdout)["output"]
    several = run(["check", *names, sheet(tmp_path, "y: 1\n")], folder=tmp_path)
    assert several.returncode == 2
    assert "b.yaml:1:1: this is a problem" in several.stderr


def test_a_problem_with_answers_is_read_and_that_is_said(tmp_path: Path) -> None:
    names = [sheet(tmp_path, PROBLEM, "a.yaml"), sheet(tmp_path, PROBLEM + "answers: {y: 1}\n", "b.yaml")]
    result = run(["check", *names], folder=tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "This file is a problem; its own answers are what was checked.\n" in result.stdout
    found = json.loads(run(["check", *names, "--format", "json", "--language", "zh"], folder=tmp_path).stdout)
    assert found["notes"] == ["此文件是一道题目；所批改的是其自带的答案。"]


@pytest.mark.parametrize(
    "text", ["input: [1]\nloss: 2\n", "input: [1]\n", "layers: 3\n", "answers: {y: 1}\ninput: [1]\n"]
)
def test_names_of_tensors_make_no_problem(tmp_path: Path, text: str) -> None:
    result = run(["check", sheet(tmp_path, PROBLEM, "a.yaml"), sheet(tmp_path, text)], folder=tmp_path)
    assert "problem" not in result.stderr


@pytest.mark.parametrize("width", [20, 40, 80, 200])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_line_is_wider_than_the_terminal(width: int, language: str) -> None:
    from rich.cells import cell_len

    result = run(
        ["check", HW11, str(ANSWERS / "hw11_midnight.yaml"), "--language", language],
        environment={"COLUMNS": str(width)},
    )
    if width >= 40:
        assert max(cell_len(line) for line in result.stdout.splitlines()) <= width
    assert result.returncode == 1


@pytest.mark.parametrize("form", ["table", "markdown", "gradescope-csv"])
def test_what_is_listed_in_chinese_has_no_latin_comma(form: str) -> None:
    """But between the parts of a formula, of an index, and of what is quoted."""
    quoted = re.compile(r"`[^`]*`|\$[^$]*\$|\{[^}]*\}|\[[^\]]*\]|\([^)]*\)|（[A-Z, ]*）")
    for name in ("hw11_midnight", "hw11_flipped", "conv_pool_bias_ties"):
        problem = name.rpartition("_")[0]
        words = ["check", f"problems/{problem}.yaml", str(ANSWERS / f"{name}.yaml"), "--language", "zh"]
        lines = run([*words, "--format", form], environment={"COLUMNS": "300"}).stdout.splitlines()
        lists = [line for line in lines if re.search("[一-鿿]", line) and re.search(r"[,;] ", quoted.sub("", line))]
        assert lists == []


@pytest.mark.parametrize("meant", ["hw11_midnigt", "hw11_midnight", "hw11_midnigt.yaml"])
def test_a_word_that_is_no_file_is_answered_with_the_file_that_is_like_it(meant: str) -> None:
    result = run(["check", HW11, f"problems/answers/{meant}"])
    assert result.returncode == 2
    assert f"there is no file 'problems/answers/{meant}'\n    did you mean {Path('problems/answers')}" in result.stderr
    assert "hw11_midnight.yaml?" in result.stderr


def test_an_ascii_terminal() -> None:
    result = run(
        ["check", HW11, str(ANSWERS / "hw11_midnight.yaml"), "--language", "zh"],
        encoding="ascii",
    )
    assert result.returncode == 1
    assert result.stdout.isascii()
    assert "\\u" not in result.stdout
    assert "wrong" in result.stdout
