"""Whatever a command is given, it ends with 0, 1 or 2, soon, and says what is the matter.

Thousands of cases go through `python -m tests.truth.fuzz`; here are some of each kind, the same every time. They run in
a process of their own, which an abort inside of a library may end.
"""

from __future__ import annotations

from pathlib import Path
from time import process_time

import pytest

from cnncalc.cli import COMMANDS

from ..command import run
from .cases import KINDS, case
from .drawing import FORMATS, ways
from .found import FOUND
from .fuzz import SECONDS, ended_badly, shown

SEED = 2025
COUNTS = {"valid problems": len(ways(*FORMATS)), "slips": 24, "garbage": 24, "entropy": 16}
OTHERS = 12
CASES = [(kind, SEED, number) for kind in KINDS for number in range(COUNTS.get(kind, OTHERS))]


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """What has ended badly, by kind."""
    bad: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for which, what in ended_badly(CASES):
        bad[which[0]].append(f"{what}\n{shown(case(*which))}")
    return bad


@pytest.mark.parametrize("kind", KINDS)
def test_every_command_ends_well(kind: str, found: dict[str, list[str]]) -> None:
    assert not found[kind], "\n".join(found[kind])


@pytest.mark.parametrize("command", COMMANDS)
def test_help_and_its_faults_are_english_where_chinese_cannot_be_written(command: str) -> None:
    for encoding in ("ascii", "latin-1", "cp1252"):
        for words, status in ((["--help"], 0), (["--nope"], 2)):
            result = run([command, *words, "--language", "zh"], encoding=encoding)
            assert result.returncode == status, result.stderr
            assert "Usage: cnncalc" in result.stdout + result.stderr


def test_every_command_has_its_turn_in_every_format_and_language() -> None:
    seen = set()
    for which in CASES:
        words = case(*which).arguments
        if which[0] != "arguments":
            seen.add((words[0], words[words.index("--format") + 1], words[words.index("--language") + 1]))
    assert seen == set(ways(*FORMATS))


@pytest.mark.parametrize("what", FOUND)
def test_what_has_ended_badly_once_ends_well(what: str, tmp_path: Path) -> None:
    words, files, status = FOUND[what]
    for name, content in files.items():
        (tmp_path / name).write_text(content, "utf-8")
    began = process_time()
    result = run(words.split(), folder=tmp_path)
    assert result.returncode == status, result.stderr
    assert process_time() - began < 2 * SECONDS
