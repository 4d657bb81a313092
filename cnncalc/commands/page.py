"""`cnncalc page`: the problem as an interactive page, in one file."""

from pathlib import Path
from typing import Annotated

import typer

from cnncalc.commands import completion, options
from cnncalc.commands.surroundings.output import destination, written
from cnncalc.commands.surroundings.process import fail, tell


def page(
    problem: options.ProblemArgument,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Write to this file (.html), instead of standard output.")
    ] = None,
    quiz: Annotated[
        bool, typer.Option("--quiz", help="Open with empty cells to be filled in; the answers are veiled, not secret.")
    ] = False,
    question: Annotated[
        str | None,
        typer.Option(
            metavar="N",
            help="Open at question N; with --quiz, ask for that alone.",
            autocompletion=completion.questions,
        ),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="SHEET", help="An answer sheet (YAML) to be laid over, its first error shown."),
    ] = None,
    numbers: options.NumbersOption = None,
    digits: options.DigitsOption = 6,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Write one HTML file to walk through: every number, where it comes from, where it goes; or a quiz."""
    from cnncalc.render.builders.solution import select
    from cnncalc.render.renderers.page.assembly import page_of, solved

    target = destination(output, [problem, *([answers] if answers else [])])
    if quiz and answers:
        fail("--quiz asks for answers and --answers shows them; leave one of them out")
    loaded = target.load(problem, allow_outside)
    target.format(None, ["html"])
    trace = solved(loaded, numbers.value if numbers else None)
    select(trace, (), [question] if question else ())
    sheet = None
    if answers:
        from cnncalc.checking.sheets.sheet import read_sheet

        sheet = read_sheet(answers, allow_outside=allow_outside)
        target.spare(sheet.files)
    tell(trace.notices, language.value)
    written(
        trace,
        lambda one: target.write_in_utf8(page_of(one, language.value, quiz, question, sheet, digits)),
        language.value,
    )
