"""An autograder for Gradescope: a zip with the problem, cnncalc itself, and the two scripts that Gradescope runs."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import cnncalc

REQUIRED = ("numpy", "typer", "rich", "PyYAML", "python-flint", "threadpoolctl")
OPTIONAL = ("openpyxl",)
"""For sheets of Excel."""
SETUP = """\
#!/usr/bin/env bash
# Once, when the image is built: what cnncalc needs, in the versions with which this was made.
set -e
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  apt-get update && apt-get install -y python3.11 python3.11-venv
fi
"$(command -v python3.11 || command -v python3)" -m venv /autograder/environment
/autograder/environment/bin/pip install -r /autograder/source/requirements.txt
"""
RUN = """\
#!/usr/bin/env bash
# For each submission. Whatever happens, a result is written.
ROOT="${AUTOGRADER:-/autograder}"
PYTHON="$ROOT/environment/bin/python"
[ -x "$PYTHON" ] || PYTHON=python3
mkdir -p "$ROOT/results"
"$PYTHON" -I "$ROOT/source/grade.py" "$ROOT" || true
[ -s "$ROOT/results/results.json" ] || \\
  echo '{"score": 0, "output": "The autograder could not run; tell your instructor.", "tests": []}' \\
  > "$ROOT/results/results.json"
exit 0
"""
GRADE = '''\
"""Grades the one answer sheet of a submission, copied into a folder of its own: it can read nothing else."""

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ENDINGS = (".yaml", ".yml", ".csv", ".tsv", ".xlsx", ".md", ".markdown")
LARGEST = 2**24
SECONDS = 240
MEMORY = 3 * 2**30
OPTIONS = {options!r}


def sheet(submission):
    """The file that is graded: the only one, or the one that is called like a sheet; never a link."""
    found = []
    for folder, folders, names in os.walk(submission):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        found += [Path(folder, name) for name in sorted(names) if name.lower().endswith(ENDINGS)]
    plain = [path for path in found if not path.is_symlink() and path.is_file() and path.stat().st_size <= LARGEST]
    order = lambda path: (ENDINGS.index(path.suffix.lower()) > 1, len(path.parts), path.name)
    return min(plain, key=order, default=None)


def limited():
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def result(root):
    chosen = sheet(root / "submission")
    if chosen is None:
        return failed("There is no answer sheet in the submission: hand in one file ending in " + ", ".join(ENDINGS))
    with tempfile.TemporaryDirectory() as alone:
        copied = Path(alone, "answers" + chosen.suffix.lower())
        shutil.copyfile(chosen, copied)
        command = [sys.executable, "-m", "cnncalc", "check", str(root / "source" / "problem" / {name!r}), str(copied)]
        plain = {{"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(root / "source"), "PYTHONUTF8": "1"}}
        run = subprocess.run(
            [*command, "--format", "gradescope", *OPTIONS], capture_output=True, timeout=SECONDS, cwd=alone, env=plain,
            preexec_fn=limited,
        )
    if run.returncode:
        return failed("The sheet could not be graded.\\n" + run.stderr.decode("utf-8", "replace")[-2000:])
    return json.loads(run.stdout.decode("utf-8"))


def failed(message):
    return {{"score": 0, "output": message, "output_format": "text", "tests": []}}


def main():
    root = Path(sys.argv[1])
    try:
        made = result(root)
    except subprocess.TimeoutExpired:
        made = failed("Grading took too long; write plain numbers into the sheet.")
    except Exception as error:  # a result is due, whatever a submission does
        made = failed(f"The sheet could not be graded ({{type(error).__name__}}).")
    target = root / "results" / "results.json"
    target.write_text(json.dumps(made), encoding="ascii")


main()
'''


def archive(problem: str, content: Mapping[str, bytes], options: Sequence[str]) -> bytes:
    """The zip; `problem` is the name of the problem file, `content` it and its data files by their relative names."""
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as zipped:
        _add(zipped, "setup.sh", SETUP.encode(), is_run=True)
        _add(zipped, "run_autograder", RUN.encode(), is_run=True)
        _add(zipped, "grade.py", GRADE.format(options=list(options), name=problem).encode())
        _add(zipped, "requirements.txt", _requirements().encode())
        for name, data in sorted(content.items()):
            _add(zipped, f"problem/{name}", data)
        home = Path(cnncalc.__file__).parent
        for path in sorted(home.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                _add(zipped, f"cnncalc/{path.relative_to(home).as_posix()}", path.read_bytes())
    return made.getvalue()


def _add(zipped: ZipFile, name: str, data: bytes, is_run: bool = False) -> None:
    # A fixed date: the same problem gives the same zip.
    entry = ZipInfo(name, (2024, 1, 1, 0, 0, 0))
    entry.external_attr = (0o755 if is_run else 0o644) << 16
    entry.compress_type = ZIP_DEFLATED
    zipped.writestr(entry, data)


def _requirements() -> str:
    lines = [f"{name}=={version(name)}" for name in REQUIRED]
    for name in OPTIONAL:
        try:
            lines.append(f"{name}=={version(name)}")
        except PackageNotFoundError:
            lines.append(f"{name}>=3.1")
    return "\n".join(lines) + "\n"
