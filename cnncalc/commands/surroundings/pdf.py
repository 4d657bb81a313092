"""A LaTeX document as a PDF, by an engine that is installed: latexmk, tectonic, or what its first line names."""

import re
import subprocess
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import NoReturn

from cnncalc.commands.surroundings.process import fail
from cnncalc.visible import shown

SECONDS = 180
ENGINE = re.compile(r"% !TEX program = (\w+)\n")
QUIET = ("-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape")
NONE = (
    "a PDF takes a LaTeX engine, and none of latexmk, tectonic and {engine} is there; write a .tex, which Overleaf"
    " compiles too, or .html, which a browser prints"
)


def compiled(latex: str) -> bytes:
    """The PDF; a fault where no engine is there, or where it fails."""
    found = ENGINE.match(latex)
    engine = found[1] if found else "xelatex"
    command = _command(engine)
    if command is None:
        fail(NONE.format(engine=engine))
    with TemporaryDirectory(prefix="cnncalc.") as folder:
        (Path(folder) / "solution.tex").write_text(latex, encoding="utf-8")
        made = Path(folder) / "solution.pdf"
        log = _run(command, folder)
        # Columns of long tables know their widths the second time.
        if made.exists() and command[0] == engine and "Rerun" in log:
            log = _run(command, folder)
        if not made.exists():
            _tell(command[0], log)
        return made.read_bytes()


def _tell(engine: str, log: str) -> NoReturn:
    reason = next((line for line in log.splitlines() if line.startswith(("!", "error:"))), "it says no reason")
    fail(f"{engine} made no PDF: {shown(reason.lstrip('! '))}; write a .tex and compile it to see more")


def _command(engine: str) -> list[str] | None:
    """What to run on the file; xelatex sets everything that pdflatex does."""
    if which("latexmk") and which(engine):
        return ["latexmk", {"xelatex": "-xelatex"}.get(engine, "-pdf"), *QUIET, "solution.tex"]
    if which("tectonic"):
        return ["tectonic", "solution.tex"]
    chosen = next((one for one in (engine, "xelatex") if which(one)), None)
    return None if chosen is None else [chosen, *QUIET, "solution.tex"]


def _run(command: list[str], folder: str) -> str:
    try:
        done = subprocess.run(command, cwd=folder, capture_output=True, timeout=SECONDS, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        fail(f"{command[0]} took longer than {SECONDS} s to make the PDF; write a .tex and compile it yourself")
    except OSError as error:
        fail(f"{command[0]} cannot be run: {error.strerror}; write a .tex instead")
    return (done.stdout + done.stderr).decode("utf-8", "replace")
