"""Runs the command as a user would: in the test's own process, or in one of its own where the process is the matter."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, nullcontext
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

from cnncalc.cli import COMMANDS, main

ROOT = Path(__file__).parent.parent
REFERENCE = ("mistakes", "format", "examples", "schema", "new", "graph")
"""The commands that read no file, unless they are asked to."""
YAML = ("new", "practice", "import")
"""The commands that write YAML and nothing else."""
BY_HAND = ("blank",)
"""Those that write what somebody fills in: YAML, and no JSON."""
ENDINGS = {**dict.fromkeys((*YAML, *BY_HAND), ".yaml"), "page": ".html", "draw": ".svg", "schema": ".json"}
"""The ending of a file that a command writes, where that is not .txt."""
BINARY = ("gradescope",)
"""Those that write no text, and need a file; tests/cli/test_gradescope.py has them."""
OF_TEXT = tuple(command for command in COMMANDS if command not in BINARY)
READERS = tuple(command for command in OF_TEXT if command not in REFERENCE)


def run(
    arguments: Sequence[str],
    *,
    stdin: str | bytes = "",
    folder: Path | None = ROOT,
    environment: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
    refusing: Mapping[str, int | None] | None = None,
) -> subprocess.CompletedProcess[str]:
    """`cnncalc ARGUMENTS` in `folder`, in this process, its output captured; width 100 unless the environment says so.

    A process costs ten times what the command does. Everything is put back: folder, environment and streams. The
    streams write in `encoding`, and line ends come as they were written. `folder` None is the one where the test is.
    `refusing`: streams (`stdin`, `stdout`, `stderr`) that are closed (None) or fail with an error (its number).
    """
    given = stdin.encode() if isinstance(stdin, str) else stdin
    buffers = {name: _Buffer(given if name == "stdin" else b"") for name in STREAMS}
    streams: dict[str, TextIOWrapper | None] = {
        "stdin": TextIOWrapper(buffers["stdin"], "utf-8"),
        "stdout": TextIOWrapper(buffers["stdout"], encoding, newline=""),
        "stderr": TextIOWrapper(buffers["stderr"], encoding, "backslashreplace", newline=""),
    }
    for name, error in (refusing or {}).items():
        buffers[name].error = error
        if error is None:
            streams[name] = None
    status: object = 0
    with chdir(folder) if folder else nullcontext(), _environment(environment or {}), _streams(streams):
        try:
            main(arguments)
        except SystemExit as end:
            status = end.code or 0
    assert isinstance(status, int), status
    stdout, stderr = (_written(streams[name], buffers[name]) for name in STREAMS[1:])
    return subprocess.CompletedProcess(list(arguments), status, stdout, stderr)


STREAMS = ("stdin", "stdout", "stderr")


class _Buffer(BytesIO):
    """Bytes that can be neither written nor read while there is an `error`."""

    error: int | None = None

    def write(self, content: Any, /) -> int:
        self._refuse()
        return super().write(content)

    def read(self, size: int | None = -1, /) -> bytes:
        self._refuse()
        return super().read(size)

    def _refuse(self) -> None:
        if self.error is not None:
            raise OSError(self.error, os.strerror(self.error))


def run_process(
    arguments: Sequence[str],
    *,
    stdin: str | None = None,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """The same in a process of its own, for what only that shows: encodings, imports, workers."""
    return subprocess.run(
        [sys.executable, "-m", "cnncalc", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**_plain_environment(), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(environment or {})},
        check=False,
        timeout=60,
    )


def _plain_environment() -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR")}
    return {**plain, "COLUMNS": "100"}


@contextmanager
def _environment(more: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    _become({**_plain_environment(), **more})
    try:
        yield
    finally:
        _become(before)


def _become(wanted: Mapping[str, str]) -> None:
    """Set and unset what is otherwise, and nothing else: each takes a call of the system."""
    now = dict(os.environ)
    for name in now.keys() - wanted.keys():
        del os.environ[name]
    os.environ.update(wanted.items() - now.items())


@contextmanager
def _streams(streams: Mapping[str, TextIOWrapper | None]) -> Iterator[None]:
    before = {name: getattr(sys, name) for name in streams}
    vars(sys).update(streams)
    try:
        yield
    finally:
        vars(sys).update(before)


def _written(stream: TextIOWrapper | None, buffer: _Buffer) -> str:
    if stream is None:
        return ""
    refused, buffer.error = buffer.error is not None, None
    stream.flush()
    return "" if refused else buffer.getvalue().decode(stream.encoding)
