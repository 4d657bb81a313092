"""`cnncalc blank`: the answer sheet to a problem, to be filled in."""

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
