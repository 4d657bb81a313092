"""`cnncalc check`: answers compared with the solution; which files are meant: sheets, folders, a problem for each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings import progress
from cnncalc.commands.surroundings.output import Destination, destination
from cnncalc.commands.surroundings.process import fail, say, spoken, tell, watched
from cnncalc.visible import shown_path

if TYPE_CHECKING:
    from cnncalc.checking.many import Settings
    from cnncalc.problem.problem import Numbers, Problem
    from cnncalc.problem.text.faults import ProblemError
    from cnncalc.render.builders.check import Marked
import re
from collections.abc import Iterable

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
            found = [
                file
                for file in files_in(name, SHEETS)
                if not (os.path.exists(problem) and os.path.samefile(file, problem))
            ]
            lists = [file for file in found if _is_list(file)]
            inside = [file for file in found if file not in lists]
            for file in lists:
                say(spoken(f"{shown_path(file)}: left out, it is a list of the class, and no answer sheet"))
            if not inside:
                fail(f"{shown_path(name)}: no answer sheet is in this folder ({', '.join(SHEETS)}); name the sheets")
            sheets += inside
        else:
            sheets.append(name)
    if sheets.count("-") > 1:
        fail("standard input can be read only once; name it (-) once")
    return sheets


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


def check(
    problem: options.ProblemArgument,
    answers: Annotated[
        list[str] | None,
        typer.Argument(
            help="Answer sheets (YAML, CSV, Markdown, .xlsx, .ods); a folder stands for the sheets in it. Without any,"
            " the problem's own `answers`.",
            metavar="ANSWERS...",
        ),
    ] = None,
    output_format: Annotated[
        options.CheckFormat | None,
        typer.Option(
            "--format",
            metavar="FORMAT",
            help="table, html, markdown or json; csv, moodle, canvas or gradescope-csv (a line a sheet); gradescope"
            " (one sheet's results.json). [default: table]",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write to this file; .json, .csv, .html, .md or .txt decides the format.")
    ] = None,
    significant: Annotated[
        int, typer.Option(min=1, max=options.MOST_DIGITS, help="Significant digits that a rounded decimal must have.")
    ] = 3,
    tolerance: Annotated[
        str | None, typer.Option(help="Also accept what is this close: 0.01 (absolute) or 1% (relative).")
    ] = None,
    hide_answers: Annotated[
        bool, typer.Option("--hide-answers", help="Say what is wrong and where, and give no right number away.")
    ] = False,
    complete: Annotated[
        bool,
        typer.Option(
            "--complete",
            help="Count what the questions ask for and the answers leave out as missing: so it is for sheets anyway,"
            " and for the problem's own answers on request.",
        ),
    ] = False,
    answered_only: Annotated[
        bool, typer.Option("--answered-only", help="Count what is on the sheet alone, for a student who is on the way.")
    ] = False,
    conventions: Annotated[
        options.ConventionsChoice,
        typer.Option(
            help="Whether what is right under another convention counts, where a sheet keeps to it throughout."
        ),
    ] = options.ConventionsChoice.STRICT,
    everything: Annotated[bool, typer.Option("--all", help="List every cell that is not right.")] = False,
    numbers: options.NumbersOption = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes for many sheets. [default: one a core]")
    ] = None,
    watch: options.WatchOption = False,
    bank: Annotated[
        bool, typer.Option("--bank", help="PROBLEM is a folder of problems; check the answers that each brings along.")
    ] = False,
    feedback: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Write a file for each student there; see --hide-answers.")
    ] = None,
    feedback_format: Annotated[
        options.FeedbackFormat, typer.Option(help="What is written for each student: html, markdown or pdf.")
    ] = options.FeedbackFormat.HTML,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Check hand-computed answers: where the first error is, what follows from it, and which mistake it was.

    Ends with 0 if everything is correct, with 1 if not, with 2 if a file cannot be read.
    """
    from cnncalc.checking.many import Settings
    from cnncalc.checking.rule import read_rule
    from cnncalc.problem.loader import load
    from cnncalc.problem.text.faults import ProblemError
    from cnncalc.render.builders.check import Output, check_one, check_pairs, check_several

    if watch:
        again = partial(
            check, problem, answers, output_format, output, significant, tolerance, hide_answers, complete,
            answered_only, conventions, everything, numbers, jobs, False, False, feedback, feedback_format, language,
            allow_outside,
        )  # fmt: skip
        watched([problem, *(answers or [])], again)
    sheets = sheets_meant(answers or [], problem)
    is_folder = bank or os.path.isdir(problem)
    problems = problems_in(problem) if is_folder else [problem]
    target = destination(output, [*problems, *sheets])
    chosen = target.format(output_format, options.CheckFormat)
    try:
        rule = read_rule(significant, tolerance)
    except ValueError as error:
        fail(f"--tolerance: {error}")
    if complete and answered_only:
        fail("--complete counts what is not answered, --answered-only does not; leave one of them out")
    if chosen is options.CheckFormat.GRADESCOPE and len(sheets) > 1:
        fail("--format gradescope writes the result of one submission; name one sheet, or write gradescope-csv")
    page = target.page(language, shorten=not everything)
    wanted = Output(chosen.value, page, hide_answers, feedback_format.value if feedback else None)
    is_complete = complete or (bool(sheets) and not answered_only)
    accepts = conventions is options.ConventionsChoice.ACCEPT

    def settings(loaded: Problem, others: Sequence[Problem] = ()) -> Settings:
        if loaded.points is not None and loaded.points.mistakes:
            from cnncalc.reference.mistakes import check_codes

            check_codes(loaded)
        system: Numbers | None = numbers.value if numbers else None
        return Settings(loaded, rule, system, allow_outside, is_complete, accepts, language.value, tuple(others))

    if is_folder:
        if not bank and not sheets:
            fail("name the answer sheets behind the folder of problems, or check the problems' own answers by --bank")
        pairs = (
            [(one, None) for one in problems] if bank else [(problem_of(sheet, problems), sheet) for sheet in sheets]
        )
        marked = check_pairs(lambda path: settings(load(path, allow_outside=allow_outside)), pairs, wanted)
        target.spare(marked.files)
        _finish(target, marked, feedback, chosen)
    try:
        loaded, *others = target.load(problem, allow_outside, letters=True), *()
    except ProblemError as error:
        loaded, *others = _solved(error, problem, allow_outside)
    tell(loaded.notices, language.value)
    if len(sheets) > 1 or (sheets and feedback):
        jobs = jobs or os.cpu_count() or 1
        marked = check_several(settings(loaded, others), sheets, jobs, wanted, say, progress.count)
    else:
        marked = check_one(settings(loaded, others), sheets[0] if sheets else None, wanted)
    target.spare(marked.files)
    _finish(target, marked, feedback, chosen)


def _solved(error: ProblemError, path: str, allow_outside: bool) -> list[Problem]:
    """The problem with each solution of its `?` put in, the smallest first; raises ProblemError."""
    from cnncalc import unknowns
    from cnncalc.problem.text.faults import Fault, ProblemError

    if not (found := unknowns.find(error.text)):
        raise error
    folder = Path() if path == "-" else Path(path).parent
    solved = unknowns.solve(error.text, folder, error.source, allow_outside)
    if not solved.solutions:
        fault = Fault(f"no number for {found[0].name} makes what is known true", "look at `given`", found[0].place)
        raise ProblemError([fault], error.source, error.text)
    return [one.problem for one in solved.solutions]


def _finish(target: Destination, marked: Marked, feedback: Path | None, chosen: options.CheckFormat) -> NoReturn:
    """Write the outcome, and a file for each student."""
    if feedback is not None:
        from cnncalc.commands.surroundings.pdf import compiled

        try:
            feedback.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            fail(f"--feedback {shown_path(str(feedback))}: {error.strerror}")
        for name, text in marked.feedback.items():
            file = Destination(feedback / name)
            file.write_bytes(compiled(text)) if name.endswith(".pdf") else file.write(text)
    target.write_json(marked.text) if chosen is options.CheckFormat.JSON else target.write(marked.text)
    raise typer.Exit(marked.status)
