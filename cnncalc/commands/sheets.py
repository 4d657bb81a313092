"""Which files are meant by the answers on a command line: sheets, folders of them, a problem for each."""

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from cnncalc.commands.surroundings.process import fail, say
from cnncalc.visible import shown_path

PROBLEMS = (".yaml", ".yml")
SHEETS = (*PROBLEMS, ".csv", ".tsv", ".md", ".markdown", ".xlsx", ".ods")
TABLES = (".csv", ".tsv")
NO_SHEETS = ("readme", "submission_metadata")


def in_natural_order(names: Iterable[str]) -> list[str]:
    """`student2` before `student10`."""
    return sorted(names, key=lambda name: [(not part.isdigit(), part.isdigit() and int(part), part) for part in
                                           re.findall(r"[0-9]+|[^0-9]+", name)])  # fmt: skip


def files_in(folder: str, endings: Sequence[str]) -> list[str]:
    """The files in a folder and in the folders in it; hidden files are none."""
    found: list[str] = []

    def refused(error: OSError) -> None:
        fail(f"{shown_path(folder)}: this folder cannot be read: {error.strerror}")

    for inside, folders, names in os.walk(folder, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".") and name != "__MACOSX"]
        plain = [
            name for name in names if not name.startswith((".", "~$")) and Path(name).stem.lower() not in NO_SHEETS
        ]
        found += [str(Path(inside, name)) for name in plain if name.lower().endswith(tuple(endings))]
    return in_natural_order(found)


def sheets_meant(answers: Sequence[str], problem: str) -> list[str]:
    """The files that are meant: a folder stands for the sheets in it, among which problem and lists are none."""
    sheets: list[str] = []
    for name in answers:
        if os.path.isdir(name):
            found = [file for file in files_in(name, SHEETS) if not _is_same(file, problem)]
            lists = [file for file in found if _is_list(file)]
            inside = [file for file in found if file not in lists]
            for file in lists:
                say(f"{shown_path(file)}: left out, it is a list of the class, and no answer sheet")
            if not inside:
                fail(f"{shown_path(name)}: no answer sheet is in this folder ({', '.join(SHEETS)}); name the sheets")
            sheets += inside
        else:
            sheets.append(name)
    if sheets.count("-") > 1:
        fail("standard input can be read only once; name it (-) once")
    return sheets


def _is_same(file: str, problem: str) -> bool:
    return os.path.exists(problem) and os.path.samefile(file, problem)


def _is_list(file: str) -> bool:
    """Whether a table begins as a list of students, or of their points, does: by two headings, or one alone."""
    from cnncalc.practice.students import HEADINGS

    if not file.lower().endswith(TABLES):
        return False
    with open(file, encoding="utf-8-sig", errors="replace") as opened:
        first = re.split("[,;\t]", opened.readline(10_000))
    cells = [cell.strip().strip('"').lower() for cell in first]
    return {cell for cell in cells[:2] if cell} <= HEADINGS and bool(cells[0])


def problems_in(folder: str) -> list[str]:
    """The problems in a folder."""
    found = files_in(folder, PROBLEMS)
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
