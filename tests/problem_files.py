"""The files in problems/: those with numbers, and those that leave them out."""

from functools import cache
from pathlib import Path

import cnncalc
from cnncalc.trace import Trace

from .command import ROOT

ALL = sorted((ROOT / "problems").glob("*.yaml"))
OUTLINES = [path for path in ALL if cnncalc.load(path).blanks]
"""Without numbers: their answers are sizes and counts."""
PROBLEMS = [path for path in ALL if path not in OUTLINES]
NUMERIC = [path for path in PROBLEMS if not cnncalc.load(path).has_letters]
"""Without letters."""


@cache
def solved(path: Path) -> Trace:
    """A problem's solution, the same for every test that asks what is in it."""
    return cnncalc.solve(cnncalc.load(path))
