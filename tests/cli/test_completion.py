"""A shell's completion, asked as bash and zsh ask: commands, options, the tensors and questions of the problem."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import cnncalc
from cnncalc.cli import COMMANDS
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.reference.mistakes import all_known

from ..command import ROOT, run


def asked(shell: str, words: list[str], **environment: str) -> list[str]:
    """What is offered for the last of the words; nothing is said, and the status is 0, whatever they are."""
    told = {"_CNNCALC_COMPLETE": f"complete_{shell}"}
    if shell == "bash":
        told |= {"COMP_WORDS": "\n".join(["cnncalc", *words]), "COMP_CWORD": str(len(words))}
    else:
        told["_TYPER_COMPLETE_ARGS"] = " ".join(["cnncalc", *words])
    result = run([], environment={**told, **environment}, refusing={"stdin": errno.EIO})
    assert (result.returncode, result.stderr) == (0, "")
    if shell == "bash":
        return result.stdout.split()
    # A line each, the first one behind the command that shows them: "name", or "name":"what it is".
    return re.findall(r"""^(?:_arguments '\*: :\(\()?"([^"]*)""" + '"', result.stdout, re.MULTILINE)


HW11 = "problems/hw11.yaml"
CASES: list[tuple[list[str], set[str]]] = [
    ([""], set(COMMANDS)),
    (["s"], {"solve", "shapes"}),
    (["solve", "--on"], {"--only"}),
    (["solve", "--"], {"--only", "--question", "--numbers", "--format", "--output", "--help"}),
    (["solve", HW11, "--numbers", ""], {"auto", "exact", "float", "symbolic"}),
    (["solve", HW11, "--only", "h"], {"h"}),
    (["solve", HW11, "--only", "dL/dc"], {"dL/dconv_1", "dL/dconv_1.weight", "dL/dconv_1.columns"}),
    (["solve", HW11, "--only", "p", "--only", "dL/dp"], {"dL/dp"}),
    (["solve", "--only", "fc", HW11, "--only", "fc"], {"fc_1", "fc_1.weight"}),
    (["solve", HW11, "--question", ""], set("12345678")),
    (["worked", HW11, "--question", "7"], {"7"}),
    (["worked", HW11, "--method", "r"], {"rotated"}),
    (["explain", HW11, "relu"], {"relu_1"}),
    (["explain", "problems/one_step.yaml", "W2"], {"W2", "W2.new"}),
    (["format", "so"], {"source", "softmax"}),
    (["mistakes", "relu-as"], {"relu-as-step", "relu-as-absolute-value", "relu-as-leaky"}),
    (["mistakes", "--layer", "tanh", "sigmoid"], {"sigmoid-for-tanh", "sigmoid-derivative-for-tanh"}),
    (["mistakes", "--layer", "rec"], {"receptive_field"}),
    (["--show"], {"--show-completion"}),
]


@pytest.mark.parametrize("shell", ["bash", "zsh"])
@pytest.mark.parametrize(
    ("words", "offered"), CASES, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_what_is_offered(shell: str, words: list[str], offered: set[str]) -> None:
    found = asked(shell, words)
    assert offered <= set(found)
    assert all(name.startswith(words[-1]) for name in found)
    assert len(found) == len(set(found))


def test_all_that_can_be_asked_for_is_offered_and_nothing_else() -> None:
    for name in ("hw11", "shared_weight", "one_step", "batch_norm_channel", "letters_softmax"):
        path = f"problems/{name}.yaml"
        problem = cnncalc.load(ROOT / path)
        trace, found = cnncalc.solve(problem), asked("bash", ["solve", path, "--only", ""])
        assert [one for one in found if one not in trace] == []
        assert {tensor.name for tensor in trace if " " not in tensor.name and tensor.local != "target"} <= set(found)
        assert asked("bash", ["worked", path, "--question", ""]) == list(problem.questions)
    assert set(LAYERS) <= set(asked("bash", ["format", ""]))
    assert set(asked("bash", ["mistakes", ""])) == {known.code for known in all_known()}


ODD = [
    ["solve", "no such file", "--only", ""],
    ["solve", "problems", "--only", ""],
    ["solve", "-", "--only", ""],
    ["solve", "/dev/null", "--only", ""],
    ["solve", "/dev/zero", "--only", ""],
    ["solve", "problems/data/broken.yaml", "--only", ""],
    ["solve", "README.md", "--question", ""],
    ["explain", "tests/benchmarks/growth.svg", "c"],
    ["explain", "", ""],
    ["solve", HW11, "--digits", ""],
    ["solve", HW11, "--digits", "many", "--only", ""],
    ["solve", HW11, "--colour", "--only", ""],
    ["solve", '"problems/hw11.yaml', "--only", ""],
    ["solve", "'", ""],
    ["sovle", HW11, "--only", ""],
    ["mistakes", "--layer", "konv", ""],
    ["solve", "\udcff", "--only", ""],
    ["\\"],
    [],
]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell", "tcsh", ""])
@pytest.mark.parametrize("words", ODD, ids=map(str, range(len(ODD))))
def test_nothing_is_ever_said(shell: str, words: list[str]) -> None:
    asked(shell, words)


def test_a_shell_that_tells_nothing_or_nonsense_hears_nothing() -> None:
    for told in ({}, {"COMP_WORDS": "cnncalc solve"}, {"COMP_WORDS": "cnncalc solve", "COMP_CWORD": "x"}):
        for instruction in ("complete_bash", "complete_zsh", "source_bash", "complete", "1", "_", ""):
            result = run([], environment={**told, "_CNNCALC_COMPLETE": instruction})
            assert (result.returncode, result.stderr) == (0, "")


def test_a_large_file_is_not_read_while_somebody_types(tmp_path: Path) -> None:
    text = (ROOT / HW11).read_text(encoding="utf-8")
    (tmp_path / "large.yaml").write_text(text + "#" * 2**20, encoding="utf-8")
    (tmp_path / "small.yaml").write_text(text, encoding="utf-8")
    assert asked("bash", ["solve", str(tmp_path / "large.yaml"), "--only", "conv"]) == []
    assert "conv_1" in asked("bash", ["solve", str(tmp_path / "small.yaml"), "--only", "conv"])


def test_completion_is_quick_since_it_solves_nothing() -> None:
    code = (
        "import sys; from cnncalc.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "unneeded = {'cnncalc.solver', 'cnncalc.render', 'cnncalc.checking', 'flint', 'pydantic', 'rich.table'}\n"
        "print(*sorted(unneeded & set(sys.modules)), file=sys.stderr)"
    )
    told = {"_CNNCALC_COMPLETE": "complete_bash", "COMP_WORDS": f"cnncalc solve {HW11} --only dL/", "COMP_CWORD": "4"}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, **told})
    assert "dL/dconv_1" in result.stdout.split()
    assert result.stderr == "\n"


def test_bash_completes_a_line(tmp_path: Path) -> None:
    """By the script that `--show-completion` prints."""
    program = tmp_path / "cnncalc"
    program.write_text(f'#!/bin/sh\nPYTHONPATH={ROOT} exec {sys.executable} -m cnncalc "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    script = run(["--show-completion", "bash"], environment=WITHOUT_DETECTION)
    assert (script.returncode, script.stderr) == (0, "")
    line = f"COMP_WORDS=(cnncalc solve {HW11} --only dL/dr); COMP_CWORD=4; _cnncalc_completion cnncalc"
    shell = ["bash", "-c", f'{script.stdout}\n{line}\nprintf "%s\\n" "${{COMPREPLY[@]}}"']
    path = {**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"}
    result = subprocess.run(shell, capture_output=True, text=True, check=True, cwd=ROOT, env=path)
    assert (result.stdout, result.stderr) == ("dL/drelu_1\n", "")


WITHOUT_DETECTION = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
"""The shell is named, not looked for among the processes."""


@pytest.mark.parametrize(("shell", "file"), [("bash", ".bashrc"), ("zsh", ".zshrc")])
def test_installing_writes_what_the_shell_reads(tmp_path: Path, shell: str, file: str) -> None:
    environment = {**WITHOUT_DETECTION, "HOME": str(tmp_path)}
    result = run(["--install-completion", shell], environment=environment)
    assert (result.returncode, result.stderr) == (0, "")
    assert (tmp_path / file).exists()
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert f"_CNNCALC_COMPLETE=complete_{shell}" in written


def test_a_shell_that_is_not_known_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("typer._completion_shared._get_shell_name", lambda: None)
    monkeypatch.setattr("typer.completion._get_shell_name", lambda: None)
    for option in ("--show-completion", "--install-completion"):
        result = run([option])
        # Never 1, a wrong answer's.
        assert result.returncode == 2
        assert "not supported" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("shell", "begin"),
    [("bash", "_cnncalc_completion() {"), ("zsh", "#compdef cnncalc"), ("fish", "complete --command")],
)
def test_a_shell_that_is_named_has_its_own_script(shell: str, begin: str) -> None:
    ended = run(["--show-completion", shell])
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.startswith(begin)
    assert run(["--show-completion", "nosuch"]).returncode == 2
