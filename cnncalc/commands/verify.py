"""`cnncalc verify`: each gradient in independent ways."""

from __future__ import annotations

import typer

from cnncalc.commands.options import (
    PLAIN_ENDINGS,
    AllowOutsideOption,
    DocumentFormat,
    LanguageChoice,
    LanguageOption,
    PlainFormat,
    PlainFormatOption,
    PlainOutputOption,
    ProblemArgument,
)
from cnncalc.commands.output import destination
from cnncalc.commands.process import Status, fail, guarded, say


@guarded()
def verify(
    problem: ProblemArgument,
    output_format: PlainFormatOption = None,
    output: PlainOutputOption = None,
    language: LanguageOption = LanguageChoice.ENGLISH,
    allow_outside: AllowOutsideOption = False,
) -> None:
    """Check each gradient of a problem in independent ways, exactly.

    Ends with 0 if all ways agree, with 1 if any disagree, with 2 if the file cannot be read.
    """
    from cnncalc.problem.loader import load
    from cnncalc.problem.text.faults import FaultyFile
    from cnncalc.render.builders.verification import document, render_json
    from cnncalc.verifying.verify import verify as verify_problem

    target = destination(output, [problem])
    chosen = target.format(output_format, PLAIN_ENDINGS, PlainFormat.TABLE)
    try:
        loaded = load(problem, allow_outside=allow_outside)
        target.spare(loaded.files)
        for notice in loaded.notices:
            say(notice.text(language.value))
        verification = verify_problem(loaded)
    except FaultyFile as error:
        fail(error.report())
    if chosen is PlainFormat.JSON:
        target.write(render_json(verification, ascii_only=not target.is_unicode))
    else:
        target.write_document(document(verification), DocumentFormat.TEXT, language, shorten=True)
    if not verification.agrees:
        raise typer.Exit(Status.WRONG)
