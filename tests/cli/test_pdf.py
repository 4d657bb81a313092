"""A PDF is what an engine makes of the LaTeX; engines here are scripts, so that every machine has the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from ..command import run

MAKES = '#!/bin/sh\nfor last; do :; done\necho "%PDF $(/bin/head -1 "$last")" > solution.pdf\n'
FAILS = "#!/bin/sh\necho '! Undefined control sequence.'\nexit 1\n"


def engines(folder: Path, monkeypatch: pytest.MonkeyPatch, **scripts: str) -> None:
    """Only these are installed."""
    for name, script in scripts.items():
        (folder / name).write_text(script)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))


@pytest.mark.parametrize(("language", "engine"), [("en", "pdflatex"), ("zh", "xelatex")])
def test_the_engine_that_the_document_asks_for(
    language: str, engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines(tmp_path, monkeypatch, pdflatex=MAKES, xelatex=MAKES)
    output = tmp_path / "solution.pdf"
    result = run(["worked", "problems/soft_labels.yaml", "--language", language, "--output", str(output)])
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert output.read_text() == f"%PDF % !TEX program = {engine}\n"


@pytest.mark.parametrize("command", [["worked"], ["solve"], ["explain", "p[1]"]])
def test_every_document_can_be_one(command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engines(tmp_path, monkeypatch, xelatex=MAKES)
    name, *address = command
    result = run([name, "problems/soft_labels.yaml", *address, "--output", str(tmp_path / "x.PDF")])
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / "x.PDF").read_bytes().startswith(b"%PDF")


def test_without_an_engine_a_line_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engines(tmp_path, monkeypatch)
    output = tmp_path / "solution.pdf"
    result = run(["worked", "problems/soft_labels.yaml", "--output", str(output)])
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith("a PDF takes a LaTeX engine, and none of latexmk, tectonic and pdflatex is there")
    assert result.stderr.count("\n") == 1
    assert not output.exists()


def test_an_engine_that_fails_is_no_defect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engines(tmp_path, monkeypatch, pdflatex=FAILS)
    result = run(["worked", "problems/soft_labels.yaml", "--output", str(tmp_path / "solution.pdf")])
    assert result.returncode == 2
    assert result.stderr.startswith("pdflatex made no PDF: Undefined control sequence.;")
