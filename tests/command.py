"""Runs the command as a user would: the installed entry point's function, in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(
    arguments: Sequence[str],
    *,
    stdin: str | None = None,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """`cnncalc ARGUMENTS` in `folder`, its output captured; width 100 unless the environment says otherwise."""
    plain = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "COLUMNS")}
    return subprocess.run(
        [sys.executable, "-m", "cnncalc", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env={**plain, "COLUMNS": "100", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(environment or {})},
        check=False,
        timeout=60,
    )
