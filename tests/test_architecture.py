"""Imports point one way along the pipeline, and the start imports nothing that it does not use."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Collection
from functools import cache
from pathlib import Path

import pytest

from .command import ROOT
from .each import for_each

PACKAGE = ROOT / "cnncalc"
STAGES = [
    "records", "visible", "language", "polynomial", "letter_sizes", "arithmetic", "layers", "losses", "optimizers",
    "step", "lessons", "mistakes", "problem", "receptive_field", "outline", "unknowns", "jacobian",
    "labelling", "trace", "saturation", "descent", "passes", "solver", "verifying", "entropy", "checking", "practice",
    "explaining", "reference", "render", "code", "usage", "notebook", "parameters", "commands", "cli", "__main__",
]  # fmt: skip
"""Each may import itself and what stands before it."""


def stage(module: str) -> str:
    """The folder."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def imports(path: Path) -> frozenset[str]:
    found = {node.module for node in ast.walk(_tree(path)) if isinstance(node, ast.ImportFrom) and node.module}
    found |= {name.name for node in ast.walk(_tree(path)) if isinstance(node, ast.Import) for name in node.names}
    return frozenset(found)


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def test_imports_point_one_way() -> None:
    for_each(FILES, imports_what_stands_before)


def imports_what_stands_before(path: Path) -> None:
    own = stage(".".join(("cnncalc", *path.relative_to(PACKAGE).with_suffix("").parts)))
    for module in imports(path):
        if module.startswith("cnncalc."):
            assert STAGES.index(stage(module)) <= STAGES.index(own), f"{path.name} imports {module}"


def test_no_file_and_no_folder_is_too_large_to_find_one_s_way() -> None:
    files = [*FILES, PACKAGE / "__init__.py"]
    lines = {str(path.relative_to(PACKAGE)): len(path.read_text("utf-8").splitlines()) for path in files}
    assert [name for name, count in lines.items() if count > 400] == []
    folders = Counter(path.parent for path in files)
    assert [str(folder) for folder, count in folders.items() if count > 25] == []


def test_no_file_imports_itself_through_others() -> None:
    files = {_dotted(path): path for path in (*FILES, PACKAGE / "__init__.py")}
    found = circles({name: _imported(path, files) - {name} for name, path in files.items()})
    assert found == []


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ({"a": {"b"}, "b": {"c"}, "c": set()}, []),
        ({"a": {"b"}, "b": {"a"}}, [{"a", "b"}]),
        ({"a": {"b", "d"}, "b": {"c"}, "c": {"b", "e"}, "d": {"e"}, "e": {"d"}}, [{"b", "c"}, {"d", "e"}]),
        ({"a": {"b"}, "b": {"c"}, "c": {"d"}, "d": {"a", "b"}}, [{"a", "b", "c", "d"}]),
    ],
)
def test_circles_are_found(graph: dict[str, set[str]], expected: list[set[str]]) -> None:
    assert circles(graph) == expected


def circles(graph: dict[str, set[str]]) -> list[set[str]]:
    """The sets of nodes that reach each other, in the order of the graph."""
    reached: dict[str, set[str]] = {}
    for node in graph:
        reached[node], todo = set(), list(graph[node])
        while todo:
            if (other := todo.pop()) not in reached[node]:
                reached[node].add(other)
                todo += graph[other]
    found: list[set[str]] = []
    for node in graph:
        circle = {other for other in reached[node] if node in reached[other]}
        if circle and circle not in found:
            found.append(circle)
    return found


def _dotted(path: Path) -> str:
    parts = ("cnncalc", *path.relative_to(PACKAGE).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imported(path: Path, files: Collection[str]) -> set[str]:
    """The files that a file imports, inside of functions and for type checkers too; a module of a package as itself."""
    found = set()
    for node in ast.walk(_tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{name.name}" for name in node.names]
            found |= {name if name in files else node.module for name in inner}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found & set(files)


def test_only_the_arithmetic_knows_flint() -> None:
    others = [path for path in FILES if "arithmetic" not in path.parts]
    knowing = [path for path in others if any(module.split(".")[0] == "flint" for module in imports(path))]
    assert (len(others) > 100, knowing) == (True, [])


def test_the_texts_of_a_phrase_are_read_in_one_place() -> None:
    reading = [
        path.name
        for path in FILES
        if {"en", "zh"} & {node.attr for node in ast.walk(_tree(path)) if isinstance(node, ast.Attribute)}
    ]
    assert reading == ["language.py"]


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
