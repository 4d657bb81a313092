"""`cnncalc worked`: the solution as a teacher writes it."""

from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.commands import completion, options
from cnncalc.commands.surroundings.output import destination, written
from cnncalc.commands.surroundings.process import tell

if TYPE_CHECKING:
    from cnncalc.trace import Trace


def worked(
    problem: options.ProblemArgument,
    output_format: options.DocumentFormatOption = None,
    output: options.DocumentOutputOption = None,
    title: Annotated[str | None, typer.Option(help="Instead of the problem's own title.")] = None,
    name: Annotated[str | None, typer.Option(help="Whose work it is, for below the title.")] = None,
    length: Annotated[
        options.LengthChoice,
        typer.Option(help="brief: what is handed in; full: with all reasons; everything: and whatever repeats."),
    ] = options.LengthChoice.FULL,
    method: Annotated[
        options.MethodChoice | None,
        typer.Option(
            help="How the gradients of convolutions are shown beside their sums. [default: both; brief: rotated]",
            show_default=False,
        ),
    ] = None,
    question: Annotated[
        list[str] | None,
        typer.Option(
            metavar="N", help="Only the answer to question N; may be repeated.", autocompletion=completion.questions
        ),
    ] = None,
    numbers: options.NumbersOption = None,
    digits: options.DigitsOption = 6,
    everything: Annotated[bool, typer.Option("--all", help="Never shorten a long sum or a long tensor.")] = False,
    heat: options.HeatOption = False,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Write the worked solution: every step with its reason, its formula and its numbers."""
    from cnncalc.render.builders.worked.worked import Wishes
    from cnncalc.render.builders.worked.worked import worked as work_out
    from cnncalc.solver import solve_for

    target = destination(output, [problem])
    document_format = target.format(output_format, options.DocumentFormat)
    loaded = target.load(problem, allow_outside)
    trace = solve_for(loaded, numbers.value if numbers else None)

    def write(trace: "Trace") -> None:
        way = method.value if method else None
        wishes = Wishes(title, name, way, length.value, question or (), digits, everything)
        document = work_out(trace, wishes)
        tell(trace.notices, language.value)
        target.write_document(document, document_format, language, shorten=not everything, heat=heat)

    written(trace, write, language.value)
