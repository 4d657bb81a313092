"""Runs the command as a user would: in the test's own process, or in one of its own where the process is the matter."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager
from io import BytesIO, TextIOWrapper
from pathlib import Path

from cnncalc.cli import main

ROOT = Path(__file__).parent.parent


def run(
    arguments: Sequence[str],
    *,
    stdin: str | bytes = "",
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
) -> subprocess.CompletedProcess[str]:
    """`cnncalc ARGUMENTS` in `folder`, in this process, its output captured; width 100 unless the environment says so.

    A process costs ten times what the command does. Everything is put back: folder, environment and streams. The
    streams write in `encoding`, and line ends come as they were written.
    """
    given = stdin.encode() if isinstance(stdin, str) else stdin
    streams = (
        TextIOWrapper(BytesIO(given), "utf-8"),
        TextIOWrapper(BytesIO(), encoding, newline=""),
        TextIOWrapper(BytesIO(), encoding, "backslashreplace", newline=""),
    )
    status: object = 0
    with chdir(folder), _environment(environment or {}), _streams(streams):
        try:
            main(arguments)
        except SystemExit as end:
            status = end.code or 0
    assert isinstance(status, int), status
    stdout, stderr = (_written(stream) for stream in streams[1:])
    return subprocess.CompletedProcess(list(arguments), status, stdout, stderr)


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
    wanted = {**_plain_environment(), **more}
    os.environ.clear()
    os.environ.update(wanted)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _streams(streams: tuple[TextIOWrapper, TextIOWrapper, TextIOWrapper]) -> Iterator[None]:
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = streams
    try:
        yield
    finally:
        sys.stdin, sys.stdout, sys.stderr = before


def _written(stream: TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, BytesIO)
    return buffer.getvalue().decode(stream.encoding)
