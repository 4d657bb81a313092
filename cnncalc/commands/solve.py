"""`cnncalc solve`: every tensor of a problem."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from cnncalc.commands.options import (
    AllowOutsideOption,
    DigitsOption,
    Format,
    FormatOption,
    LanguageChoice,
    LanguageOption,
    NumbersOption,
    OutputOption,
    ProblemArgument,
)
from cnncalc.commands.output import check_writable, format_of_solution, is_unicode, write, write_document
from cnncalc.commands.process import fail, guarded, say


@guarded()
def solve(
    problem: ProblemArgument,
    output_format: FormatOption = None,
    output: OutputOption = None,
    numbers: NumbersOption = None,
    digits: DigitsOption = 6,
    only: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only this tensor, such as dL/dh; may be repeated.")
    ] = None,
    question: Annotated[str | None, typer.Option(metavar="N", help="Only the tensors that answer question N.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Never shorten a long tensor.")] = False,
    language: LanguageOption = LanguageChoice.ENGLISH,
    allow_outside: AllowOutsideOption = False,
) -> None:
    """Print every tensor of a problem, forward and backward."""
    from cnncalc.problem.faults import FaultyFile
    from cnncalc.problem.loader import load
    from cnncalc.render.selection import UnknownSelection, select
    from cnncalc.solver import solve as solve_problem

    if output is not None:
        check_writable(output)
    chosen = output_format or format_of_solution(output)
    try:
        trace = solve_problem(load(problem, allow_outside=allow_outside), numbers.value if numbers else None)
        tensors = select(trace, only or (), question)
    except FaultyFile as error:
        fail(error.report())
    except UnknownSelection as error:
        fail(str(error))
    for notice in trace.notices:
        say(notice.text(language.value))
    if chosen is Format.JSON:
        from cnncalc.render.json import render as render_json

        encoding = "utf-8" if output is not None else (sys.stdout.encoding or "utf-8")
        write(render_json(trace, tensors, ascii_only=not is_unicode(encoding)), output)
        return
    from cnncalc.render.solution import solution

    shorten = not everything
    write_document(solution(trace, tensors, digits), chosen.document_format, output, language, shorten)
