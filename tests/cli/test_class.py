"""A class: folders in folders, a problem for each, a bank, pages for students, grade books, the same wrong cells."""

from __future__ import annotations

import csv
import os
import re
from pathlib import Path

import pytest

from cnncalc.commands.check import in_natural_order, problem_of
from cnncalc.commands.surroundings import process

from ..command import run

PROBLEM = """\
input: [1, 2]
layers: [fc: {name: z, weight: [[1, 2], [3, 4], [5, 6], [7, 8], [9, 2]]}]
questions: {1: z}
points: {1: 5, per: cell}
"""
SHEETS = {
    "student2.yaml": "z: [5, 11, 17, 23, 13]\n",
    "student10.yaml": "z: [5, 11, 17, 23, 12]\n",
    "more/Ada Lovelace_77_assignsubmission_file/answers.yaml": "z: [5, 111, 17, 21.3, 13]\n",
    "more/lovelaceada_LATE_4711_99_z.yaml": "z: [5, 111, 17, 21.3, 13]\n",
    "more/=1+1.yaml": "z: [[[\n",
    "more/.hidden.yaml": "z: 1\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    for name, text in SHEETS.items():
        (tmp_path / "sheets" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "sheets" / name).write_text(text, encoding="utf-8")
    return tmp_path


def rows(folder: Path, form: str) -> list[list[str]]:
    result = run(["check", "problem.yaml", "sheets", "--format", form], folder=folder)
    assert result.returncode == 2, "one sheet cannot be read"
    return list(csv.reader(result.stdout.splitlines()))


def test_a_line_a_sheet_in_natural_order_and_a_broken_file_costs_its_own(folder: Path) -> None:
    found = [(Path(row[0]).name, row[1], row[2]) for row in rows(folder, "csv")[1:]]
    assert found == [
        ("=1+1.yaml", "0", "5"),
        ("answers.yaml", "3", "5"),
        ("lovelaceada_LATE_4711_99_z.yaml", "3", "5"),
        ("student2.yaml", "5", "5"),
        ("student10.yaml", "4", "5"),
    ]
    assert in_natural_order(["a10", "a9b", "a9", "b1"]) == ["a9", "a9b", "a10", "b1"]


def test_sheets_of_every_format_are_read_and_what_is_none_is_said(folder: Path) -> None:
    more = {
        "x.csv": "z,5,11,17,23,13\n",
        "y.md": "z: 5, 11, 17, 23, 13\n",
        "names.csv": "Name,Number\nAda,1\n",
        "points.csv": '"answers","score"\n"x.csv",5\n',
        "README.md": "Hand in here.\n",
    }
    for name, text in more.items():
        (folder / "sheets" / name).write_text(text, encoding="utf-8")
    (folder / "sheets/problem.yaml").write_text(PROBLEM, encoding="utf-8")
    result = run(["check", "sheets/problem.yaml", "sheets", "--format", "csv"], folder=folder)
    found = {Path(row[0]).name: row[1] for row in csv.reader(result.stdout.splitlines()[1:])}
    assert set(found) == {"x.csv", "y.md", *(Path(name).name for name in SHEETS)} - {".hidden.yaml"}
    assert (found["x.csv"], found["y.md"]) == ("5", "5")
    for name in ("names.csv", "points.csv"):
        assert f"{Path('sheets', name)}: left out, it is a list of the class, and no answer sheet\n" in result.stderr


def test_grade_books_keep_identifiers_and_run_nothing(folder: Path) -> None:
    moodle, canvas = rows(folder, "moodle"), rows(folder, "canvas")
    assert moodle[0] == ["Identifier", "Full name", "Grade", "Maximum grade", "Feedback comments"]
    assert ["Participant 77", "Ada Lovelace", "3", "5"] in [row[:4] for row in moodle]
    assert ["'=1+1", "0"] in [row[1:3] for row in moodle]
    assert canvas[:2] == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "cnncalc"],
        ["Points Possible", "", "", "", "", "5"],
    ]
    assert ["lovelaceada", "4711", "", "", "", "3"] in canvas


def test_the_same_wrong_cells_are_listed_unless_a_mistake_gives_them(folder: Path) -> None:
    text = run(["check", "problem.yaml", "sheets"], folder=folder).stdout
    assert "The same wrong cells" in text
    for name in ("answers.yaml", "lovelaceada_LATE_4711_99_z.yaml"):
        (next((folder / "sheets").rglob(name))).write_text("z: [-5, -11, -17, -23, -13]\n", encoding="utf-8")
    assert "The same wrong cells" not in run(["check", "problem.yaml", "sheets"], folder=folder).stdout


def test_a_page_for_each_student_and_one_for_the_class(folder: Path) -> None:
    words = ["check", "problem.yaml", "sheets", "--output", "class.html", "--feedback", "back", "--hide-answers"]
    assert run(words, folder=folder).returncode == 2
    page = (folder / "class.html").read_text("utf-8")
    assert '<td class="bar">█' in page
    assert page.index("Summary") < page.index("The sheets")
    pages = {path.name for path in (folder / "back").iterdir()}
    names = ("Ada Lovelace_77_assignsubmission_file", "lovelaceada_LATE_4711_99_z", "student2", "student10", "=1+1")
    assert pages == {f"{name}.html" for name in names}
    page = (folder / "back/student10.html").read_text("utf-8")
    assert ">12<" in page
    assert ">13<" not in page
    assert "a value is missing here" in (folder / "back/=1+1.html").read_text("utf-8")
    run([*words[:-1], "--language", "zh"], folder=folder)
    assert ">13<" in (folder / "back/student10.html").read_text("utf-8")


def test_sheets_that_are_called_alike_are_their_folders(folder: Path) -> None:
    for name in ("ada", "bob"):
        (folder / "sheets" / name).mkdir()
        (folder / "sheets" / name / "hw.yaml").write_text("z: 5\n", encoding="utf-8")
    assert {"ada", "bob"} < {row[0] for row in rows(folder, "canvas")}


@pytest.mark.parametrize("words", [["check", "problem.yaml", "sheets"], ["gradescope", "problem.yaml", "-o", "x.zip"]])
def test_points_for_a_mistake_that_nobody_knows(folder: Path, words: list[str]) -> None:
    text = PROBLEM.replace("per: cell", "mistakes: {sgn: 0.5, factor-of-ten: 0.5}")
    (folder / "problem.yaml").write_text(text, encoding="utf-8")
    ended = run(words, folder=folder)
    assert (ended.returncode, ended.stderr.count("problem.yaml:")) == (2, 1)
    assert "problem.yaml:4:27: there is no known mistake 'sgn'" in ended.stderr


def test_what_the_class_has_wrong_adds_up(folder: Path) -> None:
    """Four sheets are read: all cells right, one wrong, and twice the same two."""
    text = run(["check", "problem.yaml", "sheets"], folder=folder).stdout
    assert "mean score 3.75 of 5" in text
    assert re.search(r"\n  3–4 +2 +█+\n  4–5 +2 +█+\n", text)
    assert re.search(r"z +25 % +█+ +3\.75/5 +1 +3\n", text)
    assert "In how many sheets each cell is not right\n\nz\n  1  2  3  4  5\n" in text
    assert "\n  ·  2  ·  2  1\n" in text
    assert re.search(r"z\[2\] +111 +2\n", text)
    assert (
        "各元素在多少份答卷中不正确"
        in run(["check", "problem.yaml", "sheets", "--language", "zh"], folder=folder).stdout
    )


def test_nobody_copies_zeros(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / "sheets" / f"{name}.yaml").write_text("z: [0, 0, 0, 0, 0]\n", encoding="utf-8")
    text = run(["check", "problem.yaml", "sheets"], folder=folder).stdout
    assert "one.yaml" not in text[text.index("The same wrong cells") :]


def test_a_class_as_gradescope_lists_it(folder: Path) -> None:
    (folder / "sheets/assignment_1_export/submission_815").mkdir(parents=True)
    (folder / "sheets/assignment_1_export/submission_815/z.csv").write_text("z,5,11,17,23,13\n", encoding="utf-8")
    (folder / "sheets/assignment_1_export/submission_metadata.yml").write_text("submission_815: {}\n", encoding="utf-8")
    lines = rows(folder, "gradescope-csv")
    head = ["Name", "SID", "Email", "Total Score", "Max Points", "Status", "Submission ID", "Comments"]
    assert (lines[0], ["z", "", "", "5", "5", "Graded", "815", ""] in lines) == (head, True)
    assert {line[5] for line in lines if line[0].startswith("'=1")} == {"Ungraded"}


@pytest.mark.parametrize(("form", "ending", "begins"), [("markdown", "md", "# "), ("pdf", "pdf", "%PDF")])
def test_what_each_student_gets_back_in_other_formats(
    folder: Path, form: str, ending: str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cnncalc.commands.surroundings.pdf.compiled", lambda text: b"%PDF" + text.encode())
    words = ["check", "problem.yaml", "sheets/student10.yaml", "--feedback", "back", "--feedback-format", form]
    assert run(words, folder=folder).returncode == 1
    text = (folder / f"back/student10.{ending}").read_text("utf-8")
    assert text.startswith(begins)
    assert "12" in text


def test_a_problem_for_each_student(folder: Path) -> None:
    for name, weight in (("ada", "[[1, 1]]"), ("adam", "[[2, 2]]")):
        (folder / "own" / "sheets").mkdir(parents=True, exist_ok=True)
        (folder / "own" / "problems").mkdir(exist_ok=True)
        text = f"input: [1, 2]\nlayers: [fc: {{name: z, weight: {weight}}}]\nquestions: {{1: z}}\n"
        (folder / "own/problems" / f"{name}.yaml").write_text(text, encoding="utf-8")
    for name, answer in (("ada_sheet", 3), ("adam", 6), ("eve", 3)):
        (folder / "own/sheets" / f"{name}.yaml").write_text(f"z: [{answer}]\n", encoding="utf-8")
    result = run(["check", "own/problems", "own/sheets", "--format", "csv"], folder=folder)
    lines = list(csv.reader(result.stdout.splitlines()))
    assert [(Path(line[0]).stem, line[1]) for line in lines[1:]] == [("ada_sheet", "1"), ("adam", "1"), ("eve", "0")]
    assert "no problem has the name of this sheet" in result.stdout
    assert problem_of("x/adam/answers.yaml", ["p/ada.yaml", "p/adam.yaml"]) == "p/adam.yaml"


def test_a_bank_of_problems_with_their_own_answers(folder: Path) -> None:
    (folder / "bank").mkdir()
    for name, answer in (("good", "5"), ("bad", "-5"), ("none", None)):
        text = "input: [1, 2]\nlayers: [fc: {name: z, weight: [[1, 2]]}]\n"
        text += f"answers: {{z: [{answer}]}}\n" if answer else ""
        (folder / "bank" / f"{name}.yaml").write_text(text, encoding="utf-8")
    result = run(["check", "--bank", "bank", "--format", "csv"], folder=folder)
    lines = {
        Path(line[0]).stem: (line[1], line[-2], line[-1]) for line in list(csv.reader(result.stdout.splitlines()))[1:]
    }
    assert result.returncode == 2
    assert (lines["good"][0], lines["bad"][:2]) == ("1", ("0", "z: sign"))
    assert "brings no answers along" in lines["none"][2]
    (folder / "bank/other.yaml").write_text(
        "input: [1, 2]\nlayers: [fc: {name: y, weight: [[1, 2]]}]\nanswers: {y: 5}\n", encoding="utf-8"
    )
    text = run(["check", "--bank", "bank"], folder=folder).stdout
    assert all(re.search(line, text) for line in (r"y +100 % +█+ +1\.00/1 +1 +0\n", r"z +50 % +█+ +0\.50/1 +1 +1\n"))


@pytest.mark.parametrize("command", [["solve", "problem.yaml"], ["check", "problem.yaml", "sheets/student2.yaml"]])
def test_watching_runs_again_when_a_file_is_saved(
    folder: Path, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []

    def saved(names: list[str]) -> list[str]:
        if len(seen) > 4:
            raise KeyboardInterrupt
        if len(seen) == 2:
            file = folder / "problem.yaml"
            file.write_text(PROBLEM.replace("[9, 2]", "[9, 3]"), encoding="utf-8")
        seen.append((folder / "problem.yaml").read_text("utf-8"))
        return seen[-1:]

    monkeypatch.setattr(process, "_saved", saved)
    monkeypatch.setattr(process, "SECONDS_TO_LOOK", 0)
    result = run([*command, "--watch"], folder=folder)
    assert result.returncode == 130
    assert result.stdout.count("Score:" if command[0] == "check" else "Forward") == 2


def test_standard_input_cannot_be_watched() -> None:
    result = run(["solve", "-", "--watch"], stdin=PROBLEM)
    assert (result.returncode, result.stderr) == (2, "--watch needs a file; standard input is read once\n")


def test_what_is_saved_is_seen(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("1", encoding="utf-8")
    before = process._saved([str(tmp_path)])
    os.utime(file, ns=(1, 1))
    assert process._saved([str(tmp_path)]) != before
    assert process._saved([str(tmp_path / "gone")]) == []
