"""The autograder in an empty root folder that is laid out as Gradescope does it; and what submissions may try."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from ..command import run

PROBLEM = """\
input: {file: x.npy}
layers: [fc: {name: z, weight: [[1, 2], [3, 4]]}]
questions: {1: z}
points: {1: 4}
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import numpy as np

    home = tmp_path_factory.mktemp("gradescope")
    (home / "problem.yaml").write_text(PROBLEM, encoding="utf-8")
    np.save(home / "x.npy", np.array([1, 2]))
    assert run(["gradescope", "problem.yaml", "-o", "a.zip"], folder=home).returncode == 0
    autograder = home / "autograder"
    with ZipFile(home / "a.zip") as zipped:
        assert {"setup.sh", "run_autograder", "requirements.txt"} <= set(zipped.namelist())
        assert b"\r" not in zipped.read("run_autograder") + zipped.read("setup.sh")
        assert zipped.getinfo("run_autograder").external_attr >> 16 & 0o111
        zipped.extractall(autograder / "source")
    (autograder / "results").mkdir()
    return autograder


def graded(root: Path, files: dict[str, str], link: str | None = None) -> Any:
    """The results.json of a submission, whose run must end well."""
    submission = root / "submission"
    if submission.exists():
        for path in sorted(submission.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    submission.mkdir(exist_ok=True)
    for name, text in files.items():
        (submission / name).parent.mkdir(parents=True, exist_ok=True)
        (submission / name).write_text(text, encoding="utf-8")
    if link:
        (submission / "answers.yaml").symlink_to(link)
    (root / "results" / "results.json").unlink(missing_ok=True)
    plain = {"PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}", "AUTOGRADER": str(root)}
    script = root / "source" / "run_autograder"
    ended = subprocess.run(["bash", str(script)], env=plain, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    return json.loads((root / "results" / "results.json").read_text("ascii"))


def test_a_right_sheet_and_a_wrong_one(root: Path) -> None:
    assert graded(root, {"my sheet.yaml": "z: [5, 11]\n"})["score"] == 4
    result = graded(root, {"folder/mine.csv": "z,5,12\n"})
    assert (result["score"], result["tests"][0]["max_score"]) == (0, 4)


IMAGES = {
    "a Python of today": (["python3 ok"], ""),
    "Python without venv": (["python3 bare"], "update; install -y python3-venv; "),
    "Ubuntu 22.04": (["python3 old"], "update; install -y python3-venv; install -y python3.11 python3.11-venv; "),
}


@pytest.mark.parametrize("image", IMAGES)
def test_the_set_up_finds_a_python_or_installs_one(root: Path, tmp_path: Path, image: str) -> None:
    """With programs that only write down how they are called, and an apt-get that mends what there is."""
    found, expected = IMAGES[image]
    programs = tmp_path / "bin"
    programs.mkdir()
    for tool in ("bash", "cat", "cp", "mkdir", "sed"):
        (programs / tool).symlink_to(str(shutil.which(tool)))
    python = """#!/usr/bin/env bash
state="$(cat "$0.state")"
[ "$1" != -c ] || { [ "$state" = ok ] && exit 0 || exit 1; }
[ "$1 $2" != "-m venv" ] || { mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo ok > "$3/bin/python.state"; }
echo "${0##*/} $*; " >> "$LOG"
"""
    apt = """#!/bin/bash
echo -n "$*; " >> "$LOG.apt"
[[ "$*" != *python3-venv* ]] || sed -i s/bare/ok/ "$BIN/python3.state"
[[ "$*" != *python3.11-venv* ]] || { cp "$BIN/python3" "$BIN/python3.11"; echo ok > "$BIN/python3.11.state"; }
"""
    for name, text in (("apt-get", apt), *((each.split()[0], python) for each in found)):
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    for each in found:
        (programs / f"{each.split()[0]}.state").write_text(each.split()[1], encoding="utf-8")
    plain = {"PATH": str(programs), "AUTOGRADER": str(tmp_path), "LOG": f"{tmp_path}/log", "BIN": str(programs)}
    words = [str(programs / "bash"), str(root / "source/setup.sh")]
    ended = subprocess.run(words, env=plain, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 0, ended.stderr
    apt_log = tmp_path / "log.apt"
    assert (apt_log.read_text("utf-8") if apt_log.exists() else "") == expected
    last = (tmp_path / "log").read_text("utf-8").splitlines()[-1]
    assert last == f"python -m pip install --no-cache-dir -r {tmp_path}/source/requirements.txt; "


HOSTILE = {
    "nothing": ({}, None),
    "no sheet": ({"me.txt": "hello"}, None),
    "no YAML": ({"a.yaml": "z: [5, 11\n]]}"}, None),
    "a link to the problem": ({}, "../source/problem/problem.yaml"),
    "a file outside": ({"a.yaml": "z: {file: ../source/problem/x.npy}\n"}, None),
    "an absolute file": ({"a.yaml": "z: {file: /etc/passwd}\n"}, None),
    "a program": ({"a.yaml": "z: !!python/object/apply:os.system ['touch /tmp/owned']\n", "cnncalc.py": "1/0"}, None),
    "its own points": ({"a.yaml": "points: {1: 1000}\nscore: 1000\nz: [0, 0]\n"}, None),
    "its own results": ({"results.json": '{"score": 1000}', "a.yaml": "z: 1\n"}, None),
    "a bomb": ({"a.yaml": "z: " + "[" * 3000 + "]" * 3000}, None),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_submission_has_a_result_and_gets_nothing(root: Path, case: str) -> None:
    files, link = HOSTILE[case]
    result = graded(root, files, link)
    assert result["score"] == 0
    assert "root:" not in json.dumps(result)
    assert not Path("/tmp/owned").exists()


def test_what_cannot_be_an_autograder(tmp_path: Path) -> None:
    (tmp_path / "p.yaml").write_text("input: [1]\nlayers: [relu]\n", encoding="utf-8")
    for words, message in (
        (["p.yaml"], "an autograder is a zip file; name it with --output"),
        (["-", "-o", "a.zip"], "an autograder takes the problem's own file along; name it"),
        (["p.yaml", "-o", "a.pdf"], "--output a.pdf: the ending .pdf says no format; use .zip"),
    ):
        result = run(["gradescope", *words], folder=tmp_path)
        assert (result.returncode, result.stderr.strip()) == (2, message)
