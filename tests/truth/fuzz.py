"""Runs many commands on drawn inputs and tells which of them ended badly.

From the checkout: `python -m tests.truth.fuzz --seed 7 --count 2000`. A command ends well with 0, 1 or 2 and within its
time, whatever it was given. The commands run in a process that is started anew behind each abort and each hang, so that
one of them ends neither the search nor a test.
"""

from __future__ import annotations

import argparse
import json
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from types import FrameType
from typing import Any

from ..command import ROOT, run
from .cases import KINDS, case
from .drawing import Case
from .texts import is_safe

SECONDS = 5.0
"""Of the processor, for one command."""
PATIENCE = 60.0
"""Seconds without a word from a process that does nothing but run commands."""
MEMORY = 4 * 2**30
Numbered = tuple[str, int, int]
"""The kind, the seed and the number of a case."""


class OutOfTime(BaseException):
    """The command has had its time; no command catches this."""


def numbered(seed: int, count: int, kinds: Sequence[str] = tuple(KINDS)) -> list[Numbered]:
    """Cases of all kinds in turn."""
    return [(kinds[at % len(kinds)], seed, at // len(kinds)) for at in range(count)]


def ended_badly(cases: Sequence[Numbered], seconds: float = SECONDS) -> Iterator[tuple[Numbered, str]]:
    """The cases that did not end well, each with what happened."""
    at = 0
    while at < len(cases):
        command = [sys.executable, "-W", "error", "-m", "tests.truth.fuzz", "--worker", str(seconds)]
        with subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT, text=True
        ) as worker:
            assert worker.stdin is not None
            assert worker.stdout is not None
            while at < len(cases):
                try:
                    worker.stdin.write(json.dumps(cases[at]) + "\n")
                    worker.stdin.flush()
                    ready, _, _ = select.select([worker.stdout], [], [], PATIENCE)
                    said = worker.stdout.readline() if ready else ""
                except BrokenPipeError:
                    said = ""
                at += 1
                # An abort inside of FLINT prints a line of its own.
                if not said.startswith('"'):
                    worker.kill()
                    yield cases[at - 1], "a hang" if not ready else f"an abort ({worker.wait()}) {said}".rstrip()
                    break
                what = json.loads(said)
                if what:
                    yield cases[at - 1], what
            with suppress(BrokenPipeError):
                worker.stdin.close()


def judged(made: Case, folder: Path, seconds: float) -> str:
    """What is the matter with the end of a command; empty where it has ended well."""
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        result = run(made.arguments, stdin=made.stdin, folder=folder)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    if result.returncode not in (0, 1, 2):
        return f"ends with {result.returncode}: {result.stderr[-600:]}"
    if result.returncode == 2 and not result.stderr:
        return "ends with 2 and does not say why"
    if result.returncode == 1 and made.arguments[0] not in ("check", "verify"):
        return f"ends with 1: {result.stderr[-600:]}"
    unsafe = sorted({ascii(c) for c in set(result.stdout + result.stderr) if not is_safe(c) and c not in "\r"})
    if unsafe:
        return f"sends {', '.join(unsafe)}"
    if "json" in made.arguments and result.stdout.startswith("{"):
        json.loads(result.stdout, parse_constant=_no_number)
    spent = time.process_time() - began
    return f"takes {spent:.1f} s" if spent > seconds else ""


def _no_number(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")


def work(seconds: float) -> None:
    """Judge the cases that come in, a line each, until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGPROF, _stop)
    for line in sys.stdin:
        kind, seed, number = json.loads(line)
        with tempfile.TemporaryDirectory() as folder:
            signal.setitimer(signal.ITIMER_PROF, 2 * seconds)
            try:
                what = judged(case(kind, seed, number), Path(folder), seconds)
            except OutOfTime:
                what = f"takes more than {seconds} s"
            except Exception as error:
                what = f"{type(error).__name__}: {error}"
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
        print(json.dumps(what), flush=True)


def _stop(_: int, __: FrameType | None) -> None:
    raise OutOfTime


def shown(made: Case) -> str:
    """A case as somebody can repeat it."""
    files = "".join(
        f"--- {name}\n{content.decode('utf-8', 'backslashreplace')[:1500]}\n" for name, content in made.files.items()
    )
    stdin = f"--- standard input\n{made.stdin.decode('utf-8', 'backslashreplace')[:1500]}\n" if made.stdin else ""
    return f"cnncalc {' '.join(map(repr, made.arguments))[:600]}\n{files}{stdin}"


def main() -> None:
    """The command line of the search."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1200)
    parser.add_argument("--kind", choices=KINDS, action="append", help="only this kind; may be repeated")
    parser.add_argument("--number", type=int, help="only the case of this number, shown in full")
    parser.add_argument("--worker", type=float, help=argparse.SUPPRESS)
    asked: Any = parser.parse_args()
    if asked.worker is not None:
        work(asked.worker)
        return
    kinds = tuple(asked.kind or KINDS)
    if asked.number is not None:
        print(shown(case(kinds[0], asked.seed, asked.number)))
        cases = [(kinds[0], asked.seed, asked.number)]
    else:
        cases = numbered(asked.seed, asked.count, kinds)
    found: Counter[str] = Counter()
    for (kind, seed, number), what in ended_badly(cases):
        found[kind] += 1
        print(f"=== {kind} {number} of seed {seed}: {what}\n{shown(case(kind, seed, number))}", flush=True)
    print(f"{len(cases)} commands, {found.total()} ended badly: {dict(found)}")


if __name__ == "__main__":
    main()
