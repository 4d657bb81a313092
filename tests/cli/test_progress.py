"""On a terminal a long command shows that it works, and takes that away; Ctrl-C ends it with one line."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cnncalc.commands.surroundings.process import Status

from ..command import ROOT

IMPATIENT = """import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs inherit that it is ignored
sys.path[:], sys.argv = {!r}, {!r}
import cnncalc.commands.surroundings.progress as progress
progress.PATIENCE = {}
from cnncalc.__main__ import main
main()
"""
SLOW = """
input: {shape: [1, 16, 16], random: {seed: 1, low: -3, high: 3}}
layers: [sigmoid, tanh]
loss: {mse: {target: {fill: 0}}}
"""
ENDLESS = SLOW.replace("16, 16", "200, 200")
SPINNING = re.compile("[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]")
WIPED = "\x1b[?25h\r\x1b[1A\x1b[2K"
"""Rich shows the cursor again, goes up to its own line and clears it."""


def on_a_terminal(*arguments: str, stops: bool = False, patience: float = 0.01) -> tuple[int, str]:
    """The status of a command, and what its standard error shows on a terminal; stopped once it shows anything."""
    ours, theirs = pty.openpty()
    code = IMPATIENT.format(sys.path, ["cnncalc", *arguments], patience)
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs, cwd=ROOT,
        env={**os.environ, "TERM": "xterm"},
    )  # fmt: skip
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65536):
            said += piece
            if stops and SPINNING.search(said.decode("utf-8", "ignore")):
                process.send_signal(signal.SIGINT)
                stops = False
    except OSError:
        pass  # Linux says so that nobody holds the other end any more
    finally:
        os.close(ours)
    return process.wait(timeout=60), said.decode()


@pytest.mark.parametrize("words", [["solve", "--numbers", "exact"], ["worked"]], ids=" ".join)
def test_it_is_shown_and_gone_when_done(words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "slow.yaml"
    path.write_text(SLOW, encoding="utf-8")
    status, said = on_a_terminal(words[0], str(path), *words[1:])
    assert status == Status.DONE
    assert SPINNING.search(said)
    assert "\n" not in said.replace("\n" + WIPED, "")
    assert said.endswith(WIPED)


@pytest.mark.parametrize("words", [["solve", "--numbers", "exact"], ["verify"]], ids=" ".join)
def test_ctrl_c_ends_it_with_one_line(words: list[str], tmp_path: Path) -> None:
    path = tmp_path / "endless.yaml"
    path.write_text(ENDLESS, encoding="utf-8")
    status, said = on_a_terminal(words[0], str(path), *words[1:], stops=True)
    assert status == Status.INTERRUPTED
    assert said.endswith("\r\x1b[K\x1b[?25hcnncalc: stopped\r\n")


def test_a_class_is_counted(tmp_path: Path) -> None:
    for number in range(12):
        (tmp_path / f"{number}.yaml").write_text("dL/dh: 1\nconv_1: 2\ndL/dW: 3\nL: 1\np: [1, 2, 3, 4, 5]\n")
    status, said = on_a_terminal("check", "problems/hw11.yaml", str(tmp_path), "--jobs", "1")
    assert status == Status.WRONG
    assert re.search(r"\d+/12", said)
    assert "12/12\r\n" not in said


def test_what_is_short_shows_nothing() -> None:
    assert on_a_terminal("solve", "problems/first.yaml", patience=60) == (Status.DONE, "")
