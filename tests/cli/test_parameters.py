"""The words of the command line are read alike by the lowest Typer that is allowed, the newest, and the one at hand."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from ..command import ROOT

LOWEST = re.findall(r'"typer>=([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[0]
WORDS = {
    "--version": (0, ""),
    "solve --help": (0, ""),
    "solve problems/first.yaml --digits 5 --only L --only conv_1 --all --language zh": (0, ""),
    "solve problems/first.yaml --format json --question 1 --output nowhere/x.json": (2, "there is no folder"),
    "check problems/hw11.yaml problems/answers/hw11_midnight.yaml --jobs 1 --format csv --conventions accept": (1, ""),
    "solve problems/first.yaml --digits 0": (2, r"Invalid value for '--digits': '?0'? is not"),
    "solve problems/first.yaml --digits five": (2, "Invalid value for '--digits': 'five' is not a"),
    "solve problems/first.yaml --numbers foo": (2, "'foo' is not one of 'auto', 'exact', 'float', 'symbolic'"),
    "solve problems/first.yaml --no-such-option": (2, "No such option"),
    "solve": (2, "Missing argument 'PROBLEM'"),
}
"""What is typed, how it ends, and what is said on standard error."""
CODE = """
import json, sys
from tests.command import run
ran = {words: run(words.split()) for words in json.loads(sys.argv[1])}
import typer
print(json.dumps([typer.__file__, "pydantic" in sys.modules, {w: [r.returncode, r.stderr] for w, r in ran.items()}]))
"""


@pytest.mark.parametrize("wanted", [f"=={LOWEST}", "", None], ids=["lowest", "newest", "at hand"])
def test_words_are_read_alike_by_every_typer(wanted: str | None, tmp_path: Path) -> None:
    path = [str(ROOT)]
    if wanted is not None:
        # With the newest of what it needs: so it is installed for somebody.
        pip = [sys.executable, "-m", "pip", "install", "--quiet", "--retries=0", "--timeout=5", "--no-deps"]
        pip += ["--disable-pip-version-check", "--target", str(tmp_path), f"typer{wanted}", "click", "shellingham"]
        got = subprocess.run(pip, capture_output=True, text=True, check=False)
        if got.returncode:
            pytest.skip(f"typer{wanted} cannot be had here: {got.stderr.strip().splitlines()[-1]}")
        path.insert(0, str(tmp_path))
    code = f"import sys; sys.path[:0] = {path!r}\n{CODE}"
    made = subprocess.run(
        [sys.executable, "-c", code, json.dumps(list(WORDS))], capture_output=True, text=True, check=True
    )
    file, has_pydantic, ran = json.loads(made.stdout)
    assert wanted is None or file.startswith(str(tmp_path))
    assert not has_pydantic
    for words, (status, said) in WORDS.items():
        assert ran[words][0] == status, ran[words]
        assert re.search(said, ran[words][1]), ran[words]
