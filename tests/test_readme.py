"""Every block of the README is run: commands print what it says they print, Python runs, problems solve.

- `console`: lines after `$ ` are commands, what follows is their output (`…` on a line of its own leaves out lines);
- `python`: runs from the checkout, and `# ` comments after an expression are its value;
- `yaml`: a whole problem, which must solve.
"""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path

import pytest

import cnncalc
from cnncalc.cli import COMMANDS
from cnncalc.layers import REGISTRY as LAYERS
from cnncalc.losses import REGISTRY as LOSSES
from cnncalc.optimizers import REGISTRY as RULES

from .command import ROOT, run

README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
BLOCKS = [(kind, text) for kind, text in BLOCK.findall(TEXT)]
OMITTED = "…"


def blocks(kind: str) -> list[str]:
    return [text for found, text in BLOCKS if found == kind]


def test_only_known_kinds_of_block() -> None:
    assert {kind for kind, _ in BLOCKS} <= {"console", "python", "yaml", "sh"}
    assert all(blocks(kind) for kind in ("console", "python", "yaml", "sh"))


def commands(block: str) -> list[tuple[str, str]]:
    parts = re.split(r"^\$ (.*)\n", block, flags=re.MULTILINE)
    assert parts[0] == "", "a console block begins with a command"
    return list(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize("command", [c for block in blocks("console") for c in commands(block)], ids=lambda c: c[0])
def test_commands_print_what_the_readme_shows(command: tuple[str, str], rewrite_golden: bool) -> None:
    line, shown = command
    name, *arguments = shlex.split(line)
    assert name == "cnncalc"
    result = run(arguments, environment={"COLUMNS": "80"})
    printed = result.stderr if result.returncode == 2 else result.stdout
    if rewrite_golden and OMITTED + "\n" not in shown:
        _rewrite(line, shown, printed)
        shown = printed
    assert result.returncode in (0, 1, 2), result.stderr
    rest = printed
    for part in re.split(rf"^{OMITTED}\n", shown, flags=re.MULTILINE):
        assert part in rest, f"{line} prints:\n{printed}"
        rest = rest[rest.index(part) + len(part) :]


def _rewrite(line: str, shown: str, printed: str) -> None:
    """Whole outputs only: where lines are left out, a person must choose them."""
    text = README.read_text(encoding="utf-8")
    README.write_text(text.replace(f"$ {line}\n{shown}", f"$ {line}\n{printed}"), encoding="utf-8")


@pytest.mark.parametrize("block", blocks("python"))
def test_python_runs(block: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    lines = block.splitlines()
    for statement in ast.parse(block).body:
        source = ast.get_source_segment(block, statement) or ""
        _, _, comment = lines[(statement.end_lineno or 1) - 1].partition("  # ")
        if isinstance(statement, ast.Expr) and comment:
            assert repr(eval(source, names)) == comment.strip()
        else:
            exec(source, names)


@pytest.mark.parametrize("block", blocks("yaml"))
def test_problems_solve(block: str) -> None:
    trace = cnncalc.solve(cnncalc.loads(block, folder=Path(ROOT / "problems")))
    assert len(trace) > 1


def test_the_two_commands_are_marked_for_ci() -> None:
    for name in ("solve", "test"):
        assert TEXT.count(f"<!-- command: {name} -->\n```sh\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_table_of_commands(command: str) -> None:
    assert re.search(rf"^\| `cnncalc {command}\b", TEXT, re.MULTILINE)


def test_options_that_it_names_are_options_and_those_of_several_commands_are_named() -> None:
    of_command = [
        set(re.findall(r"^  (?:-[a-z], )?(--[a-z-]+)", run([command, "--help"]).stdout, re.MULTILINE))
        for command in COMMANDS
    ]
    every = set().union(*of_command) | {"--install-completion", "--help"}
    pytests = {"--rewrite-golden", "--dist"}
    named = set(re.findall(r"(?<=[` ])--[a-z][a-z-]+", TEXT)) - pytests
    assert named <= every
    assert {option for option in every if sum(option in one for one in of_command) > 1} <= named


def test_every_layer_loss_and_rule_is_named() -> None:
    assert [name for name in (*LAYERS, *LOSSES, *RULES) if not re.search(rf"`{name}\b|: {{{name}: ", TEXT)] == []


def test_every_file_that_it_names_is_there() -> None:
    folders = "cnncalc|tests|problems|layers|lessons|render|commands"
    named = re.findall(rf"`((?:{folders})/[a-z][\w/.*<>]*)`|\]\((\w+/[\w/.]+)\)", TEXT)
    paths = {one or other for one, other in named}
    assert len(paths) > 10
    # `<type>` stands for a layer's, and folders of the package are named from there.
    found = [path.replace("<type>", "relu") for path in sorted(paths)]
    assert [path for path in found if not any(ROOT.glob(path)) and not any((ROOT / "cnncalc").glob(path))] == []


def test_it_is_no_longer_than_people_read() -> None:
    assert TEXT.count("\n") <= 450
    prose = re.sub("^```.*?^```$", "", TEXT, flags=re.MULTILINE | re.DOTALL)
    assert [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|")] == []
