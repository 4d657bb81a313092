"""`cnncalc verify`: each gradient in independent ways."""

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import Status, tell


def verify(
    problem: options.ProblemArgument,
    output_format: options.PlainFormatOption = None,
    output: options.PlainOutputOption = None,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Check each gradient of a problem in independent ways, exactly.

    Ends with 0 if all ways agree, with 1 if any disagree, with 2 if the file cannot be read.
    """
    from cnncalc.render.builders.verification import document, render_json
    from cnncalc.verifying.verify import verify as verify_problem

    target = destination(output, [problem])
    chosen = target.format(output_format, options.PlainFormat)
    loaded = target.load(problem, allow_outside)
    tell(loaded.notices, language.value)
    verification = verify_problem(loaded)
    if chosen is options.PlainFormat.JSON:
        target.write_json(render_json(verification))
    else:
        target.write_document(document(verification), chosen, language, shorten=True)
    if not verification.agrees:
        raise typer.Exit(Status.WRONG)
