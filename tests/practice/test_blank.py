"""Blank sheets: all that is asked for, no answer in it, and what is filled in is read back."""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

import cnncalc
from cnncalc.practice.blank import asked

from ..command import ROOT, run

FORMS = ("yaml", "csv", "md", "ods", *(("xlsx",) if find_spec("openpyxl") else ()))
PROBLEMS = ("hw11", "residual_block", "shared_weight", "batch_norm_channel", "lenet5_sizes", "one_step", "first")


def right_answers(problem: cnncalc.Problem) -> list[str]:
    """Cell by cell, in the order of the sheet."""
    if problem.blanks:
        return [""] * len(asked(problem))
    trace = cnncalc.solve(problem)
    found: list[str] = []
    for each in asked(problem):
        forms = np.asarray(trace[each.name].exact, dtype=object).ravel().tolist()
        doubles = trace[each.name].value.ravel().tolist()
        # A closed form in terms of other tensors is for people who have those.
        found += [
            form if form is not None and re.fullmatch(r"-?\d+(/\d+)?", form) else f"{double:.12g}"
            for form, double in zip(forms, doubles, strict=True)
        ]
    return found


@pytest.mark.parametrize("name", PROBLEMS)
@pytest.mark.parametrize("form", FORMS)
def test_a_sheet_that_is_filled_in_is_read_back(tmp_path: Path, name: str, form: str) -> None:
    source, sheet = ROOT / "problems" / f"{name}.yaml", tmp_path / f"sheet.{form}"
    problem = cnncalc.load(source)
    assert run(["blank", str(source), "-o", str(sheet)]).returncode == 0
    report = cnncalc.check(problem, sheet, complete=True)
    assert {tensor.verdict for tensor in report.tensors} == {"missing"}
    assert report.max_score == len({each.name for each in asked(problem)})
    if problem.blanks:
        return
    answers = right_answers(problem)
    if form == "xlsx":
        import openpyxl

        book = openpyxl.load_workbook(sheet)
        cells = [cell for row in book.active.iter_rows() for cell in row if cell.value == "?"]
        for cell, answer in zip(cells, answers, strict=True):
            cell.value = answer
        book.save(sheet)
    elif form == "ods":
        with ZipFile(sheet) as zipped:
            content = {name: zipped.read(name) for name in zipped.namelist()}
        text = content["content.xml"].decode("utf-8")
        assert text.count(">?<") == len(answers)
        content["content.xml"] = re.sub(r">\?<", lambda _: f">{answers.pop(0)}<", text).encode("utf-8")
        with ZipFile(sheet, "w") as zipped:
            for name, data in content.items():
                zipped.writestr(name, data)
    else:
        text = sheet.read_text("utf-8")
        assert text.count("?") == len(answers)
        sheet.write_text(re.sub(r"\?", lambda _: answers.pop(0), text), encoding="utf-8")
    report = cnncalc.check(problem, sheet, complete=True)
    assert [(t.name, t.verdict) for t in report.tensors if t.verdict != "correct"] == []


@pytest.mark.parametrize("ending", ["tex", "html", "md"])
def test_to_print_there_are_boxes_and_no_answers(tmp_path: Path, ending: str) -> None:
    sheet = tmp_path / f"sheet.{ending}"
    assert run(["blank", "problems/hw11.yaml", "-o", str(sheet), "--language", "zh"]).returncode == 0
    text = sheet.read_text("utf-8")
    found = {
        "tex": sum(int(n) * (rows.count("hline") - 1) for n, rows in re.findall(r"\*\{(\d+)\}\{p\{14mm(.*)", text)),
        "html": text.count("<td></td>"),
        "md": len(re.findall(r"[|] \?(?= )", text)),
    }
    assert found[ending] == 36 + 40 + 4 * 8 + 4 * 5 + 1
    assert "第 6 题" in text
    assert "19.6" not in text
    assert "98" not in re.sub(r"#\w+|[\d.]+(?:rem|ch|em|mm|px|%)", "", text)


def test_a_workbook_is_no_text() -> None:
    result = run(["blank", "problems/hw11.yaml", "--format", "xlsx"])
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "a workbook is no text; name a file with --output\n"
