"""`cnncalc solve`: every tensor of a problem."""

from __future__ import annotations

from typing import Annotated

import typer

from cnncalc.commands import completion
from cnncalc.commands.options import (
    SOLUTION_ENDINGS,
    AllowOutsideOption,
    DigitsOption,
    Format,
    FormatOption,
    HeatOption,
    LanguageChoice,
    LanguageOption,
    NumbersOption,
    OutputOption,
    ProblemArgument,
)
from cnncalc.commands.output import destination
from cnncalc.commands.process import guarded, tell


@guarded()
def solve(
    problem: ProblemArgument,
    output_format: FormatOption = None,
    output: OutputOption = None,
    numbers: NumbersOption = None,
    digits: DigitsOption = 6,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Only this tensor, such as dL/dh; may be repeated.",
            autocompletion=completion.tensors,
        ),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N",
            help="Only the tensors that answer question N; may be repeated.",
            autocompletion=completion.questions,
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Never shorten a long tensor.")] = False,
    heat: HeatOption = False,
    language: LanguageOption = LanguageChoice.ENGLISH,
    allow_outside: AllowOutsideOption = False,
) -> None:
    """Print every tensor of a problem, forward and backward."""
    from cnncalc.render.builders.selection import select
    from cnncalc.solver import solve as solve_problem

    target = destination(output, [problem])
    chosen = target.format(output_format, SOLUTION_ENDINGS, Format.TABLE)
    loaded = target.load(problem, allow_outside)
    trace = solve_problem(loaded, numbers.value if numbers else None)
    tensors = select(trace, only or (), question or ())
    tell(trace.notices, language.value)
    if chosen is Format.JSON:
        from cnncalc.render.data.json import render as render_json

        target.write(render_json(trace, tensors, ascii_only=not target.is_unicode))
        return
    from cnncalc.render.builders.solution import solution

    shorten = not everything
    target.write_document(solution(trace, tensors, digits), chosen.document_format, language, shorten, heat=heat)
