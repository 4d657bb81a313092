"""`cnncalc verify`: each gradient in independent ways."""

from __future__ import annotations

import sys

import typer

from cnncalc.commands.options import (
    AllowOutsideOption,
    LanguageChoice,
    LanguageOption,
    PlainFormat,
    PlainFormatOption,
    PlainOutputOption,
    ProblemArgument,
)
from cnncalc.commands.output import check_writable, is_unicode, on_page, write
from cnncalc.commands.process import Status, fail, guarded


@guarded()
def verify(
    problem: ProblemArgument,
    output_format: PlainFormatOption = PlainFormat.TABLE,
    output: PlainOutputOption = None,
    language: LanguageOption = LanguageChoice.ENGLISH,
    allow_outside: AllowOutsideOption = False,
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
    if output_format is PlainFormat.JSON:
        text = render_json(verification, ascii_only=not is_unicode(encoding))
    else:
        text = on_page(document(verification), output, encoding, language)
    write(text, output)
    if not verification.agrees:
        raise typer.Exit(Status.WRONG)
