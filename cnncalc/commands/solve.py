"""`cnncalc solve`: every tensor of a problem."""

from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.commands import completion, options
from cnncalc.commands.surroundings.output import destination, written
from cnncalc.commands.surroundings.process import tell, watched

if TYPE_CHECKING:
    from cnncalc.trace import Trace


def solve(
    problem: options.ProblemArgument,
    output_format: options.FormatOption = None,
    output: options.OutputOption = None,
    numbers: options.NumbersOption = None,
    digits: options.DigitsOption = 6,
    only: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Only this tensor, such as dL/dh; may be repeated.", autocompletion=completion.tensors
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
    heat: options.HeatOption = False,
    watch: options.WatchOption = False,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Print every tensor of a problem, forward and backward."""
    if watch:
        again = partial(solve, problem, output_format, output, numbers, digits, only, question, everything, heat)
        watched([problem], partial(again, language=language, allow_outside=allow_outside))
    from cnncalc.render.builders.solution import select
    from cnncalc.solver import solve_for

    target = destination(output, [problem])
    chosen = target.format(output_format, options.Format)
    loaded = target.load(problem, allow_outside)
    trace = solve_for(loaded, numbers.value if numbers else None, only or ())
    tell((*trace.notices, *trace.read_as(only or ())), language.value)

    def write(trace: "Trace") -> None:
        tensors = select(trace, only or (), question or ())
        if chosen is options.Format.JSON:
            from cnncalc.render.data.json import render as render_json

            target.write_json(render_json(trace, tensors))
            return
        from cnncalc.render.builders.solution import solution

        shorten = not everything
        target.write_document(solution(trace, tensors, digits), chosen, language, shorten, heat=heat)

    written(trace, write, language.value)
