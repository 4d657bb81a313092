"""What lies around the process: its folder, its streams, its environment, names and links, Ctrl-C; of every command."""

from __future__ import annotations

import errno
import os
import re
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pytest

from cnncalc.commands.surroundings.process import Status

from ..command import BY_HAND, ENDINGS, READERS, ROOT, YAML, run
from ..command import OF_TEXT as COMMANDS
from ..each import for_each

PROBLEM = (
    "input: [1, 2]\nlayers:\n- fc: {weight: [[1, 2], [3, 4]]}\n- softmax\nloss: {cross_entropy: {class: 2}}\n"
    "answers: {fc_1: [5, 11]}\n"
)
STDIN = {
    **dict.fromkeys(COMMANDS, PROBLEM),
    "entropy": "p: [1/2, 1/2]\n",
    "import": "input: int = 4\nnn.Sequential(nn.Linear(input, 3))\n",
}
WORDS = {
    **{command: (command, "-") for command in COMMANDS},
    "explain": ("explain", "-", "L"),
    "graph": ("graph", "f = x*y + z", "x=2"),
    "export": ("export", "-", "--to", "numpy"),
    "import": ("import", "-", "--input", "4"),
    "mistakes": ("mistakes", "relu-as-step"),
    "format": ("format", "fc"),
    "examples": ("examples",),
    "schema": ("schema",),
    "new": ("new", "1x4x4 conv 2 3"),
    "practice": ("practice", "-", "--inspect"),
}


def words(command: str, *more: str) -> list[str]:
    return [*WORDS[command], *more]


@pytest.mark.parametrize("command", READERS)
def test_a_folder_that_is_gone(tmp_path: Path, command: str) -> None:
    expected = run(words(command), stdin=STDIN[command])
    gone = tmp_path / "gone"
    gone.mkdir()
    here = Path.cwd()
    os.chdir(gone)
    try:
        gone.rmdir()
        # The runner comes back to the folder where it was.
        result = run(words(command), stdin=STDIN[command], folder=None)
        written = run(words(command, "--output", "x"), stdin=STDIN[command], folder=None)
        named = run(words(command), stdin="input: {file: x.npy}\np: {file: x.npy}\n", folder=None)
        missing = run([command, "problem", *words(command)[2:]], folder=None)
    finally:
        os.chdir(here)
    assert (result.returncode, result.stdout, result.stderr) == (0, expected.stdout, expected.stderr)
    assert written.returncode == named.returncode == missing.returncode == 2
    assert written.stderr == "--output x cannot be written: No such file or directory\n"
    # A program names no data files.
    assert command == "import" or "'x.npy' is no usable path" in named.stderr
    assert "there is no file 'problem'" in missing.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_outputs_that_no_file_can_have(tmp_path: Path, command: str) -> None:
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    (tmp_path / "nowhere").symlink_to("no folder/x")
    for name, message in {
        "x" * 300: "cannot be written: File name too long",
        "one": "cannot be written: Too many levels of symbolic links",
        "file/x": "there is no folder file; make it first",
        "no folder/x": "there is no folder no folder; make it first",
        "nowhere": f"there is no folder {tmp_path / 'no folder'}; make it first",
        ".": "is a folder; name a file in it",
    }.items():
        result = run(words(command, "--output", name), stdin=STDIN[command], folder=tmp_path)
        assert (result.returncode, result.stdout) == (2, ""), name
        assert result.stderr.startswith("--output ")
        assert result.stderr.endswith(f" {message}\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "nowhere", "one", "other"]


@pytest.mark.parametrize("command", COMMANDS)
def test_outputs_with_names_as_long_as_one_can_be_and_links_to_nothing_yet(tmp_path: Path, command: str) -> None:
    ending = ENDINGS.get(command, ".txt")
    (tmp_path / "link").symlink_to("target")
    for name, written in (("x" * 250 + ending, "x" * 250 + ending), ("link", "target")):
        result = run(words(command, "--output", name), stdin=STDIN[command], folder=tmp_path)
        assert (result.returncode, result.stderr) == (0, "")
        assert (tmp_path / written).read_text(encoding="utf-8")
    assert (tmp_path / "link").is_symlink()


HELP = [["--help"], ["--version"], *([command, "--help"] for command in COMMANDS)]


@pytest.mark.parametrize("arguments", [*HELP, *map(words, COMMANDS)], ids=" ".join)
def test_streams_that_refuse(arguments: list[str]) -> None:
    given = STDIN.get(arguments[0], "")
    full = run(arguments, stdin=given, refusing={"stdout": errno.ENOSPC})
    assert (full.returncode, full.stderr.count("\n")) == (2, 1)
    assert os.strerror(errno.ENOSPC) in full.stderr
    # The reader has seen enough: that is no fault.
    assert run(arguments, stdin=given, refusing={"stdout": errno.EPIPE}).returncode == 0
    closed = run(arguments, stdin=given, refusing={"stdout": None})
    if arguments not in HELP:
        assert (closed.returncode, closed.stderr) == (
            2,
            "standard output is closed; write to a file with --output\n",
        )
    assert run(arguments, stdin=given, refusing={"stderr": None}).returncode == 0


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize("error", [None, errno.ENOSPC, errno.EPIPE])
def test_a_fault_is_one_though_nobody_can_be_told(command: str, error: int | None) -> None:
    for arguments in (words(command, "--colour"), words(command)):
        result = run(arguments, stdin="", refusing={"stderr": error})
        assert (result.returncode, result.stdout, result.stderr) == (2, "", "")


@pytest.mark.parametrize("command", READERS)
@pytest.mark.parametrize(
    ("error", "message"), [(None, "standard input is closed"), (errno.EIO, os.strerror(errno.EIO))]
)
def test_no_standard_input(command: str, error: int | None, message: str) -> None:
    result = run(words(command), refusing={"stdin": error})
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("<stdin>: ")
    assert message in result.stderr


COLUMNS = ("²", "٣", "0", "-1", "1", "abc", "", "99999999999999999999", "1e3")


@pytest.mark.parametrize("arguments", [["--help"], ["--colour"], *map(words, COMMANDS)], ids=" ".join)
def test_columns_of_any_kind(arguments: list[str]) -> None:
    def are_taken(columns: str) -> None:
        given = STDIN.get(arguments[0], "")
        result = run(arguments, stdin=given, environment={"COLUMNS": columns, "LINES": columns})
        assert result.returncode == (2 if "--colour" in arguments else 0)
        assert result.returncode == 2 or result.stderr == ""

    for_each(COLUMNS, are_taken, named=repr)


ENCODINGS = ("ascii", "latin-1", "cp1252", "gbk", "utf-16", "utf-7")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("more", [(), ("--language", "zh"), ("--format", "csv"), ("--format", "json")], ids=" ".join)
def test_every_encoding(command: str, more: tuple[str, ...]) -> None:
    """Letters that no encoding but Unicode has, and what is none at all: bytes in a file name that are no UTF-8."""
    for_each(ENCODINGS, partial(is_written_in, command, more))


def is_written_in(command: str, more: tuple[str, ...], encoding: str) -> None:
    if more[1:] == ("csv",) and command != "check":
        return
    if more[:1] == ("--format",) and command in (*YAML, "export", "page", "schema"):
        return
    if more[1:] == ("json",) and command in ("worked", "format", "examples", "draw", *BY_HAND):
        return
    given = STDIN[command].replace("input:", "title: ж数ﬁ\ninput:")
    result = run(words(command, *more), stdin=given, encoding=encoding)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout
    if command not in READERS:
        return
    result = run([command, "n\udcffж数.yaml", *words(command)[2:], *more], encoding=encoding)
    assert result.returncode == 2
    # A stream that has no Chinese is told in English.
    is_chinese = more[1:] == ("zh",) and encoding in ("gbk", "utf-16", "utf-7")
    assert ("没有文件" if is_chinese else "there is no file") in result.stderr


START = """import _signal, sys
sys.path[:], sys.argv = {!r}, {!r}
_signal.signal(_signal.SIGINT, _signal.default_int_handler)
_signal.alarm(30)
real = _signal.signal
def told(*given):
    before = real(*given)
    print("listening", flush=True)
    _signal.signal = real
    return before
_signal.signal = told
from cnncalc.__main__ import main
main()
"""


def start(*arguments: str) -> subprocess.Popen[bytes]:
    """The program, once it listens to Ctrl-C; Python itself takes some hundredths of a second until then."""
    code = START.format(sys.path, ["cnncalc", *arguments])
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-SIc", code], stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline().strip() == b"listening"
    return process


@pytest.mark.parametrize("seconds", [0, 0.01, 0.02, 0.05, 0.1, 0.15, 0.3])
def test_ctrl_c_from_the_first_moment_on(seconds: float) -> None:
    """Also while it waits for standard input, which nobody gives it here."""
    with start("solve", "-") as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == Status.INTERRUPTED
        assert process.communicate() == (b"", b"cnncalc: stopped\n")


def test_ctrl_c_leaves_no_worker_behind(tmp_path: Path) -> None:
    """Each worker waits for a sheet that nobody writes, so that it is at work whenever Ctrl-C comes."""
    for number in range(100):
        os.mkfifo(tmp_path / f"{number}.yaml")
    with start("check", "problems/hw11.yaml", str(tmp_path), "--jobs", "2") as process:
        time.sleep(0.5)
        process.send_signal(signal.SIGINT)
        # Workers hold the streams too: they end with it, or this would wait for them.
        _, err = process.communicate(timeout=30)
    assert b"Traceback" not in err
    assert process.returncode == Status.INTERRUPTED


def test_faults_have_colours_where_they_are_wanted(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("input: [[1, 2], [3]]\nlayers: [relu]\n", encoding="utf-8")
    plain = run(["solve", "p.yaml"], folder=tmp_path).stderr
    coloured = run(["solve", "p.yaml"], folder=tmp_path, environment={"FORCE_COLOR": "1"}).stderr
    assert "\x1b" not in plain
    assert coloured.startswith(
        "\x1b[1mp.yaml:1:17\x1b[0m: \x1b[1;31mthis list has 1 entry, the first beside it has 2\x1b[0m\n"
    )
    assert "\x1b[31m^\x1b[0m\n    \x1b[36mmake all lists side by side equally long\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain
    both = {"FORCE_COLOR": "1", "NO_COLOR": "1"}
    assert run(["solve", "p.yaml"], folder=tmp_path, environment=both).stderr == plain


def test_output_has_colours_where_they_are_forced() -> None:
    forced = run(["solve", "problems/hw11.yaml", "--only", "L"], environment={"FORCE_COLOR": "1"}).stdout
    assert "\x1b[" in forced


@pytest.mark.parametrize("name", ["LC_ALL", "LC_MESSAGES", "LANG"])
def test_the_language_is_the_systems(name: str) -> None:
    asked = ["solve", "problems/hw11.yaml", "--only", "L"]
    empty = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": ""}
    assert "前向传播" in run(asked, environment={**empty, name: "zh_CN.UTF-8"}).stdout
    assert "Forward" in run([*asked, "--language", "en"], environment={**empty, name: "zh_CN.UTF-8"}).stdout
    assert "Forward" in run(asked, environment={**empty, "LC_ALL": "C", "LANG": "zh_CN.UTF-8"}).stdout


def test_short_options_and_several_questions() -> None:
    long = run(["solve", "problems/hw11.yaml", "--question", "1", "--question", "5", "--only", "L"])
    assert run(["solve", "problems/hw11.yaml", "-q", "1,5", "-n", "L"]).stdout == long.stdout
    assert long.returncode == 0
    assert run(["-h"]).stdout == run(["--help"]).stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_in_whole_sentences_and_groups(command: str) -> None:
    text = run([command, "-h"]).stdout
    for word in ("<int", "<str>", "<path>", "x<="):
        assert word not in text
    assert "Surroundings:" in text
    narrow = run([command, "-h"], environment={"COLUMNS": "60"}).stdout
    assert not [line for line in narrow.splitlines() if len(line) > 60]
    whole = " ".join(run(["-h"]).stdout.split())
    first = " ".join(text.partition("\n\n")[2].partition("\n\n")[0].split())
    assert first in whole


def test_a_pager_takes_what_is_longer_than_the_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from cnncalc.commands.surroundings import output

    shown: list[bytes] = []
    ended: list[int] = []

    def pager(words: list[str], **given: bytes) -> None:
        assert ended == [0], "what shows that the command works would be written over the pager"
        assert signal.getsignal(signal.SIGINT) not in (signal.SIG_IGN, signal.default_int_handler)
        shown.append(given["input"])

    monkeypatch.setattr("subprocess.run", pager)
    monkeypatch.setattr(output.progress, "end", lambda: ended.append(len(shown)))
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setenv("PAGER", sys.executable)
    monkeypatch.setenv("TERM", "xterm")
    assert output._paged("a line\n" * 200)
    assert shown == [b"a line\n" * 200]
    assert not output._paged("a line\n")
    monkeypatch.setenv("PAGER", "cat")
    assert not output._paged("a line\n" * 200)
