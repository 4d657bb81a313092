"""Writes every problem's document in both languages, as LaTeX and as Markdown, into the folder that is given.

All in one process: to start one for each takes as long as to write most of them.
"""

import sys
from contextlib import redirect_stderr
from pathlib import Path

from cnncalc import load
from cnncalc.cli import main

folder = Path(sys.argv[1])
for problem in sorted((Path(__file__).parent.parent / "problems").glob("*.yaml")):
    # What has no numbers has sizes.
    command = "shapes" if load(problem).blanks else "worked"
    for name in (f"{problem.stem}.{language}.{ending}" for language in ("en", "zh") for ending in ("tex", "md")):
        language = name.split(".")[-2]
        notices = folder / f"{name}.notices"
        with notices.open("w", encoding="utf-8") as file, redirect_stderr(file):
            try:
                main([command, str(problem), "--language", language, "--output", str(folder / name)])
            except SystemExit as end:
                status = end.code
        if status:
            sys.exit(f"{command} {problem.name} as {name}: status {status}\n{notices.read_text(encoding='utf-8')}")
