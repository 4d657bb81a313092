"""`cnncalc check`: answers compared with the solution."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import options, progress
from cnncalc.commands.output import destination
from cnncalc.commands.process import fail, guarded, say, tell
from cnncalc.visible import shown_path


@guarded()
def check(
    problem: options.ProblemArgument,
    answers: Annotated[
        list[str] | None,
        typer.Argument(
            help="Answer sheets (YAML, CSV, Markdown, .xlsx); a folder stands for the sheets in it. Without any, the"
            " problem's own `answers`.",
            metavar="ANSWERS...",
        ),
    ] = None,
    output_format: Annotated[
        options.CheckFormat | None,
        typer.Option(
            "--format",
            help="table, json, csv (a line a sheet), or gradescope (one sheet's results.json). [default: table]",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Write to this file; .json, .csv or .txt decides the format.")
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
        bool,
        typer.Option("--answered-only", help="Count what is on the sheet alone, for a student who is on the way."),
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
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Check hand-computed answers: where the first error is, what follows from it, and which mistake it was.

    Ends with 0 if everything is correct, with 1 if not, with 2 if a file cannot be read.
    """
    from cnncalc.checking.many import Settings
    from cnncalc.checking.rule import read_rule
    from cnncalc.render.builders.check import Output, check_one, check_several

    sheets = _sheets(answers or [])
    target = destination(output, [problem, *sheets])
    chosen = target.format(output_format, options.CHECK_ENDINGS, options.CheckFormat.TABLE)
    try:
        rule = read_rule(significant, tolerance)
    except ValueError as error:
        fail(f"--tolerance: {error}")
    if complete and answered_only:
        fail("--complete counts what is not answered, --answered-only does not; leave one of them out")
    if chosen is options.CheckFormat.GRADESCOPE and len(sheets) > 1:
        fail("--format gradescope writes the result of one submission; name one answer sheet")
    wanted = Output(chosen.value, target.page(language, shorten=not everything), target.is_unicode, hide_answers)
    loaded = target.load(problem, allow_outside)
    tell(loaded.notices, language.value)
    settings = Settings(
        loaded,
        rule,
        numbers.value if numbers else None,
        allow_outside,
        complete or (bool(sheets) and not answered_only),
        conventions is options.ConventionsChoice.ACCEPT,
    )
    if len(sheets) > 1:
        marked = check_several(settings, sheets, jobs or os.cpu_count() or 1, wanted, say, progress.count)
    else:
        marked = check_one(settings, sheets[0] if sheets else None, wanted)
    target.spare(marked.files)
    target.write(marked.text)
    if marked.status:
        raise typer.Exit(marked.status)


def _sheets(answers: list[str]) -> list[str]:
    """The files that are meant: a folder stands for those in it."""
    sheets: list[str] = []
    for name in answers:
        if os.path.isdir(name):
            try:
                files = sorted(path for path in Path(name).iterdir() if path.is_file())
            except OSError as error:
                fail(f"{shown_path(name)}: this folder cannot be read: {error.strerror}")
            # A table among sheets of YAML is a list of the class, and no sheet.
            kinds = ((".yaml", ".yml"), (".xlsx",), (".csv", ".tsv"))
            inside = next((own for kind in kinds if (own := [str(f) for f in files if f.suffix.lower() in kind])), [])
            if not inside:
                fail(f"{shown_path(name)}: no .yaml, .xlsx or .csv file is in this folder; name the answer sheets")
            sheets += inside
        else:
            sheets.append(name)
    if sheets.count("-") > 1:
        fail("standard input can be read only once; name it (-) once")
    return sheets
