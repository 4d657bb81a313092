"""Answer sheets as CSV, TSV, Markdown and Excel: the same tensors, whatever the rows look like."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import cnncalc
from tests.command import run

PROBLEM = """input: {name: x, value: [[1, 2], [3, 4]]}
layers:
  - conv: {name: y, weight: [[[[1]]], [[[2]]]]}
  - flatten
  - fc: {name: z, weight: [[0.25, 0, 0, 0, 0, 0, 0, 0]]}
"""
SHEETS = {
    "names in front.csv": "y,1,2\n,3,4\n\n,2,4\n,6,8\nz,0.25\n",
    "with headings.csv": "tensor,answer\nz,1/4\nx,\"[[1, 2], [3, 4]]\"\n",
    "names on lines.csv": "y\n1,2\n3,4\n\n2,4\n6,8\n\nz\n0.25\n",
    "names in each row.csv": "x,1,2\nx,3,4\nz,0.25\n",
    "semicolons.csv": "x;1;2\n;3;4\nz;0,25\n",
    "padded.csv": "x,1,2,,\n,3,4,,\nz,0.25,,,\n,,,,\n",
    "tabs.tsv": "x\t1\t2\n\t3\t4\nz\t0.25\n",
    "a table.md": "# Homework\n\n| tensor | answer |\n|---|---|\n| `z` | $\\frac{1}{4}$ |\n| x | [[1, 2], [3, 4]] |\n",
    "headings.md": "## y\n\n| 1 | 2 |\n|---|---|\n| 3 | 4 |\n\n| 2 | 4 |\n|---|---|\n| 6 | 8 |\n\n## z\n\n0.25\n",
    "lines.md": "**z**: 0.25\n\n- x = [[1, 2], [3, 4]]\n",
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_every_answer_is_right(name: str, tmp_path: Path) -> None:
    sheet = tmp_path / name
    sheet.write_text(SHEETS[name], encoding="utf-8")
    report = cnncalc.check(cnncalc.loads(PROBLEM), sheet)
    assert [tensor.verdict.value for tensor in report.tensors] == ["correct", "correct"]


def test_decimal_commas_are_said(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(SHEETS["semicolons.csv"], encoding="utf-8")
    (note,) = cnncalc.check(cnncalc.loads(PROBLEM), sheet).notes
    assert note.en == "Columns are parted by semicolons, so that decimal commas are read as points."


def test_a_cell_that_is_left_empty_is_missing(tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("x,1,2\n,3,\nz,0.25\n", encoding="utf-8")
    report = cnncalc.check(cnncalc.loads(PROBLEM), sheet)
    assert [cell.verdict.value for cell in report["x"].wrong] == ["missing"]


FAULTS = {
    "numbers.csv": ("1,2\n3,4\n", "no row begins with the name of a tensor"),
    "nothing.csv": (",,\n", "no row begins with the name of a tensor"),
    "damaged.xlsx": ("z,0.25\n", "the file is damaged, or not what its ending says"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_sheet_without_names(name: str, tmp_path: Path) -> None:
    if name.endswith("xlsx"):
        pytest.importorskip("openpyxl")
    (tmp_path / name).write_text(FAULTS[name][0], encoding="utf-8")
    with pytest.raises(cnncalc.AnswerError) as raised:
        cnncalc.check(cnncalc.loads(PROBLEM), tmp_path / name)
    assert raised.value.faults[0].message == FAULTS[name][1]


@pytest.fixture(name="book")
def _book(tmp_path: Path) -> Callable[[list[list[Any]]], Path]:
    openpyxl = pytest.importorskip("openpyxl")

    def make(rows: list[list[Any]]) -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        path = tmp_path / "sheet.xlsx"
        book.save(path)
        return path

    return make


def test_excel(book: Callable[[list[list[Any]]], Path]) -> None:
    import datetime

    sheet = book([["tensor", "answer"], ["x", 1, 2.0], [None, 3, "4"], ["z", datetime.datetime(2024, 1, 4)]])
    report = cnncalc.check(cnncalc.loads(PROBLEM), sheet)
    assert [(tensor.name, tensor.verdict.value) for tensor in report.tensors] == [("x", "correct"), ("z", "correct")]


def test_a_folder_of_sheets(tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "a.csv").write_text("z,0.25\n", encoding="utf-8")
    (folder / "b.csv").write_text("z,0.5\n", encoding="utf-8")
    ended = run(["check", str(tmp_path / "problem.yaml"), str(folder)])
    assert ended.returncode == 1
    assert "a.csv" in ended.stdout
