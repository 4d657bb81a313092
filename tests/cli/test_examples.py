"""The problems that come with cnncalc: listed, and found by name wherever a file is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnncalc
from cnncalc.problem.text.source import examples
from tests.command import ROOT, run

NAMES = sorted(path.stem for path in (ROOT / "problems").glob("*.yaml"))


def test_all_are_listed() -> None:
    assert list(examples()) == NAMES
    text = run(["examples"]).stdout
    assert all(name in text for name in NAMES)
    assert "hw11             " in text


def test_one_is_found_by_name(tmp_path: Path) -> None:
    asked = run(["solve", "example:hw11", "--only", "L"], folder=tmp_path)
    assert asked.stdout == run(["solve", "problems/hw11.yaml", "--only", "L"]).stdout
    assert run(["example:hw11.yaml", "-n", "L"], folder=tmp_path).stdout == asked.stdout
    assert cnncalc.load("example:hw11").title == "Homework 11, question 2"


def test_one_that_there_is_not() -> None:
    asked = run(["check", "example:hw12"])
    said = "example:hw12: there is no example 'hw12'\n    did you mean hw11? `cnncalc examples` lists them\n"
    assert (asked.returncode, asked.stderr) == (2, said)


@pytest.mark.parametrize("kind", ["data", "answers"])
def test_an_installation_brings_all_of_them(kind: str) -> None:
    """What the build is told to lay beside the package: every file that is in the checkout."""
    import tomllib

    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]["data-files"]
    found = {path for globs in told.values() for pattern in globs for path in ROOT.glob(pattern)}
    assert {path for path in (ROOT / "problems").rglob("*") if path.is_file()} <= found
    assert f"share/cnncalc/problems/{kind}" in told


@pytest.mark.parametrize(
    "arguments",
    [
        "solve {}", "explain {} p[1]", "worked {}", "page {} -o x.html", "check {}", "shapes {}", "draw {} -o x.svg",
        "blank {} -o x.yaml", "practice {}", "practice --inspect {}", "new --like {}", "verify {}",
        "export {} --to numpy", "gradescope {} -o x.zip",
    ],
)  # fmt: skip
def test_every_command_knows_them_in_any_folder(arguments: str, tmp_path: Path) -> None:
    result = run(arguments.format("example:first").split(), folder=tmp_path)
    assert result.returncode in (0, 1), result.stderr  # 1: of a sheet that lacks something


def test_a_network_is_taken_from_one_by_its_name_alone(tmp_path: Path) -> None:
    named, alone = (run(["new", "--like", name], folder=tmp_path) for name in ("example:first", "first"))
    assert (alone.returncode, alone.stdout) == (0, named.stdout)
