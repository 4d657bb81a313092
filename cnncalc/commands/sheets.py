"""Which files are meant by the answers on a command line: sheets, folders of them, a problem for each."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from cnncalc.commands.surroundings.process import fail
from cnncalc.visible import shown_path

KINDS = ((".yaml", ".yml"), (".xlsx",), (".csv", ".tsv"))
"""In a folder the first of these counts: a table among sheets of YAML is a list of the class, and no sheet."""


def in_natural_order(names: Iterable[str]) -> list[str]:
    """`student2` before `student10`."""
    return sorted(names, key=lambda name: [(not part.isdigit(), part.isdigit() and int(part), part) for part in
                                           re.findall(r"[0-9]+|[^0-9]+", name)])  # fmt: skip


def files_in(folder: str, kinds: Sequence[tuple[str, ...]] = KINDS) -> list[str]:
    """The sheets in a folder and in the folders in it; hidden files are none."""
    found: list[str] = []

    def refused(error: OSError) -> None:
        fail(f"{shown_path(folder)}: this folder cannot be read: {error.strerror}")

    for inside, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "__MACOSX"]
        found += [str(Path(inside, name)) for name in names if not name.startswith(".")]
    for kind in kinds:
        own = [file for file in found if file.lower().endswith(kind)]
        if own:
            return in_natural_order(own)
    return []


def sheets_meant(answers: Sequence[str]) -> list[str]:
    """The files that are meant: a folder stands for those in it."""
    sheets: list[str] = []
    for name in answers:
        if os.path.isdir(name):
            inside = files_in(name)
            if not inside:
                fail(f"{shown_path(name)}: no .yaml, .xlsx or .csv file is in this folder; name the answer sheets")
            sheets += inside
        else:
            sheets.append(name)
    if sheets.count("-") > 1:
        fail("standard input can be read only once; name it (-) once")
    return sheets


def problems_in(folder: str) -> list[str]:
    """The problems in a folder."""
    found = files_in(folder, KINDS[:1])
    if not found:
        fail(f"{shown_path(folder)}: no .yaml file is in this folder; name a problem")
    return found


def problem_of(sheet: str, problems: Sequence[str]) -> str | None:
    """The problem of whose name a sheet's is made: that of its file, or that of a folder that it lies in."""
    names = [Path(sheet).stem, *(folder.name for folder in Path(sheet).parents)]
    for name in names:
        fitting = [problem for problem in problems if _begins(name, Path(problem).stem)]
        if fitting:
            return max(fitting, key=lambda problem: len(Path(problem).stem))
    return None


def _begins(name: str, problem: str) -> bool:
    """`ada_sheet` with `ada`, but not `adam`."""
    return name.startswith(problem) and not name[len(problem) : len(problem) + 1].isalnum()
