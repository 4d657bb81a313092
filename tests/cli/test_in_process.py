"""What the other tests rest on: a command in the test's process does what one in a process of its own does."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from ..command import run, run_process

COMMANDS = (
    ["solve", "problems/hw11.yaml", "--language", "zh"],
    ["check", "problems/hw11.yaml", "problems/answers/hw11_midnight.yaml", "--format", "csv"],
    ["solve", "-", "--format", "xml"],
)


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_both_give_the_same(arguments: list[str]) -> None:
    inside, outside = run(arguments), run_process(arguments)
    # A process's streams are read with every line end as one sign.
    assert (inside.returncode, inside.stdout.replace("\r\n", "\n"), inside.stderr) == (
        outside.returncode,
        outside.stdout,
        outside.stderr,
    )


def test_everything_is_put_back(tmp_path: Path) -> None:
    before = Path.cwd(), dict(os.environ), list(sys.argv), sys.stdin, sys.stdout, sys.stderr
    for arguments in (["--version"], ["solve", "nothing.yaml"], ["solve", "-"]):
        run(arguments, folder=tmp_path, environment={"COLUMNS": "40", "MORE": "1"}, encoding="ascii")
    assert before == (Path.cwd(), dict(os.environ), list(sys.argv), sys.stdin, sys.stdout, sys.stderr)


def test_help_in_one_language_leaves_the_other_as_it_was() -> None:
    said = [run(["solve", "--help", "--language", language]).stdout for language in ("en", "zh", "en")]
    assert said[0] == said[2] != said[1]
