"""`cnncalc graph` and `cnncalc entropy`, which take no layers: an expression with its gradients, and distributions."""

from typing import Annotated

import typer

from cnncalc.commands import options
from cnncalc.commands.surroundings.output import destination
from cnncalc.commands.surroundings.process import fail, tell

FILES = (".yaml", ".yml")


def graph(
    expression: Annotated[
        str, typer.Argument(help='An expression, "f = x*y", several with ; between them, or a file of them.')
    ],
    values: Annotated[list[str] | None, typer.Argument(help="Values of its letters.", metavar="NAME=VALUE...")] = None,
    forward_mode: Annotated[
        bool, typer.Option("--forward-mode", help="The derivatives carried forward as well, letter by letter.")
    ] = False,
    output_format: options.FormatOption = None,
    output: options.OutputOption = None,
    numbers: options.NumbersOption = None,
    digits: options.DigitsOption = 6,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
) -> None:
    """Print every intermediate of an expression, the gradient on each edge, and each local derivative by name."""
    from cnncalc.problem.loader import loads
    from cnncalc.render.builders.circuit import circuit
    from cnncalc.solver import solve

    is_file = expression == "-" or expression.endswith(FILES)
    target = destination(output, [expression] if is_file else [])
    chosen = target.format(output_format, options.Format)
    if is_file and not values:
        problem = target.load(expression, False)
    elif is_file:
        fail("a file has its values inside; leave those behind it out")
    else:
        problem = loads(_written(expression, values or ()), source="<expression>")
    if problem.loss is not None or any(given.entries.ndim != 1 for given in problem.inputs):
        fail("this file has no `expressions`; use `cnncalc solve`")
    trace = solve(problem, numbers.value if numbers else None)
    tell(trace.notices, language.value)
    if chosen is options.Format.JSON:
        from cnncalc.render.data.json import render as render_json

        target.write_json(render_json(trace, list(trace)))
        return
    target.write_document(circuit(trace, digits, forward_mode), chosen, language, shorten=True)


def _written(expression: str, values: list[str] | tuple[()]) -> str:
    """The words as the file that they stand for."""
    from json import dumps

    lines = [f"expressions: {dumps(expression, ensure_ascii=False)}"]
    if values:
        lines.append("values:")
    for value in values:
        name, equals, number = value.partition("=")
        if not equals or not name.strip() or not number.strip():
            fail(f"{value!r} is no value; write it as x=3")
        lines.append(f"  {name.strip()}: {dumps(number.strip(), ensure_ascii=False)}")
    return "\n".join(lines)


def entropy(
    file: Annotated[
        str, typer.Argument(help="A file with p, p and q, or joint (YAML); - is standard input.", metavar="FILE")
    ],
    unit: Annotated[
        options.UnitChoice | None, typer.Option(help="nats, bits or dits, instead of the file's own.")
    ] = None,
    output_format: options.PlainFormatOption = None,
    output: options.PlainOutputOption = None,
    digits: options.DigitsOption = 6,
    language: options.LanguageOption = options.LanguageChoice.ENGLISH,
    allow_outside: options.AllowOutsideOption = False,
) -> None:
    """Print the entropies of one distribution, of two, or of a joint one, and how they hang together."""
    from cnncalc.arithmetic.base import TooCostly, Undecided
    from cnncalc.entropy import measure, read
    from cnncalc.render.builders.entropy import document, render_json

    target = destination(output, [file])
    kind = target.format(output_format, options.PlainFormat)
    distributions = read(file, allow_outside=allow_outside)
    target.spare(distributions.files)
    try:
        measures, chosen = measure(distributions), unit.value if unit else distributions.unit
    except (Undecided, TooCostly) as error:
        fail(f"{file}: {error}; write the probabilities as decimals")
    if kind is options.PlainFormat.JSON:
        target.write_json(render_json(measures, chosen))
    else:
        target.write_document(document(measures, chosen, digits), kind, language, shorten=False)
