"""Tables of every command: on a terminal, through a pipe, and in a file."""

import re
from pathlib import Path

import pytest

from cnncalc.commands.surroundings.output import Destination

from ..command import run

HOMEWORK, SHEET = "problems/hw11.yaml", "problems/answers/hw11_flipped.yaml"
COMMANDS = {
    "solve": [HOMEWORK],
    "check": [HOMEWORK, SHEET],
    "explain": [HOMEWORK, "conv_1[1,1,1]"],
    "worked": ["problems/conv_pool_bias.yaml"],
    "shapes": ["problems/lenet5.yaml"],
    "verify": ["problems/first.yaml"],
}
COLOURS = {"TERM": "xterm-256color", "COLUMNS": "80"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_terminal_shows_what_a_pipe_carries(command: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    words = [command, *COMMANDS[command], "--language", language]
    piped = run(words, environment=COLOURS)
    monkeypatch.setattr(Destination, "is_terminal", True)
    shown = run(words, environment=COLOURS)
    assert "\x1b" not in piped.stdout
    assert "\x1b[1m" in shown.stdout
    plain = re.sub(r"\x1b\[[\d;]*m", "", shown.stdout)
    assert [line.rstrip() for line in plain.splitlines()] == piped.stdout.splitlines()


@pytest.mark.parametrize("command", ["solve", "explain", "worked"])
def test_heat_is_for_terminals(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    words = [command, *COMMANDS[command]]
    assert run([*words, "--heat"], environment=COLOURS).stdout == run(words, environment=COLOURS).stdout
    monkeypatch.setattr(Destination, "is_terminal", True)
    shown = run([*words, "--heat"], environment=COLOURS).stdout
    assert "\x1b[38;5;16;48;5;" in shown
    assert shown.count("Shaded") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_tables_in_a_file_are_closed(command: str, tmp_path: Path) -> None:
    words, file = [command, *COMMANDS[command]], tmp_path / "kept.txt"
    piped = run(words).stdout
    run([*words, "--output", str(file)])
    kept = file.read_text(encoding="utf-8")
    assert "┌" not in piped
    assert "┌" in kept
    # Only the lines, and where a wide one is cut, are others: each word is there as often.
    counted = [sorted(re.sub("[─│┌┬┐├┼┤└┴┘]", " ", text).split()) for text in (piped, kept)]
    assert counted[0] == counted[1]
