"""The files in problems/: those with numbers, and those that leave them out."""

import cnncalc

from .command import ROOT

ALL = sorted((ROOT / "problems").glob("*.yaml"))
OUTLINES = [path for path in ALL if cnncalc.load(path).blanks]
"""Without numbers: their answers are sizes and counts."""
PROBLEMS = [path for path in ALL if path not in OUTLINES]
NUMERIC = [path for path in PROBLEMS if not cnncalc.load(path).has_letters]
"""Without letters."""
