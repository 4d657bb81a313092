"""Imports point one way along the pipeline, and the start imports nothing that it does not use."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from .command import ROOT

PACKAGE = ROOT / "cnncalc"
STAGES = [
    "records", "visible", "language", "arithmetic", "layers", "losses", "optimizers", "scene", "lessons", "mistakes",
    "problem", "receptive_field", "outline", "trace", "descent", "passes", "solver", "verifying", "entropy", "checking",
    "explaining", "render", "parameters", "commands", "cli", "__main__",
]  # fmt: skip
"""Each may import itself and what stands before it."""


def stage(module: str) -> str:
    """The folder."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    found |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return found


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_one_way(path: Path) -> None:
    own = stage(".".join(("cnncalc", *path.relative_to(PACKAGE).with_suffix("").parts)))
    for module in imports(path):
        if module.startswith("cnncalc."):
            assert STAGES.index(stage(module)) <= STAGES.index(own), f"{path.name} imports {module}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_only_the_arithmetic_knows_flint(path: Path) -> None:
    if "arithmetic" not in path.parts:
        assert not any(module.split(".")[0] == "flint" for module in imports(path))


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_imports_neither_numbers_nor_tables(argument: str) -> None:
    code = (
        "import sys; sys.argv = ['cnncalc', sys.argv[1]]\n"
        "from cnncalc.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "print(sorted({'numpy', 'flint', 'yaml', 'rich.table', 'fractions'} & set(sys.modules)))"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, argument], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert result.stdout.splitlines()[-1] == "[]"


def test_solving_imports_nothing_that_it_does_not_use() -> None:
    code = (
        "import sys; sys.argv = ['cnncalc', 'solve', 'problems/hw11.yaml', '--digits', '5', '--only', 'L']\n"
        "from cnncalc.cli import main\n"
        "try: main()\n"
        "except SystemExit: pass\n"
        "heavy = {'pydantic', 'numpy.typing', 'json', 'sympy', 'rich.markdown', 'cnncalc.arithmetic.float64'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert result.stdout.splitlines()[-1] == "[]"
