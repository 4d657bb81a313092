"""What Gradescope takes: the results of a sheet, and an autograder as a zip."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import cnncalc
from cnncalc.checking.report import Report, TensorReport, number
from cnncalc.language import Language
from cnncalc.render.builders.report import CELLS, VERDICTS, conventions, finding_phrase, outcome, shortened
from cnncalc.render.data.json import dump, in_ascii

MOST_CELLS = 40
"""Cells that are listed for one tensor; a student reads no more."""


def render(report: Report, hide_answers: bool = False, language: Language = "en") -> str:
    """The result of one submission."""
    result = {
        "score": report.score,
        "output": "\n".join(
            phrase.text(language)
            for phrase in (outcome(report), *report.notes, *conventions(report), report.rule.phrase)
        ),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "tests": [_test(report, tensor, hide_answers, language) for tensor in report.tensors],
        "extra_data": {"format": "cnncalc-check/1", "first_error": report.first_error},
    }
    return in_ascii(dump(result, indent=1)) + "\n"


def render_unreadable(message: str) -> str:
    """The result of a submission that cannot be read: it is still a result."""
    result = {"score": 0, "output": message, "output_format": "text", "tests": []}
    return in_ascii(dump(result, indent=1)) + "\n"


def _test(report: Report, tensor: TensorReport, hide_answers: bool, language: Language) -> dict[str, Any]:
    earned, worth = report.earned(tensor), report.worth(tensor)
    return {
        "name": tensor.name,
        "score": number(earned),
        "max_score": number(worth),
        "status": "passed" if earned == worth else "failed",
        "output": "\n".join(_lines(tensor, hide_answers, language)),
        "tags": [mistake.code for mistake in tensor.mistakes],
        "extra_data": {"verdict": tensor.verdict.value, "right": tensor.right, "cells": tensor.cells},
    }


def _lines(tensor: TensorReport, hide_answers: bool, language: Language) -> list[str]:
    lines = [f"{VERDICTS[tensor.verdict].text(language)}, {tensor.right}/{tensor.cells}"]
    lines += [note.text(language) for note in tensor.notes]
    lines += [finding_phrase(finding).text(language) for finding in tensor.findings]
    for cell in tensor.wrong[:MOST_CELLS]:
        index = f"[{','.join(map(str, cell.index))}] " if cell.index else ""
        given = shortened(cell.given) or "?"
        expected = "" if hide_answers else f" ({shortened(cell.expected)})"
        lines.append(f"{index}{given}: {CELLS[cell.verdict].text(language)}{expected}")
    if len(tensor.wrong) > MOST_CELLS:
        lines.append(f"… +{len(tensor.wrong) - MOST_CELLS}")
    return lines


REQUIRED = ("numpy", "typer", "rich", "PyYAML", "python-flint", "threadpoolctl")
OPTIONAL = ("openpyxl",)
"""For sheets of Excel."""
AUTOGRADER = Path(__file__).parent / "autograder"
"""What is run on Gradescope: once, when the image is built, and for each submission."""
GRADE = '''\
"""Grades the one answer sheet of a submission, copied into a folder of its own: it can read nothing else."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ENDINGS = (".yaml", ".yml", ".csv", ".tsv", ".xlsx", ".ods", ".md", ".markdown")
LARGEST = 2**24
SECONDS = 240
MEMORY = 3 * 2**30
OPTIONS = {options!r}


def sheet(submission):
    """The file that is graded: the only one, or the one that is called like a sheet; never a link."""
    found = []
    for folder, folders, names in os.walk(submission):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        found += [Path(folder, name) for name in sorted(names) if name.lower().endswith(ENDINGS)]
    plain = [path for path in found if not path.is_symlink() and path.is_file() and path.stat().st_size <= LARGEST]
    order = lambda path: (ENDINGS.index(path.suffix.lower()) > 1, len(path.parts), path.name)
    return min(plain, key=order, default=None)


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def result(root):
    chosen = sheet(root / "submission")
    if chosen is None:
        endings = ", ".join(ENDINGS)
        return failed("There is no answer sheet in the submission: hand in one file of at most 16 MB, " + endings)
    with tempfile.TemporaryDirectory() as alone:
        copied = Path(alone, "answers" + chosen.suffix.lower())
        shutil.copyfile(chosen, copied)
        command = [sys.executable, "-m", "cnncalc", "check", str(root / "source" / "problem" / {name!r}), copied.name]
        plain = {{"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(root / "source"), "PYTHONUTF8": "1"}}
        run = subprocess.run(
            [*command, "--format", "gradescope", *OPTIONS], capture_output=True, timeout=SECONDS, cwd=alone, env=plain,
            preexec_fn=limited,
        )
    if run.returncode:
        return failed("The sheet could not be graded.\\n" + run.stderr.decode("utf-8", "replace")[-2000:])
    return json.loads(run.stdout.decode("utf-8"))


def failed(message):
    return {{"score": 0, "output": message, "output_format": "text", "tests": []}}


def main():
    root = Path(sys.argv[1])
    try:
        made = result(root)
    except subprocess.TimeoutExpired:
        made = failed("Grading took too long; write plain numbers into the sheet.")
    except Exception as error:  # a result is due, whatever a submission does
        made = failed(f"The sheet could not be graded ({{type(error).__name__}}).")
    target = root / "results" / "results.json"
    target.write_text(json.dumps(made), encoding="ascii")


main()
'''


def archive(problem: str, content: Mapping[str, bytes], options: Sequence[str]) -> bytes:
    """The zip; `problem` is the name of the problem file, `content` it and its data files by their relative names."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as zipped:
        for script in sorted(AUTOGRADER.iterdir()):
            _add(zipped, script.name, script.read_bytes(), is_run=True)
        _add(zipped, "grade.py", GRADE.format(options=list(options), name=problem).encode())
        _add(zipped, "requirements.txt", _requirements().encode())
        for name, data in sorted(content.items()):
            _add(zipped, f"problem/{name}", data)
        home = Path(cnncalc.__file__).parent
        for path in sorted(home.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                _add(zipped, f"cnncalc/{path.relative_to(home).as_posix()}", path.read_bytes())
    return made.getvalue()


def _add(zipped: ZipFile, name: str, data: bytes, is_run: bool = False) -> None:
    # A fixed date: the same problem gives the same zip.
    entry = ZipInfo(name, (2024, 1, 1, 0, 0, 0))
    entry.external_attr = (0o755 if is_run else 0o644) << 16
    entry.compress_type = ZIP_DEFLATED
    zipped.writestr(entry, data)


def _requirements() -> str:
    lines = [f"{name}=={version(name)}" for name in REQUIRED]
    for name in OPTIONAL:
        try:
            lines.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name}>=3.1")
    return "\n".join(lines) + "\n"
