"""The commands that compute a problem: `solve`, `explain`, `worked`, `page` and `verify`."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cnncalc.commands import completion, options
from cnncalc.commands.surroundings.output import destination, written
from cnncalc.commands.surroundings.process import Status, fail, tell, watched

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
    output_format: options.FormatOption = None,
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
    chosen = target.format(output_format, options.Format)
    loaded = target.load(problem, allow_outside)
    trace = solve_for(loaded, numbers.value if numbers else None, [element])
    find(trace, element)
    tell((*trace.notices, *trace.read_as([element.partition("[")[0]])), language.value)

    def write(trace: "Trace") -> None:
        tensor, index = find(trace, element)
        if chosen is options.Format.JSON:
            from cnncalc.render.data.explanation_json import render as render_json

            target.write_json(render_json(trace, tensor, index))
            return
        from cnncalc.render.builders.explanation import explanation

        document = explanation(trace, tensor, index, digits, everything)
        target.write_document(document, chosen, language, shorten=not everything, heat=heat)

    written(trace, write, language.value)


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
        # Whoever sees both reads in the document what it says of the problem.
        told = loaded.notices if target.is_terminal else ()
        tell([notice for notice in trace.notices if notice not in told], language.value)
        target.write_document(document, document_format, language, shorten=not everything, heat=heat)

    written(trace, write, language.value)


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
