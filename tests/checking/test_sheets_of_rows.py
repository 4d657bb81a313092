"""Answer sheets as CSV, TSV, Markdown, Excel and OpenDocument: the same tensors, whatever the rows look like."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

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
    "wide.csv": ("z" + ",1" * 1_000_001, "a table of more than 1000000 cells"),
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


def test_a_fraction_of_which_excel_has_made_a_month(book: Callable[[list[list[Any]]], Path]) -> None:
    import datetime

    import openpyxl

    path = book([["y", datetime.datetime(1940, 1, 1), datetime.datetime(2026, 1, 2)]])
    written = openpyxl.load_workbook(path)
    # What Excel stores of 1/40 and 1/2.
    written.active["B1"].number_format, written.active["C1"].number_format = "mmm-yy", "d-mmm"
    written.save(path)
    problem = cnncalc.loads("input: [1/40, 1/2]\nlayers: [relu: {name: y}]\n")
    report = cnncalc.check(problem, path)
    assert report["y"].verdict.value == "correct"
    assert "1940-01-01 → 1/40, 2026-01-02 → 1/2" in report.notes[0].en


# LibreOffice 7 in English, German and Chinese; Excel in English and Chinese, for 1/2 and for 1/40.
@pytest.mark.parametrize("cell", ["01/02/26", "2026-01-02", "1月2日", "2-Jan", "2026/1/2"])
def test_dates_in_a_table_are_the_fractions_that_were_typed(tmp_path: Path, cell: str) -> None:
    problem = cnncalc.loads("input: [1/2, 1/40, 3]\nlayers: [relu: {name: y}]\n")
    (tmp_path / "sheet.csv").write_text(f"y,{cell},Jan-40,3\n", encoding="utf-8")
    report = cnncalc.check(problem, tmp_path / "sheet.csv")
    assert report["y"].verdict.value == "correct"
    assert f"({cell} → 1/2, Jan-40 → 1/40)" in report.notes[0].en


@pytest.mark.parametrize("name", ["log_softmax_1", "exp_1", "ln_2", "Logits", "e_1", "pi_2", "Endresult"])
def test_names_that_begin_as_a_function_does(tmp_path: Path, name: str) -> None:
    problem = cnncalc.loads(f"input: [1, 2]\nlayers: [relu: {{name: {name}}}, fc: {{name: y, weight: [[2, 3/2]]}}]\n")
    (tmp_path / "sheet.csv").write_text(f"{name},1,2\ny,=LN(EXP(5))\n", encoding="utf-8")
    report = cnncalc.check(problem, tmp_path / "sheet.csv")
    assert [(each.name, each.verdict.value) for each in report.tensors] == [(name, "correct"), ("y", "correct")]


NAMESPACES = " ".join(
    f'xmlns:{each}="urn:oasis:names:tc:opendocument:xmlns:{each}:1.0"' for each in ("office", "text", "table", "dc")
)
LIBRE_OFFICE = """
<table:table-row><table:table-cell office:value-type="string"><office:annotation><text:p>see 1, 2</text:p>
  </office:annotation><text:p>y</text:p></table:table-cell>{1}{2}
  <table:table-cell table:number-columns-repeated="1021"/>
</table:table-row>
<table:table-row><table:table-cell/>{3}{4}</table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/>
</table:table-row>
<table:table-row><table:table-cell/>{2}{4}</table:table-row>
<table:table-row><table:table-cell/>{6}{8}</table:table-row>
<table:table-row>
  <table:table-cell office:value-type="string"><text:p><text:span>z</text:span></text:p></table:table-cell>
  <table:table-cell office:value-type="date" office:date-value="2026-01-04"><text:p>01/04/26</text:p></table:table-cell>
</table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/>
</table:table-row>
"""
"""A sheet as LibreOffice Calc 7 stores it (OpenDocument 1.2, part 1, section 9): repeated cells and rows, a comment, a
fraction that was made a date, numbers of which fewer digits are shown than there are."""


def test_open_document(tmp_path: Path) -> None:
    float_cell = (
        '<table:table-cell office:value-type="float" office:value="{0}.0"><text:p>{0}.00</text:p></table:table-cell>'
    )
    table = re.sub(r"\{(\d)\}", lambda found: float_cell.format(found[1]), LIBRE_OFFICE)
    body = f"<office:body><office:spreadsheet><table:table>{table}</table:table></office:spreadsheet></office:body>"
    with ZipFile(tmp_path / "sheet.ods", "w") as zipped:
        zipped.writestr("content.xml", f"<office:document-content {NAMESPACES}>{body}</office:document-content>")
    report = cnncalc.check(cnncalc.loads(PROBLEM), tmp_path / "sheet.ods")
    assert [(tensor.name, tensor.verdict.value) for tensor in report.tensors] == [("y", "correct"), ("z", "correct")]


@pytest.mark.parametrize("content", [b"", b"PK no archive", None])
def test_what_is_no_spreadsheet_is_said_to_be_none(tmp_path: Path, content: bytes | None) -> None:
    if content is None:
        with ZipFile(tmp_path / "sheet.ods", "w") as zipped:
            zipped.writestr("content.xml", "<office:document-content>")
    else:
        (tmp_path / "sheet.ods").write_bytes(content)
    with pytest.raises(cnncalc.AnswerError, match="damaged"):
        cnncalc.check(cnncalc.loads(PROBLEM), tmp_path / "sheet.ods")


def test_a_folder_of_sheets(tmp_path: Path) -> None:
    (tmp_path / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    folder = tmp_path / "class"
    folder.mkdir()
    (folder / "a.csv").write_text("z,0.25\n", encoding="utf-8")
    (folder / "b.csv").write_text("z,0.5\n", encoding="utf-8")
    ended = run(["check", str(tmp_path / "problem.yaml"), str(folder)])
    assert ended.returncode == 1
    assert "a.csv" in ended.stdout


def test_the_mark_of_utf8_that_a_spreadsheet_took_for_letters(tmp_path: Path) -> None:
    (tmp_path / "sheet.csv").write_text("ï»¿y,1,2\n", encoding="utf-8")
    problem = cnncalc.loads("input: [1, 2]\nlayers: [relu: {name: y}]\n")
    assert cnncalc.check(problem, tmp_path / "sheet.csv")["y"].verdict == "correct"
