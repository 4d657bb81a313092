"""The layout of what `cnncalc check` prints for the sheets in problems/answers; `--rewrite-golden` writes them anew.

What the reports must say is asked in tests/checking/test_published.py, not here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ..command import ROOT, run

SHEETS = sorted((ROOT / "problems" / "answers").glob("*.yaml"))
FOLDER = Path(__file__).parent / "answers"
FORMATS = {
    "txt": [],
    "zh.txt": ["--language", "zh"],
    "hidden.txt": ["--hide-answers"],
    "json": ["--format", "json"],
}


def problem_of(sheet: Path) -> Path:
    """`hw11_flipped.yaml` answers `hw11.yaml`."""
    folder = ROOT / "problems"
    known = [path for path in folder.glob("*.yaml") if sheet.stem.startswith(f"{path.stem}_")]
    return max(known, key=lambda path: len(path.stem))


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.stem)
def test_report_is_as_it_was(sheet: Path, ending: str, rewrite_golden: bool) -> None:
    result = run(["check", f"problems/{problem_of(sheet).name}", f"problems/answers/{sheet.name}", *FORMATS[ending]])
    assert result.returncode == 1, result.stderr
    golden = FOLDER / f"{sheet.stem}.{ending}"
    if rewrite_golden:
        golden.write_text(result.stdout, encoding="utf-8")
    assert result.stdout == golden.read_text(encoding="utf-8")


def test_every_golden_file_belongs_to_a_sheet() -> None:
    expected = {f"{sheet.stem}.{ending}" for sheet in SHEETS for ending in FORMATS}
    assert {path.name for path in FOLDER.iterdir()} == expected
