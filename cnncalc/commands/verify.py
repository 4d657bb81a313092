"""`cnncalc verify`: each gradient in independent ways."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands.options import (
    Format,
    LanguageChoice,
)
from cnncalc.commands.output import (
    check_writable,
    is_unicode,
    on_page,
    write,
)
from cnncalc.commands.process import Status, fail, guarded


@guarded()
def verify(
    problem: Annotated[str, typer.Argument(help="The problem file (YAML); - is standard input.", metavar="PROBLEM")],
    output_format: Annotated[Format, typer.Option("--format", help="table, or json for programs.")] = Format.TABLE,
    output: Annotated[Path | None, typer.Option(help="Write to this file instead of standard output.")] = None,
    language: Annotated[LanguageChoice, typer.Option(help="en or zh.")] = LanguageChoice.ENGLISH,
    allow_outside: Annotated[
        bool, typer.Option("--allow-outside", help="Let the problem name data files outside its own folder.")
    ] = False,
) -> None:
    """Check each gradient of a problem in independent ways, exactly.

    Ends with 0 if all ways agree, with 1 if any disagree, with 2 if the file cannot be read.
    """
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load
    from cnncalc.render.verification import document, render_json
    from cnncalc.verifying.verify import verify as verify_problem

    if output is not None:
        check_writable(output)
    try:
        verification = verify_problem(load(problem, allow_outside=allow_outside))
    except FaultyFile as error:
        fail(error.report())
    encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
    if output_format is Format.JSON:
        text = render_json(verification, ascii_only=not is_unicode(encoding))
    else:
        text = on_page(document(verification), output, encoding, language)
    write(text, output)
    if not verification.agrees:
        raise typer.Exit(Status.WRONG)
