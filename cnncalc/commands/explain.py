"""`cnncalc explain`: how one element comes about."""

from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.commands import completion, options
from cnncalc.commands.surroundings.output import destination, written
from cnncalc.commands.surroundings.process import tell

if TYPE_CHECKING:
    from cnncalc.trace import Trace


def explain(
    problem: options.ProblemArgument,
    element: Annotated[
        str,
        typer.Argument(
            help="An element, such as dL/dh[1,2,3,1], or a whole tensor by its name.",
            metavar="ELEMENT",
            autocompletion=completion.tensors,
        ),
    ],
    output_format: options.ExplanationFormatOption = None,
    output: options.OutputOption = None,
    numbers: options.NumbersOption = None,
    digits: options.DigitsOption = 6,
    everything: Annotated[bool, typer.Option("--all", help="Never shorten a long sum or a long tensor.")] = False,
    heat: options.HeatOption = False,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Show how one element of a tensor comes about, with every number put in."""
    from cnncalc.explaining import find
    from cnncalc.solver import solve_for

    target = destination(output, [problem])
    chosen = target.format(output_format, options.ExplanationFormat)
    loaded = target.load(problem, allow_outside)
    trace = solve_for(loaded, numbers.value if numbers else None, [element])
    find(trace, element)
    tell((*trace.notices, *trace.read_as([element.partition("[")[0]])), language.value)

    def write(trace: "Trace") -> None:
        tensor, index = find(trace, element)
        if chosen is options.ExplanationFormat.JSON:
            from cnncalc.render.data.explanation_json import render as render_json

            target.write_json(render_json(trace, tensor, index))
            return
        from cnncalc.render.builders.explanation import explanation

        document = explanation(trace, tensor, index, digits, everything)
        target.write_document(document, chosen, language, shorten=not everything, heat=heat)

    written(trace, write, language.value)
