"""`cnncalc solve` as a command: what it writes where, and how it ends."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from cnncalc import solver
from cnncalc.commands.surroundings.process import Status

from ..command import ROOT, run, run_process

HOMEWORK = "problems/hw11.yaml"
USAGE = "Usage: cnncalc solve [OPTIONS] {PROBLEM}\nTry 'cnncalc solve --help' for help.\n\nError: "
XML = "Invalid value for '--format': 'xml' is not one of 'table', 'text', 'json', 'markdown', 'latex', 'html'.\n"
DIGITS = USAGE.replace("{", "{{").replace("}", "}}")
DIGITS += "Invalid value for '--digits': '{}' is not a whole number from 1 to 1000.\n"


def test_results_go_to_standard_output() -> None:
    result = run_process(["solve", HOMEWORK])
    assert (result.returncode, result.stderr) == (0, "")
    assert "  L = log(5) ≈ 1.60944\n" in result.stdout


def test_standard_input_is_a_dash() -> None:
    result = run_process(["solve", "-", "--only", "L"], stdin=(ROOT / HOMEWORK).read_text(encoding="utf-8"))
    assert result.returncode == 0
    assert "  L = log(5) ≈ 1.60944\n" in result.stdout


def test_json() -> None:
    result = run(["solve", HOMEWORK, "--format", "json", "--question", "8"])
    assert [tensor["name"] for tensor in json.loads(result.stdout)["tensors"]] == ["dL/dh"]


def test_numbers_and_digits() -> None:
    result = run(["solve", HOMEWORK, "--numbers", "float", "--digits", "3", "--only", "L"])
    assert "  L ≈ 1.61\n" in result.stdout
    assert json.loads(run(["solve", HOMEWORK, "--numbers", "float", "--format", "json"]).stdout)["numbers"] == "float"


def test_auto_says_that_it_chose_float() -> None:
    many = "input: {random: {seed: 1, low: 0, high: 1, step: 0.001}, shape: [64, 40, 40]}\nlayers:\n"
    many += "  - conv: {weight: {shape: [64, 64, 3, 3], fill: 0.1}}\nupstream: {fill: 1}\n"
    result = run(["solve", "-", "--only", "dL/dconv_1"], stdin=many)
    assert result.returncode == 0
    assert result.stderr.startswith("numbers: float64, since this problem is too large")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("width", ["40", "80", "200"])
def test_a_pipe_is_as_wide_as_columns_says(width: str) -> None:
    widest = max(map(len, run(["solve", HOMEWORK], environment={"COLUMNS": width}).stdout.splitlines()))
    assert widest <= int(width)


def test_no_escape_sequences_in_a_pipe() -> None:
    assert "\x1b" not in run(["solve", HOMEWORK]).stdout


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("format_", ["table", "json"])
def test_an_output_that_knows_ascii_only(format_: str, language: str) -> None:
    result = run(["solve", HOMEWORK, "--format", format_, "--language", language], encoding="ascii")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.isascii()


def test_a_process_that_writes_ascii() -> None:
    environment = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    result = run_process(["solve", HOMEWORK, "--language", "zh"], environment=environment)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.isascii()
    result = run_process(["solve", "-"], stdin="input: [1\n", environment=environment)
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert result.stderr == run(["solve", "-"], stdin="input: [1\n", encoding="ascii").stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nofile.yaml"], "nofile.yaml: there is no file 'nofile.yaml'\n    check the path\n"),
        (["problems"], "problems: 'problems' is a folder\n    name a file in it\n"),
        ([HOMEWORK, "--only", "dL/dhx"], "no tensor is called 'dL/dhx'; did you mean dL/dh?\n"),
        (
            [HOMEWORK, "--only", "rel_1", "--only", "cnv_1"],
            "no tensor is called 'rel_1'; did you mean relu_1?\nno tensor is called 'cnv_1'; did you mean conv_1?\n",
        ),
        ([HOMEWORK, "--question", "9"], "the problem has no question 9; its questions are 1, 2, 3, 4, 5, 6, 7, 8\n"),
        (
            ["problems/first.yaml", "--question", "1"],
            "the problem has no questions, so no question 1; --only NAME chooses tensors by name\n",
        ),
        ([HOMEWORK, "--digits", "0"], DIGITS.format("0")),
        ([HOMEWORK, "--digits", "1001"], DIGITS.format("1001")),
        ([HOMEWORK, "--format", "xml"], USAGE + XML),
        ([HOMEWORK, "--output", "."], "--output . is a folder; name a file in it\n"),
        ([HOMEWORK, "--output", "nowhere/x"], "--output nowhere/x: there is no folder nowhere; make it first\n"),
        ([], USAGE + "Missing argument 'PROBLEM'.\n"),
        ([HOMEWORK, "--colour"], USAGE + "No such option: --colour\n"),
    ],
    ids=str,
)  # fmt: skip
def test_faults_of_the_command(arguments: list[str], message: str) -> None:
    result = run(["solve", *arguments])
    assert (result.returncode, result.stdout, result.stderr) == (2, "", message)


def test_faults_of_the_problem_have_their_place() -> None:
    result = run(["solve", "-"], stdin="input: [[1, 2], [3]]\nlayers: [rely]\n")
    assert (result.returncode, result.stdout) == (2, "")
    assert "<stdin>:1:" in result.stderr
    assert "<stdin>:2:10: there is no layer 'rely'\n" in result.stderr
    assert "^" in result.stderr


def test_output_to_a_file(tmp_path: Path) -> None:
    table, data = tmp_path / "solved.txt", tmp_path / "solved.json"
    for path in (table, data):
        result = run(["solve", HOMEWORK, "--output", str(path)])
        assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert "∂L/∂h[f,c,r,s]" in table.read_text(encoding="utf-8")
    assert json.loads(data.read_text(encoding="utf-8"))["format"] == "cnncalc/1"
    run(["solve", HOMEWORK, "--output", str(data), "--format", "table", "--only", "L"])
    assert data.read_text(encoding="utf-8").startswith("Homework 11")
    assert sorted(tmp_path.iterdir()) == [data, table]


@pytest.mark.parametrize(
    ("ending", "format_", "start"),
    [(".md", "markdown", "# Homework 11"), (".tex", "latex", "% !TEX"), (".HTML", "html", "<!DOCTYPE html>")],
)
def test_documents_in_other_formats(tmp_path: Path, ending: str, format_: str, start: str) -> None:
    document = tmp_path / f"solved{ending}"
    result = run(["solve", HOMEWORK, "--output", str(document), "--language", "zh"])
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    written = document.read_text(encoding="utf-8")
    assert written.startswith(start)
    # A document is in UTF-8, whatever the terminal writes.
    printed = run(["solve", HOMEWORK, "--format", format_, "--language", "zh"], encoding="ascii")
    assert (printed.returncode, printed.stdout, printed.stderr) == (0, written, "")


def test_output_follows_a_link_and_writes_to_a_device(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("before", encoding="utf-8")
    link.symlink_to(target)
    assert run(["solve", HOMEWORK, "--output", str(link)]).returncode == 0
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("Homework 11")
    assert run(["solve", HOMEWORK, "--output", os.devnull]).returncode == 0


def test_a_fault_leaves_the_old_output(tmp_path: Path) -> None:
    kept = tmp_path / "kept.txt"
    kept.write_text("before", encoding="utf-8")
    assert run(["solve", HOMEWORK, "--only", "zzz", "--output", str(kept)]).returncode == 2
    assert kept.read_text(encoding="utf-8") == "before"


def start(*arguments: str, **options: object) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "cnncalc", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, **options)  # type: ignore[call-overload, no-any-return]


def test_a_reader_that_has_seen_enough() -> None:
    # 92 000 characters: a pipe holds 65 536.
    words = ("solve", "problems/lenet5.yaml", "--numbers", "float", "--all", "--only", "fc_2.weight")
    process = start(*words, stdout=subprocess.PIPE)
    process.stdout.read(1)  # type: ignore[union-attr]
    process.stdout.close()  # type: ignore[union-attr]
    assert (process.stderr.read(), process.wait()) == (b"", 0)  # type: ignore[union-attr]
    process.stderr.close()  # type: ignore[union-attr]


FULL = """import errno, io, os, sys; from cnncalc import cli
class Full(io.StringIO):
    encoding = "utf-8"
    def write(self, text): raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
sys.argv, sys.stdout = {!r}, Full()
cli.main()
"""


def test_a_full_disk() -> None:
    command = [sys.executable, "-c", FULL.format(["cnncalc", "solve", HOMEWORK])]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (2, "the output cannot be written: No space left on device\n")


@pytest.fixture
def fail_with(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], None]:
    """Lets solving end in the error."""

    def replace(error: BaseException) -> None:
        def broken(*_: object) -> NoReturn:
            raise error

        monkeypatch.setattr(solver, "solve", broken)

    return replace


def test_a_defect_is_not_the_users_fault(fail_with: Callable[[BaseException], None]) -> None:
    fail_with(ZeroDivisionError("division by zero"))
    result = run(["solve", HOMEWORK], environment={"CNNCALC_DEBUG": ""})
    assert (result.returncode, result.stdout) == (Status.DEFECT, "")
    said = (
        r"cnncalc: this is a defect in cnncalc, not in your file: ZeroDivisionError: division by zero at \S+\.py:\d+\n"
    )
    asked = "Please report it with the problem file; CNNCALC_DEBUG=1 shows the whole traceback.\n"
    assert re.fullmatch(said + asked, result.stderr)


def test_a_defect_in_full_where_it_is_wanted(fail_with: Callable[[BaseException], None]) -> None:
    fail_with(ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        run(["solve", HOMEWORK], environment={"CNNCALC_DEBUG": "1"})


def test_interrupted(fail_with: Callable[[BaseException], None]) -> None:
    fail_with(KeyboardInterrupt())
    result = run(["solve", HOMEWORK])
    assert (result.returncode, result.stdout, result.stderr) == (128 + signal.SIGINT, "", "cnncalc: stopped\n")


def test_version_and_help() -> None:
    assert run(["--version"]).stdout == "cnncalc 0.1.0\n"
    for arguments in (["--help"], ["solve", "--help"]):
        result = run(arguments)
        assert result.returncode == 0
        assert result.stdout.startswith("Usage: ")
    assert run([]).returncode == 0
    assert run(["bogus"]).returncode == 2


def test_every_option_has_help() -> None:
    text = run(["solve", "--help"]).stdout
    for option in ("format", "output", "numbers", "digits", "only", "question", "all", "language", "allow-outside"):
        assert f"--{option} " in text


def test_a_problem_alone_is_solved() -> None:
    alone, asked = run([HOMEWORK, "--only", "L"]), run(["solve", HOMEWORK, "--only", "L"])
    assert (alone.returncode, alone.stdout) == (0, asked.stdout)


def test_a_file_that_is_not_there_has_a_neighbour(tmp_path: Path) -> None:
    (tmp_path / "hw11.yaml").write_text("input: [1]\nlayers: [relu]\n")
    result = run(["solve", str(tmp_path / "hw1.yaml")])
    assert result.returncode == Status.FAULT
    assert f"did you mean {tmp_path / 'hw11.yaml'}?" in result.stderr
    assert "check the path" in run(["solve", str(tmp_path / "nothing" / "x.yaml")]).stderr
