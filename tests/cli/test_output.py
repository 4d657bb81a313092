"""`--output`, of every command: which files it never writes over, which endings it takes, and what it leaves behind."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ..command import BY_HAND, READERS, REFERENCE, ROOT, YAML, run
from ..command import ENDINGS as OWN_ENDINGS
from ..command import OF_TEXT as COMMANDS

WORDS: Mapping[str, tuple[str, ...]] = {
    "solve": ("problem",),
    "explain": ("problem", "L"),
    "worked": ("problem",),
    "page": ("problem",),
    "check": ("problem", "sheet"),
    "shapes": ("problem",),
    "draw": ("problem",),
    "verify": ("problem",),
    "entropy": ("joint",),
    "graph": ("f = x*y + z", "x=2", "y=3"),
    "export": ("problem", "--to", "numpy"),
    "import": ("program.py", "--input", "4"),
    "mistakes": ("relu-as-step",),
    "format": ("fc",),
    "examples": (),
    "schema": (),
    "new": ("1x4x4", "conv", "2", "3"),
    "practice": ("problem", "--inspect"),
    "blank": ("problem",),
}
"""What each command is given; the files below."""
FILES = {
    "problem": "input: {file: x.npy}\nlayers:\n- fc: {weight: {file: w.csv}}\n- softmax\n"
    "loss: {cross_entropy: {class: 2}}\nanswers: {input: {file: own.csv}}\n",
    "sheet": "fc_1: {file: theirs.csv}\n",
    "program.py": "from torch import nn\nnn.Sequential(nn.Linear(4, 3), nn.ReLU())\n",
    "joint": "joint: {file: joint.csv}\n",
    "w.csv": "1,2\n3,4\n",
    "own.csv": "1,2\n",
    "theirs.csv": "5,11\n",
    "joint.csv": "0.5,0.25\n0.25,0\n",
}
READ = {
    **dict.fromkeys(READERS, ("problem", "x.npy", "w.csv")),
    **dict.fromkeys(REFERENCE, ()),
    "check": ("problem", "x.npy", "w.csv", "sheet", "theirs.csv"),
    "entropy": ("joint", "joint.csv"),
    "import": ("program.py",),
}
"""The files that each command reads, those among them that others name."""
ALIASES: Mapping[str, Callable[[Path], Path]] = {
    "itself": lambda file: Path(file.name),
    "dot": lambda file: Path(f"./{file.name}"),
    "way round": lambda file: Path(f"folder/../{file.name}"),
    "whole path": lambda file: file,
    "symbolic link": lambda file: linked(file, os.symlink),
    "link to a link": lambda file: linked(linked(file, os.symlink), os.symlink),
    "hard link": lambda file: linked(file, os.link),
    "through a linked folder": lambda file: linked(file.parent, os.symlink) / file.name,
}
"""Other names of one file, as seen from its folder."""


def linked(file: Path, link: Callable[[Path, Path], None]) -> Path:
    other = file.parent / f"other_{file.name.replace('.', '_')}"
    link(file, other)
    return other


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    np.save(tmp_path / "x.npy", np.array([1, 2]))
    (tmp_path / "folder").mkdir()
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_every_command_is_here() -> None:
    assert set(WORDS) == set(READ) == set(COMMANDS)


@pytest.mark.parametrize("alias", ALIASES)
@pytest.mark.parametrize(("command", "name"), [(command, name) for command in COMMANDS for name in READ[command]])
def test_what_a_command_reads_is_not_written_over(folder: Path, command: str, name: str, alias: str) -> None:
    output = ALIASES[alias](folder / name)
    before = contents(folder)
    result = run([command, *WORDS[command], "--output", str(output), *_format(command)], folder=folder)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(f"--output {output} is a file that this command reads (")
    assert result.stderr.endswith("); write to another file\n")
    assert contents(folder) == before


def _format(command: str) -> tuple[str, ...]:
    """Given by name, so that the ending of the file says nothing."""
    if command in ONE_FORMAT:
        return ()
    return "--format", "latex" if command in ("worked", "format", "examples", "draw", *BY_HAND) else "json"


def test_the_answers_of_the_problem_itself_may_name_files(folder: Path) -> None:
    result = run(["check", "problem", "--output", "own.csv"], folder=folder)
    assert (result.returncode, result.stderr.partition(" is a file")[0]) == (2, "--output own.csv")


def test_the_sheets_of_a_class_are_spared(folder: Path) -> None:
    (folder / "folder" / "a.yaml").write_text("L: 1\n", encoding="utf-8")
    for output, fault in (("folder/a.yaml", True), ("theirs.csv", True), ("free.csv", False)):
        words = ["check", "problem", "folder", "sheet", "--format", "csv", "--output", output]
        result = run(words, folder=folder)
        assert ("is a file that this command reads" in result.stderr) is fault, output
        assert result.returncode == (2 if fault else 1)
    assert (folder / "free.csv").read_text(encoding="utf-8").count("\n") == 3


@pytest.mark.parametrize("command", COMMANDS)
def test_other_files_are_written(folder: Path, command: str) -> None:
    ending = OWN_ENDINGS.get(command, ".txt")
    (folder / f"old{ending}").write_text("old", encoding="utf-8")
    for output in ("new", f"new{ending}", f"old{ending}"):
        result = run([command, *WORDS[command], "--output", output], folder=folder)
        assert (result.returncode, result.stderr) == (0, "")
        assert len((folder / output).read_text(encoding="utf-8")) > 20
    assert sorted(set(contents(folder)) - set(FILES)) == ["new", f"new{ending}", f"old{ending}", "x.npy"]


def test_standard_streams_may_be_files_too(folder: Path) -> None:
    problem = folder / "problem"
    before = problem.read_bytes()
    command = [sys.executable, "-m", "cnncalc", "solve"]
    plain = {**os.environ, "PYTHONPATH": str(ROOT)}
    with problem.open("ab") as appended, problem.open("rb") as read:
        for words, streams in ((["problem"], {"stdout": appended}), (["-", "--output", "problem"], {"stdin": read})):
            result = subprocess.run(
                [*command, *words], cwd=folder, env=plain, stderr=subprocess.PIPE, text=True, check=False, **streams
            )  # type: ignore[call-overload]
            assert result.returncode == 2
            assert "is a file that this command reads" in result.stderr
    assert problem.read_bytes() == before


KNOWN = {
    **dict.fromkeys(("solve", "explain", "shapes", "graph", "mistakes"), ".json, .md, .tex, .html or .txt"),
    **dict.fromkeys(("worked", "format", "examples"), ".md, .tex, .html or .txt"),
    **dict.fromkeys(("verify", "entropy"), ".json or .txt"),
    "check": ".json, .csv, .html, .md or .txt",
    "draw": ".svg, .tex or .md",
    **dict.fromkeys(YAML, ".yaml"),
    "export": ".py or .txt",
    "blank": ".yaml, .csv, .xlsx, .ods, .md, .tex or .html",
    "page": ".html",
    "schema": ".json",
}
ONE_FORMAT = (*YAML, "export", "page", "schema")
"""Commands that write one format only."""
ENDINGS = (".pdf", ".docx", ".csv", ".json", ".yaml", ".npy", ".xlsx", ".TeX", ".PNG", ".md", ".2")


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("command", COMMANDS)
def test_an_ending_that_a_command_does_not_write_is_refused(folder: Path, command: str, ending: str) -> None:
    words = [command, *WORDS[command], "--output", f"new{ending}"]
    result = run(words, folder=folder)
    if ending == ".xlsx" and command in BY_HAND and not find_spec("openpyxl"):
        return
    if ending == ".pdf" and ".tex" in KNOWN[command]:
        return  # made of the LaTeX, by what is installed: see test_pdf
    if ending.lower() in KNOWN[command]:
        assert (result.returncode, result.stderr) == (0, "")
        assert (folder / f"new{ending}").exists()
        return
    way_out = "" if command in ONE_FORMAT else ", or --format"
    message = f"--output new{ending}: the ending {ending} says no format; use {KNOWN[command]}{way_out}\n"
    assert (result.returncode, result.stdout, result.stderr) == (2, "", message)
    assert not (folder / f"new{ending}").exists()
    assert run([*words, *_format(command)], folder=folder).returncode == (2 if command in ONE_FORMAT else 0)


@pytest.mark.parametrize("command", ["verify", "entropy", "check", "shapes", "solve", "mistakes"])
def test_the_ending_decides(folder: Path, command: str) -> None:
    for words in (["--output", "new.json"], ["--output", "other", "--format", "json"]):
        assert run([command, *WORDS[command], *words], folder=folder).returncode == 0
    assert (folder / "new.json").read_bytes() == (folder / "other").read_bytes()
    assert (folder / "new.json").read_bytes().startswith(b"{")


@pytest.mark.parametrize("command", [command for command, usual in KNOWN.items() if usual.endswith(".txt")])
def test_table_and_text_are_one(folder: Path, command: str) -> None:
    if command == "export":
        return  # a program, which has no --format
    table, text = (run([command, *WORDS[command], "--format", name], folder=folder) for name in ("table", "text"))
    assert table.stdout == text.stdout != ""
    assert (table.returncode, table.stderr) == (text.returncode, text.stderr)
