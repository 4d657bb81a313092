"""The commands for those who set homework: `blank`, an answer sheet to be filled in, and `gradescope`."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import fail

SheetFormat = StrEnum("SheetFormat", ("YAML", "CSV", "XLSX", "ODS", "MARKDOWN", "LATEX", "HTML"))
"""What a blank sheet is written in."""


def blank(
    problem: options.ProblemArgument,
    output_format: Annotated[
        SheetFormat | None,
        typer.Option(
            "--format",
            help="yaml, csv, xlsx, ods or markdown, which check reads; latex or html to print. [default: yaml]",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", help="Write to this file; .yaml, .csv, .xlsx, .ods, .md, .tex or .html decides."
        ),
    ] = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Write a blank answer sheet: what the questions ask for, in their order, with a cell for each number.

    `cnncalc check` reads it filled in, but for LaTeX and HTML, which are to print.
    """
    from cnncalc.practice import blank as sheets

    target = destination(output, [problem])
    chosen = target.format(output_format, SheetFormat)
    if chosen in (SheetFormat.XLSX, SheetFormat.ODS) and output is None:
        fail("a workbook is no text; name a file with --output")
    loaded = target.load(problem, allow_outside)
    if chosen is SheetFormat.YAML:
        target.write(sheets.as_yaml(loaded, language.value))
    elif chosen is SheetFormat.CSV:
        target.write(sheets.as_csv(loaded))
    elif chosen is SheetFormat.ODS:
        target.write_bytes(sheets.as_open_document(loaded))
    elif chosen is SheetFormat.XLSX:
        try:
            target.write_bytes(sheets.as_excel(loaded))
        except ImportError:
            fail("an .xlsx file is written with openpyxl, which is not installed; pip install 'cnncalc[excel]'")
    else:
        from cnncalc.render.builders.blank import blank_sheet

        target.write_document(blank_sheet(loaded), chosen, language, shorten=True)


def gradescope(
    problem: options.ProblemArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The .zip file that is uploaded as the autograder.")
    ] = None,
    hide_answers: Annotated[
        bool, typer.Option("--hide-answers", help="Tell students what is wrong and where, and no right number.")
    ] = False,
    significant: Annotated[
        int, typer.Option(min=1, max=options.MOST_DIGITS, help="Significant digits that a rounded decimal must have.")
    ] = 3,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Write an autograder for Gradescope: a zip with the problem, cnncalc and the scripts that grade a submission.

    A student hands in one sheet (YAML, CSV, Excel, Markdown); `cnncalc blank` makes it.
    """
    from cnncalc.problem.text.source import PREFIX, located
    from cnncalc.reference.mistakes import check_codes
    from cnncalc.render.data.gradescope import archive
    from cnncalc.solver import solution_for_answers

    if output is None:
        fail("an autograder is a zip file; name it with --output")
    target = destination(output, [problem])
    target.format(None, ["zip"])
    if problem == "-":
        fail("an autograder takes the problem's own file along; name it")
    loaded = target.load(problem, allow_outside)
    check_codes(loaded)
    # What cannot be solved here could not be graded there.
    solution_for_answers(loaded)
    own = located(problem) if problem.startswith(PREFIX) else Path(problem)
    assert isinstance(own, Path), "it has been loaded"
    folder, content = own.resolve().parent, {own.name: own.read_bytes()}
    for file in loaded.files:
        path = Path(file).resolve()
        if not path.is_relative_to(folder):
            fail(f"{file} lies outside of the problem's folder; put it beside the problem")
        content[path.relative_to(folder).as_posix()] = path.read_bytes()
    wanted = ["--significant", str(significant), "--language", language.value, *["--hide-answers"] * hide_answers]
    target.write_bytes(archive(own.name, content, wanted))
