"""How long whole commands take, against Python importing the libraries that they cannot do without."""

from __future__ import annotations

import os
import subprocess
import sys
from time import perf_counter

from tests.benchmarks.pairs import ROOT, Ratio

IMPORTS = "import numpy, yaml, flint, rich.table, typer"
COMMANDS = (
    ("cnncalc solve problems/hw11.yaml", ("solve", "problems/hw11.yaml"), IMPORTS, 1.2),
    ("cnncalc --help", ("--help",), "import typer", 1.5),
    ("cnncalc --version", ("--version",), "import typer", 1.5),
)
"""What is shown, the arguments, what bare Python imports, and the ratio to reach."""


def compare_command(arguments: tuple[str, ...], imports: str, rounds: int) -> Ratio:
    """Wall time of whole processes, in turns."""
    ours = [sys.executable, "-m", "cnncalc", *arguments]
    theirs = [sys.executable, "-c", imports]
    times: tuple[list[float], list[float]] = ([], [])
    for command in (ours, theirs):
        _seconds(command)
    for _ in range(rounds):
        for command, seconds in zip((ours, theirs), times, strict=True):
            seconds.append(_seconds(command))
    return Ratio.of(*times)


def _seconds(command: list[str]) -> float:
    # Installed packages come with their bytecode; a checkout writes it on the first run, unless it is told not to.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=ROOT, env=environment)
    return perf_counter() - start
